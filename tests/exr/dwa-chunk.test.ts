// DWA's chunks: which rule holds for which channel, colours that go together, stated heads, and stated faults.
import { describe, expect, test } from 'vitest';
import { EngineError } from '../../engine/base/error.ts';
import { methodOf } from '../../engine/exr/method.ts';
import { type Block, type BlockSource, blockOf } from '../../engine/exr/methods/block.ts';
import {
  classify,
  dwaIsLossy,
  encodeRules,
  LEGACY_RULES,
  RULES,
  readRules,
} from '../../engine/exr/methods/dwa/rules.ts';
import { encodeSizes, readSizes, SIZES_BYTES } from '../../engine/exr/methods/dwa/sizes.ts';
import type { SampleType } from '../../engine/pixels/plane.ts';
import { random } from '../base/random.ts';

const FULL = { x: 1, y: 1 };
const source = (text: string): BlockSource => {
  const [name, type = 'half', step = '1'] = text.split(':');
  return { name: name!, type: type as SampleType, sampling: { x: Number(step), y: Number(step) } };
};
const block = (channels: readonly string[]): Block =>
  blockOf({ minX: 0, minY: 0, maxX: 15, maxY: 15 }, channels.map(source));

describe('rules', () => {
  test('go by the name behind the last dot, and by type', () => {
    const lossy = ['R', 'spec.G', 'a.b.B', 'Y', 'x.BY', 'RY', 'N.Y'];
    for (const name of lossy) expect(dwaIsLossy({ name, type: 'half' }), name).toBe(true);
    for (const name of ['A', 'r', 'red', 'Z', 'R.x', 'xR', 'y', 'N.X', ''])
      expect(dwaIsLossy({ name, type: 'half' }), name).toBe(false);
    expect(dwaIsLossy({ name: 'R', type: 'uint' })).toBe(false);
  });

  test('put red, green and blue of a layer together where their sampling is one', () => {
    const { schemes, groups } = classify(
      block([
        'A',
        'B',
        'G',
        'R',
        'Z:float',
        'id.A:uint',
        'l.B:float',
        'l.G',
        'l.R',
        'm.B',
        'm.G',
        'n.B',
        'n.G:half:2',
        'n.R',
      ]).channels,
      RULES,
    )!;
    expect(groups).toEqual([[3, 2, 1], [8, 7, 6], [9], [10], [11], [12], [13]]);
    expect([schemes[0], schemes[4], schemes[5]]).toEqual(['runs', 'plain', 'runs']);
  });

  test('of old chunks go by longer names in any case, the last of two counts', () => {
    const { schemes, groups } = classify(block(['BLUE', 'Green', 'R', 'a', 'red', 'y']).channels, LEGACY_RULES)!;
    expect(groups).toEqual([[4, 1, 0], [2], [5]]);
    expect(schemes).toEqual(['lossy', 'lossy', 'lossy', 'runs', 'lossy', 'lossy']);
  });

  test('are written where they fit a channel, and read back', () => {
    const bytes = encodeRules(block(['A', 'R', 'R.Z:float']).channels);
    // The size, then R of halves: colour 1, lossy; A of halves: run lengths.
    expect([...bytes]).toEqual([10, 0, 82, 0, 0x14, 1, 65, 0, 0x08, 1]);
    const { rules, size } = readRules('dwaa', Uint8Array.of(...bytes, 99));
    expect(size).toBe(10);
    expect(rules).toEqual([
      { suffix: 'R', scheme: 'lossy', type: 'half', colour: 0, anyCase: false },
      { suffix: 'A', scheme: 'runs', type: 'half', colour: -1, anyCase: false },
    ]);
  });
});

test('a head is eleven numbers', () => {
  const sizes = {
    version: 2,
    plainBytes: 3,
    plainPacked: 4,
    acPacked: 5,
    dcPacked: 6,
    runsPacked: 7,
    runsBytes: 8,
    runsUnpacked: 9,
    acWords: 10,
    dcWords: 11,
    acMethod: 1,
  };
  const bytes = encodeSizes(sizes);
  expect(bytes.length).toBe(88);
  expect(readSizes('dwab', bytes)).toEqual(sizes);
});

