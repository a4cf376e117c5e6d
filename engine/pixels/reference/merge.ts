// The plain definition of merging two images, sample by sample and step by step in single precision.
import type { MergeOperation } from '../operation.ts';

const round = Math.fround;
const not = (x: number): number => round(1 - x);
const times = (x: number, y: number): number => round(x * y);
const plus = (x: number, y: number): number => round(x + y);
const minus = (x: number, y: number): number => round(x - y);
const twice = (x: number, y: number): number => round(2 * times(x, y));
const within = (x: number): boolean => x >= 0 && x <= 1;

/** All numbers are of single precision. */
type Formula = (x: number, y: number, a: number, b: number) => number;

const light = (x: number, y: number, decides: number): number =>
  decides < 0.5 ? twice(x, y) : not(twice(not(x), not(y)));

function softLight(s: number, d: number): number {
  const slope = minus(round(2 * s), 1);
  if (s <= 0.5) return plus(d, times(times(slope, d), not(d)));
  const low = times(plus(times(minus(round(16 * d), 12), d), 4), d);
  return plus(d, times(slope, minus(d <= 0.25 ? low : round(Math.sqrt(d)), d)));
}

/** Formulas as stated in operation.ts. */
const FORMULAS: Readonly<Record<MergeOperation, Formula>> = {
  over: (x, y, a) => plus(x, times(y, not(a))),
  under: (x, y, _, b) => plus(times(x, not(b)), y),
  plus,
  minus,
  from: (x, y) => minus(y, x),
  difference: (x, y) => Math.abs(minus(x, y)),
  multiply: (x, y) => (x < 0 && y < 0 ? 0 : times(x, y)),
  divide: (x, y) => (y === 0 || (x < 0 && y < 0) ? 0 : round(x / y)),
  screen: (x, y) => (within(x) && within(y) ? minus(plus(x, y), times(x, y)) : x > y ? x : y),
  overlay: (x, y) => light(x, y, y),
  'hard-light': (x, y) => light(x, y, x),
  'soft-light': softLight,
  max: (x, y) => (x > y ? x : y),
  min: (x, y) => (x < y ? x : y),
  average: (x, y) => round(plus(x, y) * 0.5),
  hypot: (x, y) => round(Math.sqrt(plus(times(x, x), times(y, y)))),
  exclusion: (x, y) => minus(plus(x, y), twice(x, y)),
  in: (x, _, __, b) => times(x, b),
  out: (x, _, __, b) => times(x, not(b)),
  mask: (_, y, a) => times(y, a),
  stencil: (_, y, a) => times(y, not(a)),
  atop: (x, y, a, b) => plus(times(x, b), times(y, not(a))),
  xor: (x, y, a, b) => plus(times(x, not(b)), times(y, not(a))),
  matte: (x, y, a) => plus(times(x, a), times(y, not(a))),
  copy: (x) => x,
  'conjoint-over': (x, y, a, b) => (a >= b ? x : plus(x, b === 0 ? y : times(y, not(round(a / b))))),
  'disjoint-over': (x, y, a, b) => plus(x, b === 0 || plus(a, b) < 1 ? y : round(times(y, not(a)) / b)),
};

/** Samples of A and B with their alphas; see operation.ts. A NaN that comes out may be any. */
export function mergeSamples(
  operation: MergeOperation,
  samples: { readonly [Of in 'x' | 'y' | 'a' | 'b']: Float32Array },
  target: Float32Array,
): void {
  const { x, y, a, b } = samples;
  const formula = FORMULAS[operation];
  for (let i = 0; i < target.length; i++) target[i] = formula(x[i]!, y[i]!, a[i]!, b[i]!);
}

/** Masks within 0 and 1, turned round where asked, times `mix`, in place. A NaN weighs nothing before that. */
export function weighSamples(mask: Float32Array, invert: 'invert' | 'keep', mix: number): void {
  const factor = round(mix);
  for (let i = 0; i < mask.length; i++) {
    const w = mask[i]! > 0 ? Math.min(mask[i]!, 1) : 0;
    mask[i] = times(invert === 'invert' ? not(w) : w, factor);
  }
}

/** Goes from `from` to `samples` by the weight, in place: weights of 0 and 1 give one of them exactly. */
export function mixSamples(samples: Float32Array, from: Float32Array, weight: Float32Array): void {
  for (let i = 0; i < samples.length; i++) {
    const [x, y, w] = [samples[i]!, from[i]!, weight[i]!];
    samples[i] = w === 1 ? x : w === 0 ? y : plus(y, times(minus(x, y), w));
  }
}
