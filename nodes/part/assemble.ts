// Assemble parts: puts the parts of several images into one image, as OpenEXR holds them in one multi-part file.
import { z } from 'zod';
import { defineNode, images, mergeSubstitutions, SHARED_ATTRIBUTES } from '../../engine/authoring.ts';
import { collectParts, namePart, refuseDuplicates } from './assemble/collect.ts';
import { shareAttributes } from './assemble/share.ts';

const byInput = (title: string, description: string) =>
  z.record(z.string(), z.string()).default({}).meta({ title, description, widget: 'byInput' });

const input = z.string().optional().meta({ widget: 'source' });

export const assemble = defineNode({
  type: 'part.assemble',
  version: 1,
  title: 'Assemble parts',
  doc: 'Puts the parts of several images into one multi-part image. Channels, windows and chunks of each part stay as they are. Display window, pixel aspect ratio, time code and chromaticities must agree, as OpenEXR demands.',
  keywords: ['multi-part', 'multipart', 'combine', 'stereo', 'view', 'deep'],
  params: z.strictObject({
    order: z.array(z.string()).default([]).meta({
      title: 'Order',
      description: 'Names of inputs in the order of their parts; the others follow as linked.',
      widget: 'order',
    }),
    names: byInput(
      'Names',
      'Input → name of its part, or input/part → name. Otherwise the part keeps its name or takes that of its input.',
    ),
    views: byInput(
      'Views',
      'Input → view of its part, such as left, or input/part → view. Otherwise the part keeps its view.',
    ),
    shared: z
      .strictObject({ displayWindow: input, pixelAspectRatio: input, timeCode: input, chromaticities: input })
      .default({})
      .meta({
        title: 'Shared',
        description: 'Attribute that all parts share → the input whose value all parts take.',
        advanced: true,
      }),
  }),
  inputs: { parts: images('The images whose parts are put together, each under a name of its own.') },

  summary({ order }) {
    return order.length > 0 ? order.join(', ') : 'parts in the order of the links';
  },

  spec(ctx) {
    const entries = collectParts(ctx);
    if (entries.length === 0) {
      const message = 'Assemble parts needs at least one image. Connect one to its port parts.';
      ctx.report({ severity: 'error', code: 'input-missing', message });
      return { parts: [] };
    }
    const named = entries.map((entry) => ({ ...entry, part: namePart(ctx, entry, entries.length > 1) }));
    refuseDuplicates(ctx, named);
    const shared =
      named.length > 1 ? SHARED_ATTRIBUTES.reduce((all, name) => shareAttributes(ctx, all, name), named) : named;
    return { parts: shared.map((entry) => entry.part), ...mergeSubstitutions(Object.values(ctx.inputs.parts)) };
  },
});
