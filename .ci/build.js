// Makes dist/: the package as it is published, JavaScript with declarations, the kernels, the launcher and the graphs.
import { execFileSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const dist = join(root, 'dist');
const copied = ['engine/pixels/kernels.wasm', 'engine/bin/sluice.js', 'LICENSE', 'README.md', 'graphs'];

rmSync(dist, { recursive: true, force: true });
const compiler = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
execFileSync(process.execPath, [compiler, '-p', join(root, '.ci')], { cwd: root, stdio: 'inherit' });

for (const path of copied) {
  const from = join(root, path);
  // What running the examples leaves in graphs/ is no part of the package.
  const filter = (file) => !['in', 'out'].some((made) => file === join(root, 'graphs', made));
  if (existsSync(from)) cpSync(from, join(dist, path), { recursive: true, filter });
}
chmodSync(join(dist, 'engine', 'bin', 'sluice.js'), 0o755);

const {
  private: _,
  scripts: __,
  devDependencies: ___,
  allowScripts: ____,
  exports,
  ...published
} = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
/** `./engine/index.ts` as a door of the package: declarations and JavaScript. */
const door = (source) => ({ types: source.replace(/\.ts$/, '.d.ts'), default: source.replace(/\.ts$/, '.js') });
published.exports = Object.fromEntries(Object.entries(exports).map(([name, source]) => [name, door(source)]));
writeFileSync(join(dist, 'package.json'), `${JSON.stringify(published, undefined, 2)}\n`);
