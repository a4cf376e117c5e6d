// Frame hold: shows one frame for all, or every so many frames the next one.
import { z } from 'zod';
import { defineNode, type FrameSupply, image, passImage } from '../../engine/authoring.ts';

const params = z.strictObject({
  frame: z.int().min(-1_000_000_000).max(1_000_000_000).default(1).meta({
    title: 'Frame',
    description: 'The frame that is shown. With an increment, the first that is shown anew.',
  }),
  increment: z.int().min(0).max(1_000_000).default(0).meta({
    title: 'Increment',
    description:
      'Every so many frames another one is shown: with 2, frames 1 1 3 3 5 5. With 0 it is one frame for all.',
    unit: 'frames',
  }),
});

type Params = z.output<typeof params>;

const shown = ({ frame: first, increment }: Params, frame: number): number =>
  increment === 0 ? first : first + Math.floor((frame - first) / increment) * increment;

export const hold = defineNode({
  type: 'time.hold',
  version: 1,
  title: 'Frame hold',
  doc: 'Shows one frame of its image at every frame, or, with an increment, every so many frames the next one. A held sequence no longer limits the frames of a run. What is held is computed once. As FrameHold in Nuke.',
  keywords: ['freeze', 'still', 'stutter', 'step', 'on twos', 'frames'],
  params,
  inputs: { image: image('The image of which frames are held.') },
  summary: ({ frame, increment }) => (increment === 0 ? `frame ${frame}` : `every ${increment} from ${frame}`),

  frameOf: ({ params, frame }) => shown(params, frame),
  framesOf: ({ params }, supply) => (params.increment === 0 ? undefined : spread(params, supply)),
  spec: ({ inputs }) => passImage(inputs.image, 'image'),
});

/** Each frame that is shown, for as many frames as it stands. */
function spread(params: Params, supply: FrameSupply): FrameSupply {
  const steps = supply.frames.filter((frame) => shown(params, frame) === frame);
  const each = Array.from({ length: params.increment }, (_, i) => i);
  return { ...supply, frames: steps.flatMap((frame) => each.map((i) => frame + i)) };
}
