// Chromaticities: those of well-known colour spaces, and where points of the xy diagram lie in a picture.
import { type Json, PRIMARIES as LIGHTS } from '../../../../engine/browser.ts';
import { isRecord } from '../parameters/value.ts';

export const PRIMARIES = ['red', 'green', 'blue', 'white'] as const;
export type Primary = (typeof PRIMARIES)[number];
export type Pair = readonly [x: number, y: number];
export type Chromaticities = Readonly<Record<Primary, Pair>>;

/** Those that a value is compared with and that the menu offers. */
export const SPACES: Readonly<Record<string, Chromaticities>> = {
  'Rec.709': LIGHTS.rec709,
  'Rec.2020': LIGHTS.rec2020,
  'P3-D65': LIGHTS.p3d65,
  'ACES AP0': LIGHTS.ap0,
  'ACES AP1': LIGHTS.ap1,
};

/** The value as pairs of numbers; undefined where a number is one that cannot be drawn. */
export function pairsOf(value: Json): Chromaticities | undefined {
  if (!isRecord(value)) return undefined;
  const pairs = PRIMARIES.map((name): Pair | undefined => {
    const pair = value[name];
    const [x, y] = Array.isArray(pair) ? (pair as readonly Json[]) : [];
    return typeof x === 'number' && typeof y === 'number' ? [x, y] : undefined;
  });
  if (pairs.some((pair) => pair === undefined)) return undefined;
  return Object.fromEntries(PRIMARIES.map((name, i) => [name, pairs[i]!])) as unknown as Chromaticities;
}

/** The name of the colour space whose numbers these are, up to what a 32-bit float holds. */
export function spaceOf(value: Chromaticities): string | undefined {
  return Object.entries(SPACES).find(([, space]) =>
    PRIMARIES.every((name) => [0, 1].every((axis) => Math.abs(space[name][axis]! - value[name][axis]!) < 1e-5)),
  )?.[0];
}

/** The spectral locus of the CIE 1931 observer, every 20 nm from 460 to 620 and its ends, rounded to three digits. */
const LOCUS: readonly Pair[] = [
  [0.174, 0.005],
  [0.144, 0.03],
  [0.091, 0.133],
  [0.008, 0.538],
  [0.074, 0.834],
  [0.23, 0.754],
  [0.373, 0.624],
  [0.513, 0.487],
  [0.627, 0.372],
  [0.691, 0.308],
  [0.735, 0.265],
];

/** The part of the diagram that is drawn: x and y from `LOW` to `LOW + SPAN`. */
const LOW = -0.1;
const SPAN = 1.15;

/** A point of the diagram in a square picture of a size, y upwards. */
export const placeOf = ([x, y]: Pair, size: number): { readonly x: number; readonly y: number } => ({
  x: ((x - LOW) / SPAN) * size,
  y: size - ((y - LOW) / SPAN) * size,
});

/** The point of the diagram at a place of the picture, to four digits; places outside count as on the edge. */
export const pairAt = (place: { readonly x: number; readonly y: number }, size: number): Pair => {
  const inside = (at: number): number => Math.max(0, Math.min(size, at)) / size;
  const rounded = (value: number): number => Math.round(value * 1e4) / 1e4 + 0;
  return [rounded(LOW + inside(place.x) * SPAN), rounded(LOW + (1 - inside(place.y)) * SPAN)];
};

/** Points as SVG writes them. */
export const pointsOf = (pairs: readonly Pair[], size: number): string =>
  pairs
    .map((pair) => placeOf(pair, size))
    .map(({ x, y }) => `${x.toFixed(1)},${y.toFixed(1)}`)
    .join(' ');

export const locusPoints = (size: number): string => pointsOf(LOCUS, size);
