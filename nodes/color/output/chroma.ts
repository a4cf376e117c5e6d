// Chroma compression of ACES 2.0: colourfulness follows the tone scale, more where it is dark and less where it is bright.
import { LIGHTNESS_POWER } from './appearance.ts';
import type { ToneScale } from './tone.ts';

/** What the compression of one display is made of: ampas/aces-core, Lib.Academy.OutputTransform. */
export interface ChromaCompression {
  /** J of the display's peak. */
  readonly lightnessLimit: number;
  readonly saturation: number;
  readonly threshold: number;
  readonly compression: number;
  readonly normScale: number;
}

export const chromaCompression = ({ peak, logPeak }: ToneScale, lightnessLimit: number): ChromaCompression => ({
  lightnessLimit,
  saturation: Math.max(0.2, 1.3 - 1.3 * 0.69 * logPeak),
  threshold: 0.5 / peak,
  compression: 2.4 + 2.4 * 3.3 * logPeak,
  normScale: (0.03379 * peak) ** 0.30596 - 0.45135,
});

/** By how much colourfulness is divided before, by cosine and sine of the hue: a fit to the shape of the model's space. */
export function chromaNorm(cos: number, sin: number): number {
  const cos2 = 2 * cos * cos - 1;
  const sin2 = 2 * cos * sin;
  const cos3 = 4 * cos * cos * cos - 3 * cos;
  const sin3 = 3 * sin - 4 * sin * sin * sin;
  return 11.34072 * cos + 16.46899 * cos2 + 7.8838 * cos3 + 14.66441 * sin - 6.37224 * sin2 + 9.19364 * sin3 + 77.12896;
}

/** Compresses the foot of what lies below a limit. */
function toe(x: number, limit: number, first: number, second: number): number {
  if (x > limit) return x;
  const k2 = Math.max(second, 0.001);
  const k1 = Math.sqrt(first * first + k2 * k2);
  const k3 = (limit + k1) / (limit + k2);
  const b = k3 * x - k1;
  return 0.5 * (b + Math.sqrt(b * b + 4 * k2 * k3 * x));
}

/** What the compression needs of a colour. */
export interface Toned {
  /** J after the tone scale. */
  readonly lightness: number;
  /** J after over J before, to the power of 1 / `LIGHTNESS_POWER`. */
  readonly ratio: number;
  /** J after over that of the peak, to the same power. */
  readonly share: number;
}

/** The numbers of `Toned` for J before and after the tone scale. */
export const toned = ({ lightnessLimit }: ChromaCompression, before: number, after: number): Toned => ({
  lightness: after,
  ratio: (after / before) ** (1 / LIGHTNESS_POWER),
  share: (after / lightnessLimit) ** (1 / LIGHTNESS_POWER),
});

/** The compressed colourfulness of `M`. `norm` is `chromaNorm` times `normScale`, `reach` the greatest M of that hue. */
export function compressChroma(
  { lightnessLimit, saturation, threshold, compression }: ChromaCompression,
  { lightness, ratio, share }: Toned,
  M: number,
  { norm, reach }: { readonly norm: number; readonly reach: number },
): number {
  const bright = lightness / lightnessLimit;
  const dark = Math.max(0, 1 - bright);
  const limit = (share * reach) / norm;
  const scaled = (M * ratio) / norm;
  const expanded =
    limit - toe(limit - scaled, limit - 0.001, dark * saturation, Math.sqrt(bright * bright + threshold));
  return toe(expanded, limit, bright * compression, dark) * norm;
}
