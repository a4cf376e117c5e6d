// Where inflate's tables lie in the working memory that its caller lends, and what their entries hold.

/**
 * An entry's low 6 bits: how many bits it takes. A literal: the literal from bit 8, a second one from bit 16 where bit 30
 * is set, the width of the first one's code from bit 24. A length: its base from bit 8, the width of its code from bit
 * 18. A distance: its base from bit 8, the width of its code from bit 23. An exception: a symbol from bit 8, or, with bit
 * 28, the start of a second table, and how many bits decide in it.
 */
// @ts-ignore: decorator
@inline
export const LITERAL: u32 = 0x80000000;
// @ts-ignore: decorator
@inline
export const SECOND: u32 = 0x40000000;
// @ts-ignore: decorator
@inline
export const EXCEPTION: u32 = 0x20000000;
// @ts-ignore: decorator
@inline
export const SUBTABLE: u32 = 0x10000000;

/** Entries of all tables of 11 and 8 bits are at most 2342 and 402 (zlib's program `enough`). */
// @ts-ignore: decorator
@inline
export const LITERALS: usize = 0;
// @ts-ignore: decorator
@inline
export const DISTANCES: usize = LITERALS + 2400 * 4;
// @ts-ignore: decorator
@inline
export const HEADER: usize = DISTANCES + 448 * 4;
/** u8 for each symbol of a header: 286 and 30 at most, 288 in the fixed codes. */
// @ts-ignore: decorator
@inline
export const WIDTHS: usize = HEADER + 128 * 4;
/** u32: how many codes of each width there are, and the next code of each. */
// @ts-ignore: decorator
@inline
export const OF_WIDTH: usize = WIDTHS + 336;
// @ts-ignore: decorator
@inline
export const NEXT_CODE: usize = OF_WIDTH + 64;
/** u16: symbols by width, then by number. */
// @ts-ignore: decorator
@inline
export const SORTED: usize = NEXT_CODE + 64;
// @ts-ignore: decorator
@inline
export const INFLATE_WORK: usize = SORTED + 288 * 2;

/** In which the widths of the header's own code stand (RFC 1951, section 3.2.7). */
export const ORDER = memory.data<u8>([16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15]);
