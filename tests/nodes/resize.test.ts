// Resize: samples by hand and by formula, windows, types, channels that are not mixed, and the region it asks for.
import { describe, expect, it } from 'vitest';
import { box } from '../../engine/base/box.ts';
import { asked, described, type GridSource, made, problems } from './grid.ts';

const TYPE = 'transform.resize';
const ROW = { rows: [[0, 8, 16, 24]] };

const row = async (params: Parameters<typeof made>[1], source: GridSource = ROW): Promise<number[]> =>
  (await made(TYPE, params, source))[0]!;

describe('samples', () => {
  it.each([
    // Halves of a row: the mean of two.
    ['box', [0.5, 1], [4, 20]],
    // Twice as wide: the nearest; centres lie at 0.25 and 0.75 of each pixel.
    ['box', [2, 1], [0, 0, 8, 8, 16, 16, 24, 24]],
    // A straight line stays one, but at the edges that repeat.
    ['triangle', [2, 1], [0, 2, 6, 10, 14, 18, 22, 24]],
    // Weights a quarter beyond a centre: -0.0703125, 0.8671875, 0.2265625, -0.0234375.
    ['catmull-rom', [2, 1], [-0.5625, 1.4375, 5.8125, 10, 14, 18.1875, 22.5625, 24.5625]],
    // Weights at t: (1 - t)³ / 6, (4 - 6 t² + 3 t³) / 6, (1 + 3 t + 3 t² - 3 t³) / 6, t³ / 6.
    ['b-spline', [2, 1], [0.5625, 2.5625, 6.0208335, 10, 14, 17.979166, 21.4375, 23.4375]],
  ] as const)('%s by %j', async (filter, factor, expected) => {
    const found = await row({ filter, factor: [...factor] });
    expect(found.length).toBe(expected.length);
    for (const [i, value] of expected.entries()) expect(found[i]).toBeCloseTo(value, 4);
  });

  it('down the columns are those along the rows', async () => {
    for (const filter of ['mitchell', 'lanczos3', 'cubic']) {
      for (const factor of [0.5, 1.75]) {
        const across = await row({ filter, factor: [factor, 1] });
        const down = await made(TYPE, { filter, factor: [1, factor] }, { rows: [[0], [8], [16], [24]] });
        expect(down.flat()).toEqual(across);
      }
    }
  });

  it('are the mean of nine by a third with the box, and lanczos keeps a flat ground flat', async () => {
    const rows = Array.from({ length: 6 }, (_, y) => Array.from({ length: 9 }, (_, x) => x + 10 * y));
    expect(await made(TYPE, { filter: 'box', factor: [1 / 3, 1 / 3] }, { rows })).toEqual([
      [11, 14, 17].map((v) => expect.closeTo(v, 4)),
      [41, 44, 47].map((v) => expect.closeTo(v, 4)),
    ]);
    const flat = await made(TYPE, { factor: [0.4, 1.7] }, { rows: rows.map((r) => r.map(() => 0.18)) });
    expect(flat.flat().length).toBe(4 * 10);
    for (const value of flat.flat()) expect(value).toBeCloseTo(0.18, 6);
  });

  it('repeat at edges or fade to black', async () => {
    expect(await row({ filter: 'triangle', factor: [2, 1], edges: 'black' }, { rows: [[4, 4]] })).toEqual([3, 4, 4, 3]);
    expect(await row({ filter: 'triangle', factor: [2, 1] }, { rows: [[4, 4]] })).toEqual([4, 4, 4, 4]);
  });

  it('beyond 1, below 0 and infinite ones are kept; a NaN stays within the filter', async () => {
    const found = await row(
      { filter: 'box', factor: [0.5, 1] },
      { rows: [[-3, -1, 1000, 3000, 'Infinity', 1, 'NaN', 0, 5, 7]] },
    );
    expect(found).toEqual([-2, 2000, Infinity, NaN, 6]);
  });
});

