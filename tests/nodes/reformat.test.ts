// Reformat: windows and samples for every kind of resize, pixel aspects, what is cut off, and bits that are only moved.
import { describe, expect, it } from 'vitest';
import { described, type GridSource, made, problems } from './grid.ts';

const TYPE = 'transform.reformat';
const flat = (columns: number, rows: number): number[][] =>
  Array.from({ length: rows }, (_, y) => Array.from({ length: columns }, (_, x) => x + 100 * y));

async function windows(params: Parameters<typeof described>[1], source: GridSource): Promise<string[]> {
  const { spec, problems: found } = await described(TYPE, params, source);
  expect(found).toEqual([]);
  const { dataWindow: d, displayWindow: w } = spec!.parts[0]!;
  return [d, w].map((b) => `${b.minX},${b.minY} ${b.maxX - b.minX + 1}x${b.maxY - b.minY + 1}`);
}

describe('windows', () => {
  it.each([
    // 40 by 20 into 20 by 20.
    ['width', '0,5 20x10'],
    ['fit', '0,5 20x10'],
    ['height', '-10,0 40x20'],
    ['fill', '-10,0 40x20'],
    ['distort', '0,0 20x20'],
    ['none', '-10,0 40x20'],
  ])('%s, centred', async (resize, data) => {
    expect(await windows({ format: [20, 20], resize }, { rows: flat(40, 20) })).toEqual([data, '0,0 20x20']);
  });

  it.each([
    ['width', '0,0 20x10'],
    ['height', '0,0 40x20'],
    ['none', '0,0 40x20'],
  ])('%s, corner on corner', async (resize, data) => {
    const params = { format: [20, 20], resize, centre: false };
    expect(await windows(params, { rows: flat(40, 20) })).toEqual([data, '0,0 20x20']);
  });

  it('of taller images fit by their height and fill by their width', async () => {
    const source = { rows: flat(10, 40) };
    expect(await windows({ format: [20, 20], resize: 'fit' }, source)).toEqual(['7,0 5x20', '0,0 20x20']);
    expect(await windows({ format: [20, 20], resize: 'fill' }, source)).toEqual(['0,-30 20x80', '0,0 20x20']);
  });

  it('of data inside and around the display window go with it', async () => {
    const source = { rows: flat(6, 4), at: [-2, 7], display: [10, 5, 19, 14] } as const;
    expect(await windows({ format: [30, 30] }, source)).toEqual(['-36,6 18x12', '0,0 30x30']);
    expect(await windows({ format: [10, 10] }, source)).toEqual(['-12,2 6x4', '0,0 10x10']);
  });

  it('are cut where it is black outside, which is a loss; nothing left is a problem', async () => {
    const params = { format: [20, 20], resize: 'height', blackOutside: true };
    expect(await windows(params, { rows: flat(40, 20) })).toEqual(['0,0 20x20', '0,0 20x20']);
    const { losses } = await described(TYPE, params, { rows: flat(40, 20) });
    expect(losses.map((l) => `${l.name} ${l.replaced ?? false}`)).toEqual(['dataWindow false', 'dataWindow true']);
    const outside = { rows: flat(4, 4), at: [-90, 0], display: [0, 0, 39, 19] } as const;
    expect(await problems(TYPE, params, outside)).toEqual(['error window-mismatch blackOutside']);
  });
});

describe('samples', () => {
  it('that are only moved are copied bit for bit, also with a soft filter and of an odd difference', async () => {
    const rows = [[1, 0.1, 'NaN', 'Infinity', -0.5]];
    const params = { format: [8, 4], resize: 'none', filter: 'b-spline' };
    expect(await windows(params, { rows })).toEqual(['1,1 5x1', '0,0 8x4']);
    expect(await made(TYPE, params, { rows })).toEqual([[1, Math.fround(0.1), NaN, Infinity, -0.5]]);
    expect(await windows({ ...params, format: [2, 1] }, { rows })).toEqual(['-2,0 5x1', '0,0 2x1']);
  });

  it('are scaled about the middle', async () => {
    const params = { format: [2, 4], filter: 'box' };
    expect(
      await made(TYPE, params, {
        rows: [
          [0, 2, 4, 6],
          [8, 8, 8, 8],
        ],
      }),
    ).toEqual([[4.5, 6.5]]);
    expect(await windows(params, { rows: flat(4, 2) })).toEqual(['0,1 2x1', '0,0 2x4']);
  });

  it('in a format of the same size stay what they are', async () => {
    for (const resize of ['width', 'fit', 'distort', 'none']) {
      const { spec, losses } = await described(TYPE, { format: [4, 2], resize }, { rows: flat(4, 2) });
      expect(spec!.parts[0]!.channels[0]!.origin.from).toBe('input');
      expect(losses).toEqual([]);
    }
  });
});

describe('pixel aspect', () => {
  it('of the format keeps the shape of the picture and is written down', async () => {
    // 40 by 20 pixels of aspect 1 into 20 by 20 pixels of aspect 2: the same shape.
    const params = { format: [20, 20], pixelAspect: 2, resize: 'fit' };
    expect(await windows(params, { rows: flat(40, 20) })).toEqual(['0,0 20x20', '0,0 20x20']);
    const { spec } = await described(TYPE, params, { rows: flat(40, 20) });
    expect(spec!.parts[0]!.attributes.map((a) => [a.name, a.source])).toEqual([['pixelAspectRatio', 'node']]);
    expect(await windows({ ...params, resize: 'width' }, { rows: flat(40, 40) })).toEqual(['0,-10 20x40', '0,0 20x20']);
    expect(await windows({ ...params, resize: 'height' }, { rows: flat(40, 40) })).toEqual(['5,0 10x20', '0,0 20x20']);
  });
});
