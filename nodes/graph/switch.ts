// Switch: hands on one of several images; the others are neither described nor computed.
import { z } from 'zod';
import { defineNode, type ImageSpec, images, listNames, passImage } from '../../engine/authoring.ts';

interface Choice {
  readonly which: string;
  readonly number: number;
}

/** What is asked for, in words. */
const asked = ({ which, number }: Choice): string => (number >= 0 ? String(number) : which.trim());

/** The name that is meant, of those that are connected in their order. */
function chosen(choice: Choice, names: readonly string[]): string | undefined {
  const which = asked(choice);
  if (choice.number < 0 && names.includes(which)) return which;
  return /^\d{1,9}$/.test(which) ? names[Number(which)] : undefined;
}

export const choose = defineNode({
  type: 'graph.switch',
  version: 1,
  title: 'Switch',
  doc: 'Hands on one of its images untouched. What feeds only the others is neither described nor computed, so that nothing wrong with it matters. A number counts the inputs from 0 in the order of their links, as in Nuke; beyond the last one is a problem, where Nuke takes the last.',
  keywords: ['choose', 'select', 'which', 'toggle', 'alternative', 'version', 'if'],
  params: z.strictObject({
    which: z.string().default('0').meta({
      title: 'Which',
      // biome-ignore lint/suspicious/noTemplateCurlyInString: these are the placeholders that people type
      description: 'The name of the input that is handed on, or its number from 0 on. May hold ${frame} or a variable.',
      widget: 'source',
    }),
    number: z.int().min(-1).max(999_999_999).default(-1).meta({
      title: 'Number',
      description: 'The number of the input, from 0 on, in place of Which: it can be animated. -1 leaves it to Which.',
    }),
  }),
  inputs: { images: images('The images to choose from, each under a name of its own.') },
  summary: asked,

  uses({ params }, ports) {
    const names = ports.map((port) => port.slice(port.indexOf('.') + 1));
    const name = chosen(params, names);
    if (name !== undefined) return [`images.${name}`];
    // Where nothing is chosen all are looked at, so that the problem can name them. One alone would look like a choice.
    return ports.length > 1 ? ports : [];
  },

  spec(ctx) {
    const given: Readonly<Record<string, ImageSpec>> = ctx.inputs.images;
    const names = Object.keys(given);
    const [only] = names;
    if (only !== undefined && names.length === 1) return passImage(given[only]!, `images.${only}`);
    const connected = names.length > 0 ? ` Connected: ${listNames(names)}.` : ' Connect images to its port images.';
    ctx.report({
      severity: 'error',
      code: 'source-unknown',
      message: `Switch has no input ${asked(ctx.params)}.${connected}`,
      where: { param: ctx.params.number < 0 ? 'which' : 'number' },
      fixes: names.map((name) => ({ title: `Choose ${name}`, set: { which: name, number: -1 } })),
    });
    return { parts: [] };
  },
});
