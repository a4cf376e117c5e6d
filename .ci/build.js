// Makes dist/: the package as it is published, JavaScript with declarations, the kernels, the launcher and the graphs.
import { execFileSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';
import { layerOf, plainText, withBuiltins } from './start-up.js';

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
await bundleRoofs();
await bundlePreload();

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

/** The text of a package's licence, whatever its file ends with. */
function licenceOf(folder) {
  const name = readdirSync(folder).find((file) => /^licen[cs]e/i.test(file)) ?? 'LICENSE';
  return readFileSync(join(folder, name), 'utf8');
}

/**
 * Joins what the command line, the workers and the doors load into few files, since a process that lives for a tenth of a
 * second would spend half of it on finding and reading modules. All of it is one build, so that whatever comes in by two
 * doors is the same. Packages that need files of their own stay outside; of the others the licences are kept beside.
 */
async function bundleRoofs() {
  const engine = join(dist, 'engine');
  const bin = join(engine, 'bin');
  const doors = ['authoring', 'browser', 'files', 'index'];
  const notices = new Map();
  const bundle = await rolldown({
    input: {
      'bin/cli': join(bin, 'cli.js'),
      'bin/worker': join(bin, 'worker.js'),
      ...Object.fromEntries(doors.map((name) => [name, join(engine, `${name}.js`)])),
    },
    platform: 'node',
    // Ours do nothing but define: what a process does not use of a door is not loaded with it.
    treeshake: { moduleSideEffects: [{ test: /[\\/]dist[\\/](engine|nodes)[\\/]/, sideEffects: false }] },
    // Under `node` rxjs is one heap of CommonJS, of which all would be taken in and run.
    resolve: { alias: { rxjs: join(root, 'node_modules', 'rxjs', 'dist', 'esm', 'index.js') } },
    external: (id) => /^(node:|assimpjs$|fontkit$|piscina$|sharp$|ws$)/.test(id) || id.includes('/editor/'),
  });
  const { output } = await bundle.generate({
    format: 'esm',
    entryFileNames: '[name].js',
    chunkFileNames: 'bin/[name]-[hash].js',
    comments: false,
    // Without white space: less to read, which counts for a process that lives for a tenth of a second. Names stay.
    minify: { compress: false, mangle: false, codegen: { removeWhitespace: true } },
    codeSplitting: { includeDependenciesRecursively: false, groups: [{ name: layerOf(dist) }] },
    plugins: [{ name: 'builtins', renderChunk: withBuiltins }],
  });
  await bundle.close();
  // Only declarations stay of what is in the bundle now.
  for (const file of readdirSync(engine, { recursive: true })) {
    if (file.endsWith('.js') && file !== join('bin', 'sluice.js')) rmSync(join(engine, file));
  }
  for (const file of output) {
    writeFileSync(join(engine, file.fileName), plainText(file.code));
    for (const module of file.moduleIds) {
      const [, name] = /node_modules[\\/]((?:@[^\\/]+[\\/])?[^\\/]+)/.exec(module) ?? [];
      if (name) notices.set(name, licenceOf(join(root, 'node_modules', name)));
    }
  }
  // Outside of the bundle, with another library compiled into it.
  const assimp = join(root, 'node_modules', 'assimpjs');
  notices.set('assimpjs', licenceOf(assimp));
  notices.set('assimp', readFileSync(join(assimp, 'dist', 'license.assimp.txt'), 'utf8'));
  cpSync(join(root, 'engine', 'pixels', 'kernels.wasm'), join(bin, 'kernels.wasm'));
  const texts = [...notices].sort().map(([name, text]) => `${name}\n\n${text.trim()}\n`);
  writeFileSync(join(bin, 'LICENSES.txt'), texts.join('\n---\n\n'));
}

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
