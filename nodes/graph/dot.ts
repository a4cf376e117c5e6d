// Dot: hands its image on untouched, to lead wires around other nodes.
import { z } from 'zod';
import { defineNode, image, passImage } from '../../engine/authoring.ts';

export const dot = defineNode({
  type: 'graph.dot',
  version: 1,
  title: 'Dot',
  doc: 'Hands its image on untouched. It keeps long wires tidy.',
  keywords: ['reroute', 'wire', 'elbow', 'knot', 'pass'],
  params: z.strictObject({}),
  inputs: { image: image('The image to hand on.') },
  summary: () => '',
  spec: ({ inputs }) => passImage(inputs.image, 'image'),
});
