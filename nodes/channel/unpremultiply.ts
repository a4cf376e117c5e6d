// Unpremultiply: divides colours by their alpha.
import { defineNode, image, runPointwise } from '../../engine/authoring.ts';
import { alphaParams, channelsSummary, describeCovered, pullCovered } from './alpha/alpha.ts';

export const unpremultiply = defineNode({
  type: 'channel.unpremultiply',
  version: 1,
  title: 'Unpremultiply',
  doc: 'Divides colours by their alpha, so that their edges can be graded like the rest. Where alpha is 0 they stay as they are, so that light without coverage, such as a glow, is kept; Premultiply would then make it 0. Windows and sample types stay as they are; a half that would be beyond 65504 becomes infinite. As Unpremult in Nuke.',
  keywords: ['unpremult', 'alpha', 'straight', 'unassociated', 'divide', 'matte'],
  params: alphaParams('divide', 'by'),
  inputs: { image: image('The image whose colours are multiplied by alpha.') },
  summary: channelsSummary,

  spec: (ctx) => describeCovered(ctx, 'Unpremultiply'),
  pull: (ctx, want) =>
    pullCovered(ctx, want, (channels, alpha) =>
      runPointwise([{ do: 'divide' }], { channels, alpha, types: channels.map(({ type }) => type) }),
    ),
});
