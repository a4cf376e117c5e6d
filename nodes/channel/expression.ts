// Expression: makes channels by arithmetic over channels, coordinates and the frame.
import { z } from 'zod';
import { defineNode, image, mergeSubstitutions, passPart } from '../../engine/authoring.ts';
import { chosenPart, makeChannels } from './expression/rows.ts';
import { describeRows, framesMatter } from './expression/spec.ts';

const row = z.strictObject({
  to: z
    .string()
    .min(1)
    .meta({ title: 'Channel', description: 'The channel to make; with a * every channel there is that fits.' }),
  expression: z.string().min(1).max(4096).meta({
    title: 'Expression',
    description: 'What its samples are, such as R * 0.5 + diffuse.G.',
    widget: 'expression',
  }),
  type: z.enum(['half', 'float', 'uint']).optional().meta({
    title: 'Type',
    description:
      'Left out: as the channel was. A new one is half where all channels that the expression names are, else float.',
  }),
});

export const expression = defineNode({
  type: 'channel.expression',
  version: 1,
  title: 'Expression',
  doc: "Makes channels by arithmetic, sample by sample. Names: the channels of the part (in single quotes where they hold more than letters, digits, _ and dots: 'left-eye.R'); this, the channel that is made, as it was; x and y, the pixel, counted to the right and downwards from the origin of the image, where Nuke counts y upwards; width and height of the display window; frame; and the node's own values. A channel called x is written 'x'. Operators: + - * / % ^ < <= > >= == != && || ! ?:. Functions: min max abs floor ceil round trunc frac sqrt pow exp log log2 log10 sin cos tan asin acos atan atan2 clamp lerp mix smoothstep step sign mod hypot noise. Every row reads the channels as they come in. Work is in double precision; whole numbers are rounded to the nearest and kept within their range.",
  keywords: ['math', 'arithmetic', 'formula', 'channel math', 'gain', 'multiply', 'add', 'noise', 'coordinates'],
  params: z.strictObject({
    rows: z.array(row).max(256).default([]).meta({
      title: 'Rows',
      description: 'Each makes a channel, or those that fit its pattern. Channels that no row makes pass through.',
    }),
    part: z.string().default('').meta({
      title: 'Part',
      description: 'The part to work on, by name or as #0. Left empty it is the first one.',
    }),
    values: z
      .record(z.string().regex(/^[A-Za-z_]\w*$/), z.number())
      .default({})
      .meta({
        title: 'Values',
        description:
          'Numbers by name for use in the expressions. They can be animated, and driven by variables of the graph.',
      }),
  }),
  inputs: { image: image('The image whose channels the expressions name.') },
  summary({ rows: [first, ...more] }) {
    if (!first) return 'no rows';
    return `${first.to} ← ${first.expression}${more.length > 0 ? `, +${more.length} more` : ''}`;
  },
  identity: ({ params, frame }) => (framesMatter(params) ? { frame } : {}),

  spec(ctx) {
    const { parts } = ctx.inputs.image;
    const index = chosenPart(ctx.params, parts);
    if (index === undefined) {
      const message = `There is no part ${ctx.params.part}. Parts: ${parts.map((p, i) => p.name ?? `#${i}`).join(', ') || 'none'}.`;
      ctx.report({ severity: 'error', code: 'part-unknown', message, where: { param: 'part' } });
      return { parts: parts.map((part, i) => passPart(part, 'image', i)) };
    }
    const made = parts.map((part, i) => (i === index ? describeRows(ctx, part, i) : passPart(part, 'image', i)));
    return { parts: made, ...mergeSubstitutions([ctx.inputs.image]) };
  },

  pull: (ctx, want) => makeChannels(ctx, want),
});
