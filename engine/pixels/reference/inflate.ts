// The plain definition of inflate for zlib streams of a known size: bit by bit, as RFC 1950 and 1951 say.
import { adler32 } from './adler.ts';
import { CODE_ORDER } from './deflate-block.ts';
import { FIRST_LENGTH, LENGTH_EXTRA, symbolExtra } from './deflate-cost.ts';

/** What can be wrong with a stream; `inflate` returns the place in this list. Sentences without their full stop. */
export const INFLATE_FAULTS = [
  'nothing',
  'it does not begin as a zlib stream does',
  'it holds a block of a kind that does not exist',
  'the length of a stored block contradicts itself',
  'the code lengths of a block contradict each other',
  'it holds a code that is not in its table',
  'it repeats bytes from before its start',
  'it holds more bytes than stated',
  'it is cut short',
  'it holds fewer bytes than stated',
  'its checksum does not fit its bytes',
] as const;

type Fault = (typeof INFLATE_FAULTS)[number];

/** Ends the reading of a damaged stream. */
class Damage {
  readonly fault: Fault;
  constructor(fault: Fault) {
    this.fault = fault;
  }
}

class BitReader {
  readonly #bytes: Uint8Array;
  #bit = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  take(width: number): number {
    let value = 0;
    for (let i = 0; i < width; i++, this.#bit++) {
      const byte = this.#bytes[this.#bit >> 3];
      if (byte === undefined) throw new Damage('it is cut short');
      value += ((byte >> (this.#bit & 7)) & 1) * 2 ** i;
    }
    return value;
  }

  /** To the next whole byte. */
  align(): void {
    this.#bit = (this.#bit + 7) & ~7;
  }
}

/** Symbols by their codes: the width and the code, the highest bit first, as text. */
type Code = ReadonlyMap<string, number> & { readonly widest: number };

/** A code from its widths (RFC 1951, section 3.2.2). Only a code of one bit or none may leave bits without meaning. */
function codeOf(widths: readonly number[], may: 'be sparse' | 'be whole'): Code {
  const left = widths.reduce((room, width) => room - (width > 0 ? 2 ** -width : 0), 1);
  const widest = Math.max(0, ...widths);
  if (left < 0 || (left > 0 && !(may === 'be sparse' && widest < 2))) {
    throw new Damage('the code lengths of a block contradict each other');
  }
  const symbols = new Map<string, number>();
  let code = 0;
  for (let width = 1; width <= widest; width++) {
    code *= 2;
    for (const [symbol, own] of widths.entries()) {
      if (own === width) symbols.set((code++).toString(2).padStart(width, '0'), symbol);
    }
  }
  return Object.assign(symbols, { widest });
}

function nextSymbol(from: BitReader, code: Code): number {
  let bits = '';
  while (bits.length < code.widest) {
    bits += from.take(1);
    const symbol = code.get(bits);
    if (symbol !== undefined) return symbol;
  }
  throw new Damage('it holds a code that is not in its table');
}

const FIXED = {
  literals: codeOf(
    [...Array(144).fill(8), ...Array(112).fill(9), ...Array(24).fill(7), ...Array(8).fill(8)],
    'be whole',
  ),
  distances: codeOf(Array(32).fill(5), 'be whole'),
};

/** The codes of a block's own header (RFC 1951, section 3.2.7). */
function readCodes(from: BitReader): typeof FIXED {
  const bad = new Damage('the code lengths of a block contradict each other');
  const literals = from.take(5) + 257;
  const distances = from.take(5) + 1;
  const given = from.take(4) + 4;
  if (literals > 286 || distances > 30) throw bad;
  const own = Array<number>(19).fill(0);
  for (const symbol of CODE_ORDER.slice(0, given)) own[symbol] = from.take(3);
  const code = codeOf(own, 'be whole');
  const widths: number[] = [];
  while (widths.length < literals + distances) {
    const symbol = nextSymbol(from, code);
    if (symbol < 16) {
      widths.push(symbol);
      continue;
    }
    if (symbol === 16 && widths.length === 0) throw bad;
    const width = symbol === 16 ? widths.at(-1)! : 0;
    const run = symbol === 16 ? 3 + from.take(2) : symbol === 17 ? 3 + from.take(3) : 11 + from.take(7);
    if (widths.length + run > literals + distances) throw bad;
    for (let i = 0; i < run; i++) widths.push(width);
  }
  if (widths[256] === 0) throw bad;
  return {
    literals: codeOf(widths.slice(0, literals), 'be sparse'),
    distances: codeOf(widths.slice(literals), 'be sparse'),
  };
}

/**
 * Unpacks a zlib stream that stands for exactly as many bytes as `target` has. Returns 0, or the place of the fault in
 * `INFLATE_FAULTS`. What follows the stream is left alone.
 */
export function inflate(source: Uint8Array, target: Uint8Array): number {
  try {
    unpack(new BitReader(source), target);
    return 0;
  } catch (thrown) {
    if (!(thrown instanceof Damage)) throw thrown;
    return INFLATE_FAULTS.indexOf(thrown.fault);
  }
}

function unpack(from: BitReader, target: Uint8Array): void {
  const method = from.take(8);
  const flags = from.take(8);
  // Deflate with a window of up to 32 KiB and no dictionary, and the check of both bytes.
  if ((method & 15) !== 8 || method >> 4 > 7 || (flags & 32) !== 0 || (method * 256 + flags) % 31 !== 0) {
    throw new Damage('it does not begin as a zlib stream does');
  }
  let at = 0;
  for (let last = 0; last === 0; ) {
    last = from.take(1);
    const kind = from.take(2);
    if (kind === 3) throw new Damage('it holds a block of a kind that does not exist');
    if (kind === 0) at = copyStored(from, target, at);
    else at = readTokens(from, kind === 1 ? FIXED : readCodes(from), target, at);
  }
  if (at < target.length) throw new Damage('it holds fewer bytes than stated');
  from.align();
  const sum = [0, 0, 0, 0].reduce((value) => value * 256 + from.take(8), 0);
  if (sum !== adler32(target)) throw new Damage('its checksum does not fit its bytes');
}

function copyStored(from: BitReader, target: Uint8Array, start: number): number {
  from.align();
  const count = from.take(16);
  if ((count ^ from.take(16)) !== 0xffff) throw new Damage('the length of a stored block contradicts itself');
  const bytes = Uint8Array.from({ length: count }, () => from.take(8));
  if (count > target.length - start) throw new Damage('it holds more bytes than stated');
  target.set(bytes, start);
  return start + count;
}

function readTokens(from: BitReader, { literals, distances }: typeof FIXED, target: Uint8Array, start: number): number {
  let at = start;
  for (;;) {
    const symbol = nextSymbol(from, literals);
    if (symbol === 256) return at;
    if (symbol < 256) {
      if (at === target.length) throw new Damage('it holds more bytes than stated');
      target[at++] = symbol;
      continue;
    }
    if (symbol > 285) throw new Damage('it holds a code that is not in its table');
    const length = FIRST_LENGTH[symbol - 257]! + from.take(LENGTH_EXTRA[symbol - 257]!);
    const far = nextSymbol(from, distances);
    if (far > 29) throw new Damage('it holds a code that is not in its table');
    const first = far < 4 ? far + 1 : (2 + (far & 1)) * 2 ** symbolExtra(far) + 1;
    const distance = first + from.take(symbolExtra(far));
    if (distance > at) throw new Damage('it repeats bytes from before its start');
    if (length > target.length - at) throw new Damage('it holds more bytes than stated');
    for (const end = at + length; at < end; at++) target[at] = target[at - distance]!;
  }
}
