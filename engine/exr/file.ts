// An OpenEXR file open for reading: its header, the samples of any region, and its chunks as they are stored.
import { type Box, boxHeight, boxIntersection, boxIsEmpty, boxWidth, EMPTY_BOX } from '../base/box.ts';
import { asEngineError, EngineError } from '../base/error.ts';
import { type DeepPlanes, emptyDeep } from '../pixels/deep.ts';
import { createPlane, type Plane, sampleBytes, sampleCount } from '../pixels/plane.ts';
import type { ChunkHead } from './chunk-head.ts';
import { ChunkReader } from './chunk-read.ts';
import { ChunkTable } from './chunk-table.ts';
import { readDeep } from './deep-read.ts';
import type { ExrHeader, ExrPart } from './header.ts';
import { parseHeader } from './header-parse.ts';
import { chunksIn, layoutOf, levelAt } from './layout.ts';
import { methodRatio } from './method.ts';
import { isDeep } from './shape.ts';
import { type FileIdentity, FileSource } from './source.ts';

export interface ReadOptions {
  /** Names of channels; all of the part where left out. */
  readonly channels?: readonly string[];
  /** Pixels wanted, cut to those of the level; the whole level where left out. */
  readonly box?: Box;
  /** Level numbers; 0, 0 where left out. */
  readonly level?: { readonly x: number; readonly y: number };
  /** `black` leaves zeros where a chunk is not in the file; by default that is the error `exr-chunk-missing`. */
  readonly onMissing?: 'error' | 'black';
  /** Gets the index of every chunk that was left black. */
  readonly missing?: (chunk: number) => void;
}

/** A chunk as it is stored. */
export interface StoredChunk extends ChunkHead {
  /** The data after the head, compressed as the part says: a copy. Of a deep chunk: packed counts, then packed samples. */
  readonly payload: Uint8Array;
}

/** Where missing chunks are read as black, this much may be made of a file however small it is. */
const BLACK_BYTES = 2 ** 28;

/**
 * An OpenEXR file open for reading. Everything is synchronous; nothing but the header is read by `open`, the offset
 * tables when the first chunk is wanted. Errors carry the file, and the part and chunk where they are known.
 */
export class ExrFile {
  readonly path: string;
  readonly header: ExrHeader;
  /** The file's source, for those who copy its bytes. */
  readonly source: FileSource;
  #table: ChunkTable | undefined;
  #reader: ChunkReader | undefined;

  private constructor(source: FileSource, header: ExrHeader) {
    this.source = source;
    this.path = source.path;
    this.header = header;
  }

  /**
   * Opens a file and reads its header. Errors: those of `parseHeader`, and `file-not-found`, `file-denied`,
   * `file-not-regular`, `too-many-files`, `file-io`.
   */
  static open(path: string): ExrFile {
    const source = new FileSource(path);
    try {
      return new ExrFile(source, parseHeader(source));
    } catch (thrown) {
      source.close();
      throw asEngineError(thrown, { file: path });
    }
  }

  get identity(): FileIdentity {
    return this.source.identity;
  }

  /** Where the chunks lie. Reads the offset tables when first asked for. */
  get table(): ChunkTable {
    this.#table ??= this.#guard({}, () => new ChunkTable(this.source, this.header));
    return this.#table;
  }

  /**
   * Throws `exr-truncated` where the file ends before its own offset tables do: then nothing that the header says of its
   * size is to be believed. Reads nothing.
   */
  requireTables(): void {
    void this.table;
  }

  /** The part of that number. Throws `exr-part-missing`. */
  part(part: number): ExrPart {
    const found = this.header.parts[part];
    if (!found) {
      throw new EngineError(
        'invalid',
        'exr-part-missing',
        `Expected a part from 0 to ${this.header.parts.length - 1}, found ${part}.`,
        { file: this.path, part },
      );
    }
    return found;
  }

