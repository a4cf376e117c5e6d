// The session: edits and seeks give what a fresh plan would give, the newest wins, and nothing of older work is delivered.
import { setTimeout as sleep } from 'node:timers/promises';
import { firstValueFrom, lastValueFrom, of, Subject, take, toArray } from 'rxjs';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { type AnyNode, defineNode, image } from '../../engine/authoring.ts';
import { box } from '../../engine/base/box.ts';
import type { Json } from '../../engine/base/canonical.ts';
import { applyEdit } from '../../engine/document/apply.ts';
import type { Edit } from '../../engine/document/edits.ts';
import type { Document } from '../../engine/document/schema.ts';
import { planeBytes } from '../../engine/pixels/plane.ts';
import { Session, type SessionOptions } from '../../engine/run/session.ts';
import { nodes as builtIn } from '../../nodes/index.ts';
import { random } from '../base/random.ts';
import { temporary, writeSequence } from './files.ts';
import { bench, graph, never, pattern, pulls } from './graph.ts';

const folder = temporary();
beforeAll(() => writeSequence(folder, 'x.%04d.exr', [1, 2, 3], { channels: ['R', 'G'] }));

/** Takes its time, so that it can be overtaken. */
const slow = defineNode({
  type: 'test.slow',
  version: 1,
  title: 'Slow',
  doc: 'Waits before each turn.',
  params: z.strictObject({ ms: z.number().default(5), tag: z.int().default(0) }),
  inputs: { image: image('Any.') },
  spec: ({ inputs }) => ({
    parts: inputs.image.parts.map((p) => ({
      ...p,
      channels: p.channels.map((c) => ({ ...c, origin: { from: 'computed' as const } })),
    })),
  }),
  pull: async ({ params, sources, node, signal }, want) => {
    pulls.push({ node, channels: want.channels, rows: want.box.maxY - want.box.minY + 1 });
    await sleep(params.ms, undefined, { signal });
    return sources.image.planes(want);
  },
});
const nodes: readonly AnyNode[] = [...builtIn, pattern as AnyNode, slow as AnyNode];

const open: Session[] = [];
function sessionOf(document: Document, more: Partial<SessionOptions> = {}): Session {
  const session = new Session({ document, folder, nodes, ...more });
  open.push(session);
  return session;
}
afterEach(() => {
  for (const session of open.splice(0)) session.close();
});

const TALL = { type: 'test.pattern', params: { window: [0, 0, 9, 999], seed: 1 } } as const;
const request = (node: string, rows = 40) => ({
  node,
  frame: 1,
  part: 0,
  channels: ['R'],
  box: box(0, 0, 9, rows - 1),
});
const setSeed = (seed: number): Edit => ({ op: 'setParam', node: 'p', name: 'seed', value: seed });
const bytes = (planes: ReadonlyMap<string, Parameters<typeof planeBytes>[0]>): Record<string, string> =>
  Object.fromEntries(
    [...planes].map(([name, plane]) => [name, `${plane.type} ${Buffer.from(planeBytes(plane)).toString('base64')}`]),
  );

/** What a fresh plan gives. */
async function fresh(document: Document, node: string, rows = 40): Promise<Record<string, string>> {
  const { evaluator } = bench(document, { more: [slow as AnyNode], folder });
  const { part, channels, box: region } = request(node, rows);
  return bytes(await evaluator.planes(node, 1, { part, channels, box: region }, never));
}

