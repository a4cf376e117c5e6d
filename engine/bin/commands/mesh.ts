// sluice mesh: what is in a mesh, found by the nodes that bakes are made of.
import { closeSync, openSync, readSync } from 'node:fs';
import { loadNodesNamedIn } from '../../../nodes/table.ts';
import {
  createRegistry,
  Descriptions,
  type Document,
  EngineError,
  emptyDocument,
  FileServices,
  hasErrors,
  type Mesh,
  makePlan,
  type Problem,
} from '../../index.ts';
import { cancellable } from '../cancel.ts';
import { type FoundCharts, meshJson, meshLines, meshTitle } from '../looking/mesh-text.ts';
import { writeReport } from '../report.ts';
import { out } from '../terminal.ts';
import { EXIT, exitCodeOf, printError, printProblems } from '../trouble.ts';

export interface MeshInspectOptions {
  readonly json?: string;
  readonly loader: 'auto' | 'assimp' | 'blender';
  readonly root: readonly string[];
}

/** Prints what a mesh holds, with the islands of each UV set. */
export async function inspectMesh(path: string, options: MeshInspectOptions): Promise<number> {
  try {
    const { mesh, charts, problems } = await cancellable((signal) => look(path, options, signal));
    printProblems(problems);
    const { json } = options;
    const text = json === undefined ? '' : `${JSON.stringify(meshJson(mesh, charts), undefined, 2)}\n`;
    if (json === '-') {
      out.write(text);
      return EXIT.done;
    }
    // The file comes first: whoever reads the lines may leave.
    if (json !== undefined) {
      refuseOther(json);
      await writeReport(json, text);
    }
    out.line(out.style('bold', meshTitle(mesh)));
    for (const line of meshLines(mesh, charts)) out.line(line);
    return EXIT.done;
  } catch (thrown) {
    return exitCodeOf(printError(thrown));
  }
}

interface Looked {
  readonly mesh: Mesh;
  /** One for each UV set. */
  readonly charts: readonly FoundCharts[];
  /** What the reader had to tell. */
  readonly problems: readonly Problem[];
}

async function look(path: string, options: MeshInspectOptions, signal: AbortSignal): Promise<Looked> {
  const services = new FileServices({
    folder: process.cwd(),
    ...(options.root.length > 0 ? { roots: options.root } : {}),
  });
  try {
    const [read] = await valuesOf(['read'], documentOf(path, options.loader, []), services, signal);
    const sets = read!.mesh.uvSets.map(({ name }) => name);
    const ids = sets.map((_, i) => `charts${i}`);
    const found = await valuesOf(ids, documentOf(path, options.loader, sets), services, signal);
    const charts = found.map(({ mesh, problems }) => ({
      charts: mesh.charts!,
      oddities: problems.map(({ message }) => message),
    }));
    return { mesh: read!.mesh, charts, problems: read!.problems };
  } finally {
    services.close();
  }
}

/** Reads the mesh, and looks for the charts of each of the UV sets. */
function documentOf(path: string, loader: string, sets: readonly string[]): Document {
  const node = (type: string, params: Document['nodes'][string]['params']): Document['nodes'][string] => {
    return { type, version: 1, params, at: [0, 0] };
  };
  const finders = sets.map((uvSet, i) => [`charts${i}`, node('mesh.charts', { uvSet })] as const);
  return {
    ...emptyDocument('mesh'),
    // By a variable, since a path may hold what looks like one.
    variables: { mesh: { type: 'string', default: path } },
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a placeholder of the document
    nodes: { read: node('mesh.read', { path: '${mesh}', loader }), ...Object.fromEntries(finders) },
    links: finders.map(([id]) => ({ from: 'read.mesh', to: `${id}.mesh` })),
  };
}

async function valuesOf(
  ids: readonly string[],
  document: Document,
  services: FileServices,
  signal: AbortSignal,
): Promise<{ readonly mesh: Mesh; readonly problems: readonly Problem[] }[]> {
  const registry = createRegistry(await loadNodesNamedIn(JSON.stringify(document)));
  const plan = makePlan(document, registry);
  const timeline = { ...document.frames, start: 1, count: 1 };
  const descriptions = new Descriptions(plan, { services, timeline, signal });
  return Promise.all(
    ids.map(async (id) => {
      const { value, problems } = await descriptions.describe(id, 1);
      if (value && !hasErrors(problems)) return { mesh: value, problems };
      const problem = [...plan.problems, ...(await descriptions.problems(id, 1))].find((p) => p.severity === 'error');
      const { node: _, frame: __, param: ___, ...where } = problem?.where ?? {};
      signal.throwIfAborted();
      throw new EngineError('invalid', problem?.code ?? 'internal', problem?.message ?? 'No mesh was made.', where);
    }),
  );
}

const HEAD = '{\n  "mesh":';

/** Throws `file-exists` where something else than an earlier answer stands at the path. */
function refuseOther(path: string): void {
  let handle: number;
  try {
    handle = openSync(path, 'r');
  } catch {
    return;
  }
  try {
    const head = Buffer.alloc(HEAD.length);
    if (readSync(handle, head, 0, HEAD.length, 0) === HEAD.length && head.toString() === HEAD) return;
  } finally {
    closeSync(handle);
  }
  const message = `${path} exists and was not written by sluice mesh inspect. Choose another file, or remove it.`;
  throw new EngineError('usage', 'file-exists', message, { file: path });
}
