// The display transforms: how linear light becomes the signal of a display, once for the processor and once as a kernel.

export interface DisplayTransform {
  readonly id: string;
  readonly title: string;
  /** What it is, in one sentence. */
  readonly doc: string;
  /** From linear light, not negative, to a signal from 0 to 1; beyond them where it clips. */
  readonly encode: (linear: number) => number;
  /** The same as an expression of `v` in the language that gpu.js translates. */
  readonly source: string;
  /**
   * True where red, green and blue are taken together: the host bakes a cube, and the curve stands in until it has come.
   */
  readonly cube?: true;
}

const SRGB = {
  encode: (v: number): number => (v <= 0.0031308 ? v * 12.92 : 1.055 * v ** (1 / 2.4) - 0.055),
  source: 'v <= 0.0031308 ? v * 12.92 : 1.055 * Math.pow(v, 1 / 2.4) - 0.055',
} as const;

const BAKED = 'Drawn through a cube of 65 entries an edge, mostly within one level of 255 of the node Display.';

/** In the order of the menu; the kernel knows a transform by its place. */
export const DISPLAY_TRANSFORMS: readonly DisplayTransform[] = [
  {
    id: 'srgb',
    title: 'sRGB',
    doc: 'The piecewise curve of IEC 61966-2-1.',
    ...SRGB,
  },
  {
    id: 'rec709',
    title: 'Rec.709',
    doc: 'For a display after ITU-R BT.1886: the inverse of its power of 2.4.',
    encode: (v) => v ** (1 / 2.4),
    source: 'v <= 0.0 ? 0.0 : Math.pow(v, 1 / 2.4)',
  },
  {
    id: 'gamma22',
    title: 'Gamma 2.2',
    doc: 'The inverse of a plain power of 2.2.',
    encode: (v) => v ** (1 / 2.2),
    source: 'v <= 0.0 ? 0.0 : Math.pow(v, 1 / 2.2)',
  },
  {
    id: 'linear',
    title: 'Linear',
    doc: 'No curve: the samples as they are.',
    encode: (v) => v,
    source: 'v',
  },
  {
    id: 'aces2-srgb',
    title: 'ACES 2.0 sRGB (65³)',
    doc: `ACES 2.0 at 100 cd/m² for sRGB displays. ${BAKED}`,
    ...SRGB,
    cube: true,
  },
  {
    id: 'aces2-rec709',
    title: 'ACES 2.0 Rec.709 (65³)',
    doc: `ACES 2.0 at 100 cd/m² for displays after BT.1886. ${BAKED}`,
    ...SRGB,
    cube: true,
  },
  {
    id: 'aces2-p3d65',
    title: 'ACES 2.0 P3-D65 (65³)',
    doc: `ACES 2.0 at 100 cd/m² for Display P3 monitors. ${BAKED}`,
    ...SRGB,
    cube: true,
  },
];

/** The place of a transform in the list; the first one's where the id is not known. */
export const transformIndex = (id: string): number =>
  Math.max(
    0,
    DISPLAY_TRANSFORMS.findIndex((transform) => transform.id === id),
  );

/** Whether a transform is drawn through a cube. */
export const needsCube = (id: string): boolean => DISPLAY_TRANSFORMS[transformIndex(id)]!.cube === true;

export const encodeOf = (id: string): ((linear: number) => number) => DISPLAY_TRANSFORMS[transformIndex(id)]!.encode;
