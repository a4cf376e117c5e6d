// Pictures in the editor's host: they are listed, described and shown, and where they lie is not told.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { chunk, png } from '../../raster/forge.ts';
import { hosted, shotFolder, type TestClient } from './hosted.ts';

let client: TestClient;
let folder = '';

beforeAll(async () => {
  const shot = await shotFolder();
  folder = shot.folder;
  const texts = [chunk('sRGB', Buffer.from([0])), chunk('tEXt', Buffer.from('owner\0Vera', 'latin1'))];
  for (const frame of [1, 2])
    writeFileSync(
      join(folder, `plate.000${frame}.png`),
      png({ width: 2, height: 2, bits: 8, kind: 2, samples: Array(12).fill(frame * 51), before: texts }),
    );
  client = await (await hosted({ graph: shot.graph })).connect();
});

test('a sequence of them is listed beside EXR files and graphs', async () => {
  const { sequences } = await client.ask('browse', { folder });
  expect(sequences).toContainEqual({ pattern: 'plate.%04d.png', frames: '1-2' });
});

test('one is described by its head', async () => {
  const { image, attributes, frames } = await client.ask('inspect', { path: join(folder, 'plate.%04d.png') });
  expect([frames, image.parts[0]!.channels.map((c) => c.name)]).toEqual(['1-2', ['B', 'G', 'R']]);
  const rows = attributes.map(({ name, text }) => `${name}: ${text}`);
  for (const row of ['stored: RGB of 8 bits', 'colour: sRGB: rec709, srgb', 'owner: Vera']) expect(rows).toContain(row);
});

test('a node that reads one shows its samples', async () => {
  const params = { path: join(folder, 'plate.%04d.png') };
  await client.edit({ op: 'addNode', id: 'plate', node: { type: 'io.read', version: 1, params, at: [0, 0] } });
  const rows = await client.ask('probe', {
    node: 'plate',
    frame: 2,
    part: 0,
    box: { minX: 0, minY: 0, maxX: 0, maxY: 0 },
  });
  expect(JSON.stringify(rows)).toContain('0.4');
  expect(JSON.stringify(client.events.filter((event) => event.kind === 'nodes'))).not.toContain('"picture"');
});

test('what its numbers are is told with its node', async () => {
  const told = () =>
    client.events.flatMap((e) => (e.kind === 'nodes' && e.nodes['plate']?.image ? [e.nodes['plate']] : [])).at(-1);
  client.send({ kind: 'seek', frame: 2 });
  await client.until(() => told() !== undefined);
  expect(told()!.colours).toEqual(['sRGB texture (colorInteropID "srgb_rec709_scene")']);
  expect(told()!.image!.parts[0]!.quality).toEqual({ tier: 'deliverable', reason: '8 bits', by: 'plate' });
});
