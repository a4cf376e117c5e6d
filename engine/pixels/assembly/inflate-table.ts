// The tables by which inflate reads its prefix codes: made from the widths of a code, as RFC 1951 gives them.
//
// An entry of a table is a u32. Its low eight bits tell how many bits of the stream it uses up, so that it can be shifted by
// as it is. Literals have the highest bit. Else the bits 8 to 11 are the width of the code without its extra bits and the bits
// 16 to 30 the first length or distance of the symbol; SPECIAL marks what is neither.
import { firstLength, lengthExtra, symbolExtra } from './deflate-cost';

/** Entries that are one or two literals: those in bits 8 to 23, how many there are in bits 24 and 25. */
// @ts-ignore: decorator
@inline
export const LITERAL: u32 = 1 << 31;
/** Not a length and not a distance: the end of a block, a further table, or no code at all. */
// @ts-ignore: decorator
@inline
export const SPECIAL: u32 = 1 << 15;
// @ts-ignore: decorator
@inline
export const END: u32 = SPECIAL | (1 << 14);
/** Bits 8 to 11: the further bits that choose its entry; bits 16 to 27: its first entry. */
// @ts-ignore: decorator
@inline
export const FURTHER: u32 = SPECIAL | (1 << 13);

/** Bits that the first look into the tables of literals and lengths and of distances takes. */
// @ts-ignore: decorator
@inline
export const LITERAL_BITS: i32 = 11;
// @ts-ignore: decorator
@inline
export const DISTANCE_BITS: i32 = 8;
/** Of the code for widths: its longest code. */
// @ts-ignore: decorator
@inline
export const WIDTH_BITS: i32 = 7;

/** Symbols of literals and lengths and of distances that a stream may name. */
// @ts-ignore: decorator
@inline
export const LITERALS: i32 = 288;
// @ts-ignore: decorator
@inline
export const DISTANCES: i32 = 32;

// The tables lie at the beginning of memory, of which 26 KiB are kept for them (`--memoryBase`). Their places are known when
// this is compiled, so that a look adds nothing to find them. Complete codes of 288 symbols need 2,342 entries behind 11
// bits, those of 32 symbols 402 behind 8 (zlib's examples/enough.c counts them).
/** u32: literals, lengths and further tables; in the first 2,048 two literals where that pays. */
// @ts-ignore: decorator
@inline
export const SINGLES: usize = 64;
/** u32: distances and further tables. */
// @ts-ignore: decorator
@inline
export const FAR: usize = SINGLES + 9728;
/** u32[2048]: single literals where the other table has two. */
// @ts-ignore: decorator
@inline
export const ALONE: usize = FAR + 1792;
/** What the entries of symbols are without their widths, u32: literals and lengths, distances, widths. */
// @ts-ignore: decorator
@inline
export const LITERAL_ENTRIES: usize = ALONE + 8192;
// @ts-ignore: decorator
@inline
export const DISTANCE_ENTRIES: usize = LITERAL_ENTRIES + 1152;
// @ts-ignore: decorator
@inline
export const WIDTH_ENTRIES: usize = DISTANCE_ENTRIES + 128;
/** u8: the widths of the codes that are made. */
// @ts-ignore: decorator
@inline
export const WIDTHS: usize = WIDTH_ENTRIES + 128;
/** u16: symbols by width. */
// @ts-ignore: decorator
@inline
const SORTED: usize = WIDTHS + 384;
/** u32[16]: how many codes have a width, and where they begin. */
// @ts-ignore: decorator
@inline
const COUNT: usize = SORTED + 640;
// @ts-ignore: decorator
@inline
const PLACE: usize = COUNT + 64;
/** u32[16]: how many literals have a width. */
// @ts-ignore: decorator
@inline
const SHARES: usize = PLACE + 64;

// @ts-ignore: decorator
@inline
const WIDEST: i32 = 15;

// @ts-ignore: decorator
@inline
function at(array: usize, index: i32): usize {
  return array + (<usize>index << 2);
}

/** Fills in what the symbols stand for (RFC 1951, section 3.2.5). */
export function fillEntries(): void {
  for (let byte = 0; byte < 256; byte++) store<u32>(at(LITERAL_ENTRIES, byte), LITERAL | (1 << 24) | (byte << 8));
  store<u32>(at(LITERAL_ENTRIES, 256), END);
  for (let symbol = 0; symbol < 29; symbol++) {
    store<u32>(at(LITERAL_ENTRIES, 257 + symbol), (firstLength(symbol) << 16) | lengthExtra(symbol));
  }
  store<u32>(at(LITERAL_ENTRIES, 286), SPECIAL);
  store<u32>(at(LITERAL_ENTRIES, 287), SPECIAL);
  let first = 1;
  for (let symbol = 0; symbol < 30; symbol++) {
    const extra = symbolExtra(symbol);
    store<u32>(at(DISTANCE_ENTRIES, symbol), (first << 16) | extra);
    first += 1 << extra;
  }
  store<u32>(at(DISTANCE_ENTRIES, 30), SPECIAL);
  store<u32>(at(DISTANCE_ENTRIES, 31), SPECIAL);
  for (let symbol = 0; symbol < 19; symbol++) store<u32>(at(WIDTH_ENTRIES, symbol), symbol << 16);
}

/** The entry of a symbol whose code has `width` bits that are still to be used up. */
// @ts-ignore: decorator
@inline
function entryOf(entries: usize, sorted: usize, width: i32): u32 {
  const entry = load<u32>(at(entries, <i32>load<u16>(sorted)));
  // Literals and special ones have no room for the width and no need of it.
  return (entry & (LITERAL | SPECIAL)) != 0 ? entry + <u32>width : entry + <u32>(width | (width << 8));
}

