// Starts the process of the session host, speaks with it, and ends it.
import { fileURLToPath } from 'node:url';
import { utilityProcess } from 'electron';
import type { FromHost, ToHost } from './message.ts';

export interface ForkOptions {
  /** The document to begin with. */
  readonly graph?: string;
  /** The folder for a document that was never saved. */
  readonly folder: string;
  /** Called when the process ends without being asked to. */
  readonly onLost: () => void;
}

export interface HostProcess {
  /** The page's address, with the token. */
  readonly url: string;
  /** Lets the host read and write below a folder. Resolves once it may, or cannot be told. */
  allow(folder: string): Promise<void>;
  close(): Promise<void>;
}

const ENTRY = fileURLToPath(new URL(import.meta.url.endsWith('.ts') ? './host.ts' : './host.js', import.meta.url));
/** Milliseconds until a process that does not end is ended. */
const PATIENCE = 5000;

/** Rejects with the host's words where it cannot start. */
export function forkHost({ graph, folder, onLost }: ForkOptions): Promise<HostProcess> {
  const child = utilityProcess.fork(ENTRY, [], { cwd: folder, serviceName: 'Sluice session', stdio: 'inherit' });
  const say = (message: ToHost): void => child.postMessage(message);
  const allowed = new Map<number, () => void>();
  let nextId = 1;
  let state: 'starting' | 'ready' | 'closing' | 'gone' = 'starting';
  const { promise: gone, resolve: end } = Promise.withResolvers<void>();

  const allow = (path: string): Promise<void> =>
    new Promise((resolve) => {
      if (state !== 'ready') return resolve();
      const id = nextId++;
      allowed.set(id, resolve);
      say({ kind: 'allow', id, folder: path });
    });
  const close = async (): Promise<void> => {
    if (state === 'gone') return;
    state = 'closing';
    say({ kind: 'close' });
    const timer = setTimeout(() => child.kill(), PATIENCE);
    await gone;
    clearTimeout(timer);
  };

  return new Promise((resolve, reject) => {
    child.on('message', (message: FromHost) => {
      if (message.kind === 'allowed') {
        allowed.get(message.id)?.();
        allowed.delete(message.id);
      } else if (message.kind === 'ready') {
        state = 'ready';
        resolve({ url: message.url, allow, close });
      } else {
        state = 'closing';
        reject(new Error(message.message));
        child.kill();
      }
    });
    child.on('exit', (code) => {
      const before = state;
      state = 'gone';
      for (const free of allowed.values()) free();
      allowed.clear();
      end();
      if (before === 'ready') onLost();
      if (before === 'starting') reject(new Error(`The session host ended at once, with code ${code}.`));
    });
    say({ kind: 'start', ...(graph === undefined ? {} : { graph }) });
  });
}
