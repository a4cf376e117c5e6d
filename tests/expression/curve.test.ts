// Curves: exact at keys, held outside, and by the published formulas between; by hand.
import { describe, expect, it } from 'vitest';
import { curveAt, type Key, keysTrouble, MOST_KEYS } from '../../engine/expression/curve.ts';
import { random } from '../base/random.ts';

const at = (keys: readonly Key[], frames: readonly number[]) => frames.map((frame) => curveAt(keys, frame));

describe('a curve', () => {
  it('holds before the first and after the last key, whatever its way', () => {
    for (const way of ['constant', 'linear', 'smooth', 'bezier'] as const) {
      const keys: Key[] = [
        [10, 2, way],
        [20, 4, way],
      ];
      expect(at(keys, [-1e9, 9.999, 10, 20, 20.001, 1e9])).toEqual([2, 2, 2, 4, 4, 4]);
      expect(at([[5, 7, way]], [0, 5, 9])).toEqual([7, 7, 7]);
    }
  });

  it('is constant, linear, eased', () => {
    const keys = (way: Key[2]): Key[] => [
      [0, 0, way],
      [4, 8, way],
    ];
    expect(at(keys('constant'), [1, 2, 3.999])).toEqual([0, 0, 0]);
    expect(at(keys('linear'), [1, 2, 3])).toEqual([2, 4, 6]);
    // Two keys ease as 3t² - 2t³: 8 · 0.15625 at a quarter.
    expect(at(keys('smooth'), [1, 2, 3])).toEqual([1.25, 4, 6.75]);
    // Without handles a Bézier is the straight line.
    expect((at(keys('bezier'), [1, 2, 3]) as number[]).map((v) => Math.round(v * 1e12) / 1e12)).toEqual([2, 4, 6]);
  });

  it('is smooth by the slopes of Fritsch and Butland', () => {
    const keys: Key[] = [
      [0, 0, 'smooth'],
      [2, 4, 'smooth'],
      [6, 6, 'smooth'],
      [8, 6, 'smooth'],
    ];
    // At 2: h = 2, d = 2, H = 4, D = 0.5: 18 / (10 / 2 + 8 / 0.5) = 6/7. At 6 the right side is flat: 0.
    // At 1, t = 1/2: (0 + 4) / 2 + 2 (0 - 6/7) / 8. At 4: (4 + 6) / 2 + 4 (6/7 - 0) / 8.
    expect(curveAt(keys, 1)).toBeCloseTo(2 - 12 / 56, 14);
    expect(curveAt(keys, 4)).toBeCloseTo(5 + 24 / 56, 14);
    expect(at(keys, [6, 7, 8])).toEqual([6, 6, 6]);
  });

  it('is a Bézier by its handles, solved for the frame', () => {
    // Frames 0, 1, 3, 4 and values 0, 2, -2, 0 by s: at s = 1/2 frame 2 and value 0; at s = 1/4, 0.90625 and 0.5625.
    const keys: Key[] = [
      [0, 0, 'bezier', null, [1, 2]],
      [4, 0, 'bezier', [-1, -2], null],
    ];
    const frame = 3 * 1 * 0.25 * 0.75 ** 2 + 3 * 3 * 0.25 ** 2 * 0.75 + 4 * 0.25 ** 3;
    expect(curveAt(keys, 2)).toBeCloseTo(0, 14);
    expect(curveAt(keys, frame)).toBeCloseTo(3 * 2 * 0.25 * 0.75 ** 2 + 3 * -2 * 0.25 ** 2 * 0.75, 14);
  });

  it('shortens handles that reach too far, and drops those to the wrong side', () => {
    const long = (length: number): Key[] => [
      [0, 0, 'bezier', null, [length, length]],
      [1, 1, 'bezier', [-length, 0], null],
    ];
    for (const frame of [0.1, 0.37, 0.5, 0.9]) expect(curveAt(long(1), frame)).toBe(curveAt(long(1e6), frame));
    const wrong: Key[] = [
      [0, 3, 'bezier', [5, 5], [-2, 9]],
      [1, 5, 'bezier', [2, 9], null],
    ];
    expect(curveAt(wrong, 0.5)).toBeCloseTo(4, 14);
    // A handle straight up turns into a step that still has one value at every frame.
    const steep: Key[] = [
      [0, 0, 'bezier', null, [1, 0]],
      [1, 1, 'bezier', [-1, 0], null],
    ];
    let last = 0;
    for (let i = 0; i <= 1000; i++) {
      const value = curveAt(steep, i / 1000) as number;
      expect(value).toBeGreaterThanOrEqual(last);
      last = value;
    }
    expect(last).toBe(1);
  });

  it('holds switches and choices', () => {
    const keys: Key[] = [
      [1, false, 'constant'],
      [5, true, 'constant'],
    ];
    expect(at(keys, [0, 4.9, 5, 6])).toEqual([false, false, true, true]);
    expect(
      curveAt(
        [
          [1, 'over', 'constant'],
          [3, 'plus', 'constant'],
        ],
        2,
      ),
    ).toBe('over');
  });

  it('is exact at random keys, within them where it is smooth, and finite everywhere', () => {
    let looked = 0;
    for (let seed = 1; seed <= 500; seed++) {
      const rng = random(seed);
      const number = (): number => rng.int(-1000, 1000) / rng.pick([1, 10, 1000]);
      const keys: Key[] = [];
      let frame = number();
      for (let i = rng.int(1, 12); i > 0; i--) {
        frame += rng.int(1, 4000) / 100;
        const way = rng.pick(['constant', 'linear', 'smooth', 'bezier'] as const);
        keys.push(
          rng.chance(0.5) ? [frame, number(), way] : [frame, number(), way, [number(), number()], [number(), number()]],
        );
      }
      expect(keysTrouble(keys)).toBeUndefined();
      for (const [i, [frame, value, way]] of keys.entries()) {
        expect(curveAt(keys, frame)).toBe(value);
        const next = keys[i + 1];
        for (let share = 0.1; next && share < 1; share += 0.2) {
          const found = curveAt(keys, frame + (next[0] - frame) * share) as number;
          expect(Number.isFinite(found)).toBe(true);
          const [low, high] = [
            Math.min(value as number, next[1] as number),
            Math.max(value as number, next[1] as number),
          ];
          if (way === 'smooth') expect(found >= low && found <= high).toBe(true);
          looked += 1;
        }
      }
    }
    expect(looked).toBeGreaterThan(10_000);
  });
});

