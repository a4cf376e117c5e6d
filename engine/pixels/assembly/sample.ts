// Conversions among half, float and uint samples, eight at a time. `count` is a multiple of 8; nothing is aligned.
import { called } from './memory';

// V8 makes an inline v128.const anew in every turn of a loop, so the constants are loaded from memory before it.
const SIGN = memory.data<u32>([0x80000000, 0x80000000, 0x80000000, 0x80000000], 16);
const MAGNITUDE16 = memory.data<u32>([0x7fff, 0x7fff, 0x7fff, 0x7fff], 16);
const INFINITY16 = memory.data<u32>([0x7c00, 0x7c00, 0x7c00, 0x7c00], 16);
const LEAST_NORMAL16 = memory.data<u32>([0x400, 0x400, 0x400, 0x400], 16);
const REBIAS = memory.data<u32>([0x38000000, 0x38000000, 0x38000000, 0x38000000], 16);
const LEAST_STEP = memory.data<u32>([0x33800000, 0x33800000, 0x33800000, 0x33800000], 16);
const OVERFLOW = memory.data<u32>([0x477ff000, 0x477ff000, 0x477ff000, 0x477ff000], 16);
const INFINITY32 = memory.data<u32>([0x7f800000, 0x7f800000, 0x7f800000, 0x7f800000], 16);
const LEAST_NORMAL32 = memory.data<u32>([0x38800000, 0x38800000, 0x38800000, 0x38800000], 16);
const VANISHING = memory.data<u32>([0x33000000, 0x33000000, 0x33000000, 0x33000000], 16);
const HALF_ONE = memory.data<u32>([0x3f000000, 0x3f000000, 0x3f000000, 0x3f000000], 16);
const ROUND = memory.data<u32>([0xc8000fff, 0xc8000fff, 0xc8000fff, 0xc8000fff], 16);
const ONE = memory.data<u32>([1, 1, 1, 1], 16);
const PAYLOAD = memory.data<u32>([0x3ff, 0x3ff, 0x3ff, 0x3ff], 16);
const GREATEST_HALF = memory.data<u32>([65504, 65504, 65504, 65504], 16);
const TWO_32 = memory.data<u32>([0x4f800000, 0x4f800000, 0x4f800000, 0x4f800000], 16);

/** Four halves in 32-bit lanes → the bits of four floats. */
// @ts-ignore: decorator
@inline
function widen(h: v128, magnitude16: v128, infinity16: v128, leastNormal16: v128, rebias: v128, leastStep: v128): v128 {
  const magnitude = v128.and(h, magnitude16);
  const sign = i32x4.shl(v128.xor(h, magnitude), 16);
  const special = v128.and(i32x4.ge_s(magnitude, infinity16), rebias);
  const normal = i32x4.add(i32x4.add(i32x4.shl(magnitude, 13), rebias), special);
  // A denormal is a whole number of least steps; as a float neither factor nor product is denormal.
  const denormal = f32x4.mul(f32x4.convert_i32x4_s(magnitude), leastStep);
  return v128.or(sign, v128.bitselect(denormal, normal, i32x4.lt_s(magnitude, leastNormal16)));
}

/** The bits of four floats → four halves in 32-bit lanes. */
// @ts-ignore: decorator
@inline
function narrow(
  f: v128,
  sign32: v128,
  round: v128,
  one: v128,
  vanishing: v128,
  halfOne: v128,
  leastNormal32: v128,
  overflow: v128,
  infinity16: v128,
  infinity32: v128,
  payload: v128,
): v128 {
  const sign = v128.and(f, sign32);
  const magnitude = v128.xor(f, sign);
  const high = i32x4.shr_u(magnitude, 13);
  const normal = i32x4.shr_u(i32x4.add(i32x4.add(magnitude, round), v128.and(high, one)), 13);
  // The last place of numbers from 0.5 to 1 is the least half, so the addition rounds. Float denormals are slow: cleared.
  const small = v128.and(magnitude, i32x4.gt_s(magnitude, vanishing));
  const denormal = i32x4.sub(f32x4.add(small, halfOne), halfOne);
  let half = v128.bitselect(denormal, normal, i32x4.lt_s(magnitude, leastNormal32));
  half = v128.bitselect(infinity16, half, i32x4.ge_s(magnitude, overflow));
  const bits = v128.and(high, payload);
  const nan = v128.or(infinity16, i32x4.max_s(bits, one));
  half = v128.bitselect(nan, half, i32x4.gt_s(magnitude, infinity32));
  return v128.or(half, i32x4.shr_u(sign, 16));
}

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
