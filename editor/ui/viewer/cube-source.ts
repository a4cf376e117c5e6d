// The part of the kernel that draws through a cube: `lookUp` in cube.ts as text, and what it is given.
import { type Cube, type Light, REC709, scaleOf } from './cube.ts';

/** An array for the kernel with its width and height. */
export interface KernelArray {
  readonly values: Uint16Array;
  readonly size: readonly [width: number, height: number] | readonly [length: number];
}

export const NOTHING: KernelArray = { values: new Uint16Array(2), size: [2, 1] };

const float = (value: number): string => value.toFixed(1);

/** Functions that the kernel calls; all take and give floats. */
export const CUBE_FUNCTIONS = [
  {
    name: 'litOf',
    count: 3,
    source: `function litOf(linear, gain, power) {
      let v = linear * gain;
      if (v > 0.0) { if (power !== 1.0) { v = Math.pow(v, power); } }
      return v;
    }`,
  },
  {
    name: 'placeOf',
    count: 4,
    source: `function placeOf(light, foot, most, scale) {
      let v = light;
      if (v < 0.0) { v = 0.0; }
      if (v > most) { v = most; }
      return Math.log(1.0 + v / foot) * scale;
    }`,
  },
] as const;

/** Names of what the kernel knows of the light in a slot: a matrix, and whether the samples are codes instead. */
const LIGHT_NAMES = ['0', '1', '2', '3', '4', '5', '6', '7', '8', 'Codes'] as const;

/** Red, green and blue through the cube: `lookUp` in cube.ts. */
export const throughCube = (): string => {
  const row = (from: number): string =>
    `placeOf(light${from} * vr + light${from + 1} * vg + light${from + 2} * vb, cubeFoot, cubeMost, cubeScale)`;
  const swap = (a: number, b: number): string =>
    `if (share${a} < share${b}) {
          const share = share${a}; share${a} = share${b}; share${b} = share;
          const step = step${a}; step${a} = step${b}; step${b} = step;
        }`;
  const read = (colour: string, k: number): string =>
    `${colour} = cubeLow + cubeRange * (Math.floor(codes[at0 + ${float(k)}] + 0.5) * (1.0 - share1)
          + Math.floor(codes[at1 + ${float(k)}] + 0.5) * (share1 - share2)
          + Math.floor(codes[at2 + ${float(k)}] + 0.5) * (share2 - share3)
          + Math.floor(codes[at3 + ${float(k)}] + 0.5) * share3);`;
  return `
    if (cubeEdge > 0.5) {
      ${LIGHT_NAMES.map((name) => `let light${name} = aLight${name};`).join(' ')}
      if ((compare > 0.5 && compare < 1.5) || (compare > 1.5 && compare < 2.5 && x >= wipe)) {
        ${LIGHT_NAMES.map((name) => `light${name} = bLight${name};`).join(' ')}
      }
      const vr = litOf(r, gain, power);
      const vg = litOf(g, gain, power);
      const vb = litOf(bl, gain, power);
      red = vr; green = vg; blue = vb;
      if (lightCodes < 0.5) {
        const placeX = ${row(0)};
        const placeY = ${row(3)};
        const placeZ = ${row(6)};
        const cornerX = Math.min(Math.floor(placeX), cubeEdge - 2.0);
        const cornerY = Math.min(Math.floor(placeY), cubeEdge - 2.0);
        const cornerZ = Math.min(Math.floor(placeZ), cubeEdge - 2.0);
        let share1 = placeX - cornerX; let share2 = placeY - cornerY; let share3 = placeZ - cornerZ;
        let step1 = 3.0; let step2 = 3.0 * cubeEdge; let step3 = 3.0 * cubeEdge * cubeEdge;
        ${swap(1, 2)}
        ${swap(2, 3)}
        ${swap(1, 2)}
        const at0 = 3.0 * (cornerX + cubeEdge * (cornerY + cubeEdge * cornerZ));
        const at1 = at0 + step1;
        const at2 = at1 + step2;
        const at3 = at2 + step3;
        ${read('red', 0)}
        ${read('green', 1)}
        ${read('blue', 2)}
      }
      red = Math.max(0.0, Math.min(1.0, red));
      green = Math.max(0.0, Math.min(1.0, green));
      blue = Math.max(0.0, Math.min(1.0, blue));
    }`;
};

/** The last parameters of the kernel. */
export const CUBE_PARAMETERS: readonly { readonly name: string; readonly array: boolean }[] = [
  { name: 'codes', array: true },
  ...['cubeEdge', 'cubeFoot', 'cubeMost', 'cubeScale', 'cubeLow', 'cubeRange'].map((name) => ({ name, array: false })),
  ...['aLight', 'bLight'].flatMap((slot) => LIGHT_NAMES.map((name) => ({ name: `${slot}${name}`, array: false }))),
];

/** What they are, with the light in each slot. */
export function cubeArguments(cube: Cube | undefined, a = REC709, b = REC709): readonly (KernelArray | number)[] {
  const lights = [...lightNumbers(a), ...lightNumbers(b)];
  if (!cube) return [{ values: NOTHING.values, size: [NOTHING.values.length] }, 0, 1, 1, 1, 0, 0, ...lights];
  const { size, foot, most, low, high, codes } = cube;
  const range = (high - low) / 65535;
  return [{ values: codes, size: [codes.length] }, size, foot, most, scaleOf(cube), low, range, ...lights];
}

const lightNumbers = (light: Light): readonly number[] =>
  light.length === 0 ? [1, 0, 0, 0, 1, 0, 0, 0, 1, 1] : [...light, 0];
