// Tables by hue for a display: how colourful its most colourful colours are, and how far scenes reach.
import type { Vector } from '../../../engine/authoring.ts';
import { type Appearance, fromSeen, REFERENCE_LUMINANCE, responseOf, type Seen, toAab, toSeen } from './appearance.ts';
import {
  boundaryOf,
  CUSP_MARGIN,
  focusOf,
  type GamutShape,
  type HueShape,
  meetAxis,
  slopeAt,
  slopeGain,
} from './gamut.ts';

/** Intervals of hue in a table. Each table has one entry more, which is the first one again. */
export const HUES = 360;

/** M that AP1 reaches at a lightness, for every whole degree of hue. */
export function reachTable(reach: Appearance, lightness: number): Float64Array {
  const table = new Float64Array(HUES + 1);
  const outside = (M: number, h: number): boolean => Math.min(...fromSeen(reach, { J: lightness, M, h })) < 0;
  // The steps of the search are those of the reference, so that its tolerance gives the same numbers.
  for (let h = 0; h < HUES; h++) {
    let low = 0;
    let high = 50;
    while (high < 1300 && !outside(high, h)) {
      low = high;
      high += 50;
    }
    while (high - low > 1e-2) {
      const middle = (low + high) / 2;
      if (outside(middle, h)) high = middle;
      else low = middle;
    }
    table[h] = high;
  }
  table[HUES] = table[0]!;
  return table;
}

/** The corners of a cube that are neither black nor white: red, yellow, green, cyan, blue, magenta. */
const CORNERS: readonly Vector[] = [
  [1, 0, 0],
  [1, 1, 0],
  [0, 1, 0],
  [0, 1, 1],
  [0, 0, 1],
  [1, 0, 1],
];

interface Corner {
  readonly rgb: Vector;
  readonly seen: Seen;
}

const times = (by: number, [r, g, b]: Vector): Vector => [by * r, by * g, by * b];
const between = (a: Vector, b: Vector, t: number): Vector => [
  a[0] + (b[0] - a[0]) * t,
  a[1] + (b[1] - a[1]) * t,
  a[2] + (b[2] - a[2]) * t,
];

const byHue = (corners: readonly Corner[]): Corner[] => corners.toSorted((a, b) => a.seen.h - b.seen.h);

/** The corners of AP1 where they have a lightness. */
function reachCorners(reach: Appearance, lightness: number, sceneLimit: number): Corner[] {
  const wanted = responseOf(lightness);
  return byHue(
    CORNERS.map((corner) => {
      let low = 0;
      let high = sceneLimit;
      while (high - low > 1e-3) {
        const middle = (low + high) / 2;
        if (toAab(reach, times(middle, corner))[0] < wanted) low = middle;
        else high = middle;
      }
      const rgb = times(high, corner);
      return { rgb, seen: toSeen(reach, rgb) };
    }),
  );
}

/** `HUES` hues, about a degree apart, among them those of all corners. */
function sampledHues(corners: readonly number[]): Float64Array {
  const places: number[] = [];
  let least = corners[0] === 0 ? 0 : 1;
  let last = -1;
  for (const [i, hue] of corners.entries()) {
    let place = Math.min(Math.max(Math.round(hue), least), HUES - 1);
    if (place === last) {
      if (i > 1 && places[i - 2] !== places[i - 1]! - 1) places[i - 1]! -= 1;
      else place += 1;
    }
    places.push(Math.min(place, HUES - 1));
    last = place;
    least = place;
  }
  const hues = new Float64Array(HUES + 1);
  const ends = [...corners, 360];
  let from = 0;
  for (const [i, place] of [...places, HUES].entries()) {
    const start = i === 0 ? 0 : ends[i - 1]!;
    const step = (ends[i]! - start) / (place - from);
    for (let k = from; k < place; k++) hues[k] = start + (k - from) * step;
    from = place;
  }
  hues[HUES] = 360;
  return hues;
}

/** J and M of the most colourful colour of a hue: it lies on an edge between two corners of the display's cube. */
function cuspAt(
  hue: number,
  corners: readonly Corner[],
  display: Appearance,
): { readonly J: number; readonly M: number } {
  const next = corners.findIndex(({ seen }) => seen.h > hue);
  const upper = corners.at(next < 0 ? 0 : next)!;
  const lower = corners.at((next < 0 ? 0 : next) - 1)!;
  if (lower.seen.h === hue) return lower.seen;
  // Hues that go past 360 count on from there.
  const start = lower.seen.h > hue ? lower.seen.h - 360 : lower.seen.h;
  const turn = (h: number): number => {
    const from = (((h - start) % 360) + 360) % 360;
    // A hair before the lower corner.
    return from > 350 ? from - 360 : from;
  };
  let low = 0;
  let high = 1;
  for (let i = 0; i < 40; i++) {
    const middle = (low + high) / 2;
    if (turn(toSeen(display, between(lower.rgb, upper.rgb, middle)).h) > hue - start) high = middle;
    else low = middle;
  }
  return toSeen(display, between(lower.rgb, upper.rgb, (low + high) / 2));
}

