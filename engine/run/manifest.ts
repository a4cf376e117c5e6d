// The manifest beside the outputs: one line for each finished frame with its fingerprint, so that a killed run resumes.
import { appendFileSync, mkdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

interface Line {
  readonly frame: number;
  readonly file: string;
  /** The key of the frame: graph, parameters and identity of the inputs. */
  readonly key: string;
  readonly size: number;
  readonly mtime: string;
}

/** Appended to as frames finish, so that a kill loses at most the line of a frame whose file is whole. */
export class Manifest {
  readonly #path: string;
  readonly #done = new Map<number, Line>();
  #begun: boolean;

  /** `folder` is where the outputs go; `run` names graph and sink. */
  constructor(folder: string, run: string, options: { readonly resume: boolean }) {
    this.#path = join(folder, `.${run}.sluice-run`);
    this.#begun = options.resume;
    if (!options.resume) return;
    let text = '';
    try {
      text = readFileSync(this.#path, 'utf8');
    } catch {
      return; // nothing was begun here
    }
    for (const row of text.split('\n')) {
      const line = parseLine(row);
      if (line) this.#done.set(line.frame, line);
    }
  }

  /** True where the frame was finished by the same graph from the same inputs and its file is still as it was left. */
  has(frame: number, key: string, file: string): boolean {
    const line = this.#done.get(frame);
    if (!line || line.key !== key || line.file !== basename(file)) return false;
    const now = stamp(file);
    return now !== undefined && now.size === line.size && now.mtime === line.mtime;
  }

  /** The file that a finished line of this frame names, for a run that resumes. */
  file(frame: number): string | undefined {
    const line = this.#done.get(frame);
    return line && join(dirname(this.#path), line.file);
  }

  add(frame: number, key: string, file: string): void {
    const now = stamp(file);
    if (!now) return;
    if (!this.#begun) {
      // A new run: what an older one finished is no longer vouched for.
      rmSync(this.#path, { force: true });
      this.#begun = true;
    }
    mkdirSync(dirname(this.#path), { recursive: true });
    appendFileSync(this.#path, `${JSON.stringify({ frame, file: basename(file), key, ...now } satisfies Line)}\n`);
  }
}

function stamp(file: string): { size: number; mtime: string } | undefined {
  const found = statSync(file, { bigint: true, throwIfNoEntry: false });
  return found && { size: Number(found.size), mtime: String(found.mtimeNs) };
}

/** A line cut short by a kill is no line. */
function parseLine(row: string): Line | undefined {
  try {
    const line = JSON.parse(row) as Partial<Line>;
    return typeof line.frame === 'number' &&
      typeof line.key === 'string' &&
      typeof line.file === 'string' &&
      line.file === basename(line.file)
      ? (line as Line)
      : undefined;
  } catch {
    return undefined;
  }
}
