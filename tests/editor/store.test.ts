// The store: optimistic edits over a host that confirms, refuses, edits by itself, breaks off and comes back.
import { describe, expect, test } from 'vitest';
import type { Event } from '../../editor/protocol.ts';
import { Refusal } from '../../editor/ui/store/refusal.ts';
import { createStore, MOST_LINES, type Store } from '../../editor/ui/store/store.ts';
import { type Document, type Edit, emptyDocument, saveDocument } from '../../engine/browser.ts';
import { random } from '../base/random.ts';
import { FakeHost, type FakeLine } from './fake-host.ts';

const node = (x = 0) => ({ type: 'test.node', version: 1, params: {}, at: [x, 0] as const });
const add = (id: string, x = 0): Edit => ({ op: 'addNode', id, node: node(x) });
const move = (id: string, x: number): Edit => ({ op: 'moveNodes', positions: { [id]: [x, 0] } });

const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0));

async function meet(document?: Document): Promise<{ host: FakeHost; line: FakeLine; store: Store }> {
  const host = new FakeHost(document);
  const line = host.line();
  const store = createStore(line);
  await settle();
  return { host, line, store };
}

const ids = (store: Store): string[] => Object.keys(store.document$.value.nodes);

describe('edits', () => {
  test('show at once, before the host has heard of them, and stay the same object when it confirms', async () => {
    const { host, line, store } = await meet();
    store.edit(add('a'), 'Add a');
    expect(ids(store)).toEqual(['a']);
    expect(Object.keys(host.document.nodes)).toEqual([]);
    const shown = store.document$.value;
    line.deliver();
    expect(store.document$.value).toBe(shown);
    expect(saveDocument(host.document)).toBe(saveDocument(shown));
    expect(store.history$.value).toEqual({ depth: 1, undo: 'Add a' });
    expect(line.received).toEqual([{ kind: 'edit', id: 1, revision: 0, edit: add('a'), intent: 'Add a' }]);
  });

  test('carry their group', async () => {
    const { line, store } = await meet();
    store.edit(add('a'), 'Add a', 'drag');
    line.deliver();
    expect(line.received).toMatchObject([{ group: 'drag' }]);
  });

  test('that do not fit are neither made nor sent, and a notice says so', async () => {
    const { line, store } = await meet();
    store.edit(move('nobody', 3), 'Move');
    line.deliver();
    expect(line.received).toEqual([]);
    expect(store.notices$.value).toMatchObject([{ level: 'error', key: 'edit' }]);
  });

  test('that the host refuses go away again, later ones stay', async () => {
    const { host, line, store } = await meet();
    host.refuse.add(1);
    store.edit(add('a'), 'Add a');
    store.edit(add('b'), 'Add b');
    expect(ids(store)).toEqual(['a', 'b']);
    line.deliver();
    expect(ids(store)).toEqual(['b']);
    expect(saveDocument(store.document$.value)).toBe(saveDocument(host.document));
    expect(store.notices$.value).toMatchObject([{ text: 'Refused by the test.' }]);
  });

  test('of another client come in below those under way', async () => {
    const { host, line, store } = await meet();
    const other = host.line();
    const second = createStore(other);
    await settle();
    second.edit(add('theirs'), 'Add');
    store.edit(add('ours'), 'Add');
    other.deliver();
    expect(ids(store)).toEqual(['theirs', 'ours']);
    line.deliver();
    expect(ids(second)).toEqual(['theirs', 'ours']);
    expect(saveDocument(store.document$.value)).toBe(saveDocument(second.document$.value));
  });

  test('are undone by the host', async () => {
    const { line, store } = await meet();
    store.edit(add('a'), 'Add a');
    store.undo();
    line.deliver();
    expect(ids(store)).toEqual([]);
    store.undo();
    line.deliver();
    await settle();
    // A key that is held down comes to the end before the page knows of it: no cause for a notice.
    expect(store.notices$.value).toEqual([]);
  });

  test('a wire is selected alone, and goes with its link', async () => {
    const { store } = await meet();
    const link = { from: 'a.image', to: 'b.image' };
    store.edit({ op: 'batch', edits: [add('a'), add('b'), { op: 'addLink', ...link }] }, 'Add');
    store.select(['a']);
    store.selectWire('b.image');
    expect([store.wire$.value, store.selection$.value.size]).toEqual(['b.image', 0]);
    store.select(['b']);
    expect([store.wire$.value, [...store.selection$.value]]).toEqual([undefined, ['b']]);
    store.selectWire('b.image');
    store.edit({ op: 'removeLink', ...link }, 'Disconnect');
    expect(store.wire$.value).toBeUndefined();
  });

  test('renaming a node takes the selection and the viewer along; removing it takes them away', async () => {
    const { store } = await meet();
    store.edit({ op: 'batch', edits: [add('a'), add('b')] }, 'Add');
    store.select(['a', 'b']);
    store.view('a', 'a');
    store.view('b', 'b');
    store.edit({ op: 'batch', edits: [{ op: 'renameNode', id: 'a', to: 'c' }] }, 'Rename');
    expect([...store.selection$.value]).toEqual(['c', 'b']);
    expect(store.viewed$.value).toEqual({ a: 'c', b: 'b' });
    store.edit({ op: 'removeNode', id: 'b' }, 'Remove');
    expect([...store.selection$.value]).toEqual(['c']);
    expect(store.viewed$.value).toEqual({ a: 'c' });
  });

  test('an edit that does not fit the copy brings a new connection and the whole document', async () => {
    const { host, line, store } = await meet();
    line.events$.next({ kind: 'edited', revision: 9, edit: move('nobody', 1) });
    expect(line.renewed).toBe(1);
    host.document = { ...emptyDocument(), name: 'theirs' };
    await settle();
    expect(store.document$.value.name).toBe('theirs');
  });
});

