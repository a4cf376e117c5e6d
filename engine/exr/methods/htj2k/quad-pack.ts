// One block of HTJ2K packed: two by two coefficients at a time, which of them are not zero and how large they are.
import { type QuadCodes, quadWords, RUN_BITS } from './codes.ts';
import type { BlockPlace, Coefficients } from './quad.ts';
import { GREATEST_SUFFIX } from './segment.ts';

/** More bytes than 4096 coefficients of 38 bits and their sign take, with the bits that keep markers away. */
const MOST_BYTES = 24_576;
/** A block is at most so wide. */
const MOST_COLUMNS = 1024;

/** Signs and magnitudes, from the front: the first bit lowest; 7 bits after a byte of 255. */
class Magnitudes {
  readonly bytes = new Uint8Array(MOST_BYTES);
  size = 0;
  #held = 0;
  #filled = 0;
  #room = 8;

  clear(): void {
    this.size = 0;
    this.#held = 0;
    this.#filled = 0;
    this.#room = 8;
  }

  /** At most 24 bits. */
  put(bits: number, width: number): void {
    this.#held |= bits << this.#filled;
    this.#filled += width;
    while (this.#filled >= this.#room) {
      const byte = this.#held & ((1 << this.#room) - 1);
      this.#held >>>= this.#room;
      this.#filled -= this.#room;
      this.bytes[this.size++] = byte;
      this.#room = byte === 255 ? 7 : 8;
    }
  }

