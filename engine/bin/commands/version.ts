// sluice --version and sluice version: what this program is, and what of its helpers is on the machine.
import { execFile } from 'node:child_process';
import { accessSync, constants, existsSync, readFileSync, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { columns, out, printable } from '../terminal.ts';

/** The part of the global WebAssembly that is used here; the compiler's library for Node does not declare it. */
declare const WebAssembly: { validate(bytes: Uint8Array): boolean };

/**
 * Prints the version and what is there. Other programs are only looked for, which costs nothing; with `ask` they are started
 * and say their versions.
 */
export async function version(text: string, options: { readonly ask: boolean }): Promise<number> {
  const told = async (name: string, argument: string, without: string): Promise<string> => {
    const path = onPath(name);
    if (path === undefined) return `not on the PATH; ${without}`;
    const own = options.ask ? await versionOf(path, argument) : undefined;
    return printable(own === undefined ? path : `${own}, ${path}`);
  };
  const [blender, ffmpeg] = await Promise.all([
    told('blender', '--version', 'meshes are read by assimp'),
    told('ffmpeg', '-version', 'nothing needs it so far'),
  ]);
  out.line(text);
  const rows = [
    ['kernels', kernels()],
    ['GPU', "not used by nodes; the editor's viewer draws with it where the browser can"],
    ['Blender', blender],
    ['ffmpeg', ffmpeg],
  ];
  for (const line of columns(rows)) out.line(line);
  return 0;
}

/** In the clone they lie beside their sources, in the package beside the command line. */
function kernels(): string {
  const file = ['../../pixels/kernels.wasm', '../kernels.wasm', './kernels.wasm']
    .map((path) => new URL(path, import.meta.url))
    .find((url) => existsSync(url));
  if (!file) return 'not built; npm run kernels makes them';
  return WebAssembly.validate(readFileSync(file)) ? 'WebAssembly SIMD' : 'this Node cannot run them';
}

/** The path of a program; undefined where it is not on the PATH. */
function onPath(name: string): string | undefined {
  const file = process.platform === 'win32' ? `${name}.exe` : name;
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  return folders
    .map((folder) => join(folder, file))
    .find((path) => {
      try {
        accessSync(path, constants.X_OK);
        return statSync(path).isFile();
      } catch {
        return false;
      }
    });
}

/** Milliseconds that a program may take to say its version. */
const PATIENCE = 5000;

/** Such as `3.4.1`, from the first line that the program prints. */
const versionOf = (path: string, argument: string): Promise<string> =>
  new Promise((resolve) => {
    execFile(path, [argument], { timeout: PATIENCE }, (error, stdout) => {
      const found = /^(?:\S+ )(?:version )?(\S*\d\S*)/.exec(stdout)?.[1];
      resolve(error || found === undefined ? 'of a version that it does not say' : found);
    });
  });
