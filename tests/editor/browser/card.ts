// A test card for the viewer: a small image with known samples, among them what is no number, over a range with a gap.
import { join } from 'node:path';
import {
  type Box,
  box,
  createPlane,
  ExrWriter,
  layoutOf,
  type Plane,
  packChunk,
  type SampleType,
  type WritePart,
} from '../../../engine/authoring.ts';
import { convertSamples } from '../../../engine/index.ts';

export const DISPLAY = box(0, 0, 63, 35);
/** Reaches out of the display window on the left and ends before it on the right. */
export const DATA = box(-4, 2, 59, 33);
/** 1003 is missing. */
export const FRAMES = [1001, 1002, 1004, 1005, 1006] as const;

const CHANNELS: readonly (readonly [name: string, type: SampleType])[] = [
  ['A', 'half'],
  ['B', 'half'],
  ['G', 'half'],
  ['R', 'half'],
  ['Z', 'float'],
  ['id', 'uint'],
  ['normal.X', 'half'],
  ['normal.Y', 'half'],
  ['normal.Z', 'half'],
];

/** Places of samples that are marked: each is a block of 4 by 4 pixels from there on. */
export const MARKED = {
  nan: { x: 8, y: 8 },
  infinite: { x: 16, y: 8 },
  over: { x: 24, y: 8 },
  under: { x: 32, y: 8 },
} as const;

const inBlock = ({ x: left, y: top }: { readonly x: number; readonly y: number }, x: number, y: number): boolean =>
  x >= left && x < left + 4 && y >= top && y < top + 4;

/** The sample of a channel as it is before it is rounded to the channel's type. */
export function cardSample(channel: string, x: number, y: number, frame: number): number {
  if (channel === 'id') return 4_000_000_000 + x + 100 * y;
  if (channel === 'Z') return 1000.0625 + x / 7;
  if (channel === 'A') return y < 18 ? 1 : 0.5;
  if (channel === 'normal.X') return x / 64;
  if (channel === 'normal.Y') return -0.25;
  if (channel === 'normal.Z') return 1;
  if (inBlock(MARKED.nan, x, y)) return channel === 'R' ? Number.NaN : 0.5;
  if (inBlock(MARKED.infinite, x, y)) return channel === 'G' ? Number.POSITIVE_INFINITY : 0.5;
  if (inBlock(MARKED.over, x, y)) return channel === 'B' ? 3 : 0.25;
  if (inBlock(MARKED.under, x, y)) return channel === 'R' ? -0.5 : 0.25;
  if (channel === 'R') return Math.max(0, x) / 64;
  return channel === 'G' ? y / 36 : (frame - 1000) / 16;
}

function plane(channel: string, type: SampleType, window: Box, frame: number): Plane {
  const made = createPlane(type, window);
  const values: number[] = [];
  for (let y = window.minY; y <= window.maxY; y++)
    for (let x = window.minX; x <= window.maxX; x++) values.push(cardSample(channel, x, y, frame));
  if (type === 'uint') made.samples.set(values);
  else made.samples.set(convertSamples(Float32Array.from(values), 'float', type).samples);
  return made;
}

/** Writes `<folder>/card.%04d.exr`. */
export async function writeCard(folder: string): Promise<void> {
  for (const frame of FRAMES) {
    const part: WritePart = {
      type: 'scanlineimage',
      channels: CHANNELS.map(([name, type]) => ({ name, type, sampling: { x: 1, y: 1 }, pLinear: 0 })),
      dataWindow: DATA,
      displayWindow: DISPLAY,
      compression: 'zip',
      lineOrder: 'increasing',
      attributes: [],
    };
    const planes = new Map(CHANNELS.map(([name, type]) => [name, plane(name, type, DATA, frame)]));
    const writer = await ExrWriter.create(join(folder, `card.${frame}.exr`), [part]);
    for (let chunk = 0; chunk < layoutOf(part).chunkCount; chunk++) {
      await writer.put(0, chunk, packChunk(part, chunk, planes));
    }
    await writer.finish();
  }
}
