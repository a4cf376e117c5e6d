// The example comps run on the fixture shot: their samples are what formulas say, whatever the number of workers.
import { readdirSync, readFileSync } from 'node:fs';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { decodeAttribute, type GraphRun, saveDocument } from '../../engine/index.ts';
import { convertPlane } from '../../engine/pixels/convert.ts';
import { openPicture } from '../../engine/raster/picture.ts';
import { SEQUENCES, SHOT_FRAMES, shotFile } from '../../fixtures/render.ts';
import { timeCodeOf } from '../../fixtures/shot/header.ts';
import { LIGHTS } from '../../fixtures/shot/picture.ts';
import { DAMAGE } from '../../fixtures/shot/plate.ts';
import { rendererOf } from '../../nodes/color/output/named.ts';
import {
  AWG4_TO_AP1,
  blurredAt,
  cut,
  graded,
  halfStep,
  linearOfLogC4,
  map,
  mended,
  multiplied,
  type Raster,
  REC709_TO_AP1,
  scaled,
} from './formulas.ts';
import { COMPS, GRAPHS, loadGraph, openShot, type Shot, withFile } from './shot.ts';

const [WIDTH, HEIGHT] = [480, 270];
const RGB = ['R', 'G', 'B'] as const;

let shot: Shot;
const ran = new Set<string>();

// One ray a pixel: more would change nothing of what is tested.
beforeAll(async () => {
  shot = await openShot({ width: WIDTH, height: HEIGHT, grid: 1, sequences: SEQUENCES });
}, 120_000);
afterAll(() => {
  shot.remove();
  expect([...ran].sort()).toEqual(COMPS);
});

type Params = NonNullable<NonNullable<Parameters<Shot['run']>[1]>['overrides']>['params'];

async function run(name: string, params: Params = {}, jobs = 0): Promise<GraphRun> {
  ran.add(name);
  const result = await shot.run(name, { jobs, overrides: { params } });
  expect(result.problems).toEqual([]);
  expect(result.exitCode).toBe(0);
  expect(result.frames).toEqual(SHOT_FRAMES);
  return result;
}

/** All files that a graph wrote, by name. */
const written = (name: string): Map<string, Buffer> =>
  new Map(
    readdirSync(shot.path(`out/${name}`))
      .filter((file) => /^sh010.*\.(exr|png)$/.test(file))
      .map((file) => [file, shot.bytes(`out/${name}/${file}`)]),
  );

const rasters = (file: string, names: readonly string[] = RGB): Raster[] =>
  withFile(shot.path(file), (open) => {
    const planes = open.readPart(0);
    return names.map((channel) => {
      const { columns: width, rows: height, samples } = convertPlane(planes.get(channel)!, 'float').plane;
      return { width, height, samples: samples as Float32Array };
    });
  });

const attributeOf = (file: string, name: string): unknown =>
  withFile(shot.path(file), (open) => {
    const found = open.part(0).attributes.find((one) => one.name === name);
    return found && decodeAttribute(found);
  });

const made = (name: string, frame: number): string => `out/${name}.${frame}.exr`;

/** The greatest distance of samples from what is expected, in the widest steps of half near them. */
function farthest(ours: Raster, expected: Raster, skip: (i: number) => boolean = () => false): number {
  let most = 0;
  for (let i = 0; i < ours.samples.length; i++) {
    if (skip(i)) continue;
    const distance =
      Math.abs(ours.samples[i]! - expected.samples[i]!) / halfStep(Math.max(0.01, Math.abs(expected.samples[i]!)));
    if (!(distance <= most)) most = distance;
  }
  return most;
}

test('five comps, each documented and saved in the one form', () => {
  expect(COMPS).toHaveLength(5);
  for (const name of COMPS) {
    const document = loadGraph(name);
    expect(document.name).toBe(name);
    expect(document.doc?.length ?? 0).toBeGreaterThan(60);
    expect(saveDocument(document)).toBe(readFileSync(new URL(`${name}.sluice.json`, GRAPHS), 'utf8'));
  }
});

test.each(COMPS)(
  '%s gives the same bytes with two workers as without',
  async (name) => {
    await run(name);
    const alone = written(name);
    await run(name, {}, 2);
    const together = written(name);
    expect(together.size).toBe(name === 'rebuild' ? 16 : 8);
    expect([...together.keys()]).toEqual([...alone.keys()]);
    expect([...together].filter(([file, bytes]) => !bytes.equals(alone.get(file)!))).toEqual([]);
    expect(new Set([...together.values()].map((bytes) => bytes.toString('base64'))).size).toBe(together.size);
  },
  60_000,
);

