// Compression methods: round trips, real files, other people's programs as judges, and damage of every kind.
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { EngineError } from '../../engine/base/error.ts';
import { CHUNK_ROWS, COMPRESSIONS, type Compression } from '../../engine/exr/compression.ts';
import {
  type Block,
  type BlockSource,
  type ByteRange,
  blockOf,
  blockRows,
  bytesBlock,
  METHODS,
  methodOf,
  packChunk,
  unpackChunk,
} from '../../engine/exr/method.ts';
import { kernelCalls } from '../../engine/pixels/kernels.ts';
import type { SampleType } from '../../engine/pixels/plane.ts';
import { type Random, random } from '../base/random.ts';
import { type FlatChannel, type FlatWindow, readChunks, writeFile } from './flat-file.ts';

const EXACT: readonly Compression[] = ['none', 'rle', 'zips', 'zip', 'piz', 'htj2k256', 'htj2k32'];
/** Those of them that are in OpenEXR 3.1, which judges here. */
const JUDGED = EXACT.filter((name) => !name.startsWith('htj2k'));
const LOSSY: readonly Compression[] = ['pxr24', 'b44', 'b44a', 'dwaa', 'dwab'];
const MADE: readonly Compression[] = [...EXACT, ...LOSSY];
const OPTIONS = { zipLevel: 4, dwaLevel: 45 };
const FULL = { x: 1, y: 1 };

const corpus = fileURLToPath(new URL('../../../shared/corpus/', import.meta.url));
const mustRun = process.env['CI'] === 'true';
const hasCorpus = existsSync(corpus) || mustRun;
const isInstalled = (program: string): boolean => mustRun || spawnSync(program, ['--help']).error === undefined;

/** Content as images have it: slow ramps, flat areas and noise, channel by channel. */
function fillBlock(block: Block, from: Random): Uint8Array {
  const raw = new Uint8Array(block.rawBytes);
  const view = new DataView(raw.buffer);
  const styles = block.channels.map(() => from.int(0, 3));
  for (const { channel, y, start, end } of blockRows(block)) {
    const size = block.channels[channel]!.type === 'half' ? 2 : 4;
    for (let at = start, x = 0; at < end; at += size, x++) {
      const style = styles[channel];
      const value = style === 0 ? 7 : style === 1 ? x * 3 + y : style === 2 ? from.int(0, 60) : from.int(0, 0xffffffff);
      if (size === 2) view.setUint16(at, style === 3 ? value & 0xffff : 0x3000 + (value & 0x7ff), true);
      else view.setUint32(at, style === 3 ? value : 0x3f000000 + value * 4096, true);
    }
  }
  return raw;
}

const TYPES: readonly SampleType[] = ['half', 'float', 'uint'];
const SAMPLINGS = [FULL, FULL, { x: 2, y: 2 }, { x: 2, y: 1 }, { x: 1, y: 3 }];

function someBlock(from: Random): Block {
  const channels: BlockSource[] = Array.from({ length: from.int(1, 5) }, () => ({
    type: from.pick(TYPES),
    sampling: from.pick(SAMPLINGS),
  }));
  const minX = from.int(-40, 40);
  const minY = from.int(-40, 40);
  return blockOf({ minX, minY, maxX: minX + from.int(0, 69), maxY: minY + from.int(0, 39) }, channels);
}

const sameBytes = (a: Uint8Array, b: Uint8Array): boolean => Buffer.compare(a, b) === 0;

/**
 * Runs something that may only succeed or end in the one error for damaged data; true where it succeeded. Damage may turn
 * HTJ2K into what JPEG 2000 has and OpenEXR does not write, which has an error of its own.
 */
function survives(run: () => void): boolean {
  try {
    run();
    return true;
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    const foreign = error.code === 'exr-compression-unsupported' && error.message.startsWith('The htj2k');
    if (!foreign) expect(error.code).toBe('exr-compressed-data');
    return false;
  }
}

