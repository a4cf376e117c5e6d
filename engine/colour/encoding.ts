// What an encoding is: a pair of curves between linear light and the numbers that stand for it.
import type { Curve, CurvePiece } from '../pixels/curve.ts';

/** Each is the inverse of the other over all numbers; neither cuts anything off. */
export interface Encoding {
  readonly toLinear: Curve;
  readonly fromLinear: Curve;
}

/** A straight stretch. */
export const line = (from: number, slope: number, offset: number): CurvePiece => ({
  from,
  at: (x) => slope * x + offset,
});

/** An odd pair about 0: negative numbers mirror positive ones. */
export const mirrored = (toLinear: Curve['pieces'], fromLinear: Curve['pieces']): Encoding => ({
  toLinear: { centre: { x: 0, y: 0 }, pieces: toLinear },
  fromLinear: { centre: { x: 0, y: 0 }, pieces: fromLinear },
});

/** An odd pair about the point where this light has this code. */
export const mirroredAbout = (
  point: { readonly linear: number; readonly code: number },
  toLinear: Curve['pieces'],
  fromLinear: Curve['pieces'],
): Encoding => ({
  toLinear: { centre: { x: point.code, y: point.linear }, pieces: toLinear },
  fromLinear: { centre: { x: point.linear, y: point.code }, pieces: fromLinear },
});

/** A logarithm that becomes a straight line below a cut, and stays it for all that is negative. */
export interface CutLog {
  /** code = scale * log_base(gain * linear + bias) + offset. */
  readonly base: number;
  readonly scale: number;
  readonly gain: number;
  readonly bias: number;
  readonly offset: number;
  /** Linear light at the cut. */
  readonly cut: number;
  /** The foot is code = slope * linear + foot. Where they are not given it touches the logarithm at the cut. */
  readonly slope?: number;
  readonly foot?: number;
}

/** Both curves of a logarithm with a straight foot. */
export function cutLog({ base, scale, gain, bias, offset, cut, ...given }: CutLog): Encoding {
  const factor = scale / Math.log(base);
  const encode = (x: number): number => factor * Math.log(gain * x + bias) + offset;
  const decode = (y: number): number => (Math.exp((y - offset) / factor) - bias) / gain;
  const slope = given.slope ?? (factor * gain) / (gain * cut + bias);
  const foot = given.foot ?? encode(cut) - slope * cut;
  const codeCut = slope * cut + foot;
  return {
    fromLinear: {
      origin: Math.min(cut, 0),
      pieces: [line(Number.NEGATIVE_INFINITY, slope, foot), { from: cut, at: encode }],
    },
    toLinear: {
      origin: Math.min(codeCut, 0),
      pieces: [line(Number.NEGATIVE_INFINITY, 1 / slope, -foot / slope), { from: codeCut, at: decode }],
    },
  };
}
