// Forms: what schemas become, what values are checked for, what edits are made, what is connected to choose from.
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { NodeView } from '../../editor/protocol.ts';
import { hexOf, numbersOf } from '../../editor/ui/panels/parameters/colour.ts';
import {
  canPromote,
  commonFields,
  demote,
  isChanged,
  paramOf,
  promote,
  promotedName,
  setParam,
} from '../../editor/ui/panels/parameters/edit.ts';
import { firstLine, isAt, messageAt, troubleAt } from '../../editor/ui/panels/parameters/problem.ts';
import {
  type FieldSpec,
  fieldsOf,
  parametersOf,
  type Rooted,
  type Shape,
  shapeOf,
  wordsOfName,
} from '../../editor/ui/panels/parameters/schema.ts';
import {
  asChannel,
  asConstant,
  channelRows,
  isShuffleRows,
  layerRows,
  readDragged,
  rowText,
  sourceRows,
  withRows,
} from '../../editor/ui/panels/parameters/shuffle/rows.ts';
import { addressesOf, channelTree, filterTree, sourceNames } from '../../editor/ui/panels/parameters/upstream.ts';
import {
  briefly,
  moved,
  piecesOf,
  readJson,
  startValue,
  troubleOf,
  variantOf,
  withKey,
  withKeyRenamed,
} from '../../editor/ui/panels/parameters/value.ts';
import {
  applyEdit,
  type CatalogueEntry,
  type Document,
  emptyDocument,
  type Json,
  type Problem,
} from '../../engine/browser.ts';
import { catalogueEntry } from '../../engine/node/catalogue.ts';
import { nodes } from '../../nodes/index.ts';

const rooted = (schema: z.ZodType): Rooted => {
  const made = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as Record<string, unknown>;
  return { schema: made, root: made };
};
const shape = (schema: z.ZodType): Shape => shapeOf(rooted(schema));
const catalogue: CatalogueEntry[] = nodes.map(catalogueEntry);
const entryOf = (type: string): CatalogueEntry => catalogue.find((entry) => entry.type === type)!;
const field = (type: string, name: string): FieldSpec => parametersOf(entryOf(type)).find((one) => one.name === name)!;

