// Makes dist/: the package as it is published, JavaScript with declarations, the kernels, the launcher and the graphs.
import { execFileSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';
import { layerOf, plainText, withImports } from './start-up.js';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const dist = join(root, 'dist');
const copied = ['engine/bin/sluice.js', 'engine/bin/load.cjs', 'editor/ui/dist', 'LICENSE', 'README.md', 'graphs'];

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
/** `./engine/index.ts` as a door of the package: declarations and JavaScript, and what browsers get where that is different. */
const door = (source) => {
  const to = (ending) => source.replace(/\.ts$/, ending);
  return source === './engine/browser.ts'
    ? { types: to('.d.ts'), node: to('.js'), default: './engine/web/browser.js' }
    : { types: to('.d.ts'), default: to('.js') };
};
published.exports = Object.fromEntries(Object.entries(exports).map(([name, source]) => [name, door(source)]));
writeFileSync(join(dist, 'package.json'), `${JSON.stringify(published, undefined, 2)}\n`);

/** The text of a package's licence, whatever its file ends with. */
function licenceOf(folder) {
  const name = readdirSync(folder).find((file) => /^licen[cs]e/i.test(file)) ?? 'LICENSE';
  return readFileSync(join(folder, name), 'utf8');
}

/**
 * Joins what the command line, the workers and the doors load into few scripts, since a process that lives for a tenth of a
 * second would spend half of it on finding, reading and compiling modules. All of it is one build, so that whatever comes in
 * by two doors is the same. Packages that need files of their own stay outside; of the others the licences are kept beside.
 */
async function bundleRoofs() {
  const engine = join(dist, 'engine');
  const bin = join(engine, 'bin');
  const doors = ['authoring', 'browser', 'files', 'index'];
  const input = {
    cli: join(bin, 'cli.js'),
    worker: join(bin, 'worker.js'),
    ...Object.fromEntries(doors.map((name) => [name, join(engine, `${name}.js`)])),
  };
  const options = {
    platform: 'node',
    // Ours do nothing but define: what a process does not use of a door is not loaded with it.
    treeshake: { moduleSideEffects: [{ test: /[\\/]dist[\\/](engine|nodes)[\\/]/, sideEffects: false }] },
    // Under `node` rxjs is one heap of CommonJS, of which all would be taken in and run.
    resolve: { alias: { rxjs: join(root, 'node_modules', 'rxjs', 'dist', 'esm', 'index.js') } },
    external: (id) => /^(node:|assimpjs$|fontkit$|piscina$|sharp$|ws$)/.test(id) || id.includes('/editor/'),
  };
  // Without white space: less to read, which counts for a process that lives for a tenth of a second. Names stay.
  const minify = { compress: false, mangle: false, codegen: { removeWhitespace: true } };

  const notices = new Map();
  const bundle = await rolldown({ ...options, input });
  const exported = new Map();
  const { output } = await bundle.generate({
    format: 'cjs',
    exports: 'named',
    entryFileNames: 'bin/[name].cjs',
    chunkFileNames: 'bin/[name]-[hash].cjs',
    comments: false,
    minify,
    codeSplitting: { includeDependenciesRecursively: false, groups: [{ name: layerOf(dist) }] },
    plugins: [
      {
        name: 'doors',
        generateBundle() {
          for (const name of doors) exported.set(name, this.getModuleInfo(input[name]).exports);
        },
      },
    ],
  });
  await bundle.close();
  const web = await rolldown({ ...options, input: input.browser, platform: 'browser' });
  const { output: forBrowsers } = await web.generate({ format: 'esm', codeSplitting: false, comments: false, minify });
  await web.close();

  // Only declarations stay of what is in the bundle now.
  for (const file of readdirSync(engine, { recursive: true })) {
    if (file.endsWith('.js') && file !== join('bin', 'sluice.js')) rmSync(join(engine, file));
  }
  for (const file of output) {
    writeFileSync(join(engine, file.fileName), plainText(withImports(file.code)));
    for (const module of file.moduleIds) {
      const [, name] = /node_modules[\\/]((?:@[^\\/]+[\\/])?[^\\/]+)/.exec(module) ?? [];
      if (name) notices.set(name, licenceOf(join(root, 'node_modules', name)));
    }
  }
  for (const name of doors) writeFileSync(join(engine, `${name}.js`), facade('./bin/', name, exported.get(name)));
  writeFileSync(join(bin, 'worker.js'), facade('./', 'worker', ['default']));
  mkdirSync(join(engine, 'web'));
  writeFileSync(join(engine, 'web', 'browser.js'), forBrowsers[0].code);
  // Outside of the bundle, with another library compiled into it.
  const assimp = join(root, 'node_modules', 'assimpjs');
  notices.set('assimpjs', licenceOf(assimp));
  notices.set('assimp', readFileSync(join(assimp, 'dist', 'license.assimp.txt'), 'utf8'));
  cpSync(join(root, 'engine', 'pixels', 'kernels.wasm'), join(bin, 'kernels.wasm'));
  const texts = [...notices].sort().map(([name, text]) => `${name}\n\n${text.trim()}\n`);
  writeFileSync(join(bin, 'LICENSES.txt'), texts.join('\n---\n\n'));
}

/** A module that exports what a script does. */
function facade(folder, name, names) {
  const load = `process.getBuiltinModule('module').createRequire(import.meta.url)('${folder}load.cjs').load('${name}.cjs')`;
  if (names[0] === 'default') return `export default ${load}.default;\n`;
  return `export const {\n${names.map((one) => `  ${one},\n`).join('')}} = ${load};\n`;
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
