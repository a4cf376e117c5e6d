// Two images become one: what each merge operation does to samples of A and B with their alphas, and the weight of a mask.
// `count` is a multiple of 8; nothing is aligned. Each lane does what the plain twin does, in the same order.
import { called } from './memory';

const MAGNITUDE = memory.data<u32>([0x7fffffff, 0x7fffffff, 0x7fffffff, 0x7fffffff], 16);

// @ts-ignore: decorator
@inline
function not(x: v128): v128 {
  return f32x4.sub(f32x4.splat(1), x);
}

// @ts-ignore: decorator
@inline
function product(x: v128, y: v128): v128 {
  return f32x4.mul(f32x4.splat(2), f32x4.mul(x, y));
}

// @ts-ignore: decorator
@inline
function bothNegative(x: v128, y: v128): v128 {
  return v128.and(f32x4.lt(x, f32x4.splat(0)), f32x4.lt(y, f32x4.splat(0)));
}

// @ts-ignore: decorator
@inline
function within(x: v128): v128 {
  return v128.and(f32x4.ge(x, f32x4.splat(0)), f32x4.le(x, f32x4.splat(1)));
}

// @ts-ignore: decorator
@inline
function light(x: v128, y: v128, decides: v128): v128 {
  return v128.bitselect(product(x, y), not(product(not(x), not(y))), f32x4.lt(decides, f32x4.splat(0.5)));
}

// @ts-ignore: decorator
@inline
function soft(s: v128, d: v128): v128 {
  const slope = f32x4.sub(f32x4.mul(f32x4.splat(2), s), f32x4.splat(1));
  const dark = f32x4.add(d, f32x4.mul(f32x4.mul(slope, d), not(d)));
  let root = f32x4.sub(f32x4.mul(f32x4.splat(16), d), f32x4.splat(12));
  root = f32x4.add(f32x4.mul(root, d), f32x4.splat(4));
  root = v128.bitselect(f32x4.mul(root, d), f32x4.sqrt(d), f32x4.le(d, f32x4.splat(0.25)));
  const bright = f32x4.add(d, f32x4.mul(slope, f32x4.sub(root, d)));
  return v128.bitselect(dark, bright, f32x4.le(s, f32x4.splat(0.5)));
}

/** The numbers of the operations are their places in the list of engine/pixels/operation.ts. */
// @ts-ignore: decorator
@inline
function blend(operation: i32, x: v128, y: v128, a: v128, b: v128): v128 {
  if (operation == 0) return f32x4.add(x, f32x4.mul(y, not(a)));
  if (operation == 1) return f32x4.add(f32x4.mul(x, not(b)), y);
  if (operation == 2) return f32x4.add(x, y);
  if (operation == 3) return f32x4.sub(x, y);
  if (operation == 4) return f32x4.sub(y, x);
  if (operation == 5) return v128.and(f32x4.sub(x, y), v128.load(MAGNITUDE));
  if (operation == 6) return v128.andnot(f32x4.mul(x, y), bothNegative(x, y));
  if (operation == 7) {
    return v128.andnot(f32x4.div(x, y), v128.or(bothNegative(x, y), f32x4.eq(y, f32x4.splat(0))));
  }
  if (operation == 8) {
    const greater = v128.bitselect(x, y, f32x4.gt(x, y));
    const screened = f32x4.sub(f32x4.add(x, y), f32x4.mul(x, y));
    return v128.bitselect(screened, greater, v128.and(within(x), within(y)));
  }
  if (operation == 9) return light(x, y, y);
  if (operation == 10) return light(x, y, x);
  if (operation == 11) return soft(x, y);
  if (operation == 12) return v128.bitselect(x, y, f32x4.gt(x, y));
  if (operation == 13) return v128.bitselect(x, y, f32x4.lt(x, y));
  if (operation == 14) return f32x4.mul(f32x4.add(x, y), f32x4.splat(0.5));
  if (operation == 15) return f32x4.sqrt(f32x4.add(f32x4.mul(x, x), f32x4.mul(y, y)));
  if (operation == 16) return f32x4.sub(f32x4.add(x, y), product(x, y));
  if (operation == 17) return f32x4.mul(x, b);
  if (operation == 18) return f32x4.mul(x, not(b));
  if (operation == 19) return f32x4.mul(y, a);
  if (operation == 20) return f32x4.mul(y, not(a));
  if (operation == 21) return f32x4.add(f32x4.mul(x, b), f32x4.mul(y, not(a)));
  if (operation == 22) return f32x4.add(f32x4.mul(x, not(b)), f32x4.mul(y, not(a)));
  if (operation == 23) return f32x4.add(f32x4.mul(x, a), f32x4.mul(y, not(a)));
  if (operation == 24) return x;
  const none = f32x4.eq(b, f32x4.splat(0));
  if (operation == 25) {
    const behind = v128.bitselect(y, f32x4.mul(y, not(f32x4.div(a, b))), none);
    return v128.bitselect(x, f32x4.add(x, behind), f32x4.ge(a, b));
  }
  const beside = v128.or(none, f32x4.lt(f32x4.add(a, b), f32x4.splat(1)));
  return f32x4.add(x, v128.bitselect(y, f32x4.div(f32x4.mul(y, not(a)), b), beside));
}

