// Resampling in bands against a plain average over the whole image, seeded.
import { describe, expect, test } from 'vitest';
import { PointSampler } from '../../../editor/server/viewing/points.ts';
import { Assembly, BandSampler, type Raster, type Sampler } from '../../../editor/server/viewing/resample.ts';
import {
  type Box,
  boxHeight,
  boxIntersection,
  boxIsEmpty,
  boxWidth,
  convertSamples,
  createPlane,
  type Plane,
} from '../../../engine/index.ts';
import { random } from '../../base/random.ts';

const seeded = random(41);
const between = seeded.int;

/** The part of [at, at + 1) that lies in [from, to). */
const overlap = (at: number, from: number, to: number): number =>
  Math.max(0, Math.min(at + 1, to) - Math.max(at, from));

/** The mean over each pixel's area, in double precision; outside the plane there is 0. */
function averaged(plane: Plane, { box, width, height }: Raster): Float64Array {
  const result = new Float64Array(width * height);
  const scaleX = boxWidth(box) / width;
  const scaleY = boxHeight(box) / height;
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      let sum = 0;
      for (let y = Math.floor(row * scaleY); y < Math.ceil((row + 1) * scaleY); y++) {
        for (let x = Math.floor(column * scaleX); x < Math.ceil((column + 1) * scaleX); x++) {
          const inX = x + box.minX - plane.box.minX;
          const inY = y + box.minY - plane.box.minY;
          if (inX < 0 || inY < 0 || inX >= plane.columns || inY >= plane.rows) continue;
          const weight =
            overlap(x, column * scaleX, (column + 1) * scaleX) * overlap(y, row * scaleY, (row + 1) * scaleY);
          sum += plane.samples[inY * plane.columns + inX]! * weight;
        }
      }
      result[row * width + column] = sum / (scaleX * scaleY);
    }
  }
  return result;
}

/** The same through bands and cells of random sizes, put together in random order. */
function banded(planes: readonly (Plane | undefined)[], window: Box, raster: Raster): Uint16Array {
  const region = boxIntersection(raster.box, window);
  const assembly = new Assembly(raster);
  const bands: Sampler[] = [];
  if (!boxIsEmpty(region)) {
    for (let minY = region.minY; minY <= region.maxY; ) {
      const maxY = Math.min(region.maxY, minY + between(0, 12));
      const band = new (raster.type === 'uint' ? PointSampler : BandSampler)(raster, minY, maxY);
      for (let minX = region.minX; minX <= region.maxX; ) {
        const maxX = Math.min(region.maxX, minX + between(0, 30));
        band.add(planes, { minX, minY, maxX, maxY });
        minX = maxX + 1;
      }
      bands.push(band);
      minY = maxY + 1;
    }
  }
  for (const band of bands.sort(() => seeded.int(-1, 1))) assembly.put(band.finish());
  return assembly.finish();
}

function noise(window: Box, type: 'float' | 'half'): Plane {
  const plane = createPlane('float', window);
  for (let i = 0; i < plane.samples.length; i++) plane.samples[i] = seeded.int(-1_000_000, 3_000_000) / 1_000_000;
  if (type === 'float') return plane;
  return { ...plane, type, samples: convertSamples(plane.samples, 'float', 'half').samples };
}

const floats = (halves: Uint16Array): Float32Array => convertSamples(halves, 'half', 'float').samples as Float32Array;

