// History: the steps that can be undone and redone, grouped by intent and never by clock. Pure data, no document in it.
import type { Edit } from './edits.ts';

/** How many steps are kept; the oldest go first. */
export const HISTORY_DEPTH = 5000;

/** An edit that was made, with its way back as `applyEdit` gave it. */
export interface Step {
  readonly edit: Edit;
  readonly inverse: Edit;
  /** What the user meant to do, such as `Move 3 nodes`: shown beside Undo. */
  readonly intent: string;
  /** Edits that follow one another under the same group are one step, such as all of one drag. */
  readonly group?: string;
}

export interface History {
  /** What can be undone, the newest last. */
  readonly past: readonly Step[];
  /** What can be redone, the next one last. */
  readonly future: readonly Step[];
  /** True where the next edit begins a new step, whatever its group. */
  readonly sealed: boolean;
}

export const emptyHistory: History = { past: [], future: [], sealed: true };

/** The history after an edit. What could be redone is forgotten. */
export function record(history: History, step: Step): History {
  const last = history.past.at(-1);
  const joins = !history.sealed && last !== undefined && step.group !== undefined && last.group === step.group;
  const past = joins ? history.past.with(-1, joined(last, step)) : [...history.past, step].slice(-HISTORY_DEPTH);
  return { past, future: [], sealed: false };
}

/** Ends the present step: the next edit begins a new one even under the same group. */
export const seal = (history: History): History => (history.sealed ? history : { ...history, sealed: true });

/** A move through the history: the edit to apply to the document, and the history once it is applied. */
export interface Travel {
  readonly history: History;
  readonly edit: Edit;
  /** What is undone or redone. */
  readonly intent: string;
}

/** One step back; undefined where there is none. */
export function undo({ past, future }: History): Travel | undefined {
  const step = past.at(-1);
  if (!step) return undefined;
  const history = { past: past.slice(0, -1), future: [...future, step], sealed: true };
  return { history, edit: step.inverse, intent: step.intent };
}

/** One step forward again; undefined where there is none. */
export function redo({ past, future }: History): Travel | undefined {
  const step = future.at(-1);
  if (!step) return undefined;
  const history = { past: [...past, step], future: future.slice(0, -1), sealed: true };
  return { history, edit: step.edit, intent: step.intent };
}

/** Two steps as one. The intent is the newer one's, which knows how it ended. */
function joined(first: Step, second: Step): Step {
  return {
    ...second,
    edit: batch([...editsOf(first.edit), ...editsOf(second.edit)]),
    inverse: batch([...editsOf(second.inverse), ...editsOf(first.inverse)]),
  };
}

const editsOf = (edit: Edit): readonly Edit[] => (edit.op === 'batch' ? edit.edits : [edit]);

/** The edits in order, without those that the very next one makes vain, so that a long drag stays one short edit. */
function batch(edits: readonly Edit[]): Edit {
  const kept: Edit[] = [];
  for (const edit of edits) {
    const before = kept.at(-1);
    if (before && overwrites(edit, before)) kept.pop();
    kept.push(edit);
  }
  return kept.length === 1 ? kept[0]! : { op: 'batch', edits: kept };
}

/**
 * True where the second of two edits leaves nothing of the first, order of names included. An edit that takes a name
 * away is never made vain by one that sets it: the name would stand elsewhere.
 */
function overwrites(second: Edit, first: Edit): boolean {
  switch (second.op) {
    case 'setName':
    case 'setDoc':
    case 'setFrames':
      return first.op === second.op;
    case 'setParam':
      return (
        first.op === 'setParam' && first.node === second.node && first.name === second.name && first.value !== undefined
      );
    case 'setAnimation':
      return (
        first.op === second.op &&
        first.node === second.node &&
        first.name === second.name &&
        first.animation !== undefined
      );
    case 'setParams':
    case 'setAnimations':
    case 'setTitle':
    case 'setDisabled':
      return first.op === second.op && first.node === second.node;
    case 'setVariable':
      return first.op === second.op && first.name === second.name;
    // One that is not there cannot be taken away, so that the first of "set, then remove" is not vain.
    case 'setBackdrop':
      return (
        first.op === second.op &&
        first.id === second.id &&
        first.index === second.index &&
        bothSet(first.backdrop, second.backdrop)
      );
    case 'setNote':
      return (
        first.op === second.op &&
        first.id === second.id &&
        first.index === second.index &&
        bothSet(first.note, second.note)
      );
    case 'moveNodes':
      return (
        first.op === 'moveNodes' &&
        holds(second.positions, first.positions) &&
        holds(second.backdrops, first.backdrops) &&
        holds(second.notes, first.notes)
      );
    default:
      return false;
  }
}

const bothSet = (first: unknown, second: unknown): boolean => first !== undefined && second !== undefined;

const holds = (second: object | undefined, first: object | undefined): boolean =>
  Object.keys(first ?? {}).every((id) => second !== undefined && Object.hasOwn(second, id));
