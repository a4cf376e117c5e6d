// Small files on disk: written whole or not at all, read up to a limit, and told apart by size and time.
import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { asEngineError, EngineError, LIMITS, realPath } from '../../engine/index.ts';

export interface WriteOptions {
  /** Waits until the disk has it, so that it outlives the machine and not only this process; that can take long. */
  readonly flush: boolean;
}

/** Writes beside the file and renames, so that a reader sees the old text or the new one. Follows a link to its file. */
export function writeWhole(path: string, text: string, { flush }: WriteOptions = { flush: true }): void {
  const target = realPath(path);
  const temporary = join(dirname(target), `.${basename(target)}.${process.pid}.tmp`);
  try {
    const mode = statSync(target, { throwIfNoEntry: false })?.mode;
    const descriptor = openSync(temporary, 'w', mode === undefined ? 0o666 : mode & 0o777);
    try {
      const bytes = Buffer.from(text);
      for (let done = 0; done < bytes.length; ) done += writeSync(descriptor, bytes, done);
      if (flush) fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
    renameSync(temporary, target);
  } catch (thrown) {
    rmSync(temporary, { force: true });
    // The temporary file is nobody's business.
    if (thrown instanceof Error && 'path' in thrown) Object.assign(thrown, { path });
    throw asEngineError(thrown, { file: path });
  }
}

/** Makes a folder that does not exist, or throws `file-not-found`. */
export function needFolder(folder: string, { make }: { readonly make: boolean }): void {
  if (existsSync(folder)) return;
  if (!make) {
    const message = `The folder ${folder} does not exist. Make it, or choose another one.`;
    throw new EngineError('io', 'file-not-found', message, { file: folder });
  }
  mkdirSync(folder, { recursive: true });
}

/** The text of a document's file. Throws `file-not-found`, `file-not-regular`, `document-too-large`. */
export function readText(path: string): string {
  try {
    const found = statSync(path);
    if (!found.isFile())
      throw new EngineError(
        'io',
        'file-not-regular',
        `Expected a graph file, found ${path}, which is ${found.isDirectory() ? 'a folder' : 'no regular file'}.`,
      );
    if (found.size > LIMITS.text) {
      throw new EngineError(
        'invalid',
        'document-too-large',
        `Expected a graph of at most ${LIMITS.text} bytes, found ${found.size}.`,
      );
    }
    return readFileSync(path, 'utf8');
  } catch (thrown) {
    throw asEngineError(thrown, { file: path });
  }
}

/** Tells whether a file is still the one that it was; undefined where there is none. */
export function stampOf(path: string): string | undefined {
  const found = statSync(path, { throwIfNoEntry: false, bigint: true });
  return found && `${found.size} ${found.mtimeNs} ${found.ino}`;
}
