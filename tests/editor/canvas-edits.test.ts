// What the canvas makes of gestures: edits that fit the document, keep what was joined and go back in one step.
import { describe, expect, test } from 'vitest';
import { align, move, neighbour, withContents } from '../../editor/ui/canvas/arrange.ts';
import { backdropAround, edgesAt, noteAt, resized } from '../../editor/ui/canvas/backdrop.ts';
import { type Change, isRefused, type Refused, relinked } from '../../editor/ui/canvas/change.ts';
import { copyText, graphIn, paste } from '../../editor/ui/canvas/clip.ts';
import {
  connect,
  connectNodes,
  disconnectInputs,
  misfit,
  nameFor,
  nameTrouble,
} from '../../editor/ui/canvas/connect.ts';
import {
  createAfter,
  createAtEnd,
  createInWire,
  fitsAt,
  fitsInWire,
  insertedLinks,
} from '../../editor/ui/canvas/create.ts';
import { bypass, extract, removeNodes } from '../../editor/ui/canvas/remove.ts';
import { besideSource, clearOf, roomMade, sizeOf } from '../../editor/ui/canvas/room.ts';
import { makeScene, type Scene } from '../../editor/ui/canvas/scene.ts';
import {
  type Animations,
  applyEdit,
  type CatalogueEntry,
  type Document,
  type DocumentNode,
  emptyDocument,
  type Link,
} from '../../engine/browser.ts';
import { catalogue, createRegistry } from '../../engine/index.ts';
import { nodes as installed } from '../../nodes/index.ts';
import { makeGraph, mulberry } from './perf/graph.ts';

const ENTRIES = new Map(catalogue(createRegistry(installed)).map((entry) => [entry.type, entry]));
const entryOf = (type: string): CatalogueEntry => ENTRIES.get(type)!;
const NUMBER: CatalogueEntry = {
  ...entryOf('graph.dot'),
  type: 'made.number',
  outputs: [{ name: 'value', kind: 'number', doc: 'A number.', many: false, optional: false }],
};
const sceneOf = (document: Document): Scene =>
  makeScene(document, { catalogue: new Map([...ENTRIES, [NUMBER.type, NUMBER]]), pictures: new Set() });

function graph(nodes: Readonly<Record<string, readonly [type: string, x: number, y: number]>>, links: readonly Link[]) {
  return sceneOf({
    ...emptyDocument(),
    nodes: Object.fromEntries(
      Object.entries(nodes).map(([id, [type, x, y]]) => [id, { type, version: 1, params: {}, at: [x, y] as const }]),
    ),
    links,
  });
}
const link = (from: string, to: string): Link => ({ from, to });

const chain = graph(
  {
    a: ['io.read', 0, 0],
    b: ['io.read', 0, 200],
    mix: ['channel.shuffle', 280, 80],
    tag: ['metadata.set', 560, 80],
    out: ['io.write', 840, 80],
    loose: ['color.exposure', 400, 400],
    value: ['made.number', 0, 400],
  },
  [
    link('a.image', 'mix.sources.a'),
    link('b.image', 'mix.sources.b'),
    link('mix.image', 'tag.image'),
    link('tag.image', 'out.image'),
  ],
);

/** The document after a change; the change has to go back to the very same document. */
function applied(scene: Scene, outcome: Change | Refused): Document {
  if (isRefused(outcome)) throw new Error(outcome.refused);
  const { document, inverse } = applyEdit(scene.document, outcome.edit);
  expect(applyEdit(document, inverse).document).toEqual(scene.document);
  expect(outcome.intent).not.toBe('');
  return document;
}
const output = (node: string, key = 'image') => ({ node, side: 'output', key }) as const;
const input = (node: string, key = 'image') => ({ node, side: 'input', key }) as const;
const at = { x: 100, y: 100 };

