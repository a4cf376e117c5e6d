// Half floats as their bits: a table of all 65,536 values, and the way back for finite numbers.

/** The largest finite half. */
export const LARGEST_HALF = 65504;

/** What a half is, by its bits: 0 finite, 1 infinite, 2 not a number. */
export type HalfClass = 0 | 1 | 2;

function decode(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const mantissa = bits & 0x3ff;
  if (exponent === 0x1f) return mantissa === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return exponent === 0 ? sign * mantissa * 2 ** -24 : sign * (1024 + mantissa) * 2 ** (exponent - 25);
}

/** Value by bits, as IEEE 754 binary16 has them. */
export const HALF_VALUES: Float32Array = Float32Array.from({ length: 65536 }, (_, bits) => decode(bits));

/** Value by bits where a display has to show a number: infinities as the largest finite half, not-a-number as 0. */
export const FINITE_VALUES: Float32Array = HALF_VALUES.map((value) =>
  Number.isNaN(value) ? 0 : Math.max(-LARGEST_HALF, Math.min(LARGEST_HALF, value)),
);

export const classOf = (bits: number): HalfClass => {
  if ((bits & 0x7c00) !== 0x7c00) return 0;
  return (bits & 0x3ff) === 0 ? 1 : 2;
};

const single = new Float32Array(1);
const singleBits = new Uint32Array(single.buffer);

/**
 * Bits of the half nearest to a finite number, to within the rounding of a float; beyond the largest finite half, that
 * one.
 */
export function halfBits(value: number): number {
  const magnitude = Math.abs(value);
  const sign = value < 0 ? 0x8000 : 0;
  if (magnitude >= LARGEST_HALF) return sign | 0x7bff;
  // Below 2^-14 halfs are multiples of 2^-24.
  if (magnitude < 6.103515625e-5) return sign | Math.round(magnitude * 16777216);
  single[0] = magnitude;
  return sign | Math.min(0x7bff, ((singleBits[0]! + 0x1000) >>> 13) - 0x1c000);
}
