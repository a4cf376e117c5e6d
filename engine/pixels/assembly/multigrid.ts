// Sweeps over lattices for multigrid: relaxation, restriction and prolongation. Each lane does what the plain twin does, in
// the same order.
import { flagsOf, lanesWith } from './lattice';
import { called } from './memory';

/** What relaxation makes of four cells; with `alone` their neighbours count as 0. */
// @ts-ignore: decorator
@inline
function relaxed(
  fine: bool,
  alone: bool,
  u: usize,
  f: usize,
  flags: usize,
  east: usize,
  south: usize,
  sum: usize,
  i: usize,
  stride: usize,
): v128 {
  const at = i << 2;
  const row = stride << 2;
  let total = v128.load(f + at);
  let edges: v128;
  if (fine) {
    const bits = flagsOf(flags, i);
    edges = f32x4.convert_i32x4_s(v128.and(i32x4.shr_u(bits, 4), i32x4.splat(7)));
    if (!alone) {
      total = f32x4.add(total, v128.and(v128.load(u + at, 4), lanesWith(bits, 31)));
      total = f32x4.add(total, v128.and(v128.load(u + at + row), lanesWith(bits, 30)));
      total = f32x4.add(total, v128.and(v128.load(u + at - 4), lanesWith(bits, 29)));
      total = f32x4.add(total, v128.and(v128.load(u + at - row), lanesWith(bits, 28)));
    }
  } else {
    edges = v128.load(sum + at);
    if (!alone) {
      total = f32x4.add(total, f32x4.mul(v128.load(u + at, 4), v128.load(east + at)));
      total = f32x4.add(total, f32x4.mul(v128.load(u + at + row), v128.load(south + at)));
      total = f32x4.add(total, f32x4.mul(v128.load(u + at - 4), v128.load(east + at - 4)));
      total = f32x4.add(total, f32x4.mul(v128.load(u + at - row), v128.load(south + at - row)));
    }
  }
  return v128.and(f32x4.div(total, edges), f32x4.gt(edges, f32x4.splat(0)));
}

/** The cells of one colour in a row. */
// @ts-ignore: decorator
@inline
function relaxRow(
  fine: bool,
  alone: bool,
  u: usize,
  f: usize,
  flags: usize,
  east: usize,
  south: usize,
  sum: usize,
  stride: usize,
  columns: usize,
  y: i32,
  colour: i32,
): void {
  const chosen = ((y + colour) & 1) == 0 ? i32x4(-1, 0, -1, 0) : i32x4(0, -1, 0, -1);
  const start = <usize>(y + 1) * stride;
  for (let i = start; i < start + columns; i += 4) {
    const made = relaxed(fine, alone, u, f, flags, east, south, sum, i, stride);
    const to = u + (i << 2);
    v128.store(to, alone ? v128.and(made, chosen) : v128.bitselect(made, v128.load(to), chosen));
  }
}

// @ts-ignore: decorator
@inline
function relax(
  fine: bool,
  alone: bool,
  u: usize,
  f: usize,
  flags: usize,
  east: usize,
  south: usize,
  sum: usize,
  stride: usize,
  columns: usize,
  rows: i32,
  first: i32,
): void {
  // The second colour follows one row behind, so that a sweep goes through memory once.
  for (let y = 0; y <= rows; y++) {
    if (y < rows) relaxRow(fine, alone, u, f, flags, east, south, sum, stride, columns, y, first);
    if (y > 0) relaxRow(fine, false, u, f, flags, east, south, sum, stride, columns, y - 1, first ^ 1);
  }
}

/** Red cells and then black ones of the finest lattice, or black and red where `first` is 1. */
export function relaxFine(u: usize, f: usize, flags: usize, stride: i32, columns: i32, rows: i32, first: i32): void {
  called();
  relax(true, false, u, f, flags, 0, 0, 0, stride, columns, rows, first);
}

/** The same, from 0 whatever `u` holds. */
export function startFine(u: usize, f: usize, flags: usize, stride: i32, columns: i32, rows: i32, first: i32): void {
  called();
  relax(true, true, u, f, flags, 0, 0, 0, stride, columns, rows, first);
}

