// Transform: moves that copy bits, turns by quarters, scales and skews by formula, windows, edges and what is refused.
import { describe, expect, it } from 'vitest';
import { box } from '../../engine/base/box.ts';
import { asked, described, type GridSource, made, onGrid, problems } from './grid.ts';

const TYPE = 'transform.transform';
const SMALL: GridSource = {
  rows: [
    [1, 2, 3],
    [4, 5, 6],
  ],
};

async function window(params: Parameters<typeof described>[1], source: GridSource = SMALL): Promise<string> {
  const { spec, problems: found } = await described(TYPE, params, source);
  expect(found).toEqual([]);
  const { dataWindow: d, displayWindow: w } = spec!.parts[0]!;
  const before = source.display
    ? box(...source.display)
    : box(0, 0, source.rows[0]!.length - 1, source.rows.length - 1);
  expect(w).toEqual(before);
  return `${d.minX},${d.minY} ${d.maxX - d.minX + 1}x${d.maxY - d.minY + 1}`;
}

describe('a move', () => {
  it('by whole pixels copies samples bit for bit, whatever the filter, and moves the window', async () => {
    const rows = [[1, 0.1, 'NaN', 'Infinity', -0.5]];
    for (const filter of ['b-spline', 'lanczos3', 'box']) {
      const params = { translate: [7, -3], filter };
      expect(await window(params, { rows })).toBe('7,-3 5x1');
      expect(await made(TYPE, params, { rows })).toEqual([[1, Math.fround(0.1), NaN, Infinity, -0.5]]);
    }
    asked.length = 0;
    await made(TYPE, { translate: [7, -3] }, SMALL, { region: box(8, -2, 9, -2) });
    expect(asked).toEqual([box(1, 1, 2, 1)]);
  });

  it('by nothing leaves the image as it is', async () => {
    for (const params of [{}, { filter: 'mitchell', centre: [5, 5], scale: [1, 1], rotate: 360 }, { rotate: -720 }]) {
      const { spec, losses } = await described(TYPE, params, SMALL);
      expect(spec!.parts[0]!.channels[0]!.origin.from).toBe('input');
      expect(losses).toEqual([]);
    }
  });

  it('by half a pixel mixes two, black at the edges or repeated', async () => {
    const params = { translate: [0.5, 0], filter: 'triangle' };
    expect(await window(params)).toBe('0,0 4x2');
    expect(await made(TYPE, params, SMALL)).toEqual([
      [0.5, 1.5, 2.5, 1.5],
      [2, 4.5, 5.5, 3],
    ]);
    expect((await made(TYPE, { ...params, edges: 'repeat' }, SMALL))[0]).toEqual([1, 1.5, 2.5, 3]);
    // Catmull and Rom half-way: -1/16, 9/16, 9/16, -1/16.
    const cubic = (await made(TYPE, { translate: [0.5, 0], filter: 'catmull-rom' }, SMALL))[0]!;
    expect(cubic).toEqual([9 / 16 - 2 / 16, 27 / 16 - 3 / 16, 45 / 16 - 1 / 16, 27 / 16 - 2 / 16]);
  });
});

describe('turning', () => {
  const square = {
    rows: [
      [1, 2, 3],
      [4, 5, 6],
      [7, 8, 9],
    ],
  };

  it('by quarters against the clock gives the samples themselves', async () => {
    for (const filter of ['box', 'triangle', 'catmull-rom', 'lanczos3']) {
      const of = (rotate: number) => made(TYPE, { rotate, filter }, square);
      const near = (rows: number[][]) => rows.map((row) => row.map((v) => expect.closeTo(v, 5)));
      expect(await of(90)).toEqual(
        near([
          [3, 6, 9],
          [2, 5, 8],
          [1, 4, 7],
        ]),
      );
      expect(await of(-90)).toEqual(
        near([
          [7, 4, 1],
          [8, 5, 2],
          [9, 6, 3],
        ]),
      );
      expect(await of(180)).toEqual(
        near([
          [9, 8, 7],
          [6, 5, 4],
          [3, 2, 1],
        ]),
      );
      expect(await of(450)).toEqual(await of(90));
    }
  });

  it('is about the middle of the display window, or beside it', async () => {
    const source = {
      rows: [
        [1, 2],
        [3, 4],
      ],
      at: [10, 20],
      display: [0, 0, 99, 49],
    } as const;
    expect(await window({ rotate: 180 }, source)).toBe('88,28 2x2');
    expect(await window({ rotate: 90 }, source)).toBe('45,63 2x2');
    expect(await window({ rotate: 90, centre: [-39, -4] }, source)).toBe('10,20 2x2');
    expect(await window({ rotate: 90, centre: [-39, -4], translate: [100, 3] }, source)).toBe('110,23 2x2');
    expect(await made(TYPE, { rotate: 90, centre: [-39, -4] }, source)).toEqual([
      [2, 4],
      [1, 3],
    ]);
  });

  it('a slanted plane stays one', async () => {
    const rows = Array.from({ length: 41 }, (_, y) => Array.from({ length: 41 }, (_, x) => 3 * x + 7 * y));
    for (const filter of ['triangle', 'catmull-rom', 'mitchell', 'b-spline']) {
      const params = { rotate: 33, scale: [1.3, 1.6], translate: [2.25, -1.5], filter };
      const found = await made(TYPE, params, { rows }, { region: box(16, 16, 24, 24) });
      const [s, c] = [Math.sin((33 * Math.PI) / 180), Math.cos((33 * Math.PI) / 180)];
      for (let y = 16; y <= 24; y++) {
        for (let x = 16; x <= 24; x++) {
          const [dx, dy] = [x + 0.5 - 20.5 - 2.25, y + 0.5 - 20.5 + 1.5];
          const u = 20.5 + (c * dx - s * dy) / 1.3 - 0.5;
          const v = 20.5 + (s * dx + c * dy) / 1.6 - 0.5;
          expect(found[y - 16]![x - 16]).toBeCloseTo(3 * u + 7 * v, 3);
        }
      }
    }
  });

  it('is black where there is no picture, and smooth or hard at its edges', async () => {
    const rows = Array.from({ length: 20 }, () => new Array<number>(20).fill(1));
    const at = async (edges: string) => made(TYPE, { rotate: 45, filter: 'triangle', edges }, { rows });
    expect(await window({ rotate: 45 }, { rows })).toBe('-5,-5 30x30');
    for (const edges of ['black', 'repeat']) {
      const found = await at(edges);
      expect(found[0]![0]).toBe(0);
      expect(found[15]![15]).toBeCloseTo(1, 6);
    }
    expect(new Set((await at('repeat')).flat().map((v) => Math.round(v * 1e5) / 1e5))).toEqual(new Set([0, 1]));
    expect((await at('black')).flat().some((v) => v > 0.2 && v < 0.8)).toBe(true);
  });
});

