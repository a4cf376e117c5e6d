// Recovery files: what autosave keeps of a document that is not saved, and how the one of a host that died is found.
import { createHash } from 'node:crypto';
import { accessSync, constants, mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { homedir, hostname, uptime } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { z } from 'zod';
import { asEngineError, type Document, loadDocument, saveDocument } from '../../engine/index.ts';
import { readText, writeWhole } from './whole-file.ts';

const schema = z.strictObject({
  recovery: z.literal(1),
  savedAt: z.iso.datetime(),
  process: z.int().min(1),
  host: z.string(),
  document: z.string(),
});

/** Something that a host which is gone had not saved. */
export interface Recoverable {
  readonly file: string;
  readonly savedAt: string;
  readonly document: Document;
}

/** The folder for documents that have none: `$XDG_STATE_HOME/sluice/recovery`, else below `~/.local/state`. */
export const stateFolder = (): string =>
  join(process.env['XDG_STATE_HOME'] || join(homedir(), '.local', 'state'), 'sluice', 'recovery');

export class Recovery {
  readonly #state: string;
  /** The file of this host, where there is one at present. */
  #file: string | undefined;

  constructor(state: string) {
    this.#state = state;
  }

  /** Keeps a document; `path` is where it was saved, if ever. Throws where nothing can be written. */
  keep(document: Document, path: string | undefined, now: Date): void {
    const { folder, stem } = this.#place(path);
    if (folder === this.#state) mkdirSync(folder, { recursive: true, mode: 0o700 });
    const file = join(folder, `${stem}${process.pid}.recovery`);
    if (this.#file !== undefined && this.#file !== file) this.drop();
    const kept: z.output<typeof schema> = {
      recovery: 1,
      savedAt: now.toISOString(),
      process: process.pid,
      host: hostname(),
      document: saveDocument(document),
    };
    // While somebody turns a knob this comes every few seconds, and a disk that is busy would hold up every picture.
    writeWhole(file, JSON.stringify(kept), { flush: false });
    this.#file = file;
  }

  /** Removes what this host kept. */
  drop(): void {
    if (this.#file !== undefined) rmSync(this.#file, { force: true });
    this.#file = undefined;
  }

  /** The newest thing kept for a document by a host that is gone, where it is newer than the document's file. */
  find(path: string | undefined): Recoverable | undefined {
    const saved = path === undefined ? undefined : statSync(path, { throwIfNoEntry: false })?.mtimeMs;
    const { folder, stem } = this.#place(path);
    let names: string[];
    try {
      names = readdirSync(folder);
    } catch (thrown) {
      if (asEngineError(thrown).code === 'file-not-found') return undefined;
      throw asEngineError(thrown, { file: folder });
    }
    return names
      .filter((name) => name.startsWith(stem) && /^\d+\.recovery$/.test(name.slice(stem.length)))
      .map((name) => readKept(join(folder, name)))
      .filter((kept) => kept !== undefined)
      .filter(({ savedAt }) => saved === undefined || Date.parse(savedAt) > saved)
      .sort((a, b) => Date.parse(b.savedAt) - Date.parse(a.savedAt))[0];
  }

  /** Beside the document; in the user's own folder where it has no file, or where nothing can be written beside it. */
  #place(path: string | undefined): { folder: string; stem: string } {
    if (path === undefined) return { folder: this.#state, stem: 'untitled.' };
    const folder = dirname(path);
    try {
      accessSync(folder, constants.W_OK);
      return { folder, stem: `.${basename(path)}.` };
    } catch {
      const mark = createHash('sha256').update(path).digest('hex').slice(0, 16);
      return { folder: this.#state, stem: `${basename(path)}.${mark}.` };
    }
  }
}

/** Removes what was found, once it was taken up or is not wanted. */
export const forget = ({ file }: Recoverable): void => rmSync(file, { force: true });

/** Undefined where the file is none of ours, or its host is still there. */
function readKept(file: string): Recoverable | undefined {
  try {
    const kept = schema.parse(JSON.parse(readText(file)));
    const { document } = loadDocument(kept.document);
    return document && !isThere(kept) ? { file, savedAt: kept.savedAt, document } : undefined;
  } catch {
    return undefined; // a file that somebody else left, or that cannot be read, is nothing to offer
  }
}

function isThere({ process: id, host, savedAt }: z.output<typeof schema>): boolean {
  if (host !== hostname() || id === process.pid) return host === hostname();
  // Numbers of processes begin anew when the machine does.
  if (Date.parse(savedAt) < Date.now() - uptime() * 1000) return false;
  try {
    process.kill(id, 0);
    return true;
  } catch (thrown) {
    return (thrown as NodeJS.ErrnoException).code === 'EPERM';
  }
}
