// History: whatever was edited, undone and redone, every step leads to the very document that it led to before.
import { expect, test } from 'vitest';
import { EngineError } from '../../engine/base/error.ts';
import { applyEdit } from '../../engine/document/apply.ts';
import type { Edit } from '../../engine/document/edits.ts';
import { emptyHistory, HISTORY_DEPTH, type History, record, redo, seal, undo } from '../../engine/document/history.ts';
import { saveDocument } from '../../engine/document/save.ts';
import { type Document, emptyDocument } from '../../engine/document/schema.ts';
import { type Random, random } from '../base/random.ts';
import { fresh, randomEdit } from './random-edit.ts';

interface State {
  readonly document: Document;
  readonly history: History;
}

function edited({ document, history }: State, edit: Edit, intent = 'Edit', group?: string): State {
  const done = applyEdit(document, edit);
  const step = { edit, inverse: done.inverse, intent, ...(group === undefined ? {} : { group }) };
  return { document: done.document, history: record(history, step) };
}

function moved({ document, history }: State, move: typeof undo): State | undefined {
  const travel = move(history);
  return travel && { document: applyEdit(document, travel.edit).document, history: travel.history };
}

function all(state: State, move: typeof undo): State[] {
  const states = [state];
  for (let next = moved(state, move); next; next = moved(next, move)) states.push(next);
  return states;
}

/** How many edits the newest step holds. */
function length({ history }: State): number {
  const edit = history.past.at(-1)?.edit;
  return edit?.op === 'batch' ? edit.edits.length : 1;
}

/** An edit of one of a few things, so that often one overwrites another. */
function tweak(rng: Random): Edit {
  const at = [rng.int(0, 9), 0] as const;
  const backdrop = { title: 'b', colour: '#112233', at, size: [4, 4] as const };
  return rng.pick<Edit>([
    { op: 'setParam', node: 'a', name: rng.pick(['x', 'y']), value: rng.int(0, 9) },
    { op: 'setParam', node: 'a', name: rng.pick(['x', 'y']) },
    { op: 'setParams', node: 'a', params: { x: rng.int(0, 9) } },
    { op: 'setTitle', node: 'a', ...(rng.chance(0.5) ? { title: 't' } : {}) },
    { op: 'moveNodes', positions: { a: at }, ...(rng.chance(0.5) ? { backdrops: { b: at } } : {}) },
    { op: 'setBackdrop', id: rng.pick(['b', 'c']), backdrop, ...(rng.chance(0.3) ? { index: 0 } : {}) },
    { op: 'setBackdrop', id: rng.pick(['b', 'c']) },
    { op: 'setNote', id: 'n', note: { text: 'n', at, size: [1, 1] } },
    { op: 'setVariable', name: rng.pick(['v', 'w']), variable: { type: 'number', default: rng.int(0, 9) } },
    { op: 'setFrames', frames: { mismatch: 'hold-last', align: rng.pick(['number', 'index']) } },
  ]);
}

const texts = (states: readonly State[]): string[] => states.map(({ document }) => saveDocument(document));
const withNode = applyEdit(emptyDocument(), { op: 'addNode', id: 'a', node: fresh() }).document;
const setX = (value: number): Edit => ({ op: 'setParam', node: 'a', name: 'x', value });

test.each([
  ['edits of every kind', 40, (rng: Random, document: Document) => randomEdit(rng, document)],
  ['edits that overwrite one another', 100, tweak],
] as const)('at any point undoing all gives the first document, and redoing all the last: %s', (_, seeds, make) => {
  let made = 0;
  let joined = 0;
  let travelled = 0;
  let shortened = 0;
  for (let seed = 1; seed <= seeds; seed++) {
    const rng = random(seed);
    let state: State = { document: withNode, history: emptyHistory };
    // What the history should be: the document at each step, and where we stand.
    let line = [saveDocument(state.document)];
    let at = 0;
    let open: string | undefined;
    for (let i = 0; i < 120; i++) {
      const action = rng.int(0, 9);
      if (action === 0) {
        state = { ...state, history: seal(state.history) };
        open = undefined;
      } else if (action <= 2) {
        const next = moved(state, action === 1 ? undo : redo);
        const to = at + (action === 1 ? -1 : 1);
        expect(next === undefined).toBe(line[to] === undefined);
        if (!next) continue;
        state = next;
        at = to;
        open = undefined;
        travelled += 1;
      } else {
        const group = rng.chance(0.7) ? rng.pick(['drag', 'type']) : undefined;
        try {
          const edit = make(rng, state.document);
          const before = length(state);
          state = edited(state, edit, 'Edit', group);
          if (group !== undefined && group === open && length(state) <= before) shortened += 1;
        } catch (thrown) {
          if (!(thrown instanceof EngineError)) throw thrown;
          continue;
        }
        const joins = group !== undefined && group === open;
        line = [...line.slice(0, joins ? at : at + 1), saveDocument(state.document)];
        at = line.length - 1;
        open = group;
        made += 1;
        if (joins) joined += 1;
      }
      expect(saveDocument(state.document)).toBe(line[at]);
      expect([state.history.past.length, state.history.future.length]).toEqual([at, line.length - 1 - at]);
      if (i % 10 > 0) continue;
      const back = all(state, undo);
      expect(texts(back)).toEqual(line.slice(0, at + 1).reverse());
      const forth = all(back.at(-1)!, redo);
      expect(texts(forth)).toEqual(line);
      expect(all(state, redo).at(-1)!.document).toEqual(forth.at(-1)!.document);
    }
  }
  expect(made).toBeGreaterThan(seeds * 50);
  expect(joined).toBeGreaterThan(seeds * 8);
  expect(travelled).toBeGreaterThan(seeds * 8);
  if (make === tweak) expect(shortened).toBeGreaterThan(60);
});