describe('a lost connection', () => {
  test('keeps edits made meanwhile and sends them afterwards', async () => {
    const { host, line, store } = await meet();
    line.lose();
    store.edit(add('a'), 'Add a');
    expect(ids(store)).toEqual(['a']);
    line.find();
    await settle();
    line.deliver();
    expect(Object.keys(host.document.nodes)).toEqual(['a']);
    expect(ids(store)).toEqual(['a']);
  });

  test('does not make an edit twice that had arrived, nor lose one that had not', async () => {
    const { host, line, store } = await meet();
    store.edit(add('a'), 'Add a');
    store.edit(add('b'), 'Add b');
    store.edit(add('c'), 'Add c');
    line.deafen();
    line.deliver(2);
    line.lose();
    line.find();
    await settle();
    line.deliver();
    expect(Object.keys(host.document.nodes)).toEqual(['a', 'b', 'c']);
    expect(ids(store)).toEqual(['a', 'b', 'c']);
    expect(host.revision).toBe(3);
    expect(store.notices$.value).toEqual([]);
  });

  test('gives way to another document, and says what was lost', async () => {
    const { host, line, store } = await meet();
    store.edit(add('a'), 'Add a');
    line.lose();
    host.document = { ...emptyDocument(), name: 'other', nodes: { z: node() } };
    line.find();
    await settle();
    line.deliver();
    expect(ids(store)).toEqual(['z']);
    expect(store.notices$.value[0]?.text).toContain('One edit made while the connection was lost');
  });

  test('rejects what was asked and holds what is asked until it is back', async () => {
    const { host, line, store } = await meet();
    host.answer = () => 'there';
    const before = store.request({ kind: 'browse', folder: '/shots' });
    line.lose();
    await expect(before).rejects.toMatchObject({ code: 'disconnected' });
    await expect(before).rejects.toBeInstanceOf(Refusal);
    const after = store.request({ kind: 'browse', folder: '/shots' });
    line.find();
    await settle();
    line.deliver();
    await expect(after).resolves.toBe('there');
  });

  test('says the last wishes again', async () => {
    const { line, store } = await meet();
    store.seek(5);
    store.seek(7);
    store.send({ kind: 'view', slot: 0, serial: 1, view: null });
    store.send({ kind: 'view', slot: 1, serial: 2, view: null });
    store.send({ kind: 'thumbnails', nodes: ['a'] });
    line.deliver();
    line.received.length = 0;
    line.lose();
    line.find();
    await settle();
    line.deliver();
    expect(line.received).toEqual([
      { kind: 'seek', frame: 7 },
      { kind: 'view', slot: 0, serial: 1, view: null },
      { kind: 'view', slot: 1, serial: 2, view: null },
      { kind: 'thumbnails', nodes: ['a'] },
    ]);
  });
});

