// The plain definition of the conversions among half, float and uint samples.

/**
 * One half, as the bits of the float of the same value. Exact for every half; the ten mantissa bits of a NaN become
 * the top ten of the float's (binary16 and binary32 of IEEE 754).
 */
function floatBits(half: number): number {
  const sign = (half & 0x8000) << 16;
  const exponent = (half >> 10) & 0x1f;
  const mantissa = half & 0x3ff;
  if (exponent === 0x1f) return sign | 0x7f800000 | (mantissa << 13);
  if (exponent !== 0) return sign | ((exponent + 112) << 23) | (mantissa << 13);
  if (mantissa === 0) return sign;
  // A denormal half is a normal float: move its leading one to the place of the hidden bit.
  const shift = Math.clz32(mantissa) - 21;
  return sign | ((113 - shift) << 23) | (((mantissa << shift) & 0x3ff) << 13);
}

/**
 * The bits of a float, as the nearest half; ties go to the even one. From 65520 on the result is infinity. A NaN keeps
 * the top ten bits of its mantissa and gets the lowest one where those are all zero, so that it stays a NaN. These are
 * the rules of Imath's `half`.
 */
function halfBits(float: number): number {
  const sign = (float >>> 16) & 0x8000;
  const magnitude = float & 0x7fffffff;
  if (magnitude > 0x7f800000) {
    const payload = (magnitude >> 13) & 0x3ff;
    return sign | 0x7c00 | (payload === 0 ? 1 : payload);
  }
  if (magnitude >= 0x477ff000) return sign | 0x7c00;
  if (magnitude >= 0x38800000) return sign | ((magnitude - 0x38000000 + 0xfff + ((magnitude >> 13) & 1)) >> 13);
  // Half of the smallest denormal, 2^-25, is a tie that goes to the even neighbour, zero.
  if (magnitude <= 0x33000000) return sign;
  const mantissa = (magnitude & 0x7fffff) | 0x800000;
  const shift = 126 - (magnitude >> 23);
  const whole = mantissa >> shift;
  const rest = mantissa & ((1 << shift) - 1);
  const tie = 1 << (shift - 1);
  return sign | (whole + (rest > tie || (rest === tie && (whole & 1) === 1) ? 1 : 0));
}

const bitsOf = (floats: Float32Array): Uint32Array => new Uint32Array(floats.buffer, floats.byteOffset, floats.length);

const single = new Float32Array(1);
const singleBits = new Uint32Array(single.buffer);

function halfValue(half: number): number {
  singleBits[0] = floatBits(half);
  return single[0]!;
}

/** The whole part, for both floats and halves: negative and NaN → 0, from 2^32 on and infinity → 4294967295. */
function wholeValue(value: number): number {
  if (!(value > 0)) return 0;
  return value >= 4294967296 ? 4294967295 : Math.trunc(value);
}

/** Halves as floats. Always exact, NaN payloads and the sign of zero included, so that 0 is returned. */
export function halfToFloat(source: Uint16Array, target: Float32Array): number {
  const bits = bitsOf(target);
  for (let i = 0; i < source.length; i++) bits[i] = floatBits(source[i]!);
  return 0;
}

/** Floats as the nearest halves. Returns how many numbers changed; a NaN that stays a NaN has not changed. */
export function floatToHalf(source: Float32Array, target: Uint16Array): number {
  const bits = bitsOf(source);
  let changed = 0;
  for (let i = 0; i < source.length; i++) {
    const half = halfBits(bits[i]!);
    target[i] = half;
    const value = source[i]!;
    if (!Number.isNaN(value) && halfValue(half) !== value) changed++;
  }
  return changed;
}

/** Halves as whole numbers, cut towards zero. Negative and NaN → 0, infinity → 4294967295. Returns how many changed. */
export function halfToUint(source: Uint16Array, target: Uint32Array): number {
  let changed = 0;
  for (let i = 0; i < source.length; i++) {
    const value = halfValue(source[i]!);
    const whole = wholeValue(value);
    target[i] = whole;
    if (whole !== value) changed++;
  }
  return changed;
}

/** Floats as whole numbers, by the rules of `halfToUint`; from 2^32 on 4294967295. Returns how many changed. */
export function floatToUint(source: Float32Array, target: Uint32Array): number {
  let changed = 0;
  for (let i = 0; i < source.length; i++) {
    const value = source[i]!;
    const whole = wholeValue(value);
    target[i] = whole;
    if (whole !== value) changed++;
  }
  return changed;
}

/** Whole numbers as the nearest halves; beyond 65504 infinity, as OpenEXR has it. Returns how many changed. */
export function uintToHalf(source: Uint32Array, target: Uint16Array): number {
  let changed = 0;
  for (let i = 0; i < source.length; i++) {
    const value = source[i]!;
    single[0] = value;
    const half = value > 65504 ? 0x7c00 : halfBits(singleBits[0]!);
    target[i] = half;
    if (halfValue(half) !== value) changed++;
  }
  return changed;
}

/** Whole numbers as the nearest floats. Returns how many changed. */
export function uintToFloat(source: Uint32Array, target: Float32Array): number {
  let changed = 0;
  for (let i = 0; i < source.length; i++) {
    const value = source[i]!;
    target[i] = value;
    if (target[i] !== value) changed++;
  }
  return changed;
}
