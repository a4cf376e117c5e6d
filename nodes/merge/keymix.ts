// Keymix: replaces the background B by A where a mask says so.
import { z } from 'zod';
import { defineNode, image } from '../../engine/authoring.ts';
import { describePair } from './pair/describe.ts';
import * as fields from './pair/params.ts';
import type { PairOptions } from './pair/plan.ts';
import { pullPair } from './pair/pull.ts';

const params = z.strictObject({
  channels: z.array(z.string().min(1)).default(['*']).meta({
    title: 'Channels',
    description: 'Names of the channels to mix, * for any text. Channels that only one image has are not mixed.',
    widget: 'channels',
  }),
  maskChannel: fields.maskChannel,
  invertMask: fields.invertMask,
  mix: fields.mix,
  window: fields.window,
  attributes: fields.attributes,
});

const optionsOf = (given: z.output<typeof params>): PairOptions => ({
  ...given,
  operation: 'copy',
  lacking: 'pass',
  missingAlpha: 'transparent',
  extra: 'drop',
});

export const keymix = defineNode({
  type: 'merge.keymix',
  version: 1,
  title: 'Keymix',
  doc: 'Shows A where the mask is 1, B where it is 0, and goes from one to the other between: B + (A - B) · mask. The display window, the attributes and the channels that A lacks are those of B. Outside a data window samples are 0; so is the mask. Whole numbers cannot be mixed and stay those of B. Parts are paired by name, the first with the first. A mixed channel is float where A or B is float. As in Nuke.',
  keywords: ['mix', 'dissolve', 'matte', 'mask', 'blend', 'key', 'switch'],
  params,
  inputs: {
    B: image('The image where the mask is 0.'),
    A: image('The image where the mask is 1.'),
    mask: image('Says where A shows.'),
  },
  summary: ({ maskChannel, invertMask }) => `A where ${invertMask ? `${maskChannel} is not` : maskChannel}`,

  spec: (ctx) => describePair({ ...ctx, title: 'Keymix', options: optionsOf(ctx.params) }),
  pull: (ctx, want) => pullPair({ ...ctx, options: optionsOf(ctx.params) }, want),
});
