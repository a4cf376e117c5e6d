// Tables as steps of point-wise programs: the kernels against the plain twins bit by bit, and expected samples by hand.
import { describe, expect, it } from 'vitest';
import { box } from '../../engine/base/box.ts';
import { kernelCalls } from '../../engine/pixels/kernels.ts';
import { cubeTable, type Knot, rowTable, splineTable } from '../../engine/pixels/lookup.ts';
import { createPlane, type Plane } from '../../engine/pixels/plane.ts';
import { type PointwiseProgram, runPointwise } from '../../engine/pixels/pointwise.ts';
import * as reference from '../../engine/pixels/reference.ts';
import { random } from '../base/random.ts';
import { expectSameBits } from './bits.ts';

const from = random(11);
const numbers = (count: number): number[] => Array.from({ length: count }, () => from.int(-2000, 3000) / 1000);

const row = rowTable({ from: -0.25, to: 1.5, entries: numbers(37) });
const pair = rowTable({ from: 0, to: 1, entries: [0, 1] });
const sizes = [5, 2, 9] as const;
const cube = cubeTable({ from: [0, -0.5, 0], to: [1, 1, 3], sizes, entries: numbers(5 * 2 * 9 * 3) });
const knot = (x: number, y: number, slope: number): Knot => ({ x, y, before: slope, after: slope });
const curve = splineTable([
  { x: -0.2, y: 0.1, before: 0, after: 2 },
  knot(0.25, 0.5, 1),
  knot(0.7, 0.9, -1),
  knot(1, 0.8, 0.5),
]);
const single = splineTable([{ x: 0.5, y: 2, before: 1, after: 3 }]);
const many = splineTable(
  Array.from({ length: 700 }, (_, i) => knot(i / 300, Math.sin(i / 40), Math.cos(i / 40) * 7.5)),
);

const PROGRAMS: Readonly<Record<string, PointwiseProgram>> = {
  row: [{ do: 'look', by: [row] }],
  'rows of channels': [{ do: 'look', by: [row, null, pair] }],
  tetrahedral: [{ do: 'cube', by: cube, way: 'tetrahedral' }],
  trilinear: [{ do: 'cube', by: cube, way: 'trilinear' }],
  spline: [{ do: 'spline', by: [curve, single, many] }],
  'all together': [
    { do: 'divide' },
    { do: 'look', by: [row] },
    { do: 'halve' },
    { do: 'cube', by: cube, way: 'tetrahedral' },
    { do: 'mix', matrix: [1.7, -0.6, -0.1, -0.13, 1.14, -0.01, -0.02, -0.13, 1.15] },
    { do: 'spline', by: [null, many, curve] },
    { do: 'cube', by: cube, way: 'trilinear' },
    { do: 'multiply' },
  ],
};

function someFloats(seed: number, count: number): Float32Array {
  const dice = random(seed);
  const odd = [0, -0, Infinity, -Infinity, NaN, 1e-45, -3.4e38, 3.4e38, 1, 0.5, 0.25, -0.25, 1.5, 0.125, 0.7];
  return Float32Array.from({ length: count }, (_, i) => {
    if (i % 7 === 0) return odd[dice.int(0, odd.length - 1)]!;
    return dice.chance(0.8) ? dice.int(-600, 3200) / 1000 : (dice.chance(0.5) ? 1 : -1) * 2 ** dice.int(-30, 100);
  });
}

function plane(floats: ArrayLike<number>): Plane {
  const made = createPlane('float', box(0, 0, floats.length - 1, 0));
  made.samples.set(floats);
  return made;
}

describe.each(Object.entries(PROGRAMS))('%s', (_, program) => {
  it('has the bits of the plain twin', () => {
    let compared = 0;
    for (const [seed, count] of [1, 3, 2048, 2051, 9000].entries()) {
      const channels = [1, 2, 3].map((c) => someFloats(seed * 10 + c, count));
      const alpha = someFloats(seed, count);
      const before = kernelCalls();
      const made = runPointwise(program, {
        channels: channels.map(plane),
        alpha: plane(alpha),
        types: ['float', 'float', 'float'],
      });
      expect(kernelCalls()).toBeGreaterThan(before);
      reference.plainPointwise(program, channels, alpha);
      for (let c = 0; c < 3; c++) expectSameBits(made[c]!.samples, channels[c]!, `${count}, ${c}`);
      compared += count * 3;
    }
    expect(compared).toBe(3 * (1 + 3 + 2048 + 2051 + 9000));
  });
});

function run(program: PointwiseProgram, ...channels: readonly (readonly number[])[]): number[][] {
  const made = runPointwise(program, { channels: channels.map(plane), types: channels.map(() => 'float') });
  return made.map(({ samples }) => [...samples]);
}

