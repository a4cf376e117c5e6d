// Tiles of textures: every way to name them, which are there and which are missing, side by side in a run, and what may not be.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { beforeAll, describe, expect, it } from 'vitest';
import { box } from '../../engine/base/box.ts';
import type { Json } from '../../engine/base/canonical.ts';
import { formatFrame, parsePattern } from '../../engine/image/pattern.ts';
import { digest, filesBelow, run, sums, temporary, writeExr } from '../run/files.ts';
import { bench, graph, never } from '../run/graph.ts';

const WORKER = new URL('../../engine/bin/worker.ts', import.meta.url);
const TILES = [1001, 1002, 1011];
const NAMES = ['tex.<UDIM>.exr', 'tex_%04d.exr', 'tex.<u>_<v>.exr', 'tex_u<U>_v<V>.exr'];
const folder = temporary();

beforeAll(async () => {
  const window = box(0, 0, 60, 47);
  for (const name of NAMES) {
    for (const tile of TILES) {
      const path = join(folder, 'in', formatFrame(parsePattern(name), tile));
      await writeExr(path, [{ channels: ['R', 'G', 'B', 'id:uint'], window, seed: tile }]);
    }
  }
});

type Params = Readonly<Record<string, Json>>;

const document = (read: Params, write: Params = { path: 'out/o.<UDIM>.exr' }, more: Params | undefined = undefined) =>
  graph(
    {
      read: { type: 'udim.read', params: { path: 'in/tex.<UDIM>.exr', ...read } },
      ...(more ? { more: { type: 'filter.blur', params: more } } : {}),
      write: { type: 'udim.write', params: write },
    },
    more ? ['read.image > more.image', 'more.image > write.image'] : ['read.image > write.image'],
  );

describe('tiles on disk', () => {
  it.each(NAMES.flatMap((from) => NAMES.map((to) => [from, to] as const)))(
    'of %s are written as %s',
    async (from, to) => {
      const out = temporary();
      const done = await run(document({ path: `in/${from}` }, { path: join(out, to) }), folder);
      expect(done.exitCode, JSON.stringify(done.problems)).toBe(0);
      expect(done.frames).toEqual(TILES);
      const named = (name: string, tile: number) => formatFrame(parsePattern(name), tile);
      expect(filesBelow(out).filter((file) => file.endsWith('.exr'))).toEqual(
        TILES.map((tile) => named(to, tile)).sort(),
      );
      for (const tile of TILES)
        expect(sums(join(out, named(to, tile)))).toEqual(sums(join(folder, 'in', named(from, tile))));
      expect(done.result!.ledger.filter((e) => e.kind !== 'changed')).toEqual([]);
    },
  );

  it('are rendered side by side to the same bytes, and resumed', async () => {
    const found = new Set<string>();
    const out = temporary();
    for (const way of [{ jobs: 0 }, { jobs: 3, memory: 0 }]) {
      const params = { path: join(out, 'o.<UDIM>.exr'), overwrite: 'replace' };
      const done = await run(document({}, params, { size: [3, 3] }), folder, { ...way, worker: WORKER });
      expect(done.exitCode).toBe(0);
      found.add(TILES.map((tile) => digest(join(out, `o.${tile}.exr`))).join());
    }
    expect(found.size).toBe(1);
    const params = { path: join(out, 'o.<UDIM>.exr'), overwrite: 'replace' };
    const again = await run(document({}, params, { size: [3, 3] }), folder, { resume: true });
    expect(again.result!.outcomes.map((o) => [o.frame, o.state])).toEqual(TILES.map((tile) => [tile, 'kept']));
  });
});

