// Point-wise programs: the kernels against the plain twins bit by bit, curves against their formulas, and how tiles join.
import { expect, test } from 'vitest';
import { box } from '../../engine/base/box.ts';
import { type Curve, evaluateCurve, tabulate } from '../../engine/pixels/curve.ts';
import { kernelCalls } from '../../engine/pixels/kernels.ts';
import { createPlane, type Plane, type SampleType } from '../../engine/pixels/plane.ts';
import { type PointwiseProgram, runPointwise } from '../../engine/pixels/pointwise.ts';
import * as reference from '../../engine/pixels/reference.ts';
import { random } from '../base/random.ts';
import { expectSameBits } from './bits.ts';

const CURVES: Readonly<Record<string, Curve>> = {
  power: { centre: { x: 0, y: 0 }, pieces: [{ from: 0, at: (x) => x ** (1 / 2.4) }] },
  steep: { centre: { x: 0, y: 0 }, pieces: [{ from: 0, at: (x) => x ** 2.6 }] },
  toe: {
    centre: { x: 0, y: 0 },
    pieces: [
      { from: 0, at: (x) => 12.92 * x },
      { from: 0.0031308, at: (x) => 1.055 * x ** (1 / 2.4) - 0.055 },
    ],
  },
  log: {
    origin: -0.25,
    pieces: [
      { from: -Infinity, at: (x) => x },
      { from: -0.25, at: (x) => Math.log(1.25 + x) - 0.25 },
    ],
  },
  exponential: {
    pieces: [
      { from: -Infinity, at: (x) => x + 1 },
      { from: 0, at: (x) => Math.exp(x) },
    ],
  },
  steps: {
    pieces: [
      { from: -Infinity, at: (x) => 2 * x },
      { from: 0, at: (x) => 2 * x + x * x },
      { from: 0.3, at: (x) => 0.69 + Math.sqrt(x - 0.3 + 0.01) - 0.1 },
      { from: 0.31, at: (x) => 0.69 + Math.sqrt(0.02) - 0.1 + 3 * (x - 0.31) },
    ],
  },
  about: {
    centre: { x: 0.1, y: 0.5 },
    pieces: [{ from: 0.1, at: (x) => 0.5 + Math.log10(1 + 80 * (x - 0.1)) / 4 }],
  },
  flat: { pieces: [{ from: -Infinity, at: () => 0.25 }] },
};
const TABLES = Object.fromEntries(Object.entries(CURVES).map(([name, curve]) => [name, tabulate(curve)]));

/** Floats of all sizes and signs, those that are no numbers, and what single precision can barely hold. */
function someFloats(seed: number, count: number): Float32Array {
  const from = random(seed);
  const odd = [0, -0, Infinity, -Infinity, NaN, 1e-45, -1e-45, 1.2e-38, 3.4e38, -3.4e38, 1, -1, 0.0031308, 65504];
  return Float32Array.from({ length: count }, (_, i) => {
    if (i % 9 === 0) return odd[from.int(0, odd.length - 1)]!;
    const size = from.chance(0.7) ? from.int(-14, 5) : from.int(-140, 127);
    return (from.chance(0.5) ? 1 : -1) * (1 + from.int(0, 0x7fffff) / 0x800000) * 2 ** size;
  });
}

function plane(type: SampleType, floats: Float32Array): Plane {
  const made = createPlane(type, box(0, 0, floats.length - 1, 0));
  if (type === 'float') made.samples.set(floats);
  else if (type === 'half') reference.floatToHalf(floats, made.samples as Uint16Array);
  else reference.floatToUint(floats, made.samples as Uint32Array);
  return made;
}

/** The same by the plain twins: floats of the samples, the program, samples of the floats. */
function plainly(program: PointwiseProgram, planes: readonly Plane[], alpha: Plane, type: SampleType): Plane[] {
  const floats = [...planes, alpha].map(({ type: of, samples }) => {
    const made = new Float32Array(samples.length);
    if (of === 'float') made.set(samples);
    else if (of === 'half') reference.halfToFloat(samples as Uint16Array, made);
    else reference.uintToFloat(samples as Uint32Array, made);
    return made;
  });
  const coverage = floats.pop()!;
  reference.plainPointwise(program, floats, coverage);
  return floats.map((f) => plane(type, f));
}

