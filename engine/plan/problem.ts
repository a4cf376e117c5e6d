// Problems of a graph, found before anything is rendered: severity, code, message, place and ready fixes.
import type { ErrorCode } from '../base/codes.ts';
import type { EngineError, Place } from '../base/error.ts';
import type { Edit } from '../document/edits.ts';

export interface Problem {
  /** An `error` keeps the graph from running; a `warning` does not; `info` is only worth knowing. */
  readonly severity: 'error' | 'warning' | 'info';
  readonly code: ErrorCode;
  readonly message: string;
  readonly where: Place;
  /** Choices that would mend it: a title and the edits to apply to the document. */
  readonly fixes?: readonly { readonly title: string; readonly edits: readonly Edit[] }[];
}

/** An error that was thrown while describing, as a problem. */
export const problemOf = (error: EngineError): Problem => ({
  severity: 'error',
  code: error.code,
  message: error.message,
  where: error.where,
});

export const hasErrors = (problems: readonly Problem[]): boolean => problems.some((p) => p.severity === 'error');