describe('connecting', () => {
  test('joins, replaces what was there in its place, and names one of many after its source', () => {
    expect(applied(chain, connect(chain, { from: output('b'), to: input('tag') })).links[2]).toEqual(
      link('b.image', 'tag.image'),
    );
    const joined = applied(chain, connect(chain, { from: output('loose'), to: input('mix', 'sources.+') }));
    expect(joined.links.at(-1)).toEqual(link('loose.image', 'mix.sources.loose'));
    const named = applied(
      chain,
      connect(chain, { from: output('loose'), to: input('mix', 'sources.+'), name: 'matte' }),
    );
    expect(named.links.at(-1)).toEqual(link('loose.image', 'mix.sources.matte'));
  });

  test('moves a wire that was picked up; within its port it keeps its name', () => {
    const instead = link('tag.image', 'out.image');
    const moved = applied(chain, connect(chain, { from: output('tag'), to: input('loose'), instead }));
    expect(moved.links).toContainEqual(link('tag.image', 'loose.image'));
    expect(moved.links).not.toContainEqual(instead);
    const own = link('a.image', 'mix.sources.a');
    const same = applied(chain, connect(chain, { from: output('b'), to: input('mix', 'sources.+'), instead: own }));
    expect(same.links.filter(({ to }) => to.startsWith('mix.'))).toHaveLength(2);
    expect(same.links).toContainEqual(link('b.image', 'mix.sources.a'));
  });

  test('refuses with a word', () => {
    const words = [
      connect(chain, { from: output('tag'), to: input('mix', 'sources.+') }),
      connect(chain, { from: output('tag'), to: input('tag') }),
      connect(chain, { from: output('value', 'value'), to: input('tag') }),
      connect(chain, { from: output('mix'), to: input('tag') }),
      connect(chain, { from: output('gone'), to: input('tag') }),
    ].map((outcome) => (isRefused(outcome) ? outcome.refused : ''));
    expect(words).toEqual([
      'This would close a cycle.',
      'This would close a cycle.',
      'This input takes an image, not a number.',
      'These are connected already.',
      'This port is gone.',
    ]);
    expect(misfit(chain, output('a'), output('b'))).toBe('An output goes to an input.');
    expect(misfit(chain, input('tag'), output('a'))).toBeUndefined();
  });

  test('selected nodes: the last that can be fed is, by the others', () => {
    const { links } = applied(chain, connectNodes(chain, ['a', 'b', 'loose']));
    expect(links.at(-1)).toEqual(link('a.image', 'loose.image'));
    const many = applied(chain, connectNodes(chain, ['loose', 'value', 'mix']));
    expect(many.links.at(-1)).toEqual(link('loose.image', 'mix.sources.loose'));
    // One with one gives way; a node without inputs is a source, wherever it stands.
    const two = applied(chain, connectNodes(chain, ['out', 'a']));
    expect(two.links).toContainEqual(link('a.image', 'out.image'));
    expect(two.links).not.toContainEqual(link('tag.image', 'out.image'));
    // Both ways round, no cycle comes of it.
    expect(connectNodes(chain, ['tag', 'mix'])).toEqual({ refused: 'These cannot be connected.' });
    expect(connectNodes(chain, ['value', 'out'])).toEqual({ refused: 'These cannot be connected.' });
    expect(connectNodes(chain, ['a'])).toEqual({ refused: 'Select the nodes to connect.' });
  });

  test('all inputs of nodes are parted at once', () => {
    const { links } = applied(chain, disconnectInputs(chain, ['mix', 'out']));
    expect(links).toEqual([link('mix.image', 'tag.image')]);
    expect(disconnectInputs(chain, ['a', 'b'])).toEqual({ refused: 'Nothing is connected to these.' });
  });

  test('names of inputs are free and can be names', () => {
    const { links } = chain.document;
    expect(nameFor(links, 'mix', 'sources', 'a')).toBe('a2');
    expect(nameTrouble(links, 'mix', 'sources', 'matte')).toBeUndefined();
    expect(
      ['', '2nd', 'a b', 'constructor', 'a'].map((name) => nameTrouble(links, 'mix', 'sources', name) !== undefined),
    ).toEqual(Array(5).fill(true));
  });

  test('relinking any list into any other one brings exactly that one', () => {
    const random = mulberry(7);
    const pool = Array.from({ length: 8 }, (_, i) => link(`a.out${i % 3}`, `b.in.n${i}`));
    const some = (): Link[] => pool.filter(() => random() < 0.6).toSorted(() => random() - 0.5);
    const base = graph({ a: ['io.read', 0, 0], b: ['io.write', 300, 0] }, []).document;
    for (let i = 0; i < 200; i++) {
      const [before, wanted] = [some(), some()];
      const edits = relinked(before, wanted);
      expect(applyEdit({ ...base, links: before }, { op: 'batch', edits }).document.links).toEqual(wanted);
    }
  });
});

