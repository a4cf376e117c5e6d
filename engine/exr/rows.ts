// Moves rows of samples between the bytes of a chunk and planes, byte by byte alike.
import { type Box, boxIntersection, boxIsEmpty } from '../base/box.ts';
import { type Plane, planeBytes, sampleBytes, sampleCount } from '../pixels/plane.ts';
import type { Block, ByteRange } from './method.ts';

/** Tells where the rows of a block's channels begin. */
export interface RowMap {
  /** The offset in the block of the first sample of a channel in row y, which must have samples of it. */
  offset(channel: number, y: number): number;
}

/** The row map of a block. The layout of bytes in a block is told in `methods/block.ts`. */
export function rowMap(block: Block): RowMap {
  const widths = block.channels.map(({ type, columns }) => columns * sampleBytes(type));
  if (block.channels.every(({ sampling }) => sampling.y === 1)) {
    const starts: number[] = [];
    let stride = 0;
    for (const width of widths) {
      starts.push(stride);
      stride += width;
    }
    return { offset: (channel, y) => (y - block.minY) * stride + starts[channel]! };
  }
  return {
    offset(channel, y) {
      let at = 0;
      for (const [i, { sampling }] of block.channels.entries()) {
        at += sampleCount(sampling.y, block.minY, y - 1) * widths[i]!;
        if (i < channel && y % sampling.y === 0) at += widths[i]!;
      }
      return at;
    },
  };
}

/** The bytes of a block that hold the rows of some channels within `region`; neighbours are joined. */
export function rowRanges(block: Block, map: RowMap, channels: ReadonlySet<number>, region: Box): ByteRange[] {
  const ranges: ByteRange[] = [];
  const order = [...channels].sort((a, b) => a - b);
  let start = -1;
  let end = -1;
  for (let y = region.minY; y <= region.maxY; y++) {
    for (const channel of order) {
      const { type, sampling, columns } = block.channels[channel]!;
      if (y % sampling.y !== 0) continue;
      const from = map.offset(channel, y);
      if (from !== end) {
        if (end > start) ranges.push({ start, end });
        start = from;
      }
      end = from + columns * sampleBytes(type);
    }
  }
  if (end > start) ranges.push({ start, end });
  return ranges;
}

/** A chunk's bytes with what is needed to find rows in them. */
export interface ChunkBytes {
  readonly bytes: Uint8Array;
  readonly box: Box;
  readonly block: Block;
  readonly map: RowMap;
}

/** Copies the samples of a channel that chunk and plane share from the chunk to the plane. */
export function copyToPlane(chunk: ChunkBytes, channel: number, plane: Plane): void {
  const target = planeBytes(plane);
  moveRows(chunk, channel, plane, (inChunk, inPlane, length) => {
    target.set(chunk.bytes.subarray(inChunk, inChunk + length), inPlane);
  });
}

/** Copies the samples of a channel that chunk and plane share from the plane to the chunk. */
export function copyFromPlane(chunk: ChunkBytes, channel: number, plane: Plane): void {
  const source = planeBytes(plane);
  moveRows(chunk, channel, plane, (inChunk, inPlane, length) => {
    chunk.bytes.set(source.subarray(inPlane, inPlane + length), inChunk);
  });
}

function moveRows(
  chunk: ChunkBytes,
  channel: number,
  plane: Plane,
  move: (inChunk: number, inPlane: number, length: number) => void,
): void {
  const shared = boxIntersection(chunk.box, plane.box);
  if (boxIsEmpty(shared)) return;
  const { x, y } = plane.sampling;
  const size = sampleBytes(plane.type);
  const length = sampleCount(x, shared.minX, shared.maxX) * size;
  const first = Math.ceil(shared.minX / x);
  const chunkStart = (first - Math.ceil(chunk.box.minX / x)) * size;
  const planeStart = (first - Math.ceil(plane.box.minX / x)) * size;
  const planeTop = Math.ceil(plane.box.minY / y);
  const stride = plane.columns * size;
  const last = Math.floor(shared.maxY / y);
  for (let row = Math.ceil(shared.minY / y); row <= last; row++) {
    move(chunk.map.offset(channel, row * y) + chunkStart, (row - planeTop) * stride + planeStart, length);
  }
}
