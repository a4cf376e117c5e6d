// Layout: numbers of chunks and levels, indices and boxes that agree, and a tiling without gaps or overlaps.
import { describe, expect, test } from 'vitest';
import { box, boxHeight, boxIntersection, boxIsEmpty, boxWidth } from '../../engine/base/box.ts';
import { EngineError } from '../../engine/base/error.ts';
import { chunkOfCoordinates, coordinatesOf } from '../../engine/exr/chunk-head.ts';
import { COMPRESSIONS } from '../../engine/exr/compression.ts';
import {
  chunkBlock,
  chunkBox,
  chunkPlace,
  chunkRawBytes,
  chunksIn,
  layoutOf,
  levelAt,
  levelSize,
} from '../../engine/exr/layout.ts';
import type { PartShape } from '../../engine/exr/shape.ts';
import { random } from '../base/random.ts';

const half = { name: 'Y', type: 'half', sampling: { x: 1, y: 1 }, pLinear: 0 } as const;
const lines = (height: number, compression: PartShape['compression'], minY = 0): PartShape => ({
  type: 'scanlineimage',
  channels: [half],
  dataWindow: box(5, minY, 14, minY + height - 1),
  compression,
  lineOrder: 'increasing',
});
const tiled = (
  width: number,
  height: number,
  levels: 'one' | 'mip' | 'rip',
  rounding: 'down' | 'up' = 'down',
  tile = { width: 32, height: 16 },
): PartShape => ({
  type: 'tiledimage',
  channels: [half],
  dataWindow: box(-7, 3, width - 8, height + 2),
  compression: 'zip',
  lineOrder: 'increasing',
  tiles: { ...tile, levels, rounding },
});

test('scan lines lie in chunks as the method has them', () => {
  const counts = COMPRESSIONS.map((compression) => layoutOf(lines(257, compression)).chunkCount);
  expect(counts).toEqual([257, 257, 257, 17, 9, 17, 9, 9, 9, 2, 2, 9]);
  expect(chunkBox(lines(20, 'zip', -3), 0)).toEqual(box(5, -3, 14, 12));
  expect(chunkBox(lines(20, 'zip', -3), 1)).toEqual(box(5, 13, 14, 16));
  expect(chunkRawBytes(lines(20, 'zip'), 1)).toBe(10 * 4 * 2);
});

test.each<[number, number, 'down' | 'up', number]>([
  [15, 1, 'down', 7],
  [15, 1, 'up', 8],
  [15, 2, 'down', 3],
  [15, 2, 'up', 4],
  [17, 4, 'down', 1],
  [17, 4, 'up', 2],
  [1, 3, 'down', 1],
  [1, 3, 'up', 1],
])('size %i on level %i rounded %s is %i', (size, level, rounding, expected) => {
  expect(levelSize(size, level, rounding)).toBe(expected);
});

test('levels are counted as the reference library does', () => {
  const count = (part: PartShape): number => layoutOf(part).levels.length;
  expect(count(tiled(512, 512, 'one'))).toBe(1);
  expect(count(tiled(512, 512, 'mip'))).toBe(10);
  expect(count(tiled(513, 512, 'mip', 'down'))).toBe(10);
  expect(count(tiled(513, 512, 'mip', 'up'))).toBe(11);
  expect(count(tiled(1, 1, 'mip', 'up'))).toBe(1);
  expect(count(tiled(8, 4, 'rip'))).toBe(12);
  expect(layoutOf(tiled(4, 2, 'rip')).levels.map(({ x, y }) => [x, y])).toEqual([
    [0, 0],
    [1, 0],
    [2, 0],
    [0, 1],
    [1, 1],
    [2, 1],
  ]);
});

test('chunks of random shapes cover every level once, and coordinates lead back to the index', () => {
  const { int, pick } = random(7);
  let chunks = 0;
  for (let round = 0; round < 120; round++) {
    const part =
      round % 4 === 0
        ? lines(int(1, 300), pick(COMPRESSIONS), int(-50, 50))
        : tiled(int(1, 200), int(1, 200), pick(['one', 'mip', 'rip']), pick(['down', 'up']), {
            width: int(1, 70),
            height: int(1, 70),
          });
    const layout = layoutOf(part);
    const covered = new Map(layout.levels.map((level) => [level, 0]));
    for (let index = 0; index < layout.chunkCount; index += 1) {
      const { level, box: own } = chunkPlace(layout, index);
      expect(chunkOfCoordinates(layout, coordinatesOf(part, layout, index))).toBe(index);
      expect(boxIsEmpty(own)).toBe(false);
      covered.set(level, covered.get(level)! + boxWidth(own) * boxHeight(own));
      chunks++;
    }
    for (const [level, pixels] of covered) expect(pixels).toBe(boxWidth(level.box) * boxHeight(level.box));
    const level = pick(layout.levels);
    const region = box(int(-20, 200), int(-60, 300), int(-20, 200), int(-60, 300));
    const meeting = Array.from({ length: layout.chunkCount }, (_, i) => i).filter((index) => {
      const place = chunkPlace(layout, index);
      return place.level === level && !boxIsEmpty(boxIntersection(place.box, region));
    });
    expect(chunksIn(layout, level, region)).toEqual(meeting);
  }
  expect(chunks).toBeGreaterThan(10_000);
});

describe('what is refused', () => {
  const code = (act: () => unknown): string => {
    try {
      act();
      return 'nothing';
    } catch (thrown) {
      return thrown instanceof EngineError ? thrown.code : String(thrown);
    }
  };
  test('levels and chunks that a part does not have, and sizes beyond reason', () => {
    const part = tiled(64, 64, 'mip');
    expect(code(() => levelAt(layoutOf(part), { x: 1, y: 0 }))).toBe('exr-level-missing');
    expect(code(() => chunkBox(part, layoutOf(part).chunkCount))).toBe('exr-chunk-missing');
    expect(code(() => chunkBox(part, -1))).toBe('exr-chunk-missing');
    expect(code(() => layoutOf(tiled(2 ** 29, 2 ** 29, 'one', 'down', { width: 1, height: 1 })))).toBe('exr-too-large');
    expect(code(() => chunkBlock(part, box(0, 0, 2 ** 29, 2 ** 29)))).toBe('exr-too-large');
  });
});
