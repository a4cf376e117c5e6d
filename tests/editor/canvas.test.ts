// The canvas without a browser: geometry, camera, scenes, curves, hits, states of nodes and the layout.
import ELK from 'elkjs/lib/elk.bundled.js';
import { describe, expect, test } from 'vitest';
import type { PictureHeader } from '../../editor/picture.ts';
import { framing, levelAt, revealing, toCanvas, toScreen, zoomedAt } from '../../editor/ui/canvas/camera.ts';
import { bendOf, curveBounds, distanceTo, runsThrough } from '../../editor/ui/canvas/curve.ts';
import { boundsOf, NODE, nodeSize, overlaps, socketOffset } from '../../editor/ui/canvas/geometry.ts';
import { hitAt, inBox } from '../../editor/ui/canvas/hit.ts';
import { arranged, layoutGraph } from '../../editor/ui/canvas/layout.ts';
import { freeName, stemOf } from '../../editor/ui/canvas/names.ts';
import { isMadeByHand, offered } from '../../editor/ui/canvas/offer.ts';
import { Pictures } from '../../editor/ui/canvas/pictures.ts';
import { Pinch } from '../../editor/ui/canvas/pinch.ts';
import { socketsOf } from '../../editor/ui/canvas/ports.ts';
import { makeScene, reach, type Scene, socketAt, wiresOf } from '../../editor/ui/canvas/scene.ts';
import { emptyStage } from '../../editor/ui/canvas/stage.ts';
import { problemsByNode, sameStatus, spentText, statusOf } from '../../editor/ui/canvas/status.ts';
import { screenPixels } from '../../editor/ui/canvas/thumbnail.ts';
import { Words } from '../../editor/ui/canvas/words.ts';
import { createStore } from '../../editor/ui/store/store.ts';
import {
  applyEdit,
  type CatalogueEntry,
  type Document,
  emptyDocument,
  isName,
  type Json,
  type Problem,
} from '../../engine/browser.ts';
import { catalogue, createRegistry } from '../../engine/index.ts';
import { nodes as installed } from '../../nodes/index.ts';
import { FakeHost } from './fake-host.ts';
import { makeGraph } from './perf/graph.ts';

const ENTRIES = new Map(catalogue(createRegistry(installed)).map((entry) => [entry.type, entry]));
const context = { catalogue: ENTRIES, pictures: new Set<string>() };
const GRAPH = makeGraph({ nodes: 100, links: 150, seed: 2 });
const SCENE = makeScene(GRAPH, context);

describe('geometry and camera', () => {
  test('nodes are as high as their sockets need, and sockets lie on their edges', () => {
    const shape = { dot: false, inputs: 3, outputs: 1, picture: false };
    expect(nodeSize(shape)).toEqual({ width: 160, height: 24 + 16 + 48 + 6 });
    expect(nodeSize({ ...shape, picture: true }).height - nodeSize(shape).height).toBe(NODE.picture);
    expect(nodeSize({ ...shape, dot: true })).toEqual({ width: 12, height: 12 });
    expect(socketOffset(shape, 'output', 0)).toEqual({ x: 160, y: 48 });
    expect(socketOffset({ dot: true }, 'input', 0)).toEqual({ x: 0, y: 6 });
  });

  test('what is under the pointer stays there when the view zooms', () => {
    const camera = { x: 13, y: -40, k: 0.7 };
    const pointer = { x: 300, y: 200 };
    for (const factor of [0.01, 0.5, 1.3, 100]) {
      const zoomed = zoomedAt(camera, pointer, factor);
      const [before, after] = [toCanvas(camera, pointer), toCanvas(zoomed, pointer)];
      expect(after.x).toBeCloseTo(before.x);
      expect(after.y).toBeCloseTo(before.y);
    }
    expect(zoomedAt(camera, pointer, 1e9).k).toBe(2);
    expect([levelAt(1), levelAt(0.3), levelAt(0.1)]).toEqual(['near', 'middle', 'far']);
  });

  test('framing shows all of it and never magnifies; revealing moves as little as needed', () => {
    const rect = { x: -500, y: 200, width: 3000, height: 800 };
    const view = { width: 800, height: 400 };
    const camera = framing(rect, view);
    const corner = toScreen(camera, { x: rect.x + rect.width, y: rect.y + rect.height });
    expect(toScreen(camera, rect).x).toBeGreaterThanOrEqual(31.9);
    expect(corner.x).toBeLessThanOrEqual(768.1);
    expect(framing({ x: 0, y: 0, width: 10, height: 10 }, view).k).toBe(1);
    const still = { x: 0, y: 0, k: 1 };
    expect(revealing(still, { x: 100, y: 100, width: 50, height: 50 }, view)).toEqual(still);
    expect(revealing(still, { x: 900, y: 100, width: 50, height: 50 }, view).x).toBe(-(950 - 776));
  });

  test('two fingers that move apart zoom about their middle', () => {
    const pinch = new Pinch();
    expect([pinch.down(1, { x: 100, y: 100 }), pinch.down(2, { x: 200, y: 100 })]).toEqual([false, true]);
    const camera = pinch.moved(2, { x: 300, y: 100 }, { x: 0, y: 0, k: 1 })!;
    expect(camera.k).toBe(2);
    pinch.up(1);
    expect(pinch.moved(2, { x: 400, y: 100 }, camera)).toBeUndefined();
  });
});

