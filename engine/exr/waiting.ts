// Chunks that wait for their turn: in memory while they are few, else in a hidden file beside the output.
import { type FileHandle, open, rm } from 'node:fs/promises';
import { asEngineError, EngineError } from '../base/error.ts';
import { release } from '../base/release.ts';
import { READ_BYTES } from './runs.ts';
import { unfinishedName } from './unfinished.ts';

/** Bytes that wait in memory, but for a chunk that is larger. */
const MEMORY_BYTES = 16 * 2 ** 20;
/** The memory begins with so many and doubles. */
const FIRST_BYTES = 2 ** 16;

interface Waiting {
  readonly index: number;
  /** Where it lies among all that was added: the first bytes are in the file, the others in memory. */
  readonly offset: number;
  readonly length: number;
}

interface HiddenFile {
  readonly path: string;
  readonly handle: FileHandle;
}

/**
 * Keeps chunks of one part. Calls are not to overlap. A file that a killed process leaves is found by its name, like that of
 * an output. Errors: `file-denied`, `disk-full`, `too-many-files`, `file-io`.
 */
export class WaitingChunks {
  readonly #target: string;
  readonly #memoryBytes: number;
  #chunks: Waiting[] = [];
  #memory = new Uint8Array(0);
  #inMemory = 0;
  #inFile = 0;
  #file: HiddenFile | undefined;

  /** For the output at `target`; so many bytes may wait in memory. */
  constructor(target: string, { memoryBytes = MEMORY_BYTES }: { readonly memoryBytes?: number } = {}) {
    this.#target = target;
    this.#memoryBytes = memoryBytes;
  }

  /** Takes a chunk; its bytes are copied. */
  async add(index: number, bytes: Uint8Array): Promise<void> {
    const { length } = bytes;
    if (this.#inMemory > 0 && this.#inMemory + length > this.#memoryBytes) await this.#located(() => this.#spill());
    this.#reserve(this.#inMemory + length);
    this.#memory.set(bytes, this.#inMemory);
    this.#chunks.push({ index, offset: this.#inFile + this.#inMemory, length });
    this.#inMemory += length;
  }

  #reserve(length: number): void {
    if (length <= this.#memory.length) return;
    const larger = new Uint8Array(Math.max(length, Math.min(this.#memoryBytes, this.#memory.length * 2), FIRST_BYTES));
    larger.set(this.#memory.subarray(0, this.#inMemory));
    release(this.#memory);
    this.#memory = larger;
  }

  /** Moves what is in memory to the end of the file. */
  async #spill(): Promise<void> {
    if (!this.#file) {
      const path = unfinishedName(this.#target);
      this.#file = { path, handle: await open(path, 'wx+') };
    }
    const { handle } = this.#file;
    for (let done = 0; done < this.#inMemory; ) {
      const { bytesWritten } = await handle.write(this.#memory, done, this.#inMemory - done, this.#inFile + done);
      done += bytesWritten;
    }
    this.#inFile += this.#inMemory;
    this.#inMemory = 0;
  }

  /**
   * Hands over every chunk, in the order that `inOrder` makes of them, and keeps none. The bytes are good until `put` is done.
   */
  async drain(
    inOrder: <C extends { readonly index: number }>(chunks: readonly C[]) => readonly C[],
    put: (index: number, bytes: Uint8Array) => Promise<void>,
  ): Promise<void> {
    const chunks = inOrder(this.#chunks);
    const buffer = this.#file ? new Uint8Array(READ_BYTES) : undefined;
    for (let at = 0; at < chunks.length; ) {
      const run = this.#runFrom(chunks, at);
      const { offset } = run[0]!;
      const last = run.at(-1)!;
      const bytes = await this.#located(() => this.#read(offset, last.offset + last.length, buffer));
      for (const chunk of run) {
        const start = chunk.offset - offset;
        await put(chunk.index, bytes.subarray(start, start + chunk.length));
      }
      at += run.length;
    }
    await this.close();
  }

  /** Chunks from one on that lie one after the other in the file, or in memory, as many as are read together. */
  #runFrom(chunks: readonly Waiting[], at: number): readonly Waiting[] {
    const { offset, length } = chunks[at]!;
    let end = offset + length;
    let next = at + 1;
    for (; next < chunks.length; next++) {
      const chunk = chunks[next]!;
      if (chunk.offset !== end || end === this.#inFile || end + chunk.length - offset > READ_BYTES) break;
      end += chunk.length;
    }
    return chunks.slice(at, next);
  }

  async #read(start: number, end: number, buffer: Uint8Array | undefined): Promise<Uint8Array> {
    if (!this.#file || start >= this.#inFile) return this.#memory.subarray(start - this.#inFile, end - this.#inFile);
    const length = end - start;
    const bytes = buffer && length <= buffer.length ? buffer.subarray(0, length) : new Uint8Array(length);
    for (let done = 0; done < length; ) {
      const { bytesRead } = await this.#file.handle.read(bytes, done, length - done, start + done);
      if (bytesRead === 0) {
        throw new EngineError('io', 'file-io', 'The hidden file in which levels wait became shorter meanwhile.');
      }
      done += bytesRead;
    }
    return bytes;
  }

  async #located<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (thrown) {
      throw asEngineError(thrown, { file: this.#target });
    }
  }

  /** Gives up what waits, and its file. May be called at any time and more than once. */
  async close(): Promise<void> {
    const file = this.#file;
    this.#file = undefined;
    this.#chunks = [];
    release(this.#memory);
    this.#memory = new Uint8Array(0);
    if (!file) return;
    await file.handle.close().catch(() => undefined);
    await rm(file.path, { force: true }).catch((thrown: unknown) => {
      throw asEngineError(thrown, { file: file.path });
    });
  }
}
