// What deflate's symbols are, and what they are taken to cost: in sixteenths of a bit, by how often each was used.
import {
  COSTS,
  DISTANCE_COSTS,
  FADING,
  LENGTH_COSTS,
  LITERALS,
  SYMBOLS,
} from './deflate-work';

/** log2 in sixteenths of 256 steps between a power of two and the next. */
const LOGARITHMS = memory.data(256);
/** For each length from 0 to 258 its symbol less 257. */
const LENGTH_SYMBOLS = memory.data(259);
let filled: bool = false;

/** Fills the tables that never change, once. */
export function fillTables(): void {
  if (filled) return;
  for (let i = 0; i < 256; i++) store<u8>(LOGARITHMS + i, <u8>Math.round(16 * Math.log2(1 + <f64>i / 256)));
  let symbol = 0;
  for (let length = 3; length <= 258; length++) {
    while (symbol < 28 && length >= firstLength(symbol + 1)) symbol++;
    store<u8>(LENGTH_SYMBOLS + length, <u8>symbol);
  }
  filled = true;
}

/** Symbol of a length, less 257. */
// @ts-ignore: decorator
@inline
export function lengthSymbol(length: i32): i32 {
  return load<u8>(LENGTH_SYMBOLS + length);
}

/** The first length of a symbol after 257 (RFC 1951, section 3.2.5). */
export function firstLength(symbol: i32): i32 {
  if (symbol < 8) return symbol + 3;
  if (symbol == 28) return 258;
  return ((4 + (symbol & 3)) << ((symbol >> 2) - 1)) + 3;
}

/** Extra bits of a length's symbol after 257. */
// @ts-ignore: decorator
@inline
export function lengthExtra(symbol: i32): i32 {
  return symbol < 8 || symbol == 28 ? 0 : (symbol >> 2) - 1;
}

/** Extra bits of a distance, given less one. */
// @ts-ignore: decorator
@inline
export function distanceExtra(less: i32): i32 {
  return less < 4 ? 0 : 30 - <i32>clz<u32>(<u32>less);
}

/** Symbol of a distance, given less one. */
// @ts-ignore: decorator
@inline
export function distanceSymbol(less: i32): i32 {
  const extra = distanceExtra(less);
  return 2 * extra + (less >> extra);
}

/** Extra bits of a distance's symbol. */
// @ts-ignore: decorator
@inline
export function symbolExtra(symbol: i32): i32 {
  return symbol < 4 ? 0 : (symbol >> 1) - 1;
}

/** log2 in sixteenths, by the eight bits below the highest. */
// @ts-ignore: decorator
@inline
function logarithm(n: u32): i32 {
  const power = 31 - <i32>clz<u32>(n);
  const below = power >= 8 ? (n >> (power - 8)) & 255 : (n << (8 - power)) & 255;
  return (power << 4) + <i32>load<u8>(LOGARITHMS + below);
}

/** Sixteenths of a bit that `symbols` counted symbols take at best, without extra bits. */
export function entropy(counts: usize, symbols: i32): i64 {
  let total: u32 = 0;
  let sum: i64 = 0;
  for (let i = 0; i < symbols; i++) {
    const n = load<u32>(counts + (<usize>i << 2));
    if (n == 0) continue;
    total += n;
    sum += <i64>n * <i64>logarithm(n);
  }
  return total == 0 ? 0 : <i64>total * <i64>logarithm(total) - sum;
}

/** The same for literals, lengths and distances together. */
export function blockEntropy(counts: usize): i64 {
  return entropy(counts, LITERALS) + entropy(counts + (LITERALS << 2), SYMBOLS - LITERALS);
}

/** The extra bits of all lengths and distances that were counted. */
export function extraBits(counts: usize): i64 {
  let sum: i64 = 0;
  for (let i = 8; i < 28; i++) sum += <i64>load<u32>(counts + (<usize>(257 + i) << 2)) * lengthExtra(i);
  for (let i = 4; i < 30; i++) sum += <i64>load<u32>(counts + (<usize>(LITERALS + i) << 2)) * symbolExtra(i);
  return sum;
}

/** Between one bit and fifteen. */
// @ts-ignore: decorator
@inline
function cost(whole: i32, n: u32): i32 {
  const sixteenths = whole - (n == 0 ? -16 : logarithm(n));
  return sixteenths < 16 ? 16 : sixteenths > 240 ? 240 : sixteenths;
}

/** Sets the costs by the fading counts. */
export function setCosts(work: usize): void {
  const fading = work + FADING;
  const fadingDistances = fading + (LITERALS << 2);
  let total: u32 = 1;
  for (let i: usize = 0; i < <usize>LITERALS; i++) total += load<u32>(fading + (i << 2));
  const whole = logarithm(total);
  for (let i: usize = 0; i < 256; i++) {
    store<u16>(work + COSTS + (i << 1), <u16>cost(whole, load<u32>(fading + (i << 2))));
  }
  let length = 3;
  for (let symbol = 0; symbol < 29; symbol++) {
    const own = cost(whole, load<u32>(fading + (<usize>(257 + symbol) << 2))) + (lengthExtra(symbol) << 4);
    const end = symbol == 28 ? 259 : firstLength(symbol + 1);
    for (; length < end; length++) store<u16>(work + LENGTH_COSTS + (<usize>length << 1), <u16>own);
  }
  total = 1;
  for (let i: usize = 0; i < 30; i++) total += load<u32>(fadingDistances + (i << 2));
  const wholeDistance = logarithm(total);
  for (let i: usize = 0; i < 30; i++) {
    const own = cost(wholeDistance, load<u32>(fadingDistances + (i << 2))) + (symbolExtra(<i32>i) << 4);
    store<u16>(work + DISTANCE_COSTS + (i << 1), <u16>own);
  }
}

/** Sets the costs for the first segment: literals by the first bytes, lengths and distances taken to be rare. */
export function setFirstCosts(work: usize, source: usize, length: i32): void {
  const fading = work + FADING;
  memory.fill(fading, 0, SYMBOLS << 2);
  const seen = length < 4096 ? length : 4096;
  for (let i = 0; i < seen; i++) {
    const at = fading + (<usize>load<u8>(source + i) << 2);
    store<u32>(at, load<u32>(at) + 16);
  }
  for (let i: usize = 257; i < 286; i++) store<u32>(fading + (i << 2), <u32>(seen >> 3));
  for (let i: usize = LITERALS; i < <usize>LITERALS + 30; i++) store<u32>(fading + (i << 2), 16);
  setCosts(work);
}
