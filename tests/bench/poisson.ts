// Measures the solver behind Integrate normals: time, iterations and memory by size, how its cost grows, and python3-scipy.
// Run it with `node tests/bench/poisson.ts`; `--sizes 512,1024` for others, `--scipy 1024,2048` to compare.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { heightsOf } from '../../nodes/integrate/poisson/constants.ts';
import { type Slopes, solve } from '../../nodes/integrate/poisson/solve.ts';

const { values } = parseArgs({
  options: {
    sizes: { type: 'string', default: '512,1024,2048,4096,8192' },
    scipy: { type: 'string', default: '' },
    /** Of a process that measures one size: the size, and a folder for the system. */
    one: { type: 'string' },
    save: { type: 'string' },
  },
});

interface Figures {
  readonly seconds: number;
  readonly iterations: number;
  readonly residual: number;
  readonly peakMiB: number;
}

/** The slopes of hills on ten irregular islands with narrow gaps, in a square of so many pixels. */
function tenIslands(size: number): Slopes {
  const [p, q] = [new Float32Array(size * size), new Float32Array(size * size)];
  const islands = new Uint32Array(size * size);
  const middles = Array.from(
    { length: 10 },
    (_, i) => [((i * 0.618 + 0.13) % 1) * size, ((i + 0.5) / 10) * size] as const,
  );
  const k = (2 * Math.PI) / size;
  for (let y = 0; y < size; y++) {
    const bend = 0.02 * size * Math.sin(40 * k * y) + 6 * Math.sin(y * 0.31);
    for (let x = 0; x < size; x++) {
      const lean = 0.025 * size * Math.sin(30 * k * x) + 5 * Math.cos(x * 0.37);
      let [near, next, island] = [Infinity, Infinity, 0];
      for (let i = 0; i < 10; i++) {
        const distance = (x + bend - middles[i]![0]) ** 2 + (y + lean - middles[i]![1]) ** 2;
        if (distance < near) [near, next, island] = [distance, near, i + 1];
        else if (distance < next) next = distance;
      }
      const at = y * size + x;
      islands[at] = Math.sqrt(next) - Math.sqrt(near) < 4 ? 0 : island;
      const wave = 5 * k * Math.cos(11 * k * (x + y));
      p[at] = size * (0.15 * k * Math.cos(3 * k * x) * Math.cos(2 * k * y) + 0.02 * wave);
      q[at] = size * (-0.1 * k * Math.sin(3 * k * x) * Math.sin(2 * k * y) + 0.02 * wave);
    }
  }
  return { columns: size, rows: size, p, q, islands, wrap: { columns: false, rows: false } };
}

async function one(size: number): Promise<Figures> {
  const slopes = tenIslands(size);
  if (values.save) {
    for (const name of ['p', 'q', 'islands'] as const) {
      const { buffer, byteOffset, byteLength } = slopes[name]!;
      writeFileSync(join(values.save, name), new Uint8Array(buffer, byteOffset, byteLength));
    }
  }
  const begun = performance.now();
  const { signal } = new AbortController();
  const solution = await solve(slopes, { tolerance: 1e-6, maxIterations: 1000, signal });
  await heightsOf(solution, slopes, { zero: 'anchor', amplitude: 1, signal });
  const seconds = (performance.now() - begun) / 1000;
  const { iterations, residual } = solution;
  return { seconds, iterations, residual, peakMiB: process.resourceUsage().maxRSS / 1024 };
}

/** In a process of its own, so that memory is that of one size. */
function measured(size: number, save?: string): Figures {
  const args = [fileURLToPath(import.meta.url), '--one', String(size), ...(save ? ['--save', save] : [])];
  return JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8' }));
}

