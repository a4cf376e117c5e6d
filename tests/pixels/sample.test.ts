// Conversions of samples: the plain ones against an independent judge and stated values, the kernels against the plain.
import { expect, test } from 'vitest';
import * as kernels from '../../engine/pixels/kernels.ts';
import type { Samples } from '../../engine/pixels/plane.ts';
import * as reference from '../../engine/pixels/reference.ts';
import { random } from '../base/random.ts';
import { expectSameBits } from './bits.ts';

const ALL_HALFS = Uint16Array.from({ length: 65536 }, (_, i) => i);

/** The engine's own halves, which the compiler's library does not declare yet. */
const judge = globalThis as unknown as {
  Float16Array: new (source: ArrayBufferLike | ArrayLike<number>) => ArrayLike<number> & { buffer: ArrayBuffer };
};

const floatsOf = (bits: Uint32Array): Float32Array => new Float32Array(bits.buffer, bits.byteOffset, bits.length);

/** Bits of floats of all kinds: each half, its neighbours, the ties between halves and their neighbours, and noise. */
function manyFloats(): Uint32Array {
  const bits: number[] = [0, 0x80000000, 0x7f800000, 0xff800000, 0x7f7fffff, 1, 0x007fffff, 0x00800000];
  const exact = new Float32Array(65536);
  reference.halfToFloat(ALL_HALFS, exact);
  const exactBits = new Uint32Array(exact.buffer);
  for (const value of exactBits) {
    for (const step of [-1, 0, 1, 0xfff, 0x1000, 0x1001]) bits.push((value + step) >>> 0);
  }
  // The ties between denormal halves are odd multiples of 2^-25.
  const tie = new Float32Array(1);
  const tieBits = new Uint32Array(tie.buffer);
  for (let i = 0; i < 1024; i++) {
    tie[0] = (2 * i + 1) * 2 ** -25;
    for (const step of [-1, 0, 1]) bits.push(tieBits[0]! + step, (tieBits[0]! + step + 0x80000000) >>> 0);
  }
  const from = random(1);
  for (let i = 0; i < 500_000; i++) bits.push(from.int(0, 0xffffffff));
  for (let i = 0; i < 2000; i++) bits.push((0x7f800000 | from.int(1, 0x7fffff) | (from.int(0, 1) << 31)) >>> 0);
  return Uint32Array.from(bits);
}

const FLOATS = manyFloats();

function manyWholes(): Uint32Array {
  const wholes: number[] = [];
  for (let i = 0; i <= 70_000; i++) wholes.push(i);
  for (let power = 17; power < 32; power++) for (let d = -300; d <= 300; d++) wholes.push((2 ** power + d) >>> 0);
  for (let d = 0; d < 600; d++) wholes.push(0xffffffff - d);
  const from = random(2);
  for (let i = 0; i < 200_000; i++) wholes.push(from.int(0, 0xffffffff));
  return Uint32Array.from(wholes);
}

const WHOLES = manyWholes();

const CASES: readonly [
  string,
  Samples,
  (length: number) => Samples,
  (k: typeof reference | typeof kernels) => unknown,
][] = [
  ['halfToFloat', ALL_HALFS, (length) => new Float32Array(length), (k) => k.halfToFloat],
  ['halfToUint', ALL_HALFS, (length) => new Uint32Array(length), (k) => k.halfToUint],
  ['floatToHalf', floatsOf(FLOATS), (length) => new Uint16Array(length), (k) => k.floatToHalf],
  ['floatToUint', floatsOf(FLOATS), (length) => new Uint32Array(length), (k) => k.floatToUint],
  ['uintToHalf', WHOLES, (length) => new Uint16Array(length), (k) => k.uintToHalf],
  ['uintToFloat', WHOLES, (length) => new Float32Array(length), (k) => k.uintToFloat],
];

type Conversion = (source: Samples, target: Samples) => number;

