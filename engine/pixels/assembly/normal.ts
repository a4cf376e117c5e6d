// Slopes from stored normals. Each lane does what the plain twin does, in the same order.
import { called } from './memory';

/**
 * Replaces `x` and `y` by the slopes across and up that stored normals tell. `way`: 1 takes z as sqrt(1 - x² - y²) whatever
 * `z` holds, 2 makes normals of length 1, 4 takes a pixel of zeros as one without a normal. Where there is none, or what is
 * no number, slopes are 0; returns in how many. `count` is a multiple of 4.
 */
export function slopesOfNormals(
  x: usize,
  y: usize,
  z: usize,
  count: i32,
  scale: f32,
  offset: f32,
  turn: f32,
  least: f32,
  way: i32,
): i32 {
  called();
  const zero = f32x4.splat(0);
  const one = f32x4.splat(1);
  const times = f32x4.splat(scale);
  const plus = f32x4.splat(offset);
  const sign = f32x4.splat(turn);
  const floor = f32x4.splat(least);
  const rebuild = (way & 1) != 0;
  const normalise = (way & 2) != 0;
  const black = (way & 4) != 0 ? i32x4.splat(-1) : i32x4.splat(0);
  let without = 0;
  for (let i: usize = 0; i < <usize>count << 2; i += 16) {
    const a = v128.load(x + i);
    const b = v128.load(y + i);
    const c = v128.load(z + i);
    const nothing = v128.and(v128.and(f32x4.eq(a, zero), f32x4.eq(b, zero)), f32x4.eq(c, zero));
    // A number less itself is 0, unless it is infinite or none.
    const sum = f32x4.add(f32x4.add(f32x4.sub(a, a), f32x4.sub(b, b)), f32x4.sub(c, c));
    let flat = v128.or(v128.and(nothing, black), f32x4.ne(sum, zero));
    without += popcnt(i32x4.bitmask(flat));
    let u = f32x4.add(f32x4.mul(a, times), plus);
    let v = f32x4.mul(f32x4.add(f32x4.mul(b, times), plus), sign);
    const squares = f32x4.add(f32x4.mul(u, u), f32x4.mul(v, v));
    let w = rebuild
      ? f32x4.sqrt(f32x4.max(zero, f32x4.sub(one, squares)))
      : f32x4.add(f32x4.mul(c, times), plus);
    if (normalise) {
      const length = f32x4.sqrt(f32x4.add(squares, f32x4.mul(w, w)));
      flat = v128.or(flat, f32x4.eq(length, zero));
      u = f32x4.div(u, length);
      v = f32x4.div(v, length);
      w = f32x4.div(w, length);
    }
    w = f32x4.max(w, floor);
    v128.store(x + i, v128.andnot(f32x4.sub(zero, f32x4.div(u, w)), flat));
    v128.store(y + i, v128.andnot(f32x4.sub(zero, f32x4.div(v, w)), flat));
  }
  return without;
}
