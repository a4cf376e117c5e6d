// SHA-256 without Node, for browsers and for short texts; longer ones take it several times as long as Node's own.

/** The first 32 bits of the fractional parts of square and cube roots of primes (FIPS 180-4, sections 4.2.2 and 5.3.3). */
interface Constants {
  readonly start: readonly number[];
  readonly rounds: readonly number[];
}

/** Made with the first digest: most processes need none. */
let constants: Constants | undefined;

function makeConstants(): Constants {
  const all = primes(64);
  return {
    start: all.slice(0, 8).map((p) => fraction(Math.sqrt(p))),
    rounds: all.map((p) => fraction(Math.cbrt(p))),
  };
}

/** The digest of a text's UTF-8 bytes, as 64 hexadecimal digits (FIPS 180-4, section 6.2). */
export function sha256(text: string): string {
  const bytes = new TextEncoder().encode(text);
  const padded = new Uint8Array(Math.ceil((bytes.length + 9) / 64) * 64);
  padded.set(bytes);
  padded[bytes.length] = 0x80;
  const view = new DataView(padded.buffer);
  view.setBigUint64(padded.length - 8, BigInt(bytes.length) * 8n);
  constants ??= makeConstants();
  const { start, rounds } = constants;
  const state = Uint32Array.from(start);
  const words = new Uint32Array(64);
  for (let at = 0; at < padded.length; at += 64) {
    for (let i = 0; i < 16; i++) words[i] = view.getUint32(at + i * 4);
    for (let i = 16; i < 64; i++) {
      const x = words[i - 15]!;
      const y = words[i - 2]!;
      const low = turn(x, 7) ^ turn(x, 18) ^ (x >>> 3);
      const high = turn(y, 17) ^ turn(y, 19) ^ (y >>> 10);
      words[i] = words[i - 16]! + low + words[i - 7]! + high;
    }
    compress(state, words, rounds);
  }
  return [...state].map((word) => word.toString(16).padStart(8, '0')).join('');
}

function compress(state: Uint32Array, words: Uint32Array, rounds: readonly number[]): void {
  let [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0] = state;
  for (let i = 0; i < 64; i++) {
    const high = turn(e, 6) ^ turn(e, 11) ^ turn(e, 25);
    const first = (h + high + ((e & f) ^ (~e & g)) + rounds[i]! + words[i]!) | 0;
    const low = turn(a, 2) ^ turn(a, 13) ^ turn(a, 22);
    const second = (low + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    [h, g, f, e, d, c, b, a] = [g, f, e, (d + first) | 0, c, b, a, (first + second) | 0];
  }
  for (const [i, value] of [a, b, c, d, e, f, g, h].entries()) state[i] = state[i]! + value;
}

const turn = (word: number, bits: number): number => (word >>> bits) | (word << (32 - bits));

function primes(count: number): number[] {
  const found: number[] = [];
  for (let n = 2; found.length < count; n++) if (found.every((p) => n % p !== 0)) found.push(n);
  return found;
}

/** The first 32 bits behind the point; a double has 49 and more of them for roots of these primes. */
const fraction = (root: number): number => Math.floor((root % 1) * 2 ** 32);
