// A program that puts files through the command line one after the other, in one process, and tells how each went.
import { writeSync } from 'node:fs';
import { join } from 'node:path';
import { runProgram } from '../../engine/bin/program.ts';

/** How one command line went. */
export interface Result {
  readonly file: string;
  readonly command: 'inspect' | 'checksums' | 'run';
  readonly code: number;
  readonly milliseconds: number;
  /** The most memory that the process ever had so far, in bytes. */
  readonly peak: number;
  readonly stdout: string;
  readonly stderr: string;
}

const [, , graph = '', folder = '', ...files] = process.argv;

let stdout = '';
let stderr = '';
process.stdout.write = (text: unknown): boolean => {
  stdout += text;
  return true;
};
process.stderr.write = (text: unknown): boolean => {
  stderr += text;
  return true;
};

/** Results go out on a descriptor of their own, at once, so that a file that ends the process is known. */
const tell = (result: Result): number => writeSync(3, `${JSON.stringify(result)}\n`);

for (const [number, file] of files.entries()) {
  const target = join(folder, `${number}.exr`);
  const lines: readonly (readonly [Result['command'], readonly string[]])[] = [
    ['inspect', ['inspect', file, '--attributes', '--json']],
    ['checksums', ['inspect', file, '--checksums', '--stats', '--json']],
    ['run', ['run', graph, '--jobs', '0', '--json', '--set', `read.path=${file}`, '--set', `write.path=${target}`]],
  ];
  for (const [command, args] of lines) {
    [stdout, stderr] = ['', ''];
    const begin = performance.now();
    const code = await runProgram(args, '');
    const milliseconds = performance.now() - begin;
    tell({ file, command, code, milliseconds, peak: process.resourceUsage().maxRSS * 1024, stdout, stderr });
  }
}
