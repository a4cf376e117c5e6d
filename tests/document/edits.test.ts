// Edits: each does one thing, misfits are refused, and undoing any sequence of them gives back the very same document.
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { Json } from '../../engine/base/canonical.ts';
import { EngineError } from '../../engine/base/error.ts';
import { applyEdit } from '../../engine/document/apply.ts';
import { type Edit, editSchema, parseEdit } from '../../engine/document/edits.ts';
import { loadDocument } from '../../engine/document/load.ts';
import { saveDocument } from '../../engine/document/save.ts';
import { type Document, type DocumentNode, emptyDocument } from '../../engine/document/schema.ts';
import { checkStructure } from '../../engine/document/structure.ts';

const text = readFileSync(new URL('../../fixtures/graphs/v1/recombine.sluice.json', import.meta.url), 'utf8');
const start = loadDocument(text).document!;
const fresh = (type = 'a.b'): DocumentNode => ({ type, version: 1, params: { x: 1, y: 2 }, at: [0, 0] });

/** Applies the edit, checks that it can be undone and redone exactly, and gives the result. */
function apply(document: Document, edit: Edit): Document {
  const before = saveDocument(document);
  const { document: after, inverse } = applyEdit(document, edit);
  expect(saveDocument(document)).toBe(before);
  const undone = applyEdit(after, inverse);
  expect(undone.document).toEqual(document);
  expect(saveDocument(undone.document)).toBe(before);
  const redone = applyEdit(undone.document, undone.inverse);
  expect(saveDocument(redone.document)).toBe(saveDocument(after));
  return after;
}

function misfit(document: Document, edit: unknown): string {
  const before = saveDocument(document);
  try {
    applyEdit(document, edit as Edit);
  } catch (thrown) {
    expect(thrown).toBeInstanceOf(EngineError);
    expect([(thrown as EngineError).kind, (thrown as EngineError).code]).toEqual(['invalid', 'edit-invalid']);
    expect(saveDocument(document)).toBe(before);
    return (thrown as EngineError).message;
  }
  return expect.fail('the edit was accepted');
}

test('nodes are added, removed with all that names them, renamed and replaced', () => {
  const added = apply(start, { op: 'addNode', id: 'grade', node: fresh() });
  expect(Object.keys(added.nodes).at(-1)).toBe('grade');
  expect(Object.keys(apply(start, { op: 'addNode', id: 'grade', node: fresh(), index: 2 }).nodes)[2]).toBe('grade');

  const removed = apply(start, { op: 'removeNode', id: 'readBeauty' });
  expect(removed.links.map((link) => link.from)).toEqual(['readUtility.image', 'shuffle.image', 'tag.image']);
  expect(removed.promoted).toEqual([]);

  const renamed = apply(start, { op: 'renameNode', id: 'readBeauty', to: 'beauty' });
  expect(Object.keys(renamed.nodes)[0]).toBe('beauty');
  expect(renamed.links[0]!.from).toBe('beauty.image');
  expect(renamed.promoted[0]!.to).toEqual(['beauty.path']);
  expect(apply(start, { op: 'renameNode', id: 'tag', to: 'tag' })).toEqual(start);

  const replaced = apply(start, { op: 'replaceNode', id: 'tag', type: 'c.d', version: 3, params: { z: [] } });
  expect(replaced.nodes['tag']).toMatchObject({
    type: 'c.d',
    version: 3,
    params: { z: [] },
    title: 'Tag',
    disabled: true,
  });
});

test('a promoted parameter of two nodes keeps the other one', () => {
  const both = apply(start, {
    op: 'promote',
    promoted: { name: 'paths', title: 'Paths', to: ['readUtility.path', 'write.path'] },
  });
  expect(apply(both, { op: 'removeNode', id: 'write' }).promoted.at(-1)!.to).toEqual(['readUtility.path']);
  expect(apply(both, { op: 'demote', name: 'beauty' }).promoted.map((p) => p.name)).toEqual(['paths']);
});

