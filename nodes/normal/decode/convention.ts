// How a map is to be read: of two ways for green, and for mirrored islands, that in which slopes close as those of a surface do.
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
/** The same of squares on mirrored islands. */
const MIRRORED = 'mirrored squares, leaning';

/**
 * How the squares of a region lean, row by row of squares: how many say anything, and the sum of what they say; those on
 * mirrored islands, told by their upper left pixels, for themselves.
 *
 * Going around a square one comes back to the height one began at, so that what the slopes across gain from its upper to its
 * lower side, A, is what the slopes down gain from its left to its right one, B. In the other reading B has the other sign.
 * 2AB / (A² + B²) is 1 where A = B, -1 where A = -B, and 0 in the mean where neither has to do with the other; a single
 * square counts as much as any other, so that the borders of islands, which are few, do not drown the rest. Squares begin
 * at the corner of `window`, so that regions do not matter, and those that are not whole in `box` are left out.
 */
export function leaningOf(
  { u, v }: { readonly u: Float32Array; readonly v: Float32Array },
  { box, window, part, mirrored }: Region,
): Measure[] {
  const columns = box.maxX - box.minX + 1;
  const next = (at: number, from: number): number => from + Math.ceil((at - from) / SIDE) * SIDE;
  const told = new Map<string, [row: number, squares: number, leaning: number][]>();
  for (let y = next(box.minY, window.minY); y + SIDE <= box.maxY; y += SIDE) {
    const sums = { [NAME]: [0, 0] as [number, number], [MIRRORED]: [0, 0] as [number, number] };
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
      const sum = sums[mirrored?.[upper] ? MIRRORED : NAME];
      sum[0] += 1;
      sum[1] += (2 * a * b) / size;
    }
    for (const [name, [squares, leaning]] of Object.entries(sums))
      if (squares > 0) told.set(name, [...(told.get(name) ?? []), [y, squares, leaning]]);
  }
  return [...told].map(([name, rows]) => ({ part, name, from: box.minX, to: box.maxX, rows }));
}

export interface Region {
  readonly box: Box;
  /** Squares begin at its corner. */
  readonly window: Box;
  readonly part: number;
  /** For each pixel of the box other than 0 where its island is mirrored. */
  readonly mirrored: Uint8Array | undefined;
}

/** What squares say together: 1 for the reading at hand, -1 for the other one, 0 where they are too few or of two minds. */
function verdictOf(measured: readonly Measured[], name: string): -1 | 0 | 1 {
  const told = measured.filter((one) => one.name === name);
  const squares = told.reduce((sum, { sums }) => sum + sums[0]!, 0);
  const leaning = told.reduce((sum, { sums }) => sum + sums[1]!, 0);
  if (squares < LEAST_SQUARES || Math.abs(leaning) < LEAST_LEANING * squares) return 0;
  return leaning < 0 ? -1 : 1;
}

/**
 * Offers the other reading where at least 400 squares lean to it by at least a quarter in the mean. Of noise the mean has a
 * deviation of sqrt(1/2 / 400) = 0.035, so that it stays seven of them away; of maps of smooth surfaces it is close to 1 or
 * -1, and 0.38 even where the heights of neighbouring pixels have nothing to do with each other and slopes are taken over
 * two pixels. Flat maps have no squares that tell anything.
 *
 * Islands that are not mirrored tell which way green grows. Where they are in order and mirrored ones are not, it is turning
 * that is wrong; where there are mirrored ones alone, it may be either.
 */
export function conventionNotices(
  { y, mirrored }: { readonly y: 'up' | 'down'; readonly mirrored: 'turn' | 'keep' },
  measured: readonly Measured[],
): Notice[] {
  const [plain, turned] = [verdictOf(measured, NAME), verdictOf(measured, MIRRORED)];
  const [as, other, text] = y === 'up' ? ['+Y', 'down', '-Y'] : ['-Y', 'up', '+Y'];
  const green = { title: `Read green as ${text}`, set: { y: other! } };
  const way =
    mirrored === 'turn'
      ? { title: 'Leave mirrored islands as they are', set: { mirrored: 'keep' } }
      : { title: 'Turn mirrored islands', set: { mirrored: 'turn' } };
  const notice = (message: string, param: string, fixes: NonNullable<Notice['fixes']>): Notice[] => [
    { severity: 'warning', code: 'normal-convention', message, where: { param }, fixes },
  ];
  if (plain === -1) {
    const message = `Read as ${as}, the slopes of this map are those of no surface; read as ${text} they are. Green seems to grow ${other === 'up' ? 'upwards' : 'downwards'}.`;
    return notice(message, 'y', [green]);
  }
  if (turned !== -1) return [];
  const [now, then] = mirrored === 'turn' ? ['Turned', 'left as they are'] : ['Left as they are', 'turned'];
  const follows = mirrored === 'turn' ? ' The map seems to follow the texture there too, as MikkTSpace does.' : '';
  const start = `${now}, mirrored islands have slopes of no surface; ${then} they are of one.`;
  if (plain === 1) return notice(`${start}${follows}`, 'mirrored', [way]);
  return notice(`${start} So are they with green read as ${text}; one of both is wrong.`, 'mirrored', [way, green]);
}
