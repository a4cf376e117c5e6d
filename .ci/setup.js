// Makes a clone ready to run: installs the locked packages and builds the kernels, each only when it is out of date.
// Plain JavaScript without dependencies, because it runs before anything is installed, under the machine's own Node.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
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
  const pinned = join(root, 'node_modules', 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
  if (!existsSync(pinned)) {
    console.error('The pinned Node 24 was not installed: its install script did not run (is ignore-scripts set?).');
    console.error('Run: npm ci --ignore-scripts=false');
    process.exit(1);
  }
  writeFileSync(stampFile, lock);
}
execFileSync(
  join(root, 'node_modules', 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node'),
  [join(root, '.ci', 'kernels.js')],
  {
    cwd: root,
    stdio: 'inherit',
  },
);