describe('faults', () => {
  const given = block(['A', 'B', 'G', 'R', 'Y:float', 'Z:float']);
  const from = random(61);
  const raw = new Uint8Array(given.rawBytes).map((_, i) => (i & 1 ? 0x30 + (i % 5) : from.int(0, 9)));
  const packed = methodOf('dwaa').pack(raw, given, { zipLevel: 4, dwaLevel: 45 });
  const fault = (bytes: Uint8Array): string => {
    try {
      methodOf('dwaa').unpack(bytes, given);
    } catch (error) {
      if (error instanceof EngineError && error.code === 'exr-compressed-data') return error.message;
      throw error;
    }
    return 'none';
  };
  /** The chunk with a number of its head changed. */
  const stating = (field: number, number: bigint): Uint8Array => {
    const changed = packed.slice();
    new DataView(changed.buffer).setBigUint64(field * 8, number, true);
    return changed;
  };
  /** The chunk with other rules. */
  const ruled = (...rules: number[]): Uint8Array => {
    const own = packed[SIZES_BYTES]! | (packed[SIZES_BYTES + 1]! << 8);
    const size = rules.length + 2;
    return Uint8Array.of(...packed.subarray(0, SIZES_BYTES), size, 0, ...rules, ...packed.subarray(SIZES_BYTES + own));
  };

  test.each<[number, bigint, RegExp]>([
    [0, 3n, /a version up to 2, found 3/],
    [1, 1n, /states 1 bytes, not 1024/],
    [2, 1_000_000n, /states 1000000 bytes and has/],
    [3, 0n, /cannot hold/],
    [4, 0n, /cannot hold/],
    [5, 0n, /cannot hold/],
    [6, 5000n, /bytes of run lengths in 5000/],
    [7, 0n, /states 0 bytes of run lengths/],
    [8, 3n, /states 3 other frequencies for 16 squares/],
    [8, 1009n, /states 1009 other frequencies/],
    [9, 15n, /states 15 first frequencies/],
    [9, 100_000n, /states 100000 first frequencies/],
    [10, 2n, /0 or 1 for acMethod/],
    [4, 2n ** 63n, /states 9223372036854775808 for dcPacked/],
  ])('field %i with %d', (field, number, message) => {
    expect(fault(stating(field, number))).toMatch(message);
  });

  test('rules without meaning', () => {
    expect(fault(packed)).toBe('none');
    for (const [rules, message] of [
      [[82, 0, 0x0c, 1], /rule of "R" has no meaning/],
      [[82, 0, 0x44, 1], /rule of "R" has no meaning/],
      [[82, 0, 0x14, 3], /rule of "R" has no meaning/],
      [[82, 0, 0x14], /Expected 1 more bytes/],
      [[82, 82], /ended by a zero byte/],
      // Run lengths that are the red of a colour.
      [[...[82, 71, 66].flatMap((letter, i) => [letter, 0, ((i + 1) << 4) | 0x08, 1])], /not lossy among the colours/],
    ] as const) {
      expect(fault(ruled(...rules)), String(message)).toMatch(message);
    }
    expect(fault(packed.subarray(0, SIZES_BYTES + 1))).toMatch(/rules are cut short/);
    expect(fault(packed.subarray(0, SIZES_BYTES + 4))).toMatch(/rules state/);
  });

  test('the block of none has nothing', () => {
    expect(
      methodOf('dwab').unpack(new Uint8Array(0), blockOf({ minX: 0, minY: 0, maxX: -1, maxY: 0 }, [])).length,
    ).toBe(0);
    expect(blockOf({ minX: 0, minY: 0, maxX: 0, maxY: 0 }, [{ type: 'half', sampling: FULL }]).channels[0]!.name).toBe(
      '',
    );
  });
});
