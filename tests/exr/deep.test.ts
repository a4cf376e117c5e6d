// Deep parts: samples and counts against the reference library and oiiotool, writing, and damage of every kind.
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { box } from '../../engine/base/box.ts';
import { EngineError } from '../../engine/base/error.ts';
import { checksumDeep } from '../../engine/exr/checksum.ts';
import { DEEP_METHODS, packDeepChunk } from '../../engine/exr/deep-chunk.ts';
import { ExrFile } from '../../engine/exr/file.ts';
import type { WritePart } from '../../engine/exr/header.ts';
import { layoutOf } from '../../engine/exr/layout.ts';
import { ExrWriter } from '../../engine/exr/writer.ts';
import { countsOf, type DeepPlanes, offsetsOf } from '../../engine/pixels/deep.ts';
import { allocateSamples } from '../../engine/pixels/plane.ts';
import { random } from '../base/random.ts';
import { corpusFile, describeCorpus, hasOiiotool, isFlat, references, temporaryFolder, unedited } from './corpus.ts';

const folder = temporaryFolder();
const BALLS = 'openexr-images/v2/LowResLeftView/Balls.exr';

/** The code of the error that a call ends in, or `done`. */
function outcome(act: () => unknown): string {
  try {
    act();
    return 'done';
  } catch (thrown) {
    if (!(thrown instanceof EngineError) || thrown.code === 'internal') throw thrown;
    return thrown.code;
  }
}

const withFile = <T>(path: string, act: (file: ExrFile) => T): T => {
  const file = ExrFile.open(path);
  try {
    return act(file);
  } finally {
    file.close();
  }
};

/** Writes a file of one deep part. */
async function write(path: string, part: WritePart, deep: DeepPlanes): Promise<void> {
  const writer = await ExrWriter.create(path, [part]);
  const { chunkCount } = layoutOf(part);
  for (let index = 0; index < chunkCount; index++) await writer.put(0, index, packDeepChunk(part, index, deep));
  await writer.finish();
}

/** Counts and samples that mean nothing, with bits that are no numbers among them. */
function noise(part: WritePart, seed: number, most: number): DeepPlanes {
  const { int } = random(seed);
  const { minX, minY, maxX, maxY } = part.dataWindow;
  const [columns, rows] = [maxX - minX + 1, maxY - minY + 1];
  const offsets = offsetsOf(Array.from({ length: columns * rows }, () => Math.max(0, int(-2, most))))!;
  const channels = part.channels.map(({ name, type }) => {
    const samples = allocateSamples(type, offsets.at(-1)!);
    const bytes = new Uint8Array(samples.buffer);
    for (let i = 0; i < bytes.length; i++) bytes[i] = int(0, 255);
    return [name, { type, samples }] as const;
  });
  return { box: part.dataWindow, columns, rows, offsets, channels: new Map(channels) };
}

const channel = (name: string, type: 'half' | 'float' | 'uint') => ({
  name,
  type,
  sampling: { x: 1, y: 1 },
  pLinear: 0,
});

const made: WritePart = {
  type: 'deepscanline',
  channels: [channel('A', 'half'), channel('Z', 'float'), channel('id', 'uint')],
  dataWindow: box(-7, 3, 33, 25),
  displayWindow: box(0, 0, 39, 29),
  compression: 'zips',
  lineOrder: 'increasing',
  attributes: [],
};
const tiled = (width: number, height: number, levels: 'one' | 'mip' | 'rip' = 'one'): Partial<WritePart> => ({
  type: 'deeptile',
  tiles: { width, height, levels, rounding: 'down' },
});

const bytesOf = (deep: DeepPlanes): string[] => [
  Buffer.from(countsOf(deep).buffer).toString('base64'),
  ...[...deep.channels].map(([name, { type, samples }]) => {
    const { buffer, byteOffset, byteLength } = samples;
    return `${name} ${type} ${Buffer.from(buffer, byteOffset, byteLength).toString('base64')}`;
  }),
];

