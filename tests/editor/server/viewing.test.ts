// Pictures from the host: the evaluator's own samples, the newest request, nothing that is not wanted any more.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import type { View } from '../../../editor/protocol.ts';
import { convertPlane, loadDocument, type Plane } from '../../../engine/index.ts';
import { bench, never } from '../../run/graph.ts';
import { HEIGHT, type Hosted, hosted, type Picture, shotFolder, type TestClient, WIDTH, wait } from './hosted.ts';

let folder = '';
let graph = '';
let main: Hosted;
let client: TestClient;
let serial = 0;

const WINDOW = { minX: 0, minY: 0, maxX: WIDTH - 1, maxY: HEIGHT - 1 };

beforeAll(async () => {
  ({ folder, graph } = await shotFolder());
  main = await hosted({ graph });
  client = await main.connect();
});

const viewOf = (more: Partial<View> = {}): View => ({
  node: 'tag',
  frame: 1001,
  part: 0,
  channels: ['R', 'G', 'B', 'A'],
  box: WINDOW,
  width: WIDTH,
  height: HEIGHT,
  ...more,
});

async function look(view: View, slot = 0): Promise<Picture> {
  const mine = ++serial;
  client.send({ kind: 'view', slot, serial: mine, view });
  return client.picture((header) => header.slot === slot && header.serial === mine);
}

/** Rows of the shuffle that put a number in the place of red. */
const redOf = (value: number) => [
  { to: 'R', value },
  ...['G', 'B', 'A'].map((name) => ({ to: name, from: `beauty:${name}` })),
];

/** The samples of a channel as half bits, as the evaluator gives them. */
async function samplesOf(node: string, frame: number, channel: string): Promise<Plane> {
  const { document } = loadDocument(readFileSync(graph));
  const { evaluator, services } = bench(document!, { folder });
  try {
    const planes = await evaluator.planes(node, frame, { part: 0, channels: [channel], box: WINDOW }, never);
    return convertPlane(planes.get(channel)!, 'half').plane;
  } finally {
    services.close();
  }
}

describe('a picture', () => {
  test('at full size holds the samples of the evaluator, bit for bit', async () => {
    let compared = 0;
    const channels = ['R', 'A', 'depth.Z', 'normal.X'];
    for (const [node, frame] of [
      ['tag', 1001],
      ['shuffle', 1006],
      ['write', 1003],
    ] as const) {
      const { header, samples } = await look(viewOf({ node, frame, channels }));
      expect(header).toMatchObject({
        node,
        frame,
        channels,
        width: WIDTH,
        height: HEIGHT,
        dataWindow: WINDOW,
        pixelAspect: 1,
      });
      for (const [i, channel] of channels.entries()) {
        const expected = await samplesOf(node === 'write' ? 'tag' : node, frame, channel);
        for (let p = 0; p < expected.samples.length; p++) {
          if (samples[p * 4 + i] !== expected.samples[p]) throw new Error(`${node} ${channel} differs at ${p}`);
          compared++;
        }
      }
    }
    expect(compared).toBe(3 * 4 * WIDTH * HEIGHT);
  });

  test('of a region that reaches out of the image holds 0 there, and null channels hold 0', async () => {
    const box = { minX: -4, minY: -2, maxX: 5, maxY: 3 };
    const { header, samples } = await look(viewOf({ box, channels: ['R', null], width: 10, height: 6 }));
    expect(header).toMatchObject({ width: 10, height: 6, box });
    const expected = await samplesOf('tag', 1001, 'R');
    for (let y = -2; y <= 3; y++) {
      for (let x = -4; x <= 5; x++) {
        const at = ((y + 2) * 10 + x + 4) * 2;
        expect(samples[at]).toBe(x < 0 || y < 0 ? 0 : expected.samples[y * WIDTH + x]);
        expect(samples[at + 1]).toBe(0);
      }
    }
    const away = await look(viewOf({ box: { minX: 5000, minY: 0, maxX: 5009, maxY: 9 }, width: 10, height: 10 }));
    expect(away.samples.every((bits) => bits === 0)).toBe(true);
  });

  test('is no larger than the region, nor than what was asked for', async () => {
    const box = { minX: 0, minY: 0, maxX: 9, maxY: 4 };
    expect((await look(viewOf({ box, width: 8192, height: 8192 }))).header).toMatchObject({ width: 10, height: 5 });
    expect((await look(viewOf({ width: 30, height: 17 }))).header).toMatchObject({ width: 30, height: 17 });
    const vast = { minX: -2_000_000_000, minY: -2_000_000_000, maxX: 2_000_000_000, maxY: 2_000_000_000 };
    const { header, samples } = await look(viewOf({ box: vast, channels: ['R'], width: 100, height: 80 }));
    expect(header).toMatchObject({ width: 100, height: 80 });
    expect(samples.length).toBe(8000);
  });

  test('that cannot be made says why', async () => {
    const failures: readonly (readonly [Partial<View>, string])[] = [
      [{ node: 'nobody' }, 'input-missing'],
      [{ part: 3 }, 'part-unknown'],
      [{ channels: ['R', 'nothing'] }, 'channel-unknown'],
      [{ frame: 5 }, 'frame-outside'],
      [{ box: { minX: 5, minY: 5, maxX: 4, maxY: 4 } }, 'usage'],
    ];
    for (const [more, code] of failures) {
      const mine = ++serial;
      client.send({ kind: 'view', slot: 0, serial: mine, view: viewOf(more) });
      expect(await client.event('viewFailed', (e) => e.serial === mine)).toMatchObject({ slot: 0, code });
    }
    expect(failures.length).toBe(5);
  });
});

