// The state of a node as the canvas shows it: its quiet line, its badge and where it is viewed.
import type { Problem } from '../../../engine/browser.ts';
import type { NodeView } from '../../protocol.ts';

export type BadgeKind = 'error' | 'warning' | 'computing' | 'cached' | 'disabled';

export interface Status {
  readonly summary: string;
  readonly badge?: { readonly kind: BadgeKind; readonly title: string };
  /** Such as `12 ms`. */
  readonly spent?: string;
  /** Viewer slots that show the node, such as `A`. */
  readonly viewed: string;
  readonly disabled: boolean;
}

export const BADGE_WORDS: Readonly<Record<BadgeKind, string>> = {
  error: 'Problem',
  warning: 'Warning',
  computing: 'Computing',
  cached: 'Cached',
  disabled: 'Bypassed',
};

/** The problems of each node; those inside an instance of a template belong to the instance. */
export function problemsByNode(problems: readonly Problem[]): ReadonlyMap<string, readonly Problem[]> {
  const found = new Map<string, Problem[]>();
  for (const problem of problems) {
    const id = problem.where.node?.split('/', 1)[0];
    if (id === undefined || problem.severity === 'info') continue;
    const list = found.get(id);
    if (list) list.push(problem);
    else found.set(id, [problem]);
  }
  return found;
}

export interface StatusInput {
  /** What the catalogue calls the node's type; undefined where it is not installed. */
  readonly typeTitle: string | undefined;
  readonly type: string;
  readonly disabled: boolean;
  readonly view: NodeView | undefined;
  readonly problems: readonly Problem[];
  readonly viewed: string;
}

export function statusOf({ typeTitle, type, disabled, view, problems, viewed }: StatusInput): Status {
  const badge = badgeOf(disabled, view, problems);
  return {
    summary: view?.summary || (typeTitle ?? `${type}, not installed`),
    ...(badge ? { badge } : {}),
    ...(view?.spent === undefined || view.spent < 1 ? {} : { spent: spentText(view.spent) }),
    viewed,
    disabled,
  };
}

function badgeOf(disabled: boolean, view: NodeView | undefined, problems: readonly Problem[]): Status['badge'] {
  const worst = problems.find(({ severity }) => severity === 'error') ?? problems[0];
  if (worst) {
    const more = problems.length > 1 ? ` (and ${problems.length - 1} more)` : '';
    return { kind: worst.severity === 'error' ? 'error' : 'warning', title: worst.message + more };
  }
  const kind = disabled || view?.state === 'disabled' ? 'disabled' : view?.state;
  if (kind === undefined || kind === 'idle') return undefined;
  return { kind, title: BADGE_WORDS[kind] };
}

/** Milliseconds in at most three digits: `12 ms`, `1.2 s`, `75 s`. */
export function spentText(milliseconds: number): string {
  if (milliseconds < 1000) return `${Math.round(milliseconds)} ms`;
  const seconds = milliseconds / 1000;
  return `${seconds < 10 ? seconds.toFixed(1) : Math.round(seconds)} s`;
}

export const sameStatus = (a: Status, b: Status): boolean =>
  a.summary === b.summary &&
  a.badge?.kind === b.badge?.kind &&
  a.badge?.title === b.badge?.title &&
  a.spent === b.spent &&
  a.viewed === b.viewed &&
  a.disabled === b.disabled;
