// The manifest beside the outputs: what was begun and finished with which fingerprint, so that a killed run resumes.
import { appendFileSync, mkdirSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { asEngineError } from '../base/error.ts';
import { fingerprint } from '../base/fingerprint.ts';
import type { PlainTally } from './tally.ts';

/** A file as it lies on disk. */
interface Stamp {
  readonly size: number;
  readonly mtime: string;
}

interface Line {
  readonly frame: number;
  readonly file: string;
  /** The key of the frame: graph, parameters and identity of the inputs. */
  readonly key: string;
  /** Of a finished frame: its file. */
  readonly done?: Stamp;
  /** Of a frame about to come into its place: what stood there before, null where nothing did. */
  readonly before?: Stamp | null;
  /** What happened to its samples, for the ledger of a run that resumes. */
  readonly tally?: PlainTally;
}

/**
 * Lines are only ever appended, so that several runs may render frames into one folder at once. A line holds for as
 * long as the file is as it says.
 */
export class Manifest {
  readonly #path: string;
  readonly #done = new Map<number, Line>();
  readonly #begun = new Map<number, Line>();
  #cut: boolean;

  /** `folder` is where the outputs go; `run` names graph and sink. What is there is read only where `resume` is set. */
  constructor(folder: string, run: string, options: { readonly resume: boolean }) {
    this.#path = join(folder, `.${fileNameOf(run)}.sluice-run`);
    const text = contentOf(this.#path);
    this.#cut = text !== '' && !text.endsWith('\n');
    if (!options.resume) return;
    for (const row of text.split('\n')) {
      const line = parseLine(row);
      if (!line) continue;
      if (!line.done) this.#begun.set(line.frame, line);
      else {
        this.#done.set(line.frame, line);
        this.#begun.delete(line.frame);
      }
    }
  }

  /**
   * What happened to the samples of a frame that was finished by the same graph from the same inputs and whose file is
   * still as it was left; undefined where the frame is to be rendered. A file that came into its place just before the run was
   * killed counts as finished: it is whole, since it came by renaming, and nothing else of that frame was on its way.
   */
  finished(frame: number, key: string, file: string): PlainTally | undefined {
    const fits = (line: Line | undefined): line is Line => line?.key === key && line.file === basename(file);
    const now = stamp(file);
    if (!now) return undefined;
    const done = this.#done.get(frame);
    if (fits(done) && sameStamp(done.done, now)) return done.tally ?? NOTHING;
    const begun = this.#begun.get(frame);
    return fits(begun) && !sameStamp(begun.before, now) ? (begun.tally ?? NOTHING) : undefined;
  }

  /** Says that the frame is about to come into its place. */
  begin(frame: number, key: string, file: string, tally: PlainTally): void {
    this.#append({ frame, file: basename(file), key, before: stamp(file) ?? null, tally });
  }

  /**
   * Says that the frame is in its place. Where the line cannot be written, since the file took the last room of a disk, that
   * the frame was begun is enough: the file is whole.
   */
  finish(frame: number, key: string, file: string, tally: PlainTally): void {
    const done = stamp(file);
    if (!done) return;
    try {
      this.#append({ frame, file: basename(file), key, done, tally });
    } catch {
      // what `begin` has written stands for it
    }
  }

  #append(line: Line): void {
    try {
      mkdirSync(dirname(this.#path), { recursive: true });
      // A line that a kill or a full disk cut short must not swallow the next one.
      const lead = this.#cut ? '\n' : '';
      this.#cut = true;
      appendFileSync(this.#path, `${lead}${JSON.stringify(line)}\n`);
      this.#cut = false;
    } catch (thrown) {
      throw asEngineError(thrown, { file: this.#path });
    }
  }
}

const NOTHING: PlainTally = { conversions: [], notes: [] };

/** The run's name as a file name: names of documents may hold anything, slashes included. */
function fileNameOf(run: string): string {
  const plain = run.replace(/[^A-Za-z0-9._-]+/g, '_').slice(0, 100);
  return plain === run ? run : `${plain}.${fingerprint(run).slice(0, 8)}`;
}

function contentOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return ''; // nothing was begun here
  }
}

function stamp(file: string): Stamp | undefined {
  const found = statSync(file, { bigint: true, throwIfNoEntry: false });
  return found && { size: Number(found.size), mtime: String(found.mtimeNs) };
}

const sameStamp = (a: Stamp | null | undefined, b: Stamp): boolean =>
  a !== null && a !== undefined && a.size === b.size && a.mtime === b.mtime;

const isTally = ({ conversions, notes, counts }: PlainTally): boolean =>
  Array.isArray(conversions) && Array.isArray(notes) && (counts === undefined || Array.isArray(counts));

/** A line cut short by a kill is no line. */
function parseLine(row: string): Line | undefined {
  try {
    const line = JSON.parse(row) as Partial<Line>;
    const sound =
      typeof line.frame === 'number' &&
      typeof line.key === 'string' &&
      typeof line.file === 'string' &&
      line.file === basename(line.file) &&
      (line.tally === undefined || isTally(line.tally));
    return sound ? (line as Line) : undefined;
  } catch {
    return undefined;
  }
}
