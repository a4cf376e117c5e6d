// Copies the stored chunks of a part from one file to another without unpacking them.
import { boxEquals } from '../base/box.ts';
import { asEngineError, EngineError } from '../base/error.ts';
import type { ChunkExtent } from './chunk-table.ts';
import type { ExrFile } from './file.ts';
import { layoutOf } from './layout.ts';
import { type Expected, READ_BYTES, runsOf } from './runs.ts';
import type { PartShape } from './shape.ts';

/** Where copied chunks go. */
export interface CopyTarget {
  readonly part: PartShape;
  /** The part number to write before each chunk; undefined in a file of a single part. */
  readonly number: number | undefined;
  /** Says that chunk `index` begins `before` bytes into what is appended next. */
  note(index: number, before: number): void;
  append(bytes: Uint8Array): Promise<void>;
  /** Appends without waiting for what was appended before: bytes have their place from the call on. */
  appendApart(bytes: Uint8Array): Promise<void>;
}

/** Chunks that lie together are copied together up to this many bytes: so much stays in a processor's cache. */
const COPY_BYTES = 2 ** 20;
/** Runs on their way at once. */
const LANES = 3;

/** Throws `exr-cannot-write` where chunks of one part would not be chunks of the other. */
function checkSameShape(from: PartShape, to: PartShape): void {
  const tiles = ({ tiles }: PartShape) =>
    tiles && `${tiles.width} x ${tiles.height}, ${tiles.levels}, ${tiles.rounding}`;
  const channels = (part: PartShape) =>
    part.channels.map(({ type, sampling }) => `${type} ${sampling.x} ${sampling.y}`).join(', ');
  const differing = [
    ['type', from.type === to.type],
    ['compression', from.compression === to.compression],
    ['line order', from.lineOrder === to.lineOrder],
    ['data window', boxEquals(from.dataWindow, to.dataWindow)],
    ['tiles', tiles(from) === tiles(to)],
    ['channels', channels(from) === channels(to)],
  ]
    .filter(([, same]) => !same)
    .map(([what]) => what);
  if (differing.length === 0) return;
  throw new EngineError(
    'invalid',
    'exr-cannot-write',
    `Chunks can be copied only between parts of the same shape, found another ${differing.join(', ')}.`,
  );
}

/**
 * Copies every chunk of a part, in the order of the source file. Holds three runs at most. Throws `file-changed` where
 * the source is not what it was when it was opened.
 */
export async function copyChunks(source: ExrFile, part: number, target: CopyTarget): Promise<void> {
  const shape = source.part(part);
  checkSameShape(shape, target.part);
  try {
    await copyAll(source, part, shape, target);
  } catch (thrown) {
    const error = asEngineError(thrown, { file: source.path, part });
    throw (error.kind === 'invalid' && source.source.changed()) || error;
  }
  const changed = source.source.changed();
  if (changed) throw changed;
}

async function copyAll(source: ExrFile, part: number, shape: PartShape, target: CopyTarget): Promise<void> {
  const { table } = source;
  const { chunkCount } = layoutOf(shape);
  const expected: Expected[] = [];
  const lost: number[] = [];
  for (let index = 0; index < chunkCount; index++) {
    const start = table.statedOffset(part, index);
    if (start === 0) lost.push(index);
    else expected.push({ index, start, end: table.boundaryAfter(start) });
  }
  const copy = new Copy(source, part, target);
  await copy.runs([...runsOf(expected, COPY_BYTES)]);
  for (const index of lost) await copy.alone(index);
}

/** A run as it was read: the bytes from its first chunk on, undefined where it is too long to be read at once. */
interface Loaded {
  readonly first: number;
  readonly bytes: Uint8Array | undefined;
}

/** One copy under way. */
class Copy {
  readonly #source: ExrFile;
  readonly #part: number;
  readonly #target: CopyTarget;
  readonly #prefixed: boolean;
  /** For chunks that are copied alone, one at a time. */
  #spare = new Uint8Array(0);
  #copied = 0;
  /** What went wrong first; nothing takes its place in the target after it. */
  #failure: unknown;

  constructor(source: ExrFile, part: number, target: CopyTarget) {
    this.#source = source;
    this.#part = part;
    this.#target = target;
    this.#prefixed = source.header.multipart;
  }

  /** Chunks of a sound file do not overlap, so that together they are no longer than the file. */
  #count({ index, headBytes, dataBytes }: ChunkExtent): void {
    this.#copied += headBytes + dataBytes;
    if (this.#copied <= this.#source.source.size) return;
    throw new EngineError('invalid', 'exr-chunk', 'Expected chunks that lie apart, found some that overlap.', {
      chunk: index,
    });
  }

