// The plain definition of deflate's blocks: the header with its own code, the tokens, or the bytes as they are.
import {
  distanceExtra,
  distanceSymbol,
  extraBits,
  FIRST_LENGTH,
  LENGTH_EXTRA,
  LITERALS,
  lengthSymbol,
} from './deflate-cost.ts';
import { canonicalCodes, codeWidths } from './prefix.ts';

/** In which the widths of the header's own code stand (RFC 1951, section 3.2.7). */
export const ORDER = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];
const END_OF_BLOCK = 256;
const STORED = 65535;
const STORED_HEADER = 42;

/** Bits, the lowest first, as bytes. */
export class BitWriter {
  readonly bytes: number[] = [];
  #waiting = 0;
  #width = 0;

  put(bits: number, width: number): void {
    for (let bit = 0; bit < width; bit++) {
      this.#waiting |= ((bits >> bit) & 1) << this.#width++;
      if (this.#width === 8) this.byteEnd();
    }
  }

  /** Fills the last byte with zeros. */
  byteEnd(): void {
    if (this.#width > 0) this.bytes.push(this.#waiting);
    this.#waiting = 0;
    this.#width = 0;
  }
}

interface Run {
  readonly symbol: number;
  readonly extra: number;
  readonly width: number;
}

/** Writes tokens that stand for `bytes` as one block, or those bytes as they are where that is shorter. */
export function putBlock(
  to: BitWriter,
  counts: Uint32Array,
  tokens: readonly number[],
  bytes: Uint8Array,
  last: 0 | 1,
): void {
  counts[END_OF_BLOCK] = 1;
  const widths = codeWidths(counts.subarray(0, 286), 15);
  const distanceWidths = codeWidths(counts.subarray(LITERALS, LITERALS + 30), 15);
  const literals = Math.max(257, widths.findLastIndex((width) => width > 0) + 1);
  const distances = Math.max(1, distanceWidths.findLastIndex((width) => width > 0) + 1);
  const runs = runsOf([...widths.subarray(0, literals), ...distanceWidths.subarray(0, distances)]);
  const runCounts = new Uint32Array(19);
  for (const { symbol } of runs) runCounts[symbol]!++;
  const runWidths = codeWidths(runCounts, 7);
  const kept = Math.max(4, ORDER.findLastIndex((symbol) => runWidths[symbol]! > 0) + 1);

  let size = 3 + 14 + 3 * kept + extraBits(counts);
  for (const { symbol, width } of runs) size += runWidths[symbol]! + width;
  for (const [symbol, width] of widths.entries()) size += counts[symbol]! * width;
  for (const [symbol, width] of distanceWidths.entries()) size += counts[LITERALS + symbol]! * width;
  if (size > bytes.length * 8 + (Math.floor(bytes.length / STORED) + 1) * STORED_HEADER) {
    putStored(to, bytes, last);
    return;
  }

  to.put(4 | last, 3);
  to.put(literals - 257, 5);
  to.put(distances - 1, 5);
  to.put(kept - 4, 4);
  for (const symbol of ORDER.slice(0, kept)) to.put(runWidths[symbol]!, 3);
  const runCodes = canonicalCodes(runWidths);
  for (const { symbol, extra, width } of runs) {
    to.put(runCodes[symbol]!, runWidths[symbol]!);
    to.put(extra, width);
  }
  const codes = canonicalCodes(widths);
  const distanceCodes = canonicalCodes(distanceWidths);
  for (const token of tokens) {
    if (token < 256) {
      to.put(codes[token]!, widths[token]!);
      continue;
    }
    const length = token >>> 16;
    const symbol = lengthSymbol(length);
    to.put(codes[257 + symbol]!, widths[257 + symbol]!);
    to.put(length - FIRST_LENGTH[symbol]!, LENGTH_EXTRA[symbol]!);
    const less = token & 0xffff;
    to.put(distanceCodes[distanceSymbol(less)]!, distanceWidths[distanceSymbol(less)]!);
    to.put(less & (2 ** distanceExtra(less) - 1), distanceExtra(less));
  }
  to.put(codes[END_OF_BLOCK]!, widths[END_OF_BLOCK]!);
}

/** Widths with their repeats put together (RFC 1951, section 3.2.7). */
function runsOf(widths: readonly number[]): Run[] {
  const runs: Run[] = [];
  for (let at = 0; at < widths.length; ) {
    const symbol = widths[at]!;
    let run = 1;
    while (at + run < widths.length && widths[at + run] === symbol) run++;
    at += run;
    const repeat = (of: number, least: number, most: number, width: number): void => {
      for (; run >= least; run -= Math.min(run, most))
        runs.push({ symbol: of, extra: Math.min(run, most) - least, width });
    };
    if (symbol === 0) {
      repeat(18, 11, 138, 7);
      repeat(17, 3, 10, 3);
    } else {
      runs.push({ symbol, extra: 0, width: 0 });
      run--;
      repeat(16, 3, 6, 2);
    }
    for (; run > 0; run--) runs.push({ symbol, extra: 0, width: 0 });
  }
  return runs;
}

function putStored(to: BitWriter, bytes: Uint8Array, last: 0 | 1): void {
  let at = 0;
  do {
    const piece = bytes.subarray(at, at + STORED);
    at += piece.length;
    to.put(at === bytes.length ? last : 0, 3);
    to.byteEnd();
    to.put(piece.length, 16);
    to.put(~piece.length, 16);
    for (const byte of piece) to.bytes.push(byte);
  } while (at < bytes.length);
}
