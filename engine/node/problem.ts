// What a node found wrong, and ready choices of what would mend it.
import type { Json } from '../base/canonical.ts';
import type { ErrorCode } from '../base/codes.ts';
import type { Place } from '../base/error.ts';

/** What would mend a problem: new values of the node's own parameters, or a node in front of it. */
export type Fix = { readonly title: string } & (
  | { readonly set: Readonly<Record<string, Json>>; readonly insert?: never }
  | { readonly set?: never; readonly insert: Insertion }
);

/** A node to put on the wire that comes in at a port of this one. */
export interface Insertion {
  readonly port: string;
  readonly type: string;
  readonly version: number;
  readonly params: Readonly<Record<string, Json>>;
  /** Its input that takes over the wire; `image` where left out. What goes on is its output `image`. */
  readonly input?: string;
}

/** Something a node found wrong, with ready choices of what would mend it. */
export interface NodeProblem {
  readonly severity: 'error' | 'warning' | 'info';
  readonly code: ErrorCode;
  readonly message: string;
  readonly where?: Place;
  readonly fixes?: readonly Fix[];
}
