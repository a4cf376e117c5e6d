// Colours for data: two scales of even steps and a colour for each number, made in Oklab (Björn Ottosson, 2020).

export type Colour = readonly [r: number, g: number, b: number];

/** Bytes of red, green and blue as an opaque pixel of RGBA bytes. */
export const pack = ([r, g, b]: Colour): number => (0xff000000 | (b << 16) | (g << 8) | r) >>> 0;

/** Linear sRGB of a lightness from 0 to 1, a chroma, and a hue in degrees. */
function linearOf(lightness: number, chroma: number, hue: number): Colour {
  const a = chroma * Math.cos((hue * Math.PI) / 180);
  const b = chroma * Math.sin((hue * Math.PI) / 180);
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  return [
    4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
    -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
    -0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s,
  ];
}

const fits = (colour: Colour): boolean => colour.every((v) => v >= -1e-6 && v <= 1 + 1e-6);

function encoded(linear: number): number {
  const v = Math.max(0, Math.min(1, linear));
  return Math.round(255 * (v <= 0.0031308 ? 12.92 * v : 1.055 * v ** (1 / 2.4) - 0.055));
}

/** Bytes of sRGB; where they could not show so much chroma, of as much as they can. */
export function colourOf(lightness: number, chroma: number, hue: number): Colour {
  let [least, most] = [0, chroma];
  if (fits(linearOf(lightness, chroma, hue))) least = chroma;
  else {
    for (let i = 0; i < 20; i++) {
      const middle = (least + most) / 2;
      if (fits(linearOf(lightness, middle, hue))) least = middle;
      else most = middle;
    }
  }
  const [r, g, b] = linearOf(lightness, least, hue);
  return [encoded(r), encoded(g), encoded(b)];
}

/** Steps of a scale. The middle one of the two-sided scale stands for 0. */
export const STEPS = 255;

const scale = (at: (share: number) => Colour): readonly Colour[] =>
  Array.from({ length: STEPS }, (_, i) => at(i / (STEPS - 1)));

/** From little to much: dark blue through violet and orange to pale yellow, ever lighter by the same step. */
export const RISING: readonly Colour[] = scale((share) =>
  colourOf(0.2 + 0.75 * share, 0.06 + 0.12 * Math.sin(Math.PI * Math.min(1, share * 1.1)), 275 + 190 * share),
);

/** From below 0, blue, to above it, orange: the further from 0 the lighter, and 0 itself a dark grey. */
export const TWO_SIDED: readonly Colour[] = scale((share) => {
  const away = Math.abs(2 * share - 1);
  return colourOf(0.27 + 0.61 * away, 0.15 * Math.min(1, 3 * away), share < 0.5 ? 245 : 62);
});

/** The angle that keeps turns of itself as far apart as can be, so that numbers beside each other differ. */
const GOLDEN = 360 * (1 - 2 / (1 + Math.sqrt(5)));

const LIGHTNESSES = [0.66, 0.54, 0.76] as const;

/** Ground on which islands lie: what has no number. */
export const GROUND: Colour = [24, 24, 24];

const hueOf = (number: number): number => (40 + number * GOLDEN) % 360;

/** A calm colour for a number above 0, always the same one; the ground for 0. */
export const numberColour = (number: number): Colour =>
  number === 0 ? GROUND : colourOf(LIGHTNESSES[number % 3]!, 0.096, hueOf(number));

/** The colour of its border: nearly white, so that it stands out from the ground and from what touches it. */
export const borderColour = (number: number): Colour => colourOf(0.92, 0.03, hueOf(number));
