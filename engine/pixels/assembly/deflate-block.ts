// Deflate's blocks as bits: the header with its own code, the tokens, or the bytes as they are where that is shorter.
import { distanceExtra, extraBits, firstLength, lengthExtra, lengthSymbol } from './deflate-cost';
import { canonicalCodes, codeWidths } from './deflate-prefix';
import {
  CODES,
  DISTANCE_CODES,
  LENGTH_CODES,
  LITERALS,
  RUN_CODES,
  RUN_COUNTS,
  RUN_WIDTHS,
  RUNS,
  SYMBOL_CODES,
  TREE,
  WIDTHS,
} from './deflate-work';

/** Symbols that a header may name, and the one that ends a block. */
// @ts-ignore: decorator
@inline
const NAMED_LITERALS: i32 = 286;
// @ts-ignore: decorator
@inline
const NAMED_DISTANCES: i32 = 30;
// @ts-ignore: decorator
@inline
const END_OF_BLOCK: usize = 256;
/** The most bytes of a stored block, and the most bits that come before them. */
// @ts-ignore: decorator
@inline
const STORED: i32 = 65535;
// @ts-ignore: decorator
@inline
const STORED_HEADER: i32 = 42;
/** In which the widths of the header's own code stand (RFC 1951, section 3.2.7). */
export const ORDER = memory.data<u8>([16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15]);

/** Where the next whole byte goes. */
export let written: usize = 0;
/** The bits that wait, fewer than eight between two pieces. */
let waiting: u64 = 0;
let waitingBits: u64 = 0;

export function beginBits(target: usize): void {
  written = target;
  waiting = 0;
  waitingBits = 0;
}

/** At most 24 bits; eight bytes at `written` are touched. */
// @ts-ignore: decorator
@inline
function putBits(bits: u32, width: i32): void {
  waiting |= <u64>bits << waitingBits;
  waitingBits += <u64>width;
  store<u64>(written, waiting);
  written += <usize>(waitingBits >> 3);
  waiting >>= waitingBits & ~7;
  waitingBits &= 7;
}

// @ts-ignore: decorator
@inline
function putCode(code: u32): void {
  putBits(code & 0xffffff, <i32>(code >> 24));
}

/** Fills the last byte with zeros. */
export function putByteEnd(): void {
  if (waitingBits > 0) putBits(0, 8 - <i32>waitingBits);
}

// @ts-ignore: decorator
@inline
function putRun(runs: usize, made: i32, counts: usize, symbol: i32, extra: i32, width: i32): i32 {
  store<u32>(runs + (<usize>made << 2), symbol | (extra << 8) | (width << 16));
  const at = counts + (<usize>symbol << 2);
  store<u32>(at, load<u32>(at) + 1);
  return made + 1;
}

/** The widths with their repeats put together: a symbol, its extra bits and their number each. Returns how many. */
function findRuns(work: usize, literals: i32, distances: i32): i32 {
  const widths = work + TREE;
  const runs = work + RUNS;
  const counts = work + RUN_COUNTS;
  memory.copy(widths, work + WIDTHS, literals);
  memory.copy(widths + literals, work + WIDTHS + LITERALS, distances);
  memory.fill(counts, 0, 19 * 4);
  const all = literals + distances;
  let made = 0;
  for (let at = 0; at < all; ) {
    const width = <i32>load<u8>(widths + at);
    let run = 1;
    while (at + run < all && <i32>load<u8>(widths + at + run) == width) run++;
    at += run;
    if (width == 0) {
      while (run >= 11) {
        const n = run < 138 ? run : 138;
        made = putRun(runs, made, counts, 18, n - 11, 7);
        run -= n;
      }
      if (run >= 3) {
        made = putRun(runs, made, counts, 17, run - 3, 3);
        run = 0;
      }
    } else {
      made = putRun(runs, made, counts, width, 0, 0);
      run--;
      while (run >= 3) {
        const n = run < 6 ? run : 6;
        made = putRun(runs, made, counts, 16, n - 3, 2);
        run -= n;
      }
    }
    for (; run > 0; run--) made = putRun(runs, made, counts, width, 0, 0);
  }
  return made;
}

/**
 * Writes `tokens` tokens from `first` on, which stand for the bytes `start` to `end`, as one block, or those bytes as they are
 * where that is shorter. `counts` are the tokens' own; `last` is 1 for the last block, else 0.
 */
