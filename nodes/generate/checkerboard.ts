// Checkerboard: an image of squares in two colours.
import { z } from 'zod';
import { defineNode } from '../../engine/authoring.ts';
import { colour, describePicture, paintPlanes, pictureFrames, pictureParams } from './picture/picture.ts';

const edge = z.int().min(1).max(65_536);

export const checkerboard = defineNode({
  type: 'generate.checkerboard',
  version: 1,
  title: 'Checkerboard',
  doc: 'Makes an image of boxes in two colours by turns. The first box begins at the upper left corner, while in Nuke the pattern begins in the middle. Numbers are taken as they are, in whatever space the graph works.',
  keywords: ['checker', 'grid', 'squares', 'pattern', 'test', 'generate'],
  params: z.strictObject({
    size: z
      .tuple([edge, edge])
      .default([64, 64])
      .meta({ title: 'Size', unit: 'px', description: 'Width and height of a box.' }),
    colorA: colour.default([0.1, 0.1, 0.1, 1]).meta({
      title: 'First colour',
      description: 'Red, green, blue and alpha of the box in the upper left corner.',
      widget: 'colour',
    }),
    colorB: colour.default([0.5, 0.5, 0.5, 1]).meta({
      title: 'Second colour',
      description: 'Red, green, blue and alpha of the boxes beside it.',
      widget: 'colour',
    }),
    ...pictureParams,
  }),
  inputs: {},
  cosmetic: ['frames'],
  summary: ({ size, format }) => `boxes of ${size.join(' × ')}, ${format.join(' × ')}`,

  frames: pictureFrames,
  spec: (ctx) => {
    const { colorA, colorB } = ctx.params;
    return describePicture(ctx, { colorA, colorB }, () => ({ from: 'computed' }));
  },

  pull: async ({ params }, want) => {
    const { minX, minY } = want.box;
    const [width, height] = params.size;
    return paintPlanes(params, want, (floats, columns, place) => {
      const ends = [params.colorA[place]!, params.colorB[place]!] as const;
      // Two rows are all that there are: the others are theirs by turns.
      const [even, odd] = [0, 1].map((turn) =>
        Float32Array.from({ length: columns }, (_, i) => ends[((Math.floor((minX + i) / width) + turn) & 1) as 0 | 1]),
      );
      for (let start = 0, y = minY; start < floats.length; start += columns, y++) {
        floats.set((Math.floor(y / height) & 1) === 0 ? even! : odd!, start);
      }
    });
  },
});
