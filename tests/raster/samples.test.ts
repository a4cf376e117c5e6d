// Samples of pictures: every kind of PNG and TIFF made by hand gives what was put into it, other programs' files what they say.
import { execFileSync, spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { box } from '../../engine/base/box.ts';
import { decodePicture, openPicture, picturePlane } from '../../engine/raster/picture.ts';
import { quantize } from '../../engine/raster/quantize.ts';
import { PictureStore } from '../../engine/raster/store.ts';
import { temporary } from '../run/files.ts';
import { chunk, type PngSketch, png, type TiffSketch, tiff } from './forge.ts';

const folder = temporary();
let count = 0;

function file(bytes: Uint8Array, ending: string): string {
  const path = join(folder, `${count++}.${ending}`);
  writeFileSync(path, bytes);
  return path;
}

/** Channel → its samples. */
async function read(path: string): Promise<Record<string, number[]>> {
  const picture = openPicture(path);
  const pixels = await decodePicture(picture);
  const { width, height, channels } = picture.header;
  return Object.fromEntries(
    channels.map((name) => [name, [...picturePlane(pixels, name, box(0, 0, width - 1, height - 1)).samples]]),
  );
}

/** Every `step`-th of the samples, from `place` on, as the float of its share of `most`. */
const shares = (samples: readonly number[], place: number, step: number, most: number): number[] =>
  samples.filter((_, i) => i % step === place).map((value) => Math.fround(value / most));

/** Values that run through the whole range. */
const ramp = (length: number, most: number): number[] =>
  Array.from({ length }, (_, i) => (i < 2 ? i * most : (i * 7919 + 13) % (most + 1)));

describe('PNG', () => {
  const plain = (
    Object.entries({ 0: [1, 2, 4, 8, 16], 2: [8, 16], 4: [8, 16], 6: [8, 16] }) as [string, number[]][]
  ).flatMap(([kind, depths]) => depths.map((bits) => [Number(kind), bits] as const));

  test.each(plain)('kind %i of %i bits', async (kind, bits) => {
    const names = { 0: ['Y'], 2: ['R', 'G', 'B'], 4: ['Y', 'A'], 6: ['R', 'G', 'B', 'A'] }[kind]!;
    const samples = ramp(5 * 3 * names.length, 2 ** bits - 1);
    const sketch = { width: 5, height: 3, bits, kind, samples } as unknown as PngSketch;
    const path = file(png(sketch), 'png');
    const expected = names.map((name, i) => [name, shares(samples, i, names.length, 2 ** bits - 1)]);
    expect(await read(path)).toEqual(Object.fromEntries(expected));
    expect(openPicture(path).header.alpha).toBe(names.includes('A') ? 'straight' : undefined);
  });

  test('all kinds and depths of the standard but the palettes were there', () => expect(plain).toHaveLength(11));

  test.each([1, 2, 4, 8] as const)('a palette of %i bits, with alpha and without', async (bits) => {
    const most = Math.min(2 ** bits, 200);
    const colours = Array.from({ length: most }, (_, i) => [i, 255 - i, (i * 91) % 256]);
    const samples = Array.from({ length: 12 }, (_, i) => (i * 5 + 1) % most);
    const sketch = { width: 4, height: 3, bits, kind: 3, samples } as const;
    const palette = chunk('PLTE', Buffer.from(colours.flat()));
    const rgb = { R: 0, G: 1, B: 2 };
    const expected = Object.fromEntries(
      Object.entries(rgb).map(([name, c]) => [name, samples.map((s) => Math.fround(colours[s]![c]! / 255))]),
    );
    expect(await read(file(png({ ...sketch, before: [palette] }), 'png'))).toEqual(expected);
    const clear = chunk('tRNS', Buffer.from([0, 77]));
    const alpha = samples.map((s) => Math.fround((s === 0 ? 0 : s === 1 ? 77 : 255) / 255));
    expect(await read(file(png({ ...sketch, before: [palette, clear] }), 'png'))).toEqual({ ...expected, A: alpha });
  });

  test('one colour said to be clear becomes alpha', async () => {
    const samples = [10, 20, 30, 40];
    const clear = chunk('tRNS', Buffer.from([0, 20]));
    const found = await read(file(png({ width: 4, height: 1, bits: 8, kind: 0, samples, before: [clear] }), 'png'));
    expect(found).toEqual({ Y: shares(samples, 0, 1, 255), A: [1, 0, 1, 1] });
  });
});

describe('TIFF', () => {
  const forms: [string, Partial<TiffSketch>, readonly string[]][] = [
    ['grey', { photometric: 1, channels: 1 }, ['Y']],
    ['grey and alpha', { photometric: 1, channels: 2, extra: 2 }, ['Y', 'A']],
    ['RGB', { photometric: 2, channels: 3 }, ['R', 'G', 'B']],
    ['RGB, straight alpha', { photometric: 2, channels: 4, extra: 2 }, ['R', 'G', 'B', 'A']],
    ['RGB, premultiplied', { photometric: 2, channels: 4, extra: 1 }, ['R', 'G', 'B', 'A']],
    ['RGB, alpha of which nothing is said', { photometric: 2, channels: 4, extra: 0 }, ['R', 'G', 'B', 'A']],
    ['grey, premultiplied', { photometric: 1, channels: 2, extra: 1 }, ['Y', 'A']],
  ];
  const ORDERS = [{}, { big: true }] as const;
  let read8 = 0;

  test.each(forms)('%s, of 8, 16 and 32 bits, in both orders of bytes', async (_, form, names) => {
    for (const order of ORDERS) {
      for (const bits of [8, 16, 32] as const) {
        const most = 2 ** bits - 1;
        const whole = ramp(5 * 3 * names.length, most);
        const floats = whole.map((_, i) => Math.fround((i - 20) * 1.7 ** (i % 30)));
        const samples = bits === 32 ? floats : whole;
        const sketch = {
          width: 5,
          height: 3,
          bits,
          samples,
          ...(bits === 32 ? { float: true } : {}),
          ...form,
          ...order,
        };
        const path = file(tiff(sketch as TiffSketch), 'tif');
        const share = bits === 32 ? 1 : most;
        const expected = names.map((name, i) => [name, shares(samples, i, names.length, share)]);
        expect(await read(path), `${bits} bits`).toEqual(Object.fromEntries(expected));
        const alpha = { 0: undefined, 1: 'premultiplied', 2: 'straight' }[form.extra ?? 0];
        expect(openPicture(path).header.alpha).toBe(alpha);
        read8++;
      }
    }
  });

  test('that were all', () => expect(read8).toBe(forms.length * 6));

  test('floats keep every bit: infinities, denormals, minus zero and the NaN', async () => {
    const samples = [
      Number.POSITIVE_INFINITY,
      Number.NEGATIVE_INFINITY,
      1e-45,
      -0,
      3.4e38,
      Number.NaN,
      65504,
      -1e-39,
      1e30,
    ];
    const path = file(
      tiff({ width: 3, height: 1, bits: 32, float: true, photometric: 2, channels: 3, samples }),
      'tif',
    );
    const found = await read(path);
    const bits = (values: readonly number[]): number[] => [...new Uint32Array(Float32Array.from(values).buffer)];
    for (const [i, name] of ['R', 'G', 'B'].entries())
      expect(bits(found[name]!)).toEqual(bits(samples.filter((_, at) => at % 3 === i)));
  });

  test('grey in which 0 is white is turned round, and said to be so', async () => {
    const samples = [0, 1, 200, 255];
    const path = file(tiff({ width: 4, height: 1, bits: 8, photometric: 0, channels: 1, samples }), 'tif');
    expect(await read(path)).toEqual({
      Y: shares(
        samples.map((s) => 255 - s),
        0,
        1,
        255,
      ),
    });
    expect(openPicture(path).header.stored).toBe('grey, 0 is white, of 8 bits');
  });

  test('a palette gives its colours', async () => {
    const samples = [3, 0, 255, 7];
    const colours = Array.from({ length: 256 }, (_, i) => [i, 255 - i, (i * 91) % 256]);
    const map = Uint16Array.from([0, 1, 2].flatMap((c) => colours.map((colour) => colour[c]! * 257)));
    const more = [[320, 3, new Uint8Array(map.buffer)]] as const;
    const path = file(tiff({ width: 4, height: 1, bits: 8, photometric: 3, channels: 1, samples, more }), 'tif');
    const shown = samples.flatMap((s) => colours[s]!);
    expect(await read(path)).toEqual({
      R: shares(shown, 0, 3, 255),
      G: shares(shown, 1, 3, 255),
      B: shares(shown, 2, 3, 255),
    });
  });

  test('what is not read is refused by name', () => {
    const base = { width: 2, height: 1, bits: 8, photometric: 2, channels: 3, samples: ramp(6, 255) } as const;
    const refused: [Uint8Array, RegExp][] = [
      [tiff({ ...base, photometric: 5, channels: 4, samples: ramp(8, 255) }), /CMYK/],
      [tiff({ ...base, photometric: 8 }), /CIELAB/],
      [tiff({ ...base, channels: 6, samples: ramp(12, 255) }), /3 more samples/],
      [tiff({ ...base, bits: 32 }), /unsigned samples of 32 bits/],
      [tiff({ ...base, photometric: 0, channels: 1, bits: 32, float: true, samples: [1, 2] }), /inverted float/],
    ];
    for (const [bytes, reason] of refused) {
      const path = file(bytes, 'tif');
      expect(() => openPicture(path)).toThrow(
        expect.objectContaining({ code: 'picture-unsupported', message: expect.stringMatching(reason) }),
      );
    }
    expect(refused).toHaveLength(5);
  });
});

describe('JPEG and WebP', () => {
  const wave = Uint8Array.from({ length: 40 * 30 * 4 }, (_, i) => 128 + 100 * Math.sin(i / 50));

  test.each(['jpeg', 'webp', 'lossless'] as const)('%s: as sharp unpacks it', async (kind) => {
    for (const channels of kind === 'jpeg' ? ([1, 3] as const) : ([3, 4] as const)) {
      const raw = sharp(wave.subarray(0, 40 * 30 * channels), { raw: { width: 40, height: 30, channels } });
      const grey = channels === 1;
      const packed = grey ? raw.toColourspace('b-w') : raw;
      const bytes = await (kind === 'jpeg' ? packed.jpeg() : packed.webp({ lossless: kind === 'lossless' })).toBuffer();
      const expected = await sharp(bytes)
        .toColourspace(grey ? 'b-w' : 'srgb')
        .raw()
        .toBuffer();
      const found = await read(file(bytes, kind === 'jpeg' ? 'jpg' : 'webp'));
      const names = grey ? ['Y'] : ['R', 'G', 'B', 'A'].slice(0, channels);
      expect(Object.keys(found)).toEqual(names);
      for (const [i, name] of names.entries()) expect(found[name]).toEqual(shares([...expected], i, channels, 255));
    }
  });
});

const hasOiio = spawnSync('oiiotool', ['--help']).error === undefined;
describe.skipIf(!hasOiio && process.env['CI'] !== 'true')('files of OpenImageIO (skipped without oiiotool)', () => {
  const SETTINGS: [ending: string, depth: string, channels: number, ...more: string[]][] = [
    ['png', 'uint8', 1],
    ['png', 'uint8', 3],
    ['png', 'uint16', 4],
    ['tif', 'uint8', 3, '--compression', 'lzw'],
    ['tif', 'uint8', 4, '--compression', 'packbits'],
    ['tif', 'uint16', 3, '--compression', 'zip'],
    ['tif', 'uint16', 4, '--tile', '16', '16'],
    ['tif', 'uint16', 1, '--planarconfig', 'separate'],
    ['tif', 'float', 3, '--compression', 'zip'],
    ['tif', 'float', 4, '--attrib', 'oiio:UnassociatedAlpha', '1'],
    ['tif', 'float', 4, '--planarconfig', 'separate', '--compression', 'lzw'],
    ['webp', 'uint8', 3, '--attrib', 'webp:lossless', '1'],
  ];

  test.each(SETTINGS)(
    '%s of %s with %i channels is what its plain TIFF of floats says',
    async (ending, depth, channels, ...more) => {
      const path = join(folder, `oiio-${count++}.${ending}`);
      const names = { 1: 'Y', 3: 'R,G,B', 4: 'R,G,B,A' }[channels]!;
      const make = ['--pattern', 'noise:type=uniform:min=0:max=1', '37x23', String(channels), '--chnames', names];
      execFileSync('oiiotool', [...make, ...more, '-d', depth, '-o', path]);
      const floats = join(folder, `plain-${count++}.tif`);
      // Alpha is handed on as it is: by itself OpenImageIO multiplies straight alpha into colour.
      execFileSync('oiiotool', [
        '--iconfig',
        'oiio:UnassociatedAlpha',
        '1',
        path,
        '-d',
        'float',
        '--compression',
        'none',
        '-o',
        floats,
      ]);
      const expected = await read(floats);
      const found = await read(path);
      expect(Object.keys(found).join()).toBe(names);
      let samples = 0;
      for (const [name, values] of Object.entries(found)) {
        expect(values.every((value, i) => Math.abs(value - expected[name]![i]!) < 1e-7)).toBe(true);
        samples += values.length;
      }
      expect(samples).toBe(37 * 23 * channels);
    },
  );
});

describe('a region of a picture', () => {
  test('is that part of it, with zeros outside', async () => {
    const samples = ramp(4 * 3 * 3, 255);
    const pixels = await decodePicture(
      openPicture(file(png({ width: 4, height: 3, bits: 8, kind: 2, samples }), 'png')),
    );
    const whole = picturePlane(pixels, 'G', box(0, 0, 3, 2));
    const part = picturePlane(pixels, 'G', box(-1, 1, 2, 3));
    const at = (x: number, y: number): number => (x < 0 || y > 2 ? 0 : whole.samples[y * 4 + x]!);
    expect([...part.samples]).toEqual([1, 2, 3].flatMap((y) => [-1, 0, 1, 2].map((x) => at(x, y))));
    expect(picturePlane(pixels, 'R', box(3, 3, 2, 2)).samples).toHaveLength(0);
  });
});

describe('a store of pictures', () => {
  test('unpacks a picture once, and again when the file is another', async () => {
    const store = new PictureStore();
    const path = file(png({ width: 2, height: 1, bits: 8, kind: 0, samples: [1, 2] }), 'png');
    const picture = openPicture(path);
    const [one, two] = await Promise.all([store.pixels(picture), store.pixels(picture)]);
    expect(one).toBe(two);
    expect(await store.pixels(picture)).toBe(one);
    writeFileSync(path, png({ width: 2, height: 1, bits: 8, kind: 0, samples: [3, 4] }));
    const other = new PictureStore();
    await expect(other.pixels(picture)).rejects.toMatchObject({ code: 'file-changed' });
    expect((await store.pixels(openPicture(path))).samples[0]).toBe(3);
  });
});

describe('whole numbers', () => {
  test('every one of 8 and 16 bits comes back from its float', () => {
    for (const made of [new Uint8Array(256), new Uint16Array(65536)]) {
      const most = made.length - 1;
      const floats = Float32Array.from({ length: made.length }, (_, i) => i / most);
      expect(quantize(floats, made, { place: 0, stride: 1 })).toEqual({ clamped: 0, nan: 0, rounded: 0 });
      expect(made.every((value, i) => value === i)).toBe(true);
    }
  });

  test('are the nearest, halves upwards; what is beyond is clamped and counted', () => {
    const made = new Uint8Array(16);
    const floats = [
      0.5 / 255,
      0.4999 / 255,
      1.5 / 255,
      254.5 / 255,
      -0.001,
      1.0001,
      Number.NaN,
      Number.NEGATIVE_INFINITY,
    ];
    // 1.5 / 255 as a float lies a little above or below the half: what counts is that float.
    const expected = [
      Math.floor(Math.fround(0.5 / 255) * 255 + 0.5),
      0,
      Math.floor(Math.fround(1.5 / 255) * 255 + 0.5),
    ];
    const counts = quantize(Float32Array.from(floats), made, { place: 1, stride: 2 });
    expect([...made].filter((_, i) => i % 2 === 1).slice(0, 3)).toEqual(expected);
    expect([...made].filter((_, i) => i % 2 === 1).slice(4)).toEqual([0, 255, 0, 0]);
    expect([...made].filter((_, i) => i % 2 === 0)).toEqual(Array(8).fill(0));
    expect(counts).toEqual({ clamped: 3, nan: 1, rounded: 4 });
  });
});
