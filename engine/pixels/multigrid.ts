// Lattices of cells joined by edges, and the sweeps over them that multigrid is made of.
import { ownKernels } from './arena.ts';

/** Bits of a cell's flags: edges to its neighbours. */
export const RIGHT = 1;
export const DOWN = 2;
export const LEFT = 4;
export const UP = 8;
/** One edge more. Of coarser lattices only whether there are any counts. */
export const DEGREE = 16;
/** Any number of edges. */
export const ACTIVE = 112;
/** The cell of half the index in the coarser lattice is the parent. */
export const FOLLOWS = 128;

/**
 * Cells in rows and columns, with a row before the first and one after the last: cell (x, y) has the index
 * (y + 1) * stride + x. Cells beyond the columns have no edges. The finest lattice has edges of weight 1 alone.
 */
export interface Lattice {
  readonly columns: number;
  readonly rows: number;
  /** Of whole vectors of 8, and at least the columns. */
  readonly stride: number;
  readonly flags: Uint8Array<ArrayBuffer>;
  /** Of all but the finest one. */
  readonly weights?: Weights;
}

export interface Weights {
  /** Of the edges to the right and down; 0 where there is none. */
  readonly east: Field;
  readonly south: Field;
  /** The sum of the weights of all edges of a cell. */
  readonly sum: Field;
}

/** A number for each cell. */
export type Field = Float32Array<ArrayBuffer>;

export const strideOf = (columns: number): number => Math.ceil(columns / 8) * 8;

/** Numbers in a field of a lattice. */
export const cellsOf = (columns: number, rows: number): number => (rows + 2) * strideOf(columns);

/** `start`: both colours from 0, whatever `u` holds; `forth`: red, then black; `back`: black, then red. */
export type Sweep = 'start' | 'forth' | 'back';

/**
 * Sweeps over arrays that all lie in `buffer`. Sums are of f64. Fields are of the lattice that stands before them.
 * The equation of a cell: the weights times its difference from each of its neighbours add up to `f`.
 */
export interface LatticeWork {
  readonly buffer: ArrayBuffer;
  /** Where in it arrays may begin; a multiple of 64. */
  readonly start: number;
  /** Makes the equations of the cells of each colour hold, one colour after the other. */
  relax(lattice: Lattice, u: Field, f: Field, sweep: Sweep): void;
  /**
   * What is left of the equations, handed to parents that cells follow: the transpose of `prolong`. `work` has 12 rows of
   * the coarser lattice's stride and 8 more each.
   */
  restrict(lattice: Lattice, u: Field, f: Field, coarser: Lattice, into: Field, work: Field): void;
  /** Adds to cells that follow their parent its value, and a quarter of the way to its nearest two neighbours. */
  prolong(coarser: Lattice, from: Field, lattice: Lattice, u: Field): void;
  /** The sum over edges of their weight times the differences that both fields have there. */
  energy(lattice: Lattice, c: Field, d: Field): number;
  /** Of the finest lattice: adds `step` times `d` to `x`, and takes what that explains off `r`. Returns the sum of the squares of `r`. */
  advance(lattice: Lattice, x: Float64Array<ArrayBuffer>, r: Field, d: Field, step: number): number;
  /** `d` becomes `z` and `keep` times `d`. */
  turn(d: Field, z: Field, keep: number): void;
  dot(a: Field, b: Field): number;
  /**
   * The divergence of slopes across (`p`) and down (`q`) less that of `x`, for rows from `first` on; `p` and `q` have
   * those rows, and one before and after. Returns the sum of squares.
   */
  residual(
    lattice: Lattice,
    x: Float64Array<ArrayBuffer>,
    r: Field,
    rows: { readonly first: number; readonly count: number },
    slopes: { readonly p: Field; readonly q: Field },
  ): number;
}

/**
 * Kernels with `bytes` of memory for arrays, and some more so that whole vectors can be read beyond them. It is their own
 * and goes when they are let go. Error: 'memory-budget'.
 */
export function latticeKernels(bytes: number): LatticeWork {
  const { run, buffer, start } = ownKernels(bytes);
  return {
    buffer,
    start,
    relax({ flags, weights, stride, columns, rows }, u, f, sweep) {
      const [to, from, first] = [u.byteOffset, f.byteOffset, sweep === 'back' ? 1 : 0];
      if (!weights) {
        const kernel = sweep === 'start' ? run.startFine : run.relaxFine;
        kernel(to, from, flags.byteOffset, stride, columns, rows, first);
      } else {
        const kernel = sweep === 'start' ? run.startCoarse : run.relaxCoarse;
        kernel(to, from, ...addresses(weights), weights.sum.byteOffset, stride, columns, rows, first);
      }
    },
    restrict({ flags, weights, stride }, u, f, coarser, into, work) {
      const fine = [u.byteOffset, f.byteOffset, flags.byteOffset] as const;
      const { columns, rows } = coarser;
      const coarse = [coarser.flags.byteOffset, into.byteOffset, coarser.stride, columns, rows] as const;
      if (weights) run.restrictCoarse(...fine, ...addresses(weights), stride, ...coarse, work.byteOffset);
      else run.restrictFine(...fine, stride, ...coarse, work.byteOffset);
    },
    prolong(coarser, from, { flags, stride }, u) {
      const { columns, rows } = coarser;
      const parents = coarser.flags.byteOffset;
      run.prolong(from.byteOffset, parents, coarser.stride, columns, rows, u.byteOffset, flags.byteOffset, stride);
    },
    energy: ({ flags, weights, stride, columns, rows }, c, d) =>
      weights
        ? run.energyCoarse(c.byteOffset, d.byteOffset, ...addresses(weights), stride, columns, rows)
        : run.energyFine(c.byteOffset, d.byteOffset, flags.byteOffset, stride, columns, rows),
    advance: ({ flags, stride, columns, rows }, x, r, d, step) =>
      run.advanceFine(x.byteOffset, r.byteOffset, d.byteOffset, flags.byteOffset, stride, columns, rows, step),
    turn: (d, z, keep) => run.turnFine(d.byteOffset, z.byteOffset, d.length, keep),
    dot: (a, b) => run.dotFine(a.byteOffset, b.byteOffset, a.length),
    residual: ({ flags, stride, columns }, x, r, { first, count }, { p, q }) =>
      run.residualFine(
        x.byteOffset,
        r.byteOffset,
        flags.byteOffset,
        stride,
        columns,
        first,
        count,
        p.byteOffset,
        q.byteOffset,
      ),
  };
}

const addresses = ({ east, south }: Weights): readonly [number, number] => [east.byteOffset, south.byteOffset];
