// The quick twin of the rendering: the same formulas on tiles of pixels, stage by stage, with all powers from tables.
import {
  convertPrimaries,
  isIdentity,
  type Matrix,
  multiplyMatrices,
  PRIMARIES,
  type Primaries,
} from '../../../engine/authoring.ts';
import {
  LIGHTNESS_POWER,
  lightnessOf,
  lightnessOfLuminance,
  luminanceOf,
  NEUTRAL,
  REFERENCE_LUMINANCE,
  respond,
  responseOf,
  unrespond,
  WHITE_RESPONSE,
} from './appearance.ts';
import { chromaNorm, compressChroma } from './chroma.ts';
import { focusOf, meetAxis, meetTip, remap, slopeAt, slopeGain, softMin } from './gamut.ts';
import { type Rendering, within } from './render.ts';
import { look, tableOf } from './table.ts';

/** Renders pixels in place: three planes of linear light, as many samples in each. */
export type Renderer = (r: Float32Array, g: Float32Array, b: Float32Array) => void;

const AP1_TO_AP0 = convertPrimaries(PRIMARIES.ap1, PRIMARIES.ap0, 'none')!;

/** Below this the functions themselves are asked. */
const DARKEST = 1e-9;

/** Brighter than anything; infinities are taken as this, so that a matrix makes no NaN of them. */
const ENDLESS = 1e30;

/** Pixels that are in work at once. Stages are functions of their own, small enough to be compiled without boxed numbers. */
const TILE = 1024;

/** A tile between two stages: lightness, colourfulness, hue in degrees, its cosine and sine, and the reach of the hue. */
interface Tile {
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly z: Float64Array;
  readonly hue: Float64Array;
  readonly cos: Float64Array;
  readonly sin: Float64Array;
  readonly far: Float64Array;
}

/** What linear light of the display is kept between: 0 and the peak unless told otherwise. */
export interface Bounds {
  readonly least: number;
  readonly most: number;
}

type Planes = readonly [r: Float32Array, g: Float32Array, b: Float32Array];
type Stage = (tile: Tile, count: number) => void;

/**
 * What `render` makes of each pixel, from linear light by this matrix to ACEScg, to linear light of a display with these
 * primaries, where nothing is below 0. Off by less than 1e-7 of the peak, single precision included; greys are exactly
 * grey.
 */
export function fastRenderer(rendering: Rendering, toAp1: Matrix, encoding: Primaries, bounds?: Bounds): Renderer {
  const array = (): Float64Array => new Float64Array(TILE);
  const tile: Tile = { x: array(), y: array(), z: array(), hue: array(), cos: array(), sin: array(), far: array() };
  const sense = senseStage(rendering, toAp1);
  const tone = toneStage(rendering);
  const squeeze = fitStage(rendering);
  const show = showStage(
    rendering,
    encoding,
    bounds ?? { least: 0, most: rendering.target.peak / REFERENCE_LUMINANCE },
  );
  return (r, g, b) => {
    for (let start = 0; start < r.length; start += TILE) {
      const count = Math.min(TILE, r.length - start);
      const part = (plane: Float32Array): Float32Array => plane.subarray(start, start + count);
      const planes: Planes = [part(r), part(g), part(b)];
      sense(planes, tile);
      tone(tile, count);
      squeeze(tile, count);
      show(tile, planes);
    }
  };
}

/** Linear light to A, a, b. */
function senseStage({ scene, tone }: Rendering, toAp1: Matrix): (planes: Planes, tile: Tile) => void {
  const { sceneLimit } = tone;
  const [i0, i1, i2, i3, i4, i5, i6, i7, i8] = toAp1;
  const [c0, c1, c2, c3, c4, c5, c6, c7, c8] = multiplyMatrices(scene.toCones, AP1_TO_AP0);
  const [a0, a1, a2, a3, a4, a5, a6, a7, a8] = scene.toAab;
  const table = tableOf(respond, DARKEST, sceneLimit);
  const bend = (light: number): number => (light < 0 ? -look(table, -light) : look(table, light));
  return ([red, green, blue], { x, y, z }) => {
    for (let i = 0; i < red.length; i++) {
      const r = within(red[i]!, -ENDLESS, ENDLESS);
      const g = within(green[i]!, -ENDLESS, ENDLESS);
      const b = within(blue[i]!, -ENDLESS, ENDLESS);
      const p = within(i0 * r + i1 * g + i2 * b, 0, sceneLimit);
      const q = within(i3 * r + i4 * g + i5 * b, 0, sceneLimit);
      const s = within(i6 * r + i7 * g + i8 * b, 0, sceneLimit);
      const l = bend(c0 * p + c1 * q + c2 * s);
      const m = bend(c3 * p + c4 * q + c5 * s);
      const n = bend(c6 * p + c7 * q + c8 * s);
      x[i] = a0 * l + a1 * m + a2 * n;
      y[i] = a3 * l + a4 * m + a5 * n;
      z[i] = a6 * l + a7 * m + a8 * n;
    }
  };
}