test('parameters, titles, bypass and places', () => {
  expect(
    apply(start, { op: 'setParam', node: 'write', name: 'compression', value: 'piz' }).nodes['write']!.params[
      'compression'
    ],
  ).toBe('piz');
  expect(Object.keys(apply(start, { op: 'setParam', node: 'write', name: 'path' }).nodes['write']!.params)).toEqual([
    'compression',
    'overwrite',
  ]);
  expect(
    apply(start, { op: 'setParam', node: 'write', name: 'level', value: null }).nodes['write']!.params['level'],
  ).toBeNull();
  expect(apply(start, { op: 'setParam', node: 'write', name: 'none' })).toEqual(start);
  expect(apply(start, { op: 'setParams', node: 'write', params: {} }).nodes['write']!.params).toEqual({});
  expect(apply(start, { op: 'setTitle', node: 'write', title: 'Out' }).nodes['write']!.title).toBe('Out');
  expect('title' in apply(start, { op: 'setTitle', node: 'tag' }).nodes['tag']!).toBe(false);
  expect(apply(start, { op: 'setDisabled', node: 'write', disabled: true }).nodes['write']!.disabled).toBe(true);
  expect('disabled' in apply(start, { op: 'setDisabled', node: 'tag', disabled: false }).nodes['tag']!).toBe(false);
  const moved = apply(start, { op: 'moveNodes', positions: { write: [1, 2], tag: [3, 4] } });
  expect([moved.nodes['write']!.at, moved.nodes['tag']!.at]).toEqual([
    [1, 2],
    [3, 4],
  ]);
});

test('links, variables, frames and texts', () => {
  const link = { from: 'tag.image', to: 'write.image' };
  expect(apply(start, { op: 'removeLink', to: link.to }).links).toHaveLength(3);
  expect(apply(start, { op: 'removeLink', ...link }).links).toHaveLength(3);
  const rewired = apply(start, {
    op: 'batch',
    edits: [
      { op: 'removeLink', to: link.to },
      { op: 'addLink', from: 'shuffle.image', to: link.to },
    ],
  });
  expect(rewired.links.at(-1)).toEqual({ from: 'shuffle.image', to: 'write.image' });
  expect(
    apply(start, { op: 'setVariable', name: 'shot', variable: { type: 'number', default: 4 } }).variables['shot']!
      .default,
  ).toBe(4);
  expect(
    Object.keys(apply(start, { op: 'setVariable', name: 'look', variable: { type: 'string', default: '' } }).variables),
  ).toEqual(['shot', 'take', 'look']);
  expect(Object.keys(apply(start, { op: 'removeVariable', name: 'shot' }).variables)).toEqual(['take']);
  expect(apply(start, { op: 'setVariables', variables: {} }).variables).toEqual({});
  expect(apply(start, { op: 'setFrames', frames: { mismatch: 'hold-last', align: 'index' } }).frames).toEqual({
    mismatch: 'hold-last',
    align: 'index',
  });
  expect(apply(start, { op: 'setName', name: 'other' }).name).toBe('other');
  expect('doc' in apply(start, { op: 'setDoc' })).toBe(false);
  expect(apply(emptyDocument(), { op: 'setDoc', doc: 'Text.' }).doc).toBe('Text.');
  expect(apply(start, { op: 'setLinks', links: [] }).links).toEqual([]);
  expect(apply(start, { op: 'setPromoted', promoted: [] }).promoted).toEqual([]);
  expect(apply(start, { op: 'batch', edits: [] })).toEqual(start);
});

test('what an edit does not touch is the same object', () => {
  const { document } = applyEdit(start, { op: 'setParam', node: 'write', name: 'compression', value: 'piz' });
  for (const id of ['readBeauty', 'readUtility', 'shuffle', 'tag']) expect(document.nodes[id]).toBe(start.nodes[id]);
  expect(document.nodes['write']).not.toBe(start.nodes['write']);
  for (const key of ['links', 'promoted', 'variables', 'frames'] as const) expect(document[key]).toBe(start[key]);
  expect(applyEdit(start, { op: 'setName', name: 'x' }).document.nodes).toBe(start.nodes);
  const renamed = applyEdit(start, { op: 'renameNode', id: 'tag', to: 'label' }).document;
  expect(renamed.links[0]).toBe(start.links[0]);
  expect(renamed.promoted).toBe(start.promoted);
});