describe('shapes', () => {
  const cases: readonly (readonly [string, z.ZodType, Partial<Shape>])[] = [
    ['a number', z.number(), { kind: 'number', integer: false }],
    ['a whole number', z.int().min(1).max(9), { kind: 'number', integer: true, min: 1, max: 9 }],
    ['a number without limits of its own', z.int(), { kind: 'number', integer: true }],
    [
      'a slider',
      z.number().meta({ widget: 'slider', min: -10, max: 10, step: 0.1, unit: 'stops' }),
      { kind: 'number', slider: { min: -10, max: 10 }, step: 0.1, unit: 'stops' },
    ],
    ['a slider without ends', z.number().meta({ widget: 'slider' }), { kind: 'number', integer: false }],
    ['a text', z.string(), { kind: 'text', lines: false }],
    ['a text of lines', z.string().meta({ widget: 'lines' }), { kind: 'text', lines: true }],
    ['a path', z.string().meta({ widget: 'sequence' }), { kind: 'text', widget: 'sequence' }],
    ['a choice', z.enum(['a', 'b']), { kind: 'choice', values: ['a', 'b'] }],
    [
      'a choice with titles',
      z.enum(['a', 'b']).meta({ titles: { a: 'First', b: 2 } }),
      { kind: 'choice', values: ['a', 'b'], titles: { a: 'First' } },
    ],
    ['yes or no', z.boolean(), { kind: 'check' }],
    ['a constant', z.literal('x'), { kind: 'constant', value: 'x' }],
    ['a colour as text', z.string().meta({ widget: 'colour' }), { kind: 'colour', form: 'hex' }],
    [
      'a colour as numbers',
      z.tuple([z.number(), z.number(), z.number()]).meta({ widget: 'colour' }),
      { kind: 'colour', form: 'numbers', count: 3 },
    ],
    ['a colour with alpha', z.array(z.number()).length(4).meta({ widget: 'color' }), { kind: 'colour', count: 4 }],
    ['a list', z.array(z.string()).meta({ widget: 'channels' }), { kind: 'list', widget: 'channels' }],
    ['values by name', z.record(z.string(), z.number()), { kind: 'record' }],
    ['a schema that says nothing', z.unknown(), { kind: 'json' }],
    ['what asks for JSON', z.string().meta({ widget: 'json' }), { kind: 'json' }],
  ];
  test.each(cases)('%s', (_, schema, wanted) => expect(shape(schema)).toMatchObject(wanted));

  test('any JSON is edited as JSON', () => {
    const [any] = fieldsOf(rooted(z.strictObject({ any: z.json().optional() })));
    expect(shapeOf(any!)).toEqual({ kind: 'json' });
  });

  test('limits that only say that a number is whole are none', () => {
    expect(shape(z.int())).toEqual({ kind: 'number', integer: true });
  });

  test('a few numbers side by side', () => {
    const tuple = shape(z.tuple([z.int(), z.int()]).meta({ unit: 'px' }));
    expect(tuple).toMatchObject({ kind: 'tuple', unit: 'px' });
    expect(tuple.kind === 'tuple' && tuple.items.map((item) => shapeOf(item).kind)).toEqual(['number', 'number']);
  });

  test('lists of objects and of unions of objects are tables, of other unions lists', () => {
    const one = z.strictObject({ a: z.string() });
    const two = z.strictObject({ b: z.number() });
    const table = shape(z.array(z.union([one, two])));
    expect(table.kind === 'table' && table.variants.map((v) => v.title)).toEqual(['A', 'B']);
    expect(shape(z.array(one))).toMatchObject({ kind: 'table' });
    expect(shape(z.array(z.union([z.string(), one])))).toMatchObject({ kind: 'list' });
  });

  test('unions inside unions lie flat, and one form alone is no union', () => {
    const union = shape(z.union([z.union([z.number(), z.enum(['a'])]), z.strictObject({ b: z.string() })]));
    expect(union.kind === 'union' && union.variants.map((v) => v.title)).toEqual(['Number', 'Text', 'B']);
    expect(shape(z.union([z.number()]))).toMatchObject({ kind: 'number' });
  });

  test('fields know their title, default and whether they must be given', () => {
    const fields = fieldsOf(
      rooted(
        z.strictObject({
          waitSeconds: z.number().default(3),
          path: z.string().meta({ title: 'File', description: 'Where.', advanced: true }),
          as: z.string().optional(),
        }),
      ),
    );
    expect(fields.map(({ schema: _, root: __, ...rest }) => rest)).toEqual([
      { name: 'waitSeconds', title: 'Wait seconds', fallback: 3, required: false, advanced: false },
      { name: 'path', title: 'File', description: 'Where.', required: true, advanced: true },
      { name: 'as', title: 'As', required: false, advanced: false },
    ]);
    expect(wordsOfName('pixelAspect_ratio')).toBe('Pixel aspect ratio');
  });

  test('references are followed, also with hints beside them; strange ones are JSON', () => {
    const root = { $defs: { a: { type: 'number' }, loop: { anyOf: [{ $ref: '#/$defs/loop' }] } } };
    const of = (schema: Record<string, unknown>) => shapeOf({ schema, root });
    expect(of({ $ref: '#/$defs/a', title: 'A' })).toMatchObject({ kind: 'number' });
    for (const ref of ['#/$defs/loop', '#/$defs/none', '#/$defs/__proto__', 'https://example.com/a'])
      expect(of({ $ref: ref })).toEqual({ kind: 'json' });
  });

  test('every parameter of every node of the project has a control, and its default fits its schema', () => {
    let count = 0;
    for (const entry of catalogue) {
      for (const one of parametersOf(entry)) {
        count += 1;
        const { kind } = shapeOf(one);
        if (kind === 'json') expect(['template']).toContain(one.name);
        if (one.fallback !== undefined) expect([one.name, troubleOf(one, one.fallback)]).toEqual([one.name, undefined]);
      }
    }
    expect(count).toBeGreaterThanOrEqual(33);
  });
});

