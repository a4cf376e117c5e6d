// Opens the editor as its users have it: a host in a process of its own, and a browser window on what it serves.
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { type BrowserContext, chromium, type Page } from 'playwright-core';
import { buildPages } from '../../../fixtures/pages.ts';

export const CHROMIUM = '/usr/bin/chromium';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));

export interface WindowOptions {
  /** The graph to open. */
  readonly graph: string;
  /** Further folders that the host may read. */
  readonly roots?: readonly string[];
  /** Pixels of the page. */
  readonly width: number;
  readonly height: number;
  /** Runs in the page before anything of it. */
  readonly before?: () => void;
  /** Options of node for the host, such as `--cpu-prof`. */
  readonly nodeOptions?: readonly string[];
}

export interface EditorWindow {
  readonly page: Page;
  /** The process id of the host. */
  readonly host: number;
  close(): Promise<void>;
}

/** Resolves once the window shows the graph. */
export async function openEditor(options: WindowOptions): Promise<EditorWindow> {
  buildPages();
  const profile = mkdtempSync(join(tmpdir(), 'sluice-window-'));
  const { child, url } = await startHost(options, join(profile, 'state'));
  let context: BrowserContext | undefined;
  const close = async (): Promise<void> => {
    await context?.close();
    await ended(child);
    rmSync(profile, { recursive: true, force: true });
  };
  try {
    context = await chromium.launchPersistentContext(join(profile, 'chromium'), {
      executablePath: CHROMIUM,
      viewport: { width: options.width, height: options.height },
      args: [
        ...['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'],
        ...['--disable-background-networking', '--disable-component-update', '--disable-sync'],
      ],
    });
    const page = context.pages()[0] ?? (await context.newPage());
    if (options.before) await page.addInitScript(options.before);
    await page.goto(url);
    await page.waitForSelector('.shell');
    return { page, host: child.pid!, close };
  } catch (thrown) {
    await close();
    throw thrown;
  }
}

async function startHost(
  { graph, roots = [], nodeOptions = [] }: WindowOptions,
  state: string,
): Promise<{ child: ChildProcess; url: string }> {
  const cli = join(ROOT, 'engine', 'bin', 'sluice.js');
  const allowed = roots.flatMap((root) => ['--root', root]);
  const child = spawn(process.execPath, [...nodeOptions, cli, 'edit', graph, '--no-open', ...allowed], {
    cwd: dirname(graph),
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, XDG_STATE_HOME: state },
  });
  for await (const line of createInterface({ input: child.stdout })) {
    if (line.startsWith('http://')) return { child, url: line };
  }
  throw new Error(`The host of ${graph} ended before it said where it is.`);
}

function ended(child: ChildProcess): Promise<void> {
  return new Promise((done) => {
    if (child.exitCode !== null || child.signalCode !== null) return done();
    child.once('exit', () => done());
    child.kill('SIGTERM');
  });
}

/** Seconds of processor time that a process and its threads have used so far (proc(5), /proc/pid/schedstat). */
export function processorTime(pid: number): number {
  return readdirSync(`/proc/${pid}/task`)
    .map((thread) => Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').split(' ', 1)[0]) / 1e9)
    .reduce((a, b) => a + b, 0);
}
