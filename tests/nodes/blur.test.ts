// Blur: samples from the formula of the Gaussian and by hand, windows, channels, and how tall bands become.
import { describe, expect, it } from 'vitest';
import { box } from '../../engine/base/box.ts';
import { bandsOf } from '../../nodes/io/write/bands.ts';
import { asked, described, type GridSource, made, problems } from './grid.ts';

const TYPE = 'filter.blur';

/** A picture with one sample of 1 in the middle of so many zeros to each side. */
const dot = (reach: number): GridSource => ({
  rows: Array.from({ length: 2 * reach + 1 }, (_, y) =>
    Array.from({ length: 2 * reach + 1 }, (_, x) => (x === reach && y === reach ? 1 : 0)),
  ),
});

/** Weights of a Gaussian at the centres of samples, as parts of their sum. */
function weights(sigma: number, reach: number): number[] {
  const all = Array.from({ length: 2 * reach + 1 }, (_, i) => Math.exp(-0.5 * ((i - reach) / sigma) ** 2));
  const sum = all.reduce((a, b) => a + b);
  return all.map((w) => w / sum);
}

describe('a Gaussian', () => {
  it.each([
    [{ size: [2.4, 2.4] }, 1, 1],
    [{ size: [2, 5], measure: 'sigma' }, 2, 5],
    [{ size: [20, 12] }, 20 / 2.4, 5],
  ] as const)('%j spreads a dot as its formula says', async (params, across, down) => {
    const found = await made(TYPE, { ...params, size: [...params.size] }, dot(60));
    const [x, y] = [weights(across, 60), weights(down, 60)];
    let worst = 0;
    for (const [j, row] of found.entries()) {
      for (const [i, value] of row.entries()) worst = Math.max(worst, Math.abs(value - x[i]! * y[j]!));
    }
    expect(worst).toBeLessThan(4e-6 * Math.max(...x) * Math.max(...y) + 4e-7);
    expect(found.flat().reduce((a, b) => a + b, 0)).toBeCloseTo(1, 5);
    expect(found.length * found[0]!.length).toBe(121 * 121);
  });

  it('leaves a direction of size 0 as it is, bit by bit', async () => {
    const rows = [
      [1, 0.1, 3],
      [4, 5, 0.3],
    ];
    const across = await made(TYPE, { size: [9, 0], edges: 'repeat' }, { rows });
    for (const [y, row] of rows.entries()) {
      const alone = await made(TYPE, { size: [9, 0], edges: 'repeat' }, { rows: [row] });
      expect(across[y]).toEqual(alone[0]);
    }
  });

  it('darkens at black edges and does not where they repeat', async () => {
    const rows = Array.from({ length: 40 }, () => new Array<number>(40).fill(1));
    const black = await made(TYPE, { size: [10, 10] }, { rows });
    const half = (1 + weights(10 / 2.4, 60)[60]!) / 2;
    expect(black[20]![0]).toBeCloseTo(half, 5);
    expect(black[0]![0]).toBeCloseTo(half * half, 5);
    expect(black[20]![20]).toBeCloseTo(1, 5);
    for (const value of (await made(TYPE, { size: [10, 30], edges: 'repeat' }, { rows })).flat())
      expect(value).toBeCloseTo(1, 6);
  });

  it('carries what is beyond 1 and below 0, and a NaN as far as it reaches', async () => {
    const found = (
      await made(TYPE, { size: [1, 0], measure: 'sigma' }, { rows: [[-4, 0, 0, 5000, ...new Array(9).fill(0), 'NaN']] })
    )[0]!;
    const w = weights(1, 30);
    expect(found[2]).toBeCloseTo(5000 * w[31]! - 4 * w[32]!, 2);
    expect(found.map(Number.isNaN)).toEqual([...new Array(8).fill(false), ...new Array(6).fill(true)]);
  });
});

describe('a box', () => {
  it('is the mean of what it covers, in both directions', async () => {
    const { rows } = dot(3);
    const found = await made(TYPE, { kernel: 'box', size: [3, 2] }, { rows });
    // Two rows: half of the one above, all of the middle, half of the one below.
    const line = (value: number): unknown[] => [0, 0, value, value, value, 0, 0].map((v) => expect.closeTo(v, 6));
    expect(found).toEqual([line(0), line(0), line(1 / 12), line(1 / 6), line(1 / 12), line(0), line(0)]);
  });

  it('of one pixel or less changes nothing', async () => {
    const { spec } = await described(TYPE, { kernel: 'box', size: [1, 0.3] }, dot(1));
    expect(spec!.parts[0]!.channels[0]!.origin.from).toBe('input');
  });

  it('by its sigma has that spread', async () => {
    const found = (
      await made(TYPE, { kernel: 'box', measure: 'sigma', size: [5, 0] }, { rows: [dot(40).rows[40]!] })
    )[0]!;
    const variance = found.reduce((sum, v, x) => sum + v * (x - 40) ** 2, 0);
    expect(variance).toBeCloseTo(25 + 1 / 12, 0);
  });
});

