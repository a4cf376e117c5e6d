// Checksums of samples: SHA-256 of every channel of a level, with bounded memory, each chunk unpacked once.
import { createHash } from 'node:crypto';
import { box } from '../base/box.ts';
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