/** Red and black cells of a coarser lattice. */
export function relaxCoarse(
  u: usize,
  f: usize,
  east: usize,
  south: usize,
  sum: usize,
  stride: i32,
  columns: i32,
  rows: i32,
  first: i32,
): void {
  called();
  relax(false, false, u, f, 0, east, south, sum, stride, columns, rows, first);
}

/** The same, from 0 whatever `u` holds. */
export function startCoarse(
  u: usize,
  f: usize,
  east: usize,
  south: usize,
  sum: usize,
  stride: i32,
  columns: i32,
  rows: i32,
  first: i32,
): void {
  called();
  relax(false, true, u, f, 0, east, south, sum, stride, columns, rows, first);
}

/** What is left at four cells whose parent is that of half their index; 0 at others. */
// @ts-ignore: decorator
@inline
function rest(fine: bool, u: usize, f: usize, flags: usize, east: usize, south: usize, i: usize, stride: usize): v128 {
  const at = i << 2;
  const row = stride << 2;
  const bits = flagsOf(flags, i);
  const own = v128.load(u + at);
  let total = v128.load(f + at);
  const right = f32x4.sub(v128.load(u + at, 4), own);
  const down = f32x4.sub(v128.load(u + at + row), own);
  const left = f32x4.sub(v128.load(u + at - 4), own);
  const up = f32x4.sub(v128.load(u + at - row), own);
  if (fine) {
    total = f32x4.add(total, v128.and(right, lanesWith(bits, 31)));
    total = f32x4.add(total, v128.and(down, lanesWith(bits, 30)));
    total = f32x4.add(total, v128.and(left, lanesWith(bits, 29)));
    total = f32x4.add(total, v128.and(up, lanesWith(bits, 28)));
  } else {
    total = f32x4.add(total, f32x4.mul(right, v128.load(east + at)));
    total = f32x4.add(total, f32x4.mul(down, v128.load(south + at)));
    total = f32x4.add(total, f32x4.mul(left, v128.load(east + at - 4)));
    total = f32x4.add(total, f32x4.mul(up, v128.load(south + at - row)));
  }
  return v128.and(total, lanesWith(bits, 24));
}

// @ts-ignore: decorator
@inline
function restrict(
  fine: bool,
  u: usize,
  f: usize,
  flags: usize,
  east: usize,
  south: usize,
  stride: usize,
  parents: usize,
  into: usize,
  parentStride: usize,
  columns: usize,
  rows: i32,
  work: usize,
): void {
  const span = (parentStride + 8) << 2;
  for (let y = 0; y <= rows; y++) {
    if (y < rows) {
      // Sums of the left and right, upper and lower two of the four children of each cell.
      const sums = work + 16 + <usize>(y % 3) * 4 * span;
      const start = (<usize>y * 2 + 1) * stride;
      for (let x: usize = 0; x < columns; x += 4) {
        const i = start + x * 2;
        const a = rest(fine, u, f, flags, east, south, i, stride);
        const b = rest(fine, u, f, flags, east, south, i + 4, stride);
        const c = rest(fine, u, f, flags, east, south, i + stride, stride);
        const d = rest(fine, u, f, flags, east, south, i + stride + 4, stride);
        const upperLeft = v128.shuffle<f32>(a, b, 0, 2, 4, 6);
        const upperRight = v128.shuffle<f32>(a, b, 1, 3, 5, 7);
        const lowerLeft = v128.shuffle<f32>(c, d, 0, 2, 4, 6);
        const lowerRight = v128.shuffle<f32>(c, d, 1, 3, 5, 7);
        const to = sums + (x << 2);
        v128.store(to, f32x4.add(upperLeft, lowerLeft));
        v128.store(to + span, f32x4.add(upperRight, lowerRight));
        v128.store(to + 2 * span, f32x4.add(upperLeft, upperRight));
        v128.store(to + 3 * span, f32x4.add(lowerLeft, lowerRight));
      }
    }
    if (y == 0) continue;
    const own = work + 16 + <usize>((y - 1) % 3) * 4 * span;
    const below = work + 16 + <usize>(y % 3) * 4 * span;
    const above = work + 16 + <usize>((y + 1) % 3) * 4 * span;
    const start = <usize>y * parentStride;
    for (let x: usize = 0; x < columns; x += 4) {
      const bits = flagsOf(parents, start + x);
      const at = x << 2;
      const left = v128.load(own + at);
      const right = v128.load(own + at + span);
      const upper = v128.load(own + at + 2 * span);
      const lower = v128.load(own + at + 3 * span);
      const toRight = v128.and(f32x4.sub(v128.load(own + at, 4), right), lanesWith(bits, 31));
      const toLower = v128.and(f32x4.sub(v128.load(below + at + 2 * span), lower), lanesWith(bits, 30));
      const toLeft = v128.and(f32x4.sub(v128.load(own + at + span - 4), left), lanesWith(bits, 29));
      const toUpper = v128.and(f32x4.sub(v128.load(above + at + 3 * span), upper), lanesWith(bits, 28));
      const moved = f32x4.add(f32x4.add(toRight, toLeft), f32x4.add(toLower, toUpper));
      const all = f32x4.add(left, right);
      v128.store(into + ((start + x) << 2), f32x4.add(all, f32x4.mul(f32x4.splat(0.25), moved)));
    }
  }
}