const each = <T>(value: T): readonly T[] => [value];

const PROGRAMS: Readonly<Record<string, PointwiseProgram>> = {
  nothing: [],
  mix: [{ do: 'mix', matrix: [1.7, -0.6, -0.1, -0.13, 1.14, -0.01, -0.02, -0.13, 1.15] }],
  'mix and add': [{ do: 'mix', matrix: [0, 1, 0, 0, 0, 1, 1, 0, 0], plus: [0.5, -0.25, 1e-3] }],
  scale: [{ do: 'scale', by: each(1.7), plus: [0.1, 0, -0.3] }],
  gain: [{ do: 'gain', by: 2 ** 0.3 }],
  limit: [{ do: 'limit', least: each(0), greatest: [1, Infinity, 0.5] }],
  divide: [{ do: 'divide' }],
  multiply: [{ do: 'multiply' }],
  cover: [{ do: 'cover' }],
  halve: [{ do: 'halve' }],
  ...Object.fromEntries(Object.entries(TABLES).map(([name, t]) => [`bend ${name}`, [{ do: 'bend', by: each(t) }]])),
  'all together': [
    { do: 'divide' },
    { do: 'bend', by: [TABLES['toe']!, null, TABLES['log']!] },
    { do: 'mix', matrix: [1.7, -0.6, -0.1, -0.13, 1.14, -0.01, -0.02, -0.13, 1.15] },
    { do: 'halve' },
    { do: 'scale', by: [2, 3, 0.5], plus: each(-0.01) },
    { do: 'bend', by: each(TABLES['power']!) },
    { do: 'limit', least: each(-1), greatest: each(20) },
    { do: 'multiply' },
  ],
};

test.each(Object.entries(PROGRAMS))('%s: the kernels give the bits of the plain twins', (_, program) => {
  let compared = 0;
  for (const [seed, count] of [1, 7, 2047, 2048, 2049, 20_000].entries()) {
    for (const from of ['half', 'float', 'uint'] as const) {
      for (const to of ['half', 'float', 'uint'] as const) {
        if (count > 2049 && from !== to) continue;
        const channels = [1, 2, 3].map((c) => plane(from, someFloats(seed * 10 + c, count)));
        const alpha = plane(from, someFloats(seed, count));
        const before = kernelCalls();
        const made = runPointwise(program, { channels, alpha, types: [to, to, to] });
        expect(kernelCalls()).toBeGreaterThan(before);
        const wanted = plainly(program, channels, alpha, to);
        for (let c = 0; c < 3; c++) expectSameBits(made[c]!.samples, wanted[c]!.samples, `${from} to ${to}, ${c}`);
        compared += count * 3;
      }
    }
  }
  expect(compared).toBe(3 * (9 * (1 + 7 + 2047 + 2048 + 2049) + 3 * 20_000));
});

test('a program gives the same samples wherever the planes were cut', () => {
  const program = PROGRAMS['all together']!;
  const whole = [1, 2, 3, 4].map((seed) => plane('half', someFloats(seed, 9000)));
  const run = (from: number, to: number): Plane[] => {
    const cut = whole.map((p) => ({ ...p, samples: p.samples.subarray(from, to) }));
    return runPointwise(program, { channels: cut.slice(0, 3), alpha: cut[3]!, types: ['half', 'half', 'half'] });
  };
  const all = run(0, 9000);
  for (const [from, to] of [
    [0, 1],
    [13, 4000],
    [2048, 9000],
    [8999, 9000],
  ] as const) {
    for (const [i, p] of run(from, to).entries()) expectSameBits(p.samples, all[i]!.samples.slice(from, to), `${from}`);
  }
});

test('two programs one after the other are the joined one, where a half lies between them', () => {
  const first: PointwiseProgram = [{ do: 'scale', by: each(1.3), plus: each(0.01) }];
  const second: PointwiseProgram = [{ do: 'bend', by: each(TABLES['toe']!) }];
  const channels = [plane('half', someFloats(5, 5000))];
  const between = runPointwise(first, { channels, types: ['half'] });
  const last = runPointwise(second, { channels: between, types: ['half'] });
  const joined = runPointwise([...first, { do: 'halve' }, ...second], { channels, types: ['half'] });
  expectSameBits(joined[0]!.samples, last[0]!.samples, 'joined');
});

