// Graphs on the command line: the file is loaded and the options that change it for one run are applied.
import { closeSync, fstatSync, openSync, readSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { loadNodes, loadNodesNamedIn } from '../../nodes/table.ts';
import {
  type AnyNode,
  asEngineError,
  checkGraph,
  type Document,
  EngineError,
  type GraphRun,
  type Json,
  LIMITS,
  loadDocument,
  loadPacks,
  type Problem,
  type RunGraphOptions,
} from '../index.ts';
import { parseOverrides } from './override.ts';
import { exitCodeOf, type OptionOf, printError, printProblems } from './trouble.ts';

/** The options that say which graph is meant; lists hold what repeated options gave. */
export interface GraphOptions {
  readonly frames?: string;
  readonly set: readonly string[];
  readonly var: readonly string[];
  readonly write: readonly string[];
  readonly root: readonly string[];
  readonly nodes: readonly string[];
  readonly missingChunks?: 'black';
}

/** A graph ready to be checked or run, or why its file is none. */
export interface OpenedGraph {
  /** Absent where the file has not the form of a graph. */
  readonly options?: RunGraphOptions;
  /** What is wrong with the document by itself; with an error among them it is not to be run. */
  readonly problems: readonly Problem[];
}

/** What a command answers: a run, or the error that kept it from one. */
export type Answer = Omit<GraphRun, 'exitCode'> & { readonly exitCode: number };

/** Carries out work on a graph and prints its problems. A thrown error is printed and becomes the only problem. */
export async function answered(work: () => Promise<Answer>, optionOf?: OptionOf): Promise<Answer> {
  try {
    const answer = await work();
    printProblems(answer.problems, optionOf);
    return answer;
  } catch (thrown) {
    const error = printError(thrown);
    const { code, message, where } = error;
    return { problems: [{ severity: 'error', code, message, where }], frames: [], exitCode: exitCodeOf(error) };
  }
}

/**
 * Loads a graph. Throws for files that cannot be read, `usage` for options that fit nothing, and `node-pack`.
 * Relative paths of the document are relative to its folder; those of options to the working folder.
 */
export async function openGraph(path: string, given: GraphOptions): Promise<OpenedGraph> {
  const file = resolve(path);
  const bytes = readGraph(file);
  if (isExr(bytes)) return { problems: [notGraph(file)] };
  const loaded = loadDocument(bytes);
  const problems = loaded.problems.map(
    ({ path: at, ...problem }): Problem => ({ ...problem, where: placeOf(file, at) }),
  );
  const { document } = loaded;
  if (!document) return { problems };
  const packs = given.nodes.map((pack) => resolve(pack));
  const nodes = await builtInFor(document, given);
  const known = new Map([...nodes, ...(await loadPacks(packs))].map((node): [string, AnyNode] => [node.type, node]));
  return {
    problems,
    options: {
      document,
      folder: dirname(file),
      nodes,
      packs,
      overrides: parseOverrides(document, known, given),
      ...(given.frames === undefined ? {} : { range: given.frames }),
      ...(given.write.length > 0 ? { sinks: given.write } : {}),
      ...(given.root.length > 0 ? { roots: given.root.map(rootFolder) } : {}),
    },
  };
}

/**
 * The built-in nodes that a graph may use: all where a pack may name any, or where a type is unknown, so that the
 * problem can say what is near.
 */
async function builtInFor(document: Document, given: GraphOptions): Promise<readonly AnyNode[]> {
  const named = await loadNodesNamedIn(JSON.stringify([document, given.set.map(parsed)]));
  const known = new Set(named.map(({ type }) => type));
  const all = given.nodes.length > 0 || Object.values(document.nodes).some(({ type }) => !known.has(type));
  return all ? loadNodes() : named;
}

/** The value that an option sets, as JSON where it is that, since a template may be given this way. */
function parsed(option: string): Json {
  try {
    return JSON.parse(option.slice(option.indexOf('=') + 1)) as Json;
  } catch {
    return option;
  }
}

/** Checks a graph whose document has errors of its own or that is only to be validated; tells each problem once. */
export async function checkOpened({ options, problems }: OpenedGraph): Promise<GraphRun> {
  if (!options) return { problems, frames: [], exitCode: 3 };
  const found = await checkGraph(options);
  if (found.exitCode === 130) return found;
  // Both look at the links; the plan's words name nodes and ports by their titles.
  const own = problems.filter(({ code }) => !found.problems.some((problem) => problem.code === code));
  const exitCode = own.some(({ severity }) => severity === 'error') ? 3 : found.exitCode;
  return { ...found, problems: [...own, ...found.problems], exitCode };
}

/** The bytes of the file; of one that is too large for a graph just enough to show that. */
/** A file that was named in place of a graph. */
const notGraph = (file: string): Problem => ({
  severity: 'error',
  code: 'document-syntax',
  message:
    'Expected a graph, found an OpenEXR file. sluice inspect shows what is in it; sluice open takes out the graph that it may carry.',
  where: { file },
});

/** By the number that every OpenEXR file begins with. */
const isExr = (bytes: Uint8Array): boolean =>
  bytes.length >= 4 && new DataView(bytes.buffer, bytes.byteOffset).getUint32(0) === 0x76_2f_31_01;

function readGraph(file: string): Uint8Array {
  try {
    // Asked before opening, because opening a pipe would wait for its other end.
    if (!statSync(file).isFile()) {
      throw new EngineError(
        'io',
        'file-not-regular',
        `Expected a graph file, found ${file}, which is no regular file.`,
      );
    }
    const descriptor = openSync(file, 'r');
    try {
      const bytes = new Uint8Array(Math.min(fstatSync(descriptor).size, LIMITS.text + 1));
      let done = 0;
      for (let count = 1; count > 0 && done < bytes.length; done += count) {
        count = readSync(descriptor, bytes, done, bytes.length - done, done);
      }
      return bytes.subarray(0, done);
    } finally {
      closeSync(descriptor);
    }
  } catch (thrown) {
    throw asEngineError(thrown, { file });
  }
}

/** `nodes.shuffle.params.rows[0]` is the parameter `rows[0]` of `shuffle`; other places stay as they are written. */
function placeOf(file: string, path: string): Problem['where'] {
  if (path === '') return { file };
  const match = /^nodes\.([^.[]+)(?:\.(?:params\.)?(.*))?$/.exec(path);
  if (!match) return { file, param: path };
  return { file, node: match[1]!, ...(match[2] ? { param: match[2] } : {}) };
}

/** An allowed folder as an option names it. Throws `usage` where there is none. */
export function rootFolder(root: string): string {
  const folder = resolve(root);
  const found = statSync(folder, { throwIfNoEntry: false });
  if (found?.isDirectory()) return folder;
  throw new EngineError(
    'usage',
    'usage',
    `--root: expected a folder, found ${root}, which ${found ? 'is none' : 'does not exist'}.`,
    {
      file: folder,
    },
  );
}
