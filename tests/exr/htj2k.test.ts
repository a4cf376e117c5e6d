// HTJ2K: its code words, blocks, wavelet and packets against their opposites, what a chunk states, and what is refused.
import { describe, expect, test } from 'vitest';
import { EngineError } from '../../engine/base/error.ts';
import {
  type Block,
  type BlockSource,
  blockOf,
  blockRows,
  methodOf,
  packChunk,
  unpackChunk,
} from '../../engine/exr/method.ts';
import { quadMeanings, quadWords } from '../../engine/exr/methods/htj2k/codes.ts';
import { readCodestream } from '../../engine/exr/methods/htj2k/codestream.ts';
import { writeCodestream } from '../../engine/exr/methods/htj2k/codestream-pack.ts';
import { faultOf } from '../../engine/exr/methods/htj2k/fault.ts';
import { readPackets, resolutionsOf } from '../../engine/exr/methods/htj2k/packet.ts';
import { writePackets } from '../../engine/exr/methods/htj2k/packet-pack.ts';
import { type Coefficients, unpackBlock } from '../../engine/exr/methods/htj2k/quad.ts';
import { packBlock } from '../../engine/exr/methods/htj2k/quad-pack.ts';
import { createGrid, doubled, type Grid, halved, mixed, unmixed } from '../../engine/exr/methods/htj2k/wavelet.ts';
import type { SampleType } from '../../engine/pixels/plane.ts';
import { type Random, random } from '../base/random.ts';

const OPTIONS = { zipLevel: 4, dwaLevel: 45 };
const fault = faultOf('htj2k32');
const channel = (name: string, type: SampleType, x = 1, y = 1): BlockSource => ({ name, type, sampling: { x, y } });

/** The error of a call; a call that succeeds is a failure of the test. */
function failure(run: () => unknown): EngineError {
  try {
    run();
  } catch (error) {
    if (error instanceof EngineError) return error;
    throw error;
  }
  throw new Error('expected a failure');
}

test('any bits begin with one word of each context, and what is written is read', () => {
  let words = 0;
  for (const place of ['first', 'later'] as const) {
    const [read, write] = [quadMeanings()[place], quadWords()[place]];
    for (let context = 0; context < 8; context++) {
      let share = 0;
      for (let bits = 0; bits < 128; bits++) {
        const length = read[(context << 7) | bits]! & 7;
        expect(length).toBeGreaterThan(0);
        share += 1 / 128;
      }
      expect(share).toBe(1);
      for (let index = 0; index < 512; index++) {
        const entry = write[(context << 9) | index]!;
        const length = entry & 7;
        if (length === 0) continue;
        const meaning = read[(context << 7) | ((entry >> 3) & 127)]!;
        const [pattern, follows, greatest] = [index >> 5, (index >> 4) & 1, index & 15];
        expect([meaning & 7, (meaning >> 3) & 1, (meaning >> 4) & 15]).toEqual([length, follows, pattern]);
        expect(meaning >> 12).toBe(entry >> 12);
        expect((meaning >> 8) & 15).toBe(greatest & (meaning >> 12));
        words++;
      }
    }
  }
  expect(words).toBe(7095);
});

/** A whole number of so many bits. */
const whole = (bits: number, { int }: Random): number =>
  bits <= 24 ? int(0, 2 ** bits - 1) : int(0, 2 ** (bits - 24) - 1) * 2 ** 24 + int(0, 2 ** 24 - 1);

/** Coefficients as pictures have them and as they do not: mostly nothing, of a few bits, of all that there are. */
function fill(values: Coefficients, bits: number, from: Random): void {
  const style = from.int(0, 4);
  for (let i = 0; i < values.length; i++) {
    if (style === 0 && from.int(0, 15) > 0) continue;
    const size = style === 1 ? from.int(0, 3) : style === 2 ? bits : from.int(0, bits);
    const magnitude = whole(size, from);
    values[i] = style !== 4 && from.chance(0.5) ? -magnitude : magnitude;
  }
}

