// What the system does to runs of every sink: full disks, folders that may not be used, a kill, another run beside it.
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { box } from '../../engine/authoring.ts';
import type { Json } from '../../engine/base/canonical.ts';
import { deepPart, deepSamples, writeDeep } from '../nodes/stages-deep.ts';
import { type Report, type Sketch, visible, writeGraph, writeSequence } from './footage.ts';
import { type Ended, sluice, start, temporaryFolder } from './sluice.ts';

const root = temporaryFolder();
const isRoot = process.getuid?.() === 0;
const FRAMES = [1001, 1002, 1003, 1004] as const;
const LARGE = {
  window: box(0, 0, 299, 199),
  channels: { R: 'half', G: 'half', B: 'half' },
  sample: (channel: string, x: number, y: number) =>
    (Math.imul(x * 7919 + y * 104_729 + channel.charCodeAt(0), 2_654_435_761) >>> 5) & 2047,
} as const;

/** Makes the inputs, and the nodes and links of a graph that writes into `out`. */
interface Scene {
  readonly inputs: (folder: string) => Promise<void>;
  readonly nodes: Readonly<Record<string, Sketch>>;
  readonly links: readonly string[];
  /** Node and parameters of the sink, without its path. */
  readonly sink: Sketch;
  readonly path: string;
}

const frames = (folder: string): Promise<void> => writeSequence(join(folder, 'in'), 'a', FRAMES, LARGE);
const READ = { read: { type: 'io.read', params: { path: 'in/a.%04d.exr' } } };
const picture = (ending: string, params: Readonly<Record<string, Json>> = {}): Scene => ({
  inputs: frames,
  nodes: READ,
  links: ['read.image > write.image'],
  sink: { type: 'io.export', params },
  path: `b.%04d.${ending}`,
});

const SCENES: Readonly<Record<string, Scene>> = {
  PNG: picture('png'),
  TIFF: picture('tif', { bits: '32' }),
  JPEG: picture('jpg'),
  'tiles of a texture': {
    inputs: frames,
    nodes: READ,
    links: ['read.image > write.image'],
    sink: { type: 'udim.write', params: { compression: 'zips' } },
    path: 'b.<UDIM>.exr',
  },
  'deep samples': {
    inputs: async (folder) => {
      mkdirSync(join(folder, 'in'), { recursive: true });
      for (const frame of FRAMES) await writeDeep(join(folder, 'in', `a.${frame}.exr`), deepPart, deepSamples());
    },
    nodes: READ,
    links: ['read.image > write.image'],
    sink: { type: 'io.write', params: { compression: 'none' } },
    path: 'b.%04d.exr',
  },
  'a table of charts': {
    inputs: async (folder) => {
      const corners = FRAMES.flatMap((_, u) => [
        [u + 0.1, 0.1],
        [u + 0.9, 0.1],
        [u + 0.9, 0.9],
        [u + 0.1, 0.9],
      ]);
      writeFileSync(
        join(folder, 'quads.obj'),
        [
          ...corners.map(([x, y]) => `v ${x} ${y} 0`),
          ...corners.map(([u, v]) => `vt ${u} ${v}`),
          ...FRAMES.map((_, i) => `f ${[1, 2, 3, 4].map((k) => `${i * 4 + k}/${i * 4 + k}`).join(' ')}`),
        ].join('\n'),
      );
    },
    nodes: {
      mesh: { type: 'mesh.read', params: { path: 'quads.obj' } },
      charts: { type: 'mesh.charts' },
      draw: { type: 'mesh.rasterize', params: { size: [64, 64] }, animation: { tile: { expression: 'frame' } } },
    },
    links: [
      'mesh.mesh > charts.mesh',
      'charts.mesh > draw.mesh',
      'draw.image > write.image',
      'charts.mesh > write.mesh',
    ],
    sink: { type: 'mesh.table' },
    path: 'b.<UDIM>.json',
  },
};

const PAGE = 4096;
const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0);
type Outcome = Report['outcomes'][number] & { readonly error?: { readonly code: string } };

/** Exit code, how many files are there, how many failed, and the codes of what is wrong. */
function told({ code, stdout, stderr }: Ended) {
  if (!stdout.startsWith('{')) throw new Error(`No report: ${stdout}${stderr}`);
  const { outcomes, problems } = JSON.parse(stdout) as Omit<Report, 'outcomes'> & { readonly outcomes: Outcome[] };
  const failed = outcomes.filter(({ state }) => state === 'failed');
  const wrong = problems.filter(({ severity }) => severity === 'error');
  return {
    code,
    done: outcomes.filter(({ state }) => state === 'done' || state === 'kept').length,
    failed: failed.length,
    codes: [...new Set([...failed.map(({ error }) => error!.code), ...wrong.map((problem) => problem.code)])].sort(),
  };
}