it('a row is straight between entries, and outside as its ends; a NaN stays one', () => {
  const table = rowTable({ from: 1, to: 3, entries: [10, 20, 40] });
  const [made] = run([{ do: 'look', by: [table] }], [1, 1.5, 2, 2.75, 3, 0, -Infinity, 4, Infinity, NaN]);
  expect(made).toEqual([10, 15, 20, 35, 40, 10, 10, 40, 40, NaN]);
});

/** On a grid of 2 x 2 x 2 that is 1 at one corner and 0 at the others. */
const corner = (at: number): PointwiseProgram => {
  const entries = new Float32Array(24);
  entries.fill(1, at * 3, at * 3 + 3);
  return [
    { do: 'cube', by: cubeTable({ from: [0, 0, 0], to: [1, 1, 1], sizes: [2, 2, 2], entries }), way: 'tetrahedral' },
  ];
};

it('a tetrahedron weighs four corners by the order of red, green and blue', () => {
  // Red 0.75, green 0.5, blue 0.125: by way of red, then red and green. Then the six other orders.
  const orders = [
    [0.75, 0.5, 0.125],
    [0.75, 0.125, 0.5],
    [0.5, 0.75, 0.125],
    [0.125, 0.75, 0.5],
    [0.5, 0.125, 0.75],
    [0.125, 0.5, 0.75],
  ];
  const [r, g, b] = [0, 1, 2].map((c) => orders.map((o) => o[c]!));
  const weights = Array.from({ length: 8 }, (_, at) => run(corner(at), r!, g!, b!)[0]!);
  // The corner of the greatest alone, then that of the two greatest: red is 1, green 2, blue 4.
  const way = [
    [1, 3],
    [1, 5],
    [2, 3],
    [2, 6],
    [4, 5],
    [4, 6],
  ];
  for (const [i, [one, two]] of way.entries()) {
    const expected = new Array(8).fill(0);
    expected[0] = 0.25;
    expected[one!] = 0.25;
    expected[two!] = 0.375;
    expected[7] = 0.125;
    expect(
      weights.map((w) => w[i]),
      `${orders[i]}`,
    ).toEqual(expected);
  }
});

it('a cube gives its own entries on the grid, greys between greys, and its sides for what lies outside', () => {
  const size = 4;
  const entries: number[] = [];
  for (let b = 0; b < size; b++)
    for (let g = 0; g < size; g++) for (let r = 0; r < size; r++) entries.push(r + 10 * g, g * g, b - r);
  const table = cubeTable({ from: [0, 0, 0], to: [3, 3, 3], sizes: [size, size, size], entries });
  let compared = 0;
  for (const way of ['tetrahedral', 'trilinear'] as const) {
    const program: PointwiseProgram = [{ do: 'cube', by: table, way }];
    for (let b = 0; b < size; b++) {
      for (let g = 0; g < size; g++) {
        for (let r = 0; r < size; r++) {
          expect(run(program, [r], [g], [b])).toEqual([[r + 10 * g], [g * g], [b - r]]);
          compared++;
        }
      }
    }
    expect(run(program, [-1, 9, 1.5], [0, 0, 1.5], [0, 4, 1.5])).toEqual([
      [0, 3, 16.5],
      [0, 0, 2.5],
      [0, 0, 0],
    ]);
    expect(run(program, [1, NaN], [NaN, 1], [1, 1])).toEqual([
      [NaN, NaN],
      [NaN, NaN],
      [NaN, NaN],
    ]);
  }
  expect(compared).toBe(128);
});

it('a spline meets its knots and slopes, and is straight beyond them', () => {
  const table = splineTable([
    { x: 0, y: 1, before: 2, after: 0 },
    { x: 2, y: 5, before: 0, after: 0 },
  ]);
  const [made] = run([{ do: 'spline', by: [table] }], [-1, 0, 1, 0.5, 2, 7, Infinity, -Infinity, NaN]);
  // Halfway and a quarter of the way along 3 t^2 - 2 t^3.
  expect(made).toEqual([-1, 1, 3, 1 + 4 * (3 / 16 - 2 / 64), 5, 5, 5, -Infinity, NaN]);
});

it('tables that cannot be are refused', () => {
  expect(() => rowTable({ from: 0, to: 0, entries: [0, 1] })).toThrow(/domain that rises/);
  expect(() => rowTable({ from: 0, to: 1, entries: [1] })).toThrow(/two entries/);
  expect(() => rowTable({ from: 0, to: 1e-44, entries: [0, 1] })).toThrow(/floats/);
  const whole = { from: [0, 0, 0], to: [1, 1, 1] };
  expect(() => cubeTable({ ...whole, sizes: [2, 2, 2], entries: new Float32Array(21) })).toThrow(/fit its sizes/);
  expect(() => splineTable([])).toThrow(/rise/);
  expect(() => splineTable([knot(0, 0, 1), knot(1e-50, 0, 1)])).toThrow(/rise/);
});
