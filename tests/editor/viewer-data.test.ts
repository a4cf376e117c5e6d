// Data in the viewer: which mode a channel is drawn in, scales of colours, relief, heat maps, islands, and what lies under them.
import { describe, expect, test } from 'vitest';
import type { ChartsView, PictureHeader } from '../../editor/picture.ts';
import type { Picture } from '../../editor/ui/store/link.ts';
import { chartsLike } from '../../editor/ui/viewer/charts.ts';
import { INFINITY_COLOUR, NAN_COLOUR } from '../../editor/ui/viewer/display.ts';
import { HALF_VALUES } from '../../editor/ui/viewer/half.ts';
import { heatTints, isTwoSided, rangeFor, roundedUp, stepOf } from '../../editor/ui/viewer/heat.ts';
import { paintIds } from '../../editor/ui/viewer/ids.ts';
import { drawnChannels, findLayer, firstLayer, layersOf, modesOf } from '../../editor/ui/viewer/layers.ts';
import { FIRST_DATA_CHOICES, Manners } from '../../editor/ui/viewer/manners.ts';
import { modesFor } from '../../editor/ui/viewer/mode.ts';
import { halvesOf, numberAt, numbersOf } from '../../editor/ui/viewer/numbers.ts';
import { OUTSIDE } from '../../editor/ui/viewer/paint.ts';
import {
  borderColour,
  type Colour,
  colourOf,
  GROUND,
  numberColour,
  pack,
  RISING,
  STEPS,
  TWO_SIDED,
} from '../../editor/ui/viewer/palette.ts';
import { portray, tintAt } from '../../editor/ui/viewer/portrayal.ts';
import { FIRST_LIGHT, reliefTints, steepness } from '../../editor/ui/viewer/relief.ts';
import { valuesAt } from '../../editor/ui/viewer/sample.ts';
import { type ChannelSpec, FULL_SAMPLING, type PartSpec, type SampleType } from '../../engine/authoring.ts';

interface Sketch {
  readonly channels?: readonly string[];
  readonly charts?: ChartsView;
  /** Image pixels across for one of the picture. */
  readonly scale?: number;
}

function picture(numbers: Float32Array | Uint32Array, width: number, sketch: Sketch = {}): Picture {
  const { channels = ['height'], charts, scale = 1 } = sketch;
  const height = numbers.length / channels.length / width;
  const box = { minX: 0, minY: 0, maxX: width * scale - 1, maxY: height * scale - 1 };
  const header: PictureHeader = {
    ...{ slot: 0, serial: 1, node: 'n', frame: 1, part: 0, channels, box, width, height, pixelAspect: 1 },
    ...{ dataWindow: box, displayWindow: box, type: numbers instanceof Float32Array ? 'float' : 'uint' },
    ...(charts ? { charts } : {}),
  };
  return { header, samples: new Uint16Array(numbers.buffer) };
}

const heights = (size: number, at: (x: number, y: number) => number): Float32Array =>
  Float32Array.from({ length: size * size }, (_, i) => at(i % size, Math.floor(i / size)));

const part = (channels: Readonly<Record<string, SampleType>>, made: readonly string[] = []): PartSpec => {
  const window = { minX: 0, minY: 0, maxX: 9, maxY: 9 };
  return {
    ...{ kind: 'flat', dataWindow: window, displayWindow: window, attributes: [] },
    channels: Object.entries(channels).map(([name, type]): ChannelSpec => {
      const origin = made.includes(name)
        ? { from: 'computed' }
        : { from: 'input', port: 'image', part: 0, channel: name };
      return { name, type, sampling: FULL_SAMPLING, pLinear: 0, origin: origin as ChannelSpec['origin'] };
    }),
  };
};

