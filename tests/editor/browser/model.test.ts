// Random edits, undos, seeks and views against a real host: after each step it tells what a fresh plan of the same
// document says, and in the end it shows what a fresh evaluation gives.
import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { firstValueFrom, of } from 'rxjs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { NodeView, View } from '../../../editor/protocol.ts';
import { type DocumentNode, type Edit, type Json, saveDocument } from '../../../engine/browser.ts';
import { convertPlane, type ImageSpec, type Problem, Session } from '../../../engine/index.ts';
import { nodes } from '../../../nodes/index.ts';
import { type Random, random } from '../../base/random.ts';
import { codeOf, type TestClient } from '../server/hosted.ts';
import { until } from './editor.ts';
import { type Host, shotFolder, startHost } from './host.ts';
import { SHOT } from './setup.ts';

const RECOMBINE = fileURLToPath(new URL('../../../graphs/recombine.sluice.json', import.meta.url));
const SEED = 20_260;
const STEPS = 200;

let folder: string;
let host: Host;
let client: TestClient;

beforeAll(async () => {
  folder = shotFolder();
  const graph = join(folder, 'recombine.sluice.json');
  copyFileSync(RECOMBINE, graph);
  host = await startHost({ folder, graph });
  client = await host.connect();
});
afterAll(() => client?.socket.terminate());

/** What a client has been told of the nodes, one change after another. */
function told(): Record<string, NodeView> {
  const views: Record<string, NodeView> = {};
  for (const event of client.events) {
    if (event.kind !== 'nodes') continue;
    for (const [id, view] of Object.entries(event.nodes)) {
      if (view === null) delete views[id];
      else views[id] = view;
    }
  }
  return views;
}

const problems = (): readonly Problem[] => client.events.findLast((event) => event.kind === 'problems')?.problems ?? [];

/** What a description says of an image, as far as clients are told of it. */
const shape = (image: ImageSpec | undefined): unknown =>
  image?.parts.map(({ name, kind, dataWindow, displayWindow, channels }) => [
    name,
    kind,
    dataWindow,
    displayWindow,
    channels.map(({ name, type, origin }) => [name, type, origin.from]),
  ]);

/** What a plan that was never anything else says of the client's document at a frame. */
async function fresh(frame: number): Promise<{ readonly problems: string; readonly views: string }> {
  const document = client.document!;
  const session = new Session({ document, folder, nodes, roots: [folder], frame });
  try {
    const { described, problems } = await firstValueFrom(session.overview$);
    const views = Object.keys(document.nodes).map((id) => [
      id,
      document.nodes[id]!.disabled === true,
      shape(described.get(id)?.spec),
    ]);
    return { problems: JSON.stringify(problems), views: JSON.stringify(views) };
  } finally {
    session.close();
  }
}

function present(): { readonly problems: string; readonly views: string } {
  const all = told();
  const views = Object.keys(client.document!.nodes).map((id) => [
    id,
    all[id]?.state === 'disabled',
    shape(all[id]?.image),
  ]);
  return { problems: JSON.stringify(problems()), views: JSON.stringify(views) };
}

const PATHS = [
  'in/sh010_beauty.%04d.exr',
  'in/sh010_utility.%04d.exr',
  'in/sh010_beauty.1003.exr',
  'in/no.%04d.exr',
  '',
];

interface Kind {
  readonly params: (r: Random) => DocumentNode['params'];
  /** Ends of links, after the node's id. */
  readonly inputs: readonly string[];
  readonly tries: readonly (readonly [string, readonly Json[]])[];
}

