// Median: the sample in the middle, by size, of each pixel and its neighbours.
import { z } from 'zod';
import { defineNode, image, median as medianOf, type Plane } from '../../engine/authoring.ts';
import { changedImage, channelsParam, edgesParam, within } from './choice/choice.ts';

const params = z.strictObject({
  size: z.literal([3, 5]).default(3).meta({
    title: 'Size',
    unit: 'px',
    description: 'Width and height of the square of pixels of which the median is taken.',
  }),
  edges: edgesParam('repeat'),
  channels: channelsParam,
});

export const median = defineNode({
  type: 'filter.median',
  version: 1,
  title: 'Median',
  doc: "Gives every pixel the median of the 3 by 3 or 5 by 5 pixels around it, which takes away single bright or dark pixels and keeps edges: of the chosen channels, R, G, B and A where nothing else is said. The median is exact, one of the samples themselves; each channel has its own, as in Nuke and Gaffer. Nuke's size counts pixels to each side, so that its 1 is 3 here. Edges repeat. A NaN makes NaN of all around it.",
  keywords: ['denoise', 'despeckle', 'noise', 'firefly', 'fireflies', 'dust', 'smooth'],
  params,
  inputs: { image: image('The image to smooth.') },
  access: ({ size }) => ({ margin: size >> 1 }),
  summary: ({ size }) => `${size} × ${size}`,

  spec: (ctx) => changedImage(ctx, { title: 'Median', active: true, grow: [0, 0] }),

  async pull({ params, inputs, sources, signal }, want) {
    const { dataWindow } = inputs.image.parts[want.part]!;
    const reach = [params.size >> 1, params.size >> 1] as const;
    const planes = await sources.image.planes({ ...want, box: within(want.box, reach, dataWindow) });
    return new Map(
      want.channels.map((name): [string, Plane] => {
        signal.throwIfAborted();
        return [name, medianOf(planes.get(name)!, { reach, edge: params.edges, into: want.box })];
      }),
    );
  },
});
