// Writing: every readable file written again in every method and line order, copied whole, and judged by its samples.
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { box } from '../../engine/base/box.ts';
import { EngineError } from '../../engine/base/error.ts';
import { checksumChannels } from '../../engine/exr/checksum.ts';
import { packChunk, unpackChunk } from '../../engine/exr/chunk.ts';
import { ExrFile } from '../../engine/exr/file.ts';
import type { WritePart } from '../../engine/exr/header.ts';
import { layoutOf } from '../../engine/exr/layout.ts';
import { LINE_ORDERS } from '../../engine/exr/shape.ts';
import { isUnfinishedName } from '../../engine/exr/unfinished.ts';
import { ExrWriter } from '../../engine/exr/writer.ts';
import { createPlane, type Plane, planeBytes } from '../../engine/pixels/plane.ts';
import {
  corpusFile,
  describeCorpus,
  exactReferences,
  type Reference,
  readableReferences,
  references,
  temporaryFolder,
  unedited,
} from './corpus.ts';
import { rewrite } from './rewrite.ts';

const folder = temporaryFolder();
const unfinished = (): string[] => readdirSync(folder).filter(isUnfinishedName);

/** How long the system takes to write: where it is slow, others write than the thread itself. */
const PACES = ['swift', 'slow'] as const;
const setPace = (pace: (typeof PACES)[number]): void => {
  let now = 0n;
  if (pace === 'slow') vi.spyOn(process.hrtime, 'bigint').mockImplementation(() => (now += 1_000_000_000n));
};
afterEach(() => vi.restoreAllMocks());

const failure = async (act: () => unknown): Promise<EngineError> => {
  try {
    await act();
  } catch (thrown) {
    if (thrown instanceof EngineError) return thrown;
    throw thrown;
  }
  throw new Error('expected a failure');
};

/** Checksums of all channels of all levels of all parts. */
function sums(file: string): string[] {
  const opened = ExrFile.open(file);
  const all = opened.header.parts.flatMap((part, i) =>
    layoutOf(part).levels.flatMap((level) =>
      [...checksumChannels(opened, i, { level })].map(([name, sum]) => `${i} ${level.x} ${level.y} ${name} ${sum}`),
    ),
  );
  opened.close();
  return all;
}

/** As `sums`, as the reference library has them. */
const expectedSums = ({ parts }: Reference): string[] =>
  parts.flatMap((part, i) =>
    (part.levels ?? [{ level: [0, 0], channels: part.channels! }]).flatMap(({ level, channels }) =>
      channels.map(({ name, sha256 }) => `${i} ${level[0]} ${level[1]} ${name} ${sha256}`),
    ),
  );

