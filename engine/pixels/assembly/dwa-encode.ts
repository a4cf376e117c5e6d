// DWA's lossy channels packed: tables, colours, cosine transform, fewest bits within a tolerance, run lengths. Nothing is aligned.
import { forwardColumns, turnSquare } from './dct';
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

/** For each half of a square with rows and columns exchanged, its byte in zigzag order. */
const PLACES = memory.data<u8>([
  0, 4, 6, 18, 20, 40, 42, 70, 2, 8, 16, 22, 38, 44, 68, 72, 10, 14, 24, 36, 46, 66, 74, 96, 12, 26, 34, 48, 64, 76,
  94, 98, 28, 32, 50, 62, 78, 92, 100, 114, 30, 52, 60, 80, 90, 102, 112, 116, 54, 58, 82, 88, 104, 110, 118, 124, 56,
  84, 86, 106, 108, 120, 122, 126,
]);
const GREATEST = memory.data<u32>([0x7bff, 0x7bff, 0x7bff, 0x7bff], 16);
const STEPS = memory.data<f32>([16777216, 16777216, 16777216, 16777216], 16);
// Y'CbCr of R'G'B', by the primaries of Rec. 709: a row for each.
const COLOURS = memory.data<f32>([0.2126, 0.7152, 0.0722, -0.1146, -0.3854, 0.5, 0.5, -0.4542, -0.0458], 16);

/** Samples of a square, floats of three squares, a square to work in, and halves in zigzag order. */
const HALVES = memory.data(128, 16);
const SQUARES = memory.data(768, 16);
const BETWEEN = memory.data(256, 16);
const ZIGZAG = memory.data(128, 16);

// @ts-ignore: decorator
@inline
function widened(h: v128): v128 {
  return widen(
    h,
    v128.load(MAGNITUDE16),
    v128.load(INFINITY16),
    v128.load(LEAST_NORMAL16),
    v128.load(REBIAS),
    v128.load(LEAST_STEP),
  );
}

/** The nearest halves in 32-bit lanes. */
// @ts-ignore: decorator
@inline
function narrowed(f: v128): v128 {
  return narrow(
    f,
    v128.load(SIGN),
    v128.load(ROUND),
    v128.load(ONE),
    v128.load(VANISHING),
    v128.load(HALF_ONE),
    v128.load(LEAST_NORMAL32),
    v128.load(OVERFLOW),
    v128.load(INFINITY16),
    v128.load(INFINITY32),
    v128.load(PAYLOAD),
  );
}

/** The bits of the greatest halves not above floats of 0 or more, which are given as bits. */
// @ts-ignore: decorator
@inline
function cut(bits: v128): v128 {
  const normal = i32x4.shr_u(i32x4.sub(bits, v128.load(REBIAS)), 13);
  const denormal = i32x4.trunc_sat_f32x4_s(f32x4.mul(bits, v128.load(STEPS)));
  return v128.bitselect(denormal, normal, i32x4.lt_s(bits, v128.load(LEAST_NORMAL32)));
}

/** Magnitudes of four halves → the least of the halves that are nearer than the tolerance. */
// @ts-ignore: decorator
@inline
function least(magnitude: v128, value: v128, tolerance: v128): v128 {
  const below = f32x4.sub(value, tolerance);
  const next = i32x4.add(cut(below), v128.load(ONE));
  return i32x4.min_s(magnitude, v128.andnot(next, f32x4.lt(below, f32x4.splat(0))));
}

/** The greatest of them. */
// @ts-ignore: decorator
@inline
function most(magnitude: v128, value: v128, tolerance: v128): v128 {
  const above = i32x4.sub(f32x4.add(value, tolerance), v128.load(ONE));
  const next = cut(i32x4.max_s(above, i32x4.splat(0)));
  return i32x4.max_s(magnitude, i32x4.min_s(next, v128.load(GREATEST)));
}

/** Every bit below the highest one that is set, and that one. */
// @ts-ignore: decorator
@inline
function smeared(v: v128): v128 {
  let s = v128.or(v, i16x8.shr_u(v, 1));
  s = v128.or(s, i16x8.shr_u(s, 2));
  s = v128.or(s, i16x8.shr_u(s, 4));
  return v128.or(s, i16x8.shr_u(s, 8));
}

