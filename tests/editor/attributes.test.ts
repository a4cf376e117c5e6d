// Attributes in the editor: every type's values, where edits go, conflicts as choices, imports, film and colour.
import { describe, expect, test } from 'vitest';
import type { AttributeRow } from '../../editor/protocol.ts';
import { pairAt, pairsOf, placeOf, SPACES, spaceOf } from '../../editor/ui/panels/attributes/chromaticity.ts';
import { conflictsOf, customEdit } from '../../editor/ui/panels/attributes/conflict.ts';
import { asTime, rateText, timeOf, withDrop } from '../../editor/ui/panels/attributes/film.ts';
import { importsOf, wishesOf } from '../../editor/ui/panels/attributes/import.ts';
import {
  byPart,
  filterRows,
  isOpaque,
  ownerNode,
  readOnlyReason,
  withRemoved,
} from '../../editor/ui/panels/attributes/rows.ts';
import { editorFor, fulfil, withoutRemoval, withWish } from '../../editor/ui/panels/attributes/target.ts';
import { newNameTrouble, valueTrouble } from '../../editor/ui/panels/attributes/trouble.ts';
import {
  ATTRIBUTE_TYPES,
  applyEdit,
  type CatalogueEntry,
  checkStructure,
  type Document,
  emptyDocument,
  type Json,
  type Problem,
} from '../../engine/browser.ts';
import { catalogueEntry } from '../../engine/node/catalogue.ts';
import { nodes } from '../../nodes/index.ts';

const catalogue: readonly CatalogueEntry[] = nodes.map(catalogueEntry);
const document: Document = {
  ...emptyDocument(),
  nodes: {
    a: { type: 'io.read', version: 1, params: { path: 'a.exr' }, at: [0, 0] },
    b: { type: 'io.read', version: 1, params: { path: 'b.exr' }, at: [0, 100] },
    shuffle: { type: 'channel.shuffle', version: 1, params: { others: 'drop' }, at: [200, 0] },
    tag: {
      type: 'metadata.set',
      version: 1,
      params: {
        edits: [
          { op: 'set', name: 'owner', type: 'string', value: 'x' },
          { op: 'delete', name: 'gone' },
        ],
      },
      at: [400, 0],
    },
    write: { type: 'io.write', version: 1, params: { path: 'out.exr' }, at: [600, 0] },
  },
  links: [
    { from: 'a.image', to: 'shuffle.sources.beauty' },
    { from: 'b.image', to: 'shuffle.sources.utility' },
    { from: 'shuffle.image', to: 'tag.image' },
    { from: 'tag.image', to: 'write.image' },
  ],
};
const row = (name: string, more: Partial<AttributeRow> = {}): AttributeRow => ({
  part: 0,
  name,
  type: 'string',
  value: 'v',
  text: 'v',
  ...more,
});

