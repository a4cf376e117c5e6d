// sluice verify: the same frame comes out the same, and what was changed since is found, in the file or in its inputs.
import { copyFileSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Json } from '../../engine/base/canonical.ts';
import { recipeOf } from '../../engine/run/recipe.ts';
import { type Sketch, scenes, writeFootage, writeGraph, writeSequence } from './footage.ts';
import { type Ended, fullDisk, sluice, temporaryFolder } from './sluice.ts';

const root = temporaryFolder();
const scene = scenes(root);

const read = { type: 'io.read', params: { path: 'in/a.%04d.exr' } };
const gain = { type: 'color.exposure', params: { stops: 1 } };
const write = (path: string, more: Readonly<Record<string, Json>> = {}): Sketch => ({
  type: 'io.write',
  params: { path, embedRecipe: true, ...more },
});
const links = ['read.image > gain.image', 'gain.image > write.image'];

const left = (): string[] => readdirSync(tmpdir()).filter((name) => name.startsWith('.sluice-verify.'));

let folder = '';
beforeAll(async () => {
  folder = await scene();
  const graph = writeGraph(folder, { read, gain, write: write('out/b.%04d.exr') }, links);
  const done = await sluice(['run', graph, '--set', 'gain.stops=2', '--set', 'write.compression=piz'], {});
  expect(done).toMatchObject({ code: 0 });
});

interface VerdictJson {
  readonly same: boolean;
  readonly node: string;
  readonly frame: number;
  readonly inputs: object[];
  readonly differences: { readonly what: string; readonly name: string }[];
}
const verdict = ({ stdout }: Ended): VerdictJson => JSON.parse(stdout) as VerdictJson;

describe('a file with its inputs in place', () => {
  it('is rendered again, with what the run was given, and is the same; nothing is left behind', async () => {
    const before = left();
    for (const frame of [1, 2, 3]) {
      const done = await sluice(['verify', join(folder, `out/b.000${frame}.exr`)], { cwd: root });
      expect(done).toMatchObject({ code: 0, stderr: '' });
      expect(done.stdout).toMatch(
        new RegExp(`b\\.000${frame}\\.exr, frame ${frame} of write: rendered again, it is the same\\.\\n$`),
      );
    }
    const json = await sluice(['verify', 'out/b.0002.exr', '--json'], { cwd: folder });
    expect(verdict(json)).toEqual({ same: true, node: 'write', frame: 2, inputs: [], differences: [] });
    expect(readdirSync(join(folder, 'out')).filter((name) => name.endsWith('.exr'))).toHaveLength(3);
    expect(left()).toEqual(before);
  });

  it('is found elsewhere with --folder', async () => {
    mkdirSync(join(root, 'archive'));
    copyFileSync(join(folder, 'out/b.0001.exr'), join(root, 'archive/b.0001.exr'));
    const lost = await sluice(['verify', 'archive/b.0001.exr'], { cwd: root });
    expect(lost.code).toBe(3);
    expect(lost.stderr).toMatch(
      /file-not-found .* Relative paths of the graph were taken from .*\/archive; --folder names another\.$/m,
    );
    expect(await sluice(['verify', 'archive/b.0001.exr', '--folder', folder], { cwd: root })).toMatchObject({
      code: 0,
    });
  });

  it('that a graph in a folder of its own wrote lies where that folder cannot be told: it need not', async () => {
    const shot = await scene();
    mkdirSync(join(shot, 'graphs/comp'), { recursive: true });
    const paths = { read: '../../in/a.%04d.exr', write: '../../renders/v001/b.%04d.exr' };
    const nodes = { read: { type: 'io.read', params: { path: paths.read } }, gain, write: write(paths.write) };
    const graph = writeGraph(join(shot, 'graphs/comp'), nodes, links);
    expect(await sluice(['run', graph])).toMatchObject({ code: 0 });
    rmSync(join(shot, 'graphs'), { recursive: true });
    const done = await sluice(['verify', 'renders/v001/b.0001.exr'], { cwd: shot });
    expect(done).toMatchObject({ code: 0, stderr: '' });
  });

  it('is not sought in a folder that happens to be there, where the folder of the graph matters', async () => {
    const shot = await scene();
    for (const name of ['graphs', 'other']) await writeSequence(join(shot, name, 'in'), 'a', [1]);
    const nodes = { read, gain, write: write('../renders/b.%04d.exr') };
    expect(await sluice(['run', writeGraph(join(shot, 'graphs'), nodes, links)])).toMatchObject({ code: 0 });
    const lost = await sluice(['verify', 'renders/b.0001.exr', '--json'], { cwd: shot });
    expect(lost.code).toBe(3);
    for (const words of [lost.stdout, lost.stderr]) {
      expect(words).toContain(join(shot, '(folder of the graph)'));
      expect(words).toContain('--folder names another');
    }
    const found = await sluice(['verify', 'renders/b.0001.exr', '--folder', 'graphs'], { cwd: shot });
    expect(found.code).toBe(0);
  });

  it('stays within its roots', async () => {
    const file = join(folder, 'out/b.0001.exr');
    expect(await sluice(['verify', file, '--root', folder])).toMatchObject({ code: 0 });
    const fenced = await sluice(['verify', file, '--root', join(folder, 'out')]);
    expect([fenced.code, fenced.stderr.includes('outside-roots')]).toEqual([3, true]);
  });
});

