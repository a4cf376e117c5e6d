// Problems of a form: which belong to a parameter or to a piece of one, and what they say beside it.
import type { Problem } from '../../../../engine/browser.ts';
import { piecesOf } from './value.ts';

export type Severity = Problem['severity'];

const RANK: Readonly<Record<Severity, number>> = { error: 0, warning: 1, info: 2 };

/** The gravest first, otherwise in their order. */
export const byGravity = (problems: readonly Problem[]): Problem[] =>
  problems.toSorted((a, b) => RANK[a.severity] - RANK[b.severity]);

/** The problems of some nodes. */
export const problemsOf = (problems: readonly Problem[], ids: readonly string[]): Problem[] =>
  problems.filter(({ where }) => where.node !== undefined && ids.includes(where.node));

/** True where the problem's place is this one or lies in it. */
export function isAt({ where }: Problem, path: readonly string[]): boolean {
  if (where.param === undefined) return false;
  const pieces = piecesOf(where.param);
  return path.every((piece, index) => pieces[index] === piece);
}

/** Those at a place or in it. */
export const problemsAt = (problems: readonly Problem[], path: readonly string[]): Problem[] =>
  problems.filter((problem) => isAt(problem, path));

/** How bad the worst of them is; undefined where there is none. */
export const troubleAt = (problems: readonly Problem[], path: readonly string[]): Severity | undefined =>
  byGravity(problemsAt(problems, path))[0]?.severity;

/** The message without the place that it begins with, as it stands beside that place. */
export function messageAt({ message, where }: Problem): string {
  const place = [`${where.node}.${where.param}: `, `${where.node}: `].find((one) => message.startsWith(one));
  if (place === undefined) return message;
  return message.charAt(place.length).toUpperCase() + message.slice(place.length + 1);
}

/** The first sentence, for an artist, and what comes after it. */
export function firstLine(message: string): { readonly first: string; readonly rest: string } {
  const match = /^(.+?[.!?…])(?:\s+)(?=[A-Z"“(])([\s\S]+)$/.exec(message);
  return match ? { first: match[1]!, rest: match[2]! } : { first: message, rest: '' };
}