test('blocks of every shape and depth come back', () => {
  const from = random(61);
  const count = { blocks: 0, empty: 0, samples: 0, bytes: 0 };
  for (let turn = 0; turn < 1500; turn++) {
    const across = from.int(0, 10);
    const columns = from.int(1, 1 << across);
    const rows = from.int(1, 1 << Math.min(10, 12 - Math.max(2, across)));
    const depth = from.pick([3, 9, 17, 19, 25, 30, 34, 36, 38]);
    const stride = columns + from.int(0, 3);
    const narrow = depth < 31;
    const source = narrow ? new Int32Array(stride * rows) : new Float64Array(stride * rows);
    fill(source, depth - 1, from);
    for (let i = 0; i < source.length; i++) if (i % stride >= columns) source[i] = 0;
    const place = { at: 0, stride, columns, rows };
    const bytes = packBlock(source, place);
    count.blocks++;
    if (!bytes) {
      expect(source.every((value) => value === 0)).toBe(true);
      count.empty++;
      continue;
    }
    // No two bytes look like a marker.
    for (let i = 1; i < bytes.length; i++) if (bytes[i - 1] === 255) expect(bytes[i]).toBeLessThan(0x90);
    const target = narrow ? new Int32Array(source.length) : new Float64Array(source.length);
    expect(unpackBlock(bytes, depth, target, place)).toBeUndefined();
    // Zero has no sign.
    for (let i = 0; i < source.length; i++) if (source[i] !== target[i]) expect.fail(`turn ${turn}, place ${i}`);
    count.samples += columns * rows;
    count.bytes += bytes.length;
  }
  expect(count).toEqual({ blocks: 1500, empty: 4, samples: 1_568_684, bytes: 2_742_141 });
});

test('blocks of noise are read without leaving their place', () => {
  const from = random(62);
  let whole = 0;
  for (let turn = 0; turn < 20_000; turn++) {
    const [columns, rows] = [from.int(1, 40), from.int(1, 40)];
    const bytes = new Uint8Array(from.int(2, 200)).map(() => from.int(0, 255));
    if (from.chance(0.8)) {
      const suffix = from.int(2, bytes.length);
      bytes[bytes.length - 1] = suffix >> 4;
      bytes[bytes.length - 2] = (bytes[bytes.length - 2]! & 0xf0) | (suffix & 15);
    }
    const stride = columns + 2;
    const target = new Int32Array(stride * (rows + 2));
    if (unpackBlock(bytes, 18, target, { at: stride + 1, stride, columns, rows }) === undefined) whole++;
    for (let i = 0; i < target.length; i++) {
      const [x, y] = [i % stride, Math.floor(i / stride)];
      if (x === 0 || x > columns || y === 0 || y > rows) expect(target[i]).toBe(0);
    }
  }
  expect(whole).toBeGreaterThan(500);
});

function noise(columns: number, rows: number, narrow: boolean, from: Random): Grid {
  const grid = createGrid(columns, rows, narrow);
  const bits = narrow ? 16 : 32;
  for (let i = 0; i < grid.values.length; i++) grid.values[i] = whole(bits, from) - 2 ** (bits - 1);
  return grid;
}

test('the wavelet and the colour transform undo themselves at every size', () => {
  const from = random(63);
  let grids = 0;
  for (const narrow of [true, false]) {
    for (let columns = 1; columns <= 17; columns++) {
      for (let rows = 1; rows <= 17; rows++) {
        const grid = noise(columns, rows, narrow, from);
        const before = grid.values.slice();
        const { small, detail } = halved(grid);
        expect(doubled(small, detail, columns, rows).values).toEqual(before);
        grids++;
      }
    }
    const colours = [noise(9, 9, narrow, from), noise(9, 9, narrow, from), noise(9, 9, narrow, from)] as const;
    const before = colours.map(({ values }) => values.slice());
    mixed(colours);
    expect(colours.map(({ values }) => values)).not.toEqual(before);
    unmixed(colours);
    expect(colours.map(({ values }) => values)).toEqual(before);
  }
  expect(grids).toBe(578);
});

