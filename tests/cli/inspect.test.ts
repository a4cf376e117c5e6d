// sluice inspect: headers, samples in figures and sums, and what changes in a sequence.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { box } from '../../engine/authoring.ts';
import { corpusFile, describeCorpus, isFlat, type Reference, references } from '../exr/corpus.ts';
import { LAUNCHER } from '../launcher.ts';
import { chunk, type PngSketch, png } from '../raster/forge.ts';
import { type Footage, scenes, writeFootage, writeSequence } from './footage.ts';
import { sluice, temporaryFolder } from './sluice.ts';

const root = temporaryFolder();
const scene = scenes(root);

const RGB = { R: 'half', G: 'half', B: 'half' } as const;

interface PartJson {
  readonly name?: string;
  readonly type: string;
  readonly dataWindow: number[];
  readonly compression: string;
  readonly colours?: string;
  readonly tier: string;
  readonly because?: string;
  readonly channels: {
    readonly name: string;
    readonly type: string;
    readonly sampling: number[];
    readonly stats?: object;
  }[];
  readonly attributes: { readonly name: string; readonly type: string; readonly value?: unknown }[];
  readonly checksums?: { readonly level: [number, number]; readonly channels: Record<string, string> }[];
  readonly error?: { readonly code: string };
}
interface FileJson {
  readonly file: string;
  readonly parts: PartJson[];
}

const inspectJson = async (args: readonly string[], cwd = root): Promise<FileJson> =>
  JSON.parse((await sluice(['inspect', ...args, '--json'], { cwd })).stdout) as FileJson;

describe('one file', () => {
  const file = join(root, 'one.exr');
  const long = 'x'.repeat(300);

  beforeAll(() =>
    writeFootage(file, {
      window: box(0, 0, 3, 1),
      channels: { R: 'half', id: 'uint' },
      sample: (channel, x, y) => (channel === 'id' ? 16777217 + x : x + 4 * y),
      attributes: { owner: 'Vera', long },
      parts: ['left', 'right'],
    }),
  );

  test('shows parts, windows, storage, channels and attributes', async () => {
    const { code, stdout, stderr } = await sluice(['inspect', 'one.exr'], { cwd: root });
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/^one\.exr {2}OpenEXR, \d+ bytes, 2 parts\npart 0 {2}left\n/);
    for (const line of [
      '  data window     (0, 0) - (3, 1), 4 x 2',
      '  display window  (0, 0) - (31, 23), 32 x 24',
      '  compression     zip',
      '  line order      increasing',
      '    R   half  colour',
      '    id  uint  id',
    ]) {
      expect(stdout.split('\n')).toContain(line);
    }
    expect(stdout).toMatch(/^ {4}owner +string +"Vera"$/m);
    expect(stdout).not.toContain(long);
    expect((await sluice(['inspect', file, '--attributes'])).stdout).toContain(long);
  });

  test('states the space of colours and the quality of each part, or that nothing says it', async () => {
    const lines = async (
      name: string,
      attributes: Record<string, string>,
      channels: Footage['channels'] = RGB,
    ): Promise<string[]> => {
      await writeFootage(join(root, name), { channels, attributes });
      const { stdout } = await sluice(['inspect', name], { cwd: root });
      const { parts } = await inspectJson([join(root, name)]);
      const { colours, tier, because } = parts[0]!;
      const text = stdout.split('\n').flatMap((line) => /^ {2}(colours|quality) +(.*)/.exec(line)?.slice(1) ?? []);
      expect(text).toEqual([
        ...(colours === undefined ? [] : ['colours', colours]),
        'quality',
        because === undefined ? tier : `${tier}: ${because}`,
      ]);
      return text;
    };
    expect(await lines('acescg.exr', { colorInteropID: 'lin_ap1_scene' })).toEqual([
      'colours',
      'ACEScg (colorInteropID "lin_ap1_scene")',
      'quality',
      'reference',
    ]);
    expect(await lines('log.exr', { colorInteropID: 'ocio:arrilogc4_awg4_scene' })).toEqual([
      'colours',
      'ARRI LogC4 (colorInteropID "ocio:arrilogc4_awg4_scene")',
      'quality',
      'capture: encoded as ARRI LogC4',
    ]);
    expect(await lines('silent.exr', {})).toEqual([
      'colours',
      'unknown: it has neither colorInteropID nor chromaticities',
      'quality',
      'reference',
    ]);
    expect(await lines('depth.exr', {}, { Z: 'float' })).toEqual(['quality', 'reference']);
    expect(await lines('data.exr', { colorInteropID: 'data' }, { Z: 'float' })).toEqual([
      'colours',
      'data',
      'quality',
      'reference',
    ]);
  });

  test('--stats gives least, greatest, mean and what is no number', async () => {
    const odd = join(root, 'odd.exr');
    await writeFootage(odd, {
      window: box(0, 0, 4, 0),
      compression: 'none',
      channels: { F: 'float', H: 'half' },
      sample: (_, x) => x + 1,
    });
    // The samples of the only line: five floats, then five halves.
    const bytes = readFileSync(odd);
    const at = bytes.length - 30;
    bytes.writeFloatLE(Number.NaN, at);
    bytes.writeFloatLE(Number.NEGATIVE_INFINITY, at + 4);
    bytes.writeFloatLE(-2.5, at + 8);
    bytes.writeUInt16LE(0x7c00, at + 20);
    bytes.writeUInt16LE(0xfe01, at + 22);
    writeFileSync(odd, bytes);
    const { parts } = await inspectJson([odd, '--stats']);
    expect(parts[0]!.channels.map(({ stats }) => stats)).toEqual([
      { samples: 5, nan: 1, infinite: 1, min: -2.5, max: 5, mean: (-2.5 + 4 + 5) / 3 },
      { samples: 5, nan: 1, infinite: 1, min: 3, max: 5, mean: 4 },
    ]);
    const { stdout } = await sluice(['inspect', file, '--stats'], { cwd: root });
    expect(stdout).toMatch(/^ {4}R +half +colour +min 0 +max 7 +mean 3\.5 +nan 0 +inf 0$/m);
    expect(stdout).toMatch(/^ {4}id +uint +id +min 16777217 +max 16777220 /m);
  });

  test.each<[string, string[], string]>([
    ['no file', ['absent.exr'], 'file-not-found'],
    ['no EXR file', ['text.exr'], 'exr-not-exr'],
    ['an empty folder', ['empty'], 'file-not-found'],
    ['two sequences', ['.'], 'sequence-ambiguous'],
  ])('%s is one clear error', async (_, args, expected) => {
    writeFileSync(join(root, 'text.exr'), 'no picture');
    const { code, stdout, stderr } = await sluice(['inspect', ...args], { cwd: root });
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(new RegExp(`^error ${expected}: .*\\n {2}at file `));
    const json = await sluice(['inspect', ...args, '--json'], { cwd: root });
    expect((JSON.parse(json.stdout) as { error: { code: string } }).error.code).toBe(expected);
  });

  test('an end of the pipe is a quiet end', () => {
    const command = `"${process.execPath}" "${LAUNCHER}" inspect one.exr --attributes | head -n 1; echo "\${PIPESTATUS[0]}"`;
    const { stdout, stderr } = spawnSync('bash', ['-c', command], { cwd: root, encoding: 'utf8' });
    expect(stderr).toBe('');
    expect(stdout).toMatch(/^one\.exr .*\n0\n$/);
  });
});