describe('an edit', () => {
  it('makes a new plan, new problems and a new picture, and its inverse brings the old ones back', async () => {
    const session = sessionOf(graph({ p: TALL, s: { type: 'metadata.set' } }, ['p.image > s.image']));
    const seen: string[] = [];
    const pictures = session
      .picture$(of(request('s')))
      .subscribe((p) => seen.push('planes' in p ? JSON.stringify(bytes(p.planes)) : p.error.code));
    await sleep(30);
    const inverse = session.edit(setSeed(2));
    await sleep(30);
    session.edit({ op: 'setParam', node: 's', name: 'edits', value: 'none' });
    expect((await firstValueFrom(session.plan$)).problems.map((p) => p.code)).toEqual(['param-invalid']);
    expect((await firstValueFrom(session.problems$)).map((p) => p.code)).toEqual(['param-invalid']);
    await sleep(30);
    session.edit({ op: 'setParam', node: 's', name: 'edits', value: [] });
    session.edit(inverse);
    await sleep(30);
    pictures.unsubscribe();
    expect(seen.at(-1)).toBe(seen[0]);
    expect(seen).toHaveLength(4);
    expect(seen[1]).not.toBe(seen[0]);
    expect(seen[2]).not.toContain('half');
  });

  it('that does not fit changes nothing', async () => {
    const session = sessionOf(graph({ p: TALL }, []));
    const before = session.document;
    expect(() => session.edit({ op: 'removeNode', id: 'nobody' })).toThrow();
    expect(session.document).toBe(before);
    expect((await firstValueFrom(session.plan$)).problems).toEqual([]);
  });

  it('that takes away what an override speaks of is a problem, and the session lives on', async () => {
    const session = sessionOf(
      { ...graph({ p: TALL, q: TALL }, []), variables: { shot: { type: 'string', default: 'a' } } },
      { overrides: { params: { 'q.seed': 5 }, variables: { shot: 'b' } } },
    );
    const found: (readonly string[])[] = [];
    const watching = session.problems$.subscribe((p) => found.push(p.map(({ code }) => code)));
    await sleep(20);
    session.edit({ op: 'removeNode', id: 'q' });
    await sleep(20);
    session.edit({ op: 'removeVariable', name: 'shot' });
    await sleep(20);
    session.edit(setSeed(3));
    const picture = await firstValueFrom(session.picture$(of(request('p'))));
    watching.unsubscribe();
    expect('planes' in picture).toBe(true);
    expect(found[0]).toEqual([]);
    expect(found.slice(1).every((codes) => codes.length === 1)).toBe(true);
  });

  it('that bypasses a node silences what is wrong with it', async () => {
    const session = sessionOf(graph({ r: { type: 'io.read', params: { path: 'nothing.exr' } }, p: TALL }, []));
    expect((await firstValueFrom(session.problems$)).map((p) => p.code)).toEqual(['file-not-found']);
    session.edit({ op: 'setDisabled', node: 'r', disabled: true });
    expect(await firstValueFrom(session.problems$)).toEqual([]);
  });
});

describe('the newest', () => {
  const document = graph({ p: TALL, s: { type: 'test.slow' } }, ['p.image > s.image']);

  it('request cancels the older ones, within one turn of rows', async () => {
    const session = sessionOf(document);
    const requests = new Subject<ReturnType<typeof request>>();
    const pictures = lastValueFrom(session.picture$(requests).pipe(take(1), toArray()));
    pulls.length = 0;
    for (let rows = 990; rows < 1000; rows++) {
      requests.next(request('s', rows));
      await sleep(2);
    }
    requests.next(request('s', 50));
    const [only] = await pictures;
    expect(only!.request.box.maxY).toBe(49);
    // A whole picture of a thousand rows would be sixteen turns; ten of them were asked for.
    expect(pulls.filter((p) => p.node === 's').length).toBeLessThan(30);
  });

  it('of a burst of edits is what the last picture shows', async () => {
    const session = sessionOf(document);
    const shown: string[] = [];
    const pictures = session
      .picture$(of(request('s')))
      .subscribe((p) => shown.push('planes' in p ? bytes(p.planes)['R']! : 'error'));
    for (let seed = 2; seed <= 60; seed++) {
      session.edit(setSeed(seed));
      if (seed % 7 === 0) await sleep(1);
    }
    await sleep(150);
    pictures.unsubscribe();
    expect(shown.at(-1)).toBe((await fresh(session.document, 's'))['R']);
    expect(shown.length).toBeLessThan(30);
  });

  it('overview is the one of the last edit and frame', async () => {
    const session = sessionOf(
      graph({ r: { type: 'io.read', params: { path: 'x.%04d.exr' } }, s: { type: 'metadata.set' } }, [
        'r.image > s.image',
      ]),
    );
    const overview = firstValueFrom(session.overview$);
    for (const frame of [2, 9, 3]) session.seek(frame);
    session.edit({
      op: 'setParam',
      node: 's',
      name: 'edits',
      value: [{ op: 'set', name: 'x', type: 'int', value: 1 }],
    });
    const { frame, described, problems } = await overview;
    expect(frame).toBe(3);
    expect(problems).toEqual([]);
    expect(described.get('s')!.spec!.parts[0]!.attributes.some((a) => a.name === 'x')).toBe(true);
  });
});

describe('seeking', () => {
  it('describes the frame, its problems, and the way back', async () => {
    const session = sessionOf(graph({ r: { type: 'io.read', params: { path: 'x.%04d.exr' } } }, []));
    expect(await firstValueFrom(session.problems$)).toEqual([]);
    session.seek(7);
    expect((await firstValueFrom(session.problems$)).map((p) => [p.code, p.where.frame])).toEqual([
      ['frame-outside', 7],
    ]);
    expect(await firstValueFrom(session.describe$('r'))).toBeUndefined();
    session.seek(2);
    expect((await firstValueFrom(session.describe$('r')))!.parts[0]!.stored!.chunks!.file).toContain('x.0002.exr');
  });
});

