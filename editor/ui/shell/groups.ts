// The groups that actions fall into, for the menu bar and for the sheet of shortcuts.
import type { Action } from './actions.ts';

export interface ActionGroup {
  readonly title: string;
  readonly actions: readonly Action[];
}

const FIRST = ['file', 'edit', 'view', 'graph', 'viewer', 'timeline', 'run'];
const LAST = 'help';
const NAMES: Readonly<Record<string, string>> = { canvas: 'Graph', graph: 'Graph', node: 'Graph' };

const capital = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1);

/** The title of the group that an id belongs to, by what stands before its dot: `file.save` belongs to File. */
export const groupOf = (id: string): string => {
  const prefix = id.slice(0, Math.max(0, id.indexOf('.')));
  return NAMES[prefix] ?? capital(prefix);
};

/** In a fixed order of groups, others before Help; inside a group in the order of registration. */
export function groupsOf(actions: readonly Action[]): ActionGroup[] {
  const groups = new Map<string, Action[]>();
  for (const action of actions) {
    const title = groupOf(action.id);
    groups.set(title, [...(groups.get(title) ?? []), action]);
  }
  const rank = (title: string): number => {
    const index = FIRST.indexOf(title.toLowerCase());
    return index >= 0 ? index : title.toLowerCase() === LAST ? 100 : 50;
  };
  return [...groups]
    .map(([title, members]) => ({ title, actions: members }))
    .sort((a, b) => rank(a.title) - rank(b.title));
}
