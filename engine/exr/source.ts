// An open file to read from: its identity, and reads that are whole or an error.
import { closeSync, fstatSync, openSync, read, readSync, statSync } from 'node:fs';
import { promisify } from 'node:util';
import { asEngineError, EngineError } from '../base/error.ts';
import type { ByteSource } from './header-parse.ts';

const readLater = promisify(read);

/** Tells whether a file is still the one that was read: plain data, the same on every read of an unchanged file. */
export interface FileIdentity {
  readonly size: number;
  /** Time of the last change in nanoseconds since 1970, as decimal text. */
  readonly mtimeNs: string;
}

/** A regular file open for reading, synchronously. */
export class FileSource implements ByteSource {
  readonly path: string;
  readonly identity: FileIdentity;
  #descriptor: number | undefined;

  /** Errors: `file-not-found`, `file-denied`, `file-not-regular`, `too-many-files`, `file-io`. */
  constructor(path: string) {
    this.path = path;
    try {
      // Asked before opening, because opening a pipe would wait for its other end.
      if (!statSync(path).isFile()) {
        throw new EngineError('io', 'file-not-regular', `${path} is not a regular file. Name a file.`, { file: path });
      }
      this.#descriptor = openSync(path, 'r');
      this.identity = identityOf(this.#descriptor);
    } catch (thrown) {
      throw asEngineError(thrown, { file: path });
    }
  }

  get size(): number {
    return this.identity.size;
  }

  get descriptor(): number {
    if (this.#descriptor === undefined) {
      throw new EngineError('invalid', 'internal', `${this.path} was read after it was closed.`, { file: this.path });
    }
    return this.#descriptor;
  }

  read(offset: number, length: number): Uint8Array {
    if (offset + length > this.size) {
      throw new EngineError(
        'invalid',
        'exr-truncated',
        `Expected ${length} bytes at offset ${offset}, found ${Math.max(0, this.size - offset)}.`,
        { file: this.path, offset },
      );
    }
    const bytes = new Uint8Array(length);
    this.readInto(bytes, offset);
    return bytes;
  }

  /** Fills `target` from `offset` on. Throws `exr-truncated` or `file-changed` where the file is too short. */
  readInto(target: Uint8Array, offset: number): void {
    try {
      for (let done = 0; done < target.length; ) {
        const count = readSync(this.descriptor, target, done, target.length - done, offset + done);
        if (count === 0) throw this.changed() ?? this.#short(offset + done, target.length - done);
        done += count;
      }
    } catch (thrown) {
      throw asEngineError(thrown, { file: this.path });
    }
  }

  /** As `readInto`, without blocking the thread. */
  async readIntoLater(target: Uint8Array, offset: number): Promise<void> {
    try {
      for (let done = 0; done < target.length; ) {
        const { bytesRead } = await readLater(this.descriptor, target, done, target.length - done, offset + done);
        if (bytesRead === 0) throw this.changed() ?? this.#short(offset + done, target.length - done);
        done += bytesRead;
      }
    } catch (thrown) {
      throw asEngineError(thrown, { file: this.path });
    }
  }

  #short(offset: number, length: number): EngineError {
    return new EngineError(
      'invalid',
      'exr-truncated',
      `Expected ${length} more bytes at offset ${offset}, found none.`,
    );
  }

  /** The error `file-changed` where the open file is no longer what it was when it was opened. */
  changed(): EngineError | undefined {
    const now = identityOf(this.descriptor);
    if (now.size === this.identity.size && now.mtimeNs === this.identity.mtimeNs) return undefined;
    return new EngineError(
      'io',
      'file-changed',
      `${this.path} changed while it was read. Read it again when nothing writes to it.`,
      { file: this.path },
    );
  }

  close(): void {
    if (this.#descriptor !== undefined) closeSync(this.#descriptor);
    this.#descriptor = undefined;
  }
}

function identityOf(descriptor: number): FileIdentity {
  const { size, mtimeNs } = fstatSync(descriptor, { bigint: true });
  return { size: Number(size), mtimeNs: mtimeNs.toString() };
}
