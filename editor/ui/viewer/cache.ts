// The pictures that have come, kept while there is room: the least recently used go first.
import { type Box, boxContains, boxHeight, boxIntersection, boxWidth } from '../../../engine/browser.ts';
import type { View } from '../../protocol.ts';
import type { Picture } from '../store/link.ts';

export const CACHE_BYTES = 256 * 1024 * 1024;

interface Entry {
  readonly picture: Picture;
  readonly node: string;
  readonly group: string;
  readonly frame: number;
  readonly box: Box;
  /** Samples per image pixel that were asked for. */
  readonly density: { readonly x: number; readonly y: number };
}

const groupOf = ({ node, part, channels, type, charts }: Omit<View, 'frame' | 'box' | 'width' | 'height'>): string =>
  JSON.stringify([node, part, channels, type, charts]);

const densityOf = ({ box, width, height }: Pick<View, 'box' | 'width' | 'height'>) => ({
  x: width / boxWidth(box),
  y: height / boxHeight(box),
});

/** Densities that differ by less come from rounding regions to whole pixels. */
const SLACK = 0.02;

export class PictureCache {
  readonly #limit: number;
  /** In the order of use, the latest last. */
  readonly #entries = new Set<Entry>();
  readonly #groups = new Map<string, Map<number, Set<Entry>>>();
  #bytes = 0;

  constructor({ limit = CACHE_BYTES }: { readonly limit?: number } = {}) {
    this.#limit = limit;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** A picture that shows at least what a view asks for. */
  find(view: View): Picture | undefined {
    const entry = this.#match(view);
    if (!entry) return undefined;
    this.#entries.delete(entry);
    this.#entries.add(entry);
    return entry.picture;
  }

  /** The picture of that frame that shows most of what a view asks for, however coarsely; undefined where none does. */
  nearest(view: View): Picture | undefined {
    let best: { readonly entry: Entry; readonly area: number } | undefined;
    for (const entry of this.#groups.get(groupOf(view))?.get(view.frame) ?? []) {
      const seen = boxIntersection(entry.box, view.box);
      const area = boxWidth(seen) * boxHeight(seen);
      const isBetter = !best || area > best.area || (area === best.area && entry.density.x > best.entry.density.x);
      if (area > 0 && isBetter) best = { entry, area };
    }
    return best?.entry.picture;
  }

  /** Keeps a picture as the answer to a view, in the place of those that show no more than it. */
  put(view: View, picture: Picture): void {
    const size = picture.samples.byteLength;
    if (size > this.#limit) return;
    const group = groupOf(view);
    const entry: Entry = {
      picture,
      node: view.node,
      group,
      frame: view.frame,
      box: view.box,
      density: densityOf(view),
    };
    for (const older of [...(this.#groups.get(group)?.get(view.frame) ?? [])]) {
      if (boxContains(entry.box, older.box) && covers(entry.density, older.density)) this.#remove(older);
    }
    for (const older of this.#entries) {
      if (this.#bytes + size <= this.#limit) break;
      this.#remove(older);
    }
    const frames = this.#groups.get(group) ?? new Map<number, Set<Entry>>();
    this.#groups.set(group, frames);
    frames.set(view.frame, (frames.get(view.frame) ?? new Set()).add(entry));
    this.#entries.add(entry);
    this.#bytes += size;
  }

  /** Frames for which a view would be found, rising. */
  frames(view: View): readonly number[] {
    const frames = this.#groups.get(groupOf(view));
    if (!frames) return [];
    return [...frames.keys()].filter((frame) => this.#match({ ...view, frame })).sort((a, b) => a - b);
  }

  /** Forgets the pictures of a node, or all of them. */
  clear(node?: string): void {
    for (const entry of [...this.#entries]) if (node === undefined || entry.node === node) this.#remove(entry);
  }

  #match(view: View): Entry | undefined {
    const entries = this.#groups.get(groupOf(view))?.get(view.frame);
    if (!entries) return undefined;
    const density = densityOf(view);
    for (const entry of entries) {
      if (boxContains(entry.box, view.box) && covers(entry.density, density)) return entry;
    }
    return undefined;
  }

  #remove(entry: Entry): void {
    this.#entries.delete(entry);
    this.#bytes -= entry.picture.samples.byteLength;
    const frames = this.#groups.get(entry.group);
    const entries = frames?.get(entry.frame);
    entries?.delete(entry);
    if (entries?.size === 0) frames?.delete(entry.frame);
    if (frames?.size === 0) this.#groups.delete(entry.group);
  }
}

const covers = (have: Entry['density'], want: Entry['density']): boolean =>
  have.x >= want.x * (1 - SLACK) && have.y >= want.y * (1 - SLACK);
