// How much red, green and blue give to luminance, by what a part says of its lights.
import {
  type Chromaticity,
  decodeAttribute,
  findAttribute,
  type ImageSpec,
  type NodeProblem,
  PRIMARIES,
  type Primaries,
  type Vector,
} from '../../../engine/authoring.ts';

const round = Math.fround;

/** The lights that a part states in `chromaticities`, or else the first part; those of Rec. 709 where neither does. */
function lightsOf({ parts }: ImageSpec, index: number): Primaries {
  for (const part of [parts[index], parts[0]]) {
    const stated = part && findAttribute(part.attributes, 'chromaticities');
    if (stated?.type === 'chromaticities') return decodeAttribute(stated) as unknown as Primaries;
  }
  return PRIMARIES.rec709;
}

/** The weights, which add up to 1; undefined where the lights that are stated span no space. */
export function weightsOf(image: ImageSpec, index: number): Vector | undefined {
  try {
    const weights = singleWeights(lightsOf(image, index));
    return weights.every(Number.isFinite) && weights[1] !== 0 ? weights : undefined;
  } catch {
    return undefined; // bytes that hold no chromaticities
  }
}

/**
 * How much of the white's luminance each light gives, by Cramer's rule, in single precision step by step as OpenEXR's
 * RGBtoXYZ has it: the last bit of a weight shows in one sample of ten thousand.
 */
function singleWeights({ red, green, blue, white }: Primaries): Vector {
  const single = ([x, y]: Chromaticity): Chromaticity => [round(x), round(y)];
  const [r, g, b, [wx, wy]] = [single(red), single(green), single(blue), single(white)];
  const x = round(wx / wy);
  const xz = round(x + round(round(round(1 - wx) - wy) / wy));
  /** The product of a chromaticity's x with how far another one's y is from the white's. */
  const cross = (p: Chromaticity, q: Chromaticity): number => round(p[0] * round(round(q[1] - 1) + round(q[1] * xz)));
  const apart = (p: Chromaticity, q: Chromaticity): number => round(p[1] - q[1]);
  const whole = round(round(round(r[0] * apart(b, g)) + round(b[0] * apart(g, r))) + round(g[0] * apart(r, b)));
  const shares = [
    round(round(round(x * apart(b, g)) - cross(g, b)) + cross(b, g)),
    round(round(round(x * apart(r, b)) + cross(r, b)) - cross(b, r)),
    round(round(round(x * apart(g, r)) - cross(r, g)) + cross(g, r)),
  ];
  const [first = 0, second = 0, third = 0] = [r, g, b].map((light, i) => round(round(shares[i]! / whole) * light[1]));
  const sum = round(round(first + second) + third);
  return [round(first / sum), round(second / sum), round(third / sum)];
}

/** What there is to say where `weightsOf` gives nothing. */
export const noWeights = (label: string, part: string | number): NodeProblem => ({
  severity: 'error',
  code: 'attribute-value',
  message: `The chromaticities of ${label} span no space of colours, so that nobody knows its luminance. Set others with Set attribute, or delete them.`,
  where: { part },
});
