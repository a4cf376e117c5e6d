// Constant: an image of one colour.
import { z } from 'zod';
import { defineNode } from '../../engine/authoring.ts';
import { colour, describePicture, pictureFrames, pictureParams } from './picture/picture.ts';

export const constant = defineNode({
  type: 'generate.constant',
  version: 1,
  title: 'Constant',
  doc: 'Makes an image of one colour. Its numbers are taken as they are, in whatever space the graph works; alpha does not multiply them. No sample is stored or computed.',
  keywords: ['solid', 'colour', 'color', 'plain', 'black', 'generate', 'background'],
  params: z.strictObject({
    color: colour.default([0, 0, 0, 1]).meta({
      title: 'Colour',
      description: 'Red, green, blue and alpha.',
      widget: 'colour',
    }),
    ...pictureParams,
  }),
  inputs: {},
  cosmetic: ['frames'],
  summary: ({ color, format }) =>
    `${color.map((value) => Number(value.toPrecision(3))).join(' ')}, ${format.join(' × ')}`,

  frames: pictureFrames,
  spec: (ctx) =>
    describePicture(ctx, { color: ctx.params.color }, (place) => ({
      from: 'constant',
      value: ctx.params.color[place]!,
    })),
});
