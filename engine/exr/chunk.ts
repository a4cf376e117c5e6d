// Single chunks of flat parts: packs planes into the bytes of a chunk, and unpacks such bytes into planes.
import { boxIntersection } from '../base/box.ts';
import { EngineError } from '../base/error.ts';
import { createPlane, type Plane, sampleCount } from '../pixels/plane.ts';
import { chunkBlock, chunkBox } from './layout.ts';
import { packChunk as packBlock, unpackChunk as unpackBlock } from './method.ts';
import { type ChunkBytes, copyFromPlane, copyToPlane, rowMap, rowRanges } from './rows.ts';
import { isDeep, type PartShape } from './shape.ts';
import { sortedPart } from './shape-check.ts';

/** zlib's level that OpenEXR uses when nothing is said. */
export const ZIP_LEVEL = 4;

export interface ChunkOptions {
  /** zlib's level for `zip` and `zips`, 0 to 9; `ZIP_LEVEL` where left out. */
  readonly zipLevel?: number;
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
  return packBlock(shape.compression, bytes, block, { zipLevel: options.zipLevel ?? ZIP_LEVEL });
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
    'The samples of deep parts cannot be packed or unpacked here. Copy the part untouched.',
  );
}
