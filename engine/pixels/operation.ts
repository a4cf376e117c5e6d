// The operations that make one image of two, by name; the kernels know them by their places in this list.

/**
 * With A, B for a sample and a, b for the alphas of the two images. Formulas as in Nuke's reference ("Merge Operations"),
 * except soft-light.
 * - `over` A + B(1-a), `under` A(1-b) + B, `plus` A + B, `minus` A - B, `from` B - A, `difference` |A - B|
 * - `multiply` AB, 0 where both are negative; `divide` A / B, 0 where both are negative or B is 0
 * - `screen` A + B - AB where both lie within 0 and 1, else the greater
 * - `overlay` 2AB where B < 0.5, else 1 - 2(1-A)(1-B); `hard-light` the same, decided by A
 * - `soft-light` of W3C, "Compositing and Blending Level 1", section 10.1.9 (as ISO 32000-2 has it): with s = A and d = B,
 *   d - (1-2s) d (1-d) where s <= 0.5, else d + (2s-1)(D(d) - d), where D(d) is ((16d - 12) d + 4) d up to d = 0.25 and
 *   the root of d above
 * - `max`, `min`, `average` (A + B) / 2, `hypot` the root of A² + B², `exclusion` A + B - 2AB
 * - `in` Ab, `out` A(1-b), `mask` Ba, `stencil` B(1-a), `atop` Ab + B(1-a), `xor` A(1-b) + B(1-a)
 * - `matte` Aa + B(1-a), `copy` A
 * - `conjoint-over` A where a >= b, else A + B(1 - a/b)
 * - `disjoint-over` A + B where a + b < 1, else A + B(1-a) / b; in both A + B where b is 0 and a formula divides by it
 */
export const MERGE_OPERATIONS = [
  'over',
  'under',
  'plus',
  'minus',
  'from',
  'difference',
  'multiply',
  'divide',
  'screen',
  'overlay',
  'hard-light',
  'soft-light',
  'max',
  'min',
  'average',
  'hypot',
  'exclusion',
  'in',
  'out',
  'mask',
  'stencil',
  'atop',
  'xor',
  'matte',
  'copy',
  'conjoint-over',
  'disjoint-over',
] as const;

export type MergeOperation = (typeof MERGE_OPERATIONS)[number];

/** Operations whose formula has the alpha of A, or that of B, in it. */
export const USES_ALPHA_OF_A: ReadonlySet<MergeOperation> = new Set([
  'over',
  'mask',
  'stencil',
  'atop',
  'xor',
  'matte',
  'conjoint-over',
  'disjoint-over',
]);
export const USES_ALPHA_OF_B: ReadonlySet<MergeOperation> = new Set([
  'under',
  'in',
  'out',
  'atop',
  'xor',
  'conjoint-over',
  'disjoint-over',
]);
