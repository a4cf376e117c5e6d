// Our deflate: kernel and twin make the same stream, zlib inflates it, and it beats zlib's level 4 in size.
import { deflateSync, inflateSync } from 'node:zlib';
import { expect, test } from 'vitest';
import * as kernels from '../../engine/pixels/kernels.ts';
import * as reference from '../../engine/pixels/reference.ts';
import { type Random, random } from '../base/random.ts';

function deflateFast(source: Uint8Array): Uint8Array {
  const bound = reference.deflateBound(source.length);
  const [input, work, target, guard] = kernels.scratch(source.length, kernels.deflateWork(), bound, 64);
  input.set(source);
  guard.fill(0x55);
  const length = kernels.deflate(input, work, target);
  expect(guard.every((byte) => byte === 0x55)).toBe(true);
  expect(length).toBeLessThanOrEqual(bound);
  return target.slice(0, length);
}

/** Bytes as a picture's predictor leaves them: noise in one half, small steps with flat runs in the other. */
function predicted(from: Random, length: number, noise: number): Uint8Array {
  const bytes = new Uint8Array(length);
  for (let i = 0; i < length; i++) {
    const calm = i >= length / 2;
    bytes[i] =
      128 +
      (calm
        ? Math.round(((from.int(-50, 50) + from.int(-50, 50) + from.int(-50, 50)) * noise) / 100)
        : from.int(0, 255));
    if (calm && from.chance(0.01)) for (let run = from.int(4, 700); run > 0 && i + 1 < length; run--) bytes[++i] = 128;
  }
  return bytes;
}

/** Pieces of what came before, so that repeats of every length at every distance occur. */
function repeating(from: Random, length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  for (let i = 0; i < length; ) {
    const distance = from.int(1, Math.min(70_000, 2 ** from.int(1, 17)));
    const repeat = from.chance(0.7) && distance <= i;
    for (let n = from.int(1, repeat ? 300 : 20); n > 0 && i < length; n--, i++) {
      bytes[i] = repeat ? bytes[i - distance]! : from.int(0, 255);
    }
  }
  return bytes;
}

/** Symbols as often as the numbers of Fibonacci, which ask for codes beyond fifteen bits. */
function fibonacci(from: Random): Uint8Array {
  const bytes: number[] = [];
  for (let symbol = 0, a = 1, b = 1; symbol < 23; symbol++, [a, b] = [b, a + b]) {
    for (let i = 0; i < a; i++) bytes.push(symbol * 11);
  }
  for (let i = bytes.length - 1; i > 0; i--) {
    const j = from.int(0, i);
    [bytes[i], bytes[j]] = [bytes[j]!, bytes[i]!];
  }
  return Uint8Array.from(bytes);
}

function sources(): Uint8Array[] {
  const from = random(21);
  const list = [0, 1, 2, 3, 7, 8, 9, 15, 16, 17, 255, 258, 259, 260, 1000].map((length) => predicted(from, length, 3));
  // More tokens than there is room for, so that those of an open block move.
  list.push(predicted(from, 700_000, 60), repeating(from, 700_000));
  for (const length of [5000, 30_000, 140_000]) {
    list.push(
      predicted(from, length, 1),
      predicted(from, length, 8),
      predicted(from, length, 60),
      repeating(from, length),
    );
    list.push(new Uint8Array(length), new Uint8Array(length).fill(255));
    list.push(Uint8Array.from({ length }, () => from.int(0, 255)));
    list.push(Uint8Array.from({ length }, (_, i) => (i % 3) + (i % 1024 === 0 ? 1 : 0)));
  }
  list.push(fibonacci(from));
  for (let i = 0; i < 40; i++) list.push(repeating(from, from.int(1, 3000)));
  return list;
}

test('kernel and twin make the same stream, and zlib inflates it to what was given', () => {
  const before = kernels.kernelCalls();
  const list = sources();
  for (const [place, source] of list.entries()) {
    const fast = deflateFast(source);
    expect(Buffer.compare(inflateSync(fast), source), `source ${place}`).toBe(0);
    expect(Buffer.compare(reference.deflate(source), fast), `source ${place}`).toBe(0);
  }
  expect(list).toHaveLength(82);
  expect(kernels.kernelCalls() - before).toBeGreaterThanOrEqual(list.length);
});

test('what cannot be packed is stored: never longer than the bound, hardly longer than the source', () => {
  const from = random(22);
  for (const length of [1, 65_535, 65_536, 400_000]) {
    const fast = deflateFast(Uint8Array.from({ length }, () => from.int(0, 255)));
    expect(fast.length - length, `${length} bytes`).toBeLessThanOrEqual(11 + length / 2000);
  }
});

test('pictures pack smaller than with level 4 of zlib', () => {
  const from = random(23);
  let [ours, theirs] = [0, 0];
  for (const noise of [1, 2, 4, 8, 16]) {
    const source = predicted(from, 500_000, noise);
    ours += deflateFast(source).length;
    theirs += deflateSync(source, { level: 4 }).length;
  }
  expect(ours).toBeLessThan(theirs);
});

test('a small working memory or target is refused', () => {
  const [source, work, target] = kernels.scratch(1000, kernels.deflateWork(), reference.deflateBound(1000));
  expect(() => kernels.deflate(source, work.subarray(1), target)).toThrow('working memory');
  expect(() => kernels.deflate(source, work, target.subarray(1))).toThrow('bound');
});
