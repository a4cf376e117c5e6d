// Premultiply: multiplies colours by their alpha.
import { defineNode, image, type Plane, runMerge } from '../../engine/authoring.ts';
import { alphaParams, channelsSummary, describeCovered, pullCovered } from './alpha/alpha.ts';

export const premultiply = defineNode({
  type: 'channel.premultiply',
  version: 1,
  title: 'Premultiply',
  doc: 'Multiplies colours by their alpha, as merging expects them. Where alpha is 0 they become 0, but for NaN and infinities, which become NaN: Sanitize is for those. Windows and sample types stay as they are. As Premult in Nuke and Premultiply in Gaffer.',
  keywords: ['premult', 'alpha', 'associated', 'multiply', 'matte'],
  params: alphaParams('multiply', 'by'),
  inputs: { image: image('The image whose colours are not multiplied by alpha yet.') },
  summary: channelsSummary,

  spec: (ctx) => describeCovered(ctx, 'Premultiply'),
  pull: (ctx, want) =>
    pullCovered(ctx, want, (channels, alphaA) =>
      runMerge({ channels: channels.map((b) => ({ b, operation: 'mask', type: typeOf(b) })), alphaA }),
    ),
});

const typeOf = ({ type }: Plane): 'half' | 'float' => (type === 'half' ? 'half' : 'float');