test('a flat grid is one number, and a slope has no detail', () => {
  const grid = createGrid(8, 8, true);
  grid.values.fill(7);
  const { small, detail } = halved(grid);
  expect(new Set(small.values)).toEqual(new Set([7]));
  for (const { values } of Object.values(detail)) expect(values.every((value: number) => value === 0)).toBe(true);
  const slope = createGrid(8, 1, true);
  slope.values.set([0, 2, 4, 6, 8, 10, 12, 14]);
  const halves = halved(slope);
  expect([...halves.small.values]).toEqual([0, 4, 8, 13]);
  expect([...halves.detail.across.values]).toEqual([0, 0, 0, 2]);
});

test('packets of images larger than a precinct come in the order of their places', () => {
  const from = random(64);
  const depths = Array.from({ length: 7 }, () => 18);
  const components = [1, 2].map((step) => ({
    columns: Math.ceil(70_000 / step),
    rows: 3,
    step: { x: step, y: 1 },
    bits: 16,
    signed: true,
    folded: false,
    depths,
  }));
  const block = { across: 7, down: 5 };
  const resolutions = components.map((component) => resolutionsOf(component, 2));
  let blocks = 0;
  for (const { subbands } of resolutions.flat()) {
    for (const { columns, rows, blocks: list } of subbands) {
      for (let left = 0; left < columns && rows > 0; left += 128) {
        if (from.chance(0.3)) continue;
        const bytes = Uint8Array.of(from.int(0, 255), 0, ...new Uint8Array(from.int(0, 90)).fill(blocks & 255));
        list.push({ left, top: 0, columns: Math.min(128, columns - left), rows, bytes });
        blocks++;
      }
    }
  }
  const coding = { columns: 70_000, rows: 3, components, levels: 2, block, mixed: false };
  const bytes = writeCodestream({ ...coding, packets: writePackets(resolutions, coding) });
  const read = readCodestream(bytes, fault);
  expect(read).toMatchObject(coding);
  expect(readPackets(read, fault)).toEqual(resolutions);
  expect(blocks).toBe(1439);
});

/** Ramps with some grain, of any types. */
function ramps(block: Block, from: Random): Uint8Array {
  const raw = new Uint8Array(block.rawBytes);
  for (let i = 0; i < raw.length; i++) raw[i] = i & 1 ? 0x30 + ((i >> 7) & 3) : from.int(0, 7);
  return raw;
}

const COLOURS = [channel('A', 'half'), channel('B', 'half'), channel('G', 'half'), channel('R', 'half')];
const WINDOW = { minX: 0, minY: 0, maxX: 63, maxY: 31 };

const packed = (
  sources: readonly BlockSource[],
  window = WINDOW,
): { bytes: Uint8Array; block: Block; raw: Uint8Array } => {
  const block = blockOf(window, sources);
  const raw = ramps(block, random(65));
  return { bytes: methodOf('htj2k32').pack(raw, block, OPTIONS), block, raw };
};

/** The list of channels of a chunk, and whether its colours are mixed. */
function stated(bytes: Uint8Array): { channels: number[]; mixed: boolean } {
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  expect(view.getUint16(0)).toBe(0x4854);
  const count = view.getUint16(6);
  expect(view.getUint32(2)).toBe(2 + count * 2);
  const channels = Array.from({ length: count }, (_, i) => view.getUint16(8 + i * 2));
  return { channels, mixed: readCodestream(bytes.subarray(8 + count * 2), fault).mixed };
}