describe('creating', () => {
  test('after a node: what followed it follows the new one; as a branch it does not', () => {
    const between = applied(
      chain,
      createAfter(chain, entryOf('color.exposure'), at, { nodes: ['mix'], branch: false }),
    );
    expect(between.links).toContainEqual(link('exposure.image', 'tag.image'));
    expect(between.links).toContainEqual(link('mix.image', 'exposure.image'));
    const branch = applied(chain, createAfter(chain, entryOf('color.exposure'), at, { nodes: ['mix'], branch: true }));
    expect(branch.links).toEqual([...chain.document.links, link('mix.image', 'exposure.image')]);
  });

  test('after several nodes: the topmost comes first; one that takes none stands alone', () => {
    const both = applied(
      chain,
      createAfter(chain, entryOf('channel.shuffle'), at, { nodes: ['b', 'a'], branch: false }),
    );
    expect(both.links.slice(-2)).toEqual([link('a.image', 'shuffle.sources.a'), link('b.image', 'shuffle.sources.b')]);
    const alone = createAfter(chain, entryOf('io.read'), at, { nodes: ['a'], branch: false });
    expect(applied(chain, alone).links).toEqual(chain.document.links);
    expect(alone.select).toEqual(['read']);
  });

  test('in a wire: the name at its end stays, and so does the order of the others', () => {
    const wire = chain.wires[0]!;
    expect(fitsInWire(entryOf('color.exposure'), wire)).toBe(true);
    expect(fitsInWire(entryOf('io.write'), wire)).toBe(false);
    const { links } = applied(chain, createInWire(chain, entryOf('color.exposure'), at, wire));
    expect(links).toEqual([
      link('exposure.image', 'mix.sources.a'),
      ...chain.document.links.slice(1),
      link('a.image', 'exposure.image'),
    ]);
  });

  test('at either end of a wire that was dragged into nothing', () => {
    expect(fitsAt(chain, entryOf('io.read'), output('a'))).toBe(false);
    expect(fitsAt(chain, entryOf('io.read'), input('loose'))).toBe(true);
    expect(fitsAt(chain, entryOf('color.exposure'), output('value', 'value'))).toBe(false);
    const down = applied(chain, createAtEnd(chain, entryOf('channel.shuffle'), at, output('a')));
    expect(down.links.at(-1)).toEqual(link('a.image', 'shuffle.sources.a'));
    const up = applied(chain, createAtEnd(chain, entryOf('io.read'), at, input('mix', 'sources.+')));
    expect(up.links.at(-1)).toEqual(link('read.image', 'mix.sources.read'));
  });

  test('a node goes into a wire only where it stands free and fits', () => {
    const wire = chain.wires[2]!;
    const [loose, out, value] = ['loose', 'out', 'value'].map((id) => chain.nodes.get(id)!);
    expect(insertedLinks(chain, loose!, wire)).toContainEqual(link('loose.image', 'tag.image'));
    expect(insertedLinks(chain, out!, wire)).toBeUndefined();
    expect(insertedLinks(chain, value!, wire)).toBeUndefined();
    expect(insertedLinks(chain, chain.nodes.get('tag')!, chain.wires[0]!)).toBeUndefined();
  });

  test('a new node covers nothing, and what follows it moves on', () => {
    const entry = entryOf('color.exposure');
    expect(clearOf(chain, entry, { x: 0, y: 900 })).toEqual({ x: 0, y: 900 });
    const spot = clearOf(chain, entry, { x: 290, y: 90 });
    expect(spot.x).toBeGreaterThan(280 + 160);
    const [room] = roomMade(chain, sizeOf(entry), [500, 80], ['tag']);
    expect(room).toMatchObject({ op: 'moveNodes', positions: { tag: [692, 80], out: [972, 80] } });
    expect(roomMade(chain, sizeOf(entry), [100, 80], ['tag'])).toEqual([]);
    expect(besideSource(chain, sizeOf(entry), { x: 380, y: 90 }, 'mix')).toEqual({ x: 472, y: 90 });
    expect(besideSource(chain, sizeOf(entry), { x: 460, y: 90 }, 'mix')).toEqual({ x: 460, y: 90 });
    expect(besideSource(chain, sizeOf(entry), { x: 380, y: 400 }, 'mix')).toEqual({ x: 380, y: 400 });
  });
});