test.each(Object.entries(CURVES))(
  'the table of %s is as near to the formula as single precision allows',
  (name, curve) => {
    const floats = someFloats(3, 60_000).filter(
      (f) => Number.isFinite(f) && Math.abs(f) < 2 ** 17 && Math.abs(f) > 2 ** -40,
    );
    const [made] = runPointwise([{ do: 'bend', by: each(TABLES[name]!) }], {
      channels: [plane('float', floats)],
      types: ['float'],
    });
    const crosses = ['log', 'exponential', 'about'].includes(name);
    let worst = 0;
    for (const [i, x] of floats.entries()) {
      const wanted = evaluateCurve(curve, x);
      if (Math.abs(wanted) > 2 ** 20) continue;
      // Near a zero elsewhere than at 0, what single precision can hold of the terms decides.
      const size = Math.max(Math.abs(wanted), crosses ? 2 ** -2 : 0);
      worst = Math.max(worst, Math.abs(made!.samples[i]! - wanted) / size);
    }
    expect(worst).toBeLessThan(crosses ? 2 ** -21 : 2 ** -22);
    expect(floats.length).toBeGreaterThan(30_000);
  },
);

test('infinities go to the ends of a curve and NaN stays, as the one quiet NaN', () => {
  const ends = Float32Array.of(Infinity, -Infinity, NaN);
  const bend = (name: string): number[] => {
    const program: PointwiseProgram = [{ do: 'bend', by: each(TABLES[name]!) }];
    const [made] = runPointwise(program, { channels: [plane('float', ends)], types: ['float'] });
    expect(new Uint32Array(made!.samples.buffer)[2]).toBe(0x7fc00000);
    return [...made!.samples].slice(0, 2);
  };
  for (const name of ['power', 'toe', 'log', 'exponential', 'steps', 'about']) {
    expect(bend(name), name).toEqual([Infinity, -Infinity]);
  }
  expect(bend('flat')).toEqual([0.25, 0.25]);
});

test('planes that do not fit the program, and curves that bend below their origin, are refused', () => {
  const one = plane('float', Float32Array.of(1));
  expect(() => runPointwise(PROGRAMS['mix']!, { channels: [one], types: ['float'] })).toThrow(/do not fit/);
  expect(() => runPointwise([{ do: 'divide' }], { channels: [one], types: ['float'] })).toThrow(/do not fit/);
  const bad: Curve = {
    pieces: [
      { from: -Infinity, at: (x) => x },
      { from: -1, at: (x) => 2 * x + 1 },
    ],
  };
  expect(() => tabulate(bad)).toThrow(/below its origin/);
});

test('halving rounds every float of a dense sample as converting to half and back does', () => {
  // Every half, its neighbours among floats and its ties, by bits; and floats of all exponents.
  const bits = new Uint32Array(65536 * 6);
  const halves = Uint16Array.from({ length: 65536 }, (_, half) => half);
  const floats = new Float32Array(65536);
  reference.halfToFloat(halves, floats);
  const exact = new Uint32Array(floats.buffer);
  for (let i = 0; i < 65536; i++) {
    for (const [k, step] of [-1, 0, 1, 0xfff, 0x1000, 0x1001].entries()) bits[i * 6 + k] = (exact[i]! + step) >>> 0;
  }
  const wide = Uint32Array.from({ length: 2 ** 18 }, (_, i) => Math.imul(i, 0x4001) >>> 0);
  for (const source of [bits, wide]) {
    const samples = new Float32Array(source.buffer);
    const input = { ...createPlane('float', box(0, 0, samples.length - 1, 0)), samples };
    const [fast] = runPointwise([{ do: 'halve' }], { channels: [input], types: ['float'] });
    const plain = Float32Array.from(samples);
    reference.plainPointwise([{ do: 'halve' }], [plain], undefined);
    expectSameBits(fast!.samples, plain, 'halved');
  }
});
