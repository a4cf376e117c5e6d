// Grade: black and white point, lift, gain, multiply, offset and gamma, for each of red, green and blue.
import { z } from 'zod';
import { defineNode, image, type PointwiseProgram } from '../../engine/authoring.ts';
import { mainLayerParams, triple, unpremultiplyGrade } from './layer/params.ts';
import { powerTable } from './layer/power.ts';
import { describeLayers, gradeProgram, groupsOf } from './layer/run.ts';
import { gradeSummary } from './layer/summary.ts';

const gamma = z.number().min(0.01).max(100);
const three = (title: string, value: number, description: string) =>
  triple.default([value, value, value]).meta({ title, description, widget: 'colour' });

const params = z.strictObject({
  blackPoint: three('Black point', 0, 'What becomes the lift.'),
  whitePoint: three('White point', 1, 'What becomes the gain.'),
  lift: three('Lift', 0, 'What the black point becomes.'),
  gain: three('Gain', 1, 'What the white point becomes.'),
  multiply: three('Multiply', 1, 'What the result is multiplied by.'),
  offset: three('Offset', 0, 'What is added to it.'),
  gamma: z
    .tuple([gamma, gamma, gamma])
    .default([1, 1, 1])
    .meta({ title: 'Gamma', description: 'More than 1 is brighter; 0 and 1 stay where they are.', widget: 'colour' }),
  clamp: z.enum(['none', 'black', 'white', 'both']).default('none').meta({
    title: 'Clamp',
    description: 'Cuts off what comes out below 0 (black) or above 1 (white).',
    advanced: true,
  }),
  unpremultiply: unpremultiplyGrade,
  ...mainLayerParams,
});

/** Per channel: multiply (gain - lift) (x - black) / (white - black) + lift + offset, to the power of 1 / gamma. */
function programOf(values: z.output<typeof params>): PointwiseProgram {
  const { blackPoint, whitePoint, lift, gain, multiply, offset, clamp } = values;
  const by = [0, 1, 2].map((i) => (multiply[i]! * (gain[i]! - lift[i]!)) / (whitePoint[i]! - blackPoint[i]!));
  const plus = [0, 1, 2].map((i) => offset[i]! + lift[i]! - by[i]! * blackPoint[i]!);
  const tables = values.gamma.map((value) => powerTable(1 / value, 'straight'));
  const least = clamp === 'black' || clamp === 'both' ? 0 : Number.NEGATIVE_INFINITY;
  const greatest = clamp === 'white' || clamp === 'both' ? 1 : Number.POSITIVE_INFINITY;
  const moves = by.some((value) => value !== 1) || plus.some((value) => value !== 0);
  const steps: PointwiseProgram = [
    ...(moves ? [{ do: 'scale', by, plus } as const] : []),
    ...(tables.some((table) => table !== null) ? [{ do: 'bend', by: tables } as const] : []),
    ...(clamp === 'none' ? [] : [{ do: 'limit', least: [least], greatest: [greatest] } as const]),
  ];
  return gradeProgram(steps, values);
}

export const grade = defineNode({
  type: 'color.grade',
  version: 1,
  title: 'Grade',
  doc: "Black and white point, lift, gain, multiply, offset and gamma, by the formula of Nuke's Grade: the straight part first, then gamma, which leaves negative values alone and goes on as a straight line above 1. Alpha, windows and sample types stay as they are; outside the data window there is black before and after. What is premultiplied has right edges, and stays black where alpha is 0, with Unpremultiply alone.",
  keywords: ['colour', 'lift', 'gamma', 'gain', 'contrast', 'brightness', 'levels', 'multiply', 'offset'],
  params,
  inputs: { image: image('The image, scene-linear.') },
  summary: ({ blackPoint, whitePoint, lift, gain, multiply, offset, gamma }) =>
    gradeSummary({ black: blackPoint, white: whitePoint, lift, gain, multiply, offset, gamma }, (name) =>
      ['black', 'lift', 'offset'].includes(name) ? 0 : 1,
    ),

  spec(ctx) {
    const { blackPoint, whitePoint } = ctx.params;
    if (blackPoint.some((value, i) => value === whitePoint[i])) {
      const message = 'Black point and white point are the same, so that nothing lies between them. Move one of them.';
      ctx.report({ severity: 'error', code: 'param-invalid', message, where: { param: 'whitePoint' } });
      return describeLayers(ctx, []);
    }
    return describeLayers(ctx, programOf(ctx.params));
  },

  pointwise: (ctx, part) => groupsOf(ctx, programOf(ctx.params), part),
});