/**
 * Makes a table with `bits` bits for the first look from the widths of `symbols` codes. False where they are no code: too
 * many, or too few, which only `lone` codes may be: none, or one of one bit.
 */
export function makeTable(widths: usize, symbols: i32, entries: usize, table: usize, bits: i32, lone: bool): bool {
  memory.fill(COUNT, 0, 64);
  for (let i = 0; i < symbols; i++) {
    const n = at(COUNT, <i32>load<u8>(widths + i));
    store<u32>(n, load<u32>(n) + 1);
  }
  let left = 1;
  let used = 0;
  let greatest = 0;
  for (let width = 1; width <= WIDEST; width++) {
    const n = load<i32>(at(COUNT, width));
    store<u32>(at(PLACE, width), used);
    used += n;
    left = (left << 1) - n;
    if (left < 0) return false;
    if (n > 0) greatest = width;
  }
  if (left > 0 && (!lone || greatest > 1)) return false;
  let sorted = SORTED;
  for (let i = 0; i < symbols; i++) {
    const width = <i32>load<u8>(widths + i);
    if (width == 0) continue;
    const to = load<u32>(at(PLACE, width));
    store<u32>(at(PLACE, width), to + 1);
    store<u16>(sorted + (<usize>to << 1), <u16>i);
  }
  if (left > 0) {
    // Nothing, or one code of one bit: the other half is no code.
    for (let i = 0; i < 1 << bits; i++) {
      store<u32>(at(table, i), greatest == 1 && (i & 1) == 0 ? entryOf(entries, sorted, 1) : SPECIAL | 1);
    }
    return true;
  }
  // Codes in their order, bits reversed: the next is found by counting up from the highest bit. The table is made for as
  // many bits as the codes have that are in it, and doubled before those of the next width.
  let code: u32 = 0;
  let width = 1;
  let here = load<i32>(at(COUNT, 1));
  let filled = 2;
  while (true) {
    while (here == 0) {
      width++;
      here = load<i32>(at(COUNT, width));
      if (width <= bits) {
        memory.copy(at(table, filled), table, <usize>filled << 2);
        filled <<= 1;
      }
    }
    if (width > bits) break;
    for (; here > 0; here--) {
      store<u32>(at(table, code), entryOf(entries, sorted, width));
      sorted += 2;
      const top = <u32>filled - 1;
      if (code == top) {
        for (; filled < 1 << bits; filled <<= 1) memory.copy(at(table, filled), table, <usize>filled << 2);
        return true;
      }
      code = nextCode(code, top);
    }
  }
  const mask = (<u32>1 << bits) - 1;
  let end = 1 << bits;
  let prefix: u32 = 0xffffffff;
  let start = 0;
  let further = 0;
  while (true) {
    if ((code & mask) != prefix) {
      // As many further bits as the codes need that share the first ones.
      prefix = code & mask;
      start = end;
      further = width - bits;
      let room = 1 << further;
      let taken = here;
      while (taken < room && further + bits < WIDEST) {
        further++;
        room <<= 1;
        taken = (taken << 1) + load<i32>(at(COUNT, further + bits));
      }
      end += 1 << further;
      store<u32>(at(table, prefix), FURTHER | <u32>bits | (<u32>further << 8) | (<u32>start << 16));
    }
    const entry = entryOf(entries, sorted, width - bits);
    sorted += 2;
    for (let i = <i32>(code >> bits); i < 1 << further; i += 1 << (width - bits)) store<u32>(at(table, start + i), entry);
    const top = (<u32>1 << width) - 1;
    if (code == top) return true;
    code = nextCode(code, top);
    here--;
    while (here == 0) {
      width++;
      here = load<i32>(at(COUNT, width));
    }
  }
  return true;
}

/** The code after another of the same width that is not the last, which has all bits of `top`. */
// @ts-ignore: decorator
@inline
function nextCode(code: u32, top: u32): u32 {
  const bit = <u32>1 << (31 - clz<u32>(code ^ top));
  return (code & (bit - 1)) | bit;
}

/** Whether four in five symbols are literals of eight bits. Counts how many literals have each width, for what follows. */
export function mostlyBytes(): bool {
  memory.fill(SHARES, 0, 64);
  for (let i = 0; i < 256; i++) {
    const n = at(SHARES, <i32>load<u8>(WIDTHS + i));
    store<u32>(n, load<u32>(n) + 1);
  }
  return load<u32>(at(SHARES, 8)) * 5 >= 4 << 8;
}

/** Puts two literals into entries where a third of looks, or more, would find two. Comes after `mostlyBytes`. */
export function pairLiterals(): bool {
  let pairs: u32 = 0;
  for (let first = 1; first < LITERAL_BITS; first++) {
    const n = load<u32>(at(SHARES, first)) << (LITERAL_BITS - first);
    if (n == 0) continue;
    for (let second = 1; second <= LITERAL_BITS - first; second++) {
      pairs += n * (load<u32>(at(SHARES, second)) << (LITERAL_BITS - second));
    }
  }
  if (pairs < (1 << (2 * LITERAL_BITS)) / 3) return false;
  memory.copy(ALONE, SINGLES, 4 << LITERAL_BITS);
  for (let i = 0; i < 1 << LITERAL_BITS; i++) {
    const entry = load<u32>(at(ALONE, i));
    if (<i32>entry >= 0) continue;
    const width = entry & 255;
    const next = load<u32>(at(ALONE, i >> width));
    if (<i32>next < 0 && width + (next & 255) <= <u32>LITERAL_BITS) {
      store<u32>(at(SINGLES, i), (entry + (1 << 24) + (next & 255)) | ((next & 0xff00) << 8));
    }
  }
  return true;
}