describe('values', () => {
  test('the example of every type is one, and something else is none', () => {
    const types = Object.entries(ATTRIBUTE_TYPES);
    for (const [type, { example }] of types) {
      expect([type, valueTrouble('a', type, example)]).toEqual([type, undefined]);
      expect(valueTrouble('a', type, { no: 'such' })).toBeTypeOf('string');
    }
    expect(types).toHaveLength(31);
  });

  test('texts with placeholders are judged when they are filled in', () => {
    // biome-ignore lint/suspicious/noTemplateCurlyInString: placeholders that people type
    expect(valueTrouble('a', 'int', '${frame}')).toBeUndefined();
    expect(valueTrouble('a', 'int', 'frame')).toBeTypeOf('string');
    expect(valueTrouble('a', 'studio', 1)).toMatch(/unknown type/);
  });

  test('time codes as people type them', () => {
    const cases = [
      ['01020304', '01:02:03:04'],
      ['4', '00:00:00:04'],
      ['1:2:3', '00:01:02:03'],
      ['01:02:03;04', '01:02:03;04'],
      ['1.2.3.4', '01:02:03:04'],
      ['', undefined],
      ['1:2:3:4:5', undefined],
      ['noon', undefined],
    ] as const;
    for (const [typed, time] of cases) expect([typed, asTime(typed)]).toEqual([typed, time]);
    expect(withDrop('01:02:03:04', { drop: true })).toBe('01:02:03;04');
    expect(withDrop('01:02:03;04', { drop: false })).toBe('01:02:03:04');
    expect(timeOf('01:02:03:04')).toEqual({ time: '01:02:03:04', flags: [], userData: 0 });
    expect(timeOf({ raw: [1, 2] })).toBeUndefined();
    expect(
      valueTrouble('t', 'timecode', { ...timeOf('01:02:03:04')!, time: asTime('1:0:0:0')! } as Json),
    ).toBeUndefined();
  });

  test('fractions as decimals', () => {
    expect([rateText('24000/1001'), rateText('25'), rateText('1/0'), rateText('x')]).toEqual([
      '= 23.97602',
      '= 25',
      '',
      '',
    ]);
  });

  test('colour spaces are known by their numbers, as floats hold them too', () => {
    for (const [name, space] of Object.entries(SPACES)) {
      expect(valueTrouble('c', 'chromaticities', space as unknown as Json)).toBeUndefined();
      const floats = Object.fromEntries(Object.entries(space).map(([key, pair]) => [key, pair.map(Math.fround)]));
      expect(spaceOf(pairsOf(floats)!)).toBe(name);
    }
    expect(Object.keys(SPACES)).toHaveLength(5);
    expect(pairsOf({ red: ['nan', 0] })).toBeUndefined();
    const [low, high] = [placeOf([0, 0], 100), placeOf([1, 1], 100)];
    expect(low.x < high.x && low.y > high.y && high.x <= 100 && high.y >= 0).toBe(true);
    for (const pair of [
      [0.3127, 0.329],
      [0, 0],
      [0.15, 0.06],
    ] as const)
      expect(pairAt(placeOf(pair, 128), 128)).toEqual(pair);
    expect([pairAt({ x: -9, y: 900 }, 128), pairAt({ x: 900, y: -9 }, 128)]).toEqual([
      [-0.1, -0.1],
      [1.05, 1.05],
    ]);
  });
});

describe('rows', () => {
  test('what describes the file and what nobody can read is read-only, and says why', () => {
    const unknown: AttributeRow = { part: 0, name: 'studioTag', type: 'studio', text: '4 bytes: 01 02' };
    expect(readOnlyReason(row('owner'))).toBeUndefined();
    expect(readOnlyReason(row('compression', { owner: 'Write EXR' }))).toMatch(/Write EXR/);
    expect(readOnlyReason(row('channels'))).toMatch(/Shuffle/);
    expect(isOpaque(unknown)).toBe(true);
    expect(readOnlyReason(unknown)).toMatch(/byte for byte/);
    const { value: _, ...broken } = row('broken', { type: 'int' });
    expect(isOpaque(broken)).toBe(false);
  });

  test('are filtered by name, type, value and source', () => {
    const rows = [row('owner', { source: 'read1' }), row('timeCode', { type: 'timecode', text: '01:00' })];
    expect(filterRows(rows, 'READ own').map(({ name }) => name)).toEqual(['owner']);
    expect(filterRows(rows, '01:00').map(({ name }) => name)).toEqual(['timeCode']);
    expect(filterRows(rows, 'string').map(({ name }) => name)).toEqual(['owner']);
    expect(filterRows(rows, '')).toHaveLength(2);
  });

  test('what can be set stands before what describes the file', () => {
    const rows = [row('channels', { owner: 'Shuffle channels' }), row('owner')];
    const shown = withRemoved(rows, editorFor(document, catalogue, 'tag'));
    expect(shown.map(({ name }) => name)).toEqual(['owner', 'gone', 'channels']);
  });

  test('a new one has a name of its own', () => {
    const trouble = (name: string) => newNameTrouble(name, [row('owner')]) ?? '';
    expect(['show', '', 'owner', 'channels', 'ü'.repeat(128)].map(trouble)).toEqual([
      '',
      'Type a name.',
      'There is owner already: set it in the table.',
      expect.stringMatching(/describes the file itself/),
      'A name has at most 255 bytes.',
    ]);
  });

  test('what the node deletes is shown, off', () => {
    const editor = editorFor(document, catalogue, 'tag');
    const rows = withRemoved([row('owner')], editor);
    expect(rows.map(({ name, enabled }) => [name, enabled])).toEqual([
      ['owner', true],
      ['gone', false],
    ]);
    expect(withRemoved([row('owner')], editorFor(document, catalogue, 'a'))).toHaveLength(1);
    const parted = editorFor(
      applyEdit(document, {
        op: 'setParam',
        node: 'tag',
        name: 'edits',
        value: [
          { op: 'delete', name: 'owner', part: 'left' },
          { op: 'delete', name: 'gone' },
          { op: 'set', name: 'gone', part: 1, type: 'string', value: 'here' },
        ],
      }).document,
      catalogue,
      'tag',
    );
    const stereo = withRemoved([row('owner'), row('owner', { part: 1 })], parted, ['left', 'right']);
    expect(stereo.map(({ name, part, enabled }) => [name, part, enabled])).toEqual([
      ['owner', 0, false],
      ['owner', 1, true],
      ['gone', 0, false],
    ]);
    expect([...byPart([row('b', { part: 2 }), row('a')]).keys()]).toEqual([0, 2]);
  });

  test('owners are nodes of the stream, those below first', () => {
    expect(ownerNode(document, catalogue, 'shuffle', 'Write EXR')).toBe('write');
    expect(ownerNode(document, catalogue, 'write', 'Shuffle channels (windows)')).toBe('shuffle');
    expect(ownerNode(document, catalogue, 'write', 'a')).toBe('a');
    expect(ownerNode(document, catalogue, 'a', 'Assemble parts')).toBeUndefined();
  });
});

