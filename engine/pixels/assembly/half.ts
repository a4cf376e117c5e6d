// Halves and floats in the lanes of vectors, each as the bits of the other.

// V8 makes an inline v128.const anew in every turn of a loop, so the constants are loaded from memory before it.
export const SIGN = memory.data<u32>([0x80000000, 0x80000000, 0x80000000, 0x80000000], 16);
export const MAGNITUDE16 = memory.data<u32>([0x7fff, 0x7fff, 0x7fff, 0x7fff], 16);
export const INFINITY16 = memory.data<u32>([0x7c00, 0x7c00, 0x7c00, 0x7c00], 16);
export const LEAST_NORMAL16 = memory.data<u32>([0x400, 0x400, 0x400, 0x400], 16);
export const REBIAS = memory.data<u32>([0x38000000, 0x38000000, 0x38000000, 0x38000000], 16);
export const LEAST_STEP = memory.data<u32>([0x33800000, 0x33800000, 0x33800000, 0x33800000], 16);
export const OVERFLOW = memory.data<u32>([0x477ff000, 0x477ff000, 0x477ff000, 0x477ff000], 16);
export const INFINITY32 = memory.data<u32>([0x7f800000, 0x7f800000, 0x7f800000, 0x7f800000], 16);
export const LEAST_NORMAL32 = memory.data<u32>([0x38800000, 0x38800000, 0x38800000, 0x38800000], 16);
export const VANISHING = memory.data<u32>([0x33000000, 0x33000000, 0x33000000, 0x33000000], 16);
export const HALF_ONE = memory.data<u32>([0x3f000000, 0x3f000000, 0x3f000000, 0x3f000000], 16);
export const ROUND = memory.data<u32>([0xc8000fff, 0xc8000fff, 0xc8000fff, 0xc8000fff], 16);
export const ONE = memory.data<u32>([1, 1, 1, 1], 16);
export const PAYLOAD = memory.data<u32>([0x3ff, 0x3ff, 0x3ff, 0x3ff], 16);

/** Four halves in 32-bit lanes → the bits of four floats. */
// @ts-ignore: decorator
@inline
export function widen(h: v128, magnitude16: v128, infinity16: v128, leastNormal16: v128, rebias: v128, leastStep: v128): v128 {
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
export function narrow(
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
