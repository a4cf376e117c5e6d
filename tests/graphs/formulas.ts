// What the example comps do, written down once more as plain formulas over whole pictures of doubles.

/** One channel, row by row. */
export interface Raster {
  readonly width: number;
  readonly height: number;
  readonly samples: Float32Array | Float64Array;
}

type Triple = readonly [number, number, number];
export type Matrix = readonly [Triple, Triple, Triple];

/** From the chromaticities in ARRI's document and in S-2014-004, white adapted by Bradford's matrix. */
export const AWG4_TO_AP1: Matrix = [
  [1.090227041, -0.030918418, -0.059308623],
  [-0.055779862, 1.171289918, -0.115510056],
  [0.005437679, -0.001619258, 0.996181579],
];
export const REC709_TO_AP1: Matrix = [
  [0.613097402, 0.339523146, 0.047379451],
  [0.070193722, 0.916353879, 0.013452398],
  [0.020615593, 0.109569773, 0.869814634],
];

/** Linear light of an ARRI LogC4 code (specification of 2022, section 2). */
export function linearOfLogC4(code: number): number {
  const a = (2 ** 18 - 16) / 117.45;
  const b = (1023 - 95) / 1023;
  const c = 95 / 1023;
  return (2 ** ((14 * (code - c)) / b + 6) - 64) / a;
}

export const map = (raster: Raster, change: (value: number, i: number) => number): Raster => ({
  ...raster,
  samples: Float64Array.from(raster.samples, change),
});

export const multiplied = ([r, g, b]: readonly Raster[], matrix: Matrix): Raster[] =>
  matrix.map(([x, y, z]) => map(r!, (value, i) => x * value + y * g!.samples[i]! + z * b!.samples[i]!));

/** Samples that are no finite numbers become the median of the sound ones among their eight neighbours, the lower one of two. */
export function mended(raster: Raster): Raster {
  const { width, height, samples } = raster;
  return map(raster, (value, i) => {
    if (Number.isFinite(value)) return value;
    const around: number[] = [];
    for (let y = Math.floor(i / width) - 1; y <= Math.floor(i / width) + 1; y++) {
      for (let x = (i % width) - 1; x <= (i % width) + 1; x++) {
        const inside = x >= 0 && y >= 0 && x < width && y < height;
        if (inside && Number.isFinite(samples[y * width + x]!)) around.push(samples[y * width + x]!);
      }
    }
    around.sort((p, q) => p - q);
    return around[(around.length - 1) >> 1]!;
  });
}

export function cut({ width, samples }: Raster, [left, top, right, bottom]: readonly number[]): Raster {
  const made = { width: right! - left! + 1, height: bottom! - top! + 1 };
  const at = (i: number): number => (top! + Math.floor(i / made.width)) * width + left! + (i % made.width);
  return { ...made, samples: Float64Array.from({ length: made.width * made.height }, (_, i) => samples[at(i)]!) };
}

const sinc = (x: number): number => (x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x));
const lanczos = (x: number): number => (Math.abs(x) < 3 ? sinc(x) * sinc(x / 3) : 0);

/** Scaled to a width and a height by Lanczos of three lobes, which is widened where the picture becomes smaller; edges repeat. */
export function scaled(raster: Raster, width: number, height: number): Raster {
  const turned = along(raster, width);
  return transposed(along(transposed(turned), height));
}

function along({ width, height, samples }: Raster, to: number): Raster {
  const step = width / to;
  const made = new Float64Array(to * height);
  for (let x = 0; x < to; x++) {
    const centre = (x + 0.5) * step - 0.5;
    const reach = 3 * Math.max(1, step);
    const taps: [from: number, weight: number][] = [];
    for (let at = Math.ceil(centre - reach); at <= centre + reach; at++)
      taps.push([Math.min(width - 1, Math.max(0, at)), lanczos((at - centre) / Math.max(1, step))]);
    const whole = taps.reduce((sum, [, weight]) => sum + weight, 0);
    for (let y = 0; y < height; y++)
      made[y * to + x] = taps.reduce((sum, [from, weight]) => sum + samples[y * width + from]! * weight, 0) / whole;
  }
  return { width: to, height, samples: made };
}

function transposed({ width, height, samples }: Raster): Raster {
  const at = (i: number): number => (i % height) * width + Math.floor(i / height);
  return { width: height, height: width, samples: Float64Array.from(samples, (_, i) => samples[at(i)]!) };
}

/** The value of a Gaussian blur at one pixel; edges repeat. */
export function blurredAt({ width, height, samples }: Raster, x: number, y: number, sigma: number): number {
  const reach = Math.ceil(5 * sigma);
  const within = (value: number, count: number): number => Math.min(count - 1, Math.max(0, value));
  let sum = 0;
  let whole = 0;
  for (let v = -reach; v <= reach; v++) {
    for (let u = -reach; u <= reach; u++) {
      const weight = Math.exp(-(u * u + v * v) / (2 * sigma * sigma));
      sum += weight * samples[within(y + v, height) * width + within(x + u, width)]!;
      whole += weight;
    }
  }
  return sum / whole;
}

/** Gain, then gamma, which leaves what is not positive alone and goes on as a straight line above 1. */
export function graded(value: number, gain: number, gamma: number): number {
  const lit = value * gain;
  if (lit <= 0) return lit;
  return lit <= 1 ? lit ** (1 / gamma) : 1 + (lit - 1) / gamma;
}

/** The greatest error of rounding a number to half. */
export const halfStep = (value: number): number =>
  Math.abs(value) < 2 ** -14 ? 2 ** -25 : 2 ** (Math.floor(Math.log2(Math.abs(value))) - 11);