describe('what is wanted', () => {
  test('of a hundred requests in a row the last one comes, and few of the others', async () => {
    const first = serial + 1;
    for (let i = 0; i < 100; i++)
      client.send({ kind: 'view', slot: 1, serial: ++serial, view: viewOf({ frame: 1001 + (i % 8) }) });
    const last = serial;
    await client.picture((header) => header.slot === 1 && header.serial === last);
    await wait(100);
    const serials = client.pictures
      .filter(({ header }) => header.slot === 1 && header.serial >= first)
      .map(({ header }) => header.serial);
    expect(serials.at(-1)).toBe(last);
    expect(serials.length).toBeLessThan(20);
    expect(serials).toEqual([...serials].sort((a, b) => a - b));
  });

  test('a burst of edits ends in the last picture, without a backlog', async () => {
    await look(viewOf());
    const mine = () => client.pictures.filter(({ header }) => header.slot === 0);
    const sent = mine().length;
    for (let i = 1; i <= 60; i++) {
      void client.edit({ op: 'setParam', node: 'shuffle', name: 'rows', value: redOf(i) }, 'Drag', 'burst');
      await wait(1000 / 60);
    }
    const last = performance.now();
    await client.until(() => mine().at(-1)!.samples[0] === 0x5380);
    expect(performance.now() - last).toBeLessThan(1000);
    await wait(150);
    // 60 as a half; nothing came after it.
    expect(mine().at(-1)!.samples[0]).toBe(0x5380);
    expect(mine().length - sent).toBeLessThanOrEqual(61);
    await client.ask('undo', {});
    await client.until(() => mine().at(-1)!.samples[0] !== 0x5380);
  });

  test('an edit that changes nothing in the picture sends none', async () => {
    await look(viewOf());
    const sent = client.pictures.length;
    await client.edit({ op: 'moveNodes', positions: { tag: [400, 400] } });
    await wait(200);
    expect(client.pictures.length).toBe(sent);
    await client.ask('undo', {});
  });

  test('an empty slot gets nothing more', async () => {
    await look(viewOf());
    for (const slot of [0, 1]) client.send({ kind: 'view', slot, serial: ++serial, view: null });
    const sent = client.pictures.length;
    await client.edit({ op: 'setParam', node: 'shuffle', name: 'rows', value: [{ to: '*', from: 'utility:*' }] });
    await wait(200);
    expect(client.pictures.length).toBe(sent);
    await client.ask('undo', {});
  });

  test('frames that were seen are marked as cached, until an edit makes them old', async () => {
    for (const frame of [1002, 1003, 1004]) await look(viewOf({ frame }));
    await client.event('timeline', (e) => e.timeline?.cached === '1001-1004');
    await client.event('nodes', ({ nodes }) => nodes['readBeauty']?.state === 'cached');
    expect(
      (await client.event('nodes', ({ nodes }) => nodes['readBeauty']?.spent !== undefined)).nodes['readBeauty']!.spent,
    ).toBeGreaterThan(0);
    await client.edit({ op: 'setParam', node: 'tag', name: 'edits', value: [] });
    await client.event('timeline', (e) => e.timeline?.cached === '1004');
    await client.ask('undo', {});
  });

  test('the timeline is about the node that the client says it is about, with a picture or without', async () => {
    const other = await (await hosted({ graph })).connect();
    for (const frame of [1001, 1002]) {
      other.send({ kind: 'view', slot: 1, serial: frame, view: viewOf({ frame }) });
      await other.picture(({ serial: at }) => at === frame);
    }
    other.send({ kind: 'lead', node: 'tag' });
    other.send({ kind: 'view', slot: 1, serial: 3, view: viewOf({ frame: 1003 }) });
    await other.event('timeline', (e) => e.timeline?.cached === '1003');
    const read = {
      type: 'io.read',
      version: 1,
      params: { path: 'in/sh010_beauty.%04d.exr', offset: 100 },
      at: [0, 0] as const,
    };
    await other.edit({ op: 'addNode', id: 'later', node: read });
    other.send({ kind: 'lead', node: 'later' });
    await other.event('timeline', (e) => e.timeline?.first === 1101);
    other.send({ kind: 'view', slot: 0, serial: 4, view: viewOf() });
    await other.picture(({ serial: at }) => at === 4);
    expect((await other.event('timeline')).timeline?.first).toBe(1101);
    other.send({ kind: 'lead', node: null });
    await other.event('timeline', (e) => e.timeline?.first === 1001);
  });

  test('small pictures come for the nodes that want one, and again when they change', async () => {
    client.send({ kind: 'thumbnails', nodes: ['readBeauty', 'shuffle', 'nobody'] });
    const small = await client.picture(({ serial: s, node }) => s === -1 && node === 'shuffle');
    expect(small.header).toMatchObject({ slot: -1, width: WIDTH, height: HEIGHT, channels: ['R', 'G', 'B'] });
    const before = client.pictures.length;
    await client.edit({
      op: 'setParam',
      node: 'shuffle',
      name: 'rows',
      value: [
        { to: '*', from: 'beauty:*' },
        { to: 'R', value: 1 },
      ],
    });
    await client.until(() =>
      client.pictures.slice(before).some(({ header }) => header.node === 'shuffle' && header.serial === -1),
    );
    await wait(200);
    expect(client.pictures.slice(before).some(({ header }) => header.node === 'readBeauty')).toBe(false);
    client.send({ kind: 'thumbnails', nodes: [] });
    await client.ask('undo', {});
  });
});

