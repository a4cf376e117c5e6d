// A source of normal maps of known surfaces with the islands that they consist of, for tests of displacement.
import { z } from 'zod';
import { type AnyNode, box, createPlane, defineNode, type Plane, type SampleType } from '../../engine/authoring.ts';
import type { Json } from '../../engine/base/canonical.ts';
import { type Bench, bench, graph, never } from '../run/graph.ts';

const SHAPES = ['rectangle', 'disc', 'doughnut', 'mirrored', 'touching', 'specks'] as const;
export type Shape = (typeof SHAPES)[number];
const SURFACES = ['hills', 'ring', 'tiling', 'flat', 'black', 'horizon', 'broken'] as const;
export type Surface = (typeof SURFACES)[number];

/** Height in texels, and how far it rises to the right and down. */
type Point = readonly [height: number, right: number, down: number];

/** The surface at a pixel of a square of so many. */
export function surfaceAt(surface: Surface, size: number, x: number, y: number): Point {
  const k = (2 * Math.PI) / size;
  if (surface === 'ring') {
    const [dx, dy] = [x - size / 2, y - size / 2];
    const r = Math.hypot(dx, dy);
    const turn = (2 * Math.PI) / (size / 4);
    const way = turn * (r - size / 5);
    const rise = 4 * turn * Math.sin(way);
    return [4 * (1 - Math.cos(way)), (rise * dx) / r, (rise * dy) / r];
  }
  const tiling = surface === 'tiling';
  if (surface !== 'hills' && !tiling) return [0, 0, 0];
  const [a, b, c] = [(tiling ? 3 : 2.7) * k, (tiling ? 2 : 2.3) * k, 5 * k];
  const [high, low] = [size / 25, size / 100];
  const [u, v, w] = [a * x + 0.3, b * y + 0.1, c * (x + y)];
  return [
    high * Math.sin(u) * Math.cos(v) + low * Math.sin(w),
    high * a * Math.cos(u) * Math.cos(v) + low * c * Math.cos(w),
    -high * b * Math.sin(u) * Math.sin(v) + low * c * Math.cos(w),
  ];
}

/** The number of the island of a pixel; 0 is none. */
export function islandAt(shape: Shape, size: number, x: number, y: number): number {
  const r = Math.hypot(x - size / 2, y - size / 2);
  if (shape === 'disc') return r < size * 0.45 ? 1 : 0;
  if (shape === 'doughnut') return r < size * 0.45 && r > size * 0.2 ? 1 : 0;
  if (shape === 'mirrored') return x < size * 0.45 ? 1 : x > size * 0.5 ? 2 : 0;
  if (shape === 'touching') return x + Math.round(9 * Math.sin(y / 7)) < size * 0.37 ? 1 : y < size * 0.61 ? 2 : 3;
  if (shape === 'specks') return x % 3 === 1 && y % 3 === 1 ? 1 + (x % 5) : 0;
  return 1;
}

/** What the map stores at a pixel, as numbers from 0 to 1. */
function normalAt({ surface, shape, size, y: green }: Settings, x: number, y: number): readonly number[] {
  if (surface === 'black') return [0, 0, 0];
  if (surface === 'horizon')
    return [
      [1, 0.5, 0.5],
      [0.5, 0, 0.4],
      [0.9, 0.9, 0.1],
      [0.5, 0.5, 0.5],
    ][(x + y) % 4]!;
  if (surface === 'broken' && (x + y) % 7 === 0) return [Number.NaN, 0.5, Infinity];
  const [, right, down] = surfaceAt(surface, size, x, y);
  const length = Math.hypot(right, down, 1);
  const turned = shape === 'mirrored' && islandAt(shape, size, x, y) === 2 ? -1 : 1;
  const up = green === 'up' ? -down : down;
  return [(-right * turned) / length, -up / length, 1 / length].map((component) => (component + 1) / 2);
}

const settings = z.strictObject({
  surface: z.enum(SURFACES).default('hills'),
  shape: z.enum(SHAPES).default('rectangle'),
  size: z.int().default(64),
  y: z.enum(['up', 'down']).default('up'),
  ids: z.enum(['uint', 'float']).default('uint'),
});
type Settings = z.output<typeof settings>;

