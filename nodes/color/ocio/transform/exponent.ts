// Powers, and powers with a straight foot, as OpenColorIO's ExponentTransform and ExponentWithLinearTransform have them.
import { type Curve, type CurveTable, tabulate } from '../../../../engine/authoring.ts';
import type { Operation, Way } from './operation.ts';

/** What becomes of negative numbers: cut off at 0, mirrored, left as they are, or on the straight foot. */
export type Negative = 'clamp' | 'mirror' | 'linear';

/** Makes the table of a curve for each channel; one for all where they are the same. */
export function bend(keys: readonly (string | null)[], make: (channel: number) => Curve): ReturnType<Operation> {
  if (keys.every((key) => key === null)) return [];
  const tables = new Map<string, CurveTable>();
  const by = keys.map((key, i): CurveTable | null => {
    if (key === null) return null;
    const table = tables.get(key) ?? tabulate(make(i));
    tables.set(key, table);
    return table;
  });
  return [{ do: 'bend', by: tables.size === 1 && !by.includes(null) ? [by[0]!] : by }];
}

const flat = (y: number) => ({ from: Number.NEGATIVE_INFINITY, at: () => y });
const same = { from: Number.NEGATIVE_INFINITY, at: (x: number) => x };

/** A power for each channel; inverse, its root. `linear` leaves negative numbers as they are. */
export const gammaOperation =
  (negative: Negative, exponents: readonly number[]): Operation =>
  (way) => {
    const powers = exponents.map((exponent) => (way === 'forward' ? exponent : 1 / exponent));
    const idle = (power: number): boolean => power === 1 && negative !== 'clamp';
    return bend(
      powers.map((power) => (idle(power) ? null : String(power))),
      (channel) => {
        const power = powers[channel]!;
        const above = { from: 0, at: (x: number) => x ** power };
        if (negative === 'mirror') return { centre: { x: 0, y: 0 }, pieces: [above] };
        return { pieces: [negative === 'clamp' ? flat(0) : same, above] };
      },
    );
  };

/** OpenColorIO's bound, without which a gamma of 1 or an offset of 0 would divide by 0. */
const LEAST = 1e-6;

/**
 * ((x + offset) / (1 + offset)) ^ gamma, with the straight line that touches it below, as in sRGB and L*. `mirror` bends
 * negative numbers alike; otherwise the line goes on for them.
 */
export const footedOperation =
  (negative: 'mirror' | 'linear', gammas: readonly number[], offsets: readonly number[]): Operation =>
  (way) => {
    const idle = (channel: number): boolean => gammas[channel] === 1 && offsets[channel] === 0;
    return bend(
      gammas.map((gamma, i) => (idle(i) ? null : `${gamma} ${offsets[i]}`)),
      (channel) => footed(negative, gammas[channel]!, offsets[channel]!, way),
    );
  };

function footed(negative: 'mirror' | 'linear', givenGamma: number, givenOffset: number, way: Way): Curve {
  const gamma = Math.max(givenGamma, 1 + LEAST);
  const offset = Math.max(givenOffset, LEAST);
  const knee = offset / (gamma - 1);
  const top = ((offset * gamma) / ((gamma - 1) * (1 + offset))) ** gamma;
  const slope = top / knee;
  const [at, foot, power] =
    way === 'forward'
      ? [knee, slope, (x: number) => ((x + offset) / (1 + offset)) ** gamma]
      : [top, 1 / slope, (x: number) => (1 + offset) * x ** (1 / gamma) - offset];
  const line = { from: negative === 'mirror' ? 0 : Number.NEGATIVE_INFINITY, at: (x: number) => x * foot };
  const above = { from: at, at: power };
  return negative === 'mirror' ? { centre: { x: 0, y: 0 }, pieces: [line, above] } : { pieces: [line, above] };
}