describe('deleting and bypassing', () => {
  test('what a deleted node passed on is joined again, also through several of them', () => {
    expect(applied(chain, removeNodes(chain, ['tag'])).links.at(-1)).toEqual(link('mix.image', 'out.image'));
    const both = applied(chain, removeNodes(chain, ['mix', 'tag']));
    expect(both.links).toEqual([link('a.image', 'out.image')]);
    expect(applied(chain, removeNodes(chain, ['a'])).links).toEqual(chain.document.links.slice(1));
  });

  test('extracting keeps the node and what is joined inside', () => {
    const { links } = applied(chain, extract(chain, ['mix', 'tag']));
    expect(links).toContainEqual(link('a.image', 'out.image'));
    expect(links).toContainEqual(link('mix.image', 'tag.image'));
  });

  test('bypass turns all off unless all are off', () => {
    const off = applied(chain, bypass(chain.document, ['mix', 'tag']));
    expect([off.nodes['mix']!.disabled, off.nodes['tag']!.disabled]).toEqual([true, true]);
    expect(bypass(off, ['mix']).intent).toBe('Enable mix');
  });
});

describe('copying', () => {
  test('a pasted copy equals its original but for ids and place, with a chat’s fence or without', () => {
    const text = copyText(chain.document, { nodes: ['mix', 'tag'], backdrops: [], notes: [] });
    const copied = graphIn(`Here:\n\`\`\`json\n${text}\`\`\`\nthanks`);
    expect(copied).toEqual(graphIn(text));
    expect(graphIn('{ "a": 1 }')).toBeUndefined();
    expect(graphIn('{"sluice": 1, broken')).toBeUndefined();
    const pasted = paste(chain.document, copied!, { by: { x: 32, y: 32 } });
    const document = applied(chain, pasted);
    expect(pasted.things.nodes).toEqual(['mix2', 'tag2']);
    expect(document.links.at(-1)).toEqual(link('mix2.image', 'tag2.image'));
    expect(document.nodes['mix2']).toEqual({ ...chain.document.nodes['mix'], at: [312, 112] });
  });

  test('ids of a pasted graph never meet, whatever the document holds', () => {
    const large = makeGraph({ nodes: 60, links: 90, seed: 3 });
    const pasted = paste(large, large, { at: { x: 0, y: 0 } });
    const { document } = applyEdit(large, pasted.edit);
    expect(Object.keys(document.nodes)).toHaveLength(120);
    expect(document.links).toHaveLength(180);
    expect(new Set(pasted.things.nodes).size).toBe(60);
  });

  test('variables that nodes speak of come along, those that are there stay', () => {
    const shot = { type: 'string', default: 'sh010' } as const;
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a variable of the document
    const node = { type: 'io.read', version: 1, params: { path: '${shot}.%04d.exr' }, at: [0, 0] } as const;
    const document: Document = { ...emptyDocument(), variables: { shot, other: shot }, nodes: { read: node } };
    const copied = graphIn(copyText(document, { nodes: ['read'], backdrops: [], notes: [] }))!;
    expect(Object.keys(copied.variables)).toEqual(['shot']);
    const into = { ...emptyDocument(), variables: { shot: { ...shot, default: 'sh020' } } };
    expect(applyEdit(into, paste(into, copied, { at }).edit).document.variables['shot']!.default).toBe('sh020');
    const bare = emptyDocument();
    expect(applyEdit(bare, paste(bare, copied, { at }).edit).document.variables['shot']!.default).toBe('sh010');
  });
});

describe('copying animated nodes', () => {
  test('keeps curves, and expressions that speak of what is pasted with them', () => {
    const fade = { type: 'number', default: 12 } as const;
    const node = (animation: Animations): DocumentNode => ({
      type: 'a.b',
      version: 1,
      params: {},
      animation,
      at: [0, 0],
    });
    const document: Document = {
      ...emptyDocument(),
      variables: { fade, other: fade },
      nodes: {
        a: node({ x: { expression: 'b.x * fade + c.x' } }),
        b: node({ x: { keys: [[1, 0, 'linear']] } }),
        c: node({ x: { expression: 'a.x' } }),
      },
    };
    const copied = graphIn(copyText(document, { nodes: ['a', 'b'], backdrops: [], notes: [] }))!;
    expect(Object.keys(copied.variables)).toEqual(['fade']);
    const pasted = applyEdit(document, paste(document, copied, { at }).edit).document;
    expect(pasted.nodes['a2']!.animation).toEqual({ x: { expression: 'b2.x * fade + c.x' } });
    expect(pasted.nodes['b2']!.animation).toEqual({ x: { keys: [[1, 0, 'linear']] } });
    expect(pasted.nodes['c']).toBe(document.nodes['c']);
  });
});

