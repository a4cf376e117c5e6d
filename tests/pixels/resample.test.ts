// Resampling: the kernels against the plain twins bit by bit, filters against their laws, and wide Gaussians against the direct sum.
import { expect, test } from 'vitest';
import { box } from '../../engine/base/box.ts';
import { type BlurAxis, boxAxis, gaussianAxis, gaussianReach, gridOf } from '../../engine/pixels/blur.ts';
import { FILTER_NAMES, filterOf, stretched } from '../../engine/pixels/filter.ts';
import { kernelCalls } from '../../engine/pixels/kernels.ts';
import { createPlane, type Plane } from '../../engine/pixels/plane.ts';
import * as reference from '../../engine/pixels/reference.ts';
import { resample } from '../../engine/pixels/resample.ts';
import { type Axis, type Edge, onePass, type Span, tapsOf, untouched } from '../../engine/pixels/taps.ts';
import { random } from '../base/random.ts';
import { expectSameBits } from './bits.ts';

const span = (from: number, to: number): Span => ({ from, to });

function plane(columns: Span, rows: Span, sample: (x: number, y: number) => number): Plane {
  const made = createPlane('float', box(columns.from, rows.from, columns.to, rows.to));
  let i = 0;
  for (let y = rows.from; y <= rows.to; y++)
    for (let x = columns.from; x <= columns.to; x++) made.samples[i++] = sample(x, y);
  return made;
}

/** Half of it ordinary, the rest of all sizes and kinds. */
function noise(seed: number): () => number {
  const from = random(seed);
  const odd = [0, -0, Infinity, -Infinity, NaN, 1e-45, 1.2e-38, 3.4e38, -3.4e38, 65504];
  return () => (from.chance(0.98) ? (from.int(0, 0x7fffff) / 0x400000 - 1) * 2 ** from.int(-8, 8) : from.pick(odd));
}

const MAPS = {
  half: { scale: 4, offset: 2, over: 2 },
  'three quarters': { scale: 8, offset: 4, over: 6 },
  'up by 2.5': { scale: 4, offset: 2, over: 10 },
  'seven to three': { scale: 14, offset: 7, over: 6 },
  shifted: { scale: 1, offset: 0.5 + 0.3, over: 1 },
  mirrored: { scale: -2, offset: 61, over: 2 },
  odd: { scale: 1 / 1.37, offset: 0.2, over: 1 },
} as const;

test.each(Object.entries(MAPS))('%s: the kernels give the bits of the plain twins', (_, map) => {
  let compared = 0;
  for (const [i, name] of FILTER_NAMES.entries()) {
    const filter = stretched(filterOf(name), Math.max(1, Math.abs(map.scale / map.over)));
    for (const edge of ['black', 'repeat'] as const) {
      for (const [width, height] of [
        [1, 1],
        [7, 19],
        [61, 33],
        [300, 5],
      ] as const) {
        const columns = onePass({ wanted: span(-2, width), map, filter, bounds: span(0, 150), edge });
        const rows = onePass({ wanted: span(-3, height), map, filter, bounds: span(0, 40), edge });
        const source = plane(columns, rows, noise(i * 100 + width));
        const before = kernelCalls();
        const made = resample(source, { columns, rows });
        if (source.samples.length > 0) expect(kernelCalls()).toBeGreaterThan(before);
        expectSameBits(made, reference.plainResample(source.samples as Float32Array, columns, rows), `${name} ${edge}`);
        expect(made.length).toBe((width + 3) * (height + 4));
        compared += made.length;
      }
    }
  }
  expect(compared).toBe(FILTER_NAMES.length * 2 * (4 * 5 + 10 * 23 + 64 * 37 + 303 * 9));
});