describe('what differs', () => {
  it('samples and attributes of the file', async () => {
    const made = join(folder, 'out/b.0003.exr');
    const edited = await sluice(
      [
        'run',
        writeGraph(
          folder,
          {
            read: { type: 'io.read', params: { path: 'out/b.0003.exr' } },
            tag: {
              type: 'metadata.set',
              params: { edits: [{ op: 'set', name: 'owner', type: 'string', value: 'somebody' }] },
            },
            light: { type: 'color.exposure', params: { stops: -1 } },
            write: { type: 'io.write', params: { path: 'touched.exr' } },
          },
          ['read.image > tag.image', 'tag.image > light.image', 'light.image > write.image'],
          { name: 'touch' },
        ),
      ],
      {},
    );
    expect(edited.code).toBe(0);
    const done = await sluice(['verify', 'touched.exr', '--json', '--folder', folder], { cwd: folder });
    expect(done.code).toBe(1);
    expect(verdict(done).differences.map(({ what, name }) => `${what} ${name}`)).toEqual([
      'attribute owner',
      'samples B',
      'samples G',
      'samples R',
    ]);
    const text = await sluice(['verify', 'touched.exr', '--folder', folder], { cwd: folder });
    expect(text.stdout).toMatch(/^attribute +owner +only in A: string "somebody"$/m);
    expect(text.stdout).toMatch(/frame 3 of write: rendered again, it differs\.\n$/);
    expect(recipeOf(made)!.recipe!.frame).toBe(3);
  });

  it('an input that is another one now, with its sizes', async () => {
    const other = await scene();
    const graph = writeGraph(other, { read, gain, write: write('out/b.%04d.exr') }, links);
    expect(await sluice(['run', graph])).toMatchObject({ code: 0 });
    await writeFootage(join(other, 'new.exr'), { sample: (_, x) => x, attributes: { take: 'frame 1' } });
    renameSync(join(other, 'new.exr'), join(other, 'in/a.0001.exr'));
    const done = await sluice(['verify', 'out/b.0001.exr', '--json'], { cwd: other });
    expect(done.code).toBe(1);
    expect(verdict(done).inputs).toEqual([
      { file: 'a.0001.exr', before: expect.any(Number), after: expect.any(Number) },
    ]);
    expect(verdict(done).differences.every(({ what }) => what === 'samples')).toBe(true);
    expect(verdict(done).differences).toHaveLength(5);
  });
});