test.each<[string, unknown, string]>([
  ['an id that is taken', { op: 'addNode', id: 'tag', node: fresh() }, 'There is a node tag already'],
  ['an id that is no name', { op: 'addNode', id: 'a.b', node: fresh() }, 'Expected a name'],
  ['__proto__ as an id', { op: 'addNode', id: '__proto__', node: fresh() }, 'Expected a name'],
  ['constructor as an id', { op: 'renameNode', id: 'tag', to: 'constructor' }, 'Expected a name'],
  [
    'a node without a type',
    { op: 'addNode', id: 'a', node: { version: 1, params: {}, at: [0, 0] } },
    'wrong at node.type',
  ],
  ['a key too many', { op: 'addNode', id: 'a', node: { ...fresh(), colour: 1 } }, 'colour'],
  ['removing nothing', { op: 'removeNode', id: 'none' }, 'There is no node none'],
  ['renaming to a name that is taken', { op: 'renameNode', id: 'tag', to: 'write' }, 'There is a node write already'],
  ['moving nothing', { op: 'moveNodes', positions: { none: [0, 0] } }, 'There is no node none'],
  ['a place that is nowhere', { op: 'moveNodes', positions: { tag: [0, Number.NaN] } }, 'plain JSON'],
  ['a link to nothing', { op: 'addLink', from: 'tag.image', to: 'none.image' }, 'There is no node none'],
  [
    'a link to a taken input',
    { op: 'addLink', from: 'shuffle.image', to: 'write.image' },
    'connected to tag.image already',
  ],
  ['a link back', { op: 'addLink', from: 'write.image', to: 'shuffle.sources.more' }, 'close a cycle'],
  ['a link to itself', { op: 'addLink', from: 'tag.image', to: 'tag.other' }, 'close a cycle'],
  ['a link without a port', { op: 'addLink', from: 'tag', to: 'write.more' }, 'Expected node.port'],
  [
    'removing a link that is not there',
    { op: 'removeLink', from: 'shuffle.image', to: 'write.image' },
    'There is no link from shuffle.image to write.image',
  ],
  [
    'a variable called frame',
    { op: 'setVariable', name: 'frame', variable: { type: 'number', default: 1 } },
    'frame number',
  ],
  [
    'a variable of two kinds',
    { op: 'setVariable', name: 'v', variable: { type: 'number', default: 'x' } },
    'variable.default',
  ],
  ['removing no variable', { op: 'removeVariable', name: 'none' }, 'There is no variable none'],
  [
    'promoting twice',
    { op: 'promote', promoted: { name: 'again', title: '', to: ['readBeauty.path'] } },
    'promoted already, as beauty',
  ],
  [
    'promoting one name twice',
    { op: 'promote', promoted: { name: 'beauty', title: '', to: ['write.path'] } },
    'promoted as beauty already',
  ],
  [
    'promoting from nothing',
    { op: 'promote', promoted: { name: 'p', title: '', to: ['none.path'] } },
    'There is no node none',
  ],
  [
    'promoting doubly',
    { op: 'promote', promoted: { name: 'p', title: '', to: ['write.path', 'write.path'] } },
    'names a parameter twice',
  ],
  ['demoting nothing', { op: 'demote', name: 'none' }, 'Nothing is promoted as none'],
  ['a value that is no JSON', { op: 'setParam', node: 'tag', name: 'x', value: new Date(0) }, 'plain JSON'],
  ['an infinite value', { op: 'setParam', node: 'tag', name: 'x', value: [Number.POSITIVE_INFINITY] }, 'plain JSON'],
  [
    'a value nested without end',
    { op: 'setParam', node: 'tag', name: 'x', value: nested(61) },
    'nested at most 60 deep',
  ],
  ['batches without end', batches(100_000), 'nested at most'],
  [
    'a batch that fails at its end',
    {
      op: 'batch',
      edits: [
        { op: 'setName', name: 'x' },
        { op: 'removeNode', id: 'none' },
      ],
    },
    'There is no node none',
  ],
  ['an unknown op', { op: 'explode' }, 'wrong at op'],
  ['no edit', null, 'The edit is wrong'],
  ['a list', [], 'The edit is wrong'],
])('%s is refused', (_name, edit, words) => {
  expect(misfit(start, edit)).toContain(words);
});

function nested(depth: number): Json {
  let value: Json = 1;
  for (let i = 0; i < depth; i++) value = [value];
  return value;
}

function batches(depth: number): unknown {
  let edit: unknown = { op: 'setName', name: 'x' };
  for (let i = 0; i < depth; i++) edit = { op: 'batch', edits: [edit] };
  return edit;
}

