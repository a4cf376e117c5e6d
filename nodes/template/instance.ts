// Template: a graph inside the document that works as one node, with the parameters that it promotes.
import { z } from 'zod';
import { defineNode, images, type Json } from '../../engine/authoring.ts';

const isGraph = (value: unknown): boolean => typeof value === 'object' && value !== null && !Array.isArray(value);

const params = z.strictObject({
  template: z.custom<Json>(isGraph, 'Expected a graph').meta({
    title: 'Template',
    description: 'The graph inside, whole: it travels with the document, so that nothing changes it from outside.',
    widget: 'template',
  }),
  values: z.record(z.string(), z.custom<Json>()).default({}).meta({
    title: 'Values',
    description: 'Name of a promoted parameter or of a variable of the template → its value here.',
    widget: 'templateValues',
  }),
  source: z.strictObject({ path: z.string(), name: z.string(), version: z.string() }).optional().meta({
    title: 'Source',
    description: 'Where the template came from: its file, its name, and the fingerprint that it had.',
    widget: 'templateSource',
    advanced: true,
  }),
});

export const instance = defineNode({
  type: 'template.instance',
  version: 1,
  title: 'Template',
  doc: 'Works as the graph that it holds, with values of its own for the parameters and variables of that graph.',
  keywords: ['group', 'gizmo', 'subgraph', 'macro', 'insert', 'nested'],
  params,
  inputs: { inputs: images('The images for the inputs of the template, each under the name of an input.') },
  cosmetic: ['source'],
  verbatim: ['template'],

  summary({ template, values }) {
    const { name } = template as { readonly name?: Json };
    const set = Object.entries(values).map(([key, value]) => `${key} ${JSON.stringify(value)}`);
    return [typeof name === 'string' ? name : 'untitled', ...set.slice(0, 2), ...(set.length > 2 ? ['…'] : [])].join(
      ', ',
    );
  },

  expand: ({ params: { template, values } }) => ({
    graph: template,
    values,
    inputs: { type: 'template.input', port: 'inputs', param: 'name' },
    output: { type: 'template.output' },
    params: { graph: 'template', values: 'values' },
  }),
});
