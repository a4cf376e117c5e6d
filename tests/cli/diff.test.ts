// sluice diff: equal and different samples, attributes, channels, windows, parts and frames.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { box, ExrFile } from '../../engine/authoring.ts';
import { corpusFile, describeCorpus } from '../exr/corpus.ts';
import { deepPart, deepSamples, writeDeep } from '../nodes/stages-deep.ts';
import { type Footage, writeFootage, writeSequence } from './footage.ts';
import { type Ended, sluice, temporaryFolder } from './sluice.ts';

const root = temporaryFolder();
let made = 0;

/** Compares two files that are made for it. */
async function compare(a: Footage, b: Footage, options: readonly string[] = []): Promise<Ended> {
  const [one, other] = [join(root, `${made}a.exr`), join(root, `${made++}b.exr`)];
  await writeFootage(one, a);
  await writeFootage(other, b);
  return sluice(['diff', one, other, ...options], { cwd: root });
}

const small: Footage = {
  window: box(0, 0, 9, 9),
  channels: { R: 'half', Z: 'float' },
  sample: (_, x, y) => x + 10 * y,
};

describe('two deep files', () => {
  test('are compared sample by sample, and told apart by their numbers of samples', async () => {
    const [one, other] = [join(root, 'deep-a.exr'), join(root, 'deep-b.exr')];
    const deep = deepSamples();
    await writeDeep(one, deepPart, deep);
    const same = await sluice(['diff', one, one]);
    expect([same.code, same.stdout]).toEqual([0, 'The same in pixels and attributes.\n']);

    const total = deep.offsets.at(-1)!;
    const depths = Float32Array.from(deep.channels.get('Z')!.samples);
    depths[0]! += 2;
    depths[total - 1]! += 0.5;
    const moved = new Map(deep.channels).set('Z', { type: 'float', samples: depths });
    await writeDeep(other, { ...deepPart, compression: 'rle' }, { ...deep, channels: moved });
    const { code, stdout } = await sluice(['diff', one, other, '--pixels']);
    expect(code).toBe(1);
    const first = deep.offsets.findIndex((offset, i) => i > 0 && offset > 0) - 1;
    const place = `(${deepPart.dataWindow.minX + (first % deep.columns)}, ${deepPart.dataWindow.minY + Math.floor(first / deep.columns)})`;
    expect(stdout).toBe(`samples  Z  2 of ${total} samples differ, by at most 2 at ${place}\n`);

    await writeDeep(other, deepPart, deepSamples(deepPart, 9));
    const counts = await sluice(['diff', one, other, '--pixels']);
    expect(counts.code).toBe(1);
    expect(counts.stdout).toMatch(/^samples {2}sample counts {2}\d+ of 1760 samples differ, by at most 7 at /m);
  });
});

describe('a deep and a flat file', () => {
  test('differ in their type; all is compared but samples, which the rows say', async () => {
    const [deep, flat] = [join(root, 'kind-deep.exr'), join(root, 'kind-flat.exr')];
    const { tiles: _, ...lines } = deepPart;
    await writeDeep(deep, { ...lines, type: 'deepscanline' }, deepSamples());
    await writeFootage(flat, { window: box(0, 0, 39, 35), channels: { R: 'half', Z: 'half' }, attributes: { a: 'x' } });
    const text = async (...files: string[]): Promise<[number | null, string[], string]> => {
      const { code, stdout, stderr } = await sluice(['diff', ...files]);
      return [code, stdout.split('\n').map((line) => line.replace(/ {2,}/g, '  ')), stderr];
    };
    const [code, rows, errors] = await text(deep, flat);
    expect([code, errors]).toEqual([1, '']);
    expect(rows[0]).toBe('part  type  deepscanline  ->  scanlineimage');
    expect(rows).toEqual(
      expect.arrayContaining([
        'channel  A  only in A: half',
        'channel  Z  float  ->  half',
        'window  dataWindow  (-3, -2) - (40, 37)  ->  (0, 0) - (39, 35)',
        'storage  compression  zips  ->  zip',
        'attribute  a  only in B: string "x"',
        'samples  all channels  cannot be compared: deep in A, flat in B',
      ]),
    );
    expect(rows.filter((row) => row.startsWith('samples'))).toHaveLength(1);

    const [other, pixels] = await text(flat, deep, '--pixels');
    expect([other, pixels[0], pixels.at(-2)]).toEqual([
      1,
      'part  type  scanlineimage  ->  deepscanline',
      'samples  all channels  cannot be compared: flat in A, deep in B',
    ]);
    const json = await sluice(['diff', deep, flat, '--pixels', '--json']);
    const { files } = JSON.parse(json.stdout) as { files: { differences: object[]; error?: object }[] };
    expect(files[0]!.error).toBeUndefined();
    expect(files[0]!.differences.at(-1)).toEqual({ what: 'samples', name: 'all channels', a: 'deep', b: 'flat' });
  });
});

