// Edits of curves in the editor: whatever is done to keys, they stay in order, sound, and within their neighbours.
import { describe, expect, test } from 'vitest';
import {
  handlesOf,
  keyAt,
  samplesOf,
  stretchOf,
  withHandle,
  withKey,
  withMoved,
  withWay,
} from '../../editor/ui/panels/parameters/animation/keys.ts';
import { curveAt, INTERPOLATIONS, type Key } from '../../engine/browser.ts';
import { keysTrouble } from '../../engine/expression/curve.ts';
import { random } from '../base/random.ts';

const KEYS: readonly Key[] = [
  [1, 0, 'linear'],
  [10, 4, 'bezier', null, [2, 1]],
  [20, 2, 'constant'],
];

describe('keys', () => {
  test('are set at a frame: the first eases, a new one goes on as its stretch did, one that is there keeps its way', () => {
    expect(withKey([], 5, 1)).toEqual([[5, 1, 'smooth']]);
    expect(withKey([], 5, true)).toEqual([[5, true, 'constant']]);
    expect(withKey(KEYS, 5, 1)[1]).toEqual([5, 1, 'linear']);
    expect(withKey(KEYS, 0, 1)[0]).toEqual([0, 1, 'linear']);
    expect(withKey(KEYS, 30, 1)[3]).toEqual([30, 1, 'constant']);
    expect(withKey(KEYS, 10, 9)).toEqual([KEYS[0], [10, 9, 'bezier', null, [2, 1]], KEYS[2]]);
    expect(keyAt(KEYS, 10)).toBe(1);
    expect(keyAt(KEYS, 11)).toBe(-1);
  });

  test('move as near as their neighbours allow, with their handles', () => {
    expect(withMoved(KEYS, 1, 15, 7)[1]).toEqual([15, 7, 'bezier', null, [2, 1]]);
    expect(withMoved(KEYS, 1, 99, 7)[1]![0]).toBe(19);
    expect(withMoved(KEYS, 1, -99, 7)[1]![0]).toBe(2);
    expect(withMoved(KEYS, 0, -99, 7)[0]).toEqual([-99, 7, 'linear']);
    const close: Key[] = [
      [1, 0, 'linear'],
      [1.5, 1, 'linear'],
      [2, 2, 'linear'],
    ];
    expect(withMoved(close, 1, 1.7, 5)[1]).toEqual([1.5, 5, 'linear']);
  });

  test('have handles where a way needs them; they stay on their side', () => {
    expect(handlesOf(KEYS, 0)).toEqual([]);
    expect(handlesOf(KEYS, 1)).toEqual([{ side: 'after', handle: [2, 1] }]);
    expect(handlesOf(KEYS, 2)).toEqual([{ side: 'before', handle: [-10 / 3, 2 / 3] }]);
    expect(withHandle(KEYS, 2, 'before', [5, 1])[2]).toEqual([20, 2, 'constant', [0, 1], null]);
    expect(withHandle(KEYS, 1, 'after', [-5, 1])[1]).toEqual([10, 4, 'bezier', null, [0, 1]]);
    expect(withWay(KEYS, 1, 'smooth')[1]).toEqual([10, 4, 'smooth', null, [2, 1]]);
  });

  test('are drawn with room around them, steps upright', () => {
    expect(stretchOf([[5, 2, 'linear']], 5, 5)).toEqual({ first: 5, last: 6, low: 1, high: 3 });
    const { first, last, low, high } = stretchOf(KEYS, 1, 24);
    expect([first, last, low < 0, high > 5]).toEqual([1, 24, true, true]);
    const drawn = samplesOf(
      [
        [1, 0, 'constant'],
        [3, 8, 'constant'],
      ],
      0,
      4,
      4,
    );
    expect(drawn.filter(([frame]) => frame > 2.9 && frame <= 3).map(([, value]) => value)).toEqual([0, 8]);
  });

  test('are sound after any number of edits', () => {
    let edits = 0;
    for (let seed = 1; seed <= 200; seed++) {
      const rng = random(seed);
      let keys: Key[] = withKey([], rng.int(1, 50), rng.int(-9, 9));
      for (let i = 0; i < 40; i++) {
        const index = rng.int(0, keys.length - 1);
        const number = (): number => rng.int(-300, 300) / 10;
        switch (rng.int(0, 4)) {
          case 0:
            keys = withKey(keys, rng.int(-20, 90), number());
            break;
          case 1:
            keys = withMoved(keys, index, Math.round(number()), number());
            break;
          case 2:
            keys = withWay(keys, index, rng.pick(INTERPOLATIONS));
            break;
          case 3:
            keys = withHandle(keys, index, rng.pick(['before', 'after'] as const), [number(), number()]);
            break;
          default:
            if (keys.length > 1) keys = keys.toSpliced(index, 1);
        }
        expect(keysTrouble(keys)).toBeUndefined();
        expect(Number.isFinite(curveAt(keys, number()))).toBe(true);
        edits += 1;
      }
      const stretch = stretchOf(keys, 0, 10);
      expect(stretch.last > stretch.first && stretch.high > stretch.low).toBe(true);
    }
    expect(edits).toBe(8000);
  });
});
