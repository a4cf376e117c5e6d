// Frame lists: what people type, what is refused and where, and the law that a list's text gives the list back.
import { expect, test } from 'vitest';
import { EngineError } from '../../engine/base/error.ts';
import {
  formatFrames,
  formatSpans,
  gapsOf,
  MAX_FRAME,
  MAX_FRAMES,
  parseFrames,
  spansOf,
} from '../../engine/image/frames.ts';
import { random } from '../base/random.ts';

const error = (text: string): EngineError => {
  try {
    parseFrames(text);
  } catch (thrown) {
    if (thrown instanceof EngineError) return thrown;
    throw thrown;
  }
  return expect.fail(`"${text}" was accepted`);
};

test.each([
  ['1001', [1001]],
  ['1-5', [1, 2, 3, 4, 5]],
  ['1-9x2', [1, 3, 5, 7, 9]],
  ['1-8:3', [1, 4, 7]],
  ['1,3,7-9', [1, 3, 7, 8, 9]],
  [' 1 - 3 x 2 ,\t5 ', [1, 3, 5]],
  ['-5--1', [-5, -4, -3, -2, -1]],
  ['-2-1', [-2, -1, 0, 1]],
  ['3--1x2', [3, 1, -1]],
  ['5-1', [5, 4, 3, 2, 1]],
  ['10-1x4', [10, 6, 2]],
  ['7-7', [7]],
  ['0001-0003', [1, 2, 3]],
  ['5, 1-3, 2, 5', [5, 1, 2, 3]],
  ['-0', [0]],
])('%s', (text, frames) => {
  expect(parseFrames(text)).toEqual(frames);
});

test.each([
  ['', 0],
  ['   ', 3],
  ['a', 0],
  ['1-', 1],
  ['1,', 2],
  ['1,,2', 2],
  ['1 2', 2],
  ['1-5x', 3],
  ['1-5x0', 0],
  ['1-5x-2', 3],
  ['1.5', 1],
  ['1-5-9', 3],
  ['x2', 0],
  ['3x2', 1],
  ['--5', 0],
  ['1e3', 1],
  ['99999999999', 0],
  ['1-5, 2147483648', 5],
  ['１', 0],
])('"%s" is refused at offset %i', (text, offset) => {
  const { code, where, message } = error(text);
  expect([code, where.offset]).toEqual(['frames-syntax', offset]);
  expect(message).toContain(`character ${offset + 1} `);
});

test('the number of frames is bounded before they are made', () => {
  expect(parseFrames(`1-${MAX_FRAMES}`)).toHaveLength(MAX_FRAMES);
  expect(error(`1-${MAX_FRAMES + 1}`).code).toBe('frames-too-many');
  expect(error(`-${MAX_FRAME}-${MAX_FRAME}`).code).toBe('frames-too-many');
  expect(error(`1-${MAX_FRAMES}, 1`).code).toBe('frames-too-many');
  expect(parseFrames(`-${MAX_FRAME}-${MAX_FRAME}x${MAX_FRAME}`)).toEqual([-MAX_FRAME, 0, MAX_FRAME]);
});

test('long texts of nothing but white space or items take no time', () => {
  const start = performance.now();
  expect(error(`1${' '.repeat(1_000_000)}2`).code).toBe('frames-syntax');
  expect(parseFrames(Array.from({ length: 200_000 }, (_, i) => i * 3).join(' , '))).toHaveLength(200_000);
  expect(performance.now() - start).toBeLessThan(3000);
});

test.each([
  [[], ''],
  [[1001, 1002, 1003, 1004, 1005, 1006, 1007, 1008], '1001-1008'],
  [[1, 3, 5, 7, 9], '1-9x2'],
  [[1, 2, 3, 7], '1-3, 7'],
  [[1, 2, 4, 6, 8], '1, 2-8x2'],
  [[1, 2, 3, 5, 7], '1-3, 5, 7'],
  [[10, 9, 8], '10-8'],
  [[-5, -4, -3], '-5--3'],
  [[5], '5'],
  [[3, 100], '3, 100'],
])('%j is written as "%s"', (frames, text) => {
  expect(formatFrames(frames)).toBe(text);
});

test('every list without repeats is written so that it reads back', () => {
  const rng = random(20);
  let lists = 0;
  for (; lists < 3000; lists++) {
    const frames = new Set<number>();
    const runs = rng.int(1, 6);
    for (let r = 0; r < runs; r++) {
      const first = rng.int(-30, 1200);
      const step = rng.pick([1, 1, 2, 3, 10, -1, -4]);
      const count = rng.int(1, 8);
      for (let i = 0; i < count; i++) frames.add(first + i * step);
    }
    const list = [...frames];
    const text = formatFrames(list);
    expect(parseFrames(text)).toEqual(list);
    expect(text.length).toBeLessThanOrEqual(list.join(', ').length);
  }
  expect(lists).toBe(3000);
});

test('no other way to cut a short list is shorter', () => {
  const shortest = (list: readonly number[]): number => {
    const best = new Array<number>(list.length + 1).fill(Number.POSITIVE_INFINITY);
    best[list.length] = -2;
    for (let at = list.length - 1; at >= 0; at--) {
      for (let end = at + 1; end <= list.length; end++) {
        const step = list[at + 1]! - list[at]!;
        if (!list.slice(at, end).every((v, i) => i === 0 || v === list[at]! + i * step)) break;
        const run = Math.abs(step) === 1 ? '' : `x${Math.abs(step)}`;
        const text = end - at === 1 ? `${list[at]}` : `${list[at]}-${list[end - 1]}${run}`;
        best[at] = Math.min(best[at]!, text.length + 2 + best[end]!);
      }
    }
    return best[0]!;
  };
  const rng = random(21);
  for (let n = 0; n < 4000; n++) {
    const list = [...new Set(Array.from({ length: rng.int(1, 9) }, () => rng.int(-6, 12)))];
    if (rng.chance(0.7)) list.sort((a, b) => a - b);
    expect(formatFrames(list).length, list.join()).toBe(shortest(list));
  }
});

test('a million frames that fit no run are written in good time', () => {
  const frames = Array.from({ length: MAX_FRAMES }, (_, i) => i * 2 + ((i * i) % 7 > 3 ? 1 : 0));
  const start = performance.now();
  const text = formatFrames(frames);
  expect(performance.now() - start).toBeLessThan(5000);
  expect(parseFrames(text)).toEqual(frames);
});

test('spans and gaps', () => {
  const frames = [-2, -1, 3, 5, 6, 7, 2_000_000_000];
  expect(spansOf(frames)).toEqual([
    { first: -2, last: -1 },
    { first: 3, last: 3 },
    { first: 5, last: 7 },
    { first: 2_000_000_000, last: 2_000_000_000 },
  ]);
  expect(formatSpans(spansOf(frames))).toBe('-2--1, 3, 5-7, 2000000000');
  expect(formatSpans(gapsOf(frames))).toBe('0-2, 4, 8-1999999999');
  expect([spansOf([]), gapsOf([]), gapsOf([4])]).toEqual([[], [], []]);
});
