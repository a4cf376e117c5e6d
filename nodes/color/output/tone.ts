// The tone scale of ACES 2.0: from the luminance of a scene to that of a display.
import { REFERENCE_LUMINANCE } from './appearance.ts';

export interface ToneScale {
  /** The greatest luminance of the display in cd/m². */
  readonly peak: number;
  /** Logarithm to the base of 10 of the peak over 100 cd/m². */
  readonly logPeak: number;
  /** Linear light of a scene above which everything is as bright as it gets, and is cut off. */
  readonly sceneLimit: number;
  /** Luminance in cd/m² that the model aims at for 18 % grey. */
  readonly grey: number;
  /** Rises with its argument. From cd/m² of a scene whose white has 100, to cd/m² of the display. */
  at(luminance: number): number;
}

/** Surround and contrast. */
const CONTRAST = 1.15;
const SCENE_GREY = 0.18;
/** Luminance of 18 % grey on a display of 100 cd/m², before the toe is laid on. */
const DISPLAY_GREY = 10.013;
/** How much grey rises with the peak, for each doubling. */
const GREY_RISE = 0.14;
/** Toe, for flare and glare. */
const TOE = 0.04;
/** Scene light that reaches the peak, for displays of 100 and of 10000 cd/m². */
const ROOF = { least: 128, most: 896 } as const;

/**
 * The curve for a display of this peak, 100 to 10000 cd/m²: Daniele's curve as in ampas/aces-core,
 * Lib.Academy.Tonescale. Scene grey of 0.18 comes out at 10.0 cd/m² on a display of 100.
 */
export function toneScale(peak: number): ToneScale {
  const m0 = peak / REFERENCE_LUMINANCE;
  const roof = ROOF.least + (ROOF.most - ROOF.least) * (Math.log(m0) / Math.log(100));
  /** The toe undone. */
  const raised = (y: number): number => 0.5 * (y + Math.sqrt(y * (y + 4 * TOE)));
  const m1 = raised(m0);
  const u = (roof / m1 / (roof / m1 + 1)) ** CONTRAST;
  const m = m1 / u;
  const grey = (DISPLAY_GREY / REFERENCE_LUMINANCE) * (1 + Math.log2(m0) * GREY_RISE);
  const root = (raised(grey) / m) ** (1 / CONTRAST);
  const g = -(m1 * root) / (root - 1);
  const w2 = SCENE_GREY / g;
  const s2 = w2 * m1 * REFERENCE_LUMINANCE;
  const m2 = m1 / (roof / m1 / (roof / m1 + w2)) ** CONTRAST;
  return {
    peak,
    logPeak: Math.log10(m0),
    sceneLimit: 8 * roof,
    grey: grey * REFERENCE_LUMINANCE,
    at: (luminance) => {
      const f = m2 * (luminance / (luminance + s2)) ** CONTRAST;
      return Math.max(0, (f * f) / (f + TOE)) * REFERENCE_LUMINANCE;
    },
  };
}