/** Where the fit of the boundary's upper part is tried, from the cusp to the peak. */
const TRIALS = [0.01, 0.1, 0.5, 0.8, 0.99] as const;
const FIRST_STEP = 0.4;
const GREATEST_POWER = 5;
const POWER_ACCURACY = 1e-5;

/** 1 over the least power with which the upper boundary, where it is tried, lies outside the display. */
function upperPower(shape: GamutShape, display: Appearance, peak: number, hue: number, cusp: Seen): number {
  const { lightnessLimit } = shape;
  const focus = focusOf(shape, cusp.J);
  const trials = TRIALS.map((t) => {
    const J = cusp.J + (lightnessLimit - cusp.J) * t;
    const gain = slopeGain(shape, cusp.J, J);
    const axis = meetAxis(J, cusp.M, focus, lightnessLimit, gain);
    const line = { axis, slope: slopeAt(axis, focus, lightnessLimit, gain) };
    return { line, cuspAxis: meetAxis(cusp.J, cusp.M, focus, lightnessLimit, gain) };
  });
  const most = peak / REFERENCE_LUMINANCE;
  const fits = (power: number): boolean =>
    trials.every(({ line, cuspAxis }) => {
      const M = boundaryOf(shape, { cuspJ: cusp.J, cuspM: cusp.M, upper: 1 / power }, line, cuspAxis);
      return Math.max(...fromSeen(display, { J: line.axis + line.slope * M, M, h: hue })) > most;
    });
  let low = 0;
  let high = FIRST_STEP;
  while (high < GREATEST_POWER && !fits(high)) {
    low = high;
    high += FIRST_STEP;
  }
  while (high - low > POWER_ACCURACY) {
    const middle = (low + high) / 2;
    if (fits(middle)) high = middle;
    else low = middle;
  }
  return 1 / high;
}

/** Shapes by hue: entry i is for `hues[i]`, and what lies between is interpolated. */
export interface CuspTable {
  /** Ascending from 0 to 360. */
  readonly hues: Float64Array;
  readonly cuspJ: Float64Array;
  readonly cuspM: Float64Array;
  readonly upper: Float64Array;
  /** For whole degrees: the interval of `hues` that the degree lies in. */
  readonly start: Uint16Array;
}

export interface CuspOptions {
  readonly shape: GamutShape;
  readonly display: Appearance;
  readonly reach: Appearance;
  /** In cd/m². */
  readonly peak: number;
  readonly sceneLimit: number;
}

export function cuspTable({ shape, display, reach, peak, sceneLimit }: CuspOptions): CuspTable {
  const bright = peak / REFERENCE_LUMINANCE;
  const corners = byHue(
    CORNERS.map((corner) => ({ rgb: times(bright, corner), seen: toSeen(display, times(bright, corner)) })),
  );
  const far = reachCorners(reach, shape.lightnessLimit, sceneLimit);
  const all = [...new Set([...corners, ...far].map(({ seen }) => seen.h))].sort((a, b) => a - b);
  const hues = sampledHues(all);
  const [cuspJ, cuspM, upper] = [new Float64Array(HUES + 1), new Float64Array(HUES + 1), new Float64Array(HUES + 1)];
  for (let i = 0; i < HUES; i++) {
    const { J, M } = cuspAt(hues[i]!, corners, display);
    const cusp: Seen = { J, M: M * CUSP_MARGIN, h: hues[i]! };
    cuspJ[i] = J;
    cuspM[i] = cusp.M;
    upper[i] = upperPower(shape, display, peak, hues[i]!, cusp);
  }
  for (const table of [cuspJ, cuspM, upper]) table[HUES] = table[0]!;
  return { hues, cuspJ, cuspM, upper, start: startsOf(hues) };
}

function startsOf(hues: Float64Array): Uint16Array {
  let at = 0;
  return Uint16Array.from({ length: HUES + 1 }, (_, degree) => {
    while (at < HUES - 1 && hues[at + 1]! <= degree) at++;
    return at;
  });
}

/** The shape of a hue in degrees, from 0 up to 360. */
export function shapeAt({ hues, cuspJ, cuspM, upper, start }: CuspTable, h: number): HueShape {
  let i = start[Math.floor(h)]!;
  while (hues[i + 1]! < h) i++;
  const t = (h - hues[i]!) / (hues[i + 1]! - hues[i]!);
  const at = (table: Float64Array): number => table[i]! + (table[i + 1]! - table[i]!) * t;
  return { cuspJ: at(cuspJ), cuspM: at(cuspM), upper: at(upper) };
}

/** An entry of a table by whole degrees. */
export function reachAt(table: Float64Array, h: number): number {
  const degree = Math.floor(h);
  return table[degree]! + (table[degree + 1]! - table[degree]!) * (h - degree);
}
