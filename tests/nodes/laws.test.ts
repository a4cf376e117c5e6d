// Laws that hold for every built-in node, whatever it does.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { z } from 'zod';
import { type Box, box } from '../../engine/base/box.ts';
import type { Json } from '../../engine/base/canonical.ts';
import { crop } from '../../engine/evaluate/compose.ts';
import { catalogueEntry } from '../../engine/node/catalogue.ts';
import { planeBytes } from '../../engine/pixels/plane.ts';
import { runGraph } from '../../engine/run/run.ts';
import { nodes } from '../../nodes/index.ts';
import { type Bench, bench, graph, never, pattern } from '../run/graph.ts';
import { STAGES } from './stages.ts';
import { writeStageDeep } from './stages-deep.ts';
import { writeStageMeshes } from './stages-mesh.ts';

const folder = mkdtempSync(join(tmpdir(), 'sluice-laws-'));
afterAll(() => rmSync(folder, { recursive: true }));

beforeAll(async () => {
  const document = graph(
    {
      pattern: { type: 'test.pattern', params: { moving: true } },
      write: { type: 'io.write', params: { path: 'shot.%04d.exr' } },
    },
    ['pattern.image > write.image'],
  );
  const run = await runGraph({ document, folder, nodes: [...nodes, pattern], range: '1-3', jobs: 0 });
  expect(run.exitCode).toBe(0);
  await writeStageDeep(folder);
  writeStageMeshes(folder);
});

/** Windows inside, across and outside of the pattern's. */
const BOXES: readonly Box[] = [
  box(0, 0, 9, 9),
  box(-3, -2, 40, 37),
  box(-20, 5, 8, 6),
  box(17, 11, 17, 11),
  box(100, 100, 110, 103),
];

describe.each(nodes.map((node) => [node.type, node] as const))('%s', (type, node) => {
  const stage = STAGES[type]!;
  const open = (params?: Readonly<Record<string, Json>>, options: { cacheBytes?: number } = {}): Bench =>
    bench(stage.document(params), { folder, ...options });

  it('has a stage with a variant for each parameter', () => {
    expect(stage).toBeDefined();
    expect(Object.keys(stage.variants).sort()).toEqual(Object.keys((node.params as z.ZodObject).shape).sort());
  });

  it('is documented: itself, its ports and its parameters', () => {
    const entry = catalogueEntry(node);
    expect(entry.doc).toMatch(/\.$/);
    for (const port of [...entry.inputs, ...entry.outputs]) expect(port.doc, port.name).toMatch(/\.$/);
    const properties = entry.params['properties'] as Record<string, { title?: string; description?: string }>;
    for (const [name, property] of Object.entries(properties)) {
      expect(property.title, name).toBeTruthy();
      expect(property.description, name).toMatch(/\.$/);
    }
  });

  it('fills in defaults for everything that has one, and sums itself up', () => {
    const parsed = node.params.safeParse(stage.params);
    expect(parsed.error).toBeUndefined();
    expect(node.params.safeParse({ ...stage.params, unheardOf: 1 }).success).toBe(false);
    expect(typeof node.summary?.(parsed.data)).toBe('string');
  });

  it('gives every parameter a say in the fingerprint, unless it is cosmetic', async () => {
    const { key } = await open().descriptions.describe('node', 1);
    expect(key).toMatch(/^[0-9a-f]{32}$/);
    let compared = 0;
    for (const [name, value] of Object.entries(stage.variants)) {
      const params = { ...stage.params, [name]: value };
      const filled = bench(stage.document(params), { folder }).descriptions;
      const other = (await filled.describe('node', 1)).key;
      if (node.cosmetic?.includes(name)) expect(other, name).toBe(key);
      else expect(other, name).not.toBe(key);
      compared += 1;
    }
    expect(compared).toBe(Object.keys(stage.variants).length);
  });

  it('has the same fingerprint in every process and order of keys', async () => {
    const reversed = Object.fromEntries(Object.entries(stage.params).reverse());
    expect((await open(reversed).descriptions.describe('node', 1)).key).toBe(
      (await open().descriptions.describe('node', 1)).key,
    );
  });

  if (node.deliver) return;

  if (node.compute) {
    it('makes its value without problems on its stage, once for all frames and plans', async () => {
      const { descriptions, services } = open();
      const { value, problems, key } = await descriptions.describe('node', 1);
      expect(problems.filter((p) => p.severity === 'error')).toEqual([]);
      expect(value?.faces.length).toBeGreaterThan(0);
      expect((await descriptions.describe('node', 2)).value).toBe(value);
      const again = await bench(stage.document(), { folder, services }).descriptions.describe('node', 1);
      expect(again.key).toBe(key);
      expect(again.value).toBe(value);
      expect(again.problems).toEqual(problems);
    });

    it('makes an equal value in another process', async () => {
      const [one, other] = await Promise.all([1, 2].map(() => open().descriptions.describe('node', 1)));
      expect(one!.value).not.toBe(other!.value);
      expect(one!.value).toEqual(other!.value);
    });
    return;
  }

  it('describes itself without problems on its stage', async () => {
    const { spec, problems } = await open().descriptions.describe('node', 1);
    expect(problems.filter((p) => p.severity === 'error')).toEqual([]);
    expect(spec?.parts.length).toBeGreaterThan(0);
  });

  it('makes a part of the pixels as that part of all pixels, and a channel alone as among others', async () => {
    let compared = 0;
    for (const cacheBytes of [0, 1 << 24]) {
      const { descriptions, evaluator } = open(undefined, { cacheBytes });
      const spec = (await descriptions.describe('node', 1)).spec!;
      for (const [part, { channels }] of spec.parts.entries()) {
        const names = channels.map((c) => c.name);
        const all = await evaluator.planes('node', 1, { part, channels: names, box: box(-30, -30, 120, 120) }, never);
        for (const region of BOXES) {
          const batch = await evaluator.planes('node', 1, { part, channels: names, box: region }, never);
          for (const name of names) {
            const alone = await open().evaluator.planes('node', 1, { part, channels: [name], box: region }, never);
            const expected = planeBytes(crop(all.get(name)!, region));
            expect(Buffer.compare(planeBytes(batch.get(name)!), expected), `${name} in a batch`).toBe(0);
            expect(Buffer.compare(planeBytes(alone.get(name)!), expected), `${name} alone`).toBe(0);
            compared += 1;
          }
        }
      }
    }
    expect(compared).toBeGreaterThanOrEqual(BOXES.length * 2);
  });

  it('answers an empty window with empty planes', async () => {
    const { descriptions, evaluator } = open();
    const channels = (await descriptions.describe('node', 1)).spec!.parts[0]!.channels.map((c) => c.name);
    const planes = await evaluator.planes('node', 1, { part: 0, channels, box: box(5, 5, 4, 4) }, never);
    expect([...planes.keys()]).toEqual(channels);
    for (const plane of planes.values()) expect(plane.samples.length).toBe(0);
  });

  it('stops when it is cancelled', async () => {
    const { descriptions, evaluator } = open();
    const channels = (await descriptions.describe('node', 1)).spec!.parts[0]!.channels.map((c) => c.name);
    const signal = AbortSignal.abort();
    await expect(evaluator.planes('node', 1, { part: 0, channels, box: box(0, 0, 9, 9) }, signal)).rejects.toThrow(
      /abort/i,
    );
  });
});
