// Image file directories of TIFF 6.0 and BigTIFF, as files have them and EXIF blocks: entries and their values.
import { badHeader } from './header.ts';
import { latinText, type PictureBytes, viewOf } from './source.ts';

export interface Entry {
  readonly tag: number;
  readonly type: number;
  readonly count: number;
  /** Where the value stands in the file. */
  readonly from: number;
}

/** One directory, and where the next one is; 0 where there is none. */
export interface Directory {
  readonly entries: ReadonlyMap<number, Entry>;
  readonly next: number;
}

/** Bytes of a value by its type; types that are not here are skipped. */
const WIDTHS: Readonly<Record<number, number>> = {
  1: 1,
  2: 1,
  3: 2,
  4: 4,
  5: 8,
  6: 1,
  7: 1,
  8: 2,
  9: 4,
  10: 8,
  11: 4,
  12: 8,
  13: 4,
  16: 8,
  17: 8,
  18: 8,
};

/** More values in one entry than this are in no sound file: strips of one row each of the tallest picture. */
const MOST_VALUES = 2 ** 24;

/** Reads directories from bytes that begin as a TIFF file does. */
export class DirectoryReader {
  readonly #bytes: PictureBytes;
  readonly #little: boolean;
  readonly #big: boolean;
  readonly first: number;

  /** Throws `picture-header` and `picture-truncated`. */
  constructor(bytes: PictureBytes) {
    this.#bytes = bytes;
    const head = bytes.read(0, 8);
    const order = latinText(head.subarray(0, 2));
    this.#little = order === 'II';
    const magic = viewOf(head).getUint16(2, this.#little);
    this.#big = magic === 43;
    if ((order !== 'II' && order !== 'MM') || (magic !== 42 && magic !== 43))
      throw badHeader('Expected the first bytes of a TIFF file.', 0);
    this.first = this.#big ? this.#long8(8) : viewOf(head).getUint32(4, this.#little);
  }

  at(offset: number): Directory {
    const big = this.#big;
    const [head, width] = big ? [8, 20] : [2, 12];
    const count = big ? this.#long8(offset) : this.#number(offset, 2);
    if (count < 1 || count > 4096)
      throw badHeader(`Expected 1 to 4096 entries of a directory, found ${count}.`, offset);
    const table = viewOf(this.#bytes.read(offset + head, count * width + (big ? 8 : 4)));
    const entries = new Map<number, Entry>();
    for (let i = 0; i < count; i++) {
      const at = i * width;
      const type = table.getUint16(at + 2, this.#little);
      const values = big ? Number(table.getBigUint64(at + 4, this.#little)) : table.getUint32(at + 4, this.#little);
      const bytes = (WIDTHS[type] ?? 0) * values;
      const inside = offset + head + at + (big ? 12 : 8);
      const from = bytes <= (big ? 8 : 4) ? inside : big ? this.#long8(inside) : this.#number(inside, 4);
      const tag = table.getUint16(at, this.#little);
      if (!entries.has(tag)) entries.set(tag, { tag, type, count: values, from });
    }
    const end = count * width;
    const next = big ? Number(table.getBigUint64(end, this.#little)) : table.getUint32(end, this.#little);
    return { entries, next };
  }

  /** The values of an entry as numbers; empty where there is none, or where they are no numbers. */
  numbers(entry: Entry | undefined): number[] {
    const width = entry && WIDTHS[entry.type];
    if (!entry || !width || entry.type === 2) return [];
    if (entry.count > MOST_VALUES)
      throw badHeader(`Expected at most ${MOST_VALUES} values, found ${entry.count}.`, entry.from);
    const view = viewOf(this.#bytes.read(entry.from, width * entry.count));
    return Array.from({ length: entry.count }, (_, i) => this.#value(view, entry.type, i * width));
  }

  /** The first value of an entry, or `otherwise`. */
  number(entry: Entry | undefined, otherwise: number): number {
    return this.numbers(entry && { ...entry, count: Math.min(1, entry.count) })[0] ?? otherwise;
  }

  bytes(entry: Entry): Uint8Array {
    return this.#bytes.read(entry.from, (WIDTHS[entry.type] ?? 1) * entry.count);
  }

  text(entry: Entry | undefined): string | undefined {
    return entry?.type === 2 && entry.count <= 1 << 20 ? latinText(this.bytes(entry)).trim() : undefined;
  }

  /** Writes a value of two bytes into `target`, a copy of the same file. */
  putShort(target: Uint8Array, offset: number, value: number): void {
    viewOf(target).setUint16(offset, value, this.#little);
  }

  #value(view: DataView, type: number, at: number): number {
    const little = this.#little;
    if (type === 1 || type === 7) return view.getUint8(at);
    if (type === 3) return view.getUint16(at, little);
    if (type === 4 || type === 13) return view.getUint32(at, little);
    if (type === 5) return view.getUint32(at, little) / view.getUint32(at + 4, little);
    if (type === 6) return view.getInt8(at);
    if (type === 8) return view.getInt16(at, little);
    if (type === 9) return view.getInt32(at, little);
    if (type === 10) return view.getInt32(at, little) / view.getInt32(at + 4, little);
    if (type === 11) return view.getFloat32(at, little);
    if (type === 12) return view.getFloat64(at, little);
    return Number(view.getBigUint64(at, little));
  }

  #number(offset: number, width: 2 | 4): number {
    const view = viewOf(this.#bytes.read(offset, width));
    return width === 2 ? view.getUint16(0, this.#little) : view.getUint32(0, this.#little);
  }

  #long8(offset: number): number {
    return Number(viewOf(this.#bytes.read(offset, 8)).getBigUint64(0, this.#little));
  }
}
