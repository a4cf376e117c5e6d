// The block of samples in one chunk, and the contract that every compression method keeps.
import type { Box } from '../../base/box.ts';
import { EngineError } from '../../base/error.ts';
import { type SampleType, type Sampling, sampleBytes, sampleCount } from '../../pixels/plane.ts';
import type { Compression } from '../compression.ts';

/** One channel of a block: `rows` rows of `columns` samples; either may be 0 where the channel is subsampled. */
export interface BlockChannel {
  /** DWA and HTJ2K go by it; empty where it is not known. */
  readonly name: string;
  readonly type: SampleType;
  readonly sampling: Sampling;
  /** The header's flag pLinear: of B44 and DWA, which bend other channels or these. */
  readonly linear: boolean;
  readonly columns: number;
  readonly rows: number;
}

/**
 * The uncompressed content of a chunk. Its bytes are, for each y from `minY` to `maxY`, for each channel that has
 * samples on y, that row of samples, little-endian, without gaps (OpenEXR file layout, "Scan line blocks" and "Tiles").
 * Methods that work on bytes alone (none, rle, zips, zip) use `rawBytes` only, so that a block of the sample counts or
 * the samples of a deep chunk may have no channels: see `bytesBlock`.
 */
export interface Block {
  readonly rawBytes: number;
  readonly minY: number;
  readonly maxY: number;
  /** In the order of the header. */
  readonly channels: readonly BlockChannel[];
}

/** Bytes of a block from `start` up to but not including `end`. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

export interface PackOptions {
  /** Of what is deflated: zlib's, 0 to 9; OpenEXR's default is 4. */
  readonly zipLevel: number;
  /** How much DWA's lossy channels may change, from 0; OpenEXR's default is 45. */
  readonly dwaLevel: number;
}

/** Compresses a block. The result is a fresh array; it may be larger than the block. */
export type Pack = (raw: Uint8Array, block: Block, options: PackOptions) => Uint8Array;

/**
 * Undoes `Pack`. The result has exactly `block.rawBytes` bytes, of which those outside `wanted` (ascending, apart from
 * each other; all of them where it is left out) may hold anything. It is a view that stays good until any method is
 * called again on this thread. A stream that does not give a whole block is an `EngineError` 'exr-compressed-data'.
 */
export type Unpack = (packed: Uint8Array, block: Block, wanted?: readonly ByteRange[]) => Uint8Array;

/** One entry of the method table. */
export interface Method {
  readonly name: Compression;
  /** The number in the file's `compression` attribute. */
  readonly number: number;
  /**
   * How many bytes one stored byte stands for at most; left out where it is no more than deflate gives.
   * A file that states more is damaged, and no memory is taken for it.
   */
  readonly ratio?: number;
  /** Whether packing may change samples of a channel; left out where it never does. */
  readonly loses?: (channel: Pick<BlockChannel, 'name' | 'type'>) => boolean;
  /** Whether packing makes the samples of a channel half, whatever their type; left out where it never does. */
  readonly halves?: (channel: Pick<BlockChannel, 'name' | 'type'>) => boolean;
  readonly pack: Pack;
  readonly unpack: Unpack;
}

/** What a block needs to know of a channel. */
export interface BlockSource {
  readonly name?: string;
  readonly type: SampleType;
  readonly sampling: Sampling;
  /** 0 or left out: not linear. */
  readonly pLinear?: number;
}

/** The block of all `channels` (in the order of the header) in the pixels of `box`. */
export function blockOf(box: Box, channels: readonly BlockSource[]): Block {
  let rawBytes = 0;
  const laid = channels.map(({ name = '', type, sampling, pLinear = 0 }) => {
    const columns = sampleCount(sampling.x, box.minX, box.maxX);
    const rows = sampleCount(sampling.y, box.minY, box.maxY);
    rawBytes += columns * rows * sampleBytes(type);
    return { name, type, sampling, linear: pLinear !== 0, columns, rows };
  });
  return { rawBytes, minY: box.minY, maxY: box.maxY, channels: laid };
}

/** A block of bytes without channels, for the parts of deep chunks. Only none, rle, zips and zip take it. */
export const bytesBlock = (rawBytes: number): Block => ({ rawBytes, minY: 0, maxY: -1, channels: [] });

/** One row of one channel inside the bytes of a block. */
export interface BlockRow extends ByteRange {
  /** Index into `block.channels`. */
  readonly channel: number;
  /** Image coordinate of the row. */
  readonly y: number;
  /** Number of this row among the channel's rows in the block, from 0. */
  readonly row: number;
}

/** All rows of a block in the order of their bytes. */
export function* blockRows(block: Block): Generator<BlockRow, void, undefined> {
  const next = block.channels.map(() => 0);
  let start = 0;
  for (let y = block.minY; y <= block.maxY; y++) {
    for (const [channel, { type, sampling, columns }] of block.channels.entries()) {
      if (y % sampling.y !== 0) continue;
      const end = start + columns * sampleBytes(type);
      const row = next[channel]!;
      yield { channel, y, row, start, end };
      next[channel] = row + 1;
      start = end;
    }
  }
}

/** The rows of which a byte is wanted, all where `wanted` is left out, in the order of their bytes. */
export function wantedRows(block: Block, wanted?: readonly ByteRange[]): BlockRow[] {
  if (!wanted) return [...blockRows(block)];
  let next = 0;
  const rows: BlockRow[] = [];
  for (const row of blockRows(block)) {
    while (next < wanted.length && wanted[next]!.end <= row.start) next++;
    if (next < wanted.length && wanted[next]!.start < row.end) rows.push(row);
  }
  return rows;
}

/** The one error for compressed data that cannot be unpacked. `reason` is a sentence without its full stop. */
export const damaged = (method: Compression, reason: string, cause?: unknown): EngineError =>
  new EngineError(
    'invalid',
    'exr-compressed-data',
    `The ${method} data of a chunk cannot be unpacked: ${reason}. The file is damaged; write it again from its source.`,
    {},
    cause,
  );
