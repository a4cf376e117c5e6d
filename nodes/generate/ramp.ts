// Ramp: an image that goes from one colour to another along a line.
import { z } from 'zod';
import { defineNode } from '../../engine/authoring.ts';
import { colour, describePicture, paintPlanes, pictureFrames, pictureParams } from './picture/picture.ts';

const point = z.tuple([z.number(), z.number()]);

export const ramp = defineNode({
  type: 'generate.ramp',
  version: 1,
  title: 'Ramp',
  doc: 'Makes an image that goes from one colour to another between two points, and stays at each before and after. Samples lie in the middle of their pixels. Points are shares of the format counted from the upper left corner, while Nuke counts pixels from the lower left. Numbers are taken as they are, in whatever space the graph works.',
  keywords: ['gradient', 'fade', 'graduated', 'generate'],
  params: z.strictObject({
    from: point.default([0, 0.5]).meta({
      title: 'From',
      description: 'Where the ramp begins, as shares of width and height: 0, 0 is the upper left corner.',
    }),
    to: point.default([1, 0.5]).meta({
      title: 'To',
      description: 'Where the ramp ends, as shares of width and height: 1, 1 is the lower right corner.',
    }),
    colorFrom: colour.default([0, 0, 0, 1]).meta({
      title: 'First colour',
      description: 'Red, green, blue and alpha where the ramp begins.',
      widget: 'colour',
    }),
    colorTo: colour.default([1, 1, 1, 1]).meta({
      title: 'Second colour',
      description: 'Red, green, blue and alpha where the ramp ends.',
      widget: 'colour',
    }),
    ease: z.enum(['linear', 'smooth']).default('linear').meta({
      title: 'Ease',
      description: 'Evenly, or slowly at both ends: t² (3 - 2t).',
    }),
    ...pictureParams,
  }),
  inputs: {},
  cosmetic: ['frames'],
  summary: ({ ease, format }) => `${ease}, ${format.join(' × ')}`,

  frames: pictureFrames,
  spec: (ctx) => {
    const { from, to, colorFrom, colorTo } = ctx.params;
    if (from[0] === to[0] && from[1] === to[1]) {
      const message = 'The ramp begins and ends at the same point. Move one of them.';
      ctx.report({ severity: 'error', code: 'param-invalid', message, where: { param: 'to' } });
    }
    return describePicture(ctx, { colorFrom, colorTo }, () => ({ from: 'computed' }));
  },

  pull: async ({ params }, want) => {
    const { from, to, colorFrom, colorTo, ease, format } = params;
    const [x0, y0] = [from[0] * format[0], from[1] * format[1]];
    const [dx, dy] = [(to[0] - from[0]) * format[0], (to[1] - from[1]) * format[1]];
    const length = dx * dx + dy * dy;
    const { minX, minY } = want.box;
    const [across, down] = [dx / length, dy / length];
    return paintPlanes(params, want, (floats, columns, place) => {
      const start = colorFrom[place]!;
      const change = colorTo[place]! - start;
      for (let at = 0, y = minY; at < floats.length; at += columns, y++) {
        const row = (y + 0.5 - y0) * down;
        for (let i = 0; i < columns; i++) {
          const along = Math.min(1, Math.max(0, (minX + i + 0.5 - x0) * across + row));
          floats[at + i] = start + change * (ease === 'smooth' ? along * along * (3 - 2 * along) : along);
        }
      }
    });
  },
});
