// Single chunks of deep parts: the table of sample counts and the samples behind it, packed and unpacked.
import { type Box, boxContains, boxHeight, boxText, boxWidth } from '../base/box.ts';
import { EngineError } from '../base/error.ts';
import type { DeepPlanes } from '../pixels/deep.ts';
import { sampleBytes } from '../pixels/plane.ts';
import { type ChunkOptions, DWA_LEVEL, ZIP_LEVEL } from './chunk.ts';
import type { Compression } from './compression.ts';
import { chunkBox } from './layout.ts';
import { bytesBlock, methodOf, type PackOptions, packChunk } from './method.ts';
import type { PartShape } from './shape.ts';
import { sortedPart } from './shape-check.ts';

/** The methods that OpenEXR allows for deep parts (ImfCompression.cpp, "isValidDeepCompression"). */
export const DEEP_METHODS: readonly Compression[] = ['none', 'rle', 'zips'];

/** Whether the samples of deep parts of the method can be packed and unpacked. */
export const methodTakesDeep = (name: Compression): boolean => DEEP_METHODS.includes(name);

/** As for chunks of flat parts: none may unpack to more. */
const LARGEST = 0x7fffffff;
/** No method makes more bytes out of one: deflate makes 1032. */
const GREATEST_RATIO = 1100;
/** Tables of tiles at the edge are filled up to no more than this: that of a tile of 2048 x 2048. */
const LARGEST_FILLED = 2 ** 24;

/** How many samples the pixels of a chunk have. */
export interface ChunkCounts {
  readonly box: Box;
  /** Row by row of `box`: the samples of a pixel and of all to the left of it in its row. */
  readonly table: Int32Array;
  /** Samples of one channel in the whole chunk. */
  readonly total: number;
  /** Bytes of all samples. */
  readonly length: number;
}

/** Bytes that one sample of every channel takes. */
const bytesPerSample = ({ channels }: Pick<PartShape, 'channels'>): number =>
  channels.reduce((sum, { type }) => sum + sampleBytes(type), 0);

/** Throws `exr-compression-unsupported` where the part's method is not one for deep samples. */
export function requireDeepMethod({ compression }: Pick<PartShape, 'compression'>): void {
  if (methodTakesDeep(compression)) return;
  throw new EngineError(
    'unsupported',
    'exr-compression-unsupported',
    `Expected one of the methods of deep parts (${DEEP_METHODS.join(', ')}), found ${compression}. Choose one of them.`,
  );
}

/** The stored pieces of a chunk, and how many bytes of samples it says that they make. */
export interface PackedDeep {
  readonly table: Uint8Array;
  readonly samples: Uint8Array;
  readonly stated: number;
}

/** Bytes of a table of counts: as they are unpacked, and of that of a whole chunk, which a tile at an edge is not. */
function tableBytes(shape: PartShape, box: Box): { readonly length: number; readonly whole: number } {
  const length = boxWidth(box) * boxHeight(box) * 4;
  return { length, whole: shape.tiles ? shape.tiles.width * shape.tiles.height * 4 : length };
}

/**
 * The sample counts of the chunk that covers `box`, checked against what the chunk states and what its packed bytes can
 * hold, so that memory may be taken for its samples. Throws `exr-compressed-data` where they cannot be unpacked,
 * `exr-chunk` where they do not rise along a row or do not fit the samples, `exr-too-large`.
 *
 * A table that would not shrink is stored as it is. The reference library fills it up to the size of a whole tile's
 * (ImfDeepTiledOutputFile.cpp), and packs it to more bytes than it has where these are fewer than those of a whole
 * tile; its newer core stores it in its own size (OpenEXRCore, decoding.c). All of that is read.
 */
