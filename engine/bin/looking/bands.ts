// Bands: a level of a part cut into rows of whole chunks, so that samples are looked at in bounded memory.
import { type Box, chunkRawBytes, type ExrPart, type Level, layoutOf } from '../../files.ts';

/** About so many bytes of samples are held at once; a single row of chunks may be more. */
const BAND_BYTES = 16 * 2 ** 20;

/** Boxes from the top of the level to its bottom. Throws `exr-too-large` where a chunk is larger than can be. */
export function* bandsOf(part: ExrPart, level: Level): Generator<Box> {
  const rowBytes = chunkRawBytes(part, level.firstChunk) * level.columns;
  const rows = layoutOf(part).chunkHeight * Math.max(1, Math.floor(BAND_BYTES / Math.max(1, rowBytes)));
  const { minX, minY, maxX, maxY } = level.box;
  for (let top = minY; top <= maxY; top += rows) yield { minX, minY: top, maxX, maxY: Math.min(maxY, top + rows - 1) };
}
