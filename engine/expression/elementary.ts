// Elementary functions made of + - * / and square roots alone, so that every machine gives the same bits.

/*
 * ECMAScript leaves the last bits of Math.sin, exp, log, pow and their kin to the machine ("implementation-approximated").
 * The four operations and the square root are those of IEEE 754 everywhere, and JavaScript never fuses or widens them.
 * Reductions and series are textbook ones (Cody and Waite, Software Manual for the Elementary Functions, 1980; Dekker,
 * A floating-point technique for extending the available precision, 1971). Results are within one or two units of the
 * last place for arguments as they come up in pictures.
 */

const LN2_HIGH = 0.6931471803691238; // 32 bits of ln 2, so that its products with exponents are exact
const LN2_LOW = 1.9082149292705877e-10;
const LOG2_E = [Math.LOG2E, 2.0355273740931033e-17] as const;
const LOG10_E = [Math.LOG10E, 1.098319650216765e-17] as const;
// π/2 in pieces of 33 bits: products with whole numbers below 2^20 are exact.
const HALF_PI_1 = 1.5707963267341256;
const HALF_PI_2 = 6.077100506303966e-11;
const HALF_PI_3 = 2.0222662487959506e-21;
/** Beyond this many quarter turns an angle is first brought nearer by a turn that is itself rounded. */
const MOST_QUARTERS = 2 ** 20;
const TURN = 2 * Math.PI;

const bits = new DataView(new ArrayBuffer(8));
const SPLITTER = 2 ** 27 + 1;

/** e to the power of x. */
export const exp = (x: number): number => expOf(x, 0);

/** e to the power of high + low, where low is the smaller by far. */
function expOf(high: number, low: number): number {
  if (Number.isNaN(high)) return Number.NaN;
  if (high > 710) return Number.POSITIVE_INFINITY;
  if (high < -746) return 0;
  const turns = Math.floor(high * LOG2_E[0] + 0.5);
  const r = high - turns * LN2_HIGH - turns * LN2_LOW + low;
  let sum = 0;
  for (let n = 14; n >= 1; n--) sum = (r / n) * (1 + sum);
  return scale(1 + sum, turns);
}

/** x · 2^power, rounded once where it is too small for a full number. */
function scale(x: number, power: number): number {
  if (power > 1000) return x * 2 ** 1000 * powerOfTwo(power - 1000);
  if (power < -1000) return x * powerOfTwo(power + 1000) * 2 ** -1000;
  return x * powerOfTwo(power);
}

/** Exact, from -1022 to 1023. */
function powerOfTwo(power: number): number {
  bits.setUint32(0, (power + 1023) << 20);
  bits.setUint32(4, 0);
  return bits.getFloat64(0);
}

interface Logarithm {
  /** x = m · 2^exponent with m from √½ to √2. */
  exponent: number;
  /** The natural logarithm of m, as a sum. */
  high: number;
  low: number;
}

/** One record for all: it is read before the next call. */
const logarithm: Logarithm = { exponent: 0, high: 0, low: 0 };

/** Of a finite number above 0. */
function splitLog(x: number): Logarithm {
  const tiny = x < 2 ** -1022;
  bits.setFloat64(0, tiny ? x * 2 ** 54 : x);
  const top = bits.getUint32(0);
  let exponent = (top >>> 20) - 1023 - (tiny ? 54 : 0);
  bits.setUint32(0, (top & 0xfffff) | (1023 << 20));
  let m = bits.getFloat64(0);
  if (m > Math.SQRT2) {
    m /= 2;
    exponent += 1;
  }
  // ln m = 2 artanh s with s = (m - 1) / (m + 1), kept as s + rest.
  const f = m - 1;
  const t = m + 1;
  const tRest = m - (t - 1);
  const s = f / t;
  const rest = (f - s * t - productRest(s, t) - s * tRest) / t;
  const square = s * s;
  let series = 0;
  for (let n = 25; n >= 3; n -= 2) series = square * (1 / n + series);
  const high = 2 * s;
  const low = 2 * (rest + s * series);
  logarithm.exponent = exponent;
  logarithm.high = high + low;
  logarithm.low = low - (logarithm.high - high);
  return logarithm;
}