describeCorpus('files of the corpus written again', () => {
  /** Of HTJ2K, which takes its time, the smaller files; how many channels there are. */
  const SMALLER = 500_000;
  const methods = [
    ['none', Infinity, 588],
    ['rle', Infinity, 588],
    ['zips', Infinity, 588],
    ['zip', Infinity, 588],
    ['piz', Infinity, 588],
    ['htj2k32', SMALLER, 270],
    ['htj2k256', SMALLER, 270],
  ] as const;
  test.each(methods)('with %s, lines going up and down', async (compression, most, count) => {
    const target = join(folder, `${compression}.exr`);
    let channels = 0;
    for (const [i, reference] of readableReferences().entries()) {
      if (statSync(corpusFile(reference.file)).size > most) continue;
      const source = ExrFile.open(corpusFile(reference.file));
      await rewrite(source, target, (part) => ({ ...part, compression, lineOrder: LINE_ORDERS[i % 2]! }));
      source.close();
      const expected = expectedSums(reference);
      expect(sums(target), reference.file).toEqual(expected);
      channels += expected.length;
    }
    expect(channels).toBe(count);
    expect(unfinished()).toEqual([]);
  });

  test('in tiles of an odd size, in all orders of lines', async () => {
    const target = join(folder, 'tiles.exr');
    let parts = 0;
    for (const [i, reference] of exactReferences().entries()) {
      const source = ExrFile.open(corpusFile(reference.file));
      const subsampled = source.header.parts.some((part) => part.channels.some(({ sampling }) => sampling.x > 1));
      const levels = source.header.parts.some((part) => part.tiles && part.tiles.levels !== 'one');
      if (!subsampled && !levels) {
        // Of the larger files as few tiles as still show all cuts.
        const wide = source.header.parts.some(({ dataWindow }) => dataWindow.maxX - dataWindow.minX > 500);
        const [width, height] = wide ? [157, 131] : [37, 21];
        const tiles = { width, height, levels: 'one', rounding: 'down' } as const;
        const lineOrder = LINE_ORDERS[i % 3]!;
        await rewrite(source, target, (part) => ({ ...part, type: 'tiledimage', tiles, lineOrder }));
        expect(sums(target), reference.file).toEqual(expectedSums(reference));
        parts += source.header.parts.length;
      }
      source.close();
    }
    expect(parts).toBe(71);
  });

  test('the same file comes out whether the thread writes it or others do', async () => {
    const window = box(0, 0, 2047, 1023);
    const part: WritePart = {
      type: 'scanlineimage',
      channels: [{ name: 'Y', type: 'float', sampling: { x: 1, y: 1 }, pLinear: 0 }],
      dataWindow: window,
      displayWindow: window,
      compression: 'zip',
      lineOrder: 'increasing',
      attributes: [],
    };
    const plane = createPlane('float', window, { x: 1, y: 1 });
    for (let i = 0; i < plane.samples.length; i++) plane.samples[i] = Math.fround(Math.sin(i));
    const files: Buffer[] = [];
    for (const pace of PACES) {
      setPace(pace);
      const path = join(folder, `${pace}.exr`);
      const writer = await ExrWriter.create(path, [part]);
      for (let index = 0; index < layoutOf(part).chunkCount; index++) {
        await writer.put(0, index, packChunk(part, index, new Map([['Y', plane]])));
      }
      await writer.finish();
      files.push(readFileSync(path));
    }
    const [first, second] = files;
    expect(first!.length).toBeGreaterThan(4_000_000);
    expect(Buffer.compare(first!, second!)).toBe(0);
  });

  test('the same file comes out when it is packed in another order', async () => {
    const source = ExrFile.open(corpusFile('openexr-images/Tiles/GoldenGate.exr'));
    const [a, b] = [join(folder, 'a.exr'), join(folder, 'b.exr')];
    await rewrite(source, a, (part) => part);
    await rewrite(source, b, (part) => ({ ...part, channels: part.channels.toReversed() }));
    expect(Buffer.compare(readFileSync(a), readFileSync(b))).toBe(0);
    source.close();
  });
});

describeCorpus('files of the corpus copied', () => {
  test.each(PACES)('byte for byte, deep parts included, where the system is %s', async (pace) => {
    setPace(pace);
    const target = join(folder, 'copy.exr');
    const counts = { same: 0, reordered: 0, retyped: 0 };
    for (const { file } of references()) {
      const source = ExrFile.open(corpusFile(file));
      const writer = await ExrWriter.create(target, unedited(source.header), source.header);
      for (const part of source.header.parts.keys()) await writer.copyPart(part, source, part);
      await writer.finish();
      const [was, is] = [readFileSync(corpusFile(file)), readFileSync(target)];
      if (Buffer.compare(was, is) === 0) counts.same++;
      else if (was.length === is.length) {
        // Chunks of the parts lie in turns in the source and part after part in the copy.
        const copy = ExrFile.open(target);
        for (const [number, part] of source.header.parts.entries()) {
          for (let index = 0; index < layoutOf(part).chunkCount; index++) {
            const [one, other] = [source.chunk(number, index), copy.chunk(number, index)];
            if (Buffer.compare(one.payload, other.payload) !== 0) expect.fail(`${file}: chunk ${index} differs`);
          }
        }
        copy.close();
        counts.reordered++;
      } else {
        expect(file).toBe('openexr-tests/scanline_with_deepscanline_type.exr');
        expect(sums(target)).toEqual(sums(corpusFile(file)));
        counts.retyped++;
      }
      source.close();
    }
    expect(counts).toEqual({ same: 70, reordered: 3, retyped: 1 });
  });

  test.each(PACES)('part by part out of a file of several and together again, where it is %s', async (pace) => {
    setPace(pace);
    const source = ExrFile.open(corpusFile('openexr-images/Beachball/multipart.0001.exr'));
    const whole = unedited(source.header);
    const singles: string[] = [];
    for (const [i, part] of whole.entries()) {
      const target = join(folder, `part${i}.exr`);
      const writer = await ExrWriter.create(target, [part]);
      await writer.copyPart(0, source, i);
      await writer.finish();
      singles.push(target);
    }
    const target = join(folder, 'together.exr');
    const writer = await ExrWriter.create(target, whole);
    for (const [i, single] of singles.entries()) {
      const opened = ExrFile.open(single);
      expect(opened.header.multipart).toBe(false);
      await writer.copyPart(i, opened, 0);
      opened.close();
    }
    await writer.finish();
    expect(sums(target)).toEqual(sums(source.path));
    expect(singles.length).toBe(10);
    source.close();
  });

  test('only between parts of the same shape', async () => {
    const source = ExrFile.open(corpusFile('openexr-tests/comp_zip.exr'));
    const [part] = unedited(source.header) as [WritePart];
    const writer = await ExrWriter.create(join(folder, 'shape.exr'), [{ ...part, compression: 'zips' }]);
    const error = await failure(() => writer.copyPart(0, source, 0));
    expect(error.code).toBe('exr-cannot-write');
    expect(error.message).toContain('compression');
    await writer.abort();
    source.close();
    expect(unfinished()).toEqual([]);
  });
});

