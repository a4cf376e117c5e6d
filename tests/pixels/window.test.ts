// Windows of neighbours: the kernels against the plain twins bit by bit, and sorting networks by the law of zeros and ones.
import { expect, test } from 'vitest';
import { type Box, box, boxIntersection } from '../../engine/base/box.ts';
import { kernelCalls } from '../../engine/pixels/kernels.ts';
import { type Exchange, medianNetwork } from '../../engine/pixels/network.ts';
import { createPlane, type Plane } from '../../engine/pixels/plane.ts';
import * as reference from '../../engine/pixels/reference.ts';
import type { Edge } from '../../engine/pixels/taps.ts';
import { extreme, median, sharpen } from '../../engine/pixels/window.ts';
import { random } from '../base/random.ts';
import { expectSameBits } from './bits.ts';

/** Few values, so that many are equal, and some that are no numbers. */
function noise(window: Box, seed: number, odd: number): Plane {
  const from = random(seed);
  const strange = [-0, 0, Infinity, -Infinity, NaN, 1e-45];
  const made = createPlane('float', window);
  for (let i = 0; i < made.samples.length; i++)
    made.samples[i] = from.chance(odd) ? from.pick(strange) : from.int(-20, 20) / 8;
  return made;
}

/** What stands at every place: the plane, and beyond it what the edge says. */
function sampledOf(plane: Plane, edge: Edge): reference.Sampled {
  const { minX, minY, maxX, maxY } = plane.box;
  return (x, y) => {
    const [i, j] = [Math.min(Math.max(x, minX), maxX), Math.min(Math.max(y, minY), maxY)];
    if (edge === 'black' && (i !== x || j !== y)) return 0;
    return plane.samples[(j - minY) * plane.columns + i - minX]!;
  };
}

/** The part of a plane that lies in a box. */
function cut(plane: Plane, region: Box): Plane {
  const target = createPlane('float', boxIntersection(plane.box, region));
  const sample = sampledOf(plane, 'repeat');
  let i = 0;
  for (let y = target.box.minY; y <= target.box.maxY; y++)
    for (let x = target.box.minX; x <= target.box.maxX; x++) target.samples[i++] = sample(x, y);
  return target;
}

const regionOf = (b: Box) => ({ minX: b.minX, minY: b.minY, columns: b.maxX - b.minX + 1, rows: b.maxY - b.minY + 1 });

/** Regions inside, across the edges and just outside of a picture from (-4, 3) to (35, 24). */
const PICTURE = box(-4, 3, 35, 24);
const INTO = [PICTURE, box(0, 5, 0, 5), box(-4, 3, 13, 4), box(30, 20, 35, 24), box(9, 8, 35, 19)];

test.each(['least', 'greatest'] as const)('%s: the kernels give the bits of the plain twin', (which) => {
  let compared = 0;
  const picture = noise(PICTURE, 7, 0.004);
  for (const edge of ['black', 'repeat'] as const) {
    for (const reach of [
      [0, 0],
      [1, 1],
      [0, 3],
      [5, 0],
      [2, 7],
      [40, 30],
    ] as const) {
      for (const into of [
        ...INTO,
        box(-4 - reach[0], 3 - reach[1], -1, 5),
        box(35, 24, 35 + reach[0], 24 + reach[1]),
      ]) {
        const source = cut(
          picture,
          box(into.minX - reach[0], into.minY - reach[1], into.maxX + reach[0], into.maxY + reach[1]),
        );
        const before = kernelCalls();
        const made = extreme(source, which, { reach, edge, into });
        expect(kernelCalls()).toBeGreaterThan(before);
        const wanted = reference.plainExtreme(sampledOf(picture, edge), regionOf(into), reach, which);
        expectSameBits(made.samples, wanted, `${edge} ${reach} ${JSON.stringify(into)}`);
        compared += wanted.length;
      }
    }
  }
  expect(compared).toBeGreaterThan(20_000);
});

