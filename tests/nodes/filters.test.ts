// Sharpen, Erode, Dilate and Median: samples by hand and by formula, windows, channels and what they ask for.
import { describe, expect, it } from 'vitest';
import { box } from '../../engine/base/box.ts';
import { asked, described, type GridSource, made, problems } from './grid.ts';

const PICTURE: GridSource = {
  rows: [
    [5, 1, 1, 1, 1],
    [1, 1, 1, 9, 1],
    [1, 2, 1, 1, 1],
    [1, 1, 1, 1, 0],
  ],
};

describe('dilate', () => {
  it('takes the greatest of the rectangle around', async () => {
    expect(await made('filter.dilate', { size: [1, 0] }, PICTURE)).toEqual([
      [5, 5, 1, 1, 1],
      [1, 1, 9, 9, 9],
      [2, 2, 2, 1, 1],
      [1, 1, 1, 1, 1],
    ]);
    expect(await made('filter.dilate', { size: [0, 1] }, PICTURE)).toEqual([
      [5, 1, 1, 9, 1],
      [5, 2, 1, 9, 1],
      [1, 2, 1, 9, 1],
      [1, 2, 1, 1, 1],
    ]);
    expect(await made('filter.dilate', { size: [1, 1] }, PICTURE)).toEqual([
      [5, 5, 9, 9, 9],
      [5, 5, 9, 9, 9],
      [2, 2, 9, 9, 9],
      [2, 2, 2, 1, 1],
    ]);
    expect(new Set((await made('filter.dilate', { size: [900, 900] }, PICTURE)).flat())).toEqual(new Set([9]));
  });

  it('grows the window where it is told to, and keeps what was there', async () => {
    const { spec } = await described('filter.dilate', { size: [1, 2], grow: true }, PICTURE);
    expect(spec!.parts[0]!.dataWindow).toEqual(box(-1, -2, 5, 5));
    const found = await made('filter.dilate', { size: [1, 2], grow: true }, PICTURE);
    expect(found[0]).toEqual([5, 5, 5, 1, 1, 1, 1]);
    expect(found[1]).toEqual([5, 5, 5, 9, 9, 9, 1]);
    expect(found[7]).toEqual([1, 1, 1, 1, 1, 1, 0]);
    expect(found.length).toBe(8);
  });

  it('of a negative size is erosion, also of one direction alone', async () => {
    for (const size of [
      [1, 2],
      [3, 0],
    ]) {
      const erosion = await made('filter.erode', { size, edges: 'black' }, PICTURE);
      expect(await made('filter.dilate', { size: size.map((s) => -s), edges: 'black' }, PICTURE)).toEqual(erosion);
    }
    const across = await made('filter.dilate', { size: [1, 0], edges: 'repeat' }, PICTURE);
    const both = await made('filter.erode', { size: [0, 1] }, { rows: across });
    expect(await made('filter.dilate', { size: [1, -1], edges: 'repeat' }, PICTURE)).toEqual(both);
    expect(await made('filter.erode', { size: [-1, 1] }, PICTURE)).toEqual(both);
  });
});

describe('erode', () => {
  it('takes the least; edges repeat or are black', async () => {
    expect(await made('filter.erode', { size: [1, 0] }, PICTURE)).toEqual([
      [1, 1, 1, 1, 1],
      [1, 1, 1, 1, 1],
      [1, 1, 1, 1, 1],
      [1, 1, 1, 0, 0],
    ]);
    expect(await made('filter.erode', { size: [0, 1], edges: 'black' }, PICTURE)).toEqual([
      [0, 0, 0, 0, 0],
      [1, 1, 1, 1, 1],
      [1, 1, 1, 1, 0],
      [0, 0, 0, 0, 0],
    ]);
    const { spec } = await described('filter.erode', { size: [2, 2], grow: true }, PICTURE);
    expect(spec!.parts[0]!.dataWindow).toEqual(box(0, 0, 4, 3));
  });

  it('keeps infinities and makes NaN of what is near a NaN', async () => {
    const rows = [[1, 2, 'Infinity', 3, 4, 5, 'NaN', 1, 1]];
    expect(await made('filter.erode', { size: [1, 1] }, { rows })).toEqual([[1, 1, 2, 3, 3, NaN, NaN, NaN, 1]]);
    expect((await made('filter.dilate', { size: [1, 1] }, { rows }))[0]!.slice(0, 4)).toEqual([
      2,
      Infinity,
      Infinity,
      Infinity,
    ]);
  });

  it('asks for what is within reach and within the window', async () => {
    const rows = Array.from({ length: 50 }, () => new Array<number>(60).fill(1));
    asked.length = 0;
    await made('filter.erode', { size: [3, 7] }, { rows }, { region: box(10, 2, 12, 4) });
    expect(asked).toEqual([box(7, 0, 15, 11)]);
  });
});

