// The byte steps of ZIP and RLE: plain against stated bytes, kernels against plain, and every step undone.
import { expect, test } from 'vitest';
import * as kernels from '../../engine/pixels/kernels.ts';
import * as reference from '../../engine/pixels/reference.ts';
import { random } from '../base/random.ts';
import { expectSameBits, someBytes } from './bits.ts';

const LENGTHS = [...Array.from({ length: 71 }, (_, i) => i), 127, 128, 129, 255, 1000, 4095, 4097, 65537];

test('stated bytes', () => {
  const coded = new Uint8Array(4);
  reference.differenceEncode(Uint8Array.of(10, 12, 11, 255), coded);
  expect([...coded]).toEqual([10, 130, 127, 116]);
  const split = new Uint8Array(5);
  reference.splitBytes(Uint8Array.of(1, 2, 3, 4, 5), split);
  expect([...split]).toEqual([1, 3, 5, 2, 4]);
  const runs = new Uint8Array(reference.runBound(9));
  const length = reference.runEncode(Uint8Array.of(7, 7, 7, 7, 1, 2, 2, 9, 9), runs);
  expect([...runs.subarray(0, length)]).toEqual([3, 7, 251, 1, 2, 2, 9, 9]);
});

test('differences and splits: kernel and twin agree and undo themselves at every length', () => {
  const from = random(3);
  let cases = 0;
  for (const length of LENGTHS) {
    for (let turn = 0; turn < 4; turn++) {
      const input = someBytes(from, length);
      const [source, a, b] = kernels.scratch(length, length, length);
      const plain = new Uint8Array(length);
      const before = kernels.kernelCalls();

      source.set(input);
      kernels.differenceEncode(source, a);
      reference.differenceEncode(input, plain);
      expectSameBits(a, plain, `differences of ${length}`);
      kernels.differenceDecode(a);
      reference.differenceDecode(plain);
      expectSameBits(a, input, `differences undone of ${length}`);
      expectSameBits(plain, input, `differences undone plainly of ${length}`);

      kernels.splitBytes(source, b);
      reference.splitBytes(input, plain);
      expectSameBits(b, plain, `split of ${length}`);
      kernels.joinBytes(b, a.fill(0), 0, length);
      expectSameBits(a, input, `join of ${length}`);
      expect(kernels.kernelCalls() - before).toBe(4);
      cases++;
    }
  }
  expect(cases).toBe(LENGTHS.length * 4);
});

test('a join writes just the places that are asked for', () => {
  const from = random(4);
  for (let turn = 0; turn < 400; turn++) {
    const length = from.int(0, 300);
    const start = from.int(0, length);
    const end = from.int(start, length);
    const input = someBytes(from, length);
    const [source, target] = kernels.scratch(length, length);
    source.set(input);
    target.fill(0xaa);
    const plain = new Uint8Array(length).fill(0xaa);
    kernels.joinBytes(source, target, start, end);
    reference.joinBytes(input, plain, start, end);
    expectSameBits(target, plain, `${start} to ${end} of ${length}`);
  }
});

test('runs: kernel and twin agree, stay within the bound and undo themselves', () => {
  const from = random(5);
  for (const length of LENGTHS) {
    for (let turn = 0; turn < 4; turn++) {
      const input = someBytes(from, length);
      for (let i = 0; i < length; i += from.int(1, 300)) input.fill(i, i, i + from.int(1, 270));
      const bound = reference.runBound(length);
      const [source, packed, target] = kernels.scratch(length, bound, length);
      source.set(input);
      const plain = new Uint8Array(bound);
      const size = reference.runEncode(input, plain);
      expect(size).toBeLessThanOrEqual(bound);
      expect(kernels.runEncode(source, packed)).toBe(size);
      expectSameBits(packed.subarray(0, size), plain.subarray(0, size), `runs of ${length}`);
      expect(kernels.runDecode(packed.subarray(0, size), target)).toBe(true);
      expectSameBits(target, input, `runs undone of ${length}`);
      expect(reference.runDecode(plain.subarray(0, size), plain)).toBe(size <= 1 && bound === length);
    }
  }
});

test('any stream of runs gives the same answer from both and writes nothing outside', () => {
  const from = random(6);
  let sound = 0;
  for (let turn = 0; turn < 3000; turn++) {
    const size = from.int(0, 6);
    const length = from.int(0, 12);
    const stream = new Uint8Array(size).map(() => (from.chance(0.5) ? from.int(0, 9) : from.int(0, 255)));
    const [source, target, guard] = kernels.scratch(size, length, 64);
    source.set(stream);
    target.fill(0);
    guard.fill(0x55);
    const plain = new Uint8Array(length);
    const answer = reference.runDecode(stream, plain);
    expect(kernels.runDecode(source, target)).toBe(answer);
    if (answer) expectSameBits(target, plain, 'runs');
    expect(guard.every((byte) => byte === 0x55)).toBe(true);
    if (answer) sound++;
  }
  expect(sound).toBeGreaterThan(50);
});

test('arrays outside scratch space and ranges outside the bytes are refused', () => {
  const [source, target] = kernels.scratch(8, 8);
  expect(() => kernels.differenceDecode(new Uint8Array(8))).toThrow(/not in scratch space/);
  expect(() => kernels.joinBytes(source, target, 0, 9)).toThrow(/outside the bytes/);
  expect(() => kernels.splitBytes(source, target.subarray(1))).toThrow(/target is shorter/);
  expect(() => kernels.runEncode(source, target)).toThrow(/shorter than the bound/);
});

test('scratch space: regions lie apart, are aligned, and a size beyond all memory is a clear error', () => {
  const [a, b, c] = kernels.scratch(1, 100_000, 3_000_000);
  expect([a.length, b.length, c.length]).toEqual([1, 100_000, 3_000_000]);
  for (const view of [a, b, c]) expect(view.byteOffset % 64).toBe(0);
  expect(b.byteOffset).toBeGreaterThanOrEqual(a.byteOffset + a.length + 32);
  expect(c.byteOffset).toBeGreaterThanOrEqual(b.byteOffset + b.length + 32);
  expect(kernels.inScratch(a)).toBe(true);
  expect(kernels.inScratch(new Uint8Array(1))).toBe(false);
  expect(() => kernels.scratch(2 ** 31)).toThrow(/working memory/);
});
