// Primaries and white points of RGB spaces, as CIE 1931 x and y.

/** CIE 1931 chromaticity. */
export type Chromaticity = readonly [x: number, y: number];

/** The three lights of an RGB space and the colour of equal amounts of them. */
export interface Primaries {
  readonly red: Chromaticity;
  readonly green: Chromaticity;
  readonly blue: Chromaticity;
  readonly white: Chromaticity;
}

/** The white of displays and television: ITU-R BT.709-6, table 1. */
export const D65: Chromaticity = [0.3127, 0.329];
/** The ACES white point, near D60: Academy TB-2018-001. */
const ACES: Chromaticity = [0.32168, 0.33767];

/** What this project knows by name. */
export const PRIMARIES = {
  /** ACES primaries 0: SMPTE ST 2065-1. */
  ap0: { red: [0.7347, 0.2653], green: [0, 1], blue: [0.0001, -0.077], white: ACES },
  /** ACES primaries 1: Academy S-2014-004 (ACEScg). */
  ap1: { red: [0.713, 0.293], green: [0.165, 0.83], blue: [0.128, 0.044], white: ACES },
  /** ITU-R BT.709-6, table 1; also sRGB (IEC 61966-2-1). */
  rec709: { red: [0.64, 0.33], green: [0.3, 0.6], blue: [0.15, 0.06], white: D65 },
  /** ITU-R BT.2020-2, table 3. */
  rec2020: { red: [0.708, 0.292], green: [0.17, 0.797], blue: [0.131, 0.046], white: D65 },
  /** The primaries of SMPTE RP 431-2 under D65 (SMPTE EG 432-1). */
  p3d65: { red: [0.68, 0.32], green: [0.265, 0.69], blue: [0.15, 0.06], white: D65 },
  /** Adobe RGB (1998), 4.3.1. */
  adobergb: { red: [0.64, 0.33], green: [0.21, 0.71], blue: [0.15, 0.06], white: D65 },
  /** ARRI Wide Gamut 3: ARRI, "ALEXA LogC Curve, Usage in VFX" (2017). */
  awg3: { red: [0.684, 0.313], green: [0.221, 0.848], blue: [0.0861, -0.102], white: D65 },
  /** ARRI Wide Gamut 4: ARRI, "LogC4 Logarithmic Color Space Specification" (2022). */
  awg4: { red: [0.7347, 0.2653], green: [0.1424, 0.8576], blue: [0.0991, -0.0308], white: D65 },
  /** S-Gamut3: Sony, "Technical Summary for S-Gamut3.Cine/S-Log3 and S-Gamut3/S-Log3". */
  sgamut3: { red: [0.73, 0.28], green: [0.14, 0.855], blue: [0.1, -0.05], white: D65 },
  /** S-Gamut3.Cine: the same document. */
  sgamut3cine: { red: [0.766, 0.275], green: [0.225, 0.8], blue: [0.089, -0.087], white: D65 },
  /** V-Gamut: Panasonic, "V-Log/V-Gamut Reference Manual" (2014). */
  vgamut: { red: [0.73, 0.28], green: [0.165, 0.84], blue: [0.1, -0.03], white: D65 },
  /** REDWideGamutRGB: RED, "White Paper on REDWideGamutRGB and Log3G10" (2017). */
  rwg: { red: [0.780308, 0.304253], green: [0.121595, 1.493994], blue: [0.095612, -0.084589], white: D65 },
  /** Cinema Gamut: Canon, "Canon Log Gamma Curves" (2020). */
  cgamut: { red: [0.74, 0.27], green: [0.17, 1.14], blue: [0.08, -0.1], white: D65 },
  /** The CIE's own coordinates as if they were lights: the image holds X, Y and Z. */
  xyz: { red: [1, 0], green: [0, 1], blue: [0, 0], white: [1 / 3, 1 / 3] },
} as const satisfies Readonly<Record<string, Primaries>>;

export type PrimariesName = keyof typeof PRIMARIES;

/** The white that X, Y and Z of images are relative to: D65. */
export const XYZ_WHITE: Chromaticity = D65;

/**
 * How far coordinates in a file may be from those of a named space: the ASWF Color Interop Forum recommends about this
 * much ("Identifying the Color Space of OpenEXR Files", annex A).
 */
const NEAR = 0.001;

/** Whether all eight coordinates agree within 0.001. */
export function samePrimaries(a: Primaries, b: Primaries): boolean {
  const apart = (p: Chromaticity, q: Chromaticity): number => Math.max(Math.abs(p[0] - q[0]), Math.abs(p[1] - q[1]));
  return (['red', 'green', 'blue', 'white'] as const).every((light) => apart(a[light], b[light]) <= NEAR);
}
