// Sums of conjugate gradients over lattices, in double precision, and the residual. Each lane does what the plain twin
// does, in the same order.
import { flagsOf, lanesWith } from './lattice';
import { called } from './memory';

// @ts-ignore: decorator
@inline
function low(x: v128): v128 {
  return f64x2.promote_low_f32x4(x);
}

// @ts-ignore: decorator
@inline
function high(x: v128): v128 {
  return f64x2.promote_low_f32x4(v128.shuffle<f32>(x, x, 2, 3, 2, 3));
}

// @ts-ignore: decorator
@inline
function total(a: v128, b: v128): f64 {
  return f64x2.extract_lane(a, 0) + f64x2.extract_lane(a, 1) + (f64x2.extract_lane(b, 0) + f64x2.extract_lane(b, 1));
}

// @ts-ignore: decorator
@inline
function energy(
  fine: bool,
  c: usize,
  d: usize,
  flags: usize,
  east: usize,
  south: usize,
  stride: usize,
  columns: usize,
  rows: i32,
): f64 {
  let a = f64x2.splat(0);
  let b = f64x2.splat(0);
  const row = stride << 2;
  for (let y = 0; y < rows; y++) {
    const start = <usize>(y + 1) * stride;
    for (let i = start; i < start + columns; i += 4) {
      const at = i << 2;
      const one = v128.load(c + at);
      const two = v128.load(d + at);
      let right = f32x4.sub(v128.load(c + at, 4), one);
      let down = f32x4.sub(v128.load(c + at + row), one);
      if (fine) {
        const bits = flagsOf(flags, i);
        right = v128.and(right, lanesWith(bits, 31));
        down = v128.and(down, lanesWith(bits, 30));
      } else {
        right = f32x4.mul(right, v128.load(east + at));
        down = f32x4.mul(down, v128.load(south + at));
      }
      const across = f32x4.sub(v128.load(d + at, 4), two);
      const along = f32x4.sub(v128.load(d + at + row), two);
      a = f64x2.add(a, f64x2.mul(low(right), low(across)));
      b = f64x2.add(b, f64x2.mul(high(right), high(across)));
      a = f64x2.add(a, f64x2.mul(low(down), low(along)));
      b = f64x2.add(b, f64x2.mul(high(down), high(along)));
    }
  }
  return total(a, b);
}

/** The sum over all edges of the finest lattice of the products of the differences that two fields have there. */
export function energyFine(c: usize, d: usize, flags: usize, stride: i32, columns: i32, rows: i32): f64 {
  called();
  return energy(true, c, d, flags, 0, 0, stride, columns, rows);
}

/** The same of a coarser lattice, times the weights of edges. */
export function energyCoarse(
  c: usize,
  d: usize,
  east: usize,
  south: usize,
  stride: i32,
  columns: i32,
  rows: i32,
): f64 {
  called();
  return energy(false, c, d, 0, east, south, stride, columns, rows);
}

/** Goes a step: adds so much of `d` to `x`, a plane of f64, and takes what that explains off `r`. Returns the sum of squares of `r`. */
export function advanceFine(
  x: usize,
  r: usize,
  d: usize,
  flags: usize,
  stride: i32,
  columns: i32,
  rows: i32,
  step: f64,
): f64 {
  called();
  let a = f64x2.splat(0);
  let b = f64x2.splat(0);
  const by = f64x2.splat(step);
  const row = <usize>stride << 2;
  for (let y = 0; y < rows; y++) {
    const start = <usize>(y + 1) * stride;
    for (let i = start; i < start + columns; i += 4) {
      const at = d + (i << 2);
      const bits = flagsOf(flags, i);
      const own = v128.load(at);
      const right = v128.and(f32x4.sub(v128.load(at, 4), own), lanesWith(bits, 31));
      const down = v128.and(f32x4.sub(v128.load(at + row), own), lanesWith(bits, 30));
      const left = v128.and(f32x4.sub(v128.load(at - 4), own), lanesWith(bits, 29));
      const up = v128.and(f32x4.sub(v128.load(at - row), own), lanesWith(bits, 28));
      const first = f64x2.add(f64x2.add(low(right), low(left)), f64x2.add(low(down), low(up)));
      const second = f64x2.add(f64x2.add(high(right), high(left)), f64x2.add(high(down), high(up)));
      const before = v128.load(r + (i << 2));
      const p = f32x4.demote_f64x2_zero(f64x2.add(low(before), f64x2.mul(by, first)));
      const q = f32x4.demote_f64x2_zero(f64x2.add(high(before), f64x2.mul(by, second)));
      v128.store(r + (i << 2), v128.shuffle<f32>(p, q, 0, 1, 4, 5));
      a = f64x2.add(a, f64x2.mul(low(p), low(p)));
      b = f64x2.add(b, f64x2.mul(low(q), low(q)));
      const to = x + (i << 3);
      v128.store(to, f64x2.add(v128.load(to), f64x2.mul(by, low(own))));
      v128.store(to, f64x2.add(v128.load(to, 16), f64x2.mul(by, high(own))), 16);
    }
  }
  return total(a, b);
}

