// The filters between chroma at every pixel and at every second one, as taps along one axis.
import { type Axis, type Box, box, convertPlane, type Plane, type Span } from '../../../engine/authoring.ts';

/** How many pixels the filters look at on each side. */
export const REACH = 13;

/** One half of a windowed sinc 27 pixels wide, from the outside in, every second pixel: OpenEXR, ImfRgbaYca. */
const BETWEEN = [0.002128, -0.00754, 0.019597, -0.043159, 0.087929, -0.186077, 0.627123];
/** The same for leaving out every second sample, and its centre. */
const AROUND = [0.001064, -0.003771, 0.009801, -0.021586, 0.043978, -0.093067, 0.313659];
const CENTRE = 0.499846;

/** Between samples of chroma; where there is one it is taken as it is. */
const BETWEEN_WEIGHTS = [1, ...BETWEEN, ...BETWEEN.toReversed()];
const AROUND_WEIGHTS = [...AROUND.flatMap((w) => [w, 0]).slice(0, -1), CENTRE, ...mirroredGaps(AROUND)];

function mirroredGaps(half: readonly number[]): number[] {
  return half
    .toReversed()
    .flatMap((w) => [0, w])
    .slice(1);
}

/** For pixels: from which samples of chroma (pixel 2n has sample n) they are made, beyond the edges of the image too. */
export function reconstruction(pixels: Span): Axis {
  return axisOf(pixels, Float32Array.from(BETWEEN_WEIGHTS), (pixel) =>
    pixel % 2 === 0 ? [pixel / 2, 1, 0] : [(pixel - REACH) / 2, BETWEEN_WEIGHTS.length - 1, 1],
  );
}

/** For samples of chroma: from which pixels they are made. */
export const decimation = (samples: Span): Axis =>
  axisOf(samples, Float32Array.from(AROUND_WEIGHTS), (sample) => [2 * sample - REACH, AROUND_WEIGHTS.length, 0]);

function axisOf(
  { from, to }: Span,
  weights: Float32Array,
  place: (output: number) => readonly [first: number, count: number, at: number],
): Axis {
  const places = Array.from({ length: to - from + 1 }, (_, i) => place(from + i));
  const least = Math.min(...places.map(([first]) => first));
  const greatest = Math.max(...places.map(([first, count]) => first + count - 1));
  const table = Int32Array.from(places.flatMap(([first, count, at]) => [first - least, count, at]));
  const span = { from: least, to: greatest };
  return { ...span, outputs: places.length, stages: [{ ...span, places: table, weights }] };
}

/** Samples of a region of a grid, row by row. */
export interface Grid {
  readonly x: Span;
  readonly y: Span;
  readonly samples: Float32Array;
}

/** The grid over other spans: outside of what it has, `nearX` and `nearY` give a column and a row that it has. */
export function spread(grid: Grid, x: Span, y: Span, nearX: (x: number) => number, nearY: (y: number) => number): Grid {
  const width = x.to - x.from + 1;
  const own = grid.x.to - grid.x.from + 1;
  const from = Math.max(x.from, grid.x.from);
  const to = Math.min(x.to, grid.x.to);
  const samples = new Float32Array(width * (y.to - y.from + 1));
  for (let row = y.from, at = 0; row <= y.to; row++, at += width) {
    const start = (nearY(row) - grid.y.from) * own - grid.x.from;
    samples.set(grid.samples.subarray(start + from, start + to + 1), at + from - x.from);
    for (let column = x.from; column < from; column++) {
      samples[at + column - x.from] = grid.samples[start + nearX(column)]!;
    }
    for (let column = to + 1; column <= x.to; column++) {
      samples[at + column - x.from] = grid.samples[start + nearX(column)]!;
    }
  }
  return { x, y, samples };
}

/** A plane on its own grid, as floats. */
export function gridOf(plane: Plane): Grid {
  const { box: region, sampling, columns, rows } = plane;
  const x = Math.ceil(region.minX / sampling.x);
  const y = Math.ceil(region.minY / sampling.y);
  return {
    x: { from: x, to: x + columns - 1 },
    y: { from: y, to: y + rows - 1 },
    samples: convertPlane(plane, 'float').plane.samples as Float32Array,
  };
}

/** The grid as a plane with a sample at every pixel. */
export function planeOf({ x, y, samples }: Grid): Plane {
  const region: Box = box(x.from, y.from, x.to, y.to);
  const [columns, rows] = [x.to - x.from + 1, y.to - y.from + 1];
  return { type: 'float', box: region, sampling: { x: 1, y: 1 }, columns, rows, samples };
}

/** Samples as the type holds them, still as floats. */
export function settled(samples: Float32Array, type: 'half' | 'float'): Float32Array {
  if (type === 'float') return samples;
  const plane = planeOf({ x: { from: 1, to: samples.length }, y: { from: 1, to: 1 }, samples });
  return convertPlane(convertPlane(plane, 'half').plane, 'float').plane.samples as Float32Array;
}