for (const [name, source, target, pick] of CASES) {
  test(`${name}: the kernel gives the bits and the count of the plain twin`, () => {
    const plain = target(source.length);
    const fast = target(source.length);
    const changed = (pick(reference) as Conversion)(source, plain);
    const before = kernels.kernelCalls();
    expect((pick(kernels) as Conversion)(source, fast)).toBe(changed);
    expect(kernels.kernelCalls() - before).toBe(Math.ceil(source.length / 16384));
    expectSameBits(fast, plain, name);
  });

  test(`${name}: every length to 70 and every offset converts just those samples`, () => {
    for (let length = 0; length <= 70; length++) {
      const offset = length % 9;
      const part = source.subarray(offset * 31, offset * 31 + length) as Samples;
      const plain = target(90);
      const fast = target(90);
      const changed = (pick(reference) as Conversion)(part, plain.subarray(offset, offset + length) as Samples);
      expect((pick(kernels) as Conversion)(part, fast.subarray(offset, offset + length) as Samples)).toBe(changed);
      expectSameBits(fast, plain, `${name} of ${length}`);
    }
  });
}

test('the tested floats and whole numbers are many', () => {
  expect([FLOATS.length, WHOLES.length]).toEqual([901_368, 279_616]);
});

test('every half becomes the float that the judge makes of it, and comes back', () => {
  const floats = new Float32Array(65536);
  expect(reference.halfToFloat(ALL_HALFS, floats)).toBe(0);
  const judged = new judge.Float16Array(ALL_HALFS.slice().buffer);
  for (let i = 0; i < 65536; i++) expect(Object.is(floats[i], judged[i]), `half ${i}`).toBe(true);
  const back = new Uint16Array(65536);
  expect(reference.floatToHalf(floats, back)).toBe(0);
  expectSameBits(back, ALL_HALFS, 'halves by way of floats');
});

test('every float becomes the half that the judge rounds it to', () => {
  const floats = floatsOf(FLOATS);
  const halves = new Uint16Array(floats.length);
  reference.floatToHalf(floats, halves);
  const judged = new Uint16Array(new judge.Float16Array(floats).buffer);
  let compared = 0;
  for (let i = 0; i < floats.length; i++) {
    if (Number.isNaN(floats[i])) continue;
    compared++;
    if (halves[i] !== judged[i]) expect(halves[i], `float ${floats[i]}`).toBe(judged[i]);
  }
  expect(compared).toBeGreaterThan(880_000);
});

test('a NaN keeps the top of its payload and never becomes infinity', () => {
  const bits = Uint32Array.of(0x7fc00000, 0x7f800001, 0xff800001, 0x7f801fff, 0x7f802000, 0xffffffff);
  const halves = new Uint16Array(6);
  expect(kernels.floatToHalf(floatsOf(bits), halves)).toBe(0);
  expect([...halves]).toEqual([0x7e00, 0x7c01, 0xfc01, 0x7c01, 0x7c01, 0xffff]);
});

test('stated values of the conversions to and from whole numbers', () => {
  const floats = Float32Array.of(-1, -0, 0.99, 1.5, 4294967040, 4294967296, 1e20, Infinity, -Infinity, NaN);
  const wholes = new Uint32Array(10);
  expect(kernels.floatToUint(floats, wholes)).toBe(8);
  expect([...wholes]).toEqual([0, 0, 0, 1, 4294967040, 0xffffffff, 0xffffffff, 0xffffffff, 0, 0]);

  const halves = Uint16Array.of(0x3c00, 0xbc00, 0x7bff, 0x7c00, 0xfc00, 0x7e00, 0x3e00, 0x8000);
  const ofHalves = new Uint32Array(8);
  expect(kernels.halfToUint(halves, ofHalves)).toBe(5);
  expect([...ofHalves]).toEqual([1, 0, 65504, 0xffffffff, 0, 0, 1, 0]);

  const toHalf = new Uint16Array(6);
  expect(kernels.uintToHalf(Uint32Array.of(0, 1, 2049, 65504, 65505, 0xffffffff), toHalf)).toBe(3);
  expect([...toHalf]).toEqual([0, 0x3c00, 0x6800, 0x7bff, 0x7c00, 0x7c00]);

  const toFloat = new Float32Array(3);
  expect(kernels.uintToFloat(Uint32Array.of(16777216, 16777217, 0xffffffff), toFloat)).toBe(2);
  expect([...toFloat]).toEqual([16777216, 16777216, 4294967296]);
});

test('a target that is too short is refused', () => {
  expect(() => kernels.halfToFloat(new Uint16Array(3), new Float32Array(2))).toThrow(/target is shorter/);
});
