// Crop: keeps the samples within a box, and makes the display window fit where asked.
import { z } from 'zod';
import {
  type Box,
  box,
  boxContains,
  boxEquals,
  boxIntersection,
  boxIsEmpty,
  boxText,
  type ChannelSpec,
  defineNode,
  type ImageSpec,
  image,
  type Loss,
  listNames,
  type NodeProblem,
  type PartSpec,
  type Plane,
  passPart,
  recomputePart,
  storedAnew,
  workProblems,
} from '../../engine/authoring.ts';

const edge = z.int().min(-1_000_000).max(1_000_000);

const params = z.strictObject({
  area: z.enum(['display', 'box']).default('display').meta({
    title: 'Area',
    description: 'What is kept: the display window, which cuts off overscan, or the box below.',
  }),
  box: z.tuple([edge, edge, edge, edge]).default([0, 0, 1919, 1079]).meta({
    title: 'Box',
    unit: 'px',
    description: 'Left, top, right and bottom pixel of the area, all of them in it, counted as OpenEXR counts windows.',
  }),
  outside: z.enum(['cut', 'black']).default('cut').meta({
    title: 'Outside',
    description:
      'Where the area is larger than the data window: the data window stays within both (cut), or becomes the area, black where there was nothing (black).',
  }),
  display: z.enum(['keep', 'area', 'origin']).default('keep').meta({
    title: 'Display window',
    description:
      'Stays as it is (keep), becomes the area (area), or becomes the area and the image is moved so that it begins at 0, 0 (origin).',
  }),
});

interface Context {
  readonly params: z.output<typeof params>;
  readonly inputs: { readonly image: ImageSpec };
  report(problem: NodeProblem): void;
  lose(loss: Loss): void;
}

export const crop = defineNode({
  type: 'transform.crop',
  version: 1,
  title: 'Crop',
  doc: 'Cuts the data window of every part to an area, and makes the display window fit where asked. Samples outside a data window are always 0, so there are no edges to repeat as in Nuke without black outside; Outside is intersect of Nuke. Where nothing is cut, and nothing moved, stored chunks are copied, of deep parts too. An area with nothing in it leaves one black pixel.',
  keywords: ['cut', 'trim', 'window', 'overscan', 'bounding box', 'bbox', 'region', 'resize canvas'],
  params,
  inputs: { image: image('The image to crop.') },
  summary: ({ area, box: [left, top, right, bottom] }) =>
    area === 'display' ? 'to the display window' : `(${left}, ${top}) - (${right}, ${bottom})`,

  spec(ctx) {
    const [left, top, right, bottom] = ctx.params.box;
    if (ctx.params.area === 'box' && (right < left || bottom < top)) {
      const message = 'The box is empty: its right and bottom must not lie before its left and top.';
      ctx.report({ severity: 'error', code: 'param-invalid', message, where: { param: 'box' } });
      return ctx.inputs.image;
    }
    return { ...ctx.inputs.image, parts: ctx.inputs.image.parts.map((part, index) => cropPart(ctx, part, index)) };
  },

  // Asked only where the image is moved: the same samples under other coordinates.
  async pull({ params, inputs, sources }, want) {
    const { x, y } = shiftOf(params, areaOf(params, inputs.image.parts[want.part]!));
    const there = moved(want.box, -x, -y);
    const planes = await sources.image.planes({ ...want, box: there });
    return new Map([...planes].map(([name, plane]): [string, Plane] => [name, { ...plane, box: want.box }]));
  },
});

const areaOf = ({ area, box: given }: Context['params'], part: PartSpec): Box =>
  area === 'box' ? box(...given) : part.displayWindow;

const shiftOf = ({ display }: Context['params'], area: Box): { readonly x: number; readonly y: number } =>
  display === 'origin' ? { x: 0 - area.minX, y: 0 - area.minY } : { x: 0, y: 0 };

const moved = (window: Box, x: number, y: number): Box =>
  box(window.minX + x, window.minY + y, window.maxX + x, window.maxY + y);

function cropPart(ctx: Context, part: PartSpec, index: number): PartSpec {
  const area = areaOf(ctx.params, part);
  const shift = shiftOf(ctx.params, area);
  const isMoved = shift.x !== 0 || shift.y !== 0;
  const kept = ctx.params.outside === 'black' ? area : cut(ctx, part, area);
  const isCut = !boxEquals(kept, part.dataWindow);
  const displayWindow = ctx.params.display === 'keep' ? part.displayWindow : moved(area, shift.x, shift.y);
  if (!isCut && !isMoved) return { ...passPart(part, 'image', index), displayWindow };

  const names = new Set(part.channels.map((c) => c.name));
  const sparse = (channel: ChannelSpec): boolean => channel.sampling.x !== 1 || channel.sampling.y !== 1;
  // Samples that only pass need no more than windows that fit.
  const worked = isMoved
    ? part
    : { ...part, channels: part.channels.map((c) => (sparse(c) ? { ...c, sampling: FULL } : c)) };
  for (const problem of workProblems({
    part: worked,
    index,
    title: 'Crop',
    channels: names,
    types: ['half', 'float', 'uint'],
  })) {
    ctx.report(problem);
  }
  if (!isMoved) checkSampling(ctx, part, kept);
  const dataWindow = moved(kept, shift.x, shift.y);
  const whole = boxContains(kept, part.dataWindow);
  const reason = whole
    ? `Crop moved it from ${boxText(part.dataWindow)}`
    : `pixels outside ${boxText(kept)} are cut off`;
  ctx.lose({ kind: 'window', port: 'image', part: index, name: 'dataWindow', reason, replaced: whole });
  const made = isMoved ? recomputePart(part, 'image', index, names) : passPart(part, 'image', index);
  return { ...made, dataWindow, displayWindow, ...(part.stored ? { stored: storedAnew(part.stored) } : {}) };
}

const FULL = { x: 1, y: 1 } as const;

/** What the area and the data window share; one pixel where they share nothing, since OpenEXR knows no empty window. */
function cut(ctx: Context, part: PartSpec, area: Box): Box {
  const shared = boxIntersection(part.dataWindow, area);
  if (!boxIsEmpty(shared)) return shared;
  ctx.report({
    severity: 'warning',
    code: 'window-mismatch',
    message: `The area ${boxText(area)} holds nothing of the data window ${boxText(part.dataWindow)}: one black pixel is left.`,
    where: { param: ctx.params.area === 'box' ? 'box' : 'area' },
  });
  return box(area.minX, area.minY, area.minX, area.minY);
}

/** A subsampled channel needs a window whose corner and size are multiples of its sampling (OpenEXR). */
function checkSampling(ctx: Context, part: PartSpec, window: Box): void {
  const fits = (min: number, max: number, step: number): boolean => min % step === 0 && (max - min + 1) % step === 0;
  const odd = part.channels.filter(
    ({ sampling: { x, y } }) => !fits(window.minX, window.maxX, x) || !fits(window.minY, window.maxY, y),
  );
  if (odd.length === 0) return;
  ctx.report({
    severity: 'error',
    code: 'sampling-mismatch',
    message: `${listNames(odd.map((c) => c.name))} has fewer samples than pixels, and the window ${boxText(window)} does not begin and end with them. Choose an area that does.`,
    where: { param: ctx.params.area === 'box' ? 'box' : 'area' },
  });
}
