// Charts of meshes, heights and what is left over in the editor's host: whole numbers and floats as pictures.
import { cpSync, existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test } from 'vitest';
import type { View } from '../../../editor/protocol.ts';
import { type Document, type Plane, saveDocument } from '../../../engine/index.ts';
import { bench, never } from '../../run/graph.ts';
import { COUNT, displacement, writeDisplaced } from '../displaced.ts';
import { hosted, type Picture, type TestClient, temporary } from './hosted.ts';

const SIZE = 96;
const BOX = { minX: 0, minY: 0, maxX: SIZE - 1, maxY: SIZE - 1 };
const TEXELS: [number, number] = [SIZE, SIZE];

const CORPUS = fileURLToPath(new URL('../../../../shared/corpus/mesh/', import.meta.url));
const hasCorpus = existsSync(CORPUS) || process.env['CI'] === 'true';

let folder = '';
let client: TestClient;
let serial = 0;
const document: Document = displacement();

beforeAll(async () => {
  folder = temporary();
  mkdirSync(join(folder, 'in'));
  await writeDisplaced(folder, SIZE);
  writeFileSync(join(folder, 'flat.obj'), 'v 0 0 0\nv 1 0 0\nv 0 1 0\nf 1 2 3\n');
  const path = join(folder, 'bake.sluice.json');
  writeFileSync(path, saveDocument(document));
  client = await (await hosted({ graph: path })).connect();
});

async function look(more: Partial<View>): Promise<Picture> {
  const mine = ++serial;
  const size = { box: BOX, width: SIZE, height: SIZE };
  const view = { node: 'tile', frame: 1001, part: 0, channels: ['id', 'mirror'], ...size, ...more };
  client.send({ kind: 'view', slot: 0, serial: mine, view });
  return client.picture((header) => header.serial === mine);
}

/** The samples of a node as the evaluator gives them. */
async function planeOf(node: string, channel: string, frame = 1001): Promise<Plane> {
  const { evaluator, services } = bench(document, { folder });
  try {
    return (await evaluator.planes(node, frame, { part: 0, channels: [channel], box: BOX }, never)).get(channel)!;
  } finally {
    services.close();
  }
}

const uints = ({ samples }: Picture): Uint32Array => new Uint32Array(samples.buffer, samples.byteOffset);
const floats = ({ samples }: Picture): Float32Array =>
  new Float32Array(samples.buffer, samples.byteOffset, samples.length / 2);

describe('the charts of a mesh', () => {
  test('are shown of the node that finds them and of the one that reads it, as they are rasterized', async () => {
    const [ids, mirror] = [await planeOf('tile', 'id'), await planeOf('tile', 'mirror')];
    let compared = 0;
    for (const node of ['charts', 'mesh', 'tile']) {
      const picture = await look({ node, type: 'uint', ...(node === 'tile' ? {} : { charts: { texels: TEXELS } }) });
      expect(picture.header).toMatchObject({ node, type: 'uint', width: SIZE, height: SIZE, displayWindow: BOX });
      const expected = {
        tile: 1001,
        tiles: [1001, 1002],
        uvSet: 'uv',
        count: COUNT.islands,
        mirrored: COUNT.mirrored,
        overlaps: 0,
      };
      expect(picture.header.charts).toEqual(node === 'tile' ? undefined : expected);
      const found = uints(picture);
      for (let i = 0; i < SIZE * SIZE; i++, compared++) {
        if (found[2 * i] !== ids.samples[i] || found[2 * i + 1] !== mirror.samples[i])
          throw new Error(`${node} differs at ${i}`);
      }
    }
    expect(compared).toBe(3 * SIZE * SIZE);
    expect(new Set(mirror.samples)).toEqual(new Set([0, 1, 2]));
  });

  test('on another tile are those of that tile, and a tile without any is the first one', async () => {
    const ids = await planeOf('tile', 'id', 1002);
    for (const [tile, shown] of [
      [1002, 1002],
      [1500, 1001],
    ] as const) {
      const picture = await look({ node: 'charts', type: 'uint', charts: { tile, texels: TEXELS }, channels: ['id'] });
      expect(picture.header.charts?.tile).toBe(shown);
      if (tile === 1002) expect([...uints(picture)]).toEqual([...ids.samples]);
    }
  });

  test('have a picture that their node tells of, in its own size where none is asked for', async () => {
    const { nodes } = await client.event('nodes', (event) => event.nodes['charts'] !== undefined);
    const [part] = nodes['charts']!.charts!.parts;
    expect([nodes['charts']!.image, part!.channels.map(({ name }) => name)]).toEqual([undefined, ['id', 'mirror']]);
    const { header } = await look({ node: 'charts', type: 'uint', channels: ['id'] });
    expect(header.displayWindow).toEqual(part!.displayWindow);
  });

  test('are probed on their tile', async () => {
    const ids = await planeOf('tile', 'id', 1002);
    const [x, y] = [48, 40];
    const rows = await client.ask('probe', {
      ...{ node: 'charts', frame: 1001, part: 0, box: { minX: x, minY: y, maxX: x, maxY: y } },
      charts: { tile: 1002, texels: TEXELS },
    });
    expect(rows.find(({ channel }) => channel === 'id')).toMatchObject({ value: String(ids.samples[y * SIZE + x]) });
    expect(ids.samples[y * SIZE + x]).toBeGreaterThan(0);
  });

  test('of a mesh without coordinates say what is missing, in the name of the node that is looked at', async () => {
    await client.edit({ op: 'setParam', node: 'mesh', name: 'path', value: 'flat.obj' });
    const mine = ++serial;
    const view = { node: 'mesh', frame: 1001, part: 0, channels: ['id'], box: BOX, width: SIZE, height: SIZE };
    client.send({ kind: 'view', slot: 0, serial: mine, view: { ...view, type: 'uint' } });
    const failure = await client.event('viewFailed', (event) => event.serial === mine);
    expect(failure.node).toBe('mesh');
    expect(failure.message).toMatch(/UV/);
    await client.ask('undo', {});
  });
});

