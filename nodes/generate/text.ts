// Text: an image of lines of text in the bundled font.
import { z } from 'zod';
import { boxIntersection, boxIsEmpty, boxWidth, defineNode, listNames } from '../../engine/authoring.ts';
import { colour, describePicture, formatBox, paintPlanes, pictureFrames, pictureParams } from './picture/picture.ts';
import { coverageOf } from './text/coverage.ts';
import { WEIGHTS } from './text/font.ts';
import { layoutText, windowOf } from './text/layout.ts';

export const text = defineNode({
  type: 'generate.text',
  version: 1,
  title: 'Text',
  doc: 'Draws lines of text on nothing, in Inter (SIL Open Font License), with kerning: Latin, Greek and Cyrillic letters. Colour and alpha are multiplied by how much of a pixel the letters cover, so that Merge lays them over an image. The data window holds the text and what of it lies outside the format is cut. The same text gives the same bytes on every machine.',
  keywords: ['title', 'slate', 'burn-in', 'label', 'caption', 'letters', 'font', 'type', 'generate'],
  params: z.strictObject({
    text: z.string().max(10_000).default('Text').meta({
      title: 'Text',
      // biome-ignore lint/suspicious/noTemplateCurlyInString: these are the placeholders that people type
      description: 'May have several lines, and hold ${frame} and variables.',
      widget: 'multiline',
    }),
    size: z.number().min(1).max(10_000).default(100).meta({
      title: 'Size',
      description: 'Height of the font, from line to line where Leading is 1.',
      unit: 'px',
    }),
    weight: z.enum(WEIGHTS).default('regular').meta({ title: 'Weight', description: 'Of the letters.' }),
    color: colour.default([1, 1, 1, 1]).meta({
      title: 'Colour',
      description: 'Red, green, blue and alpha of the letters, colours multiplied by alpha already.',
      widget: 'colour',
    }),
    position: z
      .tuple([z.number().min(-100).max(100), z.number().min(-100).max(100)])
      .default([0.5, 0.5])
      .meta({
        title: 'Position',
        description: 'Where the text is, as shares of width and height: 0, 0 is the upper left corner.',
      }),
    across: z.enum(['left', 'centre', 'right']).default('centre').meta({
      title: 'Across',
      description: 'Which end of the lines is at the position.',
    }),
    down: z.enum(['top', 'middle', 'bottom']).default('middle').meta({
      title: 'Down',
      description: 'Which end of all lines is at the position.',
    }),
    leading: z.number().min(0).max(100).default(1.2).meta({
      title: 'Leading',
      description: 'From line to line, in sizes.',
      advanced: true,
    }),
    tracking: z.number().min(-10).max(10).default(0).meta({
      title: 'Tracking',
      description: 'Room between letters besides their own, in sizes.',
      advanced: true,
    }),
    ...pictureParams,
  }),
  inputs: {},
  cosmetic: ['frames'],
  summary: ({ text: written }) => written.split('\n')[0]!.slice(0, 40),

  frames: pictureFrames,
  async spec(ctx) {
    const { params } = ctx;
    const layout = await layoutText(params, params.format);
    if (layout.missing.length > 0) {
      const message = `The font has no ${listNames(layout.missing)}: left out.`;
      ctx.report({ severity: 'warning', code: 'param-invalid', message, where: { param: 'text' } });
    }
    const image = describePicture(ctx, { color: params.color }, () => ({ from: 'computed' }));
    const dataWindow = windowOf(layout, formatBox(params));
    return { ...image, parts: image.parts.map((part) => ({ ...part, dataWindow })) };
  },

  async pull({ params }, want) {
    const { edges, bounds } = await layoutText(params, params.format);
    const columns = boxWidth(bounds);
    const shared = boxIntersection(want.box, bounds);
    const rows = { top: shared.minY, bottom: shared.maxY, left: bounds.minX, columns };
    const coverage = boxIsEmpty(shared) ? new Float32Array(0) : coverageOf(edges, rows);
    return paintPlanes(params, want, (floats, width, place) => {
      const value = params.color[place]!;
      for (let y = shared.minY; y <= shared.maxY; y++) {
        const from = (y - shared.minY) * columns - bounds.minX;
        const to = (y - want.box.minY) * width - want.box.minX;
        for (let x = shared.minX; x <= shared.maxX; x++) floats[to + x] = coverage[from + x]! * value;
      }
    });
  },
});