const SCIPY = `
import sys, time, numpy as np
from scipy.sparse import coo_matrix, diags
from scipy.sparse.linalg import cg
folder, n = sys.argv[1], int(sys.argv[2])
read = lambda name, kind: np.fromfile(f'{folder}/{name}', kind).reshape(n, n)
p, q, ids = read('p', 'f4').astype('f8'), read('q', 'f4').astype('f8'), read('islands', 'u4')
number = np.arange(n * n).reshape(n, n)
def faces(a, b, slope):
    joined = (ids[a] == ids[b]) & (ids[a] > 0)
    return number[a][joined], number[b][joined], ((slope[a] + slope[b]) / 2)[joined]
left, right, rise = (np.concatenate(x) for x in zip(
    faces((slice(None), slice(None, -1)), (slice(None), slice(1, None)), p),
    faces((slice(None, -1), slice(None)), (slice(1, None), slice(None)), q)))
size, ones = n * n, np.ones(len(left))
degree = np.bincount(left, minlength=size) + np.bincount(right, minlength=size)
used = np.flatnonzero(degree)
place = np.zeros(size, int); place[used] = np.arange(len(used))
b = (np.bincount(right, rise, size) - np.bincount(left, rise, size))[used]
l, r, d = place[left], place[right], degree[used].astype('f8')
edges = coo_matrix((-np.concatenate([ones, ones]), (np.concatenate([l, r]), np.concatenate([r, l]))), (len(used),) * 2)
matrix, steps = (edges.tocsr() + diags(d)).tocsr(), [0]
def count(_): steps[0] += 1
begun = time.perf_counter()
try: x, failed = cg(matrix, b, rtol=1e-6, atol=0, maxiter=100000, M=diags(1 / d), callback=count)
except TypeError: x, failed = cg(matrix, b, tol=1e-6, atol=0, maxiter=100000, M=diags(1 / d), callback=count)
seconds = time.perf_counter() - begun
print(seconds, steps[0], np.linalg.norm(b - matrix @ x) / np.linalg.norm(b))
`;

function compare(size: number): void {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-poisson-'));
  try {
    const ours = measured(size, folder);
    const told = execFileSync('/usr/bin/python3', ['-c', SCIPY, folder, String(size)], { encoding: 'utf8' });
    const [seconds, steps, residual] = told.trim().split(' ').map(Number) as [number, number, number];
    const said = `${ours.seconds.toFixed(2)} s, ${ours.iterations} iterations, residual ${ours.residual.toExponential(1)}`;
    const theirs = `${seconds.toFixed(1)} s, ${steps} iterations, residual ${residual.toExponential(1)}`;
    console.log(`${size}²: Sluice ${said}; scipy cg ${theirs}: ${(seconds / ours.seconds).toFixed(0)} times as fast`);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The slope of the straight line through the logarithms of times over those of pixels. */
function exponentOf(points: readonly (readonly [pixels: number, seconds: number])[]): number {
  const logs = points.map(([pixels, seconds]) => [Math.log(pixels), Math.log(seconds)] as const);
  const mean = (i: 0 | 1): number => logs.reduce((sum, log) => sum + log[i], 0) / logs.length;
  const [x, y] = [mean(0), mean(1)];
  const over = logs.reduce((sum, [a, b]) => sum + (a - x) * (b - y), 0);
  return over / logs.reduce((sum, [a]) => sum + (a - x) ** 2, 0);
}

const sizesOf = (text: string): number[] => text.split(',').filter(Boolean).map(Number);

if (values.one) console.log(JSON.stringify(await one(Number(values.one))));
else {
  const points = sizesOf(values.sizes).map((size): readonly [number, number] => {
    const { seconds, iterations, residual, peakMiB } = measured(size);
    const figures = `${seconds.toFixed(2)} s, ${iterations} iterations, residual ${residual.toExponential(1)}`;
    console.log(`${size}²: ${figures}, peak ${peakMiB.toFixed(0)} MiB`);
    return [size * size, seconds];
  });
  if (points.length > 1) console.log(`cost grows with pixels to the power of ${exponentOf(points).toFixed(2)}`);
  for (const size of sizesOf(values.scipy)) compare(size);
}