  /** Some runs are read and written while others are; each takes its place in the target after the one before it. */
  async runs(runs: readonly (readonly Expected[])[]): Promise<void> {
    const waiting = runs.values();
    let last: Promise<void> = Promise.resolve();
    const lane = async (): Promise<void> => {
      let buffer = new Uint8Array(0);
      for (const run of waiting) {
        const turn = last;
        const { promise, resolve: placed } = Promise.withResolvers<void>();
        last = promise;
        try {
          buffer = this.#bufferFor(run, buffer);
          const loaded = await this.#load(run, buffer).finally(() => turn);
          if (this.#failure) return;
          await this.#run(run, loaded, runs.length === 1 ? undefined : placed);
        } catch (thrown) {
          this.#failure ??= thrown;
        } finally {
          placed();
        }
      }
    };
    await Promise.all(Array.from({ length: Math.min(LANES, runs.length) }, lane));
    if (this.#failure) throw this.#failure;
  }

  #bufferFor(run: readonly Expected[], before: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
    const length = lengthOf(run);
    if (length <= before.length || length > READ_BYTES) return before;
    return new Uint8Array(Math.ceil(length / COPY_BYTES) * COPY_BYTES);
  }

  async #load(run: readonly Expected[], buffer: Uint8Array): Promise<Loaded> {
    const first = run[0]!.start;
    const length = lengthOf(run);
    if (length > buffer.length) return { first, bytes: undefined };
    const bytes = buffer.subarray(0, length);
    await this.#source.source.readIntoLater(bytes, first);
    return { first, bytes };
  }

  /** `placed` is called once the next run may take its place; where it is left out there is none. */
  async #run(run: readonly Expected[], { first, bytes }: Loaded, placed?: () => void): Promise<void> {
    if (!bytes) {
      for (const { index } of run) await this.alone(index);
      return;
    }
    const { length } = bytes;
    const broken: number[] = [];
    const whole: ChunkExtent[] = [];
    for (const { index, start } of run) {
      const extent = this.#source.table.extentAt(this.#part, index, start, bytes.subarray(start - first));
      if (extent && start - first + extent.headBytes + extent.dataBytes <= length) whole.push(extent);
      else broken.push(index);
    }
    if (this.#prefixed === (this.#target.number !== undefined)) {
      await this.#appendJoined(whole, bytes, first, broken.length === 0 ? placed : undefined);
    } else for (const extent of whole) await this.#appendOne(extent, bytes.subarray(extent.offset - first));
    for (const index of broken) await this.alone(index);
  }

  /** Chunks keep their length: neighbours go to the file in one piece, with the part number changed in place. */
  async #appendJoined(
    extents: readonly ChunkExtent[],
    bytes: Uint8Array,
    first: number,
    placed?: () => void,
  ): Promise<void> {
    const apart: Promise<void>[] = [];
    for (let at = 0; at < extents.length; ) {
      const start = extents[at]!.offset;
      let end = start;
      for (; at < extents.length && extents[at]!.offset === end; at++) {
        const extent = extents[at]!;
        this.#count(extent);
        this.#renumber(bytes, extent.offset - first);
        this.#target.note(extent.index, extent.offset - start);
        end += extent.headBytes + extent.dataBytes;
      }
      const piece = bytes.subarray(start - first, end - first);
      if (!placed) await this.#target.append(piece);
      else {
        const appended = this.#target.appendApart(piece);
        // It is waited for below, unless a chunk behind it is wrong.
        appended.catch(() => undefined);
        apart.push(appended);
      }
    }
    placed?.();
    await Promise.all(apart);
  }

  #renumber(bytes: Uint8Array, at: number): void {
    const { number } = this.#target;
    if (number !== undefined) new DataView(bytes.buffer, bytes.byteOffset).setInt32(at, number, true);
  }

  /** The head of a chunk as the target has it, from that of the source. */
  #head(head: Uint8Array): Uint8Array {
    const bare = this.#prefixed ? head.subarray(4) : head;
    if (this.#target.number === undefined) return bare;
    const prefixed = new Uint8Array(bare.length + 4);
    prefixed.set(bare, 4);
    this.#renumber(prefixed, 0);
    return prefixed;
  }

  async #appendOne(extent: ChunkExtent, bytes: Uint8Array): Promise<void> {
    const { index, headBytes, dataBytes } = extent;
    this.#count(extent);
    this.#target.note(index, 0);
    await this.#target.append(this.#head(bytes.subarray(0, headBytes)));
    await this.#target.append(bytes.subarray(headBytes, headBytes + dataBytes));
  }

  /** A chunk that is larger than the buffer, or whose place has to be looked for. */
  async alone(index: number): Promise<void> {
    const extent = this.#source.table.locate(this.#part, index);
    const { offset, headBytes, dataBytes } = extent;
    this.#count(extent);
    this.#target.note(index, 0);
    await this.#target.append(this.#head(this.#source.source.read(offset, headBytes)));
    const most = Math.min(READ_BYTES, dataBytes);
    if (this.#spare.length < most) this.#spare = new Uint8Array(most);
    for (let done = 0; done < dataBytes; ) {
      const piece = this.#spare.subarray(0, Math.min(most, dataBytes - done));
      await this.#source.source.readIntoLater(piece, offset + headBytes + done);
      await this.#target.append(piece);
      done += piece.length;
    }
  }
}

/** Bytes from the first chunk of a run to the end of its last. */
const lengthOf = (run: readonly Expected[]): number => Math.max(...run.map(({ end }) => end)) - run[0]!.start;
