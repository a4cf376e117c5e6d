// Editing through the host: two clients, one document, one history.
import { beforeAll, describe, expect, test } from 'vitest';
import type { Edit } from '../../../engine/browser.ts';
import { saveDocument } from '../../../engine/browser.ts';
import { random } from '../../base/random.ts';
import { codeOf, type Hosted, hosted, shotFolder, type TestClient } from './hosted.ts';

let main: Hosted;
let a: TestClient;
let b: TestClient;

beforeAll(async () => {
  const { graph } = await shotFolder();
  main = await hosted({ graph });
  a = await main.connect();
  b = await main.connect();
});

const agree = (): Promise<void> =>
  b.until(() => a.revision === b.revision && saveDocument(a.document!) === saveDocument(b.document!));

describe('edits', () => {
  test('reach both clients, with the id of the request for the one that asked', async () => {
    const { revision } = await a.edit({ op: 'setTitle', node: 'tag', title: 'Slate' }, 'Rename');
    expect(revision).toBe(a.revision);
    await agree();
    expect(b.document!.nodes['tag']!.title).toBe('Slate');
    const mine = await a.event('edited', (e) => e.revision === revision);
    const theirs = await b.event('edited', (e) => e.revision === revision);
    expect(mine.origin).toBeGreaterThan(0);
    expect(theirs.origin).toBeUndefined();
    expect((await b.event('history')).history).toEqual({ undo: 'Rename', depth: 1 });
  });

  test('one made on an older revision is taken where it still fits', async () => {
    const old = a.revision;
    await b.edit({ op: 'setDoc', doc: 'b' });
    await a.ask('edit', { edit: { op: 'setName', name: 'renamed' }, intent: 'Name', revision: old });
    await agree();
    expect(a.document).toMatchObject({ name: 'renamed', doc: 'b' });
  });

  test('one that does not fit is refused, and the document comes whole', async () => {
    const before = a.events.filter((e) => e.kind === 'document').length;
    expect(await codeOf(a.edit({ op: 'setTitle', node: 'nobody', title: 'x' }))).toBe('edit-invalid');
    await a.until(() => a.events.filter((e) => e.kind === 'document').length > before);
    expect(await a.event('document')).toMatchObject({ reset: false, revision: a.revision });
    await agree();
  });

  test('undo and redo bring every state back, for both, whoever asks', async () => {
    const states = [saveDocument(a.document!)];
    for (let i = 0; i < 5; i++) {
      await (i % 2 ? a : b).edit({ op: 'moveNodes', positions: { tag: [i, 10 * i] } }, `Move ${i}`);
      await agree();
      states.push(saveDocument(a.document!));
    }
    for (const state of states.slice(0, -1).reverse()) {
      await b.ask('undo', {});
      await agree();
      expect(saveDocument(a.document!)).toBe(state);
    }
    for (const state of states.slice(1)) {
      await a.ask('redo', {});
      await agree();
      expect(saveDocument(b.document!)).toBe(state);
    }
    expect(await codeOf(a.ask('redo', {}))).toBe('usage');
  });

  test('edits of one group are one step', async () => {
    const before = saveDocument(a.document!);
    const { history } = await a.event('history');
    for (let x = 0; x < 30; x++) await a.edit({ op: 'moveNodes', positions: { tag: [x, 7] } }, 'Drag', 'drag 1');
    expect((await a.event('history', (e) => e.history.undo === 'Drag')).history.depth).toBe(history.depth + 1);
    await a.ask('undo', {});
    await agree();
    expect(saveDocument(a.document!)).toBe(before);
  });

  test('seeded edits of both at once leave both with the document of the host', async () => {
    const { int, pick, chance } = random(7);
    const choices: readonly (() => Edit)[] = [
      () => ({ op: 'moveNodes', positions: { write: [int(0, 99), 0] } }),
      () => ({ op: 'setTitle', node: 'shuffle', title: `t${int(0, 99)}` }),
      () => ({ op: 'setDisabled', node: 'tag', disabled: chance(0.5) }),
      () => ({
        op: 'setParam',
        node: 'write',
        name: 'compression',
        value: pick(['zip', 'piz', 'rle']),
      }),
      () => ({ op: 'removeLink', to: 'tag.image' }),
      () => ({ op: 'addLink', from: 'shuffle.image', to: 'tag.image' }),
    ];
    let taken = 0;
    const jobs: Promise<unknown>[] = [];
    for (let i = 0; i < 120; i++) {
      const client = pick([a, b]);
      const kind = int(0, 99);
      const job =
        kind < 15 ? client.ask('undo', {}) : kind < 25 ? client.ask('redo', {}) : client.edit(pick(choices)());
      jobs.push(
        job.then(
          () => taken++,
          () => {},
        ),
      );
      if (i % 10 === 9) await Promise.all(jobs);
    }
    await Promise.all(jobs);
    await agree();
    const late = await main.connect();
    expect(saveDocument(late.document!)).toBe(saveDocument(a.document!));
    expect(taken).toBeGreaterThan(50);
  });

  test('another document has its own history, and refuses edits that were meant for the one before', async () => {
    const old = a.revision;
    await b.ask('new', {});
    const reset = await a.event('document', (e) => e.reset && e.revision > old);
    expect(reset.document.nodes).toEqual({});
    expect((await a.event('history')).history).toEqual({ depth: 0 });
    const late = a.ask('edit', { edit: { op: 'setName', name: 'late' }, intent: 'Name', revision: old });
    expect(await codeOf(late)).toBe('edit-invalid');
    await agree();
    expect(a.document!.name).toBe('untitled');
  });
});

