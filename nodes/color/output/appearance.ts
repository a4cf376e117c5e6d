// How light is seen: lightness, colourfulness and hue of a colour, by the colour appearance model of ACES 2.0.
import {
  applyMatrix,
  invertMatrix,
  type Matrix,
  multiplyMatrices,
  type Primaries,
  rgbToXyz,
  type Vector,
} from '../../../engine/authoring.ts';

/**
 * The model of Hellwig and Fairchild, "Brightness, lightness, colorfulness, and chroma in CIECAM02 and CAM16" (2022), with
 * the choices of ACES 2.0 (ampas/aces-core, Lib.Academy.OutputTransform): dim surround, full adaptation to the white of
 * the space, L_A 100 cd/m², background 20, other weights of the cones.
 *
 * J is lightness, 100 for white. M is colourfulness, h is hue in degrees from 0 up to 360. A is the response of the eye to
 * light without colour, 1 for white. One linear RGB of 1, 1, 1 is 100 cd/m².
 */
export interface Appearance {
  /** From linear RGB to light on adapted cones. */
  readonly toCones: Matrix;
  readonly fromCones: Matrix;
  /** From responses of cones to A, a and b. */
  readonly toAab: Matrix;
  readonly fromAab: Matrix;
}

/** The luminance in cd/m² of linear 1. */
export const REFERENCE_LUMINANCE = 100;

const ADAPTING = 100;
const BACKGROUND = 20;
/** Dim: c and N_c of CIECAM02. */
const SURROUND = { c: 0.59, n: 0.9 } as const;

/** From A to J: an exponent. */
export const LIGHTNESS_POWER = SURROUND.c * (1.48 + Math.sqrt(BACKGROUND / REFERENCE_LUMINANCE));

const ADAPTATION = ((): number => {
  const light = 5 * ADAPTING;
  const fourth = (1 / (light + 1)) ** 4;
  return 0.2 * fourth * light + 0.1 * (1 - fourth) ** 2 * Math.cbrt(light);
})();

const CONES: Primaries = {
  red: [0.8336, 0.1735],
  green: [2.3854, -1.4659],
  blue: [0.087, -0.125],
  white: [0.333, 0.333],
};

const COMPRESSION = 0.42;
const OFFSET = 27.13;
/** Responses end here on the way back, before light would be endless. */
const MOST_RESPONSE = 0.99;

/** The response of a cone, from -1 to 1. */
export function respond(light: number): number {
  const power = Math.abs(light) ** COMPRESSION;
  const response = power / (OFFSET + power);
  return light < 0 ? -response : response;
}

/** The light that has a response. */
export function unrespond(response: number): number {
  const bounded = Math.min(Math.abs(response), MOST_RESPONSE);
  const light = ((OFFSET * bounded) / (1 - bounded)) ** (1 / COMPRESSION);
  return response < 0 ? -light : light;
}

/** The response of a cone to white. */
export const WHITE_RESPONSE = respond(ADAPTATION);

/** The model for colours of these primaries. */
export function appearanceOf(primaries: Primaries): Appearance {
  const toXyz = rgbToXyz(primaries)!;
  const cones = multiplyMatrices(invertMatrix(rgbToXyz(CONES)!)!, toXyz);
  const [l, m, s] = applyMatrix(cones, [1, 1, 1]);
  const scale: Matrix = [ADAPTATION / l, 0, 0, 0, ADAPTATION / m, 0, 0, 0, ADAPTATION / s];
  const toCones = multiplyMatrices(scale, cones);
  const achromatic = 1 / ((2 + 1 + 1 / 20) * WHITE_RESPONSE);
  const chromatic = 400 * 43 * SURROUND.n;
  const toAab: Matrix = [
    2 * achromatic,
    achromatic,
    achromatic / 20,
    chromatic,
    (-12 / 11) * chromatic,
    chromatic / 11,
    chromatic / 9,
    chromatic / 9,
    (-2 / 9) * chromatic,
  ];
  return { toCones, fromCones: invertMatrix(toCones)!, toAab, fromAab: invertMatrix(toAab)! };
}

/** A colour as it is seen. */
export interface Seen {
  readonly J: number;
  readonly M: number;
  readonly h: number;
}

const DARK: Seen = { J: 0, M: 0, h: 0 };

/** A, a and b of linear RGB. */
export function toAab({ toCones, toAab: mix }: Appearance, rgb: Vector): Vector {
  const [l, m, s] = applyMatrix(toCones, rgb);
  return applyMatrix(mix, [respond(l), respond(m), respond(s)]);
}

/** What lies below this colourfulness has none: rounding makes that much of a neutral colour. */
export const NEUTRAL = 1e-9;

/** J, M and h. Without light all three are 0, and a neutral colour has the hue 0. */
export function seenFrom([A, a, b]: Vector): Seen {
  if (!(A > 0)) return DARK;
  const M = Math.hypot(a, b);
  if (M < NEUTRAL) return { J: lightnessOf(A), M: 0, h: 0 };
  const degrees = (Math.atan2(b, a) * 180) / Math.PI;
  const h = degrees < 0 ? degrees + 360 : degrees;
  // Just below 0 becomes 360 by rounding.
  return { J: lightnessOf(A), M, h: h >= 360 ? 0 : h };
}

export const toSeen = (appearance: Appearance, rgb: Vector): Seen => seenFrom(toAab(appearance, rgb));

/** Linear RGB of a colour as it is seen; of a neutral one three equal numbers. */
export function fromSeen({ fromAab, fromCones }: Appearance, { J, M, h }: Seen): Vector {
  const A = responseOf(J);
  if (M === 0) {
    const grey = luminanceOf(A) / REFERENCE_LUMINANCE;
    return [grey, grey, grey];
  }
  const angle = (h * Math.PI) / 180;
  const [l, m, s] = applyMatrix(fromAab, [A, M * Math.cos(angle), M * Math.sin(angle)]);
  return applyMatrix(fromCones, [unrespond(l), unrespond(m), unrespond(s)]);
}

export const lightnessOf = (A: number): number => 100 * A ** LIGHTNESS_POWER;

/** A from J. */
export const responseOf = (J: number): number => (J / 100) ** (1 / LIGHTNESS_POWER);

/** The luminance in cd/m² of a neutral colour with this A. */
export const luminanceOf = (A: number): number => (unrespond(WHITE_RESPONSE * A) / ADAPTATION) * REFERENCE_LUMINANCE;

/** J of a neutral colour with this luminance in cd/m². */
export const lightnessOfLuminance = (Y: number): number =>
  lightnessOf(respond((Y / REFERENCE_LUMINANCE) * ADAPTATION) / WHITE_RESPONSE);
