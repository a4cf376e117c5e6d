// A small rendering of the fixture shot in a temporary folder, and the example graphs run on it.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type Document,
  ExrFile,
  type GraphRun,
  loadDocument,
  type RunGraphOptions,
  runGraph,
} from '../../engine/index.ts';
import { renderShot, type ShotSettings } from '../../fixtures/render.ts';
import { nodes } from '../../nodes/index.ts';

export const GRAPHS = new URL('../../graphs/', import.meta.url);
const WORKER = new URL('../../engine/bin/worker.ts', import.meta.url);

export const WIDTH = 96;
export const HEIGHT = 54;

export interface Shot {
  /** The folder that stands for `graphs/`: the sequences are in `in/`. */
  readonly folder: string;
  /** Runs a graph of `graphs/` by its name; it must load without problems. */
  run(name: string, options?: Partial<RunGraphOptions>): Promise<GraphRun>;
  path(file: string): string;
  bytes(file: string): Buffer;
  remove(): void;
}

export function loadGraph(name: string): Document {
  const { document, problems } = loadDocument(readFileSync(new URL(`${name}.sluice.json`, GRAPHS)));
  if (!document || problems.length > 0) throw new Error(`${name}: ${problems.map((p) => p.message).join('; ')}`);
  return document;
}

/** Examples that name the size of the pictures, or more sequences than beauty and utility. */
export const COMPS = ['animated', 'conform', 'rebuild', 'review', 'slap-comp'];

/** The template of `sluice bake`, which renders tiles of a mesh. */
export const BAKE = 'bake-displacement';

export async function openShot(settings: Partial<ShotSettings> = {}): Promise<Shot> {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-graphs-'));
  await renderShot({ width: WIDTH, height: HEIGHT, grid: 2, ...settings, folder: join(folder, 'in') });
  const path = (file: string): string => join(folder, file);
  return {
    folder,
    path,
    bytes: (file) => readFileSync(path(file)),
    run: (name, options = {}) =>
      runGraph({ document: loadGraph(name), folder, nodes, jobs: 0, worker: WORKER, ...options }),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** Does something with an open file and closes it. */
export function withFile<T>(path: string, use: (file: ExrFile) => T): T {
  const file = ExrFile.open(path);
  try {
    return use(file);
  } finally {
    file.close();
  }
}
