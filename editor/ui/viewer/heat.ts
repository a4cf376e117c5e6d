// Heat maps: samples as colours of a scale between two ends.
import type { Picture } from '../store/link.ts';
import { INFINITY_COLOUR, NAN_COLOUR } from './display.ts';
import { numbersOf } from './numbers.ts';
import { pack, RISING, STEPS, TWO_SIDED } from './palette.ts';

/** The samples at both ends of the scale; around 0 it is the two-sided one, as far to both sides. */
export interface Range {
  readonly low: number;
  readonly high: number;
}

export const isTwoSided = ({ low, high }: Range): boolean => low < 0 && high > 0;

/** Samples that are looked at for a range. */
const LOOKED_AT = 60_000;
/** The share of samples that lie within it. */
const WITHIN = 0.995;

const ROUND = [1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10] as const;

/** The least round number that is not below a number above 0. */
export function roundedUp(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  const digit = value / power;
  const step = ROUND.find((one) => digit <= one * (1 + 1e-9)) ?? 10;
  // Of a power below 0 the product is not the decimal number that it is written as.
  return Number((step * power).toPrecision(2));
}

/**
 * Round ends between which nearly all samples lie that are not 0; with samples on both sides of 0, as far to both, and
 * else from 0 on.
 */
export function rangeFor(picture: Picture): Range {
  const numbers = numbersOf(picture);
  const step = Math.max(1, Math.floor(numbers.length / LOOKED_AT));
  const sizes: number[] = [];
  let [negative, positive] = [false, false];
  for (let i = 0; i < numbers.length; i += step) {
    const value = numbers[i]!;
    if (value === 0 || !Number.isFinite(value)) continue;
    sizes.push(Math.abs(value));
    if (value < 0) negative = true;
    else positive = true;
  }
  if (sizes.length === 0) return { low: 0, high: 1 };
  const size = Float64Array.from(sizes).sort()[Math.min(sizes.length - 1, Math.floor(sizes.length * WITHIN))]!;
  const most = roundedUp(size);
  return { low: negative ? -most : 0, high: positive ? most : 0 };
}

const PACKED = { rising: Uint32Array.from(RISING, pack), twoSided: Uint32Array.from(TWO_SIDED, pack) };
const [NAN, INFINITY] = [pack(NAN_COLOUR), pack(INFINITY_COLOUR)];

/** The colours of a range from its low end up. */
export const scaleOf = (range: Range) => (isTwoSided(range) ? TWO_SIDED : RISING);

/** The place of a sample on the scale of a range. On a two-sided one 0 is in the middle whatever the ends are. */
export function stepOf(value: number, range: Range): number {
  const { low, high } = range;
  const share = isTwoSided(range) ? 0.5 + (0.5 * value) / (value < 0 ? -low : high) : (value - low) / (high - low);
  return Math.round((STEPS - 1) * Math.max(0, Math.min(1, share)));
}

/** The pixel of RGBA bytes of each sample. */
export function heatTints(picture: Picture, range: Range): Uint32Array {
  const colours = isTwoSided(range) ? PACKED.twoSided : PACKED.rising;
  const numbers = numbersOf(picture);
  const tints = new Uint32Array(numbers.length);
  for (let i = 0; i < tints.length; i++) {
    const value = numbers[i]!;
    tints[i] = Number.isFinite(value) ? colours[stepOf(value, range)]! : Number.isNaN(value) ? NAN : INFINITY;
  }
  return tints;
}
