// File patterns: what is read, what is refused, and the law that a written name is matched again; oiiotool is a judge.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { EngineError } from '../../engine/base/error.ts';
import { formatFrame, frameName, matchFrame, parsePattern, singleFile } from '../../engine/image/pattern.ts';
import { random } from '../base/random.ts';

test.each([
  ['name.%04d.exr', 7, 'name.0007.exr'],
  ['name.%04d.exr', 123456, 'name.123456.exr'],
  ['name.%04d.exr', -5, 'name.-005.exr'],
  ['name.%d.exr', -5, 'name.-5.exr'],
  ['name.%01d.exr', 12, 'name.12.exr'],
  ['name.####.exr', 7, 'name.0007.exr'],
  ['name.####.exr', -5, 'name.-0005.exr'],
  ['name.#.exr', 7, 'name.0007.exr'],
  ['name.##.exr', 7, 'name.07.exr'],
  ['name.@.exr', 7, 'name.7.exr'],
  ['name.@@.exr', 7, 'name.07.exr'],
  ['in/sh%03d/name.%04d.exr', 7, 'in/sh%03d/name.0007.exr'],
  ['/mnt/@home/a#/name.exr', 7, '/mnt/@home/a#/name.exr'],
  ['C:\\shots\\a##\\name.%04d.exr', 7, 'C:\\shots\\a##\\name.0007.exr'],
  ['a\\b.%02d.exr', 7, 'a\\b.07.exr'],
  ['50%% grey.%04d.exr', 7, '50% grey.0007.exr'],
  ['shot#1@2x.%04d.exr', 7, 'shot#1@2x.0007.exr'],
  ['50% grey.exr', 7, '50% grey.exr'],
  ['100% done.exr', 7, '100% done.exr'],
  ['a%%b.exr', 7, 'a%%b.exr'],
  ['Müller grün.####.exr', 7, 'Müller grün.0007.exr'],
  ['tex.<UDIM>.exr', 1001, 'tex.1001.exr'],
  ['tex_<udim>.exr', 9999, 'tex_9999.exr'],
  ['tex#1@2x.<UDIM>.exr', 1042, 'tex#1@2x.1042.exr'],
  ['50%% <UDIM>.exr', 1001, '50%% 1001.exr'],
  ['tex.<u>_<v>.exr', 1001, 'tex.0_0.exr'],
  ['tex_u<u>_v<v>.exr', 1010, 'tex_u9_v0.exr'],
  ['tex_u<U>_v<V>.exr', 1011, 'tex_u1_v2.exr'],
  ['tex.<u>-<v>.exr', 1128, 'tex.7-12.exr'],
])('%s at %i is %s', (text, frame, path) => {
  expect(formatFrame(parsePattern(text), frame)).toBe(path);
});

test.each([
  ['a.%04d.%04d.exr', 'one frame token'],
  ['a.##.@@.exr', 'one frame token'],
  ['a.%04d.####.exr', 'one frame token'],
  ['a.$F4.exr', "Houdini's frame token"],
  ['a.$F.exr', "Houdini's frame token"],
  ['a.<UDIM>.%04d.exr', 'one frame token'],
  ['a.<UDIM>.<u>_<v>.exr', 'one frame token'],
  ['a.<UDIM>.##.exr', 'one frame token'],
  ['a.<u>.exr', 'a tile token'],
  ['a.<u><v>.exr', 'a tile token'],
  ['a.<Udim>.exr', 'a tile token'],
  ['a.<u>_<V>.exr', 'a tile token'],
  ['a.<UVTILE>.exr', 'a tile token'],
  ['a.%(UDIM)d.exr', 'a tile token'],
  ['a.%V.%04d.exr', 'a view token'],
  ['a.%4d.exr', 'a number format'],
  ['a.%-4d.exr', 'a number format'],
  ['a.%x.exr', 'a number format'],
  ['a.%0999999999d.exr', 'at most 32 digits'],
  [`a.${'#'.repeat(33)}.exr`, 'at most 32 digits'],
  ['folder/', 'a file name'],
  ['', 'a file name'],
])('%s is refused', (text, expected) => {
  try {
    parsePattern(text);
  } catch (thrown) {
    expect(thrown).toBeInstanceOf(EngineError);
    expect((thrown as EngineError).code).toBe('pattern-syntax');
    expect((thrown as EngineError).message).toContain(expected);
    return;
  }
  expect.fail('accepted');
});

