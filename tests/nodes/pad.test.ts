// Pad: pixels of no island by hand and by looking at every pixel of islands, regions, types bit for bit, and problems.
import { describe, expect, it } from 'vitest';
import { box } from '../../engine/base/box.ts';
import type { Json } from '../../engine/base/canonical.ts';
import { nearest, OWN } from '../../nodes/filter/pad/near.ts';
import { random } from '../base/random.ts';
import { never } from '../run/graph.ts';
import { made, problems } from './grid.ts';
import { rowOf, solidBench } from './solid.ts';

type Rows = readonly (readonly number[])[];

/** Ids and samples are the same numbers, so that what comes from where can be seen. */
const padded = (rows: Rows, size: number): Promise<number[][]> =>
  made('filter.pad', { size, idChannel: 'id' }, { rows, channels: { R: 'float', id: 'float' } });

describe('by hand', () => {
  it.each<[string, number, Rows, Rows]>([
    ['nothing', 0, [[0, 1, 0]], [[0, 1, 0]]],
    ['one pixel', 1, [[0, 0, 5, 0, 0]], [[0, 5, 5, 5, 0]]],
    ['the nearer of two', 9, [[1, 0, 0, 0, 0, 2]], [[1, 1, 1, 2, 2, 2]]],
    ['the left one of two', 9, [[1, 0, 2]], [[1, 1, 2]]],
    ['the upper one of two', 9, [[1], [0], [2]], [[1], [1], [2]]],
    [
      'the upper one before the left one',
      9,
      [
        [9, 7],
        [8, 0],
      ].map((row) => [...row]),
      [
        [9, 7],
        [8, 7],
      ],
    ],
    [
      'a disc and no square',
      2,
      [
        [0, 0, 0],
        [0, 0, 0],
        [0, 0, 3],
      ],
      [
        [0, 0, 3],
        [0, 3, 3],
        [3, 3, 3],
      ],
    ],
    [
      'none where none is',
      5,
      [
        [0, 0],
        [0, 0],
      ],
      [
        [0, 0],
        [0, 0],
      ],
    ],
    ['not from negative numbers', 2, [[-1, 0, 4]], [[4, 4, 4]]],
  ])('%s', async (_, size, rows, expected) => {
    expect(await padded(rows, size)).toEqual(expected);
  });
});

it('is what looking at every pixel of islands gives, whatever the region', () => {
  const { int, chance } = random(5);
  let compared = 0;
  for (let run = 0; run < 300; run++) {
    const [width, height, reach] = [int(1, 24), int(1, 24), int(0, 9)];
    const pixels = Uint8Array.from({ length: width * height }, () => (chance(0.08) ? 1 : 0));
    const all = { minX: 0, minY: 0, maxX: width - 1, maxY: height - 1 };
    const minX = int(0, width - 1);
    const minY = int(0, height - 1);
    const into = { minX, minY, maxX: int(minX, width - 1), maxY: int(minY, height - 1) };
    const region = {
      minX: Math.max(0, minX - reach),
      minY: Math.max(0, minY - reach),
      maxX: Math.min(width - 1, into.maxX + reach),
      maxY: Math.min(height - 1, into.maxY + reach),
    };
    const columns = region.maxX - region.minX + 1;
    const cut = Uint8Array.from({ length: columns * (region.maxY - region.minY + 1) }, (_, i) => {
      return pixels[(region.minY + Math.floor(i / columns)) * width + region.minX + (i % columns)]!;
    });
    const found = nearest({ box: region, pixels: cut }, into, reach);
    const whole = nearest({ box: all, pixels }, into, reach);
    let i = 0;
    for (let y = into.minY; y <= into.maxY; y++) {
      for (let x = into.minX; x <= into.maxX; x++, i++) {
        let best = [reach * reach + 1, OWN];
        for (let at = 0; at < pixels.length; at++) {
          const distance = ((at % width) - x) ** 2 + (Math.floor(at / width) - y) ** 2;
          if (pixels[at] === 1 && distance < best[0]!) best = [distance, at];
        }
        const expected = pixels[y * width + x] === 1 ? OWN : best[1]!;
        expect(whole[i]).toBe(expected);
        const inRegion = found[i]!;
        const moved =
          inRegion === OWN
            ? OWN
            : (region.minY + Math.floor(inRegion / columns)) * width + region.minX + (inRegion % columns);
        expect(moved).toBe(expected);
        compared += 1;
      }
    }
  }
  expect(compared).toBeGreaterThan(3000);
});

describe('types', () => {
  const rows = [[0, 1, 0, 0]];

  it.each(['half', 'float', 'uint'] as const)('of %s stay', async (type) => {
    const bench = solidBench(
      { type: 'filter.pad', params: { size: 2 } },
      {
        a: { channels: { [`R:${type}`]: [3, 1], 'keep:float': 7 }, window: [0, 0, 3, 0] },
        ids: { channels: { 'id:uint': [0, 1] }, window: [0, 0, 3, 0] },
      },
      ['a.image > node.image', 'ids.image > node.charts'],
    );
    const found = await rowOf(bench, [0, 3]);
    expect(found[type === 'half' ? 'R' : `R:${type}`]).toEqual([4, 4, 5, 6]);
    const plane = await bench.evaluator.planes('node', 1, { part: 0, channels: ['R'], box: box(0, 0, 3, 0) }, never);
    expect(plane.get('R')!.type).toBe(type);
  });

  it('of numbers are halves, floats or whole numbers, and infinity is one', async () => {
    const infinite = [[0, 'Infinity', 0, 'NaN']] as const;
    for (const type of ['half', 'float'] as const)
      expect(await made('filter.pad', { size: 1 }, { rows: infinite, channels: { R: type, id: type } })).toEqual([
        [Infinity, Infinity, Infinity, Number.NaN],
      ]);
    expect(await made('filter.pad', { size: 1 }, { rows, channels: { R: 'half', id: 'uint' } })).toEqual([
      [1, 1, 1, 0],
    ]);
  });
});

it('leaves the numbers of islands and channels that are not chosen', async () => {
  const source = { rows: [[0, 1, 0]], channels: { R: 'float', Z: 'float', id: 'float' } } as const;
  const params: Readonly<Record<string, Json>> = { channels: ['R', 'id'], size: 4 };
  expect(await made('filter.pad', params, source)).toEqual([[1, 1, 1]]);
  for (const channel of ['Z', 'id']) expect(await made('filter.pad', params, source, { channel })).toEqual([[0, 1, 0]]);
});

it('problems', async () => {
  const rows = [[0, 1]];
  expect(await problems('filter.pad', {}, { rows })).toEqual(['error channel-unknown idChannel']);
  expect(await problems('filter.pad', { channels: ['x'] }, { rows, channels: { id: 'uint', R: 'half' } })).toEqual([
    'warning channel-unknown channels',
  ]);
  const deep = { rows, channels: { id: 'uint', R: 'half' }, part: { kind: 'deep' } } as const;
  expect(await problems('filter.pad', {}, deep)).toContain('error deep-unsupported channels');
});