describe('scenes', () => {
  test('every link is a wire from the source’s socket to the target’s', () => {
    expect(SCENE.nodes.size).toBe(100);
    expect(SCENE.wires).toHaveLength(150);
    for (const { link, source, target, start, end } of SCENE.wires) {
      expect(socketAt(SCENE.nodes.get(source)!, 'output', link.from.split('.')[1]!)).toEqual(start);
      expect(socketAt(SCENE.nodes.get(target)!, 'input', link.to.slice(target.length + 1))).toEqual(end);
    }
  });

  test('what an edit does not concern is shared with the scene before', () => {
    const moved = applyEdit(GRAPH, { op: 'moveNodes', positions: { node30: [9, 9] } }).document;
    const next = makeScene(moved, context, SCENE);
    const changed = [...next.nodes.values()].filter((node) => node !== SCENE.nodes.get(node.id));
    expect(changed.map(({ id }) => id)).toEqual(['node30']);
    const unlinked = applyEdit(GRAPH, { op: 'removeLink', ...GRAPH.links[0]! }).document;
    const fewer = makeScene(unlinked, context, SCENE);
    expect([...fewer.nodes.values()].filter((node) => node !== SCENE.nodes.get(node.id))).toHaveLength(2);
  });

  test('ports that take many have a socket for each name and a free one; unknown ports keep their wires', () => {
    const shuffle = ENTRIES.get('channel.shuffle')!;
    const links = [
      { from: 'a.image', to: 's.sources.beauty' },
      { from: 'b.image', to: 's.gone' },
    ];
    expect(socketsOf(shuffle, links, []).inputs.map(({ key, free, kind }) => [key, free, kind])).toEqual([
      ['sources.beauty', false, 'image'],
      ['sources.+', true, 'image'],
      ['gone', false, 'unknown'],
    ]);
    const foreign: Document = {
      ...GRAPH,
      nodes: { x: { type: 'not.here', version: 3, params: {}, at: [0, 0] }, y: GRAPH.nodes['node0']! },
      links: [{ from: 'y.image', to: 'x.in' }],
    };
    expect(makeScene(foreign, context).wires).toHaveLength(1);
  });

  test('a node that holds a template has the inputs of that, and an output where it gives an image', () => {
    const node = (type: string, params = {}) => ({ type, version: 1, params, at: [0, 0] as const });
    const template = (last: string) => ({
      ...emptyDocument('t'),
      nodes: {
        a: node('template.input', { name: 'plate' }),
        b: node('template.input', { name: 'mask' }),
        c: node(last),
      },
    });
    const document: Document = {
      ...emptyDocument(),
      nodes: {
        gives: node('template.instance', { template: template('template.output') as unknown as Json }),
        mute: node('template.instance', { template: template('io.write') as unknown as Json }),
        empty: node('template.instance'),
      },
      links: [
        { from: 'gives.image', to: 'mute.inputs.plate' },
        { from: 'empty.image', to: 'mute.inputs.old' },
      ],
    };
    const { nodes, wires } = makeScene(document, context);
    const keys = (id: string) =>
      [nodes.get(id)!.inputs, nodes.get(id)!.outputs].map((all) => all.map(({ key }) => key));
    expect(keys('gives')).toEqual([['inputs.plate', 'inputs.mask'], ['image']]);
    expect(keys('mute')).toEqual([['inputs.plate', 'inputs.mask', 'inputs.old'], []]);
    expect(keys('empty')).toEqual([['inputs.+'], ['image']]);
    expect(wires).toHaveLength(2);
    const used = { ...document, links: [{ from: 'mute.image', to: 'gives.inputs.mask' }] };
    expect(
      makeScene(used, context)
        .nodes.get('mute')!
        .outputs.map(({ kind }) => kind),
    ).toEqual(['unknown']);
    const other = { ...document, nodes: { ...document.nodes, mute: document.nodes['gives']! } };
    expect(makeScene(other, context, makeScene(document, context)).nodes.get('mute')!.outputs).toHaveLength(1);
  });

  test('the search offers what is put in by hand; places of templates only in one, or to who asks', () => {
    const entries = [...ENTRIES.values()].filter(isMadeByHand);
    const types = (query: string, document: Document): string[] =>
      offered(entries, query, document).map(({ type }) => type);
    const ports = ['template.input', 'template.output'];
    expect(entries).toHaveLength(ENTRIES.size - 1);
    expect(types('', GRAPH)).toEqual(entries.map(({ type }) => type).filter((type) => !ports.includes(type)));
    expect(types('in', GRAPH).at(-1)).toBe('template.input');
    expect(types('template', GRAPH)).toEqual(ports);
    expect(types('exr  write', GRAPH)[0]).toBe('io.write');
    const one: Document = {
      ...GRAPH,
      nodes: { ...GRAPH.nodes, in: { type: 'template.input', version: 1, params: {}, at: [0, 0] } },
    };
    expect(types('', one)).toEqual(entries.map(({ type }) => type));
  });

  test('the search finds templates on disk by name, by what they promote, and as templates; nodes come first', () => {
    const template = { path: '/a/x.sluice.json', name: 'glow', doc: '', promoted: ['Radius'], inputs: ['image'] };
    const offers = [...ENTRIES.values(), template];
    const finds = (query: string): boolean => offered(offers, query, GRAPH).includes(template);
    expect(['glow', 'radius', 'templ', 'exr'].map(finds)).toEqual([true, true, true, false]);
    expect(offered(offers, '', GRAPH).at(-1)).toBe(template);
  });

  test('the wires of a node are those that come in, by inputs, then those that go out', () => {
    for (const id of ['node0', 'node20', [...SCENE.nodes.keys()].at(-1)!]) {
      const wires = wiresOf(SCENE, id);
      const ends = wires.map(({ target }) => target === id);
      expect(ends).toEqual([...ends].sort((a, b) => Number(b) - Number(a)));
      expect(wires.length).toBe(SCENE.wires.filter(({ source, target }) => source === id || target === id).length);
    }
    expect(wiresOf(SCENE, 'nowhere')).toEqual([]);
  });

  test('pictures are remembered by the file of the graph, and only those of nodes that are there', async () => {
    const kept = new Map<string, string>();
    const storage = {
      getItem: (key: string) => kept.get(key) ?? null,
      setItem: (key: string, text: string) => void kept.set(key, text),
    };
    const open = async (path: string | undefined) => {
      const host = new FakeHost(GRAPH);
      const line = host.line();
      const store = createStore(line);
      let changes = 0;
      const pictures = new Pictures(
        store,
        () => {},
        () => {
          changes += 1;
        },
        storage,
      );
      await new Promise((done) => setTimeout(done, 0));
      store.file$.next({ ...(path === undefined ? {} : { path }), saved: true, changedOnDisk: false });
      return { pictures, store, shown: () => [...pictures.shown], changes: () => changes };
    };
    const first = await open('/a.sluice.json');
    first.pictures.toggle(['node0', 'node1']);
    expect([(await open('/b.sluice.json')).shown(), (await open(undefined)).shown()]).toEqual([[], []]);
    const again = await open('/a.sluice.json');
    expect([again.shown(), again.changes()]).toEqual([['node0', 'node1'], 1]);
    // Saved under another name they go with it.
    again.store.file$.next({ path: '/c.sluice.json', saved: true, changedOnDisk: false });
    expect((await open('/c.sluice.json')).shown()).toEqual(['node0', 'node1']);
    again.pictures.toggle(['node0', 'node1']);
    expect([(await open('/c.sluice.json')).shown(), (await open('/a.sluice.json')).shown().length]).toEqual([[], 2]);
    kept.set('sluice.pictures', '[["/a.sluice.json",["gone","node0"]],7,{"x":1}]');
    expect((await open('/a.sluice.json')).shown()).toEqual(['node0']);
    kept.set('sluice.pictures', 'no JSON');
    expect((await open('/a.sluice.json')).shown()).toEqual([]);
  });

  test('upstream and downstream', () => {
    const { target, source } = SCENE.wires.at(-1)!;
    expect(reach(GRAPH, [target], 'upstream').has(source)).toBe(true);
    expect(reach(GRAPH, [source], 'downstream').has(target)).toBe(true);
    expect([...reach(GRAPH, ['node0'], 'upstream')]).toEqual(['node0']);
    expect([...reach(GRAPH, ['nowhere'], 'upstream')]).toEqual([]);
  });
});

