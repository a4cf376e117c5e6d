// Sequences on disk: patterns, stills, folders, near misses, gaps, odd names, and listings whatever the order of names.
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { EngineError } from '../../engine/base/error.ts';
import { formatFrames, formatSpans } from '../../engine/image/frames.ts';
import { groupNames } from '../../engine/image/listing.ts';
import { matchFrame, parsePattern } from '../../engine/image/pattern.ts';
import { findSequence, listSequences } from '../../engine/image/sequence.ts';
import { random } from '../base/random.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-sequence-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

const put = (...names: string[]): void => {
  for (const name of names) writeFileSync(join(folder, name), '');
};
const find = (name: string) => findSequence(join(folder, name));
const failure = (act: () => unknown): EngineError => {
  try {
    act();
  } catch (thrown) {
    if (thrown instanceof EngineError) return thrown;
    throw thrown;
  }
  return expect.fail('nothing was thrown');
};

test('a pattern gives its frames in order of number, with gaps and paths', () => {
  put('a.1010.exr', 'a.0998.exr', 'a.1001.exr', 'a.10001.exr', 'a.-005.exr', 'a.1002.png', 'b.1003.exr', 'a.01004.exr');
  const found = find('a.%04d.exr');
  expect(found.frames).toEqual([-5, 998, 1001, 1010, 10001]);
  expect(formatSpans(found.gaps)).toBe('-4-997, 999-1000, 1002-1009, 1011-10000');
  expect(found.files(-5)).toBe(join(folder, 'a.-005.exr'));
  expect(found.files(10001)).toBe(join(folder, 'a.10001.exr'));
  expect(found.files(999)).toBeUndefined();
  expect(found.still).toBe(false);
  expect(find('a.####.exr').frames).toEqual(found.frames);
});

test('a path without a folder is looked for in the current one', () => {
  const before = process.cwd();
  put('a.1.exr');
  process.chdir(folder);
  try {
    expect(findSequence('a.%d.exr').files(1)).toBe('a.1.exr');
    expect(findSequence('.').frames).toEqual([1]);
    expect(findSequence('a.1.exr').still).toBe(true);
  } finally {
    process.chdir(before);
  }
});

test('a single file stands for every frame, though its name looks like a pattern', () => {
  put('shot#1.exr', 'a.1001.exr', '100% done.exr', 'b.$F4.exr');
  for (const name of ['shot#1.exr', 'a.1001.exr', '100% done.exr', 'b.$F4.exr']) {
    const found = find(name);
    expect([found.still, found.frames, found.files(5), found.files(-99)]).toEqual([
      true,
      [],
      join(folder, name),
      join(folder, name),
    ]);
  }
});

test('a folder with one sequence is that sequence', () => {
  put('a.0001.exr', 'a.0002.exr', 'notes.txt', '.a.0003.exr', '.hidden.exr');
  mkdirSync(join(folder, 'a.0009.exr'));
  for (const path of [folder, `${folder}/`, `${folder}/.`]) {
    const found = findSequence(path);
    expect(found.frames).toEqual([1, 2]);
    expect(found.pattern.head).toBe('a.');
  }
});

test('a folder with one single file is that file', () => {
  put('beauty.exr');
  expect(findSequence(folder).files(1)).toBe(`${folder}/beauty.exr`);
  expect(findSequence(folder).still).toBe(true);
});

test('a folder with several sequences names them', () => {
  put('a.0001.exr', 'a.0002.exr', 'b.0001.exr', 'a.1.exr');
  const error = failure(() => findSequence(folder));
  expect(error.code).toBe('sequence-ambiguous');
  expect(error.message).toContain('found 3: a.%01d.exr (1), a.%04d.exr (1-2), b.%04d.exr (1)');
});