describe('tiles that are wanted', () => {
  const codes = async (read: Params, range?: string) => {
    const done = await run(
      document(read, { path: join(temporary(), 'o.<UDIM>.exr') }),
      folder,
      range === undefined ? {} : { range },
    );
    return {
      ...done,
      errors: done.problems.filter((p) => p.severity === 'error').map((p) => `${p.code} ${p.where.param}`),
    };
  };

  it('and missing are one error that names them and both ways out', async () => {
    const { exitCode, problems, errors } = await codes({ tiles: '1001-1004, 1011' });
    expect([exitCode, errors]).toEqual([3, ['tile-missing tiles']]);
    expect(problems[0]!.message).toBe('Tiles 1003-1004 have no file of in/tex.<UDIM>.exr; there are 1001-1002, 1011.');
    expect(problems[0]!.fixes).toEqual([
      {
        title: 'Show tile 1001 there',
        edits: [{ op: 'setParam', node: 'read', name: 'replicate', value: '1003-1004' }],
      },
      { title: 'Leave them out', edits: [{ op: 'setParam', node: 'read', name: 'tiles', value: '1001-1002, 1011' }] },
    ]);
  });

  it.each(['1003, 1004', 'all', ' all '])(
    'are replicated where replicate is "%s", and the ledger says so',
    async (replicate) => {
      const out = temporary();
      const done = await run(document({ tiles: '1001-1004', replicate }, { path: join(out, 'o.<UDIM>.exr') }), folder);
      expect(done.exitCode).toBe(0);
      expect(done.frames).toEqual([1001, 1002, 1003, 1004]);
      for (const tile of [1003, 1004])
        expect(sums(join(out, `o.${tile}.exr`))).toEqual(sums(join(folder, 'in/tex.1001.exr')));
      const listed = done.result!.ledger.filter((e) => e.kind === 'substituted');
      expect(listed.map((e) => [e.name, e.from, e.frames])).toEqual([
        ['1003: 1001 instead', 'read', '1003'],
        ['1004: 1001 instead', 'read', '1004'],
      ]);
    },
  );

  it('by the run and missing fail alone', async () => {
    const { exitCode, result } = await codes({}, '1001, 1005');
    expect(exitCode).toBe(result ? 4 : 3);
    const all = await codes({ replicate: 'all' }, '1001-1020');
    expect([all.exitCode, all.frames.length]).toEqual([0, 20]);
    const named = await codes({ replicate: '1020' });
    expect([named.exitCode, named.frames]).toEqual([0, [...TILES, 1020]]);
  });

  it.each<[Params, string]>([
    [{ tiles: '1-3' }, 'tile-outside'],
    [{ replicate: 'some' }, 'frames-syntax'],
    [{ tiles: '1001-' }, 'frames-syntax'],
    [{ path: 'in/none.<UDIM>.exr' }, 'sequence-empty'],
    [{ path: 'in/tex.<u>.exr' }, 'pattern-syntax'],
  ])('%j is an error: %s', async (read, code) => {
    const { exitCode, problems } = await codes(read);
    expect([exitCode, problems.map((p) => p.code)]).toEqual([3, [code]]);
  });
});

describe('two textures', () => {
  beforeAll(async () => {
    for (const tile of [1001, 1011, 1021])
      await writeExr(join(folder, `in/mask.${tile}.exr`), [{ channels: ['A'], window: box(0, 0, 60, 47), seed: tile }]);
  });

  const both = (mask: Params, mismatch: 'stop-at-shortest' | 'process-available' | 'hold-last') =>
    run(
      graph(
        {
          read: { type: 'udim.read', params: { path: 'in/tex.<UDIM>.exr' } },
          mask: { type: 'udim.read', params: { path: 'in/mask.<UDIM>.exr', ...mask } },
          shuffle: {
            type: 'channel.shuffle',
            params: { rows: [{ to: 'A', from: 'mask:A' }], attributes: { resolveAll: 'read' } },
          },
          write: { type: 'udim.write', params: { path: join(temporary(), 'o.<UDIM>.exr') } },
        },
        ['read.image > shuffle.sources.read', 'mask.image > shuffle.sources.mask', 'shuffle.image > write.image'],
        { frames: { align: 'number', mismatch } },
      ),
      folder,
    );
  const skipped = (done: Awaited<ReturnType<typeof both>>) =>
    done.result!.ledger.filter((e) => e.kind === 'skipped').map((e) => [e.from, e.frames]);

  it.each(['stop-at-shortest', 'process-available'] as const)(
    'share the tiles that both have: %s',
    async (mismatch) => {
      const done = await both({}, mismatch);
      expect([done.exitCode, done.frames]).toEqual([0, [1001, 1011]]);
      expect(skipped(done)).toEqual([
        ['mask', '1002'],
        ['read', '1021'],
      ]);
    },
  );

  it('have all of one where the other replicates', async () => {
    const done = await both({ replicate: 'all' }, 'stop-at-shortest');
    expect([done.exitCode, done.frames]).toEqual([0, TILES]);
  });
});

