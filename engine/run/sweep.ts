// Sweeping: removes what runs that were killed left beside the outputs of this one, and nothing else.
import { readdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { isAbandoned, keptName, targetOf } from '../exr/unfinished.ts';
import { realPath } from './services.ts';

export class Sweeper {
  /** Folder → what an unfinished file would become → its names. Each folder is read once. */
  readonly #folders = new Map<string, ReadonlyMap<string, readonly string[]>>();

  /** Removes the unfinished files of one output that nobody writes any more. Returns their paths. */
  sweep(output: string): string[] {
    // Unfinished files lie where a link leads to.
    const target = realPath(output);
    const folder = dirname(target);
    let unfinished = this.#folders.get(folder);
    if (!unfinished) {
      unfinished = unfinishedIn(folder);
      this.#folders.set(folder, unfinished);
    }
    const paths = (unfinished.get(keptName(target)) ?? []).map((name) => join(folder, name));
    return paths.filter((path) => isAbandoned(path) && removed(path));
  }
}

function unfinishedIn(folder: string): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const name of namesIn(folder)) {
    const target = targetOf(name);
    if (target !== undefined) found.set(target, [...(found.get(target) ?? []), name]);
  }
  return found;
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder).sort();
  } catch {
    return []; // it is made, or refused, when the first file is written
  }
}

/** What may not be removed stays, and is not said to be gone. */
function removed(path: string): boolean {
  try {
    rmSync(path);
    return true;
  } catch {
    return false;
  }
}
