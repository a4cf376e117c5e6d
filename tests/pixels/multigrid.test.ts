// Sweeps over lattices: the kernels against the plain twins bit by bit, and that the preconditioner is symmetric.
import { expect, test } from 'vitest';
import { kernelCalls } from '../../engine/pixels/kernels.ts';
import { type LatticeWork, latticeKernels } from '../../engine/pixels/multigrid.ts';
import { type NormalForm, slopesOf } from '../../engine/pixels/normal.ts';
import { plainLattice, plainSlopes } from '../../engine/pixels/reference.ts';
import { coarsen } from '../../nodes/integrate/poisson/coarsen.ts';
import { cycle } from '../../nodes/integrate/poisson/cycle.ts';
import { joinPixels } from '../../nodes/integrate/poisson/finest.ts';
import { bytesFor, type Hierarchy, layOut } from '../../nodes/integrate/poisson/level.ts';
import { random } from '../base/random.ts';

const NONE = { columns: false, rows: false };

/** A hierarchy over a picture in which some pixels are of no island and neighbours of several. */
function hierarchyOf(work: LatticeWork, columns: number, rows: number, seed: number): Hierarchy {
  const from = random(seed);
  const islands = new Uint32Array(columns * rows);
  for (let i = 0; i < islands.length; i++)
    islands[i] = from.chance(0.2) ? 0 : i % columns < columns / 3 || i > islands.length / 2 ? 1 : 2;
  const made = layOut(columns, rows, work);
  joinPixels(made.levels[0]!, islands, NONE);
  for (let i = 1; i < made.levels.length; i++) Array.from(coarsen(made.levels[i - 1]!, made.levels[i]!, NONE));
  return made;
}

function fillWith(seed: number, array: Float32Array | Float64Array): void {
  const from = random(seed);
  for (let i = 0; i < array.length; i++) array[i] = from.int(-1000, 1000) / 97;
}

const bits = (array: Float32Array | Float64Array): Buffer =>
  Buffer.from(array.buffer, array.byteOffset, array.byteLength);

const SIZES = [
  [37, 23],
  [64, 64],
  [9, 40],
  [1, 5],
  [130, 3],
] as const;

test('every kernel gives the bits of its plain twin', () => {
  let compared = 0;
  const same = (a: Float32Array | Float64Array, b: Float32Array | Float64Array, what: string): void => {
    expect(Buffer.compare(bits(a), bits(b)), what).toBe(0);
    compared += 1;
  };
  for (const [columns, rows] of SIZES) {
    const bytes = bytesFor(columns, rows);
    const works = [latticeKernels(bytes), plainLattice(bytes)] as const;
    const [fast, plain] = works.map((work) => hierarchyOf(work, columns, rows, columns)) as [Hierarchy, Hierarchy];
    for (const [l, { lattice }] of fast.levels.entries()) {
      const pair = [fast.levels[l]!, plain.levels[l]!] as const;
      for (const sweep of ['start', 'forth', 'back'] as const) {
        for (const [i, level] of pair.entries()) {
          fillWith(l + 1, level.u);
          fillWith(l + 2, level.f);
          works[i]!.relax(level.lattice, level.u, level.f, sweep);
        }
        const inside = pair.map(({ u }) => u.subarray(lattice.stride, (lattice.rows + 1) * lattice.stride));
        same(inside[0]!, inside[1]!, `${sweep} ${columns} x ${rows}, level ${l}`);
      }
      if (l + 1 === fast.levels.length) continue;
      for (const [i, { levels, work }] of [fast, plain].entries()) {
        const [finer, coarser] = [levels[l]!, levels[l + 1]!];
        works[i]!.restrict(finer.lattice, finer.u, finer.f, coarser.lattice, coarser.f, work);
        fillWith(5, coarser.u);
        works[i]!.prolong(coarser.lattice, coarser.u, finer.lattice, finer.u);
      }
      same(fast.levels[l + 1]!.f, plain.levels[l + 1]!.f, `restrict ${columns} x ${rows}, level ${l}`);
      same(fast.levels[l]!.u, plain.levels[l]!.u, `prolong ${columns} x ${rows}, level ${l}`);
    }
    const sums = [fast, plain].map(({ levels, x, d, p, q }, i) => {
      const work = works[i]!;
      const { lattice, u, f } = levels[0]!;
      for (const [seed, array] of [x, d, p, q, u, f].entries()) fillWith(seed, array);
      const count = Math.min(rows, 60);
      const coarser = levels.at(-2)!;
      const made = [
        work.residual(lattice, x, f, { first: 0, count }, { p, q }),
        work.energy(lattice, d, u),
        work.energy(coarser.lattice, coarser.u, coarser.f),
        work.advance(lattice, x, f, d, 0.37),
      ];
      work.turn(d, u, 0.21);
      return [...made, work.dot(d, f)];
    });
    expect(sums[0]).toEqual(sums[1]);
    compared += sums[0]!.length;
    same(fast.x, plain.x, 'x');
    same(fast.d, plain.d, 'd');
    same(fast.levels[0]!.f, plain.levels[0]!.f, 'r');
  }
  expect(compared).toBe(200);
});

