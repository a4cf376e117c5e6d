// The library: what it lists and finds, what a drag carries, and what adding and templates do to the document.
import { BehaviorSubject } from 'rxjs';
import { describe, expect, test } from 'vitest';
import type { FolderView, Replies } from '../../editor/protocol.ts';
import { addNode, addReader, addTemplate, clearPlace, templateEdit } from '../../editor/ui/panels/library/adding.ts';
import { type Bag, carry, DRAGGED_TEMPLATE, templateIn } from '../../editor/ui/panels/library/carried.ts';
import { docOf, found, sectionsOf, templateEntry } from '../../editor/ui/panels/library/sections.ts';
import { findTemplates, foldSelection, looseOutput } from '../../editor/ui/panels/library/templates.ts';
import { createStore, type Store, type Welcome } from '../../editor/ui/store/store.ts';
import {
  applyEdit,
  type Document,
  emptyDocument,
  saveDocument,
  templateOf,
  templateVersion,
} from '../../engine/browser.ts';
import { catalogue, createRegistry } from '../../engine/index.ts';
import { nodes } from '../../nodes/index.ts';
import { FakeHost } from './fake-host.ts';

const entries = catalogue(createRegistry(nodes));
const node = (type: string, x = 0, params = {}) => ({ type, version: 1, params, at: [x, 0] as const });

const look: Document = {
  ...emptyDocument('look'),
  doc: 'Brightens.',
  promoted: [{ name: 'stops', title: 'Stops', to: ['gain.stops'] }],
  nodes: {
    plate: node('template.input', 0, { name: 'plate' }),
    gain: node('color.exposure', 200),
    out: node('template.output', 400),
  },
  links: [
    { from: 'plate.image', to: 'gain.image' },
    { from: 'gain.image', to: 'out.image' },
  ],
};

describe('the list', () => {
  const template = templateEntry('/shots/look.sluice.json', look)!;

  test('has every node but the one that holds templates, and every template, once', () => {
    const sections = sectionsOf(entries, [template]);
    const ids = sections.flatMap(({ items }) => items.map(({ id }) => id));
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.toSorted()).toEqual(
      [
        ...entries.map(({ type }) => type).filter((type) => type !== 'template.instance'),
        '/shots/look.sluice.json',
      ].toSorted(),
    );
    expect(sections[0]!.title).toBe('Read and write');
    expect(sections.at(-1)!.title).toBe('Templates');
    for (const item of sections.flatMap(({ items }) => items)) expect(docOf(item).length).toBeGreaterThan(10);
    expect(sectionsOf([], [])).toEqual([]);
    // Those of one name are told apart by their files.
    const others = ['/a/one.sluice.json', '/a/two.sluice.json'].map((path) => ({ ...template, path, name: 'same' }));
    expect(sectionsOf([], [template, ...others])[0]!.items.map(({ title }) => title)).toEqual([
      template.name,
      'same, one.sluice.json',
      'same, two.sluice.json',
    ]);
  });

  test('finds by title, type, keyword and promoted parameter', () => {
    const sections = sectionsOf(entries, [template]);
    const first = (query: string): string | undefined => found(sections, query)[0]?.items[0]?.id;
    expect(first('exposure')).toBe('color.exposure');
    expect(first('channel.shuffle')).toBe('channel.shuffle');
    expect(first('shch')).toBe('channel.shuffle');
    expect(first('look')).toBe('/shots/look.sluice.json');
    expect(found(sections, 'stops')[0]!.items.map(({ id }) => id)).toContain('/shots/look.sluice.json');
    expect(found(sections, 'qqqq')).toEqual([]);
    expect(found(sections, '  ')).toBe(sections);
  });

  test('a template is a graph that promotes something or has ports', () => {
    expect(template).toEqual({
      path: '/shots/look.sluice.json',
      name: 'look',
      doc: 'Brightens.',
      promoted: ['Stops'],
      inputs: ['plate'],
    });
    expect(docOf({ kind: 'template', id: '', title: '', template })).toBe('Brightens. Takes plate. Offers Stops.');
    expect(templateEntry('x', { ...emptyDocument(), nodes: { a: node('io.read') } })).toBeUndefined();
  });
});

