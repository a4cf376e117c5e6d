// Tables as operations: rows, cubes and splines as files give them, and the way back through those of one dimension.
import {
  type Knot,
  type PointwiseProgram,
  type PointwiseStep,
  type RowTable,
  type SplineTable,
  splineTable,
} from '../../../../engine/authoring.ts';
import type { Refuse } from './linear.ts';
import type { Operation } from './operation.ts';

/** OpenColorIO's words. Nearest entries and cubics have not been used since version 2; 1D is always straight. */
export type Interpolation = 'default' | 'linear' | 'nearest' | 'tetrahedral' | 'best' | 'cubic' | 'unknown';

export const wayOf = (interpolation: Interpolation): 'tetrahedral' | 'trilinear' =>
  interpolation === 'tetrahedral' || interpolation === 'best' ? 'tetrahedral' : 'trilinear';

/** The steps of a file of tables, or the way back through them; a cube has none here. */
export const tableOperation =
  (program: PointwiseProgram, interpolation: Interpolation, refuse: Refuse): Operation =>
  (way) =>
    way === 'forward'
      ? program.map((step) => (step.do === 'cube' ? { ...step, way: wayOf(interpolation) } : step))
      : program.toReversed().map((step) => inverseOf(step, refuse));

function inverseOf(step: PointwiseStep, refuse: Refuse): PointwiseStep {
  if (step.do === 'look') return { do: 'spline', by: step.by.map((row) => row && turned(pointsOfRow(row))) };
  if (step.do === 'spline')
    return { do: 'spline', by: step.by.map((spline) => spline && turned(pointsOfSpline(spline))) };
  return refuse('a 3D table the other way round (inverse Lut3D) is not done here.');
}

/** A place and what the curve has there. */
export type Point = readonly [x: number, y: number];

function pointsOfRow({ bytes }: RowTable): Point[] {
  const floats = new Float32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength >> 2);
  const [from = 0, factor = 1] = floats;
  return Array.from(floats.subarray(4), (y, i): Point => [from + i / factor, y]);
}

/** Points on each cubic of a spline that is no straight line, as many as bring straight lines near to it. */
const FINE = 256;

function pointsOfSpline({ bytes }: SplineTable): Point[] {
  const floats = new Float32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength >> 2);
  const room = new Int32Array(bytes.buffer, bytes.byteOffset, 1)[0]! * 2;
  const points: Point[] = [];
  // The row of what lies before the first knot has no place of its own.
  for (let at = 4 + room + 8; at < floats.length; at += 8) {
    const [a = 0, b = 0, c = 0, d = 0, start = 0, scale = 1] = floats.subarray(at, at + 8);
    const curved = Math.abs(c) + Math.abs(d) > 1e-6 * Math.abs(b);
    const count = curved && at + 8 < floats.length ? FINE : 1;
    for (let i = 0; i < count; i++) {
      const t = i / FINE;
      points.push([start + t / scale, ((d * t + c) * t + b) * t + a]);
    }
  }
  return points;
}

const single = new Float32Array(1);
const bits = new Int32Array(single.buffer);

/** The next greater number of single precision. */
function above(x: number): number {
  single[0] = x === 0 ? 2 ** -126 : x;
  if (x !== 0) bits[0]! += x > 0 ? 1 : -1;
  return single[0]!;
}

/**
 * The curve through the points with x and y changed. As in OpenColorIO what turns back is made flat first, what lies
 * beyond the ends is taken as the end, and where it is flat the value itself gives the first place, any greater one goes
 * on from the last.
 */
function turned(points: readonly Point[]): SplineTable {
  const rises = points.at(-1)![1] > points[0]![1];
  const ordered: Point[] = [];
  let edge = points[0]![1];
  for (const [x, y] of points) {
    edge = rises ? Math.max(edge, y) : Math.min(edge, y);
    ordered.push([Math.fround(edge), x]);
  }
  if (!rises) ordered.reverse();
  const kept: Point[] = [];
  for (let i = 0; i < ordered.length; ) {
    let end = i;
    while (end + 1 < ordered.length && ordered[end + 1]![0] === ordered[i]![0]) end++;
    const [y] = ordered[i]!;
    const first = i === 0 ? ordered[end]![1] : ordered[i]![1];
    kept.push([y, first]);
    const next = ordered[end + 1]?.[0];
    const after = above(y);
    if (i > 0 && end > i && next !== undefined && after < next) kept.push([after, ordered[end]![1]]);
    i = end + 1;
  }
  return polyline(kept);
}

/** Straight lines from point to point, flat beyond the ends; x rises, so far that floats can tell. */
export function polyline(points: readonly Point[]): SplineTable {
  const slope = (i: number): number =>
    i < 0 || i + 1 >= points.length
      ? 0
      : (points[i + 1]![1] - points[i]![1]) / (Math.fround(points[i + 1]![0]) - Math.fround(points[i]![0]));
  return splineTable(points.map(([x, y], i): Knot => ({ x, y, before: slope(i - 1), after: slope(i) })));
}
