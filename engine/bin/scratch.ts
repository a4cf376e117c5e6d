// A folder of one command among the temporary files: gone when the command is, however that ends.
import { lstatSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { asEngineError, EngineError, isAbandoned, type Place, targetOf, unfinishedName } from '../files.ts';

/**
 * Runs work with an empty folder that only this user may enter. What a killed process left under the same name is removed
 * first. Errors are those of the system, where no folder can be made.
 */
export async function inScratch<T>(name: string, work: (folder: string) => Promise<T>): Promise<T> {
  clearAbandoned(name);
  const folder = unfinishedName(join(tmpdir(), name));
  try {
    mkdirSync(folder, { mode: 0o700 });
  } catch (thrown) {
    const { kind, code, message, where } = withPlace(asEngineError(thrown, { file: folder }), folder);
    throw new EngineError(kind, code, message, where, thrown);
  }
  const remove = (): void => {
    try {
      rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
    } catch {
      // the next one tries again
    }
  };
  process.on('exit', remove);
  try {
    return await work(folder);
  } finally {
    process.off('exit', remove);
    remove();
  }
}

/** What went wrong; of a file in such a folder with word of where that is, and how to have it elsewhere. */
export function withPlace<T extends { readonly message: string; readonly where: Place }>(
  trouble: T,
  folder: string,
): T {
  const { message, where } = trouble;
  if (!where.file?.startsWith(folder)) return trouble;
  const place = `It is in ${tmpdir()}, the folder for temporary files: TMPDIR names another.`;
  return { ...trouble, message: `${message} ${place}`, where };
}

function clearAbandoned(name: string): void {
  for (const folder of foldersNamed(name)) {
    try {
      // Only one's own: another user could have what is in it replaced by a link while it is removed.
      const { uid } = lstatSync(folder);
      if (uid === (process.getuid?.() ?? uid) && isAbandoned(folder)) rmSync(folder, { recursive: true });
    } catch {
      // another process was faster
    }
  }
}

function foldersNamed(name: string): string[] {
  try {
    return readdirSync(tmpdir(), { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && targetOf(entry.name) === name)
      .map((entry) => join(tmpdir(), entry.name));
  } catch {
    return []; // the folder that is made next says why
  }
}
