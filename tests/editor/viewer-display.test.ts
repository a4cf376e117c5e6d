// The display pipeline: halfs, the plain definition, the quick painter and the kernel's text all give the same picture.
import { describe, expect, test } from 'vitest';
import {
  DEFAULT_DISPLAY,
  type DisplaySettings,
  FALSE_COLOURS,
  INFINITY_COLOUR,
  NAN_COLOUR,
  OVER_COLOUR,
  pixelOf,
  UNDER_COLOUR,
} from '../../editor/ui/viewer/display.ts';
import { classOf, FINITE_VALUES, HALF_VALUES, halfBits } from '../../editor/ui/viewer/half.ts';
import { KERNEL_FUNCTIONS, KERNEL_PARAMETERS, kernelArguments, kernelSource } from '../../editor/ui/viewer/kernel.ts';
import { OUTSIDE, type Painting, type Placed, paint, throughOf } from '../../editor/ui/viewer/paint.ts';
import { DISPLAY_TRANSFORMS, encodeOf, transformIndex } from '../../editor/ui/viewer/transform.ts';
import { random } from '../base/random.ts';
import { makePaintings } from './viewer-pictures.ts';

const at = { x: 0, y: 0, wipe: 0 };
const half = (value: number): number => new Uint16Array(new Float16Array([value]).buffer)[0]!;
const show = (bits: readonly number[], settings: Partial<DisplaySettings> = {}) =>
  pixelOf(bits, bits, { ...DEFAULT_DISPLAY, ...settings }, at);

describe('halfs', () => {
  test('all 65,536 values are those of Float16Array', () => {
    const bits = Uint16Array.from({ length: 65536 }, (_, i) => i);
    expect(HALF_VALUES).toEqual(Float32Array.from(new Float16Array(bits.buffer)));
  });

  test('finite halfs come back as they were, and other numbers as the nearest half', () => {
    let finite = 0;
    for (let bits = 0; bits < 65536; bits++) {
      if (classOf(bits) !== 0) continue;
      finite += 1;
      if (bits !== 0x8000 && halfBits(HALF_VALUES[bits]!) !== bits) expect(halfBits(HALF_VALUES[bits]!)).toBe(bits);
    }
    expect(finite).toBe(63488);
    const { int } = random(1);
    let same = 0;
    for (let i = 0; i < 20_000; i++) {
      const value = (int(0, 2 ** 30) / 2 ** 30 - 0.5) * 2 ** int(-24, 15);
      const error = Math.abs(HALF_VALUES[halfBits(value)]! - value);
      const least = Math.abs(HALF_VALUES[half(value)]! - value);
      if (error > least * (1 + 2 ** -10)) expect([value, halfBits(value)]).toEqual([value, half(value)]);
      if (halfBits(value) === half(value)) same += 1;
    }
    expect(same).toBeGreaterThan(19_900);
    expect(halfBits(1e9)).toBe(0x7bff);
    expect(halfBits(-1e9)).toBe(0xfbff);
  });
});

