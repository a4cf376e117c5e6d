// Functions of OpenColorIO's FixedFunctionTransform that treat each channel by itself.
import { type Encoding, line, mirrored, pq, tableOf } from '../../../../engine/authoring.ts';
import type { Refuse } from './linear.ts';
import type { Operation } from './operation.ts';

/** Both directions of an encoding; forward is from linear light. */
export const encodingOperation =
  ({ fromLinear, toLinear }: Encoding): Operation =>
  (way) => [{ do: 'bend', by: [tableOf(way === 'forward' ? fromLinear : toLinear)] }];

/** The function of a style, or undefined where it is not one of these. */
export function fixedOperation(style: string, params: readonly number[], refuse: Refuse): Operation | undefined {
  switch (style.toLowerCase()) {
    case 'lin_to_pq':
      return encodingOperation(pq);
    case 'lin_to_gammalog':
      return encodingOperation(gammaLog(params, refuse));
    case 'lin_to_doublelog':
      return encodingOperation(doubleLog(params, refuse));
    default:
      return undefined;
  }
}

/**
 * A power up to a break and a logarithm above it, mirrored about a point: HLG's form. Parameters: mirror, break; gamma,
 * slope and offset of the power; base, log slope, log offset, lin slope, lin offset of the logarithm.
 */
function gammaLog(params: readonly number[], refuse: Refuse): Encoding {
  const [mirror = 0, cut = 0, gamma = 1, slope = 1, offset = 0, base = 10, logSlope = 1, logOffset = 0] = params;
  const [linSlope = 1, linOffset = 0] = params.slice(8);
  if (params.length !== 10 || !(base > 1) || !(cut > 0) || mirror !== 0) {
    return refuse('Lin_TO_GammaLog needs ten parameters, a base above 1, a break above 0 and its mirror at 0 here.');
  }
  const factor = logSlope / Math.log(base);
  const low = (x: number): number => slope * (x + offset) ** gamma;
  const high = (x: number): number => factor * Math.log(linSlope * x + linOffset) + logOffset;
  return mirrored(
    [
      { from: 0, at: (y) => (y / slope) ** (1 / gamma) - offset },
      { from: low(cut), at: (y) => (Math.exp((y - logOffset) / factor) - linOffset) / linSlope },
    ],
    [
      { from: 0, at: low },
      { from: cut, at: high },
    ],
  );
}

/**
 * Logarithms on both sides of a straight line, mirrored about the line's middle: Canon's form. Parameters: base, two
 * breaks, then log slope, log offset, lin slope and lin offset of both logarithms, slope and offset of the line.
 */
function doubleLog(params: readonly number[], refuse: Refuse): Encoding {
  const [base = 10, low = 0, high = 0, ...rest] = params;
  const [a = 1, b = 0, c = 1, d = 0, p = 1, q = 0, r = 1, s = 0, slope = 1, offset = 0] = rest;
  const near = (x: number, y: number): boolean => Math.abs(x - y) < 1e-5;
  const even = near(low, -high) && near(a, -p) && near(c, -r) && near(d, s) && near(b + q, 2 * offset);
  if (params.length !== 13 || !(base > 1) || !even || !(high > 0)) {
    return refuse('Lin_TO_DoubleLog is done only where both sides mirror each other.');
  }
  const factor = p / Math.log(base);
  const encode = (x: number): number => factor * Math.log(r * x + s) + q;
  const code = slope * high + offset;
  return {
    fromLinear: { centre: { x: 0, y: offset }, pieces: [line(0, slope, offset), { from: high, at: encode }] },
    toLinear: {
      centre: { x: offset, y: 0 },
      pieces: [
        line(offset, 1 / slope, -offset / slope),
        { from: code, at: (y) => (Math.exp((y - q) / factor) - s) / r },
      ],
    },
  };
}
