// Pictures under an affine map: the kernel against the plain twin bit by bit, tables of weights against their filters.
import { expect, test } from 'vitest';
import { type Box, box, boxHeight, boxIntersection, boxIsEmpty, boxWidth } from '../../engine/base/box.ts';
import { FILTER_NAMES, filterOf, stretched } from '../../engine/pixels/filter.ts';
import {
  type Affine,
  type Gathering,
  gather,
  gatherRegion,
  gatherTable,
  layPlaces,
  PLACE_BYTES,
} from '../../engine/pixels/gather.ts';
import { kernelCalls } from '../../engine/pixels/kernels.ts';
import { createPlane, type Plane } from '../../engine/pixels/plane.ts';
import { plainGather } from '../../engine/pixels/reference.ts';
import { random } from '../base/random.ts';
import { expectSameBits } from './bits.ts';

const PICTURE = box(-5, 3, 30, 24);

/** The picture's sample at a place; beyond it what the edge says. */
function sampler(seed: number, odd: number): (x: number, y: number, edge: 'black' | 'repeat') => number {
  const from = random(seed);
  const made = Array.from({ length: 36 * 22 }, () =>
    from.chance(odd) ? from.pick([NaN, Infinity, -0, 1e-40]) : from.int(-4000, 4000) / 1000,
  );
  return (x, y, edge) => {
    const [i, j] = [Math.min(Math.max(x, -5), 30), Math.min(Math.max(y, 3), 24)];
    return edge === 'black' && (i !== x || j !== y) ? 0 : made[(j - 3) * 36 + i + 5]!;
  };
}

function plane(region: Box, sample: (x: number, y: number) => number): Plane {
  const made = createPlane('float', region);
  let i = 0;
  for (let y = region.minY; y <= region.maxY; y++)
    for (let x = region.minX; x <= region.maxX; x++) made.samples[i++] = sample(x, y);
  return made;
}

function turn(degrees: number, scale: number): Affine {
  const [s, c] = [Math.sin((degrees * Math.PI) / 180) / scale, Math.cos((degrees * Math.PI) / 180) / scale];
  return { xx: c, xy: -s, x0: 3.3, yx: s, yy: c, y0: -2.7 };
}

test.each([...FILTER_NAMES])('%s: the kernel gives the bits of the plain twin, wherever it is cut', (name) => {
  let compared = 0;
  for (const [i, back] of [turn(30, 1), turn(-100, 0.6), turn(3, 2.5), turn(90, 1)].entries()) {
    for (const edge of ['black', 'repeat'] as const) {
      const sample = sampler(i + 1, i === 0 ? 0.01 : 0);
      const gathering = (into: Box): Gathering => ({ back, filter: filterOf(name), bounds: PICTURE, edge, into });
      for (const into of [box(-60, -60, 60, 60), box(0, 0, 7, 0), box(10, -3, 10, 9)]) {
        const wide = Math.max(1, Math.hypot(back.xx, back.xy));
        const columns = gatherTable(stretched(filterOf(name), wide), 4);
        const rows = gatherTable(stretched(filterOf(name), wide), 1);
        const all = box(-5 - columns.taps, 3 - rows.taps, 30 + columns.taps, 24 + rows.taps);
        const area = plane(all, (x, y) => sample(x, y, edge));
        const places = new Uint8Array(boxWidth(into) * boxHeight(into) * PLACE_BYTES);
        layPlaces(gathering(into), all, { columns, rows }, places);
        const wanted = plainGather(area.samples as Float32Array, boxWidth(all), places.buffer, columns, rows);
        const region = gatherRegion(gathering(into));
        const before = kernelCalls();
        const made = boxIsEmpty(region)
          ? createPlane('float', into)
          : gather([plane(region, (x, y) => sample(x, y, edge))], gathering(into))[0]!;
        if (!boxIsEmpty(region)) expect(kernelCalls()).toBeGreaterThan(before);
        expect(boxIntersection(region, PICTURE)).toEqual(region);
        expectSameBits(made.samples, wanted, `${i} ${edge}`);
        compared += boxWidth(into) * boxHeight(into);
      }
    }
  }
  expect(compared).toBe(8 * (121 * 121 + 8 + 13));
});

test('weights between the rows of a table are those of the filter within a millionth, and sum up to 1', () => {
  for (const name of ['lanczos3', 'mitchell', 'catmull-rom', 'b-spline'] as const) {
    const filter = filterOf(name);
    const { taps, before, weights } = gatherTable(filter, 4);
    for (let step = 0; step < 5000; step++) {
      const fraction = step / 5000;
      const values = Array.from({ length: taps }, (_, i) => filter.at(i - before - fraction));
      const sum = values.reduce((a, b) => a + b, 0);
      const row = Math.floor(fraction * 1024);
      const along = fraction * 1024 - row;
      let total = 0;
      for (let i = 0; i < taps; i++) {
        const [a, b] = [weights[row * taps + i]!, weights[(row + 1) * taps + i]!];
        const weight = a + (b - a) * along;
        total += weight;
        if (i < 2 * Math.ceil(filter.radius)) expect(Math.abs(weight - values[i]! / sum)).toBeLessThan(1e-6);
        else expect(weight).toBe(0);
      }
      expect(Math.abs(total - 1)).toBeLessThan(1e-6);
    }
  }
});

test('a plane that is not what was asked for is refused', () => {
  const gathering = {
    back: turn(0, 1),
    filter: filterOf('box'),
    bounds: PICTURE,
    edge: 'black',
    into: PICTURE,
  } as const;
  expect(() => gather([plane(box(0, 5, 1, 6), () => 0)], gathering)).toThrow(/not what was asked for/);
});
