// Edits: the changes that can be made to a document, as plain data that travels and is kept for undo.
import { z } from 'zod';
import type { Json } from '../base/canonical.ts';
import { EngineError } from '../base/error.ts';
import type { Animation, Animations } from './animation.ts';
import { forms } from './forms.ts';
import {
  type Backdrop,
  type DocumentNode,
  type FrameSettings,
  isPlainJson,
  LIMITS,
  type Link,
  type Note,
  type Params,
  type Position,
  type Promoted,
  type Variable,
} from './schema.ts';

/**
 * A change to a document. `applyEdit` makes it and gives the edit that takes it back.
 *
 * Where a value is optional and left out, what was there is removed. `setLinks`, `setPromoted` and `setVariables` put a
 * whole list in place, in its order; inverses use them, since they bring back any state that a document was in.
 */
export type Edit =
  | { readonly op: 'setName'; readonly name: string }
  | { readonly op: 'setDoc'; readonly doc?: string }
  | { readonly op: 'setFrames'; readonly frames: FrameSettings }
  /** `index` is the place among the nodes; last where it is left out. */
  | { readonly op: 'addNode'; readonly id: string; readonly node: DocumentNode; readonly index?: number }
  /** Removes its links and what is promoted from it as well. */
  | { readonly op: 'removeNode'; readonly id: string }
  /** Another type, version and parameters at the same place, under the same id. */
  | {
      readonly op: 'replaceNode';
      readonly id: string;
      readonly type: string;
      readonly version: number;
      readonly params: Params;
    }
  /** Rewrites links, promoted parameters and expressions. */
  | { readonly op: 'renameNode'; readonly id: string; readonly to: string }
  /** Moves nodes, and backdrops and notes with them: what one drag moves is one edit. */
  | {
      readonly op: 'moveNodes';
      readonly positions: Readonly<Record<string, Position>>;
      readonly backdrops?: Readonly<Record<string, Position>>;
      readonly notes?: Readonly<Record<string, Position>>;
    }
  | { readonly op: 'setTitle'; readonly node: string; readonly title?: string }
  | { readonly op: 'setDisabled'; readonly node: string; readonly disabled: boolean }
  | { readonly op: 'setParam'; readonly node: string; readonly name: string; readonly value?: Json }
  /** Puts all parameters of the node in place. */
  | { readonly op: 'setParams'; readonly node: string; readonly params: Params }
  /** What makes the value of a parameter, or with dots of a piece of one, at each frame. The saved value stays beneath. */
  | {
      readonly op: 'setAnimation';
      readonly node: string;
      readonly name: string;
      readonly animation?: Animation;
    }
  /** Puts all animations of the node in place. */
  | { readonly op: 'setAnimations'; readonly node: string; readonly animations?: Animations }
  /** The input must be free. To replace a link, remove it and add the other one in a batch. */
  | { readonly op: 'addLink'; readonly from: string; readonly to: string }
  /** The last link that ends at `to`, and begins at `from` where that is given. */
  | { readonly op: 'removeLink'; readonly to: string; readonly from?: string }
  | { readonly op: 'setLinks'; readonly links: readonly Link[] }
  /** Keeps its place where the name is known, is appended where it is new. */
  | { readonly op: 'setVariable'; readonly name: string; readonly variable: Variable }
  | { readonly op: 'removeVariable'; readonly name: string }
  | { readonly op: 'setVariables'; readonly variables: Readonly<Record<string, Variable>> }
  | { readonly op: 'promote'; readonly promoted: Promoted }
  | { readonly op: 'demote'; readonly name: string }
  | { readonly op: 'setPromoted'; readonly promoted: readonly Promoted[] }
  /** Keeps its place where the id is known; where it is new it stands at `index`, last where that is left out. */
  | { readonly op: 'setBackdrop'; readonly id: string; readonly backdrop?: Backdrop; readonly index?: number }
  | { readonly op: 'setNote'; readonly id: string; readonly note?: Note; readonly index?: number }
  /** All of them in order, or none where one does not fit. */
  | { readonly op: 'batch'; readonly edits: readonly Edit[] };

