// Compiles the AssemblyScript kernels to engine/pixels/kernels.wasm when a source is newer than the result.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const sources = join(root, 'engine', 'pixels', 'assembly');
const output = join(root, 'engine', 'pixels', 'kernels.wasm');
const stamp = join(root, 'node_modules', '.kernels-stamp');

const flags = [
  '-O3',
  '--noAssert',
  '--runtime',
  'stub',
  '--enable',
  'simd',
  '--importMemory',
  '--initialMemory',
  '16',
  '--memoryBase',
  '26624',
];
const hash = createHash('sha256').update(flags.join(' '));
for (const name of readdirSync(sources).sort()) hash.update(name).update(readFileSync(join(sources, name)));
const wanted = hash.digest('hex');

if (!existsSync(output) || !existsSync(stamp) || readFileSync(stamp, 'utf8') !== wanted) {
  const asc = join(root, 'node_modules', 'assemblyscript', 'bin', 'asc.js');
  // Renamed when whole, so that nobody loads half a module.
  const unfinished = `${output}.${process.pid}.wasm`;
  execFileSync(process.execPath, [asc, join(sources, 'index.ts'), '-o', unfinished, ...flags], {
    cwd: root,
    stdio: 'inherit',
  });
  renameSync(unfinished, output);
  writeFileSync(stamp, wanted);
}