describe('edits', () => {
  const set = (name: string, value: Json) => ({ name, type: 'string', value });

  test('take the place of the last one of that attribute, but not past what may change it again', () => {
    const edits: Json[] = [
      { op: 'set', name: 'a', type: 'string', value: '1' },
      { op: 'delete', name: 'b' },
    ];
    expect(withWish(edits, set('a', '2'))).toEqual([{ op: 'set', name: 'a', type: 'string', value: '2' }, edits[1]]);
    expect(withWish(edits, { name: 'a', remove: true })).toEqual([{ op: 'delete', name: 'a' }, edits[1]]);
    expect(withWish(edits, set('c', '3'))).toHaveLength(3);
    const renamed: Json[] = [edits[0]!, { op: 'rename', name: 'a', to: 'b' }];
    expect(withWish(renamed, set('a', '2')).map((edit) => (edit as { op: string }).op)).toEqual(['rename', 'set']);
    expect(withWish(edits, { ...set('a', '2'), part: 'left' })).toHaveLength(3);
    expect(withoutRemoval(edits, 'b', [undefined])).toEqual([edits[0]]);
  });

  test('go into the node itself where it edits attributes', () => {
    const made = fulfil(document, catalogue, editorFor(document, catalogue, 'tag')!, [
      set('owner', 'y'),
      set('z', '1'),
    ])!;
    const after = applyEdit(document, made.edit).document;
    expect(made.node).toBe('tag');
    expect(after.nodes['tag']!.params['edits']).toEqual([
      { op: 'set', name: 'owner', type: 'string', value: 'y' },
      { op: 'delete', name: 'gone' },
      { op: 'set', name: 'z', type: 'string', value: '1' },
    ]);
  });

  test.each(['a', 'shuffle', 'write'])('at %s go into a new node in the stream, by one edit that undoes', (id) => {
    const made = fulfil(document, catalogue, editorFor(document, catalogue, id)!, [set('owner', 'y')])!;
    const { document: after, inverse } = applyEdit(document, made.edit);
    expect(checkStructure(after)).toEqual([]);
    expect(after.nodes[made.node]).toMatchObject({ type: 'metadata.set', params: { edits: [{ name: 'owner' }] } });
    expect(after.links.some(({ to }) => to === `${made.node}.image`)).toBe(true);
    expect(after.links.some(({ from }) => from === `${made.node}.image`)).toBe(true);
    // The names of inputs and their order stay: it counts where sources disagree.
    const ends = (d: Document) => d.links.map(({ to }) => to).filter((to) => to.startsWith('shuffle.'));
    expect(ends(after)).toEqual(ends(document));
    expect(applyEdit(after, inverse).document).toEqual(document);
  });

  test('in a wire of several change nothing for the others', () => {
    const wire = { from: 'tag.image', to: 'write.image' };
    const shared = { ...document, links: [...document.links, { from: 'tag.image', to: 'shuffle.sources.late' }] };
    expect(editorFor(document, catalogue, 'tag', wire)!.own).toBeDefined();
    expect(editorFor(shared, catalogue, 'tag', wire)!.own).toBeUndefined();
    const made = fulfil(shared, catalogue, editorFor(shared, catalogue, 'tag', wire)!, [set('owner', 'y')])!;
    const { document: after, inverse } = applyEdit(shared, made.edit);
    expect(after.links.filter(({ from }) => from === 'tag.image').map(({ to }) => to)).toEqual([
      'shuffle.sources.late',
      `${made.node}.image`,
    ]);
    expect(after.links).toContainEqual({ from: `${made.node}.image`, to: 'write.image' });
    expect(applyEdit(after, inverse).document).toEqual(shared);
  });

  test('have nowhere to go without a node that edits attributes', () => {
    expect(
      editorFor(
        document,
        catalogue.filter(({ type }) => type !== 'metadata.set'),
        'a',
      ),
    ).toBeUndefined();
    const alone = { ...document, links: [] };
    expect(fulfil(alone, catalogue, editorFor(alone, catalogue, 'write')!, [set('a', 'b')])).toBeUndefined();
  });

  test('of an import: values that can be read, what describes the file left away', () => {
    const theirs = [
      row('owner', { value: 'them', text: 'them' }),
      row('same'),
      row('compression', { owner: 'Write EXR' }),
      { part: 0, name: 'studioTag', type: 'studio', text: '01 02' },
      row('second', { part: 1 }),
    ];
    const imports = importsOf(theirs, [row('owner'), row('same')]);
    expect(imports.map(({ row: { name }, possible, differs }) => [name, possible, differs])).toEqual([
      ['owner', true, true],
      ['same', true, false],
      ['studioTag', false, true],
    ]);
    expect(wishesOf(imports.slice(0, 1))).toEqual([{ name: 'owner', type: 'string', value: 'them' }]);
  });
});

