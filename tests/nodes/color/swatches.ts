// A source of single float pixels of given colours, and what a node makes of them.
import { z } from 'zod';
import { type AnyNode, createPlane, defineNode, type ImageSpec, type Plane } from '../../../engine/authoring.ts';
import { box } from '../../../engine/base/box.ts';
import type { Json } from '../../../engine/base/canonical.ts';
import { bench, graph, never } from '../../run/graph.ts';
import { part } from '../spec-builder.ts';

/** One pixel of each colour, side by side; alpha is 1 where a colour has no fourth number. */
export const swatches = defineNode({
  type: 'test.swatches',
  version: 1,
  title: 'Swatches',
  doc: 'Gives pixels.',
  // JSON has no infinity and no NaN, so texts will do.
  params: z.strictObject({ colours: z.array(z.array(z.union([z.number(), z.string()]))) }),
  inputs: {},
  spec: ({ params }): ImageSpec => {
    const { stored: _, ...made } = part({
      data: box(0, 0, params.colours.length - 1, 0),
      channels: ['R:float', 'G:float', 'B:float', 'A:float'],
    });
    return { parts: [made] };
  },
  pull: async ({ params }, want) =>
    new Map(
      want.channels.map((name): [string, Plane] => {
        const plane = createPlane('float', want.box);
        const at = 'RGBA'.indexOf(name);
        plane.samples.set(params.colours.slice(want.box.minX, want.box.maxX + 1).map((c) => Number(c[at] ?? 1)));
        return [name, plane];
      }),
    ),
});

/** R, G and B of each pixel after the node. */
export async function changed(
  type: string,
  params: Readonly<Record<string, Json>>,
  colours: readonly (readonly (number | string)[])[],
  folder?: string,
): Promise<number[][]> {
  const source = { type: 'test.swatches', params: { colours } as unknown as Record<string, Json> };
  const document = graph({ swatches: source, node: { type, params } }, ['swatches.image > node.image']);
  const { evaluator } = bench(document, { more: [swatches as AnyNode], ...(folder === undefined ? {} : { folder }) });
  const want = { part: 0, channels: ['R', 'G', 'B'], box: box(0, 0, colours.length - 1, 0) };
  const planes = await evaluator.planes('node', 1, want, never);
  return colours.map((_, i) => want.channels.map((name) => planes.get(name)!.samples[i]!));
}
