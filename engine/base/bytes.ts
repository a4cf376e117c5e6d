// Bounded little-endian access to bytes: a reader that cannot leave its buffer and a writer that grows.

import type { ErrorCode } from './codes.ts';
import { EngineError } from './error.ts';

const decoder = new TextDecoder('utf-8');
const encoder = new TextEncoder();

/** Reads little-endian values from a fixed range of bytes. Every read past the end is an `EngineError`, never a wrong value. */
export class ByteReader {
  readonly bytes: Uint8Array;
  readonly #view: DataView;
  readonly #code: ErrorCode;
  readonly #base: number;
  position = 0;

  /** `base` is the offset of `bytes` in the file, for messages; `code` is the code of the error when the bytes run out. */
  constructor(bytes: Uint8Array, code: ErrorCode = 'exr-truncated', base = 0) {
    this.bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#code = code;
    this.#base = base;
  }

  get remaining(): number {
    return this.bytes.byteLength - this.position;
  }

  #take(count: number): number {
    const at = this.position;
    if (!(count >= 0 && count <= this.remaining)) {
      throw new EngineError(
        'invalid',
        this.#code,
        `Expected ${count} more bytes at offset ${this.#base + at}, found ${this.remaining}.`,
        {
          offset: this.#base + at,
        },
      );
    }
    this.position = at + count;
    return at;
  }

  u8(): number {
    return this.#view.getUint8(this.#take(1));
  }
  i32(): number {
    return this.#view.getInt32(this.#take(4), true);
  }
  u32(): number {
    return this.#view.getUint32(this.#take(4), true);
  }
  u64(): bigint {
    return this.#view.getBigUint64(this.#take(8), true);
  }
  f32(): number {
    return this.#view.getFloat32(this.#take(4), true);
  }
  f64(): number {
    return this.#view.getFloat64(this.#take(8), true);
  }

  /** A view of the next bytes, not a copy. */
  take(count: number): Uint8Array {
    const at = this.#take(count);
    return this.bytes.subarray(at, at + count);
  }

  /** A text that ends with a zero byte, which is consumed. `limit` is the greatest length without that byte. */
  cstring(limit: number): string {
    const end = this.bytes.indexOf(0, this.position);
    const length = (end < 0 ? this.bytes.byteLength : end) - this.position;
    if (length > limit || end < 0) {
      throw new EngineError(
        'invalid',
        this.#code,
        `Expected a name of at most ${limit} bytes ended by a zero byte at offset ${this.#base + this.position}, found none.`,
        { offset: this.#base + this.position },
      );
    }
    const text = decoder.decode(this.take(length));
    this.position += 1;
    return text;
  }
}

/** Collects little-endian values into a buffer that grows. */
export class ByteWriter {
  #bytes = new Uint8Array(256);
  #view = new DataView(this.#bytes.buffer);
  length = 0;

  #room(count: number): number {
    const at = this.length;
    if (at + count > this.#bytes.byteLength) {
      const grown = new Uint8Array(Math.max(this.#bytes.byteLength * 2, at + count));
      grown.set(this.#bytes.subarray(0, at));
      this.#bytes = grown;
      this.#view = new DataView(grown.buffer);
    }
    this.length = at + count;
    return at;
  }

  u8(value: number): this {
    const at = this.#room(1);
    this.#view.setUint8(at, value);
    return this;
  }
  i32(value: number): this {
    const at = this.#room(4);
    this.#view.setInt32(at, value, true);
    return this;
  }
  u32(value: number): this {
    const at = this.#room(4);
    this.#view.setUint32(at, value, true);
    return this;
  }
  u64(value: bigint): this {
    const at = this.#room(8);
    this.#view.setBigUint64(at, value, true);
    return this;
  }
  f32(value: number): this {
    const at = this.#room(4);
    this.#view.setFloat32(at, value, true);
    return this;
  }
  f64(value: number): this {
    const at = this.#room(8);
    this.#view.setFloat64(at, value, true);
    return this;
  }
  put(bytes: Uint8Array): this {
    const at = this.#room(bytes.byteLength);
    this.#bytes.set(bytes, at);
    return this;
  }
  cstring(text: string): this {
    return this.put(encoder.encode(text)).u8(0);
  }

  /** A copy of what was written. */
  finish(): Uint8Array {
    return this.#bytes.slice(0, this.length);
  }
}
