// Color convert: turns colours of one space into those of another, and makes the tags say so.
import { defineNode, describeConversion, groupLayers, image, planPart, SPACES } from '../../engine/authoring.ts';
import { params } from './conversion/params.ts';

export const convert = defineNode({
  type: 'color.convert',
  version: 1,
  title: 'Color convert',
  doc: 'Converts R, G and B of every layer from one colour space to another, and sets chromaticities and colorInteropID to match. Values above 1 and below 0 are kept; sample types stay as they are. There is no tone mapping: light that a display cannot show stays beyond 1. Layers that hold no colour are left alone. Alpha and windows stay as they are; what is premultiplied goes right through an encoding with Unpremultiply alone.',
  keywords: ['colour', 'color space', 'primaries', 'gamut', 'log', 'linear', 'sRGB', 'ACES', 'ACEScg', 'transform'],
  params,
  inputs: { image: image('The image whose colours are converted.') },
  summary: ({ from, to }) => `${from === 'auto' ? 'auto' : SPACES[from].title} → ${SPACES[to].title}`,

  spec: (ctx) => describeConversion(ctx),

  pointwise(ctx, part) {
    const { layers, program } = planPart(ctx, part);
    return groupLayers(layers, program);
  },
});
