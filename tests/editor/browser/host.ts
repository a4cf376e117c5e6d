// The editor's host as its users have it: a process of its own on any free port, with folders that go afterwards.
import { spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, inject } from 'vitest';
import { LAUNCHER } from '../../launcher.ts';
import { TestClient } from '../server/hosted.ts';

const LONGEST = 30_000;

const cleanups: (() => void | Promise<void>)[] = [];
afterAll(async () => {
  for (const clean of cleanups.splice(0).reverse()) await clean();
});

/** The real path of a folder that goes when the tests of the file are over. */
export function temporary(): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'sluice-browser-')));
  cleanups.push(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A folder with the small shot in `in/`. */
export function shotFolder(): string {
  const folder = temporary();
  const shot = join(folder, 'in');
  mkdirSync(shot);
  cpSync(inject('shot'), shot, { recursive: true, filter: (path) => !path.endsWith('.stamp') });
  return folder;
}

export interface HostOptions {
  /** Where it is started: the folder of a document that has no file. */
  readonly folder: string;
  readonly graph?: string;
  /** Where it keeps what was never saved; a fresh folder unless told. */
  readonly state?: string;
}

export interface Host {
  readonly url: string;
  readonly port: number;
  readonly token: string;
  /** What it printed on its standard error. */
  readonly complaints: () => string;
  readonly isAlive: () => boolean;
  connect(): Promise<TestClient>;
  /** Resolves once the process is gone. */
  end(signal: 'SIGTERM' | 'SIGKILL'): Promise<void>;
}

/** Starts `sluice edit` and resolves once it has printed its address. */
export async function startHost({ folder, graph, state = temporary() }: HostOptions): Promise<Host> {
  const { CI: _, ...env } = process.env;
  const child = spawn(process.execPath, [LAUNCHER, 'edit', ...(graph === undefined ? [] : [graph]), '--no-open'], {
    cwd: folder,
    env: { ...env, XDG_STATE_HOME: state },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let complaints = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    complaints += text;
  });
  const gone = new Promise<void>((done) => child.once('close', () => done()));
  const isAlive = (): boolean => child.exitCode === null && child.signalCode === null;
  const end = async (signal: 'SIGTERM' | 'SIGKILL'): Promise<void> => {
    if (isAlive()) child.kill(signal);
    const timer = setTimeout(() => child.kill('SIGKILL'), LONGEST);
    await gone;
    clearTimeout(timer);
  };
  cleanups.push(() => end('SIGTERM'));
  const url = await new Promise<string>((found, failed) => {
    const timer = setTimeout(() => failed(new Error(`The host printed no address. ${complaints}`)), LONGEST);
    child.once('close', (code) => failed(new Error(`The host ended with ${code}. ${complaints}`)));
    createInterface(child.stdout).once('line', (line) => {
      clearTimeout(timer);
      found(line);
    });
  });
  const { port: digits, searchParams } = new URL(url);
  const port = Number(digits);
  const token = searchParams.get('token') ?? '';
  const connect = (): Promise<TestClient> => TestClient.open({ port, token });
  return { url, port, token, complaints: () => complaints, isAlive, connect, end };
}