test('the table has every method of OpenEXR, and says which lose something', () => {
  expect(METHODS.map(({ name }) => name)).toEqual([...COMPRESSIONS]);
  expect(METHODS.map(({ number }) => number)).toEqual(COMPRESSIONS.map((_, i) => i));
  expect(new Set(MADE)).toEqual(new Set(COMPRESSIONS));
  expect(METHODS.filter(({ loses }) => loses).map(({ name }) => name)).toEqual([...LOSSY]);
  expect(methodOf('piz').number).toBe(4);
});

test('blocks are laid out row by row, with subsampled channels where they have samples', () => {
  const block = blockOf({ minX: -1, minY: -1, maxX: 2, maxY: 1 }, [
    { type: 'half', sampling: { x: 2, y: 2 } },
    { type: 'float', sampling: FULL },
  ]);
  expect(block).toMatchObject({ rawBytes: 2 * 2 + 4 * 4 * 3, minY: -1, maxY: 1 });
  expect(block.channels.map(({ columns, rows }) => [columns, rows])).toEqual([
    [2, 1],
    [4, 3],
  ]);
  expect([...blockRows(block)]).toEqual([
    { channel: 1, y: -1, row: 0, start: 0, end: 16 },
    { channel: 0, y: 0, row: 0, start: 16, end: 20 },
    { channel: 1, y: 0, row: 1, start: 20, end: 36 },
    { channel: 1, y: 1, row: 2, start: 36, end: 52 },
  ]);
});

test('every method without loss gives back every block, whole and in part, and packs the same bytes again', () => {
  const from = random(21);
  let blocks = 0;
  let smaller = 0;
  let parts = 0;
  for (let turn = 0; turn < 250; turn++) {
    const block = someBlock(from);
    const raw = fillBlock(block, from);
    for (const name of EXACT) {
      const stored = packChunk(name, raw, block, OPTIONS);
      expect(stored.length).toBeLessThanOrEqual(raw.length);
      expect(sameBytes(packChunk(name, raw, block, OPTIONS), stored)).toBe(true);
      const before = kernelCalls();
      const whole = unpackChunk(name, stored, block);
      expect(whole.length).toBe(raw.length);
      expect(sameBytes(whole, raw), `${name}, turn ${turn}`).toBe(true);
      blocks++;
      if (stored.length === raw.length) continue;
      smaller++;
      if (!name.startsWith('htj2k')) expect(kernelCalls()).toBeGreaterThan(before);

      // The rows of one channel, as a reader asks for them.
      const channel = from.int(0, block.channels.length - 1);
      const wanted: ByteRange[] = [...blockRows(block)].filter((row) => row.channel === channel);
      const part = unpackChunk(name, stored, block, wanted);
      expect(part.length).toBe(raw.length);
      for (const { start, end } of wanted) {
        expect(sameBytes(part.subarray(start, end), raw.subarray(start, end)), `${name}, part, turn ${turn}`).toBe(
          true,
        );
        parts++;
      }
    }
  }
  expect(blocks).toBe(1750);
  expect(smaller).toBeGreaterThan(500);
  expect(parts).toBeGreaterThan(8000);
});

test('packing works on what an earlier call unpacked', () => {
  const from = random(22);
  const block = blockOf({ minX: 0, minY: 0, maxX: 63, maxY: 15 }, [{ type: 'half', sampling: FULL }]);
  const raw = new Uint8Array(block.rawBytes).map((_, i) => (i & 1 ? 0x30 : from.int(0, 3)));
  for (const first of EXACT.slice(1)) {
    for (const second of EXACT) {
      const unpacked = unpackChunk(first, packChunk(first, raw, block, OPTIONS), block);
      const again = packChunk(second, unpacked, block, OPTIONS);
      expect(sameBytes(unpackChunk(second, again, block), raw), `${first} to ${second}`).toBe(true);
    }
  }
});

test('zipLevel reaches zlib', () => {
  const from = random(23);
  const block = bytesBlock(20_000);
  const raw = new Uint8Array(20_000).map((_, i) => (i >> 6) + from.int(0, 3));
  const sizes = [0, 1, 9].map((zipLevel) => packChunk('zip', raw, block, { ...OPTIONS, zipLevel }).length);
  expect(sizes[0]).toBe(20_000);
  expect(sizes[2]!).toBeLessThan(sizes[1]!);
});

