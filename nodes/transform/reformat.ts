// Reformat: puts the image into a format, scaled to its width, its height, to fit, to fill, or not at all.
import { z } from 'zod';
import {
  type AxisMap,
  boxContains,
  boxHeight,
  boxIntersection,
  boxIsEmpty,
  boxText,
  boxWidth,
  decodeAttribute,
  defineNode,
  encodeAttribute,
  findAttribute,
  type ImageSpec,
  image,
  type PartSpec,
  withAttribute,
} from '../../engine/authoring.ts';
import { nearestIn, samplingParams } from './sampling/params.ts';
import { type Move, type MoveContext, movedImage, type Placement, placed } from './sampling/place.ts';
import { takeSamples } from './sampling/take.ts';

const length = z.int().min(1).max(65_536);

const params = z.strictObject({
  format: z.tuple([length, length]).default([1920, 1080]).meta({
    title: 'Format',
    unit: 'px',
    description: 'Width and height of the new display window, which begins at 0, 0.',
  }),
  pixelAspect: z.number().min(0).max(10).default(0).meta({
    title: 'Pixel aspect',
    description:
      'Width of a pixel of the format by its height. 0 keeps that of the image. Another one keeps the shape of the picture and sets pixelAspectRatio.',
    advanced: true,
  }),
  resize: z.enum(['none', 'width', 'height', 'fit', 'fill', 'distort']).default('width').meta({
    title: 'Resize',
    description:
      "none leaves pixels as they are; width and height make that side of the image the format's; fit shows all of it, fill leaves no border; distort makes both sides the format's and changes the shape.",
  }),
  centre: z.boolean().default(true).meta({
    title: 'Centre',
    description:
      'Puts the middle of the image into the middle of the format, to whole pixels; else the upper left corners meet.',
  }),
  blackOutside: z.boolean().default(false).meta({
    title: 'Black outside',
    description: 'Cuts off what lies outside the format. Otherwise the data window keeps it.',
  }),
  ...samplingParams('lanczos3'),
});

type Params = z.output<typeof params>;

export const reformat = defineNode({
  type: 'transform.reformat',
  version: 1,
  title: 'Reformat',
  doc: "Puts every part into a format: the display window becomes the format, and all channels are scaled with it, from the old display window to the new one. What lies outside the format is kept in the data window unless Black outside cuts it off, as in Nuke; where the image is smaller than the format there is nothing, which is black. Pixels that are only moved are copied bit for bit. Without Centre upper left corners meet, where Nuke's meet at the lower left. Sample types stay as they are; whole numbers and Cryptomattes take the nearest sample. Edges of the data window repeat under the filter, as in Nuke.",
  keywords: [
    'format',
    'resolution',
    'letterbox',
    'pillarbox',
    'scale',
    'fit',
    'fill',
    'resize',
    'anamorphic',
    'HD',
    'UHD',
  ],
  params,
  inputs: { image: image('The image to put into the format.') },
  summary: ({ format, resize }) => `${format.join(' × ')}, ${resize}`,

  spec(ctx): ImageSpec {
    const moved = movedImage(ctx, 'Reformat', (part, index) => reformatted(ctx, part, index));
    const { pixelAspect } = ctx.params;
    if (pixelAspect === 0) return moved;
    const aspect = { ...encodeAttribute('pixelAspectRatio', 'float', pixelAspect), source: ctx.node };
    return {
      ...moved,
      parts: moved.parts.map((part) =>
        aspectOf(part) === Math.fround(pixelAspect)
          ? part
          : { ...part, attributes: withAttribute(part.attributes, aspect) },
      ),
    };
  },

  pull({ params, inputs, sources, signal }, want) {
    const part = inputs.image.parts[want.part]!;
    const nearest = nearestIn(params, inputs.image, want.part);
    const placement = placementOf(part, params);
    return takeSamples({ source: sources.image, part, placement, params, nearest, signal }, want);
  },
});

/** Width of a pixel by its height. */
function aspectOf({ attributes }: PartSpec): number {
  const attribute = findAttribute(attributes, 'pixelAspectRatio');
  const value = attribute ? decodeAttribute(attribute) : 1;
  return typeof value === 'number' && value > 0 ? value : 1;
}

/** So many pixels of the image become so many of the format. */
interface Ratio {
  readonly old: number;
  readonly made: number;
}

function ratios({ displayWindow, ...part }: PartSpec, { format, pixelAspect, resize }: Params): [Ratio, Ratio] {
  const [width, height] = [boxWidth(displayWindow), boxHeight(displayWindow)];
  const own = aspectOf({ displayWindow, ...part });
  const aspect = pixelAspect === 0 ? own : pixelAspect;
  const across = { old: width, made: format[0] };
  const down = { old: height, made: format[1] };
  // What the other side must be for the picture to keep its shape; whole numbers where pixels have the same one.
  const byWidth: [Ratio, Ratio] = [across, aspect === own ? across : { old: width * own, made: format[0] * aspect }];
  const byHeight: [Ratio, Ratio] = [aspect === own ? down : { old: height * aspect, made: format[1] * own }, down];
  const widthIsLess = format[0] * aspect * height <= format[1] * width * own;
  switch (resize) {
    case 'none':
      return [
        { old: 1, made: 1 },
        { old: 1, made: 1 },
      ];
    case 'width':
      return byWidth;
    case 'height':
      return byHeight;
    case 'fit':
      return widthIsLess ? byWidth : byHeight;
    case 'fill':
      return widthIsLess ? byHeight : byWidth;
    case 'distort':
      return [across, down];
  }
}

function placementOf(part: PartSpec, params: Params): Placement {
  const { displayWindow: display } = part;
  const [x, y] = ratios(part, params);
  const along = ({ old, made }: Ratio, first: number, count: number, length: number): AxisMap => {
    // The border is of whole pixels, so that edges stay as sharp as they are.
    const border = params.centre ? Math.floor((length - (count * made) / old) / 2) : 0;
    return { scale: 2 * old, offset: 2 * made * first + old - 2 * border * old, over: 2 * made };
  };
  return {
    columns: along(x, display.minX, boxWidth(display), params.format[0]),
    rows: along(y, display.minY, boxHeight(display), params.format[1]),
  };
}

function reformatted(ctx: MoveContext & { readonly params: Params }, part: PartSpec, index: number): Move {
  const placement = placementOf(part, ctx.params);
  const [width, height] = ctx.params.format;
  const displayWindow = { minX: 0, minY: 0, maxX: width - 1, maxY: height - 1 };
  const whole = placed(part.dataWindow, placement);
  if (!ctx.params.blackOutside || boxContains(displayWindow, whole))
    return { placement, dataWindow: whole, displayWindow };
  const dataWindow = boxIntersection(whole, displayWindow);
  if (boxIsEmpty(dataWindow)) {
    ctx.report({
      severity: 'error',
      code: 'window-mismatch',
      message: `Nothing of ${boxText(whole)}, where the data window comes to lie, is within the format ${boxText(displayWindow)}. Turn Black outside off or choose another format.`,
      where: { param: 'blackOutside', part: part.name ?? index },
    });
    return { placement, dataWindow: whole, displayWindow };
  }
  const reason = `pixels outside the format ${boxText(displayWindow)} are cut off`;
  ctx.lose({ kind: 'window', port: 'image', part: index, name: 'dataWindow', reason });
  return { placement, dataWindow, displayWindow };
}