test('halves, planes untouched along an axis and passes in a chain are the bits of the plain twins too', () => {
  const next = noise(5);
  const wide: BlurAxis = { wanted: span(-9, 80), bounds: span(0, 70), edge: 'repeat' };
  const axes: [Axis, Axis][] = [
    [untouched(span(0, 36)), gaussianAxis(20, wide)],
    [gaussianAxis(20, wide), untouched(span(0, 36))],
    [gaussianAxis(7, { ...wide, edge: 'black' }), boxAxis(9.5, wide)],
    [untouched(span(3, 4)), untouched(span(3, 4))],
  ];
  for (const [columns, rows] of axes) {
    const source = plane(columns, rows, next);
    const halves = new Uint16Array(source.samples.length);
    reference.floatToHalf(source.samples as Float32Array, halves);
    const floats = new Float32Array(halves.length);
    reference.halfToFloat(halves, floats);
    const made = resample({ ...source, type: 'half', samples: halves }, { columns, rows });
    const wanted = reference.plainResample(floats, columns, rows);
    expectSameBits(made, wanted, 'half');
  }
  const kept = plane(span(0, 9), span(0, 9), (x, y) => x + y);
  expect(resample(kept, { columns: untouched(span(0, 9)), rows: untouched(span(0, 9)) })).not.toBe(kept.samples);
});

test.each(Object.entries(MAPS))('%s: weights sum up to 1, whatever the filter and wherever', (_, map) => {
  let counted = 0;
  for (const name of FILTER_NAMES) {
    const filter = stretched(filterOf(name, 0.2, 0.4), Math.max(1, Math.abs(map.scale / map.over)));
    for (const options of [{}, { bounds: span(0, 9), edge: 'repeat' as const }]) {
      const { places, weights } = tapsOf({ wanted: span(-20, 60), map, filter, ...options });
      for (let o = 0; o < places.length; o += 3) {
        const own = weights.subarray(places[o + 2]!, places[o + 2]! + places[o + 1]!);
        expect(own.length).toBeGreaterThan(0);
        expect(Math.abs(own.reduce((a, b) => a + b, 0) - 1)).toBeLessThan(2e-6);
        counted += 1;
      }
    }
  }
  expect(counted).toBe(FILTER_NAMES.length * 2 * 81);
});

test('filters have the values of their formulas', () => {
  const at = (name: (typeof FILTER_NAMES)[number], ...xs: number[]): number[] => xs.map(filterOf(name).at);
  const near = (found: number[], wanted: number[]): void => {
    for (const [i, w] of wanted.entries()) expect(found[i]).toBeCloseTo(w, 12);
  };
  expect(at('box', -0.5, 0, 0.49, 0.5)).toEqual([1, 1, 1, 0]);
  expect(at('triangle', -1, -0.25, 0, 0.5, 2)).toEqual([0, 0.75, 1, 0.5, 0]);
  // Catmull and Rom: 1 - 2.5 x² + 1.5 x³, then 2 - 4 x + 2.5 x² - 0.5 x³.
  near(at('catmull-rom', 0, 0.5, 1, 1.5, 2), [1, 0.5625, 0, -0.0625, 0]);
  near(at('b-spline', 0, 0.5, 1, 1.5, 2), [4 / 6, 23 / 48, 1 / 6, 1 / 48, 0]);
  // Mitchell and Netravali's equation 8 with thirds: 16/18 in the middle, 1/18 beside it.
  near(at('mitchell', 0, 1, 2), [8 / 9, 1 / 18, 0]);
  near(at('cubic', 0, 0.5, 1), [1, 0.5625, 0]);
  near(at('lanczos3', 0, 0.5, 1, 2.5, 3), [
    1,
    (2 / Math.PI) * (3 / Math.PI),
    0,
    (3 / (2.5 * 2.5 * Math.PI ** 2)) * 0.5,
    0,
  ]);
});

test('a sample is made of the same weights whichever others are wanted', () => {
  const map = MAPS['seven to three'];
  const filter = stretched(filterOf('lanczos3'), 7 / 3);
  for (const edge of ['black', 'repeat'] as const) {
    const bounds = span(3, 50);
    const all = tapsOf({ wanted: span(-5, 40), map, filter, bounds, edge });
    for (let o = -5; o <= 40; o++) {
      const one = tapsOf({ wanted: span(o, o), map, filter, bounds, edge });
      const [first = 0, count = 0, at = 0] = all.places.subarray((o + 5) * 3);
      expect(count).toBe(one.places[1]);
      if (count === 0) continue;
      expect(first + all.from).toBe(one.from);
      expectSameBits(
        all.weights.slice(at, at + count),
        one.weights.slice(one.places[2], one.places[2]! + count),
        `${o}`,
      );
    }
  }
});

