// PIZ's wavelet: stated values, kernel against plain, and the transform undone, at many odd sizes.
import { expect, test } from 'vitest';
import * as kernels from '../../engine/pixels/kernels.ts';
import * as reference from '../../engine/pixels/reference.ts';
import { random } from '../base/random.ts';
import { expectSameBits, someWords } from './bits.ts';

const SIZES = [0, 1, 2, 3, 4, 5, 7, 8, 15, 16, 17, 31, 32, 33, 63, 65, 100];

test('stated values of one square', () => {
  const small = Uint16Array.of(10, 4, 6, 1);
  reference.waveletEncode(small, { columns: 2, rows: 2, planes: 1 }, 10);
  // Rows: mean 7, difference 6; mean 3, difference 5. Columns: mean 5, difference 4; mean 5, difference 1.
  expect([...small]).toEqual([5, 5, 4, 1]);
  const large = Uint16Array.of(0, 65535, 40000, 40000);
  reference.waveletEncode(large, { columns: 2, rows: 2, planes: 1 }, 65535);
  reference.waveletDecode(large, { columns: 2, rows: 2, planes: 1 }, 65535);
  expect([...large]).toEqual([0, 65535, 40000, 40000]);
});

test('the two words of a sample are transformed apart', () => {
  const from = random(7);
  const [columns, rows] = [13, 9];
  const low = someWords(from, columns * rows, 65536);
  const high = someWords(from, columns * rows, 65536);
  const both = new Uint16Array(columns * rows * 2).map((_, i) => (i & 1 ? high : low)[i >> 1]!);
  reference.waveletEncode(both, { columns, rows, planes: 2 }, 65535);
  for (const words of [low, high]) reference.waveletEncode(words, { columns, rows, planes: 1 }, 65535);
  expectSameBits(
    both,
    new Uint16Array(both.length).map((_, i) => (i & 1 ? high : low)[i >> 1]!),
    'planes',
  );
});

test('kernel and twin agree and undo themselves', () => {
  const from = random(8);
  let cases = 0;
  for (const columns of SIZES) {
    for (const rows of SIZES) {
      for (const planes of [1, 2] as const) {
        for (const limit of [1 << 14, 65536]) {
          const grid = { columns, rows, planes };
          const input = someWords(from, columns * rows * planes, limit);
          const [bytes] = kernels.scratch(input.byteLength);
          const fast = new Uint16Array(bytes.buffer, bytes.byteOffset, input.length);
          fast.set(input);
          const plain = input.slice();
          const before = kernels.kernelCalls();
          kernels.waveletEncode(fast, grid, limit - 1);
          reference.waveletEncode(plain, grid, limit - 1);
          expectSameBits(fast, plain, `encoded ${columns} x ${rows} x ${planes}`);
          kernels.waveletDecode(fast, grid, limit - 1);
          reference.waveletDecode(plain, grid, limit - 1);
          expectSameBits(fast, input, `decoded ${columns} x ${rows} x ${planes}`);
          expectSameBits(plain, input, `decoded plainly ${columns} x ${rows} x ${planes}`);
          expect(kernels.kernelCalls() - before).toBe(2);
          cases++;
        }
      }
    }
  }
  expect(cases).toBe(17 * 17 * 4);
});

test('any words decode alike, as a damaged file may hold', () => {
  const from = random(9);
  for (let turn = 0; turn < 200; turn++) {
    const grid = { columns: from.int(1, 70), rows: from.int(1, 40), planes: from.pick([1, 2] as const) };
    const greatest = from.pick([5, 16383, 16384, 65535]);
    const plain = new Uint16Array(grid.columns * grid.rows * grid.planes).map(() => from.int(0, 65535));
    const [bytes] = kernels.scratch(plain.byteLength);
    const fast = new Uint16Array(bytes.buffer, bytes.byteOffset, plain.length);
    fast.set(plain);
    kernels.waveletDecode(fast, grid, greatest);
    reference.waveletDecode(plain, grid, greatest);
    expectSameBits(fast, plain, 'noise');
  }
});

test('a grid that does not fill the words is refused', () => {
  const [bytes] = kernels.scratch(32);
  const words = new Uint16Array(bytes.buffer, bytes.byteOffset, 16);
  const grid = { columns: 4, rows: 5, planes: 1 } as const;
  expect(() => kernels.waveletDecode(words, grid, 1)).toThrow(/does not fill/);
  expect(() => kernels.waveletEncode(words, grid, 1)).toThrow(/does not fill/);
});