test('red, green and blue of a layer are packed as colours, the channels around them by themselves', () => {
  const cases: [readonly BlockSource[], number[], boolean][] = [
    [COLOURS, [3, 2, 1, 0], true],
    [[channel('Z', 'float')], [0], false],
    [[channel('d.Blue', 'uint'), channel('d.GREEN', 'uint'), channel('d.red', 'uint')], [2, 1, 0], true],
    [[channel('B', 'half'), channel('G', 'half'), channel('R', 'float')], [0, 1, 2], false],
    [[channel('a.B', 'half'), channel('a.G', 'half'), channel('b.R', 'half')], [0, 1, 2], false],
    [
      [channel('R', 'half'), channel('s.B', 'float'), channel('s.G', 'float'), channel('s.R', 'float')],
      [3, 2, 1, 0],
      true,
    ],
    [[...COLOURS, channel('Y', 'half', 2, 2)], [0, 1, 2, 3, 4], false],
  ];
  for (const [sources, channels, colours] of cases) {
    const { bytes, block, raw } = packed(sources);
    expect(stated(bytes)).toEqual({ channels, mixed: colours });
    expect(Buffer.compare(unpackChunk('htj2k256', bytes, block), raw)).toBe(0);
  }
});

test('many channels, each of a type of its own, and one that is wanted alone', () => {
  const types = ['half', 'float', 'uint'] as const;
  const sources = Array.from({ length: 300 }, (_, i) => channel(`c${1000 + i}`, types[i % 3]!));
  const { bytes, block, raw } = packed(sources, { minX: -3, minY: 5, maxX: 36, maxY: 34 });
  expect(Buffer.compare(unpackChunk('htj2k32', bytes, block), raw)).toBe(0);
  const row = raw.length / 30;
  const part = unpackChunk('htj2k32', bytes, block, [{ start: row, end: row + 4 }]);
  expect(part.subarray(row, row + 4)).toEqual(raw.subarray(row, row + 4));
  expect(part.subarray(0, row).every((byte) => byte === 0)).toBe(true);
});

test('the greatest contrast fits the depths that are stated', () => {
  const extremes = [0x7fffffff, 0xffffffff, 0, 0x80000000];
  const patterns: ((x: number, y: number, c: number) => number)[] = [
    (x, y, c) => (x + y + c) & 1,
    (x, _, c) => (x + c) & 1,
    (_, y, c) => ((y + c) & 1) * 2,
    (x, y, c) => ((x >> 1) + (y >> 1) + c) & 3,
    (x, y, c) => (((x & 3) * 7 + (y & 3) * 5 + c * 3) >> 1) & 3,
    (x, y, c) => ((x * 7919 + y * 104_729 + c * 31) >> 3) & 1,
  ];
  let blocks = 0;
  for (const type of ['half', 'float', 'uint'] as const) {
    const block = blockOf(
      { minX: 0, minY: 0, maxX: 66, maxY: 34 },
      ['B', 'G', 'R', 'Z'].map((name) => channel(name, type)),
    );
    for (const pattern of patterns) {
      const raw = new Uint8Array(block.rawBytes);
      const view = new DataView(raw.buffer);
      for (const { channel: c, y, start } of blockRows(block)) {
        for (let x = 0; x < 67; x++) {
          const value = extremes[pattern(x, y, c)]!;
          if (type === 'half') view.setUint16(start + x * 2, value >>> 16, true);
          else view.setUint32(start + x * 4, value, true);
        }
      }
      const { pack, unpack } = methodOf('htj2k256');
      expect(Buffer.compare(unpack(pack(raw, block, OPTIONS), block), raw)).toBe(0);
      blocks++;
    }
  }
  expect(blocks).toBe(18);
});

test('channels that do not fill their grid stay as they are', () => {
  const odd = blockOf({ minX: 1, minY: 0, maxX: 63, maxY: 31 }, [channel('Y', 'half', 2, 2), channel('Z', 'half')]);
  const raw = ramps(odd, random(66));
  expect(packChunk('htj2k32', raw, odd, OPTIONS)).toEqual(raw);
  const even = packed([channel('Y', 'half', 2, 2), channel('Z', 'half')]);
  expect(even.bytes.length).toBeLessThan(even.raw.length);
  const wide = packed([channel('Y', 'half', 256, 1), channel('Z', 'half')], { ...WINDOW, maxX: 255 });
  expect(wide.bytes).toEqual(wide.raw);
});

