// An open picture file: its identity, and bounded reads anywhere in it.
import { closeSync, fstatSync, openSync, readSync, statSync } from 'node:fs';
import { asEngineError, EngineError } from '../base/error.ts';

/** Tells whether a file is still the one that was read. */
export interface PictureIdentity {
  readonly size: number;
  /** Time of the last change in nanoseconds since 1970, as decimal text. */
  readonly mtimeNs: string;
}

/** Where the bytes of a picture come from: a file, or a piece of one. */
export interface PictureBytes {
  readonly size: number;
  /** Throws `picture-truncated` where the bytes end before. */
  read(offset: number, length: number): Uint8Array;
}

/** Files larger than this are not read: their pictures could not be held in memory either. */
const MOST_BYTES = 2 ** 31 - 1;

/** Opens a file for one read of something in it and closes it again. */
export class PictureSource implements PictureBytes {
  readonly path: string;
  readonly identity: PictureIdentity;
  readonly #descriptor: number;

  /** Errors: `file-not-found`, `file-denied`, `file-not-regular`, `too-many-files`, `file-io`, `picture-too-large`. */
  constructor(path: string) {
    this.path = path;
    try {
      // Asked before opening, because opening a pipe would wait for its other end.
      if (!statSync(path).isFile())
        throw new EngineError('io', 'file-not-regular', `${path} is not a regular file. Name a file.`, { file: path });
      this.#descriptor = openSync(path, 'r');
      const { size, mtimeNs } = fstatSync(this.#descriptor, { bigint: true });
      this.identity = { size: Number(size), mtimeNs: mtimeNs.toString() };
    } catch (thrown) {
      throw asEngineError(thrown, { file: path });
    }
    if (this.size <= MOST_BYTES) return;
    this.close();
    throw new EngineError('unsupported', 'picture-too-large', `${path} has ${this.size} bytes, more than 2 GiB.`, {
      file: path,
    });
  }

  get size(): number {
    return this.identity.size;
  }

  read(offset: number, length: number): Uint8Array {
    requireBytes(this, offset, length);
    const bytes = new Uint8Array(length);
    try {
      for (let done = 0; done < length; ) {
        const count = readSync(this.#descriptor, bytes, done, length - done, offset + done);
        if (count === 0)
          throw new EngineError('io', 'file-changed', `${this.path} became shorter while it was read. Read it again.`);
        done += count;
      }
    } catch (thrown) {
      throw asEngineError(thrown, { file: this.path });
    }
    return bytes;
  }

  close(): void {
    closeSync(this.#descriptor);
  }
}

/** Bytes in memory as a picture's, such as an EXIF block. */
export const bytesOf = (bytes: Uint8Array): PictureBytes => ({
  size: bytes.length,
  read(offset, length) {
    requireBytes(this, offset, length);
    return bytes.subarray(offset, offset + length);
  },
});

function requireBytes({ size }: PictureBytes, offset: number, length: number): void {
  if (offset >= 0 && length >= 0 && offset + length <= size) return;
  throw new EngineError(
    'invalid',
    'picture-truncated',
    `Expected ${length} bytes at offset ${offset}, found ${Math.max(0, size - offset)}: the file is cut short.`,
    { offset },
  );
}

/** The numbers in a piece of a file. */
export const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/** Text of one byte a character (ISO 8859-1), up to a zero byte. */
export function latinText(bytes: Uint8Array): string {
  const end = bytes.indexOf(0);
  return Buffer.from(end < 0 ? bytes : bytes.subarray(0, end)).toString('latin1');
}
