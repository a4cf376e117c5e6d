// Makes a coarser level of a lattice: the pieces of each block of two by two become nodes, so that nothing that is apart
// is ever joined, whatever the mask.
import { ACTIVE, DEGREE, DOWN, type Field, FOLLOWS, LEFT, RIGHT, UP } from '../../../engine/authoring.ts';
import { extrasOf, type Level } from './level.ts';

/** Whether the last column is joined to the first one, and the last row to the first. */
export interface Wrap {
  readonly columns: boolean;
  readonly rows: boolean;
}

/**
 * Fills the edges, weights and extra nodes of `coarse` from those of `fine`, and which node of it is the parent of each
 * of `fine`. A node is a set of nodes of `fine` that edges inside of a block of two by two cells join. Where the picture
 * wraps around, the last column or row has only extra nodes, since cells are joined to their neighbours alone.
 *
 * Edges weigh as conductors do: all those between two nodes lie side by side, and before and behind them half of what
 * each node is itself, along that direction. So a wide area keeps the weight 1, a chain of pixels has half the weight
 * with each level, and a narrow place between wide areas keeps most of its own.
 *
 * Stops after each piece of work, so that others can have their turn.
 */
export function* coarsen(fine: Level, coarse: Level, wrap: Wrap): Generator<undefined, void> {
  const made = new Coarsening(fine, coarse);
  made.join(wrap);
  yield;
  made.connectCells();
  yield;
  made.connectExtras();
  yield;
  made.mark();
}

/** For the active cells of a block, 1, 2, 4, 8, and edges between them: the piece of each cell in 4 bits, from 1 on by size. */
const PIECES = Uint16Array.from({ length: 256 }, (_, key) => {
  const piece = [1, 2, 4, 8].map((bit, i) => (key & bit ? i : -1));
  const edges = [
    [16, 0, 1],
    [32, 2, 3],
    [64, 0, 2],
    [128, 1, 3],
  ] as const;
  for (const [bit, a, b] of [...edges, ...edges]) {
    if (!(key & bit) || piece[a]! < 0 || piece[b]! < 0) continue;
    const [least, other] = [Math.min(piece[a]!, piece[b]!), Math.max(piece[a]!, piece[b]!)];
    for (let i = 0; i < 4; i++) if (piece[i] === other) piece[i] = least;
  }
  const size = (p: number): number => piece.filter((other) => other === p).length;
  const order = [...new Set(piece.filter((p) => p >= 0))].sort((a, b) => size(b) - size(a) || a - b);
  return piece.reduce((all, p, i) => all | ((order.indexOf(p) + 1) << (4 * i)), 0);
});

class Coarsening {
  readonly #fine: Level;
  readonly #coarse: Level;
  /** The parents of cells that do not follow; they borrow the place of `u`. */
  readonly #slots: Int32Array;
  readonly #extraParents: Int32Array;
  /** What each cell conducts inside, across and down; borrowed from the coarser level's `u` and `f`, and given back as 0. */
  readonly #across: Field;
  readonly #down: Field;
  /** The same of extra nodes, in pairs. */
  readonly #extraInner: number[] = [];
  /** The cells of the coarser level's extra nodes. */
  readonly #cells: number[] = [];
  readonly #strays: number[] = [];
  /** Edges of extra nodes: two nodes and a weight for each. */
  readonly #edges: number[] = [];

  constructor(fine: Level, coarse: Level) {
    this.#fine = fine;
    this.#coarse = coarse;
    this.#across = coarse.u;
    this.#down = coarse.f;
    this.#slots = new Int32Array(fine.u.buffer, fine.u.byteOffset, fine.u.length);
    this.#extraParents = new Int32Array(fine.extras.count).fill(-1);
  }

