// PXR24's rows: stated values, kernel against plain, and the rows undone.
import { expect, test } from 'vitest';
import * as kernels from '../../engine/pixels/kernels.ts';
import * as fast from '../../engine/pixels/lossy.ts';
import * as reference from '../../engine/pixels/reference.ts';
import { random } from '../base/random.ts';
import { expectSameBits } from './bits.ts';

type Row = Uint16Array<ArrayBuffer> | Uint32Array<ArrayBuffer> | Float32Array<ArrayBuffer>;

const CASES: readonly [number, number][] = [
  // Rounded down, up, and half away from zero.
  [0x3f800000, 0x3f800000],
  [0x3f80007f, 0x3f800000],
  [0x3f800080, 0x3f800100],
  [0xbf800080, 0xbf800100],
  [0x3fffffff, 0x40000000],
  // Not to infinity, which stays what it is.
  [0x7f7fffff, 0x7f7fff00],
  [0xff7fff80, 0xff7fff00],
  [0x7f800000, 0x7f800000],
  [0xff800000, 0xff800000],
  // NaN stay NaN.
  [0x7f800001, 0x7f800100],
  [0xff8000ff, 0xff800100],
  [0x7fc00000, 0x7fc00000],
  [0x7fffffff, 0x7fffff00],
  [0x00000080, 0x00000100],
  [0x8000007f, 0x80000000],
];

const floatsOf = (bits: readonly number[]): Float32Array<ArrayBuffer> =>
  new Float32Array(Uint32Array.from(bits).buffer);

const bytesOf = (row: Row): number => row.length * (row instanceof Float32Array ? 3 : row.BYTES_PER_ELEMENT);

/** The row split and joined by the kernels: the bytes between, and what comes back. */
function throughKernels(row: Row): { split: Uint8Array; joined: Row } {
  const [a, b, c] = kernels.scratch(row.byteLength, bytesOf(row), row.byteLength);
  const view = (bytes: Uint8Array<ArrayBuffer>): Row =>
    new (row.constructor as new (buffer: ArrayBuffer, at: number, length: number) => Row)(
      bytes.buffer,
      bytes.byteOffset,
      row.length,
    );
  const source = view(a);
  source.set(row);
  const before = kernels.kernelCalls();
  fast.pxrSplit(source, b);
  fast.pxrJoin(b, view(c));
  expect(kernels.kernelCalls() - before).toBe(2);
  return { split: b.slice(), joined: view(c).slice() as Row };
}

function throughTwins(row: Row): { split: Uint8Array; joined: Row } {
  const split = new Uint8Array(bytesOf(row));
  reference.pxrSplit(row, split);
  const joined = row.slice() as Row;
  joined.fill(0);
  reference.pxrJoin(split, joined);
  return { split, joined };
}

test('floats are rounded to 24 bits', () => {
  const row = floatsOf(CASES.map(([float]) => float));
  const expected = Uint32Array.from(CASES.map(([, short]) => short));
  for (const { joined } of [throughKernels(row), throughTwins(row)]) expectSameBits(joined, expected, 'floats');
  // The same numbers in whole vectors.
  const many = floatsOf(Array.from({ length: 64 }, (_, i) => CASES[i % CASES.length]![0]));
  const wanted = Uint32Array.from({ length: 64 }, (_, i) => CASES[i % CASES.length]![1]);
  expectSameBits(throughKernels(many).joined, wanted, 'floats in vectors');
});

test('bytes of a row: differences, the uppermost first', () => {
  const halves = Uint16Array.of(0x1234, 0x1235, 0x0034);
  for (const { split } of [throughKernels(halves), throughTwins(halves)]) {
    expect([...split]).toEqual([0x12, 0x00, 0xed, 0x34, 0x01, 0xff]);
  }
});

test('kernel and twin agree for rows of every length, and halves and whole numbers come back', () => {
  const from = random(31);
  let rows = 0;
  for (let length = 0; length < 80; length++) {
    for (const style of [0, 1]) {
      const bits = Array.from({ length }, (_, i) => (style ? from.int(0, 0xffffffff) : 0x3f800000 + i * 4096));
      const noise = Uint32Array.from(bits);
      for (const row of [Uint16Array.from(bits), noise, new Float32Array(noise.buffer)]) {
        const [a, b] = [throughKernels(row), throughTwins(row)];
        expectSameBits(a.split, b.split, `split ${length}`);
        expectSameBits(a.joined, b.joined, `joined ${length}`);
        if (!(row instanceof Float32Array)) expectSameBits(a.joined, row, `row of ${length}`);
        rows++;
      }
    }
  }
  expect(rows).toBe(480);
});

test('a row that does not fit is refused', () => {
  const [a, b] = kernels.scratch(32, 8);
  const row = new Uint16Array(a.buffer, a.byteOffset, 16);
  expect(() => fast.pxrSplit(row, b)).toThrow(/shorter than the row/);
  expect(() => fast.pxrJoin(b, row)).toThrow(/shorter than the row/);
});
