// Our inflate: kernel and twin give the same bytes or the same fault, and take exactly the streams that zlib takes.
import { constants, deflateSync, inflateSync } from 'node:zlib';
import { expect, test } from 'vitest';
import * as kernels from '../../engine/pixels/kernels.ts';
import * as reference from '../../engine/pixels/reference.ts';
import { type Random, random } from '../base/random.ts';

interface Answer {
  readonly fault: number;
  readonly bytes: Uint8Array;
}

function inflateFast(stream: Uint8Array, size: number): Answer {
  const [source, work, target, guard] = kernels.scratch(stream.length, kernels.inflateWork(), size, 64);
  source.set(stream);
  target.fill(0);
  guard.fill(0x55);
  // What lies between the target and the guard is nobody's, and must stay as it is too.
  const end = target.byteOffset + size;
  const gap = new Uint8Array(target.buffer, end, guard.byteOffset - end).fill(0x55);
  const fault = kernels.inflate(source, work, target);
  expect([...gap, ...guard].every((byte) => byte === 0x55)).toBe(true);
  return { fault, bytes: target.slice() };
}

function inflatePlain(stream: Uint8Array, size: number): Answer {
  const bytes = new Uint8Array(size);
  return { fault: reference.inflate(stream, bytes), bytes };
}

/** What zlib says: whether the stream is whole and stands for exactly `size` bytes. */
function zlibTakes(stream: Uint8Array, size: number): boolean {
  try {
    return inflateSync(stream, { maxOutputLength: size + 1 }).length === size;
  } catch {
    return false;
  }
}

/** Bytes of every kind: noise, few values, runs, repeats at all distances. */
function content(from: Random, length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  const values = from.pick([2, 3, 17, 256]);
  for (let i = 0; i < length; ) {
    const distance = from.int(1, Math.max(1, Math.min(i, from.pick([1, 7, 20, 33_000]))));
    const repeat = i > 0 && from.chance(0.4);
    for (let n = from.int(1, repeat ? 400 : 30); n > 0 && i < length; n--, i++) {
      bytes[i] = repeat ? bytes[i - distance]! : from.int(0, values - 1) * 83;
    }
  }
  return bytes;
}

const { Z_FIXED, Z_HUFFMAN_ONLY, Z_RLE, Z_DEFAULT_STRATEGY } = constants;

function streams(): { stream: Uint8Array; bytes: Uint8Array }[] {
  const from = random(31);
  const made: { stream: Uint8Array; bytes: Uint8Array }[] = [];
  const lengths = [0, 1, 2, 5, 6, 7, 8, 15, 16, 17, 31, 100, 258, 259, 1000, 5000, 70_000];
  for (const length of lengths) {
    for (const level of [0, 1, 6, 9]) {
      for (const strategy of [Z_DEFAULT_STRATEGY, Z_FIXED, Z_HUFFMAN_ONLY, Z_RLE]) {
        const bytes = content(from, length);
        made.push({ bytes, stream: deflateSync(bytes, { level, strategy, memLevel: from.int(1, 9) }) });
      }
    }
  }
  return made;
}

test('whatever zlib packs comes back, from kernel and twin', () => {
  const before = kernels.kernelCalls();
  const all = streams();
  for (const [place, { stream, bytes }] of all.entries()) {
    const fast = inflateFast(stream, bytes.length);
    expect(fast.fault, `stream ${place}`).toBe(0);
    expect(Buffer.compare(fast.bytes, bytes), `stream ${place}`).toBe(0);
    if (bytes.length <= 5000) expect(inflatePlain(stream, bytes.length)).toEqual(fast);
  }
  expect(all).toHaveLength(17 * 16);
  expect(kernels.kernelCalls() - before).toBeGreaterThanOrEqual(all.length);
});

test('a stream cut at any length, or for another size, is a fault, the same from kernel and twin', () => {
  const from = random(32);
  let cuts = 0;
  for (const strategy of [Z_DEFAULT_STRATEGY, Z_FIXED, Z_HUFFMAN_ONLY, Z_RLE]) {
    const bytes = Uint8Array.from({ length: 700 }, (_, i) => from.int(0, 40) * (i % 7));
    const stream = deflateSync(bytes, { strategy });
    for (let length = 0; length < stream.length; length++, cuts++) {
      const fast = inflateFast(stream.subarray(0, length), bytes.length);
      expect(reference.INFLATE_FAULTS[fast.fault]).toBe('it is cut short');
      expect(inflatePlain(stream.subarray(0, length), bytes.length).fault).toBe(fast.fault);
    }
    for (const size of [0, 1, 650, 699, 701, 5000]) {
      const expected = size < 700 ? 'it holds more bytes than stated' : 'it holds fewer bytes than stated';
      expect(reference.INFLATE_FAULTS[inflateFast(stream, size).fault]).toBe(expected);
      expect(reference.INFLATE_FAULTS[inflatePlain(stream, size).fault]).toBe(expected);
    }
  }
  expect(cuts).toBeGreaterThan(1000);
});

test('damaged streams: kernel and twin agree on the fault, and zlib on whether there is one', () => {
  const from = random(33);
  const seen = new Map<number, number>();
  const all = streams().filter(({ bytes }) => bytes.length > 0 && bytes.length <= 1000);
  const rounds = 5000;
  for (let round = 0; round < rounds; round++) {
    const { stream, bytes } = from.pick(all);
    const broken = Uint8Array.from(stream);
    // Half of the damage goes where the headers of blocks are.
    const reach = from.chance(0.5) ? Math.min(40, broken.length) : broken.length;
    for (let n = from.int(1, 3); n > 0; n--) broken[from.int(0, reach - 1)] = from.int(0, 255);
    const fast = inflateFast(broken, bytes.length);
    const plain = inflatePlain(broken, bytes.length);
    expect(fast.fault, `round ${round}`).toBe(plain.fault);
    if (fast.fault === 0) expect(fast.bytes).toEqual(plain.bytes);
    expect(zlibTakes(broken, bytes.length), `round ${round}`).toBe(fast.fault === 0);
    seen.set(fast.fault, (seen.get(fast.fault) ?? 0) + 1);
  }
  // Every fault occurred.
  expect([...seen.keys()].sort((a, b) => a - b)).toEqual(reference.INFLATE_FAULTS.map((_, place) => place));
});
