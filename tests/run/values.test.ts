// Meshes in runs: made once for all frames and threads, whoever looks at the graph before.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { ValueCache } from '../../engine/plan/values.ts';
import { digest, run, temporary } from './files.ts';
import { graph } from './graph.ts';

const WORKER = new URL('../../engine/bin/worker.ts', import.meta.url);
const PACK = fileURLToPath(new URL('./mesh-pack.ts', import.meta.url));
const folder = temporary();

it.each([0, 1, 3])('with %i workers', async (jobs) => {
  const document = graph(
    {
      square: { type: 'test.square', params: { log: `made${jobs}.txt` } },
      charts: { type: 'mesh.charts' },
      tile: { type: 'mesh.rasterize', params: { size: [32, 32] }, animation: { tile: { expression: 'frame' } } },
      write: { type: 'io.write', params: { path: `out${jobs}/%04d.exr` } },
    },
    ['square.mesh > charts.mesh', 'charts.mesh > tile.mesh', 'tile.image > write.image'],
  );
  const done = await run(document, folder, { range: '1001-1006', jobs, worker: WORKER, packs: [PACK] });
  expect([done.exitCode, done.result?.outcomes.length], JSON.stringify(done.problems)).toEqual([0, 6]);
  expect(readFileSync(join(folder, `made${jobs}.txt`), 'utf8')).toBe('made\n');
  expect(digest(join(folder, `out${jobs}/1001.exr`))).toBe(digest(join(folder, 'out0/1001.exr')));
});

it('what is shared is what was kept, in memory of all threads, and what failed is left out', async () => {
  const cache = new ValueCache();
  const value = {
    uvSets: [{ name: 'uv', has: Uint8Array.of(1, 0, 2) }],
    part: new Float32Array(8).subarray(2, 5).fill(7),
  };
  await cache.get('made', async () => ({ value: value as never, problems: [] }));
  await cache.get('failed', () => Promise.reject(new Error('no'))).catch(() => {});
  const shared = await cache.shared();
  expect(shared).toEqual([['made', { value, problems: [] }]]);
  const { part } = shared[0]![1].value as unknown as typeof value;
  expect(part.buffer).toBeInstanceOf(SharedArrayBuffer);
  expect(part.buffer.byteLength).toBe(12);
  // They stay where they are.
  expect((await cache.shared())[0]![1].value).toEqual(shared[0]![1].value);
  expect(((await cache.kept())[0]![1].value as unknown as typeof value).part.buffer).toBe(part.buffer);
});