const part: WritePart = {
  type: 'scanlineimage',
  channels: [
    { name: 'Z', type: 'float', sampling: { x: 1, y: 1 }, pLinear: 0 },
    { name: 'A', type: 'half', sampling: { x: 1, y: 1 }, pLinear: 0 },
    { name: 'C', type: 'uint', sampling: { x: 2, y: 2 }, pLinear: 1 },
  ],
  dataWindow: box(-4, -2, 15, 37),
  displayWindow: box(0, 0, 9, 9),
  compression: 'zip',
  lineOrder: 'increasing',
  attributes: [],
};

/** Planes of all channels with a different value in every sample. */
function ramps(region = part.dataWindow): Map<string, Plane> {
  return new Map(
    part.channels.map(({ name, type, sampling }) => {
      const plane = createPlane(type, region, sampling);
      const bytes = planeBytes(plane);
      for (let i = 0; i < bytes.length; i++) bytes[i] = (i * 7 + name.charCodeAt(0)) & 0xff;
      return [name, plane];
    }),
  );
}

describe('single chunks', () => {
  test('pack and unpack are each other’s reverse, for planes larger than the chunk, sorted or not', () => {
    const planes = ramps(box(-9, -8, 30, 50));
    const { chunkCount } = layoutOf(part);
    expect(chunkCount).toBe(3);
    for (let index = 0; index < chunkCount; index++) {
      const packed = packChunk(part, index, planes);
      const back = unpackChunk(part, index, packed);
      expect([...back.keys()].sort()).toEqual(['A', 'C', 'Z']);
      expect(packChunk(part, index, back)).toEqual(packed);
      expect(unpackChunk(part, index, packed, ['C']).get('C')).toEqual(back.get('C'));
    }
  });

  test('a chunk that does not become smaller is stored as it is', () => {
    const plane = createPlane('half', box(0, 0, 0, 0));
    const tiny: WritePart = { ...part, channels: [part.channels[1]!], dataWindow: box(0, 0, 0, 0) };
    expect(packChunk(tiny, 0, new Map([['A', plane]])).length).toBe(2);
  });

  test.each<[string, (planes: Map<string, Plane>) => void]>([
    ['is missing', (planes) => planes.delete('A')],
    ['has another type', (planes) => planes.set('A', createPlane('float', part.dataWindow))],
    ['has another sampling', (planes) => planes.set('C', createPlane('uint', part.dataWindow))],
    ['does not cover the chunk', (planes) => planes.set('A', createPlane('half', box(-4, -2, 15, 12)))],
  ])('are refused where a plane %s', async (_, spoil) => {
    const planes = ramps();
    spoil(planes);
    expect((await failure(() => packChunk(part, 0, planes))).code).toBe('exr-cannot-write');
  });
});