test('the deepest value allowed can be set, removed with its node, undone, saved and loaded', () => {
  const set = apply(start, { op: 'setParam', node: 'tag', name: 'x', value: nested(60) });
  apply(set, { op: 'batch', edits: [{ op: 'removeNode', id: 'tag' }] });
  expect(loadDocument(saveDocument(set)).document).toEqual(set);
});

test('flaws of a document are mended by the fixes that come with them, and mending can be undone', () => {
  const flawed: Document = {
    ...start,
    links: [
      ...start.links,
      { from: 'none.image', to: 'tag.more' },
      { from: 'shuffle.image', to: 'write.image' },
      { from: 'write.x', to: 'tag.y' },
      ...start.links.slice(0, 1),
    ],
    promoted: [
      ...start.promoted,
      { name: 'ghost', title: '', to: ['gone.x'] },
      { name: 'beauty', title: '', to: ['tag.x'] },
    ],
  };
  let document = flawed;
  let mended = 0;
  for (let problems = checkStructure(document); problems.length > 0; problems = checkStructure(document)) {
    for (const edit of problems[0]!.fixes![0]!.edits) document = apply(document, edit);
    mended += 1;
    expect(mended).toBeLessThan(10);
  }
  expect(mended).toBe(6);
  expect(document.links).toEqual(start.links);
  expect(document.promoted).toEqual(start.promoted);
  // An added or renamed node that flawed links happen to name does not lose them when that is undone.
  apply(flawed, { op: 'addNode', id: 'none', node: fresh() });
  apply(flawed, { op: 'addNode', id: 'gone', node: fresh() });
  apply(flawed, { op: 'renameNode', id: 'tag', to: 'none' });
});

test('the schema of edits takes what parseEdit takes', () => {
  const edit: Edit = { op: 'batch', edits: [{ op: 'setParam', node: 'a', name: 'x', value: { deep: [1] } }] };
  expect(editSchema.parse(edit)).toEqual(edit);
  expect(parseEdit(edit)).toBe(edit);
});

test('backdrops and notes are set, moved with nodes and removed, each in its place', () => {
  const backdrop = { title: 'Beauty', colour: '#33556a', at: [0, 0], size: [400, 300] } as const;
  const note = { text: 'to be graded', at: [5, 5], size: [100, 40] } as const;
  let document = apply(start, { op: 'setBackdrop', id: 'b1', backdrop });
  document = apply(document, { op: 'setBackdrop', id: 'b2', backdrop: { ...backdrop, title: 'Utility' } });
  document = apply(document, { op: 'setBackdrop', id: 'b0', backdrop, index: 0 });
  document = apply(document, { op: 'setNote', id: 'n', note });
  expect(Object.keys(document.canvas!.backdrops)).toEqual(['b0', 'b1', 'b2']);
  expect(saveDocument(document)).toContain(
    '"b2": { "title": "Utility", "colour": "#33556a", "at": [0, 0], "size": [400, 300] }\n    },\n    "notes": {\n',
  );
  expect(loadDocument(saveDocument(document))).toEqual({ document, problems: [] });

  const moved = apply(document, {
    op: 'moveNodes',
    positions: { tag: [9, 9] },
    backdrops: { b1: [7, 8] },
    notes: { n: [6, 6] },
  });
  expect(moved.canvas!.backdrops['b1']!.at).toEqual([7, 8]);
  expect(moved.canvas!.notes['n']).toEqual({ ...note, at: [6, 6] });

  const fewer = apply(document, { op: 'setBackdrop', id: 'b1' });
  expect(Object.keys(fewer.canvas!.backdrops)).toEqual(['b0', 'b2']);
  const removals = (['b0', 'b1', 'b2'] as const).map((id): Edit => ({ op: 'setBackdrop', id }));
  const bare = apply(document, { op: 'batch', edits: [...removals, { op: 'setNote', id: 'n' }] });
  expect('canvas' in bare).toBe(false);
  expect(bare).toEqual(start);

  expect(misfit(start, { op: 'setBackdrop', id: 'b1' })).toBe('There is no backdrop b1.');
  expect(misfit(document, { op: 'setNote', id: 'b1' })).toBe('There is no note b1.');
  expect(misfit(document, { op: 'moveNodes', positions: {}, notes: { m: [0, 0] } })).toBe('There is no note m.');
  expect(misfit(start, { op: 'setBackdrop', id: 'b', backdrop: { ...backdrop, colour: 'red' } })).toContain('#33556a');
});
