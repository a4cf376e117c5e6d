// Sharpen: adds to each sample its difference from a blurred picture (an unsharp mask).
import { z } from 'zod';
import {
  boxUnion,
  createPlane,
  cutPlane,
  defineNode,
  image,
  type Plane,
  regionOf,
  resample,
  sharpen as sharpened,
} from '../../engine/authoring.ts';
import { changedImage, channelsParam, edgesParam } from './choice/choice.ts';
import { type Amount, amountParams, blurAxes, blursNothing, marginOf } from './gauss/amount.ts';

const params = z.strictObject({
  amount: z.number().min(-100).max(100).default(1).meta({
    title: 'Amount',
    description: 'How many times the difference is added: 1 doubles what is fine, -1 leaves the blurred picture.',
    widget: 'slider',
    min: 0,
    max: 4,
    step: 0.05,
  }),
  ...amountParams([3, 3]),
  threshold: z.number().min(0).max(65504).default(0).meta({
    title: 'Threshold',
    description: 'Differences up to this are left out, so that noise is not sharpened.',
  }),
  edges: edgesParam('repeat'),
  channels: channelsParam,
});

type Params = z.output<typeof params>;

const amountOf = ({ size, measure }: Params): Amount => ({ kernel: 'gaussian', size, measure });

export const sharpen = defineNode({
  type: 'filter.sharpen',
  version: 1,
  title: 'Sharpen',
  doc: "Sharpens the chosen channels, R, G, B and A where nothing else is said, by an unsharp mask: each sample plus amount times its difference from the Gaussian blur of the picture. Size is that of Blur and of Nuke's Sharpen: the standard deviation is the size divided by 2.4. Samples may come out below 0 and above what they were; nothing is clamped. Edges repeat, as in Nuke. Alpha is sharpened like any other channel. Half stays half; a NaN spreads as far as the blur.",
  keywords: ['unsharp mask', 'detail', 'high-pass', 'crisp', 'USM'],
  params,
  inputs: { image: image('The image to sharpen.') },
  access: (params) => ({ margin: marginOf(amountOf(params)) }),
  summary: ({ amount, size: [x, y] }) => `${amount} at ${x === y ? x : `${x} × ${y}`} px`,

  spec: (ctx) => {
    const active = ctx.params.amount !== 0 && !blursNothing(amountOf(ctx.params));
    return changedImage(ctx, { title: 'Sharpen', active, grow: [0, 0] });
  },

  async pull({ params, inputs, sources, signal }, want) {
    const { dataWindow } = inputs.image.parts[want.part]!;
    const axes = blurAxes(amountOf(params), want.box, dataWindow, params.edges);
    const region = regionOf(axes);
    const planes = await sources.image.planes({ ...want, box: boxUnion(region, want.box) });
    return new Map(
      want.channels.map((name): [string, Plane] => {
        signal.throwIfAborted();
        const plane = planes.get(name)!;
        const samples = resample(cutPlane(plane, region), axes);
        const blurred: Plane = { ...createPlane('float', want.box), samples };
        return [name, sharpened(plane, blurred, params.amount, params.threshold)];
      }),
    );
  },
});