describe('windows', () => {
  const source = { rows: dot(4).rows, at: [10, 20], display: [0, 0, 99, 99] } as const;
  const window = async (params: Parameters<typeof described>[1]) =>
    (await described(TYPE, params, source)).spec!.parts[0]!.dataWindow;

  it('stay, or grow by what the blur carries beyond them', async () => {
    expect(await window({ size: [2, 3], measure: 'sigma' })).toEqual(box(10, 20, 18, 28));
    expect(await window({ size: [2, 3], measure: 'sigma', grow: true })).toEqual(box(0, 5, 28, 43));
    expect(await window({ size: [3, 6], kernel: 'box', grow: true })).toEqual(box(9, 17, 19, 31));
    expect(await window({ grow: true })).toEqual(box(10, 20, 18, 28));
  });

  it('that grew hold the same picture', async () => {
    const params = { size: [4, 4] };
    const small = await made(TYPE, params, source);
    const large = await made(TYPE, { ...params, grow: true }, source, { region: box(10, 20, 18, 28) });
    expect(large).toEqual(small);
    const whole = (await made(TYPE, { ...params, grow: true }, source)).flat();
    expect(whole.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 5);
  });

  it('what is asked upstream lies within reach and within the data window', async () => {
    asked.length = 0;
    await made(TYPE, { size: [1, 1], measure: 'sigma' }, { rows: dot(50).rows }, { region: box(40, 2, 41, 2) });
    expect(asked).toEqual([box(35, 0, 46, 7)]);
  });

  it('bands are taller where rows around them are looked at', () => {
    const shape = {
      type: 'scanlineimage',
      channels: ['A', 'B', 'G', 'R'].map((name) => ({ name, type: 'float', sampling: { x: 1, y: 1 }, pLinear: 0 })),
      dataWindow: box(0, 0, 4095, 1715),
      compression: 'none',
      lineOrder: 'increasing',
    } as never;
    const rows = (margin: number): number => bandsOf(shape, 0, [], margin)[0]!.box.maxY + 1;
    expect([0, 5, 66, 5000].map(rows)).toEqual([32, 32, 198, 512]);
    const all = bandsOf(shape, 0, [], 66);
    expect(all.at(-1)!.box.maxY).toBe(1715);
  });
});

describe('channels', () => {
  const channels = { R: 'half', A: 'float', Z: 'float', id: 'uint' } as const;
  const source = { rows: dot(3).rows, channels };

  it('are R, G, B and A unless others are named; the rest passes, types stay', async () => {
    const changed = async (params: Parameters<typeof described>[1]) => {
      const { spec, problems: found } = await described(TYPE, { size: [3, 3], ...params }, source);
      expect(found).toEqual([]);
      return spec!.parts[0]!.channels.filter((c) => c.origin.from === 'computed').map((c) => `${c.name}:${c.type}`);
    };
    expect(await changed({})).toEqual(['R:half', 'A:float']);
    expect(await changed({ channels: ['Z'] })).toEqual(['Z:float']);
    expect(await changed({ size: [0, 0] })).toEqual([]);
    const found = await made(TYPE, { size: [2, 2], measure: 'sigma' }, source);
    const middle = Math.fround(weights(2, 30)[30]! ** 2);
    expect(Math.abs(found[3]![3]! - middle)).toBeLessThan(middle * 2 ** -11);
  });

  it('that cannot be blurred, and names that nothing fits, are told', async () => {
    expect(await problems(TYPE, { size: [3, 3], channels: ['*'] }, source)).toEqual(['error channel-type channels']);
    expect(await problems(TYPE, { size: [3, 3], channels: ['X'] }, source)).toEqual([
      'warning channel-unknown channels',
    ]);
    const deep = { ...source, part: { kind: 'deep' as const } };
    expect(await problems(TYPE, { size: [3, 3] }, deep)).toEqual(['error deep-unsupported channels']);
    expect(await problems(TYPE, {}, deep)).toEqual([]);
  });
});
