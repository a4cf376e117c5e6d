// Problems in groups by severity, and what is said of their number and place.
import type { Problem } from '../../../../engine/browser.ts';

export type Severity = Problem['severity'];

/** The gravest first. */
export const SEVERITIES: readonly Severity[] = ['error', 'warning', 'info'];

export const groupsOf = (problems: readonly Problem[]): Readonly<Record<Severity, readonly Problem[]>> => ({
  error: problems.filter(({ severity }) => severity === 'error'),
  warning: problems.filter(({ severity }) => severity === 'warning'),
  info: problems.filter(({ severity }) => severity === 'info'),
});

/** `2 errors, 1 warning`. */
export function countText(problems: readonly Problem[]): string {
  const groups = groupsOf(problems);
  const words: Readonly<Record<Severity, string>> = { error: 'error', warning: 'warning', info: 'note' };
  return SEVERITIES.flatMap((severity) => {
    const { length } = groups[severity];
    return length === 0 ? [] : `${length} ${words[severity]}${length === 1 ? '' : 's'}`;
  }).join(', ');
}

/** The place in a line: `frame 1003, file …`, without the node and the parameter, which stand before it. */
export const placeText = ({ where }: Problem): string =>
  Object.entries(where)
    .filter(([key, value]) => key !== 'node' && key !== 'param' && value !== undefined)
    .map(([key, value]) => `${key} ${typeof value === 'object' ? JSON.stringify(value) : String(value)}`)
    .join(', ');
