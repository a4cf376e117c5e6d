// Where the chunks of a file lie: reads the offset tables and rebuilds what is broken in them from the chunks.
import { ByteReader } from '../base/bytes.ts';
import { EngineError } from '../base/error.ts';
import { type ChunkHead, chunkOfCoordinates, dataBytes, headBytes, parseHead } from './chunk-head.ts';
import type { ExrHeader } from './header.ts';
import type { ByteSource } from './header-parse.ts';
import { chunkRawBytes, layoutOf, type PartLayout } from './layout.ts';
import { isDeep, type PartShape } from './shape.ts';

/** A chunk found in the file. */
export interface ChunkExtent {
  readonly part: number;
  readonly index: number;
  /** Of the first byte of the chunk: its part number in a file of several parts, its coordinates otherwise. */
  readonly offset: number;
  /** Bytes from there to its data, and bytes of data. */
  readonly headBytes: number;
  readonly dataBytes: number;
  readonly head: ChunkHead;
}

/** What the chunks in the file say of themselves, read one after the other. */
interface Scan {
  /** Offsets by part and chunk; 0 where none was found. */
  readonly offsets: readonly Float64Array[];
  /** True where every byte up to the end of the file belongs to a chunk, the last one perhaps cut off. */
  readonly whole: boolean;
}

/** The chunks of one file. Memory and time are bounded by the file's size: tables longer than the file are refused. */
export class ChunkTable {
  readonly #source: ByteSource;
  readonly #header: ExrHeader;
  readonly #layouts: readonly PartLayout[];
  readonly #tableStarts: readonly number[];
  /** The first byte after the offset tables. */
  readonly #dataStart: number;
  readonly #tables = new Map<number, Float64Array>();
  #boundaries: Float64Array | undefined;
  #scan: Scan | undefined;

  /** Throws `exr-truncated` where the file ends before its tables do. */
  constructor(source: ByteSource, header: ExrHeader) {
    this.#source = source;
    this.#header = header;
    this.#layouts = header.parts.map(layoutOf);
    const starts: number[] = [];
    let at = header.byteLength;
    for (const { chunkCount } of this.#layouts) {
      starts.push(at);
      at += chunkCount * 8;
    }
    this.#tableStarts = starts;
    this.#dataStart = at;
    if (at > source.size) {
      throw new EngineError(
        'invalid',
        'exr-truncated',
        `Expected ${at} bytes of header and offset tables, found a file of ${source.size}. Copy it again from its source.`,
      );
    }
  }

