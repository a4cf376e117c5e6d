// Loads the scripts that the package is built into, together with what V8 compiled of them in earlier processes. Node's own
// compile cache holds a script as it is before it runs, so that each process compiles again whatever it calls.
const {
  closeSync,
  fstatSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} = require('node:fs');
const { createRequire, getCompileCacheDir } = require('node:module');
const { join } = require('node:path');
const { Script } = require('node:vm');

/** V8 forgets what was not called for a while: a process that lived longer than these seconds keeps nothing. */
const FRESH = 20;
/** Threads of a pool are ended from outside: what they compiled is kept so many milliseconds after their start. */
const SETTLED = 300;
/** Those of Node's modules that are large and that few commands need: their functions are looked up when they are called. */
const LATE = new Set(['node:child_process', 'node:crypto', 'node:zlib']);
/** Names the contents of all scripts; the build puts it here. Times tell nothing: packages have the same for all files. */
const BUILD = '';
const HEAD = '(function (exports, require, module, __filename, loadModule) {';

/** Where Node keeps its own; without it, as in other people's programs, nothing is kept. */
const folder = getCompileCacheDir?.();
const requireOutside = createRequire(__filename);
/** The scripts of this thread by name. */
const loaded = new Map();

/** What the script `name` of this folder exports. */
exports.load = function load(name) {
  const known = loaded.get(name);
  if (known) return known.module.exports;
  if (folder && loaded.size === 0) {
    if (name === 'worker.cjs') setTimeout(keep, SETTLED).unref();
    else process.once('exit', () => process.uptime() < FRESH && keep());
  }
  const path = join(__dirname, name);
  const file = folder && placeOf(path, name);
  const kept = file && keptIn(file);
  const script = new Script(`${HEAD}${readFileSync(path, 'latin1')}\n})`, {
    filename: path,
    columnOffset: -HEAD.length,
    ...(kept && { cachedData: kept.code }),
  });
  const company = new Set(kept && !script.cachedDataRejected ? kept.company : []);
  const module = { exports: {} };
  loaded.set(name, { module, script, file, company });
  script.runInThisContext()(module.exports, required, module, path, (id) => import(id));
  return module.exports;
};

function required(id) {
  if (id.startsWith('./')) return exports.load(id.slice(2));
  if (LATE.has(id)) return new Proxy({}, { get: (_, name) => process.getBuiltinModule(id)[name] });
  return process.getBuiltinModule(id) ?? requireOutside(id);
}

/** The file for the code of a script, another one for each build, and where somebody changed the script by hand. */
function placeOf(path, name) {
  const { size, mtimeMs } = statSync(path);
  return join(folder, `${name}-${BUILD}-${size}-${mtimeMs}`);
}

/**
 * What was kept of a script: V8's code twice, then the names of the scripts in whose company it ran, then the length of these
 * names. Twice because V8 trusts what it is given, and what reckons checksums would have to be loaded first.
 */
function keptIn(file) {
  let opened;
  try {
    opened = openSync(file, 'r');
    // The folder may be one that others have as well.
    if (process.getuid && fstatSync(opened).uid !== process.getuid()) return undefined;
    const bytes = readFileSync(opened);
    const end = bytes.length - 4;
    const half = (end - bytes.readUInt32LE(end)) / 2;
    const code = bytes.subarray(0, half);
    if (!(half > 0) || !code.equals(bytes.subarray(half, 2 * half))) return undefined;
    return { code, company: bytes.toString('latin1', 2 * half, end).split(' ') };
  } catch {
    return undefined;
  } finally {
    if (opened !== undefined) closeSync(opened);
  }
}

/** Keeps the code of scripts that ran in new company, which is when they are likely to have called what they never called. */
function keep() {
  const names = [...loaded.keys()];
  for (const { script, file, company } of loaded.values()) {
    if (names.every((name) => company.has(name))) continue;
    const text = Buffer.from([...new Set([...company, ...names])].join(' '), 'latin1');
    const length = Buffer.alloc(4);
    length.writeUInt32LE(text.length);
    const code = script.createCachedData();
    write(file, Buffer.concat([code, code, text, length]));
  }
}

/** Whole or not at all. Where that fails nothing is lost: the next process compiles what it calls. */
function write(file, bytes) {
  // Threads write at the same time.
  const part = `${file}.${process.pid}-${process.hrtime.bigint()}`;
  try {
    try {
      writeFileSync(part, bytes, { mode: 0o600 });
      renameSync(part, file);
    } catch {
      rmSync(part, { force: true });
    }
  } catch {}
}