describe('a picture put together from bands', () => {
  test('is the mean over each area, wherever the bands and cells are cut', () => {
    let rounds = 0;
    const greatest = { half: 0, float: 0 };
    for (; rounds < 120; rounds++) {
      const minX = between(-20, 20);
      const minY = between(-20, 20);
      const window = { minX, minY, maxX: minX + between(0, 60), maxY: minY + between(0, 60) };
      const left = between(-40, 40);
      const top = between(-40, 40);
      const box = { minX: left, minY: top, maxX: left + between(0, 80), maxY: top + between(0, 80) };
      const size = { width: between(1, boxWidth(box)), height: between(1, boxHeight(box)) };
      const plane = noise(window, 'float');
      for (const type of ['half', 'float'] as const) {
        const raster = { box, ...size, channels: 2, type };
        const samples = banded([undefined, plane], window, raster);
        const found = type === 'half' ? floats(samples) : new Float32Array(samples.buffer);
        const expected = averaged(plane, raster);
        expect(found).toHaveLength(2 * expected.length);
        for (let i = 0; i < expected.length; i++) {
          expect(found[2 * i]).toBe(0);
          greatest[type] = Math.max(greatest[type], Math.abs(found[2 * i + 1]! - expected[i]!));
        }
      }
    }
    expect(rounds).toBe(120);
    // Half a step of half at 2 to 4, and what float sums lose.
    expect(greatest.half).toBeLessThan(0.00105);
    expect(greatest.float).toBeLessThan(2e-6);
  });

  test('is bit for bit the image where nothing is reduced, NaN payloads and infinities included', () => {
    const window = { minX: -3, minY: 5, maxX: 40, maxY: 33 };
    const plane = createPlane('half', window);
    for (let i = 0; i < plane.samples.length; i++) plane.samples[i] = between(0, 65_535);
    const box = { minX: 0, minY: 0, maxX: 50, maxY: 40 };
    const samples = banded([plane], window, { box, width: 51, height: 41, channels: 1, type: 'half' });
    let compared = 0;
    for (let y = 0; y <= 40; y++) {
      for (let x = 0; x <= 50; x++) {
        const inside = x <= 40 && y >= 5 && y <= 33;
        const expected = inside ? plane.samples[(y - 5) * plane.columns + x + 3] : 0;
        if (samples[y * 51 + x] !== expected) throw new Error(`differs at ${x}, ${y}`);
        compared++;
      }
    }
    expect(compared).toBe(51 * 41);
  });

  test('infinity stays in its own pixel, and subsampled channels are spread', () => {
    const window = { minX: 0, minY: 0, maxX: 7, maxY: 7 };
    const plane = createPlane('float', window);
    plane.samples[0] = Number.POSITIVE_INFINITY;
    const half = floats(banded([plane], window, { box: window, width: 4, height: 4, channels: 1, type: 'half' }));
    expect([...half].filter((v) => v !== 0)).toEqual([Number.POSITIVE_INFINITY]);
    // What is only too large for a half is not infinite, whether it is reduced or not.
    for (const [type, value] of [
      ['uint', 4_000_000_001],
      ['float', -1e10],
      ['float', 1e10],
    ] as const) {
      const large = createPlane(type, window);
      large.samples.fill(value);
      for (const width of [4, 8]) {
        const found = floats(banded([large], window, { box: window, width, height: 4, channels: 1, type: 'half' }));
        expect(found.every((v) => v === Math.sign(value) * 65504)).toBe(true);
      }
      expect(large.samples[0]).toBe(type === 'uint' ? value : Math.fround(value));
    }
    const chroma = createPlane('half', window, { x: 2, y: 2 });
    for (let i = 0; i < 16; i++) chroma.samples[i] = 0x3c00 + i;
    const full = banded([chroma], window, { box: window, width: 8, height: 8, channels: 1, type: 'half' });
    for (let y = 0; y < 8; y++)
      for (let x = 0; x < 8; x++) expect(full[y * 8 + x]).toBe(0x3c00 + (y >> 1) * 4 + (x >> 1));
  });
  test('of whole numbers is the one in the middle of each area, whatever their size, and never a mixture', () => {
    let compared = 0;
    for (let rounds = 0; rounds < 60; rounds++) {
      const window = { minX: between(-9, 9), minY: between(-9, 9), maxX: between(10, 60), maxY: between(10, 60) };
      const box = { minX: between(-20, 9), minY: between(-20, 9), maxX: between(10, 70), maxY: between(10, 70) };
      const [width, height] = [between(1, boxWidth(box)), between(1, boxHeight(box))];
      const ids = createPlane('uint', window);
      for (let i = 0; i < ids.samples.length; i++) ids.samples[i] = between(0, 2_000_000_000) * 2 + 1;
      const given = banded([ids, undefined], window, { box, width, height, channels: 2, type: 'uint' });
      const found = new Uint32Array(given.buffer);
      for (let row = 0; row < height; row++) {
        for (let column = 0; column < width; column++) {
          const x = box.minX + Math.floor(((column + 0.5) * boxWidth(box)) / width);
          const y = box.minY + Math.floor(((row + 0.5) * boxHeight(box)) / height);
          const inside = x >= window.minX && x <= window.maxX && y >= window.minY && y <= window.maxY;
          const expected = inside ? ids.samples[(y - window.minY) * ids.columns + x - window.minX] : 0;
          const at = 2 * (row * width + column);
          if (found[at] !== expected || found[at + 1] !== 0) throw new Error(`differs at ${column}, ${row}`);
          compared++;
        }
      }
    }
    expect(compared).toBeGreaterThan(10_000);
  });
});
