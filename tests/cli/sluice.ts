// Runs the command line in a process of its own, as a user or a farm does.
import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, onTestFinished } from 'vitest';
import { LAUNCHER } from '../launcher.ts';

export interface Ended {
  /** Null where a signal ended the process. */
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Running {
  readonly process: ChildProcess;
  /** Resolves once stdout holds the text. */
  saw(text: string): Promise<void>;
  /** Resolves once stderr holds the text. */
  told(text: string): Promise<void>;
  readonly ended: Promise<Ended>;
}

export interface StartOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** The program to start; Node with the launcher by default. */
  readonly command?: readonly [string, ...string[]];
  /** The user to run as, where the caller is root. */
  readonly uid?: number;
}

const LONGEST_MS = 50_000;

/** Starts a command line; a process that goes on for too long is killed. */
export function start(args: readonly string[], options: StartOptions = {}): Running {
  const [program, ...before] = options.command ?? [process.execPath, LAUNCHER];
  const { FORCE_COLOR: _, NO_COLOR: __, CI: ___, ...env } = process.env;
  const child = spawn(program, [...before, ...args], {
    cwd: options.cwd ?? process.cwd(),
    env: { ...env, ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(options.uid === undefined ? {} : { uid: options.uid, gid: options.uid }),
  });
  const timer = setTimeout(() => child.kill('SIGKILL'), LONGEST_MS);
  let stdout = '';
  let stderr = '';
  const waiting: { readonly text: string; readonly among: () => string; readonly seen: () => void }[] = [];
  const look = (): void => {
    for (const { text, among, seen } of waiting) if (among().includes(text)) seen();
  };
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
    look();
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
    look();
  });
  const ended = new Promise<Ended>((done) => {
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      done({ code, signal, stdout, stderr });
    });
  });
  const printed = (text: string, among: () => string): Promise<void> =>
    new Promise((seen, failed) => {
      waiting.push({ text, among, seen });
      look();
      void ended.then(() => failed(new Error(`${text} was never printed; stdout: ${stdout}; stderr: ${stderr}`)));
    });
  const saw = (text: string): Promise<void> => printed(text, () => stdout);
  const told = (text: string): Promise<void> => printed(text, () => stderr);
  return { process: child, saw, told, ended };
}

/** Runs a command line to its end. */
export const sluice = (args: readonly string[], options: StartOptions = {}): Promise<Ended> =>
  start(args, options).ended;

/** A folder that is removed when the tests of the file are done. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-cli-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A disk without room for a byte, with one file on it, `filler`, until the test is done; undefined where none may be made. */
export function fullDisk(path: string): string | undefined {
  if (process.getuid?.() !== 0 || process.platform !== 'linux') return undefined;
  mkdirSync(path);
  if (spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=65536', 'tmpfs', path]).status !== 0) return undefined;
  onTestFinished(() => void execFileSync('umount', [path]));
  spawnSync('dd', ['if=/dev/zero', `of=${join(path, 'filler')}`, 'bs=4096'], { stdio: 'ignore' });
  return path;
}
