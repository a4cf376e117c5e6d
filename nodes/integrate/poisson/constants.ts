// The constants of islands: which pixels hang together, and what is taken off so that each island has a definite height.
import { FOLLOWS } from '../../../engine/authoring.ts';
import { nodeOf } from './finest.ts';
import type { Level } from './level.ts';
import { pause } from './pause.ts';
import type { Slopes, Solution } from './solve.ts';

/** `anchor`: the flattest pixel of an island, the first of several, has the height 0. `mean`: all together have the mean 0. */
export type Zero = 'anchor' | 'mean';

export interface HeightOptions {
  readonly zero: Zero;
  readonly amplitude: number;
  readonly signal: AbortSignal;
}

/**
 * The heights of all pixels, times `amplitude`; 0 outside of islands. Pixels of one number that do not hang together are
 * islands of their own. Uses all `u` of the hierarchy.
 */
export async function heightsOf(solution: Solution, slopes: Slopes, options: HeightOptions): Promise<Float32Array> {
  const { hierarchy, wrap, extraX } = solution;
  const { columns, rows } = slopes;
  const { zero, amplitude, signal } = options;
  const [finest] = hierarchy.levels;
  const labels = labelsOf(hierarchy.levels);
  await pause(signal);
  const constants = constantsOf(solution, slopes, labels, zero);
  await pause(signal);
  const heights = new Float32Array(columns * rows);
  const { x: solved } = hierarchy;
  const { cells, extras } = labels;
  const { base, lattice } = finest!;
  const wraps = wrap.columns || wrap.rows;
  for (let y = 0; y < rows; y++) {
    const [start, row] = [(y + 1) * lattice.stride, y * columns];
    for (let x = 0; x < columns; x++) {
      const node = wraps ? nodeOf(finest!, wrap, x, y) : start + x;
      const label = node < base ? cells[node]! : extras[node - base]!;
      if (label === 0) continue;
      const height = node < base ? solved[node]! : extraX[node - base]!;
      heights[row + x] = (height - constants[label]!) * amplitude;
    }
  }
  return heights;
}

/** What is left at all pixels; 0 outside. */
export function residualsOf({ hierarchy, wrap, extraR }: Solution, { columns, rows }: Slopes): Float32Array {
  const { lattice, base, f } = hierarchy.levels[0]!;
  const residuals = new Float32Array(columns * rows);
  for (let y = 0; y < rows; y++) {
    const start = (y + 1) * lattice.stride;
    residuals.set(f.subarray(start, start + columns), y * columns);
    const whole = wrap.rows && y === rows - 1;
    for (let x = whole || !wrap.columns ? 0 : columns - 1; x < columns; x++) {
      if (!whole && !wrap.columns) break;
      residuals[y * columns + x] = extraR[nodeOf(hierarchy.levels[0]!, wrap, x, y) - base]!;
    }
  }
  return residuals;
}

interface Labels {
  /** For each node of the finest level the number of its island from 1 on; 0 for what has no neighbour. */
  readonly cells: Int32Array;
  readonly extras: Int32Array;
  readonly count: number;
}

/** Hands numbers down from the levels on which islands have shrunk to one node. */
function labelsOf(levels: readonly Level[]): Labels {
  let count = 0;
  let coarse: { readonly cells: Int32Array; readonly extras: Int32Array } | undefined;
  /** The number that a node of the coarser level has, or gets now. */
  const numbered = (list: Int32Array, place: number): number => {
    if (list[place] === 0) list[place] = ++count;
    return list[place]!;
  };
  for (let l = levels.length - 1; l >= 0; l--) {
    const { lattice, base, u, extras, strays } = levels[l]!;
    const own = { cells: new Int32Array(u.buffer, u.byteOffset, base).fill(0), extras: new Int32Array(extras.count) };
    if (coarse) {
      const { flags, stride, columns, rows } = lattice;
      const parent = levels[l + 1]!;
      for (let y = 0; y < rows; y++) {
        const above = ((y >> 1) + 1) * parent.lattice.stride;
        const start = (y + 1) * stride;
        for (let x = 0; x < columns; x++)
          if (flags[start + x]! & FOLLOWS) own.cells[start + x] = numbered(coarse.cells, above + (x >> 1));
      }
      for (let i = 0; i < strays.length; i += 2) {
        const [node, to] = [strays[i]!, strays[i + 1]!];
        const label = to < parent.base ? numbered(coarse.cells, to) : numbered(coarse.extras, to - parent.base);
        if (node < base) own.cells[node] = label;
        else own.extras[node - base] = label;
      }
    }
    coarse = own;
  }
  return { ...coarse!, count };
}

/** For each label what is to be taken off. */
function constantsOf(solution: Solution, slopes: Slopes, labels: Labels, zero: Zero): Float64Array {
  const { hierarchy, wrap, extraX } = solution;
  const { columns, rows, p, q } = slopes;
  const [finest] = hierarchy.levels;
  const constants = new Float64Array(labels.count + 1);
  const flattest = zero === 'anchor' ? new Float64Array(labels.count + 1).fill(Infinity) : undefined;
  const counts = new Float64Array(zero === 'mean' ? labels.count + 1 : 0);
  const { x: solved } = hierarchy;
  const { cells, extras } = labels;
  const { base, lattice } = finest!;
  const wraps = wrap.columns || wrap.rows;
  for (let y = 0; y < rows; y++) {
    const [start, row] = [(y + 1) * lattice.stride, y * columns];
    for (let x = 0; x < columns; x++) {
      const node = wraps ? nodeOf(finest!, wrap, x, y) : start + x;
      const label = node < base ? cells[node]! : extras[node - base]!;
      if (label === 0) continue;
      if (flattest) {
        const slope = p[row + x]! * p[row + x]! + q[row + x]! * q[row + x]!;
        if (slope >= flattest[label]!) continue;
        flattest[label] = slope;
        constants[label] = node < base ? solved[node]! : extraX[node - base]!;
      } else {
        constants[label]! += node < base ? solved[node]! : extraX[node - base]!;
        counts[label]! += 1;
      }
    }
  }
  for (let i = 0; i < counts.length; i++) if (counts[i]! > 0) constants[i]! /= counts[i]!;
  return constants;
}
