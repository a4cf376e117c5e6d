// DWA's squares: stated values, kernel against plain, the tolerance kept, and words of every kind.
import { expect, test } from 'vitest';
import * as kernels from '../../engine/pixels/kernels.ts';
import * as fast from '../../engine/pixels/lossy.ts';
import * as reference from '../../engine/pixels/reference.ts';
import { type DwaGrid, dwaSquares } from '../../engine/pixels/reference.ts';
import { type Random, random } from '../base/random.ts';
import { expectSameBits } from './bits.ts';

const words = (bytes: Uint8Array<ArrayBuffer>): Uint16Array<ArrayBuffer> =>
  new Uint16Array(bytes.buffer, bytes.byteOffset, bytes.length >> 1);

const PLAIN = new Uint16Array(65536).map((_, half) => ((half & 0x7c00) === 0x7c00 ? 0 : half));

interface Packed {
  readonly ac: Uint16Array;
  readonly dc: Uint16Array;
}

const samplesOf = ({ columns, rows, planes }: DwaGrid): number => columns * rows * planes;

function packFast(halves: Uint16Array, grid: DwaGrid, tolerances: Float32Array): Packed {
  const squares = dwaSquares(grid) * grid.planes;
  const [a, b, c, d, e] = kernels.scratch(halves.byteLength, 131072, squares * 126, squares * 2, fast.DWA_WORK);
  words(a).set(halves);
  words(b).set(PLAIN);
  const before = kernels.kernelCalls();
  const count = fast.dwaEncode(words(a), grid, words(b), tolerances, words(c), words(d), e);
  expect(kernels.kernelCalls() - before).toBe(1);
  return { ac: words(c).slice(0, count), dc: words(d).slice() };
}

function packPlain(halves: Uint16Array, grid: DwaGrid, tolerances: Float32Array): Packed {
  const squares = dwaSquares(grid) * grid.planes;
  const ac = new Uint16Array(squares * 63);
  const dc = new Uint16Array(squares);
  const count = reference.dwaEncode(halves, grid, PLAIN, tolerances, ac, dc);
  return { ac: ac.slice(0, count), dc };
}

interface Unpacked {
  readonly used: number;
  readonly halves: Uint16Array;
}

function unpackFast({ ac, dc }: Packed, grid: DwaGrid, table?: Uint16Array): Unpacked {
  const [a, b, c, d] = kernels.scratch(ac.byteLength, dc.byteLength, samplesOf(grid) * 2, table ? 131072 : 0);
  words(a).set(ac);
  words(b).set(dc);
  if (table) words(d).set(table);
  const before = kernels.kernelCalls();
  const used = fast.dwaDecode(words(a), words(b), grid, words(c), table ? words(d) : undefined);
  expect(kernels.kernelCalls() - before).toBe(1);
  const halves = words(c).slice();
  words(a).set(ac);
  expect(fast.dwaSkip(words(a), dwaSquares(grid) * grid.planes)).toBe(used);
  return { used, halves };
}

function unpackPlain({ ac, dc }: Packed, grid: DwaGrid, table?: Uint16Array): Unpacked {
  const halves = new Uint16Array(samplesOf(grid));
  const used = reference.dwaDecode(ac, dc, grid, halves, table);
  expect(reference.dwaSkip(ac, dwaSquares(grid) * grid.planes)).toBe(used);
  return { used, halves };
}

const ALLOWED = new Float32Array(128).map((_, i) => (0.00045 * (10 + (i & 63))) / 10);

function someHalves(from: Random, length: number): Uint16Array {
  const style = from.int(0, 4);
  return new Uint16Array(length).map((_, i) => {
    if (style === 0) return 0x3400;
    if (style === 1) return 0x3000 + (i & 255) + from.int(0, 30);
    if (style === 2) return from.int(0, 0xffff);
    if (style === 3) return from.chance(0.9) ? 0 : from.int(0, 0xffff);
    return from.int(0, 1) * 0x8000 + from.int(0, 2000);
  });
}

const someGrid = (from: Random): DwaGrid => ({
  columns: from.int(1, 27),
  rows: from.int(1, 19),
  planes: from.pick([1, 3] as const),
});

test('a flat square is its first frequency and one word', () => {
  const grid = { columns: 8, rows: 8, planes: 1 } as const;
  const flat = new Uint16Array(64).fill(0x3800);
  for (const packed of [packFast(flat, grid, ALLOWED), packPlain(flat, grid, ALLOWED)]) {
    // Eight times 0.5, and zeros to the end.
    expect([...packed.dc, ...packed.ac]).toEqual([0x4400, 0xff00]);
    for (const { used, halves } of [unpackFast(packed, grid), unpackPlain(packed, grid)]) {
      expect(used).toBe(1);
      expect(new Set(halves)).toEqual(new Set([0x3800]));
    }
  }
});

const value = (half: number): number => {
  const floats = new Float32Array(1);
  reference.halfToFloat(Uint16Array.of(half), floats);
  return floats[0]!;
};
const bitsSet = (half: number): number => half.toString(2).replaceAll('0', '').length;