/** The next direction: `z`, and so much of the one before. `count` is a multiple of 4. */
export function turnFine(d: usize, z: usize, count: i32, keep: f32): void {
  called();
  const share = f32x4.splat(keep);
  for (let at: usize = 0; at < <usize>count << 2; at += 16) {
    v128.store(d + at, f32x4.add(v128.load(z + at), f32x4.mul(share, v128.load(d + at))));
  }
}

/** The sum of products. `count` is a multiple of 4. */
export function dotFine(x: usize, y: usize, count: i32): f64 {
  called();
  let a = f64x2.splat(0);
  let b = f64x2.splat(0);
  for (let at: usize = 0; at < <usize>count << 2; at += 16) {
    const p = v128.load(x + at);
    const q = v128.load(y + at);
    a = f64x2.add(a, f64x2.mul(low(p), low(q)));
    b = f64x2.add(b, f64x2.mul(high(p), high(q)));
  }
  return total(a, b);
}

// @ts-ignore: decorator
@inline
function wide(mask: v128, upper: bool): v128 {
  return upper ? i64x2.extend_high_i32x4_s(mask) : i64x2.extend_low_i32x4_s(mask);
}

/** What is left at two cells: the height that each neighbour lies above them less the rise that the slopes tell. */
// @ts-ignore: decorator
@inline
function unexplained(x: usize, row: usize, p: usize, q: usize, line: usize, bits: v128, upper: bool): v128 {
  const half = f64x2.splat(0.5);
  const own = v128.load(x);
  const across = f64x2.promote_low_f32x4(v128.load64_zero(p));
  const along = f64x2.promote_low_f32x4(v128.load64_zero(q));
  const right = f64x2.mul(half, f64x2.add(across, f64x2.promote_low_f32x4(v128.load64_zero(p + 4))));
  const left = f64x2.mul(half, f64x2.add(across, f64x2.promote_low_f32x4(v128.load64_zero(p - 4))));
  const down = f64x2.mul(half, f64x2.add(along, f64x2.promote_low_f32x4(v128.load64_zero(q + line))));
  const up = f64x2.mul(half, f64x2.add(along, f64x2.promote_low_f32x4(v128.load64_zero(q - line))));
  const toRight = f64x2.sub(f64x2.sub(v128.load(x + 8), own), right);
  const toLeft = f64x2.add(f64x2.sub(v128.load(x - 8), own), left);
  const toLower = f64x2.sub(f64x2.sub(v128.load(x + row), own), down);
  const toUpper = f64x2.add(f64x2.sub(v128.load(x - row), own), up);
  return f64x2.add(
    f64x2.add(
      v128.and(toRight, wide(lanesWith(bits, 31), upper)),
      v128.and(toLeft, wide(lanesWith(bits, 29), upper)),
    ),
    f64x2.add(
      v128.and(toLower, wide(lanesWith(bits, 30), upper)),
      v128.and(toUpper, wide(lanesWith(bits, 28), upper)),
    ),
  );
}

/**
 * What is left of the equations in rows from `first` on, in f64, rounded to `r`: the divergence of the slopes `p` across
 * and `q` down, less the Laplacian of `x`. A face between cells has the mean of their slopes. `p` and `q` have a row
 * before the first of them and one after the last, of the lattice's stride. Returns the sum of squares of `r`.
 */
export function residualFine(
  x: usize,
  r: usize,
  flags: usize,
  stride: i32,
  columns: i32,
  first: i32,
  rows: i32,
  p: usize,
  q: usize,
): f64 {
  called();
  let a = f64x2.splat(0);
  let b = f64x2.splat(0);
  const row = <usize>stride << 3;
  const line = <usize>stride << 2;
  for (let y = 0; y < rows; y++) {
    const start = <usize>(first + y + 1) * stride;
    const slopes = <usize>(y + 1) * stride;
    for (let c: usize = 0; c < <usize>columns; c += 4) {
      const i = start + c;
      const bits = flagsOf(flags, i);
      const at = (slopes + c) << 2;
      const to = x + (i << 3);
      const one = f32x4.demote_f64x2_zero(unexplained(to, row, p + at, q + at, line, bits, false));
      const two = f32x4.demote_f64x2_zero(unexplained(to + 16, row, p + at + 8, q + at + 8, line, bits, true));
      v128.store(r + (i << 2), v128.shuffle<f32>(one, two, 0, 1, 4, 5));
      a = f64x2.add(a, f64x2.mul(low(one), low(one)));
      b = f64x2.add(b, f64x2.mul(low(two), low(two)));
    }
  }
  return total(a, b);
}
