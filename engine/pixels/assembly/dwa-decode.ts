// DWA's lossy channels unpacked: run lengths, cosine transform, colours and tables, square by square. Nothing is aligned.
import { inverseFirst, inverseSecond, turn, turnSquare } from './dct';
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

/** For each place in zigzag order, the byte of its half in a square with rows and columns exchanged. */
const PLACES = memory.data<u8>([
  0, 16, 2, 4, 18, 32, 48, 34, 20, 6, 8, 22, 36, 50, 64, 80, 66, 52, 38, 24, 10, 12, 26, 40, 54, 68, 82, 96, 112, 98,
  84, 70, 56, 42, 28, 14, 30, 44, 58, 72, 86, 100, 114, 116, 102, 88, 74, 60, 46, 62, 76, 90, 104, 118, 120, 106, 92,
  78, 94, 108, 122, 124, 110, 126,
]);
/** The greatest place in zigzag order before which nothing stands in the lower four rows. */
// @ts-ignore: decorator
@inline
const UPPER_ROWS: i32 = 10;

const ROOT = memory.data<f32>([3.535536e-1, 3.535536e-1, 3.535536e-1, 3.535536e-1], 16);
const NAN = memory.data<u32>([0x7fc00000, 0x7fc00000, 0x7fc00000, 0x7fc00000], 16);
// R'G'B' of Y'CbCr, by the primaries of Rec. 709.
const RED = memory.data<f32>([1.5747, 1.5747, 1.5747, 1.5747], 16);
const GREEN_BLUE = memory.data<f32>([-0.1873, -0.1873, -0.1873, -0.1873], 16);
const GREEN_RED = memory.data<f32>([-0.4682, -0.4682, -0.4682, -0.4682], 16);
const BLUE = memory.data<f32>([1.8556, 1.8556, 1.8556, 1.8556], 16);

/** Frequencies of a square with rows and columns exchanged, floats of three squares, and two squares to work in. */
const HALVES = memory.data(128, 16);
const SQUARES = memory.data(768, 16);
const BETWEEN = memory.data(512, 16);

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

