// Planes: the samples of one channel in one region, in the channel's own type.
import type { Box } from '../base/box.ts';

/** The three sample types of OpenEXR. Half samples are kept as their 16 bits. */
export type SampleType = 'half' | 'float' | 'uint';

/** One typed array a sample type: half → Uint16Array (bits), float → Float32Array, uint → Uint32Array. */
export type Samples = Uint16Array<ArrayBufferLike> | Float32Array<ArrayBufferLike> | Uint32Array<ArrayBufferLike>;

/** A channel has samples at the pixels whose coordinates are whole multiples of these steps. */
export interface Sampling {
  readonly x: number;
  readonly y: number;
}

export const FULL_SAMPLING: Sampling = { x: 1, y: 1 };

/** Samples row by row from the top of `box`: `rows * columns` of them. */
export interface Plane {
  readonly type: SampleType;
  /** The pixels covered, in image coordinates. */
  readonly box: Box;
  readonly sampling: Sampling;
  /** Samples in a row, and rows of samples: the count of multiples of the sampling inside the box. */
  readonly columns: number;
  readonly rows: number;
  readonly samples: Samples;
}

export const sampleBytes = (type: SampleType): 2 | 4 => (type === 'half' ? 2 : 4);

/** How many multiples of `step` lie in the inclusive interval [min, max]; 0 when it is empty. */
export function sampleCount(step: number, min: number, max: number): number {
  return max < min ? 0 : Math.floor(max / step) - Math.ceil(min / step) + 1;
}

/** Memory of planes that are done with, by its bytes: to clear it takes less time than to have new one from the system. */
const spare = new Map<number, ArrayBuffer[]>();
let spareBytes = 0;
/** So much is kept, in pieces of this size and more. */
const MOST_SPARE = 2 ** 25;
const LEAST_SPARE = 2 ** 16;

/** Samples of zeros. */
export function allocateSamples(type: SampleType, count: number): Samples {
  const length = count * sampleBytes(type);
  const taken = spare.get(length)?.pop();
  if (!taken) return samplesOn(new Uint8Array(length), type, count);
  spareBytes -= length;
  return samplesOn(new Uint8Array(taken).fill(0), type, count);
}

/** Takes the memory of a plane that nobody looks at again for other planes of this thread; the plane is empty after it. */
export function recyclePlane({ samples: { buffer, byteLength } }: Plane): void {
  if (!(buffer instanceof ArrayBuffer) || byteLength !== buffer.byteLength || byteLength < LEAST_SPARE) return;
  if (spareBytes + byteLength > MOST_SPARE) return;
  const list = spare.get(byteLength);
  const taken = buffer.transfer();
  if (list) list.push(taken);
  else spare.set(byteLength, [taken]);
  spareBytes += byteLength;
}

/** The first `count` samples in bytes whose place in memory is a multiple of the size of a sample, without a copy. */
export function samplesOn({ buffer, byteOffset }: Uint8Array, type: SampleType, count: number): Samples {
  if (type === 'half') return new Uint16Array(buffer, byteOffset, count);
  return type === 'float' ? new Float32Array(buffer, byteOffset, count) : new Uint32Array(buffer, byteOffset, count);
}

/** A plane of zeros. */
export function createPlane(type: SampleType, box: Box, sampling: Sampling = FULL_SAMPLING): Plane {
  const columns = sampleCount(sampling.x, box.minX, box.maxX);
  const rows = sampleCount(sampling.y, box.minY, box.maxY);
  return { type, box, sampling, columns, rows, samples: allocateSamples(type, columns * rows) };
}

/** The bytes behind the samples, without a copy. */
export const planeBytes = (plane: Plane): Uint8Array =>
  new Uint8Array(plane.samples.buffer, plane.samples.byteOffset, plane.samples.byteLength);
