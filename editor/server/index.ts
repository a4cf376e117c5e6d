// Starting a session host: its folders, its document, its threads and its door.
import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { catalogue, createRegistry, EngineError, loadPacks } from '../../engine/index.ts';
import { nodes as builtIn } from '../../nodes/index.ts';
import { cacheBudget } from './budget.ts';
import { Desk } from './desk.ts';
import { openDoor } from './door.ts';
import { DOCUMENT } from './folders.ts';
import { Host } from './host.ts';
import { Log } from './log.ts';
import { Paper } from './paper.ts';
import { Recent } from './recent.ts';
import { stateFolder } from './recovery.ts';
import { Rendering } from './rendering.ts';
import { existingFolder, Roots } from './roots.ts';
import { Gallery } from './viewing/gallery.ts';
import { Painters } from './viewing/painters.ts';
import { Studio } from './viewing/studio.ts';

export interface HostOptions {
  /** The document to open; one that does not exist is made when it is saved. An empty document where it is left out. */
  readonly graph?: string;
  /** Any that is free where it is left out. */
  readonly port?: number;
  /** Folders that may be read and written besides the document's own and those of its inputs. */
  readonly roots?: readonly string[];
  /** Modules of node packs. */
  readonly packs?: readonly string[];
  /** The folder of the built pages; that of the project where it is left out. */
  readonly pages?: string;
  /** Bytes of samples and finished pictures that are kept; a quarter of the memory where it is left out. */
  readonly cacheBytes?: number;
  /** Threads that make pictures; one less than there are processors, and at least two, where it is left out. */
  readonly threads?: number;
  /** Milliseconds from a change until it is kept in a recovery file; 3000 where it is left out. */
  readonly autosave?: number;
  /** The folder for recovery files of documents that were never saved. */
  readonly state?: string;
}

export interface RunningHost {
  /** With the token: to be opened in a browser. */
  readonly url: string;
  readonly token: string;
  readonly port: number;
  /** Allows a folder that the user chose in a window of the system. */
  allow(folder: string): void;
  close(): Promise<void>;
}

/** Of what is kept, what finished pictures may take. */
const GALLERY_SHARE = 0.25;
const AUTOSAVE = 3000;

/** Starts a host on 127.0.0.1. Rejects with `usage` for a port that is taken or a folder that is none, and for a graph that cannot be opened. */
export async function startHost(options: HostOptions = {}): Promise<RunningHost> {
  const packs = (options.packs ?? []).map((pack) => resolve(pack));
  const nodes = [...builtIn, ...(await loadPacks(packs))];
  const registry = createRegistry(nodes);
  const graph = options.graph === undefined ? undefined : resolve(options.graph);
  if (graph !== undefined) checkGraphPath(graph);
  const folder = graph === undefined ? process.cwd() : dirname(graph);
  const roots = new Roots([existingFolder(folder), ...(options.roots ?? []).map(existingFolder)]);
  const state = options.state ?? stateFolder();
  const log = new Log();
  const desk = new Desk({ nodes, roots, folder });
  const paper = new Paper({
    desk,
    roots,
    catalogue: catalogue(registry),
    autosave: options.autosave ?? AUTOSAVE,
    state,
    onTrouble: ({ code, message }) => log.add('warning', `Autosave failed: ${code}: ${message}`),
    onHint: (text) => log.add('info', text),
  });
  if (graph === undefined) await paper.begin();
  else await paper.open(graph, { create: true });
  const cacheBytes = options.cacheBytes ?? cacheBudget();
  const painters = new Painters({
    threads: options.threads ?? Math.max(2, availableParallelism() - 1),
    cacheBytes: cacheBytes * (1 - GALLERY_SHARE),
    packs,
  });
  const gallery = new Gallery(cacheBytes * GALLERY_SHARE);
  const studio = new Studio({ desk, roots, painters, gallery });
  const rendering = new Rendering({ nodes: builtIn, packs, log });
  const token = randomBytes(32).toString('base64url');
  const host = new Host({
    version: version(),
    registry,
    roots,
    desk,
    paper,
    studio,
    rendering,
    recent: new Recent(join(dirname(state), 'recent.json')),
    log,
  });
  const close = async (): Promise<void> => {
    host.close();
    paper.close();
    await rendering.close();
    await studio.close();
    desk.close();
    log.close();
  };
  try {
    const door = await openDoor({
      port: options.port ?? 0,
      token,
      pages: options.pages ?? fileURLToPath(new URL('../ui/dist/', import.meta.url)),
      onSocket: (socket) => host.admit(socket),
    });
    return {
      url: `http://127.0.0.1:${door.port}/?token=${token}`,
      token,
      port: door.port,
      allow: (path) => {
        roots.add(existingFolder(path));
        desk.move(desk.folder);
      },
      close: async () => {
        // Those who look on see how the run ends.
        await rendering.close();
        await door.close();
        await close();
      },
    };
  } catch (thrown) {
    await close();
    throw thrown;
  }
}

/** Most names that are told of the graphs in a folder. */
const MOST_NAMED = 3;

/** Throws `usage` for a folder, for a graph in a folder that is not there, and for a new one that has no graph's name. */
function checkGraphPath(graph: string): void {
  const fail = (message: string): EngineError => new EngineError('usage', 'usage', message, { file: graph });
  const found = statSync(graph, { throwIfNoEntry: false });
  if (found?.isDirectory()) {
    const names = readdirSync(graph).filter((name) => name.endsWith(DOCUMENT));
    const listed = names.slice(0, MOST_NAMED).join(', ') + (names.length > MOST_NAMED ? ', …' : '');
    const has = names.length > 0 ? `one of its graphs (${listed})` : `a *${DOCUMENT} file in it`;
    throw fail(`Expected a graph, found the folder ${graph}. Name ${has}, or start without a graph inside the folder.`);
  }
  if (found) return;
  if (!statSync(dirname(graph), { throwIfNoEntry: false })?.isDirectory()) {
    throw fail(`There is no graph ${graph}, and no folder for a new one. Check the path, or make the folder first.`);
  }
  if (!graph.endsWith('.json'))
    throw fail(`There is no ${graph}, and a new graph needs a name that ends in ${DOCUMENT}.`);
}

function version(): string {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}
