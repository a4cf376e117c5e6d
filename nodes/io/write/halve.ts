// Halving: rows of one level of a channel made of rows of the level above it.
import {
  allocateSamples,
  box,
  convertPlane,
  FULL_SAMPLING,
  levelAxis,
  type Plane,
  release,
  resample,
  type Samples,
  type SampleType,
  type Span,
  untouched,
  wrapped,
} from '../../../engine/authoring.ts';
import type { LevelMaking } from './pyramid.ts';

/** Whole rows of a level of a channel: those from `from` to `to`, counted from its top. */
export interface Strip extends Span {
  readonly type: SampleType;
  readonly samples: Samples;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** One step: between which sizes, and how. `wanted` are the rows that are made, `source` holds all that they are made of. */
export interface Step {
  readonly source: readonly Strip[];
  readonly from: Size;
  readonly into: Size;
  readonly wanted: Span;
  readonly making: LevelMaking;
}

/**
 * Floats: weighted sums down the columns, then along the rows. A NaN or an infinity among the samples that one is made of
 * makes it one too.
 */
export function filtered({ source, from, into, wanted, making }: Step): Strip {
  const { filter, wrapX, wrapY } = making;
  const whole = { from: 0, to: from.width - 1 };
  const columns =
    from.width === into.width
      ? untouched(whole)
      : levelAxis({ size: from.width, into: into.width }, filter, { from: 0, to: into.width - 1 });
  const rows =
    from.height === into.height
      ? untouched(wanted)
      : levelAxis({ size: from.height, into: into.height }, filter, wanted);
  const plane = gathered(source, from, { columns, rows }, (y) => wrapped(y, from.height, wrapY));
  for (let x = columns.from; x <= columns.to; x++) {
    if (x >= 0 && x < from.width) continue;
    const stand = wrapped(x, from.width, wrapX);
    if (stand !== undefined) copyColumn(plane, stand - columns.from, x - columns.from);
  }
  const samples = resample(plane, { columns, rows });
  if (!source.some((strip) => strip.samples.buffer === plane.samples.buffer)) release(plane.samples);
  return { ...wanted, type: 'float', samples };
}

/** Of each two samples across and down the first, as it is. */
export function skipped({ source, from, into, wanted }: Step): Strip {
  const { type } = source[0]!;
  const across = from.width === into.width ? 1 : 2;
  const down = from.height === into.height ? 1 : 2;
  const samples = allocateSamples(type, (wanted.to - wanted.from + 1) * into.width);
  for (let y = wanted.from; y <= wanted.to; y++) {
    const row = rowOf(source, from.width, y * down);
    const at = (y - wanted.from) * into.width;
    for (let x = 0; x < into.width; x++) samples[at + x] = row[x * across]!;
  }
  return { ...wanted, type, samples };
}

/** The samples of some rows of a strip, as a plane of the level that has this corner, in a type of the file. */
export function planeOf(
  strip: Strip,
  width: number,
  rows: Span,
  corner: { readonly minX: number; readonly minY: number },
  type: SampleType,
): Plane {
  const { minX, minY } = corner;
  const window = box(minX, minY + rows.from, minX + width - 1, minY + rows.to);
  const from = (rows.from - strip.from) * width;
  const count = rows.to - rows.from + 1;
  const samples = strip.samples.subarray(from, from + count * width);
  const plane = { type: strip.type, box: window, sampling: FULL_SAMPLING, columns: width, rows: count, samples };
  return convertPlane(plane, type).plane;
}

/** A region of rows and columns as floats, with zeros where there is nothing yet. */
function gathered(
  source: readonly Strip[],
  { width }: Size,
  { columns, rows }: { readonly columns: Span; readonly rows: Span },
  place: (y: number) => number | undefined,
): Plane {
  const across = columns.to - columns.from + 1;
  const count = rows.to - rows.from + 1;
  const { type } = source[0]!;
  const region = box(columns.from, rows.from, columns.to, rows.to);
  const as = (samples: Samples): Plane => {
    const plane = { type, box: region, sampling: FULL_SAMPLING, columns: across, rows: count, samples };
    return convertPlane(plane, 'float').plane;
  };
  const whole = source.find(({ from, to }) => from <= rows.from && to >= rows.to);
  if (whole && across === width) {
    const from = (rows.from - whole.from) * width;
    return as(whole.samples.subarray(from, from + count * width));
  }
  const samples = allocateSamples(type, across * count);
  for (let y = rows.from; y <= rows.to; y++) {
    const stand = place(y);
    if (stand === undefined) continue;
    samples.set(rowOf(source, width, stand), (y - rows.from) * across - columns.from);
  }
  return as(samples);
}

/** A row that one of the strips has. */
function rowOf(source: readonly Strip[], width: number, y: number): Samples {
  const strip = source.find(({ from, to }) => from <= y && to >= y)!;
  const from = (y - strip.from) * width;
  return strip.samples.subarray(from, from + width);
}

function copyColumn({ samples, columns, rows }: Plane, from: number, to: number): void {
  for (let y = 0; y < rows; y++) samples[y * columns + to] = samples[y * columns + from]!;
}
