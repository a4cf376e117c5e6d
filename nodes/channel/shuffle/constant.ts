// Constants: the number behind a constant's JSON form, and whether a sample type can hold it.
import type { SampleType } from '../../../engine/authoring.ts';

type Constant = number | 'inf' | '-inf' | 'nan';

/** From here on a half rounds to infinity: 65504 is the greatest, and 65520 lies half-way to the next (IEEE 754 binary16). */
const HALF_LIMIT = 65520;
const FLOAT_LIMIT = 3.4028235677973366e38;
const UINT_LIMIT = 4294967295;

export const constantValue = (value: Constant): number =>
  value === 'inf' ? Infinity : value === '-inf' ? -Infinity : value === 'nan' ? NaN : value;

/** What is wrong with a value of a type; undefined where nothing is. */
export function constantTrouble(constant: Constant, type: SampleType): string | undefined {
  const value = constantValue(constant);
  if (type === 'uint') {
    const fits = Number.isInteger(value) && value >= 0 && value <= UINT_LIMIT && !Object.is(value, -0);
    return fits ? undefined : `Expected a whole number from 0 to ${UINT_LIMIT} for uint, found ${constant}.`;
  }
  const limit = type === 'half' ? HALF_LIMIT : FLOAT_LIMIT;
  if (!Number.isFinite(value) || Math.abs(value) < limit) return undefined;
  const most = type === 'half' ? '65504' : '3.4028235e38';
  return `Expected at most ${most} for ${type}, found ${constant}. Use another type or the value "inf".`;
}