export function putBlock(
  source: usize,
  work: usize,
  first: usize,
  counts: usize,
  tokens: i32,
  start: i32,
  end: i32,
  last: u32,
): void {
  store<u32>(counts + (END_OF_BLOCK << 2), 1);
  const widths = work + WIDTHS;
  codeWidths(counts, NAMED_LITERALS, 15, widths, work);
  codeWidths(counts + (LITERALS << 2), NAMED_DISTANCES, 15, widths + LITERALS, work);
  let literals = NAMED_LITERALS;
  while (literals > 257 && load<u8>(widths + literals - 1) == 0) literals--;
  let distances = NAMED_DISTANCES;
  while (distances > 1 && load<u8>(widths + LITERALS + distances - 1) == 0) distances--;
  const runs = findRuns(work, literals, distances);
  const runWidths = work + RUN_WIDTHS;
  codeWidths(work + RUN_COUNTS, 19, 7, runWidths, work);
  let kept = 19;
  while (kept > 4 && load<u8>(runWidths + load<u8>(ORDER + kept - 1)) == 0) kept--;

  const bytes = end - start;
  if (headerBits(work, runs, kept) + bodyBits(counts, widths) > (<i64>bytes << 3) + (bytes / STORED + 1) * STORED_HEADER) {
    putStored(source, start, end, last);
    return;
  }
  putBits(4 | last, 3);
  putBits(literals - 257, 5);
  putBits(distances - 1, 5);
  putBits(kept - 4, 4);
  for (let i = 0; i < kept; i++) putBits(load<u8>(runWidths + load<u8>(ORDER + i)), 3);
  canonicalCodes(runWidths, 19, work + RUN_CODES, work);
  for (let i = 0; i < runs; i++) {
    const run = load<u32>(work + RUNS + (<usize>i << 2));
    putCode(load<u32>(work + RUN_CODES + (<usize>(run & 255) << 2)));
    putBits((run >> 8) & 255, <i32>(run >> 16));
  }
  fillCodes(work);
  putTokens(work, first, tokens);
  putCode(load<u32>(work + SYMBOL_CODES + (END_OF_BLOCK << 2)));
}

function headerBits(work: usize, runs: i32, kept: i32): i64 {
  let bits: i64 = 3 + 14 + 3 * kept;
  for (let i = 0; i < runs; i++) {
    const run = load<u32>(work + RUNS + (<usize>i << 2));
    bits += load<u8>(work + RUN_WIDTHS + (run & 255)) + (run >> 16);
  }
  return bits;
}

function bodyBits(counts: usize, widths: usize): i64 {
  let bits = extraBits(counts);
  for (let i: usize = 0; i < <usize>(LITERALS + NAMED_DISTANCES); i++) {
    bits += <i64>load<u32>(counts + (i << 2)) * load<u8>(widths + i);
  }
  return bits;
}

/** The codes of literals, of lengths with their extra bits, and of distances, by what a token holds. */
function fillCodes(work: usize): void {
  const symbols = work + SYMBOL_CODES;
  canonicalCodes(work + WIDTHS, NAMED_LITERALS, symbols, work);
  canonicalCodes(work + WIDTHS + LITERALS, NAMED_DISTANCES, work + DISTANCE_CODES, work);
  memory.copy(work + CODES, symbols, 256 * 4);
  for (let length = 3; length <= 258; length++) {
    const symbol = lengthSymbol(length);
    const code = load<u32>(symbols + (<usize>(257 + symbol) << 2));
    const width = code >> 24;
    const extra = <u32>(length - firstLength(symbol)) << width;
    store<u32>(
      work + LENGTH_CODES + (<usize>length << 2),
      (code & 0xffffff) | extra | ((width + lengthExtra(symbol)) << 24),
    );
  }
}

function putStored(source: usize, start: i32, end: i32, last: u32): void {
  let at = start;
  do {
    const stop = end - at > STORED ? at + STORED : end;
    putBits(stop == end ? last : 0, 3);
    putByteEnd();
    const size = stop - at;
    store<u16>(written, <u16>size);
    store<u16>(written, <u16>~size, 2);
    memory.copy(written + 4, source + at, size);
    written += 4 + size;
    at = stop;
  } while (at < end);
}

function putTokens(work: usize, first: usize, tokens: i32): void {
  let bits = waiting;
  let filled = waitingBits;
  let to = written;
  const end = first + (<usize>tokens << 2);
  for (let at = first; at < end; at += 4) {
    const token = load<u32>(at);
    // Two literals are put together: at most 7 bits wait, and two codes take 30.
    const pair = load<u64>(at);
    if (at + 8 <= end && (pair & 0xffffff00ffffff00) == 0) {
      const code = load<u32>(work + CODES + (<usize>token << 2));
      const next = load<u32>(work + CODES + (<usize>(pair >> 32) << 2));
      const width = <u64>(code >> 24);
      bits |= (<u64>(code & 0xffffff) | (<u64>(next & 0xffffff) << width)) << filled;
      filled += width + <u64>(next >> 24);
      at += 4;
    } else if (token < 256) {
      const code = load<u32>(work + CODES + (<usize>token << 2));
      bits |= <u64>(code & 0xffffff) << filled;
      filled += <u64>(code >> 24);
    } else {
      // At most 7 bits wait; a length takes 20, a distance 28.
      const length = load<u32>(work + LENGTH_CODES + (<usize>(token >> 16) << 2));
      bits |= <u64>(length & 0xffffff) << filled;
      filled += <u64>(length >> 24);
      const less = <i32>(token & 0xffff);
      const extra = distanceExtra(less);
      const code = load<u32>(work + DISTANCE_CODES + (<usize>(2 * extra + (less >> extra)) << 2));
      bits |= <u64>(code & 0xffffff) << filled;
      filled += <u64>(code >> 24);
      bits |= <u64>(less & ((1 << extra) - 1)) << filled;
      filled += <u64>extra;
    }
    store<u64>(to, bits);
    to += <usize>(filled >> 3);
    bits >>= filled & ~7;
    filled &= 7;
  }
  waiting = bits;
  waitingBits = filled;
  written = to;
}