describe('the definition', () => {
  test('knows its transforms', () => {
    expect(DISPLAY_TRANSFORMS.map(({ id }) => id)).toEqual([
      ...['srgb', 'rec709', 'gamma22', 'linear'],
      ...['aces2-srgb', 'aces2-rec709', 'aces2-p3d65'],
    ]);
    expect(transformIndex('unheard of')).toBe(0);
    // IEC 61966-2-1: 18% grey is 0.4613561; BT.1886's inverse is a power of 1/2.4.
    expect(encodeOf('srgb')(0.18)).toBeCloseTo(0.4613561, 6);
    expect(encodeOf('srgb')(0.0031308)).toBeCloseTo(0.0404499, 6);
    expect(encodeOf('rec709')(0.18)).toBeCloseTo(0.18 ** (1 / 2.4), 12);
    for (const { encode } of DISPLAY_TRANSFORMS) {
      expect(encode(0)).toBeCloseTo(0, 12);
      expect(encode(1)).toBeCloseTo(1, 12);
    }
  });

  test('encodes, exposes and clips', () => {
    expect(show([half(0.18), half(0.18), half(0.18)])).toEqual([118, 118, 118]);
    expect(show([half(0.25), half(0.5), half(2)], { transform: 'linear' })).toEqual([64, 128, 255]);
    expect(show([half(0.25), half(0.5), half(-1)], { transform: 'linear', exposure: 1 })).toEqual([128, 255, 0]);
    expect(show([half(0.25), half(0), half(1)], { transform: 'linear', gamma: 2 })).toEqual([128, 0, 255]);
  });

  test('shows one channel as grey in all three, and channels alone as grey', () => {
    const bits = [half(0.25), half(0.5), half(0.75), half(1)];
    const linear = { transform: 'linear' } as const;
    expect(show(bits, { ...linear, solo: 'g' })).toEqual([128, 128, 128]);
    expect(show(bits, { ...linear, solo: 'a' })).toEqual([255, 255, 255]);
    const luminance = Math.round((0.2126 * 0.25 + 0.7152 * 0.5 + 0.0722 * 0.75) * 255);
    expect(show(bits, { ...linear, solo: 'l' })).toEqual([luminance, luminance, luminance]);
    expect(show([half(0.5)], linear)).toEqual([128, 128, 128]);
    expect(show([half(0.5), half(0.25)], linear)).toEqual([128, 64, 0]);
  });

  test('marks what is no number, and shows it as one where that is off', () => {
    expect(show([0x3c00, 0x7e00, 0x7c00])).toEqual(NAN_COLOUR);
    expect(show([0x3c00, 0x3c00, 0xfc00])).toEqual(INFINITY_COLOUR);
    expect(show([0x3c00, 0x3c00, 0x3c00, 0x7e00])).toEqual([255, 255, 255]);
    expect(show([0x7e00, 0x7c00, 0xfc00], { highlight: false })).toEqual([0, 255, 0]);
    expect(FINITE_VALUES.every(Number.isFinite)).toBe(true);
  });

  test('stripes what is over and under', () => {
    const row = (bits: readonly number[]) =>
      Array.from({ length: 10 }, (_, x) =>
        pixelOf(bits, bits, { ...DEFAULT_DISPLAY, zebra: true }, { x, y: 0, wipe: 0 }),
      );
    const over = row([half(1.5), half(0), half(0)]);
    expect(over.filter((colour) => colour === OVER_COLOUR)).toHaveLength(5);
    expect(row([half(1), half(0), half(0)]).filter((colour) => colour === OVER_COLOUR)).toHaveLength(0);
    expect(row([half(0.5), half(-0.1), half(0)]).filter((colour) => colour === UNDER_COLOUR)).toHaveLength(5);
  });

  test('colours by stops from middle grey', () => {
    const band = (stops: number) => show([half(0.18 * 2 ** stops)], { falseColour: true });
    expect(band(0)).toEqual(FALSE_COLOURS.find(({ title }) => title === 'middle grey')!.colour);
    expect(band(7)).toEqual(FALSE_COLOURS.at(-1)!.colour);
    expect(band(-20)).toEqual(FALSE_COLOURS[0]!.colour);
    expect(show([half(0.18)], { falseColour: true, exposure: 7 })).toEqual(FALSE_COLOURS.at(-1)!.colour);
    expect(FALSE_COLOURS.every(({ below }, i) => i === 0 || below > FALSE_COLOURS[i - 1]!.below)).toBe(true);
  });

  test('compares', () => {
    const settings = { ...DEFAULT_DISPLAY, transform: 'linear' };
    const a = [half(0.25), half(0.5), half(0), half(0.5)];
    const b = [half(0.5), half(0.25), half(1), half(1)];
    const mixed = (compare: DisplaySettings['compare'], wipe = 0) =>
      pixelOf(a, b, { ...settings, compare }, { x: 3, y: 0, wipe });
    expect(mixed('difference')).toEqual([64, 64, 255]);
    expect(mixed('over')).toEqual([128, 159, 128]);
    expect(mixed('wipe', 4)).toEqual(mixed('a'));
    expect(mixed('wipe', 3)).toEqual(mixed('b'));
  });
});

