// What a pixel looks like: exposure, gamma, display transform, channel choice, comparison, warnings. The plain definition
// that the fast painters are measured against.
import { type Cube, type Light, lookUp, REC709 } from './cube.ts';
import { classOf, FINITE_VALUES, type HalfClass } from './half.ts';
import { encodeOf } from './transform.ts';

/** Which channels are shown: all, or one of them as grey. `l` is luminance. */
export type Solo = 'rgb' | 'r' | 'g' | 'b' | 'a' | 'l';

/** How slots A and B come together. */
export type Compare = 'a' | 'b' | 'wipe' | 'over' | 'difference';

export interface DisplaySettings {
  /** Stops; samples are multiplied by 2^exposure. */
  readonly exposure: number;
  /** Samples are raised to 1/gamma after the exposure. */
  readonly gamma: number;
  /** Id of a display transform. */
  readonly transform: string;
  readonly solo: Solo;
  /** Colours by stops from middle grey instead of the picture. */
  readonly falseColour: boolean;
  /** Stripes where a channel lies above 1 (rising) or below 0 (falling) after the exposure. */
  readonly zebra: boolean;
  /** Not-a-number in magenta, infinities in cyan. */
  readonly highlight: boolean;
  readonly compare: Compare;
}

export const DEFAULT_DISPLAY: DisplaySettings = {
  exposure: 0,
  gamma: 1,
  transform: 'srgb',
  solo: 'rgb',
  falseColour: false,
  zebra: false,
  highlight: true,
  compare: 'a',
};

/** Stops up and down that the exposure may go: the largest half still clips at the lower end. */
export const EXPOSURE_RANGE = 12;
export const GAMMA_RANGE: readonly [least: number, most: number] = [0.2, 5];

/** Weights of Rec. ITU-R BT.709. */
export const LUMINANCE: readonly [r: number, g: number, b: number] = [0.2126, 0.7152, 0.0722];

export const MIDDLE_GREY = 0.18;

export type Colour = readonly [r: number, g: number, b: number];

export interface FalseColourBand {
  /** Stops from middle grey up to which the band reaches, not included. */
  readonly below: number;
  readonly colour: Colour;
  readonly title: string;
}

/** From deep shadow to clipping; the last band has no end. */
export const FALSE_COLOURS: readonly FalseColourBand[] = [
  { below: -8, colour: [20, 8, 32], title: 'under −8' },
  { below: -6, colour: [74, 32, 122], title: '−8 to −6' },
  { below: -4, colour: [42, 66, 178], title: '−6 to −4' },
  { below: -2, colour: [38, 132, 186], title: '−4 to −2' },
  { below: -0.5, colour: [92, 92, 92], title: '−2 to −½' },
  { below: 0.5, colour: [70, 166, 84], title: 'middle grey' },
  { below: 1.5, colour: [150, 150, 150], title: '½ to 1½' },
  { below: 2.5, colour: [232, 164, 170], title: '1½ to 2½' },
  { below: 4, colour: [232, 212, 70], title: '2½ to 4' },
  { below: 6, colour: [232, 132, 40], title: '4 to 6' },
  { below: Number.POSITIVE_INFINITY, colour: [214, 44, 38], title: 'over 6' },
];

/** The linear value at which each band but the last one ends. */
export const FALSE_COLOUR_ENDS: readonly number[] = FALSE_COLOURS.slice(0, -1).map(
  ({ below }) => MIDDLE_GREY * 2 ** below,
);

export const NAN_COLOUR: Colour = [255, 0, 255];
export const INFINITY_COLOUR: Colour = [0, 255, 255];
export const OVER_COLOUR: Colour = [229, 83, 75];
export const UNDER_COLOUR: Colour = [91, 155, 213];

/** What counts as over for the zebra: above 1 by more than the rounding of a weighted sum. */
export const ZEBRA_OVER = 1.0001;

/** Screen pixels from one zebra stripe to the next; half of them are striped. */
export const ZEBRA_PERIOD = 10;

/** One sample of a picture: bits of up to four halfs in the order red, green, blue, alpha. A single one is grey. */
export type SampleBits = readonly number[];

/** Linear red, green, blue, alpha, and whether something in them is no finite number. */
export interface Linear {
  readonly values: readonly [r: number, g: number, b: number, a: number];
  readonly classes: readonly [r: HalfClass, g: HalfClass, b: HalfClass, a: HalfClass];
}

/** Grey goes to red, green and blue; colours that are absent are 0, and alpha 1. */
export function linearOf(bits: SampleBits): Linear {
  const at = (i: number): number => (bits[i] === undefined ? 0 : FINITE_VALUES[bits[i]]!);
  const kind = (i: number): HalfClass => (bits[i] === undefined ? 0 : classOf(bits[i]));
  if (bits.length === 1) return { values: [at(0), at(0), at(0), 1], classes: [kind(0), kind(0), kind(0), 0] };
  return {
    values: [at(0), at(1), at(2), bits.length > 3 ? at(3) : 1],
    classes: [kind(0), kind(1), kind(2), kind(3)],
  };
}

