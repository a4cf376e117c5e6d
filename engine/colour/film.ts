// Encodings that work in logarithms of light for grading and film: ACEScc, ACEScct and Cineon.
import { cutLog, type Encoding, line } from './encoding.ts';

/**
 * ACEScct: Academy S-2016-001. Below linear 0.0078125 it is a straight line, also for negative light. The standard ends
 * at 65504; here the logarithm goes on.
 */
export const acesCct: Encoding = cutLog({
  base: 2,
  scale: 1 / 17.52,
  gain: 1,
  bias: 0,
  offset: 9.72 / 17.52,
  cut: 0.0078125,
  slope: 10.5402377416545,
  foot: 0.0729055341958355,
});

/**
 * ACEScc: Academy S-2014-003. The standard gives negative light the code of 0, -0.3584; here the curve goes on as the
 * straight line that touches it there, so that nothing is lost. Nor does it end at 65504.
 */
export const acesCc: Encoding = (() => {
  const near = (x: number): number => (Math.log2(2 ** -16 + x / 2) + 9.72) / 17.52;
  const black = near(0);
  const slope = 2 ** 15 / Math.LN2 / 17.52;
  const cut = (9.72 - 15) / 17.52;
  return {
    fromLinear: {
      pieces: [
        line(Number.NEGATIVE_INFINITY, slope, black),
        { from: 0, at: near },
        { from: 2 ** -15, at: (x) => (Math.log2(x) + 9.72) / 17.52 },
      ],
    },
    toLinear: {
      origin: black,
      pieces: [
        line(Number.NEGATIVE_INFINITY, 1 / slope, -black / slope),
        { from: black, at: (x) => (2 ** (x * 17.52 - 9.72) - 2 ** -16) * 2 },
        { from: cut, at: (x) => 2 ** (x * 17.52 - 9.72) },
      ],
    },
  };
})();

/**
 * Cineon printing density as 10-bit log: Kodak, "Conversion of 10-bit Log Film Data to 8-bit Linear or Video Data"
 * (1995), with the usual black 95, white 685, gamma 0.6 and 0.002 of density a code. Linear 1.0 is white, 0.0 is black.
 * For negative light it goes on as the straight line that touches it at black.
 */
export const cineon: Encoding = (() => {
  const black = 10 ** (((95 - 685) * 0.002) / 0.6);
  return cutLog({ base: 10, scale: 0.6 / 0.002 / 1023, gain: 1 - black, bias: black, offset: 685 / 1023, cut: 0 });
})();