/** Lightness in Oklab of bytes of sRGB, by the inverse of its definition. */
function lightness([r, g, b]: Colour): number {
  const linear = (byte: number): number => {
    const v = byte / 255;
    return v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
  };
  const [x, y, z] = [linear(r), linear(g), linear(b)];
  const l = Math.cbrt(0.4122214708 * x + 0.5363325363 * y + 0.0514459929 * z);
  const m = Math.cbrt(0.2119034982 * x + 0.6806995451 * y + 0.1073969566 * z);
  const s = Math.cbrt(0.0883024619 * x + 0.2817188376 * y + 0.6299787005 * z);
  return 0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s;
}

describe('modes', () => {
  test('follow from the name and the type of a channel', () => {
    const table: readonly (readonly [string, SampleType, string])[] = [
      ['height', 'float', 'relief'],
      ['tile.Displacement', 'half', 'relief'],
      ['check.residual', 'float', 'heat'],
      ['check.curl', 'float', 'heat'],
      ['id', 'uint', 'ids'],
      ['objectId', 'uint', 'ids'],
      ['depth.Z', 'float', 'light'],
      ['R', 'half', 'light'],
      ['heights', 'float', 'light'],
    ];
    for (const [name, type, mode] of table) expect([name, modesFor(name, type)[0]]).toEqual([name, mode]);
    expect(table.every(([name, type]) => modesFor(name, type).includes('light'))).toBe(true);
    expect(modesFor('height', 'uint')).not.toContain('relief');
  });

  test('of several channels together are light, and data is not put together as colours', () => {
    const slopes = part({
      B: 'half',
      'check.curl': 'float',
      'check.residual': 'float',
      G: 'half',
      height: 'float',
      R: 'half',
    });
    const keys = layersOf(slopes).map(({ key }) => key);
    expect(keys).toEqual(['rgba', 'height', 'check.curl', 'check.residual']);
    expect(keys.map((key) => modesOf(slopes, findLayer(slopes, key)!)[0])).toEqual(['light', 'relief', 'heat', 'heat']);
  });

  test('data that a node has made is looked at first, and what it hands on is not', () => {
    const channels = {
      B: 'half',
      boundary: 'half',
      'check.curl': 'float',
      height: 'float',
      id: 'uint',
      R: 'half',
    } as const;
    expect(firstLayer(part(channels))).toBeUndefined();
    expect(firstLayer(part(channels, ['boundary', 'id']))).toBe('id');
    expect(firstLayer(part(channels, ['check.curl', 'height']))).toBe('height');
    expect(firstLayer(part(channels, ['R', 'B']))).toBeUndefined();
    // A node that reads a file, or generates colours with numbers beside them, has made all of it.
    expect(firstLayer(part(channels, Object.keys(channels)))).toBeUndefined();
    const read = { ...part({ id: 'uint', Z: 'float' }, ['id', 'Z']), stored: {} as NonNullable<PartSpec['stored']> };
    expect(firstLayer(read)).toBeUndefined();
  });

  test('numbers of islands are drawn with how they are mirrored, where that is beside them', () => {
    const channels = { id: 'uint', mirror: 'uint', 'uv.id': 'uint', 'uv.mirror': 'half' } as const;
    const of = (name: string, mode: 'ids' | 'light'): readonly (string | null)[] =>
      drawnChannels(part(channels), findLayer(part(channels), name)!, mode);
    expect([of('id', 'ids'), of('id', 'light'), of('uv.id', 'ids'), of('mirror', 'ids')]).toEqual([
      ['id', 'mirror'],
      ['id'],
      ['uv.id'],
      ['mirror'],
    ]);
  });

  test('a picture that came for another mode than the chosen one is light until its own comes', () => {
    const manners = new Manners();
    const float = picture(
      heights(8, (x) => x),
      8,
    );
    const uint = picture(Uint32Array.of(1, 2, 3, 4), 2, { channels: ['id'] });
    const choose = (modes: object) => ({ ...FIRST_DATA_CHOICES, modes: modes as typeof FIRST_DATA_CHOICES.modes });
    expect(manners.of(float, FIRST_DATA_CHOICES)).toMatchObject({ mode: 'relief', light: FIRST_LIGHT });
    expect(manners.of(float, choose({ height: 'heat' }))).toMatchObject({ mode: 'heat', range: { low: 0, high: 8 } });
    expect(manners.of(float, choose({ height: 'light' }))).toBeUndefined();
    expect(manners.of(uint, FIRST_DATA_CHOICES)).toEqual({ mode: 'ids' });
    expect(manners.of(uint, choose({ id: 'light' }))).toBeUndefined();
    const charts = { tile: 1001, tiles: [1001], uvSet: 'uv', count: 4, mirrored: 0, overlaps: 0 };
    const shown = picture(Uint32Array.of(1, 2, 3, 4), 2, { channels: ['id'], charts });
    expect(manners.of(shown, choose({ id: 'light' }))).toEqual({ mode: 'ids' });
    const half: Picture = { header: { ...float.header }, samples: new Uint16Array(64) };
    delete (half.header as { type?: string }).type;
    expect(manners.of(half, FIRST_DATA_CHOICES)).toBeUndefined();
  });
});

