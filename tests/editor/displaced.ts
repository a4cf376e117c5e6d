// A mesh with islands of many shapes on two tiles, its normal maps, and the graph that bakes them, for pictures and tests.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Document } from '../../engine/index.ts';
import { objOf, rectangle, type Sheet } from '../nodes/sheets.ts';
import { writeNormals } from '../run/normals.ts';
import { example } from './scenes.ts';

type Point = readonly [number, number];

/** Around a middle, from one share of the outline to another; `lobes` make it wavy, `turn` -1 mirrors it. */
function round(
  [u, v]: Point,
  radius: number,
  more: { readonly lobes?: readonly [count: number, depth: number]; readonly hole?: number; readonly turn?: -1 } = {},
): Sheet {
  const { lobes: [count, depth] = [0, 0], hole = 0.002, turn = 1 } = more;
  return {
    columns: 72,
    rows: 6,
    uv: (s, t) => {
      const angle = turn * 2 * Math.PI * s;
      const out = radius * (1 + depth * Math.cos(count * angle)) * (hole + (1 - hole) * (1 - t));
      return [u + out * Math.cos(angle), v + out * Math.sin(angle)];
    },
  };
}

/** A strip that bends around a middle. */
const bent = ([u, v]: Point, [near, far]: Point, [from, to]: Point, turn: 1 | -1 = 1): Sheet => ({
  columns: 24,
  rows: 4,
  uv: (s, t) => {
    const angle = ((turn < 0 ? to + (from - to) * s : from + (to - from) * s) * Math.PI) / 180;
    const out = far + (near - far) * t;
    return [u + out * Math.cos(angle), v + out * Math.sin(angle)];
  },
});

const ISLANDS: readonly Sheet[] = [
  round([0.25, 0.73], 0.2, { lobes: [3, 0.09] }),
  bent([0.76, 0.66], [0.13, 0.25], [102, 256]),
  bent([0.8, 0.66], [0.12, 0.19], [-80, 80]),
  round([0.79, 0.66], 0.085, { lobes: [5, 0.12] }),
  bent([0.25, 0.27], [0.14, 0.22], [185, 355]),
  round([0.25, 0.28], 0.11, { hole: 0.5 }),
  round([0.635, 0.24], 0.135, { lobes: [4, 0.16] }),
  round([0.87, 0.14], 0.1, { lobes: [4, 0.16], turn: -1 }),
  rectangle([0.79, 0.29, 0.86, 0.37]),
  rectangle([0.89, 0.29, 0.96, 0.37], { mirrored: 'u' }),
  rectangle([0.06, 0.44, 0.21, 0.5], { mirrored: 'v' }),
  round([1.5, 0.5], 0.4, { lobes: [6, 0.1] }),
  ...[0.08, 0.92].flatMap((u) => [0.1, 0.9].map((v) => round([1 + u, v], 0.06))),
];

/** How high the surface lies at a texel, in texels, for a tile of so many. */
function surface(x: number, y: number, size: number): number {
  const [u, v] = [x / size, y / size];
  const bend = 0.05 * Math.sin(7 * v + 2 * u) + 0.04 * Math.cos(9 * u - 3 * v);
  const [a, b] = [u + bend, v - bend];
  const scales = Math.sin(95 * a) * Math.sin(82 * b) + 0.6 * Math.sin(61 * (a + b)) * Math.cos(47 * (a - b));
  const folds = Math.sin(19 * a + 4 * Math.sin(8 * b)) + 0.7 * Math.cos(23 * b - 3 * Math.cos(7 * a));
  return (size / 512) * (1.6 * scales + 3.4 * folds);
}

/** Writes `in/hero.obj` and `in/hero_normal.<UDIM>.exr`, which the graph reads. */
export async function writeDisplaced(folder: string, size: number): Promise<void> {
  for (const tile of [1001, 1002]) {
    const at = (x: number, y: number): number => surface(x + (tile - 1001) * 3 * size, y, size);
    await writeNormals(join(folder, `in/hero_normal.${tile}.exr`), {
      size: [size, size],
      tile,
      sample: (x, y) => {
        const rise = [at(x + 1, y) - at(x - 1, y), at(x, y - 1) - at(x, y + 1)].map((twice) => twice / 2);
        const length = Math.hypot(...rise, 1);
        return [-rise[0]!, -rise[1]!, 1].map((component) => 0.5 + (0.5 * component) / length);
      },
    });
  }
  writeFileSync(join(folder, 'in/hero.obj'), objOf(ISLANDS));
}

/** How many islands there are, and how many of them are mirrored. */
export const COUNT = { islands: ISLANDS.length, mirrored: 3 };

/** The graph that bakes displacement, on these files, with the checks. The maps follow the texture on mirrored islands too. */
export function displacement({ turned = true }: { readonly turned?: boolean } = {}): Document {
  const document = example('bake-displacement');
  const given = { mesh: { path: 'in/hero.obj' }, tile: { mirror: turned }, height: { checks: true } };
  const nodes = Object.fromEntries(
    Object.entries(document.nodes).map(([id, node]) => [
      id,
      { ...node, params: { ...node.params, ...(given as Record<string, object>)[id] } },
    ]),
  );
  return { ...document, nodes };
}