/** What the product a · b loses by rounding, exactly (Dekker; the parts are short enough not to overflow here). */
function productRest(a: number, b: number): number {
  const p = a * b;
  const ah = high26(a);
  const bh = high26(b);
  return ah * bh - p + ah * (b - bh) + (a - ah) * bh + (a - ah) * (b - bh);
}

function high26(a: number): number {
  const scaled = a * SPLITTER;
  return scaled - (scaled - a);
}

/** Where a logarithm is not that of a finite number above 0; undefined elsewhere. */
function logEdge(x: number): number | undefined {
  if (x > 0 && x < Number.POSITIVE_INFINITY) return undefined;
  return x === 0 ? Number.NEGATIVE_INFINITY : x > 0 ? x : Number.NaN;
}

/** The natural logarithm. */
export function log(x: number): number {
  const edge = logEdge(x);
  if (edge !== undefined) return edge;
  const { exponent, high, low } = splitLog(x);
  return exponent * LN2_HIGH + (high + (low + exponent * LN2_LOW));
}

/** Exact for powers of 2. */
export function log2(x: number): number {
  const edge = logEdge(x);
  if (edge !== undefined) return edge;
  const { exponent, high, low } = splitLog(x);
  return exponent + (high * LOG2_E[0] + (high * LOG2_E[1] + low * LOG2_E[0]));
}

/** Exact for powers of 10 that are whole numbers. */
export function log10(x: number): number {
  const edge = logEdge(x);
  if (edge !== undefined) return edge;
  const { exponent, high: h, low: l } = splitLog(x);
  const whole = exponent * LN2_HIGH;
  const high = whole + h;
  const low = h - (high - whole) + (l + exponent * LN2_LOW);
  return high * LOG10_E[0] + (productRest(high, LOG10_E[0]) + high * LOG10_E[1] + low * LOG10_E[0]);
}

/** x to the power of y. Any number to the power of 0 is 1; a negative number has whole powers only. */
export function pow(x: number, y: number): number {
  if (y === 0) return 1;
  if (Number.isNaN(x) || Number.isNaN(y)) return Number.NaN;
  if (y === 0.5 && x >= 0) return Math.sqrt(x);
  const whole = Number.isInteger(y);
  if (whole && Math.abs(y) <= 16) return y > 0 ? repeated(x, y) : 1 / repeated(x, -y);
  if (x < 0) return !whole ? edgePower(-x, y) : (Math.abs(y % 2) === 1 ? -1 : 1) * pow(-x, y);
  if (x === 0 || x === Number.POSITIVE_INFINITY) return (x === 0) === y > 0 ? 0 : Number.POSITIVE_INFINITY;
  if (!Number.isFinite(y)) return x === 1 ? 1 : x > 1 === y > 0 ? Number.POSITIVE_INFINITY : 0;
  const { exponent, high: h, low: l } = splitLog(x);
  const wholes = exponent * LN2_HIGH;
  const high = wholes + h;
  const low = (Math.abs(wholes) >= Math.abs(h) ? h - (high - wholes) : wholes - (high - h)) + (l + exponent * LN2_LOW);
  // Beyond this the result is 0 or infinite, and the exact product would overflow.
  if (Math.abs(y) > 2 ** 70) return high > 0 === y > 0 ? Number.POSITIVE_INFINITY : 0;
  return expOf(y * high, productRest(y, high) + y * low);
}

/** A negative number to a power that is not whole: known only at infinite ones. */
function edgePower(size: number, y: number): number {
  return Number.isFinite(y) ? Number.NaN : pow(size, y);
}

function repeated(x: number, power: number): number {
  let result = 1;
  let factor = x;
  for (let left = power; left > 0; left >>>= 1) {
    if (left & 1) result *= factor;
    factor *= factor;
  }
  return result;
}

/** The quarter turn nearest to an angle, modulo 4, and what is left; one record for all. */
const turned = { quarter: 0, rest: 0 };

