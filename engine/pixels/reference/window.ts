// The plain definition of what windows of neighbours hold: least, greatest, median; and of sharpening.
import { settleSamples } from './pointwise.ts';

/** A picture that has samples wherever they are asked for. */
export type Sampled = (x: number, y: number) => number;

/** The samples of a region, row by row. */
export interface Region {
  readonly minX: number;
  readonly minY: number;
  readonly columns: number;
  readonly rows: number;
}

function each({ minX, minY, columns, rows }: Region, sample: Sampled): Float32Array {
  const target = new Float32Array(columns * rows);
  for (let y = 0; y < rows; y++) for (let x = 0; x < columns; x++) target[y * columns + x] = sample(minX + x, minY + y);
  settleSamples(target);
  return target;
}

/** The least or greatest of all samples no farther than `across` and `down`. A NaN makes NaN, and -0 is less than 0. */
export function plainExtreme(
  sampled: Sampled,
  region: Region,
  [across, down]: readonly [number, number],
  which: 'least' | 'greatest',
): Float32Array {
  const better = which === 'least' ? Math.min : Math.max;
  return each(region, (x, y) => {
    let found = sampled(x, y);
    for (let j = y - down; j <= y + down; j++)
      for (let i = x - across; i <= x + across; i++) found = better(found, sampled(i, j));
    return found;
  });
}

/** The sample in the middle of all those no farther than `reach`, by size. A NaN makes NaN. */
export function plainMedian(sampled: Sampled, region: Region, reach: number): Float32Array {
  return each(region, (x, y) => {
    const all: number[] = [];
    for (let j = y - reach; j <= y + reach; j++) for (let i = x - reach; i <= x + reach; i++) all.push(sampled(i, j));
    if (all.some(Number.isNaN)) return Number.NaN;
    all.sort((a, b) => (a === b ? Number(Object.is(b, -0)) - Number(Object.is(a, -0)) : a - b));
    return all[all.length >> 1]!;
  });
}

const round = Math.fround;

/** In single precision: the sample, plus the amount times its difference from the blurred one where that is above the threshold. */
export function plainSharpen(samples: Float32Array, blurred: Float32Array, amount: number, threshold: number): void {
  const times = round(amount);
  const least = round(threshold);
  for (let i = 0; i < samples.length; i++) {
    const difference = round(samples[i]! - blurred[i]!);
    const kept = Math.abs(difference) <= least ? 0 : difference;
    samples[i] = round(samples[i]! + round(times * kept));
  }
  settleSamples(samples);
}
