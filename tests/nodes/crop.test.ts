// Crop and Mirror: expected samples and windows by hand, what passes untouched, and what is refused.
import { describe, expect, test } from 'vitest';
import { boxText } from '../../engine/base/box.ts';
import type { Json } from '../../engine/base/canonical.ts';
import { described, type GridSource, made, problems } from './grid.ts';

type Params = Readonly<Record<string, Json>>;

/** 11 12 13 14 / 21 … / 31 …, from (-1, 0) on in a display window of 3 x 3. */
const GRID: GridSource = {
  rows: [1, 2, 3].map((row) => [1, 2, 3, 4].map((column) => row * 10 + column)),
  at: [-1, 0],
  display: [0, 0, 2, 2],
};

const windows = async (type: string, params: Params, source = GRID): Promise<string> => {
  const part = (await described(type, params, source)).spec!.parts[0]!;
  return `${boxText(part.dataWindow)} in ${boxText(part.displayWindow)}`;
};

describe('Crop', () => {
  const crop = (params: Params, source = GRID) => made('transform.crop', params, source);

  test('cuts the data window to the display window or to a box', async () => {
    expect(await windows('transform.crop', {})).toBe('(0, 0) - (2, 2) in (0, 0) - (2, 2)');
    expect(await crop({})).toEqual([
      [12, 13, 14],
      [22, 23, 24],
      [32, 33, 34],
    ]);
    const params = { area: 'box', box: [1, 1, 9, 1] };
    expect(await windows('transform.crop', params)).toBe('(1, 1) - (2, 1) in (0, 0) - (2, 2)');
    expect(await crop(params)).toEqual([[23, 24]]);
  });

  test('fills the area with black where asked', async () => {
    const params = { area: 'box', box: [1, 2, 3, 3], outside: 'black' };
    expect(await windows('transform.crop', params)).toBe('(1, 2) - (3, 3) in (0, 0) - (2, 2)');
    expect(await crop(params)).toEqual([
      [33, 34, 0],
      [0, 0, 0],
    ]);
  });

  test('makes the display window the area, and moves the image to 0, 0 where asked', async () => {
    const params = { area: 'box', box: [-1, 1, 1, 2] };
    expect(await windows('transform.crop', { ...params, display: 'area' })).toBe(
      '(-1, 1) - (1, 2) in (-1, 1) - (1, 2)',
    );
    expect(await windows('transform.crop', { ...params, display: 'origin' })).toBe(
      '(0, 0) - (2, 1) in (0, 0) - (2, 1)',
    );
    for (const type of ['half', 'float', 'uint'] as const) {
      expect(await crop({ ...params, display: 'origin' }, { ...GRID, channels: { R: type } })).toEqual([
        [21, 22, 23],
        [31, 32, 33],
      ]);
    }
  });

  test('hands on what it does not change, deep parts too', async () => {
    const params = { area: 'box', box: [-5, -5, 9, 9] };
    const stored = { compression: 'dwaa', copyOnly: true } as const;
    for (const part of [{}, { kind: 'deep' as const, stored: {} }, { stored }]) {
      const { spec, losses } = await described('transform.crop', params, { ...GRID, part });
      expect(spec!.parts[0]!.channels[0]!.origin.from).toBe('input');
      expect(spec!.parts[0]!.stored).toEqual(part.stored);
      expect(losses).toEqual([]);
    }
    const cut = (await described('transform.crop', {}, GRID)).spec!.parts[0]!;
    expect(cut.channels[0]!.origin).toEqual({ from: 'input', port: 'image', part: 0, channel: 'R' });
  });

  test('says what is cut off and what only moved', async () => {
    const lost = async (params: Params) =>
      (await described('transform.crop', params, GRID)).losses.map((l) => `${l.replaced} ${l.name}: ${l.reason}`);
    expect(await lost({})).toEqual(['false dataWindow: pixels outside (0, 0) - (2, 2) are cut off']);
    expect(await lost({ area: 'box', box: [-1, 0, 2, 2], display: 'origin' })).toEqual([
      'true dataWindow: Crop moved it from (-1, 0) - (2, 2)',
    ]);
  });

  test('leaves one black pixel of nothing, refuses an empty box and what it cannot read', async () => {
    const nothing = { area: 'box', box: [20, 20, 30, 30] };
    expect(await problems('transform.crop', nothing, GRID)).toEqual(['warning window-mismatch box']);
    expect(await crop(nothing)).toEqual([[0]]);
    expect(await problems('transform.crop', { area: 'box', box: [3, 0, 2, 9] }, GRID)).toEqual([
      'error param-invalid box',
    ]);
    expect(await problems('transform.crop', {}, { ...GRID, part: { kind: 'deep' } })).toEqual([
      'error deep-unsupported',
    ]);
    const even: GridSource = { ...GRID, at: [0, 0], display: [0, 0, 1, 1], sampling: 2 };
    expect(await problems('transform.crop', {}, even)).toEqual([]);
    const odd = { area: 'box', box: [1, 0, 2, 1] };
    expect(await problems('transform.crop', odd, even)).toEqual(['error sampling-mismatch box']);
    expect(await problems('transform.crop', { area: 'box', box: [0, 2, 1, 3], display: 'origin' }, even)).toEqual([
      'error sampling-mismatch',
    ]);
  });
});

describe('Mirror', () => {
  test('changes left and right, top and bottom about the display window; the data window follows', async () => {
    expect(await windows('transform.mirror', {})).toBe('(0, 0) - (3, 2) in (0, 0) - (2, 2)');
    expect(await made('transform.mirror', {}, GRID)).toEqual([
      [14, 13, 12, 11],
      [24, 23, 22, 21],
      [34, 33, 32, 31],
    ]);
    const low = { ...GRID, display: [0, 0, 2, 3] } as const;
    const vertical = { horizontal: false, vertical: true };
    expect(await windows('transform.mirror', vertical, low)).toBe('(-1, 1) - (2, 3) in (0, 0) - (2, 3)');
    expect(await made('transform.mirror', vertical, low)).toEqual([
      [31, 32, 33, 34],
      [21, 22, 23, 24],
      [11, 12, 13, 14],
    ]);
    for (const type of ['half', 'float', 'uint'] as const) {
      const both = await made('transform.mirror', { vertical: true }, { ...GRID, channels: { R: type } });
      expect(both[0]).toEqual([34, 33, 32, 31]);
    }
  });

  test('hands on what it does not turn, and refuses what it cannot read', async () => {
    const deep: GridSource = { ...GRID, part: { kind: 'deep' } };
    expect(await problems('transform.mirror', { horizontal: false }, deep)).toEqual([]);
    expect(await problems('transform.mirror', {}, deep)).toEqual(['error deep-unsupported']);
    expect(await problems('transform.mirror', {}, { ...GRID, sampling: 2 })).toEqual(['error sampling-mismatch']);
    const losses = (await described('transform.mirror', {}, GRID)).losses;
    expect(losses).toMatchObject([{ kind: 'window', name: 'dataWindow', replaced: true }]);
  });
});