describe('two files', () => {
  test('with the same samples and attributes are the same, exit code 0', async () => {
    const { code, stdout, stderr } = await compare(small, small);
    expect([code, stdout, stderr]).toEqual([0, 'The same in pixels and attributes.\n', '']);
  });

  test('with other compression hold the same pixels', async () => {
    const other = { ...small, compression: 'piz' } as const;
    const full = await compare(small, other);
    expect([full.code, full.stdout]).toEqual([1, 'storage  compression  zip  ->  piz\n']);
    const pixels = await compare(small, other, ['--pixels']);
    expect([pixels.code, pixels.stdout]).toEqual([0, 'The same in pixels.\n']);
  });

  test('differ in samples: how many, by how much, where', async () => {
    const sample = (c: string, x: number, y: number): number =>
      c === 'R' && y === 4 && x > 6 ? 900 + 2 * x : x + 10 * y;
    const { code, stdout } = await compare(small, { ...small, sample });
    expect(code).toBe(1);
    expect(stdout).toBe('samples  R  3 of 100 samples differ, by at most 869 at (9, 4)\n');
    const attributes = await compare(small, { ...small, sample }, ['--attributes']);
    expect([attributes.code, attributes.stdout]).toEqual([0, 'The same in attributes.\n']);
  });

  test('differ in single bits that are no number', async () => {
    const [one, other] = [join(root, 'bits-a.exr'), join(root, 'bits-b.exr')];
    await writeFootage(one, { ...small, compression: 'none' });
    const bytes = readFileSync(one);
    // The last line: ten halves of R, then ten floats of Z.
    bytes.writeUInt32LE(0x7fc00001, bytes.length - 4);
    writeFileSync(one, bytes);
    bytes.writeUInt32LE(0x7fc00002, bytes.length - 4);
    bytes.writeUInt16LE(0x7c00, bytes.length - 60);
    writeFileSync(other, bytes);
    const { code, stdout } = await sluice(['diff', one, other, '--json']);
    expect(code).toBe(1);
    const { files } = JSON.parse(stdout) as { files: { differences: object[] }[] };
    expect(files[0]!.differences).toEqual([
      { what: 'samples', name: 'R', samples: 100, differing: 1, greatest: 'inf', at: [0, 9] },
      { what: 'samples', name: 'Z', samples: 100, differing: 1, greatest: 0, at: [9, 9] },
    ]);
  });

  test('differ in attributes, windows, channels and types', async () => {
    const { stdout } = await compare(
      { ...small, attributes: { owner: 'Vera', only: 'x' } },
      {
        ...small,
        window: box(0, 0, 9, 8),
        channels: { R: 'float', G: 'half' },
        attributes: { owner: 'Wim' },
      },
    );
    expect(stdout.split('\n').map((line) => line.replace(/ {2,}/g, '  '))).toEqual([
      'channel  R  half  ->  float',
      'channel  Z  only in A: float',
      'channel  G  only in B: half',
      'window  dataWindow  (0, 0) - (9, 9)  ->  (0, 0) - (9, 8)',
      'attribute  only  only in A: string "x"',
      'attribute  owner  string "Vera"  ->  string "Wim"',
      '',
    ]);
  });

  test('differ in parts, which are found by name', async () => {
    const { code, stdout } = await compare(
      { ...small, parts: ['left', 'right'] },
      { ...small, parts: ['right', 'centre'] },
    );
    expect(code).toBe(1);
    expect(stdout).toContain('part  left');
    expect(stdout).toContain('centre');
    expect(stdout).not.toContain('samples');
  });

  test('that cannot be read end in an error', async () => {
    const { code, stderr } = await sluice(['diff', 'absent.exr', 'absent.exr'], { cwd: root });
    expect([code, stderr]).toEqual([1, expect.stringContaining('error file-not-found')]);
  });
});

describe('two sequences', () => {
  test('are compared frame by frame; frames of one alone are named', async () => {
    const folder = join(root, 'sequences');
    await writeSequence(join(folder, 'a'), 'x', [1, 2, 3], small);
    await writeSequence(join(folder, 'b'), 'y', [2, 3, 4], small);
    await writeFootage(join(folder, 'b', 'y.0003.exr'), { ...small, sample: () => 5, attributes: { take: 'frame 3' } });
    const { code, stdout } = await sluice(['diff', 'a', 'b/y.####.exr'], { cwd: folder });
    expect(code).toBe(1);
    expect(stdout).toContain('frame  1  only in A: present\nframe  4  only in B: present\nframe 3\n');
    expect(stdout).toMatch(/samples {2}R {2}99 of 100 samples differ, by at most 94 at \(9, 9\)/);
    expect(stdout).toContain('1 of 2 frames differ in pixels and attributes.');
    expect((await sluice(['diff', 'a', 'a'], { cwd: folder })).code).toBe(0);
  });
});

describeCorpus('files of HTJ2K', () => {
  test('are compared by their samples, and damage in one is an error', async () => {
    const sound = corpusFile('methods/half_htj2k256.exr');
    const packed = await sluice(['diff', sound, corpusFile('methods/half_zip.exr')]);
    expect(packed.stdout).toBe('storage  compression  htj2k256  ->  zip\n');
    const file = ExrFile.open(sound);
    const { offset, headBytes } = file.table.locate(0, 0);
    file.close();
    const bytes = readFileSync(sound);
    bytes[offset + headBytes + 50]! ^= 1;
    const other = join(root, 'other.exr');
    writeFileSync(other, bytes);
    const { code, stderr } = await sluice(['diff', sound, other]);
    expect([code, stderr]).toEqual([1, expect.stringContaining('error exr-comp')]);
  });
});
