// Offset tables and chunks: what is rebuilt, what is missing, what is cut off, and what is not believed.
import { copyFileSync, readFileSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { EngineError } from '../../engine/base/error.ts';
import { checksumChannels } from '../../engine/exr/checksum.ts';
import { ExrFile } from '../../engine/exr/file.ts';
import { layoutOf } from '../../engine/exr/layout.ts';
import { ExrWriter } from '../../engine/exr/writer.ts';
import { random } from '../base/random.ts';
import { corpusFile, describeCorpus, temporaryFolder, unedited } from './corpus.ts';

const folder = temporaryFolder();
const FILES = [
  'openexr-tests/comp_zip.exr',
  'openexr-tests/lineOrder_decreasing.exr',
  'openexr-images/Beachball/multipart.0001.exr',
  'openexr-images/MultiResolution/MirrorPattern.exr',
  'openexr-images/Tiles/GoldenGate.exr',
  'openexr-tests/11.deep.exr',
] as const;

const failure = (act: () => unknown): EngineError => {
  try {
    act();
  } catch (thrown) {
    if (thrown instanceof EngineError) return thrown;
    throw thrown;
  }
  throw new Error('expected a failure');
};

/** Opens a changed copy of a corpus file. */
function spoiled(file: string, spoil: (bytes: Buffer, tableStart: number, chunks: number) => Buffer): ExrFile {
  const target = join(folder, 'spoiled.exr');
  const original = ExrFile.open(corpusFile(file));
  const chunks = original.header.parts.reduce((sum, part) => sum + layoutOf(part).chunkCount, 0);
  writeFileSync(target, spoil(readFileSync(original.path), original.header.byteLength, chunks));
  original.close();
  return ExrFile.open(target);
}

/** All stored chunks of a file as one text. */
function content(file: ExrFile): string {
  return file.header.parts
    .flatMap((part, number) =>
      Array.from({ length: layoutOf(part).chunkCount }, (_, index) => {
        const { payload } = file.chunk(number, index);
        return `${payload.length}:${Buffer.from(payload.subarray(0, 64)).toString('hex')}`;
      }),
    )
    .join(' ');
}

function original(file: string): string {
  const opened = ExrFile.open(corpusFile(file));
  const text = content(opened);
  opened.close();
  return text;
}

describeCorpus('offset tables', () => {
  test.each(FILES)('of %s are rebuilt when they are zero, out of range, shuffled or shifted', (file) => {
    const expected = original(file);
    const { int } = random(5);
    const tables: ((bytes: Buffer, at: number, i: number, chunks: number, start: number) => void)[] = [
      (bytes, at) => bytes.writeBigUInt64LE(0n, at),
      (bytes, at) => bytes.writeBigUInt64LE(0xffffffffffffffffn, at),
      (bytes, at, _, __, start) => bytes.writeBigUInt64LE(BigInt(int(0, start)), at),
      (bytes, at) => bytes.writeBigUInt64LE(BigInt(int(0, bytes.length)), at),
      (bytes, at) => bytes.writeBigUInt64LE(bytes.readBigUInt64LE(at) + 1n, at),
      (bytes, at, i, chunks, start) => {
        const other = start + int(i, chunks - 1) * 8;
        const [a, b] = [bytes.readBigUInt64LE(at), bytes.readBigUInt64LE(other)];
        bytes.writeBigUInt64LE(b, at);
        bytes.writeBigUInt64LE(a, other);
      },
      (bytes, at, i) => i % 3 === 0 && bytes.writeBigUInt64LE(0n, at),
    ];
    for (const write of tables) {
      const opened = spoiled(file, (bytes, start, chunks) => {
        for (let i = 0; i < chunks; i++) write(bytes, start + i * 8, i, chunks, start);
        return bytes;
      });
      expect(content(opened) === expected).toBe(true);
      expect(opened.isComplete()).toBe(true);
      opened.close();
    }
  });

  test('samples are read and parts copied through a rebuilt table', async () => {
    const file = 'openexr-images/Beachball/multipart.0001.exr';
    const opened = spoiled(file, (bytes, start, chunks) => bytes.fill(0, start, start + chunks * 8));
    const whole = ExrFile.open(corpusFile(file));
    const target = join(folder, 'copied.exr');
    const writer = await ExrWriter.create(target, unedited(opened.header));
    for (const part of opened.header.parts.keys()) {
      expect(checksumChannels(opened, part)).toEqual(checksumChannels(whole, part));
      await writer.copyPart(part, opened, part);
    }
    await writer.finish();
    const copy = ExrFile.open(target);
    expect(content(copy) === content(whole)).toBe(true);
    for (const one of [opened, whole, copy]) one.close();
  });

  test('a chunk whose head is damaged is lost alone while the table is sound, and not guessed at where it is not', () => {
    const file = 'openexr-tests/comp_zip.exr';
    const damage = (bytes: Buffer, start: number): number => {
      const at = Number(bytes.readBigUInt64LE(start + 8 * 5));
      bytes.writeInt32LE(123_456, at);
      return at;
    };
    const sound = spoiled(file, (bytes, start) => {
      damage(bytes, start);
      return bytes;
    });
    expect(failure(() => sound.chunk(0, 5)).code).toBe('exr-offset-table');
    for (let index = 0; index < 43; index++) if (index !== 5) sound.chunk(0, index);
    expect(sound.isComplete()).toBe(false);
    sound.close();
    const broken = spoiled(file, (bytes, start, chunks) => {
      damage(bytes, start);
      return bytes.fill(0, start, start + chunks * 8);
    });
    broken.chunk(0, 4);
    for (const index of [5, 6, 42]) expect(failure(() => broken.chunk(0, index)).code).toBe('exr-offset-table');
    expect(failure(() => broken.readPart(0, { onMissing: 'black' })).code).toBe('exr-offset-table');
    broken.close();
  });
});

describeCorpus('files that are cut off', () => {
  test.each(FILES.slice(0, 5))('%s keeps its good chunks at every length', (file) => {
    const whole = ExrFile.open(corpusFile(file));
    const chunks = whole.header.parts.flatMap((part, number) =>
      Array.from({ length: layoutOf(part).chunkCount }, (_, index) => whole.table.locate(number, index)),
    );
    const { int } = random(9);
    let kept = 0;
    let lost = 0;
    for (let round = 0; round < 6; round++) {
      const length = int(chunks[0]!.offset, whole.source.size - 1);
      const cut = spoiled(file, (bytes) => bytes.subarray(0, length));
      for (const { part, index, offset, headBytes, dataBytes } of chunks) {
        if (offset + headBytes + dataBytes <= length) {
          cut.chunk(part, index);
          kept++;
        } else {
          const { code, where } = failure(() => cut.chunk(part, index));
          expect(code).toBe('exr-chunk-missing');
          expect(where).toMatchObject({ part, chunk: index });
          lost++;
        }
      }
      expect(cut.isComplete()).toBe(false);
      cut.close();
    }
    expect(kept).toBeGreaterThan(0);
    expect(lost).toBeGreaterThan(0);
    whole.close();
  });

  test('missing chunks are an error, or black and told', () => {
    const file = 'openexr-tests/comp_zip.exr';
    const whole = ExrFile.open(corpusFile(file));
    const { offset } = whole.table.locate(0, 20);
    const cut = spoiled(file, (bytes) => bytes.subarray(0, offset + 50));
    expect(failure(() => cut.readPart(0)).code).toBe('exr-chunk-missing');
    const missing: number[] = [];
    const planes = cut.readPart(0, { onMissing: 'black', missing: (chunk) => missing.push(chunk) });
    expect(missing).toEqual(Array.from({ length: 23 }, (_, i) => 20 + i));
    for (const [name, { samples, columns }] of whole.readPart(0)) {
      const good = 20 * 16 * columns;
      const found = planes.get(name)!.samples;
      expect(Buffer.compare(Buffer.from(found.slice(0, good).buffer), Buffer.from(samples.slice(0, good).buffer))).toBe(
        0,
      );
      expect(found.slice(good).every((sample) => sample === 0)).toBe(true);
    }
    cut.close();
    whole.close();
  });

  test('before the end of the tables nothing can be read', () => {
    const cut = spoiled('openexr-tests/comp_zip.exr', (bytes, start) => bytes.subarray(0, start + 20));
    expect(failure(() => cut.readPart(0)).code).toBe('exr-truncated');
    expect(failure(() => cut.readPart(0, { onMissing: 'black' })).code).toBe('exr-truncated');
    expect(cut.isComplete()).toBe(false);
    cut.close();
  });
});

describeCorpus('files that change while they are open', () => {
  test('are told apart from damaged ones', async () => {
    const target = join(folder, 'changing.exr');
    copyFileSync(corpusFile('openexr-tests/comp_zip.exr'), target);
    const opened = ExrFile.open(target);
    opened.readPart(0);
    truncateSync(target, 4000);
    expect(failure(() => opened.readPart(0)).code).toBe('file-changed');
    opened.close();

    copyFileSync(corpusFile('openexr-tests/comp_zip.exr'), target);
    const source = ExrFile.open(target);
    const writer = await ExrWriter.create(join(folder, 'never.exr'), unedited(source.header));
    utimesSync(target, 1, 1);
    await expect(writer.copyPart(0, source, 0)).rejects.toMatchObject({ code: 'file-changed' });
    await writer.abort();
    source.close();
  });
});