describe('numbers', () => {
  test('are read whatever their type, and as halfs where light is drawn', () => {
    const values = Float32Array.of(0.1, -3, 1e9, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY);
    const float = picture(values, 6);
    expect([...numbersOf(float)]).toEqual([...values]);
    expect(values.map((_, i) => numberAt(float, i))).toEqual(values);
    const halves = Array.from(halvesOf(float), (bits) => HALF_VALUES[bits]!);
    expect(halves[0]).toBeCloseTo(0.1, 4);
    expect(halves.slice(1)).toEqual([-3, 65504, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]);
    const uint = picture(Uint32Array.of(7, 4_000_000_001, 9, 0), 2, { channels: ['id', 'mirror'] });
    expect(valuesAt(uint, 0, 0)).toEqual([7, 4_000_000_001]);
    expect(valuesAt(uint, 1, 0)).toEqual([9, 0]);
    expect(valuesAt(uint, 2, 0)).toBeUndefined();
  });
});

describe('scales of colours', () => {
  test('rise in lightness by even steps, on both sides of 0 where there are two', () => {
    expect([RISING.length, TWO_SIDED.length, STEPS % 2]).toEqual([STEPS, STEPS, 1]);
    const rises = (colours: readonly Colour[], step: number): void => {
      for (let i = 1; i < colours.length; i++) {
        const rise = lightness(colours[i]!) - lightness(colours[i - 1]!);
        // Bytes are coarse beside such small steps.
        expect(Math.abs(rise - step)).toBeLessThan(0.006);
      }
      expect(lightness(colours.at(-1)!) - lightness(colours[0]!)).toBeCloseTo(step * (colours.length - 1), 1);
    };
    rises(RISING, 0.75 / (STEPS - 1));
    const middle = (STEPS - 1) / 2;
    rises(TWO_SIDED.slice(middle), 0.61 / middle);
    rises(TWO_SIDED.slice(0, middle + 1).toReversed(), 0.61 / middle);
    const [r, g, b] = TWO_SIDED[middle]!;
    expect(Math.max(r, g, b) - Math.min(r, g, b)).toBeLessThanOrEqual(1);
  });

  test('the conversion is that of Oklab: white, and the primaries of sRGB', () => {
    expect(colourOf(1, 0, 0)).toEqual([255, 255, 255]);
    expect(colourOf(0, 0, 0)).toEqual([0, 0, 0]);
    // The lightness, chroma and hue of #ff0000, as CSS Color 4 has them.
    const [r, g, b] = colourOf(0.62796, 0.25768, 29.2339);
    expect([r, g, b].every((byte, i) => Math.abs(byte - [255, 0, 0][i]!) <= 2)).toBe(true);
  });

  test('numbers keep their colours, calm ones, and those beside each other differ', () => {
    expect(numberColour(0)).toEqual(GROUND);
    let least = Number.POSITIVE_INFINITY;
    const distance = (a: Colour, b: Colour): number => Math.hypot(...a.map((byte, i) => byte - b[i]!));
    for (let i = 1; i <= 400; i++) {
      const [r, g, b] = numberColour(i);
      expect(numberColour(i)).toEqual([r, g, b]);
      expect(Math.max(r, g, b) - Math.min(r, g, b)).toBeLessThan(150);
      for (const next of [1, 2, 3]) least = Math.min(least, distance(numberColour(i), numberColour(i + next)));
      expect(distance([r, g, b], borderColour(i))).toBeGreaterThan(40);
    }
    expect(least).toBeGreaterThan(40);
  });
});