describe('conform', () => {
  const EXTRACTION = [24, 46, 599, 369];

  /** The plate in ACEScg, cut and scaled, by formulas alone. */
  const conformed = (frame: number): Raster[] => {
    const light = rasters(`in/${shotFile('plate', frame)}`).map((plane) => map(mended(plane), linearOfLogC4));
    return multiplied(light, AWG4_TO_AP1).map((plane) => scaled(cut(plane, EXTRACTION), WIDTH, HEIGHT));
  };

  test('mends, converts, cuts and scales as formulas say', async () => {
    await run('conform');
    for (const frame of [1001, 1008]) {
      const expected = conformed(frame);
      for (const [i, ours] of rasters(made('conform/sh010_plate', frame)).entries()) {
        expect([ours.width, ours.height]).toEqual([WIDTH, HEIGHT]);
        // Half is rounded to three times on the way: codes, light, and the scaled picture.
        expect(farthest(ours, expected[i]!)).toBeLessThan(8);
      }
    }
  });

  test('the ledger counts the samples that were mended, and the files say what they hold', async () => {
    const { result } = await run('conform');
    let nan = 0;
    let infinite = 0;
    for (const frame of SHOT_FRAMES) {
      const planes = rasters(`in/${shotFile('plate', frame)}`);
      const broken = planes.flatMap(({ samples }) => [...samples].filter((value) => !Number.isFinite(value)));
      expect(broken.filter(Number.isNaN).length).toBeLessThanOrEqual(DAMAGE.nan);
      // What lies outside of the extraction is never looked at.
      for (const { samples } of planes.map((plane) => cut(plane, EXTRACTION))) {
        nan += samples.filter(Number.isNaN).length;
        infinite += samples.filter((value) => value === Number.POSITIVE_INFINITY).length;
      }
    }
    const counted = (reason: string): number =>
      result!.ledger
        .filter((line) => line.reason.startsWith(reason))
        .reduce((sum, line) => sum + (line.samples ?? 0), 0);
    expect([counted('NaN became'), counted('infinity became')]).toEqual([nan, infinite]);
    expect(nan).toBeGreaterThan(100);
    for (const frame of SHOT_FRAMES) {
      const file = made('conform/sh010_plate', frame);
      expect(attributeOf(file, 'colorInteropID')).toBe('lin_ap1_scene');
      expect(attributeOf(file, 'comments')).toBe('sh010 plate, ACEScg, extraction of A014C003');
      expect(attributeOf(file, 'timeCode')).toMatchObject({ time: timeCodeOf(frame) });
    }
  });
});

type P = Raster['samples'];

describe('rebuild', () => {
  const layer = (frame: number, light: string): Raster[] =>
    rasters(
      `in/${shotFile('light', frame)}`,
      RGB.map((c) => `${light}.${c}`),
    );

  test('the lights add up to the beauty within the rounding of half, sample by sample', async () => {
    await run('rebuild');
    let proven = 0;
    for (const frame of SHOT_FRAMES) {
      const lights = LIGHTS.map((light) => layer(frame, light));
      const beauty = rasters(`in/${shotFile('beauty', frame)}`);
      const rebuilt = rasters(made('rebuild/sh010', frame));
      const left = rasters(made('rebuild/sh010_difference', frame));
      for (const c of [0, 1, 2]) {
        const [sun, sky, specular, air] = lights.map((planes) => planes[c]!.samples) as [P, P, P, P];
        const [light, sums, rests] = [beauty[c]!.samples, rebuilt[c]!.samples, left[c]!.samples];
        for (let i = 0; i < WIDTH * HEIGHT; i++) {
          const sum = Math.fround(Math.fround(Math.fround(sun[i]! + sky[i]!) + specular[i]!) + air[i]!);
          const rest = rests[i]!;
          const right = sums[i] === sum && rest === Math.fround(Math.abs(sum - light[i]!));
          const lit = halfStep(sun[i]!) + halfStep(sky[i]!) + halfStep(specular[i]!) + halfStep(air[i]!);
          const rounding = lit + halfStep(light[i]!);
          if (right && rest <= rounding * 1.001) proven++;
        }
      }
      expect(rasters(made('rebuild/sh010', frame), ['A'])).toEqual(rasters(`in/${shotFile('beauty', frame)}`, ['A']));
    }
    expect(proven).toBe(8 * 3 * WIDTH * HEIGHT);
  }, 60_000);

  test('a light that is put up by a stop is what the difference shows', async () => {
    await run('rebuild', { 'specularLevel.stops': 1 });
    const specular = layer(1004, 'specular');
    for (const [c, { samples }] of rasters(made('rebuild/sh010_difference', 1004)).entries()) {
      const beauty = rasters(`in/${shotFile('beauty', 1004)}`)[c]!.samples;
      const near = samples.filter((rest, i) => Math.abs(rest - specular[c]!.samples[i]!) <= halfStep(beauty[i]!) * 5);
      expect(near.length).toBe(WIDTH * HEIGHT);
    }
  });
});

