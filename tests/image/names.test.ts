// Names as people type them: wildcards, near misses and limits; and how parts are addressed.
import { describe, expect, test } from 'vitest';
import { captureName, listChannels, listNames, matchesName, nameTrouble, nearNames } from '../../engine/image/names.ts';
import { findPart, withHeaderNames } from '../../engine/image/parts.ts';
import { part } from '../nodes/spec-builder.ts';

test.each<[string, string, boolean]>([
  ['*', '', true],
  ['*', 'a.b', true],
  ['a.*', 'a.b', true],
  ['a.*', 'a.', true],
  ['a.*', 'ab', false],
  ['*.R', 'x.y.R', true],
  ['a*a', 'a', false],
  ['a*a', 'aa', true],
  ['a*b*c', 'a-b-b-c', true],
  ['a*b*c', 'acb', false],
  ['R', 'R', true],
  ['R', 'r', false],
  ['[.]', 'x', false],
])('pattern %s on "%s": %s', (pattern, name, expected) => {
  expect(matchesName(pattern, name)).toBe(expected);
});

test('a hostile pattern takes no time', () => {
  const start = performance.now();
  expect(matchesName('a*'.repeat(5000), 'a'.repeat(4999))).toBe(false);
  expect(performance.now() - start).toBeLessThan(1000);
});

test.each<[string, string, string | undefined]>([
  ['a.*', 'a.b.c', 'b.c'],
  ['*', '', ''],
  ['spec*.R', 'specular.R', 'ular'],
  ['a*', 'b', undefined],
  ['a', 'a', ''],
])('the star of %s in "%s"', (pattern, name, expected) => {
  expect(captureName(pattern, name)).toBe(expected);
});

test.each<[string, string[], string[]]>([
  ['r', ['R', 'G'], ['R']],
  ['Q', ['R', 'G'], []],
  ['Z', ['depth.Z', 'R'], ['depth.Z']],
  ['depht', ['depth', 'death', 'other'], ['depth']],
  ['spekular.R', ['specular.R', 'specular.G', 'R'], ['R', 'specular.R', 'specular.G']],
  ['x', [], []],
])('names near %s', (wanted, names, expected) => {
  expect(nearNames(wanted, names)).toEqual(expected);
});

describe('limits and lists', () => {
  test('names of 1 to 255 bytes without a zero', () => {
    expect(
      ['', 'a\0', 'ü'.repeat(128), 'a'.repeat(255), 'ü'.repeat(127)].map((n) => nameTrouble(n) !== undefined),
    ).toEqual([true, true, true, false, false]);
  });

  test('a long list says how many more', () => {
    expect([listNames([]), listNames(['a', 'b']), listNames(['a', 'b', 'c'], 2)]).toEqual([
      'none',
      'a, b',
      'a, b and 1 more',
    ]);
  });

  test('channels, and what makes colours of luminance and chroma', () => {
    expect(listChannels(['A', 'Y'])).toBe(' Channels: A, Y.');
    expect(listChannels(['BY', 'RY', 'Y'])).toMatch(/^ Channels: BY, RY, Y\. Luminance-chroma to RGB /);
  });

  test('a part is found by name first, then by number', () => {
    const parts = [part({ name: 'a' }), part({ name: '#0' }), part()];
    expect(['a', '#0', '#1', '#2', '#3', 2, 3, -1, 0.5, ''].map((at) => findPart(parts, at))).toEqual([
      0,
      1,
      1,
      2,
      undefined,
      2,
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
  });

  test('header names are added once', () => {
    const stored = { headerOrder: ['a', 'b'] };
    expect(withHeaderNames(stored, ['b', 'c', 'c'])).toEqual({ headerOrder: ['a', 'b', 'c'] });
    expect(withHeaderNames(stored, ['a'])).toBe(stored);
  });
});