describe('values', () => {
  const row = field('channel.shuffle', 'rows');

  test('what is wrong is told with its place, in unions too', () => {
    expect(troubleOf(row, [{ to: 'a', from: 'b' }])).toBeUndefined();
    expect(troubleOf(row, [{ to: 'a', from: 3 }])).toMatch(/^\[0\]/);
    expect(troubleOf(rooted(z.int().max(3)), 4)).toMatch(/3/);
    expect(troubleOf({ schema: { not: { anyOf: [{ type: 'string' }] } }, root: {} }, 3)).toBeUndefined();
  });

  test('values to begin with fit', () => {
    let count = 0;
    const fits = (at: Rooted): void => {
      const start = startValue(at);
      const made = shapeOf(at);
      count += 1;
      // Texts that may not be empty have to be typed.
      if (made.kind !== 'text') expect(troubleOf(at, start)).toBeUndefined();
      if (made.kind === 'table' || made.kind === 'union') for (const variant of made.variants) fits(variant);
    };
    for (const at of [
      field('channel.shuffle', 'rows'),
      field('channel.shuffle', 'windows'),
      field('channel.shuffle', 'fill'),
      field('io.write', 'tileSize'),
      field('io.write', 'zipLevel'),
      rooted(z.array(z.strictObject({ x: z.number().min(2) })).min(2)),
      rooted(z.tuple([z.enum(['q']), z.boolean()])),
      rooted(z.tuple([z.number(), z.number(), z.number()]).meta({ widget: 'colour' })),
    ])
      fits(at);
    expect(count).toBe(13);
  });

  test('the form of a value: one that fits, else one of the same kind, else none', () => {
    const edits = shapeOf(field('metadata.set', 'edits'));
    const variants = edits.kind === 'table' ? edits.variants : [];
    const of = (value: Json) => variants[variantOf(variants, value)]?.title;
    expect(variants.map(({ title }) => title)).toEqual(['Set', 'Rename', 'Delete', 'Copy', 'Import']);
    expect(of({ op: 'delete', name: 'a' })).toBe('Delete');
    expect(of({ op: 'import', only: 3 })).toBe('Import');
    expect(of({ op: 'unknown' })).toBeUndefined();
    expect(of('text')).toBeUndefined();
  });

  test('pieces are changed by copying', () => {
    const before = { a: 1, b: 2 };
    expect(Object.keys(withKeyRenamed(before, 'a', 'c'))).toEqual(['c', 'b']);
    expect(withKey(before, 'a', undefined)).toEqual({ b: 2 });
    expect(withKey(undefined, 'x', 1)).toEqual({ x: 1 });
    expect(before).toEqual({ a: 1, b: 2 });
    expect(moved(['a', 'b', 'c'], 0, 2)).toEqual(['b', 'a', 'c']);
    expect(moved(['a', 'b', 'c'], 2, 0)).toEqual(['c', 'a', 'b']);
    expect(moved(['a', 'b', 'c'], 0, 3)).toEqual(['b', 'c', 'a']);
    expect(moved(['a'], 5, 0)).toEqual(['a']);
    expect(piecesOf('rows[3].to')).toEqual(['rows', '3', 'to']);
    expect(piecesOf('attributes.resolve.owner')).toEqual(['attributes', 'resolve', 'owner']);
    expect(briefly({ a: 'b'.repeat(100) }, 10)).toHaveLength(10);
  });

  test('JSON is read, checked, and never run', () => {
    const check = (value: Json) => (value === 1 ? undefined : 'not one');
    expect(readJson('1', check)).toEqual({ value: 1 });
    expect(readJson('2', check)).toEqual({ trouble: 'not one' });
    expect(readJson('{a:1}', check)).toMatchObject({ trouble: expect.stringContaining('not JSON') });
    expect(readJson('globalThis.ran = 1', check)).toMatchObject({ trouble: expect.stringContaining('not JSON') });
    expect(readJson(' '.repeat(2 ** 21), check)).toMatchObject({ trouble: expect.stringContaining('at most') });
    expect('ran' in globalThis).toBe(false);
  });

  test('colours go to the screen and back within a byte', () => {
    expect(hexOf([0.18, 0.18, 0.18])).toBe('#767676');
    expect(hexOf([-1, 5, 0])).toBe('#00ff00');
    for (let byte = 0; byte < 256; byte++) {
      const hex = `#${byte.toString(16).padStart(2, '0').repeat(3)}`;
      expect(hexOf(numbersOf(hex))).toBe(hex);
    }
  });
});

