// Joins what the command line, the workers and the doors load into few scripts, since a process that lives for a tenth of a
// second would spend half of it on finding, reading and compiling modules. `engine/bin/load.cjs` runs them.
import { createHash } from 'node:crypto';
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { rolldown } from 'rolldown';
import { layerOf } from './layers.js';

const DOORS = ['authoring', 'browser', 'files', 'index'];
const LAUNCHER = join('bin', 'sluice.js');

/**
 * Puts scripts, modules in front of them for the doors and the worker, and a module for browsers in place of the JavaScript
 * below `dist/engine`. The scripts are one build, so that whatever comes in by two doors is the same. Packages that need
 * files of their own stay outside; of the others the licences are kept beside.
 */
export async function bundleRoofs(root, dist) {
  const engine = join(dist, 'engine');
  const bin = join(engine, 'bin');
  const options = {
    platform: 'node',
    // Ours do nothing but define: what a process does not use of a door is not loaded with it.
    treeshake: { moduleSideEffects: [{ test: /[\\/]dist[\\/](engine|nodes)[\\/]/, sideEffects: false }] },
    // Under `node` rxjs is one heap of CommonJS, of which all would be taken in and run.
    resolve: { alias: { rxjs: join(root, 'node_modules', 'rxjs', 'dist', 'esm', 'index.js') } },
    external: (id) => /^(node:|assimpjs$|fontkit$|piscina$|sharp$|ws$)/.test(id) || id.includes('/editor/'),
  };
  const { scripts, exported } = await makeScripts(dist, options);
  const forBrowsers = await makeModule(join(engine, 'browser.js'), { ...options, platform: 'browser' });

  // Only declarations stay of what is in the bundle now.
  for (const file of readdirSync(engine, { recursive: true })) {
    if (file.endsWith('.js') && file !== LAUNCHER) rmSync(join(engine, file));
  }
  const texts = new Map(scripts.map(({ fileName, code }) => [fileName, plainText(withImports(code))]));
  for (const [fileName, text] of texts) writeFileSync(join(engine, fileName), text);
  const loader = readFileSync(join(root, 'engine', 'bin', 'load.cjs'), 'utf8');
  writeFileSync(join(bin, 'load.cjs'), loader.replace("BUILD = ''", `BUILD = '${nameOf([...texts.values()])}'`));
  for (const name of DOORS) writeFileSync(join(engine, `${name}.js`), inFront('./bin/', name, exported.get(name)));
  writeFileSync(join(bin, 'worker.js'), inFront('./', 'worker'));
  mkdirSync(join(engine, 'web'));
  writeFileSync(join(engine, 'web', 'browser.js'), forBrowsers);
  cpSync(join(root, 'engine', 'pixels', 'kernels.wasm'), join(bin, 'kernels.wasm'));
  writeFileSync(join(bin, 'LICENSES.txt'), licencesOf(root, scripts));
}

// Without white space: less to read. Names stay.
const written = { comments: false, minify: { compress: false, mangle: false, codegen: { removeWhitespace: true } } };

/** The scripts, and what each door exports. */
async function makeScripts(dist, options) {
  const input = Object.fromEntries([
    ...['cli', 'worker'].map((name) => [name, join(dist, 'engine', 'bin', `${name}.js`)]),
    ...DOORS.map((name) => [name, join(dist, 'engine', `${name}.js`)]),
  ]);
  const exported = new Map();
  const bundle = await rolldown({ ...options, input });
  const { output } = await bundle.generate({
    format: 'cjs',
    exports: 'named',
    entryFileNames: 'bin/[name].cjs',
    chunkFileNames: 'bin/[name]-[hash].cjs',
    codeSplitting: { includeDependenciesRecursively: false, groups: [{ name: layerOf(dist) }] },
    plugins: [
      {
        name: 'doors',
        generateBundle() {
          for (const name of DOORS) exported.set(name, this.getModuleInfo(input[name]).exports);
        },
      },
    ],
    ...written,
  });
  await bundle.close();
  return { scripts: output, exported };
}

/** A module and all that it imports as one. */
async function makeModule(input, options) {
  const bundle = await rolldown({ ...options, input });
  const { output } = await bundle.generate({ format: 'esm', codeSplitting: false, ...written });
  await bundle.close();
  return output[0].code;
}

/** A name for the contents of all scripts. */
function nameOf(texts) {
  const hash = createHash('sha256');
  for (const text of texts.toSorted()) hash.update(text);
  return hash.digest('hex').slice(0, 16);
}

/** A module that exports what a script does: the names, or without them its default. */
function inFront(folder, name, names) {
  const script = `process.getBuiltinModule('module').createRequire(import.meta.url)('${folder}load.cjs').load('${name}.cjs')`;
  if (!names) return `export default ${script}.default;\n`;
  return `export const {\n${names.map((one) => `  ${one},\n`).join('')}} = ${script};\n`;
}

/** Texts in ASCII take half the memory: of others Node keeps two bytes a character. */
function plainText(code) {
  return code.replace(/[^\0-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** Has `import()` done by the module that loads the scripts: where scripts do it themselves Node calls it an experiment. */
function withImports(code) {
  return code.replace(/(?<![\w$#.])import\(/g, 'loadModule(');
}

/** The licences of the packages that are in the scripts, and of what is outside with another library compiled into it. */
function licencesOf(root, scripts) {
  const notices = new Map();
  for (const module of scripts.flatMap(({ moduleIds }) => moduleIds)) {
    const [, name] = /node_modules[\\/]((?:@[^\\/]+[\\/])?[^\\/]+)/.exec(module) ?? [];
    if (name) notices.set(name, licenceIn(join(root, 'node_modules', name)));
  }
  const assimp = join(root, 'node_modules', 'assimpjs');
  notices.set('assimpjs', licenceIn(assimp));
  notices.set('assimp', readFileSync(join(assimp, 'dist', 'license.assimp.txt'), 'utf8'));
  return [...notices]
    .sort()
    .map(([name, text]) => `${name}\n\n${text.trim()}\n`)
    .join('\n---\n\n');
}

/** The text of a package's licence, whatever its file ends with. */
function licenceIn(folder) {
  const name = readdirSync(folder).find((file) => /^licen[cs]e/i.test(file)) ?? 'LICENSE';
  return readFileSync(join(folder, name), 'utf8');
}
