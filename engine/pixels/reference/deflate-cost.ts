// The plain definition of what deflate's symbols are, and of what they are taken to cost.

/** Symbols of literals and lengths, of which 286 are used, and those together with the distances. */
export const LITERALS = 288;
export const SYMBOLS = 320;

/** Extra bits and first length of the 29 symbols from 257 on (RFC 1951, section 3.2.5). */
export const LENGTH_EXTRA: readonly number[] = [
  0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0,
];
export const FIRST_LENGTH: readonly number[] = LENGTH_EXTRA.map((_, symbol) =>
  symbol === 28 ? 258 : LENGTH_EXTRA.slice(0, symbol).reduce((length, extra) => length + 2 ** extra, 3),
);

/** Symbol of a length, less 257. */
export const lengthSymbol = (length: number): number => FIRST_LENGTH.findLastIndex((first) => first <= length);
/** Extra bits of a distance, given less one, and of a distance's symbol. */
export const distanceExtra = (less: number): number => (less < 4 ? 0 : 30 - Math.clz32(less));
export const symbolExtra = (symbol: number): number => (symbol < 4 ? 0 : (symbol >> 1) - 1);
/** Symbol of a distance, given less one. */
export const distanceSymbol = (less: number): number => 2 * distanceExtra(less) + (less >> distanceExtra(less));

/** log2 in sixteenths of 256 steps between a power of two and the next. */
const LOGARITHMS = Array.from({ length: 256 }, (_, step) => Math.round(16 * Math.log2(1 + step / 256)));

/** log2 of a whole number in sixteenths, by the eight bits below the highest. */
function logarithm(n: number): number {
  const power = 31 - Math.clz32(n);
  return power * 16 + LOGARITHMS[Math.floor(n * 2 ** (8 - power)) & 255]!;
}

/** Sixteenths of a bit that counted symbols take at best, without extra bits. */
export function entropy(counts: Uint32Array): number {
  let total = 0;
  let sum = 0;
  for (const n of counts) {
    if (n === 0) continue;
    total += n;
    sum += n * logarithm(n);
  }
  return total === 0 ? 0 : total * logarithm(total) - sum;
}

export const blockEntropy = (counts: Uint32Array): number =>
  entropy(counts.subarray(0, LITERALS)) + entropy(counts.subarray(LITERALS));

/** The extra bits of all lengths and distances that were counted. */
export function extraBits(counts: Uint32Array): number {
  const lengths = LENGTH_EXTRA.reduce((sum, extra, symbol) => sum + extra * counts[257 + symbol]!, 0);
  return counts.subarray(LITERALS).reduce((sum, n, symbol) => sum + n * symbolExtra(symbol), lengths);
}

/** Sixteenths of a bit of each literal, of each length from 0 to 258 and of each symbol of a distance. */
export interface Costs {
  readonly literal: readonly number[];
  readonly length: readonly number[];
  readonly distance: readonly number[];
}

/** Costs by the counts of what was written before, each between one bit and fifteen without its extra bits. */
export function costsOf(fading: Uint32Array): Costs {
  const literals = fading.subarray(0, LITERALS);
  const distances = fading.subarray(LITERALS);
  const sum = (counts: Uint32Array): number => counts.reduce((a, b) => a + b, 1);
  const cost = (whole: number, n: number): number =>
    Math.min(240, Math.max(16, whole - (n === 0 ? -16 : logarithm(n))));
  const whole = logarithm(sum(literals));
  const wholeDistance = logarithm(sum(distances));
  return {
    literal: Array.from({ length: 256 }, (_, byte) => cost(whole, literals[byte]!)),
    length: Array.from({ length: 259 }, (_, length) => {
      const symbol = lengthSymbol(length);
      return length < 3 ? 0 : cost(whole, literals[257 + symbol]!) + 16 * LENGTH_EXTRA[symbol]!;
    }),
    distance: Array.from(
      { length: 30 },
      (_, symbol) => cost(wholeDistance, distances[symbol]!) + 16 * symbolExtra(symbol),
    ),
  };
}

/** The counts that the first costs come from: literals by the first bytes, lengths and distances taken to be rare. */
export function firstCounts(source: Uint8Array): Uint32Array {
  const fading = new Uint32Array(SYMBOLS);
  const seen = source.subarray(0, 4096);
  for (const byte of seen) fading[byte]! += 16;
  fading.fill(seen.length >> 3, 257, 286);
  fading.fill(16, LITERALS, LITERALS + 30);
  return fading;
}