  /** Bytes of the part number before each chunk. */
  get #prefix(): number {
    return this.#header.multipart ? 4 : 0;
  }

  #part(part: number): PartShape {
    return this.#header.parts[part]!;
  }

  /** Offsets of a part's chunks as the file has them, 0 for those that cannot be right. */
  #table(part: number): Float64Array {
    let table = this.#tables.get(part);
    if (!table) {
      const { chunkCount } = this.#layouts[part]!;
      const reader = new ByteReader(this.#source.read(this.#tableStarts[part]!, chunkCount * 8));
      const last = this.#source.size - this.#prefix - headBytes(this.#part(part));
      table = new Float64Array(chunkCount);
      for (let i = 0; i < chunkCount; i++) {
        const offset = Number(reader.u64());
        table[i] = offset >= this.#dataStart && offset <= last ? offset : 0;
      }
      this.#tables.set(part, table);
    }
    return table;
  }

  /** An offset at or beyond the end of the chunk at `offset`, as far as the tables tell; never beyond the file. */
  boundaryAfter(offset: number): number {
    this.#boundaries ??= this.#allOffsets();
    const sorted = this.#boundaries;
    let low = 0;
    let high = sorted.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (sorted[middle]! > offset) high = middle;
      else low = middle + 1;
    }
    return sorted[low] ?? this.#source.size;
  }

  #allOffsets(): Float64Array {
    const tables = this.#header.parts.map((_, part) => this.#table(part));
    const all = new Float64Array(tables.reduce((sum, table) => sum + table.length, 0));
    let at = 0;
    for (const table of tables) {
      all.set(table, at);
      at += table.length;
    }
    return all.sort();
  }

  /** The offset that the table gives for a chunk; 0 where it gives none that can be right. */
  statedOffset(part: number, index: number): number {
    return this.#table(part)[index]!;
  }

  /**
   * The chunk at `offset` if it is the one that is expected there and lies within the file. `bytes` may hold what the
   * file has from `offset` on, to spare reading it again.
   */
  extentAt(part: number, index: number, offset: number, bytes?: Uint8Array): ChunkExtent | undefined {
    const shape = this.#part(part);
    const length = this.#prefix + headBytes(shape);
    if (offset < this.#dataStart || offset + length > this.#source.size) return undefined;
    const start = bytes && bytes.length >= length ? bytes.subarray(0, length) : this.#source.read(offset, length);
    if (this.#header.multipart && new ByteReader(start).i32() !== part) return undefined;
    const head = parseHead(shape, start.subarray(this.#prefix));
    if (chunkOfCoordinates(this.#layouts[part]!, head.coordinates) !== index) return undefined;
    const data = dataBytes(shape, head);
    if (head.sizes.some((size) => size < 0) || offset + length + data > this.#source.size) return undefined;
    return { part, index, offset, headBytes: length, dataBytes: data, head };
  }

  /**
   * Where a chunk is: at the place that the table names if that chunk stands there, otherwise where reading the chunks
   * one after the other from the end of the tables finds it. Throws `exr-chunk-missing` where the file does not have
   * it, and `exr-offset-table` where the chunks cannot be told apart well enough to say so.
   */
  locate(part: number, index: number): ChunkExtent {
    const stated = this.#table(part)[index]!;
    const extent = stated > 0 ? this.extentAt(part, index, stated) : undefined;
    return extent ?? this.recover(part, index);
  }

  /** As `locate` without believing the table. */
  recover(part: number, index: number): ChunkExtent {
    this.#scan ??= this.#scanChunks();
    const offset = this.#scan.offsets[part]![index]!;
    const extent = offset > 0 ? this.extentAt(part, index, offset) : undefined;
    if (extent) return extent;
    const where = { part, chunk: index };
    if (this.#scan.whole) {
      throw new EngineError(
        'invalid',
        'exr-chunk-missing',
        `Chunk ${index} of part ${part} is not in the file, which is incomplete. Render or copy it again, or read missing chunks as black.`,
        where,
      );
    }
    throw new EngineError(
      'invalid',
      'exr-offset-table',
      `The offset table does not say where chunk ${index} of part ${part} is, and reading the chunks one by one does not find it. The file is damaged; write it again from its source.`,
      where,
    );
  }

  #scanChunks(): Scan {
    const offsets = this.#layouts.map(({ chunkCount }) => new Float64Array(chunkCount));
    const window = new ScanWindow(this.#source);
    const { size } = this.#source;
    let at = this.#dataStart;
    while (at < size) {
      const part = this.#header.multipart ? partNumber(window, at, size) : 0;
      const shape = part === undefined ? undefined : this.#header.parts[part];
      // Fewer bytes than a head are the rest of a chunk that was cut off.
      if (part === undefined) return { offsets, whole: true };
      if (!shape) return { offsets, whole: false };
      const length = this.#prefix + headBytes(shape);
      if (at + length > size) return { offsets, whole: true };
      const head = parseHead(shape, window.at(at + this.#prefix, length - this.#prefix));
      const index = chunkOfCoordinates(this.#layouts[part]!, head.coordinates);
      const data = dataBytes(shape, head);
      if (index === undefined || head.sizes.some((one) => one < 0) || offsets[part]![index] !== 0) {
        return { offsets, whole: false };
      }
      // A chunk that is longer than its samples has a damaged size, and nothing is known of what follows it.
      if (!isDeep(shape) && data > chunkRawBytes(shape, index)) return { offsets, whole: false };
      if (at + length + data > size) return { offsets, whole: true };
      offsets[part]![index] = at;
      at += length + data;
    }
    return { offsets, whole: true };
  }
}

/** The part number that stands at an offset, or undefined where the file ends before it does. */
function partNumber(window: ScanWindow, at: number, size: number): number | undefined {
  return at + 4 > size ? undefined : new ByteReader(window.at(at, 4)).i32();
}

/** Reads small pieces in rising order without asking the system for each. */
class ScanWindow {
  readonly #source: ByteSource;
  #start = 0;
  #bytes: Uint8Array = new Uint8Array(0);

  constructor(source: ByteSource) {
    this.#source = source;
  }

  at(offset: number, length: number): Uint8Array {
    if (offset < this.#start || offset + length > this.#start + this.#bytes.length) {
      this.#start = offset;
      this.#bytes = this.#source.read(offset, Math.min(this.#source.size - offset, Math.max(length, 4096)));
    }
    return this.#bytes.subarray(offset - this.#start, offset - this.#start + length);
  }
}