test.each([
  ['a.%04d.exr', 'a.0007.exr', 7],
  ['a.%04d.exr', 'a.12345.exr', 12345],
  ['a.%04d.exr', 'a.01234.exr', undefined],
  ['a.%04d.exr', 'a.007.exr', undefined],
  ['a.%04d.exr', 'a.-005.exr', -5],
  ['a.%04d.exr', 'a.-0005.exr', -5],
  ['a.%04d.exr', 'a.-00005.exr', undefined],
  ['a.%04d.exr', 'a.-12345.exr', -12345],
  ['a.%04d.exr', 'a.-000.exr', undefined],
  ['a.%04d.exr', 'a..exr', undefined],
  ['a.%04d.exr', 'a.0007.EXR', undefined],
  ['a.%04d.exr', 'b.0007.exr', undefined],
  ['a.%04d.exr', 'a.0007.exr.tmp', undefined],
  ['a.%04d.exr', 'a. 007.exr', undefined],
  ['a.%04d.exr', 'a.99999999999.exr', undefined],
  ['a.%d.exr', 'a.007.exr', 7],
  ['a.%01d.exr', 'a.007.exr', undefined],
  ['a.@.exr', 'a.10.exr', 10],
  ['a.####.exr', 'a.-005.exr', -5],
  ['a.exr', 'a.exr', undefined],
  ['1%04d1', '1', undefined],
])('%s against %s', (text, name, frame) => {
  expect(matchFrame(parsePattern(text), name)).toBe(frame);
});

test('every name that is written is matched as its frame, and names of one style never share a frame', () => {
  const rng = random(30);
  const tokens = ['%d', '%01d', '%02d', '%04d', '%08d', '#', '##', '####', '#######', '@', '@@@'];
  let names = 0;
  for (const token of tokens) {
    const pattern = parsePattern(`x.${token}.exr`);
    const seen = new Map<string, number>();
    for (let i = 0; i < 400; i++) {
      const frame = rng.pick([rng.int(-20, 20), rng.int(-2000, 2000), rng.int(-2147483647, 2147483647)]);
      const name = frameName(pattern, frame);
      expect(matchFrame(pattern, name), `${token} ${name}`).toBe(frame);
      expect(seen.get(name) ?? frame).toBe(frame);
      seen.set(name, frame);
      names += 1;
    }
  }
  expect(names).toBe(4400);
});

test('every tile has a name of its own that is matched as it, and nothing else is', () => {
  let names = 0;
  for (const token of ['<UDIM>', '<udim>', '<u>_<v>', 'u<u>_v<v>', '<U>.<V>']) {
    const pattern = parsePattern(`x.${token}.exr`);
    const seen = new Set<string>();
    for (let tile = 1001; tile <= 9999; tile++) {
      const name = frameName(pattern, tile);
      expect(matchFrame(pattern, name)).toBe(tile);
      seen.add(name);
      names += 1;
    }
    expect(seen.size).toBe(8999);
    for (const frame of [1000, 0, -1001, 10_000]) expect(() => frameName(pattern, frame)).toThrow('from 1001 to 9999');
  }
  expect(names).toBe(5 * 8999);
  const others = [
    'x.1000.exr',
    'x.01001.exr',
    'x.10000.exr',
    'x.-1001.exr',
    'x..exr',
    'x.10_0.exr',
    'x.00_0.exr',
    'x.1_.exr',
  ];
  for (const name of others)
    for (const token of ['<UDIM>', '<u>_<v>'])
      expect(matchFrame(parsePattern(`x.${token}.exr`), name), name).toBe(undefined);
});

test('a single file is taken to the letter', () => {
  expect(singleFile('in/shot#1.%04d.exr')).toEqual({
    text: 'in/shot#1.%04d.exr',
    folder: 'in/',
    head: 'shot#1.%04d.exr',
    tail: '',
  });
});

const hasTool = ((): boolean => {
  try {
    execFileSync('oiiotool', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
})();

test.skipIf(!hasTool && process.env['CI'] !== 'true')(
  'oiiotool writes the names that the pattern writes or matches',
  () => {
    const folder = mkdtempSync(join(tmpdir(), 'sluice-pattern-'));
    try {
      const run = (...args: string[]) => execFileSync('oiiotool', args, { cwd: folder, stdio: 'pipe' });
      run('--create', '2x2', '3', '-o', 'source.exr');
      // Pattern → the same pattern in oiiotool's words, where every # is four digits.
      const cases = [
        ['a.%04d.exr', 'a.%04d.exr', true],
        ['b.%d.exr', 'b.%d.exr', true],
        ['c.#.exr', 'c.#.exr', false],
        ['d.####.exr', 'd.@@@@.exr', false],
        ['e.@@.exr', 'e.@@.exr', false],
        ['f.@.exr', 'f.@.exr', false],
      ] as const;
      let compared = 0;
      for (const [text, theirs, printf] of cases) {
        const pattern = parsePattern(text);
        for (const frame of [-1234, -5, 0, 7, 1001, 12345]) {
          const before = new Set(readdirSync(folder));
          run('source.exr', '--frames', `${frame}`, '-o', theirs);
          const [made] = readdirSync(folder).filter((name) => !before.has(name));
          expect(matchFrame(pattern, made!), `${theirs} ${frame} ${made}`).toBe(frame);
          if (printf || frame >= 0) expect(frameName(pattern, frame)).toBe(made);
          compared += 1;
        }
      }
      expect(compared).toBe(36);
    } finally {
      rmSync(folder, { recursive: true });
    }
  },
);
