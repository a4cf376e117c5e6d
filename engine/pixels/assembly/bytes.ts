// The byte steps of ZIP and RLE: difference coding, the split in two halves, and run lengths. Nothing is aligned.
import { called } from './memory';

const TOP = memory.data<u32>([0x80808080, 0x80808080, 0x80808080, 0x80808080], 16);

export function differenceEncode(source: usize, target: usize, length: i32): void {
  called();
  if (length <= 0) return;
  const top = v128.load(TOP);
  store<u8>(target, load<u8>(source));
  let i = 1;
  for (; i + 16 <= length; i += 16) {
    const at = source + <usize>i;
    const d = i8x16.sub(v128.load(at), v128.load(at - 1));
    v128.store(target + <usize>i, v128.xor(d, top));
  }
  for (; i < length; i++) {
    const at = source + <usize>i;
    store<u8>(target + <usize>i, <i32>load<u8>(at) - <i32>load<u8>(at - 1) + 128);
  }
}

/** A running sum: inside a vector by four shifted additions, between vectors by the last byte of the one before. */
export function differenceDecode(bytes: usize, length: i32): void {
  called();
  const top = v128.load(TOP);
  const zero = i8x16.splat(0);
  let carry = top;
  let i = 0;
  for (; i + 16 <= length; i += 16) {
    const at = bytes + <usize>i;
    let v = v128.xor(v128.load(at), top);
    v = i8x16.add(v, v128.shuffle<i8>(zero, v, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30));
    v = i8x16.add(v, v128.shuffle<i8>(zero, v, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29));
    v = i8x16.add(v, v128.shuffle<i8>(zero, v, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27));
    v = i8x16.add(v, v128.shuffle<i8>(zero, v, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23));
    v = i8x16.add(v, carry);
    v128.store(at, v);
    carry = v128.shuffle<i8>(v, v, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15);
  }
  let previous = <i32>i8x16.extract_lane_u(carry, 0);
  for (; i < length; i++) {
    const at = bytes + <usize>i;
    previous = previous + <i32>load<u8>(at) + 128;
    store<u8>(at, previous);
  }
}

export function splitBytes(source: usize, target: usize, length: i32): void {
  called();
  const odd = target + ((<usize>length + 1) >> 1);
  let i = 0;
  for (; i + 32 <= length; i += 32) {
    const a = v128.load(source + <usize>i);
    const b = v128.load(source + <usize>i, 16);
    const to = <usize>i >> 1;
    v128.store(target + to, v128.shuffle<i8>(a, b, 0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30));
    v128.store(odd + to, v128.shuffle<i8>(a, b, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23, 25, 27, 29, 31));
  }
  for (; i < length; i++) {
    store<u8>((i & 1 ? odd : target) + (<usize>i >> 1), load<u8>(source + <usize>i));
  }
}

/** `length` is that of the whole; only the places `start` to `end` (exclusive) of the result are written. */
export function joinBytes(source: usize, target: usize, length: i32, start: i32, end: i32): void {
  called();
  const odd = source + ((<usize>length + 1) >> 1);
  let i = start;
  if (i & 1 && i < end) {
    store<u8>(target + <usize>i, load<u8>(odd + (<usize>i >> 1)));
    i++;
  }
  for (; i + 32 <= end; i += 32) {
    const from = <usize>i >> 1;
    const a = v128.load(source + from);
    const b = v128.load(odd + from);
    const to = target + <usize>i;
    v128.store(to, v128.shuffle<i8>(a, b, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23));
    v128.store(to, v128.shuffle<i8>(a, b, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31), 16);
  }
  for (; i < end; i++) {
    store<u8>(target + <usize>i, load<u8>((i & 1 ? odd : source) + (<usize>i >> 1)));
  }
}

/** Returns the number of bytes written; `target` holds the bound of the twin. */
export function runEncode(source: usize, target: usize, length: i32): i32 {
  called();
  const end = source + <usize>length;
  let start = source;
  let to = target;
  while (start < end) {
    const byte = load<u8>(start);
    let at = start + 1;
    while (at < end && load<u8>(at) == byte && at - start <= 127) at++;
    if (at - start >= 3) {
      store<u8>(to, <i32>(at - start) - 1);
      store<u8>(to, byte, 1);
      to += 2;
    } else {
      at = start + 1;
      while (at < end && at - start < 127) {
        if (at + 2 < end && load<u8>(at) == load<u8>(at, 1) && load<u8>(at) == load<u8>(at, 2)) break;
        at++;
      }
      store<u8>(to++, <i32>(start - at));
      for (let p = start; p < at; p++) store<u8>(to++, load<u8>(p));
    }
    start = at;
  }
  return <i32>(to - target);
}

/** Returns 1 where the runs fill the target exactly and end with the source, else 0. */
export function runDecode(source: usize, sourceLength: i32, target: usize, targetLength: i32): i32 {
  called();
  const sourceEnd = source + <usize>sourceLength;
  const targetEnd = target + <usize>targetLength;
  let from = source;
  let to = target;
  while (from < sourceEnd) {
    const count = <i32>load<i8>(from++);
    const length = <usize>(count < 0 ? -count : count + 1);
    if (to + length > targetEnd) return 0;
    if (count < 0) {
      if (from + length > sourceEnd) return 0;
      for (let i: usize = 0; i < length; i++) store<u8>(to + i, load<u8>(from + i));
      from += length;
    } else {
      if (from >= sourceEnd) return 0;
      const byte = load<u8>(from++);
      for (let i: usize = 0; i < length; i++) store<u8>(to + i, byte);
    }
    to += length;
  }
  return to == targetEnd ? 1 : 0;
}
