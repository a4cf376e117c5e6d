// Imports: which attributes of another file can be taken over, and the wishes that do it.
import type { Json } from '../../../../engine/browser.ts';
import type { AttributeRow } from '../../../protocol.ts';
import { sameJson } from '../parameters/schema.ts';
import { isOpaque, readOnlyReason } from './rows.ts';
import type { Wish } from './target.ts';

export interface Import {
  readonly row: AttributeRow;
  /** False for what describes the file itself and for types that nobody here can read. */
  readonly possible: boolean;
  readonly reason?: string;
  /** The image has another value now, or none. */
  readonly differs: boolean;
}

/** The attributes of the first part of a file, beside those of the image; what describes the file itself is left away. */
export function importsOf(theirs: readonly AttributeRow[], ours: readonly AttributeRow[]): Import[] {
  return theirs
    .filter((row) => row.part === 0)
    .filter((row) => isOpaque(row) || readOnlyReason(row) === undefined)
    .map((row): Import => {
      const mine = ours.find(({ name }) => name === row.name);
      const differs =
        mine?.type !== row.type || !sameJson(mine.value as Json | undefined, row.value as Json | undefined);
      if (row.value !== undefined) return { row, possible: true, differs };
      const reason = 'Its type is not known here: connect the sequence to a node that imports attributes instead.';
      return { row, possible: false, reason, differs };
    });
}

/** A value for each, for all parts. */
export const wishesOf = (imports: readonly Import[]): Wish[] =>
  imports.map(({ row }) => ({ name: row.name, type: row.type, value: row.value as Json }));
