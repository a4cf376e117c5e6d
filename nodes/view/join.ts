// Join views: several images become the views of one, as parts or as channels of one part.
import { z } from 'zod';
import { defineNode, images, mergeSubstitutions } from '../../engine/authoring.ts';
import { joinChannels } from './join/channels.ts';
import { joinParts } from './join/parts.ts';
import { orderViews } from './join/view.ts';

export const join = defineNode({
  type: 'view.join',
  version: 1,
  title: 'Join views',
  doc: `Makes one image of several views, such as left and right. Each input is a view under the name of the input, the first one the default. As parts every part of an input states its view and keeps its windows and attributes; names that two parts would have get the view behind them. As channels of one part, the way of OpenEXR before version 2, each input has one part: its channels get the name of the view before their last piece (R becomes left.R, spec.R becomes spec.left.R), but for those of the default view that have no layer, and multiView names the views. The data window is then that of all together, with 0 where a view has no pixels, and attributes are those of the default view. Samples, types and alpha stay as they are. Like JoinViews in Nuke and Create Views in Gaffer.`,
  keywords: ['stereo', 'multi-view', 'multiview', 'left', 'right', 'eye', 'combine'],
  params: z.strictObject({
    layout: z.enum(['parts', 'channels']).default('parts').meta({
      title: 'Layout',
      description: 'Whether views are parts of their own, or channels of one part that multiView tells apart.',
    }),
    order: z.array(z.string()).default([]).meta({
      title: 'Order',
      description: 'Names of inputs in the order of their views, the default one first; the others follow as linked.',
      widget: 'order',
    }),
    names: z.record(z.string(), z.string()).default({}).meta({
      title: 'Names',
      description: 'Input → name of its view. Otherwise it is the name of the input.',
      widget: 'byInput',
    }),
  }),
  inputs: { views: images('The views, each under its name.') },

  summary: ({ layout, order }) => (order.length > 0 ? order.join(', ') : `as ${layout}`),

  spec(ctx) {
    const views = orderViews(ctx);
    if (views.length === 0) {
      const message = 'Join views needs at least one image. Connect one to its port views.';
      ctx.report({ severity: 'error', code: 'input-missing', message });
      return { parts: [] };
    }
    const parts = ctx.params.layout === 'parts' ? joinParts(ctx, views) : joinChannels(ctx, views);
    return { parts, ...mergeSubstitutions(views.map(({ image }) => image)) };
  },
});