/** Eight frequencies → halves with the fewest bits set that are nearer than the tolerances. */
// @ts-ignore: decorator
@inline
function quantised(f0: v128, f1: v128, tolerances: usize): v128 {
  const sixteen = v128.load(MAGNITUDE16);
  const greatest = v128.load(GREATEST);
  const h0 = narrowed(f0);
  const h1 = narrowed(f1);
  const m0 = i32x4.min_s(v128.and(h0, sixteen), greatest);
  const m1 = i32x4.min_s(v128.and(h1, sixteen), greatest);
  const v0 = widened(m0);
  const v1 = widened(m1);
  const t0 = v128.load(tolerances);
  const t1 = v128.load(tolerances, 16);
  const magnitude = i16x8.narrow_i32x4_u(m0, m1);
  const low = i16x8.narrow_i32x4_u(least(m0, v0, t0), least(m1, v1, t1));
  const high = i16x8.narrow_i32x4_u(most(m0, v0, t0), most(m1, v1, t1));

  // What all of them share stands; below it, nothing where that is one of them, else the nearest single bit.
  const mask = smeared(v128.xor(low, high));
  const shared = v128.andnot(high, mask);
  const rest = v128.and(low, mask);
  const own = v128.and(magnitude, mask);
  const one = i16x8.splat(1);
  const under = i16x8.shr_u(i16x8.add(smeared(own), one), 1);
  const over = i16x8.shl(under, 1);
  const nearer = v128.or(
    i16x8.lt_s(i16x8.sub(over, own), i16x8.sub(own, under)),
    i16x8.lt_s(under, rest),
  );
  const bit = v128.bitselect(over, under, v128.and(nearer, i16x8.le_s(over, mask)));
  const zero = i16x8.splat(0);
  const found = v128.or(shared, v128.andnot(bit, i16x8.eq(rest, zero)));
  const sign = v128.andnot(i16x8.narrow_i32x4_u(h0, h1), i16x8.splat(0x7fff));
  return v128.or(found, v128.andnot(sign, i16x8.eq(found, zero)));
}

/** Writes a square's frequencies but the first, as `dwaDecode` reads them. Returns where the next ones go. */
// @ts-ignore: decorator
@inline
function putSquare(target: usize): usize {
  const zero = i16x8.splat(0);
  let set: u64 = 0;
  for (let i: usize = 0; i < 8; i++) {
    set |= <u64>i16x8.bitmask(i16x8.ne(v128.load(ZIGZAG + (i << 4)), zero)) << <u64>(i << 3);
  }
  let to = target;
  let place: u64 = 1;
  while (place < 64) {
    const left = set >> place;
    if (left == 0) {
      // A single zero stands as it is.
      store<u16>(to, place == 63 ? 0 : 0xff00);
      return to + 2;
    }
    const zeros = ctz(left);
    if (zeros == 0) {
      store<u16>(to, load<u16>(ZIGZAG + <usize>(place << 1)));
      place++;
    } else {
      store<u16>(to, zeros == 1 ? 0 : 0xff00 | <u32>zeros);
      place += zeros;
    }
    to += 2;
  }
  return to;
}

/** Reads a square of 8 x 8 halves, mirrored at the edges of its plane, through a table, as floats. */
// @ts-ignore: decorator
@inline
function getSquare(source: usize, columns: i32, rows: i32, x: i32, y: i32, table: usize, square: usize): void {
  const whole = x + 8 <= columns;
  for (let i = 0; i < 8; i++) {
    const row = y + i < rows ? y + i : max(0, 2 * rows - 1 - y - i);
    const from = source + ((<usize>row * <usize>columns) << 1);
    const to = HALVES + (<usize>i << 4);
    if (whole) {
      const at = from + (<usize>x << 1);
      for (let j: usize = 0; j < 16; j += 2) store<u16>(to + j, load<u16>(table + (<usize>load<u16>(at + j) << 1)));
      continue;
    }
    for (let j = 0; j < 8; j++) {
      const column = x + j < columns ? x + j : max(0, 2 * columns - 1 - x - j);
      store<u16>(to + (<usize>j << 1), load<u16>(table + (<usize>load<u16>(from + (<usize>column << 1)) << 1)));
    }
  }
  for (let i: usize = 0; i < 8; i++) {
    const h = v128.load(HALVES + (i << 4));
    v128.store(square + (i << 5), widened(i32x4.extend_low_i16x8_u(h)));
    v128.store(square + (i << 5), widened(i32x4.extend_high_i16x8_u(h)), 16);
  }
}

