// What a run may not do: read or write outside its roots, go on when it is cancelled, let one bad frame spoil the others.
import { mkdirSync, readFileSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { box } from '../../engine/base/box.ts';
import type { Document } from '../../engine/document/schema.ts';
import { ExrFile } from '../../engine/exr/file.ts';
import { Ledger } from '../../engine/run/ledger.ts';
import { checkGraph } from '../../engine/run/run.ts';
import { nodes as builtIn } from '../../nodes/index.ts';
import { digest, filesBelow, run, sums, temporary, text, writeExr, writeSequence } from './files.ts';
import { graph } from './graph.ts';

const WORKER = new URL('../../engine/bin/worker.ts', import.meta.url);
const folder = temporary();
const root = join(folder, 'root');
const outside = join(folder, 'outside');
beforeAll(async () => {
  await writeSequence(join(root, 'in'), 'x.%04d.exr', [1, 2, 3, 4, 5, 6], { channels: ['R', 'Z:float'] });
  await writeSequence(outside, 'x.%04d.exr', [1, 2], { channels: ['R'] });
  symlinkSync(outside, join(root, 'door'));
  symlinkSync(join(outside, 'not-there-yet'), join(root, 'dangling'));
  symlinkSync(join(outside, 'new.0001.exr'), join(root, 'new.0001.exr'));
  mkdirSync(join(root, 'mixed'));
  symlinkSync(join(outside, 'x.0001.exr'), join(root, 'mixed', 'm.0001.exr'));
});

const copy = (read: string, write: string, params = {}): Document =>
  graph(
    { r: { type: 'io.read', params: { path: read, ...params } }, w: { type: 'io.write', params: { path: write } } },
    ['r.image > w.image'],
  );

describe('roots', () => {
  const refused: readonly [what: string, read: string, write: string, node: string][] = [
    ['a way up', '../outside/x.%04d.exr', 'o.%04d.exr', 'r'],
    ['an absolute path', join(outside, 'x.%04d.exr'), 'o.%04d.exr', 'r'],
    ['a linked folder', 'door/x.%04d.exr', 'o.%04d.exr', 'r'],
    ['a linked file', 'mixed/m.%04d.exr', 'o.%04d.exr', 'r'],
    ['a folder named alone', 'door', 'o.%04d.exr', 'r'],
    ['a way up to write', 'in/x.%04d.exr', '../outside/w.%04d.exr', 'w'],
    ['an absolute path to write', 'in/x.%04d.exr', join(outside, 'w.%04d.exr'), 'w'],
    ['a linked folder to write', 'in/x.%04d.exr', 'door/w.%04d.exr', 'w'],
    ['a link to a folder that is not there', 'in/x.%04d.exr', 'dangling/w.%04d.exr', 'w'],
    ['a link to a file that is not there', 'in/x.%04d.exr', 'new.%04d.exr', 'w'],
    ['the folder beside one of the same beginning', 'in/x.%04d.exr', '../root2/w.%04d.exr', 'w'],
  ];

  it.each(refused)('hold against %s', async (_, read, write, node) => {
    const before = filesBelow(folder);
    for (const params of [{}, { missing: 'wait', waitSeconds: 0.2 }]) {
      const done = await run(copy(read, write, params), root, { roots: [root], range: '1-2' });
      expect([1, 3]).toContain(done.exitCode);
      const trouble = [...done.problems, ...(done.result?.outcomes ?? []).flatMap((o) => (o.error ? [o.error] : []))];
      expect(trouble[0]).toMatchObject({ code: 'outside-roots', where: { node } });
    }
    expect(filesBelow(folder)).toEqual(before);
  });

  it('counts them', () => expect(refused).toHaveLength(11));

  it('let pass what lies inside, links inside and several roots', async () => {
    symlinkSync(join(root, 'in'), join(root, 'inside'));
    const done = await run(copy('inside/x.%04d.exr', '../root/ok/o.%04d.exr'), root, { roots: [root] });
    expect(done.exitCode).toBe(0);
    const two = await run(copy(join(outside, 'x.%04d.exr'), 'ok2/o.%04d.exr'), root, { roots: [root, outside] });
    expect(two.exitCode).toBe(0);
  });
});

describe('damage', () => {
  /** Frame 3 as told; the frames beside it are sound. */
  async function damaged(name: string, damage: (path: string) => void): Promise<string> {
    await writeSequence(join(folder, name), 'x.%04d.exr', [1, 2, 3, 4], { channels: ['R', 'Z:float'] });
    damage(join(folder, name, 'x.0003.exr'));
    return join(folder, name, 'x.0003.exr');
  }
  const spoil = (path: string): void => {
    const file = ExrFile.open(path);
    const at = file.table.statedOffset(0, 2);
    file.close();
    const bytes = readFileSync(path);
    bytes.fill(0xee, at + 8, at + 60);
    writeFileSync(path, bytes);
  };
  const kinds: readonly [what: string, damage: (path: string) => void, where: object, code: string][] = [
    ['a spoilt chunk', spoil, { part: 0, chunk: 2 }, 'exr-compressed-data'],
    ['a file cut short', (p) => truncateSync(p, 500), {}, 'exr-'],
    ['no EXR at all', (p) => writeFileSync(p, 'hello'), {}, 'exr-'],
    ['an empty file', (p) => writeFileSync(p, ''), {}, 'exr-'],
  ];

  it.each(kinds)('%s in the middle fails its own frame and no other', async (what, damage, where, code) => {
    const name = `d-${what.replaceAll(' ', '')}`;
    const path = await damaged(name, damage);
    for (const jobs of [0, 2]) {
      const document = copy(`${name}/x.%04d.exr`, `${name}/out${jobs}/o.%04d.exr`);
      const packed = {
        ...document,
        nodes: {
          ...document.nodes,
          w: { ...document.nodes['w']!, params: { ...document.nodes['w']!.params, compression: 'rle' } },
        },
      };
      const done = await run(packed, folder, { jobs, worker: WORKER });
      expect(done.exitCode).toBe(4);
      expect(done.result!.outcomes.map((o) => o.state)).toEqual(['done', 'done', 'failed', 'done']);
      const { error } = done.result!.outcomes[2]!;
      expect(error!.code).toContain(code);
      expect(error!.where).toMatchObject({ file: path, frame: 3, ...where });
      expect(filesBelow(join(folder, name, `out${jobs}`)).filter((f) => !f.endsWith('.sluice-run'))).toEqual(
        [1, 2, 4].map((f) => `o.000${f}.exr`),
      );
      for (const f of [1, 2, 4])
        expect(sums(join(folder, name, `out${jobs}`, `o.000${f}.exr`))).toEqual(
          sums(join(folder, name, `x.000${f}.exr`)),
        );
    }
  });

  it('in the first frame of a chunk spoils no more than in another one', async () => {
    await damaged('first', (p) => writeFileSync(p, 'hello'));
    const done = await run(copy('first/x.%04d.exr', 'first/out/o.%04d.exr'), folder, { range: '3-4' });
    expect([done.exitCode, done.result!.outcomes.map((o) => o.state)]).toEqual([4, ['failed', 'done']]);
  });

  it('in every frame is a failure', async () => {
    await writeSequence(join(folder, 'all'), 'x.%04d.exr', [1, 2], { channels: ['R'] });
    for (const f of [1, 2]) spoil(join(folder, 'all', `x.000${f}.exr`));
    const document = graph(
      {
        r: { type: 'io.read', params: { path: 'all/x.%04d.exr' } },
        w: { type: 'io.write', params: { path: 'all/o/o.%04d.exr', compression: 'none' } },
      },
      ['r.image > w.image'],
    );
    const done = await run(document, folder);
    expect([done.exitCode, done.result!.outcomes.map((o) => o.state)]).toEqual([1, ['failed', 'failed']]);
    expect(filesBelow(join(folder, 'all', 'o'))).toEqual([]);
  });

  it('a file replaced while it is rendered is told, never mixed', async () => {
    const path = join(folder, 'swap', 'x.0001.exr');
    const sketch = { channels: ['R', 'Z:float'], window: box(0, 0, 400, 300), compression: 'none' as const };
    await writeExr(path, [{ ...sketch, seed: 1 }]);
    const old = sums(path);
    let swapped: Promise<string> | undefined;
    const done = await run(
      graph(
        {
          r: { type: 'io.read', params: { path: 'swap/x.%04d.exr' } },
          w: { type: 'io.write', params: { path: 'swap/out/o.%04d.exr', compression: 'zips' } },
        },
        ['r.image > w.image'],
      ),
      folder,
      {
        jobs: 2,
        worker: WORKER,
        onEvent: (e) => {
          if (e.kind === 'begin') swapped = writeExr(path, [{ ...sketch, seed: 2 }]);
        },
      },
    );
    await swapped;
    // Whichever came first, the output is the old file, the new one, or an error that says so.
    if (done.exitCode === 0) expect([old, sums(path)]).toContainEqual(sums(join(folder, 'swap', 'out', 'o.0001.exr')));
    else expect(done.result!.outcomes[0]!.error!.code).toBe('file-changed');
  });
});

describe('cancelling', () => {
  const frames = Array.from({ length: 30 }, (_, i) => i + 1);

  it.each([0, 2])('in the middle stops soon, leaves whole files and nothing else, with %i workers', async (jobs) => {
    await writeSequence(join(folder, `big${jobs}`), 'x.%04d.exr', frames, {
      channels: ['R', 'G', 'Z:float'],
      window: box(0, 0, 299, 199),
    });
    const document = graph(
      {
        r: { type: 'io.read', params: { path: `big${jobs}/x.%04d.exr` } },
        w: { type: 'io.write', params: { path: `big${jobs}/out/o.%04d.exr`, compression: 'piz' } },
      },
      ['r.image > w.image'],
    );
    const controller = new AbortController();
    let cancelled = 0;
    const done = await run(document, folder, {
      jobs,
      worker: WORKER,
      signal: controller.signal,
      onEvent: (e) => {
        if (e.kind !== 'frame' || cancelled > 0) return;
        cancelled = performance.now();
        controller.abort();
      },
    });
    expect(performance.now() - cancelled).toBeLessThan(2000);
    expect(done.exitCode).toBe(130);
    expect(done.result!.cancelled).toBe(true);
    const left = filesBelow(join(folder, `big${jobs}`, 'out')).filter((f) => !f.endsWith('.sluice-run'));
    expect(left.every((f) => /^o\.\d{4}\.exr$/.test(f))).toBe(true);
    expect(left.length).toBeLessThan(frames.length / 2);
    expect(done.result!.outcomes.filter((o) => o.state === 'done')).toHaveLength(left.length);
    for (const f of left)
      expect(sums(join(folder, `big${jobs}`, 'out', f))).toEqual(
        sums(join(folder, `big${jobs}`, f.replace('o.', 'x.'))),
      );
  });

  it('before it begins does nothing', async () => {
    const done = await run(copy('root/in/x.%04d.exr', 'never/o.%04d.exr'), folder, { signal: AbortSignal.abort() });
    expect(done.exitCode).toBe(130);
    expect(filesBelow(folder).filter((f) => f.startsWith('never'))).toEqual([]);
  });
});

describe('runs that write nothing', () => {
  const losing = (out: string): Document =>
    graph(
      {
        r: { type: 'io.read', params: { path: 'lose/x.%04d.exr' } },
        s: { type: 'metadata.set', params: { edits: [{ op: 'delete', name: 'owner' }] } },
        w: { type: 'io.write', params: { path: `${out}/o.%04d.exr` } },
      },
      ['r.image > s.image', 's.image > w.image'],
    );
  beforeAll(() =>
    writeSequence(join(folder, 'lose'), 'x.%04d.exr', [1, 2, 3], {
      channels: ['R'],
      attributes: [text('owner', 'me')],
    }),
  );

  it('a loss that is not allowed: exit 5, no file, not even a folder', async () => {
    const done = await run(losing('lose/strict'), folder, { failOnLoss: true });
    expect(done.exitCode).toBe(5);
    expect(done.result!.outcomes.map((o) => [o.state, o.error!.code])).toEqual(
      Array.from({ length: 3 }, () => ['failed', 'loss']),
    );
    expect(done.result!.outcomes[0]!.error!.message).toMatch(/attribute owner of r/);
    expect(done.result!.ledger).toMatchObject([
      { kind: 'lost', name: 'owner', frames: '1-3', reason: expect.stringContaining('s:') },
    ]);
    expect(filesBelow(join(folder, 'lose'))).toHaveLength(3);
  });

  it('a dry run: the ledger and the paths, exit 0', async () => {
    const dry = await run(losing('lose/dry'), folder, { dryRun: true });
    expect([dry.exitCode, dry.result!.outcomes.map((o) => o.state)]).toEqual([0, ['planned', 'planned', 'planned']]);
    expect(dry.result!.outcomes.map((o) => o.path)).toEqual(
      [1, 2, 3].map((f) => join(folder, 'lose', 'dry', `o.000${f}.exr`)),
    );
    expect(filesBelow(join(folder, 'lose'))).toHaveLength(3);
    const wet = await run(losing('lose/wet'), folder);
    expect(wet.result!.ledger).toEqual(dry.result!.ledger);
  });

  it('a dry run foresees the conversions that the run makes', async () => {
    await writeSequence(join(folder, 'foresee'), 'x.%04d.exr', [1], { channels: ['R:float', 'G', 'Z:float'] });
    const rows = [
      { to: 'near.Z', from: 'x:Z', type: 'half' },
      { to: 'R', from: 'x:R', type: 'half' },
    ];
    const document = graph(
      {
        r: { type: 'io.read', params: { path: 'foresee/x.%04d.exr' } },
        s: { type: 'channel.shuffle', params: { rows } },
        e: { type: 'color.exposure', params: { stops: 1 } },
        w: {
          type: 'io.write',
          params: {
            path: 'foresee-out/o.%04d.exr',
            types: [
              { channels: 'near.*', type: 'uint' },
              { channels: 'G', type: 'float' },
            ],
          },
        },
      },
      ['r.image > s.sources.x', 's.image > e.image', 'e.image > w.image'],
    );
    const listed = async (more: { readonly dryRun?: true }) => {
      const done = await run(document, folder, more);
      expect([done.exitCode, done.problems]).toEqual([0, []]);
      return done
        .result!.ledger.filter((e) => e.kind === 'converted')
        .map((e) => `${e.from} ${e.name} ${e.reason.replace('would become', 'became')}`)
        .sort();
    };
    const foreseen = await listed({ dryRun: true });
    expect(foreseen).toEqual([
      's R float became half',
      's near.Z float became half',
      'w G half became float',
      'w near.Z half became uint',
    ]);
    expect(await listed({})).toEqual(foreseen);
  });

  it('numbers in the ledger go by their value', () => {
    const ledger = new Ledger();
    for (const name of ['chunk 10', 'chunk 9', 'chunk 100', 'R'])
      ledger.add(1, { kind: 'filled', item: 'chunk', name, from: 'r', sink: 'w', reason: '' });
    expect(ledger.entries().map((e) => e.name)).toEqual(['R', 'chunk 9', 'chunk 10', 'chunk 100']);
  });

  it('a check: problems and frames', async () => {
    const checked = await checkGraph({ document: losing('lose/check'), folder, nodes: builtIn });
    expect(checked).toEqual({ problems: [], frames: [1, 2, 3], exitCode: 0 });
    expect(filesBelow(join(folder, 'lose')).filter((f) => f.startsWith('check'))).toEqual([]);
  });

  it('skipped frames are in the ledger with the node that lacks them', async () => {
    await writeSequence(join(folder, 'lose', 'short'), 'y.%04d.exr', [2, 3, 4], { channels: ['G'] });
    const document = graph(
      {
        a: { type: 'io.read', params: { path: 'lose/x.%04d.exr' } },
        b: { type: 'io.read', params: { path: 'lose/short/y.%04d.exr' } },
        p: { type: 'part.assemble' },
        w: { type: 'io.write', params: { path: 'lose/skip/o.%04d.exr' } },
      },
      ['a.image > p.parts.a', 'b.image > p.parts.b', 'p.image > w.image'],
    );
    const done = await run(document, folder);
    const skipped = done.result!.ledger.filter((e) => e.kind === 'skipped');
    expect(skipped.map((e) => [e.item, e.from, e.sink, e.frames])).toEqual([
      ['frame', 'a', 'w', '4'],
      ['frame', 'b', 'w', '1'],
    ]);
    expect([done.exitCode, done.frames]).toEqual([0, [2, 3]]);
  });
});

describe('sinks', () => {
  it('that were not chosen are left alone, and what is wrong above them only is a warning', async () => {
    const w = (path: string) => ({ type: 'io.write', params: { path } });
    const document = graph(
      {
        r: { type: 'io.read', params: { path: 'root/in/x.%04d.exr' } },
        bad: { type: 'studio.magic' },
        one: w('sinks/one.%04d.exr'),
        two: w('sinks/two.%04d.exr'),
      },
      ['r.image > one.image', 'bad.image > two.image'],
    );
    expect((await run(document, folder)).exitCode).toBe(3);
    const done = await run(document, folder, { sinks: ['one'], range: '1' });
    expect([done.exitCode, done.problems.map((p) => [p.severity, p.code])]).toEqual([0, [['warning', 'node-unknown']]]);
    expect(filesBelow(join(folder, 'sinks')).filter((f) => f.endsWith('.exr'))).toEqual(['one.0001.exr']);
    await expect(run(document, folder, { sinks: ['r'] })).rejects.toMatchObject({ kind: 'usage' });
  });

  it('none at all is a problem, and so is a cycle above one, and neither hides the other', async () => {
    expect((await run(graph({ r: { type: 'test.pattern' } }, []), folder)).problems.map((p) => p.code)).toEqual([
      'no-sink',
    ]);
    const cycle = graph(
      { a: { type: 'metadata.set' }, b: { type: 'metadata.set' }, w: { type: 'io.write', params: { path: 'c.exr' } } },
      ['a.image > b.image', 'b.image > a.image', 'b.image > w.image'],
    );
    expect((await run(cycle, folder)).problems.map((p) => p.code)).toEqual(['link-cycle', 'link-cycle']);
    expect(digest(join(root, 'in', 'x.0001.exr'))).toHaveLength(64);
  });
});
