// Normal maps of known heights, written as EXR and PNG, and heights read back and held against what they were made of.
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import sharp from 'sharp';
import { box } from '../../engine/base/box.ts';
import { packChunk } from '../../engine/exr/chunk.ts';
import { layoutOf } from '../../engine/exr/layout.ts';
import { ExrWriter } from '../../engine/exr/writer.ts';
import { createPlane } from '../../engine/pixels/plane.ts';

/** Height in texels at a pixel, and how far it rises to the right and down. */
export type Field = (x: number, y: number) => readonly [height: number, right: number, down: number];

/** Which components of normals are turned at a pixel, as bakers leave them on mirrored islands: -1 or 1 each. */
export type Turned = (x: number, y: number) => readonly [x: number, y: number];

export interface MapSketch {
  readonly size: number;
  readonly field: Field;
  readonly turned?: Turned;
  /** -1 where green grows down. */
  readonly green?: 1 | -1;
}

const AS_THEY_ARE: Turned = () => [1, 1];

/** Components from -1 to 1, three a pixel. */
export function normalsOf({ size, field, turned = AS_THEY_ARE, green = 1 }: MapSketch): Float32Array {
  const normals = new Float32Array(size * size * 3);
  for (let y = 0, i = 0; y < size; y++) {
    for (let x = 0; x < size; x++, i += 3) {
      const [, right, down] = field(x, y);
      const [across, up] = turned(x, y);
      const length = Math.hypot(right, down, 1);
      normals.set([(-right * across) / length, (down * up * green) / length, 1 / length], i);
    }
  }
  return normals;
}

/** An EXR of floats from 0 to 1, with as many channels of the normal as are named. */
export async function writeExrMap(path: string, sketch: MapSketch, channels = 'RGB'): Promise<void> {
  mkdirSync(dirname(path), { recursive: true });
  const normals = normalsOf(sketch);
  const window = box(0, 0, sketch.size - 1, sketch.size - 1);
  const part = {
    type: 'scanlineimage' as const,
    channels: [...channels].sort().map((name) => ({
      name,
      type: 'float' as const,
      sampling: { x: 1, y: 1 },
      pLinear: 0,
    })),
    dataWindow: window,
    displayWindow: window,
    compression: 'zip' as const,
    lineOrder: 'increasing' as const,
    attributes: [],
  };
  const planes = new Map(
    part.channels.map(({ name }) => {
      const plane = createPlane('float', window);
      const at = 'RGB'.indexOf(name);
      for (let i = 0; i < plane.samples.length; i++) plane.samples[i] = (normals[i * 3 + at]! + 1) / 2;
      return [name, plane];
    }),
  );
  const writer = await ExrWriter.create(path, [part]);
  for (let i = 0; i < layoutOf(part).chunkCount; i++) await writer.put(0, i, packChunk(part, i, planes));
  await writer.finish();
}

/** A PNG of 16 bits, or of 8 where 128 is 0, as Normal decode reads with the range `byte`. */
export async function writePngMap(path: string, sketch: MapSketch, bits: 8 | 16): Promise<void> {
  mkdirSync(dirname(path), { recursive: true });
  const normals = normalsOf(sketch);
  const { size } = sketch;
  const stored =
    bits === 16
      ? Uint16Array.from(normals, (n) => Math.round(((n + 1) / 2) * 65_535))
      : Uint8Array.from(normals, (n) => Math.round(128 + n * 127));
  const picture = sharp(stored, { raw: { width: size, height: size, channels: 3 } });
  await (bits === 16 ? picture.toColourspace('rgb16') : picture).png({ compressionLevel: 1 }).toFile(path);
}

export interface Held {
  /** Root of the mean squared error over the range of the field, islands aligned by their means. */
  readonly rms: number;
  /** The greatest error, in texels. */
  readonly worst: number;
  readonly islands: number;
  readonly pixels: number;
  /** What is to be added to heights of an island to align them. */
  readonly offsets: ReadonlyMap<number, number>;
}

/** Heights against the field that the map was made of. `ids` are the numbers of islands, 0 where there is none. */
export function held(heights: Float32Array, ids: ArrayLike<number>, { size, field }: MapSketch): Held {
  const sums = new Map<number, { count: number; off: number }>();
  const truth = Float64Array.from(heights, (_, i) => field(i % size, Math.floor(i / size))[0]);
  let [least, most] = [Infinity, -Infinity];
  for (let i = 0; i < heights.length; i++) {
    const id = ids[i]!;
    if (id === 0) continue;
    const sum = sums.get(id) ?? { count: 0, off: 0 };
    sums.set(id, { count: sum.count + 1, off: sum.off + truth[i]! - heights[i]! });
    [least, most] = [Math.min(least, truth[i]!), Math.max(most, truth[i]!)];
  }
  const offsets = new Map([...sums].map(([id, { count, off }]) => [id, off / count]));
  let [squares, worst, pixels] = [0, 0, 0];
  for (let i = 0; i < heights.length; i++) {
    if (ids[i] === 0) continue;
    const error = heights[i]! + offsets.get(ids[i]!)! - truth[i]!;
    squares += error * error;
    worst = Math.max(worst, Math.abs(error));
    pixels += 1;
  }
  return { rms: Math.sqrt(squares / pixels) / (most - least), worst, islands: sums.size, pixels, offsets };
}
