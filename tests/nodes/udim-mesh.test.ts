// Read tiles with a mesh: a run has the tiles of its islands; those without a file are told with both ways out, needless files too.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { box } from '../../engine/base/box.ts';
import type { Json } from '../../engine/base/canonical.ts';
import { formatFrame, parsePattern } from '../../engine/image/pattern.ts';
import { digest, filesBelow, run, sums, temporary, text, writeExr } from '../run/files.ts';
import { bench, graph } from '../run/graph.ts';
import { objOf, rectangle, type Sheet } from './sheets.ts';

const WORKER = new URL('../../engine/bin/worker.ts', import.meta.url);
const WINDOW = box(0, 0, 31, 31);
const folder = temporary();

const MESHES: Readonly<Record<string, readonly Sheet[]>> = {
  one: [rectangle([0.1, 0.1, 0.9, 0.9])],
  three: [rectangle([0.1, 0.1, 0.9, 0.9]), rectangle([1.1, 0.2, 1.8, 0.9]), rectangle([0.2, 1.3, 0.9, 1.9])],
  five: [1, 2, 3, 4, 5].map((tile) => rectangle([tile - 0.9, 0.1, tile - 0.1, 0.9], { material: `m${tile}` })),
  nowhere: [rectangle([-2, -2, -1, -1])],
};
const TILES = [1001, 1002, 1011];

beforeAll(async () => {
  for (const [name, sheets] of Object.entries(MESHES)) writeFileSync(join(folder, `${name}.obj`), objOf(sheets));
  for (const tile of TILES) {
    const attributes = [text('artist', 'somebody')];
    const path = join(folder, formatFrame(parsePattern('map.<UDIM>.exr'), tile));
    await writeExr(path, [{ channels: ['B', 'G', 'R'], window: WINDOW, seed: tile, attributes, compression: 'piz' }]);
  }
});

type Params = Readonly<Record<string, Json>>;

/** Between the mesh and the tiles stands Find charts, unless it is left out. */
const document = (mesh: string, read: Params = {}, charts: Params | 'none' = {}, write: Params = {}) =>
  graph(
    {
      mesh: { type: 'mesh.read', params: { path: `${mesh}.obj` } },
      ...(charts === 'none' ? {} : { charts: { type: 'mesh.charts', params: charts } }),
      read: { type: 'udim.read', params: { path: 'map.<UDIM>.exr', ...read } },
      write: { type: 'udim.write', params: { path: join(temporary(), 'o.<UDIM>.exr'), ...write } },
    },
    [
      ...(charts === 'none' ? ['mesh.mesh > read.mesh'] : ['mesh.mesh > charts.mesh', 'charts.mesh > read.mesh']),
      'read.image > write.image',
    ],
    { frames: { align: 'number', mismatch: 'stop-at-shortest' } },
  );

const told = async (...given: Parameters<typeof document>) => {
  const done = await run(document(...given), folder);
  return { ...done, told: done.problems.map(({ severity, code, message }) => `${severity} ${code}: ${message}`) };
};

describe('a run has', () => {
  it('the tiles of the mesh, whole and unchanged, chunks copied and nothing lost', async () => {
    const out = temporary();
    const done = await told('three', {}, {}, { path: join(out, 'o.<UDIM>.exr') });
    expect([done.exitCode, done.frames, done.told]).toEqual([0, TILES, []]);
    for (const tile of TILES) expect(digest(join(out, `o.${tile}.exr`))).toBe(digest(join(folder, `map.${tile}.exr`)));
    expect(done.result!.ledger).toEqual([]);
  });

  it('none that no island needs, which is told', async () => {
    const done = await told('one');
    expect([done.exitCode, done.frames]).toEqual([0, [1001]]);
    expect(done.told).toEqual([
      'warning mesh-tile-empty: map.<UDIM>.exr has the tiles 1002, 1011, on which no island of one.obj lies; they are not needed.',
    ]);
  });

  it('those of the material alone, and those that are asked for', async () => {
    const [second, listed] = [await told('five', {}, { material: 'm2' }), await told('five', { tiles: '1001-1002' })];
    expect([second.exitCode, second.frames, second.told]).toEqual([
      0,
      [1002],
      [
        'warning mesh-tile-empty: map.<UDIM>.exr has the tiles 1001, 1011, on which no island of five.obj lies; they are not needed.',
      ],
    ]);
    expect([listed.exitCode, listed.frames, listed.told]).toEqual([0, [1001, 1002], []]);
  });

  it('the same bytes with workers, and is resumed', async () => {
    const out = temporary();
    const write = { path: join(out, 'o.<UDIM>.exr'), compression: 'rle', overwrite: 'replace' };
    const found = new Set<string>();
    for (const way of [{ jobs: 0 }, { jobs: 2, memory: 0 }]) {
      const done = await run(document('three', {}, {}, write), folder, { ...way, worker: WORKER });
      expect(done.exitCode, JSON.stringify(done.problems)).toBe(0);
      found.add(TILES.map((tile) => digest(join(out, `o.${tile}.exr`))).join());
    }
    expect(found.size).toBe(1);
    const again = await run(document('three', {}, {}, write), folder, { resume: true });
    expect(again.result!.outcomes.map((o) => [o.frame, o.state])).toEqual(TILES.map((tile) => [tile, 'kept']));
  });
});

