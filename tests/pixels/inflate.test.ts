// Our inflate: kernel, twin and zlib take the same streams and make the same bytes of them, whatever is wrong with them.
import { constants, deflateSync, inflateSync } from 'node:zlib';
import { expect, test } from 'vitest';
import * as kernels from '../../engine/pixels/kernels.ts';
import * as reference from '../../engine/pixels/reference.ts';
import { type Random, random } from '../base/random.ts';

/** The bytes, or the number of the fault. What stands before and behind the memory lent must stay as it is. */
function inflateFast(source: Uint8Array, room: number): Uint8Array | number {
  const [before, input, target, guard] = kernels.scratch(64, source.length, room, 512);
  for (const side of [before, guard]) side.fill(0x55);
  input.set(source);
  const made = kernels.inflate(input, target);
  expect(same(input, source)).toBe(true);
  expect([before, guard].every((side) => side.every((byte) => byte === 0x55))).toBe(true);
  return made < 0 ? -made : target.slice(0, made);
}

/** Whether two outcomes are the same bytes, or the same fault. */
const same = (a: Uint8Array | number | undefined, b: Uint8Array | number | undefined): boolean =>
  a instanceof Uint8Array && b instanceof Uint8Array ? Buffer.compare(a, b) === 0 : a === b;

function byZlib(source: Uint8Array, room: number): Uint8Array | undefined {
  try {
    const bytes = inflateSync(source, { maxOutputLength: Math.max(1, room) });
    return bytes.length <= room ? Uint8Array.from(bytes) : undefined;
  } catch {
    return undefined;
  }
}

/** Noise, a few values, slow steps, runs, far repeats: what asks for narrow and wide codes, and for all distances. */
function bytesOf(from: Random, length: number): Uint8Array {
  const kind = from.int(0, 5);
  const far = 2 ** from.int(0, 15);
  const bytes = new Uint8Array(length);
  for (let i = 0; i < length; i++) {
    if (kind === 0) bytes[i] = from.int(0, 255);
    else if (kind === 1) bytes[i] = 2 ** from.int(0, 7);
    else if (kind === 2) bytes[i] = 128 + ((from.int(-9, 9) * from.int(0, 9) * from.int(0, 9)) >> 3);
    else if (kind === 3) bytes[i] = from.chance(0.02) ? from.int(0, 255) : (bytes[i - 1] ?? 7);
    else if (kind === 4) bytes[i] = from.chance(0.1) || i < far ? from.int(0, 255) : bytes[i - far]!;
    else bytes[i] = (i % from.int(1, 9)) * 3;
  }
  return bytes;
}

const STRATEGIES = [
  constants.Z_DEFAULT_STRATEGY,
  constants.Z_FILTERED,
  constants.Z_HUFFMAN_ONLY,
  constants.Z_RLE,
  constants.Z_FIXED,
];

function pack(from: Random, bytes: Uint8Array): Uint8Array {
  return Uint8Array.from(
    deflateSync(bytes, {
      level: from.int(0, 9),
      memLevel: from.int(1, 9),
      windowBits: from.int(9, 15),
      strategy: from.pick(STRATEGIES),
    }),
  );
}

test('whole streams of all kinds of blocks', () => {
  let streams = 0;
  for (let seed = 1; seed <= 400; seed++) {
    const from = random(seed);
    const bytes = bytesOf(from, from.pick([0, 1, 5, 258, 299, 300, 301, 4000, from.int(1, 70_000)]));
    const packed = pack(from, bytes);
    expect(same(inflateFast(packed, bytes.length), bytes), `seed ${seed}`).toBe(true);
    if (bytes.length < 10_000) expect(same(reference.inflate(packed, bytes.length), bytes), `seed ${seed}`).toBe(true);
    // What stands behind the stream is not its own.
    expect(same(inflateFast(Buffer.concat([packed, Uint8Array.of(1, 2, 3)]), bytes.length + 9), bytes)).toBe(true);
    if (bytes.length > 0) expect(inflateFast(packed, bytes.length - 1), `seed ${seed}`).toBe(2);
    streams++;
  }
  expect(streams).toBe(400);
});

