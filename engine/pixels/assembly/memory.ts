// The memory that the kernels keep for themselves, and the count of their calls.

/** How many kernels ran since the module was made; wraps. Tests prove with it that the fast path was taken. */
export let calls: i32 = 0;

// @ts-ignore: decorator
@inline
export function called(): void {
  calls++;
}

// @ts-ignore: decorator
@inline
const ALIGN: usize = 64;

/** Work space of the Huffman decoder: lengths, sorted symbols, what is known of each length, and the look-up table. */
export const LENGTHS: usize = (__heap_base + ALIGN - 1) & ~(ALIGN - 1);
export const SYMBOLS: usize = LENGTHS + 65600;
export const FIRST: usize = SYMBOLS + 65600 * 4;
export const COUNT: usize = FIRST + 256;
export const PLACE: usize = COUNT + 256;
export const LIMIT: usize = PLACE + 256;
export const QUICK: usize = LIMIT + 512;

/** Bits that the look-up table of the Huffman decoder decides at once. */
export const QUICK_BITS: i32 = 13;

export function reserved(): usize {
  return QUICK + (4 << QUICK_BITS);
}
