// One block of HTJ2K unpacked: two by two coefficients at a time, which of them are not zero, then how large they are.
import { type QuadCodes, quadMeanings, RUN_BITS, WORD_BITS } from './codes.ts';
import { type BlockStreams, createStreams, suffixOf, takeApart } from './segment.ts';

/** Coefficients of samples of up to 16 bits, and of more: whole numbers up to 2^53 either way. */
export type Coefficients = Int32Array | Float64Array;

/** Where a block is written: the first place and the distance of its rows. */
export interface BlockPlace {
  readonly at: number;
  readonly stride: number;
  readonly columns: number;
  readonly rows: number;
}

/** A block has at most 4096 coefficients, 1024 quads, in rows of at most 512 or columns of at most 512. */
const MOST_COLUMNS = 1024;
/** Quads with one to the left and one to the right of each row. */
const MOST_QUADS = 3 * 1024;
/** Bits of a magnitude that are read at once. */
const PIECE = 24;

interface Work {
  readonly codes: QuadCodes;
  readonly streams: BlockStreams;
  /** What the code words say of each quad. */
  readonly quads: Uint16Array;
  /** How far the greatest exponent of each quad is above what its neighbours let expect. */
  readonly exponents: Uint8Array;
  /** Bits of the lower samples of the row of quads above, by column plus 1. */
  readonly widths: Uint8Array;
}

let made: Work | undefined;

const work = (): Work => {
  made ??= {
    codes: quadMeanings(),
    streams: createStreams(),
    quads: new Uint16Array(MOST_QUADS),
    exponents: new Uint8Array(MOST_QUADS),
    widths: new Uint8Array(MOST_COLUMNS + 4),
  };
  return made;
};

/** 25 bits or more of a stream from a bit on, the first lowest. Behind the end of the array come zeros. */
const bitsAt = (stream: Uint8Array, at: number): number => {
  const byte = at >> 3;
  const four = stream[byte]! | (stream[byte + 1]! << 8) | (stream[byte + 2]! << 16) | (stream[byte + 3]! << 24);
  return four >>> (at & 7);
};

/**
 * Unpacks a block into `target` (T.814, clause 7: the cleanup pass alone). `depth` is the greatest number of bits of its
 * coefficients. Returns what is wrong with it, or nothing.
 */
export function unpackBlock(
  bytes: Uint8Array,
  depth: number,
  target: Coefficients,
  place: BlockPlace,
): string | undefined {
  const suffix = suffixOf(bytes);
  if (suffix === 0) return 'a block states a wrong length of its code words';
  const at = work();
  takeApart(bytes, suffix, at.streams);
  readQuads(at, place.columns, place.rows);
  return readMagnitudes(at, depth, target, place);
}

/** Reads run lengths event by event. */
class Runs {
  readonly #stream: Uint8Array;
  #at = 0;
  #state = 0;
  #run = 0;
  #ends = false;

  constructor(stream: Uint8Array) {
    this.#stream = stream;
  }

  #bit(): number {
    const bit = (this.#stream[this.#at >> 3]! >> (7 - (this.#at & 7))) & 1;
    this.#at++;
    return bit;
  }