describe('one file', () => {
  it('is tile 1001, and needs no token', async () => {
    const out = temporary();
    const done = await run(document({ path: 'in/tex.1011.exr' }, { path: join(out, 'o.exr') }), folder);
    expect([done.exitCode, done.frames]).toEqual([0, [1001]]);
    expect(sums(join(out, 'o.exr'))).toEqual(sums(join(folder, 'in/tex.1011.exr')));
  });

  it('stands for others only where that is said', async () => {
    const read = { path: 'in/tex.1011.exr', tiles: '1001-1002' };
    const out = temporary();
    expect((await run(document(read, { path: join(out, 'o.<UDIM>.exr') }), folder)).exitCode).toBe(3);
    const done = await run(document({ ...read, replicate: '1002' }, { path: join(out, 'o.<UDIM>.exr') }), folder);
    expect([done.exitCode, existsSync(join(out, 'o.1002.exr'))]).toEqual([0, true]);
  });
});

describe('writing', () => {
  it('several tiles needs a token', async () => {
    const done = await run(document({}, { path: 'out/o.exr' }), folder);
    expect(done.exitCode).toBe(3);
    const [problem] = done.problems;
    expect(problem).toMatchObject({ code: 'pattern-no-frame', where: { node: 'write', param: 'path' } });
    expect(problem!.message).toBe(
      'Several tiles would all be written to out/o.exr. Put <UDIM>, %04d or <u>_<v> into the path.',
    );
    expect(problem!.fixes![0]!.edits).toEqual([
      { op: 'setParam', node: 'write', name: 'path', value: 'out/o.<UDIM>.exr' },
    ]);
  });

  it.each(['o.<UDIM>.exr', 'o.%04d.exr'])('frames that are no tiles to %s is refused', async (name) => {
    const read = { type: 'generate.constant', params: { format: [8, 8] } };
    const write = { type: 'udim.write', params: { path: join(temporary(), name) } };
    const done = await run(graph({ read, write }, ['read.image > write.image']), folder, { range: '1-2' });
    expect([done.exitCode, done.problems.map((p) => p.code)]).toEqual([3, ['tile-outside']]);
  });
});

it.each(['png', 'tiff'] as const)('normals in %s files are numbers, whatever curve is tagged', async (format) => {
  const made = temporary();
  for (const tile of TILES) {
    const background = { r: 188, g: 128, b: 255 };
    const picture = sharp({ create: { width: 8, height: 8, channels: 3, background } }).withIccProfile('srgb');
    const stored = format === 'png' ? picture.png() : picture.tiff({ compression: 'none' });
    await stored.toFile(join(made, `n.${tile}.${format}`));
  }
  const { descriptions, evaluator } = bench(
    graph(
      {
        read: { type: 'udim.read', params: { path: `n.<UDIM>.${format}` } },
        decode: { type: 'normal.decode', params: { range: 'byte' } },
      },
      ['read.image > decode.image'],
    ),
    { folder: made },
  );
  const want = { part: 0, channels: ['R', 'G', 'B'], box: box(2, 2, 2, 2) };
  const planes = await evaluator.planes('read', 1011, want, never);
  expect(want.channels.map((name) => planes.get(name)!.samples[0])).toEqual([
    Math.fround(188 / 255),
    Math.fround(128 / 255),
    1,
  ]);
  const { problems } = await descriptions.describe('decode', 1011);
  expect(problems.map((p) => [p.severity, p.code])).toEqual([['warning', 'color-not-colour']]);
});
