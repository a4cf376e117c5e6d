// Cubes of code values: display transforms that take red, green and blue together, baked by the host.

/** A display transform as a cube. Light is linear ACEScg, from 0 to `most`, spread by log(1 + light / foot). */
export interface Cube {
  /** Entries along each edge. */
  readonly size: number;
  readonly foot: number;
  readonly most: number;
  /** The signal that a stored 0 and a stored 65535 stand for. */
  readonly low: number;
  readonly high: number;
  /** Three for each entry, red fastest and blue slowest. */
  readonly codes: Uint16Array;
}

/**
 * What the numbers of a picture are: nine numbers of the matrix to linear ACEScg, row by row; none where they are codes
 * already, which a cube is not for.
 */
export type Light = readonly number[];

export const ACESCG: Light = [1, 0, 0, 0, 1, 0, 0, 0, 1];

/** Linear Rec.709 to ACEScg, Bradford: what a picture is taken for that does not say what it is, as OpenEXR has it. */
export const REC709: Light = [
  0.6130974024, 0.3395231462, 0.0473794514, 0.0701937225, 0.9163538791, 0.0134523985, 0.0206155929, 0.1095697729,
  0.8698146342,
];

/** By how much the logarithm of 1 + light / foot is multiplied to get a place along an edge. */
export const scaleOf = ({ size, foot, most }: Cube): number => (size - 1) / Math.log(1 + most / foot);

/** The signal of a colour of light, three numbers from 0 to 1, into `into`: interpolated along tetrahedra. */
export function lookUp(cube: Cube, light: Light, r: number, g: number, b: number, into: Float64Array): void {
  if (light.length === 0) {
    into[0] = Math.min(1, Math.max(0, r));
    into[1] = Math.min(1, Math.max(0, g));
    into[2] = Math.min(1, Math.max(0, b));
    return;
  }
  const { size, foot, most, low, high, codes } = cube;
  const scale = scaleOf(cube);
  const x = placeOf(light[0]! * r + light[1]! * g + light[2]! * b, foot, most, scale);
  const y = placeOf(light[3]! * r + light[4]! * g + light[5]! * b, foot, most, scale);
  const z = placeOf(light[6]! * r + light[7]! * g + light[8]! * b, foot, most, scale);
  const column = Math.min(Math.floor(x), size - 2);
  const row = Math.min(Math.floor(y), size - 2);
  const layer = Math.min(Math.floor(z), size - 2);
  let first = x - column;
  let second = y - row;
  let third = z - layer;
  let firstStep = 3;
  let secondStep = 3 * size;
  let thirdStep = 3 * size * size;
  // The corners are passed in the order of the shares, the greatest first.
  if (first < second) {
    [first, second] = [second, first];
    [firstStep, secondStep] = [secondStep, firstStep];
  }
  if (second < third) {
    [second, third] = [third, second];
    [secondStep, thirdStep] = [thirdStep, secondStep];
  }
  if (first < second) {
    [first, second] = [second, first];
    [firstStep, secondStep] = [secondStep, firstStep];
  }
  const at0 = column * 3 + row * 3 * size + layer * 3 * size * size;
  const at1 = at0 + firstStep;
  const at2 = at1 + secondStep;
  const at3 = at2 + thirdStep;
  for (let k = 0; k < 3; k++) {
    const stored =
      codes[at0 + k]! * (1 - first) +
      codes[at1 + k]! * (first - second) +
      codes[at2 + k]! * (second - third) +
      codes[at3 + k]! * third;
    const signal = low + (stored * (high - low)) / 65535;
    into[k] = signal < 0 ? 0 : signal > 1 ? 1 : signal;
  }
}

function placeOf(light: number, foot: number, most: number, scale: number): number {
  const bounded = light > 0 ? (light < most ? light : most) : 0;
  return Math.log(1 + bounded / foot) * scale;
}