/** What a region of planes holds, cut out by the plainest means. */
function cut(deep: DeepPlanes, region: ReturnType<typeof box>): string[] {
  const counts: number[] = [];
  const samples = [...deep.channels].map(([name, { type }]) => ({ name, type, values: [] as number[] }));
  for (let y = region.minY; y <= region.maxY; y++) {
    for (let x = region.minX; x <= region.maxX; x++) {
      const i = (y - deep.box.minY) * deep.columns + x - deep.box.minX;
      counts.push(deep.offsets[i + 1]! - deep.offsets[i]!);
      for (const { name, values } of samples) {
        const bits = new Uint8Array(deep.channels.get(name)!.samples.buffer);
        const size = bits.length / Math.max(1, deep.offsets.at(-1)!);
        values.push(...bits.subarray(deep.offsets[i]! * size, deep.offsets[i + 1]! * size));
      }
    }
  }
  return [
    Buffer.from(new Uint32Array(counts).buffer).toString('base64'),
    ...samples.map(({ name, type, values }) => `${name} ${type} ${Buffer.from(values).toString('base64')}`),
  ];
}

describeCorpus('deep corpus truth', () => {
  test('every deep channel and all counts are those that the reference library finds', () => {
    const counts = { parts: 0, channels: 0, samples: 0 };
    for (const { file, parts } of references()) {
      for (const [i, part] of parts.entries()) {
        if (isFlat(part)) continue;
        const sums = withFile(corpusFile(file), (opened) => checksumDeep(opened, i));
        expect(sums.counts, file).toBe(part.sampleCounts);
        expect(sums.samples).toBe(part.totalSamples);
        expect([...sums.channels], file).toEqual(part.channels!.map(({ name, sha256 }) => [name, sha256]));
        counts.parts++;
        counts.channels += sums.channels.size;
        counts.samples += sums.samples;
      }
    }
    expect(counts).toEqual({ parts: 4, channels: 24, samples: 282_628 });
  });

  test.skipIf(!hasOiiotool)(
    'a deep part that is read and written again has the same samples for us and for oiiotool, in each method',
    async () => {
      const oiiotool = (path: string): string =>
        execFileSync('oiiotool', ['--dumpdata', path], { encoding: 'utf8', maxBuffer: 2 ** 28 }).replace(/^.*\n/, '');
      const file = 'openexr-tests/11.deep.exr';
      const source = ExrFile.open(corpusFile(file));
      const deep = source.readDeep(0);
      const expected = oiiotool(corpusFile(file));
      const first = unedited(source.header)[0]!;
      source.close();
      for (const compression of DEEP_METHODS) {
        for (const layout of [{}, tiled(48, 20)]) {
          const path = join(folder, 'again.exr');
          await write(path, { ...first, ...layout, compression }, deep);
          expect(withFile(path, (again) => bytesOf(again.readDeep(0)))).toEqual(bytesOf(deep));
          expect(oiiotool(path) === expected, `${file} ${compression}`).toBe(true);
        }
      }
    },
  );
});