const graph: Document = {
  ...emptyDocument(),
  nodes: {
    a: { type: 'io.read', version: 1, params: { path: 'a.exr', before: 'error' }, at: [0, 0] },
    b: { type: 'io.read', version: 1, params: { path: 'b.exr', missing: 'hold' }, at: [0, 0] },
  },
  promoted: [
    { name: 'path', title: 'File', to: ['a.path'] },
    { name: 'both', title: 'Both', to: ['a.before', 'b.before'] },
  ],
};

describe('edits', () => {
  test('one value for several nodes, and back to the default', () => {
    const { document } = applyEdit(graph, setParam(['a', 'b'], 'offset', 3));
    expect(Object.values(document.nodes).map(({ params }) => params['offset'])).toEqual([3, 3]);
    const back = applyEdit(document, setParam(['a'], 'offset', undefined)).document;
    expect(back.nodes['a']!.params).toEqual(graph.nodes['a']!.params);
    expect(paramOf(document, 'a', field('io.read', 'offset'))).toBe(3);
    expect(paramOf(back, 'a', field('io.read', 'offset'))).toBe(0);
  });

  test('only what differs from the default counts as changed', () => {
    expect(isChanged('error', field('io.read', 'before'))).toBe(false);
    expect(isChanged('hold', field('io.read', 'before'))).toBe(true);
    expect(isChanged(undefined, field('io.read', 'before'))).toBe(false);
  });

  test('what several nodes have in common', () => {
    const names = commonFields([entryOf('io.read'), entryOf('io.read')]).map(({ name }) => name);
    expect(names).toEqual(parametersOf(entryOf('io.read')).map(({ name }) => name));
    expect(commonFields([entryOf('io.read'), entryOf('io.write')]).map(({ name }) => name)).toEqual([]);
    expect(commonFields([])).toEqual([]);
  });

  test('promoting finds a free name; taking back leaves what else is reached', () => {
    expect(promotedName(graph, 'b', 'path')).toBe('b_path');
    expect(promotedName(graph, 'b', 'missing')).toBe('missing');
    const { document } = applyEdit(graph, promote(graph, 'b', 'path', field('io.read', 'path')));
    expect(document.promoted.at(-1)).toMatchObject({ name: 'b_path', title: 'File', to: ['b.path'] });
    expect(applyEdit(graph, demote(graph, 'a.before')).document.promoted[1]).toMatchObject({ to: ['b.before'] });
    expect(applyEdit(graph, demote(graph, 'a.path')).document.promoted.map(({ name }) => name)).toEqual(['both']);
    expect([canPromote(['a', 'b']), canPromote(['a', '0']), canPromote([])]).toEqual([true, false, false]);
  });
});

describe('problems beside parameters', () => {
  const problem = (severity: Problem['severity'], param: string, message = 'm'): Problem => ({
    severity,
    code: 'param-invalid',
    message,
    where: { node: 'a', param },
  });
  test('belong to a place and what lies in it', () => {
    const rows = [problem('warning', 'rows[3].to'), problem('error', 'rows[12]'), problem('info', 'others')];
    expect(rows.map((one) => isAt(one, ['rows']))).toEqual([true, true, false]);
    expect(troubleAt(rows, ['rows'])).toBe('error');
    expect(troubleAt(rows, ['rows', '3'])).toBe('warning');
    expect(troubleAt(rows, ['rows', '1'])).toBeUndefined();
  });
  test('leave their place out where they stand beside it, and say the first sentence first', () => {
    expect(messageAt(problem('error', 'path', 'a.path: Expected more.'))).toBe('Expected more.');
    expect(firstLine('Sources disagree on v1.2 of x. Choose one.')).toEqual({
      first: 'Sources disagree on v1.2 of x.',
      rest: 'Choose one.',
    });
    expect(firstLine('One sentence')).toEqual({ first: 'One sentence', rest: '' });
  });
});

const image = (channels: readonly string[], name?: string) =>
  ({
    ...(name === undefined ? {} : { name }),
    channels: channels.map((channel) => ({ name: channel, type: 'half' })),
  }) as unknown;
const view = {
  state: 'idle',
  inputs: {
    'sources.beauty': { parts: [image(['A', 'B', 'G', 'R', 'spec.B', 'spec.G', 'spec.R'])] },
    'sources.utility': { parts: [image(['Z'], 'depth'), image(['N.X', 'N.Y', 'N.Z'])] },
  },
} as unknown as NodeView;

