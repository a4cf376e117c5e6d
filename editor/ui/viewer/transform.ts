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
}

/** In the order of the menu; the kernel knows a transform by its place. */
export const DISPLAY_TRANSFORMS: readonly DisplayTransform[] = [
  {
    id: 'srgb',
    title: 'sRGB',
    doc: 'The piecewise curve of IEC 61966-2-1.',
    encode: (v) => (v <= 0.0031308 ? v * 12.92 : 1.055 * v ** (1 / 2.4) - 0.055),
    source: 'v <= 0.0031308 ? v * 12.92 : 1.055 * Math.pow(v, 1 / 2.4) - 0.055',
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
];

/** The place of a transform in the list; the first one's where the id is not known. */
export const transformIndex = (id: string): number =>
  Math.max(
    0,
    DISPLAY_TRANSFORMS.findIndex((transform) => transform.id === id),
  );

export const encodeOf = (id: string): ((linear: number) => number) => DISPLAY_TRANSFORMS[transformIndex(id)]!.encode;
