// Resuming: finished frames are left alone, whatever a kill left behind; changed work is redone or refused.
import {
  appendFileSync,
  existsSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Json } from '../../engine/base/canonical.ts';
import type { Document } from '../../engine/document/schema.ts';
import type { RunGraphOptions } from '../../engine/run/run.ts';
import { digest, filesBelow, run, temporary, text, writeSequence } from './files.ts';
import { graph } from './graph.ts';

const folder = temporary();
const FRAMES = [1, 2, 3, 4, 5, 6];
let scenes = 0;

/** A folder with a sequence of six frames, and a graph that writes it anew and loses an attribute. */
async function scene(write: Readonly<Record<string, Json>> = {}, name = 'shot') {
  const root = join(folder, `scene${scenes++}`);
  await writeSequence(join(root, 'in'), 'x.%04d.exr', FRAMES, {
    channels: ['R', 'Z:float'],
    attributes: [text('owner', 'me')],
  });
  const document: Document = {
    ...graph(
      {
        r: { type: 'io.read', params: { path: 'in/x.%04d.exr', missing: 'hold' } },
        s: { type: 'metadata.set', params: { edits: [{ op: 'delete', name: 'owner' }] } },
        w: {
          type: 'io.write',
          params: { path: 'out/o.%04d.exr', compression: 'rle', types: [{ channels: 'Z', type: 'half' }], ...write },
        },
      },
      ['r.image > s.image', 's.image > w.image'],
    ),
    name,
  };
  const out = join(root, 'out');
  const files = (): string[] => filesBelow(out).filter((f) => f.endsWith('.exr'));
  const manifest = (): string => join(out, readdirSync(out).find((f) => f.endsWith('.sluice-run'))!);
  const times = (): Record<string, string> =>
    Object.fromEntries(files().map((f) => [f, String(statSync(join(out, f), { bigint: true }).mtimeNs)]));
  const go = (more: Partial<RunGraphOptions> = {}, changed: Document = document) =>
    run(changed, root, { resume: true, ...more });
  const states = (done: Awaited<ReturnType<typeof go>>): Record<string, number> => {
    const counts: Record<string, number> = {};
    for (const { state } of done.result!.outcomes) counts[state] = (counts[state] ?? 0) + 1;
    return counts;
  };
  return { root, out, document, files, manifest, times, go, states };
}

describe('a run that resumes', () => {
  it('leaves finished frames alone and does the rest', async () => {
    const { go, times, states } = await scene();
    expect(states(await go({ resume: false, range: '1-3' }))).toEqual({ done: 3 });
    const before = times();
    const done = await go();
    expect([done.exitCode, states(done)]).toEqual([0, { kept: 3, done: 3 }]);
    expect(times()).toMatchObject(before);
    expect(states(await go())).toEqual({ kept: 6 });
  });

  it('has the whole ledger, counts of samples included', async () => {
    const { go } = await scene();
    const whole = (await go({ resume: false })).result!.ledger;
    expect(whole.map((e) => [e.kind, e.name, e.frames])).toEqual([
      ['lost', 'owner', '1-6'],
      ['converted', 'Z', '1-6'],
      ['changed', 'compression', '1-6'],
    ]);
    expect((await go()).result!.ledger).toEqual(whole);
  });

  it('goes on after a cancel between frames', async () => {
    const { go, times, states, files, out } = await scene();
    const controller = new AbortController();
    const first = await go({
      resume: false,
      signal: controller.signal,
      onEvent: (e) => e.kind === 'frame' && e.frame === 2 && controller.abort(),
    });
    expect(first.exitCode).toBe(130);
    const finished = files();
    expect(finished.length).toBeGreaterThanOrEqual(1);
    expect(finished.length).toBeLessThan(6);
    expect(filesBelow(out).filter((f) => f.endsWith('.sluice-part'))).toEqual([]);
    const before = times();
    const done = await go();
    expect(states(done)).toEqual({ kept: finished.length, done: 6 - finished.length });
    expect(times()).toMatchObject(before);
  });

  it('keeps a frame whose file came into its place just before the kill', async () => {
    const { go, states, manifest, times } = await scene();
    await go({ resume: false });
    const before = times();
    // Killed between the renaming and the line that says so.
    const lines = readFileSync(manifest(), 'utf8').trimEnd().split('\n');
    const cut = lines.findLastIndex((l) => l.includes('"done"'));
    writeFileSync(manifest(), `${lines.toSpliced(cut, 1).join('\n')}\n`);
    expect(states(await go())).toEqual({ kept: 6 });
    expect(times()).toEqual(before);
  });

  it('does not take an older file for the one that was about to come', async () => {
    const { go, states, manifest, out } = await scene({ overwrite: 'replace' });
    await go({ resume: false });
    const lines = readFileSync(manifest(), 'utf8')
      .trimEnd()
      .split('\n')
      .map((l) => JSON.parse(l) as Record<string, Json>);
    const path = join(out, 'o.0003.exr');
    const { size, mtimeNs } = statSync(path, { bigint: true });
    // Begun while a file was there, and killed before it was replaced.
    const begun = lines.find((l) => l['frame'] === 3 && 'before' in l)!;
    const rest = lines.filter((l) => l['frame'] !== 3);
    const stated = { ...begun, before: { size: Number(size), mtime: String(mtimeNs) } };
    writeFileSync(manifest(), [...rest, stated].map((l) => `${JSON.stringify(l)}\n`).join(''));
    expect(states(await go())).toEqual({ kept: 5, done: 1 });
  });

  it('reads a manifest that was cut short in a line, and goes on after it', async () => {
    const { go, states, manifest, files, out } = await scene();
    await go({ resume: false, range: '1-4' });
    truncateSync(manifest(), readFileSync(manifest()).length - 9);
    for (const f of files().slice(3)) rmSync(join(out, f));
    expect(states(await go({ range: '1-4' }))).toEqual({ kept: 3, done: 1 });
    // The line that followed the cut one is whole.
    expect(states(await go())).toEqual({ kept: 4, done: 2 });
  });

  it.each([
    'not a line',
    '{"frame":1}',
    '{"frame":1,"file":"../../x","key":"k","done":{}}',
    '{"frame":"1"}',
    '[]',
    'null',
    '{"frame":1,"file":"o.0001.exr","key":"k","done":{"size":1,"mtime":"1"},"tally":5}',
  ])('is not misled by the line %s', async (line) => {
    const { go, states, manifest } = await scene();
    await go({ resume: false, range: '1-2' });
    appendFileSync(manifest(), `${line}\n`);
    const { kept = 0, failed = 0, done = 0 } = states(await go());
    // A line about frame 1 with another key speaks of another run: the frame is refused, never taken for done.
    expect([kept + failed, done]).toEqual([2, 4]);
  });

  it('does frames again whose files are gone, touched or damaged', async () => {
    const { go, states, out } = await scene({ overwrite: 'replace' });
    await go({ resume: false });
    const whole = digest(join(out, 'o.0002.exr'));
    rmSync(join(out, 'o.0001.exr'));
    truncateSync(join(out, 'o.0002.exr'), 100);
    utimesSync(join(out, 'o.0003.exr'), 5, 5);
    expect(states(await go())).toEqual({ kept: 3, done: 3 });
    expect(digest(join(out, 'o.0002.exr'))).toBe(whole);
  });

  it('renders nothing twice in chunks that several runs do', async () => {
    const { go, states } = await scene();
    await Promise.all([go({ resume: false, range: '1-2' }), go({ resume: false, range: '3-4' }), go({ range: '5-6' })]);
    expect(states(await go())).toEqual({ kept: 6 });
  });
});

