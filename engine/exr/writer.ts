// Writes OpenEXR files: header, chunks in the order in which they come, offset tables; whole or not at all.
import { asEngineError, EngineError, type Place } from '../base/error.ts';
import { coordinatesOf, encodeHead } from './chunk-head.ts';
import { copyChunks } from './copy.ts';
import type { ExrFile } from './file.ts';
import type { WritePart } from './header.ts';
import { encodeHeader, type HeaderOptions, writesMultipart } from './header-encode.ts';
import { layoutOf } from './layout.ts';
import { OutputFile } from './output.ts';
import { isDeep } from './shape.ts';
import { sortedPart } from './shape-check.ts';

export interface WriteOptions extends HeaderOptions {
  /** False: a file that is at the path stays, and writing ends with `file-exists`. True by default. */
  readonly replace?: boolean;
}

/** More chunks than this make no sense in one file, and their offset tables would fill the memory. */
const MOST_CHUNKS = 2 ** 26;

const refuse = (message: string, where: Place = {}): EngineError =>
  new EngineError('invalid', 'exr-cannot-write', message, where);

/**
 * Writes one file. Nothing is at the path, or what was there before, until `finish` is done. Calls may overlap: they are
 * carried out in the order in which they were made. After an error only `abort` is of use.
 */
export class ExrWriter {
  readonly #parts: readonly WritePart[];
  readonly #multipart: boolean;
  readonly #header: Uint8Array;
  readonly #offsets: readonly Float64Array[];
  readonly #output: OutputFile;
  #tail: Promise<unknown> = Promise.resolve();
  #failed: EngineError | undefined;

  private constructor(parts: readonly WritePart[], multipart: boolean, header: Uint8Array, output: OutputFile) {
    this.#parts = parts;
    this.#multipart = multipart;
    this.#header = header;
    this.#offsets = parts.map((part) => new Float64Array(layoutOf(part).chunkCount));
    this.#output = output;
  }

  /**
   * Begins a file with these parts: checks them and leaves room for the offset tables. The hidden file beside `path` is
   * gone when the promise is broken. Errors: `exr-cannot-write`, `file-exists`, `file-denied`, `file-not-found`,
   * `file-not-regular`, `disk-full`, `too-many-files`, `file-io`.
   */
  static async create(path: string, parts: readonly WritePart[], options: WriteOptions = {}): Promise<ExrWriter> {
    const sorted = parts.map(sortedPart);
    let header: Uint8Array;
    try {
      header = encodeHeader(sorted, options);
      const chunks = sorted.reduce((sum, part) => sum + layoutOf(part).chunkCount, 0);
      if (chunks > MOST_CHUNKS) {
        throw refuse(`Expected at most ${MOST_CHUNKS} chunks in a file, found ${chunks}. Use larger tiles.`);
      }
    } catch (thrown) {
      throw asEngineError(thrown, { file: path });
    }
    const output = await OutputFile.create(path, { replace: options.replace ?? true });
    const writer = new ExrWriter(sorted, writesMultipart(sorted, options), header, output);
    try {
      await output.append(header);
      for (const table of writer.#offsets) await output.append(new Uint8Array(table.length * 8));
      return writer;
    } catch (thrown) {
      await output.abort();
      throw thrown;
    }
  }

  /** The place of the finished file, links followed. */
  get path(): string {
    return this.#output.path;
  }

  /** Carries out one piece of work after those before it; after a failure nothing more is done. */
  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#tail.then(async () => {
      if (this.#failed) throw this.#failed;
      try {
        return await work();
      } catch (thrown) {
        this.#failed = asEngineError(thrown, { file: this.path });
        throw this.#failed;
      }
    });
    this.#tail = done.catch(() => undefined);
    return done;
  }

  #part(part: number): WritePart {
    const found = this.#parts[part];
    if (!found) throw refuse(`Expected a part from 0 to ${this.#parts.length - 1}, found ${part}.`, { part });
    return found;
  }

  /** Notes that the chunk stands where the next byte goes. */
  #note(part: number, index: number): void {
    const offsets = this.#offsets[part]!;
    if (!(index >= 0 && index < offsets.length)) {
      throw refuse(`Expected a chunk from 0 to ${offsets.length - 1}, found ${index}.`, { part, chunk: index });
    }
    if (offsets[index] !== 0) throw refuse(`Chunk ${index} was written before.`, { part, chunk: index });
    offsets[index] = this.#output.length;
  }

  /**
   * Appends a chunk: what `packChunk` made of it, or `packDeepChunk` of one of a deep part. The bytes are not to be
   * changed until the promise is kept. The file's line order is the caller's care: chunks land in the order in which they are put.
   */
  put(part: number, index: number, packed: Uint8Array): Promise<void> {
    return this.#inTurn(async () => {
      const shape = this.#part(part);
      this.#note(part, index);
      const coordinates = coordinatesOf(shape, layoutOf(shape), index);
      // The sizes of a deep chunk are in what was packed.
      const length = isDeep(shape) ? undefined : packed.length;
      await this.#output.append(encodeHead(coordinates, length, this.#multipart ? part : undefined));
      await this.#output.append(packed);
    });
  }

  /**
   * Copies all chunks of a part of another file as they are stored, in their order there: any kind, any level, any
   * compression. Both parts must have the same shape but for the names of channels. Errors besides those of writing:
   * `exr-cannot-write`, and those of `ExrFile.chunk`.
   */
  copyPart(part: number, source: ExrFile, sourcePart: number): Promise<void> {
    return this.#inTurn(() =>
      copyChunks(source, sourcePart, {
        part: sortedPart(this.#part(part)),
        number: this.#multipart ? part : undefined,
        note: (index, before) => this.#noteCopied(part, index, before),
        append: (bytes) => this.#output.append(bytes),
        appendApart: (bytes) => this.#output.appendApart(bytes),
      }),
    );
  }

  #noteCopied(part: number, index: number, before: number): void {
    this.#note(part, index);
    this.#offsets[part]![index]! += before;
  }

  /** Fills the offset tables and puts the file in its place. Throws `exr-chunk-missing` where a chunk was not put. */
  async finish(): Promise<void> {
    try {
      await this.#inTurn(async () => {
        for (const [part, offsets] of this.#offsets.entries()) {
          const chunk = offsets.indexOf(0);
          if (chunk >= 0) {
            throw new EngineError(
              'invalid',
              'exr-chunk-missing',
              `Expected all ${offsets.length} chunks of part ${part} before the file is finished, found none for ${chunk}.`,
              { part, chunk },
            );
          }
        }
        await this.#output.finish(this.#headWithTables());
      });
    } catch (thrown) {
      await this.abort();
      throw thrown;
    }
  }

  #headWithTables(): Uint8Array {
    const chunks = this.#offsets.reduce((sum, { length }) => sum + length, 0);
    const bytes = new Uint8Array(this.#header.length + chunks * 8);
    bytes.set(this.#header);
    const view = new DataView(bytes.buffer);
    let at = this.#header.length;
    for (const offsets of this.#offsets) {
      for (const offset of offsets) {
        view.setBigUint64(at, BigInt(offset), true);
        at += 8;
      }
    }
    return bytes;
  }

  /** Gives the file up: removes what was begun. May be called at any time and more than once. */
  async abort(): Promise<void> {
    this.#failed ??= refuse('The file was given up.', { file: this.path });
    await this.#tail;
    await this.#output.abort();
  }
}
