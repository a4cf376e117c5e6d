// The same bytes whatever the number of workers and the memory; whole frames made once; workers that fail are told.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { box } from '../../engine/base/box.ts';
import type { Document } from '../../engine/document/schema.ts';
import { digest, filesBelow, run, sums, temporary, text, writeSequence } from './files.ts';
import { graph } from './graph.ts';

const WORKER = new URL('../../engine/bin/worker.ts', import.meta.url);
const PACK = fileURLToPath(new URL('./pack.ts', import.meta.url));
const FRAMES = [1, 2, 3];
const folder = temporary();
beforeAll(async () => {
  // Many bands: 300 rows in chunks of 1, 16 and 32 rows, and tiles.
  const window = box(0, 0, 700, 299);
  await writeSequence(folder, 'a.%04d.exr', FRAMES, {
    channels: ['A', 'B', 'G', 'R', 'Z:float'],
    window,
    attributes: [text('owner', 'a')],
  });
  await writeSequence(folder, 'b.%04d.exr', FRAMES, { channels: ['N.X:float', 'id:uint'], window, compression: 'piz' });
  await writeSequence(folder, 't.%04d.exr', FRAMES, { channels: ['mask'], window, tiles: [50, 37] });
});

/** Copies one part, packs another one out of two inputs with conversions, tiles and bottom-up lines. */
function document(out: string, log?: string): Document {
  const rows = [
    { to: '*', from: 'a:*' },
    { to: 'id', from: 'b:id', type: 'float' },
    { to: 'one', value: 1 },
  ];
  return graph(
    {
      a: { type: 'io.read', params: { path: 'a.%04d.exr' } },
      b: { type: 'io.read', params: { path: 'b.%04d.exr' } },
      t: { type: 'io.read', params: { path: 't.%04d.exr' } },
      s: { type: 'channel.shuffle', params: { rows, others: 'drop', attributes: { resolveAll: 'a' } } },
      ...(log === undefined ? {} : { flip: { type: 'test.flip', params: { log } } }),
      p: { type: 'part.assemble' },
      w: { type: 'io.write', params: { path: `${out}/o.%04d.exr`, types: [{ channels: 'Z', type: 'half' }] } },
      tiled: { type: 'io.write', params: { path: `${out}/t.%04d.exr`, layout: 'tiles', tileSize: [64, 50] } },
      up: { type: 'io.write', params: { path: `${out}/u.%04d.exr`, lineOrder: 'decreasing', compression: 'rle' } },
    },
    [
      'a.image > s.sources.a',
      'b.image > s.sources.b',
      ...(log === undefined ? ['s.image > p.parts.main'] : ['s.image > flip.image', 'flip.image > p.parts.main']),
      't.image > p.parts.mask',
      'p.image > w.image',
      'p.image > tiled.image',
      's.image > up.image',
    ],
  );
}

describe('the same bytes and the same ledger', () => {
  const settings = [
    { jobs: 0 },
    { jobs: 1 },
    { jobs: 2 },
    { jobs: 4 },
    { jobs: 0, memory: 0 },
    { jobs: 2, memory: 0 },
    { jobs: 2, memory: 2 ** 20 },
    { jobs: 2, memory: 2 ** 28 },
    { jobs: 1, helps: true },
    { jobs: 2, helps: true },
    { jobs: 4, helps: true },
    { jobs: 3, helps: true, memory: 0 },
  ];
  const first: { digests?: Record<string, string>; ledger?: string } = {};

  it.each(settings)('%j', async (setting) => {
    const out = `bytes-${setting.jobs}-${setting.memory ?? 'default'}-${setting.helps ?? false}`;
    const done = await run(document(out), folder, { ...setting, worker: WORKER });
    expect(done.exitCode, JSON.stringify(done.result?.outcomes)).toBe(0);
    const files = filesBelow(join(folder, out)).filter((f) => f.endsWith('.exr'));
    expect(files).toHaveLength(9);
    const digests = Object.fromEntries(files.map((file) => [file, digest(join(folder, out, file))]));
    const ledger = JSON.stringify(done.result!.ledger);
    first.digests ??= digests;
    first.ledger ??= ledger;
    expect(digests).toEqual(first.digests);
    expect(ledger).toBe(first.ledger);
  });

  it('counts the settings, and conversions are counted over all frames', () => {
    expect(settings).toHaveLength(12);
    const converted = (
      JSON.parse(first.ledger!) as { kind: string; sink: string; name: string; samples?: number }[]
    ).filter((e) => e.kind === 'converted');
    const samples = 701 * 300 * FRAMES.length;
    expect(converted.map((e) => [e.sink, e.name, e.samples]).sort()).toEqual([
      ['tiled', 'id', samples],
      ['up', 'id', samples],
      ['w', 'Z', samples],
      ['w', 'id', samples],
    ]);
  });
});

