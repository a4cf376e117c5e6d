// Chunks cut short: each decoder at every length ends in an error, and reads nothing beyond the bytes that it is given.
import { inflateSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { EngineError } from '../../engine/base/error.ts';
import { unpackChunk } from '../../engine/exr/chunk.ts';
import { deflated } from '../../engine/exr/methods/deflated.ts';
import { deflateWork, scratch } from '../../engine/pixels/kernels.ts';
import { planeBytes } from '../../engine/pixels/plane.ts';
import { deflateBound } from '../../engine/pixels/reference.ts';
import { random } from '../base/random.ts';
import { CHANNELS, PACKED, type PackedChunk, packedChunk } from '../fuzz/blocks.ts';
import { inflated } from './inflated.ts';

/** The code of the error, or all samples. */
function unpacked({ part }: PackedChunk, payload: Uint8Array): string {
  try {
    const planes = unpackChunk(part, 0, payload);
    return [...planes].map(([name, plane]) => `${name} ${Buffer.from(planeBytes(plane)).toString('base64')}`).join();
  } catch (thrown) {
    if (!(thrown instanceof EngineError) || thrown.code === 'internal') throw thrown;
    return thrown.code;
  }
}

/** A view of the bytes in the middle of a buffer that holds `around` elsewhere, and whether that still stands there. */
function amid(bytes: Uint8Array, around: number): { readonly view: Uint8Array; untouched(): boolean } {
  const buffer = new Uint8Array(bytes.length + 128).fill(around);
  buffer.set(bytes, 64);
  const rest = (): Uint8Array[] => [buffer.subarray(0, 64), buffer.subarray(64 + bytes.length)];
  return {
    view: buffer.subarray(64, 64 + bytes.length),
    untouched: () =>
      rest().every((side) => side.every((byte) => byte === around)) &&
      Buffer.compare(bytes, buffer.subarray(64, 64 + bytes.length)) === 0,
  };
}

describe.each(PACKED)('%s', (method) => {
  test('at every length', () => {
    const { int } = random(7);
    let lengths = 0;
    for (const [name, channels] of Object.entries(CHANNELS)) {
      const chunk = packedChunk(method, channels, [38, 34], 1, random(int(1, 999)));
      expect(chunk.packed, name).toBe(true);
      const { payload } = chunk;
      const whole = unpacked(chunk, payload);
      expect(whole.length, name).toBeGreaterThan(100);
      const raw = unpacked(chunk, payload.slice());
      expect(raw).toBe(whole);
      for (let length = 0; length < payload.length; length++) {
        const found = [0, 0xff].map((around) => {
          const { view, untouched } = amid(payload.subarray(0, length), around);
          const outcome = unpacked(chunk, view);
          expect(untouched(), `${name} at ${length}`).toBe(true);
          return outcome;
        });
        expect(found, `${name} at ${length} of ${payload.length}`).toEqual([
          'exr-compressed-data',
          'exr-compressed-data',
        ]);
        lengths += 1;
      }
    }
    expect(lengths).toBeGreaterThan(300);
  });

  test('damaged in 1,500 ways, whatever stands around its bytes', () => {
    let errors = 0;
    let packed = 0;
    for (let seed = 1; seed <= 1500; seed++) {
      const from = random(seed);
      const chunk = packedChunk(method, CHANNELS[from.pick(Object.keys(CHANNELS))]!, [38, 34], 1, from);
      packed += Number(chunk.packed);
      const mutant = chunk.payload.slice();
      for (let i = from.int(1, 4); i > 0; i--) mutant[from.int(0, mutant.length - 1)] = from.int(0, 255);
      const outcomes = [0, 0xff].map((around) => {
        const { view, untouched } = amid(mutant, around);
        const outcome = unpacked(chunk, view);
        expect(untouched(), `seed ${seed}`).toBe(true);
        return outcome;
      });
      expect(outcomes[1], `seed ${seed}`).toBe(outcomes[0]);
      if (outcomes[0] === 'exr-compressed-data') errors += 1;
    }
    expect(packed).toBe(1500);
    // In B44 nearly all bytes stand for some picture; in the others lengths, codes and sums contradict.
    expect(errors).toBeGreaterThan(method.startsWith('b44') ? -1 : 100);
  });
});

describe('deflate', () => {
  const pack = (bytes: Uint8Array): Uint8Array => {
    const [source, work, target] = scratch(bytes.length, deflateWork(), deflateBound(bytes.length));
    source!.set(bytes);
    return deflated(source!, 4, work!, target!);
  };

  test('is inflated by zlib to what it was, and at every shorter length is an error', () => {
    let lengths = 0;
    for (const size of [0, 1, 2, 63, 300, 2000]) {
      const from = random(size + 1);
      const bytes = Uint8Array.from({ length: size }, (_, i) => (from.chance(0.3) ? from.int(0, 255) : i >> 3));
      const packed = pack(bytes);
      expect(Buffer.compare(inflateSync(packed), bytes)).toBe(0);
      expect(Buffer.compare(inflated(packed, size), bytes)).toBe(0);
      for (let length = 0; length < packed.length; length++) {
        const { view, untouched } = amid(packed.subarray(0, length), 0xff);
        expect(() => inflated(view, size), `${length} of ${packed.length}`).toThrow(EngineError);
        expect(untouched()).toBe(true);
        lengths += 1;
      }
      for (const wrong of [size + 1, size - 1, size * 2 + 7].filter((n) => n >= 0 && n !== size)) {
        expect(() => inflated(packed, wrong)).toThrow(EngineError);
      }
    }
    expect(lengths).toBeGreaterThan(1000);
  });
});
