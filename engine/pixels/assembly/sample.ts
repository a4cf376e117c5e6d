// Conversions among half, float and uint samples, eight at a time. `count` is a multiple of 8; nothing is aligned.
import {
  HALF_ONE,
  INFINITY16,
  INFINITY32,
  LEAST_NORMAL16,
  LEAST_NORMAL32,
  LEAST_STEP,
  MAGNITUDE16,
  ONE,
  OVERFLOW,
  PAYLOAD,
  REBIAS,
  ROUND,
  SIGN,
  VANISHING,
  narrow,
  widen,
} from './half';
import { called } from './memory';

// V8 makes an inline v128.const anew in every turn of a loop, so the constants are loaded from memory before it.
const GREATEST_HALF = memory.data<u32>([65504, 65504, 65504, 65504], 16);
const TWO_32 = memory.data<u32>([0x4f800000, 0x4f800000, 0x4f800000, 0x4f800000], 16);

// @ts-ignore: decorator
@inline
function sum(lanes: v128): i32 {
  return (
    i32x4.extract_lane(lanes, 0) +
    i32x4.extract_lane(lanes, 1) +
    i32x4.extract_lane(lanes, 2) +
    i32x4.extract_lane(lanes, 3)
  );
}

/** Returns 0: nothing changes. */
export function halfToFloat(source: usize, target: usize, count: i32): i32 {
  called();
  const a = v128.load(MAGNITUDE16);
  const b = v128.load(INFINITY16);
  const c = v128.load(LEAST_NORMAL16);
  const d = v128.load(REBIAS);
  const e = v128.load(LEAST_STEP);
  for (let i = 0; i < count; i += 8) {
    const h = v128.load(source + (<usize>i << 1));
    const to = target + (<usize>i << 2);
    v128.store(to, widen(i32x4.extend_low_i16x8_u(h), a, b, c, d, e));
    v128.store(to, widen(i32x4.extend_high_i16x8_u(h), a, b, c, d, e), 16);
  }
  return 0;
}

/** Also returns how many numbers changed. */
export function floatToHalf(source: usize, target: usize, count: i32): i32 {
  called();
  const magnitude16 = v128.load(MAGNITUDE16);
  const infinity16 = v128.load(INFINITY16);
  const leastNormal16 = v128.load(LEAST_NORMAL16);
  const rebias = v128.load(REBIAS);
  const leastStep = v128.load(LEAST_STEP);
  const sign32 = v128.load(SIGN);
  const round = v128.load(ROUND);
  const one = v128.load(ONE);
  const vanishing = v128.load(VANISHING);
  const halfOne = v128.load(HALF_ONE);
  const leastNormal32 = v128.load(LEAST_NORMAL32);
  const overflow = v128.load(OVERFLOW);
  const infinity32 = v128.load(INFINITY32);
  const payload = v128.load(PAYLOAD);
  let changed = i32x4.splat(0);
  for (let i = 0; i < count; i += 8) {
    const from = source + (<usize>i << 2);
    const f0 = v128.load(from);
    const f1 = v128.load(from, 16);
    const h0 = narrow(
      f0,
      sign32,
      round,
      one,
      vanishing,
      halfOne,
      leastNormal32,
      overflow,
      infinity16,
      infinity32,
      payload,
    );
    const h1 = narrow(
      f1,
      sign32,
      round,
      one,
      vanishing,
      halfOne,
      leastNormal32,
      overflow,
      infinity16,
      infinity32,
      payload,
    );
    v128.store(target + (<usize>i << 1), i16x8.narrow_i32x4_u(h0, h1));
    const b0 = widen(h0, magnitude16, infinity16, leastNormal16, rebias, leastStep);
    const b1 = widen(h1, magnitude16, infinity16, leastNormal16, rebias, leastStep);
    changed = i32x4.sub(changed, v128.and(f32x4.ne(b0, f0), f32x4.eq(f0, f0)));
    changed = i32x4.sub(changed, v128.and(f32x4.ne(b1, f1), f32x4.eq(f1, f1)));
  }
  return sum(changed);
}

