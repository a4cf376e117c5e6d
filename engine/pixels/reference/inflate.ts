// The plain definition of inflate: zlib streams (RFC 1950) of deflate's blocks (RFC 1951), bit by bit.
import { adler32 } from './adler.ts';
import { ORDER } from './deflate-block.ts';
import { FIRST_LENGTH, LENGTH_EXTRA, symbolExtra } from './deflate-cost.ts';

/** What can be wrong with a stream, by the number of the fault. */
export const INFLATE_FAULTS = [
  'nothing',
  'its deflated data ends early',
  'its deflated data is longer than it should be',
  'its deflated data holds a code that is not in its table',
  'its deflated data holds a distance that is none',
  'its deflated data repeats bytes from before its beginning',
  'its deflated data does not begin as zlib has it',
  'its deflated data has a block of an unknown kind',
  'its deflated data has a stored block with contradicting lengths',
  'its deflated data has a code table that is no code',
  'its deflated data has another checksum than its bytes',
] as const;

class Fault {
  readonly number: number;

  constructor(number: number) {
    this.number = number;
  }
}

const [ENDS_EARLY, TOO_LONG, BAD_LENGTH, BAD_DISTANCE, TOO_FAR] = [1, 2, 3, 4, 5];
const [BAD_HEAD, BAD_BLOCK, BAD_STORED, BAD_CODE, BAD_SUM] = [6, 7, 8, 9, 10];

const WIDEST = 15;

