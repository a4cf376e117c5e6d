// Animations in documents: saved, loaded, edited, renamed and gathered; unknown forms kept, hostile ones refused.
import { afterEach, describe, expect, test } from 'vitest';
import type { Animation } from '../../engine/document/animation.ts';
import { applyEdit } from '../../engine/document/apply.ts';
import type { Edit } from '../../engine/document/edits.ts';
import { templateFrom } from '../../engine/document/gather.ts';
import { emptyHistory, record, undo } from '../../engine/document/history.ts';
import { loadDocument } from '../../engine/document/load.ts';
import { saveDocument } from '../../engine/document/save.ts';
import { type Document, emptyDocument } from '../../engine/document/schema.ts';

const at = [0, 0] as const;
const node = (animation?: Readonly<Record<string, Animation>>) => ({
  type: 'a.b',
  version: 1,
  params: { x: 1 },
  ...(animation ? { animation } : {}),
  at,
});
const withNodes = (nodes: Document['nodes'], more: Partial<Document> = {}): Document => ({
  ...emptyDocument(),
  ...more,
  nodes,
});
const CURVE: Animation = {
  keys: [
    [1001, 0, 'smooth'],
    [1010.5, -2.5, 'bezier', null, [3, 0.5]],
    [1020, 1, 'constant'],
  ],
};

test('stand on the line of their node, between parameters and position, and come back the same', () => {
  const document = withNodes({ a: node({ x: CURVE, 'size.0': { expression: 'frame * b.x' } }), b: node() });
  const text = saveDocument(document);
  expect(text).toContain(
    '"a": { "type": "a.b", "version": 1, "params": { "x": 1 }, "animation": { "x": { "keys": [[1001, 0, "smooth"], [1010.5, -2.5, "bezier", null, [3, 0.5]], [1020, 1, "constant"]] }, "size.0": { "expression": "frame * b.x" } }, "at": [0, 0] }',
  );
  expect(loadDocument(text)).toEqual({ document, problems: [] });
  expect(saveDocument(loadDocument(text).document!)).toBe(text);
});

test('of an unknown form survive, those of a known form with more in it too', () => {
  const document = withNodes({
    a: node({
      x: { wiggle: { amplitude: [1, 2] } },
      y: { keys: [[1, 0, 'linear']], after: 'loop' },
      z: { keys: 'whatever', expression: 5 },
      w: {},
    }),
  });
  const { document: loaded, problems } = loadDocument(saveDocument(document));
  expect(problems).toEqual([]);
  expect(loaded).toEqual(document);
});

const prototypeKeys = Object.getOwnPropertyNames(Object.prototype).length;
afterEach(() => expect(Object.getOwnPropertyNames(Object.prototype)).toHaveLength(prototypeKeys));

const deep = (depth: number): string => `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`;
const HOSTILE: readonly (readonly [animation: string, path: string, words: string])[] = [
  ['5', 'animation', 'Expected record'],
  ['[]', 'animation', 'Expected record'],
  ['null', 'animation', 'Expected record'],
  ['{}', 'animation', 'Expected an animated parameter'],
  ['{"x": 5}', 'animation.x', 'Expected an animation'],
  ['{"x": null}', 'animation.x', 'Expected an animation'],
  ['{"x": []}', 'animation.x', 'Expected an animation'],
  ['{"x": {"keys": {}}}', 'animation.x', 'Expected a list of keys'],
  ['{"x": {"keys": []}}', 'animation.x', 'Expected a list of keys'],
  ['{"x": {"keys": [[1, 0]]}}', 'animation.x', 'Key 1'],
  ['{"x": {"keys": [[1, 0, "linear"], [1, 0, "linear"]]}}', 'animation.x', 'Key 2: expected a frame after 1'],
  ['{"x": {"keys": [[1, 0, "__proto__"]]}}', 'animation.x', 'constant, linear, smooth, bezier'],
  ['{"x": {"expression": 5}}', 'animation.x', 'Expected an expression'],
  [`{"x": {"expression": "${'1+'.repeat(3000)}1"}}`, 'animation.x', 'at most 4096'],
  ['{"__proto__": {"expression": "1"}}', 'animation.__proto__', 'not allowed'],
  ['{"x": {"__proto__": 1}}', 'animation.x.__proto__', 'not allowed'],
  ['{"constructor": {"expression": "1"}}', 'animation.constructor', 'Expected a parameter such as stops'],
  ['{"0": {"expression": "1"}}', 'animation.0', 'Expected a parameter such as stops'],
  ['{"x.": {"expression": "1"}}', 'animation.x.', 'Expected a parameter such as stops'],
  ['{"x.toString": {"expression": "1"}}', 'animation.x.toString', 'Expected a parameter such as stops'],
  ['{"a.b.c.d.e.f.g.h.i": {"expression": "1"}}', 'animation.a.b', 'Expected a parameter such as stops'],
  [`{"x": ${deep(61)}}`, '', 'nested at most'],
];

describe('hostile animations', () => {
  test.each(HOSTILE)('%#: %.60s', (animation, path, words) => {
    const text = `{"sluice":1,"nodes":{"a":{"type":"a.b","version":1,"params":{},"animation":${animation},"at":[0,0]}}}`;
    const { document, problems } = loadDocument(text);
    expect(document).toBeUndefined();
    expect(problems[0]?.path).toContain(path);
    expect(problems[0]?.message).toContain(words);
  });
  test('are counted', () => expect(HOSTILE).toHaveLength(22));
});