describe('drags', () => {
  const bag = (): Bag & { readonly data: Map<string, string> } => {
    const data = new Map<string, string>();
    return {
      data,
      get types() {
        return [...data.keys()];
      },
      getData: (format) => data.get(format) ?? '',
      setData: (format, text) => void data.set(format, text),
    };
  };

  test('carry what the canvas and the fields of paths understand', () => {
    const nodes_ = bag();
    carry(nodes_, { kind: 'node', type: 'io.read' });
    expect([...nodes_.data]).toEqual([
      ['application/x-sluice-node', '{"type":"io.read"}'],
      ['text/plain', 'io.read'],
    ]);
    const sequence = bag();
    carry(sequence, { kind: 'sequence', path: '/a/b.%04d.exr' });
    expect(sequence.data.get('application/x-sluice-sequence')).toBe('{"path":"/a/b.%04d.exr"}');
    const template = bag();
    carry(template, { kind: 'template', path: '/a/look.sluice.json' });
    expect(templateIn(template)).toBe('/a/look.sluice.json');
    expect(templateIn(sequence)).toBeUndefined();
  });

  test('with anything else under that name carry nothing', () => {
    for (const text of ['', 'null', '7', '{}', '{"path":7}', '{"path":""}']) {
      const odd = bag();
      odd.setData(DRAGGED_TEMPLATE, text);
      expect(templateIn(odd)).toBeUndefined();
    }
  });
});

async function meet(document = emptyDocument(), path?: string): Promise<{ store: Store; settle: () => Promise<void> }> {
  const host = new FakeHost(document);
  host.catalogue = entries;
  host.answer = (request) => {
    if (request.kind === 'readGraph') return { path: request.path, document: look } satisfies Replies['readGraph'];
    throw { code: 'usage', message: 'Not here.' };
  };
  const line = host.line();
  const store = createStore(line);
  const settle = async (): Promise<void> => {
    for (let i = 0; i < 6; i++) {
      await new Promise((done) => setTimeout(done, 0));
      line.deliver();
    }
  };
  await settle();
  if (path !== undefined) store.file$.next({ path, saved: true, changedOnDisk: false });
  return { store, settle };
}

describe('adding', () => {
  test('a node goes after the one that is selected, else where nothing stands', async () => {
    const { store } = await meet();
    addNode(store, 'io.read');
    expect([...store.selection$.value]).toEqual(['read']);
    addNode(store, 'color.exposure');
    expect(store.document$.value.links).toEqual([{ from: 'read.image', to: 'exposure.image' }]);
    store.select([]);
    addNode(store, 'io.read');
    const places = Object.values(store.document$.value.nodes).map(({ at }) => JSON.stringify(at));
    expect(new Set(places).size).toBe(3);
    addNode(store, 'no.such');
    expect(store.notices$.value.at(-1)!.text).toContain('no.such');
    expect(Object.keys(store.document$.value.nodes)).toHaveLength(3);
  });

  test('several sequences do not cover each other, and paths are relative to the document', async () => {
    const { store } = await meet(emptyDocument(), '/shots/a.sluice.json');
    for (const name of ['beauty', 'utility', 'matte']) addReader(store, `/shots/in/${name}.%04d.exr`);
    const added = Object.values(store.document$.value.nodes);
    expect(added.map(({ params }) => params['path'])).toEqual([
      'in/beauty.%04d.exr',
      'in/utility.%04d.exr',
      'in/matte.%04d.exr',
    ]);
    expect(new Set(added.map(({ at }) => at[1])).size).toBe(3);
  });

  test('a clear place is the place itself or the first below it', () => {
    const document = {
      ...emptyDocument(),
      nodes: { a: node('io.read'), b: { ...node('io.read'), at: [20, 90] as const } },
    };
    expect(clearPlace(document, [500, 0])).toEqual([500, 0]);
    expect(clearPlace(document, [0, 0])).toEqual([0, 190]);
    expect(clearPlace(document, [0, -200])).toEqual([0, -200]);
  });

  test('a template is one node that knows where it came from', async () => {
    const { store, settle } = await meet(emptyDocument(), '/shots/a.sluice.json');
    const adding = addTemplate(store, '/shots/lib/look.sluice.json', { at: { x: 5, y: 5 } });
    await settle();
    await adding;
    const [added] = Object.values(store.document$.value.nodes);
    expect(added!.params['source']).toEqual({
      path: 'lib/look.sluice.json',
      name: 'look',
      version: templateVersion(look),
    });
    expect(saveDocument(templateOf(added!)!.template)).toBe(saveDocument(look));

    const { edit } = templateEdit(
      emptyDocument(),
      { path: '/x.sluice.json', document: look },
      { at: [1, 2], file: undefined },
    );
    const { document } = applyEdit(emptyDocument(), edit);
    expect(Object.values(document.nodes)[0]).toMatchObject({
      at: [1, 2],
      params: { source: { path: '/x.sluice.json' } },
    });
  });
});

