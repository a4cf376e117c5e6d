// Stages of the nodes that make displacement of normals. See stages.ts.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Json } from '../../engine/base/canonical.ts';
import { graph } from '../run/graph.ts';
import type { Stage } from './stages.ts';

function stage(type: string, params: Readonly<Record<string, Json>>, variants: Readonly<Record<string, Json>>): Stage {
  return {
    params,
    variants,
    document: (other = params) =>
      graph({ a: { type: 'test.pattern', params: { seed: 1 } }, node: { type, params: other } }, [
        'a.image > node.image',
        'a.image > node.charts',
      ]),
  };
}

/** A square of two materials with one island each, of which the second is mirrored. */
const SHEETS = `v 0 0 0
v 1 0 0
v 2 0 0
v 0 1 0
v 1 1 0
v 2 1 0
vt 0.1 0.1
vt 0.4 0.1
vt 0.1 0.6
vt 0.4 0.6
vt 0.9 0.1
vt 0.6 0.1
vt 0.9 0.6
vt 0.6 0.6
usemtl red
f 1/1 2/2 5/4 4/3
usemtl blue
f 2/5 3/6 6/8 5/7
`;

/** The meshes that stages read. */
export function writeStageMeshes(folder: string): void {
  writeFileSync(join(folder, 'sheets.obj'), SHEETS);
  writeFileSync(join(folder, 'others.obj'), SHEETS.replaceAll('0.9', '0.95'));
}

const READ = { type: 'mesh.read', params: { path: 'sheets.obj' } } as const;

export const MESH_STAGES: Readonly<Record<string, Stage>> = {
  'mesh.read': {
    params: READ.params,
    variants: { path: 'others.obj', loader: 'assimp' },
    document: (params = READ.params) => graph({ node: { type: 'mesh.read', params } }, []),
  },
  'mesh.charts': {
    params: {},
    variants: { uvSet: 'uv', material: 'blue', tolerance: 1e-3 },
    document: (params = {}) => graph({ read: READ, node: { type: 'mesh.charts', params } }, ['read.mesh > node.mesh']),
  },
  'mesh.rasterize': {
    params: {},
    variants: { tile: 1002, size: [64, 32], mirror: false, metric: true, millimetres: 10 },
    document: (params = {}) =>
      graph(
        {
          a: { type: 'test.pattern', params: { seed: 1 } },
          read: READ,
          charts: { type: 'mesh.charts' },
          node: { type: 'mesh.rasterize', params },
        },
        ['read.mesh > charts.mesh', 'charts.mesh > node.mesh', 'a.image > node.image'],
      ),
  },
  'mesh.table': {
    params: { path: 'out.%04d.json' },
    variants: { path: 'other.<UDIM>.json', y: 'down', idChannel: 'mirror', overwrite: 'replace', createFolders: false },
    document: (params = { path: 'out.%04d.json' }) =>
      graph(
        {
          read: READ,
          charts: { type: 'mesh.charts' },
          tile: { type: 'mesh.rasterize' },
          node: { type: 'mesh.table', params },
        },
        ['read.mesh > charts.mesh', 'charts.mesh > tile.mesh', 'tile.image > node.image', 'charts.mesh > node.mesh'],
      ),
  },
  'normal.decode': stage(
    'normal.decode',
    { range: 'signed', mirrorU: [3, 100] },
    {
      channels: ['R', 'A'],
      range: 'byte',
      normalization: 'xy',
      y: 'down',
      maxSlope: 4,
      mirrored: 'keep',
      mirrorU: [4],
      mirrorV: [4],
      idChannel: 'R',
      mirrorChannel: 'id',
    },
  ),
  'integrate.poisson': stage(
    'integrate.poisson',
    { slopeU: 'R', slopeV: 'G', idChannel: 'Z', maskChannel: 'A', wrap: 'across' },
    {
      slopeU: 'B',
      slopeV: 'B',
      wrap: 'both',
      zero: 'mean',
      units: 'mm',
      amplitude: 2,
      checks: false,
      tolerance: 1e-3,
      maxIterations: 50,
      idChannel: 'id',
      metricLayer: 'm',
      maskChannel: 'R',
    },
  ),
};
