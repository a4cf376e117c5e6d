// The plain definition of sweeps over lattices: relaxation, restriction, prolongation, and sums of conjugate gradients.
import {
  ACTIVE,
  DEGREE,
  DOWN,
  type Field,
  FOLLOWS,
  type Lattice,
  type LatticeWork,
  LEFT,
  RIGHT,
  type Sweep,
  UP,
} from '../multigrid.ts';

const round = Math.fround;

/** Calls with the index of each cell, row by row, of whole vectors of 4. */
function each({ columns, rows, stride }: Lattice, visit: (i: number, lane: number) => void): void {
  const whole = Math.ceil(columns / 4) * 4;
  for (let y = 1; y <= rows; y++) for (let x = 0; x < whole; x++) visit(y * stride + x, x & 3);
}

/** Sums of the four lanes, added up in the kernels' order. */
class Lanes {
  readonly #sums = [0, 0, 0, 0];

  add(lane: number, value: number): void {
    this.#sums[lane]! += value;
  }

  get total(): number {
    const [a, b, c, d] = this.#sums as [number, number, number, number];
    return a + b + (c + d);
  }
}

/** The weights of a cell's edges to the right, down, to the left and up. */
function weightsAt({ flags, weights, stride }: Lattice, i: number): readonly [number, number, number, number] {
  if (weights) {
    const { east, south } = weights;
    return [east[i]!, south[i]!, east[i - 1]!, south[i - stride]!];
  }
  const bits = flags[i]!;
  return [bits & RIGHT, (bits & DOWN) / DOWN, (bits & LEFT) / LEFT, (bits & UP) / UP];
}

function relaxCell(lattice: Lattice, u: Field, f: Field, i: number, alone: boolean): void {
  const { flags, weights, stride } = lattice;
  const sum = weights ? weights.sum[i]! : (flags[i]! & ACTIVE) / DEGREE;
  let total = f[i]!;
  if (!alone) {
    const [right, down, left, up] = weightsAt(lattice, i);
    total = round(total + round(u[i + 1]! * right));
    total = round(total + round(u[i + stride]! * down));
    total = round(total + round(u[i - 1]! * left));
    total = round(total + round(u[i - stride]! * up));
  }
  u[i] = sum > 0 ? total / sum : 0;
}

function relax(lattice: Lattice, u: Field, f: Field, sweep: Sweep): void {
  const { stride } = lattice;
  const first = sweep === 'back' ? 1 : 0;
  for (const colour of [first, 1 - first]) {
    const alone = sweep === 'start' && colour === first;
    each(lattice, (i) => {
      // The row before the first is counted, and strides are even.
      const odd = (Math.floor(i / stride) + i + 1) & 1;
      if (odd === colour) relaxCell(lattice, u, f, i, alone);
      else if (alone) u[i] = 0;
    });
  }
}

function rest(lattice: Lattice, u: Field, f: Field, i: number): number {
  if ((lattice.flags[i]! & FOLLOWS) === 0) return 0;
  const { stride } = lattice;
  const [right, down, left, up] = weightsAt(lattice, i);
  const own = u[i]!;
  let total = f[i]!;
  total = round(total + round(round(u[i + 1]! - own) * right));
  total = round(total + round(round(u[i + stride]! - own) * down));
  total = round(total + round(round(u[i - 1]! - own) * left));
  return round(total + round(round(u[i - stride]! - own) * up));
}

function restrict(lattice: Lattice, u: Field, f: Field, coarser: Lattice, into: Field): void {
  /** The sums of the left and right, upper and lower two of the four children of a cell. */
  const sums = (x: number, y: number): readonly [number, number, number, number] => {
    const i = (2 * y + 1) * lattice.stride + 2 * x;
    const [a, b] = [rest(lattice, u, f, i), rest(lattice, u, f, i + 1)];
    const [c, d] = [rest(lattice, u, f, i + lattice.stride), rest(lattice, u, f, i + lattice.stride + 1)];
    return [round(a + c), round(b + d), round(a + b), round(c + d)];
  };
  each(coarser, (i) => {
    const [x, y] = [i % coarser.stride, Math.floor(i / coarser.stride) - 1];
    const [left, right, upper, lower] = sums(x, y);
    const bits = coarser.flags[i]!;
    const toRight = bits & RIGHT ? round(sums(x + 1, y)[0] - right) : 0;
    const toLower = bits & DOWN ? round(sums(x, y + 1)[2] - lower) : 0;
    const toLeft = bits & LEFT ? round(sums(x - 1, y)[1] - left) : 0;
    const toUpper = bits & UP ? round(sums(x, y - 1)[3] - upper) : 0;
    const moved = round(round(toRight + toLeft) + round(toLower + toUpper));
    into[i] = round(left + right) + round(0.25 * moved);
  });
}