  /** Fills the last byte with ones, which a reader supposes behind the end: a byte of 255 there is left out. */
  end(): void {
    if (this.#filled > 0) {
      const ones = (1 << this.#room) - 1;
      const byte = (this.#held | (ones << this.#filled)) & ones;
      if (byte !== 255) this.bytes[this.size++] = byte;
    } else if (this.#room === 7) this.size--;
  }
}

/** Run lengths of events, from the front: the first bit highest; 7 bits after a byte of 255. */
class Runs {
  readonly bytes = new Uint8Array(GREATEST_SUFFIX);
  size = 0;
  #held = 0;
  #room = 8;
  #run = 0;
  #state = 0;

  clear(): void {
    this.size = 0;
    this.#held = 0;
    this.#room = 8;
    this.#run = 0;
    this.#state = 0;
  }

  #bit(bit: number): void {
    this.#room--;
    this.#held |= bit << this.#room;
    if (this.#room > 0) return;
    this.bytes[this.size++] = this.#held;
    this.#room = this.#held === 255 ? 7 : 8;
    this.#held = 0;
  }

  event(happens: boolean): void {
    const bits = RUN_BITS[this.#state]!;
    if (happens) {
      this.#bit(0);
      for (let i = bits - 1; i >= 0; i--) this.#bit((this.#run >> i) & 1);
      this.#run = 0;
      this.#state = Math.max(0, this.#state - 1);
    } else if (++this.#run === 1 << bits) {
      this.#bit(1);
      this.#run = 0;
      this.#state = Math.min(12, this.#state + 1);
    }
  }

  end(): void {
    if (this.#run > 0) this.#bit(1);
    if (this.#room < 8) this.bytes[this.size++] = this.#held;
  }
}

/** Code words, from the back: the first bit lowest; 7 bits of ones before a byte above 0x8f. */
class Words {
  /** Filled from the front; the last bytes of the block are these, the first one last. */
  readonly bytes = new Uint8Array(GREATEST_SUFFIX);
  size = 0;
  #held = 0;
  #filled = 0;
  #last = 0;

  /** The last byte, and the lower half of the one before it, are for the length of the suffix. */
  clear(): void {
    this.bytes[0] = 255;
    this.size = 1;
    this.#last = 255;
    this.#held = 15;
    this.#filled = 4;
  }

  /** At most 16 bits. */
  put(bits: number, width: number): void {
    this.#held |= bits << this.#filled;
    this.#filled += width;
    for (;;) {
      const room = this.#last > 0x8f && (this.#held & 127) === 127 ? 7 : 8;
      if (this.#filled < room) return;
      this.#byte(room);
    }
  }

  #byte(room: number): void {
    this.#last = this.#held & ((1 << room) - 1);
    this.bytes[this.size++] = this.#last;
    this.#held >>>= room;
    this.#filled = Math.max(0, this.#filled - room);
  }

  end(): void {
    if (this.#filled > 0 || this.size < 2) this.#byte(8);
  }
}

interface Work {
  readonly codes: QuadCodes;
  readonly magnitudes: Magnitudes;
  readonly runs: Runs;
  readonly words: Words;
  /** Exponents of the lower samples of the row of quads above, by column plus 1, and patterns of its quads, likewise. */
  readonly widths: Uint8Array;
  readonly patterns: Uint8Array;
}

let made: Work | undefined;

const work = (): Work => {
  made ??= {
    codes: quadWords(),
    magnitudes: new Magnitudes(),
    runs: new Runs(),
    words: new Words(),
    widths: new Uint8Array(MOST_COLUMNS + 4),
    patterns: new Uint8Array(MOST_COLUMNS / 2 + 4),
  };
  return made;
};

/** Bits of a whole number. */
const bitLength = (value: number): number =>
  value < 2 ** 32 ? 32 - Math.clz32(value) : 64 - Math.clz32(Math.floor(value / 2 ** 32));

/** A prefix that says how much follows: 1, 01, 001 and one bit, 000 and five bits, four more from 33 on. */
function prefix(words: Words, value: number): void {
  if (value === 1) words.put(1, 1);
  else if (value === 2) words.put(2, 2);
  else words.put(value < 5 ? 4 : 0, 3);
}

const rest = (value: number): number => (value < 33 ? value - 5 : 28 + ((value - 33) & 3));

function suffix(words: Words, value: number): void {
  if (value < 3) return;
  if (value < 5) words.put(value - 3, 1);
  else words.put(rest(value), 5);
}

function extension(words: Words, value: number): void {
  if (value >= 33) words.put((value - 33) >> 2, 4);
}

/** How far the exponents of two quads beside each other are above what is expected of them; 0 is not written. */
function putExponents({ words, runs }: Work, isFirstRow: boolean, first: number, second: number): void {
  if (first === 0 && second === 0) return;
  let a = first;
  let b = second;
  if (isFirstRow && a > 0 && b > 0) {
    const both = Math.min(a, b) > 2;
    runs.event(both);
    if (both) {
      a -= 2;
      b -= 2;
    } else if (a > 2) {
      prefix(words, a);
      words.put(b - 1, 1);
      suffix(words, a);
      extension(words, a);
      return;
    }
  }
  if (a > 0) prefix(words, a);
  if (b > 0) prefix(words, b);
  suffix(words, a);
  suffix(words, b);
  extension(words, a);
  extension(words, b);
}

/**
 * Packs a block of coefficients (T.814, clause 7: the cleanup pass alone), down to the last bit. Undefined where all are
 * zero. The result is a fresh array.
 */
export function packBlock(source: Coefficients, { at, stride, columns, rows }: BlockPlace): Uint8Array | undefined {
  const here = work();
  const { codes, magnitudes, runs, words, widths, patterns } = here;
  for (const stream of [magnitudes, runs, words]) stream.clear();
  widths.fill(0);
  patterns.fill(0);
  const across = (columns + 1) >> 1;
  const values = [0, 0, 0, 0];
  const lengths = [0, 0, 0, 0];
  let any = 0;
  for (let y = 0; y < rows; y += 2) {
    const table = y === 0 ? codes.first : codes.later;
    let left = 0;
    let aboveLeft = 0;
    let widthBefore = 0;
    let first = 0;
    for (let x = 0; x < across; x++) {
      let pattern = 0;
      let longest = 0;
      const corner = at + y * stride + x * 2;
      for (let i = 0; i < 4; i++) {
        if ((i >= 2 && x * 2 + 1 === columns) || ((i & 1) === 1 && y + 1 === rows)) continue;
        const value = source[corner + (i >> 1) + (i & 1) * stride]!;
        if (value === 0) continue;
        pattern |= 1 << i;
        const odd = (value < 0 ? -value : value) * 2 - 1;
        values[i] = value < 0 ? odd : odd - 1;
        const length = bitLength(odd);
        lengths[i] = length;
        if (length > longest) longest = length;
      }
      any |= pattern;

      const above = patterns[x + 1]!;
      const aboveRight = patterns[x + 2]!;
      const context =
        y === 0
          ? (left & 3 ? 1 : 0) | (left & 4 ? 2 : 0) | (left & 8 ? 4 : 0)
          : ((above & 2) | (aboveLeft & 8) ? 1 : 0) | (left & 12 ? 2 : 0) | ((above & 8) | (aboveRight & 2) ? 4 : 0);
      const beside = Math.max(widthBefore, widths[x * 2 + 1]!, widths[x * 2 + 2]!, widths[x * 2 + 3]!);
      const several = (pattern & (pattern - 1)) !== 0;
      const expected = y > 0 && several ? Math.max(1, beside - 1) : 1;
      widthBefore = widths[x * 2 + 2]!;
      aboveLeft = above;
      patterns[x + 1] = pattern;
      widths[x * 2 + 1] = pattern & 2 ? lengths[1]! : 0;
      widths[x * 2 + 2] = pattern & 8 ? lengths[3]! : 0;

      const greatest = Math.max(longest, expected);
      const more = pattern === 0 ? 0 : greatest - expected;
      let most = 0;
      for (let i = 0; i < 4 && more > 0; i++) if ((pattern >> i) & 1 && lengths[i] === greatest) most |= 1 << i;
      if (context === 0) runs.event(pattern !== 0);
      let known = 0;
      if (context !== 0 || pattern !== 0) {
        const entry = table[(context << 9) | (pattern << 5) | (more > 0 ? 16 : 0) | most]!;
        words.put((entry >> 3) & 127, entry & 7);
        known = entry >> 12;
      }
      for (let i = 0; i < 4; i++) {
        if (((pattern >> i) & 1) === 0) continue;
        const width = greatest - ((known >> i) & 1);
        const value = values[i]!;
        if (width > 22) {
          magnitudes.put(value & 0x3fffff, 22);
          magnitudes.put(Math.floor(value / 2 ** 22) & ((1 << (width - 22)) - 1), width - 22);
        } else magnitudes.put(value & ((1 << width) - 1), width);
      }

      if (x & 1) putExponents(here, y === 0, first, more);
      else if (x + 1 === across) putExponents(here, y === 0, more, 0);
      else first = more;
      left = pattern;
    }
  }
  if (any === 0) return undefined;
  for (const stream of [magnitudes, runs, words]) stream.end();
  const behind = runs.size + words.size;
  const bytes = new Uint8Array(magnitudes.size + behind);
  bytes.set(magnitudes.bytes.subarray(0, magnitudes.size));
  bytes.set(runs.bytes.subarray(0, runs.size), magnitudes.size);
  bytes.set(words.bytes.subarray(0, words.size).toReversed(), magnitudes.size + runs.size);
  bytes[bytes.length - 1] = behind >> 4;
  bytes[bytes.length - 2] = (bytes[bytes.length - 2]! & 0xf0) | (behind & 15);
  return bytes;
}
