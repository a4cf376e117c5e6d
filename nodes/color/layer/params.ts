// Parameters that nodes on layers of colour have in common.

import { z } from 'zod';
import { COLOUR_CHANNELS } from '../../../engine/authoring.ts';

/** Which layers a node changes; the last two parameters of each. */
export const layerParams = {
  channels: z
    .array(z.string().min(1))
    .default([...COLOUR_CHANNELS])
    .meta({
      title: 'Channels',
      description:
        'Names of the channels to change, * for any text: diffuse.* or *.R. R, G and B of a layer go together.',
      widget: 'channels',
      advanced: true,
    }),
  notColour: z.enum(['leave', 'convert']).default('leave').meta({
    title: 'What is not colour',
    description:
      'Layers that have R, G and B but hold data, such as normals, positions and Cryptomattes: they are left as they are, and naming one is an error, unless this says convert.',
    advanced: true,
  }),
} as const;

/** Only the main layer, for nodes that change the look of one picture. */
export const mainLayerParams = {
  ...layerParams,
  channels: layerParams.channels.unwrap().default(['R', 'G', 'B']).meta(layerParams.channels.meta()!),
} as const;

/** Whether colours are divided by alpha before and multiplied after. */
export const unpremultiply = z.boolean().default(false).meta({
  title: 'Unpremultiply',
  description:
    "Divides colours by alpha before, and multiplies them after it: by the layer's own A, or else the part's, or else the first part's. Where alpha is 0 they are taken as they stand, so that glows stay, as in OpenImageIO; in Nuke they become 0.",
});

/** The same for grades, which may make light out of black: none may come up where nothing is. */
export const unpremultiplyGrade = z.boolean().default(false).meta({
  title: 'Unpremultiply',
  description:
    "Divides colours by alpha before, and multiplies them after it: by the layer's own A, or else the part's, or else the first part's. Where alpha is 0 they become 0, as in Nuke.",
});

/** One number for each of red, green and blue. */
export const triple = z.tuple([z.number(), z.number(), z.number()]);
