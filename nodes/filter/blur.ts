// Blur: a Gaussian or a box along both axes.
import { z } from 'zod';
import { defineNode, image, type Plane, regionOf, resamplePlane } from '../../engine/authoring.ts';
import { changedImage, channelsParam, edgesParam } from './choice/choice.ts';
import { amountParams, blurAxes, blursNothing, marginOf, spreadOf } from './gauss/amount.ts';

const params = z.strictObject({
  ...amountParams([0, 0]),
  kernel: z.enum(['gaussian', 'box']).default('gaussian').meta({
    title: 'Kernel',
    description:
      'gaussian is the smoothest; box is the mean of a rectangle of this size, with shares of the pixels at its ends.',
  }),
  edges: edgesParam('black'),
  grow: z.boolean().default(false).meta({
    title: 'Grow window',
    description:
      'Makes the data window larger by what the blur carries beyond it: five standard deviations of a Gaussian, half of a box.',
  }),
  channels: channelsParam,
});

export const blur = defineNode({
  type: 'filter.blur',
  version: 1,
  title: 'Blur',
  doc: "Blurs the chosen channels: R, G, B and A where nothing else is said, where Nuke takes all. Size is as in Nuke: a Gaussian's standard deviation is the size divided by 2.4. The Gaussian is the exact one within 4 parts in a million, whatever its size. Outside the data window there is black, so edges darken, as in Gaffer and after Nuke's Black outside; choose repeat for the way Nuke treats the edges of a format. The data window stays as it is unless it is told to grow. Alpha is blurred like any other channel, so colours should be premultiplied. Half stays half; a NaN spreads as far as the blur.",
  keywords: ['gaussian', 'box', 'soften', 'smooth', 'defocus', 'low-pass', 'sigma'],
  params,
  inputs: { image: image('The image to blur.') },
  access: (params) => ({ margin: marginOf(params) }),
  summary: ({ kernel, measure, size: [x, y] }) =>
    `${kernel}, ${measure === 'sigma' ? 'sigma ' : ''}${x === y ? x : `${x} × ${y}`}`,

  spec: (ctx) =>
    changedImage(ctx, {
      title: 'Blur',
      active: !blursNothing(ctx.params),
      grow: ctx.params.grow ? spreadOf(ctx.params) : [0, 0],
    }),

  async pull({ params, inputs, sources, signal }, want) {
    const { dataWindow } = inputs.image.parts[want.part]!;
    const axes = blurAxes(params, want.box, dataWindow, params.edges);
    const planes = await sources.image.planes({ ...want, box: regionOf(axes) });
    return new Map(
      want.channels.map((name): [string, Plane] => {
        signal.throwIfAborted();
        return [name, resamplePlane(planes.get(name)!, axes, want.box)];
      }),
    );
  },
});