/** The nearest halves in 32-bit lanes; every NaN is the same one, so that it does not depend on the machine. */
// @ts-ignore: decorator
@inline
function narrowed(f: v128): v128 {
  return narrow(
    v128.bitselect(f, v128.load(NAN), f32x4.eq(f, f)),
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

/** Eight halves put through a table of 65536. */
// @ts-ignore: decorator
@inline
function looked(h: v128, table: usize): v128 {
  let v = i16x8.splat(load<u16>(table + (<usize>i16x8.extract_lane_u(h, 0) << 1)));
  v = v128.load16_lane(table + (<usize>i16x8.extract_lane_u(h, 1) << 1), v, 1);
  v = v128.load16_lane(table + (<usize>i16x8.extract_lane_u(h, 2) << 1), v, 2);
  v = v128.load16_lane(table + (<usize>i16x8.extract_lane_u(h, 3) << 1), v, 3);
  v = v128.load16_lane(table + (<usize>i16x8.extract_lane_u(h, 4) << 1), v, 4);
  v = v128.load16_lane(table + (<usize>i16x8.extract_lane_u(h, 5) << 1), v, 5);
  v = v128.load16_lane(table + (<usize>i16x8.extract_lane_u(h, 6) << 1), v, 6);
  return v128.load16_lane(table + (<usize>i16x8.extract_lane_u(h, 7) << 1), v, 7);
}

/** Stores the first `wide` of eight halves. */
// @ts-ignore: decorator
@inline
function put(to: usize, h: v128, wide: i32): void {
  if (wide == 8) {
    v128.store(to, h);
  } else {
    v128.store(BETWEEN, h);
    memory.copy(to, BETWEEN, <usize>wide << 1);
  }
}

/** Frequencies in HALVES, of which those behind `last` are 0, to a square of samples. */
function squareOf(last: i32, square: usize): void {
  const upper = last < UPPER_ROWS;
  for (let i: usize = 0; i < 8; i++) {
    const h = v128.load(HALVES + (i << 4));
    v128.store(BETWEEN + (i << 5), widened(i32x4.extend_low_i16x8_u(h)));
    if (!upper) v128.store(BETWEEN + (i << 5), widened(i32x4.extend_high_i16x8_u(h)), 16);
  }
  const middle = BETWEEN + 256;
  inverseFirst(BETWEEN, middle);
  if (upper) {
    turn(middle, BETWEEN);
    turn(middle + 128, BETWEEN + 16);
    memory.fill(BETWEEN + 128, 0, 128);
  } else {
    inverseFirst(BETWEEN + 16, middle + 16);
    turnSquare(middle, BETWEEN);
  }
  inverseSecond(BETWEEN, square);
  inverseSecond(BETWEEN + 16, square + 16);
}

/**
 * Reads the frequencies of one square but the first: words as they are, 0xff00 plus n for n zeros, 0xff00 for zeros to
 * the end. Returns where the next square begins, or 0 where the words end before. `HALVES` gets the word at `first`.
 */
// @ts-ignore: decorator
@inline
function readSquare(from: usize, end: usize, first: usize): usize {
  const zero = i16x8.splat(0);
  for (let i: usize = 0; i < 128; i += 16) v128.store(HALVES + i, zero);
  store<u16>(HALVES, load<u16>(first));
  let last = 0;
  let place = 1;
  let at = from;
  while (place < 64) {
    if (at >= end) return 0;
    const word = <i32>load<u16>(at);
    at += 2;
    if (word < 0xff00) {
      last = place;
      store<u16>(HALVES + <usize>load<u8>(PLACES + <usize>place), word);
      place++;
    } else {
      place += word == 0xff00 ? 64 : word & 255;
    }
  }
  lastPlace = last;
  return at;
}

/** The greatest place of a frequency that is not 0 in the square that was read last. */
let lastPlace: i32 = 0;

/** Goes over the frequencies of so many squares. Returns the words that they take, or -1 where there are too few. */
export function dwaSkip(ac: usize, acCount: i32, squares: i32): i32 {
  called();
  const end = ac + (<usize>acCount << 1);
  let at = ac;
  for (let i = 0; i < squares; i++) {
    for (let place = 1; place < 64; ) {
      if (at >= end) return -1;
      const word = <i32>load<u16>(at);
      at += 2;
      place += word < 0xff00 ? 1 : word == 0xff00 ? 64 : word & 255;
    }
  }
  return <i32>((at - ac) >> 1);
}

/**
 * Unpacks 1 or 3 planes of `columns` x `rows` halves, one behind the other: three are Y, Cb, Cr and become R, G, B. `dc`
 * holds the first frequency of each square, plane after plane. Halves are put through `table` where it is not 0. Returns
 * the words of `ac` that were used, or -1 where there are too few. Nothing is written outside the planes.
 */
export function dwaDecode(
  ac: usize,
  acCount: i32,
  dc: usize,
  planes: i32,
  columns: i32,
  rows: i32,
  table: usize,
  target: usize,
): i32 {
  called();
  const end = ac + (<usize>acCount << 1);
  const across = (columns + 7) >> 3;
  const squares = <usize>across * <usize>((rows + 7) >> 3);
  const plane = <usize>columns * <usize>rows;
  const stride = <usize>columns << 1;
  let at = ac;
  let number: usize = 0;
  for (let y = 0; y < rows; y += 8) {
    const tall = min(8, rows - y);
    for (let x = 0; x < columns; x += 8, number++) {
      const wide = min(8, columns - x);
      let flat = true;
      for (let p: usize = 0; p < <usize>planes; p++) {
        const square = SQUARES + (p << 8);
        at = readSquare(at, end, dc + ((p * squares + number) << 1));
        if (at == 0) return -1;
        if (lastPlace == 0) {
          const root = v128.load(ROOT);
          const v = f32x4.mul(f32x4.mul(widened(v128.load16x4_u(HALVES)), root), root);
          const all = v128.shuffle<i32>(v, v, 0, 0, 0, 0);
          for (let i: usize = 0; i < 256; i += 16) v128.store(square + i, all);
        } else {
          squareOf(lastPlace, square);
          flat = false;
        }
      }
      if (planes == 3) {
        const most: usize = flat ? 32 : 256;
        for (let i: usize = 0; i < most; i += 16) {
          const luma = v128.load(SQUARES + i);
          const blue = v128.load(SQUARES + i, 256);
          const red = v128.load(SQUARES + i, 512);
          v128.store(SQUARES + i, f32x4.add(luma, f32x4.mul(red, v128.load(RED))));
          const green = f32x4.add(f32x4.mul(blue, v128.load(GREEN_BLUE)), luma);
          v128.store(SQUARES + i, f32x4.add(green, f32x4.mul(red, v128.load(GREEN_RED))), 256);
          v128.store(SQUARES + i, f32x4.add(f32x4.mul(blue, v128.load(BLUE)), luma), 512);
        }
      }
      for (let p: usize = 0; p < <usize>planes; p++) {
        const square = SQUARES + (p << 8);
        let to = target + ((p * plane + <usize>y * <usize>columns + <usize>x) << 1);
        let h = i16x8.splat(0);
        for (let i: usize = 0; i < <usize>tall; i++, to += stride) {
          if (i == 0 || !flat) {
            const from = square + (i << 5);
            h = i16x8.narrow_i32x4_u(narrowed(v128.load(from)), narrowed(v128.load(from, 16)));
            if (table != 0) h = looked(h, table);
          }
          put(to, h, wide);
        }
      }
    }
  }
  return <i32>((at - ac) >> 1);
}
