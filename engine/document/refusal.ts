// Refusals: the one error for an edit that does not fit the document.
import { EngineError, type Place } from '../base/error.ts';

/** An `edit-invalid` error, at a node where there is one. */
export function misfit(message: string, node?: string): EngineError {
  const where: Place = node === undefined ? {} : { node };
  return new EngineError('invalid', 'edit-invalid', message, where);
}