describe('a sequence', () => {
  test('shows its range, its gaps and what changes where', async () => {
    const cwd = await scene([1, 2, 3, 6]);
    await writeSequence(join(cwd, 'in'), 'a', [3], {
      channels: { R: 'half', mask: 'float' },
      attributes: { extra: 'x' },
    });
    const { code, stdout } = await sluice(['inspect', 'in/a.%04d.exr'], { cwd });
    expect(code).toBe(0);
    expect(stdout).toContain('in/a.%04d.exr  4 frames: 1-3, 6\ngaps: 4-5\n');
    expect(stdout).toMatch(/^ {2}attribute +take +2-3, 6$/m);
    expect(stdout).toMatch(/^ {2}attribute +extra +3, 6$/m);
    expect(stdout).toMatch(/^ {2}channel +mask +3, 6$/m);
    expect(stdout).toMatch(/^in\/a\.0001\.exr {2}OpenEXR/m);
    const json = (await inspectJson(['in', '--stats'], cwd)) as unknown as {
      frames: number[];
      gaps: object[];
      changes: { name: string; frames: number[]; steps: object[] }[];
      files: (FileJson & { frame: number })[];
    };
    expect([json.frames, json.gaps]).toEqual([[1, 2, 3, 6], [{ first: 4, last: 5 }]]);
    expect(json.changes.find(({ name }) => name === 'take')!.steps[0]).toEqual({
      frame: 2,
      from: 'string "frame 1"',
      to: 'string "frame 2"',
    });
    expect(json.files.map(({ frame }) => frame)).toEqual([1, 2, 3, 6]);
  });

  test('a frame that cannot be read is an error, and the others are still shown', async () => {
    const cwd = await scene([1, 2, 3]);
    writeFileSync(join(cwd, 'in', 'a.0002.exr'), 'rubbish');
    const { code, stdout, stderr } = await sluice(['inspect', 'in', '--checksums'], { cwd });
    expect(code).toBe(1);
    expect(stderr).toMatch(/^error exr-not-exr: .*\n {2}at .*frame 2/);
    expect(stdout.match(/^ {4}Z {2}[0-9a-f]{64}$/gm)).toHaveLength(2);
  });
});

