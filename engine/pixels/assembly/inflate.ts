// Inflate into memory that is known to be as long as the result: zlib streams (RFC 1950) of deflate's blocks (RFC 1951).
import { adler32 } from './adler';
import { ORDER } from './deflate-block';
import {
  beginInput,
  beginOutput,
  ENDS_EARLY,
  ended,
  fill,
  FINE,
  left,
  next,
  out,
  peek,
  putStored,
  skip,
  take,
  toByte,
  TOO_LONG,
  unpackBlock,
} from './inflate-block';
import {
  DISTANCE_BITS,
  DISTANCE_ENTRIES,
  DISTANCES,
  FAR,
  fillEntries,
  LITERAL_BITS,
  LITERAL_ENTRIES,
  LITERALS,
  makeTable,
  SINGLES,
  WIDTH_BITS,
  WIDTH_ENTRIES,
  WIDTHS,
} from './inflate-table';
import { called } from './memory';

// @ts-ignore: decorator
@inline
const BAD_HEAD: i32 = 6;
// @ts-ignore: decorator
@inline
const BAD_BLOCK: i32 = 7;
// @ts-ignore: decorator
@inline
const BAD_STORED: i32 = 8;
// @ts-ignore: decorator
@inline
const BAD_CODE: i32 = 9;
// @ts-ignore: decorator
@inline
const BAD_SUM: i32 = 10;

/**
 * Unpacks a zlib stream into at most `room` bytes at `target`, and returns how many, or the number of the fault below
 * zero.
 */
export function inflate(source: usize, length: i32, target: usize, room: i32): i32 {
  called();
  const fault = unpack(source, length, target, target + room);
  return fault == FINE ? <i32>(out - target) : -fault;
}

function unpack(source: usize, length: i32, target: usize, end: usize): i32 {
  beginInput(source, length);
  beginOutput(target);
  if (length < 2) return ENDS_EARLY;
  const head = (<u32>load<u8>(source) << 8) | load<u8>(source + 1);
  // Deflate, a window of at most 32 KiB, no dictionary, and a sum of the two bytes.
  if (((head >> 8) & 15) != 8 || head >> 12 > 7 || (head & 32) != 0 || head % 31 != 0) return BAD_HEAD;
  skip(2);
  fillEntries();
  let final: u32 = 0;
  while (final == 0) {
    fill();
    final = take(1);
    const kind = take(2);
    if (ended()) return ENDS_EARLY;
    const fault = kind == 0 ? stored(end) : kind == 3 ? BAD_BLOCK : coded(kind, target, end);
    if (fault != FINE) return fault;
  }
  if (!toByte() || left() < 4) return ENDS_EARLY;
  return bswap<u32>(load<u32>(next)) == adler32(target, <i32>(out - target)) ? FINE : BAD_SUM;
}

function stored(end: usize): i32 {
  if (!toByte() || left() < 4) return ENDS_EARLY;
  const size = <i32>load<u16>(next);
  if (size != (<i32>load<u16>(next, 2) ^ 0xffff)) return BAD_STORED;
  skip(4);
  if (<usize>size > left()) return ENDS_EARLY;
  if (<usize>size > end - out) return TOO_LONG;
  putStored(size);
  return FINE;
}

function coded(kind: u32, target: usize, end: usize): i32 {
  let literals = LITERALS;
  let distances = DISTANCES;
  if (kind == 1) {
    // The code that is agreed upon (RFC 1951, section 3.2.6).
    memory.fill(WIDTHS, 8, 144);
    memory.fill(WIDTHS + 144, 9, 112);
    memory.fill(WIDTHS + 256, 7, 24);
    memory.fill(WIDTHS + 280, 8, 8);
    memory.fill(WIDTHS + LITERALS, 5, DISTANCES);
  } else {
    literals = 257 + <i32>take(5);
    distances = 1 + <i32>take(5);
    if (ended()) return ENDS_EARLY;
    const fault = readWidths(literals, distances);
    if (fault != FINE) return fault;
  }
  if (!makeTable(WIDTHS, literals, LITERAL_ENTRIES, SINGLES, LITERAL_BITS, true)) return BAD_CODE;
  if (!makeTable(WIDTHS + literals, distances, DISTANCE_ENTRIES, FAR, DISTANCE_BITS, true)) return BAD_CODE;
  return unpackBlock(target, end);
}

/** Reads the widths of a block's codes, one after the other (RFC 1951, section 3.2.7). */
function readWidths(literals: i32, distances: i32): i32 {
  const kept = 4 + <i32>take(4);
  if (literals > 286 || distances > 30) return BAD_CODE;
  memory.fill(WIDTHS, 0, 19);
  for (let i = 0; i < kept; i++) {
    fill();
    store<u8>(WIDTHS + load<u8>(ORDER + i), <u8>take(3));
  }
  if (ended()) return ENDS_EARLY;
  // Its table lies where that of the distances comes to lie.
  if (!makeTable(WIDTHS, 19, WIDTH_ENTRIES, FAR, WIDTH_BITS, false)) return BAD_CODE;
  const all = literals + distances;
  for (let i = 0; i < all; ) {
    fill();
    const entry = load<u32>(FAR + (<usize>peek(WIDTH_BITS) << 2));
    take(entry & 63);
    const symbol = <i32>(entry >> 16);
    if (symbol < 16) {
      store<u8>(WIDTHS + i++, <u8>symbol);
      continue;
    }
    const run = symbol == 16 ? 3 + <i32>take(2) : symbol == 17 ? 3 + <i32>take(3) : 11 + <i32>take(7);
    if (ended()) return ENDS_EARLY;
    if (i + run > all || (symbol == 16 && i == 0)) return BAD_CODE;
    memory.fill(WIDTHS + i, symbol == 16 ? load<u8>(WIDTHS + i - 1) : 0, run);
    i += run;
  }
  if (ended()) return ENDS_EARLY;
  // A block that cannot end.
  return load<u8>(WIDTHS + 256) == 0 ? BAD_CODE : FINE;
}
