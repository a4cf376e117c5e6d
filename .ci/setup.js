// Makes a clone ready to run: installs the locked packages and builds the kernels, each only when it is out of date.
// Then runs the script that it is given under the pinned Node. A second `node` in the same npm script would not do: on the
// first run the shell has remembered the machine's own Node by then.
// Plain JavaScript without dependencies, because it runs before anything is installed, under the machine's own Node.
import { execFileSync, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const pinned = join(root, 'node_modules', 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
const stampFile = join(root, 'node_modules', '.setup-stamp');
const lock = createHash('sha256')
  .update(readFileSync(join(root, 'package-lock.json')))
  .digest('hex');

const installed = existsSync(stampFile) && readFileSync(stampFile, 'utf8') === lock;
if (!installed) {
  console.log('Installing the packages named in package-lock.json …');
  // npm passes its own path to scripts; started without npm, the one on the PATH is used.
  const npm = process.env.npm_execpath;
  const [command, first] = npm ? [process.execPath, [npm]] : [process.platform === 'win32' ? 'npm.cmd' : 'npm', []];
  execFileSync(command, [...first, 'ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: root,
    stdio: 'inherit',
  });
  if (!existsSync(pinned)) {
    console.error('The pinned Node 24 was not installed: its install script did not run (is ignore-scripts set?).');
    console.error('Run: npm ci --ignore-scripts=false');
    process.exit(1);
  }
  writeFileSync(stampFile, lock);
}
execFileSync(pinned, [join(root, '.ci', 'kernels.js')], { cwd: root, stdio: 'inherit' });

const [script, ...rest] = process.argv.slice(2);
if (script) {
  const child = spawn(pinned, [script, ...rest], { stdio: 'inherit' });
  // The keyboard's signal reaches the script too, which may have something to keep: it is waited for.
  process.on('SIGINT', () => {}).on('SIGTERM', () => child.kill('SIGTERM'));
  child.on('exit', (code, signal) => {
    process.exitCode = code ?? (signal === 'SIGINT' ? 130 : 1);
  });
}
