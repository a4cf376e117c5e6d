// A small reader and writer of single-part scanline files for tests, apart from the engine's own.
import { ByteWriter } from '../../engine/base/bytes.ts';
import { CHUNK_ROWS, COMPRESSIONS, type Compression } from '../../engine/exr/compression.ts';
import type { SampleType, Sampling } from '../../engine/pixels/plane.ts';

export interface FlatChannel {
  readonly name: string;
  readonly type: SampleType;
  readonly sampling: Sampling;
}

export interface FlatWindow {
  readonly minX: number;
  readonly minY: number;
  readonly maxX: number;
  readonly maxY: number;
}

/** One stored chunk: the rows it covers and its bytes. */
export interface FlatChunk {
  readonly minY: number;
  readonly maxY: number;
  readonly stored: Uint8Array;
}

const TYPE_NUMBERS: readonly SampleType[] = ['uint', 'half', 'float'];

/** The chunks of a file in the order of its offset table, given its window and compression. */
export function readChunks(file: Uint8Array, window: FlatWindow, compression: Compression): FlatChunk[] {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  let at = 8;
  const text = (): void => {
    at = file.indexOf(0, at) + 1;
  };
  while (file[at] !== 0) {
    text();
    text();
    at += 4 + view.getInt32(at, true);
  }
  const rows = CHUNK_ROWS[compression];
  const count = Math.ceil((window.maxY - window.minY + 1) / rows);
  return Array.from({ length: count }, (_, i) => {
    const offset = Number(view.getBigUint64(at + 1 + i * 8, true));
    const minY = view.getInt32(offset, true);
    const size = view.getInt32(offset + 4, true);
    return {
      minY,
      maxY: Math.min(minY + rows - 1, window.maxY),
      stored: file.subarray(offset + 8, offset + 8 + size),
    };
  });
}

/** A file of these chunks, with a header of the required attributes only. */
export function writeFile(
  channels: readonly FlatChannel[],
  { minX, minY, maxX, maxY }: FlatWindow,
  compression: Compression,
  chunks: readonly FlatChunk[],
): Uint8Array {
  const file = new ByteWriter().u32(20000630).u32(2);
  const attribute = (name: string, type: string, fill: (value: ByteWriter) => void): void => {
    const value = new ByteWriter();
    fill(value);
    file.cstring(name).cstring(type).i32(value.length).put(value.finish());
  };
  attribute('channels', 'chlist', (value) => {
    for (const { name, type, sampling } of channels) {
      value.cstring(name).i32(TYPE_NUMBERS.indexOf(type)).u32(0).i32(sampling.x).i32(sampling.y);
    }
    value.u8(0);
  });
  attribute('compression', 'compression', (value) => value.u8(COMPRESSIONS.indexOf(compression)));
  for (const name of ['dataWindow', 'displayWindow']) {
    attribute(name, 'box2i', (value) => value.i32(minX).i32(minY).i32(maxX).i32(maxY));
  }
  attribute('lineOrder', 'lineOrder', (value) => value.u8(0));
  attribute('pixelAspectRatio', 'float', (value) => value.f32(1));
  attribute('screenWindowCenter', 'v2f', (value) => value.f32(0).f32(0));
  attribute('screenWindowWidth', 'float', (value) => value.f32(1));
  file.u8(0);
  let offset = file.length + chunks.length * 8;
  for (const { stored } of chunks) {
    file.u64(BigInt(offset));
    offset += 8 + stored.length;
  }
  for (const { minY: y, stored } of chunks) file.i32(y).i32(stored.length).put(stored);
  return file.finish();
}