test('damaged streams: the same bytes or the same fault as the twin, and zlib agrees which are sound', () => {
  const faults = new Set<number>();
  let sound = 0;
  for (let seed = 1; seed <= 3000; seed++) {
    const from = random(seed);
    const bytes = bytesOf(from, from.int(0, from.chance(0.1) ? 6000 : 600));
    const packed = pack(from, bytes);
    // Most of a stream is codes that stand for something whatever they are; its beginning is what may contradict itself.
    const within = from.chance(0.5) ? Math.min(40, packed.length) : packed.length;
    for (let n = from.int(0, 3); n > 0; n--) packed[from.int(0, within - 1)]! ^= 1 << from.int(0, 7);
    const source = from.chance(0.2) ? packed.subarray(0, from.int(0, packed.length)) : packed;
    const room = from.chance(0.1) ? from.int(0, bytes.length) : bytes.length;
    const fast = inflateFast(source, room);
    expect(same(fast, reference.inflate(source, room)), `seed ${seed}`).toBe(true);
    if (room > 0)
      expect(same(typeof fast === 'number' ? undefined : fast, byZlib(source, room)), `seed ${seed}`).toBe(true);
    if (typeof fast === 'number') faults.add(fast);
    else sound++;
  }
  expect(sound).toBeGreaterThan(500);
  expect([...faults].sort((a, b) => a - b)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
});

test('codes that lack words: none, or one of one bit, is a code; more are not', () => {
  /** A block with a code of its own: widths of literals and distances, then bits as they stand in the stream. */
  const stream = (literals: readonly number[], distances: readonly number[], rest: string): Uint8Array => {
    let bits = `1${lowest(2, 2)}${lowest(literals.length - 257, 5)}${lowest(distances.length - 1, 5)}${lowest(15, 4)}`;
    // The code of widths: sixteen symbols of four bits, so that a width is written as itself, highest bit first.
    for (const symbol of [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15]) {
      bits += lowest(symbol < 16 ? 4 : 0, 3);
    }
    for (const width of [...literals, ...distances]) bits += width.toString(2).padStart(4, '0');
    bits += rest;
    const bytes = [0x78, 0x9c];
    for (let i = 0; i < bits.length; i += 8) {
      bytes.push([...bits.slice(i, i + 8)].reduce((sum, bit, place) => sum + (bit === '1' ? 1 << place : 0), 0));
    }
    return Uint8Array.from([...bytes, 0, 0, 0, 1, 0, 0, 0, 0]);
  };
  const lowest = (value: number, width: number): string =>
    [...value.toString(2).padStart(width, '0')].reverse().join('');
  const widths = (set: Readonly<Record<number, number>>): number[] =>
    Array.from({ length: 286 }, (_, symbol) => set[symbol] ?? 0);
  const end = { 256: 1 };
  const cases: readonly (readonly [Uint8Array, number | Uint8Array])[] = [
    [stream(widths(end), [0], '0'), new Uint8Array(0)],
    [stream(widths(end), [0], '1'), 3],
    [stream(widths({ 256: 1, 257: 1 }), [0], '1'), 4],
    [stream(widths({ 256: 1, 257: 1 }), [1], '10'), 5],
    [stream(widths({ 256: 1, 257: 1 }), [1], '11'), 4],
    [stream(widths({ 256: 2 }), [0], '00'), 9],
    [stream(widths(end), [2], '0'), 9],
    [stream(widths({ 65: 1, 256: 1, 257: 1 }), [0], '0'), 9],
    [stream(widths({ 65: 1 }), [0], '0'), 9],
  ];
  for (const [place, [source, expected]] of cases.entries()) {
    expect(inflateFast(source, 10), `case ${place}`).toEqual(expected);
    expect(reference.inflate(source, 10), `case ${place}`).toEqual(expected);
    expect(byZlib(source, 10) !== undefined, `case ${place}`).toBe(typeof expected !== 'number');
  }
});
