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

/** Another value for each parameter that all generators have. */
const PICTURE: Readonly<Record<string, Json>> = {
  format: [64, 48],
  pixelAspect: 2,
  type: 'float',
  channels: 'rgb',
  layer: 'x',
  frames: '1-9',
};

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
  'channel.expression': stage(
    'channel.expression',
    ['b.image > node.image'],
    {
      rows: [
        { to: 'R', expression: 'R * 0.5 + G ^ 2 / 100 + noise(x / 3, y / 3)' },
        { to: 'mask.a', expression: 'Z > 500 ? 1 : sin(x * y) * k' },
        { to: 'id', expression: 'this + x % 7' },
      ],
      values: { k: 0.25 },
    },
    { rows: [{ to: 'R', expression: 'R + frame' }], part: '#0', values: { k: 0.5 } },
  ),
  'generate.constant': stage('generate.constant', [], { format: [32, 32] }, { ...PICTURE, color: [1, 2, 3, 4] }),
  'generate.checkerboard': stage(
    'generate.checkerboard',
    [],
    { format: [32, 32], size: [5, 3] },
    { ...PICTURE, size: [4, 4], colorA: [1, 2, 3, 4], colorB: [1, 2, 3, 4] },
  ),
  'generate.ramp': stage(
    'generate.ramp',
    [],
    { format: [32, 32], to: [0.7, 0.9] },
    { ...PICTURE, from: [0.1, 0], to: [0.5, 0], colorFrom: [1, 2, 3, 4], colorTo: [1, 2, 3, 4], ease: 'smooth' },
  ),
  'transform.crop': stage(
    'transform.crop',
    ['b.image > node.image'],
    { area: 'box', box: [3, 4, 20, 60], display: 'origin' },
    { area: 'display', box: [1, 1, 9, 9], outside: 'black', display: 'keep' },
  ),
  'transform.mirror': stage(
    'transform.mirror',
    ['b.image > node.image'],
    { vertical: true },
    { horizontal: false, vertical: false },
  ),
  'time.offset': stage('time.offset', ['b.image > node.image'], { frames: 2 }, { frames: -3 }),
  'time.hold': stage('time.hold', ['b.image > node.image'], { frame: 5 }, { frame: 6, increment: 2 }),
  'time.range': stage(
    'time.range',
    ['b.image > node.image'],
    { last: 9 },
    { first: 0, last: 8, before: 'hold', after: 'black' },
  ),
  'graph.switch': stage(
    'graph.switch',
    ['a.image > node.images.a', 'b.image > node.images.b'],
    { which: 'b' },
    { which: '0', number: 0 },
  ),
  'generate.text': stage(
    'generate.text',
    [],
    { format: [40, 40], size: 24, text: 'Åg' },
    {
      ...PICTURE,
      text: 'x',
      size: 20,
      weight: 'bold',
      color: [1, 2, 3, 4],
      position: [0, 0],
      across: 'left',
      down: 'top',
      leading: 2,
      tracking: 1,
    },
  ),
};