export function unpackCounts(shape: PartShape, box: Box, packed: PackedDeep): ChunkCounts {
  const { length, whole } = tableBytes(shape, box);
  if (length > LARGEST) throw tooLarge(length);
  const { table } = packed;
  if (table.length === whole) return soundCounts(shape, box, table.subarray(0, length), packed);
  const { unpack } = methodOf(shape.compression);
  const unpacked = (): ChunkCounts => soundCounts(shape, box, unpack(table, bytesBlock(length)), packed);
  if (table.length !== length) return unpacked();
  try {
    return soundCounts(shape, box, table, packed);
  } catch (thrown) {
    if (shape.compression === 'none') throw thrown;
    return unpacked();
  }
}

function soundCounts(shape: PartShape, box: Box, bytes: Uint8Array, { samples, stated }: PackedDeep): ChunkCounts {
  const columns = boxWidth(box);
  const table = new Int32Array(bytes.length / 4);
  new Uint8Array(table.buffer).set(bytes);
  let total = 0;
  for (let start = 0; start < table.length; start += columns) {
    let before = 0;
    for (let i = start; i < start + columns; i++) {
      if (table[i]! < before) {
        throw damaged(`Expected sample counts that rise along each row, found ${table[i]} after ${before}.`);
      }
      before = table[i]!;
    }
    total += before;
  }
  const length = total * bytesPerSample(shape);
  if (length !== stated) throw damaged(`Expected ${length} bytes of samples by their counts, found ${stated} stated.`);
  if (length > LARGEST) throw tooLarge(length);
  if (length > samples.length * GREATEST_RATIO) {
    throw damaged(`Expected ${length} bytes of samples by their counts, found only ${samples.length} packed ones.`);
  }
  return { box, table, total, length };
}

const damaged = (message: string): EngineError =>
  new EngineError('invalid', 'exr-chunk', `${message} The file is damaged; write it again from its source.`);

const tooLarge = (bytes: number): EngineError =>
  new EngineError(
    'invalid',
    'exr-too-large',
    `Expected chunks of at most ${LARGEST} bytes, found one of ${bytes}. Write the image in smaller tiles.`,
  );

/**
 * A run of samples that lie together in a chunk and in planes: of one channel, in one row. Offsets in the chunk count
 * bytes, those in planes count samples.
 */
interface Run {
  readonly channel: number;
  readonly at: number;
  readonly from: number;
  readonly length: number;
}

/**
 * Every run that a chunk shares with planes, row by row, and in a row channel by channel, as OpenEXR stores them
 * ("OpenEXR File Layout", "Deep Data"). `channels` are places in the part.
 */
export function* runsOf(
  shape: PartShape,
  { box, table }: ChunkCounts,
  deep: Pick<DeepPlanes, 'box' | 'columns' | 'offsets'>,
  channels: readonly number[],
): Generator<Run, void, undefined> {
  const columns = boxWidth(box);
  const left = Math.max(box.minX, deep.box.minX);
  const right = Math.min(box.maxX, deep.box.maxX);
  const last = Math.min(box.maxY, deep.box.maxY);
  const sizes = shape.channels.map(({ type }) => sampleBytes(type));
  const before = sizes.map((_, place) => sizes.slice(0, place).reduce<number>((sum, size) => sum + size, 0));
  const all = bytesPerSample(shape);
  let start = 0;
  for (let y = box.minY; y <= last; y++) {
    const row = (y - box.minY) * columns;
    const inRow = table[row + columns - 1]!;
    if (y >= deep.box.minY && left <= right) {
      const skipped = left > box.minX ? table[row + left - box.minX - 1]! : 0;
      const length = table[row + right - box.minX]! - skipped;
      const from = deep.offsets[(y - deep.box.minY) * deep.columns + left - deep.box.minX]!;
      if (length > 0) {
        for (const channel of channels) {
          yield { channel, at: start + before[channel]! * inRow + skipped * sizes[channel]!, from, length };
        }
      }
    }
    start += inRow * all;
  }
}

/**
 * The data of a chunk of a deep part, ready for `ExrWriter.put`: its three sizes, the packed sample counts, the packed
 * samples. There is a channel in `deep` for each of the part, of its type, and its box covers the chunk. Errors:
 * `exr-cannot-write`, `exr-compression-unsupported`, `exr-chunk-missing`, `exr-too-large`.
 */