test('a frequency becomes the half with the fewest bits within the tolerance: all halves tried', () => {
  const from = random(41);
  const values = Array.from({ length: 0x7c00 }, (_, half) => value(half));
  let changed = 0;
  for (let turn = 0; turn < 150; turn++) {
    const half = from.int(0, 0x7bff);
    const tolerance = Math.fround(from.pick([1e-7, 1e-4, 0.00045, 0.003, 0.05, 2]));
    const own = values[half]!;
    const near = values.flatMap((v, i) => (Math.abs(v - own) < tolerance ? [i] : []));
    const fewest = Math.min(bitsSet(half), ...near.map(bitsSet));
    const found = reference.dwaQuantised(own, tolerance);
    expect(bitsSet(found), `${half} within ${tolerance}`).toBe(fewest);
    expect(Math.abs(values[found]! - own) < tolerance || found === half).toBe(true);
    expect(reference.dwaQuantised(-own, tolerance)).toBe(found === 0 ? 0 : found | 0x8000);
    if (found !== half) changed++;
  }
  expect(changed).toBeGreaterThan(50);
});

test('kernel and twin pack and unpack alike at every size', () => {
  const from = random(42);
  const table = new Uint16Array(65536).map(() => from.int(0, 0xffff));
  const none = new Float32Array(128);
  let words = 0;
  for (let turn = 0; turn < 250; turn++) {
    const grid = someGrid(from);
    const halves = someHalves(from, samplesOf(grid));
    const tolerances = from.chance(0.2) ? none : ALLOWED.map((t) => t * from.pick([1, 40]));
    const [a, b] = [packFast(halves, grid, tolerances), packPlain(halves, grid, tolerances)];
    expectSameBits(a.ac, b.ac, `words ${turn}`);
    expectSameBits(a.dc, b.dc, `first frequencies ${turn}`);
    const through = from.chance(0.5) ? table : undefined;
    const [c, d] = [unpackFast(a, grid, through), unpackPlain(a, grid, through)];
    expect([c.used, d.used]).toEqual([a.ac.length, a.ac.length]);
    expectSameBits(c.halves, d.halves, `halves ${turn}`);
    words += a.ac.length;
  }
  expect(words).toBeGreaterThan(50_000);
});

test('without a tolerance a picture comes back to a thousandth', () => {
  const from = random(43);
  let worst = 0;
  for (let turn = 0; turn < 40; turn++) {
    const grid = someGrid(from);
    const halves = new Uint16Array(samplesOf(grid)).map(() => 0x3400 + from.int(0, 0x7ff));
    const { halves: back } = unpackPlain(packPlain(halves, grid, new Float32Array(128)), grid);
    for (const [i, half] of back.entries()) worst = Math.max(worst, Math.abs(value(half) - value(halves[i]!)));
  }
  expect(worst).toBeLessThan(0.003);
});

test('any words unpack alike, as a damaged file may hold, and words that end early are told', () => {
  const from = random(44);
  let short = 0;
  for (let turn = 0; turn < 400; turn++) {
    const grid = someGrid(from);
    const squares = dwaSquares(grid) * grid.planes;
    const ac = new Uint16Array(from.int(0, squares * 20)).map(() =>
      from.chance(0.3) ? 0xff00 + from.int(0, 40) : from.int(0, 0xffff),
    );
    const dc = new Uint16Array(squares).map(() => from.int(0, 0xffff));
    const [a, b] = [unpackFast({ ac, dc }, grid), unpackPlain({ ac, dc }, grid)];
    expect(a.used).toBe(b.used);
    if (a.used < 0) short++;
    else expectSameBits(a.halves, b.halves, `noise ${turn}`);
  }
  expect(short).toBeGreaterThan(20);
  expect(short).toBeLessThan(380);
});

test('infinite halves become the greatest', () => {
  const halves = new Uint16Array(65536 + 5).map((_, i) => i & 0xffff);
  const plain = halves.slice();
  reference.limitHalves(plain);
  const [a] = kernels.scratch(halves.byteLength);
  words(a).set(halves);
  fast.limitHalves(words(a));
  expectSameBits(words(a), plain, 'halves');
  expect([plain[0x7c00], plain[0xfc00], plain[0x7c01], plain[0x7bff]]).toEqual([0x7bff, 0xfbff, 0x7c01, 0x7bff]);
});

test('planes that do not fit are refused', () => {
  const [a, b, c, d] = kernels.scratch(128, 126, 2, fast.DWA_WORK);
  const grid = { columns: 9, rows: 8, planes: 1 } as const;
  const [t] = [words(a)];
  expect(() => fast.dwaDecode(words(b), words(c), grid, t)).toThrow(/too few first frequencies/);
  expect(() => fast.dwaDecode(words(b), words(c), { ...grid, columns: 8, rows: 9 }, t)).toThrow(/too few/);
  expect(() => fast.dwaEncode(t, grid, t, ALLOWED, words(b), words(c), d)).toThrow(/do not fit/);
});