test('review scales light, renders it for the display and burns the frame in', async () => {
  await run('review');
  const [width, height] = [WIDTH / 2, HEIGHT / 2];
  const encoded = (v: number): number => (v <= 0.0031308 ? 12.92 * v : 1.055 * v ** (1 / 2.4) - 0.055);
  const show = rendererOf('aces2-srgb', {
    red: [0.64, 0.33],
    green: [0.3, 0.6],
    blue: [0.15, 0.06],
    white: [0.3127, 0.329],
  })!;
  for (const frame of [1001, 1008]) {
    const planes = rasters(`in/${shotFile('beauty', frame)}`).map((plane) =>
      Float32Array.from(scaled(plane, width, height).samples),
    ) as [Float32Array, Float32Array, Float32Array];
    show(...planes);
    const path = shot.path(`out/review/sh010.${frame}.png`);
    expect(openPicture(path).header.colour.map((s) => `${s.by}: ${s.says}`)[0]).toBe('sRGB: rec709, srgb');
    const { data, info } = await sharp(path).raw().toBuffer({ resolveWithObject: true });
    expect([info.width, info.height, info.channels]).toEqual([width, height, 3]);
    let outside = 0;
    let letters = 0;
    for (let i = 0; i < width * height; i++) {
      const [x, y] = [i % width, Math.floor(i / width)];
      const codes = planes.map((plane) => encoded(plane[i]!) * 255);
      const near = codes.every((code, c) => Math.abs(data[3 * i + c]! - code) < 1);
      if (x < width - 40 || y < height - 20) outside += near ? 1 : 0;
      else if ([0, 1, 2].every((c) => data[3 * i + c]! > 150 && data[3 * i + c]! > codes[c]! + 40)) letters++;
    }
    expect(outside).toBe(width * height - 40 * 20);
    expect(letters).toBeGreaterThan(20);
  }
});

test('animated follows its keys and its expressions', async () => {
  await run('animated');
  const fading: number[] = [];
  for (const frame of SHOT_FRAMES) {
    const given = rasters(`in/${shotFile('beauty', frame)}`);
    const ours = rasters(made('animated/sh010', frame));
    // What is right of the wipe is faded alone; the brightest sample there tells by how much.
    const from = (frame - 1001) / 7 - 0.1;
    const mask = (i: number): number => 1 - Math.min(1, Math.max(0, (((i % WIDTH) + 0.5) / WIDTH - from) / 0.1));
    const keys = [-6, Number.NaN, Number.NaN, -1, -0.5, 0, 0, 0];
    let stops = keys[frame - 1001]!;
    if (Number.isNaN(stops)) {
      const [red] = given.map(({ samples }) => samples) as [Raster['samples']];
      let at = WIDTH - 1;
      for (let i = 0; i < red.length; i++) if (mask(i) === 0 && red[i]! > red[at]!) at = i;
      stops = Math.log2(ours[0]!.samples[at]! / red[at]!);
    }
    fading.push(stops);
    for (const [c, cold] of [0.5, 0.75, 1.25].entries()) {
      const expected = map(given[c]!, (light, i) => light * 2 ** stops * (1 + (cold - 1) * mask(i)));
      expect(farthest(ours[c]!, expected)).toBeLessThan(6);
    }
  }
  // Smooth keys climb without overshooting.
  expect(fading[1]).toBeGreaterThan(-6);
  expect(fading[2]).toBeGreaterThan(fading[1]!);
  expect(fading[2]).toBeLessThan(-1);
});

