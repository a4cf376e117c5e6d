// Inflate (RFC 1950 and 1951): zlib streams of a known size, by tables that give up to two literals a look.
// The faults are the places of INFLATE_FAULTS beside the plain twin.
import { adler32 } from './adler';
import { buildTable, DISTANCE_BITS, LITERAL_BITS, tableFault } from './inflate-table';
import {
  DISTANCES,
  EXCEPTION,
  HEADER,
  INFLATE_WORK,
  LITERAL,
  LITERALS,
  ORDER,
  SUBTABLE,
  WIDTHS,
} from './inflate-work';
import { called } from './memory';

// @ts-ignore: decorator
@inline
const BAD_HEADER: i32 = 1;
// @ts-ignore: decorator
@inline
const BAD_BLOCK: i32 = 2;
// @ts-ignore: decorator
@inline
const BAD_STORED: i32 = 3;
// @ts-ignore: decorator
@inline
const BAD_CODES: i32 = 4;
// @ts-ignore: decorator
@inline
const BAD_CODE: i32 = 5;
// @ts-ignore: decorator
@inline
const TOO_FAR: i32 = 6;
// @ts-ignore: decorator
@inline
const TOO_LONG: i32 = 7;
// @ts-ignore: decorator
@inline
const CUT_SHORT: i32 = 8;
// @ts-ignore: decorator
@inline
const TOO_SHORT: i32 = 9;
// @ts-ignore: decorator
@inline
const BAD_SUM: i32 = 10;

/** The bits that wait, how many, and where the next byte is read; beyond the end zeros are read, and counted so. */
let buffer: u64 = 0;
let filled: u64 = 0;
let from: usize = 0;
let fromEnd: usize = 0;
let to: usize = 0;
let toStart: usize = 0;
let toEnd: usize = 0;

/** Bytes of working memory that `inflate` needs. */
export function inflateWork(): usize {
  return INFLATE_WORK;
}

// @ts-ignore: decorator
@inline
function fill(): void {
  if (from + 8 <= fromEnd) {
    buffer |= load<u64>(from) << filled;
    from += <usize>((63 - filled) >> 3);
    filled |= 56;
  } else fillSlowly();
}

function fillSlowly(): void {
  while (filled < 56) {
    if (from < fromEnd) buffer |= <u64>load<u8>(from) << filled;
    from++;
    filled += 8;
  }
}

/** At most 32 bits, of those that wait. */
// @ts-ignore: decorator
@inline
function take(bits: u32): u32 {
  const value = <u32>(buffer & ((<u64>1 << bits) - 1));
  buffer >>= bits;
  filled -= bits;
  return value;
}

/** Whether bits beyond the end were taken. */
// @ts-ignore: decorator
@inline
function ranOut(): bool {
  return from > fromEnd && (<u64>(from - fromEnd) << 3) > filled;
}

// @ts-ignore: decorator
@inline
function fault(found: i32): i32 {
  return ranOut() ? CUT_SHORT : found;
}

/**
 * Unpacks a zlib stream that stands for exactly `size` bytes. `work` has `inflateWork()` bytes. Nothing is read or written
 * outside the given ranges. Returns 0, or the place of the fault.
 */
export function inflate(source: usize, length: i32, work: usize, target: usize, size: i32): i32 {
  called();
  from = source;
  fromEnd = source + length;
  to = target;
  toStart = target;
  toEnd = target + size;
  buffer = 0;
  filled = 0;
  fill();
  const method = take(8);
  const flags = take(8);
  // Deflate with a window of up to 32 KiB and no dictionary, and the check of both bytes.
  if ((method & 15) != 8 || method >> 4 > 7 || (flags & 32) != 0 || ((method << 8) | flags) % 31 != 0) return fault(BAD_HEADER);
  for (let last: u32 = 0; last == 0; ) {
    fill();
    last = take(1);
    const kind = take(2);
    let found = 0;
    if (kind == 0) found = copyStored();
    else if (kind == 3) found = fault(BAD_BLOCK);
    else {
      found = kind == 1 ? fixedTables(work) : readTables(work);
      if (found == 0) found = readTokens(work);
    }
    if (found != 0) return found;
    if (ranOut()) return CUT_SHORT;
  }
  if (to != toEnd) return TOO_SHORT;
  take(<u32>(filled & 7));
  fill();
  const sum = bswap<u32>(take(32));
  if (ranOut()) return CUT_SHORT;
  return sum == adler32(target, size) ? 0 : BAD_SUM;
}

