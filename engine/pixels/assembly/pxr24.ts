// PXR24's rows: samples as differences, their bytes apart. Nothing is aligned.
import { called } from './memory';

const SIGN = memory.data<u32>([0x80000000, 0x80000000, 0x80000000, 0x80000000], 16);
const ROUNDING = memory.data<u32>([0x80, 0x80, 0x80, 0x80], 16);
const INFINITY24 = memory.data<u32>([0x7f8000, 0x7f8000, 0x7f8000, 0x7f8000], 16);
const INFINITY32 = memory.data<u32>([0x7f800000, 0x7f800000, 0x7f800000, 0x7f800000], 16);

/** The bits of four floats → the 24 upper bits, rounded: half away from zero, cut where it would become infinite. */
// @ts-ignore: decorator
@inline
function shortened(f: v128, sign32: v128, rounding: v128, infinity24: v128, infinity32: v128): v128 {
  const sign = v128.and(f, sign32);
  const magnitude = v128.xor(f, sign);
  const rounded = i32x4.shr_u(i32x4.add(magnitude, v128.and(magnitude, rounding)), 8);
  const short = i32x4.shr_u(magnitude, 8);
  // A NaN stays one: its lowest bit is set where the others would be those of infinity.
  const lost = v128.and(i32x4.gt_s(magnitude, infinity32), i32x4.eq(short, infinity24));
  const kept = i32x4.sub(short, lost);
  return v128.or(i32x4.shr_u(sign, 8), v128.bitselect(kept, rounded, i32x4.ge_s(rounded, infinity24)));
}

function shortenedOne(f: u32): u32 {
  const sign = f & 0x80000000;
  const magnitude = f ^ sign;
  const rounded = (magnitude + (magnitude & 0x80)) >> 8;
  if (rounded < 0x7f8000) return (sign >> 8) | rounded;
  const short = magnitude >> 8;
  return (sign >> 8) | short | (magnitude > 0x7f800000 && short == 0x7f8000 ? 1 : 0);
}

/** Writes the low bytes of 16 numbers of 32 bits, each shifted right by `shift` bits before. */
// @ts-ignore: decorator
@inline
function putBytes(to: usize, a: v128, b: v128, c: v128, d: v128, shift: i32, low: v128): void {
  const ab = i16x8.narrow_i32x4_u(v128.and(i32x4.shr_u(a, shift), low), v128.and(i32x4.shr_u(b, shift), low));
  const cd = i16x8.narrow_i32x4_u(v128.and(i32x4.shr_u(c, shift), low), v128.and(i32x4.shr_u(d, shift), low));
  v128.store(to, i8x16.narrow_i16x8_u(ab, cd));
}

/** The numbers before each of four: the last of those before, then the first three. */
// @ts-ignore: decorator
@inline
function before(previous: v128, these: v128): v128 {
  return v128.shuffle<i32>(previous, these, 3, 4, 5, 6);
}

/** A row of `count` halves: their differences, the upper bytes of all before the lower. */
export function pxrSplit16(source: usize, count: i32, target: usize): void {
  called();
  const low = target + <usize>count;
  const mask = i16x8.splat(0xff);
  let previous = i16x8.splat(0);
  let i = 0;
  for (; i + 16 <= count; i += 16) {
    const a = v128.load(source + (<usize>i << 1));
    const b = v128.load(source + (<usize>i << 1), 16);
    const c = i16x8.sub(a, v128.shuffle<i16>(previous, a, 7, 8, 9, 10, 11, 12, 13, 14));
    const d = i16x8.sub(b, v128.shuffle<i16>(a, b, 7, 8, 9, 10, 11, 12, 13, 14));
    v128.store(target + <usize>i, i8x16.narrow_i16x8_u(i16x8.shr_u(c, 8), i16x8.shr_u(d, 8)));
    v128.store(low + <usize>i, i8x16.narrow_i16x8_u(v128.and(c, mask), v128.and(d, mask)));
    previous = b;
  }
  let last = <u32>i16x8.extract_lane_u(previous, 7);
  for (; i < count; i++) {
    const sample = <u32>load<u16>(source + (<usize>i << 1));
    const difference = sample - last;
    last = sample;
    store<u8>(target + <usize>i, difference >> 8);
    store<u8>(low + <usize>i, difference);
  }
}