describe('relief', () => {
  const SIZE = 64;
  const levelAt = (tints: Uint32Array, x: number, y: number): number => tints[y * SIZE + x]! & 0xff;

  test('is lighter where a surface looks to the light and darker where it looks away', () => {
    const hill = picture(
      heights(SIZE, (x, y) => 12 * Math.exp(-((x - 32) ** 2 + (y - 32) ** 2) / 150)),
      SIZE,
    );
    for (const [angle, dx, dy] of [
      [315, -1, -1],
      [45, 1, -1],
      [180, 0, 1],
      [270, -1, 0],
    ] as const) {
      const tints = reliefTints(hill, { angle, strength: 1 }, 1);
      const flat = levelAt(tints, 0, 0);
      expect(levelAt(tints, 32 + 8 * dx, 32 + 8 * dy)).toBeGreaterThan(flat + 15);
      expect(levelAt(tints, 32 - 8 * dx, 32 - 8 * dy)).toBeLessThan(flat - 15);
      const [r, g, b] = [tints[70]! & 0xff, (tints[70]! >> 8) & 0xff, (tints[70]! >> 16) & 0xff];
      expect([r, g]).toEqual([b, b]);
    }
  });

  test('is that of the angle between surface and light, whatever a sample stands for', () => {
    const light = { angle: 90, strength: 1 };
    // A slope of a half to the right, once in image pixels of its own and once with four of them to a sample.
    for (const scale of [1, 4]) {
      const tints = reliefTints(
        picture(
          heights(SIZE, (x) => (x * scale) / 2),
          SIZE,
          { scale },
        ),
        light,
        1,
      );
      const lit = (Math.SQRT1_2 - Math.SQRT1_2 * 0.5) / Math.sqrt(1.25);
      for (const x of [0, 1, 30, SIZE - 1]) expect(levelAt(tints, x, 20)).toBe(Math.round(255 * lit));
    }
  });

  test('is as steep for heights a thousand times as large, and knows when nothing rises', () => {
    const waves = (most: number) =>
      picture(
        heights(SIZE, (x, y) => most * Math.sin(x / 5) * Math.cos(y / 7)),
        SIZE,
      );
    expect(steepness(waves(1000))! * 1000).toBeCloseTo(steepness(waves(1))!, 3);
    const [small, large] = [waves(1), waves(1000)].map((one) => reliefTints(one, FIRST_LIGHT, steepness(one)!));
    expect(small).toEqual(large);
    expect(
      steepness(
        picture(
          heights(SIZE, () => 3),
          SIZE,
        ),
      ),
    ).toBeUndefined();
    expect(
      new Set(
        reliefTints(
          picture(
            heights(SIZE, () => 3),
            SIZE,
          ),
          FIRST_LIGHT,
          1,
        ),
      ).size,
    ).toBe(1);
  });

  test('marks what is no number', () => {
    const field = heights(SIZE, (x) => x);
    field[5 * SIZE + 5] = Number.NaN;
    field[9 * SIZE + 9] = Number.NEGATIVE_INFINITY;
    const tints = reliefTints(picture(field, SIZE), FIRST_LIGHT, 1);
    expect(tints[5 * SIZE + 5]).toBe(pack(NAN_COLOUR));
    expect(tints[9 * SIZE + 9]).toBe(pack(INFINITY_COLOUR));
    expect(tints.filter((tint) => tint === pack(NAN_COLOUR) || tint === pack(INFINITY_COLOUR))).toHaveLength(2);
  });
});

