// Display transforms as cubes of code values, for viewers that have to draw at once.
import { evaluateCurve, SPACES } from '../../../engine/authoring.ts';
import { fastRenderer } from './fast.ts';
import { DISPLAY_NAMES, DISPLAYS, type DisplayName, renderingOf } from './named.ts';

/** Entries along each edge of a cube. */
export const CUBE_SIZE = 65;

/**
 * Where light lies along an edge: linear ACEScg from 0 to `most`, spread by log2(1 + light / foot). Codes are stored as
 * whole numbers from 0 to 65535, for `low` to `high`; beyond 0 and 1 they are there only to be interpolated.
 */
export const CUBE = { foot: 0.004, most: 1024, low: -0.25, high: 1.25 } as const;

/**
 * The codes of a display transform with a rendering: three for each entry, red fastest and blue slowest. Between entries
 * they are meant to be interpolated along tetrahedra, which keeps greys grey.
 */
export function bakeCube(name: DisplayName, size = CUBE_SIZE): Uint16Array<ArrayBuffer> {
  const { target, to } = DISPLAYS[name];
  if (!target) throw new RangeError(`${name} is a plain encoding, which needs no cube.`);
  const { primaries, encoding } = SPACES[to];
  const span = Math.log2(1 + CUBE.most / CUBE.foot);
  const edge = Array.from({ length: size }, (_, i) => CUBE.foot * (2 ** ((i / (size - 1)) * span) - 1));
  const count = size ** 3;
  const planes = [1, size, size * size].map((step) =>
    Float32Array.from({ length: count }, (_, i) => edge[Math.floor(i / step) % size]!),
  ) as [Float32Array, Float32Array, Float32Array];
  const curve = encoding!.fromLinear;
  const peak = target.peak / 100;
  fastRenderer(renderingOf(target), [1, 0, 0, 0, 1, 0, 0, 0, 1], primaries, { least: -peak, most: 2 * peak })(
    ...planes,
  );
  const codes = new Uint16Array(count * 3);
  for (let i = 0; i < count; i++) {
    for (let k = 0; k < 3; k++) {
      const code = evaluateCurve(curve, planes[k]![i]!);
      const share = (code - CUBE.low) / (CUBE.high - CUBE.low);
      codes[i * 3 + k] = Math.round(Math.min(1, Math.max(0, share)) * 65535);
    }
  }
  return codes;
}

/** The transforms that a viewer on an ordinary screen may ask for: those with a rendering for 100 cd/m². */
export const CUBE_NAMES: readonly DisplayName[] = DISPLAY_NAMES.filter((name) => DISPLAYS[name].target?.peak === 100);

const kept = new Map<string, Uint16Array<ArrayBuffer>>();

/** The cube of one of `CUBE_NAMES`, baked once; undefined for any other name. */
export function cubeOf(name: string): Uint16Array<ArrayBuffer> | undefined {
  const wanted = CUBE_NAMES.find((known) => known === name);
  if (!wanted) return undefined;
  const codes = kept.get(wanted) ?? bakeCube(wanted);
  kept.set(wanted, codes);
  return codes;
}
