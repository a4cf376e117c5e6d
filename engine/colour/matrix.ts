// Matrices between linear RGB spaces, computed from their primaries in double precision.
import { type Chromaticity, PRIMARIES, type Primaries, XYZ_WHITE } from './primaries.ts';

/** Nine numbers row by row. A colour is a column. */
export type Matrix = readonly [number, number, number, number, number, number, number, number, number];

export type Vector = readonly [number, number, number];

/** How a white becomes another one. */
export type Adaptation = 'bradford' | 'cat02' | 'none';

/** The product: `b` is applied first. */
export function multiplyMatrices(a: Matrix, b: Matrix): Matrix {
  const at = (row: number, column: number): number =>
    a[row * 3]! * b[column]! + a[row * 3 + 1]! * b[column + 3]! + a[row * 3 + 2]! * b[column + 6]!;
  return [at(0, 0), at(0, 1), at(0, 2), at(1, 0), at(1, 1), at(1, 2), at(2, 0), at(2, 1), at(2, 2)];
}

export const applyMatrix = (m: Matrix, [x, y, z]: Vector): Vector => [
  m[0] * x + m[1] * y + m[2] * z,
  m[3] * x + m[4] * y + m[5] * z,
  m[6] * x + m[7] * y + m[8] * z,
];

/** The inverse, or undefined where there is none that means anything. */
export function invertMatrix([a, b, c, d, e, f, g, h, i]: Matrix): Matrix | undefined {
  const p = e * i - f * h;
  const q = f * g - d * i;
  const r = d * h - e * g;
  const determinant = a * p + b * q + c * r;
  if (!(Math.abs(determinant) > 1e-12)) return undefined;
  const s = 1 / determinant;
  return [
    p * s,
    (c * h - b * i) * s,
    (b * f - c * e) * s,
    q * s,
    (a * i - c * g) * s,
    (c * d - a * f) * s,
    r * s,
    (b * g - a * h) * s,
    (a * e - b * d) * s,
  ];
}

/** X, Y and Z of a chromaticity with Y = 1. */
const xyzOf = ([x, y]: Chromaticity): Vector => [x / y, 1, (1 - x - y) / y];

/**
 * From RGB to the XYZ in which equal amounts of 1 are the white with Y = 1: SMPTE RP 177. Undefined where the lights
 * lie on one line or the white is dark, as in a file that makes no sense.
 */
export function rgbToXyz({ red, green, blue, white }: Primaries): Matrix | undefined {
  if (!(Math.abs(white[1]) > 1e-6)) return undefined;
  const z = (c: Chromaticity): number => 1 - c[0] - c[1];
  const lights: Matrix = [red[0], green[0], blue[0], red[1], green[1], blue[1], z(red), z(green), z(blue)];
  const inverse = invertMatrix(lights);
  if (!inverse) return undefined;
  const [r, g, b] = applyMatrix(inverse, xyzOf(white));
  const scaled = multiplyMatrices(lights, [r, 0, 0, 0, g, 0, 0, 0, b]);
  return invertMatrix(scaled) && scaled;
}

/** From XYZ to responses of the eye. */
const CONES: Readonly<Record<Exclude<Adaptation, 'none'>, Matrix>> = {
  /** The linear Bradford transform: ICC.1:2022, annex E.3. */
  bradford: [0.8951, 0.2664, -0.1614, -0.7502, 1.7135, 0.0367, 0.0389, -0.0685, 1.0296],
  /** CIE 159:2004 (CIECAM02). */
  cat02: [0.7328, 0.4296, -0.1624, -0.7036, 1.6975, 0.0061, 0.003, 0.0136, 0.9834],
};

const IDENTITY: Matrix = [1, 0, 0, 0, 1, 0, 0, 0, 1];

/** The matrix on XYZ that turns one white into another: each response is scaled by itself (von Kries). */
export function adaptWhite(from: Chromaticity, to: Chromaticity, by: Adaptation): Matrix {
  if (by === 'none' || (from[0] === to[0] && from[1] === to[1])) return IDENTITY;
  const cones = CONES[by];
  const [l0, m0, s0] = applyMatrix(cones, xyzOf(from));
  const [l1, m1, s1] = applyMatrix(cones, xyzOf(to));
  const scale: Matrix = [l1 / l0, 0, 0, 0, m1 / m0, 0, 0, 0, s1 / s0];
  return multiplyMatrices(invertMatrix(cones)!, multiplyMatrices(scale, cones));
}

/** Images of X, Y and Z hold them relative to D65, though their own white point is that of equal energy. */
const whiteOf = (p: Primaries): Chromaticity => (isXyz(p) ? XYZ_WHITE : p.white);
const toXyz = (p: Primaries): Matrix | undefined => (isXyz(p) ? IDENTITY : rgbToXyz(p));
const isXyz = (p: Primaries): boolean => JSON.stringify(p) === JSON.stringify(PRIMARIES.xyz);

/**
 * From linear RGB of one set of primaries to that of another; exactly the identity where they are the same. Undefined
 * where one of them spans no space.
 */
export function convertPrimaries(from: Primaries, to: Primaries, adaptation: Adaptation): Matrix | undefined {
  if (JSON.stringify(from) === JSON.stringify(to)) return IDENTITY;
  const forth = toXyz(from);
  const back = toXyz(to);
  const inverse = back && invertMatrix(back);
  if (!forth || !inverse) return undefined;
  return multiplyMatrices(inverse, multiplyMatrices(adaptWhite(whiteOf(from), whiteOf(to), adaptation), forth));
}

export const isIdentity = (m: Matrix): boolean => m.every((value, i) => value === IDENTITY[i]);