describe('scaling and skewing', () => {
  it('come about the point that stays; negative factors mirror', async () => {
    expect(
      await window(
        { scale: [2, 2] },
        {
          rows: [
            [1, 2],
            [3, 4],
          ],
        },
      ),
    ).toBe('-1,-1 4x4');
    expect(
      (
        await made(
          TYPE,
          { scale: [2, 1], filter: 'box' },
          {
            rows: [
              [1, 2],
              [3, 4],
            ],
          },
        )
      )[0],
    ).toEqual([1, 1, 2, 2]);
    expect(await made(TYPE, { scale: [-1, 1] }, SMALL)).toEqual([
      [3, 2, 1],
      [6, 5, 4],
    ]);
    expect((await made(TYPE, { scale: [0.5, 1], filter: 'box' }, { rows: [[1, 3, 5, 7]] }))[0]).toEqual([2, 6]);
  });

  it('skew leans the top to the right and rows up to the right', async () => {
    const rows = Array.from({ length: 4 }, (_, y) => [y + 1]);
    // One column of four: rows at 1.5 and 0.5 above the middle, and below.
    expect(await window({ skew: [2, 0] }, { rows })).toBe('-4,0 9x4');
    const found = await made(TYPE, { skew: [2, 0], nearest: ['R'] }, { rows });
    expect(found.map((row) => row.findIndex((v) => v !== 0) - 4)).toEqual([3, 1, -1, -3]);
    const level = await made(TYPE, { skew: [0, 2], nearest: ['R'] }, { rows: [[1, 2, 3]] });
    expect(level.flatMap((row, y) => row.flatMap((v, x) => (v ? [[x, y - 3, v]] : [])))).toEqual([
      [2, -2, 3],
      [1, 0, 2],
      [0, 2, 1],
    ]);
  });

  it('that press the image flat are refused', async () => {
    expect(await problems(TYPE, { skew: [2, 0.5] }, SMALL)).toEqual(['error param-invalid skew']);
    const { plan } = onGrid(TYPE, { scale: [0, 1] }, SMALL).descriptions;
    expect(plan.problems.map((p) => `${p.code} ${p.where?.param}`)).toEqual(['param-invalid scale[0]']);
  });
});

describe('channels', () => {
  it('keep their types; names of things are not mixed', async () => {
    const source: GridSource = {
      rows: [
        [1, 5],
        [7, 3],
      ],
      channels: { R: 'half', id: 'uint', 'CryptoObject00.R': 'float' },
    };
    for (const params of [{ rotate: 20 }, { scale: [1.3, 1] }]) {
      for (const channel of ['id', 'CryptoObject00.R']) {
        const found = (await made(TYPE, params, source, { channel })).flat();
        expect(
          found.every((v) => [0, 1, 3, 5, 7].includes(v)),
          channel,
        ).toBe(true);
        expect(new Set(found.filter((v) => v !== 0))).toEqual(new Set([1, 3, 5, 7]));
      }
      expect((await made(TYPE, params, source)).flat().some((v) => !Number.isInteger(v))).toBe(true);
    }
    const half = { translate: [1, 0] };
    expect(await problems(TYPE, half, { ...source, part: { kind: 'deep' } })).toEqual(['error deep-unsupported']);
    expect(await problems(TYPE, half, { ...source, sampling: 2 })).toEqual(['error sampling-mismatch']);
  });
});