describe('curves and hits', () => {
  const [start, end] = [
    { x: 0, y: 0 },
    { x: 200, y: 100 },
  ];

  test('a curve stays in its bounds, forwards and backwards', () => {
    for (const far of [end, { x: -300, y: 40 }, { x: 4, y: 0 }]) {
      const bounds = curveBounds(start, far);
      const { x1, x2 } = bendOf(start, far);
      expect(bounds.x).toBeLessThanOrEqual(Math.min(x1, x2));
      expect(bounds.x + bounds.width).toBeGreaterThanOrEqual(Math.max(x1, x2));
    }
  });

  test('distance is none at the ends and in the middle, and grows aside', () => {
    expect(distanceTo(start, end, start)).toBeCloseTo(0);
    expect(distanceTo(start, end, { x: 100, y: 50 })).toBeLessThan(0.5);
    expect(distanceTo(start, end, { x: 100, y: 90 })).toBeGreaterThan(20);
    expect(runsThrough(start, end, { x: 80, y: 30, width: 40, height: 40 })).toBe(true);
    expect(runsThrough(start, end, { x: 0, y: 60, width: 40, height: 40 })).toBe(false);
  });

  const backdrop = { title: 'Field', colour: '#4a4a4a', at: [-400, 0], size: [200, 100] } as const;
  const note = { text: 'Hello', at: [-400, 300], size: [100, 60] } as const;
  const document: Document = { ...GRAPH, canvas: { backdrops: { field: backdrop }, notes: { hello: note } } };
  const stage = { ...emptyStage(), scene: makeScene(document, context), size: { width: 800, height: 600 } };

  test('a press meets what lies on top there', () => {
    const node = stage.scene.nodes.get('node5')!;
    expect(hitAt(stage, { x: node.x + 80, y: node.y + 20 })).toMatchObject({ kind: 'node', node: { id: 'node5' } });
    const wire = stage.scene.wires[3]!;
    const middle = { x: (wire.start.x + wire.end.x) / 2, y: (wire.start.y + wire.end.y) / 2 };
    expect(hitAt(stage, middle).kind).toBe('wire');
    expect(hitAt(stage, { x: -300, y: 12 })).toEqual({ kind: 'backdrops', id: 'field' });
    expect(hitAt(stage, { x: -300, y: 60 })).toEqual({ kind: 'nothing' });
    expect(hitAt(stage, { x: -201, y: 99 })).toMatchObject({ id: 'field', edges: { right: true, bottom: true } });
    expect(hitAt(stage, { x: -350, y: 320 })).toEqual({ kind: 'notes', id: 'hello' });
  });

  test('a box takes nodes that it touches and backdrops that it holds', () => {
    const found = inBox(stage, { x: -420, y: -20, width: 500, height: 300 });
    expect(found.backdrops).toEqual(['field']);
    expect(found.nodes.toSorted()).toEqual(['node0', 'node1', 'node2']);
  });
});

