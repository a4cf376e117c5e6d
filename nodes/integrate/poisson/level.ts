// The levels of multigrid: what each holds, and how all of them are laid into one memory.
import { cellsOf, type Field, type Lattice, type LatticeWork, strideOf } from '../../../engine/authoring.ts';

/**
 * One lattice of the hierarchy. Its nodes are its cells and, numbered from `base` on, extra ones: where the mask splits a
 * cell of a coarser level into pieces that touch nowhere inside it, all pieces but one are extra.
 */
export interface Level {
  readonly lattice: Lattice;
  /** How many numbers a field has. */
  readonly base: number;
  /** What is looked for, and the right side. */
  readonly u: Field;
  readonly f: Field;
  extras: Extras;
  /** Nodes that do not follow the cell of half their index: pairs of a node and its parent. */
  strays: Int32Array;
}

/** Nodes beside the cells, in the order of the cells in which they lie. */
export interface Extras {
  readonly count: number;
  /** The index of the cell in which each lies. */
  readonly cells: Int32Array;
  /** The edges of node k are those from `starts[k]` to `starts[k + 1]`. */
  readonly starts: Int32Array;
  readonly to: Int32Array;
  readonly weights: Float32Array;
  /** The sum of the weights of each node. */
  readonly sums: Float32Array;
  readonly u: Float32Array;
  readonly f: Float32Array;
}

/**
 * Extra nodes in these cells. `edges` holds two nodes, at least one of them extra, and a weight for each edge; edges that
 * join the same nodes become one.
 */
export function extrasOf(cells: readonly number[], base: number, edges: readonly number[]): Extras {
  const count = cells.length;
  const ends = new Int32Array(count + 1);
  const each = (visit: (k: number, to: number, weight: number) => void): void => {
    for (let i = 0; i < edges.length; i += 3) {
      const [a, b, weight] = [edges[i]!, edges[i + 1]!, edges[i + 2]!];
      if (a >= base) visit(a - base, b, weight);
      if (b >= base) visit(b - base, a, weight);
    }
  };
  each((k) => ends[k + 1]!++);
  for (let k = 0; k < count; k++) ends[k + 1]! += ends[k]!;
  const next = ends.slice();
  const to = new Int32Array(ends[count]!);
  const weights = new Float32Array(to.length);
  each((k, other, weight) => {
    const known = to.subarray(ends[k]!, next[k]!).indexOf(other);
    const place = known < 0 ? next[k]!++ : ends[k]! + known;
    to[place] = other;
    weights[place]! += weight;
  });
  return {
    count,
    cells: Int32Array.from(cells),
    ...compacted(ends, next, to, weights),
    u: new Float32Array(count),
    f: new Float32Array(count),
  };
}

function compacted(
  begins: Int32Array,
  ends: Int32Array,
  to: Int32Array,
  weights: Float32Array,
): Pick<Extras, 'starts' | 'to' | 'weights' | 'sums'> {
  const count = begins.length - 1;
  const starts = new Int32Array(count + 1);
  const sums = new Float32Array(count);
  let place = 0;
  for (let k = 0; k < count; k++) {
    for (let i = begins[k]!; i < ends[k]!; i++) {
      to[place] = to[i]!;
      weights[place] = weights[i]!;
      sums[k]! += weights[i]!;
      place += 1;
    }
    starts[k + 1] = place;
  }
  return { starts, to: to.slice(0, place), weights: weights.slice(0, place), sums };
}

export const NO_EXTRAS: Extras = extrasOf([], 0, []);

/** All arrays of a solution: the levels from the finest on, and what conjugate gradients need beside. */
export interface Hierarchy {
  readonly levels: readonly Level[];
  /** The height, on the finest lattice. */
  readonly x: Float64Array<ArrayBuffer>;
  /** The direction. */
  readonly d: Field;
  /** For restriction. */
  readonly work: Field;
  /** Slopes of `BAND` rows, one before and one after. */
  readonly p: Field;
  readonly q: Field;
}

/** Whether so many cells take milliseconds for each piece of work, after which others want their turn. */
export const isWide = ({ base }: Level): boolean => base >= 2 ** 20;

/** Rows of slopes that are copied at once. */
export const BAND = 64;

interface Room {
  bytes(count: number): Uint8Array<ArrayBuffer>;
  floats(count: number): Field;
  doubles(count: number): Float64Array<ArrayBuffer>;
}

/** How much memory a picture of this size takes, in bytes. */
export function bytesFor(columns: number, rows: number): number {
  let end = 0;
  const take = (bytes: number): void => {
    end += Math.ceil(bytes / 64) * 64;
  };
  const none = new ArrayBuffer(0);
  arrange(columns, rows, {
    bytes: (count) => {
      take(count);
      return new Uint8Array(none);
    },
    floats: (count) => {
      take(count * 4);
      return new Float32Array(none);
    },
    doubles: (count) => {
      take(count * 8);
      return new Float64Array(none);
    },
  });
  return end;
}

/** Levels without edges, for a picture of this size, in the memory of `work`. */
export function layOut(columns: number, rows: number, { buffer, start }: LatticeWork): Hierarchy {
  let end = start;
  const take = (bytes: number): number => {
    const at = end;
    end += Math.ceil(bytes / 64) * 64;
    return at;
  };
  return arrange(columns, rows, {
    bytes: (count) => new Uint8Array(buffer, take(count), count),
    floats: (count) => new Float32Array(buffer, take(count * 4), count),
    doubles: (count) => new Float64Array(buffer, take(count * 8), count),
  });
}

function arrange(columns: number, rows: number, room: Room): Hierarchy {
  const levels: Level[] = [];
  let [across, down] = [columns, rows];
  for (;;) {
    const base = cellsOf(across, down);
    const shape = { columns: across, rows: down, stride: strideOf(across), flags: room.bytes(base) };
    const weights =
      levels.length > 0 ? { east: room.floats(base), south: room.floats(base), sum: room.floats(base) } : undefined;
    const lattice: Lattice = weights ? { ...shape, weights } : shape;
    levels.push({ lattice, base, u: room.floats(base), f: room.floats(base), extras: NO_EXTRAS, strays: NO_STRAYS });
    if (across === 1 && down === 1) break;
    [across, down] = [(across + 1) >> 1, (down + 1) >> 1];
  }
  const { base, lattice } = levels[0]!;
  const band = (BAND + 2) * lattice.stride;
  return {
    levels,
    x: room.doubles(base),
    d: room.floats(base),
    work: room.floats(12 * (strideOf((columns + 1) >> 1) + 8)),
    p: room.floats(band),
    q: room.floats(band),
  };
}

const NO_STRAYS = new Int32Array(0);
