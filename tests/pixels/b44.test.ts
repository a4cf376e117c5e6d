// B44's squares: stated values, kernel against plain, and how near the halves come back.
import { expect, test } from 'vitest';
import * as kernels from '../../engine/pixels/kernels.ts';
import * as fast from '../../engine/pixels/lossy.ts';
import * as reference from '../../engine/pixels/reference.ts';
import { type HalfGrid, squareBound } from '../../engine/pixels/reference.ts';
import { type Random, random } from '../base/random.ts';
import { expectSameBits } from './bits.ts';

const words = (bytes: Uint8Array<ArrayBuffer>): Uint16Array<ArrayBuffer> =>
  new Uint16Array(bytes.buffer, bytes.byteOffset, bytes.length >> 1);

interface Options {
  readonly flat: boolean;
  readonly table?: Uint16Array;
}

/** The squares that the kernel packs, and the halves that it makes of them. */
function throughKernels(halves: Uint16Array, grid: HalfGrid, { flat, table }: Options) {
  const bound = squareBound(grid);
  const [a, b, c, d] = kernels.scratch(halves.byteLength, bound, halves.byteLength, table ? 131072 : 0);
  words(a).set(halves);
  if (table) words(d).set(table);
  const options = { flat, ...(table ? { table: words(d) } : {}) };
  const before = kernels.kernelCalls();
  const packed = b.slice(0, fast.b44Pack(words(a), grid, b, options));
  const read = fast.b44Unpack(b.subarray(0, packed.length), grid, words(c), options.table);
  expect(kernels.kernelCalls() - before).toBe(2);
  return { packed, read, unpacked: words(c).slice() };
}

function throughTwins(halves: Uint16Array, grid: HalfGrid, options: Options) {
  const target = new Uint8Array(squareBound(grid));
  const packed = target.slice(0, reference.b44Pack(halves, grid, target, options));
  const unpacked = new Uint16Array(halves.length);
  const read = reference.b44Unpack(packed, grid, unpacked, options.table);
  return { packed, read, unpacked };
}

test('a square of one value', () => {
  const grid = { columns: 4, rows: 4 };
  const one = new Uint16Array(16).fill(0x3c00);
  for (const through of [throughKernels, throughTwins]) {
    expect([...through(one, grid, { flat: true }).packed]).toEqual([0xbc, 0x00, 0xfc]);
    const whole = through(one, grid, { flat: false });
    // Fifteen differences of 32: six bits each.
    expect([...whole.packed]).toEqual([0xbc, 0, 2, 8, 32, 130, 8, 32, 130, 8, 32, 130, 8, 32]);
    expect([...whole.unpacked]).toEqual([...one]);
  }
});

test('infinities and NaN become 0, the sign of zero stays', () => {
  const grid = { columns: 4, rows: 1 };
  for (const through of [throughKernels, throughTwins]) {
    const { unpacked } = through(Uint16Array.of(0x7c00, 0xfc00, 0x7e00, 0x8000), grid, { flat: true });
    expect([...unpacked]).toEqual([0, 0, 0, 0x8000]);
  }
});

function someHalves(from: Random, length: number): Uint16Array {
  const style = from.int(0, 4);
  const base = from.int(0, 0xffff);
  return new Uint16Array(length).map((_, i) => {
    if (style === 0) return base;
    if (style === 1) return 0x3000 + i + from.int(0, 20);
    if (style === 2) return from.int(0, 0xffff);
    if (style === 3) return from.chance(0.8) ? base : from.int(0, 0xffff);
    return from.int(0, 1) * 0x8000 + from.int(0, 300);
  });
}

test('kernel and twin agree at every size, with tables and without', () => {
  const from = random(32);
  const table = new Uint16Array(65536).map(() => from.int(0, 0xffff));
  let cases = 0;
  let flat = 0;
  for (let turn = 0; turn < 400; turn++) {
    const grid = { columns: from.int(1, 21), rows: from.int(1, 13) };
    const halves = someHalves(from, grid.columns * grid.rows);
    const options = { flat: from.chance(0.5), ...(from.chance(0.3) ? { table } : {}) };
    const [a, b] = [throughKernels(halves, grid, options), throughTwins(halves, grid, options)];
    expectSameBits(a.packed, b.packed, `packed ${turn}`);
    expectSameBits(a.unpacked, b.unpacked, `unpacked ${turn}`);
    expect([a.read, b.read]).toEqual([a.packed.length, b.packed.length]);
    if (a.packed.length < squareBound(grid)) flat++;
    cases++;
  }
  expect(cases).toBe(400);
  expect(flat).toBeGreaterThan(50);
});

test('the greatest of a square is kept to half a step', () => {
  const from = random(33);
  const order = (half: number): number => (half & 0x8000 ? 0x8000 - (half & 0x7fff) : 0x8000 + half);
  let worst = 0;
  for (let turn = 0; turn < 300; turn++) {
    const halves = new Uint16Array(16).map(() => from.int(0, 0x7bff));
    const { unpacked } = throughTwins(halves, { columns: 4, rows: 4 }, { flat: true });
    const most = Math.max(...halves);
    worst = Math.max(worst, Math.abs(order(unpacked[halves.indexOf(most)]!) - order(most)));
  }
  expect(worst).toBe(0);
});

test('squares cut anywhere, and any bytes, give the same answer from both', () => {
  const from = random(34);
  const grid = { columns: 9, rows: 6 };
  let short = 0;
  for (let turn = 0; turn < 600; turn++) {
    const noise = new Uint8Array(from.int(0, squareBound(grid) + 20)).map(() => from.int(0, 255));
    const [a, b] = kernels.scratch(noise.length, 108);
    a.set(noise);
    b.fill(0);
    const plain = new Uint16Array(54);
    const read = reference.b44Unpack(noise, grid, plain);
    expect(fast.b44Unpack(a, grid, words(b))).toBe(read);
    if (read < 0) short++;
    else expectSameBits(words(b), plain, `noise ${turn}`);
  }
  expect(short).toBeGreaterThan(100);
});

test('a plane that does not fit is refused', () => {
  const [a, b] = kernels.scratch(32, 13);
  expect(() => fast.b44Pack(words(a), { columns: 4, rows: 4 }, b, { flat: true })).toThrow(/does not fit/);
  expect(() => fast.b44Unpack(b, { columns: 5, rows: 4 }, words(a))).toThrow(/does not fit/);
});