describe('states of nodes', () => {
  const problem = (severity: 'error' | 'warning' | 'info', node: string, message: string): Problem => ({
    severity,
    code: 'internal',
    message,
    where: { node },
  });
  const state = { typeTitle: 'Set', type: 'metadata.set', disabled: false, view: undefined, problems: [], viewed: '' };

  test('problems inside an instance belong to it; the worst is shown', () => {
    const found = problemsByNode([
      problem('warning', 'a', 'small'),
      problem('error', 'a/inner', 'large'),
      problem('info', 'b', 'only worth knowing'),
    ]);
    expect([...found.keys()]).toEqual(['a']);
    const { badge } = statusOf({ ...state, problems: found.get('a')! });
    expect(badge).toEqual({ kind: 'error', title: 'large (and 1 more)' });
  });

  test('a badge for each state, none at rest', () => {
    const kinds = (['idle', 'computing', 'cached', 'disabled', 'error'] as const).map(
      (one) => statusOf({ ...state, view: { inputs: {}, state: one } }).badge?.kind,
    );
    expect(kinds).toEqual([undefined, 'computing', 'cached', 'disabled', 'error']);
    expect(statusOf({ ...state, disabled: true }).badge?.kind).toBe('disabled');
    expect(statusOf({ ...state, typeTitle: undefined }).summary).toBe('metadata.set, not installed');
    expect(sameStatus(statusOf(state), statusOf({ ...state }))).toBe(true);
    expect(sameStatus(statusOf(state), statusOf({ ...state, viewed: 'A' }))).toBe(false);
  });

  test('times in three digits', () => {
    expect([0.4, 12.3, 999, 1240, 75_000].map(spentText)).toEqual(['0 ms', '12 ms', '999 ms', '1.2 s', '75 s']);
  });
});

