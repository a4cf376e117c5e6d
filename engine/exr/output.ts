// A file being written: hidden beside its target until it is whole, then renamed into its place.
import { writeSync } from 'node:fs';
import { type FileHandle, link, open, realpath, rename, rm, stat } from 'node:fs/promises';
import { asEngineError, EngineError } from '../base/error.ts';
import { unfinishedName } from './unfinished.ts';

/** Small pieces are gathered up to this many bytes before they are written. */
const GATHER_BYTES = 4 * 2 ** 20;
/**
 * Bytes of one call to write where the thread does it itself. For larger ones file systems look for larger pieces of free
 * memory, which at times takes them many times as long as to copy the bytes.
 */
const STEP_BYTES = 128 * 1024;
/** The thread writes by itself while a byte takes it a nanosecond, and all of them so many nanoseconds more. */
const GRACE = 10_000_000n;

const exists = (path: string, cause?: unknown): EngineError =>
  new EngineError(
    'io',
    'file-exists',
    `${path} exists already. Write to another name, or allow it to be replaced.`,
    {},
    cause,
  );

/**
 * Appends bytes to a hidden file and moves it to `path` when it is finished. Calls are not to overlap, but for those of
 * `appendApart`. Errors: `file-denied`, `file-not-found`, `file-not-regular`, `disk-full`, `too-many-files`, `file-io`.
 */
export class OutputFile {
  readonly path: string;
  readonly #hidden: string;
  readonly #replace: boolean;
  readonly #gathered = new Uint8Array(GATHER_BYTES);
  #handle: FileHandle | undefined;
  #gatheredLength = 0;
  #written = 0;
  /** Nanoseconds that the thread has lost by writing itself. */
  #late = 0n;

  private constructor(path: string, hidden: string, replace: boolean, handle: FileHandle) {
    this.path = path;
    this.#hidden = hidden;
    this.#replace = replace;
    this.#handle = handle;
  }

  /**
   * Begins a file. A link is followed: what it points to will be replaced, not the link. Where `replace` is false a file
   * that is there, or comes while this one is written, stays: `file-exists`.
   */
  static async create(path: string, { replace }: { readonly replace: boolean }): Promise<OutputFile> {
    try {
      const target = await realpath(path).catch(() => path);
      const present = await stat(target).catch(() => undefined);
      if (present && !replace) throw exists(target);
      if (present && !present.isFile()) {
        throw new EngineError('io', 'file-not-regular', `${path} is not a regular file. Write to another name.`);
      }
      const hidden = unfinishedName(target);
      return new OutputFile(target, hidden, replace, await open(hidden, 'wx'));
    } catch (thrown) {
      throw asEngineError(thrown, { file: path });
    }
  }

  /** Bytes appended so far, those included that are still gathered. */
  get length(): number {
    return this.#written + this.#gatheredLength;
  }

  /** Whether the system takes bytes as fast as memory does: then to ask another thread to write takes longer than to write. */
  get #swift(): boolean {
    return this.#late <= GRACE;
  }

  get #open(): FileHandle {
    if (this.#handle) return this.#handle;
    throw new EngineError('invalid', 'internal', `${this.path} was written to after it was finished or given up.`);
  }

  /** Appends bytes, which may be changed again once the promise is kept. */
  async append(bytes: Uint8Array): Promise<void> {
    if (bytes.length >= (this.#swift ? STEP_BYTES : GATHER_BYTES) / 2) return this.appendApart(bytes);
    if (bytes.length + this.#gatheredLength > GATHER_BYTES) await this.#flush();
    this.#gathered.set(bytes, this.#gatheredLength);
    this.#gatheredLength += bytes.length;
  }

  /** Appends bytes that are not gathered. They have their place from the call on. */
  async appendApart(bytes: Uint8Array): Promise<void> {
    if (this.#swift) {
      this.#writeNow(this.#gathered.subarray(0, this.#gatheredLength));
      this.#gatheredLength = 0;
      this.#writeNow(bytes);
      return;
    }
    const gathered = this.#gathered.slice(0, this.#gatheredLength);
    const start = this.#written;
    this.#written += gathered.length + bytes.length;
    this.#gatheredLength = 0;
    if (gathered.length > 0) await this.#write(gathered, start);
    await this.#write(bytes, start + gathered.length);
  }

  #writeNow(bytes: Uint8Array): void {
    const begun = process.hrtime.bigint();
    try {
      for (let done = 0; done < bytes.length; ) {
        const count = writeSync(this.#open.fd, bytes, done, Math.min(STEP_BYTES, bytes.length - done), this.#written);
        done += count;
        this.#written += count;
      }
    } catch (thrown) {
      throw asEngineError(thrown, { file: this.path });
    }
    const late = this.#late + process.hrtime.bigint() - begun - BigInt(bytes.length);
    this.#late = late > 0n ? late : 0n;
  }

  async #flush(): Promise<void> {
    await this.#write(this.#gathered.subarray(0, this.#gatheredLength), this.#written);
    this.#written += this.#gatheredLength;
    this.#gatheredLength = 0;
  }

  async #write(bytes: Uint8Array, position: number): Promise<void> {
    try {
      for (let done = 0; done < bytes.length; ) {
        const { bytesWritten } = await this.#open.write(bytes, done, bytes.length - done, position + done);
        done += bytesWritten;
      }
    } catch (thrown) {
      throw asEngineError(thrown, { file: this.path });
    }
  }

  /** Writes `head` over the first bytes and puts the file in its place. */
  async finish(head: Uint8Array): Promise<void> {
    try {
      await this.#flush();
      await this.#write(head, 0);
      const handle = this.#open;
      this.#handle = undefined;
      await handle.close();
      if (this.#replace) await rename(this.#hidden, this.path);
      else await this.#placeBesideNothing();
    } catch (thrown) {
      throw asEngineError(thrown, { file: this.path });
    }
  }

  /** Renaming would replace; a second name for the same file is refused where the name is taken. */
  async #placeBesideNothing(): Promise<void> {
    try {
      await link(this.#hidden, this.path);
    } catch (thrown) {
      const { code } = thrown as { code?: unknown };
      if (code === 'EEXIST' || (await stat(this.path).catch(() => undefined))) throw exists(this.path, thrown);
      // Some file systems have no second names.
      await rename(this.#hidden, this.path);
      return;
    }
    await rm(this.#hidden);
  }

  /** Removes the hidden file. What stood at the path stays. */
  async abort(): Promise<void> {
    const handle = this.#handle;
    this.#handle = undefined;
    await handle?.close().catch(() => undefined);
    await rm(this.#hidden, { force: true }).catch((thrown: unknown) => {
      throw asEngineError(thrown, { file: this.#hidden });
    });
  }
}
