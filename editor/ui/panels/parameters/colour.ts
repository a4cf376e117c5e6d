// Colours of forms as numbers and as hexadecimal text: numbers are scene-linear with the primaries of Rec. 709.

/** Names of the numbers of a colour. */
export const COLOUR_NAMES = ['red', 'green', 'blue', 'alpha'] as const;

/** sRGB's transfer (IEC 61966-2-1), from linear to what a screen is sent. */
const encode = (x: number): number => (x <= 0.0031308 ? x * 12.92 : 1.055 * x ** (1 / 2.4) - 0.055);
const decode = (x: number): number => (x <= 0.04045 ? x / 12.92 : ((x + 0.055) / 1.055) ** 2.4);

/** `#rrggbb` of linear red, green, blue; clipped to what a screen can show. */
export const hexOf = (numbers: readonly number[]): string =>
  `#${[0, 1, 2]
    .map((i) => Math.round(255 * Math.min(1, Math.max(0, encode(Math.max(0, numbers[i] ?? 0))))))
    .map((byte) => byte.toString(16).padStart(2, '0'))
    .join('')}`;

/** Linear red, green, blue of `#rrggbb`, to five significant digits. */
export const numbersOf = (hex: string): number[] =>
  [1, 3, 5].map((at) => Number(decode(Number.parseInt(hex.slice(at, at + 2), 16) / 255).toPrecision(5)));
