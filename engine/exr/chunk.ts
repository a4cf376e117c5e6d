// Single chunks of flat parts: packs planes into the bytes of a chunk, and unpacks such bytes into planes.
import { boxIntersection } from '../base/box.ts';
import { EngineError } from '../base/error.ts';
import {
  createPlane,
  type Plane,
  type Samples,
  type SampleType,
  sampleBytes,
  sampleCount,
  samplesOn,
} from '../pixels/plane.ts';
import { chunkBlock, chunkBox } from './layout.ts';
import { blockRows, methodLoses, packChunk as packBlock, unpackChunk as unpackBlock } from './method.ts';
import { type ChunkBytes, copyFromPlane, copyToPlane, rowMap, rowRanges } from './rows.ts';
import { isDeep, type PartShape } from './shape.ts';
import { sortedPart } from './shape-check.ts';

/** zlib's level that OpenEXR uses when nothing is said. */
export const ZIP_LEVEL = 4;

/** How much DWA may change samples where nothing is said, as OpenEXR has it. */
export const DWA_LEVEL = 45;

export interface ChunkOptions {
  /** zlib's level for what is deflated in any method, 0 to 9; `ZIP_LEVEL` where left out. */
  readonly zipLevel?: number;
  /** How much the lossy channels of `dwaa` and `dwab` may change, from 0; `DWA_LEVEL` where left out. */
  readonly dwaLevel?: number;
  /** Told of each channel that the method may change; to know it the chunk is unpacked again. */
  readonly onLoss?: (loss: ChunkLoss) => void;
}

/** What packing by a lossy method did to a channel of a chunk. */
export interface ChunkLoss {
  readonly channel: string;
  readonly samples: number;
  /** Those that are read back as another value. A NaN that stays a NaN is none. */
  readonly altered: number;
}

/** One buffer a thread for the bytes before compression: nothing of it is used after the call that filled it. */
let shared = new Uint8Array(0);

/**
 * The data of a chunk of a flat part, compressed as the part says, ready for `ExrWriter.put`: a fresh array. There is a
 * plane for each channel of the part, in the channel's type and sampling, which covers the chunk and may cover more.
 * Errors: `exr-cannot-write`, `exr-deep-unsupported`, `exr-compression-unsupported`, `exr-chunk-missing`, `exr-too-large`.
 */
export function packChunk(
  part: PartShape,
  index: number,
  planes: ReadonlyMap<string, Plane>,
  options: ChunkOptions = {},
): Uint8Array {
  refuseDeep(part);
  const shape = sortedPart(part);
  const box = chunkBox(shape, index);
  const block = chunkBlock(shape, box);
  if (shared.length < block.rawBytes) shared = new Uint8Array(block.rawBytes);
  const bytes = shared.subarray(0, block.rawBytes);
  const chunk: ChunkBytes = { bytes, box, block, map: rowMap(block) };
  for (const [place, channel] of shape.channels.entries()) {
    const plane = planes.get(channel.name);
    const problem = plane ? mismatch(plane, chunk, place) : 'no plane';
    if (!plane || problem) {
      throw new EngineError(
        'invalid',
        'exr-cannot-write',
        `Expected ${channel.type} samples of channel "${channel.name}" for the whole chunk, found ${problem}.`,
        { channel: channel.name, chunk: index },
      );
    }
    copyFromPlane(chunk, place, plane);
  }
  const { zipLevel = ZIP_LEVEL, dwaLevel = DWA_LEVEL } = options;
  const packed = packBlock(shape.compression, bytes, block, { zipLevel, dwaLevel });
  if (options.onLoss) for (const loss of lossesOf(shape, chunk, packed)) options.onLoss(loss);
  return packed;
}

