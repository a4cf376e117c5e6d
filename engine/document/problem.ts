// Problems: what is wrong with a document, where, and the edits that would mend it.
import type { ErrorCode } from '../base/codes.ts';
import type { Edit } from './edits.ts';

export interface DocumentProblem {
  /** An `error` keeps the graph from running; a `warning` does not. */
  readonly severity: 'error' | 'warning';
  readonly code: ErrorCode;
  readonly message: string;
  /** Such as `nodes.shuffle.params.rows[0]`; empty for the document as a whole. */
  readonly path: string;
  /** Choices that would mend it: a title and the edits to apply to the document. */
  readonly fixes?: readonly { readonly title: string; readonly edits: readonly Edit[] }[];
}

/** A path as people read it: names joined by dots, indices in brackets. */
export function pathText(path: readonly PropertyKey[]): string {
  return path.map((key, i) => (typeof key === 'number' ? `[${key}]` : `${i === 0 ? '' : '.'}${String(key)}`)).join('');
}

export const problem = (code: ErrorCode, message: string, path: readonly PropertyKey[] = []): DocumentProblem => ({
  severity: 'error',
  code,
  message,
  path: pathText(path),
});
