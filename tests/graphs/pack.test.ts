// A node from outside the project: loaded as a pack, run in workers, and shown in the README as it is.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { loadDocument } from '../../engine/index.ts';
import { convertSamples } from '../../engine/pixels/convert.ts';
import { planeBytes } from '../../engine/pixels/plane.ts';
import { SHOT_FRAMES, shotFile } from '../../fixtures/render.ts';
import { openShot, type Shot, withFile } from './shot.ts';

const PACK = fileURLToPath(new URL('../../fixtures/pack/index.ts', import.meta.url));

let shot: Shot;
beforeAll(async () => {
  shot = await openShot();
});
afterAll(() => shot.remove());

const node = (type: string, params: object) => ({ type, version: 1, params });
const { document } = loadDocument(
  JSON.stringify({
    sluice: 1,
    name: 'brighter',
    nodes: {
      read: node('io.read', { path: 'in/sh010_beauty.%04d.exr' }),
      expose: node('example.exposure', { stops: 1.5 }),
      write: node('io.write', { path: 'out/brighter.%04d.exr' }),
    },
    links: [
      { from: 'read.image', to: 'expose.image' },
      { from: 'expose.image', to: 'write.image' },
    ],
  }),
);

test.each([
  { jobs: 0, where: 'in the calling thread' },
  { jobs: 2, where: 'in workers' },
])('the example node multiplies light and leaves the rest, $where', async ({ jobs }) => {
  const overrides = { params: { 'write.overwrite': 'replace' } };
  const run = await shot.run('01-copy', { document: document!, packs: [PACK], jobs, overrides });
  expect(run.problems).toEqual([]);
  expect(run.result!.outcomes.filter((o) => o.state !== 'done')).toEqual([]);
  expect(run.exitCode).toBe(0);
  expect(run.result!.ledger).toEqual([]);
  let compared = 0;
  for (const frame of SHOT_FRAMES) {
    const given = withFile(shot.path(`in/${shotFile('beauty', frame)}`), (file) => file.readPart(0));
    const made = withFile(shot.path(`out/brighter.${frame}.exr`), (file) => file.readPart(0));
    for (const [name, plane] of made) {
      const source = given.get(name)!;
      expect(plane.type).toBe(source.type);
      const floats = convertSamples(source.samples, source.type, 'float').samples;
      const expected =
        name !== 'A'
          ? convertSamples(
              Float32Array.from(floats, (v) => v * 2 ** 1.5),
              'float',
              source.type,
            ).samples
          : source.samples;
      expect(Buffer.compare(planeBytes(plane), planeBytes({ ...plane, samples: expected }))).toBe(0);
      compared++;
    }
  }
  expect(compared).toBe(8 * 4);
});

test('the README shows the node as it is', () => {
  const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
  expect(readme).toContain(readFileSync(new URL('../../fixtures/pack/exposure.ts', import.meta.url), 'utf8').trim());
});