test('a cycle is symmetric and positive, as conjugate gradients need it', () => {
  let checked = 0;
  for (const [columns, rows] of SIZES) {
    const work = latticeKernels(bytesFor(columns, rows));
    const hierarchy = hierarchyOf(work, columns, rows, rows);
    const { lattice, base, u, f, extras } = hierarchy.levels[0]!;
    expect(extras.count).toBe(0);
    const apply = (seed: number): readonly [Float32Array, Float32Array] => {
      fillWith(seed, f);
      for (let i = 0; i < base; i++) if ((lattice.flags[i]! & 112) === 0) f[i] = 0;
      const given = f.slice();
      Array.from(cycle(work, hierarchy, 0, 'zero'));
      return [given, u.slice()];
    };
    const dot = (a: Float32Array, b: Float32Array): number => a.reduce((sum, value, i) => sum + value * b[i]!, 0);
    const [[a, ca], [b, cb]] = [apply(1), apply(2)];
    const scale = Math.sqrt(dot(a, ca) * dot(b, cb));
    expect(dot(a, ca)).toBeGreaterThan(0);
    expect(Math.abs(dot(a, cb) - dot(b, ca)) / scale).toBeLessThan(1e-5);
    checked += 1;
  }
  expect(checked).toBe(5);
});

test('slopes of normals: the kernel gives the bits of the plain twin', () => {
  const columns = 61;
  const from = random(3);
  const planes = [0, 1, 2].map(() => new Float32Array(columns * 40));
  for (const plane of planes) {
    for (let i = 0; i < plane.length; i++)
      plane[i] = from.chance(0.1) ? from.pick([0, 0.5, 1, NaN, Infinity, -0]) : from.int(0, 255) / 255;
  }
  for (const plane of planes) plane.fill(0, 100, 140);
  let compared = 0;
  const calls = kernelCalls();
  for (const [scale, offset] of [
    [2, -1],
    [255 / 127, -128 / 127],
    [1, 0],
  ] as const) {
    for (const rebuild of [false, true])
      for (const normalise of [false, true])
        for (const yDown of [false, true])
          for (const maxSlope of [10, 0.5]) {
            const form: NormalForm = { scale, offset, yDown, rebuild, normalise, maxSlope, blackIsNone: scale !== 1 };
            const of = [planes[0]!, planes[1]!, rebuild ? undefined : planes[2]] as const;
            const [fast, plain] = [slopesOf(of, columns, form), plainSlopes(of, columns, form)];
            expect(Buffer.compare(bits(fast.u), bits(plain.u)), JSON.stringify(form)).toBe(0);
            expect(Buffer.compare(bits(fast.v), bits(plain.v)), JSON.stringify(form)).toBe(0);
            expect(fast.without).toEqual(plain.without);
            compared += 1;
          }
  }
  expect(compared).toBe(48);
  expect(kernelCalls()).toBeGreaterThan(calls);
});
