// Saturation as a matrix, and how much red, green and blue weigh in luminance.
import { type Matrix, PRIMARIES, type Primaries, rgbToXyz, type Vector } from '../../../engine/authoring.ts';

/** The row of Y in the matrix to XYZ. */
function luminance(primaries: Primaries): Vector {
  const [, , , r = 0, g = 0, b = 0] = rgbToXyz(primaries) ?? [];
  return [r, g, b];
}

/** Luminance of linear red, green and blue; `asc` are the rounded weights of the ASC CDL (version 1.2, 4.2). */
export const WEIGHTS = {
  ap1: luminance(PRIMARIES.ap1),
  rec709: luminance(PRIMARIES.rec709),
  rec2020: luminance(PRIMARIES.rec2020),
  average: [1 / 3, 1 / 3, 1 / 3],
  asc: [0.2126, 0.7152, 0.0722],
} as const satisfies Readonly<Record<string, Vector>>;

/** Grey plus `amount` times what differs from it. */
export function saturationMatrix(amount: number, [r, g, b]: Vector): Matrix {
  const rest = 1 - amount;
  const [x, y, z] = [rest * r, rest * g, rest * b];
  return [x + amount, y, z, x, y + amount, z, x, y, z + amount];
}
