// Comparison of typed arrays bit for bit, so that NaN payloads and the sign of zero count.
import { expect } from 'vitest';
import type { Random } from '../base/random.ts';

const bytesOf = (array: ArrayBufferView): Uint8Array =>
  new Uint8Array(array.buffer, array.byteOffset, array.byteLength);

/** Fails at the first byte that differs. */
export function expectSameBits(actual: ArrayBufferView, expected: ArrayBufferView, what: string): void {
  const a = bytesOf(actual);
  const b = bytesOf(expected);
  expect(a.length, what).toBe(b.length);
  const different = a.findIndex((byte, i) => byte !== b[i]);
  expect(different, `${what}: first byte that differs`).toBe(-1);
}

/** Random bytes: some blocks noise, some flat, some slowly rising, as images have them. */
export function someBytes(from: Random, length: number): Uint8Array<ArrayBuffer> {
  const style = from.int(0, 2);
  const base = from.int(0, 255);
  return new Uint8Array(length).map((_, i) => {
    if (style === 0) return from.int(0, 255);
    return style === 1 ? base : base + (i >> 4) + from.int(0, 1);
  });
}

/** Random words below `limit`, with runs. */
export function someWords(from: Random, length: number, limit: number): Uint16Array<ArrayBuffer> {
  const words = new Uint16Array(length);
  const spread = from.pick([1, 3, 40, 700, limit]);
  for (let i = 0; i < length; ) {
    const word = from.int(0, Math.min(spread, limit) - 1);
    const run = from.chance(0.1) ? from.int(1, 700) : 1;
    words.fill(word, i, i + run);
    i += run;
  }
  return words;
}
