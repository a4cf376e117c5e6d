// npm run desktop: starts the built desktop program where Electron's binary is here, and says how to get it where not.
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));
const electron = join(root, 'node_modules', 'electron');
const main = join(root, 'dist', 'editor', 'desktop', 'main.js');

/** The binary, as its installer left it; importing the package would fetch it. */
function binary(): string | undefined {
  const named = join(electron, 'path.txt');
  const path = existsSync(named) ? join(electron, 'dist', readFileSync(named, 'utf8').trim()) : undefined;
  return path !== undefined && existsSync(path) ? path : undefined;
}

const found = binary();
if (found === undefined) {
  process.stderr.write("Electron's binary is not here. Fetch it with `npx install-electron`, or use `npm run edit`.\n");
  process.exitCode = 1;
} else {
  const child = spawn(found, [main, ...process.argv.slice(2)], { stdio: 'inherit' });
  child.on('exit', (code) => {
    process.exitCode = code ?? 1;
  });
}