test.each([1, 2])('median of reach %d: the kernels give the bits of sorting', (reach) => {
  let compared = 0;
  for (const odd of [0, 0.01]) {
    const picture = noise(PICTURE, 9, odd);
    // Of zeros of both signs either one may be the median: the twin sorts -0 first, the network does so too.
    for (const edge of ['black', 'repeat'] as const) {
      for (const into of INTO) {
        const source = cut(picture, box(into.minX - reach, into.minY - reach, into.maxX + reach, into.maxY + reach));
        const before = kernelCalls();
        const made = median(source, { reach: [reach, reach], edge, into });
        expect(kernelCalls()).toBeGreaterThan(before);
        expectSameBits(made.samples, reference.plainMedian(sampledOf(picture, edge), regionOf(into), reach), `${edge}`);
        compared += made.samples.length;
      }
    }
  }
  expect(compared).toBe(4 * (40 * 22 + 1 + 18 * 2 + 6 * 5 + 27 * 12));
});

test('sharpening is that of the plain twin, bit by bit', () => {
  const picture = noise(box(-3, -2, 5000, 4), 3, 0.02);
  for (const into of [picture.box, box(0, 0, 16, 0), box(7, 1, 4999, 3)]) {
    const blurred = noise(into, 4, 0.02);
    for (const [amount, threshold] of [
      [1, 0],
      [0.3, 0.5],
      [-2, 1e-3],
    ] as const) {
      const wanted = cut(picture, into).samples as Float32Array;
      reference.plainSharpen(wanted, blurred.samples as Float32Array, amount, threshold);
      expectSameBits(sharpen(picture, blurred, amount, threshold).samples, wanted, `${amount}`);
    }
  }
  expect(() => sharpen(createPlane('float', box(0, 0, 3, 3)), createPlane('float', box(0, 0, 4, 3)), 1, 0)).toThrow();
});

/** Whether the middle place is 1 exactly where more than half of all are 1, for 32 cases in each word. */
function proves(network: readonly Exchange[], inputs: Int32Array, cases: readonly number[]): boolean {
  for (const [low, high] of network) {
    const [a, b] = [inputs[low]!, inputs[high]!];
    inputs[low] = a & b;
    inputs[high] = a | b;
  }
  const middle = inputs[inputs.length >> 1]!;
  return cases.every((ones, i) => ((middle >>> i) & 1) === Number(ones > inputs.length >> 1));
}

const onesOf = (word: number): number => {
  let count = 0;
  for (let rest = word; rest !== 0; rest &= rest - 1) count++;
  return count;
};

test('the network for 9 samples finds the median of all 512 zeros and ones, that for 25 of every case near the middle', () => {
  const nine = medianNetwork(9);
  expect(nine.length).toBeLessThanOrEqual(23);
  for (let word = 0; word < 512; word++) {
    const inputs = Int32Array.from({ length: 9 }, (_, i) => (word >> i) & 1);
    expect(proves(nine, inputs, [onesOf(word)])).toBe(true);
  }
  const many = medianNetwork(25);
  expect(many.length).toBeLessThanOrEqual(115);
  // A monotone network that is right where the ones are just more or just fewer than half is right everywhere.
  const lanes = Int32Array.of(0xaaaaaaaa, 0xcccccccc, 0xf0f0f0f0, 0xff00ff00, 0xffff0000);
  const own = Array.from({ length: 32 }, (_, i) => onesOf(i));
  let wrong = 0;
  for (let word = 0; word < 2 ** 20; word++) {
    const ones = onesOf(word);
    if (ones < 7 || ones > 13) continue;
    const inputs = new Int32Array(25);
    inputs.set(lanes);
    for (let i = 0; i < 20; i++) inputs[i + 5] = (word >> i) & 1 ? -1 : 0;
    if (
      !proves(
        many,
        inputs,
        own.map((o) => o + ones),
      )
    )
      wrong += 1;
  }
  expect(wrong).toBe(0);
});
