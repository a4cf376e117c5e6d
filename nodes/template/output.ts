// Template output: the image that a template gives.
import { z } from 'zod';
import { defineNode, image, passPart } from '../../engine/authoring.ts';

export const output = defineNode({
  type: 'template.output',
  version: 1,
  title: 'Template output',
  doc: 'Hands on, untouched, the image that a template gives wherever it is used. A template has one of them, or none where it writes files itself.',
  keywords: ['group', 'gizmo', 'subgraph', 'port', 'out'],
  params: z.strictObject({
    name: z
      .string()
      .min(1)
      .max(128)
      .default('image')
      .meta({ title: 'Name', description: 'What the image is called. It changes nothing.' }),
  }),
  inputs: { image: image('The image that the template gives.') },
  cosmetic: ['name'],
  summary: ({ name }) => name,
  spec: ({ inputs }) => ({
    ...inputs.image,
    parts: inputs.image.parts.map((part, index) => passPart(part, 'image', index)),
  }),
});
