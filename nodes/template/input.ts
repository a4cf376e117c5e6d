// Template input: the place in a template where an image comes in.
import { z } from 'zod';
import { defineNode } from '../../engine/authoring.ts';

export const input = defineNode({
  type: 'template.input',
  version: 1,
  title: 'Template input',
  doc: 'Brings an image into a template: what is linked to the input of that name wherever the template is used. It works only inside a template.',
  keywords: ['group', 'gizmo', 'subgraph', 'port', 'in'],
  params: z.strictObject({
    name: z
      .string()
      .regex(/^[A-Za-z][A-Za-z0-9_-]{0,127}$/, 'Expected a name: a letter, then letters, digits, _ or -')
      .default('image')
      .meta({ title: 'Name', description: 'The name of the input, by which links to the template end.' }),
  }),
  inputs: {},
  cosmetic: ['name'],
  summary: ({ name }) => name,

  // Wherever the template is used, the node gives way to what is linked to its input.
  spec(ctx) {
    ctx.report({
      severity: 'error',
      code: 'template-outside',
      message: `${ctx.node} brings the input ${ctx.params.name} into a template and has no image of its own. Use this graph as a template, or link a node that makes an image in its place.`,
    });
    return { parts: [] };
  },
});
