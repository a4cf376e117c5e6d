// Where a file was written from: by which node of a graph, and the folder that relative paths of that graph begin at.
import { basename, dirname, isAbsolute, join, normalize, resolve, sep } from 'node:path';
import { EngineError, type outputsOf } from '../../index.ts';
import { shortPath } from '../trouble.ts';

export interface Asked {
  /** The folder that relative paths of the graph begin at. */
  readonly folder?: string;
  /** The node that wrote the file. */
  readonly write?: string;
}

/**
 * Which of the outputs the file is, by the end of its path, else by its name, and where relative paths begin: where the file
 * would have to be written from. Throws `usage` where the node is in doubt.
 */
export function writerOf(
  file: string,
  outputs: ReturnType<typeof outputsOf>,
  { folder, write }: Asked,
): { readonly sink: string; readonly folder: string } {
  const asked = outputs.filter(({ sink }) => write === undefined || sink === write);
  const exact = asked.filter(({ path }) => startOf(path, file) !== undefined);
  const named = asked.filter(({ path }) => basename(path) === basename(file));
  const [found, ...others] = exact.length > 0 ? exact : named.length > 0 ? named : asked;
  if (!found || others.length > 0) {
    const sinks = outputs.map(({ sink, path }) => `${sink} (${path})`).join(', ') || 'none';
    const message = `--write: expected the node that wrote ${shortPath(file)}, found ${found ? 'several that may have' : 'none'}. The graph writes with: ${sinks}.`;
    throw new EngineError('usage', 'usage', message, { file });
  }
  return { sink: found.sink, folder: resolve(folder ?? startOf(found.path, file) ?? dirname(file)) };
}

/**
 * Stands for each folder whose name a path says nothing of, since it leaves it by `..`. Other paths that leave it lead to
 * their files, and those that do not lead to none: better than into a folder that is taken for it.
 */
const UNKNOWN = '(folder of the graph)';

/** The folder from which a path leads to a file; undefined where there is none. */
function startOf(path: string, file: string): string | undefined {
  const plain = normalize(path);
  if (isAbsolute(plain)) return plain === file ? process.cwd() : undefined;
  const steps = plain.split(sep);
  const below = steps.filter((step) => step !== '..');
  const end = sep + below.join(sep);
  if (!file.endsWith(end)) return undefined;
  return join(file.slice(0, -end.length) || sep, ...steps.slice(below.length).map(() => UNKNOWN));
}
