// Stages of the nodes that make displacement of normals. See stages.ts.
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

export const MESH_STAGES: Readonly<Record<string, Stage>> = {
  'normal.decode': stage(
    'normal.decode',
    { range: 'signed', mirrorU: [3, 100] },
    {
      channels: ['R', 'A'],
      range: 'byte',
      normalization: 'xy',
      y: 'down',
      maxSlope: 4,
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
      amplitude: 2,
      checks: false,
      tolerance: 1e-3,
      maxIterations: 50,
      idChannel: 'id',
      maskChannel: 'R',
    },
  ),
};
