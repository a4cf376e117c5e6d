// Boxes: the laws of inclusive windows, on all small boxes.
import { expect, test } from 'vitest';
import {
  type Box,
  box,
  boxContains,
  boxEquals,
  boxHeight,
  boxIntersection,
  boxIsEmpty,
  boxText,
  boxUnion,
  boxWidth,
  EMPTY_BOX,
} from '../../engine/base/box.ts';

function smallBoxes(): Box[] {
  const boxes: Box[] = [];
  for (let x0 = -1; x0 <= 1; x0++)
    for (let x1 = x0 - 1; x1 <= 2; x1++)
      for (let y0 = -1; y0 <= 1; y0++) for (let y1 = y0 - 1; y1 <= 2; y1++) boxes.push(box(x0, y0, x1, y1));
  return boxes;
}

const pixels = (b: Box): Set<string> => {
  const set = new Set<string>();
  for (let y = b.minY; y <= b.maxY; y++) for (let x = b.minX; x <= b.maxX; x++) set.add(`${x},${y}`);
  return set;
};

const same = (a: ReadonlySet<string>, b: ReadonlySet<string>): boolean =>
  a.size === b.size && [...a].every((pixel) => b.has(pixel));

test('width, height and emptiness count pixels', () => {
  const boxes = smallBoxes();
  expect(boxes).toHaveLength(144);
  for (const b of boxes) {
    expect(boxIsEmpty(b)).toBe(pixels(b).size === 0);
    if (!boxIsEmpty(b)) expect(boxWidth(b) * boxHeight(b)).toBe(pixels(b).size);
  }
  expect([boxWidth(EMPTY_BOX), boxHeight(EMPTY_BOX), boxIsEmpty(EMPTY_BOX)]).toEqual([0, 0, true]);
});

test('intersection, containment and equality are those of the sets of pixels; union is the smallest box around both', () => {
  const boxes = smallBoxes();
  const sets = boxes.map(pixels);
  let pairs = 0;
  boxes.forEach((a, i) => {
    boxes.forEach((b, j) => {
      const common = new Set([...sets[i]!].filter((pixel) => sets[j]!.has(pixel)));
      const both = boxIntersection(a, b);
      const around = boxUnion(a, b);
      const fine =
        same(pixels(both), common) &&
        boxContains(a, b) === (common.size === sets[j]!.size) &&
        boxEquals(a, b) === same(sets[i]!, sets[j]!) &&
        boxContains(around, a) &&
        boxContains(around, b) &&
        boxEquals(around, boxUnion(b, a));
      if (!fine) expect.fail(`${boxText(a)} and ${boxText(b)}`);
      pairs += 1;
    });
  });
  expect(pairs).toBe(144 * 144);
});

test('a union has no row or column to spare', () => {
  expect(boxUnion(box(0, 0, 3, 3), box(-2, 5, -1, 9))).toEqual(box(-2, 0, 3, 9));
  expect(boxUnion(EMPTY_BOX, box(4, 4, 5, 5))).toEqual(box(4, 4, 5, 5));
  expect(boxText(box(0, 0, 639, 479))).toBe('(0, 0) - (639, 479)');
});
