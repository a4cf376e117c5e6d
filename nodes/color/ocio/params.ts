// The parameters of OCIO.
import { z } from 'zod';
import { layerParams, unpremultiply } from '../layer/params.ts';

const name = z.string().max(1000).default('');

export const params = z.strictObject({
  config: name.meta({
    title: 'Config',
    widget: 'file',
    description:
      'The path of an OpenColorIO config, version 1 or 2, whose name ends with .ocio. Where it is empty the environment variable OCIO names it.',
  }),
  operation: z.enum(['convert', 'display', 'look', 'named']).default('convert').meta({
    title: 'Operation',
    description:
      'convert goes from one colour space to another, display to what a display shows in a view, look applies looks, named is a named transform.',
  }),
  from: name.meta({
    title: 'From',
    description: 'The space that the colours are in: a name, an alias or a role of the config, such as scene_linear.',
  }),
  to: name.meta({
    title: 'To',
    description:
      'The space that the colours come out in, of convert and look. Where a look says none they come back to From.',
  }),
  display: name.meta({
    title: 'Display',
    description: "A display of the config. Where it is empty the config's first one.",
  }),
  view: name.meta({ title: 'View', description: 'A view of the display. Where it is empty the first one.' }),
  looks: name.meta({
    title: 'Looks',
    description:
      'Looks with commas between them, in their order; a minus before one turns it round. Behind | stands what is tried where a file is missing.',
  }),
  named: name.meta({ title: 'Named transform', description: 'A named transform of the config, or an alias of one.' }),
  direction: z.enum(['forward', 'inverse']).default('forward').meta({
    title: 'Direction',
    description: 'inverse goes the other way: from To to From, or from the codes of a display back to From.',
  }),
  context: z
    .array(
      z.strictObject({
        name: z.string().regex(/^\w+$/, 'Expected letters, digits and _').max(200),
        value: z.string().max(1000),
      }),
    )
    .max(200)
    .default([])
    .meta({
      title: 'Context',
      description:
        'Variables of the config and what they stand for, such as SHOT. They come before those of the environment.',
      advanced: true,
    }),
  unpremultiply,
  ...layerParams,
});

export type Params = z.output<typeof params>;
