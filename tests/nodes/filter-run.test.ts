// Filters and transforms in whole runs: the same bytes with any number of workers, and OpenImageIO as the judge of samples.
import { execFileSync, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { box } from '../../engine/base/box.ts';
import type { Json } from '../../engine/base/canonical.ts';
import { ExrFile } from '../../engine/exr/file.ts';
import { digest, run, temporary, writeSequence } from '../run/files.ts';
import { graph } from '../run/graph.ts';
import { FILTERS } from './stages-filter.ts';

const WORKER = new URL('../../engine/bin/worker.ts', import.meta.url);
const folder = temporary();

const through = (type: string, params: Readonly<Record<string, Json>>, from: string, to: string, more = {}) =>
  graph(
    {
      read: { type: 'io.read', params: { path: from } },
      node: { type, params },
      write: { type: 'io.write', params: { path: to, compression: 'none', overwrite: 'replace', ...more } },
    },
    ['read.image > node.image', 'node.image > write.image'],
  );

describe('the same bytes', () => {
  // Any bits, NaN payloads and denormals among them.
  beforeAll(() =>
    writeSequence(folder, 'bits.%04d.exr', [1], {
      channels: ['A', 'B', 'G', 'R', 'Z:float'],
      window: box(-7, 3, 320, 299),
      display: box(0, 0, 300, 280),
    }),
  );

  // Pad takes numbers of islands, which noise has not; pad.test.ts has it.
  const filters = FILTERS.filter(([type]) => type !== 'filter.pad');

  it.each(filters)('%s', async (type, params) => {
    const found = new Set<string>();
    for (const setting of [{ jobs: 0 }, { jobs: 2 }, { jobs: 3, memory: 0 }]) {
      const done = await run(through(type, { ...params }, 'bits.0001.exr', 'out.exr'), folder, {
        ...setting,
        worker: WORKER,
      });
      expect(done.exitCode, JSON.stringify(done.result?.outcomes)).toBe(0);
      found.add(digest(join(folder, 'out.exr')));
    }
    expect(found.size).toBe(1);
    // Tiles of the same picture are other pieces with the same samples.
    await run(
      through(type, { ...params }, 'bits.0001.exr', 'tiled.exr', { layout: 'tiles', tileSize: [61, 37] }),
      folder,
      { jobs: 0 },
    );
    const [lines, tiles] = ['out.exr', 'tiled.exr'].map((name) => samplesOf(join(folder, name)));
    expect(tiles).toEqual(lines);
  });

  it('are those of eight nodes', () => expect(filters).toHaveLength(8));
});

function samplesOf(path: string): Record<string, Buffer> {
  const file = ExrFile.open(path);
  try {
    const planes = [...file.readPart(0)];
    return Object.fromEntries(
      planes.map(([name, { samples: s }]) => [name, Buffer.from(s.buffer, s.byteOffset, s.byteLength)]),
    );
  } finally {
    file.close();
  }
}

/** Needs the program: skipped where it is absent, but never on the build server. */
const judged =
  spawnSync('oiiotool', ['--help']).error === undefined || process.env['CI'] === 'true'
    ? describe
    : (title: string, body: () => void) => describe.skip(`${title} (skipped: no oiiotool)`, body);

judged('OpenImageIO finds the same samples', () => {
  const oiiotool = (...args: string[]): void => {
    execFileSync('oiiotool', args, { cwd: folder });
  };
  beforeAll(() => {
    const pattern = 'noise:type=uniform:min=0:max=2:seed=4';
    oiiotool('--pattern', pattern, '300x200', '4', '-d', 'float', '--compression', 'none', '-o', 'noise.exr');
  });

  it.each<[string, Record<string, Json>, string[], { most: number; border: number }]>([
    ['transform.resize', { factor: [0.5, 0.5] }, ['--resize:filter=lanczos3', '150x100'], { most: 2e-4, border: 0 }],
    [
      'transform.resize',
      { factor: [2, 2], filter: 'mitchell' },
      ['--resize:filter=mitchell', '600x400'],
      { most: 2e-4, border: 0 },
    ],
    [
      'transform.resize',
      { by: 'size', size: [100, 50], filter: 'box' },
      ['--resize:filter=box', '100x50'],
      { most: 1e-6, border: 0 },
    ],
    ['filter.erode', { size: [3, 3] }, ['--erode', '7x7'], { most: 0, border: 0 }],
    ['filter.dilate', { size: [2, 2], edges: 'repeat' }, ['--dilate', '5x5'], { most: 0, border: 0 }],
    // OpenImageIO leaves what lies outside out of the median.
    ['filter.median', {}, ['--median', '3x3'], { most: 0, border: 1 }],
    ['filter.median', { size: 5 }, ['--median', '5x5'], { most: 0, border: 2 }],
  ])('%s %j', async (type, params, theirs, { most, border }) => {
    const done = await run(through(type, params, 'noise.exr', 'ours.exr'), folder, { jobs: 0 });
    expect(done.exitCode, JSON.stringify(done.result?.outcomes)).toBe(0);
    oiiotool('noise.exr', ...theirs, '-d', 'float', '--compression', 'none', '-o', 'theirs.exr');
    const [a, b] = ['ours.exr', 'theirs.exr'].map((name) => ExrFile.open(join(folder, name)).readPart(0));
    expect([...a!.keys()]).toEqual(['A', 'B', 'G', 'R']);
    let compared = 0;
    let worst = 0;
    for (const [name, plane] of a!) {
      const other = b!.get(name)!;
      expect(other.samples.length).toBe(plane.samples.length);
      for (let y = border; y < plane.rows - border; y++) {
        for (let x = border; x < plane.columns - border; x++) {
          const i = y * plane.columns + x;
          worst = Math.max(worst, Math.abs(plane.samples[i]! - other.samples[i]!));
          compared += 1;
        }
      }
    }
    expect(worst).toBeLessThanOrEqual(most);
    expect(compared).toBeGreaterThanOrEqual(4 * 100 * 50);
  });
});
