// What nodes find in the samples that a viewer asks for: a problem with a fix, gone once it is mended.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { saveDocument } from '../../../engine/index.ts';
import { normalMap } from '../../nodes/normal-map.ts';
import { hosted, temporary, wait } from './hosted.ts';

const SIZE = 300;

test('problems found in pixels come with the picture and go with their fix', async () => {
  const graph = join(temporary(), 'map.sluice.json');
  writeFileSync(graph, saveDocument(normalMap({ format: [SIZE, SIZE], frames: '1-2', green: -1 })));
  const client = await (await hosted({ graph })).connect();
  const found = () =>
    client.events.findLast((e) => e.kind === 'problems')?.problems.filter((p) => p.code === 'normal-convention') ?? [];
  expect(found()).toEqual([]);

  const box = { minX: 0, minY: 0, maxX: SIZE - 1, maxY: SIZE - 1 };
  const channels = ['slope.u', 'slope.v', 'slope.u', null];
  const view = { node: 'decode', frame: 1, part: 0, channels, box, width: 90, height: 90 };
  client.send({ kind: 'seek', frame: 1 });
  client.send({ kind: 'view', slot: 0, serial: 1, view });
  await client.until(() => found().length === 1);
  const [problem] = found();
  expect(problem).toMatchObject({ severity: 'warning', where: { node: 'decode', frame: 1, param: 'y' } });

  // The same samples at another frame: it stays.
  client.send({ kind: 'seek', frame: 2 });
  await client.until(() => found()[0]?.where.frame === 2);

  const [edit] = problem!.fixes![0]!.edits;
  await client.edit(edit!);
  await client.until(() => found().length === 0);
  client.send({ kind: 'view', slot: 0, serial: 2, view });
  await client.picture((header) => header.serial === 2);
  await wait(200);
  expect(found()).toEqual([]);

  await client.ask('undo', {});
  await client.until(() => found().length === 1);
});