  /** Finds the nodes. */
  join(wrap: Wrap): void {
    const { lattice, extras } = this.#fine;
    const { flags, stride } = lattice;
    const { columns, rows, stride: parentStride } = this.#coarse.lattice;
    const { cells, count } = extras;
    let nextExtra = 0;
    for (let y = 0; y < rows; y++) {
      // Extra nodes of the two rows of cells, in the order of columns.
      const inRows: number[] = [];
      for (; nextExtra < count && cells[nextExtra]! < (2 * y + 3) * stride; nextExtra++) inRows.push(nextExtra);
      const columnOf = (k: number): number => (cells[k]! % stride) >> 1;
      inRows.sort((a, b) => columnOf(a) - columnOf(b) || a - b);
      let at = 0;
      for (let x = 0; x < columns; x++) {
        const cell = (y + 1) * parentStride + x;
        const first = (2 * y + 1) * stride + 2 * x;
        const free = !(wrap.columns && x === columns - 1) && !(wrap.rows && y === rows - 1);
        const begin = at;
        while (at < inRows.length && columnOf(inRows[at]!) === x) at += 1;
        if (at > begin || !free) {
          this.#joinAny(cell, first, inRows.slice(begin, at), free);
          continue;
        }
        const a = flags[first]!;
        const b = flags[first + 1]!;
        const c = flags[first + stride]!;
        const d = flags[first + stride + 1]!;
        // Most blocks are whole.
        if ((a & b & c & d & 15) !== 15) {
          const active = (a & ACTIVE ? 1 : 0) | (b & ACTIVE ? 2 : 0) | (c & ACTIVE ? 4 : 0) | (d & ACTIVE ? 8 : 0);
          if (active === 0) continue;
          const inner = (a & RIGHT ? 16 : 0) | (c & RIGHT ? 32 : 0) | (a & DOWN ? 64 : 0) | (b & DOWN ? 128 : 0);
          const pieces = PIECES[active | inner]!;
          if ((pieces & 0xeeee) !== 0) {
            this.#split(cell, first, pieces);
            continue;
          }
          if (active !== 15) {
            for (let i = 0; i < 4; i++) if (active & (1 << i)) flags[first + (i & 1) + (i >> 1) * stride]! |= FOLLOWS;
            continue;
          }
        }
        flags[first] = a | FOLLOWS;
        flags[first + 1] = b | FOLLOWS;
        flags[first + stride] = c | FOLLOWS;
        flags[first + stride + 1] = d | FOLLOWS;
      }
    }
    this.#fine.strays = Int32Array.from(this.#strays);
  }