describe('a node that works on whole frames', () => {
  it.each([
    { jobs: 0, memory: 0 },
    { jobs: 0, memory: 2 ** 26 },
    { jobs: 2, memory: 0 },
    { jobs: 3, memory: 2 ** 20 },
    { jobs: 2, memory: 1, helps: true },
  ])('runs once a frame and sink, and makes the same: %j', async (setting) => {
    const out = `whole-${setting.jobs}-${setting.memory}`;
    const log = join(folder, `${out}.log`);
    const done = await run(document(out, log), folder, { ...setting, worker: WORKER, packs: [PACK] });
    expect(done.exitCode, JSON.stringify(done.result?.outcomes)).toBe(0);
    const runs = readFileSync(log, 'utf8').trim().split('\n').sort();
    // Two of the three sinks are below it; they share what one worker has room to keep.
    const shared = setting.jobs === 0 && setting.memory > 0;
    expect(runs).toEqual(shared ? ['1', '2', '3'] : ['1', '1', '2', '2', '3', '3']);
    const made = sums(join(folder, out, 't.0002.exr'));
    expect(Object.keys(made)).toHaveLength(9);
    expect(made).toEqual({ ...sums(join(folder, 'whole-0-0', 't.0002.exr')) });
    const added = done
      .result!.ledger.filter((e) => e.kind === 'added' && e.sink === 'w')
      .map((e) => e.name)
      .sort();
    expect(added).toEqual(['main/one', 'main/row']);
  });
});

describe('workers', () => {
  it.each([
    ['cannot start', 'file:///not/there.ts', 'Cannot find module'],
    ['are no workers', import.meta.url.replace('workers.test.ts', 'pack.ts'), 'No handler function'],
  ])('that %s fail the frames, not the process, and leave nothing', async (why, worker, says) => {
    const out = `lost ${why}`;
    const done = await run(document(out), folder, { jobs: 3, worker: new URL(worker) });
    expect(done.exitCode).toBe(1);
    expect(done.result!.outcomes[0]!.error!.message).toContain(says);
    expect(new Set(done.result!.outcomes.map((o) => o.error!.code))).toEqual(new Set(['worker-lost']));
    expect(existsSync(join(folder, out)) ? filesBelow(join(folder, out)) : []).toEqual([]);
  });

  it('that cannot start fail the frames that a helping thread has not made by then', async () => {
    const done = await run(document('half-lost'), folder, {
      jobs: 3,
      helps: true,
      worker: new URL('file:///not/there.ts'),
    });
    expect([1, 4]).toContain(done.exitCode);
    const failed = done.result!.outcomes.filter((o) => o.state === 'failed');
    expect(new Set(failed.map((o) => o.error!.code))).toEqual(new Set(['worker-lost']));
  });

  it('end with a run that is cancelled while they and a helping thread work', async () => {
    const out = 'cancelled';
    const stop = new AbortController();
    const done = await run(document(out), folder, {
      jobs: 3,
      helps: true,
      worker: WORKER,
      signal: stop.signal,
      onEvent: (event) => event.kind === 'frame' && stop.abort(),
    });
    expect(done.exitCode).toBe(130);
    const whole = done.result!.outcomes.filter((o) => o.state === 'done').map((o) => o.path);
    expect(whole.length).toBeGreaterThan(0);
    const left = filesBelow(join(folder, out)).filter((f) => f.endsWith('.exr'));
    expect(left.map((f) => join(folder, out, f)).sort()).toEqual(whole.sort());
  });
});
