// What a grade does, in a line: the numbers that are not what changes nothing.

/** `gain 0.86 0.9 1 · gamma 1.04`: each triple that is not three times its neutral number; `nothing` where there is none. */
export function gradeSummary(
  values: Readonly<Record<string, readonly number[]>>,
  neutral: (name: string) => number,
): string {
  const told = Object.entries(values).flatMap(([name, numbers]) => {
    if (numbers.every((value) => value === neutral(name))) return [];
    const alike = numbers.every((value) => value === numbers[0]);
    return [`${name} ${(alike ? numbers.slice(0, 1) : numbers).map((value) => Number(value.toFixed(4))).join(' ')}`];
  });
  return told.join(' · ') || 'nothing';
}
