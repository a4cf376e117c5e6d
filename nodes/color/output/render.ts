// The ACES 2.0 rendering of a scene for a display: its plain definition, in double precision.
import { applyMatrix, convertPrimaries, PRIMARIES, type Primaries, type Vector } from '../../../engine/authoring.ts';
import {
  type Appearance,
  appearanceOf,
  fromSeen,
  lightnessOfLuminance,
  luminanceOf,
  REFERENCE_LUMINANCE,
  type Seen,
  seenFrom,
  toAab,
} from './appearance.ts';
import { type ChromaCompression, chromaCompression, chromaNorm, compressChroma, toned } from './chroma.ts';
import { type CuspTable, cuspTable, reachAt, reachTable, shapeAt } from './cusp.ts';
import { compressGamut, focusDistanceOf, type GamutShape, lowerPowerOf } from './gamut.ts';
import { type ToneScale, toneScale } from './tone.ts';

/** What a rendering is made for. */
export interface Target {
  /** The greatest luminance in cd/m². */
  readonly peak: number;
  /** Everything comes to lie within these primaries, under their white. */
  readonly limit: Primaries;
}

/** All that a rendering needs to know, computed once. */
export interface Rendering {
  readonly target: Target;
  readonly tone: ToneScale;
  readonly chroma: ChromaCompression;
  readonly gamut: GamutShape;
  /** Of ACES2065-1, as `Appearance` says. */
  readonly scene: Appearance;
  readonly display: Appearance;
  readonly reach: Float64Array;
  readonly cusps: CuspTable;
}

/**
 * Prepares the rendering of ACES 2.0: Academy, "ACES Output Transforms" (2025), with facts from ampas/aces-core and
 * OpenColorIO 2.5, whose search for cusps it follows. Takes some tens of milliseconds.
 */
export function prepareRendering(target: Target): Rendering {
  const { peak, limit } = target;
  const tone = toneScale(peak);
  const scene = appearanceOf(PRIMARIES.ap0);
  const display = appearanceOf(limit);
  const farthest = appearanceOf(PRIMARIES.ap1);
  const lightnessLimit = lightnessOfLuminance(peak);
  const gamut: GamutShape = {
    lightnessLimit,
    midLightness: lightnessOfLuminance(tone.grey),
    focusDistance: focusDistanceOf(tone.logPeak),
    lower: lowerPowerOf(tone.logPeak),
  };
  return {
    target,
    tone,
    chroma: chromaCompression(tone, lightnessLimit),
    gamut,
    scene,
    display,
    reach: reachTable(farthest, lightnessLimit),
    cusps: cuspTable({ shape: gamut, display, reach: farthest, peak, sceneLimit: tone.sceneLimit }),
  };
}

/** Tone scale and chroma compression: A, and the colour as it is seen in the scene. */
export function toneAndCompress({ tone, chroma, reach }: Rendering, A: number, { J, M, h }: Seen): Seen {
  if (!(A > 0)) return { J: 0, M: 0, h: 0 };
  const after = lightnessOfLuminance(tone.at(luminanceOf(A)));
  if (M === 0) return { J: after, M: 0, h };
  const angle = (h * Math.PI) / 180;
  const norm = chromaNorm(Math.cos(angle), Math.sin(angle)) * chroma.normScale;
  const colourfulness = compressChroma(chroma, toned(chroma, J, after), M, { norm, reach: reachAt(reach, h) });
  return { J: after, M: colourfulness, h };
}

/** The colour brought into the display. */
export function fitGamut({ gamut, cusps, reach }: Rendering, { J, M, h }: Seen): Seen {
  return { ...compressGamut(gamut, shapeAt(cusps, h), { J, M }, reachAt(reach, h)), h };
}

/**
 * From linear ACES2065-1 to linear light of the display, in the limiting primaries, where 1 is 100 cd/m². Nothing is cut
 * off, neither before nor after; a little lies below 0 or above the peak.
 */
export function renderFreely(rendering: Rendering, aces: Vector): Vector {
  const aab = toAab(rendering.scene, aces);
  const seen = toneAndCompress(rendering, aab[0], seenFrom(aab));
  return fromSeen(rendering.display, fitGamut(rendering, seen));
}

const AP1_TO_AP0 = convertPrimaries(PRIMARIES.ap1, PRIMARIES.ap0, 'none')!;

/** A number between two others; a NaN stays one. */
export const within = (x: number, least: number, most: number): number => (x < least ? least : x > most ? most : x);

/**
 * From linear ACEScg to linear light of the display, from 0 to the peak (which is peak / 100) in the limiting primaries.
 * What lies outside AP1 or above the limit of scenes is cut off first. A NaN makes all three NaN.
 */
export function render(rendering: Rendering, [r, g, b]: Vector): Vector {
  const { sceneLimit } = rendering.tone;
  const most = rendering.target.peak / REFERENCE_LUMINANCE;
  const cut: Vector = [within(r, 0, sceneLimit), within(g, 0, sceneLimit), within(b, 0, sceneLimit)];
  if (cut.some(Number.isNaN)) return [Number.NaN, Number.NaN, Number.NaN];
  const [x, y, z] = renderFreely(rendering, applyMatrix(AP1_TO_AP0, cut));
  return [within(x, 0, most), within(y, 0, most), within(z, 0, most)];
}
