// Where deflate's arrays lie in the working memory that its caller lends, and the measures that they depend on.

/** Bits of the number of a bucket of four places. */
// @ts-ignore: decorator
@inline
export const BUCKET_BITS: i32 = 12;
/** Tokens that are weighed together, of long sources and of others. */
// @ts-ignore: decorator
@inline
export const LONG_SEGMENT: i32 = 8192;
// @ts-ignore: decorator
@inline
export const SEGMENT: i32 = 4096;
/** Bytes from which on a source is long. */
// @ts-ignore: decorator
@inline
export const LONG: i32 = 524288;
/** The most that one block is let grow to before the next segment. */
// @ts-ignore: decorator
@inline
export const LARGEST_BLOCK: i32 = 57344;
/** Symbols of literals and lengths, of which 286 are used, and those together with the distances. */
// @ts-ignore: decorator
@inline
export const LITERALS: i32 = 288;
// @ts-ignore: decorator
@inline
export const SYMBOLS: i32 = 320;

/** u32[4] for each bucket: a tag of 15 bits above the low 17 bits of a place, the newest first. */
// @ts-ignore: decorator
@inline
export const TABLE: usize = 0;
/** u32: a literal, or a length times 65536 plus a distance less one. */
// @ts-ignore: decorator
@inline
export const TOKENS: usize = TABLE + (16 << BUCKET_BITS);
/** Room for two blocks of the largest size, so that tokens are seldom moved. */
// @ts-ignore: decorator
@inline
export const TOKENS_END: usize = TOKENS + (((LARGEST_BLOCK + LONG_SEGMENT) << 2) << 1);
/** u32 for each symbol: of the newest segment, of the block that is still open, and of all segments, fading. */
// @ts-ignore: decorator
@inline
export const COUNTS: usize = TOKENS_END;
// @ts-ignore: decorator
@inline
export const OPEN: usize = COUNTS + (SYMBOLS << 2);
// @ts-ignore: decorator
@inline
export const FADING: usize = OPEN + (SYMBOLS << 2);
/** u16 in sixteenths of a bit: 256 literals, lengths 0 to 258, 30 distances. */
// @ts-ignore: decorator
@inline
export const COSTS: usize = FADING + (SYMBOLS << 2);
// @ts-ignore: decorator
@inline
export const LENGTH_COSTS: usize = COSTS + 256 * 2;
// @ts-ignore: decorator
@inline
export const DISTANCE_COSTS: usize = LENGTH_COSTS + 259 * 2;
/** u32 for each literal, length with its extra bits, and distance: bits plus their number times 2^24. */
// @ts-ignore: decorator
@inline
export const CODES: usize = COSTS + 1152;
// @ts-ignore: decorator
@inline
export const LENGTH_CODES: usize = CODES + 256 * 4;
// @ts-ignore: decorator
@inline
export const DISTANCE_CODES: usize = LENGTH_CODES + 259 * 4;
/** u32 for each symbol of literals and lengths, before the extra bits are added. */
// @ts-ignore: decorator
@inline
export const SYMBOL_CODES: usize = DISTANCE_CODES + 32 * 4;
/** u8 for each symbol. */
// @ts-ignore: decorator
@inline
export const WIDTHS: usize = SYMBOL_CODES + (LITERALS << 2);
/** Of the code for the widths themselves: counts, widths and codes of its 19 symbols, and the runs to be written. */
// @ts-ignore: decorator
@inline
export const RUN_COUNTS: usize = WIDTHS + SYMBOLS;
// @ts-ignore: decorator
@inline
export const RUN_WIDTHS: usize = RUN_COUNTS + 80;
// @ts-ignore: decorator
@inline
export const RUN_CODES: usize = RUN_WIDTHS + 32;
// @ts-ignore: decorator
@inline
export const RUNS: usize = RUN_CODES + 80;
/** Scratch of one code: sorted keys, the tree, how many codes of each width there are, and how often each digit occurs. */
// @ts-ignore: decorator
@inline
export const KEYS: usize = RUNS + (SYMBOLS << 2);
// @ts-ignore: decorator
@inline
export const TREE: usize = KEYS + (SYMBOLS << 2);
// @ts-ignore: decorator
@inline
export const OF_WIDTH: usize = TREE + (SYMBOLS << 2);
// @ts-ignore: decorator
@inline
export const NEXT_CODE: usize = OF_WIDTH + 64;
// @ts-ignore: decorator
@inline
export const DIGITS: usize = NEXT_CODE + 64;
// @ts-ignore: decorator
@inline
const END: usize = DIGITS + 256 * 4;

/** Bytes of working memory that `deflate` needs, beginning at a multiple of 16. */
export function deflateWork(): usize {
  return END;
}
