// CDL: the colour decision list of the American Society of Cinematographers.
import { z } from 'zod';
import { defineNode, image, type PointwiseProgram } from '../../engine/authoring.ts';
import { mainLayerParams, triple, unpremultiplyGrade } from './layer/params.ts';
import { powerTable } from './layer/power.ts';
import { describeLayers, gradeProgram, groupsOf } from './layer/run.ts';
import { saturationMatrix, WEIGHTS } from './layer/saturation.ts';
import { gradeSummary } from './layer/summary.ts';

const positive = z.number().min(0).max(1e6);

const params = z.strictObject({
  slope: z
    .tuple([positive, positive, positive])
    .default([1, 1, 1])
    .meta({ title: 'Slope', description: 'What red, green and blue are multiplied by.' }),
  offset: triple.default([0, 0, 0]).meta({ title: 'Offset', description: 'What is added to them then.' }),
  power: z
    .tuple([z.number().min(0.01).max(100), z.number().min(0.01).max(100), z.number().min(0.01).max(100)])
    .default([1, 1, 1])
    .meta({ title: 'Power', description: 'The power that they are raised to then; more than 1 is darker.' }),
  saturation: z.number().min(0).max(16).default(1).meta({
    title: 'Saturation',
    description: 'Of the result, by the luminance of Rec.709: 0 is grey, 1 changes nothing.',
    widget: 'slider',
    min: 0,
    max: 4,
    step: 0.01,
  }),
  style: z.enum(['keep', 'clamp']).default('keep').meta({
    title: 'Range',
    description:
      'keep changes nothing that the numbers do not ask for, and raises only what is positive to a power. clamp is the standard to the letter: what lies outside of 0 to 1 is cut off before the power and at the end.',
  }),
  unpremultiply: unpremultiplyGrade,
  ...mainLayerParams,
});

function programOf(values: z.output<typeof params>): PointwiseProgram {
  const { slope, offset, power, saturation, style } = values;
  const limit = { do: 'limit', least: [0], greatest: [1] } as const;
  const bends = power.some((value) => value !== 1);
  const moves = slope.some((value) => value !== 1) || offset.some((value) => value !== 0);
  const clamp = style === 'clamp' ? [limit] : [];
  const steps: PointwiseProgram = [
    ...(moves ? [{ do: 'scale', by: slope, plus: offset } as const] : []),
    ...clamp,
    ...(bends ? [{ do: 'bend', by: power.map((value) => powerTable(value, 'power')) } as const] : []),
    ...(saturation === 1 ? [] : [{ do: 'mix', matrix: saturationMatrix(saturation, WEIGHTS.asc) } as const, ...clamp]),
  ];
  return gradeProgram(steps, values);
}

export const cdl = defineNode({
  type: 'color.cdl',
  version: 1,
  title: 'CDL',
  doc: 'Slope, offset, power and saturation as in the ASC Color Decision List, version 1.2. It is meant for log or display codes; give it the space that the list was made in. Alpha, windows and sample types stay as they are. What is premultiplied has right edges, and stays black where alpha is 0, with Unpremultiply alone.',
  keywords: ['colour', 'ASC', 'grade', 'SOP', 'slope', 'offset', 'power', 'saturation', 'cc', 'ccc'],
  params,
  inputs: { image: image('The image, in the space that the list was made for.') },
  summary: ({ slope, offset, power, saturation }) =>
    gradeSummary({ slope, offset, power, saturation: [saturation] }, (name) => (name === 'offset' ? 0 : 1)),
  spec: (ctx) => describeLayers(ctx, programOf(ctx.params)),
  pointwise: (ctx, part) => groupsOf(ctx, programOf(ctx.params), part),
});
