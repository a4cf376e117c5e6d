// Inflate's tables: from the widths of codes to what the next bits mean.
import { firstLength, lengthExtra, symbolExtra } from './deflate-cost';
import { reversed } from './deflate-prefix';
import { EXCEPTION, LITERAL, NEXT_CODE, OF_WIDTH, SECOND, SORTED, SUBTABLE } from './inflate-work';

/** Bits that the first tables decide. */
// @ts-ignore: decorator
@inline
export const LITERAL_BITS: i32 = 11;
// @ts-ignore: decorator
@inline
export const DISTANCE_BITS: i32 = 8;
// @ts-ignore: decorator
@inline
const WIDEST: i32 = 15;

// @ts-ignore: decorator
@inline
function entry(array: usize, at: i32): usize {
  return array + (<usize>at << 2);
}

/**
 * Whether widths make no code. Too many codes never do; too few only where there is none, or one of a single bit, and
 * `sparse` allows it. These are zlib's rules.
 */
export function tableFault(widths: usize, symbols: i32, sparse: bool): bool {
  let left = 1 << WIDEST;
  let widest = 0;
  for (let i = 0; i < symbols; i++) {
    const width = <i32>load<u8>(widths + i);
    if (width == 0) continue;
    left -= 1 << (WIDEST - width);
    if (width > widest) widest = width;
  }
  return left < 0 || (left > 0 && !(sparse && widest < 2));
}

/** What a symbol's code means in a table, which is one of literals and lengths, of distances, or of a header's widths. */
// @ts-ignore: decorator
@inline
function meaning(symbol: i32, width: i32, bits: i32): u32 {
  if (bits == LITERAL_BITS) {
    if (symbol < 256) return LITERAL | (<u32>symbol << 8) | width;
    if (symbol == 256 || symbol > 285) return EXCEPTION | (<u32>symbol << 8) | width;
    const extra = lengthExtra(symbol - 257);
    return (<u32>firstLength(symbol - 257) << 8) | (<u32>width << 18) | (width + extra);
  }
  if (bits == DISTANCE_BITS) {
    if (symbol > 29) return EXCEPTION | width;
    const extra = symbolExtra(symbol);
    const first = symbol < 4 ? symbol + 1 : ((2 + (symbol & 1)) << extra) + 1;
    return (<u32>first << 8) | (<u32>width << 23) | (width + extra);
  }
  return (<u32>symbol << 8) | width;
}

/** Fills a table whose first `1 << bits` entries are found by the next bits. The widths are known to make a code. */
export function buildTable(widths: usize, symbols: i32, table: usize, bits: i32, work: usize): void {
  const ofWidth = work + OF_WIDTH;
  const next = work + NEXT_CODE;
  const sorted = work + SORTED;
  memory.fill(ofWidth, 0, 64);
  let widest = 0;
  for (let i = 0; i < symbols; i++) {
    const width = <i32>load<u8>(widths + i);
    store<u32>(entry(ofWidth, width), load<u32>(entry(ofWidth, width)) + 1);
    if (width > widest) widest = width;
  }
  store<u32>(ofWidth, 0);
  // Where a code of one bit or none leaves bits without meaning.
  const none = EXCEPTION | <u32>widest;
  for (let i = 0; i < 1 << bits; i++) store<u32>(entry(table, i), none);
  let place = 0;
  for (let width = 1; width <= WIDEST; width++) {
    store<u32>(entry(next, width), place);
    place += <i32>load<u32>(entry(ofWidth, width));
  }
  for (let i = 0; i < symbols; i++) {
    const width = <i32>load<u8>(widths + i);
    if (width == 0) continue;
    const at = load<u32>(entry(next, width));
    store<u32>(entry(next, width), at + 1);
    store<u16>(sorted + (<usize>at << 1), <u16>i);
  }
  let code: u32 = 0;
  let used = 0;
  let free = 1 << bits;
  let open: u32 = 0xffffffff;
  let start = 0;
  let second = 0;
  for (let width = 1; width <= widest; width++) {
    code <<= 1;
    for (let n = load<u32>(entry(ofWidth, width)); n > 0; n--, code++) {
      const symbol = <i32>load<u16>(sorted + (<usize>(used++) << 1));
      const mean = meaning(symbol, width, bits);
      const mirrored = reversed(code) >> (16 - width);
      if (width <= bits) {
        for (let i = <i32>mirrored; i < 1 << bits; i += 1 << width) store<u32>(entry(table, i), mean);
        continue;
      }
      const low = mirrored & ((1 << bits) - 1);
      if (low != open) {
        open = low;
        start = free;
        second = secondBits(ofWidth, width, widest, bits, n);
        free += 1 << second;
        store<u32>(entry(table, <i32>low), EXCEPTION | SUBTABLE | (<u32>start << 8) | second);
      }
      for (let i = <i32>(mirrored >> bits); i < 1 << second; i += 1 << (width - bits)) store<u32>(entry(table, start + i), mean);
    }
  }
  if (bits == LITERAL_BITS) joinLiterals(table);
}

/** How many bits decide in a second table whose first code has `width` bits, `left` codes of it being left. */
function secondBits(ofWidth: usize, width: i32, widest: i32, bits: i32, left: u32): i32 {
  let decide = width - bits;
  let room = (1 << decide) - <i32>left;
  while (room > 0 && decide + bits < widest) {
    decide++;
    room = (room << 1) - <i32>load<u32>(entry(ofWidth, decide + bits));
  }
  return decide;
}

/** Puts the next literal beside a literal wherever the bits of one look decide both; the last entries first, so that the next is still alone. */
function joinLiterals(table: usize): void {
  for (let i = (1 << LITERAL_BITS) - 1; i >= 0; i--) {
    const one = load<u32>(entry(table, i));
    if ((one & LITERAL) == 0) continue;
    const width = <i32>(one & 63);
    const two = load<u32>(entry(table, i >> width));
    if ((two & LITERAL) == 0 || width + <i32>(two & 63) > LITERAL_BITS) continue;
    store<u32>(
      entry(table, i),
      LITERAL | SECOND | (<u32>width << 24) | ((two & 0xff00) << 8) | (one & 0xff00) | (width + (two & 63)),
    );
  }
}