/** What the packed bytes of a chunk lack of its channels. */
function lossesOf(shape: PartShape, { bytes, block, map, box }: ChunkBytes, packed: Uint8Array): ChunkLoss[] {
  const { compression, channels } = shape;
  const altered = new Map<number, number>();
  for (const [place, { columns, rows }] of block.channels.entries()) {
    if (methodLoses(compression, channels[place]!) && columns > 0 && rows > 0) altered.set(place, 0);
  }
  // A chunk that did not become smaller is stored as it was.
  if (altered.size > 0 && packed.length < block.rawBytes) {
    const back = unpackBlock(compression, packed, block, rowRanges(block, map, new Set(altered.keys()), box));
    for (const { channel, start, end } of blockRows(block)) {
      const before = altered.get(channel);
      if (before === undefined) continue;
      const { type } = block.channels[channel]!;
      altered.set(channel, before + differing(type, bytes.subarray(start, end), back.subarray(start, end)));
    }
  }
  return [...altered].map(([place, count]) => {
    const { name, columns, rows } = block.channels[place]!;
    return { channel: name, samples: columns * rows, altered: count };
  });
}

/** How many of a row of halves or floats are another value: bits that differ, but for two NaN and two zeros. */
function differing(type: SampleType, before: Uint8Array, after: Uint8Array): number {
  // Copies, since rows may begin anywhere.
  const samples = (bytes: Uint8Array): Samples =>
    samplesOn(bytes.slice(), type === 'half' ? 'half' : 'uint', bytes.length / sampleBytes(type));
  const [a, b] = [samples(before), samples(after)];
  const [magnitude, infinity] = type === 'half' ? [0x7fff, 0x7c00] : [0x7fffffff, 0x7f800000];
  let count = 0;
  for (let i = 0; i < a.length; i++) {
    const [x, y] = [a[i]!, b[i]!];
    if (x === y) continue;
    const bothNaN = (x & magnitude) > infinity && (y & magnitude) > infinity;
    if (!bothNaN && ((x | y) & magnitude) !== 0) count++;
  }
  return count;
}

/** What keeps a plane from filling a channel of a chunk. */
function mismatch(plane: Plane, { box, block }: ChunkBytes, place: number): string | undefined {
  const { type, sampling, columns, rows } = block.channels[place]!;
  if (plane.type !== type) return `${plane.type} samples`;
  if (plane.sampling.x !== sampling.x || plane.sampling.y !== sampling.y) {
    return `sampling ${plane.sampling.x}, ${plane.sampling.y}`;
  }
  const covered = boxIntersection(plane.box, box);
  const across = sampleCount(sampling.x, covered.minX, covered.maxX);
  const down = sampleCount(sampling.y, covered.minY, covered.maxY);
  const lacking = columns > 0 && rows > 0 && (across !== columns || down !== rows);
  return lacking ? `${across} x ${down} of ${columns} x ${rows} samples` : undefined;
}

/**
 * Planes of the channels named (all where left out) that cover the chunk, from the data of a stored chunk. Errors:
 * `exr-compressed-data`, `exr-compression-unsupported`, `exr-deep-unsupported`, `exr-channel-missing`.
 */
export function unpackChunk(
  part: PartShape,
  index: number,
  payload: Uint8Array,
  channels: readonly string[] = part.channels.map(({ name }) => name),
): Map<string, Plane> {
  refuseDeep(part);
  const shape = sortedPart(part);
  const box = chunkBox(shape, index);
  const block = chunkBlock(shape, box);
  const map = rowMap(block);
  const places = channels.map((name) => {
    const place = shape.channels.findIndex((channel) => channel.name === name);
    if (place >= 0) return place;
    throw new EngineError('invalid', 'exr-channel-missing', `Expected a channel of the part, found "${name}".`, {
      channel: name,
    });
  });
  const bytes = unpackBlock(shape.compression, payload, block, rowRanges(block, map, new Set(places), box));
  const chunk: ChunkBytes = { bytes, box, block, map };
  return new Map(
    places.map((place) => {
      const { name, type, sampling } = shape.channels[place]!;
      const plane = createPlane(type, box, sampling);
      copyToPlane(chunk, place, plane);
      return [name, plane];
    }),
  );
}

function refuseDeep(part: PartShape): void {
  if (!isDeep(part)) return;
  throw new EngineError(
    'unsupported',
    'exr-deep-unsupported',
    'Expected a flat part, found a deep one: its chunks are made by `packDeepChunk`.',
  );
}