const op = <Name extends string, Shape extends z.core.$ZodLooseShape>(name: Name, shape: Shape) =>
  z.strictObject({ op: z.literal(name), ...shape });

/** The form of an edit, made when it is first asked for. Nesting is bounded by `parseEdit`, which goes before it. */
export const editSchema: z.ZodType<Edit> = z.lazy(makeSchema);

// So many schemas take milliseconds to make, which a run that edits nothing need not spend.
function makeSchema() {
  const parts = forms();
  return z.discriminatedUnion('op', [
    op('setName', { name: z.string() }),
    op('setDoc', { doc: z.string().exactOptional() }),
    op('setFrames', { frames: parts.frames }),
    op('addNode', { id: parts.id, node: parts.node, index: z.int().min(0).max(LIMITS.nodes).exactOptional() }),
    op('removeNode', { id: parts.id }),
    op('replaceNode', { id: parts.id, type: parts.type, version: parts.version, params: parts.params }),
    op('renameNode', { id: parts.id, to: parts.id }),
    op('moveNodes', {
      positions: z.record(parts.id, parts.position),
      backdrops: z.record(parts.id, parts.position).exactOptional(),
      notes: z.record(parts.id, parts.position).exactOptional(),
    }),
    op('setTitle', { node: parts.id, title: z.string().exactOptional() }),
    op('setDisabled', { node: parts.id, disabled: z.boolean() }),
    op('setParam', { node: parts.id, name: parts.id, value: parts.value.exactOptional() }),
    op('setParams', { node: parts.id, params: parts.params }),
    op('setAnimation', { node: parts.id, name: parts.animatedPath, animation: parts.animation.exactOptional() }),
    op('setAnimations', { node: parts.id, animations: parts.animations.exactOptional() }),
    op('addLink', { from: parts.from, to: parts.to }),
    op('removeLink', { to: parts.to, from: parts.from.exactOptional() }),
    op('setLinks', { links: z.array(parts.link).max(LIMITS.links) }),
    op('setVariable', { name: parts.variableName, variable: parts.variable }),
    op('removeVariable', { name: parts.variableName }),
    op('setVariables', { variables: z.record(parts.variableName, parts.variable) }),
    op('promote', { promoted: parts.promoted }),
    op('demote', { name: parts.id }),
    op('setPromoted', { promoted: z.array(parts.promoted).max(LIMITS.promoted) }),
    op('setBackdrop', {
      id: parts.id,
      backdrop: parts.backdrop.exactOptional(),
      index: z.int().min(0).max(LIMITS.canvas).exactOptional(),
    }),
    op('setNote', {
      id: parts.id,
      note: parts.note.exactOptional(),
      index: z.int().min(0).max(LIMITS.canvas).exactOptional(),
    }),
    op('batch', { edits: z.lazy((): z.ZodType<Edit[]> => z.array(editSchema)) }),
  ]);
}

// An edit may hold a document's whole depth inside a few batches.
const EDIT_DEPTH = LIMITS.depth + 16;

/** Checks that a value from outside is an edit. Returns the value itself. Throws `edit-invalid`. */
export function parseEdit(value: unknown): Edit {
  if (!isPlainJson(value, EDIT_DEPTH)) {
    throw new EngineError(
      'invalid',
      'edit-invalid',
      `Expected an edit of plain JSON, nested at most ${EDIT_DEPTH} deep, found something else.`,
    );
  }
  const parsed = editSchema.safeParse(value);
  if (parsed.success) return value as unknown as Edit;
  const [issue] = parsed.error.issues;
  const place = issue?.path.join('.');
  throw new EngineError(
    'invalid',
    'edit-invalid',
    `The edit is wrong${place ? ` at ${place}` : ''}: ${issue?.message}.`,
  );
}