describe('texts and pictures', () => {
  // Every letter is six pixels wide.
  const words = new Words({
    font: '',
    measureText: (text: string) => ({ width: text.length * 6 }),
  } as CanvasRenderingContext2D);

  test('cuts and breaks to the room', () => {
    expect(words.fit('short', 60, 'f')).toBe('short');
    expect(words.fit('much too long', 42, 'f')).toBe('much t…');
    expect(words.fit('long', 3, 'f')).toBe('');
    expect(words.wrap('one two three\nfour', 48, 'f')).toEqual(['one two', 'three', 'four']);
    expect(words.wrap('unbreakable', 36, 'f').every((line) => line.length <= 6)).toBe(true);
  });

  test('half floats become screen values; a single channel is grey', () => {
    const header = { width: 3, height: 1, channels: ['Y'] } as unknown as PictureHeader;
    const pixels = screenPixels({ header, samples: Uint16Array.of(0x3c00, 0x0000, 0xbc00) });
    expect([...pixels]).toEqual([255, 255, 255, 255, 0, 0, 0, 255, 0, 0, 0, 255]);
    const colour = { width: 1, height: 1, channels: ['R', 'G', null, 'A'] } as unknown as PictureHeader;
    expect([...screenPixels({ header: colour, samples: Uint16Array.of(0x3800, 0x7e00, 0x3c00, 0) })]).toEqual([
      188, 0, 0, 255,
    ]);
  });

  test('names', () => {
    expect(freeName('read', () => false)).toBe('read');
    expect(freeName('read3', (name) => ['read3', 'read4'].includes(name))).toBe('read5');
    expect(['a', 'a-b_1', '1a', '', 'a b', 'toString'].map(isName)).toEqual([true, true, false, false, false, false]);
    expect([stemOf('channel.shuffle'), stemOf('made.3d')]).toEqual(['shuffle', 'node']);
  });
});

describe('layout', () => {
  const layOut = async (scene: Scene, ids: ReadonlySet<string>) =>
    arranged(scene, ids, await new ELK().layout(structuredClone(layoutGraph(scene, ids)) as never));

  test('wires run from left to right, nothing overlaps, the corner stays', async () => {
    const ids = new Set(SCENE.nodes.keys());
    const change = (await layOut(SCENE, ids))!;
    const { document } = applyEdit(GRAPH, change.edit);
    const scene = makeScene(document, context, SCENE);
    for (const { start, end } of scene.wires) expect(end.x).toBeGreaterThan(start.x);
    const placed = [...scene.nodes.values()];
    placed.forEach((node, i) => {
      for (const other of placed.slice(i + 1)) expect(overlaps(node, other)).toBe(false);
    });
    const corner = (rect = boundsOf(placed)!) => [rect.x, rect.y];
    const before = boundsOf(SCENE.nodes.values())!;
    expect(corner().map((value, i) => Math.abs(value - corner(before)[i]!) <= 2)).toEqual([true, true]);
  });

  test('a part alone moves only that part, and backdrops keep holding it', async () => {
    const ids = new Set(['node20', 'node40', 'node60']);
    const held = boundsOf([...ids].map((id) => SCENE.nodes.get(id)!))!;
    const backdrop = {
      title: '',
      colour: '#4a4a4a',
      at: [held.x - 30, held.y - 60],
      size: [held.width + 60, held.height + 90],
    } as const;
    const scene = makeScene({ ...GRAPH, canvas: { backdrops: { field: backdrop }, notes: {} } }, context);
    const change = await layOut(scene, ids);
    const edits = change!.edit.op === 'batch' ? change!.edit.edits : [change!.edit];
    expect(edits.map(({ op }) => op)).toEqual(['moveNodes', 'setBackdrop']);
    const [moves] = edits;
    if (moves?.op === 'moveNodes') expect(Object.keys(moves.positions).toSorted()).toEqual([...ids].toSorted());
  });
});

test('the catalogue gives every node at least one port, so that none is unreachable', () => {
  const bare = [...ENTRIES.values()].filter((entry: CatalogueEntry) => {
    const { inputs, outputs } = socketsOf(entry, [], []);
    return inputs.length + outputs.length === 0;
  });
  expect(bare.map(({ type }) => type)).toEqual([]);
});