const worst = (...classes: readonly HalfClass[]): HalfClass => Math.max(...classes) as HalfClass;

/** Where the two slots meet: `left` says on which side of the wipe the pixel lies. */
export function compareLinear(a: Linear, b: Linear, compare: Compare, side: { readonly left: boolean }): Linear {
  if (compare === 'a' || (compare === 'wipe' && side.left)) return a;
  if (compare === 'b' || compare === 'wipe') return b;
  const kind = (i: number): HalfClass =>
    compare === 'over' ? worst(a.classes[i]!, b.classes[i]!, a.classes[3]) : worst(a.classes[i]!, b.classes[i]!);
  const mix = (i: number): number =>
    compare === 'over' ? a.values[i]! + b.values[i]! * (1 - a.values[3]) : Math.abs(a.values[i]! - b.values[i]!);
  return { values: [mix(0), mix(1), mix(2), mix(3)], classes: [kind(0), kind(1), kind(2), kind(3)] };
}

/** The linear values that are shown as red, green and blue, and the worst class among them. */
export function soloed({ values, classes }: Linear, solo: Solo): { readonly rgb: Colour; readonly kind: HalfClass } {
  if (solo === 'rgb')
    return { rgb: [values[0], values[1], values[2]], kind: worst(classes[0], classes[1], classes[2]) };
  if (solo === 'l') {
    const y = values[0] * LUMINANCE[0] + values[1] * LUMINANCE[1] + values[2] * LUMINANCE[2];
    return { rgb: [y, y, y], kind: worst(classes[0], classes[1], classes[2]) };
  }
  const index = 'rgba'.indexOf(solo);
  const value = values[index]!;
  return { rgb: [value, value, value], kind: classes[index]! };
}

/** A linear value after exposure and gamma; what is negative has no gamma. */
export function litBy(linear: number, { exposure, gamma }: Pick<DisplaySettings, 'exposure' | 'gamma'>): number {
  const lit = linear * 2 ** exposure;
  return gamma === 1 || lit <= 0 ? lit : lit ** (1 / gamma);
}

/** A linear value from 0 to 1 on the display by a curve; beyond them where it clips. */
export const displayed = (linear: number, settings: DisplaySettings): number =>
  encodeOf(settings.transform)(Math.max(0, litBy(linear, settings)));

/** What a painter draws through where the transform takes red, green and blue together. */
export interface Through {
  readonly cube: Cube;
  /** What the samples of each slot are; linear Rec.709 where it is left out. */
  readonly a?: Light;
  readonly b?: Light;
}

/** The light of the pixel at `x`: of the slot that is shown there; where both are mixed, of A. */
export const lightAt = ({ a, b }: Through, compare: Compare, side: { readonly left: boolean }): Light =>
  (compare === 'b' || (compare === 'wipe' && !side.left) ? b : (a ?? b)) ?? REC709;

const signal = new Float64Array(3);

const toByte = (value: number): number => Math.round(Math.max(0, Math.min(1, value)) * 255);

export function falseColourOf(luminance: number): Colour {
  const index = FALSE_COLOUR_ENDS.findIndex((end) => luminance < end);
  return FALSE_COLOURS.at(index)!.colour;
}

/** Bytes of red, green and blue for the pixel at `x`, `y` of the screen, whose samples in the two slots are given. */
export function pixelOf(
  a: SampleBits,
  b: SampleBits,
  settings: DisplaySettings,
  at: { readonly x: number; readonly y: number; readonly wipe: number },
  through?: Through,
): Colour {
  const linear = compareLinear(linearOf(a), linearOf(b), settings.compare, { left: at.x < at.wipe });
  const { rgb, kind } = soloed(linear, settings.solo);
  if (settings.highlight && kind === 2) return NAN_COLOUR;
  if (settings.highlight && kind === 1) return INFINITY_COLOUR;
  const gain = 2 ** settings.exposure;
  if (settings.zebra) {
    if (Math.max(...rgb) * gain > ZEBRA_OVER && (at.x + at.y) % ZEBRA_PERIOD < ZEBRA_PERIOD / 2) return OVER_COLOUR;
    const falling = at.x - at.y + ZEBRA_PERIOD * 100_000;
    if (Math.min(...rgb) * gain < 0 && falling % ZEBRA_PERIOD < ZEBRA_PERIOD / 2) return UNDER_COLOUR;
  }
  if (settings.falseColour) {
    return falseColourOf((rgb[0] * LUMINANCE[0] + rgb[1] * LUMINANCE[1] + rgb[2] * LUMINANCE[2]) * gain);
  }
  if (through) {
    const [red, green, blue] = rgb.map((value) => litBy(value, settings)) as [number, number, number];
    lookUp(through.cube, lightAt(through, settings.compare, { left: at.x < at.wipe }), red, green, blue, signal);
    return [toByte(signal[0]!), toByte(signal[1]!), toByte(signal[2]!)];
  }
  const byte = (value: number): number => toByte(displayed(value, settings));
  return [byte(rgb[0]), byte(rgb[1]), byte(rgb[2])];
}
