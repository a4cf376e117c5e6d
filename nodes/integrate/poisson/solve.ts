// Solves the Poisson equations of slopes: conjugate gradients in mixed precision, preconditioned by multigrid.
import {
  DOWN,
  EngineError,
  type Field,
  type LatticeWork,
  LEFT,
  latticeKernels,
  RIGHT,
  UP,
} from '../../../engine/authoring.ts';
import { coarsen, type Wrap } from './coarsen.ts';
import { cycle, fullMultigrid } from './cycle.ts';
import { type Faces, type Islands, joinPixels, nodeOf } from './finest.ts';
import { BAND, bytesFor, type Hierarchy, layOut } from './level.ts';
import { inTurns, pause } from './pause.ts';

/** Slopes of a picture, all finite, and what belongs together in it. */
export interface Slopes {
  readonly columns: number;
  readonly rows: number;
  /** How much higher the next pixel lies, to the right (`p`) and down (`q`), row by row. */
  readonly p: Float32Array;
  readonly q: Float32Array;
  readonly islands: Islands;
  readonly wrap: Wrap;
}

export interface SolveOptions {
  /** Of the norm of what is left, relative to that of the right side. */
  readonly tolerance: number;
  readonly maxIterations: number;
  readonly signal: AbortSignal;
  /** Makes the sweeps, with so many bytes for arrays; the kernels where it is not given. */
  readonly sweeps?: (bytes: number) => LatticeWork;
}

export interface Solution {
  readonly hierarchy: Hierarchy;
  readonly wrap: Wrap;
  /** The heights of the extra nodes of the finest level, and what is left there. */
  readonly extraX: Float64Array;
  readonly extraR: Float32Array;
  readonly iterations: number;
  /** The relative residual that was reached. */
  readonly residual: number;
}

/**
 * Heights of which the differences are nearest to the slopes, in the sense of least squares over the faces between pixels
 * of an island; a face has the mean of its pixels' slopes. Each island's constant is any. What is left of the equations
 * lies in `f` of the finest level. Heights are f64, and what is left is made from them in f64; what each step adds to them
 * is f32. The result depends on nothing but the input. Errors: 'solver-stopped', 'memory-budget'.
 */
export async function solve(slopes: Slopes, options: SolveOptions): Promise<Solution> {
  const { columns, rows, islands, wrap } = slopes;
  const work = (options.sweeps ?? latticeKernels)(bytesFor(columns, rows));
  const hierarchy = layOut(columns, rows, work);
  const faces = joinPixels(hierarchy.levels[0]!, islands, wrap);
  for (let i = 1; i < hierarchy.levels.length; i++) {
    await pause(options.signal);
    await inTurns(coarsen(hierarchy.levels[i - 1]!, hierarchy.levels[i]!, wrap), options.signal);
  }
  await pause(options.signal);
  return new Solver(work, hierarchy, slopes, faces).run(options);
}

/** How far what is left is followed by steps in single precision. */
const STRETCH = 1e-5;

class Solver {
  readonly #work: LatticeWork;
  readonly #hierarchy: Hierarchy;
  readonly #slopes: Slopes;
  readonly #faces: Faces;
  readonly #r: Field;
  readonly #z: Field;
  /** Of extra nodes: height, direction. */
  readonly #x: Float64Array;
  readonly #d: Float32Array;

  constructor(work: LatticeWork, hierarchy: Hierarchy, slopes: Slopes, faces: Faces) {
    this.#work = work;
    this.#hierarchy = hierarchy;
    this.#slopes = slopes;
    this.#faces = faces;
    const [finest] = hierarchy.levels;
    this.#r = finest!.f;
    this.#z = finest!.u;
    this.#x = new Float64Array(finest!.extras.count);
    this.#d = new Float32Array(finest!.extras.count);
  }

