// Curves: bends red, green and blue by curves through points, one for all and one for each.
import { z } from 'zod';
import { defineNode, image, type NodeProblem, type PointwiseProgram } from '../../engine/authoring.ts';
import { curveTable, type Point } from './curves/slope.ts';
import { mainLayerParams, unpremultiplyGrade } from './layer/params.ts';
import { describeLayers, gradeProgram, groupsOf } from './layer/run.ts';

const MOST_POINTS = 256;
const number = z.number().min(-1e6).max(1e6);
const point = z.strictObject({
  x: number.meta({ title: 'In', description: 'The sample.' }),
  y: number.meta({ title: 'Out', description: 'What becomes of it.' }),
});

const points = (title: string, whose: string) =>
  z
    .array(point)
    .max(MOST_POINTS)
    .default([
      { x: 0, y: 0 },
      { x: 1, y: 1 },
    ])
    .meta({
      title,
      description: `Points of the curve of ${whose}, from left to right. Without points it changes nothing.`,
    });

const params = z.strictObject({
  master: points('Master', 'red, green and blue alike, which comes before their own'),
  red: points('Red', 'red'),
  green: points('Green', 'green'),
  blue: points('Blue', 'blue'),
  join: z.enum(['smooth', 'straight']).default('smooth').meta({
    title: 'Between points',
    description: 'smooth bends without overshooting: what rises from one point to the next rises all the way.',
  }),
  beyond: z.enum(['straight', 'hold']).default('straight').meta({
    title: 'Beyond the ends',
    description: 'Before the first and after the last point the curve goes on straight, or holds their values.',
  }),
  unpremultiply: unpremultiplyGrade,
  ...mainLayerParams,
});

type Params = z.output<typeof params>;

const CURVES = ['master', 'red', 'green', 'blue'] as const;

function programOf(values: Params): PointwiseProgram {
  const [master = null, ...own] = CURVES.map((name) => curveTable(values[name], values));
  const steps: PointwiseProgram = [
    ...(master ? [{ do: 'spline', by: [master] } as const] : []),
    ...(own.some((table) => table !== null) ? [{ do: 'spline', by: own } as const] : []),
  ];
  return gradeProgram(steps, values);
}

/** Why no curve leads through these points; undefined where one does. */
function troubleOf(param: (typeof CURVES)[number], list: readonly Point[]): NodeProblem | undefined {
  const stuck = list.findIndex(({ x }, i) => i > 0 && !(Math.fround(x) > Math.fround(list[i - 1]!.x)));
  if (stuck < 0) return undefined;
  const sorted = list.toSorted((a, b) => a.x - b.x).map(({ x, y }) => ({ x, y }));
  const double = sorted.find(({ x }, i) => i > 0 && Math.fround(x) === Math.fround(sorted[i - 1]!.x));
  const message = double
    ? `Two points of ${param} lie at ${double.x}. Move or remove one of them.`
    : `Point ${stuck + 1} of ${param}, at ${list[stuck]!.x}, lies left of the one before it. Put them in order.`;
  const fixes = double ? [] : [{ title: 'Put them in order', set: { [param]: sorted } }];
  return { severity: 'error', code: 'param-invalid', message, where: { param }, fixes };
}

export const curves = defineNode({
  type: 'color.curves',
  version: 1,
  title: 'Curves',
  doc: 'Bends red, green and blue by curves through points: first the master curve, then the one of each channel. Nothing is cut off: beyond its ends a curve goes on straight, unless it is told to hold. A NaN stays one. Alpha, windows and sample types stay as they are. What is premultiplied has right edges, and stays black where alpha is 0, with Unpremultiply alone.',
  keywords: ['colour', 'curve', 'contrast', 'lookup', 'ColorLookup', 'tone', 'spline', 'points', 'grade'],
  params,
  inputs: { image: image('The image, of whatever space.') },

  summary(values) {
    const bent = CURVES.filter((name) => {
      const list = values[name];
      return troubleOf(name, list) !== undefined || curveTable(list, values) !== null;
    });
    return bent.length === 0 ? 'nothing' : bent.map((name) => `${name} ${values[name].length}`).join(' · ');
  },

  spec(ctx) {
    const problems = CURVES.flatMap((name) => troubleOf(name, ctx.params[name]) ?? []);
    for (const problem of problems) ctx.report(problem);
    return describeLayers(ctx, problems.length > 0 ? [] : programOf(ctx.params));
  },

  pointwise: (ctx, part) => groupsOf(ctx, programOf(ctx.params), part),
});
