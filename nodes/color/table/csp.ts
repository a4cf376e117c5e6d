// Tables of Rising Sun Research's cineSpace, .csp: a curve for each channel through points anywhere, then a row or a cube.
import { type Knot, type PointwiseStep, type SplineTable, splineTable } from '../../../engine/authoring.ts';
import { cubeStep, edgesText, type Found, MOST_EDGE, MOST_ROW, readTriples, rowStep, UNIT } from './entries.ts';
import type { Lines } from './lines.ts';

export function readCsp(lines: Lines): Found {
  if (!/^CSPLUTV100$/i.test(lines.demand('CSPLUTV100'))) lines.fail('should say CSPLUTV100.');
  const kind = lines.demand('1D or 3D').toUpperCase();
  if (kind !== '1D' && kind !== '3D') lines.fail('should say 1D or 3D.');
  const curves = [readCurve(lines, afterMetadata(lines)), readCurve(lines), readCurve(lines)];
  const before: PointwiseStep[] = curves.some((curve) => curve !== null) ? [{ do: 'spline', by: curves }] : [];
  const shaped = before.length > 0 ? 'curves, then ' : '';
  const words = lines.demand('the size of the table').split(/\s+/);
  if (kind === '1D') {
    if (words.length !== 1) lines.fail(`should hold the length of the table, and holds ${words.length} words.`);
    const length = lines.whole(words[0]!, 2, MOST_ROW, 'the length');
    lines.expect(length, 3);
    const step = rowStep(UNIT, readTriples(lines, length));
    return { program: [...before, ended(lines, step)], about: `${shaped}1D, ${length}` };
  }
  if (words.length !== 3) lines.fail(`should hold three sizes, and holds ${words.length} words.`);
  const sizes = words.map((word) => lines.whole(word, 2, MOST_EDGE, 'a size'));
  const count = sizes[0]! * sizes[1]! * sizes[2]!;
  lines.expect(count, 3);
  const step = cubeStep(UNIT, sizes, readTriples(lines, count));
  return { program: [...before, ended(lines, step)], about: `${shaped}${edgesText(sizes)}` };
}

function ended(lines: Lines, step: PointwiseStep): PointwiseStep {
  if (lines.filled() !== undefined) lines.fail('goes on after the last entry that was announced.');
  return step;
}

/** The first line behind the metadata, which are texts of any kind. */
function afterMetadata(lines: Lines): string {
  const line = lines.demand('the count of points');
  if (!/^BEGIN METADATA/i.test(line)) return line;
  for (;;) if (/^END METADATA/i.test(lines.demand('END METADATA'))) return lines.demand('the count of points');
}

/** How many points there are, where they lie, and what becomes of them; null where they change nothing. */
function readCurve(lines: Lines, first?: string): SplineTable | null {
  const count = lines.whole(first ?? lines.demand('the count of points'), 0, MOST_ROW, 'the count of points');
  if (count < 2) return null;
  lines.expect(count, 2);
  const x = lines.numbers(lines.demand('where the points lie'), count, 'numbers').map(Math.fround);
  const unsorted = x.findIndex((at, i) => i > 0 && !(at > x[i - 1]!));
  if (unsorted > 0)
    lines.fail(`has ${x[unsorted]} after ${x[unsorted - 1]}: points must rise, so far that floats can tell.`);
  const y = lines.numbers(lines.demand('what becomes of the points'), count, 'numbers');
  return x.every((at, i) => at === Math.fround(y[i]!)) ? null : splineTable(knotsOf(x, y));
}

/**
 * The curve by which cineSpace and OpenColorIO join points: at each the slope of its neighbours, parabolas at both ends,
 * a straight line between two points alone; before the first and after the last it is flat.
 */
function knotsOf(x: readonly number[], y: readonly number[]): Knot[] {
  const last = x.length - 1;
  const chord = (i: number): number => (y[i + 1]! - y[i]!) / (x[i + 1]! - x[i]!);
  const inner = (i: number): number => (y[i + 1]! - y[i - 1]!) / (x[i + 1]! - x[i - 1]!);
  const slope = (i: number): number => {
    if (last === 1) return chord(0);
    if (i === 0) return 2 * chord(0) - inner(1);
    return i === last ? 2 * chord(last - 1) - inner(last - 1) : inner(i);
  };
  return x.map((at, i) => ({ x: at, y: y[i]!, before: i === 0 ? 0 : slope(i), after: i === last ? 0 : slope(i) }));
}
