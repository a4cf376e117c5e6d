// Makes dist/: the package as it is published, JavaScript with declarations, the kernels, the launcher and the graphs.
import { execFileSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';
import { bundleRoofs } from './bundle.js';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const dist = join(root, 'dist');
const copied = ['engine/bin/sluice.js', 'editor/ui/dist', 'LICENSE', 'README.md', 'graphs'];

rmSync(dist, { recursive: true, force: true });
execFileSync(process.execPath, [join(root, 'node_modules', 'vite', 'bin', 'vite.js'), 'build', 'editor/ui'], {
  cwd: root,
  stdio: 'inherit',
});
const compiler = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
execFileSync(process.execPath, [compiler, '-p', join(root, '.ci')], { cwd: root, stdio: 'inherit' });

for (const path of copied) {
  const from = join(root, path);
  // What running the examples leaves in graphs/ is no part of the package.
  const filter = (file) => !['in', 'out'].some((made) => file === join(root, 'graphs', made));
  if (existsSync(from)) cpSync(from, join(dist, path), { recursive: true, filter });
}
chmodSync(join(dist, 'engine', 'bin', 'sluice.js'), 0o755);
await bundleRoofs(root, dist);
await bundlePreload();

const {
  private: _,
  scripts: __,
  devDependencies: ___,
  allowScripts: ____,
  exports,
  ...published
} = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
/** `./engine/index.ts` as a door of the package: declarations and JavaScript, and what browsers get where that is different. */
const door = (source) => {
  const to = (ending) => source.replace(/\.ts$/, ending);
  return source === './engine/browser.ts'
    ? { types: to('.d.ts'), node: to('.js'), default: './engine/web/browser.js' }
    : { types: to('.d.ts'), default: to('.js') };
};
published.exports = Object.fromEntries(Object.entries(exports).map(([name, source]) => [name, door(source)]));
writeFileSync(join(dist, 'package.json'), `${JSON.stringify(published, undefined, 2)}\n`);

/** A preload script in a sandbox is one file of CommonJS. */
async function bundlePreload() {
  const desktop = join(dist, 'editor', 'desktop');
  const input = join(desktop, 'preload.js');
  const bundle = await rolldown({ input, platform: 'node', external: ['electron'] });
  await bundle.write({ format: 'cjs', file: join(desktop, 'preload.cjs') });
  await bundle.close();
  rmSync(input);
  // Started by hand in a clone only.
  for (const ending of ['js', 'd.ts']) rmSync(join(desktop, `launch.${ending}`));
}
