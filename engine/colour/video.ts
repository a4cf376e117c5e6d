// Encodings of displays and of video: sRGB, gammas, BT.1886, PQ and HLG. Negative numbers mirror positive ones.
import { type Encoding, line, mirrored } from './encoding.ts';

/**
 * sRGB, IEC 61966-2-1:1999 with its published cuts 0.0031308 and 0.04045, where the two halves meet to within 1e-7.
 * Above 1 the power goes on.
 */
export const srgb: Encoding = mirrored(
  [line(0, 1 / 12.92, 0), { from: 0.04045, at: (x) => ((x + 0.055) / 1.055) ** 2.4 }],
  [line(0, 12.92, 0), { from: 0.0031308, at: (x) => 1.055 * x ** (1 / 2.4) - 0.055 }],
);

/** A pure power, such as 2.2 (monitors), 2.4 (video) and 2.6 (cinema, SMPTE RP 431-2). */
export const gamma = (power: number): Encoding =>
  mirrored([{ from: 0, at: (x) => x ** power }], [{ from: 0, at: (x) => x ** (1 / power) }]);

/**
 * ITU-R BT.1886, annex 1, for a display with this white and black, in the same unit (1 and 0 where not given, which is
 * a power of 2.4). The black lifts code 0; what lies below that is a straight line.
 */
export function bt1886(display: { readonly white?: number; readonly black?: number } = {}): Encoding {
  const { white = 1, black = 0 } = display;
  if (black === 0) {
    const pure = gamma(2.4);
    if (white === 1) return pure;
    return mirrored([{ from: 0, at: (x) => white * x ** 2.4 }], [{ from: 0, at: (x) => (x / white) ** (1 / 2.4) }]);
  }
  const low = black ** (1 / 2.4);
  const span = white ** (1 / 2.4) - low;
  const slope = 2.4 * black ** (1.4 / 2.4) * span;
  return {
    toLinear: {
      pieces: [line(Number.NEGATIVE_INFINITY, slope, black), { from: 0, at: (x) => (span * x + low) ** 2.4 }],
    },
    fromLinear: {
      pieces: [
        line(Number.NEGATIVE_INFINITY, 1 / slope, -black / slope),
        { from: black, at: (x) => (x ** (1 / 2.4) - low) / span },
      ],
    },
  };
}

const M1 = 2610 / 16384;
const M2 = (2523 / 4096) * 128;
const C1 = 3424 / 4096;
const C2 = (2413 / 4096) * 32;
const C3 = (2392 / 4096) * 32;

/** Linear 1.0 is this many candela per square metre in PQ, as in OpenColorIO's ST-2084 curves. */
export const PQ_UNIT = 100;
/** PQ's formula ends at code 1.99; from here on, nearly five million candela per square metre, it is a straight line. */
const PQ_END = 1.5;

/**
 * PQ, SMPTE ST 2084:2014 (ITU-R BT.2100-2, table 4). Linear 1.0 is 100 cd/m², code 1.0 is 10000 cd/m². Above that the
 * formula goes on to code 1.5 and a straight line from there.
 */
export const pq: Encoding = (() => {
  const decode = (code: number): number => {
    const root = code ** (1 / M2);
    return (10000 / PQ_UNIT) * (Math.max(0, root - C1) / (C2 - C3 * root)) ** (1 / M1);
  };
  const encode = (light: number): number => {
    const power = ((light * PQ_UNIT) / 10000) ** M1;
    return ((C1 + C2 * power) / (1 + C3 * power)) ** M2;
  };
  // The formula gives 0.00000073 for no light at all, so that the two agree only from there on.
  const black = encode(0);
  const end = decode(PQ_END);
  const slope = (decode(PQ_END + 1e-6) - decode(PQ_END - 1e-6)) / 2e-6;
  const below = decode(black * 4) / (black * 4);
  return mirrored(
    [line(0, below, 0), { from: black * 4, at: decode }, line(PQ_END, slope, end - slope * PQ_END)],
    [line(0, 1 / below, 0), { from: decode(black * 4), at: encode }, line(end, 1 / slope, PQ_END - end / slope)],
  );
})();

const A = 0.17883277;
const B = 1 - 4 * A;
const C = 0.5 - A * Math.log(4 * A);

/**
 * HLG, ITU-R BT.2100-2, table 5: the OETF on scene light, without the OOTF of a display. Linear 1.0 is code 1.0, the
 * greatest that the format is meant for; the reference white of BT.2408, code 0.75, is linear 0.265. Above 1 the
 * logarithm goes on.
 */
export const hlg: Encoding = mirrored(
  [
    { from: 0, at: (x) => (x * x) / 3 },
    { from: 0.5, at: (x) => (Math.exp((x - C) / A) + B) / 12 },
  ],
  [
    { from: 0, at: (x) => Math.sqrt(3 * x) },
    { from: 1 / 12, at: (x) => A * Math.log(12 * x - B) + C },
  ],
);
