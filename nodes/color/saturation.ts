// Saturation: moves colours away from or towards the grey of their own luminance.
import { z } from 'zod';
import { defineNode, image, type PointwiseProgram } from '../../engine/authoring.ts';
import { mainLayerParams } from './layer/params.ts';
import { describeLayers, groupsOf } from './layer/run.ts';
import { saturationMatrix, WEIGHTS } from './layer/saturation.ts';

const params = z.strictObject({
  saturation: z.number().min(-16).max(16).default(1).meta({
    title: 'Saturation',
    description: '0 makes grey, 1 changes nothing, more makes colours stronger.',
    widget: 'slider',
    min: 0,
    max: 4,
    step: 0.01,
  }),
  weights: z
    .enum(['ap1', 'rec709', 'rec2020', 'average'])
    .default('ap1')
    .meta({
      title: 'Luminance of',
      description:
        'How much red, green and blue count for luminance: those of a linear space, ap1 for ACEScg, or each a third.',
      titles: { ap1: 'ACEScg', rec709: 'Rec.709', rec2020: 'Rec.2020', average: 'all alike' },
    }),
  ...mainLayerParams,
});

const programOf = ({ saturation, weights }: z.output<typeof params>): PointwiseProgram =>
  saturation === 1 ? [] : [{ do: 'mix', matrix: saturationMatrix(saturation, WEIGHTS[weights]) }];

export const saturation = defineNode({
  type: 'color.saturation',
  version: 1,
  title: 'Saturation',
  doc: 'Moves colours away from the grey of their own luminance, or towards it. Luminance stays what it is. Values above 1 and below 0 are kept; alpha, windows and sample types stay as they are. Premultiplied or not makes no difference.',
  keywords: ['colour', 'desaturate', 'grey', 'gray', 'black and white', 'luminance', 'luma'],
  params,
  inputs: { image: image('The image, scene-linear.') },
  summary: (values) => String(values.saturation),
  spec: (ctx) => describeLayers(ctx, programOf(ctx.params)),
  pointwise: (ctx, part) => groupsOf(ctx, programOf(ctx.params), part),
});
