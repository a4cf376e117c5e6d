// Erode: the least sample among the neighbours of each.
import { defineNode, image } from '../../engine/authoring.ts';
import { describeExtreme, extremeMargin, extremeParams, type Kind, pullExtreme, sizeText } from './extreme/extreme.ts';

const KIND: Kind = { title: 'Erode', which: 'least' };

export const erode = defineNode({
  type: 'filter.erode',
  version: 1,
  title: 'Erode',
  doc: "Gives every pixel the least sample of a rectangle around it, so that bright shapes shrink: of the chosen channels, R, G, B and A where nothing else is said. The cost does not grow with the size. Edges repeat, so that a matte does not shrink from the edge of the frame, as in Nuke; black makes what lies outside the data window 0. Size is in whole pixels to each side, as in Nuke's Erode (fast); Nuke's softer Erode (filter) and Erode (blur) are other things. Each channel is eroded by itself. A NaN makes NaN of all around it.",
  keywords: ['shrink', 'minimum', 'min', 'matte', 'morphology', 'choke'],
  params: extremeParams('Dilate', 'repeat'),
  inputs: { image: image('The image whose shapes are changed.') },
  access: (params) => ({ margin: extremeMargin(params) }),
  summary: sizeText,

  spec: (ctx) => describeExtreme(ctx, KIND),

  pull: ({ params, inputs, sources, signal }, want) =>
    pullExtreme({ params, source: sources.image, part: inputs.image.parts[want.part]!, signal }, want, KIND),
});