  #newExtra(cell: number): number {
    this.#cells.push(cell);
    this.#extraInner.push(0, 0);
    return this.#coarse.base + this.#cells.length - 1;
  }

  #stray(node: number, parent: number): void {
    const { base } = this.#fine;
    if (node < base) this.#slots[node] = parent;
    else this.#extraParents[node - base] = parent;
    this.#strays.push(node, parent);
  }

  /** A block of cells alone, in several pieces. */
  #split(cell: number, first: number, pieces: number): void {
    const { flags, stride } = this.#fine.lattice;
    const parents = [0, 0, 0, 0, 0];
    for (let i = 0; i < 4; i++) {
      const piece = (pieces >> (4 * i)) & 15;
      const child = first + (i & 1) + (i >> 1) * stride;
      if (piece === 1) flags[child]! |= FOLLOWS;
      if (piece < 2) continue;
      if (parents[piece] === 0) parents[piece] = this.#newExtra(cell);
      this.#stray(child, parents[piece]!);
    }
  }

  /** A block with extra nodes, or one whose cell is not `free` to be a node. */
  #joinAny(cell: number, first: number, extra: readonly number[], free: boolean): void {
    const { base, lattice, extras } = this.#fine;
    const { flags, stride } = lattice;
    const inside = [first, first + 1, first + stride, first + stride + 1].filter((i) => flags[i]! & ACTIVE);
    const nodes = [...inside, ...extra.filter((k) => extras.sums[k]! > 0).map((k) => base + k)];
    const piece = nodes.map((_, i) => i);
    const unite = (a: number, b: number): void => {
      const j = nodes.indexOf(b);
      if (j < 0) return;
      const [from, to] = [piece[j]!, piece[nodes.indexOf(a)]!];
      for (let i = 0; i < piece.length; i++) if (piece[i] === from) piece[i] = to;
    };
    for (const node of nodes) {
      if (node < base) {
        if (flags[node]! & RIGHT) unite(node, node + 1);
        if (flags[node]! & DOWN) unite(node, node + stride);
        continue;
      }
      const k = node - base;
      for (let i = extras.starts[k]!; i < extras.starts[k + 1]!; i++) unite(node, extras.to[i]!);
    }
    const sizes = new Map<number, number>();
    for (const p of piece) sizes.set(p, (sizes.get(p) ?? 0) + 1);
    const [largest] = [...sizes].sort(([, a], [, b]) => b - a)[0] ?? [];
    const parents = new Map<number, number>();
    for (const [i, node] of nodes.entries()) {
      const p = piece[i]!;
      const own = free && p === largest;
      if (own && node < base) {
        flags[node]! |= FOLLOWS;
        continue;
      }
      let parent = own ? cell : parents.get(p);
      if (parent === undefined) {
        parent = this.#newExtra(cell);
        parents.set(p, parent);
      }
      this.#stray(node, parent);
    }
  }

  /** Joins extra nodes by edges, among themselves and with cells. */
  connectExtras(): void {
    const { base, extras, lattice } = this.#fine;
    for (let k = 0; k < extras.count; k++) {
      for (let i = extras.starts[k]!; i < extras.starts[k + 1]!; i++) {
        const other = extras.to[i]!;
        // Each edge between extra nodes stands at both.
        if (other >= base && other < base + k) continue;
        const cell = other < base ? other : extras.cells[other - base]!;
        const way = (cell - extras.cells[k]!) % lattice.stride === 0 ? 'down' : 'across';
        this.#link(base + k, other, extras.weights[i]!, way);
      }
    }
    this.#makeExtras();
  }

  /** Joins cells by edges. */
  connectCells(): void {
    const { flags, stride, columns, rows, weights } = this.#fine.lattice;
    const { stride: parentStride, weights: made } = this.#coarse.lattice;
    const { east, south } = made!;
    for (let y = 0; y < rows; y++) {
      const start = (y + 1) * stride;
      const cells = ((y >> 1) + 1) * parentStride;
      const lower = y & 1;
      for (let x = 0; x < columns; x++) {
        const node = start + x;
        const bits = flags[node]!;
        if (bits & RIGHT) {
          const weight = weights ? weights.east[node]! : 1;
          const alike = bits & flags[node + 1]! & FOLLOWS;
          if (alike) (x & 1 ? east : this.#across)[cells + (x >> 1)]! += weight;
          else this.#link(node, node + 1, weight, 'across');
        }
        if (bits & DOWN) {
          const weight = weights ? weights.south[node]! : 1;
          const alike = bits & flags[node + stride]! & FOLLOWS;
          if (alike) (lower ? south : this.#down)[cells + (x >> 1)]! += weight;
          else this.#link(node, node + stride, weight, 'down');
        }
      }
    }
  }

  #parentOf(node: number): number {
    const { base, lattice } = this.#fine;
    if (node >= base) return this.#extraParents[node - base]!;
    if (!(lattice.flags[node]! & FOLLOWS)) return this.#slots[node]!;
    const row = Math.floor(node / lattice.stride) - 1;
    return ((row >> 1) + 1) * this.#coarse.lattice.stride + ((node % lattice.stride) >> 1);
  }

  /** Adds what an edge between nodes of the finer level weighs to that between their parents, or to what one conducts inside. */
  #link(from: number, to: number, weight: number, way: 'across' | 'down'): void {
    const [a, b] = [this.#parentOf(from), this.#parentOf(to)];
    const { base, lattice } = this.#coarse;
    if (a === b) {
      if (a >= base) this.#extraInner[2 * (a - base) + (way === 'down' ? 1 : 0)]! += weight;
      else (way === 'down' ? this.#down : this.#across)[a]! += weight;
    } else if (a >= base || b >= base) {
      this.#edges.push(a, b, weight);
    } else {
      const { east, south } = lattice.weights!;
      (way === 'down' ? south : east)[Math.min(a, b)]! += weight;
    }
  }

  #makeExtras(): void {
    const coarse = this.#coarse;
    const { base, lattice } = coarse;
    const extras = extrasOf(this.#cells, base, this.#edges);
    coarse.extras = extras;
    const inner = (node: number, way: 0 | 1): number =>
      node < base ? (way ? this.#down : this.#across)[node]! : this.#extraInner[2 * (node - base) + way]!;
    for (let k = 0; k < extras.count; k++) {
      extras.sums[k] = 0;
      for (let i = extras.starts[k]!; i < extras.starts[k + 1]!; i++) {
        const other = extras.to[i]!;
        const cell = other < base ? other : this.#cells[other - base]!;
        const way = (cell - this.#cells[k]!) % lattice.stride === 0 ? 1 : 0;
        extras.weights[i] = conducted(extras.weights[i]!, inner(base + k, way), inner(other, way));
        extras.sums[k]! += extras.weights[i]!;
        if (other < base) lattice.weights!.sum[other]! += extras.weights[i]!;
      }
    }
  }

  /** The flags and sums of the coarser level's cells. */
  mark(): void {
    const { u, f, lattice } = this.#coarse;
    const { flags, stride, columns, rows, weights } = lattice;
    const { east, south, sum } = weights!;
    for (let y = 1; y <= rows; y++) {
      for (let i = y * stride; i < y * stride + columns; i++) {
        if (east[i]! > 0) east[i] = conducted(east[i]!, u[i]!, u[i + 1]!);
        if (south[i]! > 0) south[i] = conducted(south[i]!, f[i]!, f[i + stride]!);
        const [right, down, left, up] = [east[i]!, south[i]!, east[i - 1]!, south[i - stride]!];
        sum[i]! += right + down + (left + up);
        const edges = (right > 0 ? RIGHT : 0) | (down > 0 ? DOWN : 0) | (left > 0 ? LEFT : 0) | (up > 0 ? UP : 0);
        flags[i] = edges | (sum[i]! > 0 ? DEGREE : 0);
      }
    }
    u.fill(0);
    f.fill(0);
  }
}

/** What an edge conducts together with halves of the insides of its nodes, where these are more than one cell long. */
function conducted(edge: number, a: number, b: number): number {
  return 1 / (1 / edge + (a > 0 ? 0.5 / a : 0) + (b > 0 ? 0.5 / b : 0));
}
