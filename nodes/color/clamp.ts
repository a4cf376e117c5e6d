// Clamp: keeps colours within bounds.
import { z } from 'zod';
import { defineNode, image, type PointwiseProgram } from '../../engine/authoring.ts';
import { mainLayerParams } from './layer/params.ts';
import { describeLayers, groupsOf } from './layer/run.ts';

const params = z.strictObject({
  bounds: z.enum(['both', 'below', 'above']).default('both').meta({
    title: 'Bounds',
    description: 'below lifts only what lies under the least value, above lowers only what lies over the greatest.',
  }),
  least: z.number().default(0).meta({ title: 'Least', description: 'Samples below become this.' }),
  greatest: z.number().default(1).meta({ title: 'Greatest', description: 'Samples above become this.' }),
  ...mainLayerParams,
  channels: mainLayerParams.channels
    .unwrap()
    .default(['R', 'G', 'B'])
    .meta({
      ...mainLayerParams.channels.meta()!,
      description: `${mainLayerParams.channels.meta()!.description} Other channels, such as A, are named in full.`,
    }),
});

function programOf({ bounds, least, greatest }: z.output<typeof params>): PointwiseProgram {
  const low = bounds === 'above' ? Number.NEGATIVE_INFINITY : least;
  const high = bounds === 'below' ? Number.POSITIVE_INFINITY : greatest;
  return [{ do: 'limit', least: [low], greatest: [high] }];
}

export const clamp = defineNode({
  type: 'color.clamp',
  version: 1,
  title: 'Clamp',
  doc: 'Keeps red, green and blue within bounds; infinities too. A sample that is no number stays one: Sanitize is for those. Alpha and other channels are clamped where they are named; Nuke clamps all. Windows and sample types stay as they are.',
  keywords: ['limit', 'range', 'minimum', 'maximum', 'negative', 'superwhite'],
  params,
  inputs: { image: image('The image, of whatever space.') },
  summary: ({ bounds, least, greatest }) =>
    bounds === 'both' ? `${least} to ${greatest}` : bounds === 'below' ? `from ${least}` : `to ${greatest}`,

  spec(ctx) {
    const { bounds, least, greatest } = ctx.params;
    if (bounds === 'both' && least > greatest) {
      const message = `The least value, ${least}, is greater than the greatest, ${greatest}. Swap them.`;
      const fixes = [{ title: 'Swap them', set: { least: greatest, greatest: least } }];
      ctx.report({ severity: 'error', code: 'param-invalid', message, where: { param: 'least' }, fixes });
    }
    return describeLayers(ctx, programOf(ctx.params), { singles: true });
  },

  pointwise: (ctx, part) => groupsOf(ctx, programOf(ctx.params), part, { singles: true }),
});