describe('damage', () => {
  const from = random(24);
  const block = blockOf({ minX: 0, minY: 0, maxX: 21, maxY: 9 }, [
    { name: 'A', type: 'half', sampling: FULL },
    { name: 'B', type: 'half', sampling: FULL },
    { name: 'G', type: 'float', sampling: FULL },
    { name: 'R', type: 'half', sampling: FULL },
    { name: 'Y', type: 'half', sampling: { x: 2, y: 2 }, pLinear: 1 },
    { name: 'Z', type: 'float', sampling: FULL },
  ]);
  const raw = fillBlock(block, random(27));
  const packed = new Map(MADE.slice(1).map((name) => [name, methodOf(name).pack(raw, block, OPTIONS)]));

  test.each([...packed.keys()])('%s cut short at every length is the one error', (name) => {
    const whole = packed.get(name)!;
    const unpacked = methodOf(name).unpack(whole, block);
    if (EXACT.includes(name)) expect(sameBytes(unpacked, raw)).toBe(true);
    for (let length = 0; length < whole.length; length++) {
      expect(
        survives(() => methodOf(name).unpack(whole.subarray(0, length), block)),
        `${length}`,
      ).toBe(false);
    }
  });

  test.each([...packed.keys()])('%s with any byte changed gives a whole block or the one error', (name) => {
    const whole = packed.get(name)!;
    let sound = 0;
    for (let turn = 0; turn < 3000; turn++) {
      const mutated = whole.slice();
      for (let i = from.int(1, 4); i > 0; i--) mutated[from.int(0, mutated.length - 1)] = from.int(0, 255);
      const done = survives(() => {
        expect(methodOf(name).unpack(mutated, block).length).toBe(block.rawBytes);
      });
      if (done) sound++;
    }
    // Every bit of a zlib stream is under its checksum; the others have none, or not for all of their pieces.
    if (name.startsWith('zip') || name === 'pxr24') expect(sound).toBeLessThan(60);
    else expect(sound).toBeGreaterThan(0);
  });

  test.each([...packed.keys()])('%s of noise gives the one error', (name) => {
    for (let turn = 0; turn < 500; turn++) {
      const noise = new Uint8Array(from.int(0, 400)).map(() => from.int(0, 255));
      expect(survives(() => methodOf(name).unpack(noise, block))).toBe(false);
    }
  });

  test('few bytes that stand for very many are refused before memory is taken', () => {
    const huge = blockOf({ minX: 0, minY: 0, maxX: 16383, maxY: 16383 }, [{ type: 'float', sampling: FULL }]);
    for (const [name, stored] of packed) {
      expect(
        survives(() => unpackChunk(name, stored, huge)),
        name,
      ).toBe(false);
    }
  });

  test('a chunk longer than its content is refused', () => {
    for (const name of MADE) {
      const stored = new Uint8Array(block.rawBytes + 1);
      expect(
        survives(() => unpackChunk(name, stored, block)),
        name,
      ).toBe(false);
    }
    expect(survives(() => unpackChunk('none', raw.subarray(1), block))).toBe(false);
  });

  test('a block whose size is not that of its channels is refused', () => {
    expect(survives(() => unpackChunk('piz', new Uint8Array(30), bytesBlock(100)))).toBe(false);
    expect(() => packChunk('zip', new Uint8Array(9), bytesBlock(10), OPTIONS)).toThrow(/Expected a block of 10 bytes/);
  });

  test('stated faults of piz', () => {
    const whole = packed.get('piz')!;
    const first = whole[0]! | (whole[1]! << 8);
    const last = whole[2]! | (whole[3]! << 8);
    const lengthAt = 4 + last - first + 1;
    const cases: [number, number, RegExp][] = [
      [3, 0x20, /map of words ends at byte/],
      [lengthAt + 3, 0x80, /states -\d+ bytes/],
      [lengthAt + 2, 0x7f, /states \d+ bytes/],
      [lengthAt + 4 + 3, 0x7f, /symbols are out of range/],
      [lengthAt + 4 + 15, 0x7f, /shorter than stated/],
    ];
    for (const [at, value, message] of cases) {
      const mutated = whole.slice();
      mutated[at] = value;
      expect(() => methodOf('piz').unpack(mutated, block), String(message)).toThrow(message);
    }
  });
});