export function packDeepChunk(
  part: PartShape,
  index: number,
  deep: DeepPlanes,
  { zipLevel = ZIP_LEVEL, dwaLevel = DWA_LEVEL }: Pick<ChunkOptions, 'zipLevel' | 'dwaLevel'> = {},
): Uint8Array {
  requireDeepMethod(part);
  const shape = sortedPart(part);
  const box = chunkBox(shape, index);
  requirePlanes(shape, index, deep, box);
  const counts = countsIn(shape, deep, box);
  const { length } = counts;
  if (length > LARGEST) throw tooLarge(length);
  const samples = new Uint8Array(length);
  const sources = shape.channels.map(({ name, type }) => {
    const { buffer, byteOffset, byteLength } = deep.channels.get(name)!.samples;
    return { bytes: new Uint8Array(buffer, byteOffset, byteLength), size: sampleBytes(type) };
  });
  for (const run of runsOf(shape, counts, deep, [...sources.keys()])) {
    const { bytes, size } = sources[run.channel]!;
    samples.set(bytes.subarray(run.from * size, (run.from + run.length) * size), run.at);
  }
  const options = { zipLevel, dwaLevel };
  const table = packTable(shape, counts, options);
  const data = length === 0 ? samples : packChunk(shape.compression, samples, bytesBlock(length), options);
  const result = new Uint8Array(24 + table.length + data.length);
  const view = new DataView(result.buffer);
  for (const [i, size] of [table.length, data.length, length].entries()) view.setBigUint64(i * 8, BigInt(size), true);
  result.set(table, 24);
  result.set(data, 24 + table.length);
  return result;
}

/** The table as the reference library stores it, see `unpackCounts`; that of a vast tile in its own size. */
function packTable(shape: PartShape, { box, table }: ChunkCounts, options: PackOptions): Uint8Array {
  const { length, whole } = tableBytes(shape, box);
  const bytes = new Uint8Array(table.buffer);
  const packed = methodOf(shape.compression).pack(bytes, bytesBlock(length), options);
  // Where the packed table has the size of the unpacked one, other readers would take it for that.
  if ((packed.length < whole && packed.length !== length) || whole > LARGEST_FILLED) return packed;
  const filled = new Uint8Array(whole);
  filled.set(bytes);
  return filled;
}

/** The counts of the pixels of a chunk, as a chunk has them. */
function countsIn(shape: PartShape, deep: DeepPlanes, box: Box): ChunkCounts {
  const [columns, rows] = [boxWidth(box), boxHeight(box)];
  const table = new Int32Array(columns * rows);
  let total = 0;
  for (let y = 0; y < rows; y++) {
    const first = (box.minY + y - deep.box.minY) * deep.columns + box.minX - deep.box.minX;
    const start = deep.offsets[first]!;
    for (let x = 0; x < columns; x++) table[y * columns + x] = deep.offsets[first + x + 1]! - start;
    total += deep.offsets[first + columns]! - start;
  }
  return { box, table, total, length: total * bytesPerSample(shape) };
}

function requirePlanes(shape: PartShape, index: number, deep: DeepPlanes, box: Box): void {
  const refuse = (channel: string, found: string): EngineError =>
    new EngineError(
      'invalid',
      'exr-cannot-write',
      `Expected samples of channel "${channel}" for the whole chunk, found ${found}.`,
      { channel, chunk: index },
    );
  for (const { name, type } of shape.channels) {
    const found = deep.channels.get(name);
    if (!found) throw refuse(name, 'none');
    if (found.type !== type) throw refuse(name, `${found.type} in place of ${type}`);
    if (found.samples.length !== deep.offsets.at(-1)) throw refuse(name, `${found.samples.length} samples`);
    if (!boxContains(deep.box, box)) throw refuse(name, `those of ${boxText(deep.box)}`);
  }
}
