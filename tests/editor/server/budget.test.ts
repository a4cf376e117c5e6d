// What the host keeps is a share of what it may use.
import { expect, test } from 'vitest';
import { cacheBudget } from '../../../editor/server/budget.ts';

const GIB = 1024 ** 3;

test('a quarter of the memory, or of what a container allows, and never less than is of use', () => {
  expect(cacheBudget({ total: 64 * GIB, allowed: 0 })).toBe(16 * GIB);
  expect(cacheBudget({ total: 64 * GIB, allowed: 8 * GIB })).toBe(2 * GIB);
  // Without a limit some systems say more than there is.
  expect(cacheBudget({ total: 8 * GIB, allowed: 2 ** 63 })).toBe(2 * GIB);
  expect(cacheBudget({ total: GIB, allowed: 0 })).toBe(GIB / 2);
  expect(cacheBudget()).toBeGreaterThanOrEqual(GIB / 2);
});
