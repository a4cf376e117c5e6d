// Pictures of an image of several bands and cells, off the origin and of every sample type; templates seen as one node.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import type { View } from '../../../editor/protocol.ts';
import { type Document, emptyDocument, saveDocument, templateFrom } from '../../../engine/browser.ts';
import { convertSamples, loadDocument } from '../../../engine/index.ts';
import { writeFile } from '../../exr/flat-file.ts';
import { halfBits, patternSample } from '../../run/graph.ts';
import { codeOf, hosted, type Picture, shotFolder, type TestClient, temporary } from './hosted.ts';

/** Two cells wide, four bands high. */
const WINDOW = { minX: -10, minY: -7, maxX: 2489, maxY: 402 };
const WIDTH = 2500;
const HEIGHT = 410;
const CHANNELS = [
  { name: 'R', type: 'half', sampling: { x: 1, y: 1 } },
  { name: 'Z', type: 'float', sampling: { x: 1, y: 1 } },
  { name: 'id', type: 'uint', sampling: { x: 1, y: 1 } },
] as const;

let client: TestClient;
let serial = 0;

/** Uncompressed: a chunk a row, channels one after another. */
function wideFile(): Uint8Array {
  const chunks = Array.from({ length: HEIGHT }, (_, row) => {
    const y = WINDOW.minY + row;
    const stored = new Uint8Array(WIDTH * 10);
    const view = new DataView(stored.buffer);
    for (let i = 0; i < WIDTH; i++) {
      const x = WINDOW.minX + i;
      view.setUint16(i * 2, halfBits(patternSample('R', x, y, 1)), true);
      view.setFloat32(WIDTH * 2 + i * 4, patternSample('Z', x, y, 1) / 7, true);
      view.setUint32(WIDTH * 6 + i * 4, patternSample('id', x, y, 1), true);
    }
    return { minY: y, maxY: y, stored };
  });
  return writeFile(CHANNELS, WINDOW, 'none', chunks);
}

beforeAll(async () => {
  const folder = temporary();
  writeFileSync(join(folder, 'wide.exr'), wideFile());
  const graph = join(folder, 'wide.sluice.json');
  const read = { type: 'io.read', version: 1, params: { path: 'wide.exr' }, at: [0, 0] as const };
  writeFileSync(graph, saveDocument({ ...emptyDocument('wide'), nodes: { read } }));
  client = await (await hosted({ graph, threads: 3 })).connect();
});

async function look(more: Partial<View> & Pick<View, 'box'>): Promise<Picture> {
  const { box } = more;
  const mine = ++serial;
  client.send({
    kind: 'view',
    slot: 0,
    serial: mine,
    view: {
      node: 'read',
      frame: 1,
      part: 0,
      channels: ['R', 'Z', 'id'],
      width: box.maxX - box.minX + 1,
      height: box.maxY - box.minY + 1,
      ...more,
    },
  });
  return client.picture((header) => header.slot === 0 && header.serial === mine);
}

const sample = (channel: string, x: number, y: number): number => {
  if (x < WINDOW.minX || x > WINDOW.maxX || y < WINDOW.minY || y > WINDOW.maxY) return 0;
  return patternSample(channel, x, y, 1) / (channel === 'Z' ? 7 : 1);
};

describe('a wide image', () => {
  test('comes sample by sample, across bands and cells, in all types', async () => {
    const boxes = [
      WINDOW,
      { minX: 2000, minY: 100, maxX: 2100, maxY: 300 },
      { minX: -20, minY: -20, maxX: 30, maxY: 10 },
      { minX: 2480, minY: 395, maxX: 2500, maxY: 410 },
    ];
    let compared = 0;
    for (const box of boxes) {
      const { header, samples } = await look({ box });
      const expected = new Float32Array(samples.length);
      let at = 0;
      for (let y = box.minY; y <= box.maxY; y++) {
        for (let x = box.minX; x <= box.maxX; x++) for (const { name } of CHANNELS) expected[at++] = sample(name, x, y);
      }
      const halves = convertSamples(expected, 'float', 'half').samples as Uint16Array;
      expect(header.width * header.height * 3).toBe(samples.length);
      expect(Buffer.from(samples).equals(Buffer.from(halves))).toBe(true);
      expect(samples.every((bits, i) => bits === halves[i])).toBe(true);
      compared += samples.length;
    }
    expect(compared).toBe(3 * (WIDTH * HEIGHT + 101 * 201 + 51 * 31 + 21 * 16));
  });

  test('reduced is the mean over each area', async () => {
    const box = WINDOW;
    let greatest = 0;
    for (const [width, height] of [
      [1250, 205],
      [333, 97],
      [7, 3],
      [2500, 100],
    ] as const) {
      const { samples } = await look({ box, width, height, channels: ['Z'] });
      const found = convertSamples(samples, 'half', 'float').samples;
      const scale = { x: WIDTH / width, y: HEIGHT / height };
      for (const [column, row] of [
        [0, 0],
        [width - 1, height - 1],
        [width >> 1, height >> 1],
        [width >> 2, height - 2],
      ] as const) {
        let sum = 0;
        for (let y = Math.floor(row * scale.y); y < Math.ceil((row + 1) * scale.y); y++) {
          const high = Math.min(y + 1, (row + 1) * scale.y) - Math.max(y, row * scale.y);
          for (let x = Math.floor(column * scale.x); x < Math.ceil((column + 1) * scale.x); x++) {
            const wide = Math.min(x + 1, (column + 1) * scale.x) - Math.max(x, column * scale.x);
            sum += sample('Z', x + WINDOW.minX, y + WINDOW.minY) * Math.max(0, high) * Math.max(0, wide);
          }
        }
        const expected = sum / (scale.x * scale.y);
        greatest = Math.max(greatest, Math.abs(found[row * width + column]! - expected) / expected);
      }
    }
    // Half has eleven bits.
    expect(greatest).toBeLessThan(0.0006);
  });
});

