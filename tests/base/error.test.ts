// Errors: plain data across workers, places that add up, and system failures in words.
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { CODES } from '../../engine/base/codes.ts';
import { asEngineError, EngineError } from '../../engine/base/error.ts';

test('an error survives being sent as plain data', () => {
  const error = new EngineError('invalid', 'exr-chunk', 'Broken.', { file: 'a.exr', chunk: 3 }, new Error('inner'));
  const plain = structuredClone(error.toJSON());
  const back = EngineError.fromJSON(plain);
  expect(back).toBeInstanceOf(EngineError);
  expect(back.toJSON()).toEqual(plain);
  expect(plain.cause).toBe('inner');
});

test('a place is added without overwriting what is known', () => {
  const error = new EngineError('invalid', 'exr-chunk', 'Broken.', { file: 'a.exr' }).at({
    file: 'b.exr',
    node: 'read',
  });
  expect(error.where).toEqual({ file: 'a.exr', node: 'read' });
});

test('system failures become errors of their own codes', () => {
  const thrown = (() => {
    try {
      return readFileSync('/no/such/file.exr');
    } catch (error) {
      return error;
    }
  })();
  const error = asEngineError(thrown, { node: 'read' });
  expect([error.kind, error.code, error.where]).toEqual([
    'io',
    'file-not-found',
    { node: 'read', file: '/no/such/file.exr' },
  ]);
  expect(error.message).toBe('/no/such/file.exr does not exist.');
  expect(asEngineError(new DOMException('x', 'AbortError')).code).toBe('cancelled');
  expect(asEngineError('odd').code).toBe('internal');
});

test('every code is a lower-case name with a sentence', () => {
  for (const [code, words] of Object.entries(CODES)) {
    expect(code).toMatch(/^[a-z]+(-[a-z]+)*$/);
    expect(words).toMatch(/^[A-Z].*\.$/);
  }
  expect(Object.keys(CODES).length).toBeGreaterThan(70);
});