describe('tiles of the mesh without a file', () => {
  it('are one error that names them and both ways out', async () => {
    const { exitCode, problems } = await told('five');
    expect(exitCode).toBe(3);
    const [missing] = problems.filter(({ severity }) => severity === 'error');
    expect(missing).toMatchObject({ code: 'tile-missing', where: { node: 'read', param: 'path' } });
    expect(missing!.message).toBe(
      'Tiles 1003-1005, on which five.obj lies, have no file of map.<UDIM>.exr; there are 1001-1002, 1011.',
    );
    expect(missing!.fixes).toEqual([
      {
        title: 'Show tile 1001 there',
        edits: [{ op: 'setParam', node: 'read', name: 'replicate', value: '1003-1005' }],
      },
      { title: 'Leave them out', edits: [{ op: 'setParam', node: 'read', name: 'tiles', value: '1001-1002' }] },
    ]);
  });

  it.each(['1003-1005', 'all'])('are replicated by "%s", and the ledger says so', async (replicate) => {
    const out = temporary();
    const done = await told('five', { replicate }, {}, { path: join(out, 'o.<UDIM>.exr') });
    expect([done.exitCode, done.frames]).toEqual([0, [1001, 1002, 1003, 1004, 1005]]);
    for (const tile of [1003, 1004, 1005])
      expect(sums(join(out, `o.${tile}.exr`))).toEqual(sums(join(folder, 'map.1001.exr')));
    const listed = done.result!.ledger.filter((e) => e.kind === 'substituted');
    expect(listed.map((e) => e.name)).toEqual([1003, 1004, 1005].map((tile) => `${tile}: 1001 instead`));
    expect(filesBelow(out).filter((name) => name.endsWith('.exr'))).toHaveLength(5);
  });

  it('of which the others are replicated are named alone', async () => {
    const { exitCode, problems } = await told('five', { replicate: '1004' });
    expect(exitCode).toBe(3);
    const [missing] = problems.filter(({ severity }) => severity === 'error');
    expect(missing!.message).toMatch(/^Tiles 1003, 1005, on which five\.obj lies, have no file/);
    expect(missing!.fixes![0]!.edits).toEqual([
      { op: 'setParam', node: 'read', name: 'replicate', value: '1003-1005' },
    ]);
  });
});

describe('a mesh', () => {
  it('without charts is an error', async () => {
    const { exitCode, told: problems } = await told('three', {}, 'none');
    expect([exitCode, problems]).toEqual([
      3,
      ['error mesh-no-charts: three.obj comes without charts. Put Find charts between it and this node.'],
    ]);
  });

  it('of which nothing lies on a tile is an error', async () => {
    const { exitCode, told: problems } = await told('nowhere');
    expect(exitCode).toBe(3);
    expect(problems.filter((text) => text.startsWith('error'))).toEqual([
      'error mesh-tile-empty: No island of nowhere.obj lies on a tile, so that no tile is needed. Look at its UV set.',
    ]);
  });

  it('that cannot be read is told where it is read, whatever the tiles', async () => {
    const { exitCode, problems } = await told('gone');
    expect([exitCode, problems.map(({ code, where }) => [code, where.node])]).toEqual([
      3,
      [['file-not-found', 'mesh']],
    ]);
  });

  it('that is not connected changes nothing', async () => {
    const { links, ...others } = document('one');
    const alone = { ...others, links: links.filter(({ to }) => to !== 'read.mesh') };
    const done = await run(alone, folder);
    expect([done.exitCode, done.frames, done.problems]).toEqual([0, TILES, []]);
  });

  it('gives the editor the tile, its problems once and a key that follows it', async () => {
    const keys: string[] = [];
    for (const mesh of ['one', 'five', 'one']) {
      const { descriptions } = bench(document(mesh, { replicate: 'all' }), { folder });
      const { spec, key, problems } = await descriptions.describe('read', 1001);
      expect(spec!.parts[0]!.channels).toHaveLength(3);
      expect(problems).toHaveLength(1);
      keys.push(key);
    }
    expect([keys[0] === keys[2], keys[0] === keys[1]]).toEqual([true, false]);
  });
});