interface ReferencePart {
  readonly type: string;
  readonly dataWindow: readonly [number, number, number, number];
  readonly compression: number;
  readonly channels: readonly {
    readonly name: string;
    readonly type: SampleType;
    readonly sampling: readonly [number, number];
    readonly sha256: string;
  }[];
}

interface ReferenceFile {
  readonly file: string;
  readonly parts: readonly ReferencePart[];
}

test.skipIf(!hasCorpus)(
  'all scanline files of the corpus without loss give the samples of the reference library',
  () => {
    const files = new Map<Compression, number>();
    let channels = 0;
    for (const line of readFileSync(join(corpus, 'reference.jsonl'), 'utf8').trim().split('\n')) {
      const { file, parts } = JSON.parse(line) as ReferenceFile;
      const part = parts[0]!;
      const compression = COMPRESSIONS[part.compression]!;
      if (parts.length > 1 || part.type !== 'scanlineimage' || !EXACT.includes(compression)) continue;
      const [minX, minY, maxX, maxY] = part.dataWindow;
      const sources = part.channels.map(({ name, type, sampling: [x, y] }) => ({ name, type, sampling: { x, y } }));
      const hashes = part.channels.map(() => createHash('sha256'));
      for (const chunk of readChunks(readFileSync(join(corpus, file)), { minX, minY, maxX, maxY }, compression)) {
        const block = blockOf({ minX, minY: chunk.minY, maxX, maxY: chunk.maxY }, sources);
        const raw = unpackChunk(compression, chunk.stored, block);
        for (const { channel, start, end } of blockRows(block)) hashes[channel]!.update(raw.subarray(start, end));
      }
      for (const [i, { name, sha256 }] of part.channels.entries()) {
        expect(hashes[i]!.digest('hex'), `${file}: ${name}`).toBe(sha256);
        channels++;
      }
      files.set(compression, (files.get(compression) ?? 0) + 1);
    }
    expect(Object.fromEntries(files)).toEqual({
      none: 3,
      rle: 3,
      zips: 8,
      zip: 6,
      piz: 18,
      htj2k256: 1,
      htj2k32: 1,
    });
    expect(channels).toBe(271);
  },
);

const ODD_WINDOW = { minX: -7, minY: -3, maxX: 93, maxY: 80 };
const EVEN_WINDOW = { minX: -8, minY: -4, maxX: 93, maxY: 81 };

/** A file packed by this engine. Samples depend on their place alone, so that files of different methods are equal. */
function fileOf(name: Compression, channels: readonly FlatChannel[], window: FlatWindow): Uint8Array {
  const chunks = [];
  for (let minY = window.minY; minY <= window.maxY; minY += CHUNK_ROWS[name]) {
    const maxY = Math.min(minY + CHUNK_ROWS[name] - 1, window.maxY);
    const block = blockOf({ ...window, minY, maxY }, channels);
    const raw = new Uint8Array(block.rawBytes);
    const view = new DataView(raw.buffer);
    for (const { channel, y, start, end } of blockRows(block)) {
      const { type } = channels[channel]!;
      for (let at = start, x = 0; at < end; at += type === 'half' ? 2 : 4, x++) {
        const noise = x > 50 ? 0 : (x * 7919 + y * 104729 + channel * 31) & 0x3ff;
        const value = ((x >> 2) + y * 3 + channel + noise) & 0xfff;
        if (type === 'half') view.setUint16(at, 0x3000 + value, true);
        else if (type === 'float') view.setFloat32(at, value / 7, true);
        else view.setUint32(at, value * 1000, true);
      }
    }
    chunks.push({ minY, maxY, stored: packChunk(name, raw, block, OPTIONS) });
  }
  return writeFile(channels, window, name, chunks);
}

