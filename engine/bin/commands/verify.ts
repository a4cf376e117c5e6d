// sluice verify: renders the frame of a file again from the recipe inside it, and compares.
import { join, resolve } from 'node:path';
import { loadNodes } from '../../../nodes/table.ts';
import {
  createRegistry,
  EngineError,
  type GraphRun,
  loadPacks,
  makePlan,
  type Overrides,
  outputsOf,
  type PlainError,
  type Problem,
  RECIPE_ATTRIBUTE,
  type Recipe,
  type RecipeInput,
  recipeOf,
  runGraph,
} from '../../index.ts';
import { cancellable } from '../cancel.ts';
import { rootFolder } from '../graph.ts';
import { compareFiles, differenceRow } from '../looking/compare.ts';
import type { Difference } from '../looking/header-diff.ts';
import { type Asked, writerOf } from '../looking/writer.ts';
import { inScratch, withPlace } from '../scratch.ts';
import { columns, out, printable } from '../terminal.ts';
import { WORKER } from '../threads.ts';
import { EXIT, exitCodeOf, printError, printPlainError, printProblems, shortPath } from '../trouble.ts';
import { recipeIn } from './open.ts';

export interface VerifyOptions extends Asked {
  readonly root: readonly string[];
  readonly nodes: readonly string[];
  readonly json?: true;
}

/** What came of it. */
interface Verdict {
  readonly node: string;
  readonly frame: number;
  /** Inputs that are others than they were, of equal size where their heads differ, or are read only now or only then. */
  readonly inputs: readonly { readonly file: string; readonly before?: number; readonly after?: number }[];
  readonly differences: readonly Difference[];
}

/** Prints what differs. Returns 0 where nothing does, 1 where something does or the frame fails, 3 as `validate` does. */
export async function verify(path: string, options: VerifyOptions): Promise<number> {
  try {
    return await cancellable((signal) => verifyFile(resolve(path), options, signal));
  } catch (thrown) {
    const error = printError(thrown);
    if (options.json) out.line(JSON.stringify({ error }, undefined, 2));
    return exitCodeOf(error);
  }
}

async function verifyFile(file: string, options: VerifyOptions, signal: AbortSignal): Promise<number> {
  const recipe = recipeIn(file);
  const nodes = await loadNodes();
  const packs = options.nodes.map((pack) => resolve(pack));
  const registry = createRegistry([...nodes, ...(await loadPacks(packs))]);
  const { params, everywhere, frame } = recipe;
  const plan = makePlan(recipe.document, registry, { params, everywhere });
  const { sink, folder } = writerOf(file, outputsOf(plan, frame), options);
  if (!Object.hasOwn(recipe.document.nodes, sink)) {
    const message = `${sink}, which wrote the file, stands inside another node, so that its file cannot be sent elsewhere. Write the graph out with sluice open and run it.`;
    throw new EngineError('unsupported', 'template-outside', message, { file, node: sink });
  }
  return inScratch('sluice-verify', async (temporary) => {
    const again = join(temporary, 'again.exr');
    const done = await runGraph({
      document: recipe.document,
      folder,
      nodes,
      packs,
      overrides: overridesFor(recipe, sink, again),
      range: String(frame),
      sinks: [sink],
      worker: WORKER,
      ...(options.root.length > 0 ? { roots: [...options.root.map(rootFolder), temporary] } : {}),
      signal,
    });
    const stopped = stoppedBy(done);
    if (stopped !== undefined) {
      const explained = <T extends PlainError | Problem>(trouble: T): T =>
        withFolder(withPlace(trouble, temporary), folder);
      const problems = done.problems.map(explained);
      const failed = done.result?.outcomes.find((outcome) => outcome.error)?.error;
      const error = failed && explained(failed);
      printProblems(problems);
      if (error) printPlainError(error);
      if (options.json) out.line(JSON.stringify({ problems, error, exitCode: stopped }, undefined, 2));
      return stopped;
    }
    const verdict: Verdict = {
      node: sink,
      frame,
      inputs: changedInputs(recipe, recipeOf(again)?.recipe),
      // The recipe itself says where the file went.
      differences: compareFiles(file, again, { attributes: true, pixels: true }).filter(
        ({ what, name }) => !(what === 'attribute' && name === RECIPE_ATTRIBUTE),
      ),
    };
    print(file, verdict, options);
    return verdict.differences.length === 0 ? EXIT.done : EXIT.failed;
  });
}

/** What kept the frame from being rendered, as an exit code. */
function stoppedBy({ exitCode, result }: GraphRun): number | undefined {
  const made = result?.outcomes.some(({ state }) => state === 'done' || state === 'substituted');
  return made ? undefined : exitCode === EXIT.done ? EXIT.failed : exitCode;
}

/** Those of the run, but for where the sink writes, which goes before promoted names. */
function overridesFor({ params, everywhere }: Recipe, sink: string, path: string): Overrides {
  const own = { [`${sink}.path`]: path, [`${sink}.overwrite`]: 'refuse' };
  const others = Object.entries(params).filter(([name]) => !Object.hasOwn(own, name));
  return { params: { ...Object.fromEntries(others), ...own }, everywhere };
}

/** Where inputs were looked for, of what was not found. */
function withFolder<T extends Pick<PlainError, 'code' | 'message'>>(trouble: T, folder: string): T {
  if (!NOT_FOUND.has(trouble.code)) return trouble;
  const taken = `Relative paths of the graph were taken from ${folder}; --folder names another.`;
  return { ...trouble, message: `${trouble.message} ${taken}` };
}

const NOT_FOUND: ReadonlySet<string> = new Set(['file-not-found', 'sequence-empty', 'frame-missing', 'tile-missing']);

function changedInputs({ inputs: given }: Recipe, now: Recipe | undefined): Verdict['inputs'] {
  const after = now?.inputs ?? [];
  const gone = given.filter((input) => !after.some((other) => isSame(input, other)));
  const come = after.filter((input) => !given.some((other) => isSame(input, other)));
  const names = [...new Set([...gone, ...come].map(({ file }) => file))];
  return names.map((file) => {
    const [was, is] = [gone.find((input) => input.file === file), come.find((input) => input.file === file)];
    return { file, ...(was ? { before: was.size } : {}), ...(is ? { after: is.size } : {}) };
  });
}

/** A file that is no EXR, and one of an older recipe, is known by name and size alone. */
const isSame = (a: RecipeInput, b: RecipeInput): boolean =>
  a.file === b.file && a.size === b.size && (a.fingerprint ?? b.fingerprint) === (b.fingerprint ?? a.fingerprint);

function print(file: string, { node, frame, inputs, differences }: Verdict, { json }: VerifyOptions): void {
  const same = differences.length === 0;
  if (json) {
    out.line(JSON.stringify({ same, node, frame, inputs, differences }, undefined, 2));
    return;
  }
  const rows = inputs.map(({ file, before, after }) => [
    'input',
    file,
    before === after ? `${bytes(after)}, another header or other chunks` : `${bytes(before)}  ->  ${bytes(after)}`,
  ]);
  for (const line of columns([...rows.map((row) => row.map(printable)), ...differences.map(differenceRow)]))
    out.line(line);
  const whose = `${printable(shortPath(file))}, frame ${frame} of ${printable(node)}`;
  out.line(same ? `${whose}: rendered again, it is the same.` : `${whose}: rendered again, it differs.`);
}

const bytes = (size: number | undefined): string => (size === undefined ? 'not read' : `${size} bytes`);
