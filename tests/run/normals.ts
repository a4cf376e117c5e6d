// Normal maps of a known surface as EXR files, and meshes by formula that they lie on, for tests of bakes.
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import {
  box,
  ExrWriter,
  formatFrame,
  layoutOf,
  packChunk,
  parsePattern,
  type WritePart,
} from '../../engine/authoring.ts';
import { objOf, rectangle, type Sheet } from '../nodes/sheets.ts';
import { fill } from './graph.ts';

/** The height of the surface in texels, and how far it rises to the right and upwards. */
export function waves(x: number, y: number, tile = 1001): { h: number; u: number; v: number } {
  const [a, b] = [0.09 + (tile - 1001) * 0.004, 0.07];
  return {
    h: 5 * Math.sin(a * x) * Math.cos(b * y),
    u: 5 * a * Math.cos(a * x) * Math.cos(b * y),
    v: 5 * b * Math.sin(a * x) * Math.sin(b * y),
  };
}

export interface NormalSketch {
  readonly size: readonly [width: number, height: number];
  readonly tile?: number;
  /** -1 where green grows downwards. */
  readonly green?: 1 | -1;
  /** The names of the channels of x, y and z. */
  readonly channels?: readonly string[];
  /** What the map holds in place of the waves: a component from 0 to 1. */
  readonly sample?: (x: number, y: number) => readonly number[];
  readonly attributes?: WritePart['attributes'];
}

/** Writes the normals of the waves, from 0 to 1 as floats. */
export async function writeNormals(path: string, sketch: NormalSketch): Promise<void> {
  const { size, tile = 1001, green = 1, channels = ['R', 'G', 'B'] } = sketch;
  const of = (x: number, y: number): readonly number[] => {
    if (sketch.sample) return sketch.sample(x, y);
    const { u, v } = waves(x, y, tile);
    const length = Math.hypot(u, v, 1);
    return [-u, -v * green, 1].map((component) => 0.5 + (0.5 * component) / length);
  };
  const window = box(0, 0, size[0] - 1, size[1] - 1);
  const part: WritePart = {
    type: 'scanlineimage',
    channels: channels
      .toSorted()
      .map((name) => ({ name, type: 'float' as const, sampling: { x: 1, y: 1 }, pLinear: 0 })),
    dataWindow: window,
    displayWindow: window,
    compression: 'zip',
    lineOrder: 'increasing',
    attributes: sketch.attributes ?? [],
  };
  const planes = new Map(channels.map((name, i) => [name, fill('float', window, (x, y) => of(x, y)[i]!)]));
  mkdirSync(dirname(path), { recursive: true });
  const writer = await ExrWriter.create(path, [part]);
  for (let chunk = 0; chunk < layoutOf(part).chunkCount; chunk++)
    await writer.put(0, chunk, packChunk(part, chunk, planes));
  await writer.finish();
}

export const TILES: readonly number[] = [1001, 1002, 1011];

/** Two islands on tile 1001, one of them mirrored, one on each of the others. */
export const SHEETS: readonly Sheet[] = [
  rectangle([0.1, 0.1, 0.45, 0.9], { material: 'skin' }),
  rectangle([0.55, 0.1, 0.9, 0.9], { material: 'skin', mirrored: 'u' }),
  rectangle([1.1, 0.1, 1.9, 0.9], { material: 'cloth' }),
  rectangle([0.25, 1.25, 0.75, 1.75], { material: 'cloth' }),
];

/** `hero.obj` and its maps `in/hero.<UDIM>.exr`; the maps of some tiles may be left out. */
export async function writeHero(
  folder: string,
  { tiles = TILES, size = [64, 48] }: { readonly tiles?: readonly number[]; readonly size?: NormalSketch['size'] } = {},
): Promise<void> {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'hero.obj'), objOf(SHEETS));
  for (const tile of tiles)
    await writeNormals(join(folder, formatFrame(parsePattern('in/hero.<UDIM>.exr'), tile)), { size, tile });
}