function reduce(x: number): typeof turned {
  const near = Math.abs(x) > MOST_QUARTERS ? x % TURN : x;
  const quarters = Math.floor(near / (Math.PI / 2) + 0.5);
  turned.rest = near - quarters * HALF_PI_1 - quarters * HALF_PI_2 - quarters * HALF_PI_3;
  turned.quarter = ((quarters % 4) + 4) % 4;
  return turned;
}

function sineNear(r: number): number {
  const square = r * r;
  let sum = 0;
  for (let n = 18; n >= 2; n -= 2) sum = (-square / (n * (n + 1))) * (1 + sum);
  return r + r * sum;
}

function cosineNear(r: number): number {
  const square = r * r;
  let sum = 0;
  for (let n = 19; n >= 1; n -= 2) sum = (-square / (n * (n + 1))) * (1 + sum);
  return 1 + sum;
}

/** Of an angle in radians. Beyond 2^20 quarter turns the angle itself is known to fewer digits. */
export function sin(x: number): number {
  if (!Number.isFinite(x)) return Number.NaN;
  const { quarter, rest } = reduce(x);
  const size = quarter % 2 === 0 ? sineNear(rest) : cosineNear(rest);
  return quarter < 2 ? size : -size;
}

export function cos(x: number): number {
  if (!Number.isFinite(x)) return Number.NaN;
  const { quarter, rest } = reduce(x);
  const size = quarter % 2 === 0 ? cosineNear(rest) : sineNear(rest);
  return quarter === 1 || quarter === 2 ? -size : size;
}

export function tan(x: number): number {
  if (!Number.isFinite(x)) return Number.NaN;
  const { quarter, rest } = reduce(x);
  const ratio = sineNear(rest) / cosineNear(rest);
  return quarter % 2 === 0 ? ratio : -1 / ratio;
}

/** atan(k / 8). */
const ARCS = [
  0, 0.12435499454676144, 0.24497866312686414, 0.35877067027057225, 0.4636476090008061, 0.5585993153435624,
  0.6435011087932844, 0.7188299996216245, 0.7853981633974483,
] as const;

export function atan(x: number): number {
  if (Number.isNaN(x)) return Number.NaN;
  const size = Math.abs(x);
  const arc = size > 1 ? Math.PI / 2 - arcNear(1 / size) : arcNear(size);
  return x < 0 || Object.is(x, -0) ? -arc : arc;
}

/** From 0 to 1. */
function arcNear(x: number): number {
  const step = Math.floor(x * 8 + 0.5);
  const r = (x - step / 8) / (1 + x * (step / 8));
  const square = r * r;
  let sum = 0;
  for (let n = 17; n >= 3; n -= 2) sum = square * (1 / n - sum);
  return ARCS[step]! + (r - r * sum);
}

/** The angle of the point x, y, from -π to π. */
export function atan2(y: number, x: number): number {
  if (Number.isNaN(x) || Number.isNaN(y)) return Number.NaN;
  const below = y < 0 || Object.is(y, -0);
  const left = x < 0 || Object.is(x, -0);
  let arc: number;
  if (y === 0) arc = 0;
  else if (x === 0) arc = Math.PI / 2;
  else if (Math.abs(x) === Math.abs(y)) arc = Math.PI / 4;
  else arc = atan(Math.abs(y / x));
  if (left) arc = Math.PI - arc;
  return below ? -arc : arc;
}

export const asin = (x: number): number => (Math.abs(x) <= 1 ? atan2(x, Math.sqrt((1 - x) * (1 + x))) : Number.NaN);

export const acos = (x: number): number => (Math.abs(x) <= 1 ? atan2(Math.sqrt((1 - x) * (1 + x)), x) : Number.NaN);

/** The length of a vector, without overflow on the way. */
export function hypot(...sides: readonly number[]): number {
  let greatest = 0;
  for (const side of sides) greatest = Math.max(greatest, Math.abs(side));
  if (greatest === 0 || !Number.isFinite(greatest)) return greatest;
  let sum = 0;
  for (const side of sides) sum += (side / greatest) * (side / greatest);
  return greatest * Math.sqrt(sum);
}