/** Runs the graph of a scene into a folder. */
function into(
  folder: string,
  { nodes, links, sink, path }: Scene,
  out: string,
  params: Readonly<Record<string, Json>> = {},
) {
  const write = { type: sink.type, params: { ...sink.params, ...params, path: `${out}/${path}` } };
  const range = { frames: { range: `${FRAMES[0]}-${FRAMES.at(-1)}` } };
  const graph = writeGraph(folder, { ...nodes, write }, links, { name: out, ...range });
  return ['run', graph, '--json', '--jobs', '2'];
}

/** The files of a folder by name, as text. Nothing half-written may be among them. */
function contents(folder: string): Readonly<Record<string, string>> {
  expect(readdirSync(folder).filter((name) => name.endsWith('.sluice-part'))).toEqual([]);
  return Object.fromEntries(visible(folder).map((name) => [name, readFileSync(join(folder, name), 'base64')]));
}

describe.each(Object.entries(SCENES))('%s', (name, scene) => {
  const folder = join(root, name.replaceAll(' ', '-'));
  const run = (out: string, params = {}, more: readonly string[] = [], uid?: number): Promise<Ended> =>
    sluice([...into(folder, scene, out, params), ...more], { cwd: folder, ...(uid === undefined ? {} : { uid }) });
  const mounted: string[] = [];
  afterAll(() => {
    for (const path of mounted) spawnSync('umount', [path]);
  });
  /** What an undisturbed run writes. */
  let whole: Readonly<Record<string, string>> = {};

  test('undisturbed', async () => {
    mkdirSync(folder, { recursive: true });
    await scene.inputs(folder);
    expect(told(await run('whole'))).toEqual({ code: 0, done: FRAMES.length, failed: 0, codes: [] });
    whole = contents(join(folder, 'whole'));
    expect(Object.keys(whole)).toHaveLength(FRAMES.length);
  });

  test('a full disk: an error for some frames, whole files, and the rest when there is room', async (ctx) => {
    const out = join(folder, 'full');
    mkdirSync(out);
    const pages = sum(Object.keys(whole).map((file) => Math.ceil(statSync(join(folder, 'whole', file)).size / PAGE)));
    const options = ['-t', 'tmpfs', '-o', `size=${Math.ceil(pages / 2) * PAGE}`, 'tmpfs', out];
    const may = isRoot && process.platform === 'linux' && spawnSync('mount', options).status === 0;
    if (!may) ctx.skip('only root may mount a small file system');
    mounted.push(out);
    const first = told(await run('full'));
    expect(first).toMatchObject({ codes: ['disk-full'] });
    expect(first.code).toBe(first.done > 0 ? 4 : 1);
    expect(first.failed).toBeGreaterThan(0);
    expect(first.done + first.failed).toBe(FRAMES.length);
    const left = contents(out);
    expect(Object.keys(left)).toHaveLength(first.done);
    expect(whole).toMatchObject(left);
    execFileSync('mount', ['-o', 'remount,size=64m', out]);
    expect(told(await run('full', {}, ['--resume']))).toEqual({ code: 0, done: FRAMES.length, failed: 0, codes: [] });
    expect(contents(out)).toEqual(whole);
  });

  test('a folder that may not be written to is known before a frame is rendered', async () => {
    const out = join(folder, 'closed');
    mkdirSync(out);
    for (const path of [root, folder]) chmodSync(path, 0o755);
    chmodSync(out, 0o555);
    const ended = told(await run('closed', {}, [], isRoot ? 65_534 : undefined));
    expect(ended).toEqual({ code: 3, done: 0, failed: 0, codes: ['file-denied'] });
    expect(readdirSync(out)).toEqual([]);
  });

  test('killed: what is there is whole, and --resume makes the rest', async () => {
    const out = join(folder, 'killed');
    const running = start(
      into(folder, scene, 'killed').filter((option) => option !== '--json'),
      { cwd: folder },
    );
    await running.saw('frame 1001');
    running.process.kill('SIGKILL');
    await running.ended;
    expect(whole).toMatchObject(
      Object.fromEntries(visible(out).map((file) => [file, readFileSync(join(out, file), 'base64')])),
    );
    expect(told(await run('killed', {}, ['--resume']))).toEqual({ code: 0, done: FRAMES.length, failed: 0, codes: [] });
    expect(contents(out)).toEqual(whole);
  });

  test('two runs at once that may replace: both end well, and the files are those of one', async () => {
    const both = await Promise.all([run('both', { overwrite: 'replace' }), run('both', { overwrite: 'replace' })]);
    const well = { code: 0, done: FRAMES.length, failed: 0, codes: [] };
    expect(both.map(told)).toEqual([well, well]);
    expect(contents(join(folder, 'both'))).toEqual(whole);
  });

  test('two runs at once that may not: each file is written once', async () => {
    const both = (await Promise.all([run('race'), run('race')])).map(told);
    for (const { codes } of both) expect(codes.filter((code) => code !== 'file-exists')).toEqual([]);
    expect(contents(join(folder, 'race'))).toEqual(whole);
  });
});

test('as many sinks were tried as write files', () => expect(Object.keys(SCENES)).toHaveLength(6));
