// sluice audit: every kind of finding in a sequence that has it, none in one that has not, and truncation at every place.
import { copyFileSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
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

const found = (folder: string, pixels = false): readonly Finding[] => audit(look(folder), { pixels }).findings;
/** Such as `warning storage compression 3 zip at 1-2, 4-8; piz at 3`. */
const told = (folder: string, pixels = false): string[] =>
  found(folder, pixels).map(({ severity, kind, part, name, frames, message }) =>
    [severity, kind, part, name, frames.join(), message].filter((piece) => piece !== undefined).join(' '),
  );

test('a sound sequence has no findings, and what goes with the frame is named', async () => {
  const folder = await sequence();
  const whole = audit(look(folder), { pixels: true });
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
    expect(told(await sequence(odd, usual))).toEqual(expected);
  });

  test('long values that begin alike are told apart', async () => {
    const start = 'x'.repeat(200);
    const folder = await sequence({ 2: { attributes: { note: `${start}b` } } }, { attributes: { note: `${start}a` } });
    const [finding, ...others] = found(folder);
    expect(others).toEqual([]);
    expect(finding!.frames).toEqual([2]);
    expect(finding!.message).toContain('the same at first, version 2');
  });
});

describe('what is missing or broken', () => {
  test('gaps', async () => {
    const folder = await sequence();
    for (const frame of [3, 4, 6]) rmSync(at(folder, frame));
    expect(told(folder)).toEqual(['warning gap 3,4 there are no such frames', 'warning gap 6 there is no such frame']);
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
    expect(found(folder).map(({ severity, kind, frames }) => [severity, kind, ...frames])).toEqual([
      ['error', 'unreadable', 2],
      ['error', 'truncated', 4],
      ['error', 'unfinished', 5],
      ['error', 'unreadable', 7],
    ]);
    const { code, stdout } = await sluice(['audit', join(folder, 'a.%04d.exr'), '--json']);
    expect([code, (JSON.parse(stdout) as { findings: unknown[] }).findings.length]).toEqual([1, 4]);
  });

  test('truncation is found at every length', async () => {
    const path = join(root, 'cut.exr');
    const cut = join(root, 'cut');
    await writeFootage(path, { compression: 'zips', window: box(0, 0, 5, 6) });
    const bytes = readFileSync(path);
    const kinds = new Map<string, number>();
    for (let length = 0; length < bytes.length; length++) {
      writeFileSync(`${cut}.exr`, bytes.subarray(0, length));
      const { findings } = audit(look(`${cut}.exr`), { pixels: false });
      expect(findings.length, `${length}`).toBe(1);
      expect(findings[0]!.severity).toBe('error');
      kinds.set(findings[0]!.kind, (kinds.get(findings[0]!.kind) ?? 0) + 1);
    }
    expect([...kinds.keys()].sort()).toEqual(['truncated', 'unreadable']);
    expect(kinds.get('truncated')! + kinds.get('unreadable')!).toBe(bytes.length);
    // Shorter than what an EXR file begins with.
    expect(kinds.get('unreadable')!).toBe(8);
  });

  test('a file with a broken table whose chunks are all there is whole', async () => {
    const folder = await sequence();
    const bytes = readFileSync(at(folder, 3));
    const { byteLength } = ExrFile.open(at(folder, 3)).header;
    bytes.fill(0, byteLength, byteLength + 16);
    writeFileSync(at(folder, 3), bytes);
    expect(told(folder)).toEqual([]);
  });

  test('a frame that Sluice is writing', async () => {
    const folder = await sequence();
    rmSync(at(folder, 8));
    writeFileSync(unfinishedName(at(folder, 8)), 'begun');
    expect(told(folder)).toEqual(['error unfinished 8 being written by Sluice']);
  });
});

describe('frames with the same picture', () => {
  test('copies, whatever their headers say', async () => {
    const folder = await sequence({ 6: { sample: sampleOf(2) }, 7: { sample: sampleOf(2) } });
    copyFileSync(at(folder, 1), at(folder, 4));
    expect(told(folder)).toEqual([
      'warning duplicate 1,4 the same picture, sample for sample',
      'warning duplicate 2,6,7 the same picture, sample for sample',
    ]);
  });

  test('files without compression, which are all of one size, are told apart by what is in them', async () => {
    const folder = await sequence({ 5: { sample: sampleOf(4) } }, { compression: 'none' });
    expect(new Set(frames.map((frame) => statSync(at(folder, frame)).size)).size).toBe(1);
    expect(told(folder)).toEqual(['warning duplicate 4,5 the same picture, sample for sample']);
  });

  test('stored otherwise: with --pixels only', async () => {
    const folder = await sequence({ 5: { sample: sampleOf(4), compression: 'piz' } });
    expect(told(folder)).toEqual(['warning storage compression 5 zip at 1-4, 6-8; piz at 5']);
    expect(told(folder, true)).toEqual([
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
    expect(told(folder)).toEqual([]);
    expect(told(folder, true)).toEqual([
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

describeCorpus('the corpus', () => {
  test('sound files have no errors, damaged ones have some or are whole as far as headers tell', () => {
    const counts: Record<string, number> = {};
    for (const folder of ['openexr-images', 'openexr-tests', 'methods', 'cryptomatte', 'damaged']) {
      for (const file of corpusFolder(folder)) {
        const { findings } = audit(look(corpusFile(file)), { pixels: false });
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