describe('the samples of a region', () => {
  test('come one by one in their own types, across bands and cells, black beside the image', async () => {
    let compared = 0;
    for (const box of [
      { minX: 2030, minY: 115, maxX: 2060, maxY: 130 },
      { minX: -12, minY: -9, maxX: -8, maxY: -5 },
    ]) {
      const texts = await client.ask('samples', { node: 'read', frame: 1, part: 0, channels: ['id', 'Z', 'R'], box });
      expect(texts.map((channel) => channel.length)).toEqual(
        Array(3).fill((box.maxX - box.minX + 1) * (box.maxY - box.minY + 1)),
      );
      let at = 0;
      for (let y = box.minY; y <= box.maxY; y++) {
        for (let x = box.minX; x <= box.maxX; x++, at++) {
          expect(Number(texts[0]![at])).toBe(sample('id', x, y));
          expect(Math.fround(Number(texts[1]![at]))).toBe(Math.fround(sample('Z', x, y)));
          expect(halfBits(Number(texts[2]![at]))).toBe(halfBits(sample('R', x, y)));
          compared++;
        }
      }
    }
    expect(compared).toBe(31 * 16 + 25);
  });

  test('are at most 4096, of channels that there are', async () => {
    const asked = { node: 'read', frame: 1, part: 0, channels: ['R'], box: { minX: 0, minY: 0, maxX: 64, maxY: 63 } };
    expect(await codeOf(client.ask('samples', asked))).toBe('usage');
    const small = { ...asked, box: { minX: 0, minY: 0, maxX: 0, maxY: 0 } };
    expect(await codeOf(client.ask('samples', { ...small, channels: ['nothing'] }))).toBe('channel-unknown');
    expect(await codeOf(client.ask('samples', small))).toBe('done');
  });
});

describe('a template', () => {
  test('is told, viewed and probed as one node; what is wrong inside is wrong with it', async () => {
    const { graph } = await shotFolder();
    const { document } = loadDocument(readFileSync(graph));
    const made = templateFrom(document!, ['shuffle', 'tag'], { name: 'grade' });
    const other = await (await hosted({ graph })).connect();
    await other.edit(made.edit, 'Make a template');
    const id = Object.keys(other.document!.nodes).find((name) => !(name in (document as Document).nodes))!;
    await other.event('nodes', ({ nodes }) => nodes[id]?.image !== undefined);
    const merged = Object.assign({}, ...other.events.map((e) => (e.kind === 'nodes' ? e.nodes : {}))) as Record<
      string,
      { summary?: string; inputs: object; state: string }
    >;
    expect(Object.keys(merged).filter((name) => name.includes('/'))).toEqual([]);
    expect(merged[id]).toMatchObject({ summary: 'grade', state: 'idle' });
    expect(Object.keys(merged[id]!.inputs).length).toBe(2);

    const box = { minX: 0, minY: 0, maxX: 95, maxY: 53 };
    const view = { frame: 1001, part: 0, channels: ['R', 'G', 'B'], box, width: 96, height: 54 };
    other.send({ kind: 'view', slot: 0, serial: 1, view: { ...view, node: id } });
    const inside = await other.picture(({ serial: s }) => s === 1);
    other.send({ kind: 'view', slot: 0, serial: 2, view: { ...view, node: 'readBeauty' } });
    const plain = await other.picture(({ serial: s }) => s === 2);
    expect(inside.samples.length).toBe(96 * 54 * 3);
    expect(inside.samples.every((bits, i) => bits === plain.samples[i])).toBe(true);
    const probed = await other.ask('probe', {
      node: id,
      frame: 1001,
      part: 0,
      box: { minX: 1, minY: 1, maxX: 1, maxY: 1 },
    });
    expect(probed.some((row) => row.channel === 'depth.Z')).toBe(true);

    await other.edit({ op: 'removeLink', to: other.document!.links.find((link) => link.to.startsWith(`${id}.`))!.to });
    await other.event('nodes', ({ nodes }) => nodes[id]?.state === 'error');
  });
});
