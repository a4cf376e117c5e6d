// A source of even channels for tests of nodes that combine images: each channel one value within a window.
import { expect } from 'vitest';
import { z } from 'zod';
import {
  type AnyNode,
  box,
  type ChannelSpec,
  convertPlane,
  createPlane,
  defineNode,
  type PartSpec,
  type Plane,
  sortChannels,
} from '../../engine/authoring.ts';
import type { Json } from '../../engine/base/canonical.ts';
import { type Bench, bench, graph, type NodeSketch, never } from '../run/graph.ts';

const window = z.tuple([z.int(), z.int(), z.int(), z.int()]);

/** `channels`: name, or `name:float`, and its value, or that of the left edge and what each column adds. */
export const solid = defineNode({
  type: 'test.solid',
  version: 1,
  title: 'Solid',
  doc: 'Gives even channels.',
  params: z.strictObject({
    channels: z.record(z.string(), z.union([z.number(), z.tuple([z.number(), z.number()])])),
    window: window.default([0, 0, 3, 0]),
    display: window.default([0, 0, 7, 3]),
    attributes: z.record(z.string(), z.string()).default({}),
    part: z.string().optional(),
  }),
  inputs: {},
  spec: ({ params }) => {
    const part: PartSpec = {
      ...(params.part === undefined ? {} : { name: params.part }),
      kind: 'flat',
      dataWindow: box(...params.window),
      displayWindow: box(...params.display),
      channels: sortChannels(
        Object.keys(params.channels).map((text): ChannelSpec => {
          const [name = '', type = 'half'] = text.split(':');
          const sampling = { x: 1, y: 1 };
          return { name, type: type as ChannelSpec['type'], sampling, pLinear: 0, origin: { from: 'computed' } };
        }),
      ),
      attributes: Object.entries(params.attributes).map(([name, value]) => ({
        name,
        type: 'string',
        bytes: new TextEncoder().encode(value),
      })),
    };
    return { parts: [part] };
  },
  pull: async ({ params, spec }, want) =>
    new Map(
      Object.entries(params.channels)
        .map(([text, value]): [string, Plane] => {
          const name = text.split(':')[0]!;
          const [start, step] = typeof value === 'number' ? [value, 0] : value;
          const plane = createPlane('float', want.box);
          const first = want.box.minX - params.window[0];
          for (let i = 0; i < plane.samples.length; i++)
            plane.samples[i] = start + step * (first + (i % plane.columns));
          const { type } = spec.parts[0]!.channels.find((c) => c.name === name)!;
          return [name, convertPlane(plane, type).plane];
        })
        .filter(([name]) => want.channels.includes(name)),
    ),
});

/** A bench around a node called `node`; `sources` are solids by their ids. */
export const solidBench = (
  node: NodeSketch,
  sources: Readonly<Record<string, Readonly<Record<string, Json>>>>,
  links: readonly string[],
): Bench =>
  bench(
    graph(
      {
        ...Object.fromEntries(Object.entries(sources).map(([id, params]) => [id, { type: 'test.solid', params }])),
        node,
      },
      links,
    ),
    { more: [solid as AnyNode] },
  );

/** The samples of channels of `node`'s first part in a row, as numbers, with `:float` after names of that type. */
export async function rowOf(
  { descriptions, evaluator }: Bench,
  [from, to, y = 0]: readonly [from: number, to: number, y?: number],
  part = 0,
): Promise<Record<string, number[]>> {
  const { spec, problems } = await descriptions.describe('node', 1);
  expect(problems.filter((p) => p.severity === 'error')).toEqual([]);
  const { channels } = spec!.parts[part]!;
  const want = { part, channels: channels.map((c) => c.name), box: box(from, y, to, y) };
  const planes = await evaluator.planes('node', 1, want, never);
  return Object.fromEntries(
    channels.map(({ name, type }) => {
      const plane = planes.get(name)!;
      expect(plane.type).toBe(type);
      return [type === 'half' ? name : `${name}:${type}`, [...convertPlane(plane, 'float').plane.samples]];
    }),
  );
}
