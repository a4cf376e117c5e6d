// SHA-256 without Node gives what Node's own gives.
import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { fingerprint } from '../../engine/base/fingerprint.ts';
import { sha256 } from '../../engine/base/sha256.ts';
import { random } from './random.ts';

test("digests are those of Node's own, whatever the length", () => {
  // The one-block example of FIPS 180-4.
  expect(sha256('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
  const rng = random(1);
  let compared = 0;
  for (let length = 0; length <= 200; length++) {
    const text = Array.from({ length }, () => String.fromCodePoint(rng.int(1, rng.chance(0.2) ? 0x1f600 : 126)))
      .join('')
      .toWellFormed();
    expect(sha256(text)).toBe(createHash('sha256').update(text).digest('hex'));
    compared += 1;
  }
  expect(compared).toBe(201);
});

test('a fingerprint is the same digest for short and for long texts', () => {
  for (const length of [0, 1, 4000, 4093, 4094, 4095, 50_000]) {
    const text = 'ü'.repeat(length);
    const digest = createHash('sha256').update(JSON.stringify(text)).digest('hex');
    expect(fingerprint(text)).toBe(digest.slice(0, 32));
  }
});