describe('templates', () => {
  test('are found below the roots, breadth first and bounded, in order of their names', async () => {
    const plain = { ...emptyDocument('plain'), nodes: { a: node('io.read') } };
    const graphs: Readonly<Record<string, Document>> = {
      '/r/z.sluice.json': { ...look, name: 'z' },
      '/r/lib/a.sluice.json': { ...look, name: 'a' },
      '/r/plain.sluice.json': plain,
    };
    let asked = 0;
    const request = async (question: { kind: string; folder?: string; path?: string }): Promise<unknown> => {
      asked += 1;
      if (question.kind === 'readGraph') return { path: question.path, document: graphs[question.path!] };
      if (question.folder === '/closed') throw new Error('outside');
      const top = question.folder === '/r';
      const names = top ? ['z', 'plain'] : question.folder === '/r/lib' ? ['a'] : [];
      return {
        folder: question.folder!,
        // Each folder holds others without end.
        folders: top ? ['lib', 'deep'] : ['deep', 'deeper'],
        sequences: [
          { pattern: 'x.%04d.exr', frames: '1-2' },
          ...names.map((name) => ({ pattern: `${name}.sluice.json`, document: true })),
        ],
        roots: [],
      } satisfies FolderView;
    };
    const { store } = await meet();
    const roots = { ...store.welcome$.value!, roots: ['/closed', '/r'] };
    const welcome$ = new BehaviorSubject<Welcome | null>(roots);
    const templates = await findTemplates({ request: request as Store['request'], welcome$ });
    expect(templates.map(({ name, path }) => [name, path])).toEqual([
      ['a', '/r/lib/a.sluice.json'],
      ['z', '/r/z.sluice.json'],
    ]);
    expect(asked).toBe(48 + 3);
  });

  test('are made of a selection: in place, with the one output that nothing uses', async () => {
    const document: Document = {
      ...emptyDocument(),
      nodes: { read: node('io.read'), gain: node('color.exposure', 200), more: node('color.exposure', 400) },
      links: [
        { from: 'read.image', to: 'gain.image' },
        { from: 'gain.image', to: 'more.image' },
      ],
    };
    expect(looseOutput(document, new Set(['gain', 'more']), entries)).toBe('more.image');
    expect(looseOutput(document, new Set(['gain']), entries)).toBeUndefined();
    const { store } = await meet(document);
    store.select(['gain', 'more']);
    foldSelection(store);
    const { nodes: left, links } = store.document$.value;
    expect(Object.keys(left)).toEqual(['read', 'template']);
    expect(links).toEqual([{ from: 'read.image', to: 'template.inputs.read' }]);
    expect(templateOf(left['template']!)).toMatchObject({ inputs: ['read'], gives: true });
    expect([...store.selection$.value]).toEqual(['template']);

    store.select([]);
    foldSelection(store);
    expect(store.notices$.value.at(-1)!.level).toBe('warning');
  });
});
