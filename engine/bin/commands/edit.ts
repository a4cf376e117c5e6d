// sluice edit: starts the editor's host, says where it is, and ends it when it is asked to.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { err, out } from '../terminal.ts';
import { EXIT, shortPath } from '../trouble.ts';

export interface EditOptions {
  readonly port?: number;
  /** False where `--no-open` was given. */
  readonly open: boolean;
  readonly root: readonly string[];
  readonly nodes: readonly string[];
}

/** Runs until SIGINT or SIGTERM. Throws `usage` for a port that is taken, and for a graph that cannot be opened. */
export async function edit(graph: string | undefined, options: EditOptions): Promise<number> {
  const { startHost } = await import('../../../editor/server/index.ts');
  const host = await startHost({
    ...(graph === undefined ? {} : { graph }),
    ...(options.port === undefined ? {} : { port: options.port }),
    roots: options.root,
    packs: options.nodes,
  });
  const end = new Promise<void>((asked) => process.once('SIGINT', asked).once('SIGTERM', asked).once('SIGHUP', asked));
  if (graph !== undefined && !existsSync(graph))
    err.line(`${shortPath(resolve(graph))} does not exist yet: it is made when it is saved.`);
  out.line(host.url);
  if (options.open) openBrowser(host.url);
  await end;
  await host.close();
  return EXIT.done;
}

const OPENERS: Partial<Record<NodeJS.Platform, readonly [string, ...string[]]>> = {
  darwin: ['open'],
  win32: ['cmd', '/c', 'start', ''],
};

/** Asks the system to show the address. Where it cannot, the line that was printed serves. */
function openBrowser(url: string): void {
  const [command, ...before] = OPENERS[process.platform] ?? (['xdg-open'] as const);
  const child = spawn(command, [...before, url], { detached: true, stdio: 'ignore' });
  child.on('error', () => out.line('No browser could be opened; open the address above.'));
  child.unref();
}
