// PIZ's wavelet. Functions of type i16 do words below 2^14 (signed), those of type u16 all words (modulo 2^16).
import { called } from './memory';

const ONE = memory.data<u16>([1, 1, 1, 1, 1, 1, 1, 1], 16);
const TOP = memory.data<u16>([0x8000, 0x8000, 0x8000, 0x8000, 0x8000, 0x8000, 0x8000, 0x8000], 16);

// @ts-ignore: decorator
@inline
function decodePair<T>(a: usize, b: usize): void {
  const mean = <i32>load<T>(a);
  const difference = <i32>load<T>(b);
  if (isSigned<T>()) {
    const x = mean + (difference & 1) + (difference >> 1);
    store<u16>(a, x);
    store<u16>(b, x - difference);
  } else {
    const y = mean - (difference >> 1);
    store<u16>(b, y);
    store<u16>(a, (difference + y) ^ 0x8000);
  }
}

// @ts-ignore: decorator
@inline
function encodePair<T>(a: usize, b: usize): void {
  if (isSigned<T>()) {
    const x = <i32>load<T>(a);
    const y = <i32>load<T>(b);
    store<u16>(a, (x + y) >> 1);
    store<u16>(b, x - y);
  } else {
    const x = <i32>load<T>(a) ^ 0x8000;
    const y = <i32>load<T>(b);
    const mean = (x + y) >> 1;
    store<u16>(a, x < y ? mean ^ 0x8000 : mean);
    store<u16>(b, x - y);
  }
}

// The first and the second of a decoded pair; one is made of the other, so the compiler shares the work.
// @ts-ignore: decorator
@inline
function decodedFirst<T>(mean: v128, difference: v128, one: v128, top: v128): v128 {
  if (isSigned<T>()) return i16x8.add(i16x8.add(mean, v128.and(difference, one)), i16x8.shr_s(difference, 1));
  return v128.xor(i16x8.add(difference, i16x8.sub(mean, i16x8.shr_u(difference, 1))), top);
}

// @ts-ignore: decorator
@inline
function decodedSecond<T>(mean: v128, difference: v128, first: v128): v128 {
  return isSigned<T>() ? i16x8.sub(first, difference) : i16x8.sub(mean, i16x8.shr_u(difference, 1));
}

// The mean is taken without a 17th bit: what both have, and half of what only one has.
// @ts-ignore: decorator
@inline
function encodedMean<T>(x: v128, y: v128, top: v128): v128 {
  if (isSigned<T>()) return i16x8.add(v128.and(x, y), i16x8.shr_s(v128.xor(x, y), 1));
  const offset = v128.xor(x, top);
  const mean = i16x8.add(v128.and(offset, y), i16x8.shr_u(v128.xor(offset, y), 1));
  return v128.xor(mean, v128.and(i16x8.lt_u(offset, y), top));
}

// @ts-ignore: decorator
@inline
function encodedDifference<T>(x: v128, y: v128, top: v128): v128 {
  return isSigned<T>() ? i16x8.sub(x, y) : i16x8.sub(v128.xor(x, top), y);
}

// Even and odd samples of sixteen words, and back. Samples of two words keep theirs together (type u32).
// @ts-ignore: decorator
@inline
function even<W>(a: v128, b: v128): v128 {
  if (sizeof<W>() == 2) return v128.shuffle<i16>(a, b, 0, 2, 4, 6, 8, 10, 12, 14);
  return v128.shuffle<i32>(a, b, 0, 2, 4, 6);
}

// @ts-ignore: decorator
@inline
function odd<W>(a: v128, b: v128): v128 {
  if (sizeof<W>() == 2) return v128.shuffle<i16>(a, b, 1, 3, 5, 7, 9, 11, 13, 15);
  return v128.shuffle<i32>(a, b, 1, 3, 5, 7);
}

// @ts-ignore: decorator
@inline
function zipLow<W>(a: v128, b: v128): v128 {
  if (sizeof<W>() == 2) return v128.shuffle<i16>(a, b, 0, 8, 1, 9, 2, 10, 3, 11);
  return v128.shuffle<i32>(a, b, 0, 4, 1, 5);
}

// @ts-ignore: decorator
@inline
function zipHigh<W>(a: v128, b: v128): v128 {
  if (sizeof<W>() == 2) return v128.shuffle<i16>(a, b, 4, 12, 5, 13, 6, 14, 7, 15);
  return v128.shuffle<i32>(a, b, 2, 6, 3, 7);
}

/** Decodes squares of two rows from their left end, as many as fill whole vectors. Returns the bytes done in a row. */
function decodeRows<T, W>(upper: usize, lower: usize, length: usize): usize {
  const one = v128.load(ONE);
  const top = v128.load(TOP);
  let i: usize = 0;
  for (; i + 32 <= length; i += 32) {
    const m0 = v128.load(upper + i);
    const m1 = v128.load(upper + i, 16);
    const d0 = v128.load(lower + i);
    const d1 = v128.load(lower + i, 16);
    const u0 = decodedFirst<T>(m0, d0, one, top);
    const u1 = decodedFirst<T>(m1, d1, one, top);
    const l0 = decodedSecond<T>(m0, d0, u0);
    const l1 = decodedSecond<T>(m1, d1, u1);
    const um = even<W>(u0, u1);
    const ud = odd<W>(u0, u1);
    const lm = even<W>(l0, l1);
    const ld = odd<W>(l0, l1);
    const ua = decodedFirst<T>(um, ud, one, top);
    const ub = decodedSecond<T>(um, ud, ua);
    const la = decodedFirst<T>(lm, ld, one, top);
    const lb = decodedSecond<T>(lm, ld, la);
    v128.store(upper + i, zipLow<W>(ua, ub));
    v128.store(upper + i, zipHigh<W>(ua, ub), 16);
    v128.store(lower + i, zipLow<W>(la, lb));
    v128.store(lower + i, zipHigh<W>(la, lb), 16);
  }
  return i;
}

