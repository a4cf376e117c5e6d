// A cache of planes with a byte budget: what was used longest ago goes first.
import { type Box, boxContains } from '../base/box.ts';
import type { Plane } from '../pixels/plane.ts';

export class PlaneCache {
  readonly #budget: number;
  /** Insertion order is order of use: an entry is put back at the end when it is used. */
  readonly #planes = new Map<string, Plane[]>();
  #bytes = 0;

  /** `budget` in bytes; 0 keeps nothing. */
  constructor(budget: number) {
    this.#budget = budget;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** The keys under which there is something, used longest ago first. */
  keys(): IterableIterator<string> {
    return this.#planes.keys();
  }

  /** A plane under this key that covers the box. */
  get(key: string, box: Box): Plane | undefined {
    const planes = this.#planes.get(key);
    const found = planes?.find((p) => boxContains(p.box, box));
    if (planes && found) {
      this.#planes.delete(key);
      this.#planes.set(key, planes);
    }
    return found;
  }

  put(key: string, plane: Plane): void {
    if (plane.samples.byteLength > this.#budget) return;
    const others = (this.#planes.get(key) ?? []).filter((p) => {
      const covered = boxContains(plane.box, p.box);
      if (covered) this.#bytes -= p.samples.byteLength;
      return !covered;
    });
    this.#planes.delete(key);
    this.#planes.set(key, [...others, plane]);
    this.#bytes += plane.samples.byteLength;
    for (const [oldest, planes] of this.#planes) {
      if (this.#bytes <= this.#budget) break;
      for (const p of planes) this.#bytes -= p.samples.byteLength;
      this.#planes.delete(oldest);
    }
  }
}
