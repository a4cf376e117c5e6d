// Stages of the nodes of deep parts, and the file that they read. See stages.ts.
import { join } from 'node:path';
import { box } from '../../engine/base/box.ts';
import type { Json } from '../../engine/base/canonical.ts';
import { packDeepChunk } from '../../engine/exr/deep-chunk.ts';
import type { WritePart } from '../../engine/exr/header.ts';
import { layoutOf } from '../../engine/exr/layout.ts';
import { ExrWriter } from '../../engine/exr/writer.ts';
import { convertSamples } from '../../engine/pixels/convert.ts';
import { type DeepChannel, type DeepPlanes, offsetsOf } from '../../engine/pixels/deep.ts';
import type { SampleType } from '../../engine/pixels/plane.ts';
import { random } from '../base/random.ts';
import { graph } from '../run/graph.ts';
import type { Stage } from './stages.ts';

const CHANNELS: readonly (readonly [name: string, type: SampleType])[] = [
  ['A', 'half'],
  ['B', 'half'],
  ['G', 'half'],
  ['R', 'half'],
  ['Z', 'float'],
  ['ZBack', 'float'],
  ['fog.A', 'float'],
  ['fog.B', 'float'],
  ['fog.G', 'float'],
  ['fog.R', 'float'],
  ['id', 'uint'],
  ['shade', 'half'],
];

/** A part of points and volumes, out of order and overlapping, with pixels that have none. */
export const deepPart: WritePart = {
  type: 'deeptile',
  tiles: { width: 16, height: 8, levels: 'one', rounding: 'down' },
  channels: CHANNELS.map(([name, type]) => ({ name, type, sampling: { x: 1, y: 1 }, pLinear: 0 })),
  dataWindow: box(-3, -2, 40, 37),
  displayWindow: box(0, 0, 39, 35),
  compression: 'zips',
  lineOrder: 'increasing',
  maxSamplesPerPixel: 7,
  attributes: [],
};

export function deepSamples(part: WritePart = deepPart, seed = 8): DeepPlanes {
  const { int, chance } = random(seed);
  const { minX, minY, maxX, maxY } = part.dataWindow;
  const [columns, rows] = [maxX - minX + 1, maxY - minY + 1];
  const offsets = offsetsOf(Array.from({ length: columns * rows }, () => Math.max(0, int(-2, 7))))!;
  const total = offsets.at(-1)!;
  const values = new Map(CHANNELS.map(([name]) => [name, new Float32Array(total)]));
  for (let i = 0; i < total; i++) {
    const z = int(1, 12);
    const alpha = chance(0.15) ? 1 : chance(0.1) ? 0 : int(1, 63) / 64;
    for (const samples of values.values()) samples[i] = (alpha * int(0, 64)) / 64;
    values.get('A')![i] = alpha;
    values.get('fog.A')![i] = int(0, 64) / 64;
    values.get('Z')![i] = z;
    values.get('ZBack')![i] = chance(0.5) ? z : z + int(1, 5);
    values.get('id')![i] = int(0, 2 ** 23);
  }
  const channels = CHANNELS.map(([name, type]): [string, DeepChannel] => [
    name,
    { type, samples: convertSamples(values.get(name)!, 'float', type).samples },
  ]);
  return { box: part.dataWindow, columns, rows, offsets, channels: new Map(channels) };
}

/** Writes one deep part. */
export async function writeDeep(path: string, part: WritePart, deep: DeepPlanes): Promise<void> {
  const writer = await ExrWriter.create(path, [part]);
  for (let i = 0; i < layoutOf(part).chunkCount; i++) await writer.put(0, i, packDeepChunk(part, i, deep));
  await writer.finish();
}

/** Writes `deep.exr`, which the stages read, to a folder. */
export const writeStageDeep = (folder: string): Promise<void> =>
  writeDeep(join(folder, 'deep.exr'), deepPart, deepSamples());

export const DEEP_STAGES: Readonly<Record<string, Stage>> = {
  'deep.flatten': {
    params: {},
    variants: { over: ['shade'] },
    document: (params: Readonly<Record<string, Json>> = {}) =>
      graph({ a: { type: 'io.read', params: { path: 'deep.exr' } }, node: { type: 'deep.flatten', params } }, [
        'a.image > node.image',
      ]),
  },
};
