// Stages of the nodes for views and for luminance with chroma. See stages.ts.
import { graph } from '../run/graph.ts';
import type { Stage } from './stages.ts';

const FEEDS = {
  a: { type: 'test.pattern', params: { seed: 1 } },
  b: { type: 'test.pattern', params: { seed: 2, window: [2, -6, 50, 20] } },
} as const;

const EVEN = { type: 'test.pattern', params: { seed: 1, window: [-4, -2, 41, 37] } } as const;

export const VIEW_STAGES: Readonly<Record<string, Stage>> = {
  'view.select': {
    params: { view: 'b' },
    variants: { view: 'a', shared: 'drop' },
    document: (params = { view: 'b' }) =>
      graph(
        { ...FEEDS, j: { type: 'view.join', params: { layout: 'channels' } }, node: { type: 'view.select', params } },
        ['a.image > j.views.a', 'b.image > j.views.b', 'j.image > node.image'],
      ),
  },
  'view.join': {
    params: { layout: 'channels' },
    variants: { layout: 'parts', order: ['b'], names: { a: 'left' } },
    document: (params = { layout: 'channels' }) =>
      graph({ ...FEEDS, node: { type: 'view.join', params } }, ['a.image > node.views.a', 'b.image > node.views.b']),
  },
  'color.fromChroma': {
    params: {},
    variants: { channels: ['*.Y'], saturation: 'keep' },
    document: (params = {}) =>
      graph({ a: EVEN, split: { type: 'color.toChroma' }, node: { type: 'color.fromChroma', params } }, [
        'a.image > split.image',
        'split.image > node.image',
      ]),
  },
  'color.toChroma': {
    params: {},
    variants: { channels: ['*'], chroma: 'none', luminanceBits: 7, chromaBits: 5 },
    document: (params = {}) => graph({ a: EVEN, node: { type: 'color.toChroma', params } }, ['a.image > node.image']),
  },
};
