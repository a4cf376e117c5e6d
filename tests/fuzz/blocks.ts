// Chunks for the fuzzer and for tests of damage: small parts of every kind of channel, their samples, and how they are packed.
import { box } from '../../engine/base/box.ts';
import { packChunk } from '../../engine/exr/chunk.ts';
import { COMPRESSIONS, type Compression } from '../../engine/exr/compression.ts';
import type { ExrChannel, PartShape } from '../../engine/exr/header.ts';
import { chunkBlock, chunkBox } from '../../engine/exr/layout.ts';
import { createPlane, type Plane, type SampleType } from '../../engine/pixels/plane.ts';
import type { Random } from '../base/random.ts';

/** Every method that packs, in the order of OpenEXR. */
export const PACKED = COMPRESSIONS.filter((method) => method !== 'none');

const channel = (name: string, type: SampleType, step = 1, pLinear = 0): ExrChannel => ({
  name,
  type,
  pLinear,
  sampling: { x: step, y: step },
});

/** Channels that methods treat each in their own way: colours by name, floats, ids, fewer samples, perceptual. */
export const CHANNELS: Readonly<Record<string, readonly ExrChannel[]>> = {
  colour: ['A', 'B', 'G', 'R'].map((name) => channel(name, 'half')),
  mixed: [channel('R', 'half'), channel('Z', 'float'), channel('id', 'uint')],
  chroma: [channel('BY', 'half', 2, 1), channel('RY', 'half', 2, 1), channel('Y', 'half')],
  floats: [channel('B', 'float'), channel('G', 'float'), channel('R', 'float'), channel('q', 'half', 1, 1)],
};

export interface PackedChunk {
  readonly part: PartShape;
  readonly payload: Uint8Array;
  /** False where packing did not make it smaller, so that it holds the samples as they are. */
  readonly packed: boolean;
}

/** The first chunk of a part of so many pixels, its samples slopes with grain of `noise` steps, so that it packs well. */
export function packedChunk(
  compression: Compression,
  channels: readonly ExrChannel[],
  [columns, rows]: readonly [number, number],
  noise: number,
  { int }: Random,
): PackedChunk {
  const window = box(-4, -8, columns - 5, rows - 9);
  const part: PartShape = {
    type: 'scanlineimage',
    channels,
    dataWindow: window,
    compression,
    lineOrder: 'increasing',
  };
  const planes = new Map(
    channels.map(({ name, type, sampling }): [string, Plane] => {
      const plane = createPlane(type, chunkBox(part, 0), sampling);
      for (let i = 0; i < plane.samples.length; i++) {
        const value = (i % plane.columns) * 3 + Math.floor(i / plane.columns) + int(0, noise);
        plane.samples[i] = type === 'half' ? 0x3000 + value : type === 'float' ? (value >> 4) / 4 : value >> 4;
      }
      return [name, plane];
    }),
  );
  const payload = packChunk(part, 0, planes);
  return { part, payload, packed: payload.length < chunkBlock(part, chunkBox(part, 0)).rawBytes };
}
