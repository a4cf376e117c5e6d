// The finest lattice: a node for each pixel of an island, and edges between neighbours of the same island.
import { DEGREE, DOWN, LEFT, RIGHT, UP } from '../../../engine/authoring.ts';
import type { Wrap } from './coarsen.ts';
import { extrasOf, type Level } from './level.ts';

/** Numbers of islands, row by row; 0 and NaN are outside. Undefined: all pixels are one island. */
export type Islands = Float32Array | Uint32Array | undefined;

/** Edges of the finest lattice that its cells do not have, because the picture wraps around. */
export interface Faces {
  /** Pairs of nodes: the second lies to the right of the first, or below it. */
  readonly across: readonly number[];
  readonly down: readonly number[];
}

export const nodeOf = (
  { lattice: { columns, rows, stride }, base }: Level,
  wrap: Wrap,
  x: number,
  y: number,
): number => {
  // The last column and row have extra nodes, in the order of rows.
  const lastColumn = wrap.columns && x === columns - 1;
  const lastRow = wrap.rows && y === rows - 1;
  if (!lastColumn && !lastRow) return (y + 1) * stride + x;
  if (lastRow) return base + (wrap.columns ? rows - 1 : 0) + x;
  return base + y;
};

/** Sets the flags of the finest lattice and makes its extra nodes. */
export function joinPixels(level: Level, islands: Islands, wrap: Wrap): Faces {
  const { lattice, base } = level;
  const { columns, rows, stride, flags } = lattice;
  const [across, down] = [columns - (wrap.columns ? 1 : 0), rows - (wrap.rows ? 1 : 0)];
  for (let y = 0; y < down; y++) {
    for (let x = 0; x < across; x++) {
      const at = y * columns + x;
      const own = islands ? islands[at]! : 1;
      if (own === 0) continue;
      const right = x + 1 < across && (!islands || islands[at + 1] === own);
      const below = y + 1 < down && (!islands || islands[at + columns] === own);
      const i = (y + 1) * stride + x;
      if (right) {
        flags[i]! += RIGHT + DEGREE;
        flags[i + 1]! += LEFT + DEGREE;
      }
      if (below) {
        flags[i]! += DOWN + DEGREE;
        flags[i + stride]! += UP + DEGREE;
      }
    }
  }
  if (!wrap.columns && !wrap.rows) return { across: [], down: [] };
  return wrapAround(level, islands, wrap, base);
}

function wrapAround(level: Level, islands: Islands, wrap: Wrap, base: number): Faces {
  const { columns, rows, stride, flags } = level.lattice;
  const cells: number[] = [];
  const faces: { across: number[]; down: number[] } = { across: [], down: [] };
  const join = (list: number[], x: number, y: number, right: number, below: number): void => {
    const own = islands ? islands[y * columns + x]! : 1;
    const other = islands ? islands[below * columns + right]! : 1;
    if (own === 0 || own !== other) return;
    const [a, b] = [nodeOf(level, wrap, x, y), nodeOf(level, wrap, right, below)];
    if (a === b || (a < base && b < base)) return;
    list.push(a, b);
    for (const node of [a, b]) if (node < base) flags[node]! += DEGREE;
  };
  for (let y = 0; y < rows; y++) {
    const edge = wrap.rows && y >= rows - 2;
    for (let x = edge ? 0 : Math.max(0, columns - 2); x < columns; x++) {
      if (nodeOf(level, wrap, x, y) >= base) cells.push((y + 1) * stride + x);
      const [right, below] = [(x + 1) % columns, (y + 1) % rows];
      if (wrap.columns || right > 0) join(faces.across, x, y, right, y);
      if (wrap.rows || below > 0) join(faces.down, x, y, x, below);
    }
  }
  const edges: number[] = [];
  for (const list of [faces.across, faces.down])
    for (let i = 0; i < list.length; i += 2) edges.push(list[i]!, list[i + 1]!, 1);
  level.extras = extrasOf(cells, base, edges);
  return faces;
}
