// Whether green grows up or down in a map: of the two readings, that in which slopes close as those of a surface do.
import type { Box, Measure, Measured, Notice } from '../../../engine/authoring.ts';

/** Pixels of a side of the squares around which slopes are added up: wide enough that the steps of 8 bits do not matter. */
const SIDE = 4;
/**
 * A square tells nothing where both twists together are below this many texels: the steps of 8 bits alone, 1/127 each, come
 * to some 0.008 around a square.
 */
const LEAST_TWIST = 0.02;
/** As few squares as are judged, and how much they must speak for the other reading. */
const LEAST_SQUARES = 400;
const LEAST_LEANING = 0.25;

const NAME = 'squares, leaning';

/**
 * How the squares of a region lean, row by row of squares: how many say anything, and the sum of what they say.
 *
 * Going around a square one comes back to the height one began at, so that what the slopes across gain from its upper to its
 * lower side, A, is what the slopes down gain from its left to its right one, B. In the other reading B has the other sign.
 * 2AB / (A² + B²) is 1 where A = B, -1 where A = -B, and 0 in the mean where neither has to do with the other; a single
 * square counts as much as any other, so that the borders of islands, which are few, do not drown the rest. Squares begin
 * at the corner of `window`, so that regions do not matter, and those that are not whole in `box` are left out.
 */
export function leaningOf(
  { u, v }: { readonly u: Float32Array; readonly v: Float32Array },
  box: Box,
  window: Box,
  part: number,
): Measure | undefined {
  const columns = box.maxX - box.minX + 1;
  const next = (at: number, from: number): number => from + Math.ceil((at - from) / SIDE) * SIDE;
  const rows: [number, number, number][] = [];
  for (let y = next(box.minY, window.minY); y + SIDE <= box.maxY; y += SIDE) {
    let squares = 0;
    let leaning = 0;
    for (let x = next(box.minX, window.minX); x + SIDE <= box.maxX; x += SIDE) {
      const upper = (y - box.minY) * columns + (x - box.minX);
      const lower = upper + SIDE * columns;
      let a = (u[lower]! - u[upper]! + u[lower + SIDE]! - u[upper + SIDE]!) / 2;
      // Slopes up are rises down, turned.
      let b = (v[upper]! - v[upper + SIDE]! + v[lower]! - v[lower + SIDE]!) / 2;
      for (let i = 1; i < SIDE; i++) {
        a += u[lower + i]! - u[upper + i]!;
        b += v[upper + i * columns]! - v[upper + i * columns + SIDE]!;
      }
      const size = a * a + b * b;
      if (!(size > LEAST_TWIST ** 2 && size < Infinity)) continue;
      squares += 1;
      leaning += (2 * a * b) / size;
    }
    if (squares > 0) rows.push([y, squares, leaning]);
  }
  return rows.length === 0 ? undefined : { part, name: NAME, from: box.minX, to: box.maxX, rows };
}

/**
 * Offers the other reading where at least 400 squares lean to it by at least a quarter in the mean. Of noise the mean has a
 * deviation of sqrt(1/2 / 400) = 0.035, so that it stays seven of them away; of maps of smooth surfaces it is close to 1 or
 * -1, and 0.38 even where the heights of neighbouring pixels have nothing to do with each other and slopes are taken over
 * two pixels. Flat maps have no squares that tell anything.
 */
export function conventionNotices(y: 'up' | 'down', measured: readonly Measured[]): Notice[] {
  const told = measured.filter(({ name }) => name === NAME);
  const squares = told.reduce((sum, { sums }) => sum + sums[0]!, 0);
  const leaning = told.reduce((sum, { sums }) => sum + sums[1]!, 0);
  if (squares < LEAST_SQUARES || leaning > -LEAST_LEANING * squares) return [];
  const [as, other, text] = y === 'up' ? ['+Y', 'down', '-Y'] : ['-Y', 'up', '+Y'];
  return [
    {
      severity: 'warning',
      code: 'normal-convention',
      message: `Read as ${as}, the slopes of this map are those of no surface; read as ${text} they are. Green seems to grow ${other === 'up' ? 'upwards' : 'downwards'}.`,
      where: { param: 'y' },
      fixes: [{ title: `Read green as ${text}`, set: { y: other! } }],
    },
  ];
}
