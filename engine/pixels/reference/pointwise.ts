// The plain definition of arithmetic on samples that needs no neighbours, step by step in single precision.
import {
  type ColourStep,
  entryOf,
  mixTerms,
  type PointwiseProgram,
  type PointwiseStep,
  takesColours,
} from '../step.ts';
import { cubeTetrahedral, cubeTrilinear, lookSamples, splineSamples } from './lookup.ts';
import { floatToHalf, halfToFloat } from './sample.ts';

const round = Math.fround;

/** Twelve numbers of single precision: a 3 by 3 matrix row by row, then what is added to each row. */
export function mixColours(r: Float32Array, g: Float32Array, b: Float32Array, matrix: Float32Array): void {
  const [m0 = 0, m1 = 0, m2 = 0, m3 = 0, m4 = 0, m5 = 0, m6 = 0, m7 = 0, m8 = 0, s0 = 0, s1 = 0, s2 = 0] = matrix;
  const row = (p: number, q: number, s: number, plus: number): number => round(round(round(p + q) + s) + plus);
  for (let i = 0; i < r.length; i++) {
    const x = r[i]!;
    const y = g[i]!;
    const z = b[i]!;
    r[i] = row(round(m0 * x), round(m1 * y), round(m2 * z), s0);
    g[i] = row(round(m3 * x), round(m4 * y), round(m5 * z), s1);
    b[i] = row(round(m6 * x), round(m7 * y), round(m8 * z), s2);
  }
}

/** Multiplies, then adds. */
export function scaleSamples(samples: Float32Array, by: number, plus: number): void {
  const factor = round(by);
  const shift = round(plus);
  for (let i = 0; i < samples.length; i++) samples[i] = round(round(samples[i]! * factor) + shift);
}

/** Multiplies in double precision and rounds once. */
export function gainSamples(samples: Float32Array, by: number): void {
  for (let i = 0; i < samples.length; i++) samples[i] = round(samples[i]! * by);
}

/** Keeps samples within two limits. A NaN stays one. */
export function limitSamples(samples: Float32Array, least: number, greatest: number): void {
  const low = round(least);
  const high = round(greatest);
  for (let i = 0; i < samples.length; i++) {
    const bounded = samples[i]! < low ? low : samples[i]!;
    samples[i] = bounded > high ? high : bounded;
  }
}

/** Divides by alpha. Where alpha is 0 the sample stays. */
export function divideSamples(samples: Float32Array, alpha: Float32Array): void {
  for (let i = 0; i < samples.length; i++) if (alpha[i] !== 0) samples[i] = round(samples[i]! / alpha[i]!);
}

/** Multiplies by alpha. Where alpha is 0 the sample stays. */
export function multiplySamples(samples: Float32Array, alpha: Float32Array): void {
  for (let i = 0; i < samples.length; i++) if (alpha[i] !== 0) samples[i] = round(samples[i]! * alpha[i]!);
}

/** Multiplies by alpha. Where alpha is 0 it becomes 0. */
export function coverSamples(samples: Float32Array, alpha: Float32Array): void {
  for (let i = 0; i < samples.length; i++) samples[i] = alpha[i] === 0 ? 0 : round(samples[i]! * alpha[i]!);
}

/** Makes every NaN the quiet one with the bits 7fc00000. */
export function settleSamples(samples: Float32Array): void {
  const bits = new Uint32Array(samples.buffer, samples.byteOffset, samples.length);
  for (let i = 0; i < samples.length; i++) if (Number.isNaN(samples[i])) bits[i] = 0x7fc00000;
}

const single = new Float32Array(1);
const bitsOfSingle = new Int32Array(single.buffer);

/** Bends each sample by a curve. The table is one of `tabulate` in curve.ts, which describes it. */
export function bendSamples(samples: Float32Array, table: Uint8Array): void {
  const floats = new Float32Array(table.buffer, table.byteOffset, table.byteLength >> 2);
  const whole = new Int32Array(table.buffer, table.byteOffset, table.byteLength >> 2);
  const before = floats[0]!;
  const after = floats[1]!;
  const odd = whole[2]!;
  const shift = whole[3]!;
  const low = whole[4]!;
  const high = whole[5]!;
  const mask = whole[11]!;
  const unit = floats[12]!;
  for (let i = 0; i < samples.length; i++) {
    const u = round(samples[i]! - before);
    if (!Number.isFinite(u)) {
      samples[i] = Number.isNaN(u) ? u : u > 0 ? floats[9]! : floats[10]!;
      continue;
    }
    single[0] = u;
    const turned = (bitsOfSingle[0]! & odd) !== 0;
    const m = turned ? -u : u;
    single[0] = m;
    const bits = bitsOfSingle[0]!;
    const k = bits >> shift;
    let row = Math.min(Math.max(k, low), high) - low;
    for (let cut = 6; cut < 9; cut++) if (m >= floats[cut]!) row++;
    const t = k <= low || k >= high ? m : round((bits & mask) * unit);
    const at = 16 + row * 4;
    let y = round(round(floats[at + 3]! * t) + floats[at + 2]!);
    y = round(round(y * t) + floats[at + 1]!);
    y = round(round(y * t) + floats[at]!);
    samples[i] = round((turned ? -y : y) + after);
  }
}

const THROUGH = { bend: bendSamples, look: lookSamples, spline: splineSamples } as const;

/** Runs a program on floats in place; a NaN that comes out is the quiet one. */
export function plainPointwise(
  program: PointwiseProgram,
  channels: readonly Float32Array[],
  alpha?: Float32Array,
): void {
  for (const step of program) {
    if (takesColours(step)) {
      plainColours(step, channels[0]!, channels[1]!, channels[2]!);
      continue;
    }
    for (const [i, samples] of channels.entries()) plainStep(step, i, samples, alpha);
  }
  for (const samples of channels) settleSamples(samples);
}

function plainColours(step: ColourStep, r: Float32Array, g: Float32Array, b: Float32Array): void {
  if (step.do === 'mix') mixColours(r, g, b, mixTerms(step));
  else if (step.way === 'trilinear') cubeTrilinear(r, g, b, step.by.bytes);
  else cubeTetrahedral(r, g, b, step.by.bytes);
}

function plainStep(
  step: Exclude<PointwiseStep, ColourStep>,
  channel: number,
  samples: Float32Array,
  alpha: Float32Array | undefined,
): void {
  if (step.do === 'scale') scaleSamples(samples, entryOf(step.by, channel), entryOf(step.plus, channel));
  else if (step.do === 'gain') gainSamples(samples, step.by);
  else if (step.do === 'limit') limitSamples(samples, entryOf(step.least, channel), entryOf(step.greatest, channel));
  else if (step.do === 'divide') divideSamples(samples, alpha!);
  else if (step.do === 'multiply') multiplySamples(samples, alpha!);
  else if (step.do === 'cover') coverSamples(samples, alpha!);
  else if (step.do === 'bend' || step.do === 'look' || step.do === 'spline') {
    const table = entryOf(step.by, channel);
    if (table) THROUGH[step.do](samples, table.bytes);
  } else {
    const halves = new Uint16Array(samples.length);
    floatToHalf(samples, halves);
    halfToFloat(halves, samples);
  }
}
