// Gamut compression of ACES 2.0: colours beyond what a display can show move towards the axis of greys, along a line.
import { LIGHTNESS_POWER } from './appearance.ts';

/** What is known of a hue: the cusp is where the display is most colourful. */
export interface HueShape {
  readonly cuspJ: number;
  readonly cuspM: number;
  /** 1 over the power that the boundary above the cusp follows. */
  readonly upper: number;
}

/** What is known of a display. */
export interface GamutShape {
  /** J of the peak. */
  readonly lightnessLimit: number;
  /** J of 18 % grey. */
  readonly midLightness: number;
  readonly focusDistance: number;
  /** 1 over the power that the boundary below the cusp follows. */
  readonly lower: number;
}

const SMOOTH_CUSP = 0.12;
/** Cusps are moved out by this much, since the boundary is rounded there. */
export const CUSP_MARGIN = 1 + 0.27 * SMOOTH_CUSP;
const CUSP_MID_BLEND = 1.3;
const FOCUS_GAIN_BLEND = 0.3;
/** The share of the boundary within which colours stay. */
const THRESHOLD = 0.75;

export const focusDistanceOf = (logPeak: number): number => 1.35 + 1.35 * 1.75 * logPeak;
export const lowerPowerOf = (logPeak: number): number => 1 / (1.14 + 0.07 * logPeak);

const mix = (from: number, to: number, t: number): number => from + (to - from) * t;

/** J on the axis of greys that lines of compression turn about, for a cusp. */
export const focusOf = ({ lightnessLimit, midLightness }: GamutShape, cuspJ: number): number =>
  mix(cuspJ, midLightness, Math.min(1, CUSP_MID_BLEND - cuspJ / lightnessLimit));

/** How steep lines are near the peak. */
export function slopeGain({ lightnessLimit, focusDistance }: GamutShape, cuspJ: number, J: number): number {
  const gain = lightnessLimit * focusDistance;
  const start = mix(cuspJ, lightnessLimit, FOCUS_GAIN_BLEND);
  if (!(J > start)) return gain;
  const more = Math.log10((lightnessLimit - start) / Math.max(0.0001, lightnessLimit - J));
  return gain * (more * more + 1);
}

/** J where the line through a colour meets the axis of greys. */
export function meetAxis(J: number, M: number, focus: number, limit: number, gain: number): number {
  const scaled = M / gain;
  const a = scaled / focus;
  if (J < focus) {
    const b = 1 - scaled;
    return (2 * J) / (b + Math.sqrt(b * b + 4 * a * J));
  }
  const b = -(1 + scaled + limit * a);
  const c = limit * scaled + J;
  return (-2 * c) / (b - Math.sqrt(b * b - 4 * a * c));
}

/** J for each M along the line that meets the axis at `axis`. */
export const slopeAt = (axis: number, focus: number, limit: number, gain: number): number =>
  ((axis < focus ? axis : limit - axis) * (axis - focus)) / (focus * gain);

/** M where a line meets the curve J = tip.J * (M / tip.M)^(1 / power), nearly: the crossing is not solved for. */
function meetCurve(
  line: { readonly axis: number; readonly slope: number },
  power: number,
  tip: { readonly J: number; readonly M: number },
  reference: number,
): number {
  return meetTip(reference * (line.axis / reference) ** power, line.slope, tip.J, tip.M);
}

/** M where a line meets the straight one from nothing to the tip, once its end on the axis is moved. */
export const meetTip = (shifted: number, slope: number, J: number, M: number): number =>
  (shifted * M) / (J - slope * M);

/** The lesser of two numbers, rounded where they are near. */
export function softMin(a: number, b: number, scale: number): number {
  const width = SMOOTH_CUSP * scale;
  const near = Math.max(width - Math.abs(a - b), 0) / width;
  return Math.min(a, b) - near * near * near * width * (1 / 6);
}

/** M at the display's boundary along a line. `cuspAxis` is where the line through the cusp meets the axis. */
export function boundaryOf(
  { lightnessLimit, lower }: Pick<GamutShape, 'lightnessLimit' | 'lower'>,
  { cuspJ, cuspM, upper }: HueShape,
  line: { readonly axis: number; readonly slope: number },
  cuspAxis: number,
): number {
  const below = meetCurve(line, lower, { J: cuspJ, M: cuspM }, cuspAxis);
  const turned = { axis: lightnessLimit - line.axis, slope: -line.slope };
  const above = meetCurve(turned, upper, { J: lightnessLimit - cuspJ, M: cuspM }, lightnessLimit - cuspAxis);
  return softMin(below, above, cuspM);
}

/** What lies between the threshold and the reach comes between the threshold and the boundary. */
export function remap(M: number, boundary: number, reach: number): number {
  const share = Math.max(boundary / reach, THRESHOLD);
  const start = share * boundary;
  if (M <= start || share >= 1) return M;
  const scale = (reach - start) / ((reach - start) / (boundary - start) - 1);
  const part = (M - start) / scale;
  return start + (scale * part) / (1 + part);
}

/** J and M of a colour inside the display. `reach` is the greatest M of that hue at the peak's lightness. */
export function compressGamut(
  shape: GamutShape,
  hue: HueShape,
  { J, M }: { readonly J: number; readonly M: number },
  reach: number,
): { readonly J: number; readonly M: number } {
  const limit = shape.lightnessLimit;
  if (J <= 0) return { J: 0, M: 0 };
  if (M <= 0 || J > limit) return { J, M: 0 };
  const focus = focusOf(shape, hue.cuspJ);
  const gain = slopeGain(shape, hue.cuspJ, J);
  const axis = meetAxis(J, M, focus, limit, gain);
  const slope = slopeAt(axis, focus, limit, gain);
  const boundary = boundaryOf(shape, hue, { axis, slope }, meetAxis(hue.cuspJ, hue.cuspM, focus, limit, gain));
  if (boundary <= 0) return { J, M: 0 };
  const farthest = meetCurve({ axis, slope }, 1 / LIGHTNESS_POWER, { J: limit, M: reach }, limit);
  const kept = remap(M, boundary, farthest);
  return { J: axis + kept * slope, M: kept };
}