/** A Gaussian of a row in double precision, far beyond the reach that is summed. */
function exactly(row: readonly number[], sigma: number, edge: Edge): number[] {
  const reach = Math.ceil(8 * sigma);
  const weights = Array.from({ length: 2 * reach + 1 }, (_, i) => Math.exp(-0.5 * ((i - reach) / sigma) ** 2));
  const sum = weights.reduce((a, b) => a + b, 0);
  const at = (x: number): number =>
    edge === 'repeat' ? row[Math.min(Math.max(x, 0), row.length - 1)]! : (row[x] ?? 0);
  return row.map((_, x) => weights.reduce((total, w, i) => total + (w / sum) * at(x + i - reach), 0));
}

test.each([0.6, 1, 2.5, 4.4, 4.5, 5, 8.33, 20, 41.7, 83.3])(
  'a Gaussian of sigma %d is the exact one within 4e-6',
  (sigma) => {
    const from = random(Math.round(sigma * 10));
    const rows = {
      noise: Array.from({ length: 700 }, () => from.int(0, 1000) / 1000),
      checks: Array.from({ length: 700 }, (_, x) => (x >> 1) % 2),
      one: Array.from({ length: 700 }, (_, x) => (x === 333 ? 1 : 0)),
      step: Array.from({ length: 700 }, (_, x) => (x < 350 ? 0 : 1)),
    };
    for (const [name, row] of Object.entries(rows)) {
      for (const edge of ['black', 'repeat'] as const) {
        const all = span(0, row.length - 1);
        const axis = gaussianAxis(sigma, { wanted: all, bounds: all, edge });
        const made = resample(
          plane(axis, span(0, 0), (x) => row[x]!),
          { columns: axis, rows: untouched(span(0, 0)) },
        );
        const wanted = exactly(row, sigma, edge);
        const worst = made.reduce((most, value, x) => Math.max(most, Math.abs(value - wanted[x]!)), 0);
        expect(worst, `${name} ${edge}`).toBeLessThan(4e-6);
      }
    }
    expect(gridOf(sigma)).toBe(sigma < 4.5 ? 1 : Math.floor(sigma / 2.25));
  },
);

test('a Gaussian reads no farther than it says', () => {
  for (const sigma of [0.3, 1, 4, 4.5, 9, 33, 100]) {
    const { from, to } = gaussianAxis(sigma, { wanted: span(1000, 1010), bounds: span(0, 9999), edge: 'black' });
    expect(1000 - from).toBeLessThanOrEqual(gaussianReach(sigma));
    expect(to - 1010).toBeLessThanOrEqual(gaussianReach(sigma));
  }
});

test('a box is the mean of what it covers', () => {
  const row = [8, 0, 4, 0, 0, 0, 16];
  const all = span(0, 6);
  const blurred = (size: number, edge: Edge): number[] => {
    const axis = boxAxis(size, { wanted: all, bounds: all, edge });
    return [
      ...resample(
        plane(axis, span(0, 0), (x) => row[x]!),
        { columns: axis, rows: untouched(span(0, 0)) },
      ),
    ];
  };
  expect(blurred(1, 'black')).toEqual(row);
  expect(blurred(2, 'black')).toEqual([4, 3, 2, 1, 0, 4, 8]);
  expect(blurred(4, 'repeat')).toEqual([5.5, 4, 2, 1, 2.5, 6, 10]);
});

test('a plane that is not what the axes read is refused', () => {
  const axis = onePass({ wanted: span(0, 3), map: MAPS.half, filter: filterOf('box') });
  const wrong = plane(span(0, 2), span(0, 2), () => 0);
  expect(() => resample(wrong, { columns: axis, rows: axis })).toThrow(/not what its axes read/);
});
