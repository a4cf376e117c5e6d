// The plain definition of weighted sums of neighbours: along columns, then along rows, in single precision.
import type { Axis, Taps } from '../taps.ts';
import { settleSamples } from './pointwise.ts';

const round = Math.fround;

/** For each output of the taps a row of `width` floats: its source rows times their weights, added up in order from 0. */
export function weighRows(source: Float32Array, width: number, { places, weights }: Taps): Float32Array {
  const outputs = places.length / 3;
  const target = new Float32Array(outputs * width);
  for (let o = 0; o < outputs; o++) {
    const [first = 0, count = 0, at = 0] = places.subarray(o * 3, o * 3 + 3);
    for (let x = 0; x < width; x++) {
      let sum = 0;
      for (let t = 0; t < count; t++) sum = round(sum + round(weights[at + t]! * source[(first + t) * width + x]!));
      target[o * width + x] = sum;
    }
  }
  return target;
}

/** Rows become columns. */
function turned(samples: Float32Array, width: number): Float32Array {
  const rows = width === 0 ? 0 : samples.length / width;
  const target = new Float32Array(samples.length);
  for (let y = 0; y < rows; y++) for (let x = 0; x < width; x++) target[x * rows + y] = samples[y * width + x]!;
  return target;
}

/** Samples of `columns.to - columns.from + 1` by `rows.to - rows.from + 1`, resampled; a NaN that comes out is the quiet one. */
export function plainResample(samples: Float32Array, columns: Axis, rows: Axis): Float32Array {
  const width = columns.to - columns.from + 1;
  const down = rows.stages.reduce((s, taps) => weighRows(s, width, taps), samples);
  let across = turned(down, width);
  for (const taps of columns.stages) across = weighRows(across, rows.outputs, taps);
  const result = turned(across, rows.outputs);
  settleSamples(result);
  return result;
}
