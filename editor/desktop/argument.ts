// The graph that a command line names.
import { resolve } from 'node:path';

/** The first argument that is a graph and no option, absolute; undefined where there is none. */
export function graphIn(args: readonly string[], folder: string): string | undefined {
  const found = args.find((arg) => !arg.startsWith('-') && /\.json$/i.test(arg));
  return found === undefined ? undefined : resolve(folder, found);
}