function copyStored(): i32 {
  take(<u32>(filled & 7));
  fill();
  const count = take(16);
  const check = take(16);
  if (ranOut()) return CUT_SHORT;
  if ((count ^ check) != 0xffff) return BAD_STORED;
  // Whole bytes that wait are given back.
  const start = from - <usize>(filled >> 3);
  buffer = 0;
  filled = 0;
  from = start;
  if (start + count > fromEnd) return CUT_SHORT;
  if (<usize>count > toEnd - to) return TOO_LONG;
  memory.copy(to, start, count);
  to += count;
  from = start + count;
  return 0;
}

/** The tables of RFC 1951, section 3.2.6. */
function fixedTables(work: usize): i32 {
  const widths = work + WIDTHS;
  memory.fill(widths, 8, 144);
  memory.fill(widths + 144, 9, 112);
  memory.fill(widths + 256, 7, 24);
  memory.fill(widths + 280, 8, 8);
  buildTable(widths, 288, work + LITERALS, LITERAL_BITS, work);
  memory.fill(widths, 5, 32);
  buildTable(widths, 32, work + DISTANCES, DISTANCE_BITS, work);
  return 0;
}

/** The tables of a block's own header (RFC 1951, section 3.2.7). */
function readTables(work: usize): i32 {
  const widths = work + WIDTHS;
  const literals = <i32>take(5) + 257;
  const distances = <i32>take(5) + 1;
  const given = <i32>take(4) + 4;
  if (literals > 286 || distances > 30) return fault(BAD_CODES);
  memory.fill(widths, 0, 19);
  for (let i = 0; i < given; i++) {
    if (filled < 3) fill();
    store<u8>(widths + load<u8>(ORDER + i), <u8>take(3));
  }
  if (tableFault(widths, 19, false)) return fault(BAD_CODES);
  const all = literals + distances;
  buildTable(widths, 19, work + HEADER, 7, work);
  for (let at = 0; at < all; ) {
    fill();
    const entry = load<u32>(work + HEADER + (<usize>(buffer & 127) << 2));
    take(entry & 63);
    const symbol = (entry >> 8) & 255;
    if (symbol < 16) {
      store<u8>(widths + at++, <u8>symbol);
      continue;
    }
    if (symbol == 16 && at == 0) return fault(BAD_CODES);
    const width: u8 = symbol == 16 ? load<u8>(widths + at - 1) : 0;
    const run = <i32>(symbol == 16 ? 3 + take(2) : symbol == 17 ? 3 + take(3) : 11 + take(7));
    if (at + run > all) return fault(BAD_CODES);
    memory.fill(widths + at, width, run);
    at += run;
  }
  if (load<u8>(widths + 256) == 0) return fault(BAD_CODES);
  if (tableFault(widths, literals, true) || tableFault(widths + literals, distances, true)) return fault(BAD_CODES);
  buildTable(widths, literals, work + LITERALS, LITERAL_BITS, work);
  buildTable(widths + literals, distances, work + DISTANCES, DISTANCE_BITS, work);
  return 0;
}

/** The entry for the bits that wait, through a second table where the code is wider than the first one decides. */
// @ts-ignore: decorator
@inline
function look(table: usize, bits: u64, width: i32): u32 {
  const entry = load<u32>(table + (<usize>(bits & ((1 << width) - 1)) << 2));
  if ((entry & (EXCEPTION | SUBTABLE)) != (EXCEPTION | SUBTABLE)) return entry;
  const second = (bits >> width) & ((<u64>1 << (entry & 63)) - 1);
  return load<u32>(table + ((<usize>((entry >> 8) & 0xffff) + <usize>second) << 2));
}