test.skipIf(!isInstalled('oiiotool'))('oiiotool reads what the methods that it knows pack, bit for bit', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-methods-'));
  let files = 0;
  try {
    for (const type of TYPES) {
      const channels = ['B', 'G', 'R'].map((name) => ({ name, type, sampling: FULL }));
      const plain = readChunks(fileOf('none', channels, ODD_WINDOW), ODD_WINDOW, 'none');
      for (const name of JUDGED.slice(1)) {
        const packed = fileOf(name, channels, ODD_WINDOW);
        expect(packed.length).toBeLessThan(fileOf('none', channels, ODD_WINDOW).length);
        const input = join(folder, `${type}-${name}.exr`);
        const output = join(folder, `${type}-${name}-none.exr`);
        writeFileSync(input, packed);
        execFileSync('oiiotool', [input, '--compression', 'none', '-o', output]);
        const judged = readChunks(readFileSync(output), ODD_WINDOW, 'none');
        expect(judged.length).toBe(84);
        for (const [i, { stored }] of judged.entries()) {
          expect(sameBytes(stored, plain[i]!.stored), `${type} ${name}, row ${i}`).toBe(true);
        }
        files++;
      }
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
  expect(files).toBe(12);
});

/** The pixels of the preview image in a header, behind its name, type, size, width and height. */
function previewOf(file: Uint8Array): Buffer {
  const bytes = Buffer.from(file);
  const at = bytes.indexOf('preview\0preview\0', 0, 'latin1') + 16;
  return bytes.subarray(at + 4, at + 4 + bytes.readInt32LE(at));
}

const half = (name: string, step: number): FlatChannel => ({ name, type: 'half', sampling: { x: step, y: step } });
const SUBSAMPLED = [half('BY', 2), half('RY', 2), half('Y', 1)];

/** The preview images that the reference library makes of files. */
function previewsOf(files: readonly Uint8Array[]): string[] {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-methods-'));
  try {
    return files.map((file, i) => {
      const [input, output] = [join(folder, `${i}.exr`), join(folder, `${i}-preview.exr`)];
      writeFileSync(input, file);
      execFileSync('exrmakepreview', ['-w', '100', input, output]);
      const preview = previewOf(readFileSync(output));
      expect(preview.length).toBeGreaterThan(100 * 80 * 4);
      return preview.toString('base64');
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The same file without compression, of what its chunks give when they are unpacked here. */
function plainOf(name: Compression, packed: Uint8Array): Uint8Array {
  const lines = readChunks(packed, EVEN_WINDOW, name).flatMap(({ minY, maxY, stored }) => {
    const block = blockOf({ ...EVEN_WINDOW, minY, maxY }, SUBSAMPLED);
    const raw = unpackChunk(name, stored, block).slice();
    return Array.from({ length: maxY - minY + 1 }, (_, i) => {
      const rows = [...blockRows(block)].filter(({ y }) => y === minY + i);
      return { minY: minY + i, maxY: minY + i, stored: raw.subarray(rows[0]!.start, rows.at(-1)!.end) };
    });
  });
  return writeFile(SUBSAMPLED, EVEN_WINDOW, 'none', lines);
}

describe.skipIf(!isInstalled('exrmakepreview'))('the reference library reads subsampled channels', () => {
  test('that every method without loss packs', () => {
    const files = JUDGED.map((name) => fileOf(name, SUBSAMPLED, EVEN_WINDOW));
    for (const file of files.slice(1)) expect(file.length).toBeLessThan(files[0]!.length);
    expect(new Set(previewsOf(files)).size).toBe(1);
  });

  test('of the lossy methods as they are read here', () => {
    const files = LOSSY.map((name) => fileOf(name, SUBSAMPLED, EVEN_WINDOW));
    expect(previewsOf(files)).toEqual(previewsOf(files.map((file, i) => plainOf(LOSSY[i]!, file))));
  });
});