describe('an input of the same size', () => {
  it('with other metadata is another one', async () => {
    const other = await scene();
    const graph = writeGraph(other, { read, gain, write: write('out/b.%04d.exr') }, links);
    expect(await sluice(['run', graph])).toMatchObject({ code: 0 });
    const [before] = recipeOf(join(other, 'out/b.0001.exr'))!.recipe!.inputs;
    await writeFootage(join(other, 'in/a.0001.exr'), { attributes: { take: 'frame 9' } });
    const { size } = before!;
    const json = await sluice(['verify', 'out/b.0001.exr', '--json'], { cwd: other });
    expect(verdict(json).inputs).toEqual([{ file: 'a.0001.exr', before: size, after: size }]);
    const told = await sluice(['verify', 'out/b.0001.exr'], { cwd: other });
    expect(told.stdout).toMatch(
      new RegExp(`^input +a\\.0001\\.exr +${size} bytes, another header or other chunks$`, 'm'),
    );
  });

  it('is the same to a recipe that has names and sizes alone', async () => {
    const other = await scene();
    const graph = writeGraph(other, { read, gain, write: write('out/b.%04d.exr') }, links);
    expect(await sluice(['run', graph])).toMatchObject({ code: 0 });
    const path = join(other, 'out/b.0001.exr');
    const text = readFileSync(path, 'latin1');
    const found = /\{"sluice":2(,.*?)"fingerprint":"[0-9a-f]{32}",/.exec(text)!;
    // As long as it was, since the offsets of the file count on that.
    const old = `{"sluice":1${found[1]}`;
    writeFileSync(path, text.replace(found[0], old + ' '.repeat(found[0].length - old.length)), 'latin1');
    expect(recipeOf(path)!.recipe!.inputs).toEqual([{ file: 'a.0001.exr', size: expect.any(Number) }]);
    const json = verdict(await sluice(['verify', path, '--json']));
    expect(json).toEqual({ same: true, node: 'write', frame: 1, inputs: [], differences: [] });
  });
});

describe('which node wrote it', () => {
  it('is told from the path, or asked for', async () => {
    const two = await scene();
    const nodes = { read, gain, write: write('out/b.%04d.exr'), raw: write('raw/b.%04d.exr') };
    const graph = writeGraph(two, nodes, [...links, 'read.image > raw.image']);
    expect(await sluice(['run', graph])).toMatchObject({ code: 0 });
    for (const [path, node] of [
      ['out/b.0001.exr', 'write'],
      ['raw/b.0001.exr', 'raw'],
    ] as const) {
      expect(verdict(await sluice(['verify', path, '--json'], { cwd: two }))).toMatchObject({ same: true, node });
    }
    copyFileSync(join(two, 'raw/b.0001.exr'), join(two, 'b.0001.exr'));
    const doubt = await sluice(['verify', 'b.0001.exr'], { cwd: two });
    expect([doubt.code, doubt.stderr.includes('write (out/b.0001.exr), raw (raw/b.0001.exr)')]).toEqual([2, true]);
    const chosen = await sluice(['verify', 'b.0001.exr', '--write', 'raw', '--folder', two], { cwd: two });
    expect(chosen.code).toBe(0);
  });
});

describe('a frame that cannot be rendered', () => {
  interface Stopped {
    readonly problems: object[];
    readonly error?: { readonly code: string; readonly message: string };
    readonly exitCode: number;
  }
  const stopped = ({ stdout }: Ended): Stopped => JSON.parse(stdout) as Stopped;

  it('says why in JSON too, and where temporary files go', async (ctx) => {
    const full = fullDisk(join(root, 'full'));
    if (full === undefined) return ctx.skip('only root may mount a small file system');
    const done = await sluice(['verify', 'out/b.0001.exr', '--json'], { cwd: folder, env: { TMPDIR: full } });
    expect([done.code, stopped(done)]).toMatchObject([
      1,
      { problems: [], error: { code: 'disk-full', where: { node: 'write', frame: 1 } }, exitCode: 1 },
    ]);
    for (const words of [stopped(done).error!.message, done.stderr])
      expect(words).toMatch(new RegExp(`${full}, the folder for temporary files.* TMPDIR names another`));
    expect(readdirSync(full).filter((name) => name.includes('sluice-verify'))).toEqual([]);
  });

  it('for want of a folder for temporary files', async () => {
    const env = { TMPDIR: join(folder, 'in/a.0001.exr') };
    const done = await sluice(['verify', 'out/b.0001.exr', '--json'], { cwd: folder, env });
    expect([done.code, stopped(done).error!.code]).toEqual([1, 'file-not-found']);
    expect(done.stderr).toContain(`${env.TMPDIR}, the folder for temporary files`);
  });
});

it.each([
  ['a file without a recipe', 'in/a.0001.exr', 'no recipe inside'],
  ['no EXR file', 'graph.sluice.json', 'exr-not-exr'],
  ['nothing', 'gone.exr', 'file-not-found'],
])('%s is an answer', async (_, file, words) => {
  writeFileSync(join(folder, 'graph.sluice.json'), '{}');
  const done = await sluice(['verify', file], { cwd: folder });
  expect([done.code, done.stdout]).toEqual([1, '']);
  expect(done.stderr).toContain(words);
});