// @ts-ignore: decorator
@inline
function run(operation: i32, x: usize, y: usize, a: usize, b: usize, target: usize, count: i32): void {
  const end = <usize>count << 2;
  for (let i: usize = 0; i < end; i += 16) {
    v128.store(
      target + i,
      blend(operation, v128.load(x + i), v128.load(y + i), v128.load(a + i), v128.load(b + i)),
    );
  }
}

/** `x` of A and `y` of B with the alphas `a` and `b` become `target`. */
export function mergeSamples(
  operation: i32,
  x: usize,
  y: usize,
  a: usize,
  b: usize,
  target: usize,
  count: i32,
): void {
  called();
  switch (operation) {
    case 0: run(0, x, y, a, b, target, count); break;
    case 1: run(1, x, y, a, b, target, count); break;
    case 2: run(2, x, y, a, b, target, count); break;
    case 3: run(3, x, y, a, b, target, count); break;
    case 4: run(4, x, y, a, b, target, count); break;
    case 5: run(5, x, y, a, b, target, count); break;
    case 6: run(6, x, y, a, b, target, count); break;
    case 7: run(7, x, y, a, b, target, count); break;
    case 8: run(8, x, y, a, b, target, count); break;
    case 9: run(9, x, y, a, b, target, count); break;
    case 10: run(10, x, y, a, b, target, count); break;
    case 11: run(11, x, y, a, b, target, count); break;
    case 12: run(12, x, y, a, b, target, count); break;
    case 13: run(13, x, y, a, b, target, count); break;
    case 14: run(14, x, y, a, b, target, count); break;
    case 15: run(15, x, y, a, b, target, count); break;
    case 16: run(16, x, y, a, b, target, count); break;
    case 17: run(17, x, y, a, b, target, count); break;
    case 18: run(18, x, y, a, b, target, count); break;
    case 19: run(19, x, y, a, b, target, count); break;
    case 20: run(20, x, y, a, b, target, count); break;
    case 21: run(21, x, y, a, b, target, count); break;
    case 22: run(22, x, y, a, b, target, count); break;
    case 23: run(23, x, y, a, b, target, count); break;
    case 24: run(24, x, y, a, b, target, count); break;
    case 25: run(25, x, y, a, b, target, count); break;
    case 26: run(26, x, y, a, b, target, count); break;
  }
}

/** Masks within 0 and 1, turned round where `invert` is 1, times `mix`, in place. A NaN weighs nothing before that. */
export function weighSamples(mask: usize, count: i32, invert: i32, mix: f32): void {
  called();
  const factor = f32x4.splat(mix);
  const one = f32x4.splat(1);
  const turned = i32x4.splat(-invert);
  const end = mask + (<usize>count << 2);
  for (let at = mask; at < end; at += 16) {
    let w = v128.load(at);
    w = v128.and(w, f32x4.gt(w, f32x4.splat(0)));
    w = v128.bitselect(one, w, f32x4.gt(w, one));
    w = v128.bitselect(not(w), w, turned);
    v128.store(at, f32x4.mul(w, factor));
  }
}

/** Goes from `from` to `samples` by the weight, in place: weights of 0 and 1 give one of them exactly. */
export function mixSamples(samples: usize, from: usize, weight: usize, count: i32): void {
  called();
  const end = <usize>count << 2;
  for (let i: usize = 0; i < end; i += 16) {
    const x = v128.load(samples + i);
    const y = v128.load(from + i);
    const w = v128.load(weight + i);
    let mixed = f32x4.add(y, f32x4.mul(f32x4.sub(x, y), w));
    mixed = v128.bitselect(y, mixed, f32x4.eq(w, f32x4.splat(0)));
    v128.store(samples + i, v128.bitselect(x, mixed, f32x4.eq(w, f32x4.splat(1))));
  }
}
