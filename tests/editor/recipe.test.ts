// An EXR that carries a graph, dropped or pasted: the choice is the user's, and nothing happens before it.
import { describe, expect, test } from 'vitest';
import type { FolderView, Request } from '../../editor/protocol.ts';
import { arrive } from '../../editor/ui/shell/arrival.ts';
import { createStore, type Store } from '../../editor/ui/store/store.ts';
import { type CatalogueEntry, emptyDocument } from '../../engine/browser.ts';
import { catalogueEntry } from '../../engine/index.ts';
import { read } from '../../nodes/io/read.ts';
import { FakeHost } from './fake-host.ts';

const plates: FolderView = {
  folder: '/shots/plates',
  folders: [],
  sequences: [{ pattern: 'a.%04d.exr', frames: '1001-1003' }, { pattern: 'plain.exr' }],
  roots: ['/shots/plates'],
};

async function meet(): Promise<{ store: Store; asked: Request[]; settle: () => Promise<void> }> {
  const host = new FakeHost();
  host.catalogue = [catalogueEntry(read) as CatalogueEntry];
  const asked: Request[] = [];
  host.answer = (request) => {
    asked.push(request);
    if (request.kind === 'browse') return plates;
    if (request.kind === 'lookUp') {
      const at = (name: string) => [{ path: `/shots/plates/${name}`, folder: false, size: 0, modified: 0 }];
      return { places: request.names.map(at), complete: true };
    }
    if (request.kind === 'inspect') {
      const name = request.path === '/shots/plates/a.1002.exr' ? 'sluiceRecipe' : 'owner';
      return { attributes: [{ part: 0, name, type: 'string', text: '' }] };
    }
    if (request.kind === 'open') host.replace(emptyDocument('inside'));
    return { path: '' };
  };
  const line = host.line();
  const store = createStore(line);
  const settle = async (): Promise<void> => {
    for (let i = 0; i < 20; i++) {
      await new Promise((done) => setTimeout(done, 0));
      line.deliver();
    }
  };
  await settle();
  return { store, asked, settle };
}

const reads = (store: Store): unknown[] =>
  Object.values(store.document$.value.nodes).map(({ params }) => params['path']);
const offer = (store: Store) => store.notices$.value.find(({ key }) => key === 'recipe');
const file = (name: string, path?: string) => ({ name, file: new File([], name), ...(path ? { path } : {}) });

describe('an EXR with a graph inside', () => {
  test.each([
    ['pasted as a path', { by: 'paste' as const, text: '/shots/plates/a.1002.exr', files: [] }],
    [
      'dropped with its path',
      { by: 'drop' as const, text: '', files: [file('a.1002.exr', '/shots/plates/a.1002.exr')] },
    ],
    ['dropped in a browser, which tells no path', { by: 'drop' as const, text: '', files: [file('a.1002.exr')] }],
  ])('%s is offered both ways; adding it reads its sequence', async (_, arrival) => {
    const { store, settle } = await meet();
    arrive(store, arrival);
    await settle();
    expect(reads(store)).toEqual([]);
    const { level, text, actions } = offer(store)!;
    expect([level, text]).toEqual(['info', 'a.1002.exr carries the graph that made it.']);
    expect(actions!.map(({ title }) => title)).toEqual(['Add as Read', 'Open its graph']);
    actions![0]!.run();
    await settle();
    expect(reads(store)).toEqual(['/shots/plates/a.%04d.exr']);
  });

  test('opens as the document where that is the choice', async () => {
    const { store, asked, settle } = await meet();
    arrive(store, { by: 'paste', text: '/shots/plates/a.1002.exr', files: [] });
    await settle();
    offer(store)!.actions![1]!.run();
    await settle();
    expect(asked.at(-1)).toMatchObject({ kind: 'open', path: '/shots/plates/a.1002.exr' });
    expect([store.document$.value.name, reads(store)]).toEqual(['inside', []]);
  });

  test('is read like any other among several files; others, and patterns, are read at once', async () => {
    const { store, asked, settle } = await meet();
    arrive(store, { by: 'paste', text: '/shots/plates/a.1002.exr\n/shots/plates/plain.exr', files: [] });
    await settle();
    expect(reads(store)).toEqual(['/shots/plates/a.%04d.exr', '/shots/plates/plain.exr']);
    expect(asked.some(({ kind }) => kind === 'inspect')).toBe(false);
    arrive(store, { by: 'paste', text: '/shots/plates/a.%04d.exr', files: [] });
    arrive(store, { by: 'paste', text: '/shots/plates/plain.exr', files: [] });
    await settle();
    expect(reads(store)).toHaveLength(4);
    expect([offer(store), asked.filter(({ kind }) => kind === 'inspect').length]).toEqual([undefined, 1]);
  });
});
