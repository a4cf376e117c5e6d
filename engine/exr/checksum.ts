// Checksums of samples: SHA-256 of every channel of a level, with bounded memory, each chunk unpacked once.
import { createHash } from 'node:crypto';
import { box } from '../base/box.ts';
import { countsOf } from '../pixels/deep.ts';
import { planeBytes } from '../pixels/plane.ts';
import type { ExrFile } from './file.ts';
import { chunkRawBytes, layoutOf, levelAt } from './layout.ts';

/** About so many bytes of samples are held at once; a single row of chunks may be more. */
const BAND_BYTES = 16 * 2 ** 20;

export interface ChecksumOptions {
  /** Names of channels; all of the part where left out. */
  readonly channels?: readonly string[];
  /** Level numbers; 0, 0 where left out. */
  readonly level?: { readonly x: number; readonly y: number };
}

/**
 * SHA-256 in hexadecimal by channel name: of all samples of the level, little-endian, in the channel's own type, row by
 * row from the top of the data window; of a subsampled channel, its own samples only. Equal sums mean equal bits,
 * whatever the compression, tiles and order of lines. Errors as for `ExrFile.readPart`.
 */
export function checksumChannels(file: ExrFile, part: number, options: ChecksumOptions = {}): Map<string, string> {
  const spec = file.part(part);
  const layout = layoutOf(spec);
  const level = levelAt(layout, options.level ?? { x: 0, y: 0 });
  const channels = [...new Set(options.channels ?? spec.channels.map(({ name }) => name))];
  const hashes = new Map(channels.map((name) => [name, createHash('sha256')]));
  const rowBytes = chunkRawBytes(spec, level.firstChunk) * level.columns;
  const bandRows = layout.chunkHeight * Math.max(1, Math.floor(BAND_BYTES / Math.max(1, rowBytes)));
  const { minX, maxX, minY, maxY } = level.box;
  for (let top = minY; top <= maxY; top += bandRows) {
    const band = box(minX, top, maxX, Math.min(maxY, top + bandRows - 1));
    for (const [name, plane] of file.readPart(part, { channels, box: band, level })) {
      hashes.get(name)!.update(planeBytes(plane));
    }
  }
  return new Map([...hashes].map(([name, hash]) => [name, hash.digest('hex')]));
}

/** Rows of a deep part that are read at once; a single row of chunks may have more. */
const DEEP_ROWS = 64;

export interface DeepChecksums {
  /** SHA-256 in hexadecimal of the number of samples at each pixel, unsigned 32 bits, row by row. */
  readonly counts: string;
  /** How many samples a channel has. */
  readonly samples: number;
  /** SHA-256 by channel, of all its samples, pixel by pixel in the same order. */
  readonly channels: ReadonlyMap<string, string>;
}

/** As `checksumChannels`, of a deep part. Errors as for `ExrFile.readDeep`. */
export function checksumDeep(file: ExrFile, part: number, options: ChecksumOptions = {}): DeepChecksums {
  const spec = file.part(part);
  const layout = layoutOf(spec);
  const level = levelAt(layout, options.level ?? { x: 0, y: 0 });
  const channels = [...new Set(options.channels ?? spec.channels.map(({ name }) => name))];
  const counts = createHash('sha256');
  const hashes = new Map(channels.map((name) => [name, createHash('sha256')]));
  const rows = layout.chunkHeight * Math.max(1, Math.floor(DEEP_ROWS / layout.chunkHeight));
  const { minX, maxX, minY, maxY } = level.box;
  let samples = 0;
  for (let top = minY; top <= maxY; top += rows) {
    const band = box(minX, top, maxX, Math.min(maxY, top + rows - 1));
    const deep = file.readDeep(part, { channels, box: band, level });
    counts.update(new Uint8Array(countsOf(deep).buffer));
    samples += deep.offsets.at(-1)!;
    for (const [name, { samples: own }] of deep.channels) {
      hashes.get(name)!.update(new Uint8Array(own.buffer, own.byteOffset, own.byteLength));
    }
  }
  const sums = [...hashes].map(([name, hash]) => [name, hash.digest('hex')] as const);
  return { counts: counts.digest('hex'), samples, channels: new Map(sums) };
}
