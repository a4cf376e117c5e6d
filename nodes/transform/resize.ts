// Resize: scales the image and its windows, to a size or by a factor.
import { z } from 'zod';
import { boxHeight, boxWidth, defineNode, image, type PartSpec } from '../../engine/authoring.ts';
import { nearestIn, samplingParams } from './sampling/params.ts';
import { type Move, movedImage, type Placement, placed, stretch } from './sampling/place.ts';
import { takeSamples } from './sampling/take.ts';

const MOST_PIXELS = 65_536;
const length = z.int().min(1).max(MOST_PIXELS);
const factor = z.number().min(0.001).max(1000);

const params = z.strictObject({
  by: z.enum(['factor', 'size']).default('factor').meta({
    title: 'By',
    description: 'Whether the new size is a share of the old one or given in pixels.',
  }),
  factor: z.tuple([factor, factor]).default([1, 1]).meta({
    title: 'Factor',
    description: 'Of width and height, where By is factor: 0.5 is half. The display window is rounded to whole pixels.',
  }),
  size: z
    .tuple([length, length])
    .default([1920, 1080])
    .meta({ title: 'Size', unit: 'px', description: 'Width and height of the new display window, where By is size.' }),
  ...samplingParams('lanczos3'),
});

type Params = z.output<typeof params>;

export const resize = defineNode({
  type: 'transform.resize',
  version: 1,
  title: 'Resize',
  doc: "Scales all channels of every part. The display window takes the new size and keeps its upper left corner; the data window is scaled with it and rounded outwards to whole pixels. The pixel aspect ratio stays as it is, so unequal factors change the shape of the picture. Samples lie in the middle of their pixels, and the weights of a filter sum up to 1. Sample types stay as they are; whole numbers and Cryptomattes take the nearest sample, where Nuke and Gaffer mix them. Alpha is resized like any other channel, so colours should be premultiplied. Edges repeat, as in Nuke's Reformat and Gaffer's Resize.",
  keywords: ['scale', 'resample', 'proxy', 'half', 'reformat', 'lanczos', 'mitchell', 'cubic', 'size', 'resolution'],
  params,
  inputs: { image: image('The image to scale.') },
  summary: ({ by, factor: [x, y], size, filter }) =>
    `${by === 'size' ? size.join(' × ') : x === y ? `× ${x}` : `× ${x}, ${y}`}, ${filter}`,

  spec: (ctx) => movedImage(ctx, 'Resize', (part) => scaled(part, ctx.params)),

  pull({ params, inputs, sources, signal }, want) {
    const part = inputs.image.parts[want.part]!;
    const nearest = nearestIn(params, inputs.image, want.part);
    const placement = placementOf(part, params);
    return takeSamples({ source: sources.image, part, placement, params, nearest, signal }, want);
  },
});

/** Width and height of the new display window. */
function sizeOf({ displayWindow }: PartSpec, { by, factor: [x, y], size }: Params): readonly [number, number] {
  if (by === 'size') return size;
  const limited = (pixels: number): number => Math.min(MOST_PIXELS, Math.max(1, Math.round(pixels)));
  return [limited(boxWidth(displayWindow) * x), limited(boxHeight(displayWindow) * y)];
}

function placementOf(part: PartSpec, params: Params): Placement {
  const { displayWindow: display } = part;
  const [across, down] = sizeOf(part, params);
  return {
    columns: stretch(display.minX, boxWidth(display), display.minX, across),
    rows: stretch(display.minY, boxHeight(display), display.minY, down),
  };
}

function scaled(part: PartSpec, params: Params): Move {
  const { minX, minY } = part.displayWindow;
  const [across, down] = sizeOf(part, params);
  const placement = placementOf(part, params);
  const displayWindow = { minX, minY, maxX: minX + across - 1, maxY: minY + down - 1 };
  return { placement, dataWindow: placed(part.dataWindow, placement), displayWindow };
}