describe('writing and reading', () => {
  test('every method, scan lines and tiles, come back as they were, and any region is that region of the whole', async () => {
    const { int } = random(5);
    const layouts: Partial<WritePart>[] = [{}, { lineOrder: 'decreasing' }, tiled(16, 16), tiled(9, 40), tiled(64, 1)];
    let regions = 0;
    for (const [seed, layout] of layouts.entries()) {
      for (const compression of DEEP_METHODS) {
        const part = { ...made, ...layout, compression };
        const deep = noise(part, seed, 6);
        const path = join(folder, 'noise.exr');
        await write(path, part, deep);
        withFile(path, (file) => {
          expect(bytesOf(file.readDeep(0))).toEqual(bytesOf(deep));
          for (let round = 0; round < 12; round++) {
            const [x, y] = [int(-7, 33), int(3, 25)];
            const region = box(x, y, int(x, 33), int(y, 25));
            expect(bytesOf(file.readDeep(0, { box: region }))).toEqual(cut(deep, region));
            regions++;
          }
          const some = file.readDeep(0, { channels: ['id', 'A'] });
          expect([...some.channels.keys()]).toEqual(['id', 'A']);
          expect(some.channels.get('id')!.samples).toEqual(deep.channels.get('id')!.samples);
        });
      }
    }
    expect(regions).toBe(180);
  });

  test('tiles that are far larger than the image take no more room than it', async () => {
    for (const compression of DEEP_METHODS) {
      const part = { ...made, ...tiled(2 ** 20, 2 ** 20), compression };
      const path = join(folder, 'vast.exr');
      const deep = noise(part, 2, 3);
      await write(path, part, deep);
      expect(readFileSync(path).length).toBeLessThan(40_000);
      expect(withFile(path, (file) => bytesOf(file.readDeep(0)))).toEqual(bytesOf(deep));
    }
  });

  test('no samples at all, a single pixel, and a part beside others', async () => {
    const one = { ...made, dataWindow: box(5, 5, 5, 5) };
    for (const [part, most] of [
      [made, 0],
      [one, 0],
      [one, 900],
    ] as const) {
      const deep = noise(part, 3, most);
      const path = join(folder, 'few.exr');
      await write(path, part, deep);
      expect(withFile(path, (file) => bytesOf(file.readDeep(0)))).toEqual(bytesOf(deep));
    }
    const parts: WritePart[] = [
      { ...made, name: 'a' },
      { ...made, ...tiled(8, 8), name: 'b', compression: 'none' },
    ];
    const planes = parts.map((part, i) => noise(part, 40 + i, 4));
    const path = join(folder, 'two.exr');
    const writer = await ExrWriter.create(path, parts);
    for (const [number, part] of parts.entries()) {
      for (let i = 0; i < layoutOf(part).chunkCount; i++) {
        await writer.put(number, i, packDeepChunk(part, i, planes[number]!));
      }
    }
    await writer.finish();
    withFile(path, (file) => {
      for (const [number, deep] of planes.entries()) expect(bytesOf(file.readDeep(number))).toEqual(bytesOf(deep));
      expect(file.isComplete()).toBe(true);
    });
  });

  test('planes that do not fit and methods that are not for deep parts are refused', () => {
    const deep = noise(made, 1, 3);
    const without = { ...deep, channels: new Map([...deep.channels].slice(1)) };
    const short = {
      ...deep,
      channels: new Map(deep.channels).set('Z', { type: 'float', samples: new Float32Array(1) }),
    };
    const other = { ...deep, channels: new Map(deep.channels).set('Z', { type: 'uint', samples: new Uint32Array(1) }) };
    for (const wrong of [without, short, other, noise({ ...made, dataWindow: box(0, 3, 33, 25) }, 1, 3)]) {
      expect(outcome(() => packDeepChunk(made, 0, wrong as DeepPlanes))).toBe('exr-cannot-write');
    }
    for (const compression of ['zip', 'piz', 'pxr24', 'b44', 'dwaa', 'htj2k32'] as const) {
      expect(outcome(() => packDeepChunk({ ...made, compression }, 0, deep))).toBe('exr-compression-unsupported');
    }
  });
});

