// B44's squares of 4 x 4 halves in 14 bytes, or 3 where all are the same. Nothing is aligned.
import { called } from './memory';

const SQUARE = memory.data(32, 16);
const EXPONENT = memory.data<u32>([0x7c00, 0x7c00, 0x7c00, 0x7c00], 16);
const TOP = memory.data<u32>([0x8000, 0x8000, 0x8000, 0x8000], 16);
const ALL = memory.data<u32>([0xffff, 0xffff, 0xffff, 0xffff], 16);

/** A third byte from here on marks a square of one value: no shift is 13 or more. */
// @ts-ignore: decorator
@inline
const FLAT: u32 = 52;

/** Halves as whole numbers that rise with the values; infinities and NaN become the number of 0. */
// @ts-ignore: decorator
@inline
function ordered(h: v128): v128 {
  const top = v128.load(TOP);
  const exponent = v128.load(EXPONENT);
  const negative = i32x4.eq(v128.and(h, top), top);
  const turned = v128.xor(h, v128.bitselect(v128.load(ALL), top, negative));
  return v128.bitselect(top, turned, i32x4.eq(v128.and(h, exponent), exponent));
}

/** x divided by 2^shift, to the nearest whole number, ties to the even one. */
// @ts-ignore: decorator
@inline
function rounded(x: v128, shift: i32, almost: v128, one: v128): v128 {
  const twice = i32x4.shl(x, 1);
  const odd = v128.and(i32x4.shr_s(twice, shift + 1), one);
  return i32x4.shr_s(i32x4.add(i32x4.add(twice, almost), odd), shift + 1);
}

/** Each of a row less its right neighbour; the last lane is 0. */
// @ts-ignore: decorator
@inline
function steps(d: v128): v128 {
  return i32x4.sub(d, v128.shuffle<i32>(d, d, 1, 2, 3, 3));
}

// @ts-ignore: decorator
@inline
function put24(to: usize, a: i32, b: i32, c: i32, d: i32): void {
  store<u8>(to, (a << 2) | (b >> 4));
  store<u8>(to, (b << 4) | (c >> 2), 1);
  store<u8>(to, (c << 6) | d, 2);
}

/** Packs four rows of four halves, given as whole numbers. Returns the bytes written. */
function packSquare(h0: v128, h1: v128, h2: v128, h3: v128, target: usize, flat: i32, exact: i32): usize {
  const t0 = ordered(h0);
  const t1 = ordered(h1);
  const t2 = ordered(h2);
  const t3 = ordered(h3);
  let most = i32x4.max_s(i32x4.max_s(t0, t1), i32x4.max_s(t2, t3));
  most = i32x4.max_s(most, v128.shuffle<i32>(most, most, 2, 3, 0, 1));
  most = i32x4.max_s(most, v128.shuffle<i32>(most, most, 1, 0, 3, 2));
  const x0 = i32x4.sub(most, t0);
  const x1 = i32x4.sub(most, t1);
  const x2 = i32x4.sub(most, t2);
  const x3 = i32x4.sub(most, t3);
  const one = i32x4.splat(1);
  const bias = i32x4.splat(32);
  const beyond = i32x4.splat(~63);
  let shift = -1;
  let first: v128, s0: v128, s1: v128, s2: v128, s3: v128, down: v128;
  do {
    shift++;
    const almost = i32x4.splat((1 << shift) - 1);
    const d0 = rounded(x0, shift, almost, one);
    const d1 = rounded(x1, shift, almost, one);
    const d2 = rounded(x2, shift, almost, one);
    const d3 = rounded(x3, shift, almost, one);
    const left = v128.shuffle<i64>(v128.shuffle<i32>(d0, d1, 0, 4, 0, 4), v128.shuffle<i32>(d2, d3, 0, 4, 0, 4), 0, 2);
    first = d0;
    s0 = i32x4.add(steps(d0), bias);
    s1 = i32x4.add(steps(d1), bias);
    s2 = i32x4.add(steps(d2), bias);
    s3 = i32x4.add(steps(d3), bias);
    down = i32x4.add(steps(left), bias);
  } while (v128.any_true(v128.and(v128.or(v128.or(v128.or(s0, s1), v128.or(s2, s3)), down), beyond)));

  const start = i32x4.extract_lane(t0, 0);
  if (flat) {
    const changes = v128.or(
      v128.or(v128.or(v128.xor(s0, bias), v128.xor(s1, bias)), v128.or(v128.xor(s2, bias), v128.xor(s3, bias))),
      v128.xor(down, bias),
    );
    if (!v128.any_true(changes)) {
      store<u8>(target, start >> 8);
      store<u8>(target, start, 1);
      store<u8>(target, 0xfc, 2);
      return 3;
    }
  }
  const head = exact ? i32x4.extract_lane(most, 0) - (i32x4.extract_lane(first, 0) << shift) : start;
  store<u8>(target, head >> 8);
  store<u8>(target, head, 1);
  put24(target + 2, shift, i32x4.extract_lane(down, 0), i32x4.extract_lane(down, 1), i32x4.extract_lane(down, 2));
  put24(
    target + 5,
    i32x4.extract_lane(s0, 0),
    i32x4.extract_lane(s1, 0),
    i32x4.extract_lane(s2, 0),
    i32x4.extract_lane(s3, 0),
  );
  put24(
    target + 8,
    i32x4.extract_lane(s0, 1),
    i32x4.extract_lane(s1, 1),
    i32x4.extract_lane(s2, 1),
    i32x4.extract_lane(s3, 1),
  );
  put24(
    target + 11,
    i32x4.extract_lane(s0, 2),
    i32x4.extract_lane(s1, 2),
    i32x4.extract_lane(s2, 2),
    i32x4.extract_lane(s3, 2),
  );
  return 14;
}