describe('what the host tells', () => {
  const view = { inputs: {}, state: 'idle' as const };
  test('nodes come and go one by one', async () => {
    const { line, store } = await meet();
    line.events$.next({ kind: 'nodes', nodes: { a: view, b: view } });
    line.events$.next({ kind: 'nodes', nodes: { a: null, c: view } });
    expect(Object.keys(store.nodes$.value)).toEqual(['b', 'c']);
  });

  test('another document brings the frame that the host describes; the same one told anew does not', async () => {
    const { host, line, store } = await meet();
    expect(store.frame$.value).toBe(1001);
    store.seek(1005);
    line.deliver();
    line.lose();
    line.find();
    await settle();
    expect(store.frame$.value).toBe(1005);
    host.replace({ ...emptyDocument(), name: 'other' });
    expect(store.frame$.value).toBe(1001);
  });

  test('the frame goes along where those of the inputs move away from under it, and comes back with them', async () => {
    const { host, line, store } = await meet();
    const tell = (first: number, last: number): void =>
      line.events$.next({ kind: 'timeline', timeline: { first, last, missing: '', substituted: '', cached: '' } });
    tell(1001, 1001);
    tell(2001, 2008);
    expect(store.frame$.value).toBe(2001);
    store.seek(2005);
    tell(1, 10);
    expect(store.frame$.value).toBe(10);
    tell(2001, 2008);
    expect(store.frame$.value).toBe(2005);
    line.deliver();
    const sought = line.received.filter(({ kind }) => kind === 'seek');
    expect(sought.map((request) => 'frame' in request && request.frame)).toEqual([2001, 2005, 10, 2005]);
    host.replace({ ...emptyDocument(), frames: { ...emptyDocument().frames, range: '1001-1100' } });
    tell(1005, 1008);
    expect(store.frame$.value).toBe(1001);
  });

  test('what is too large for a message is neither made nor sent', async () => {
    const { line, store } = await meet();
    const huge = 'x'.repeat(9 * 1024 * 1024);
    store.edit({ op: 'setDoc', doc: huge }, 'Write a novel');
    await expect(store.request({ kind: 'openText', text: huge, name: 'a' })).rejects.toMatchObject({
      code: 'document-too-large',
    });
    line.deliver();
    expect(line.received).toEqual([]);
    expect(store.document$.value.doc).toBeUndefined();
  });

  test('another document forgets what belonged to the one before', async () => {
    const { host, line, store } = await meet();
    let resets = 0;
    store.reset$.subscribe(() => resets++);
    store.edit(add('a'), 'Add a');
    store.select(['a']);
    line.events$.next({ kind: 'nodes', nodes: { a: view } });
    host.replace({ ...emptyDocument(), name: 'other' });
    expect(resets).toBe(1);
    expect(ids(store)).toEqual([]);
    expect(store.nodes$.value).toEqual({});
    expect(store.selection$.value.size).toBe(0);
  });

  test('only the newest lines of the log are kept', async () => {
    const { line, store } = await meet();
    const lines = Array.from({ length: MOST_LINES + 10 }, (_, i) => ({ at: '', level: 'info' as const, text: `${i}` }));
    line.events$.next({ kind: 'log', lines });
    expect(store.log$.value.length).toBe(MOST_LINES);
    expect(store.log$.value.at(-1)?.text).toBe(`${MOST_LINES + 9}`);
  });

  test('an event of a newer host is passed over; another protocol is told', async () => {
    const { line, store } = await meet();
    line.events$.next({ kind: 'tomorrow' } as unknown as Event);
    expect(store.notices$.value).toEqual([]);
    line.events$.next({ ...store.welcome$.value!, protocol: 99 });
    expect(store.notices$.value).toMatchObject([{ key: 'protocol' }]);
  });

  test('a notice with the same key takes the place of the older', async () => {
    const { store } = await meet();
    store.notify({ level: 'info', key: 'k', text: 'one' });
    store.notify({ level: 'info', key: 'k', text: 'two' });
    expect(store.notices$.value.map(({ text }) => text)).toEqual(['two']);
    store.dismiss(store.notices$.value[0]!.id);
    expect(store.notices$.value).toEqual([]);
  });
});

test('whatever happens, in the end all clients show what the host has', async () => {
  let edits = 0;
  let breaks = 0;
  for (let seed = 1; seed <= 60; seed++) {
    const dice = random(seed);
    const upTo = (n: number): number => dice.int(0, n - 1);
    const host = new FakeHost();
    const clients = [0, 1].map(() => {
      const line = host.line();
      return { line, store: createStore(line) };
    });
    await settle();
    let named = 0;
    for (let step = 0; step < 60; step++) {
      const { line, store } = clients[upTo(2)]!;
      const there = ids(store);
      const some = there[upTo(Math.max(1, there.length))];
      const act = upTo(12);
      edits += act < 6 ? 1 : 0;
      if (act < 3 || (act < 6 && some === undefined)) store.edit(add(`n${named++}`), 'Add');
      else if (act < 5) store.edit(move(some!, upTo(1000)), 'Move');
      else if (act === 5) store.edit({ op: 'removeNode', id: some! }, 'Remove');
      else if (act === 6) host.refuse.add(upTo(40));
      else if (act === 7) store.undo();
      else if (act < 11) line.deliver(upTo(4));
      else {
        breaks++;
        if (upTo(2) === 0) line.deafen();
        line.deliver(upTo(3));
        line.lose();
        line.find();
        await settle();
      }
    }
    host.refuse.clear();
    for (const { line } of clients) {
      line.lose();
      line.find();
    }
    await settle();
    for (let round = 0; round < 3; round++) for (const { line } of clients) line.deliver();
    const theirs = saveDocument(host.document);
    for (const { store } of clients) expect(saveDocument(store.document$.value), `seed ${seed}`).toBe(theirs);
  }
  expect(edits).toBeGreaterThan(1500);
  expect(breaks).toBeGreaterThan(200);
});
