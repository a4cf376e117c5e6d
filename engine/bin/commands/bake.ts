// sluice bake: displacement from a mesh and its normal maps.
import { existsSync, readFileSync } from 'node:fs';
import { dirname, relative, resolve } from 'node:path';
import { loadNodesNamedIn } from '../../../nodes/table.ts';
import {
  asEngineError,
  type BakeSettings,
  bakeGraph,
  bake as bakeTiles,
  type Document,
  type Json,
  saveDocument,
} from '../../index.ts';
import { cancellable, hiddenOf } from '../cancel.ts';
import { type Answer, answered, rootFolder } from '../graph.ts';
import { Progress } from '../progress.ts';
import { checkReport, ledgerLines, reportText, summaryLine, writeReport } from '../report.ts';
import { saveNew } from '../save.ts';
import { err, goOnUnread, out } from '../terminal.ts';
import { WORKER } from '../threads.ts';
import { EXIT, quoted } from '../trouble.ts';

export interface BakeOptions extends Omit<BakeSettings, 'mesh'> {
  readonly processes?: number;
  readonly root: readonly string[];
  readonly resume?: true;
  readonly dryRun?: true;
  readonly saveGraph?: string;
  readonly report?: string;
  readonly json?: true;
  readonly quiet?: true;
  /** Bakes are the same bytes on every run, so that this changes nothing. */
  readonly deterministic?: true;
}

/** Bakes, prints and returns the exit code. Throws for what is wrong before the mesh is looked at. */
export async function bake(mesh: string, options: BakeOptions): Promise<number> {
  goOnUnread();
  const { processes, root, resume, dryRun, saveGraph, report, json, quiet, deterministic: _, ...given } = options;
  const settings: BakeSettings = { mesh, ...given };
  if (report !== undefined) await checkReport(report);
  if (saveGraph !== undefined) await writeGraph(saveGraph, settings);
  const roots = root.map(rootFolder);
  const bar = !quiet && err.isTerminal;
  const progress = new Progress({ bar, lines: !json && !quiet && !(bar && out.isTerminal), unit: 'tile' });
  const graph = await bakeGraph(settings);
  const work = (): Promise<Answer> =>
    cancellable(
      async (signal) =>
        bakeTiles({
          ...settings,
          nodes: await loadNodesNamedIn(JSON.stringify(graph)),
          worker: WORKER,
          ...(processes === undefined ? {} : { processes }),
          ...(roots.length > 0 ? { roots } : {}),
          resume: resume === true,
          dryRun: dryRun === true,
          signal,
          onProgress: (message, fraction) => progress.draw(fraction, message),
          onEvent: (event) => progress.tell(event),
        }),
      hiddenOf('tile'),
    );
  const done = await answered(() => work().finally(() => progress.end()), optionsOf(graph));
  if (report !== undefined) await writeReport(report, reportText(done));
  if (json) out.write(reportText(done));
  else if (!quiet) summarise(done);
  return done.exitCode;
}

function summarise(done: Answer): void {
  if (done.result) {
    for (const line of ledgerLines(done.result)) out.line(line);
    out.line(summaryLine(done, 'tile'));
  } else if (done.exitCode === EXIT.cancelled) out.line('Cancelled before the first tile.');
  else if (done.exitCode === EXIT.invalid) err.line('Nothing was baked.');
}

/** What to type for a value of a parameter of the graph; the option alone where there is no value. */
function optionsOf({ promoted }: Document): (target: string, value?: Json) => string | undefined {
  return (target, value) => {
    // A node that reads or writes is known by its file.
    const full = target.includes('.') ? target : `${target}.path`;
    // The tile of a frame is the frame itself.
    if (full === 'tile.tile') return value === undefined ? '--tiles' : `--tiles ${quoted(String(value))}`;
    const name = promoted.find(({ to }) => to.includes(full))?.name;
    if (name === undefined || name === 'mesh') return undefined;
    if (name === 'overwrite') return '--overwrite';
    if (name === 'y') return value === 'up' ? 'leave out --y-is-down' : '--y-is-down';
    if (name === 'mirrored') return value === 'turn' ? 'leave out --mikktspace' : '--mikktspace';
    if (name === 'metric' || name === 'units')
      return value === false || value === 'texel' ? 'leave out --metric' : '--metric';
    if (!OPTIONS.has(name)) return undefined;
    const option = `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
    return value === undefined ? option : `${option} ${quoted(String(value))}`;
  };
}

/** What the graph promotes under the name that the option has too. */
const OPTIONS: ReadonlySet<string> = new Set([
  'normal',
  'out',
  'loader',
  'uvSet',
  'material',
  'channels',
  'range',
  'normalization',
  'maxSlope',
  'millimetres',
  'amplitude',
  'tolerance',
  'maxIterations',
  'tiles',
  'replicateUdims',
  'padding',
  'compression',
]);

/** Writes the graph that these settings stand for. Only the same graph is written over. Throws `file-exists`. */
async function writeGraph(path: string, settings: BakeSettings): Promise<void> {
  const file = resolve(path);
  // Paths of a graph are relative to its folder.
  const moved = (given: string): string => (given.startsWith('/') ? given : relative(dirname(file), resolve(given)));
  const { mesh, normal, out: target } = settings;
  const text = saveDocument(
    await bakeGraph({ ...settings, mesh: moved(mesh), normal: moved(normal), out: moved(target) }),
  );
  try {
    if (existsSync(file) && readFileSync(file, 'utf8') === text) return;
  } catch (thrown) {
    throw asEngineError(thrown, { file });
  }
  await saveNew(file, text, '--save-graph');
}
