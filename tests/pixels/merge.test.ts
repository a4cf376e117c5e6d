// Merging: the kernels against the plain twins bit by bit for every operation, type and mask, and how tiles join.
import { expect, test } from 'vitest';
import { box } from '../../engine/base/box.ts';
import { kernelCalls } from '../../engine/pixels/kernels.ts';
import { MERGE_OPERATIONS, type MergeInput, type MergeOperation, runMerge } from '../../engine/pixels/merge.ts';
import { createPlane, type Plane } from '../../engine/pixels/plane.ts';
import { settleSamples } from '../../engine/pixels/reference/pointwise.ts';
import * as reference from '../../engine/pixels/reference.ts';
import { random } from '../base/random.ts';
import { expectSameBits } from './bits.ts';

/** Mostly what pictures hold, and whatever else single precision can. */
function someFloats(seed: number, count: number): Float32Array {
  const from = random(seed);
  const odd = [0, -0, Infinity, -Infinity, NaN, 1e-45, 3.4e38, 1, -1, 0.25, 0.5, 65504, -0.5];
  return Float32Array.from({ length: count }, (_, i) => {
    if (i % 5 === 0) return odd[from.int(0, odd.length - 1)]!;
    return (from.chance(0.8) ? 1 : -1) * (1 + from.int(0, 0x7fffff) / 0x800000) * 2 ** from.int(-9, 2);
  });
}

function plane(type: 'half' | 'float', floats: Float32Array): Plane {
  const made = createPlane(type, box(0, 0, floats.length - 1, 0));
  if (type === 'float') made.samples.set(floats);
  else reference.floatToHalf(floats, made.samples as Uint16Array);
  return made;
}

function floatsOf(plane: Plane | undefined, count: number): Float32Array {
  const made = new Float32Array(count);
  if (plane?.type === 'half') reference.halfToFloat(plane.samples as Uint16Array, made);
  else if (plane) made.set(plane.samples);
  return made;
}

/** The same by the plain twins. */
function plainly({ channels, alphaA, alphaB, mask, mix = 1, invert }: MergeInput, count: number): Plane[] {
  return channels.map(({ a, b, operation, type }) => {
    const target = new Float32Array(count);
    const samples = {
      x: floatsOf(a, count),
      y: floatsOf(b, count),
      a: floatsOf(alphaA, count),
      b: floatsOf(alphaB, count),
    };
    reference.mergeSamples(operation, samples, target);
    if (mask || mix !== 1) {
      const weight = floatsOf(mask, count);
      if (mask) reference.weighSamples(weight, invert ? 'invert' : 'keep', mix);
      else weight.fill(mix);
      reference.mixSamples(target, samples.y, weight);
    }
    settleSamples(target);
    return plane(type, target);
  });
}

test.each(MERGE_OPERATIONS)('%s: the kernels give the bits of the plain twins', (operation) => {
  let compared = 0;
  for (const [seed, count] of [1, 7, 2049, 6000].entries()) {
    for (const from of ['half', 'float'] as const) {
      for (const type of ['half', 'float'] as const) {
        const [a, b, alphaA, alphaB, mask] = [1, 2, 3, 4, 5].map((n) => plane(from, someFloats(seed * 10 + n, count)));
        const whole: MergeInput = { channels: [{ a: a!, b: b!, operation, type }], alphaA: alphaA!, alphaB: alphaB! };
        const cases: MergeInput[] = [
          whole,
          { ...whole, mask: mask! },
          { ...whole, mask: mask!, invert: true, mix: 0.3 },
          { ...whole, mix: 0.75 },
          { channels: [{ a: a!, operation, type }], alphaA: alphaA! },
          { channels: [{ b: b!, operation, type }], alphaB: alphaB!, mask: mask! },
        ];
        for (const [i, one] of cases.entries()) {
          const before = kernelCalls();
          const made = runMerge(one);
          expect(kernelCalls()).toBeGreaterThan(before);
          expectSameBits(made[0]!.samples, plainly(one, count)[0]!.samples, `${from} to ${type}, case ${i}`);
          compared += count;
        }
      }
    }
  }
  expect(compared).toBe(6 * 4 * (1 + 7 + 2049 + 6000));
});

