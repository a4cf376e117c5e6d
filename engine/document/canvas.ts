// Edits of the canvas: backdrops and notes are set, removed and moved; each change gives its way back.
import type { Draft } from './draft.ts';
import type { Edit } from './edits.ts';
import { misfit } from './refusal.ts';
import { type Canvas, LIMITS, type Position } from './schema.ts';

type Kind = keyof Canvas;
type Thing<K extends Kind> = Canvas[K][string];

const WORDS: Readonly<Record<Kind, string>> = { backdrops: 'backdrop', notes: 'note' };

export function setBackdrop(draft: Draft, { id, backdrop, index }: Extract<Edit, { op: 'setBackdrop' }>): Edit {
  const { before, place } = put(draft, 'backdrops', id, backdrop, index);
  if (before === undefined) return { op: 'setBackdrop', id };
  return { op: 'setBackdrop', id, backdrop: before, ...(backdrop === undefined ? { index: place } : {}) };
}

export function setNote(draft: Draft, { id, note, index }: Extract<Edit, { op: 'setNote' }>): Edit {
  const { before, place } = put(draft, 'notes', id, note, index);
  if (before === undefined) return { op: 'setNote', id };
  return { op: 'setNote', id, note: before, ...(note === undefined ? { index: place } : {}) };
}

/** Moves backdrops or notes and gives where they were. */
export function moveOnCanvas(
  draft: Draft,
  kind: Kind,
  positions: Readonly<Record<string, Position>>,
): Record<string, Position> {
  const before: Record<string, Position> = {};
  const moved: Record<string, Thing<Kind>> = { ...draft.canvas[kind] };
  for (const [id, at] of Object.entries(positions)) {
    const thing = requireThing(draft, kind, id);
    before[id] = thing.at;
    moved[id] = { ...thing, at };
  }
  draft.canvas = { ...draft.canvas, [kind]: moved };
  return before;
}

/** Sets or removes one; gives what was there and its place among its kind. */
function put<K extends Kind>(
  draft: Draft,
  kind: K,
  id: string,
  thing: Thing<K> | undefined,
  index?: number,
): { before: Thing<K> | undefined; place: number } {
  const things = draft.canvas[kind] as Readonly<Record<string, Thing<K>>>;
  const before = Object.hasOwn(things, id) ? things[id] : undefined;
  const entries = Object.entries(things);
  const place = before === undefined ? entries.length : entries.findIndex(([key]) => key === id);
  if (thing === undefined) {
    requireThing(draft, kind, id);
    entries.splice(place, 1);
  } else if (before !== undefined) entries[place] = [id, thing];
  else {
    if (entries.length >= LIMITS.canvas) throw misfit(`Expected at most ${LIMITS.canvas} ${kind}; remove some first.`);
    entries.splice(index ?? entries.length, 0, [id, thing]);
  }
  draft.canvas = { ...draft.canvas, [kind]: Object.fromEntries(entries) };
  return { before, place };
}

function requireThing<K extends Kind>(draft: Draft, kind: K, id: string): Thing<K> {
  const things = draft.canvas[kind] as Readonly<Record<string, Thing<K>>>;
  const thing = Object.hasOwn(things, id) ? things[id] : undefined;
  if (!thing) throw misfit(`There is no ${WORDS[kind]} ${id}.`);
  return thing;
}