/** A row of `count` whole numbers: their differences, the uppermost bytes of all first. */
export function pxrSplit32(source: usize, count: i32, target: usize): void {
  called();
  const size = <usize>count;
  const mask = i32x4.splat(0xff);
  let previous = i32x4.splat(0);
  let i = 0;
  for (; i + 16 <= count; i += 16) {
    const from = source + (<usize>i << 2);
    const to = target + <usize>i;
    const a = v128.load(from);
    const b = v128.load(from, 16);
    const c = v128.load(from, 32);
    const d = v128.load(from, 48);
    const e = i32x4.sub(a, before(previous, a));
    const f = i32x4.sub(b, before(a, b));
    const g = i32x4.sub(c, before(b, c));
    const h = i32x4.sub(d, before(c, d));
    putBytes(to, e, f, g, h, 24, mask);
    putBytes(to + size, e, f, g, h, 16, mask);
    putBytes(to + size * 2, e, f, g, h, 8, mask);
    putBytes(to + size * 3, e, f, g, h, 0, mask);
    previous = d;
  }
  let last = <u32>i32x4.extract_lane(previous, 3);
  for (; i < count; i++) {
    const sample = load<u32>(source + (<usize>i << 2));
    const difference = sample - last;
    last = sample;
    const to = target + <usize>i;
    store<u8>(to, difference >> 24);
    store<u8>(to + size, difference >> 16);
    store<u8>(to + size * 2, difference >> 8);
    store<u8>(to + size * 3, difference);
  }
}

/** A row of `count` floats: the differences of what is left of them in 24 bits, the uppermost bytes of all first. */
export function pxrSplit24(source: usize, count: i32, target: usize): void {
  called();
  const size = <usize>count;
  const mask = i32x4.splat(0xff);
  const sign = v128.load(SIGN);
  const rounding = v128.load(ROUNDING);
  const infinity24 = v128.load(INFINITY24);
  const infinity32 = v128.load(INFINITY32);
  let previous = i32x4.splat(0);
  let i = 0;
  for (; i + 16 <= count; i += 16) {
    const from = source + (<usize>i << 2);
    const to = target + <usize>i;
    const a = shortened(v128.load(from), sign, rounding, infinity24, infinity32);
    const b = shortened(v128.load(from, 16), sign, rounding, infinity24, infinity32);
    const c = shortened(v128.load(from, 32), sign, rounding, infinity24, infinity32);
    const d = shortened(v128.load(from, 48), sign, rounding, infinity24, infinity32);
    const e = i32x4.sub(a, before(previous, a));
    const f = i32x4.sub(b, before(a, b));
    const g = i32x4.sub(c, before(b, c));
    const h = i32x4.sub(d, before(c, d));
    putBytes(to, e, f, g, h, 16, mask);
    putBytes(to + size, e, f, g, h, 8, mask);
    putBytes(to + size * 2, e, f, g, h, 0, mask);
    previous = d;
  }
  let last = <u32>i32x4.extract_lane(previous, 3);
  for (; i < count; i++) {
    const sample = shortenedOne(load<u32>(source + (<usize>i << 2)));
    const difference = sample - last;
    last = sample;
    const to = target + <usize>i;
    store<u8>(to, difference >> 16);
    store<u8>(to + size, difference >> 8);
    store<u8>(to + size * 2, difference);
  }
}