describe('what is refused', () => {
  const { bytes: sound, block } = packed(COLOURS);
  const HEAD = 16;
  const find = (marker: number): number => {
    for (let at = HEAD; at < sound.length; at++) if (sound[at] === 255 && sound[at + 1] === marker) return at;
    throw new Error('no such marker');
  };
  const [SIZ, COD, QCD, NLT, SOT] = [find(0x51), find(0x52), find(0x5c), find(0x76), find(0x90)];

  test.each<[string, number, number, RegExp]>([
    ['another beginning', 0, 0x49, /start with "HT"/],
    ['a list that is too long', 3, 1, /states 65546 bytes before its codestream/],
    ['another count of channels', 7, 5, /has 5 channels, not 4|states 10 bytes/],
    ['a channel twice', 9, 2, /names a channel twice/],
    ['a channel that is not there', 9, 4, /names a channel twice or one that is not there/],
    ['no codestream', HEAD + 1, 0, /does not start as a codestream/],
    ['another width', SIZ + 9, 65, /stand for|in one codestream/],
    ['an offset', SIZ + 17, 1, /has an offset of its image or tiles/],
    ['tiles', SIZ + 25, 32, /has several tiles in one codestream/],
    ['more components', SIZ + 39, 5, /do not fill its marker SIZ/],
    ['another depth', SIZ + 40, 0x8e, /another depth|samples of 15 bits/],
    ['steps of nothing', SIZ + 41, 0, /a component has no samples/],
    ['precincts', COD + 4, 1, /has precincts/],
    ['another progression', COD + 5, 0, /an order of packets/],
    ['layers', COD + 7, 2, /several layers/],
    ['blocks that are too large', COD + 10, 9, /larger than they may be/],
    ['blocks of part 1', COD + 12, 0, /another coding than HT/],
    ['losses', COD + 13, 0, /a wavelet with losses/],
    ['more levels than depths', COD + 9, 6, /depths of 16 subbands only/],
    ['quantised samples', QCD + 4, 0x22, /quantised samples/],
    ['another depth of a subband', QCD + 5, 0x58, /not coded to their last bit/],
    ['another curve', NLT + 7, 1, /a curve between/],
    ['a marker of part 2', NLT + 1, 0x72, /has a marker ff72/],
    ['another tile', SOT + 5, 1, /states another tile/],
    ['a longer tile part', SOT + 7, 9, /a tile part states/],
    ['a shorter tile part', SOT + 9, 0, /follow each other|a tile part states|end inside/],
    ['no end', sound.length - 1, 0, /do not follow each other/],
  ])('%s', (_, at, value, message) => {
    const bytes = sound.slice();
    expect(bytes[at]).not.toBe(value);
    bytes[at] = value;
    const error = failure(() => unpackChunk('htj2k32', bytes, block));
    expect(error.message).toMatch(message);
    const foreign = error.message.includes('JPEG 2000 knows it');
    expect([error.kind, error.code]).toEqual(
      foreign ? ['unsupported', 'exr-compression-unsupported'] : ['invalid', 'exr-compressed-data'],
    );
  });

  test('damage to the markers ends at once, in samples or an error', () => {
    const from = random(67);
    const ends = { samples: 0, damaged: 0, foreign: 0 };
    for (let turn = 0; turn < 6000; turn++) {
      const bytes = sound.slice();
      for (let i = from.int(1, 3); i > 0; i--) bytes[from.int(0, SOT + 40)] = from.int(0, 255);
      try {
        expect(unpackChunk('htj2k32', bytes, block).length).toBe(block.rawBytes);
        ends.samples++;
      } catch (error) {
        if (!(error instanceof EngineError)) throw error;
        if (error.code === 'exr-compression-unsupported') ends.foreign++;
        else {
          expect(error.code).toBe('exr-compressed-data');
          ends.damaged++;
        }
      }
    }
    expect(ends).toEqual({ samples: 471, damaged: 2580, foreign: 2949 });
  });

  test('a chunk that is cut short at every length', () => {
    for (let length = 0; length < sound.length; length++) {
      const error = failure(() => unpackChunk('htj2k32', sound.subarray(0, length), block));
      expect(error.code).toBe('exr-compressed-data');
    }
    expect(sound.length).toBe(4621);
  });
});
