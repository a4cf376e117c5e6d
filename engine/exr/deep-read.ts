// Reads the samples of a region of a deep part: first all counts, then, once memory for them is justified, the samples.
import { type Box, boxHeight, boxIntersection, boxWidth } from '../base/box.ts';
import { EngineError } from '../base/error.ts';
import { type DeepChannel, type DeepPlanes, offsetsOf } from '../pixels/deep.ts';
import { allocateSamples, sampleBytes } from '../pixels/plane.ts';
import type { ChunkExtent, ChunkTable } from './chunk-table.ts';
import { type ChunkCounts, requireDeepMethod, runsOf, unpackCounts } from './deep-chunk.ts';
import { chunkPlace, layoutOf } from './layout.ts';
import { bytesBlock, unpackChunk } from './method.ts';
import type { PartShape } from './shape.ts';
import type { FileSource } from './source.ts';

export interface DeepRequest {
  readonly part: number;
  readonly shape: PartShape;
  /** Not empty, within the level that the chunks are of. */
  readonly region: Box;
  readonly chunks: readonly number[];
  /** Places of the channels wanted in the part. */
  readonly channels: readonly number[];
  readonly onMissing: 'error' | 'black';
}

export interface DeepRead {
  readonly planes: DeepPlanes;
  /** Chunks that are not in the file; their pixels have no samples. */
  readonly missing: readonly number[];
}

/** A chunk with its counts known and its samples still packed. */
interface Loaded {
  readonly index: number;
  readonly counts: ChunkCounts;
  readonly samples: Uint8Array;
}

/**
 * The samples of a region. No memory is taken for more samples than the packed bytes can hold. Errors:
 * `exr-compression-unsupported`, `exr-offset-table`, `exr-chunk-missing`, `exr-chunk`, `exr-compressed-data`,
 * `exr-truncated`, `exr-too-large`, `file-changed`, `file-io`.
 */
export function readDeep(source: FileSource, table: ChunkTable, request: DeepRequest): DeepRead {
  const { shape, region, part, channels } = request;
  requireDeepMethod(shape);
  const [columns, rows] = [boxWidth(region), boxHeight(region)];
  const loaded: Loaded[] = [];
  const missing: number[] = [];
  let read = 0;
  for (const index of request.chunks) {
    const extent = locate(table, part, index, request.onMissing);
    if (!extent) {
      missing.push(index);
      continue;
    }
    // Chunks of a sound file do not overlap: together they are no longer than the file.
    read += extent.dataBytes;
    if (read > source.size) {
      throw new EngineError('invalid', 'exr-chunk', 'Expected chunks that lie apart, found some that overlap.', {
        chunk: index,
      });
    }
    loaded.push(at(index, () => load(source, shape, extent)));
  }

  const counts = new Uint32Array(columns * rows);
  for (const { counts: chunk } of loaded) placeCounts(chunk, region, counts);
  const offsets = offsetsOf(counts);
  if (!offsets) {
    throw new EngineError('invalid', 'exr-too-large', 'Expected fewer than 2^32 samples in a region, found more.');
  }
  const planes = new Map<string, DeepChannel>();
  const targets = channels.map((place) => {
    const { name, type } = shape.channels[place]!;
    const samples = allocateSamples(type, offsets.at(-1)!);
    planes.set(name, { type, samples });
    return { place, size: sampleBytes(type), bytes: new Uint8Array(samples.buffer) };
  });
  const deep: DeepPlanes = { box: region, columns, rows, offsets, channels: planes };
  const byPlace = new Map(targets.map((target) => [target.place, target]));
  for (const { index, counts: chunk, samples } of loaded) {
    const bytes = at(index, () => unpackChunk(shape.compression, samples, bytesBlock(chunk.length)));
    for (const run of runsOf(shape, chunk, deep, channels)) {
      const { size, bytes: target } = byPlace.get(run.channel)!;
      target.set(bytes.subarray(run.at, run.at + run.length * size), run.from * size);
    }
  }
  return { planes: deep, missing };
}

/** Undefined for a missing chunk that may be missing. */
function locate(
  table: ChunkTable,
  part: number,
  index: number,
  onMissing: DeepRequest['onMissing'],
): ChunkExtent | undefined {
  try {
    return table.locate(part, index);
  } catch (thrown) {
    if (onMissing === 'black' && thrown instanceof EngineError && thrown.code === 'exr-chunk-missing') return undefined;
    throw thrown;
  }
}

function load(
  source: FileSource,
  shape: PartShape,
  { index, offset, headBytes, dataBytes, head }: ChunkExtent,
): Loaded {
  const [tableLength, , stated] = head.sizes as [number, number, number];
  const data = source.read(offset + headBytes, dataBytes);
  const [table, samples] = [data.subarray(0, tableLength), data.subarray(tableLength)];
  const { box } = chunkPlace(layoutOf(shape), index);
  return { index, counts: unpackCounts(shape, box, { table, samples, stated }), samples };
}

/** Puts the counts of the pixels that a chunk shares with a region in their places. */
function placeCounts({ box, table }: ChunkCounts, region: Box, counts: Uint32Array): void {
  const shared = boxIntersection(box, region);
  const [width, columns] = [boxWidth(box), boxWidth(region)];
  for (let y = shared.minY; y <= shared.maxY; y++) {
    const row = (y - box.minY) * width - box.minX;
    const target = (y - region.minY) * columns - region.minX;
    let before = shared.minX > box.minX ? table[row + shared.minX - 1]! : 0;
    for (let x = shared.minX; x <= shared.maxX; x++) {
      const until = table[row + x]!;
      counts[target + x] = until - before;
      before = until;
    }
  }
}

/** Runs what may fail with the number of the chunk put to its error. */
function at<T>(chunk: number, act: () => T): T {
  try {
    return act();
  } catch (thrown) {
    throw thrown instanceof EngineError ? thrown.at({ chunk }) : thrown;
  }
}