  /**
   * Samples of a flat part by channel name, in the channels' own types, bit for bit. Unpacks the chunks that meet the
   * box and nothing else. Errors: `exr-part-missing`, `exr-channel-missing`, `exr-level-missing`,
   * `exr-deep-unsupported`, `exr-compression-unsupported`, `exr-offset-table`, `exr-chunk-missing`, `exr-chunk`,
   * `exr-compressed-data`, `exr-truncated`, `exr-too-large`, `file-changed`, `file-io`.
   */
  readPart(part: number, options: ReadOptions = {}): Map<string, Plane> {
    const spec = this.part(part);
    return this.#guard({ part }, () => {
      if (isDeep(spec)) {
        throw new EngineError(
          'unsupported',
          'exr-deep-unsupported',
          'The part is deep: it has any number of samples at a pixel. Flatten it first (Flatten deep), or copy it untouched.',
        );
      }
      // The tables bound the number of chunks by the size of the file, so they are met before anything is listed.
      const { table } = this;
      const layout = layoutOf(spec);
      const level = levelAt(layout, options.level ?? { x: 0, y: 0 });
      const shared = boxIntersection(level.box, options.box ?? level.box);
      const region = boxIsEmpty(shared) ? EMPTY_BOX : shared;
      const onMissing = options.onMissing ?? 'error';
      const chunks = chunksIn(layout, level, region);
      this.#reader ??= new ChunkReader(this.source, this.header, table);
      const places = channelPlaces(spec, options.channels);
      const justified = this.source.size * methodRatio(spec.compression);
      const bytes = planeSize(spec, places, region);
      if (bytes > justified && (onMissing === 'error' || bytes > BLACK_BYTES)) {
        // A file that was cut off says so rather than that it is too small.
        for (const chunk of chunks) this.table.locate(part, chunk);
        throw new EngineError(
          'invalid',
          'exr-too-large',
          `Expected no more samples than a file of ${this.source.size} bytes can hold, found ${bytes} bytes of them. The header is damaged.`,
        );
      }
      const planes = new Map(
        places.map((place) => {
          const { type, sampling } = spec.channels[place]!;
          return [place, createPlane(type, region, sampling)];
        }),
      );
      const filled = this.#reader.read(part, chunks, region, planes, onMissing);
      for (const chunk of filled) options.missing?.(chunk);
      return new Map([...planes].map(([channel, plane]) => [spec.channels[channel]!.name, plane]));
    });
  }

  /**
   * Samples of a deep part in the channels' own types, bit for bit. Unpacks the chunks that meet the box and nothing
   * else; all of a chunk, since its samples are packed together. Errors as for `readPart`, and `internal` for a flat part.
   */
  readDeep(part: number, options: ReadOptions = {}): DeepPlanes {
    const spec = this.part(part);
    return this.#guard({ part }, () => {
      if (!isDeep(spec)) throw new EngineError('invalid', 'internal', 'Expected a deep part, found a flat one.');
      const { table } = this;
      const layout = layoutOf(spec);
      const level = levelAt(layout, options.level ?? { x: 0, y: 0 });
      const region = boxIntersection(level.box, options.box ?? level.box);
      const channels = channelPlaces(spec, options.channels);
      if (boxIsEmpty(region)) {
        return emptyDeep(
          region,
          channels.map((place) => spec.channels[place]!),
        );
      }
      const onMissing = options.onMissing ?? 'error';
      const chunks = chunksIn(layout, level, region);
      const bytes = boxWidth(region) * boxHeight(region) * 4;
      const justified = this.source.size * methodRatio(spec.compression);
      if (bytes > justified && (onMissing === 'error' || bytes > BLACK_BYTES)) {
        for (const chunk of chunks) table.locate(part, chunk);
        throw new EngineError(
          'invalid',
          'exr-too-large',
          `Expected no more pixels than a file of ${this.source.size} bytes can count samples of, found ${bytes / 4}. The header is damaged.`,
        );
      }
      const { planes, missing } = readDeep(this.source, table, {
        part,
        shape: spec,
        region,
        chunks,
        channels,
        onMissing,
      });
      for (const chunk of missing) options.missing?.(chunk);
      return planes;
    });
  }

  /** One chunk as it is stored, of any kind of part and any compression. Errors as for `readPart`. */
  chunk(part: number, index: number): StoredChunk {
    this.part(part);
    return this.#guard({ part, chunk: index }, () => {
      const extent = this.table.locate(part, index);
      const payload = this.source.read(extent.offset + extent.headBytes, extent.dataBytes);
      return { ...extent.head, payload };
    });
  }

  /**
   * Whether every chunk of every part is in the file, whole: false for a file that is still being written or was cut
   * off. Reads the heads of all chunks, not their data.
   */
  isComplete(): boolean {
    try {
      return this.header.parts.every((part, number) => {
        const { chunkCount } = layoutOf(part);
        for (let index = 0; index < chunkCount; index++) this.table.locate(number, index);
        return true;
      });
    } catch (thrown) {
      if (thrown instanceof EngineError && thrown.kind === 'invalid') return false;
      throw thrown;
    }
  }

  close(): void {
    this.source.close();
    this.#reader = undefined;
  }

  /** Runs what reads; an error becomes `file-changed` where the file changed meanwhile, and gets its place. */
  #guard<T>(where: { part?: number; chunk?: number }, read: () => T): T {
    try {
      return read();
    } catch (thrown) {
      const error = asEngineError(thrown, { file: this.path, ...where });
      throw (error.kind === 'invalid' && this.source.changed()) || error;
    }
  }
}

/** Places in the part of the channels named, without repeats; all where no names are given. */
function channelPlaces({ channels }: ExrPart, names?: readonly string[]): number[] {
  if (!names) return [...channels.keys()];
  const places = new Map(channels.map(({ name }, place) => [name, place]));
  return [...new Set(names)].map((name) => {
    const place = places.get(name);
    if (place !== undefined) return place;
    const known = channels.map((channel) => channel.name).join(', ');
    throw new EngineError('invalid', 'exr-channel-missing', `Expected one of the channels ${known}, found "${name}".`, {
      channel: name,
    });
  });
}

/** Bytes of the samples of these channels in a region. */
function planeSize({ channels }: ExrPart, places: readonly number[], region: Box): number {
  return places.reduce((sum, place) => {
    const { type, sampling } = channels[place]!;
    const columns = sampleCount(sampling.x, region.minX, region.maxX);
    return sum + columns * sampleCount(sampling.y, region.minY, region.maxY) * sampleBytes(type);
  }, 0);
}