/**
 * What is left of the equations of the finest lattice, handed to the coarser one: the transpose of `prolong`. `columns`
 * and `rows` are the coarser one's. `work` has room for 12 rows of it, each 8 floats longer than its stride.
 */
export function restrictFine(
  u: usize,
  f: usize,
  flags: usize,
  stride: i32,
  parents: usize,
  into: usize,
  parentStride: i32,
  columns: i32,
  rows: i32,
  work: usize,
): void {
  called();
  restrict(true, u, f, flags, 0, 0, stride, parents, into, parentStride, columns, rows, work);
}

/** The same from a coarser lattice to the next. */
export function restrictCoarse(
  u: usize,
  f: usize,
  flags: usize,
  east: usize,
  south: usize,
  stride: i32,
  parents: usize,
  into: usize,
  parentStride: i32,
  columns: i32,
  rows: i32,
  work: usize,
): void {
  called();
  restrict(false, u, f, flags, east, south, stride, parents, into, parentStride, columns, rows, work);
}

/** Adds to four cells and the next four, whose parent is that of half their index. */
// @ts-ignore: decorator
@inline
function addPairs(u: usize, flags: usize, i: usize, left: v128, right: v128): void {
  const to = u + (i << 2);
  const first = v128.and(v128.shuffle<f32>(left, right, 0, 4, 1, 5), lanesWith(flagsOf(flags, i), 24));
  const second = v128.and(v128.shuffle<f32>(left, right, 2, 6, 3, 7), lanesWith(flagsOf(flags, i + 4), 24));
  v128.store(to, f32x4.add(v128.load(to), first));
  v128.store(to, f32x4.add(v128.load(to, 16), second), 16);
}

/**
 * Adds to each cell its parent's value, and a quarter of the way to that of each of the two neighbours of its parent that
 * it is nearest to, where there is an edge: linear where the parents are. `columns` and `rows` are the coarser lattice's.
 */
export function prolong(
  from: usize,
  parents: usize,
  parentStride: i32,
  columns: i32,
  rows: i32,
  u: usize,
  flags: usize,
  stride: i32,
): void {
  called();
  const quarter = f32x4.splat(0.25);
  const row = <usize>parentStride << 2;
  for (let y = 0; y < rows; y++) {
    const start = <usize>(y + 1) * parentStride;
    const children = <usize>(y * 2 + 1) * stride;
    for (let x: usize = 0; x < <usize>columns; x += 4) {
      const at = from + ((start + x) << 2);
      const bits = flagsOf(parents, start + x);
      const own = v128.load(at);
      const right = f32x4.mul(quarter, v128.and(f32x4.sub(v128.load(at, 4), own), lanesWith(bits, 31)));
      const down = f32x4.mul(quarter, v128.and(f32x4.sub(v128.load(at + row), own), lanesWith(bits, 30)));
      const left = f32x4.mul(quarter, v128.and(f32x4.sub(v128.load(at - 4), own), lanesWith(bits, 29)));
      const up = f32x4.mul(quarter, v128.and(f32x4.sub(v128.load(at - row), own), lanesWith(bits, 28)));
      const i = children + x * 2;
      const upper = f32x4.add(own, up);
      addPairs(u, flags, i, f32x4.add(upper, left), f32x4.add(upper, right));
      const lower = f32x4.add(own, down);
      addPairs(u, flags, i + <usize>stride, f32x4.add(lower, left), f32x4.add(lower, right));
    }
  }
}