test('nothing found names what comes near', () => {
  put('beauty.00001.exr', 'beauty.00002.exr', 'Depth.0001.exr', 'other.0001.exr', 'readme.txt');
  const padding = failure(() => find('beauty.%04d.exr'));
  expect([padding.kind, padding.code]).toEqual(['io', 'sequence-empty']);
  expect(padding.message).toBe(`beauty.%04d.exr: no such files; ${folder}/ has beauty.%05d.exr (1-2).`);
  expect(failure(() => find('depth.####.exr')).message).toContain('has Depth.%04d.exr (1)');
  expect(failure(() => find('beauty_####.exr')).message).toContain('has beauty.%05d.exr (1-2).');
  expect(failure(() => find('zzz.####.exr')).message).toContain(
    'has Depth.%04d.exr (1), beauty.%05d.exr (1-2), other.%04d.exr (1).',
  );
  expect(failure(() => find('zzz.####.dpx')).message).toContain('has nothing like it.');
  const still = failure(() => find('beauty.00003.exr'));
  expect([still.code, still.message]).toEqual([
    'file-not-found',
    `beauty.00003.exr: no such file; ${folder}/ has beauty.%05d.exr (1-2).`,
  ]);
});

test('empty and missing folders', () => {
  expect(failure(() => findSequence(folder)).code).toBe('sequence-empty');
  expect(failure(() => find('a.%d.exr')).message).toContain('has no files');
  expect(failure(() => find('none/a.%d.exr')).code).toBe('file-not-found');
  expect(failure(() => listSequences(join(folder, 'none'))).code).toBe('file-not-found');
  expect(failure(() => findSequence('')).code).toBe('pattern-syntax');
});

test('two spellings of one frame: the exact one is taken, two others are ambiguous', () => {
  put('a.1.exr', 'a.01.exr', 'a.2.exr', 'b.01.exr', 'b.001.exr', 'c.-0005.exr', 'c.-005.exr');
  expect(find('a.%d.exr').files(1)).toBe(join(folder, 'a.1.exr'));
  const error = failure(() => find('b.%d.exr'));
  expect(error.code).toBe('sequence-ambiguous');
  expect(error.message).toContain('b.001.exr and b.01.exr');
  expect(find('b.%02d.exr').files(1)).toBe(join(folder, 'b.01.exr'));
  expect(find('c.%04d.exr').files(-5)).toBe(join(folder, 'c.-005.exr'));
  expect(find('c.####.exr').files(-5)).toBe(join(folder, 'c.-0005.exr'));
});

test('names with spaces, umlauts and both Unicode forms are kept as they are', () => {
  const nfc = 'Größe über alles.0001.exr'.normalize('NFC');
  const nfd = nfc.normalize('NFD');
  put(nfc, nfd);
  expect(find('Größe über alles.%04d.exr'.normalize('NFC')).files(1)).toBe(join(folder, nfc));
  expect(find('Größe über alles.%04d.exr'.normalize('NFD')).files(1)).toBe(join(folder, nfd));
  expect(
    listSequences(folder)
      .map((s) => s.first)
      .sort(),
  ).toEqual([nfd, nfc].sort());
  rmSync(join(folder, nfd));
  expect(failure(() => find('Größe über alles.%04d.exr'.normalize('NFD'))).message).toContain(
    nfc.replace('0001', '%04d'),
  );
});

test('links are followed', () => {
  mkdirSync(join(folder, 'real'));
  writeFileSync(join(folder, 'real/a.0001.exr'), '');
  symlinkSync(join(folder, 'real/a.0001.exr'), join(folder, 'b.0007.exr'));
  symlinkSync(join(folder, 'real'), join(folder, 'door'));
  expect(find('b.####.exr').frames).toEqual([7]);
  expect(find('door').frames).toEqual([1]);
  expect(find('door/a.####.exr').frames).toEqual([1]);
});

