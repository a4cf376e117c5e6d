// Recombines two files of 16384x16384 and says how much memory that takes: `node tests/bench/large.ts`.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { measure } from './measure.ts';

const SIZE = 16_384;
const MOST_MIB = 512;
const root = fileURLToPath(new URL('../../', import.meta.url));
const folder = join(tmpdir(), `sluice-bench-large-${SIZE}`);
const launcher = join(root, 'dist', 'engine', 'bin', 'sluice.js');

const node = (type: string, params: object) => ({ type, version: 1, params, at: [0, 0] });

function saved(name: string, nodes: object, links: readonly (readonly [string, string])[]): string {
  const path = join(folder, `${name}.sluice.json`);
  writeFileSync(path, JSON.stringify({ sluice: 1, name, nodes, links: links.map(([from, to]) => ({ from, to })) }));
  return path;
}

const run = (graph: string) => ({
  program: process.execPath,
  args: [launcher, 'run', graph, '--jobs', '2', '--quiet'],
});
const write = (name: string) =>
  node('io.write', { path: join(folder, name), compression: 'zip', overwrite: 'replace' });

/** A ramp with grain, so that packing has something to do. */
async function make(name: string, channels: 'rgb' | 'alpha'): Promise<void> {
  if (existsSync(join(folder, `${name}.exr`))) return;
  console.log(`Making ${name}.exr in ${folder}`);
  const graph = saved(
    name,
    {
      ramp: node('generate.ramp', { format: [SIZE, SIZE], channels, frames: '1' }),
      grain: node('channel.expression', { rows: [{ to: '*', expression: 'this + 0.05 * noise(x, y)' }] }),
      write: write(`${name}.exr`),
    },
    [
      ['ramp.image', 'grain.image'],
      ['grain.image', 'write.image'],
    ],
  );
  await measure(run(graph));
}

execFileSync(process.execPath, [join(root, '.ci', 'build.js')], { stdio: 'ignore' });
mkdirSync(folder, { recursive: true });
await make('colour', 'rgb');
await make('alpha', 'alpha');
const graph = saved(
  'recombine',
  {
    colour: node('io.read', { path: join(folder, 'colour.exr') }),
    alpha: node('io.read', { path: join(folder, 'alpha.exr') }),
    all: node('channel.shuffle', { attributes: { resolveAll: 'colour' } }),
    write: write('all.exr'),
  },
  [
    ['colour.image', 'all.sources.colour'],
    ['alpha.image', 'all.sources.alpha'],
    ['all.image', 'write.image'],
  ],
);
const { seconds, peakMiB } = await measure(run(graph));
const size = Math.round(statSync(join(folder, 'all.exr')).size / 2 ** 20);
const memory = peakMiB === undefined ? 'not measured: GNU time is not here' : `${Math.round(peakMiB)} MiB`;
const met = peakMiB === undefined ? '' : peakMiB <= MOST_MIB ? ', met' : ', missed';
console.log(
  `${SIZE}x${SIZE}, 4 half channels of two files, ${size} MiB written: ${seconds.toFixed(1)} s, peak memory ${memory} (at most ${MOST_MIB} MiB${met})`,
);
rmSync(join(folder, 'all.exr'));