function readTokens(work: usize): i32 {
  const literals = work + LITERALS;
  const distances = work + DISTANCES;
  const end = fromEnd;
  let bits = buffer;
  let count = filled;
  let at = from;
  let out = to;
  while (true) {
    if (at + 8 <= end) {
      bits |= load<u64>(at) << count;
      at += <usize>((63 - count) >> 3);
      count |= 56;
    } else {
      for (; count < 56; count += 8) {
        if (at < end) bits |= <u64>load<u8>(at) << count;
        at++;
      }
    }
    let entry = look(literals, bits, LITERAL_BITS);
    if (entry & LITERAL) {
      // Three looks take 33 bits at most here: a wider code leaves one look, and all leave 20 for a length.
      if (out + 6 <= toEnd) {
        store<u16>(out, <u16>(entry >> 8));
        out += 1 + ((entry >> 30) & 1);
        bits >>= entry & 63;
        count -= entry & 63;
        entry = load<u32>(literals + (<usize>(bits & ((1 << LITERAL_BITS) - 1)) << 2));
        if (entry & LITERAL) {
          store<u16>(out, <u16>(entry >> 8));
          out += 1 + ((entry >> 30) & 1);
          bits >>= entry & 63;
          count -= entry & 63;
          entry = load<u32>(literals + (<usize>(bits & ((1 << LITERAL_BITS) - 1)) << 2));
          if (entry & LITERAL) {
            store<u16>(out, <u16>(entry >> 8));
            out += 1 + ((entry >> 30) & 1);
            bits >>= entry & 63;
            count -= entry & 63;
            continue;
          }
        }
        if (entry & EXCEPTION) continue;
      } else {
        const room = toEnd - out;
        const both = ((entry >> 30) & 1) == 1;
        // Without room for the first of two literals only that one is taken.
        const taken = room == 0 && both ? (entry >> 24) & 15 : entry & 63;
        bits >>= taken;
        count -= taken;
        if (room < <usize>(both ? 2 : 1)) {
          buffer = bits;
          filled = count;
          from = at;
          return fault(TOO_LONG);
        }
        store<u8>(out++, <u8>(entry >> 8));
        if (both) store<u8>(out++, <u8>(entry >> 16));
        continue;
      }
    }
    if (entry & EXCEPTION) {
      bits >>= entry & 63;
      count -= entry & 63;
      buffer = bits;
      filled = count;
      from = at;
      to = out;
      // Symbol 256 ends the block.
      return ((entry >> 8) & 0xffff) == 256 ? 0 : fault(BAD_CODE);
    }
    const lengthWidth = <u64>((entry >> 18) & 15);
    const length = <usize>(((entry >> 8) & 511) + <u32>((bits & ((<u64>1 << (entry & 63)) - 1)) >> lengthWidth));
    bits >>= entry & 63;
    count -= entry & 63;
    if (count < 28) {
      if (at + 8 <= end) {
        bits |= load<u64>(at) << count;
        at += <usize>((63 - count) >> 3);
        count |= 56;
      } else {
        for (; count < 56; count += 8) {
          if (at < end) bits |= <u64>load<u8>(at) << count;
          at++;
        }
      }
    }
    entry = look(distances, bits, DISTANCE_BITS);
    const distanceWidth = <u64>((entry >> 23) & 15);
    const distance =
      <usize>(((entry >> 8) & 0x7fff) + <u32>((bits & ((<u64>1 << (entry & 63)) - 1)) >> distanceWidth));
    bits >>= entry & 63;
    count -= entry & 63;
    const wrong =
      (entry & EXCEPTION) != 0 ? BAD_CODE : distance > out - toStart ? TOO_FAR : length > toEnd - out ? TOO_LONG : 0;
    if (wrong != 0) {
      buffer = bits;
      filled = count;
      from = at;
      return fault(wrong);
    }
    copyBack(out, distance, length);
    out += length;
  }
}

/** Repeats what lies `distance` before; whole words go at most 15 bytes beyond, where there is room. */
// @ts-ignore: decorator
@inline
function copyBack(out: usize, distance: usize, length: usize): void {
  const end = out + length;
  if (end + 16 <= toEnd) {
    if (distance >= 16) {
      let at = out;
      do {
        v128.store(at, v128.load(at - distance));
        at += 16;
      } while (at < end);
      return;
    }
    if (distance == 1) {
      const same = i8x16.splat(load<i8>(out - 1));
      let at = out;
      do {
        v128.store(at, same);
        at += 16;
      } while (at < end);
      return;
    }
    if (distance >= 8) {
      let at = out;
      do {
        store<u64>(at, load<u64>(at - distance));
        at += 8;
      } while (at < end);
      return;
    }
  }
  for (let at = out; at < end; at++) store<u8>(at, load<u8>(at - distance));
}