/** A whole number made of a float is the float's own value unless they differ or the number is the greatest. */
// @ts-ignore: decorator
@inline
function cut(f: v128, whole: v128): v128 {
  return v128.or(f32x4.ne(f32x4.convert_i32x4_u(whole), f), i32x4.eq(whole, i32x4.splat(-1)));
}

export function floatToUint(source: usize, target: usize, count: i32): i32 {
  called();
  let changed = i32x4.splat(0);
  for (let i = 0; i < count; i += 4) {
    const f = v128.load(source + (<usize>i << 2));
    const whole = i32x4.trunc_sat_f32x4_u(f);
    v128.store(target + (<usize>i << 2), whole);
    changed = i32x4.sub(changed, cut(f, whole));
  }
  return sum(changed);
}

export function halfToUint(source: usize, target: usize, count: i32): i32 {
  called();
  const a = v128.load(MAGNITUDE16);
  const b = v128.load(INFINITY16);
  const c = v128.load(LEAST_NORMAL16);
  const d = v128.load(REBIAS);
  const e = v128.load(LEAST_STEP);
  let changed = i32x4.splat(0);
  for (let i = 0; i < count; i += 4) {
    const f = widen(v128.load16x4_u(source + (<usize>i << 1)), a, b, c, d, e);
    const whole = i32x4.trunc_sat_f32x4_u(f);
    v128.store(target + (<usize>i << 2), whole);
    changed = i32x4.sub(changed, cut(f, whole));
  }
  return sum(changed);
}

export function uintToFloat(source: usize, target: usize, count: i32): i32 {
  called();
  const two32 = v128.load(TWO_32);
  let changed = i32x4.splat(0);
  for (let i = 0; i < count; i += 4) {
    const whole = v128.load(source + (<usize>i << 2));
    const f = f32x4.convert_i32x4_u(whole);
    v128.store(target + (<usize>i << 2), f);
    const back = i32x4.trunc_sat_f32x4_u(f);
    changed = i32x4.sub(changed, v128.or(i32x4.ne(back, whole), f32x4.eq(f, two32)));
  }
  return sum(changed);
}

export function uintToHalf(source: usize, target: usize, count: i32): i32 {
  called();
  const magnitude16 = v128.load(MAGNITUDE16);
  const infinity16 = v128.load(INFINITY16);
  const leastNormal16 = v128.load(LEAST_NORMAL16);
  const rebias = v128.load(REBIAS);
  const leastStep = v128.load(LEAST_STEP);
  const sign32 = v128.load(SIGN);
  const round = v128.load(ROUND);
  const one = v128.load(ONE);
  const vanishing = v128.load(VANISHING);
  const halfOne = v128.load(HALF_ONE);
  const leastNormal32 = v128.load(LEAST_NORMAL32);
  const overflow = v128.load(OVERFLOW);
  const infinity32 = v128.load(INFINITY32);
  const payload = v128.load(PAYLOAD);
  const greatest = v128.load(GREATEST_HALF);
  let changed = i32x4.splat(0);
  for (let i = 0; i < count; i += 4) {
    const whole = v128.load(source + (<usize>i << 2));
    const beyond = i32x4.gt_u(whole, greatest);
    const f = f32x4.convert_i32x4_u(whole);
    const near = narrow(
      f,
      sign32,
      round,
      one,
      vanishing,
      halfOne,
      leastNormal32,
      overflow,
      infinity16,
      infinity32,
      payload,
    );
    const half = v128.bitselect(infinity16, near, beyond);
    v128.store64_lane(target + (<usize>i << 1), i16x8.narrow_i32x4_u(half, half), 0);
    const back = i32x4.trunc_sat_f32x4_u(widen(half, magnitude16, infinity16, leastNormal16, rebias, leastStep));
    changed = i32x4.sub(changed, v128.or(i32x4.ne(back, whole), beyond));
  }
  return sum(changed);
}