test.skipIf(!hasCorpus)(
  'every mesh of the corpus shows its islands on a tile with nothing said, or says that it has no UVs',
  async () => {
    cpSync(CORPUS, folder, { recursive: true });
    const files = readdirSync(CORPUS).filter((name) => /\.(fbx|obj|glb|gltf)$/.test(name));
    const shown: string[] = [];
    for (const path of files) {
      await client.edit({ op: 'setParam', node: 'mesh', name: 'path', value: path });
      const mine = ++serial;
      const view = { node: 'mesh', frame: 1001, part: 0, channels: ['id'], box: BOX, width: SIZE, height: SIZE };
      client.send({ kind: 'view', slot: 0, serial: mine, view: { ...view, type: 'uint', charts: { texels: TEXELS } } });
      const failure = () => client.events.find((event) => event.kind === 'viewFailed' && event.serial === mine);
      const picture = () => client.pictures.find(({ header }) => header.serial === mine);
      await client.until(() => failure() !== undefined || picture() !== undefined);
      const [failed, come] = [failure(), picture()];
      if (come) {
        const { count, tiles, overlaps } = come.header.charts!;
        const ids = uints(come);
        expect([path, ids.every((id) => id <= count), ids.some((id) => id > 0)]).toEqual([path, true, true]);
        shown.push(`${path}: ${count} on ${tiles.length}, ${overlaps} pairs`);
      } else shown.push(`${path}: ${failed?.kind === 'viewFailed' ? failed.code : ''}`);
      await client.ask('undo', {});
    }
    expect(shown).toEqual([
      'BoxTextured.glb: 5 on 6, 0 pairs',
      'box.fbx: mesh-no-uvs',
      'cubes_with_mirroring_and_pivot.fbx: 5 on 1, 10 pairs',
      'phong_cube.fbx: 1 on 1, 0 pairs',
      'spider.fbx: 44 on 4, 556 pairs',
      'spider.obj: 44 on 4, 556 pairs',
    ]);
  },
);

describe('a picture of floats', () => {
  test('holds heights and what is left over as the evaluator has them, far below what a half can tell', async () => {
    let compared = 0;
    for (const channel of ['height', 'check.residual', 'check.curl']) {
      const expected = await planeOf('height', channel);
      const picture = await look({ node: 'height', channels: [channel], type: 'float' });
      expect(picture.header.type).toBe('float');
      const found = floats(picture);
      for (let i = 0; i < found.length; i++, compared++)
        if (found[i] !== expected.samples[i]) throw new Error(`${channel} differs at ${i}`);
    }
    expect(compared).toBe(3 * SIZE * SIZE);
  });

  test('that is reduced holds means, and the same view as halfs is another picture', async () => {
    const expected = await planeOf('height', 'height');
    const size = { node: 'height', channels: ['height'], width: SIZE / 2, height: SIZE / 2 };
    const reduced = floats(await look({ ...size, type: 'float' }));
    const at = (x: number, y: number): number => expected.samples[y * SIZE + x]!;
    let worst = 0;
    for (let y = 0; y < SIZE / 2; y++)
      for (let x = 0; x < SIZE / 2; x++) {
        const [a, b] = [2 * x, 2 * y];
        const mean = (at(a, b) + at(a + 1, b) + at(a, b + 1) + at(a + 1, b + 1)) / 4;
        worst = Math.max(worst, Math.abs(reduced[(y * SIZE) / 2 + x]! - mean));
      }
    expect(worst).toBeLessThan(1e-5);
    const halves = await look(size);
    expect([halves.header.type, halves.samples.length]).toEqual([undefined, (SIZE * SIZE) / 4]);
  });
});