/** A square normal map `R`, `G`, `B` with `id`. */
export const relief = defineNode({
  type: 'test.relief',
  version: 1,
  title: 'Relief',
  doc: 'Gives the normals of a surface.',
  params: settings,
  inputs: {},
  spec: ({ params }) => {
    const window = box(0, 0, params.size - 1, params.size - 1);
    const channel = (name: string, type: SampleType) => ({
      name,
      type,
      sampling: { x: 1, y: 1 },
      pLinear: 0,
      origin: { from: 'computed' as const },
    });
    const channels = [channel('B', 'float'), channel('G', 'float'), channel('R', 'float'), channel('id', params.ids)];
    return { parts: [{ kind: 'flat', dataWindow: window, displayWindow: window, attributes: [], channels }] };
  },
  pull: async ({ params }, want) =>
    new Map(
      want.channels.map((name): [string, Plane] => {
        const plane = createPlane(name === 'id' ? params.ids : 'float', want.box);
        let i = 0;
        for (let y = want.box.minY; y <= want.box.maxY; y++) {
          for (let x = want.box.minX; x <= want.box.maxX; x++) {
            plane.samples[i++] =
              name === 'id' ? islandAt(params.shape, params.size, x, y) : normalAt(params, x, y)['RGB'.indexOf(name)]!;
          }
        }
        return [name, plane];
      }),
    ),
});

export interface Chain {
  readonly relief: Partial<Settings>;
  readonly decode?: Readonly<Record<string, Json>>;
  readonly poisson?: Readonly<Record<string, Json>>;
  /** Charts of another size, or none. */
  readonly charts?: Partial<Settings> | 'none';
}

/** From the relief through both nodes; the last is called `node`. */
export const chain = ({ relief: source, decode = {}, poisson = {}, charts }: Chain): Bench => {
  const from = charts === undefined ? 'relief' : 'charts';
  return bench(
    graph(
      {
        relief: { type: 'test.relief', params: source as Record<string, Json> },
        ...(charts && charts !== 'none'
          ? { charts: { type: 'test.relief', params: charts as Record<string, Json> } }
          : {}),
        decode: { type: 'normal.decode', params: decode },
        node: { type: 'integrate.poisson', params: poisson },
      },
      [
        'relief.image > decode.image',
        'decode.image > node.image',
        ...(charts === 'none' ? [] : [`${from}.image > node.charts`, `${from}.image > decode.charts`]),
      ],
    ),
    { more: [relief as AnyNode] },
  );
};

/** Channels of the whole of what the chain makes. */
export async function integrated(what: Chain, ...channels: string[]): Promise<Record<string, Float32Array>> {
  const { descriptions, evaluator } = chain(what);
  const { spec, problems } = await descriptions.describe('node', 1);
  const errors = problems.filter((p) => p.severity === 'error');
  if (!spec || errors.length > 0) throw new Error(errors.map((p) => `${p.code}: ${p.message}`).join(' '));
  const planes = await evaluator.planes('node', 1, { part: 0, channels, box: spec.parts[0]!.dataWindow }, never);
  return Object.fromEntries(channels.map((name) => [name, planes.get(name)!.samples as Float32Array]));
}

/** Of the heights, island by island aligned by their means, the root of the mean squared error over the range of the surface. */
export function errorOf(heights: Float32Array, surface: Surface, shape: Shape, size: number): number {
  const sums = new Map<number, { count: number; off: number }>();
  const at = (i: number): readonly [number, number] => [
    islandAt(shape, size, i % size, Math.floor(i / size)),
    surfaceAt(surface, size, i % size, Math.floor(i / size))[0],
  ];
  let [least, most] = [Infinity, -Infinity];
  for (let i = 0; i < heights.length; i++) {
    const [island, truth] = at(i);
    if (island === 0) continue;
    const sum = sums.get(island) ?? { count: 0, off: 0 };
    sums.set(island, { count: sum.count + 1, off: sum.off + heights[i]! - truth });
    [least, most] = [Math.min(least, truth), Math.max(most, truth)];
  }
  let squares = 0;
  let count = 0;
  for (let i = 0; i < heights.length; i++) {
    const [island, truth] = at(i);
    const sum = sums.get(island);
    if (!sum || island === 0) continue;
    squares += (heights[i]! - truth - sum.off / sum.count) ** 2;
    count += 1;
  }
  return Math.sqrt(squares / count) / (most - least);
}