describe('slap-comp', () => {
  const FRAME = 1004;
  /** Rows above the burnt-in text. */
  const isText = (i: number): boolean => i >= 225 * WIDTH;

  const [gains, gamma] = [[0.86, 0.9, 1], 1.04] as const;

  /** The render in ACEScg, graded, multiplied by its alpha. */
  function render(alpha: Raster): Raster[] {
    const light = rasters(`in/${shotFile('beauty', FRAME)}`);
    return multiplied(light, REC709_TO_AP1).map((plane, c) =>
      map(plane, (value, i) => graded(value, gains[c]!, gamma) * alpha.samples[i]!),
    );
  }

  test('lays the graded render over the exposed plate', async () => {
    await run('slap-comp', { 'soften.size': [0, 0], 'defocus.size': [0, 0] });
    const [alpha] = rasters(`in/${shotFile('beauty', FRAME)}`, ['A']) as [Raster];
    const shown = render(alpha);
    const codes = rasters(`in/${shotFile('plate', FRAME)}`).map((plane) => map(mended(plane), linearOfLogC4));
    // The height of the plate is what the format cuts off: 624 pixels become 480, and 25 of 320 rows go on either side.
    const plate = multiplied(codes, AWG4_TO_AP1).map((plane) => cut(scaled(plane, WIDTH, 320), [0, 25, 479, 294]));
    for (const [c, ours] of rasters(made('slap-comp/sh010', FRAME)).entries()) {
      const behind = plate[c]!.samples;
      const expected = map(shown[c]!, (value, i) => value + behind[i]! * Math.SQRT2 * (1 - alpha.samples[i]!));
      expect(farthest(ours, expected, isText)).toBeLessThan(16);
    }
  });

  test('far things are out of focus, near ones as sharp as before', async () => {
    await run('slap-comp', { 'soften.size': [0, 0], 'defocus.size': [0, 0] });
    const sharp = rasters(made('slap-comp/sh010', FRAME));
    await run('slap-comp');
    const ours = rasters(made('slap-comp/sh010', FRAME));
    const [alpha] = rasters(`in/${shotFile('beauty', FRAME)}`, ['A']) as [Raster];
    const [depth] = rasters(`in/${shotFile('utility', FRAME)}`, ['Z']) as [Raster];
    const shown = render(alpha);
    let near = 0;
    let far = 0;
    for (let i = 0; i < 225 * WIDTH; i++) {
      const [x, y] = [i % WIDTH, Math.floor(i / WIDTH)];
      if (depth.samples[i]! <= 8) {
        if (RGB.every((_, c) => ours[c]!.samples[i] === sharp[c]!.samples[i])) near++;
        else expect([i, alpha.samples[i]]).toEqual([i, expect.not.closeTo(1)]);
      } else if (depth.samples[i]! >= 11 && x % 9 === 4 && y % 3 === 1 && blurredAt(alpha, x, y, 7 / 2.4) > 0.9999) {
        for (const c of [0, 1, 2]) {
          const expected = blurredAt(shown[c]!, x, y, 7 / 2.4);
          expect(Math.abs(ours[c]!.samples[i]! - expected) / halfStep(expected)).toBeLessThan(4);
        }
        far++;
      }
    }
    expect(near).toBeGreaterThan(20_000);
    expect(far).toBeGreaterThan(100);
  });

  test('the frame is burnt in, and attributes are those of the plate', async () => {
    await run('slap-comp', { 'slate.color': [0, 0, 0, 0] });
    const corner = (frame: number): Raster => cut(rasters(made('slap-comp/sh010', frame))[0]!, [0, 225, 200, 269]);
    const bare = SHOT_FRAMES.map(corner);
    await run('slap-comp');
    const lit = SHOT_FRAMES.map((frame, f) => {
      const places = [...corner(frame).samples].map((value, i) => (value > bare[f]!.samples[i]! ? i : -1));
      return places.filter((i) => i >= 0);
    });
    for (const places of lit) expect(places.length).toBeGreaterThan(150);
    expect(new Set(lit.map(String)).size).toBe(8);
    for (const frame of SHOT_FRAMES) {
      const file = made('slap-comp/sh010', frame);
      expect(attributeOf(file, 'colorInteropID')).toBe('lin_ap1_scene');
      expect(attributeOf(file, 'reelName')).toBe('A014C003');
      expect(attributeOf(file, 'timeCode')).toMatchObject({ time: timeCodeOf(frame) });
      expect(rasters(file, ['A'])[0]!.samples.every((value) => value === 1)).toBe(true);
    }
  });
});