describe('median', () => {
  it('of 3 by 3 is the fifth of nine', async () => {
    expect(await made('filter.median', {}, PICTURE)).toEqual([
      [1, 1, 1, 1, 1],
      [1, 1, 1, 1, 1],
      [1, 1, 1, 1, 1],
      [1, 1, 1, 1, 1],
    ]);
    const ramp = Array.from({ length: 5 }, (_, y) => Array.from({ length: 5 }, (_, x) => x + 10 * y));
    expect((await made('filter.median', {}, { rows: ramp }))[2]).toEqual([20, 21, 22, 23, 24]);
    expect((await made('filter.median', { edges: 'black' }, { rows: ramp }))[0]).toEqual([0, 1, 2, 3, 0]);
    expect((await made('filter.median', { size: 5 }, { rows: ramp }))[2]![2]).toBe(22);
  });

  it('of 5 by 5 is the thirteenth of 25, in any order', async () => {
    const values = Array.from({ length: 25 }, (_, i) => (i * 7) % 25);
    const rows = Array.from({ length: 5 }, (_, y) => values.slice(y * 5, y * 5 + 5));
    expect((await made('filter.median', { size: 5 }, { rows }))[2]![2]).toBe(12);
    // Four sets of samples around a corner: what repeats counts as often as it stands there.
    const corner = [0, 0, 0, 1, 2].flatMap((y) => [0, 0, 0, 1, 2].map((x) => rows[y]![x]!)).sort((a, b) => a - b)[12];
    expect((await made('filter.median', { size: 5 }, { rows }))[0]![0]).toBe(corner);
  });
});

describe('sharpen', () => {
  /** Weights of a Gaussian of sigma 1 at 0, 1, 2, …. */
  const w = (() => {
    const all = Array.from({ length: 11 }, (_, i) => Math.exp(-0.5 * i * i));
    const sum = all.reduce((a, b, i) => a + (i === 0 ? b : 2 * b), 0);
    return all.map((v) => v / sum);
  })();
  const row = (): GridSource => ({ rows: [Array.from({ length: 21 }, (_, x) => (x === 10 ? 1 : 0))] });

  it('adds the difference from the blur', async () => {
    const found = (await made('filter.sharpen', { size: [1, 0], measure: 'sigma', amount: 2 }, row()))[0]!;
    for (let x = 0; x < 21; x++) {
      const blurred = w[Math.abs(x - 10)]!;
      const source = x === 10 ? 1 : 0;
      expect(found[x]).toBeCloseTo(source + 2 * (source - blurred), 5);
    }
    const soft = (await made('filter.sharpen', { size: [1, 0], measure: 'sigma', amount: -1 }, row()))[0]!;
    const blur = (await made('filter.blur', { size: [1, 0], measure: 'sigma', edges: 'repeat' }, row()))[0]!;
    for (let x = 0; x < 21; x++) expect(soft[x]).toBeCloseTo(blur[x]!, 6);
  });

  it('leaves out differences up to the threshold', async () => {
    const found = (await made('filter.sharpen', { size: [1, 0], measure: 'sigma', threshold: 0.3 }, row()))[0]!;
    expect(found.filter((v) => v !== 0)).toEqual([expect.closeTo(2 - w[0]!, 5)]);
  });

  it('leaves a flat picture flat, and the image as it is where nothing is to be done', async () => {
    const rows = Array.from({ length: 9 }, () => new Array<number>(9).fill(0.25));
    for (const value of (await made('filter.sharpen', { amount: 3, size: [9, 9] }, { rows })).flat())
      expect(value).toBeCloseTo(0.25, 6);
    for (const params of [{ amount: 0 }, { size: [0, 0] }]) {
      const { spec } = await described('filter.sharpen', params, row());
      expect(spec!.parts[0]!.channels[0]!.origin.from).toBe('input');
    }
  });
});

describe('all of them', () => {
  const kinds = [
    ['filter.sharpen', {}],
    ['filter.erode', { size: [1, 1] }],
    ['filter.dilate', { size: [1, 1] }],
    ['filter.median', {}],
  ] as const;

  it.each(kinds)('%s keeps types and refuses whole numbers, deep parts and gaps', async (type, params) => {
    const channels = { R: 'half', G: 'float', Z: 'float', id: 'uint' } as const;
    const { spec, problems: found } = await described(type, { ...params } as never, { ...PICTURE, channels });
    expect(found).toEqual([]);
    expect(spec!.parts[0]!.channels.map((c) => `${c.name}:${c.type} ${c.origin.from}`)).toEqual([
      'R:half computed',
      'G:float computed',
      'Z:float input',
      'id:uint input',
    ]);
    const of = (more: object, source: Partial<GridSource>) =>
      problems(type, { ...params, ...more } as never, { ...PICTURE, channels, ...source });
    expect(await of({ channels: ['id'] }, {})).toEqual(['error channel-type channels']);
    expect(await of({}, { part: { kind: 'deep' } })).toEqual(['error deep-unsupported channels']);
    expect(await of({}, { sampling: 2 })).toEqual(['error sampling-mismatch channels']);
    expect(await of({ channels: ['X'] }, {})).toEqual(['warning channel-unknown channels']);
  });

  it('are four', () => expect(kinds).toHaveLength(4));
});