/** A sum of three vectors by weights, two products first. */
// @ts-ignore: decorator
@inline
function mixed(r: v128, g: v128, b: v128, row: usize): v128 {
  const rg = f32x4.add(
    f32x4.mul(r, v128.load32_splat(COLOURS + row)),
    f32x4.mul(g, v128.load32_splat(COLOURS + row, 4)),
  );
  return f32x4.add(rg, f32x4.mul(b, v128.load32_splat(COLOURS + row, 8)));
}

/**
 * Packs 1 or 3 planes of `columns` x `rows` halves, one behind the other: three are R, G, B and become Y, Cb, Cr. Halves
 * are put through `table`, which holds finite ones only. `tolerances` holds 64 floats for the first plane and 64 for
 * others, with rows and columns exchanged. `dc` gets the first frequency of each square, plane after plane, `ac` at most 63
 * words for each. Returns the words of `ac`.
 */
export function dwaEncode(
  source: usize,
  planes: i32,
  columns: i32,
  rows: i32,
  table: usize,
  tolerances: usize,
  ac: usize,
  dc: usize,
): i32 {
  called();
  const squares = <usize>((columns + 7) >> 3) * <usize>((rows + 7) >> 3);
  const plane = (<usize>columns * <usize>rows) << 1;
  let to = ac;
  let number: usize = 0;
  for (let y = 0; y < rows; y += 8) {
    for (let x = 0; x < columns; x += 8, number++) {
      for (let p: usize = 0; p < <usize>planes; p++) {
        getSquare(source + p * plane, columns, rows, x, y, table, SQUARES + (p << 8));
      }
      if (planes == 3) {
        for (let i: usize = 0; i < 256; i += 16) {
          const r = v128.load(SQUARES + i);
          const g = v128.load(SQUARES + i, 256);
          const b = v128.load(SQUARES + i, 512);
          v128.store(SQUARES + i, mixed(r, g, b, 0));
          v128.store(SQUARES + i, mixed(r, g, b, 12), 256);
          v128.store(SQUARES + i, mixed(r, g, b, 24), 512);
        }
      }
      for (let p: usize = 0; p < <usize>planes; p++) {
        const square = SQUARES + (p << 8);
        forwardColumns(square, square);
        forwardColumns(square + 16, square + 16);
        turnSquare(square, BETWEEN);
        forwardColumns(BETWEEN, BETWEEN);
        forwardColumns(BETWEEN + 16, BETWEEN + 16);
        const allowed = tolerances + (p == 0 ? 0 : 256);
        for (let i: usize = 0; i < 256; i += 32) {
          const h = quantised(v128.load(BETWEEN + i), v128.load(BETWEEN + i, 16), allowed + i);
          const places = PLACES + (i >> 2);
          v128.store16_lane(ZIGZAG + <usize>load<u8>(places), h, 0);
          v128.store16_lane(ZIGZAG + <usize>load<u8>(places, 1), h, 1);
          v128.store16_lane(ZIGZAG + <usize>load<u8>(places, 2), h, 2);
          v128.store16_lane(ZIGZAG + <usize>load<u8>(places, 3), h, 3);
          v128.store16_lane(ZIGZAG + <usize>load<u8>(places, 4), h, 4);
          v128.store16_lane(ZIGZAG + <usize>load<u8>(places, 5), h, 5);
          v128.store16_lane(ZIGZAG + <usize>load<u8>(places, 6), h, 6);
          v128.store16_lane(ZIGZAG + <usize>load<u8>(places, 7), h, 7);
        }
        store<u16>(dc + ((p * squares + number) << 1), load<u16>(ZIGZAG));
        to = putSquare(to);
      }
    }
  }
  return <i32>((to - ac) >> 1);
}

/** Puts the greatest finite half of the same sign in the place of infinities, in place. */
export function limitHalves(halves: usize, count: i32): void {
  called();
  const sixteen = i16x8.splat(0x7fff);
  const infinity = i16x8.splat(0x7c00);
  let i = 0;
  for (; i + 8 <= count; i += 8) {
    const at = halves + (<usize>i << 1);
    const h = v128.load(at);
    v128.store(at, i16x8.add(h, i16x8.eq(v128.and(h, sixteen), infinity)));
  }
  for (; i < count; i++) {
    const at = halves + (<usize>i << 1);
    const h = load<u16>(at);
    if ((h & 0x7fff) == 0x7c00) store<u16>(at, h - 1);
  }
}