describe('conflicts', () => {
  const fix = (title: string, value: Json) => ({
    title,
    edits: [{ op: 'setParam', node: 'shuffle', name: 'attributes', value } as const],
  });
  const problem: Problem = {
    severity: 'error',
    code: 'attribute-conflict',
    message: 'Sources disagree.',
    where: { node: 'shuffle', param: 'attributes.resolve.my.owner', attribute: 'my.owner' },
    fixes: [
      fix('take beauty', { resolve: { 'my.owner': 'beauty' } }),
      fix('take utility', { resolve: { 'my.owner': 'utility' } }),
      fix('leave out', { resolve: { 'my.owner': { leaveOut: true } } }),
      fix('all beauty', { resolve: {}, resolveAll: 'beauty' }),
      fix('all out', { resolve: {}, resolveAll: { leaveOut: true } }),
    ],
  };

  test('are choices for one and for all, known by what they change', () => {
    const [conflict, ...others] = conflictsOf([problem], document, catalogue, 'shuffle');
    expect(others).toEqual([]);
    expect(conflict!.choices.map(({ source, title }) => source ?? title)).toEqual(['beauty', 'utility', 'leave out']);
    expect(conflict!.forAll.map(({ source, title }) => source ?? title)).toEqual(['beauty', 'all out']);
    expect(conflictsOf([problem], document, catalogue, 'tag')).toEqual([]);
  });

  test('choices that were made before do not hide the new one', () => {
    const resolved = applyEdit(document, {
      op: 'setParam',
      node: 'shuffle',
      name: 'attributes',
      value: { from: ['beauty'], resolve: { gain: 'utility' } },
    }).document;
    const value = { from: ['beauty'], resolve: { gain: 'utility', 'my.owner': 'beauty' } };
    const [conflict] = conflictsOf([{ ...problem, fixes: [fix('take', value)] }], resolved, catalogue, 'shuffle');
    expect(conflict!.choices.map(({ source }) => source)).toEqual(['beauty']);
  });

  test('a value of one own goes where the schema takes one', () => {
    const [conflict] = conflictsOf([problem], document, catalogue, 'shuffle');
    const edit = customEdit(document, conflict!, 'mine', 'string')!;
    expect(applyEdit(document, edit).document.nodes['shuffle']!.params['attributes']).toEqual({
      resolve: { 'my.owner': { value: 'mine', type: 'string' } },
    });
    const assembled = {
      ...document,
      nodes: { ...document.nodes, shuffle: { ...document.nodes['shuffle']!, type: 'part.assemble' } },
    };
    const shared: Problem = {
      ...problem,
      where: { node: 'shuffle', param: 'shared.timeCode', attribute: 'timeCode' },
      fixes: [
        {
          title: 'take left',
          edits: [{ op: 'setParam', node: 'shuffle', name: 'shared', value: { timeCode: 'left' } }],
        },
      ],
    };
    const [other] = conflictsOf([shared], assembled, catalogue, 'shuffle');
    expect(other).toMatchObject({ choices: [{ source: 'left' }], forAll: [] });
    expect(customEdit(assembled, other!, 'mine', 'string')).toBeUndefined();
  });
});