  event(): boolean {
    if (this.#run === 0 && !this.#ends) {
      const bits = RUN_BITS[this.#state]!;
      if (this.#bit() === 1) {
        this.#run = 1 << bits;
        this.#state = Math.min(12, this.#state + 1);
      } else {
        for (let i = 0; i < bits; i++) this.#run = this.#run * 2 + this.#bit();
        this.#state = Math.max(0, this.#state - 1);
        this.#ends = true;
      }
    }
    if (this.#run > 0) {
      this.#run--;
      return false;
    }
    this.#ends = false;
    return true;
  }
}

/** Quads lie in rows with one empty quad on the left and one on the right. */
const quadStride = (columns: number): number => ((columns + 1) >> 1) + 2;

/** Step one: the code words of all quads, pair by pair along each row. */
function readQuads({ codes, streams, quads, exponents }: Work, columns: number, rows: number): void {
  const { words } = streams;
  const runs = new Runs(streams.runs);
  const across = (columns + 1) >> 1;
  const down = (rows + 1) >> 1;
  const stride = quadStride(columns);
  let bit = 0;

  const quad = (table: Uint16Array, context: number): number => {
    if (context === 0 && !runs.event()) return 0;
    const entry = table[(context << WORD_BITS) | (bitsAt(words, bit) & 127)]!;
    bit += entry & 7;
    return entry;
  };
  /** The prefix of an exponent: 1, 2, 3 plus one bit more, or 5 plus five bits more. */
  const prefix = (): number => {
    const bits = bitsAt(words, bit) & 7;
    const value = bits & 1 ? 1 : bits & 2 ? 2 : bits === 4 ? 3 : 5;
    bit += Math.min(3, value);
    return value;
  };
  const rest = (value: number): number => {
    if (value < 3) return 0;
    const width = value === 3 ? 1 : 5;
    const more = bitsAt(words, bit) & ((1 << width) - 1);
    bit += width;
    return more;
  };
  const extension = (more: number): number => {
    if (more < 28) return 0;
    const four = bitsAt(words, bit) & 15;
    bit += 4;
    return four * 4;
  };

  for (let y = 0; y < down; y++) {
    const row = y * stride + 1;
    const table = y === 0 ? codes.first : codes.later;
    quads[row - 1] = 0;
    for (let x = 0; x < across; x += 2) {
      let has0 = false;
      let has1 = false;
      for (let i = 0; i < 2; i++) {
        const here = row + x + i;
        if (x + i >= across) {
          quads[here] = 0;
          continue;
        }
        const left = quads[here - 1]! >> 4;
        let context: number;
        if (y === 0) context = (left & 3 ? 1 : 0) | (left & 4 ? 2 : 0) | (left & 8 ? 4 : 0);
        else {
          const near = here - stride;
          const above = quads[near]! >> 4;
          context =
            ((above & 2) | ((quads[near - 1]! >> 4) & 8) ? 1 : 0) |
            (left & 12 ? 2 : 0) |
            ((above & 8) | ((quads[near + 1]! >> 4) & 2) ? 4 : 0);
        }
        const entry = quad(table, context);
        quads[here] = entry;
        if (i === 0) has0 = (entry & 8) !== 0;
        else has1 = (entry & 8) !== 0;
      }
      let first = 0;
      let second = 0;
      const base = y === 0 && has0 && has1 && runs.event() ? 2 : 0;
      if (has0) first = prefix();
      let short = false;
      if (has1) {
        // In the first row the second of two exponents has one bit where the first is large.
        short = y === 0 && has0 && base === 0 && first > 2;
        if (short) second = 1 + (bitsAt(words, bit++) & 1);
        else second = prefix();
      }
      const more0 = rest(first);
      const more1 = short ? 0 : rest(second);
      exponents[row + x] = has0 ? base + first + more0 + extension(more0) : 0;
      exponents[row + x + 1] = has1 ? base + second + more1 + extension(more1) : 0;
    }
    quads[row + across] = 0;
  }
}

/** Step two: signs and magnitudes. */
function readMagnitudes(
  { streams, quads, exponents, widths }: Work,
  depth: number,
  target: Coefficients,
  { at, stride, columns, rows }: BlockPlace,
): string | undefined {
  const { magnitudes } = streams;
  const quadsAcross = (columns + 1) >> 1;
  let bit = 0;
  widths.fill(0);
  for (let y = 0; y < rows; y += 2) {
    const row = (y >> 1) * quadStride(columns) + 1;
    // The bits of the sample before, of the row above: its place in `widths` is taken by the row that is read.
    let before = 0;
    for (let x = 0; x < quadsAcross; x++) {
      const entry = quads[row + x]!;
      const pattern = (entry >> 4) & 15;
      const column = x * 2;
      const right = widths[column + 2]!;
      const beside = Math.max(before, widths[column + 1]!, right, widths[column + 3]!);
      before = right;
      widths[column + 1] = 0;
      widths[column + 2] = 0;
      if (pattern === 0) continue;
      if ((column + 1 === columns && pattern & 12) || (y + 1 === rows && pattern & 10)) {
        return 'a block has coefficients outside of it';
      }
      const expected = y === 0 || (pattern & (pattern - 1)) === 0 ? 1 : Math.max(1, beside - 1);
      const greatest = exponents[row + x]! + expected;
      if (greatest > depth + 1) return `a coefficient has ${greatest} bits where ${depth} are the most`;
      for (let i = 0; i < 4; i++) {
        if (((pattern >> i) & 1) === 0) continue;
        const width = greatest - ((entry >> (12 + i)) & 1);
        const top = (entry >> (8 + i)) & 1;
        const low = bitsAt(magnitudes, bit) & ((1 << Math.min(width, PIECE)) - 1);
        const negative = width === 0 ? top : low & 1;
        let magnitude: number;
        let used: number;
        if (width < PIECE) {
          const all = low | (top << width);
          magnitude = (all >> 1) + 1;
          used = 32 - Math.clz32(all | 1);
        } else {
          const high = (bitsAt(magnitudes, bit + PIECE) & ((1 << (width - PIECE)) - 1)) | (top << (width - PIECE));
          magnitude = high * 2 ** (PIECE - 1) + (low >> 1) + 1;
          used = high === 0 ? 32 - Math.clz32(low | 1) : PIECE + 32 - Math.clz32(high);
        }
        bit += width;
        target[at + (y + (i & 1)) * stride + column + (i >> 1)] = negative ? -magnitude : magnitude;
        if (i & 1) widths[column + 1 + (i >> 1)] = used;
      }
    }
  }
  return undefined;
}
