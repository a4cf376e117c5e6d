// Dilate: the greatest sample among the neighbours of each.
import { defineNode, image } from '../../engine/authoring.ts';
import { describeExtreme, extremeMargin, extremeParams, type Kind, pullExtreme, sizeText } from './extreme/extreme.ts';

const KIND: Kind = { title: 'Dilate', which: 'greatest' };

export const dilate = defineNode({
  type: 'filter.dilate',
  version: 1,
  title: 'Dilate',
  doc: "Gives every pixel the greatest sample of a rectangle around it, so that bright shapes grow: of the chosen channels, R, G, B and A where nothing else is said. The cost does not grow with the size. Outside the data window there is black, and the window stays as it is unless it is told to grow; Nuke grows it always. Size is in whole pixels to each side, as in Nuke's Dilate. Each channel is dilated by itself. A NaN makes NaN of all around it.",
  keywords: ['grow', 'expand', 'maximum', 'max', 'matte', 'morphology', 'spread'],
  params: extremeParams('Erode', 'black'),
  inputs: { image: image('The image whose shapes are changed.') },
  access: (params) => ({ margin: extremeMargin(params) }),
  summary: sizeText,

  spec: (ctx) => describeExtreme(ctx, KIND),

  pull: ({ params, inputs, sources, signal }, want) =>
    pullExtreme({ params, source: sources.image, part: inputs.image.parts[want.part]!, signal }, want, KIND),
});
