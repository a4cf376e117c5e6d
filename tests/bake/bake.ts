// Bakes for tests: through the public door, with the islands beside the heights.
import { join } from 'node:path';
import { expect } from 'vitest';
import { ExrFile } from '../../engine/exr/file.ts';
import { type Bake, type BakeOptions, bake } from '../../engine/index.ts';
import { nodes } from '../../nodes/index.ts';

export type BakeSketch = Omit<BakeOptions, 'nodes' | 'out' | 'folder'> & {
  /** A folder below that of the test. */
  readonly out: string;
};

/** Writes `height.<tile>.exr` and `height_charts.<tile>.exr` into the folder `out`. */
export const attempt = (folder: string, { out, ...sketch }: BakeSketch): Promise<Bake> =>
  bake({ folder, nodes, out: `${out}/height.<UDIM>.exr`, exportSidecars: true, overwrite: true, ...sketch });

/** The same, which must succeed. */
export async function baked(folder: string, sketch: BakeSketch): Promise<Bake> {
  const done = await attempt(folder, sketch);
  expect(done.exitCode, JSON.stringify([done.problems, done.result?.outcomes])).toBe(0);
  return done;
}

/** The heights of a tile that was baked into a folder. */
export const heightsIn = (folder: string, out: string, tile: number): Float32Array =>
  channelOf(join(folder, out, `height.${tile}.exr`), 'height') as Float32Array;

/** The numbers of islands of that tile. */
export const idsIn = (folder: string, out: string, tile: number): Uint32Array =>
  channelOf(join(folder, out, `height_charts.${tile}.exr`), 'id') as Uint32Array;

/** The samples of a channel of a file of one part. */
export function channelOf(path: string, channel: string): Float32Array | Uint32Array {
  const file = ExrFile.open(path);
  try {
    return file.readPart(0).get(channel)!.samples as Float32Array | Uint32Array;
  } finally {
    file.close();
  }
}
