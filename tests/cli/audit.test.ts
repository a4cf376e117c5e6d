// sluice audit: every kind of finding in a sequence that has it, none in one that has not, and truncation at every place.
import { copyFileSync, linkSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { box, ExrFile } from '../../engine/authoring.ts';
import { audit, type Finding } from '../../engine/bin/looking/audit/audit.ts';
import { look } from '../../engine/bin/looking/open.ts';
import { unfinishedName } from '../../engine/exr/unfinished.ts';
import { corpusFile, corpusFolder, describeCorpus } from '../exr/corpus.ts';
import { type Footage, writeFootage, writeSequence } from './footage.ts';
import { sluice, temporaryFolder } from './sluice.ts';

const root = temporaryFolder();
const frames = [1, 2, 3, 4, 5, 6, 7, 8];
const at = (folder: string, frame: number): string => join(folder, `a.${String(frame).padStart(4, '0')}.exr`);
const sampleOf =
  (frame: number): NonNullable<Footage['sample']> =>
  (channel, x, y) =>
    (channel.charCodeAt(0) * 3 + x * 5 + y * 7 + frame * 11) & 1023;

let made = 0;
/** Eight frames of noise, of which some are written otherwise. */
async function sequence(odd: Readonly<Record<number, Footage>> = {}, usual: Footage = {}): Promise<string> {
  const folder = join(root, `s${made++}`);
  for (const frame of frames)
    await writeSequence(folder, 'a', [frame], { sample: sampleOf(frame), ...usual, ...odd[frame] });
  return folder;
}

const found = async (folder: string, pixels = false): Promise<readonly Finding[]> =>
  (await audit(look(folder), { pixels })).findings;
/** Such as `warning storage compression 3 zip at 1-2, 4-8; piz at 3`. */
const told = async (folder: string, pixels = false): Promise<string[]> => lines(await found(folder, pixels));
const lines = (findings: readonly Finding[]): string[] =>
  findings.map(({ severity, kind, part, name, span, frames, message }) =>
    [severity, kind, part, name, span ? `${span.first}-${span.last}` : frames?.join(), message]
      .filter((piece) => piece !== undefined)
      .join(' '),
  );

test('a sound sequence has no findings, and what goes with the frame is named', async () => {
  const folder = await sequence();
  const whole = await audit(look(folder), { pixels: true });
  expect(whole.findings).toEqual([]);
  expect(whole.moving).toEqual([{ kind: 'attribute', name: 'take' }]);
  expect(whole.bytes).toBe(frames.reduce((sum, frame) => sum + statSync(at(folder, frame)).size, 0));
  const { code, stdout, stderr } = await sluice(['audit', folder, '--pixels']);
  expect([code, stderr]).toEqual([0, '']);
  expect(stdout).toMatch(/8 frames: 1-8\nGoes with the frame: take\.\nNothing found\.\n$/);
});

describe('what changes', () => {
  const parts = (...names: string[]): Footage => ({ parts: names });
  test.each<[string, Readonly<Record<number, Footage>>, Footage, string[]]>([
    ['compression', { 3: { compression: 'piz' } }, {}, ['warning storage compression 3 zip at 1-2, 4-8; piz at 3']],
    [
      'the type of a channel',
      { 5: { channels: { A: 'half', B: 'half', G: 'half', R: 'half', Z: 'half' } } },
      {},
      ['warning channel Z 5 float at 1-4, 6-8; half at 5'],
    ],
    [
      'a channel that is gone',
      { 8: { channels: { A: 'half', B: 'half', G: 'half', R: 'half' } } },
      {},
      ['warning channel Z 8 float at 1-7; none at 8'],
    ],
    [
      'the data window',
      { 2: { window: box(0, 0, 3, 3) }, 3: { window: box(0, 0, 3, 3) } },
      {},
      ['warning window dataWindow 2,3 (-2, 1) - (29, 20), 32 x 20 at 1, 4-8; (0, 0) - (3, 3), 4 x 4 at 2-3'],
    ],
    [
      'an attribute',
      { 6: { attributes: { owner: 'Vera' } } },
      { attributes: { owner: 'Mia' } },
      ['warning attribute owner 6 string "Mia" at 1-5, 7-8; string "Vera" at 6'],
    ],
    [
      'the colours',
      { 4: { attributes: { colorInteropID: 'lin_rec709_scene' } } },
      { attributes: { colorInteropID: 'lin_ap1_scene' } },
      [
        'warning colours colours 4 ACEScg (colorInteropID "lin_ap1_scene") at 1-3, 5-8; Linear Rec.709 (colorInteropID "lin_rec709_scene") at 4',
        'warning attribute colorInteropID 4 string "lin_ap1_scene" at 1-3, 5-8; string "lin_rec709_scene" at 4',
      ],
    ],
    [
      'the order of parts',
      { 7: parts('depth', 'beauty') },
      parts('beauty', 'depth'),
      ['warning part parts 7 beauty, depth at 1-6, 8; depth, beauty at 7'],
    ],
  ])('%s', async (_, odd, usual, expected) => {
    expect(await told(await sequence(odd, usual))).toEqual(expected);
  });

  test('only attributes and the data window may go with the frame: how a file is stored is a finding, however often it changes', async () => {
    const windows = [box(0, 0, 3, 3), box(0, 0, 4, 4), box(0, 0, 5, 5)];
    const folder = await sequence({
      1: { compression: 'zips', window: windows[0]! },
      2: { compression: 'zips', window: windows[1]! },
      4: { compression: 'piz', channels: { A: 'half', R: 'half', Z: 'half' } },
      5: { compression: 'rle', channels: { A: 'half', R: 'half', Z: 'uint' } },
      6: { compression: 'none', window: windows[2]! },
      7: { channels: { A: 'half', R: 'half' } },
    });
    const { findings, moving } = await audit(look(folder), { pixels: false });
    expect(moving.map(({ name }) => name)).toEqual(['dataWindow', 'take']);
    expect(findings.map(({ kind, name, message }) => `${kind} ${name} ${message}`)).toEqual([
      'channel B half at 1-3, 6, 8; none at 4-5, 7',
      'channel G half at 1-3, 6, 8; none at 4-5, 7',
      'channel Z float at 1-3, 6, 8; half at 4; uint at 5; and 1 more',
      'storage compression zip at 3, 7-8; zips at 1-2; piz at 4; and 2 more',
    ]);
  });

  test('frames that lack what goes with the frame in the others', async () => {
    const folder = await sequence();
    await writeFootage(at(folder, 4), { sample: sampleOf(4) });
    const { findings, moving } = await audit(look(folder), { pixels: false });
    expect(moving).toEqual([{ kind: 'attribute', name: 'take' }]);
    expect(findings).toEqual([
      {
        severity: 'warning',
        kind: 'attribute',
        name: 'take',
        frames: [4],
        message: 'present at 1-3, 5-8; none at 4',
        values: [
          { value: 'present', frames: [1, 2, 3, 5, 6, 7, 8] },
          { value: 'none', frames: [4] },
        ],
      },
    ]);
    const { code, stdout } = await sluice(['audit', folder]);
    expect(code).toBe(1);
    expect(stdout).toMatch(/\nGoes with the frame: take\.\n0 errors, 1 warning\.\n$/);
  });

  test('long values that begin alike are told apart', async () => {
    const start = 'x'.repeat(200);
    const folder = await sequence({ 2: { attributes: { note: `${start}b` } } }, { attributes: { note: `${start}a` } });
    const [finding, ...others] = await found(folder);
    expect(others).toEqual([]);
    expect(finding!.frames).toEqual([2]);
    expect(finding!.message).toContain('the same at first, version 2');
  });
});

describe('what is missing or broken', () => {
  test('gaps', async () => {
    const folder = await sequence();
    for (const frame of [3, 4, 6]) rmSync(at(folder, frame));
    expect(await told(folder)).toEqual([
      'warning gap 3-4 there are no such frames',
      'warning gap 6-6 there is no such frame',
    ]);
  });

  test('gaps to stray numbers, such as dates in names, take no more room than others', async () => {
    const folder = await sequence();
    rmSync(at(folder, 7));
    for (const frame of [20261121, 2026112112]) await writeSequence(folder, 'a', [frame], { sample: sampleOf(frame) });
    const { stdout } = await sluice(['audit', folder]);
    expect(stdout.match(/gap .*/g)).toEqual([
      'gap  -  7                    there is no such frame',
      'gap  -  9-20261120           there are no such frames',
      'gap  -  20261122-2026112111  there are no such frames',
    ]);
    const json = await sluice(['audit', folder, '--json']);
    const { gaps, findings } = JSON.parse(json.stdout) as { gaps: unknown; findings: Finding[] };
    const spans = findings.filter(({ kind }) => kind === 'gap').map(({ span }) => span);
    expect(spans).toEqual([
      { first: 7, last: 7 },
      { first: 9, last: 20261120 },
      { first: 20261122, last: 2026112111 },
    ]);
    expect(spans).toEqual(gaps);
  });

  test('a file that is no EXR, one that is cut off, one whose table was never filled in', async () => {
    const folder = await sequence();
    writeFileSync(at(folder, 2), 'not an image, but of the right name');
    truncateSync(at(folder, 4), statSync(at(folder, 4)).size - 1);
    const bytes = readFileSync(at(folder, 5));
    const { byteLength } = ExrFile.open(at(folder, 5)).header;
    bytes.fill(0, byteLength, byteLength + 16);
    writeFileSync(at(folder, 5), bytes.subarray(0, byteLength + 16));
    writeFileSync(at(folder, 7), '');
    expect((await found(folder)).map(({ severity, kind, frames }) => [severity, kind, ...frames!])).toEqual([
      ['error', 'unreadable', 2],
      ['error', 'truncated', 4],
      ['error', 'unfinished', 5],
      ['error', 'truncated', 7],
    ]);
    expect((await told(folder)).at(-1)).toBe(
      'error truncated 7 an empty file: still being written, or its writer was stopped',
    );
    const { code, stdout } = await sluice(['audit', join(folder, 'a.%04d.exr'), '--json']);
    expect([code, (JSON.parse(stdout) as { findings: unknown[] }).findings.length]).toEqual([1, 4]);
  });

  test('frames with the same trouble are told together', async () => {
    const folder = await sequence();
    for (const frame of [2, 3, 7]) writeFileSync(at(folder, frame), 'not an image, but of the right name');
    expect((await found(folder)).map(({ kind, frames }) => [kind, ...frames!])).toEqual([['unreadable', 2, 3, 7]]);
  });

  test('thousands of chunks that cannot be unpacked leave no memory behind', async () => {
    const folder = join(root, 'damaged');
    const noise: Footage['sample'] = (_, x, y) => (Math.imul(x * 7919 + y * 104_729, 2_654_435_761) >>> 5) & 2047;
    const footage = { window: box(0, 0, 2047, 15), channels: { Y: 'float', Z: 'float' }, sample: noise } as const;
    await writeSequence(folder, 'a', [1], footage);
    const bytes = readFileSync(at(folder, 1));
    bytes[bytes.length - 1]! ^= 255; // of the checksum: all of a chunk is unpacked before it is found to be wrong
    writeFileSync(at(folder, 1), bytes);
    for (let frame = 2; frame <= 1000; frame++) linkSync(at(folder, 1), at(folder, frame));
    const before = process.memoryUsage().rss;
    const findings = await found(folder, true);
    expect(findings.filter(({ severity }) => severity === 'error').map(({ frames }) => frames?.length)).toEqual([1000]);
    expect((process.memoryUsage().rss - before) / 2 ** 20).toBeLessThan(200); // 420 where the event loop does not turn
  });

  test('truncation is found at every length', async () => {
    const path = join(root, 'cut.exr');
    const cut = join(root, 'cut');
    await writeFootage(path, { compression: 'zips', window: box(0, 0, 5, 6) });
    const bytes = readFileSync(path);
    const kinds = new Map<string, number>();
    for (let length = 0; length < bytes.length; length++) {
      writeFileSync(`${cut}.exr`, bytes.subarray(0, length));
      const { findings } = await audit(look(`${cut}.exr`), { pixels: false });
      expect(findings.length, `${length}`).toBe(1);
      expect(findings[0]!.severity).toBe('error');
      kinds.set(findings[0]!.kind, (kinds.get(findings[0]!.kind) ?? 0) + 1);
    }
    expect([...kinds.keys()].sort()).toEqual(['truncated', 'unreadable']);
    expect(kinds.get('truncated')! + kinds.get('unreadable')!).toBe(bytes.length);
    // Neither empty nor as long as what an EXR file begins with.
    expect(kinds.get('unreadable')!).toBe(7);
  });

  test('a file with a broken table whose chunks are all there is whole', async () => {
    const folder = await sequence();
    const bytes = readFileSync(at(folder, 3));
    const { byteLength } = ExrFile.open(at(folder, 3)).header;
    bytes.fill(0, byteLength, byteLength + 16);
    writeFileSync(at(folder, 3), bytes);
    expect(await told(folder)).toEqual([]);
  });

  test('a frame that Sluice is writing', async () => {
    const folder = await sequence();
    rmSync(at(folder, 8));
    writeFileSync(unfinishedName(at(folder, 8)), 'begun');
    expect(await told(folder)).toEqual(['error unfinished 8 being written by Sluice']);
  });
});

describe('while the sequence is looked at', () => {
  /** The audit of a folder in which something happens just before the last frame is opened. */
  const meanwhile = async (folder: string, happens: () => void): Promise<string[]> => {
    const { sequence, files } = look(folder);
    const last = {
      frame: 8,
      get path() {
        happens();
        return at(folder, 8);
      },
    };
    return lines((await audit({ sequence, files: [...files.slice(0, -1), last] }, { pixels: false })).findings);
  };

  test.each<[string, (path: string) => void]>([
    ['goes away', (path) => rmSync(path)],
    ['is begun anew', (path) => truncateSync(path, 0)],
  ])('a frame that %s is one finding, and the others are looked at as ever', async (_, happens) => {
    // Without compression all files are of one size, so that they are opened again and compared.
    const folder = await sequence({ 6: { sample: sampleOf(5) } }, { compression: 'none' });
    expect(await meanwhile(folder, () => happens(at(folder, 3)))).toEqual([
      'error unfinished 3 changed while the sequence was looked at',
      'warning duplicate 5,6 the same picture, sample for sample',
    ]);
  });

  test('a frame that was cut off and has grown since', async () => {
    const folder = await sequence();
    const bytes = readFileSync(at(folder, 3));
    truncateSync(at(folder, 3), bytes.length - 1);
    expect(await meanwhile(folder, () => writeFileSync(at(folder, 3), bytes))).toEqual([
      'error unfinished 3 changed while the sequence was looked at',
    ]);
  });

  test('the folder goes away', async () => {
    const folder = await sequence();
    expect(await meanwhile(folder, () => rmSync(folder, { recursive: true }))).toEqual([
      'error unfinished 1,2,3,4,5,6,7 changed while the sequence was looked at',
      `error unreadable 8 ${at(folder, 8)} does not exist.`,
    ]);
  });
});

describe('frames with the same picture', () => {
  test('copies, whatever their headers say', async () => {
    const folder = await sequence({ 6: { sample: sampleOf(2) }, 7: { sample: sampleOf(2) } });
    copyFileSync(at(folder, 1), at(folder, 4));
    expect(await told(folder)).toEqual([
      'warning duplicate 1,4 the same picture, sample for sample',
      'warning duplicate 2,6,7 the same picture, sample for sample',
    ]);
  });

  test('files without compression, which are all of one size, are told apart by what is in them', async () => {
    const folder = await sequence({ 5: { sample: sampleOf(4) } }, { compression: 'none' });
    expect(new Set(frames.map((frame) => statSync(at(folder, frame)).size)).size).toBe(1);
    expect(await told(folder)).toEqual(['warning duplicate 4,5 the same picture, sample for sample']);
  });

  test('stored otherwise: with --pixels only', async () => {
    const folder = await sequence({ 5: { sample: sampleOf(4), compression: 'piz' } });
    expect(await told(folder)).toEqual(['warning storage compression 5 zip at 1-4, 6-8; piz at 5']);
    expect(await told(folder, true)).toEqual([
      'warning duplicate 4,5 the same picture, sample for sample',
      'warning storage compression 5 zip at 1-4, 6-8; piz at 5',
    ]);
  });
});

describe('--pixels', () => {
  let folder = '';
  beforeAll(async () => {
    const channels = { A: 'half', B: 'float', G: 'float', R: 'float', Z: 'float' } as const;
    const odd: Readonly<Record<number, Footage>> = {
      2: { sample: (channel, x, y) => (channel === 'G' && x === 0 ? Number.NaN : sampleOf(2)(channel, x, y)) },
      3: {
        sample: (channel, x, y) =>
          channel === 'G' && x === 0 && y === 1
            ? Number.NaN
            : channel === 'Z' && y > 18
              ? Number.POSITIVE_INFINITY
              : sampleOf(3)(channel, x, y),
      },
      6: { sample: (channel) => (channel === 'A' || channel === 'Z' ? 1 : 0) },
    };
    folder = await sequence(odd, { channels });
  });

  test('counts what is no number and what is infinite, and finds black', async () => {
    expect(await told(folder)).toEqual([]);
    expect(await told(folder, true)).toEqual([
      'warning nan G 2,3 21 samples are no number',
      'warning infinite Z 3 64 samples are infinite',
      'warning black 6 black everywhere',
    ]);
    const { code, stdout } = await sluice(['audit', folder, '--pixels']);
    expect(code).toBe(1);
    expect(stdout.split('\n').slice(1)).toEqual([
      'warning  nan       G  2-3  21 samples are no number',
      'warning  infinite  Z  3    64 samples are infinite',
      'warning  black     -  6    black everywhere',
      'Goes with the frame: take.',
      '0 errors, 3 warnings.',
      '',
    ]);
  });
});

test('pictures are refused with what shows them; what is not there is an error', async () => {
  writeFileSync(join(root, 'p.0001.png'), '');
  const pictures = await sluice(['audit', join(root, 'p.%04d.png')]);
  expect([pictures.code, pictures.stderr.includes('picture-unsupported')]).toEqual([1, true]);
  const missing = await sluice(['audit', join(root, 'none.%04d.exr'), '--json']);
  expect([missing.code, (JSON.parse(missing.stdout) as { error: { code: string } }).error.code]).toEqual([
    1,
    'sequence-empty',
  ]);
});

describe('several at once', () => {
  const titles = ({ stdout }: { readonly stdout: string }): string[] =>
    stdout.split('\n').filter((line) => /\d frames: |^[^ ]*\.exr$/.test(line));

  test('all sequences of a folder, patterns, and files that a shell has written out, each with an end of its own', async () => {
    const folder = join(root, 'several');
    for (const name of ['a', 'b']) await writeSequence(folder, name, [1, 2, 3, 5], { sample: sampleOf(1) });
    await writeFootage(join(folder, 'still.exr'));
    const all = await sluice(['audit', '.'], { cwd: folder });
    expect([all.code, titles(all)]).toEqual([
      1,
      ['./a.%04d.exr  4 frames: 1-3, 5', './b.%04d.exr  4 frames: 1-3, 5', './still.exr'],
    ]);
    const given = ['b.0001.exr', 'still.exr', 'b.0002.exr', 'a.%04d.exr'];
    const some = await sluice(['audit', ...given], { cwd: folder });
    expect(titles(some)).toEqual(['b.%04d.exr  2 frames: 1-2', 'still.exr', 'a.%04d.exr  4 frames: 1-3, 5']);
    const json = await sluice(['audit', 'none.%04d.exr', 'still.exr', '--json'], { cwd: folder });
    const [wrong, still] = JSON.parse(json.stdout) as { error?: { code: string }; findings?: unknown[] }[];
    expect([json.code, wrong!.error!.code, still!.findings]).toEqual([1, 'sequence-empty', []]);
  });

  test('other commands say that a sequence is one argument', async () => {
    const { code, stderr } = await sluice(['inspect', 'a.0001.exr', 'a.0002.exr']);
    expect(code).toBe(2);
    expect(stderr).toContain('A sequence is one argument');
  });
});

describeCorpus('the corpus', () => {
  test('sound files have no errors, damaged ones have some or are whole as far as headers tell', async () => {
    const counts: Record<string, number> = {};
    for (const folder of ['openexr-images', 'openexr-tests', 'methods', 'cryptomatte', 'damaged']) {
      for (const file of corpusFolder(folder)) {
        const { findings } = await audit(look(corpusFile(file)), { pixels: false });
        const kinds = findings.length === 0 ? ['none'] : findings.map(({ kind }) => kind);
        for (const kind of kinds) counts[`${folder} ${kind}`] = (counts[`${folder} ${kind}`] ?? 0) + 1;
      }
    }
    expect(counts).toEqual({
      'openexr-images none': 33,
      'openexr-tests none': 16,
      'openexr-tests truncated': 3,
      'openexr-tests unreadable': 1,
      'methods none': 34,
      'cryptomatte none': 2,
      'damaged none': 4,
      'damaged truncated': 41,
      'damaged unfinished': 1,
      'damaged unreadable': 43,
    });
  });
});
