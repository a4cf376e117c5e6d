// Arithmetic of whole numbers.

/** The greatest whole number that divides both; the other one where one is 0. Neither is negative. */
export function greatestCommonDivisor(a: number, b: number): number {
  let [greater, lesser] = [a, b];
  while (lesser !== 0) [greater, lesser] = [lesser, greater % lesser];
  return greater;
}

/** The least whole number that both divide; both are at least 1. */
export const leastCommonMultiple = (a: number, b: number): number => (a / greatestCommonDivisor(a, b)) * b;