function prolong(coarser: Lattice, from: Field, { flags, stride }: Lattice, u: Field): void {
  each(coarser, (i) => {
    const own = from[i]!;
    const towards = (edge: number, other: number): number =>
      coarser.flags[i]! & edge ? round(0.25 * round(from[other]! - own)) : 0;
    const across = [towards(LEFT, i - 1), towards(RIGHT, i + 1)];
    const along = [towards(UP, i - coarser.stride), towards(DOWN, i + coarser.stride)];
    const [x, y] = [i % coarser.stride, Math.floor(i / coarser.stride) - 1];
    for (const [row, down] of along.entries()) {
      for (const [column, right] of across.entries()) {
        const child = (2 * y + row + 1) * stride + 2 * x + column;
        const value = round(round(own + down) + right);
        // Adding 0 is not nothing: it makes 0 of -0.
        u[child] = u[child]! + (flags[child]! & FOLLOWS ? value : 0);
      }
    }
  });
}

function energy(lattice: Lattice, c: Field, d: Field): number {
  const sums = new Lanes();
  const { stride } = lattice;
  each(lattice, (i, lane) => {
    const [right, down] = weightsAt(lattice, i);
    sums.add(lane, round(round(c[i + 1]! - c[i]!) * right) * round(d[i + 1]! - d[i]!));
    sums.add(lane, round(round(c[i + stride]! - c[i]!) * down) * round(d[i + stride]! - d[i]!));
  });
  return sums.total;
}

function advance(lattice: Lattice, x: Float64Array<ArrayBuffer>, r: Field, d: Field, step: number): number {
  const sums = new Lanes();
  const { flags, stride } = lattice;
  each(lattice, (i, lane) => {
    const rise = (edge: number, other: number): number => (flags[i]! & edge ? round(d[other]! - d[i]!) : 0);
    const across = rise(RIGHT, i + 1) + rise(LEFT, i - 1);
    const along = rise(DOWN, i + stride) + rise(UP, i - stride);
    r[i] = r[i]! + step * (across + along);
    sums.add(lane, r[i]! ** 2);
    x[i] = x[i]! + step * d[i]!;
  });
  return sums.total;
}

function turn(d: Field, z: Field, keep: number): void {
  const share = round(keep);
  for (let i = 0; i < d.length; i++) d[i] = z[i]! + round(share * d[i]!);
}

function dot(a: Field, b: Field): number {
  const sums = new Lanes();
  for (let i = 0; i < a.length; i++) sums.add(i & 3, a[i]! * b[i]!);
  return sums.total;
}

const residual: LatticeWork['residual'] = (lattice, x, r, { first, count }, { p, q }) => {
  const sums = new Lanes();
  const { flags, stride } = lattice;
  each({ ...lattice, rows: count }, (slope, lane) => {
    const i = slope + first * stride;
    const bits = flags[i]!;
    const face = (slopes: Field, other: number): number => 0.5 * (slopes[slope]! + slopes[other]!);
    const right = bits & RIGHT ? x[i + 1]! - x[i]! - face(p, slope + 1) : 0;
    const left = bits & LEFT ? x[i - 1]! - x[i]! + face(p, slope - 1) : 0;
    const down = bits & DOWN ? x[i + stride]! - x[i]! - face(q, slope + stride) : 0;
    const up = bits & UP ? x[i - stride]! - x[i]! + face(q, slope - stride) : 0;
    r[i] = right + left + (down + up);
    sums.add(lane, r[i]! ** 2);
  });
  return sums.total;
};

/** The sweeps in plain TypeScript, with so many bytes for arrays. */
export const plainLattice = (bytes: number): LatticeWork => ({
  buffer: new ArrayBuffer(bytes),
  start: 0,
  relax,
  restrict,
  prolong,
  energy,
  advance,
  turn,
  dot,
  residual,
});