describeCorpus('inspect --checksums and the reference library', () => {
  /** One file for each subject: levels, subsampling, parts, tiles, types, methods. */
  const FILES = [
    'methods/float_piz.exr',
    'methods/half_dwaa_45.exr',
    'openexr-images/MultiResolution/MirrorPattern.exr',
    'openexr-images/Beachball/multipart.0001.exr',
    'openexr-images/Tiles/GoldenGate.exr',
    'openexr-images/TestImages/AllHalfValues.exr',
    'cryptomatte/cornellBox_CryptoWildcard.0001.exr',
  ];
  const known = new Map<string, Reference>();
  beforeAll(() => {
    for (const reference of references()) known.set(reference.file, reference);
  });

  test('agree on every part, level and channel', async () => {
    let sums = 0;
    for (const name of FILES) {
      const { parts } = await inspectJson([corpusFile(name), '--checksums']);
      const expected = known.get(name)!.parts;
      expect(parts).toHaveLength(expected.length);
      for (const [index, part] of expected.entries()) {
        const found = parts[index]!;
        expect(found.dataWindow).toEqual(part.dataWindow);
        for (const { level, channels } of part.levels ?? [{ level: [0, 0] as const, channels: part.channels! }]) {
          const ours = found.checksums!.find((sum) => sum.level[0] === level[0] && sum.level[1] === level[1])!;
          expect(ours.channels).toEqual(Object.fromEntries(channels.map((c) => [c.name, c.sha256])));
          sums += channels.length;
        }
      }
    }
    expect(sums).toBe(116);
  });

  test('of deep parts the sums of the reference library and of the numbers of samples, and how many there are', async () => {
    const deep = [...known.values()].filter(({ parts }) => parts.some((part) => !isFlat(part)));
    expect(deep.length).toBe(4);
    for (const { file, parts } of deep) {
      const [part] = parts;
      const [found] = (await inspectJson([corpusFile(file), '--checksums', '--stats'])).parts;
      const sums = Object.fromEntries(part!.channels!.map(({ name, sha256 }) => [name, sha256]));
      expect(found).toMatchObject({ checksums: [{ sampleCounts: part!.sampleCounts, channels: sums }] });
      expect(found!.channels).toMatchObject(part!.channels!.map(() => ({ stats: { samples: part!.totalSamples } })));
    }
    const { code, stdout } = await sluice(['inspect', corpusFile(deep[0]!.file), '--checksums', '--stats']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^ {2}samples +0 to \d+ at a pixel, mean \d\.\d+$/m);
    expect(stdout).toMatch(/^ {4}sample counts +[0-9a-f]{64}$/m);
  });

  test('HTJ2K is read as every method is', async () => {
    const { file, parts } = known.get('methods/half_htj2k32.exr')!;
    const { parts: found } = await inspectJson([corpusFile(file), '--checksums']);
    const sums = Object.fromEntries(parts[0]!.channels!.map(({ name, sha256 }) => [name, sha256]));
    expect(found[0]).toMatchObject({ compression: 'htj2k32', checksums: [{ channels: sums }] });
  });
});

describe('pictures', () => {
  const folder = join(root, 'pictures');
  const put = (frame: number, more: Partial<PngSketch> = {}): void =>
    writeFileSync(
      join(folder, `p.000${frame}.png`),
      png({ width: 2, height: 1, bits: 8, kind: 2, samples: [0, 51, 255, 255, 51, 0], before: [SRGB], ...more }),
    );
  const SRGB = chunk('sRGB', Buffer.from([0]));

  beforeAll(() => {
    mkdirSync(folder);
    put(1);
    put(2);
    put(3, { kind: 0, samples: [1, 2] });
  });

  test('one: what its head says, and its samples where that is asked for', async () => {
    const { code, stdout, stderr } = await sluice(['inspect', 'pictures/p.0001.png', '--stats', '--checksums'], {
      cwd: root,
    });
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/^pictures\/p\.0001\.png {2}PNG, \d+ bytes\n/);
    for (const line of [
      '  size      2 x 1',
      '  stored    RGB of 8 bits',
      '  channels  R G B',
      '  colour    sRGB: rec709, srgb',
      '    G  min 0.2  max 0.2  mean 0.2  nan 0  inf 0',
    ])
      expect(stdout).toContain(line);
    const json = JSON.parse((await sluice(['inspect', 'pictures/p.0001.png', '--json'], { cwd: root })).stdout);
    expect(json).toMatchObject({ format: 'png', width: 2, depth: 'uint8', colour: [{ by: 'sRGB' }] });
  });

  test('a sequence, by its folder: what changes, and which frame is damaged', async () => {
    const sound = await sluice(['inspect', 'pictures'], { cwd: root });
    expect(sound.code).toBe(0);
    expect(sound.stdout).toContain('p.%04d.png  3 frames: 1-3\ngaps: none\nchanges\n');
    expect(sound.stdout).toMatch(/storage {2}stored +3 +RGB of 8 bits {2}-> {2}grey of 8 bits/);
    writeFileSync(join(folder, 'p.0002.png'), 'no picture');
    const damaged = await sluice(['inspect', 'pictures/p.%04d.png'], { cwd: root });
    expect([damaged.code, damaged.stderr]).toEqual([1, expect.stringMatching(/picture-format.*p\.0002\.png/s)]);
  });
});