describe('heat maps', () => {
  const of = (...values: readonly number[]): Picture => picture(Float32Array.from(values), values.length);

  test('have round ends that hold nearly all that is not 0', () => {
    expect([0.9, 1, 1.01, 7e-9, 950, 1e10, 1.2].map(roundedUp)).toEqual([1, 1, 1.2, 8e-9, 1000, 1e10, 1.2]);
    expect(rangeFor(of(0, 0, 0.4, 3.3))).toEqual({ low: 0, high: 4 });
    expect(rangeFor(of(0, -2e-8, 7e-9))).toEqual({ low: -2e-8, high: 2e-8 });
    expect(rangeFor(of(-5, -1))).toEqual({ low: -5, high: 0 });
    expect(rangeFor(of(0, 0, Number.NaN, Number.POSITIVE_INFINITY))).toEqual({ low: 0, high: 1 });
    const outlier = Float32Array.from({ length: 10_000 }, (_, i) => (i === 77 ? 1e6 : (i % 100) / 100));
    expect(rangeFor(picture(outlier, 100))).toEqual({ low: 0, high: 1 });
  });

  test('put 0 in the middle of the two-sided scale, wherever the ends are', () => {
    expect([-4, 0, 4, 9, -9].map((value) => stepOf(value, { low: -4, high: 4 }))).toEqual([0, 127, 254, 254, 0]);
    expect([-1, 0, 4, 8].map((value) => stepOf(value, { low: -1, high: 8 }))).toEqual([0, 127, 191, 254]);
    expect([2, 3, 4].map((value) => stepOf(value, { low: 2, high: 4 }))).toEqual([0, 127, 254]);
    expect([isTwoSided({ low: -1, high: 1 }), isTwoSided({ low: 0, high: 1 })]).toEqual([true, false]);
  });

  test('draw samples in the colours of the scale, and mark what is no number', () => {
    const values = of(-4, 0, 4, Number.NaN, Number.POSITIVE_INFINITY);
    const tints = heatTints(values, { low: -4, high: 4 });
    const expected = [TWO_SIDED[0]!, TWO_SIDED[127]!, TWO_SIDED[254]!, NAN_COLOUR, INFINITY_COLOUR].map(pack);
    expect([...tints]).toEqual(expected);
    expect(heatTints(of(1), { low: 0, high: 2 })[0]).toBe(pack(RISING[127]!));
  });
});

describe('islands', () => {
  const straight = (count: number): Uint16Array => Uint16Array.from({ length: count }, (_, i) => i);

  test('have a border of a pixel wherever another begins, and none at the edge of the picture', () => {
    const numbers = Uint32Array.of(...[1, 1, 1, 0], ...[1, 1, 1, 0], ...[1, 1, 1, 2], ...[1, 1, 1, 2]);
    const pixels = new Uint32Array(16);
    const placed = { numbers, count: 1, width: 4, columns: straight(4), rows: straight(4), ratio: 1 };
    paintIds(placed, { from: 0, to: 4 }, pixels);
    const [one, two] = [pack(numberColour(1)), pack(borderColour(2))];
    const [edge, ground] = [pack(borderColour(1)), pack(GROUND)];
    const row = (last: number): number[] => [one, one, edge, last];
    expect([...pixels]).toEqual([...row(ground), ...row(ground), ...row(two), ...row(two)]);
  });

  test('are hatched one way where they are mirrored across and the other way where down, evenly at any zoom', () => {
    const size = 90;
    const painted = (side: number, step: number): Uint32Array => {
      const numbers = new Uint32Array(2 * size * size).map((_, i) => (i % 2 === 0 ? 5 : side));
      const columns = straight(size).map((i) => Math.floor(i / step));
      const pixels = new Uint32Array(size * size);
      paintIds({ numbers, count: 2, width: size, columns, rows: columns, ratio: 1 }, { from: 0, to: size }, pixels);
      return pixels;
    };
    const plain = pack(numberColour(5));
    for (const step of [1, 7]) {
      const [none, across, down] = [0, 1, 2].map((side) => painted(side, step));
      expect(new Set(none)).toEqual(new Set([plain]));
      for (const [pixels, slant] of [
        [across!, -1],
        [down!, 1],
      ] as const) {
        const striped = pixels.filter((pixel) => pixel !== plain).length / pixels.length;
        expect(striped).toBeGreaterThan(0.2);
        expect(striped).toBeLessThan(0.4);
        for (let y = 1; y < size; y++)
          for (let x = 1; x < size - 1; x++)
            if (pixels[y * size + x] !== pixels[(y - 1) * size + x - slant]) throw new Error(`at ${x}, ${y}`);
      }
    }
  });

  test('leave alone what is outside of the picture, and columns that are another slot', () => {
    const pixels = new Uint32Array(16).fill(9);
    const columns = Uint16Array.of(OUTSIDE, 0, 1, OUTSIDE);
    const rows = Uint16Array.of(0, 1, OUTSIDE, OUTSIDE);
    const numbers = Uint32Array.of(3, 3, 3, 3);
    paintIds({ numbers, count: 1, width: 2, columns, rows, ratio: 1 }, { from: 0, to: 2 }, pixels);
    const colour = pack(numberColour(3));
    expect([...pixels]).toEqual([9, colour, 9, 9, 9, colour, ...Array<number>(10).fill(9)]);
  });
});

