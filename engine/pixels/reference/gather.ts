// The plain definition of samples at places anywhere in a picture, in single precision.
import type { GatherTable } from '../gather.ts';
import { settleSamples } from './pointwise.ts';

const round = Math.fround;

/** Weights between one row of a table and the next. */
function between({ taps, weights }: GatherTable, byte: number, along: number): number[] {
  const from = byte / 4;
  return Array.from({ length: taps }, (_, i) => {
    const a = weights[from + i]!;
    return round(a + round(round(weights[from + taps + i]! - a) * along));
  });
}

/** Samples for `places`, of 20 bytes each as the kernel takes them, from rows of `width` floats. */
export function plainGather(
  source: Float32Array,
  width: number,
  places: ArrayBuffer,
  columns: GatherTable,
  rows: GatherTable,
): Float32Array {
  const whole = new Int32Array(places);
  const parts = new Float32Array(places);
  const target = new Float32Array(whole.length / 5);
  for (let o = 0; o < target.length; o++) {
    const first = whole[o * 5]! / 4;
    if (first < 0) continue;
    const x = between(columns, whole[o * 5 + 1]!, parts[o * 5 + 3]!);
    const y = between(rows, whole[o * 5 + 2]!, parts[o * 5 + 4]!);
    const lanes = [0, 0, 0, 0];
    for (const [j, weight] of y.entries()) {
      for (let lane = 0; lane < 4; lane++) {
        let row = 0;
        for (let i = lane; i < x.length; i += 4) row = round(row + round(x[i]! * source[first + j * width + i]!));
        lanes[lane] = round(lanes[lane]! + round(weight * row));
      }
    }
    target[o] = round(round(lanes[0]! + lanes[1]!) + round(lanes[2]! + lanes[3]!));
  }
  settleSamples(target);
  return target;
}