describe('arranging', () => {
  test('moves what lies in a backdrop along with it', () => {
    const { edit, id } = backdropAround(chain.document, [chain.nodes.get('a')!]);
    const scene = sceneOf(applyEdit(chain.document, edit).document);
    const things = withContents(scene, { nodes: [], backdrops: [id], notes: [] });
    expect(things).toEqual({ nodes: ['a'], backdrops: [id], notes: [] });
    const moved = applied(scene, move(scene.document, things, { x: 40, y: -20 }));
    expect(moved.nodes['a']!.at).toEqual([40, -20]);
    expect(moved.nodes['b']).toEqual(scene.document.nodes['b']);
  });

  test('aligns and spreads', () => {
    const ids = ['a', 'b', 'mix'];
    const left = applied(chain, align(chain, ids, 'left')!);
    expect(ids.map((id) => left.nodes[id]!.at[0])).toEqual([0, 0, 0]);
    const scene = graph({ a: ['graph.dot', 0, 0], b: ['graph.dot', 10, 90], c: ['graph.dot', 5, 100] }, []);
    const rows = applied(scene, align(scene, ['a', 'b', 'c'], 'rows')!);
    expect(['a', 'b', 'c'].map((id) => rows.nodes[id]!.at[1])).toEqual([0, 52, 100]);
    expect(align(scene, ['a'], 'top')).toBeUndefined();
  });

  test('finds the node that lies next in a direction', () => {
    const next = (id: string, way: 'left' | 'right' | 'up' | 'down') => neighbour(chain, chain.nodes.get(id)!, way)?.id;
    expect([next('a', 'right'), next('mix', 'right'), next('a', 'down'), next('b', 'up'), next('a', 'left')]).toEqual([
      'mix',
      'tag',
      'b',
      'a',
      undefined,
    ]);
  });

  test('backdrops and notes get free names and resize by their edges', () => {
    const first = backdropAround(chain.document, [chain.nodes.get('mix')!]);
    const document = applied(chain, first);
    expect(backdropAround(document, []).id).toBe('backdrop2');
    expect(noteAt(document, at).id).toBe('note');
    const rect = { x: 0, y: 0, width: 200, height: 100 };
    expect(edgesAt(rect, { x: 199, y: 98 }, 5)).toEqual({ right: true, bottom: true });
    expect(edgesAt(rect, { x: 100, y: 50 }, 5)).toBeUndefined();
    expect(resized(rect, { right: true, bottom: true }, { x: 40, y: -500 }, 60)).toEqual({
      ...rect,
      width: 240,
      height: 60,
    });
    expect(resized(rect, { left: true }, { x: 40, y: 9 }, 60)).toEqual({ x: 40, y: 0, width: 160, height: 100 });
  });
});

test('random gestures give edits that fit and go back', () => {
  const random = mulberry(11);
  const pick = <T>(all: readonly T[]): T => all[Math.floor(random() * all.length)]!;
  let scene = sceneOf(makeGraph({ nodes: 24, links: 36, seed: 5 }));
  let made = 0;
  let said = 0;
  for (let i = 0; i < 400; i++) {
    const ids = [...scene.nodes.keys()];
    const [one, other] = [scene.nodes.get(pick(ids))!, scene.nodes.get(pick(ids))!];
    const entry = pick([...ENTRIES.values()]);
    const makers: readonly (() => Change | Refused)[] = [
      () => createAfter(scene, entry, at, { nodes: [one.id, other.id].slice(0, 1 + (i % 2)), branch: random() < 0.5 }),
      () =>
        scene.wires.length > 0 ? createInWire(scene, entry, at, pick(scene.wires)) : bypass(scene.document, [one.id]),
      () => removeNodes(scene, [...new Set([one.id, other.id])]),
      () => {
        const [from, to] = [pick(one.outputs), pick(other.inputs)];
        return from && to
          ? connect(scene, { from: output(one.id, from.key), to: input(other.id, to.key) })
          : bypass(scene.document, [one.id]);
      },
      () =>
        paste(
          scene.document,
          graphIn(copyText(scene.document, { nodes: [one.id, other.id], backdrops: [], notes: [] }))!,
          { at },
        ),
    ];
    const outcome = pick(makers)();
    if (isRefused(outcome)) {
      said += 1;
      continue;
    }
    made += 1;
    const document = applied(scene, outcome);
    const next = sceneOf(document);
    expect(next.wires).toHaveLength(document.links.length);
    scene = next;
  }
  expect(made + said).toBe(400);
  expect(made).toBeGreaterThan(300);
});
