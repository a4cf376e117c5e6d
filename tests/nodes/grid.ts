// A source of given samples for tests of nodes that look at neighbours, and what such a node makes of it.
import { z } from 'zod';
import {
  type AnyNode,
  type Box,
  box,
  convertPlane,
  createPlane,
  defineNode,
  type PartSpec,
  type Plane,
  type Stored,
} from '../../engine/authoring.ts';
import type { Json } from '../../engine/base/canonical.ts';
import type { Described } from '../../engine/plan/describe.ts';
import { type Bench, bench, graph, never } from '../run/graph.ts';

/** The regions that were asked of the source, in order. */
export const asked: Box[] = [];

const number = z.union([z.number(), z.string()]);

/** The source itself. */
export const grid = defineNode({
  type: 'test.grid',
  version: 1,
  title: 'Grid',
  doc: 'Gives samples.',
  params: z.strictObject({
    /** Row by row from the top. JSON has no infinity and no NaN, so texts will do. */
    rows: z.array(z.array(number)),
    at: z.tuple([z.int(), z.int()]).default([0, 0]),
    display: z.tuple([z.int(), z.int(), z.int(), z.int()]).optional(),
    channels: z.record(z.string(), z.enum(['half', 'float', 'uint'])).default({ R: 'float' }),
    part: z.record(z.string(), z.unknown()).default({}),
    sampling: z.int().default(1),
  }),
  inputs: {},
  spec: ({ params }) => {
    const [x, y] = params.at;
    const window = box(x, y, x + params.rows[0]!.length - 1, y + params.rows.length - 1);
    return {
      parts: [
        {
          kind: 'flat',
          dataWindow: window,
          displayWindow: params.display ? box(...params.display) : window,
          attributes: [],
          channels: Object.entries(params.channels).map(([name, type]) => ({
            name,
            type,
            sampling: { x: params.sampling, y: params.sampling },
            pLinear: 0,
            origin: { from: 'computed' },
          })),
          ...params.part,
        } as PartSpec,
      ],
    };
  },
  pull: async ({ params }, want) => {
    asked.push(want.box);
    const [x0, y0] = params.at;
    return new Map(
      want.channels.map((name): [string, Plane] => {
        const plane = createPlane('float', want.box);
        let i = 0;
        for (let y = want.box.minY; y <= want.box.maxY; y++)
          for (let x = want.box.minX; x <= want.box.maxX; x++)
            plane.samples[i++] = Number(params.rows[y - y0]![x - x0]);
        return [name, convertPlane(plane, params.channels[name]!).plane];
      }),
    );
  },
});

export interface GridSource {
  readonly rows: readonly (readonly (number | string)[])[];
  readonly at?: readonly [number, number];
  readonly display?: readonly [number, number, number, number];
  readonly channels?: Readonly<Record<string, 'half' | 'float' | 'uint'>>;
  readonly part?: { readonly kind?: 'deep'; readonly stored?: Partial<Stored> };
  readonly sampling?: number;
}

/** A node of the type on the grid. */
export const onGrid = (type: string, params: Readonly<Record<string, Json>>, source: GridSource): Bench =>
  bench(
    graph({ grid: { type: 'test.grid', params: source as unknown as Record<string, Json> }, node: { type, params } }, [
      'grid.image > node.image',
    ]),
    { more: [grid as AnyNode] },
  );

/** What the node says of the grid. */
export const described = (
  type: string,
  params: Readonly<Record<string, Json>>,
  source: GridSource,
): Promise<Described> => onGrid(type, params, source).descriptions.describe('node', 1);

/** `error channel-type channels` for each problem. */
export const problems = async (
  type: string,
  params: Readonly<Record<string, Json>>,
  source: GridSource,
): Promise<string[]> =>
  (await described(type, params, source)).problems.map(
    (p) => `${p.severity} ${p.code}${p.where?.param === undefined ? '' : ` ${p.where.param}`}`,
  );

/** One channel of what the node makes, row by row, over its whole data window or the region given, as numbers. */
export async function made(
  type: string,
  params: Readonly<Record<string, Json>>,
  source: GridSource,
  options: { readonly channel?: string; readonly region?: Box } = {},
): Promise<number[][]> {
  const { descriptions, evaluator } = onGrid(type, params, source);
  const { spec, problems: found } = await descriptions.describe('node', 1);
  if (!spec || found.some((p) => p.severity === 'error')) throw new Error(found.map((p) => p.message).join(' '));
  const [part] = spec.parts;
  const { channel = 'R', region = part!.dataWindow } = options;
  const planes = await evaluator.planes('node', 1, { part: 0, channels: [channel], box: region }, never);
  const plane = planes.get(channel)!;
  const type_ = part!.channels.find((c) => c.name === channel)!.type;
  if (plane.type !== type_) throw new Error(`The plane is ${plane.type}, its channel ${type_}.`);
  const floats = [...convertPlane(plane, 'float').plane.samples];
  return Array.from({ length: plane.rows }, (_, y) => floats.slice(y * plane.columns, (y + 1) * plane.columns));
}