describe('damage', () => {
  /** A small file of each method, scan lines and tiles. */
  async function files(): Promise<Uint8Array[]> {
    const small = { ...made, dataWindow: box(0, 0, 11, 5), displayWindow: box(0, 0, 11, 5) };
    mkdirSync(join(folder, 'small'), { recursive: true });
    const bytes: Uint8Array[] = [];
    for (const compression of DEEP_METHODS) {
      for (const layout of [{}, tiled(7, 4)]) {
        const part = { ...small, ...layout, compression };
        const path = join(folder, 'small', `${bytes.length}.exr`);
        await write(path, part, noise(part, bytes.length, 3));
        bytes.push(readFileSync(path));
      }
    }
    return bytes;
  }

  const tried = join(folder, 'tried.exr');
  const readFile = (onMissing: 'error' | 'black' = 'error'): string =>
    outcome(() => withFile(tried, (file) => file.readDeep(0, { onMissing })));
  function readTried(bytes: Uint8Array): string {
    writeFileSync(tried, bytes);
    return readFile();
  }

  test('cut off at every length it is an error; with missing chunks as black it is samples or an error', async () => {
    const counts = new Map<string, number>();
    let lengths = 0;
    for (const bytes of await files()) {
      writeFileSync(tried, bytes);
      for (let length = bytes.length - 1; length >= 0; length--) {
        truncateSync(tried, length);
        const code = readFile();
        expect(code, `${length} of ${bytes.length}`).not.toBe('done');
        counts.set(code, (counts.get(code) ?? 0) + 1);
        if (length % 7 === 0) readFile('black');
        lengths++;
      }
    }
    expect(lengths).toBeGreaterThan(5000);
    expect([...counts.keys()].sort()).toEqual(['exr-chunk-missing', 'exr-not-exr', 'exr-truncated']);
  });

  test('bytes that change give samples or one clear error', async () => {
    const { int } = random(77);
    const counts = new Map<string, number>();
    for (const bytes of await files()) {
      for (let round = 0; round < 400; round++) {
        const hurt = new Uint8Array(bytes);
        for (let i = int(1, 4); i > 0; i--) hurt[int(0, hurt.length - 1)] = int(0, 255);
        const code = readTried(hurt);
        counts.set(code, (counts.get(code) ?? 0) + 1);
      }
    }
    expect([...counts.values()].reduce((sum, count) => sum + count, 0)).toBe(2400);
    for (const code of ['done', 'exr-chunk', 'exr-compressed-data']) expect(counts.get(code), code).toBeGreaterThan(10);
  });

  test('counts that fall, sizes that lie and samples that no such bytes can hold are told before memory is taken', async () => {
    const part = { ...made, dataWindow: box(0, 0, 3, 0), compression: 'none' as const };
    const deep = { ...noise(part, 9, 3), offsets: new Uint32Array([0, 1, 2, 3, 4]) };
    const four = new Map(
      [...noise(part, 9, 3).channels].map(([n, { type }]) => [n, { type, samples: allocateSamples(type, 4) }]),
    );
    const path = join(folder, 'lie.exr');
    await write(path, part, { ...deep, channels: four });
    const bytes = readFileSync(path);
    const { offset, headBytes } = withFile(path, (file) => file.table.locate(0, 0));
    const changed = (at: number, value: number): Uint8Array => {
      const copy = new Uint8Array(bytes);
      new DataView(copy.buffer).setInt32(at, value, true);
      return copy;
    };
    expect(readTried(bytes)).toBe('done');
    const table = offset + headBytes;
    expect(readTried(changed(table, 3))).toBe('exr-chunk'); // 3, 2: falls
    expect(readTried(changed(table, -1))).toBe('exr-chunk');
    expect(readTried(changed(table + 12, 0x7fffffff))).toBe('exr-chunk');
    expect(readTried(changed(offset + 4 + 16, 41))).toBe('exr-chunk');
    expect(readTried(changed(offset + 4, 12))).toBe('exr-compressed-data');
    const both = changed(table + 12, 100_000_000);
    new DataView(both.buffer).setBigUint64(offset + 4 + 16, 1_000_000_000n, true);
    expect(readTried(both)).toBe('exr-chunk');
  });
});

describeCorpus('a deep file by parts', () => {
  test.skipIf(!hasOiiotool)('the first level of a file as oiiotool tiles it is the one of the scan lines', () => {
    const path = join(folder, 'balls.exr');
    execFileSync('oiiotool', [corpusFile(BALLS), '--tile', '32', '48', '-o', path]);
    const [lines, tiles] = [corpusFile(BALLS), path].map((one) =>
      withFile(one, (file) => checksumDeep(file, 0, { channels: ['Z'] })),
    );
    expect(tiles).toEqual(lines);
    expect(tiles!.samples).toBe(162_877);
  });
});