describe('channels to choose from', () => {
  const tree = channelTree(view, entryOf('channel.shuffle'));

  test('stand by source, part and layer, in the order of colour', () => {
    expect(sourceNames(view, entryOf('channel.shuffle'))).toEqual(['beauty', 'utility']);
    expect(tree.map(({ name, part, count }) => [name, part, count])).toEqual([
      ['beauty', undefined, 7],
      ['utility', 'depth', 1],
      ['utility', '#1', 3],
    ]);
    expect(tree[0]!.layers.map(({ name, channels }) => [name, channels.map((c) => c.name)])).toEqual([
      ['', ['R', 'G', 'B', 'A']],
      ['spec', ['spec.R', 'spec.G', 'spec.B']],
    ]);
    expect(addressesOf(tree)).toEqual([
      ...['beauty:*', 'beauty:R', 'beauty:G', 'beauty:B', 'beauty:A'],
      ...['beauty:spec.*', 'beauty:spec.R', 'beauty:spec.G', 'beauty:spec.B'],
      ...['utility:depth/*', 'utility:depth/Z'],
      ...['utility:#1/*', 'utility:#1/N.*', 'utility:#1/N.X', 'utility:#1/N.Y', 'utility:#1/N.Z'],
    ]);
  });

  test('a port of one image needs no name before its channels', () => {
    const one = { ...view, inputs: { image: view.inputs['sources.beauty']! } };
    expect(addressesOf(channelTree(one, entryOf('color.exposure')))[1]).toBe('R');
  });

  test('are filtered by all words, of source and channel', () => {
    const names = (filter: string) => addressesOf(filterTree(tree, filter)).filter((text) => !text.includes('*'));
    expect(names('util n.x')).toEqual(['utility:#1/N.X']);
    expect(names('SPEC r')).toEqual(['beauty:spec.R']);
    expect(names('nothing')).toEqual([]);
    expect(filterTree(tree, ' ')).toEqual(tree);
  });

  test('become rows: a channel, a layer by a star, channels without a layer one by one, a whole part', () => {
    const [beauty, depth] = tree;
    expect(channelRows(beauty!.layers[1]!.channels[0]!).rows).toEqual([{ to: 'spec.R', from: 'beauty:spec.R' }]);
    expect(layerRows(beauty!.layers[1]!).rows).toEqual([{ to: 'spec.*', from: 'beauty:spec.*' }]);
    expect(layerRows(beauty!.layers[0]!).rows.map(({ to }) => to)).toEqual(['R', 'G', 'B', 'A']);
    expect(sourceRows(depth!).rows).toEqual([{ to: '*', from: 'utility:depth/*' }]);
  });

  test('rows go in where they are dropped, none twice, and all fit the schema', () => {
    const rows: readonly Json[] = [
      { to: 'a', from: 'b' },
      { to: 'c', value: 1, type: 'half' },
    ];
    const dragged = readDragged(
      JSON.stringify({
        rows: [
          { to: 'a', from: 'b' },
          { to: 'x', from: 'y' },
        ],
      }),
    )!;
    const next = withRows(rows, dragged, 1);
    expect(next.map((row) => (row as { to: string }).to)).toEqual(['a', 'x', 'c']);
    expect(troubleOf(field('channel.shuffle', 'rows'), next)).toBeUndefined();
    for (const text of ['', '{}', '{"rows":[]}', '{"rows":[{"to":1,"from":"a"}]}', '[1]'])
      expect(readDragged(text)).toBeUndefined();
  });

  test('a row turns into a constant and back; it is known by its form, not by its node', () => {
    expect(asConstant({ to: 'a', from: 'b', type: 'half' })).toEqual({ to: 'a', value: 0, type: 'half' });
    expect(asChannel({ to: 'a', value: 1 })).toEqual({ to: 'a', from: 'a' });
    expect(rowText({ to: 'a', value: 0 })).toEqual({ to: 'a', from: '0', constant: true });
    expect(isShuffleRows(shapeOf(field('channel.shuffle', 'rows')))).toBe(true);
    expect(isShuffleRows(shapeOf(field('metadata.set', 'edits')))).toBe(false);
  });
});
