// The parameters of Color convert.
import { z } from 'zod';
import { COLOUR_CHANNELS } from '../layer/layer.ts';
import { LOGC3_INDICES } from '../space/camera.ts';
import { SPACE_NAMES } from '../space/space.ts';

export const params = z.strictObject({
  from: z
    .enum(['auto', ...SPACE_NAMES])
    .default('auto')
    .meta({
      title: 'From',
      description:
        "The space that the colours are in. auto takes what the file's tags say, and asks where they say nothing: a space is never guessed.",
    }),
  to: z.enum(SPACE_NAMES).default('lin_ap1_scene').meta({
    title: 'To',
    description: 'The space that the colours come out in; lin_ap1_scene is ACEScg.',
  }),
  adaptation: z.enum(['bradford', 'cat02', 'none']).default('bradford').meta({
    title: 'White adaptation',
    description: 'How white becomes white where the two spaces have different ones. none keeps X, Y and Z.',
    advanced: true,
  }),
  unpremultiply: z.boolean().default(false).meta({
    title: 'Unpremultiply',
    description:
      "Divides colours by alpha before, and multiplies them after it: by the layer's own A, or else the part's. Colours without alpha under them, where it is 0, are converted as they stand. Between linear spaces it makes no difference and is not done.",
  }),
  channels: z
    .array(z.string().min(1))
    .default([...COLOUR_CHANNELS])
    .meta({
      title: 'Channels',
      description:
        'Names of the channels to convert, * for any text: diffuse.* or *.R. R, G and B of a layer go together.',
      widget: 'channels',
      advanced: true,
    }),
  notColour: z.enum(['leave', 'convert']).default('leave').meta({
    title: 'What is not colour',
    description:
      'Layers that have R, G and B but hold data, such as normals, positions and Cryptomattes: they are left as they are, and naming one is an error, unless this says convert.',
    advanced: true,
  }),
  exposureIndex: z.literal(LOGC3_INDICES).default(800).meta({
    title: 'Exposure index',
    description: 'Of ARRI LogC3 alone: the index that the camera was set to.',
    advanced: true,
  }),
});

export type Params = z.output<typeof params>;
