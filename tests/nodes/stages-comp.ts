// Stages of the nodes of a comp: merging, alpha, generators, crops and frames. See stages.ts.
import type { Json } from '../../engine/base/canonical.ts';
import { graph, type NodeSketch } from '../run/graph.ts';
import type { Stage } from './stages.ts';

const FEEDS: Readonly<Record<string, NodeSketch>> = {
  a: { type: 'test.pattern', params: { seed: 1, window: [6, 4, 33, 50] } },
  b: { type: 'test.pattern', params: { seed: 2 } },
  c: { type: 'test.pattern', params: { seed: 3, window: [0, 0, 20, 20] } },
};

function stage(
  type: string,
  links: readonly string[],
  params: Readonly<Record<string, Json>>,
  variants: Readonly<Record<string, Json>>,
): Stage {
  return {
    params,
    variants,
    document: (other = params) => graph({ ...FEEDS, node: { type, params: other } }, links),
  };
}

const PAIR = ['b.image > node.B', 'a.image > node.A', 'c.image > node.mask'] as const;

export const COMP_STAGES: Readonly<Record<string, Stage>> = {
  'merge.merge': stage(
    'merge.merge',
    PAIR,
    { operation: 'xor', channels: ['R', 'A', 'Z'] },
    {
      operation: 'over',
      mix: 0.5,
      channels: ['*'],
      window: 'intersection',
      maskChannel: 'R',
      invertMask: true,
      missingAlpha: 'opaque',
      extra: 'join',
      attributes: 'join',
    },
  ),
  'merge.keymix': stage(
    'merge.keymix',
    PAIR,
    { window: 'A' },
    { channels: ['R'], maskChannel: 'R', invertMask: true, mix: 0.5, window: 'B', attributes: 'join' },
  ),
  'channel.premultiply': stage('channel.premultiply', ['b.image > node.image'], {}, { channels: ['*'], alpha: 'Z' }),
  'channel.unpremultiply': stage(
    'channel.unpremultiply',
    ['b.image > node.image'],
    {},
    { channels: ['*'], alpha: 'Z' },
  ),
};