/** Types with what may be set and linked, some of it wrong. */
const KINDS: Readonly<Record<string, Kind>> = {
  'io.read': {
    params: ({ pick }) => ({ path: pick(PATHS) }),
    inputs: [],
    tries: [
      ['path', [...PATHS, 7]],
      ['missing', ['error', 'hold', 'sometimes']],
    ],
  },
  'color.exposure': {
    params: ({ int }) => ({ stops: int(-3, 3) }),
    inputs: ['image'],
    tries: [
      ['stops', [0, 1, -2, 'much', 1000]],
      ['channels', [['R'], ['nobody'], ['*']]],
    ],
  },
  'metadata.set': {
    params: ({ pick }) => ({ edits: [{ op: 'set', name: pick(['owner', 'slate']), type: 'string', value: 'x' }] }),
    inputs: ['image'],
    tries: [
      ['edits', [[], [{ op: 'delete', name: 'owner' }], [{ op: 'set', name: 'owner', type: 'v2f', value: 'x' }]]],
    ],
  },
  'channel.shuffle': {
    params: () => ({}),
    inputs: ['sources.beauty', 'sources.utility', 'sources.other'],
    tries: [
      [
        'rows',
        [[], [{ to: '*', from: 'beauty:*' }], [{ to: 'mask.A', value: 1, type: 'half' }], [{ to: 'R', from: 'no:R' }]],
      ],
      ['others', ['keep', 'drop']],
      ['attributes', [{ from: ['beauty'] }, { from: ['beauty', 'utility'], resolve: { owner: 'beauty' } }, {}]],
    ],
  },
  'graph.dot': { params: () => ({}), inputs: ['image'], tries: [] },
  'io.write': {
    params: ({ int }) => ({ path: `out/${int(1, 3)}.%04d.exr` }),
    inputs: ['image'],
    tries: [['compression', ['zip', 'piz', 'keep', 'lzma']]],
  },
  'nobody.knows': { params: () => ({ x: 1 }), inputs: ['image'], tries: [['x', [1, 2]]] },
};
const TYPES = ['io.read', 'io.read', 'color.exposure', 'metadata.set', 'channel.shuffle', ...Object.keys(KINDS)];

/** An edit that may fit or not. */
function someEdit(r: Random): Edit {
  const { int, pick, chance } = r;
  const { nodes: all, links } = client.document!;
  const ids = [...Object.keys(all), ...(chance(0.05) ? ['nobody'] : [])];
  const id = pick(ids.length > 0 ? ids : ['nobody']);
  const kind = KINDS[all[id]?.type ?? ''] ?? KINDS['graph.dot']!;
  const link = (): Edit => ({
    op: 'addLink',
    from: `${pick(ids)}.image`,
    to: `${id}.${pick(kind.inputs.length > 0 ? kind.inputs : ['image'])}`,
  });
  const choices: readonly (() => Edit)[] = [
    () => {
      const type = pick(TYPES);
      const at = [int(0, 9) * 200, int(0, 9) * 100] as const;
      return { op: 'addNode', id: `n${int(1, 40)}`, node: { type, version: 1, params: KINDS[type]!.params(r), at } };
    },
    () => (ids.length > 6 ? { op: 'removeNode', id } : link()),
    () => ({ op: 'renameNode', id, to: `m${int(1, 40)}` }),
    () => ({ op: 'setDisabled', node: id, disabled: chance(0.4) }),
    () => {
      if (kind.tries.length === 0) return link();
      const [name, values] = pick(kind.tries);
      return { op: 'setParam', node: id, name, ...(chance(0.85) ? { value: pick(values) } : {}) };
    },
    link,
    link,
    () => {
      const [first] = links;
      return first && chance(0.5) ? { op: 'removeLink', to: pick(links).to } : link();
    },
    () => ({ op: 'moveNodes', positions: { [id]: [int(-500, 500), int(-500, 500)] } }),
    () => ({
      op: 'setFrames',
      frames: {
        ...(chance(0.3) ? { range: pick(['1001-1008', '1003', '995-1002', 'all']) } : {}),
        mismatch: pick(['stop-at-shortest', 'hold-last', 'process-available']),
        align: pick(['number', 'number', 'index']),
      },
    }),
    () => ({
      op: 'setVariable',
      name: 'shot',
      variable: { type: 'string', default: pick(['sh010', 'sh010', 'sh020']) },
    }),
    () => ({ op: 'batch', edits: [someEdit(r), someEdit(r)] }),
  ];
  return pick(choices)();
}

