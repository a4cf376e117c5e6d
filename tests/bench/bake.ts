// Measures whole bakes, from mesh and normal map to displacement: time, processor time, memory, and how exact they are.
// Run it with `node tests/bench/bake.ts`; `--sizes 1024,2048` for others. It needs GNU time.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { heightsIn, idsIn } from '../bake/bake.ts';
import { held, type MapSketch, writeExrMap, writePngMap } from '../bake/map.ts';
import { surfaceAt } from '../nodes/relief.ts';
import { fbxBinary, fbxTree, type Sheet } from '../nodes/sheets.ts';

const LAUNCHER = fileURLToPath(new URL('../../engine/bin/sluice.js', import.meta.url));
const { values } = parseArgs({ options: { sizes: { type: 'string', default: '1024,4096' } } });

/** Ten irregular islands of 9,800 triangles each. */
const ISLANDS = Array.from({ length: 10 }, (_, k): Sheet => {
  const [u, v] = [0.14 + 0.24 * (k % 4), 0.17 + 0.33 * Math.floor(k / 4)];
  const uv = (s: number, t: number): [number, number] => {
    const turn = -2 * Math.PI * (s % 1);
    const radius = (0.1 + 0.012 * Math.sin(3 * turn + k) + 0.008 * Math.sin(7 * turn + 2 * k)) * (0.02 + 0.98 * t);
    return [u + radius * Math.cos(turn), v + 1.3 * radius * Math.sin(turn)];
  };
  return { columns: 100, rows: 49, uv, at: (s, t) => [...uv(s, t), 0.05 * t + k] };
});

const folder = mkdtempSync(join(tmpdir(), 'sluice-bake-'));
try {
  writeFileSync(join(folder, 'islands.fbx'), fbxBinary(fbxTree(ISLANDS)));
  for (const size of values.sizes.split(',').map(Number)) {
    const sketch: MapSketch = { size, field: (x, y) => surfaceAt('hills', size, x, y) };
    await writeExrMap(join(folder, 'map.1001.exr'), sketch);
    await writePngMap(join(folder, 'map.1001.png'), sketch, 16);
    for (const ending of ['exr', 'png']) {
      const bake = ['bake', 'islands.fbx', '--normal', `map.<UDIM>.${ending}`, '--out', 'out/height.<UDIM>.exr'];
      const others = ['--export-sidecars', '--overwrite', '--quiet'];
      const notes = join(folder, 'notes');
      const timed = ['-f', '%e %U %S %M', '-o', notes, process.execPath, LAUNCHER, ...bake, ...others];
      execFileSync('/usr/bin/time', timed, { cwd: folder, stdio: 'inherit' });
      const [seconds, user, system, peak] = readFileSync(notes, 'utf8').trim().split(' ').map(Number);
      const { rms, islands } = held(heightsIn(folder, 'out', 1001), idsIn(folder, 'out', 1001), sketch);
      console.log(
        `${size}² from ${ending}: ${seconds!.toFixed(1)} s, ${(user! + system!).toFixed(1)} s of processors, peak ${(peak! / 1024).toFixed(0)} MiB, ${islands} islands, error ${rms.toExponential(1)} of the range`,
      );
    }
  }
} finally {
  rmSync(folder, { recursive: true });
}
