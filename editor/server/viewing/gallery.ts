// The gallery: finished pictures kept for when they are asked for again, as when a shot is played in a loop.
import type { View } from '../../protocol.ts';
import type { FinishedPicture } from './picture.ts';

export class Gallery {
  readonly #budget: number;
  /** Insertion order is order of use. */
  readonly #pictures = new Map<string, FinishedPicture>();
  #bytes = 0;

  /** `budget` in bytes. */
  constructor(budget: number) {
    this.#budget = budget;
  }

  /** The picture of a view of a node whose description has this key, which names its samples. */
  get(key: string, view: View): FinishedPicture | undefined {
    const name = nameOf(key, view);
    const found = this.#pictures.get(name);
    if (found) {
      this.#pictures.delete(name);
      this.#pictures.set(name, found);
    }
    return found && { ...found, header: { ...found.header, node: view.node, frame: view.frame } };
  }

  put(key: string, view: View, picture: FinishedPicture): void {
    const size = picture.samples.byteLength;
    const name = nameOf(key, view);
    if (key === '' || size > this.#budget / 4 || this.#pictures.has(name)) return;
    this.#pictures.set(name, picture);
    this.#bytes += size;
    for (const [oldest, { samples }] of this.#pictures) {
      if (this.#bytes <= this.#budget) break;
      this.#pictures.delete(oldest);
      this.#bytes -= samples.byteLength;
    }
  }
}

const nameOf = (key: string, { part, channels, box, width, height, type }: View): string =>
  JSON.stringify([key, part, channels, box.minX, box.minY, box.maxX, box.maxY, width, height, type]);