const WRONG: readonly (readonly [keys: unknown, words: string])[] = [
  [undefined, 'a list of keys'],
  [[], 'a list of keys'],
  [{}, 'a list of keys'],
  [[1], 'Key 1: expected [frame, value, interpolation]'],
  [[[1, 2]], 'Key 1'],
  [[[1, 2, 'linear', null]], 'both handles or none'],
  [[['1', 2, 'linear']], 'expected a frame'],
  [[[1e12, 2, 'linear']], 'expected a frame'],
  [[[Number.NaN, 2, 'linear']], 'expected a frame'],
  [[[1, null, 'linear']], 'expected a number, true, false or a text'],
  [[[1, Number.POSITIVE_INFINITY, 'linear']], 'expected a number'],
  [[[1, 2, 'cubic']], 'constant, linear, smooth, bezier'],
  [[[1, 2, 'bezier', [1], null]], 'expected a handle'],
  [[[1, 2, 'bezier', [1, '2'], null]], 'expected a handle'],
  [
    [
      [1, 2, 'linear'],
      [1, 3, 'linear'],
    ],
    'Key 2: expected a frame after 1, found 1',
  ],
  [
    [
      [2, 2, 'linear'],
      [1, 3, 'linear'],
    ],
    'after 2',
  ],
  [
    [
      [1, 2, 'constant'],
      [2, true, 'constant'],
    ],
    'of the same kind',
  ],
  [[[1, true, 'linear']], 'expected "constant"'],
  [[[1, 'a', 'bezier', null, null]], 'expected "constant"'],
  [Array.from({ length: MOST_KEYS + 1 }, (_, i) => [i, 0, 'linear']), 'at most'],
];

describe('keys that are none', () => {
  it.each(WRONG)('%#', (keys, words) => expect(keysTrouble(keys)).toContain(words));
  it('counts them', () => expect(WRONG).toHaveLength(20));
});