/** A, a, b to J, M and hue after tone scale and chroma compression. */
function toneStage({ tone, chroma, gamut, reach }: Rendering): Stage {
  const after = (A: number): number => (A > 0 ? lightnessOfLuminance(tone.at(luminanceOf(A))) : 0 * A);
  // Brighter responses than these have no finite light.
  const brightest = 0.98 / WHITE_RESPONSE;
  const lightness = tableOf(after, 1e-5, brightest);
  const ratio = tableOf((A) => (after(A) / lightnessOf(A)) ** (1 / LIGHTNESS_POWER), 1e-5, brightest);
  const share = tableOf((J) => (J / gamut.lightnessLimit) ** (1 / LIGHTNESS_POWER), DARKEST, gamut.lightnessLimit);
  return ({ x, y, z, hue, cos, sin, far }, count) => {
    for (let i = 0; i < count; i++) {
      const A = x[i]!;
      const a = y[i]!;
      const b = z[i]!;
      const J = look(lightness, A);
      const M = Math.sqrt(a * a + b * b);
      x[i] = J;
      y[i] = 0;
      if (!(A > 0) || M < NEUTRAL) continue;
      const angle = (Math.atan2(b, a) * 180) / Math.PI;
      const turned = angle < 0 ? angle + 360 : angle;
      const h = turned >= 360 ? 0 : turned;
      const degree = Math.floor(h);
      const greatest = reach[degree]! + (reach[degree + 1]! - reach[degree]!) * (h - degree);
      const norm = chromaNorm(a / M, b / M) * chroma.normScale;
      const factors = { lightness: J, ratio: look(ratio, A), share: look(share, J) };
      hue[i] = h;
      cos[i] = a / M;
      sin[i] = b / M;
      far[i] = greatest;
      y[i] = compressChroma(chroma, factors, M, { norm, reach: greatest });
    }
  };
}

/** J and M to those inside of the display. */
function fitStage({ gamut, cusps }: Rendering): Stage {
  const limit = gamut.lightnessLimit;
  const { hues, cuspJ, cuspM, upper, start } = cusps;
  const lower = tableOf((share) => share ** gamut.lower, DARKEST, 8);
  const model = tableOf((J) => limit * (J / limit) ** (1 / LIGHTNESS_POWER), DARKEST, limit);
  const logarithm = tableOf((share) => -Math.log(share), DARKEST, 8);
  const exponential = tableOf((x) => Math.exp(-x), DARKEST, 64);
  return ({ x, y, hue, far }, count) => {
    for (let i = 0; i < count; i++) {
      const M = y[i]!;
      const J = x[i]!;
      if (M === 0) continue;
      if (!(M > 0) || !(J > 0) || J > limit) {
        y[i] = 0;
        continue;
      }
      const h = hue[i]!;
      let at = start[Math.floor(h)]!;
      while (hues[at + 1]! < h) at++;
      const t = (h - hues[at]!) / (hues[at + 1]! - hues[at]!);
      const tipJ = cuspJ[at]! + (cuspJ[at + 1]! - cuspJ[at]!) * t;
      const tipM = cuspM[at]! + (cuspM[at + 1]! - cuspM[at]!) * t;
      const power = upper[at]! + (upper[at + 1]! - upper[at]!) * t;
      const focus = focusOf(gamut, tipJ);
      const gain = slopeGain(gamut, tipJ, J);
      const axis = meetAxis(J, M, focus, limit, gain);
      const slope = slopeAt(axis, focus, limit, gain);
      const tipAxis = meetAxis(tipJ, tipM, focus, limit, gain);
      const rest = limit - tipAxis;
      const below = meetTip(tipAxis * look(lower, axis / tipAxis), slope, tipJ, tipM);
      const raised = look(exponential, power * look(logarithm, (limit - axis) / rest));
      const above = meetTip(rest * raised, -slope, limit - tipJ, tipM);
      const boundary = softMin(below, above, tipM);
      if (boundary <= 0) {
        y[i] = 0;
        continue;
      }
      const kept = remap(M, boundary, meetTip(look(model, axis), slope, limit, far[i]!));
      y[i] = kept;
      x[i] = axis + kept * slope;
    }
  };
}

/** J, M and hue to linear light. */
function showStage(
  { display, gamut, target }: Rendering,
  encoding: Primaries,
  { least, most }: Bounds,
): (tile: Tile, planes: Planes) => void {
  const [r0, r1, r2, r3, r4, r5, r6, r7, r8] = display.fromAab;
  const [d0, d1, d2, d3, d4, d5, d6, d7, d8] = display.fromCones;
  const toShown = convertPrimaries(target.limit, encoding, 'none')!;
  const moves = !isIdentity(toShown);
  const [e0, e1, e2, e3, e4, e5, e6, e7, e8] = toShown;
  const response = tableOf(responseOf, DARKEST, 2 * gamut.lightnessLimit);
  const grey = tableOf((J) => luminanceOf(responseOf(J)) / REFERENCE_LUMINANCE, DARKEST, 2 * gamut.lightnessLimit);
  const light = tableOf(unrespond, DARKEST, 0.98);
  const bend = (x: number): number => (x < 0 ? -look(light, -x) : look(light, x));
  return ({ x, y, cos, sin }, [red, green, blue]) => {
    for (let i = 0; i < red.length; i++) {
      const J = x[i]!;
      const M = y[i]!;
      if (M === 0) {
        red[i] = green[i] = blue[i] = within(look(grey, J), least, most);
        continue;
      }
      const A = look(response, J);
      const a = M * cos[i]!;
      const b = M * sin[i]!;
      const l = bend(r0 * A + r1 * a + r2 * b);
      const m = bend(r3 * A + r4 * a + r5 * b);
      const n = bend(r6 * A + r7 * a + r8 * b);
      const r = within(d0 * l + d1 * m + d2 * n, least, most);
      const g = within(d3 * l + d4 * m + d5 * n, least, most);
      const v = within(d6 * l + d7 * m + d8 * n, least, most);
      red[i] = moves ? within(e0 * r + e1 * g + e2 * v, least, most) : r;
      green[i] = moves ? within(e3 * r + e4 * g + e5 * v, least, most) : g;
      blue[i] = moves ? within(e6 * r + e7 * g + e8 * v, least, most) : v;
    }
  };
}
