// Curves through points: the slope at each, so that what rises between two points rises all the way.
import { type Knot, type SplineTable, splineTable } from '../../../engine/authoring.ts';

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** How points are joined, and what holds before the first and after the last. */
export interface Joining {
  readonly join: 'smooth' | 'straight';
  readonly beyond: 'straight' | 'hold';
}

/** The table of a curve through points that rise in x; null for one that changes nothing. */
export function curveTable(points: readonly Point[], joining: Joining): SplineTable | null {
  const same = points.every(({ x, y }) => x === y);
  if (points.length === 0 || (same && points.length > 1 && joining.beyond === 'straight')) return null;
  return splineTable(knotsOf(points, joining));
}

function knotsOf(points: readonly Point[], { join, beyond }: Joining): Knot[] {
  const last = points.length - 1;
  const chords = points.slice(1).map(({ x, y }, i) => (y - points[i]!.y) / (x - points[i]!.x));
  const widths = points.slice(1).map(({ x }, i) => x - points[i]!.x);
  const slopes = join === 'smooth' && last > 1 ? smoothSlopes(chords, widths) : undefined;
  const outer = (slope: number): number => (beyond === 'hold' || last === 0 ? 0 : slope);
  return points.map(({ x, y }, i) => {
    const before = slopes?.[i] ?? chords[i - 1] ?? chords[0] ?? 0;
    const after = slopes?.[i] ?? chords[i] ?? chords.at(-1) ?? 0;
    return { x, y, before: i === 0 ? outer(after) : before, after: i === last ? outer(before) : after };
  });
}

/**
 * F. N. Fritsch, J. Butland: A method for constructing local monotone piecewise cubic interpolants (1984), in the form
 * that C. Moler gives it ("Numerical Computing with MATLAB", 3.4), ends included: harmonic means of the slopes to both
 * sides, level where these have different signs. For three points or more.
 */
function smoothSlopes(chords: readonly number[], widths: readonly number[]): number[] {
  const inner = chords.slice(1).map((right, i) => {
    const left = chords[i]!;
    if (left * right <= 0) return 0;
    const near = 2 * widths[i + 1]! + widths[i]!;
    const far = widths[i + 1]! + 2 * widths[i]!;
    return (near + far) / (near / left + far / right);
  });
  const end = (h: number, beside: number, chord: number, next: number): number => {
    const slope = ((2 * h + beside) * chord - h * next) / (h + beside);
    if (slope * chord <= 0) return 0;
    return chord * next <= 0 && Math.abs(slope) > 3 * Math.abs(chord) ? 3 * chord : slope;
  };
  return [
    end(widths[0]!, widths[1]!, chords[0]!, chords[1]!),
    ...inner,
    end(widths.at(-1)!, widths.at(-2)!, chords.at(-1)!, chords.at(-2)!),
  ];
}
