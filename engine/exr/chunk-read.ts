// Reads and unpacks the chunks of flat parts into planes: in large reads, each chunk once.
import { type Box, boxContains } from '../base/box.ts';
import { EngineError } from '../base/error.ts';
import type { Plane } from '../pixels/plane.ts';
import type { ChunkExtent, ChunkTable } from './chunk-table.ts';
import type { ExrHeader } from './header.ts';
import { chunkBlock, chunkPlace, layoutOf } from './layout.ts';
import { unpackChunk } from './method.ts';
import { type ChunkBytes, copyToPlane, rowMap, rowRanges } from './rows.ts';
import { type Expected, READ_BYTES, runsOf } from './runs.ts';
import type { PartShape } from './shape.ts';
import type { FileSource } from './source.ts';

/** Unpacked chunks are kept up to this many bytes, for the next read of a region that cuts them. */
const KEPT_BYTES = 64 * 2 ** 20;

/** One buffer a thread: nothing of it is used after the call that filled it. */
let shared = new Uint8Array(0);

function buffer(length: number): Uint8Array {
  if (shared.length < length) shared = new Uint8Array(Math.max(length, READ_BYTES));
  return shared.subarray(0, length);
}

/** An unpacked chunk of which only some channels are good. */
interface Kept {
  readonly chunk: ChunkBytes;
  readonly channels: ReadonlySet<number>;
}

/** Chunks wanted of one part, and where what they hold goes. */
interface Request {
  readonly part: number;
  readonly shape: PartShape;
  readonly region: Box;
  /** By the channel's place in the part. */
  readonly planes: ReadonlyMap<number, Plane>;
  readonly channels: ReadonlySet<number>;
}

export class ChunkReader {
  readonly #source: FileSource;
  readonly #header: ExrHeader;
  readonly #table: ChunkTable;
  readonly #kept = new Map<string, Kept>();
  #keptBytes = 0;

  constructor(source: FileSource, header: ExrHeader, table: ChunkTable) {
    this.#source = source;
    this.#header = header;
    this.#table = table;
  }

  /** Fills planes from chunks. Gives the chunks that were missing and left black, rising. */
  read(
    part: number,
    chunks: readonly number[],
    region: Box,
    planes: ReadonlyMap<number, Plane>,
    onMissing: 'error' | 'black',
  ): number[] {
    if (planes.size === 0) return [];
    const request: Request = {
      part,
      shape: this.#header.parts[part]!,
      region,
      planes,
      channels: new Set(planes.keys()),
    };
    const missing: number[] = [];
    const expected: Expected[] = [];
    for (const index of chunks) {
      if (this.#fromKept(request, index)) continue;
      const start = this.#table.statedOffset(part, index);
      if (start === 0) this.#readAlone(request, index, onMissing, missing);
      else expected.push({ index, start, end: this.#expectedEnd(request, index, start) });
    }
    for (const run of runsOf(expected)) this.#readRun(request, run, onMissing, missing);
    return missing.sort((a, b) => a - b);
  }

  #expectedEnd({ shape }: Request, index: number, start: number): number {
    const largest = start + 24 + chunkBlock(shape, chunkPlace(layoutOf(shape), index).box).rawBytes;
    return Math.min(this.#table.boundaryAfter(start), largest);
  }

  #readRun(request: Request, run: readonly Expected[], onMissing: 'error' | 'black', missing: number[]): void {
    const first = run[0]!.start;
    const bytes = buffer(Math.max(...run.map(({ end }) => end)) - first);
    this.#source.readInto(bytes, first);
    for (const { index, start, end } of run) {
      const extent = this.#table.extentAt(request.part, index, start, bytes.subarray(start - first, end - first));
      const dataStart = start - first + (extent?.headBytes ?? 0);
      const dataEnd = dataStart + (extent?.dataBytes ?? 0);
      // What the run did not bring whole is read alone, where a wrong place in the table is also put right.
      if (extent && dataEnd <= end - first) this.#unpack(request, extent, bytes.subarray(dataStart, dataEnd));
      else this.#readAlone(request, index, onMissing, missing);
    }
  }

  #readAlone(request: Request, index: number, onMissing: 'error' | 'black', missing: number[]): void {
    let extent: ChunkExtent;
    try {
      extent = this.#table.locate(request.part, index);
    } catch (thrown) {
      if (onMissing === 'error' || !(thrown instanceof EngineError) || thrown.code !== 'exr-chunk-missing')
        throw thrown;
      missing.push(index);
      return;
    }
    const { rawBytes } = chunkBlock(request.shape, chunkPlace(layoutOf(request.shape), index).box);
    if (extent.dataBytes > rawBytes) {
      throw new EngineError(
        'invalid',
        'exr-chunk',
        `Expected at most ${rawBytes} bytes in the chunk, found ${extent.dataBytes}. The file is damaged.`,
        { chunk: index },
      );
    }
    this.#unpack(request, extent, this.#source.read(extent.offset + extent.headBytes, extent.dataBytes));
  }

  #unpack(request: Request, { index }: ChunkExtent, stored: Uint8Array): void {
    const { shape, region, channels } = request;
    const { box } = chunkPlace(layoutOf(shape), index);
    const block = chunkBlock(shape, box);
    const map = rowMap(block);
    const all = channels.size === shape.channels.length;
    // A chunk that is cut by the region is unpacked for all of its rows, because the next read asks for the others.
    const wanted = all ? undefined : rowRanges(block, map, channels, box);
    let bytes: Uint8Array;
    try {
      bytes = unpackChunk(shape.compression, stored, block, wanted);
    } catch (thrown) {
      throw thrown instanceof EngineError ? thrown.at({ chunk: index }) : thrown;
    }
    const chunk: ChunkBytes = { bytes, box, block, map };
    for (const [channel, plane] of request.planes) copyToPlane(chunk, channel, plane);
    if (bytes !== stored && !boxContains(region, box)) this.#keep(request, index, chunk);
  }

  #fromKept(request: Request, index: number): boolean {
    const key = `${request.part}/${index}`;
    const kept = this.#kept.get(key);
    if (!kept || ![...request.channels].every((channel) => kept.channels.has(channel))) return false;
    for (const [channel, plane] of request.planes) copyToPlane(kept.chunk, channel, plane);
    // Asked for again, it becomes the youngest.
    this.#kept.delete(key);
    this.#kept.set(key, kept);
    return true;
  }

  #keep({ part, channels }: Request, index: number, chunk: ChunkBytes): void {
    if (chunk.bytes.length > KEPT_BYTES) return;
    const key = `${part}/${index}`;
    this.#forget(key);
    this.#kept.set(key, { chunk: { ...chunk, bytes: chunk.bytes.slice() }, channels });
    this.#keptBytes += chunk.bytes.length;
    for (const oldest of this.#kept.keys()) {
      if (this.#keptBytes <= KEPT_BYTES) break;
      this.#forget(oldest);
    }
  }

  #forget(key: string): void {
    this.#keptBytes -= this.#kept.get(key)?.chunk.bytes.length ?? 0;
    this.#kept.delete(key);
  }
}
