// Encodings of cameras, each as its maker published it. Codes are those of the full range: 1.0 is the greatest there is.
import { cutLog, type Encoding, line, mirroredAbout } from './encoding.ts';

/** Exposure indices that ARRI tabulates for LogC3. */
export const LOGC3_INDICES = [160, 200, 250, 320, 400, 500, 640, 800, 1000, 1280, 1600] as const;

/**
 * ARRI LogC3 (SUP 3.x) of linear scene exposure, for an exposure index from 160 to 1600: ARRI, "ALEXA Log C Curve,
 * Usage in VFX" (2017). Its constants follow from the index as in the generator of the Academy's input transforms
 * (aces-dev, `IDT.ARRI.Alexa-logC`) and round to those that ARRI prints. Below the cut, and for all negative light, it
 * is a straight line.
 */
export function logC3(index = 800): Encoding {
  // A signal of 1/9 is where the logarithm, with base 10, becomes the line that touches it.
  const knee = 1 / 9;
  const slope = 1 / (knee * Math.log(10));
  const offset = Math.log10(knee) - slope * knee;
  const sensitivity = index / 400;
  // The higher the index, the lower the contrast: by 0.89 over three stops.
  const contrast = 0.256598 * (1 + (Math.log2(sensitivity) * (0.89 - 1)) / 3);
  const gray = 0.391007;
  let shift = gray;
  let bias = 0;
  for (let i = 0; i < 3; i++) {
    bias = ((95 / 1023 - shift) / contrast - offset) / slope;
    shift = gray - Math.log10(1 + bias) * contrast;
  }
  const gain = (sensitivity / 0.01) * (4 / (0.18 * index));
  return cutLog({ base: 10, scale: contrast, gain, bias, offset: shift, cut: (knee - bias) / gain });
}

/**
 * ARRI LogC4: ARRI, "LogC4 Logarithmic Color Space Specification" (2022), section 2. Below linear -0.01806 it is a
 * straight line.
 */
export const logC4: Encoding = (() => {
  const a = (2 ** 18 - 16) / 117.45;
  const b = (1023 - 95) / 1023;
  const c = 95 / 1023;
  const cut = (2 ** (14 * (-c / b) + 6) - 64) / a;
  return cutLog({ base: 2, scale: b / 14, gain: a, bias: 64, offset: c - (6 * b) / 14, cut });
})();

/**
 * Sony S-Log3: "Technical Summary for S-Gamut3.Cine/S-Log3 and S-Gamut3/S-Log3", appendix. Linear is reflectance, 18 %
 * grey is code 420 of 1023. Below 0.01125 it is a straight line.
 */
export const sLog3: Encoding = cutLog({
  base: 10,
  scale: 261.5 / 1023,
  gain: 1 / 0.19,
  bias: 0.01 / 0.19,
  offset: 420 / 1023,
  cut: 0.01125,
  slope: (171.2102946929 - 95) / 0.01125 / 1023,
  foot: 95 / 1023,
});

/** Panasonic V-Log: "V-Log/V-Gamut Reference Manual" (2014). Linear is reflectance. Below 0.01 it is a straight line. */
export const vLog: Encoding = cutLog({
  base: 10,
  scale: 0.241514,
  gain: 1,
  bias: 0.00873,
  offset: 0.598206,
  cut: 0.01,
  slope: 5.6,
  foot: 0.125,
});

/**
 * RED Log3G10, version 3: "White Paper on REDWideGamutRGB and Log3G10" (2017). Ten stops above 18 % grey, which is code
 * 1/3, are code 1. Below linear -0.01 it is a straight line.
 */
export const log3G10: Encoding = cutLog({
  base: 10,
  scale: 0.224282,
  gain: 155.975327,
  bias: 0.01 * 155.975327 + 1,
  offset: 0,
  cut: -0.01,
  slope: 15.1927,
});

/** Canon's curves are of exposure; 90 % reflectance is 1. */
const REFLECTANCE = 0.9;

/**
 * Canon Log 2: "Canon Log Gamma Curves" (2020), page 3. Linear is reflectance. Negative light mirrors positive light
 * about code 0.0929.
 */
export const canonLog2: Encoding = (() => {
  const [scale, gain, black] = [0.24136077, 87.099375, 0.092864125];
  return mirroredAbout(
    { linear: 0, code: black },
    [{ from: black, at: (x) => (REFLECTANCE * (10 ** ((x - black) / scale) - 1)) / gain }],
    [{ from: 0, at: (x) => scale * Math.log10((x / REFLECTANCE) * gain + 1) + black }],
  );
})();

/**
 * Canon Log 3: the same document, page 4. About black, to exposures of 0.014 on both sides, it is a straight line; beyond
 * it is a logarithm, mirrored for negative light.
 */
export const canonLog3: Encoding = (() => {
  const [scale, gain, offset] = [0.36726845, 14.98325, 0.12240537];
  const [slope, black] = [1.9754798, 0.12512219];
  const cut = 0.014 * REFLECTANCE;
  const codeCut = 0.15277891;
  return mirroredAbout(
    { linear: 0, code: black },
    [
      line(black, REFLECTANCE / slope, (-black * REFLECTANCE) / slope),
      { from: codeCut, at: (x) => (REFLECTANCE * (10 ** ((x - offset) / scale) - 1)) / gain },
    ],
    [
      line(0, slope / REFLECTANCE, black),
      { from: cut, at: (x) => scale * Math.log10((x / REFLECTANCE) * gain + 1) + offset },
    ],
  );
})();

/**
 * Apple Log: "Apple Log Profile White Paper" (2023). From linear -0.0564, which is code 0, it is a square, from 0.01 on a
 * logarithm. Apple gives every lower light code 0; here the square goes on mirrored, so that nothing is lost.
 */
export const appleLog: Encoding = (() => {
  const start = -0.05641088;
  const cut = 0.01;
  const [square, bias, scale, offset] = [47.28711236, 0.00964052, 0.08550479, 0.69336945];
  const codeCut = square * (cut - start) ** 2;
  return mirroredAbout(
    { linear: start, code: 0 },
    [
      { from: 0, at: (x) => Math.sqrt(x / square) + start },
      { from: codeCut, at: (x) => 2 ** ((x - offset) / scale) - bias },
    ],
    [
      { from: start, at: (x) => square * (x - start) ** 2 },
      { from: cut, at: (x) => scale * Math.log2(x + bias) + offset },
    ],
  );
})();
