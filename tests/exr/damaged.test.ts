// Damaged files: every one ends in a result or one clear error, in bounded time and memory.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { EngineError } from '../../engine/base/error.ts';
import { decodeAttribute } from '../../engine/exr/attribute.ts';
import { ExrFile } from '../../engine/exr/file.ts';
import { encodeHeader } from '../../engine/exr/header-encode.ts';
import { layoutOf } from '../../engine/exr/layout.ts';
import { isDeep } from '../../engine/exr/shape.ts';
import { random } from '../base/random.ts';
import { corpusFile, corpusFolder, describeCorpus, temporaryFolder } from './corpus.ts';

const folder = temporaryFolder();

/** Runs `act` and gives the code of its error, or `read`. Any other failure is thrown on. */
function outcome(act: () => void): string {
  try {
    act();
    return 'read';
  } catch (thrown) {
    if (!(thrown instanceof EngineError) || thrown.code === 'internal') throw thrown;
    expect(thrown.message.length).toBeGreaterThan(20);
    return thrown.code;
  }
}

/** Opens a file and reads all there is to read of it. Gives the outcomes of opening and of each level and part. */
function readAll(path: string): string[] {
  let opened: ExrFile | undefined;
  const opening = outcome(() => {
    opened = ExrFile.open(path);
  });
  if (!opened) return [opening];
  const file = opened;
  const outcomes = file.header.parts.flatMap((part, number) => {
    for (const attribute of part.attributes) outcome(() => decodeAttribute(attribute));
    return layoutOf(part).levels.map((level) =>
      outcome(() => {
        // In bands, so that one bad chunk does not hide the others; the number of bands is bounded for vast windows.
        const { minX, maxX, minY, maxY } = level.box;
        const rows = Math.max(layoutOf(part).chunkHeight, Math.ceil((maxY - minY + 1) / 64));
        let first: unknown;
        for (let top = minY; top <= maxY; top += rows) {
          const box = { minX, maxX, minY: top, maxY: Math.min(maxY, top + rows - 1) };
          try {
            if (isDeep(part)) file.readDeep(number, { level, box });
            else file.readPart(number, { level, box });
          } catch (thrown) {
            if (!(thrown instanceof EngineError) || thrown.code === 'internal') throw thrown;
            first ??= thrown;
          }
        }
        if (first) throw first;
      }),
    );
  });
  file.close();
  return outcomes;
}

const LONGEST_MS = 5000;
const MOST_BYTES = 256 * 2 ** 20;

/** The most memory that the process ever had, in bytes. */
const peak = (): number => process.resourceUsage().maxRSS * 1024;

/** Reads a file and asserts how long it took and by how much it raised the peak of memory. */
function readBounded(path: string): string[] {
  const start = performance.now();
  const before = peak();
  const outcomes = readAll(path);
  expect(performance.now() - start, path).toBeLessThan(LONGEST_MS);
  expect(peak() - before, path).toBeLessThan(MOST_BYTES);
  return outcomes;
}

describeCorpus('damaged files of the corpus', () => {
  test('each ends in a result or a clear error', () => {
    const files = corpusFolder('damaged');
    expect(files.length).toBe(89);
    const counts = new Map<string, number>();
    for (const file of files) {
      for (const code of new Set(readBounded(corpusFile(file)))) counts.set(code, (counts.get(code) ?? 0) + 1);
    }
    expect(Object.fromEntries([...counts].sort())).toEqual({
      'exr-channels': 2,
      'exr-compressed-data': 5,
      'exr-header': 34,
      'exr-not-exr': 3,
      'exr-offset-table': 1,
      'exr-too-large': 2,
      'exr-truncated': 38,
      'exr-version': 4,
      read: 1,
    });
  });

  test.each<[string, string[]]>([
    ['comp_bad_bounds_piz.exr', ['exr-truncated']],
    ['comp_early_eof_piz.exr', ['exr-header']],
    ['scanline_with_deepscanline_type.exr', ['read']],
    ['invalid_shared_attrs_multipart.exr', Array(20).fill('exr-truncated')],
  ])('%s', (file, expected) => {
    expect(readBounded(corpusFile(`openexr-tests/${file}`))).toEqual(expected);
  });
});

describeCorpus('files damaged at random', () => {
  test.each([
    'openexr-tests/v1.7.test.1.exr',
    'openexr-tests/v1.7.test.tiled.exr',
    'openexr-tests/lineOrder_decreasing.exr',
    'openexr-tests/tiled.exr',
    'openexr-images/TestImages/stripes.exr',
    'methods/half_rle.exr',
    'methods/half_zips.exr',
  ])('%s', (file) => {
    const bytes = readFileSync(corpusFile(file));
    const target = join(folder, 'mutant.exr');
    const { byteLength } = ExrFile.open(corpusFile(file)).header;
    const { int, pick, chance } = random(file.length);
    const seen = new Set<string>();
    const rounds = 60;
    for (let round = 0; round < rounds; round++) {
      const mutant = Buffer.from(bytes);
      // Half of the mutations fall on the header and the tables, which are a small part of the file.
      const end = chance(0.5) ? Math.min(mutant.length, byteLength + 400) : mutant.length;
      for (let i = int(1, 4); i > 0; i--) {
        const at = int(8, end - 5);
        if (chance(0.5)) mutant[at] = int(0, 255);
        else mutant.writeInt32LE(pick([0, -1, 1, 0x7fffffff, -0x80000000, int(0, 70_000)]), at);
      }
      writeFileSync(target, chance(0.1) ? mutant.subarray(0, int(0, mutant.length)) : mutant);
      for (const code of readBounded(target)) seen.add(code);
    }
    expect(seen.size).toBeGreaterThan(3);
  });
});

test('a small file that claims half a billion rows is refused before its chunks are listed', () => {
  const window = { minX: 0, minY: 0, maxX: 479, maxY: 536_871_181 };
  const header = encodeHeader([
    {
      type: 'scanlineimage',
      channels: [{ name: 'R', type: 'half', sampling: { x: 1, y: 1 }, pLinear: 0 }],
      dataWindow: window,
      displayWindow: window,
      compression: 'zip',
      lineOrder: 'increasing',
      attributes: [],
    },
  ]);
  const path = join(folder, 'tall.exr');
  writeFileSync(path, Buffer.concat([header, new Uint8Array(300_000)]));
  const file = ExrFile.open(path);
  const before = peak();
  const start = performance.now();
  for (const onMissing of ['error', 'black'] as const) {
    expect(() => file.readPart(0, { onMissing })).toThrow(expect.objectContaining({ code: 'exr-truncated' }));
  }
  expect(performance.now() - start).toBeLessThan(1000);
  expect(peak() - before).toBeLessThan(64 * 2 ** 20);
  file.close();
});
