// Merge: composites an image A onto an image B by one of the usual operations.
import { z } from 'zod';
import { defineNode, image, MERGE_OPERATIONS, optionalImage } from '../../engine/authoring.ts';
import { describePair } from './pair/describe.ts';
import * as fields from './pair/params.ts';
import type { PairOptions } from './pair/plan.ts';
import { pullPair } from './pair/pull.ts';

const params = z.strictObject({
  operation: z.enum(MERGE_OPERATIONS).default('over').meta({
    title: 'Operation',
    description:
      'With alphas a and b: over A+B(1-a), under A(1-b)+B, plus, minus A-B, from B-A, difference, multiply, divide A/B, screen, overlay, hard-light, soft-light (W3C), max, min, average, hypot, exclusion, in Ab, out A(1-b), mask Ba, stencil B(1-a), atop Ab+B(1-a), xor A(1-b)+B(1-a), matte Aa+B(1-a), copy A, conjoint-over and disjoint-over.',
  }),
  mix: fields.mix,
  channels: z.array(z.string().min(1)).default(['R', 'G', 'B', 'A']).meta({
    title: 'Channels',
    description:
      'Names of the channels to merge, * for any text: diffuse.* or *. A channel that one image lacks counts as 0 there.',
    widget: 'channels',
  }),
  window: fields.window,
  maskChannel: fields.maskChannel,
  invertMask: fields.invertMask,
  missingAlpha: z.enum(['transparent', 'opaque']).default('transparent').meta({
    title: 'Missing alpha',
    description:
      'How an image without alpha counts: as 0 everywhere (transparent), or as 1 within its data window (opaque).',
    advanced: true,
  }),
  extra: z.enum(['drop', 'join']).default('drop').meta({
    title: 'Other channels of A',
    description:
      'Whether channels that only A has, and that are not merged, are dropped or come along. Those of B always do.',
    advanced: true,
  }),
  attributes: fields.attributes,
});

const optionsOf = (given: z.output<typeof params>): PairOptions => ({ ...given, lacking: 'zero' });

export const merge = defineNode({
  type: 'merge.merge',
  version: 1,
  title: 'Merge',
  doc: 'Composites A onto the background B. The display window, the attributes and the channels that are not merged are those of B. Outside a data window samples are 0. Colours are expected to be multiplied by alpha, but for matte; the alpha that goes with layer.R is layer.A, or else A. Alpha is merged by the same formula. Parts are paired by name, the first with the first. A merged channel is float where A or B is float. The formulas and a missing alpha are those of Nuke, but for soft-light and for the alpha of matte, which is that of over. Gaffer merges all channels, as * does here.',
  keywords: ['over', 'comp', 'composite', 'blend', 'plus', 'multiply', 'screen', 'mask', 'stencil', 'layer', 'matte'],
  params,
  inputs: {
    B: image('The background.'),
    A: image('The image that goes onto it.'),
    mask: optionalImage('Where the merge happens: not at all where it is 0, wholly where it is 1.'),
  },
  summary: ({ operation, mix }) => (mix === 1 ? operation : `${operation}, ${Math.round(mix * 100)} %`),

  spec: (ctx) => describePair({ ...ctx, title: 'Merge', options: optionsOf(ctx.params) }),
  pull: (ctx, want) => pullPair({ ...ctx, options: optionsOf(ctx.params) }, want),
});
