// Canonical JSON and fingerprints: equal values have one text and one name, different values differ.
import { expect, test } from 'vitest';
import { canonicalJson, type Json } from '../../engine/base/canonical.ts';
import { fingerprint } from '../../engine/base/fingerprint.ts';

test('key order does not matter, list order does', () => {
  expect(canonicalJson({ b: 1, a: [1, 2], c: undefined })).toBe('{"a":[1,2],"b":1}');
  expect(fingerprint({ b: 1, a: { y: 2, x: 1 } })).toBe(fingerprint({ a: { x: 1, y: 2 }, b: 1 }));
  expect(fingerprint([1, 2])).not.toBe(fingerprint([2, 1]));
});

test('values that differ have different texts', () => {
  const values: Json[] = [
    null,
    true,
    false,
    0,
    -0,
    1,
    1e21,
    '',
    '0',
    'null',
    '#NaN ',
    Number.NaN,
    Number.POSITIVE_INFINITY,
    Number.NEGATIVE_INFINITY,
    [],
    [[]],
    {},
    { a: null },
    { a: 0 },
    { a: -0 },
    'ü',
    'u\u0308',
  ];
  const texts = new Set(values.map(canonicalJson));
  expect(texts.size).toBe(values.length);
  expect(new Set(values.map(fingerprint)).size).toBe(values.length);
});

test('a fingerprint is 32 hexadecimal digits and stays the same from one release to the next', () => {
  expect(fingerprint({ type: 'color.exposure', stops: 1.5 })).toMatch(/^[0-9a-f]{32}$/);
  expect(fingerprint(null)).toBe('74234e98afe7498fb5daf1f36ac2d78a');
});
