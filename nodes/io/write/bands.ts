// Bands: a part cut into pieces of whole chunks of the output and, where they line up, of its inputs.
import {
  type Box,
  boxHeight,
  boxWidth,
  CHUNK_ROWS,
  layoutOf,
  leastCommonMultiple,
  type PartShape,
  type PartSpec,
  type Piece,
  sampleBytes,
} from '../../../engine/authoring.ts';

/** Which chunks a piece holds: `count` rows of chunks from `row` on, in the order in which they go to the file. */
export interface Band {
  readonly row: number;
  readonly count: number;
}

/** Samples of a band should take about this many bytes in memory, inputs included. */
const BAND_BYTES = 2 ** 21;
/** Bands taller than this do not pay, however narrow the image. */
const MOST_ROWS = 1024;
/** Where nodes above look at rows around a band, it is taller by so many times their number, so that they are few beside it, */
const MARGINS = 3;
/** but its samples take no more than this many bytes. */
const MARGIN_BYTES = 2 ** 25;

/**
 * The pieces of a part in the order of its chunks in the file: from the bottom up where its line order is decreasing.
 * `margin` is how many rows above and below a band are looked at to make it.
 */
export function bandsOf(shape: PartShape, part: number, origins: readonly PartSpec[], margin = 0): Piece[] {
  const layout = layoutOf(shape);
  const level = layout.levels[0]!;
  const rows = bandRows(shape, layout.chunkHeight, origins, margin) / layout.chunkHeight;
  const pieces: Piece[] = [];
  for (let row = 0; row < level.rows; row += rows) {
    const count = Math.min(rows, level.rows - row);
    const minY = level.box.minY + row * layout.chunkHeight;
    const maxY = Math.min(level.box.maxY, minY + count * layout.chunkHeight - 1);
    pieces.push({ part, box: { ...level.box, minY, maxY }, direct: false, apart: true, data: { row, count } });
  }
  return shape.lineOrder === 'decreasing' ? pieces.reverse() : pieces;
}

/** Rows of pixels in a band: a multiple of the chunks of the output and of every input whose chunks begin on the same row. */
function bandRows(shape: PartShape, chunkHeight: number, origins: readonly PartSpec[], margin: number): number {
  let step = chunkHeight;
  let rowBytes = bytesOfRow(shape.channels, shape.dataWindow);
  for (const { stored, dataWindow, channels } of origins) {
    rowBytes += bytesOfRow(channels, dataWindow);
    if (!stored?.chunks) continue;
    const height = stored.tiles?.height ?? CHUNK_ROWS[stored.compression];
    const common = leastCommonMultiple(step, height);
    if ((dataWindow.minY - shape.dataWindow.minY) % height === 0 && common <= MOST_ROWS) step = common;
  }
  const tall = Math.min(MARGINS * margin, MARGIN_BYTES / Math.max(1, rowBytes));
  const wanted = Math.min(MOST_ROWS, Math.max(BAND_BYTES / Math.max(1, rowBytes), tall), boxHeight(shape.dataWindow));
  return step * Math.max(1, Math.floor(wanted / step));
}

const bytesOfRow = (
  channels: readonly { readonly type: PartShape['channels'][number]['type'] }[],
  window: Box,
): number => boxWidth(window) * channels.reduce((sum, c) => sum + sampleBytes(c.type), 0);