describe('the writer', () => {
  const put = async (writer: ExrWriter, ...indices: number[]): Promise<void> => {
    for (const index of indices) await writer.put(0, index, packChunk(part, index, ramps()));
  };

  test('takes overlapping calls in turn', async () => {
    const target = join(folder, 'turns.exr');
    const writer = await ExrWriter.create(target, [part]);
    await Promise.all([0, 1, 2].map((index) => writer.put(0, index, packChunk(part, index, ramps()))));
    await writer.finish();
    const opened = ExrFile.open(target);
    const back = opened.readPart(0);
    for (const [name, plane] of ramps()) expect(back.get(name)!.samples).toEqual(plane.samples);
    expect(opened.header.parts[0]!.channels.map(({ pLinear }) => pLinear)).toEqual([0, 1, 0]);
    opened.close();
  });

  test('refuses to finish while a chunk is missing, and leaves what was there', async () => {
    const target = join(folder, 'missing.exr');
    writeFileSync(target, 'before');
    const writer = await ExrWriter.create(target, [part]);
    await put(writer, 0, 2);
    const error = await failure(() => writer.finish());
    expect(error.code).toBe('exr-chunk-missing');
    expect(error.where).toMatchObject({ file: target, part: 0, chunk: 1 });
    expect(readFileSync(target, 'utf8')).toBe('before');
    expect(unfinished()).toEqual([]);
  });

  test('refuses a chunk twice, a chunk and a part that are not there, and goes on with nothing after that', async () => {
    for (const [partNumber, index] of [
      [0, 0],
      [0, 3],
      [0, -1],
      [1, 0],
    ] as const) {
      const writer = await ExrWriter.create(join(folder, 'twice.exr'), [part]);
      await put(writer, 0);
      const bytes = packChunk(part, 0, ramps());
      expect((await failure(() => writer.put(partNumber, index, bytes))).code).toBe('exr-cannot-write');
      expect((await failure(() => writer.put(0, 1, bytes))).code).toBe('exr-cannot-write');
      await writer.abort();
    }
    expect(existsSync(join(folder, 'twice.exr'))).toBe(false);
    expect(unfinished()).toEqual([]);
  });

  test('gives a file up at any time, more than once', async () => {
    const writer = await ExrWriter.create(join(folder, 'given-up.exr'), [part]);
    await put(writer, 0);
    expect(unfinished().length).toBe(1);
    await Promise.all([writer.abort(), writer.abort()]);
    expect(unfinished()).toEqual([]);
    expect((await failure(() => writer.finish())).code).toBe('exr-cannot-write');
  });

  test('replaces only where it may', async () => {
    const target = join(folder, 'replace.exr');
    const first = await ExrWriter.create(target, [part], { replace: false });
    const second = await ExrWriter.create(target, [part], { replace: false });
    await put(first, 0, 1, 2);
    await put(second, 2, 1, 0);
    await first.finish();
    const before = readFileSync(target);
    expect((await failure(() => second.finish())).code).toBe('file-exists');
    expect((await failure(() => ExrWriter.create(target, [part], { replace: false }))).code).toBe('file-exists');
    expect(readFileSync(target)).toEqual(before);
    const third = await ExrWriter.create(target, [part]);
    await put(third, 2, 1, 0);
    await third.finish();
    expect(readFileSync(target)).not.toEqual(before);
    expect(unfinished()).toEqual([]);
  });

  test('names what is wrong with the place', async () => {
    expect((await failure(() => ExrWriter.create(folder, [part]))).code).toBe('file-not-regular');
    const nowhere = await failure(() => ExrWriter.create(join(folder, 'no', 'a.exr'), [part]));
    expect(nowhere.code).toBe('file-not-found');
    const name = `${'é'.repeat(120)}.exr`;
    const long = await ExrWriter.create(join(folder, name), [part]);
    await put(long, 0, 1, 2);
    await long.finish();
    expect(readdirSync(folder)).toContain(name);
  });

  test('refuses more chunks than make sense before it takes memory for them', async () => {
    const tiles = { width: 1, height: 1, levels: 'one', rounding: 'down' } as const;
    const huge: WritePart = {
      ...part,
      type: 'tiledimage',
      tiles,
      channels: [part.channels[1]!],
      dataWindow: box(0, 0, 9999, 9999),
    };
    const error = await failure(() => ExrWriter.create(join(folder, 'huge.exr'), [huge]));
    expect(error.code).toBe('exr-cannot-write');
    expect(error.message).toContain('larger tiles');
  });
});