/**
 * Packs a plane of halves, those of `table` in their place where it is not 0. Squares over the edge repeat the last row
 * and column. Returns the bytes written: at most 14 for each square.
 */
export function b44Pack(
  source: usize,
  columns: i32,
  rows: i32,
  table: usize,
  target: usize,
  flat: i32,
  exact: i32,
): i32 {
  called();
  const stride = <usize>columns << 1;
  let to = target;
  for (let y = 0; y < rows; y += 4) {
    const from = source + <usize>y * stride;
    for (let x = 0; x < columns; x += 4) {
      const at = from + (<usize>x << 1);
      if (table == 0 && x + 4 <= columns && y + 4 <= rows) {
        const h0 = v128.load16x4_u(at);
        const h1 = v128.load16x4_u(at + stride);
        const h2 = v128.load16x4_u(at + stride * 2);
        to += packSquare(h0, h1, h2, v128.load16x4_u(at + stride * 3), to, flat, exact);
        continue;
      }
      for (let i = 0; i < 16; i++) {
        const dx = min(i & 3, columns - x - 1);
        const dy = min(i >> 2, rows - y - 1);
        const half = load<u16>(at + <usize>dy * stride + (<usize>dx << 1));
        store<u16>(SQUARE + (<usize>i << 1), table == 0 ? half : load<u16>(table + (<usize>half << 1)));
      }
      const h0 = v128.load16x4_u(SQUARE);
      const h1 = v128.load16x4_u(SQUARE, 8);
      const h2 = v128.load16x4_u(SQUARE, 16);
      to += packSquare(h0, h1, h2, v128.load16x4_u(SQUARE, 24), to, flat, exact);
    }
  }
  return <i32>(to - target);
}

/** Three numbers of six bits that stand in three bytes behind another. */
// @ts-ignore: decorator
@inline
function six(from: usize, place: u32): u32 {
  const bits = (<u32>load<u8>(from) << 16) | (<u32>load<u8>(from, 1) << 8) | <u32>load<u8>(from, 2);
  return (bits >> (18 - place * 6)) & 63;
}

// @ts-ignore: decorator
@inline
function putSquare(place: u32, number: u32): void {
  store<u16>(SQUARE + (<usize>place << 1), number & 0x8000 ? number & 0x7fff : ~number);
}

/**
 * Unpacks squares into a plane of halves, put through `table` where it is not 0. Returns the bytes read, or -1 where
 * there are too few. Nothing is written outside the plane.
 */
export function b44Unpack(source: usize, size: i32, columns: i32, rows: i32, table: usize, target: usize): i32 {
  called();
  const stride = <usize>columns << 1;
  const end = source + <usize>size;
  let from = source;
  for (let y = 0; y < rows; y += 4) {
    for (let x = 0; x < columns; x += 4) {
      if (from + 3 > end) return -1;
      const first = ((<u32>load<u8>(from) << 8) | <u32>load<u8>(from, 1)) & 0xffff;
      if (<u32>load<u8>(from, 2) >= FLAT) {
        for (let i: u32 = 0; i < 16; i++) putSquare(i, first);
        from += 3;
      } else {
        if (from + 14 > end) return -1;
        const shift = <u32>load<u8>(from, 2) >> 2;
        const bias = (<u32>32) << shift;
        let left = first;
        for (let row: u32 = 0; row < 4; row++) {
          if (row > 0) left += (six(from + 2, row) << shift) - bias;
          let number = left;
          putSquare(row * 4, number);
          number += (six(from + 5, row) << shift) - bias;
          putSquare(row * 4 + 1, number);
          number += (six(from + 8, row) << shift) - bias;
          putSquare(row * 4 + 2, number);
          number += (six(from + 11, row) << shift) - bias;
          putSquare(row * 4 + 3, number);
        }
        from += 14;
      }
      if (table != 0) {
        for (let i: usize = 0; i < 32; i += 2) {
          store<u16>(SQUARE + i, load<u16>(table + (<usize>load<u16>(SQUARE + i) << 1)));
        }
      }
      const wide = min(4, columns - x);
      const tall = min(4, rows - y);
      let to = target + <usize>y * stride + (<usize>x << 1);
      for (let row: usize = 0; row < <usize>tall; row++, to += stride) {
        const line = SQUARE + (row << 3);
        if (wide == 4) store<u64>(to, load<u64>(line));
        else for (let i: usize = 0; i < <usize>wide; i++) store<u16>(to + (i << 1), load<u16>(line + (i << 1)));
      }
    }
  }
  return <i32>(from - source);
}
