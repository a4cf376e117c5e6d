// The graph of a bake for tests: a mesh and normal maps in, heights and the numbers of islands out, tile by tile.
import type { Json } from '../../engine/base/canonical.ts';
import type { Document } from '../../engine/document/schema.ts';
import { graph } from '../run/graph.ts';

type Params = Readonly<Record<string, Json>>;

export interface BakeSketch {
  readonly mesh: string;
  /** Pattern of the normal maps. */
  readonly normal: string;
  /** Folder of `height.<UDIM>.exr` and `islands.<UDIM>.exr`. */
  readonly out: string;
  readonly loader?: string;
  readonly charts?: Params;
  readonly tile?: Params;
  readonly decode?: Params;
  readonly poisson?: Params;
}

export function bakeGraph({ mesh, normal, out, loader, charts, tile, decode, poisson }: BakeSketch): Document {
  const write = { compression: 'zips', overwrite: 'replace' };
  return graph(
    {
      mesh: { type: 'mesh.read', params: { path: mesh, ...(loader ? { loader } : {}) } },
      charts: { type: 'mesh.charts', params: charts ?? {} },
      normals: { type: 'udim.read', params: { path: normal } },
      tile: { type: 'mesh.rasterize', params: tile ?? {}, animation: { tile: { expression: 'frame' } } },
      slopes: { type: 'normal.decode', params: decode ?? {} },
      height: { type: 'integrate.poisson', params: { checks: false, ...poisson } },
      write: { type: 'udim.write', params: { path: `${out}/height.<UDIM>.exr`, ...write } },
      islands: { type: 'udim.write', params: { path: `${out}/islands.<UDIM>.exr`, ...write } },
    },
    [
      'mesh.mesh > charts.mesh',
      'charts.mesh > tile.mesh',
      'normals.image > tile.image',
      'normals.image > slopes.image',
      'tile.image > slopes.charts',
      'slopes.image > height.image',
      'tile.image > height.charts',
      'height.image > write.image',
      'tile.image > islands.image',
    ],
  );
}