class Bits {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  take(width: number): number {
    let taken = 0;
    for (let i = 0; i < width; i++, this.#at++) {
      const byte = this.#bytes[this.#at >>> 3];
      if (byte === undefined) throw new Fault(ENDS_EARLY!);
      taken |= ((byte >>> (this.#at & 7)) & 1) << i;
    }
    return taken;
  }

  /** Whole bytes, from the next on that is not begun. */
  bytes(count: number): Uint8Array {
    const start = (this.#at + 7) >>> 3;
    if (start + count > this.#bytes.length) throw new Fault(ENDS_EARLY!);
    this.#at = (start + count) * 8;
    return this.#bytes.subarray(start, start + count);
  }
}

/** Codes by their widths: by width and value the symbol. A code may lack words only where it is `lone`. */
class PrefixCode {
  readonly #symbols = new Map<number, number>();
  readonly #whole: boolean;

  constructor(widths: readonly number[], lone: boolean) {
    const count = Array.from({ length: WIDEST + 1 }, (_, width) => widths.filter((w) => w === width).length);
    let left = 1;
    for (let width = 1; width <= WIDEST; width++) {
      left = left * 2 - count[width]!;
      if (left < 0) throw new Fault(BAD_CODE!);
    }
    this.#whole = left === 0;
    if (!this.#whole && (!lone || widths.some((width) => width > 1))) throw new Fault(BAD_CODE!);
    let code = 0;
    for (let width = 1; width <= WIDEST; width++, code *= 2) {
      for (const [symbol, own] of widths.entries()) if (own === width) this.#symbols.set((1 << width) + code++, symbol);
    }
  }

  /** The symbol, or nothing where the bits are no code. */
  read(bits: Bits): number | undefined {
    let code = 1;
    for (let width = 1; width <= (this.#whole ? WIDEST : 1); width++) {
      code = code * 2 + bits.take(1);
      const symbol = this.#symbols.get(code);
      if (symbol !== undefined) return symbol;
    }
    return undefined;
  }
}

/** First distances of their symbols (RFC 1951, section 3.2.5). */
const FIRST_DISTANCE: number[] = [];
for (let symbol = 0, first = 1; symbol < 30; first += 2 ** symbolExtra(symbol++)) FIRST_DISTANCE.push(first);

function readCodes(bits: Bits): [PrefixCode, PrefixCode] {
  const literals = 257 + bits.take(5);
  const distances = 1 + bits.take(5);
  const kept = 4 + bits.take(4);
  if (literals > 286 || distances > 30) throw new Fault(BAD_CODE!);
  const own = ORDER.map(() => 0);
  for (const place of ORDER.slice(0, kept)) own[place] = bits.take(3);
  const code = new PrefixCode(own, false);
  const widths: number[] = [];
  while (widths.length < literals + distances) {
    const symbol = code.read(bits)!;
    if (symbol < 16) {
      widths.push(symbol);
      continue;
    }
    const run = symbol === 16 ? 3 + bits.take(2) : symbol === 17 ? 3 + bits.take(3) : 11 + bits.take(7);
    if (widths.length + run > literals + distances || (symbol === 16 && widths.length === 0)) {
      throw new Fault(BAD_CODE!);
    }
    const width = symbol === 16 ? widths.at(-1)! : 0;
    for (let i = 0; i < run; i++) widths.push(width);
  }
  // A block that cannot end.
  if (widths[256] === 0) throw new Fault(BAD_CODE!);
  return [new PrefixCode(widths.slice(0, literals), true), new PrefixCode(widths.slice(literals), true)];
}

/** The codes that are agreed upon (RFC 1951, section 3.2.6). */
function agreedCodes(): [PrefixCode, PrefixCode] {
  const widths = Array.from({ length: 288 }, (_, i) => (i < 144 ? 8 : i < 256 ? 9 : i < 280 ? 7 : 8));
  return [
    new PrefixCode(widths, true),
    new PrefixCode(
      Array.from({ length: 32 }, () => 5),
      true,
    ),
  ];
}

/** The bytes of a zlib stream, of which there may be up to `room`, or the number of what is wrong with it. */
export function inflate(source: Uint8Array, room: number): Uint8Array | number {
  const bits = new Bits(source);
  const out: number[] = [];
  const put = (byte: number): void => {
    if (out.length >= room) throw new Fault(TOO_LONG!);
    out.push(byte);
  };
  try {
    const [method, flags] = bits.bytes(2) as unknown as [number, number];
    if ((method & 15) !== 8 || method >> 4 > 7 || (flags & 32) !== 0 || (method * 256 + flags) % 31 !== 0) {
      throw new Fault(BAD_HEAD!);
    }
    for (let final = 0; final === 0; ) {
      final = bits.take(1);
      const kind = bits.take(2);
      if (kind === 3) throw new Fault(BAD_BLOCK!);
      if (kind === 0) {
        const [a, b, c, d] = bits.bytes(4) as unknown as [number, number, number, number];
        if (a + b * 256 !== 65535 - (c + d * 256)) throw new Fault(BAD_STORED!);
        const stored = bits.bytes(a + b * 256);
        if (stored.length > room - out.length) throw new Fault(TOO_LONG!);
        for (const byte of stored) put(byte);
        continue;
      }
      const [literals, distances] = kind === 1 ? agreedCodes() : readCodes(bits);
      for (;;) {
        const symbol = literals.read(bits);
        if (symbol === undefined || symbol > 285) throw new Fault(BAD_LENGTH!);
        if (symbol === 256) break;
        if (symbol < 256) {
          put(symbol);
          continue;
        }
        const length = FIRST_LENGTH[symbol - 257]! + bits.take(LENGTH_EXTRA[symbol - 257]!);
        const far = distances.read(bits);
        if (far === undefined || far > 29) throw new Fault(BAD_DISTANCE!);
        const distance = FIRST_DISTANCE[far]! + bits.take(symbolExtra(far));
        if (distance > out.length) throw new Fault(TOO_FAR!);
        if (length > room - out.length) throw new Fault(TOO_LONG!);
        for (let i = 0; i < length; i++) put(out[out.length - distance]!);
      }
    }
    const sum = bits.bytes(4);
    if (new DataView(sum.buffer, sum.byteOffset).getUint32(0) !== adler32(out)) throw new Fault(BAD_SUM!);
    return Uint8Array.from(out);
  } catch (thrown) {
    if (thrown instanceof Fault) return thrown.number;
    throw thrown;
  }
}