describe('changed work', () => {
  const changes: readonly [
    what: string,
    change: (d: Document, root: string) => Document | Promise<Document>,
    redone: number,
  ][] = [
    ['a parameter', (d) => withParam(d, 's', { edits: [] }), 6],
    ['how it is stored', (d) => withParam(d, 'w', { ...d.nodes['w']!.params, compression: 'zips' }), 6],
    [
      'one input',
      async (d, root) => {
        await writeSequence(join(root, 'in'), 'x.%04d.exr', [4], {
          channels: ['R', 'Z:float'],
          seed: 77,
          attributes: [text('owner', 'me')],
        });
        return d;
      },
      1,
    ],
    [
      'what does not matter',
      (d) => ({ ...withParam(d, 'w', { ...d.nodes['w']!.params, createFolders: false }), doc: 'x' }),
      0,
    ],
  ];
  const withParam = (d: Document, id: string, params: Readonly<Record<string, Json>>): Document => ({
    ...d,
    nodes: { ...d.nodes, [id]: { ...d.nodes[id]!, params } },
  });

  it.each(changes)('%s', async (_, change, redone) => {
    for (const overwrite of ['replace', 'refuse']) {
      const { root, document, go, states, times } = await scene({ overwrite });
      await go({ resume: false });
      const before = times();
      const done = await go({}, await change(document, root));
      const expected = {
        ...(redone < 6 ? { kept: 6 - redone } : {}),
        ...(redone > 0 ? { [overwrite === 'replace' ? 'done' : 'failed']: redone } : {}),
      };
      expect([overwrite, states(done)]).toEqual([overwrite, expected]);
      if (overwrite === 'refuse') {
        expect(times()).toEqual(before);
        const errors = done.result!.outcomes.flatMap(({ error }) => (error ? [error] : []));
        expect(errors.map(({ code }) => code)).toEqual(Array.from({ length: redone }, () => 'file-exists'));
        // Nobody is told to go on who does.
        for (const { message } of errors)
          expect(message).toMatch(/exists, and this graph did not make it as it is now/);
      }
    }
  });

  it('counts them', () => expect(changes).toHaveLength(4));

  it('a frame that stood in for a missing one is redone once that one is there; until then it is no full success', async () => {
    const { root, go, states } = await scene({ overwrite: 'replace' });
    rmSync(join(root, 'in', 'x.0003.exr'));
    const first = await go({ resume: false });
    expect([first.exitCode, states(first)]).toEqual([4, { done: 5, substituted: 1 }]);
    const again = await go();
    expect([again.exitCode, states(again)]).toEqual([4, { kept: 6 }]);
    await writeSequence(join(root, 'in'), 'x.%04d.exr', [3], { channels: ['R', 'Z:float'] });
    const whole = await go();
    expect([whole.exitCode, states(whole)]).toEqual([0, { kept: 5, done: 1 }]);
  });

  it('kept frames are held to --fail-on-loss like others', async () => {
    const { go, times } = await scene();
    await go({ resume: false });
    const before = times();
    const done = await go({ failOnLoss: true });
    expect(done.exitCode).toBe(5);
    expect(times()).toEqual(before);
  });
});

describe('the manifest', () => {
  it('stays in the folder of the outputs, whatever the graph is called', async () => {
    for (const name of ['../../evil', 'a/b\\c', '..', '', 'x'.repeat(400), 'é ü', '\u0000']) {
      const { root, out, go, states } = await scene({}, name);
      expect((await go({ resume: false, roots: [root] })).exitCode).toBe(0);
      expect(filesBelow(root).filter((f) => !f.startsWith('in/') && !f.startsWith('out/'))).toEqual([]);
      expect(filesBelow(out)).toHaveLength(7);
      expect(states(await go())).toEqual({ kept: 6 });
    }
    expect(existsSync(join(folder, 'evil.w.sluice-run'))).toBe(false);
  });
});
