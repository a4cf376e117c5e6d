// Tables of powers, kept for the few that a graph has at a time.
import { type Curve, type CurveTable, tabulate } from '../../../engine/authoring.ts';

const MOST = 32;
const kept = new Map<string, CurveTable>();

/** What a power does outside of 0 to 1. */
export type Ends =
  /** Negative samples stay; above 1 the power goes on. */
  | 'power'
  /** Negative samples stay; above 1 the curve goes on as the straight line that touches it there. */
  | 'straight';

const curveOf = (exponent: number, ends: Ends): Curve => ({
  pieces: [
    { from: Number.NEGATIVE_INFINITY, at: (x) => x },
    { from: 0, at: (x) => x ** exponent },
    ...(ends === 'straight' ? [{ from: 1, at: (x: number) => 1 + (x - 1) * exponent }] : []),
  ],
});

/** The table of a power, or null for 1, which changes nothing. */
export function powerTable(exponent: number, ends: Ends): CurveTable | null {
  if (exponent === 1) return null;
  const key = `${ends} ${exponent}`;
  const table = kept.get(key) ?? tabulate(curveOf(exponent, ends));
  kept.delete(key);
  kept.set(key, table);
  if (kept.size > MOST) kept.delete(kept.keys().next().value!);
  return table;
}