test(`${STEPS} random steps`, { timeout: 120_000 }, async () => {
  const r = random(SEED);
  const { int, pick, chance } = r;
  const done = { edits: 0, refused: 0, travels: 0, seeks: 0, views: 0, cancels: 0 };
  let frame = (await client.event('document')).frame;
  let serial = 0;
  let shown = 0;
  let described = 0;
  const codes = new Set<string>();
  for (let step = 0; step < STEPS; step++) {
    const kind = int(0, 99);
    if (kind < 60) {
      const outcome = await codeOf(client.edit(someEdit(r)));
      if (outcome === 'done') done.edits++;
      else {
        expect(outcome).toBe('edit-invalid');
        done.refused++;
      }
    } else if (kind < 78) {
      const outcome = await codeOf(client.ask(chance(0.7) ? 'undo' : 'redo', {}));
      expect(['done', 'usage']).toContain(outcome);
      done.travels++;
    } else if (kind < 88) {
      for (let i = int(1, 4); i > 0; i--) {
        frame = chance(0.85) ? int(1001, 1008) : int(990, 1020);
        client.send({ kind: 'seek', frame });
      }
      done.seeks++;
    } else {
      for (let i = int(1, 5); i > 0; i--) {
        const view = chance(0.3) ? null : viewOf(pick(Object.keys(client.document!.nodes)), frame);
        client.send({ kind: 'view', slot: int(0, 1), serial: ++serial, view });
        if (view) done.views++;
        else done.cancels++;
      }
    }
    const expected = await fresh(frame);
    await until(`the host says what a fresh plan says after step ${step}`, () => {
      const { problems, views } = present();
      return problems === expected.problems && views === expected.views;
    }).catch((thrown: Error) => {
      expect(present(), thrown.message).toEqual(expected);
      throw thrown;
    });
    described += Object.values(told()).filter(({ image }) => image !== undefined).length;
    for (const { code } of problems()) codes.add(code);
    if (step % 10 === 9) shown += await compare(++serial, frame);
  }
  expect(done.edits + done.refused + done.travels + done.seeks).toBeGreaterThan(STEPS * 0.8);
  expect(done.edits).toBeGreaterThan(60);
  expect(done.refused).toBeGreaterThan(10);
  expect(done.seeks).toBeGreaterThan(10);
  expect(done.views).toBeGreaterThan(20);
  expect(done.cancels).toBeGreaterThan(8);
  expect(described, 'images compared').toBeGreaterThan(400);
  expect(codes.size, 'codes of problems compared').toBeGreaterThanOrEqual(6);
  expect(shown, 'pictures compared').toBeGreaterThan(4);
  // Another client that comes only now is told the same.
  const late = await host.connect();
  expect(saveDocument(late.document!)).toBe(saveDocument(client.document!));
  late.socket.terminate();
  expect(host.isAlive()).toBe(true);
  expect(host.complaints()).toBe('');
});

const BOX = { minX: 0, minY: 0, maxX: SHOT.width - 1, maxY: SHOT.height - 1 };

const viewOf = (node: string, frame: number): View => ({
  node,
  frame,
  part: 0,
  channels: ['R', 'G', 'B'],
  box: BOX,
  width: SHOT.width,
  height: SHOT.height,
});

/** Asks for a picture of some node that has those channels, and compares every sample. 1 where there was one. */
async function compare(serial: number, frame: number): Promise<number> {
  const views = told();
  const { nodes: all } = client.document!;
  const node = Object.keys(all).find(
    (id) =>
      views[id]?.state !== 'error' &&
      ['R', 'G', 'B'].every((name) => views[id]?.image?.parts[0]?.channels.some((channel) => channel.name === name)),
  );
  if (node === undefined) return 0;
  client.send({ kind: 'view', slot: 0, serial, view: viewOf(node, frame) });
  const { samples } = await client.picture((header) => header.slot === 0 && header.serial === serial);
  const session = new Session({ document: client.document!, folder, nodes, roots: [folder], frame });
  const request = { node, frame, part: 0, channels: ['R', 'G', 'B'], box: BOX };
  const picture = await firstValueFrom(session.picture$(of(request)));
  session.close();
  if (!('planes' in picture)) throw new Error(`No fresh picture of ${node}: ${picture.error.message}`);
  const planes = ['R', 'G', 'B'].map((name) => convertPlane(picture.planes.get(name)!, 'half').plane.samples);
  expect(samples).toHaveLength(SHOT.width * SHOT.height * 3);
  const differing = samples.findIndex((bits, i) => bits !== planes[i % 3]![Math.floor(i / 3)]);
  expect(differing, `sample of ${node}`).toBe(-1);
  return 1;
}