const bitsAt = (placed: Placed | undefined, x: number, y: number): readonly number[] | undefined => {
  const [column, row] = [placed?.columns[x] ?? OUTSIDE, placed?.rows[y] ?? OUTSIDE];
  if (!placed || column === OUTSIDE || row === OUTSIDE) return undefined;
  const start = (row * placed.width + column) * placed.count;
  return [...placed.samples.subarray(start, start + placed.count)];
};

/** A painting by the definition, pixel by pixel. */
function plainly(painting: Painting): Uint8Array {
  const { width, height, settings, wipe, black, surround } = painting;
  const bytes = new Uint8Array(width * height * 4);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const [a, b] = [bitsAt(painting.a, x, y), bitsAt(painting.b, x, y)];
      const only = settings.compare === 'a' || (settings.compare === 'wipe' && x < wipe) ? a : b;
      const mixes = settings.compare === 'over' || settings.compare === 'difference';
      const there = mixes ? (a ?? b) : only;
      const isBlack = x >= black.left && x < black.right && y >= black.top && y < black.bottom;
      const nothing = [0, 0, 0, 0];
      const colour = there
        ? pixelOf(a ?? nothing, b ?? nothing, settings, { x, y, wipe }, throughOf(painting))
        : isBlack
          ? [0, 0, 0]
          : surround.slice(0, 3);
      bytes.set([...colour, 255], (y * width + x) * 4);
    }
  }
  return bytes;
}

const worst = (a: ArrayLike<number>, b: ArrayLike<number>): number => {
  let most = 0;
  for (let i = 0; i < a.length; i++) most = Math.max(most, Math.abs(a[i]! - b[i]!));
  return most;
};

/** The kernel's text run as JavaScript, with the arrays and the thread that gpu.js would give it. */
function kernelRunner(): (painting: Painting) => Uint8Array {
  const functions = KERNEL_FUNCTIONS.map(({ source }) => source).join('\n');
  const kernel = new Function(`${functions}\nreturn ${kernelSource('numbers')}`)() as (...values: unknown[]) => number;
  return (painting) => {
    const values = kernelArguments(painting).map((value) => {
      if (typeof value === 'number') return value;
      const [width, height] = value.size;
      if (height === undefined) return value.values;
      return Array.from({ length: height }, (_, y) => value.values.subarray(y * width, (y + 1) * width));
    });
    const bytes = new Uint8Array(painting.width * painting.height * 4);
    for (let y = 0; y < painting.height; y++) {
      for (let x = 0; x < painting.width; x++) {
        const packed = kernel.apply({ thread: { x, y: painting.height - 1 - y } }, values);
        bytes.set([packed & 255, (packed >> 8) & 255, (packed >> 16) & 255, 255], (y * painting.width + x) * 4);
      }
    }
    return bytes;
  };
}

describe('the painters', () => {
  const paintings = [...makePaintings(7), ...makePaintings(8), ...makePaintings(9), ...makePaintings(10)];

  test('the quick one gives the definition within one level', () => {
    expect(paintings).toHaveLength(120);
    let pixels = 0;
    for (const painting of paintings) {
      const bytes = new Uint8Array(painting.width * painting.height * 4);
      paint(painting, new Uint32Array(bytes.buffer));
      expect(worst(bytes, plainly(painting)), JSON.stringify(painting.settings)).toBeLessThanOrEqual(1);
      pixels += painting.width * painting.height;
    }
    expect(pixels).toBeGreaterThan(120_000);
  });

  test('the kernel gives the definition within one level', () => {
    const run = kernelRunner();
    expect(kernelArguments(paintings[0]!)).toHaveLength(KERNEL_PARAMETERS.length);
    for (const painting of paintings) {
      expect(worst(run(painting), plainly(painting)), JSON.stringify(painting.settings)).toBeLessThanOrEqual(1);
    }
  });

  test('leave pixels without an image to what is around it', () => {
    const painting: Painting = {
      width: 4,
      height: 1,
      settings: DEFAULT_DISPLAY,
      wipe: 0,
      black: { left: 1, top: 0, right: 2, bottom: 1 },
      surround: [9, 9, 9, 0],
    };
    const pixels = new Uint32Array(4);
    paint(painting, pixels);
    expect([...pixels]).toEqual([0x00090909, 0xff000000, 0x00090909, 0x00090909]);
  });
});
