// Color matrix: mixes red, green and blue by nine factors.
import { z } from 'zod';
import { defineNode, image, type PointwiseProgram } from '../../engine/authoring.ts';
import { mainLayerParams, triple } from './layer/params.ts';
import { describeLayers, groupsOf } from './layer/run.ts';

const IDENTITY = [1, 0, 0, 0, 1, 0, 0, 0, 1];

const params = z.strictObject({
  red: triple
    .default([1, 0, 0])
    .meta({ title: 'Red', description: 'How much of red, green and blue the new red has.' }),
  green: triple
    .default([0, 1, 0])
    .meta({ title: 'Green', description: 'How much of red, green and blue the new green has.' }),
  blue: triple
    .default([0, 0, 1])
    .meta({ title: 'Blue', description: 'How much of red, green and blue the new blue has.' }),
  offset: triple
    .default([0, 0, 0])
    .meta({ title: 'Offset', description: 'What is added to red, green and blue afterwards.', advanced: true }),
  ...mainLayerParams,
});

function programOf({ red, green, blue, offset }: z.output<typeof params>): PointwiseProgram {
  const matrix = [...red, ...green, ...blue];
  const moves = offset.some((value) => value !== 0);
  if (!moves && matrix.every((value, i) => value === IDENTITY[i])) return [];
  return [{ do: 'mix', matrix, ...(moves ? { plus: offset } : {}) }];
}

export const matrix = defineNode({
  type: 'color.matrix',
  version: 1,
  title: 'Color matrix',
  doc: 'Makes each of red, green and blue from all three of them, by a matrix of nine factors. Values above 1 and below 0 are kept, tags are not changed; alpha, windows and sample types stay as they are. An offset also lights up what alpha does not cover.',
  keywords: ['colour', 'mix', 'channel mixer', 'primaries', '3x3'],
  params,
  inputs: { image: image('The image, of whatever space.') },
  summary: (values) =>
    programOf(values).length === 0 ? 'nothing' : [values.red, values.green, values.blue].join('; '),
  spec: (ctx) => describeLayers(ctx, programOf(ctx.params)),
  pointwise: (ctx, part) => groupsOf(ctx, programOf(ctx.params), part),
});
