// Time offset: shows an image earlier or later.
import { z } from 'zod';
import { defineNode, image, passImage } from '../../engine/authoring.ts';

export const offset = defineNode({
  type: 'time.offset',
  version: 1,
  title: 'Time offset',
  doc: 'Shows its image later by a number of frames, or earlier by a negative one: with 10, frame 1011 shows what was frame 1001. The frames that a run takes from its sequences move along. A positive number delays, as in Nuke; the offset of TimeWarp in Gaffer counts the other way.',
  keywords: ['shift', 'delay', 'slip', 'retime', 'frames'],
  params: z.strictObject({
    frames: z.int().min(-1_000_000).max(1_000_000).default(0).meta({
      title: 'Frames',
      description: 'How many frames later the image is shown; a negative number shows it earlier.',
      unit: 'frames',
    }),
  }),
  inputs: { image: image('The image to move in time.') },
  summary: ({ frames }) => `${frames > 0 ? '+' : ''}${frames} frames`,

  frameOf: ({ params, frame }) => frame - params.frames,
  framesOf: ({ params }, supply) => ({ ...supply, frames: supply.frames.map((frame) => frame + params.frames) }),
  spec: ({ inputs }) => passImage(inputs.image, 'image'),
});