describe('channels', () => {
  const channels = { R: 'half', Z: 'float', id: 'uint', 'CryptoObject00.R': 'float' } as const;
  const rows = [[1, 4, 7, 10]];

  it('keep their types, and names of things are not mixed', async () => {
    const { spec, problems: found } = await described(TYPE, { factor: [0.5, 1] }, { rows, channels });
    expect(found).toEqual([]);
    expect(spec!.parts[0]!.channels.map((c) => `${c.name}:${c.type} ${c.origin.from}`)).toEqual([
      'R:half computed',
      'Z:float computed',
      'id:uint computed',
      'CryptoObject00.R:float computed',
    ]);
    const of = async (channel: string, more = {}) =>
      (await made(TYPE, { filter: 'box', factor: [0.5, 1], ...more }, { rows, channels }, { channel }))[0];
    expect(await of('R')).toEqual([2.5, 8.5]);
    expect(await of('Z')).toEqual([2.5, 8.5]);
    expect(await of('id')).toEqual([4, 10]);
    expect(await of('CryptoObject00.R')).toEqual([4, 10]);
    expect(await of('CryptoObject00.R', { nearest: [] })).toEqual([2.5, 8.5]);
    expect(await of('Z', { nearest: ['Z'] })).toEqual([4, 10]);
  });

  it('that cannot be resized are refused before anything runs', async () => {
    const half = { factor: [0.5, 0.5] };
    const stored = { compression: 'dwaa', lineOrder: 'increasing', headerOrder: [], copyOnly: true } as const;
    expect(await problems(TYPE, half, { rows, part: { kind: 'deep' } })).toEqual(['error deep-unsupported']);
    expect(await problems(TYPE, half, { rows, part: { stored } })).toEqual(['error exr-compression-unsupported']);
    expect(await problems(TYPE, half, { rows, sampling: 2 })).toEqual(['error sampling-mismatch']);
    expect(await problems(TYPE, {}, { rows, part: { kind: 'deep', stored } })).toEqual([]);
  });
});

describe('windows', () => {
  const windows = async (params: Parameters<typeof described>[1], source: GridSource) => {
    const { spec, losses } = await described(TYPE, params, source);
    const { dataWindow, displayWindow } = spec!.parts[0]!;
    expect(losses.every((loss) => loss.kind === 'window' && loss.replaced)).toBe(true);
    return [dataWindow, displayWindow];
  };
  const rows = Array.from({ length: 4 }, () => [1, 1, 1, 1, 1]);

  it('are scaled about the corner of the display window, the data window outwards', async () => {
    const source = { rows, at: [-3, 7], display: [0, 0, 99, 49] } as const;
    expect(await windows({ factor: [0.5, 2] }, source)).toEqual([box(-2, 14, 0, 21), box(0, 0, 49, 99)]);
    expect(await windows({ by: 'size', size: [300, 25] }, source)).toEqual([box(-9, 3, 5, 5), box(0, 0, 299, 24)]);
    const moved = { rows, at: [10, 20], display: [10, 20, 14, 23] } as const;
    expect(await windows({ factor: [0.5, 0.5] }, moved)).toEqual([box(10, 20, 12, 21), box(10, 20, 12, 21)]);
    expect(await windows({ factor: [0.001, 0.001] }, moved)).toEqual([box(10, 20, 10, 20), box(10, 20, 10, 20)]);
  });

  it('of the same size leave the image as it is', async () => {
    for (const params of [{}, { factor: [1, 1] }, { by: 'size', size: [5, 4] }]) {
      const { spec, losses } = await described(TYPE, params, { rows });
      expect(spec!.parts[0]!.channels[0]!.origin).toEqual({ from: 'input', port: 'image', part: 0, channel: 'R' });
      expect(losses).toEqual([]);
    }
  });

  it('a sample that lies between two pixels of an odd size has its share of both', async () => {
    // 5 to 4: centres at 0.625, 1.875, 3.125, 4.375; a triangle of 1.25 pixels to each side.
    const found = await row({ by: 'size', size: [4, 1], filter: 'triangle' }, { rows: [[0, 10, 20, 30, 40]] });
    const weigh = (centre: number): number => {
      let [sum, total] = [0, 0];
      for (let i = -3; i < 9; i++) {
        const weight = Math.max(0, 1 - Math.abs(i + 0.5 - centre) / 1.25);
        sum += weight * 10 * Math.min(Math.max(i, 0), 4);
        total += weight;
      }
      return sum / total;
    };
    for (const [i, centre] of [0.625, 1.875, 3.125, 4.375].entries()) expect(found[i]).toBeCloseTo(weigh(centre), 4);
  });

  it('what is asked upstream is what the filter reaches and no more', async () => {
    const source = { rows: Array.from({ length: 60 }, () => new Array<number>(80).fill(1)) };
    asked.length = 0;
    await made(TYPE, { factor: [0.5, 0.5] }, source, { region: box(10, 10, 12, 10) });
    // Centres at 21 to 25 and 21; Lanczos of half the size reaches six pixels to each side.
    expect(asked).toEqual([box(15, 15, 30, 26)]);
    asked.length = 0;
    await made(TYPE, { factor: [0.5, 0.5], filter: 'box' }, source, { region: box(0, 0, 0, 0) });
    expect(asked).toEqual([box(0, 0, 1, 1)]);
  });
});