test('a long drag is one step of one short edit, and ends where another group or a seal ends it', () => {
  let state: State = { document: withNode, history: emptyHistory };
  for (let i = 1; i <= 1000; i++) {
    const edit: Edit = { op: 'moveNodes', positions: { a: [i, i] } };
    state = edited(state, edit, 'Move a', 'drag 1');
  }
  expect(state.history.past).toHaveLength(1);
  expect(state.history.past[0]).toEqual({
    edit: { op: 'moveNodes', positions: { a: [1000, 1000] } },
    inverse: { op: 'moveNodes', positions: { a: [0, 0] } },
    intent: 'Move a',
    group: 'drag 1',
  });
  state = edited(state, setX(1), 'Set x', 'scrub 1');
  state = edited(state, setX(2), 'Set x to 2', 'scrub 1');
  expect(state.history.past.map((step) => step.intent)).toEqual(['Move a', 'Set x to 2']);
  state = edited({ ...state, history: seal(state.history) }, setX(3), 'Set x', 'scrub 1');
  expect(state.history.past).toHaveLength(3);
  state = edited(state, setX(4), 'Set x');
  state = edited(state, setX(5), 'Set x');
  expect(state.history.past).toHaveLength(5);
});

test('what is undone can be redone until something new is done', () => {
  const first = edited({ document: withNode, history: emptyHistory }, setX(1), 'One', 'g');
  const back = moved(first, undo)!;
  expect(back.document).toEqual(withNode);
  expect(redo(back.history)?.intent).toBe('One');
  const other = edited(back, setX(7), 'Seven', 'g');
  expect(redo(other.history)).toBeUndefined();
  expect(undo(other.history)?.intent).toBe('Seven');
  expect(undo(emptyHistory)).toBeUndefined();
  // A step that was gone back to takes nothing more in.
  const again = moved(moved(first, undo)!, redo)!;
  expect(edited(again, setX(9), 'Nine', 'g').history.past).toHaveLength(2);
});

test('thousands of steps are kept, and the oldest go first', () => {
  expect(HISTORY_DEPTH).toBeGreaterThanOrEqual(1000);
  let state: State = { document: withNode, history: emptyHistory };
  for (let i = 0; i < HISTORY_DEPTH + 5; i++) state = edited(state, setX(i), `${i}`);
  expect(state.history.past).toHaveLength(HISTORY_DEPTH);
  const first = all(state, undo).at(-1)!;
  expect(first.document.nodes['a']!.params['x']).toBe(4);
  expect(all(first, redo).at(-1)!.document).toEqual(state.document);
});

const at = [0, 0] as const;
const backdrop = (title: string) => ({ title, colour: '#112233', at, size: [1, 1] as const });

test.each<[string, Edit[]]>([
  ['a parameter taken away and set again stands last', [{ op: 'setParam', node: 'a', name: 'x' }, setX(3)]],
  [
    'a backdrop changed and removed comes back where it was',
    [
      { op: 'setBackdrop', id: 'b', backdrop: backdrop('changed') },
      { op: 'setBackdrop', id: 'b' },
    ],
  ],
  [
    'a backdrop made and changed keeps its place',
    [
      { op: 'setBackdrop', id: 'n', backdrop: backdrop('new'), index: 0 },
      { op: 'setBackdrop', id: 'n', backdrop: backdrop('newer') },
    ],
  ],
  [
    'a backdrop made and removed leaves nothing',
    [
      { op: 'setBackdrop', id: 'n', backdrop: backdrop('new') },
      { op: 'setBackdrop', id: 'n' },
    ],
  ],
  [
    'a node moved less than before is where it was before',
    [
      { op: 'moveNodes', positions: { a: [1, 1] }, backdrops: { b: [1, 1] } },
      { op: 'moveNodes', positions: { a: [2, 2] } },
    ],
  ],
])('in one step, %s', (_, edits) => {
  const start = ['b', 'c'].reduce(
    (document, id) => applyEdit(document, { op: 'setBackdrop', id, backdrop: backdrop(id) }).document,
    withNode,
  );
  const state = edits.reduce((now, edit) => edited(now, edit, 'Edit', 'g'), {
    document: start,
    history: emptyHistory,
  } as State);
  expect(state.history.past).toHaveLength(1);
  const back = moved(state, undo)!;
  expect(saveDocument(back.document)).toBe(saveDocument(start));
  expect(saveDocument(moved(back, redo)!.document)).toBe(saveDocument(state.document));
});