describe('portrayals', () => {
  test('show each sample where it falls, and the colour under a figure is the one that is drawn', () => {
    const shown = picture(Float32Array.of(-1, 0, 1, 2), 2);
    const manner = { mode: 'heat', range: { low: -2, high: 2 } } as const;
    const columns = Uint16Array.of(0, 0, 1, OUTSIDE);
    const rows = Uint16Array.of(OUTSIDE, 0, 1);
    const pixels = new Uint32Array(12).fill(4);
    const portrayal = { picture: shown, manner, columns, rows, from: 1, to: 4 };
    portray(portrayal, pixels, 1);
    const [a, b, c, d] = [0, 1, 2, 3].map((i) => tintAt(portrayal, i % 2, i >> 1));
    expect([...pixels]).toEqual([4, 4, 4, 4, 4, a, b, 4, 4, c, d, 4]);
    expect([a, b, c, d]).toEqual([-1, 0, 1, 2].map((v) => pack(TWO_SIDED[stepOf(v, manner.range)]!)));
  });

  test('a heat map of a million samples is moved over the screen within a frame', () => {
    const shown = picture(
      heights(1024, (x, y) => x - y),
      1024,
    );
    const manner = { mode: 'heat', range: { low: -1000, high: 1000 } } as const;
    const lines = Uint16Array.from({ length: 1024 }, (_, i) => i);
    const pixels = new Uint32Array(1024 * 1024);
    const portrayal = { picture: shown, manner, columns: lines, rows: lines, from: 0, to: 1024 };
    portray(portrayal, pixels, 1);
    const times = Array.from({ length: 5 }, () => {
      const start = performance.now();
      portray(portrayal, pixels, 1);
      return performance.now() - start;
    });
    // About 2 ms; the bound is for a machine that has other things to do.
    expect(Math.min(...times)).toBeLessThan(40);
  });

  test('charts are as large as the image beside them, where that can be asked for', () => {
    const charts = { parts: [part({ id: 'uint' })] };
    const window = { minX: 0, minY: 0, maxX: 2047, maxY: 1023 };
    const like = chartsLike(charts, window);
    expect([like.parts[0]!.displayWindow, like.parts[0]!.dataWindow]).toEqual([window, window]);
    expect(chartsLike(charts, { ...window })).toBe(like);
    for (const other of [undefined, { ...window, minX: 1 }, { ...window, maxX: 8192 }, { ...window, maxX: -1 }])
      expect(chartsLike(charts, other)).toBe(charts);
  });
});
