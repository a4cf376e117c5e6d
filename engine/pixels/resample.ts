// Resampling planes: weighted sums of neighbours, down the columns first and then along the rows.
import { type Box, box, boxHeight, boxIsEmpty, boxWidth, EMPTY_BOX } from '../base/box.ts';
import { EngineError } from '../base/error.ts';
import { release } from '../base/release.ts';
import { addressOf, kernels, scratch } from './arena.ts';
import { convertPlane } from './convert.ts';
import { allocateSamples, type Plane } from './plane.ts';
import type { Axis, Taps } from './taps.ts';

/** Columns that are summed at once: their rows stay in the caches while the sums are made. A multiple of 32. */
const STRIP = 256;
/** Rows that stand side by side for sums along them. */
const ROWS = 16;

/** Along both axes. */
export interface Axes {
  readonly columns: Axis;
  readonly rows: Axis;
}

/**
 * The samples of a plane resampled: `columns.outputs` by `rows.outputs` floats in rows. The plane has the samples that
 * the axes read and no others; halves and whole numbers are taken as floats. The results do not depend on where planes
 * are cut and are those of `plainResample` in reference.ts, bit by bit.
 */
export function resample(plane: Plane, { columns, rows }: Axes): Float32Array {
  const width = columns.to - columns.from + 1;
  if (plane.columns !== width || plane.rows !== rows.to - rows.from + 1) {
    throw new EngineError('invalid', 'internal', 'A plane was resampled that is not what its axes read.');
  }
  const samples = convertPlane(plane, 'float').plane.samples as Float32Array;
  const down = rows.stages.length === 0 ? samples : sumRows(samples, width, rows);
  if (down !== samples && samples !== plane.samples) release(samples);
  if (columns.stages.length > 0) {
    const across = sumColumns(down, rows.outputs, columns);
    if (down !== plane.samples) release(down);
    return across;
  }
  return down === plane.samples ? Float32Array.from(down) : down;
}

/** The pixels that the axes read; empty where they read none. */
export function regionOf({ columns, rows }: Axes): Box {
  const region = box(columns.from, rows.from, columns.to, rows.to);
  return boxIsEmpty(region) ? EMPTY_BOX : region;
}

/**
 * A plane resampled into another box, in the type that it has. The plane covers `regionOf(axes)`, the axes make what the
 * box holds.
 */
export function resamplePlane(plane: Plane, axes: Axes, into: Box): Plane {
  const samples = boxIsEmpty(regionOf(axes))
    ? (allocateSamples('float', boxWidth(into) * boxHeight(into)) as Float32Array)
    : resample(plane, axes);
  const made = { type: 'float', box: into, sampling: plane.sampling, samples } as const;
  return convertPlane({ ...made, columns: boxWidth(into), rows: boxHeight(into) }, plane.type).plane;
}

/** The source rows of each stage, and last the outputs. */
function counts({ from, to, stages }: Axis): number[] {
  return [to - from + 1, ...stages.map(({ places }) => places.length / 3)];
}

function demandChain({ stages }: Axis): void {
  for (const [i, { from, to }] of stages.slice(1).entries()) {
    if (from === 0 && to === stages[i]!.places.length / 3 - 1) continue;
    throw new EngineError('invalid', 'internal', 'A pass over samples does not read what the one before it makes.');
  }
}

/** Puts the tables of all stages into scratch space and says where. */
class Tables {
  readonly #addresses: { places: number; outputs: number; weights: number }[] = [];

  constructor(stages: readonly Taps[], regions: readonly Uint8Array<ArrayBuffer>[]) {
    for (const [i, { places, weights }] of stages.entries()) {
      const [a, b] = [regions[i * 2]!, regions[i * 2 + 1]!];
      a.set(new Uint8Array(places.buffer, places.byteOffset, places.byteLength));
      b.set(new Uint8Array(weights.buffer, weights.byteOffset, weights.byteLength));
      this.#addresses.push({ places: addressOf(a), outputs: places.length / 3, weights: addressOf(b) });
    }
  }

  static sizes(stages: readonly Taps[]): number[] {
    return stages.flatMap(({ places, weights }) => [places.byteLength, weights.byteLength]);
  }

  /** Runs all stages from one region to the next. Rows are `width` floats and lie close together. Returns the last address. */
  run(regions: readonly number[], width: number): number {
    const { run } = kernels();
    for (const [i, { places, outputs, weights }] of this.#addresses.entries()) {
      run.weighRows(regions[i]!, width * 4, regions[i + 1]!, width, places, outputs, weights);
    }
    return regions[this.#addresses.length]!;
  }
}

function sumRows(samples: Float32Array, columns: number, axis: Axis): Float32Array {
  demandChain(axis);
  const { run } = kernels();
  const heights = counts(axis);
  const strip = Math.min(STRIP, Math.ceil(columns / ROWS) * ROWS);
  const space = scratch(...heights.map((rows) => rows * strip * 4), ...Tables.sizes(axis.stages));
  const tables = new Tables(axis.stages, space.slice(heights.length));
  const regions = space.slice(0, heights.length).map(addressOf);
  const source = floatsOf(space[0]!);
  const made = floatsOf(space[heights.length - 1]!);
  const target = allocateSamples('float', axis.outputs * columns) as Float32Array;
  for (let x = 0; x < columns; x += strip) {
    const count = Math.min(strip, columns - x);
    const width = Math.ceil(count / ROWS) * ROWS;
    for (let y = 0; y < heights[0]!; y++) {
      source.set(samples.subarray(y * columns + x, y * columns + x + count), y * width);
      if (count < width) source.fill(0, y * width + count, (y + 1) * width);
    }
    const end = tables.run(regions, width);
    run.settleSamples(end, axis.outputs * width);
    for (let y = 0; y < axis.outputs; y++) target.set(made.subarray(y * width, y * width + count), y * columns + x);
  }
  return target;
}

function sumColumns(samples: Float32Array, rows: number, axis: Axis): Float32Array {
  demandChain(axis);
  const { run } = kernels();
  const widths = counts(axis).map((count) => (count + 3) & ~3);
  const [columns = 0, last = 0] = [axis.to - axis.from + 1, widths.at(-1)];
  const lying = Math.max(widths[0]!, last) * ROWS * 4;
  const space = scratch(lying, ...widths.map((width) => width * ROWS * 4), ...Tables.sizes(axis.stages));
  const tables = new Tables(axis.stages, space.slice(widths.length + 1));
  const [lie = 0, ...regions] = space.slice(0, widths.length + 1).map(addressOf);
  const flat = floatsOf(space[0]!);
  const target = allocateSamples('float', axis.outputs * rows) as Float32Array;
  for (let y = 0; y < rows; y += ROWS) {
    const count = Math.min(ROWS, rows - y);
    for (let r = 0; r < count; r++) {
      const from = (y + r) * columns;
      flat.set(samples.subarray(from, from + columns), r * widths[0]!);
    }
    run.standUp(lie, widths[0]! * 4, regions[0]!, widths[0]!);
    const end = tables.run(regions, ROWS);
    run.settleSamples(end, axis.outputs * ROWS);
    run.layDown(end, lie, last * 4, last);
    for (let r = 0; r < count; r++)
      target.set(flat.subarray(r * last, r * last + axis.outputs), (y + r) * axis.outputs);
  }
  return target;
}

const floatsOf = (bytes: Uint8Array<ArrayBuffer>): Float32Array =>
  new Float32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength >> 2);
