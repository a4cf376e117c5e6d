// Numbers of header attributes as JSON values: shortest decimal text, and words for what JSON cannot hold.

const view = new DataView(new ArrayBuffer(8));

/** A number as JSON holds it: `"nan"`, `"inf"`, `"-inf"`, `"-0"` and `"nan:0x…"` (a NaN with other bits) are strings. */
export type JsonNumber = number | string;

/** The value of four bytes (as an unsigned integer) that are a float32: the shortest decimal that gives those bytes. */
export function decodeFloat32(bits: number): JsonNumber {
  view.setUint32(0, bits);
  const value = view.getFloat32(0);
  if (Number.isNaN(value)) return bits === 0x7fc00000 ? 'nan' : `nan:0x${bits.toString(16).padStart(8, '0')}`;
  return special(value) ?? shortest(value);
}

/** As `decodeFloat32` for the eight bytes of a float64. */
export function decodeFloat64(bits: bigint): JsonNumber {
  view.setBigUint64(0, bits);
  const value = view.getFloat64(0);
  if (Number.isNaN(value)) {
    return bits === 0x7ff8000000000000n ? 'nan' : `nan:0x${bits.toString(16).padStart(16, '0')}`;
  }
  return special(value) ?? value;
}

const special = (value: number): string | undefined =>
  Object.is(value, -0) ? '-0' : value === Infinity ? 'inf' : value === -Infinity ? '-inf' : undefined;

/** The number with the fewest decimal digits that rounds to this float32; nine always suffice (IEEE 754). */
function shortest(value: number): number {
  for (let digits = 1; digits < 9; digits++) {
    const candidate = Number(value.toPrecision(digits));
    if (Math.fround(candidate) === value) return candidate;
  }
  return Number(value.toPrecision(9));
}

/** Bits of a float32 for a JSON value, or undefined where it is none or beyond the range of float32. */
export function encodeFloat32(value: unknown): number | undefined {
  const nan = nanBits(value, 8);
  if (nan !== undefined) {
    const bits = Number(nan);
    return (bits & 0x7f800000) === 0x7f800000 && (bits & 0x7fffff) !== 0 ? bits : undefined;
  }
  const number = plainNumber(value);
  if (number === undefined || (Number.isFinite(number) && !Number.isFinite(Math.fround(number)))) return undefined;
  if (Number.isNaN(number)) return 0x7fc00000;
  view.setFloat32(0, number);
  return view.getUint32(0);
}

/** Bits of a float64 for a JSON value, or undefined where it is none. */
export function encodeFloat64(value: unknown): bigint | undefined {
  const nan = nanBits(value, 16);
  if (nan !== undefined) {
    const exponent = 0x7ff0000000000000n;
    return (nan & exponent) === exponent && (nan & 0xfffffffffffffn) !== 0n ? nan : undefined;
  }
  const number = plainNumber(value);
  if (number === undefined) return undefined;
  if (Number.isNaN(number)) return 0x7ff8000000000000n;
  view.setFloat64(0, number);
  return view.getBigUint64(0);
}

function nanBits(value: unknown, digits: 8 | 16): bigint | undefined {
  const pattern = digits === 8 ? /^nan:(0x[0-9a-f]{8})$/ : /^nan:(0x[0-9a-f]{16})$/;
  const match = typeof value === 'string' ? pattern.exec(value) : null;
  return match ? BigInt(match[1]!) : undefined;
}

const WORDS: Readonly<Record<string, number>> = { nan: NaN, inf: Infinity, '-inf': -Infinity, '-0': -0 };

function plainNumber(value: unknown): number | undefined {
  if (typeof value === 'number') return value;
  return typeof value === 'string' && Object.hasOwn(WORDS, value) ? WORDS[value] : undefined;
}
