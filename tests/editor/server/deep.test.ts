// Deep parts in the editor's host: a viewer shows them as they look from the front, whatever node gives them.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import type { View } from '../../../editor/protocol.ts';
import { boxHeight, boxWidth, convertPlane, saveDocument } from '../../../engine/index.ts';
import { deepPart, deepSamples, writeDeep, writeStageDeep } from '../../nodes/stages-deep.ts';
import { bench, graph, never } from '../../run/graph.ts';
import { hosted, type Picture, type TestClient, temporary } from './hosted.ts';

const BOX = deepPart.dataWindow;
const CHANNELS = ['R', 'G', 'B', 'A'];
const document = graph(
  {
    read: { type: 'io.read', params: { path: 'deep.exr' } },
    flat: { type: 'deep.flatten' },
    write: { type: 'io.write', params: { path: 'out.exr' } },
    lost: { type: 'io.read', params: { path: 'lost.exr' } },
  },
  ['read.image > flat.image', 'read.image > write.image'],
);

let folder = '';
let client: TestClient;
let serial = 0;

beforeAll(async () => {
  folder = temporary();
  await writeStageDeep(folder);
  const channels = deepPart.channels.filter(({ name }) => name !== 'Z');
  await writeDeep(join(folder, 'lost.exr'), { ...deepPart, channels }, deepSamples());
  const path = join(folder, 'deep.sluice.json');
  writeFileSync(path, saveDocument(document));
  client = await (await hosted({ graph: path })).connect();
});

const viewOf = (node: string): View => ({
  node,
  frame: 1,
  part: 0,
  channels: CHANNELS,
  box: BOX,
  width: boxWidth(BOX),
  height: boxHeight(BOX),
});

async function look(node: string): Promise<Picture> {
  const mine = ++serial;
  client.send({ kind: 'view', slot: 0, serial: mine, view: viewOf(node) });
  return client.picture((header) => header.serial === mine);
}

test('the node that flattens, the one that reads and a sink below it show the same picture: the flat samples', async () => {
  const { evaluator, services } = bench(document, { folder });
  const planes = await evaluator.planes('flat', 1, { part: 0, channels: CHANNELS, box: BOX }, never);
  services.close();
  let compared = 0;
  for (const node of ['flat', 'read', 'write']) {
    const { header, samples } = await look(node);
    expect(header).toMatchObject({ node, channels: CHANNELS, dataWindow: BOX });
    for (const [i, channel] of CHANNELS.entries()) {
      const expected = convertPlane(planes.get(channel)!, 'half').plane.samples;
      for (let p = 0; p < expected.length; p++, compared++)
        if (samples[p * 4 + i] !== expected[p]) throw new Error(`${node} ${channel} differs at ${p}`);
    }
    expect(samples.some((bits) => bits !== 0)).toBe(true);
  }
  expect(compared).toBe(3 * 4 * boxWidth(BOX) * boxHeight(BOX));
});

test('a probe tells the flat values, and the thumbnail shows them', async () => {
  const box = { minX: 4, minY: 5, maxX: 4, maxY: 5 };
  const [flat, read] = await Promise.all(
    ['flat', 'read'].map((node) => client.ask('probe', { node, frame: 1, part: 0, box })),
  );
  expect(read).toEqual(flat);
  expect(read!.map(({ channel }) => channel)).toEqual(deepPart.channels.map(({ name }) => name));
  client.send({ kind: 'thumbnails', nodes: ['read'] });
  const { samples } = await client.picture(({ node, slot }) => node === 'read' && slot === -1);
  expect(samples.some((bits) => bits !== 0)).toBe(true);
});

test('the time that deep samples took is told of the node that made them, and nodes for looking are in no list', async () => {
  const spent = (event: (typeof client.events)[number]) =>
    event.kind === 'nodes' ? (event.nodes['read']?.spent ?? 0) : 0;
  await client.until(() => client.events.some((event) => spent(event) > 0));
  const told = new Set(client.events.flatMap((event) => (event.kind === 'nodes' ? Object.keys(event.nodes) : [])));
  expect([...told].sort()).toEqual(['flat', 'lost', 'read', 'write']);
  expect(Object.keys(client.document!.nodes)).toEqual(['read', 'flat', 'write', 'lost']);
});

test('a part without depth says what is missing, in the name of the node that is looked at', async () => {
  client.send({ kind: 'view', slot: 0, serial: ++serial, view: viewOf('lost') });
  const { code, message, node } = await client.event('viewFailed', (event) => event.serial === serial);
  expect([code, node]).toEqual(['channel-unknown', 'lost']);
  expect(message).toContain('no channel Z');
});
