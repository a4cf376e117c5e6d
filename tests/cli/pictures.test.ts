// Pictures on the command line: sequences of PNGs read and written by sluice run, resumed, dry, and with losses refused.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { chunk, png } from '../raster/forge.ts';
import { sluice, temporaryFolder } from './sluice.ts';

const root = temporaryFolder();
const frames = [1001, 1002, 1003] as const;

const node = (type: string, params: object): object => ({ type, version: 1, params, at: [0, 0] });
const graph = (name: string, read: object, write: object): void => {
  const nodes = {
    read: node('io.read', read),
    gain: node('color.exposure', { stops: 1 }),
    write: node('io.export', write),
  };
  const links = [
    { from: 'read.image', to: 'gain.image' },
    { from: 'gain.image', to: 'write.image' },
  ];
  writeFileSync(join(root, `${name}.sluice.json`), JSON.stringify({ sluice: 1, name, nodes, links }));
};

beforeAll(() => {
  mkdirSync(join(root, 'in'));
  for (const frame of frames) {
    const samples = Array.from({ length: 8 * 6 * 3 }, (_, i) => (i * 37 + frame) % 256);
    const before = [chunk('sRGB', Buffer.from([0])), chunk('tEXt', Buffer.from('shot\0sh010', 'latin1'))];
    writeFileSync(join(root, 'in', `p.${frame}.png`), png({ width: 8, height: 6, bits: 8, kind: 2, samples, before }));
  }
  graph('png', { path: 'in/p.%04d.png' }, { path: 'out/p.%04d.png' });
});

const run = (...more: string[]) => sluice(['run', 'png.sluice.json', ...more], { cwd: root });
const outputs = (): Buffer[] => frames.map((frame) => readFileSync(join(root, 'out', `p.${frame}.png`)));

describe('a sequence of PNGs', () => {
  test('is read and written, and the ledger counts what 8 bits cannot hold', async () => {
    const { code, stdout, stderr } = await run();
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/attribute +shot +read +1001-1003 +write: PNG holds no such attribute/);
    expect(stdout).toMatch(
      /channel +R +write +1001-1003 +below 0 or above 1: clamped \(144 samples, \d+ of them altered\)/,
    );
    expect(stdout).toMatch(/storage +file +write +1001-1003 +PNG, RGB of 8 bits became PNG, 8 bits/);
    expect(stdout).toContain('3 frames: 3 written.');
    expect(outputs()).toHaveLength(3);
  });

  test('resumes, whatever frames are missing, to the same bytes; with workers too', async () => {
    const before = outputs();
    rmSync(join(root, 'out', 'p.1002.png'));
    const resumed = await run('--resume', '--jobs', '2');
    expect([resumed.code, resumed.stdout.match(/3 frames: .*/)?.[0]]).toEqual([
      0,
      expect.stringMatching(/1 written.*2 kept|2 kept.*1 written/),
    ]);
    expect(outputs()).toEqual(before);
  });

  test('is not written where anything would be lost and that is refused', async () => {
    const refused = await run('--fail-on-loss', '--set', 'write.path=none/p.%04d.png');
    expect([refused.code, refused.stderr]).toEqual([5, expect.stringContaining('attribute shot of read')]);
  });

  test('dry: says what it would do and writes nothing', async () => {
    const dry = await run('--dry-run', '--set', 'write.path=dry/p.%04d.webp', '--set', 'write.bits=8');
    expect([dry.code, dry.stdout]).toEqual([0, expect.stringContaining('PNG, RGB of 8 bits became WebP, 8 bits')]);
    expect(() => readFileSync(join(root, 'dry/p.1001.webp'))).toThrow();
  });
});