  async run({ tolerance, maxIterations, signal }: SolveOptions): Promise<Solution> {
    const hierarchy = this.#hierarchy;
    const goal = Math.sqrt(await this.#residual(signal));
    let iterations = 0;
    let left = goal;
    if (goal > 0) {
      await inTurns(fullMultigrid(this.#work, hierarchy), signal);
      hierarchy.x.set(this.#z);
      this.#x.set(this.#extras.u);
      left = Math.sqrt(await this.#residual(signal));
      // In thin windings the start can be worse than nothing.
      if (left > goal) {
        hierarchy.x.fill(0);
        this.#x.fill(0);
        left = Math.sqrt(await this.#residual(signal));
      }
      // What has overflowed is no number, and no solution.
      while (!(left <= tolerance * goal) || goal === Infinity) {
        const before = left;
        let estimate = left;
        let energy = 0;
        // Rounding to f32 leaves sums of islands that are not 0, which no height explains: it is made anew before they count.
        const enough = Math.max(tolerance * goal, STRETCH * before);
        while (estimate > enough) {
          if (iterations === maxIterations) throw stopped(estimate / goal, tolerance, iterations);
          await pause(signal);
          await inTurns(cycle(this.#work, hierarchy, 0, 'zero'), signal);
          await pause(signal);
          ({ estimate, energy } = this.#step(energy));
          iterations += 1;
        }
        left = Math.sqrt(await this.#residual(signal));
        if (!(left <= tolerance * goal || left <= 0.5 * before) || goal === Infinity)
          throw stopped(left / goal, tolerance, iterations);
      }
    }
    const { wrap } = this.#slopes;
    const residual = goal > 0 ? left / goal : 0;
    return { hierarchy, wrap, extraX: this.#x, extraR: this.#extras.f, iterations, residual };
  }

  get #extras() {
    return this.#hierarchy.levels[0]!.extras;
  }

  /**
   * One step of conjugate gradients with what a cycle has found; `before` is the energy of the last direction, 0 to begin anew. The next direction has
   * nothing of the last one, in the norm of energy, even where the preconditioner is not quite linear.
   */
  #step(before: number): { estimate: number; energy: number } {
    const { levels, x, d } = this.#hierarchy;
    const { lattice, base } = levels[0]!;
    const extras = this.#extras;
    const z = this.#z;
    const found = (node: number): number => (node < base ? z[node]! : extras.u[node - base]!);
    const value = (node: number): number => (node < base ? d[node]! : this.#d[node - base]!);
    let keep = 0;
    if (before > 0) {
      let common = this.#work.energy(lattice, z, d);
      this.#each((a, b) => {
        common += (found(b) - found(a)) * (value(b) - value(a));
      });
      keep = -common / before;
    }
    this.#work.turn(d, z, keep);
    for (let k = 0; k < extras.count; k++) this.#d[k] = extras.u[k]! + keep * this.#d[k]!;
    let energy = this.#work.energy(lattice, d, d);
    let product = this.#work.dot(this.#r, d);
    for (let k = 0; k < extras.count; k++) product += extras.f[k]! * this.#d[k]!;
    this.#each((a, b) => {
      energy += (value(b) - value(a)) ** 2;
    });
    const step = energy > 0 ? product / energy : 0;
    this.#each((a, b) => {
      const part = step * (value(b) - value(a));
      this.#add(a, part);
      this.#add(b, -part);
    });
    let squares = this.#work.advance(lattice, x, this.#r, d, step);
    for (let k = 0; k < extras.count; k++) {
      this.#x[k]! += step * this.#d[k]!;
      squares += extras.f[k]! ** 2;
    }
    // Without any direction left the estimate is as good as what can be reached.
    return { estimate: step === 0 ? 0 : Math.sqrt(squares), energy };
  }

  #each(visit: (a: number, b: number) => void): void {
    const { across, down } = this.#faces;
    for (const list of [across, down]) for (let i = 0; i < list.length; i += 2) visit(list[i]!, list[i + 1]!);
  }

  #add(node: number, value: number): void {
    const { base } = this.#hierarchy.levels[0]!;
    if (node < base) this.#r[node]! += value;
    else this.#extras.f[node - base]! += value;
  }

  /** Makes what is left from the heights. Returns its sum of squares. */
  async #residual(signal: AbortSignal): Promise<number> {
    const { levels, x, p, q } = this.#hierarchy;
    const { lattice } = levels[0]!;
    const { columns, rows } = this.#slopes;
    let squares = 0;
    for (let first = 0; first < rows; first += BAND) {
      const count = Math.min(BAND, rows - first);
      for (let y = -1; y <= count; y++) {
        const row = Math.min(Math.max(first + y, 0), rows - 1) * columns;
        p.set(this.#slopes.p.subarray(row, row + columns), (y + 1) * lattice.stride);
        q.set(this.#slopes.q.subarray(row, row + columns), (y + 1) * lattice.stride);
      }
      squares += this.#work.residual(lattice, x, this.#r, { first, count }, { p, q });
      // A stretch of rows of a wide lattice.
      if ((first / BAND) % 16 === 15) await pause(signal);
    }
    return this.#extras.count === 0 ? squares : this.#residualAround();
  }

  /** Adds what faces of extra nodes leave; what comes of several faces is added up before it is rounded. */
  #residualAround(): number {
    const { levels, x } = this.#hierarchy;
    const finest = levels[0]!;
    const { p, q } = this.#slopes;
    const extras = this.#extras;
    const pixels = this.#pixelsAround();
    const sums = new Map<number, number>();
    const height = (node: number): number => (node < finest.base ? x[node]! : this.#x[node - finest.base]!);
    const rise = (slopes: Float32Array, a: number, b: number): number =>
      0.5 * (slopes[pixels.get(a)!]! + slopes[pixels.get(b)!]!);
    const add = (slopes: Float32Array, a: number, b: number): void => {
      const part = height(b) - height(a) - rise(slopes, a, b);
      for (const [node, sign] of [
        [a, 1],
        [b, -1],
      ] as const)
        sums.set(node, (sums.get(node) ?? this.#within(node, pixels)) + sign * part);
    };
    const { across, down } = this.#faces;
    for (let i = 0; i < across.length; i += 2) add(p, across[i]!, across[i + 1]!);
    for (let i = 0; i < down.length; i += 2) add(q, down[i]!, down[i + 1]!);
    extras.f.fill(0);
    for (const [node, sum] of sums) {
      if (node < finest.base) this.#r[node] = sum;
      else extras.f[node - finest.base] = sum;
    }
    let squares = this.#work.dot(this.#r, this.#r);
    for (const value of extras.f) squares += value ** 2;
    return squares;
  }

  /** What the faces between cells leave at a node. */
  #within(node: number, pixels: ReadonlyMap<number, number>): number {
    const { levels, x } = this.#hierarchy;
    const { lattice, base } = levels[0]!;
    if (node >= base) return 0;
    const { p, q, columns } = this.#slopes;
    const bits = lattice.flags[node]!;
    const at = pixels.get(node)!;
    let sum = 0;
    if (bits & RIGHT) sum += x[node + 1]! - x[node]! - 0.5 * (p[at]! + p[at + 1]!);
    if (bits & LEFT) sum += x[node - 1]! - x[node]! + 0.5 * (p[at]! + p[at - 1]!);
    if (bits & DOWN) sum += x[node + lattice.stride]! - x[node]! - 0.5 * (q[at]! + q[at + columns]!);
    if (bits & UP) sum += x[node - lattice.stride]! - x[node]! + 0.5 * (q[at]! + q[at - columns]!);
    return sum;
  }

  /** The pixels of all nodes that faces of extra nodes may join. */
  #pixelsAround(): Map<number, number> {
    const [finest] = this.#hierarchy.levels;
    const { columns, rows, wrap } = this.#slopes;
    const pixels = new Map<number, number>();
    const note = (x: number, y: number): void => {
      pixels.set(nodeOf(finest!, wrap, x, y), y * columns + x);
    };
    for (let y = 0; y < rows; y++) for (const x of [0, columns - 2, columns - 1]) if (x >= 0) note(x, y);
    for (let x = 0; x < columns; x++) for (const y of [0, rows - 2, rows - 1]) if (y >= 0) note(x, y);
    return pixels;
  }
}

const stopped = (reached: number, tolerance: number, iterations: number): EngineError =>
  new EngineError(
    'invalid',
    'solver-stopped',
    `Expected a relative residual of ${tolerance.toExponential()}, reached ${reached.toExponential(2)} after ${iterations} ${iterations === 1 ? 'iteration' : 'iterations'}. Allow more iterations or a greater tolerance.`,
  );