describe('what is told of the graph', () => {
  test('problems, descriptions and the timeline follow edits and seeks', async () => {
    const { graph } = await shotFolder();
    const client = await (await hosted({ graph })).connect();
    expect(await client.event('document')).toMatchObject({ frame: 1001 });
    const { timeline } = await client.event('timeline', (e) => e.timeline !== null);
    expect(timeline).toMatchObject({ first: 1001, last: 1008, missing: '', substituted: '' });

    await client.event('nodes', ({ nodes }) => 'write' in nodes);
    const merged = (): Record<string, unknown> =>
      Object.assign({}, ...client.events.map((e) => (e.kind === 'nodes' ? e.nodes : {})));
    expect(merged()).toMatchObject({
      tag: { state: 'idle', summary: expect.any(String), inputs: { image: { parts: [{}] } } },
      write: { summary: 'sh010.%04d.exr, zip' },
    });
    const shuffle = merged()['shuffle'] as {
      image: { parts: { channels: { name: string }[]; attributes: unknown[] }[] };
    };
    expect(shuffle.image.parts[0]!.channels.map((c) => c.name)).toContain('depth.Z');
    expect(shuffle.image.parts[0]!.attributes).toEqual([]);

    await client.edit({ op: 'setParam', node: 'tag', name: 'nonsense', value: 1 });
    const { problems } = await client.event('problems', (e) => e.problems.length > 0);
    expect(problems).toMatchObject([{ code: 'param-unknown', where: { node: 'tag' } }]);
    await client.event('nodes', ({ nodes }) => nodes['tag']?.state === 'error');
    await client.ask('undo', {});
    await client.event('problems', (e) => e.problems.length === 0 && client.events.indexOf(e) > 10);
    await client.event('nodes', ({ nodes }) => nodes['tag']?.state === 'idle');

    client.send({ kind: 'seek', frame: 1010 });
    await client.event('problems', (e) => e.problems.some((p) => p.code === 'frame-outside'));
    client.send({ kind: 'seek', frame: 1004 });
    await client.until(() => client.events.findLast((e) => e.kind === 'problems')?.problems.length === 0);

    await client.edit({ op: 'removeNode', id: 'tag' });
    await client.event('nodes', ({ nodes }) => nodes['tag'] === null);
  });

  test('attributes of a node come with values, owners and sources', async () => {
    const { graph } = await shotFolder();
    const client = await (await hosted({ graph })).connect();
    const rows = await client.ask('attributes', { node: 'write', frame: 1003 });
    const row = (name: string) => rows.find((r) => r.name === name);
    expect(row('comments')).toMatchObject({
      type: 'string',
      source: 'tag',
      text: expect.stringContaining('frame 1003'),
    });
    expect(row('dataWindow')).toMatchObject({ type: 'box2i', owner: expect.any(String) });
    expect(row('renderLayer')).toMatchObject({ value: 'beauty+utility' });
    expect(await client.ask('attributes', { node: 'nobody', frame: 1 })).toEqual([]);
  });
});