describe('a probe', () => {
  test('gives all channels in their own type, and the range of a region', async () => {
    const at = { minX: 40, minY: 20, maxX: 40, maxY: 20 };
    const rows = await client.ask('probe', { node: 'tag', frame: 1001, part: 0, box: at });
    const depth = rows.find((row) => row.channel === 'depth.Z')!;
    expect(depth).toMatchObject({ type: expect.stringMatching(/half|float/) });
    const expected = convertPlane(await samplesOf('tag', 1001, 'R'), 'float').plane.samples[20 * WIDTH + 40]!;
    expect(Number(rows.find((row) => row.channel === 'R')!.value)).toBeCloseTo(expected, 3);
    const region = await client.ask('probe', { node: 'tag', frame: 1001, part: 0, box: { ...at, maxX: 49, maxY: 29 } });
    const red = region.find((row) => row.channel === 'R')!;
    expect(Number(red.min)).toBeLessThanOrEqual(Number(red.value));
    expect(Number(red.max)).toBeGreaterThanOrEqual(Number(red.value));
    const large = client.ask('probe', { node: 'tag', frame: 1001, part: 0, box: WINDOW });
    await expect(large).rejects.toThrow('4096 pixels');
  });
});

describe('files that change', () => {
  test('are looked at anew', async () => {
    const shot = await shotFolder();
    const other = await (await hosted({ graph: shot.graph })).connect();
    await other.event('timeline', (e) => e.timeline?.last === 1008);
    const { copyFileSync } = await import('node:fs');
    const name = (frame: number) => join(shot.folder, 'in', `sh010_beauty.${frame}.exr`);
    copyFileSync(name(1008), name(1009));
    copyFileSync(name(1008).replace('beauty', 'utility'), name(1009).replace('beauty', 'utility'));
    await other.event('timeline', (e) => e.timeline?.last === 1009);
  });
});
