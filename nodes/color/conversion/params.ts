// The parameters of Color convert.

import { z } from 'zod';
import { LOGC3_INDICES, SPACE_NAMES, SPACE_TITLES } from '../../../engine/authoring.ts';
import { layerParams, unpremultiply } from '../layer/params.ts';

export const params = z.strictObject({
  from: z
    .enum(['auto', ...SPACE_NAMES])
    .default('auto')
    .meta({
      title: 'From',
      description:
        "The space that the colours are in. auto takes what the file's tags say, and asks where they say nothing: a space is never guessed.",
      titles: SPACE_TITLES,
    }),
  to: z.enum(SPACE_NAMES).default('lin_ap1_scene').meta({
    title: 'To',
    description: 'The space that the colours come out in; lin_ap1_scene is ACEScg.',
    titles: SPACE_TITLES,
  }),
  adaptation: z.enum(['bradford', 'cat02', 'none']).default('bradford').meta({
    title: 'White adaptation',
    description: 'How white becomes white where the two spaces have different ones. none keeps X, Y and Z.',
    advanced: true,
  }),
  unpremultiply,
  ...layerParams,
  exposureIndex: z.literal(LOGC3_INDICES).default(800).meta({
    title: 'Exposure index',
    description: 'Of ARRI LogC3 alone: the index that the camera was set to.',
    advanced: true,
  }),
});

export type Params = z.output<typeof params>;
