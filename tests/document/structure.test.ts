// Structure: what links and promotions can get wrong is told with a fix, without recursion and without any node type.
import { expect, test } from 'vitest';
import { loadDocument } from '../../engine/document/load.ts';
import { saveDocument } from '../../engine/document/save.ts';
import { LIMITS } from '../../engine/document/schema.ts';

const node = (extra = ''): string => `{"type":"a.b","version":1,"params":{},"at":[0,0]${extra}}`;
const graph = (nodes: string, rest = ''): string => `{"sluice":1,"name":"x","nodes":{${nodes}}${rest}}`;
const nest = (depth: number): string =>
  graph(`"a":{"type":"a.b","version":1,"params":{"v":${'['.repeat(depth)}${']'.repeat(depth)}}}`);
const chain = (count: number, close: string): string =>
  graph(
    Array.from({ length: count }, (_, i) => `"n${i}":${node()}`).join(),
    `,"links":[${Array.from({ length: count - 1 }, (_, i) => `{"from":"n${i}.image","to":"n${i + 1}.image"}`).join()}${close}]`,
  );

const flawed: readonly (readonly [string, string, readonly (readonly [string, string])[]])[] = [
  [
    'a link from nowhere',
    graph(`"a":${node()}`, ',"links":[{"from":"b.image","to":"a.image"}]'),
    [['link-unknown-node', 'links[0]']],
  ],
  [
    'a link between nothings',
    graph('', ',"links":[{"from":"b.image","to":"a.image"}]'),
    [
      ['link-unknown-node', 'links[0]'],
      ['link-unknown-node', 'links[0]'],
    ],
  ],
  [
    'two links to one input',
    graph(`"a":${node()},"b":${node()}`, ',"links":[{"from":"a.x","to":"b.y"},{"from":"a.z","to":"b.y"}]'),
    [['link-duplicate', 'links[1]']],
  ],
  [
    'the same link twice',
    graph(`"a":${node()},"b":${node()}`, ',"links":[{"from":"a.x","to":"b.y"},{"from":"a.x","to":"b.y"}]'),
    [['link-duplicate', 'links[1]']],
  ],
  [
    'a node that feeds itself',
    graph(`"a":${node()}`, ',"links":[{"from":"a.x","to":"a.y"}]'),
    [['link-cycle', 'links[0]']],
  ],
  ['a cycle of 5000', chain(5000, ',{"from":"n4999.image","to":"n0.image"}'), [['link-cycle', 'links[4999]']]],
  [
    'a promotion of nothing',
    graph('', ',"promoted":[{"name":"p","title":"P","to":["a.x"]}]'),
    [['promoted-target', 'promoted[0].to[0]']],
  ],
  [
    'a promotion by two',
    graph(`"a":${node()}`, ',"promoted":[{"name":"p","title":"P","to":["a.x"]},{"name":"q","title":"Q","to":["a.x"]}]'),
    [['promoted-target', 'promoted[1].to[0]']],
  ],
  [
    'two promotions of one name',
    graph(`"a":${node()}`, ',"promoted":[{"name":"p","title":"P","to":["a.x"]},{"name":"p","title":"Q","to":["a.y"]}]'),
    [['promoted-target', 'promoted[1].name']],
  ],
];

test.each(flawed)('%s can be loaded, and is told', (_name, text, expected) => {
  const { document, problems } = loadDocument(text);
  expect(document).toBeDefined();
  expect(problems.map((p) => [p.code, p.path])).toEqual(expected);
  expect(problems.every((p) => p.fixes?.length === 1)).toBe(true);
});

test('a long chain is no cycle and the deepest nesting allowed loads', () => {
  expect(loadDocument(chain(20_000, '')).problems).toEqual([]);
  const { document, problems } = loadDocument(nest(LIMITS.depth - 4));
  expect(problems).toEqual([]);
  expect(loadDocument(saveDocument(document!)).problems).toEqual([]);
});