describe('edits', () => {
  const there = (document: Document, edit: Edit) => {
    const done = applyEdit(document, edit);
    const back = applyEdit(done.document, done.inverse).document;
    expect(back).toEqual(document);
    expect(saveDocument(back)).toBe(saveDocument(document));
    return done.document;
  };
  const start = withNodes({ a: node({ x: CURVE, y: { expression: '1' }, z: { expression: '2' } }), b: node() });

  test('set, change and remove an animation, each with an exact way back', () => {
    expect(
      Object.keys(there(start, { op: 'setAnimation', node: 'a', name: 'w', animation: CURVE }).nodes['a']!.animation!),
    ).toEqual(['x', 'y', 'z', 'w']);
    expect(
      there(start, { op: 'setAnimation', node: 'a', name: 'y', animation: CURVE }).nodes['a']!.animation!['y'],
    ).toEqual(CURVE);
    expect(Object.keys(there(start, { op: 'setAnimation', node: 'a', name: 'x' }).nodes['a']!.animation!)).toEqual([
      'y',
      'z',
    ]);
    expect(there(start, { op: 'setAnimation', node: 'b', name: 'x' })).toEqual(start);
    const only = there(start, { op: 'setAnimation', node: 'b', name: 'size.0', animation: CURVE });
    expect('animation' in there(only, { op: 'setAnimation', node: 'b', name: 'size.0' }).nodes['b']!).toBe(false);
    expect('animation' in there(start, { op: 'setAnimations', node: 'a' }).nodes['a']!).toBe(false);
    there(start, { op: 'setAnimations', node: 'a', animations: { z: CURVE, x: CURVE } });
    there(start, { op: 'removeNode', id: 'a' });
    there(start, { op: 'replaceNode', id: 'a', type: 'c.d', version: 2, params: {} });
  });

  test('refuse what does not fit', () => {
    expect(() => applyEdit(start, { op: 'setAnimation', node: 'c', name: 'x', animation: CURVE })).toThrow('no node c');
    expect(() => applyEdit(start, { op: 'setAnimation', node: 'a', name: 'x', animation: { keys: [] } })).toThrow(
      'list of keys',
    );
    expect(() => applyEdit(start, { op: 'setAnimations', node: 'a', animations: {} })).toThrow('animated parameter');
    expect(() => applyEdit(start, { op: 'setAnimation', node: 'a', name: '__proto__', animation: CURVE })).toThrow(
      'Expected a parameter',
    );
  });

  test('renaming a node renames it in every expression, and back to the letter', () => {
    const document = withNodes({
      a: node({ x: { expression: "b.x + 'b'.size.0 * frame" }, y: { expression: 'b.x +' }, z: CURVE }),
      b: node({ x: { expression: 'a.x + b.y + bb.x + b' } }),
      bb: node({ x: { wiggle: { b: 'b.x' } } }),
      c: node({ x: { expression: "'left-eye'.x" } }),
    });
    const renamed = there(document, { op: 'renameNode', id: 'b', to: 'left-eye' });
    expect(renamed.nodes['a']!.animation).toEqual({
      x: { expression: "'left-eye'.x + 'left-eye'.size.0 * frame" },
      y: { expression: 'b.x +' },
      z: CURVE,
    });
    expect(renamed.nodes['left-eye']!.animation).toEqual({ x: { expression: "a.x + 'left-eye'.y + bb.x + b" } });
    expect(renamed.nodes['bb']).toBe(document.nodes['bb']);
    there(document, { op: 'renameNode', id: 'c', to: 'd' });
    // Keys of a node in the order in which files have them, animation before the place; found by fuzzing a batch.
    const { at, animation, ...rest } = node({ x: { expression: 'b.x' } });
    const filed = withNodes({ a: { ...rest, animation: animation!, at }, b: node({}) });
    const { document: after, inverse } = applyEdit(filed, { op: 'renameNode', id: 'b', to: 'c' });
    expect(JSON.stringify(applyEdit(after, inverse).document)).toBe(JSON.stringify(filed));
  });

  test('of one drag are one step back', () => {
    let document = start;
    let history = emptyHistory;
    for (let i = 1; i <= 20; i++) {
      const edit: Edit = { op: 'setAnimation', node: 'a', name: 'x', animation: { keys: [[i, i, 'linear']] } };
      const { document: next, inverse } = applyEdit(document, edit);
      document = next;
      history = record(history, { edit, inverse, intent: 'Move a key', group: 'drag' });
    }
    const travel = undo(history)!;
    expect(history.past).toHaveLength(1);
    expect(history.past[0]!.edit.op).toBe('setAnimation');
    expect(applyEdit(document, travel.edit).document).toEqual(start);
  });
});

describe('a template', () => {
  test('takes the variables that expressions name, and keeps animations', () => {
    const variables = { gain: { type: 'number', default: 2 }, other: { type: 'number', default: 3 } } as const;
    const document = withNodes(
      { a: node({ x: { expression: 'gain * b.x' } }), b: node({ x: CURVE }), c: node() },
      { variables },
    );
    const { template, edit } = templateFrom(document, ['a', 'b'], { name: 'grade' });
    expect(template.variables).toEqual({ gain: variables.gain });
    expect(template.nodes['a']!.animation).toEqual({ x: { expression: 'gain * b.x' } });
    expect(applyEdit(document, edit).document.nodes['grade']!.params['values']).toEqual({ gain: '$' + '{gain}' });
  });

  test('is refused where an expression reaches across its edge', () => {
    const document = withNodes({
      a: node({ x: { expression: 'b.x' } }),
      b: node(),
      c: node({ x: { expression: 'a.x' } }),
    });
    expect(() => templateFrom(document, ['a', 'c'], { name: 't' })).toThrow('An expression of a speaks of b.x');
    expect(() => templateFrom(document, ['a', 'b'], { name: 't' })).toThrow('An expression of c speaks of a.x');
    expect(Object.keys(templateFrom(document, ['a', 'b', 'c'], { name: 't' }).template.nodes)).toContain('a');
  });
});