test('a listing groups by name, padding and extension', () => {
  put(
    ...['a.0001.exr', 'a.0002.exr', 'a.0005.exr', 'a.1.exr', 'a.2.exr', 'a.10.exr', 'a.10000.exr'],
    ...['sh010_beauty_v002.1001.exr', 'sh010_beauty_v002.1002.exr', 'sh010_beauty_v003.exr', 'beauty1001.exr'],
    ...[
      'v.1001.left.exr',
      'v.1001.right.exr',
      'texture4k.exr',
      'plain.exr',
      'a.0001.png',
      '0007.exr',
      'd-003.exr',
      'n.-010.exr',
      'n.0000.exr',
    ],
    ...['p50%.0001.exr', 'UPPER.1001.EXR', 'stamp.99999999999.exr', 'z.-0.exr'],
  );
  const shown = (options = {}) =>
    listSequences(folder, options).map((s) =>
      s.frames.length > 0 ? `${s.pattern} ${formatFrames(s.frames)}` : s.pattern,
    );
  expect(shown({ extensions: ['exr'] })).toEqual([
    '%04d.exr 7',
    'UPPER.%04d.EXR 1001',
    'a.%01d.exr 1-2, 10',
    'a.%04d.exr 1-2, 5, 10000',
    'beauty%04d.exr 1001',
    'd-%03d.exr 3',
    'n.%04d.exr -10, 0',
    'p50%%.%04d.exr 1',
    'plain.exr',
    'sh010_beauty_v002.%04d.exr 1001-1002',
    'sh010_beauty_v003.exr',
    'stamp.99999999999.exr',
    'texture4k.exr',
    'v.%04d.left.exr 1001',
    'v.%04d.right.exr 1001',
    'z.-%d.exr 0',
  ]);
  expect(shown()).toHaveLength(17);
  const [gap] = listSequences(folder).filter((s) => s.pattern === 'a.%04d.exr');
  expect([formatSpans(gap!.gaps), gap!.first]).toEqual(['3-4, 6-9999', 'a.0001.exr']);
});

test('every name is in one sequence, whose pattern finds it, whatever the order of the names', () => {
  const rng = random(40);
  let listed = 0;
  for (let round = 0; round < 400; round++) {
    const names = new Set<string>();
    for (let i = rng.int(1, 25); i > 0; i--) {
      const digits = String(rng.pick([rng.int(0, 12), rng.int(0, 2000)])).padStart(rng.int(1, 5), '0');
      names.add(
        `${rng.pick(['a.', 'b_', 'c', 'd-', 'v'])}${rng.pick(['', '', '-'])}${digits}${rng.pick(['.exr', '.exr', '.left.exr'])}`,
      );
    }
    const order = [...names];
    const groups = groupNames(order);
    const shuffled = order.map((name) => [rng.int(0, 1e9), name] as const).sort((x, y) => x[0] - y[0]);
    expect(groupNames(shuffled.map(([, name]) => name))).toEqual(groups);
    let files = 0;
    for (const { pattern, frames, first } of groups) {
      if (frames.length === 0) {
        expect(names.has(pattern)).toBe(true);
        files += 1;
        continue;
      }
      const parsed = parsePattern(pattern);
      const mine = order.filter((name) => matchFrame(parsed, name) !== undefined);
      const matched = new Set(mine.map((name) => matchFrame(parsed, name)!));
      expect(frames.every((frame) => matched.has(frame))).toBe(true);
      expect(mine).toContain(first);
      files += frames.length;
    }
    expect(files, order.join(' ')).toBe(names.size);
    listed += files;
  }
  expect(listed).toBeGreaterThan(4000);
});

test('a folder of 20,000 files is read at once', () => {
  const names = Array.from({ length: 20_000 }, (_, i) => `a.${String(20_000 - i).padStart(5, '0')}.exr`);
  const start = performance.now();
  const [only, ...others] = groupNames(names);
  expect(performance.now() - start).toBeLessThan(2000);
  expect([only!.pattern, only!.frames.length, only!.gaps, others.length]).toEqual(['a.%05d.exr', 20_000, [], 0]);
});