function encodeRows<T, W>(upper: usize, lower: usize, length: usize): usize {
  const top = v128.load(TOP);
  let i: usize = 0;
  for (; i + 32 <= length; i += 32) {
    const u0 = v128.load(upper + i);
    const u1 = v128.load(upper + i, 16);
    const l0 = v128.load(lower + i);
    const l1 = v128.load(lower + i, 16);
    const ua = even<W>(u0, u1);
    const ub = odd<W>(u0, u1);
    const la = even<W>(l0, l1);
    const lb = odd<W>(l0, l1);
    const um = encodedMean<T>(ua, ub, top);
    const ud = encodedDifference<T>(ua, ub, top);
    const lm = encodedMean<T>(la, lb, top);
    const ld = encodedDifference<T>(la, lb, top);
    const mm = encodedMean<T>(um, lm, top);
    const md = encodedDifference<T>(um, lm, top);
    const dm = encodedMean<T>(ud, ld, top);
    const dd = encodedDifference<T>(ud, ld, top);
    v128.store(upper + i, zipLow<W>(mm, dm));
    v128.store(upper + i, zipHigh<W>(mm, dm), 16);
    v128.store(lower + i, zipLow<W>(md, dd));
    v128.store(lower + i, zipHigh<W>(md, dd), 16);
  }
  return i;
}

// @ts-ignore: decorator
@inline
function least(a: usize, b: usize): usize {
  return a < b ? a : b;
}

function decode<T, W>(words: usize, columns: usize, rows: usize): void {
  const size = sizeof<W>();
  const shorter = least(columns, rows);
  let step: usize = 1;
  while (step * 2 <= shorter) step *= 2;
  for (step >>= 1; step > 0; step >>= 1) {
    const right = step * size;
    const down = step * columns * size;
    const endX = (columns & ~(step * 2 - 1)) * size;
    const endY = rows & ~(step * 2 - 1);
    for (let y: usize = 0; y < endY; y += step * 2) {
      const row = words + y * columns * size;
      let x = step == 1 ? decodeRows<T, W>(row, row + down, endX) : 0;
      for (; x < endX; x += right * 2) {
        for (let plane: usize = 0; plane < size; plane += 2) {
          const p = row + x + plane;
          decodePair<T>(p, p + down);
          decodePair<T>(p + right, p + down + right);
          decodePair<T>(p, p + right);
          decodePair<T>(p + down, p + down + right);
        }
      }
      if (columns & step) {
        for (let plane: usize = 0; plane < size; plane += 2) decodePair<T>(row + endX + plane, row + endX + plane + down);
      }
    }
    if (rows & step) {
      const row = words + endY * columns * size;
      for (let x: usize = 0; x < endX; x += right * 2) {
        for (let plane: usize = 0; plane < size; plane += 2) decodePair<T>(row + x + plane, row + x + plane + right);
      }
    }
  }
}

function encode<T, W>(words: usize, columns: usize, rows: usize): void {
  const size = sizeof<W>();
  const shorter = least(columns, rows);
  for (let step: usize = 1; step * 2 <= shorter; step *= 2) {
    const right = step * size;
    const down = step * columns * size;
    const endX = (columns & ~(step * 2 - 1)) * size;
    const endY = rows & ~(step * 2 - 1);
    for (let y: usize = 0; y < endY; y += step * 2) {
      const row = words + y * columns * size;
      let x = step == 1 ? encodeRows<T, W>(row, row + down, endX) : 0;
      for (; x < endX; x += right * 2) {
        for (let plane: usize = 0; plane < size; plane += 2) {
          const p = row + x + plane;
          encodePair<T>(p, p + right);
          encodePair<T>(p + down, p + down + right);
          encodePair<T>(p, p + down);
          encodePair<T>(p + right, p + down + right);
        }
      }
      if (columns & step) {
        for (let plane: usize = 0; plane < size; plane += 2) encodePair<T>(row + endX + plane, row + endX + plane + down);
      }
    }
    if (rows & step) {
      const row = words + endY * columns * size;
      for (let x: usize = 0; x < endX; x += right * 2) {
        for (let plane: usize = 0; plane < size; plane += 2) encodePair<T>(row + x + plane, row + x + plane + right);
      }
    }
  }
}

/** `planes` is 1 or 2 words a sample; `small` is not 0 where the greatest of all words is below 2^14. */
export function waveletDecode(words: usize, columns: i32, rows: i32, planes: i32, small: i32): void {
  called();
  if (planes == 1) {
    if (small) decode<i16, u16>(words, columns, rows);
    else decode<u16, u16>(words, columns, rows);
  } else if (small) decode<i16, u32>(words, columns, rows);
  else decode<u16, u32>(words, columns, rows);
}

export function waveletEncode(words: usize, columns: i32, rows: i32, planes: i32, small: i32): void {
  called();
  if (planes == 1) {
    if (small) encode<i16, u16>(words, columns, rows);
    else encode<u16, u16>(words, columns, rows);
  } else if (small) encode<i16, u32>(words, columns, rows);
  else encode<u16, u32>(words, columns, rows);
}
