// Displacement in whole runs: the same bytes with any number of workers, from maps that hold any bits.
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { box } from '../../engine/base/box.ts';
import { digest, run, temporary, writeSequence } from '../run/files.ts';
import { graph } from '../run/graph.ts';

const WORKER = new URL('../../engine/bin/worker.ts', import.meta.url);
const folder = temporary();

beforeAll(() =>
  writeSequence(folder, 'bits.%04d.exr', [1, 2], {
    channels: ['B', 'G', 'R:float', 'id:uint'],
    window: box(-7, 3, 150, 132),
    display: box(0, 0, 128, 128),
  }),
);

it('is the same bytes', async () => {
  const document = graph(
    {
      read: { type: 'io.read', params: { path: 'bits.%04d.exr' } },
      decode: { type: 'normal.decode', params: { range: 'signed' } },
      integrate: { type: 'integrate.poisson', params: { wrap: 'across' } },
      write: { type: 'io.write', params: { path: 'out.%04d.exr', compression: 'none', overwrite: 'replace' } },
    },
    ['read.image > decode.image', 'decode.image > integrate.image', 'integrate.image > write.image'],
  );
  const found = new Set<string>();
  for (const setting of [{ jobs: 0 }, { jobs: 2 }, { jobs: 3, memory: 0 }]) {
    const done = await run(document, folder, { ...setting, worker: WORKER });
    expect(done.exitCode, JSON.stringify(done.result?.outcomes)).toBe(0);
    const flat = done.result!.ledger.filter((entry) => entry.reason.startsWith('black or no number'));
    expect(flat.length).toBeGreaterThan(0);
    found.add(`${digest(join(folder, 'out.0001.exr'))} ${digest(join(folder, 'out.0002.exr'))}`);
  }
  expect(found.size).toBe(1);
});