/** Undoes `pxrSplit16`. */
export function pxrJoin16(source: usize, count: i32, target: usize): void {
  called();
  const low = source + <usize>count;
  const zero = i16x8.splat(0);
  let carry = zero;
  let i = 0;
  for (; i + 8 <= count; i += 8) {
    const upper = i16x8.shl(v128.load8x8_u(source + <usize>i), 8);
    let v = v128.or(upper, v128.load8x8_u(low + <usize>i));
    v = i16x8.add(v, v128.shuffle<i16>(zero, v, 7, 8, 9, 10, 11, 12, 13, 14));
    v = i16x8.add(v, v128.shuffle<i16>(zero, v, 6, 7, 8, 9, 10, 11, 12, 13));
    v = i16x8.add(v, v128.shuffle<i16>(zero, v, 4, 5, 6, 7, 8, 9, 10, 11));
    v = i16x8.add(v, carry);
    v128.store(target + (<usize>i << 1), v);
    carry = v128.shuffle<i16>(v, v, 7, 7, 7, 7, 7, 7, 7, 7);
  }
  let sum = <u32>i16x8.extract_lane_u(carry, 0);
  for (; i < count; i++) {
    sum += (<u32>load<u8>(source + <usize>i) << 8) | <u32>load<u8>(low + <usize>i);
    store<u16>(target + (<usize>i << 1), sum);
  }
}

/** Four bytes as the low bytes of four numbers. */
// @ts-ignore: decorator
@inline
function fourBytes(from: usize): v128 {
  return i32x4.extend_low_i16x8_u(i16x8.extend_low_i8x16_u(v128.load32_zero(from)));
}

/** The sums of four numbers and all before them. */
// @ts-ignore: decorator
@inline
function sums(v: v128, zero: v128, carry: v128): v128 {
  const pairs = i32x4.add(v, v128.shuffle<i32>(zero, v, 3, 4, 5, 6));
  return i32x4.add(i32x4.add(pairs, v128.shuffle<i32>(zero, pairs, 2, 3, 4, 5)), carry);
}

/** Undoes `pxrSplit32`. */
export function pxrJoin32(source: usize, count: i32, target: usize): void {
  called();
  const size = <usize>count;
  const zero = i32x4.splat(0);
  let carry = zero;
  let i = 0;
  for (; i + 4 <= count; i += 4) {
    const from = source + <usize>i;
    const upper = v128.or(i32x4.shl(fourBytes(from), 24), i32x4.shl(fourBytes(from + size), 16));
    const lower = v128.or(i32x4.shl(fourBytes(from + size * 2), 8), fourBytes(from + size * 3));
    const v = sums(v128.or(upper, lower), zero, carry);
    v128.store(target + (<usize>i << 2), v);
    carry = v128.shuffle<i32>(v, v, 3, 3, 3, 3);
  }
  let sum = <u32>i32x4.extract_lane(carry, 0);
  for (; i < count; i++) {
    const from = source + <usize>i;
    const upper = (<u32>load<u8>(from) << 24) | (<u32>load<u8>(from + size) << 16);
    sum += upper | (<u32>load<u8>(from + size * 2) << 8) | <u32>load<u8>(from + size * 3);
    store<u32>(target + (<usize>i << 2), sum);
  }
}

/** Undoes `pxrSplit24`; the lowest bits of the floats are 0. */
export function pxrJoin24(source: usize, count: i32, target: usize): void {
  called();
  const size = <usize>count;
  const zero = i32x4.splat(0);
  let carry = zero;
  let i = 0;
  for (; i + 4 <= count; i += 4) {
    const from = source + <usize>i;
    const upper = v128.or(i32x4.shl(fourBytes(from), 24), i32x4.shl(fourBytes(from + size), 16));
    const v = sums(v128.or(upper, i32x4.shl(fourBytes(from + size * 2), 8)), zero, carry);
    v128.store(target + (<usize>i << 2), v);
    carry = v128.shuffle<i32>(v, v, 3, 3, 3, 3);
  }
  let sum = <u32>i32x4.extract_lane(carry, 0);
  for (; i < count; i++) {
    const from = source + <usize>i;
    sum += (<u32>load<u8>(from) << 24) | (<u32>load<u8>(from + size) << 16) | (<u32>load<u8>(from + size * 2) << 8);
    store<u32>(target + (<usize>i << 2), sum);
  }
}
