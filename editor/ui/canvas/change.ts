// Changes: an edit with the words that name it in the history, or the word why there is none.
import type { Document, Edit, Link } from '../../../engine/browser.ts';

/** What a gesture does to the document. `select` are the nodes to select afterwards. */
export interface Change {
  readonly edit: Edit;
  /** Shown beside Undo. */
  readonly intent: string;
  readonly select?: readonly string[];
}

/** A short sentence to show where the gesture ended. */
export interface Refused {
  readonly refused: string;
}

export const refused = (word: string): Refused => ({ refused: word });

export const isRefused = (outcome: Change | Refused): outcome is Refused => 'refused' in outcome;

export const batch = (edits: readonly Edit[]): Edit => (edits.length === 1 ? edits[0]! : { op: 'batch', edits });

/** `Delete 3 nodes`, or `Delete shuffle` for a single one. */
export const counted = (verb: string, ids: readonly string[], what = 'node'): string =>
  ids.length === 1 ? `${verb} ${ids[0]}` : `${verb} ${ids.length} ${what}s`;

/**
 * The edits that make one list of links of another. Links that are only added or only taken away travel alone; where one
 * changes its source the whole list does, as the order of named inputs counts.
 */
export function relinked(before: readonly Link[], after: readonly Link[]): Edit[] {
  const key = ({ from, to }: Link): string => `${from} ${to}`;
  const old = new Set(before.map(key));
  const now = new Set(after.map(key));
  const kept = before.filter((link) => now.has(key(link)));
  const added = after.filter((link) => !old.has(key(link)));
  const appended = [...kept, ...added];
  if (appended.some((link, i) => key(link) !== key(after[i]!))) return [{ op: 'setLinks', links: [...after] }];
  const removed = before.filter((link) => !now.has(key(link)));
  return [
    ...removed.map(({ from, to }): Edit => ({ op: 'removeLink', from, to })),
    ...added.map(({ from, to }): Edit => ({ op: 'addLink', from, to })),
  ];
}

/** A link that takes the place of another one at the same end, or stands last. */
export function withLink(links: readonly Link[], link: Link): Link[] {
  const index = links.findIndex(({ to }) => to === link.to);
  return index < 0 ? [...links, link] : links.with(index, link);
}

export const hasNode = (document: Document, id: string): boolean => Object.hasOwn(document.nodes, id);
