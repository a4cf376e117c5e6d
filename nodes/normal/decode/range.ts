// Whether the numbers of a map are of the range that they are read as: 0 to 1, the same with 128 of 255 as 0, or -1 to 1.
import type { Box, Measure, Measured, Notice, Samples } from '../../../engine/authoring.ts';
import { BYTE_ZERO } from './describe.ts';

/** One pixel of so many across and down is looked at. */
const STEP = 4;
const NAME = 'pixels, below 0, x, y, of 128';
/** As few pixels as are judged. */
const LEAST_PIXELS = 64;
/** Filters leave numbers a little below 0 at edges, and rounding does. */
const BELOW = -1 / 64;
/** How many of a hundred pixels must have x or y below 0: in maps from -1 to 1 three of four have, in the mean. */
const LEAST_BELOW = 5;
/** How far from 0.5 the means of a map from 0 to 1 lie at most. */
const MOST_OFF = 0.1;
/** How many of a hundred pixels must be 128 of 255 in x and y: of a map that is nowhere flat hardly one is. */
const LEAST_FLAT = 25;

interface Region {
  readonly box: Box;
  /** The data window, from whose corner pixels are counted, so that regions do not matter. */
  readonly window: Box;
  readonly part: number;
}

/**
 * Of the pixels of a region that hold anything: how many, how many have x or y below 0, the sums of x and of y, and how many
 * are 128 of 255.
 */
export function rangeOf(x: Samples, y: Samples, { box, window, part }: Region): Measure[] {
  const columns = box.maxX - box.minX + 1;
  const first = (from: number, at: number): number => from + Math.ceil((at - from) / STEP) * STEP;
  const rows: [row: number, ...sums: number[]][] = [];
  for (let row = first(window.minY, box.minY); row <= box.maxY; row += STEP) {
    let [pixels, below, sumX, sumY, flat] = [0, 0, 0, 0, 0];
    for (let column = first(window.minX, box.minX); column <= box.maxX; column += STEP) {
      const at = (row - box.minY) * columns + (column - box.minX);
      const [a, b] = [x[at]!, y[at]!];
      // Bakers leave black where there is nothing.
      if ((a === 0 && b === 0) || !(Math.abs(a) < Infinity && Math.abs(b) < Infinity)) continue;
      pixels += 1;
      if (a < BELOW || b < BELOW) below += 1;
      sumX += a;
      sumY += b;
      if (a === BYTE_ZERO && b === BYTE_ZERO) flat += 1;
    }
    if (pixels > 0) rows.push([row, pixels, below, sumX, sumY, flat]);
  }
  return rows.length === 0 ? [] : [{ part, name: NAME, from: box.minX, to: box.maxX, rows }];
}

/** The sums of all regions, in the order of `rangeOf`. */
function totals(measured: readonly Measured[]): [pixels: number, below: number, x: number, y: number, flat: number] {
  const all: ReturnType<typeof totals> = [0, 0, 0, 0, 0];
  for (const { name, sums } of measured) if (name === NAME) for (const [i, sum] of sums.entries()) all[i]! += sum;
  return all;
}

type Range = 'unsigned' | 'byte' | 'signed';

const offer = (severity: Notice['severity'], message: string, title: string, range: Range): Notice => ({
  severity,
  code: 'normal-convention',
  message,
  where: { param: 'range' },
  fixes: [{ title, set: { range } }],
});

/**
 * Offers -1 to 1 where a map that is read from 0 to 1 has numbers below 0 at one pixel of twenty or more, and 0 to 1 where
 * one that is read from -1 to 1 has none and its x and y are 0.5 in the mean.
 */
export function rangeNotices({ range }: { readonly range: Range }, measured: readonly Measured[]): Notice[] {
  const [pixels, below, x, y] = totals(measured);
  if (pixels < LEAST_PIXELS) return [];
  if (range !== 'signed') {
    const share = (100 * below) / pixels;
    if (share < LEAST_BELOW) return [];
    const message = `Read as 0 to 1, this map has x or y below 0 at ${Math.round(share)} % of its pixels. It seems to hold -1 to 1.`;
    return [offer('warning', message, 'Read -1 to 1', 'signed')];
  }
  const off = Math.max(Math.abs(x / pixels - 0.5), Math.abs(y / pixels - 0.5));
  if (below > 0 || off > MOST_OFF) return [];
  const message =
    'Read as -1 to 1, this map has no x or y below 0, and both are 0.5 in the mean. It seems to hold 0 to 1.';
  return [offer('warning', message, 'Read 0 to 1', 'unsigned')];
}

/** Offers 128 as 0 where a quarter of a map that is read from 0 to 1 is just that; what lies around islands may be all of it. */
export function flatNotices({ range }: { readonly range: Range }, measured: readonly Measured[]): Notice[] {
  const [pixels, , , , flat] = totals(measured);
  const share = (100 * flat) / pixels;
  if (range !== 'unsigned' || pixels < LEAST_PIXELS || share < LEAST_FLAT) return [];
  const message = `x and y are 128 of 255 at ${Math.round(share)} % of the pixels of this map. Where that stands for flat on islands, and not only around them, it is a slope of 0.004 when it is read as 0 to 1: 4 texels over 1000.`;
  return [offer('info', message, 'Read 128 of 255 as 0', 'byte')];
}