describe('random edits and seeks', () => {
  it('give after every step the pictures and problems of a fresh plan: 40 sessions of 20 steps', async () => {
    let compared = 0;
    let withProblems = 0;
    let shown = 0;
    for (let seed = 1; seed <= 40; seed++) {
      const { int, pick } = random(seed);
      const session = sessionOf(
        graph(
          {
            p: { type: 'test.pattern', params: { window: [0, 0, 9, 39] } },
            q: { type: 'test.pattern', params: { window: [0, 0, 9, 39], seed: 9 } },
            r: { type: 'io.read', params: { path: 'x.%04d.exr', before: 'hold', after: 'hold' } },
            a: {
              type: 'channel.shuffle',
              params: { rows: [{ to: 'R', from: 'one:R' }], attributes: { resolveAll: { leaveOut: true } } },
            },
            b: { type: 'metadata.set' },
            s: { type: 'test.slow', params: { ms: 0 } },
          },
          ['p.image > a.sources.one', 'q.image > a.sources.two', 'a.image > b.image', 'b.image > s.image'],
        ),
        { cacheBytes: pick([0, 10_000, 1 << 24]) },
      );
      let frame = 1;
      for (let step = 0; step < 20; step++) {
        const edit = (): Edit =>
          pick<Edit>([
            { op: 'setParam', node: pick(['p', 'q']), name: 'seed', value: int(0, 3) },
            {
              op: 'setParam',
              node: 'p',
              name: 'channels',
              value: pick<Json>([
                [{ name: 'R', type: 'half' }],
                [
                  { name: 'R', type: 'float' },
                  { name: 'X', type: 'half' },
                ],
                [{ name: 'Q', type: 'half' }],
              ]),
            },
            {
              op: 'setParam',
              node: 'a',
              name: 'rows',
              value: [{ to: 'R', from: pick(['one:R', 'two:R', 'one:R', 'three:R']) }],
            },
            { op: 'setParam', node: 'a', name: 'others', value: pick(['keep', 'drop', 'keep', 'drop', 'maybe']) },
            { op: 'setDisabled', node: pick(['a', 'b', 's', 'p']), disabled: pick([true, false]) },
            { op: 'setParam', node: 's', name: 'tag', value: int(0, 2) },
            { op: 'removeLink', to: pick(['a.sources.one', 'b.image', 's.image']) },
            {
              op: 'addLink',
              from: pick(['p.image', 'a.image', 'r.image', 's.image']),
              to: pick(['a.sources.one', 'b.image', 's.image']),
            },
            { op: 'setParam', node: 'r', name: 'path', value: pick(['x.%04d.exr', 'x.%04d.exr', 'nothing.exr']) },
          ]);
        if (int(0, 3) === 0) {
          frame = int(-1, 5);
          session.seek(frame);
        } else {
          try {
            session.edit(edit());
          } catch {
            continue; // it does not fit the document as it is
          }
        }
        const { document } = session;
        const sketch = { node: 's', frame, part: 0, channels: ['R'], box: box(0, 0, 9, 39) };
        const picture = await firstValueFrom(session.picture$(of(sketch)));
        const { evaluator, descriptions } = bench(document, { more: [slow as AnyNode], folder });
        const expected = await evaluator.planes('s', frame, sketch, never).then(bytes, (e: { code: string }) => e.code);
        expect([seed, step, 'planes' in picture ? bytes(picture.planes) : picture.error.code]).toEqual([
          seed,
          step,
          expected,
        ]);
        const known = (await firstValueFrom(session.problems$)).map((p) => `${p.code} ${p.message}`).sort();
        const active = [...descriptions.plan.nodes.keys()].filter((id) => document.nodes[id]!.disabled !== true);
        const described = await Promise.all(active.map((id) => descriptions.describe(id, frame)));
        const anew = [...descriptions.plan.problems, ...described.flatMap((d) => d.problems)]
          .map((p) => `${p.code} ${p.message}`)
          .sort();
        expect([seed, step, known]).toEqual([seed, step, anew]);
        compared += 1;
        if (anew.length > 0) withProblems += 1;
        if ('planes' in picture) shown += 1;
        expect(applyEdit(document, { op: 'setName', name: 'x' }).document.nodes).toBe(document.nodes);
      }
    }
    expect(compared).toBeGreaterThan(500);
    expect(withProblems).toBeGreaterThan(100);
    expect(shown).toBeGreaterThan(100);
  }, 60_000);
});