/** Rows of A, B, a, b and what comes out; all of them halves, so that sums are exact. */
const ROWS: Readonly<Record<MergeOperation, readonly (readonly [number, number, number, number, number])[]>> = {
  over: [
    [0.5, 1, 0.5, 1, 1],
    [0.25, 3, 0, 1, 3.25],
    [2, 8, 1, 1, 2],
  ],
  under: [
    [4, 0.5, 1, 0.5, 2.5],
    [4, 0.5, 1, 1, 0.5],
  ],
  plus: [[1, 2, 0.5, 0.5, 3]],
  minus: [[1, 2.5, 0, 0, -1.5]],
  from: [[1, 2.5, 0, 0, 1.5]],
  difference: [
    [1, 2.5, 0, 0, 1.5],
    [2.5, 1, 0, 0, 1.5],
  ],
  multiply: [
    [2, 1.5, 0, 0, 3],
    [-2, 1.5, 0, 0, -3],
    [-2, -1, 0, 0, 0],
  ],
  divide: [
    [3, 2, 0, 0, 1.5],
    [3, 0, 0, 0, 0],
    [-3, 2, 0, 0, -1.5],
    [-3, -2, 0, 0, 0],
  ],
  screen: [
    [0.5, 0.5, 0, 0, 0.75],
    [0.25, 1, 0, 0, 1],
    [2, 0.5, 0, 0, 2],
    [-1, 0.5, 0, 0, 0.5],
  ],
  overlay: [
    [0.5, 0.25, 0, 0, 0.25],
    [0.25, 0.75, 0, 0, 0.625],
    [0, 0.5, 0, 0, 0],
  ],
  'hard-light': [
    [0.25, 0.5, 0, 0, 0.25],
    [0.75, 0.25, 0, 0, 0.625],
  ],
  'soft-light': [
    [0.5, 0.75, 0, 0, 0.75],
    [0, 0.5, 0, 0, 0.25],
    [1, 0.25, 0, 0, 0.5],
    [1, 4, 0, 0, 2],
    // (16/8 - 12)/8 + 4 = 2.75; a quarter of the way is 2.75/8.
    [1, 0.125, 0, 0, 0.34375],
  ],
  max: [
    [1, 2, 0, 0, 2],
    [-1, -2, 0, 0, -1],
  ],
  min: [
    [1, 2, 0, 0, 1],
    [-1, -2, 0, 0, -2],
  ],
  average: [[1, 2, 0, 0, 1.5]],
  hypot: [
    [3, 4, 0, 0, 5],
    [0, -2, 0, 0, 2],
  ],
  exclusion: [[0.5, 0.25, 0, 0, 0.5]],
  in: [[4, 9, 1, 0.25, 1]],
  out: [[4, 9, 1, 0.25, 3]],
  mask: [[9, 4, 0.25, 1, 1]],
  stencil: [[9, 4, 0.25, 1, 3]],
  atop: [[4, 8, 0.5, 0.25, 5]],
  xor: [[4, 8, 0.5, 0.25, 7]],
  matte: [[4, 8, 0.25, 0, 7]],
  copy: [[4, 8, 0.25, 0, 4]],
  'conjoint-over': [
    [1, 2, 0.5, 0.5, 1],
    [1, 2, 0.25, 0.5, 2],
    [1, 2, -1, 0, 3],
  ],
  'disjoint-over': [
    [1, 2, 0.25, 0.5, 3],
    [1, 2, 0.75, 0.5, 2],
    [1, 2, 1, 0, 3],
  ],
};

test('every operation gives what its formula gives by hand', () => {
  let compared = 0;
  for (const operation of MERGE_OPERATIONS) {
    for (const [x, y, a, b, wanted] of ROWS[operation]) {
      const of = (value: number): Plane => plane('float', Float32Array.of(value));
      const input: MergeInput = {
        channels: [{ a: of(x), b: of(y), operation, type: 'float' }],
        alphaA: of(a),
        alphaB: of(b),
      };
      expect(runMerge(input)[0]!.samples[0], `${operation} ${x} ${y} ${a} ${b}`).toBe(wanted);
      compared += 1;
    }
  }
  expect(compared).toBe(53);
});

test('a mask and mix lead from B to the result, exactly at both ends', () => {
  const of = (...values: number[]): Plane => plane('float', Float32Array.from(values));
  const channels = [{ a: of(8, 8, 8, 8, 8), b: of(4, 4, 4, 4, 4), operation: 'copy', type: 'float' } as const];
  const mask = of(0, 0.5, 1, 7, NaN);
  const samples = (more: Partial<MergeInput>): number[] => [...runMerge({ channels, ...more })[0]!.samples];
  expect(samples({ mask })).toEqual([4, 6, 8, 8, 4]);
  expect(samples({ mask, invert: true })).toEqual([8, 6, 4, 4, 8]);
  expect(samples({ mask, mix: 0.5 })).toEqual([4, 5, 6, 6, 4]);
  expect(samples({ mix: 0.25 })).toEqual([5, 5, 5, 5, 5]);
  const endless = [{ a: of(Infinity), b: of(4), operation: 'plus', type: 'float' } as const];
  expect([...runMerge({ channels: endless, mix: 0 })[0]!.samples]).toEqual([4]);
});

test('merging gives the same samples wherever the planes were cut', () => {
  const all = [1, 2, 3, 4, 5].map((seed) => plane('half', someFloats(seed, 5000)));
  const run = (from: number, to: number): Plane => {
    const [a, b, alphaA, alphaB, mask] = all.map((p) => ({ ...p, samples: p.samples.subarray(from, to) }));
    const channels = [{ a: a!, b: b!, operation: 'atop', type: 'half' } as const];
    return runMerge({ channels, alphaA: alphaA!, alphaB: alphaB!, mask: mask!, mix: 0.9 })[0]!;
  };
  const whole = run(0, 5000);
  for (const [from, to] of [
    [0, 1],
    [13, 4000],
    [2048, 5000],
  ] as const) {
    expectSameBits(run(from, to).samples, whole.samples.slice(from, to), `${from}`);
  }
});

test('planes that do not fit are refused', () => {
  const one = plane('float', Float32Array.of(1));
  const two = plane('float', Float32Array.of(1, 2));
  const wrong: MergeInput[] = [
    { channels: [{ a: one, b: two, operation: 'over', type: 'float' }] },
    { channels: [{ operation: 'over', type: 'float' }], mask: one },
    { channels: [{ a: { ...one, type: 'uint' }, operation: 'over', type: 'float' }] },
  ];
  for (const input of wrong) expect(() => runMerge(input)).toThrow(/do not fit/);
});
