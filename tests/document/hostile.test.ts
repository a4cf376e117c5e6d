// Hostile and broken documents: each gives problems with a code and a place; none throws, hangs or reaches a prototype.
import { readFileSync } from 'node:fs';
import { afterEach, expect, test } from 'vitest';
import { loadDocument } from '../../engine/document/load.ts';
import { saveDocument } from '../../engine/document/save.ts';
import { LIMITS } from '../../engine/document/schema.ts';
import { random } from '../base/random.ts';

const base = readFileSync(new URL('../../fixtures/graphs/v1/recombine.sluice.json', import.meta.url), 'utf8');

const node = (extra = ''): string => `{"type":"a.b","version":1,"params":{},"at":[0,0]${extra}}`;
const graph = (nodes: string, rest = ''): string => `{"sluice":1,"name":"x","nodes":{${nodes}}${rest}}`;
const nest = (depth: number): string =>
  graph(`"a":{"type":"a.b","version":1,"params":{"v":${'['.repeat(depth)}${']'.repeat(depth)}}}`);
const prototypeKeys = Object.getOwnPropertyNames(Object.prototype).length;
afterEach(() => {
  expect(Object.getOwnPropertyNames(Object.prototype)).toHaveLength(prototypeKeys);
  expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
});

const refused: readonly (readonly [string, string | Uint8Array, string, string, string])[] = [
  ['an empty file', '', 'document-syntax', '', 'empty text'],
  ['white space', ' \n\t', 'document-syntax', '', 'empty text'],
  ['bytes of no text', new Uint8Array([0x7b, 0xff, 0xfe, 0x7d]), 'document-syntax', '', 'UTF-8'],
  ['UTF-16', new Uint8Array([0xff, 0xfe, 0x7b, 0, 0x7d, 0]), 'document-syntax', '', 'UTF-8'],
  ['a cut text', base.slice(0, 700), 'document-syntax', '', 'line '],
  ['a trailing comma', '{"sluice": 1,\n "nodes": {},}', 'document-syntax', '', 'line 2, column 14'],
  ['a comment', '// graph\n{"sluice":1}', 'document-syntax', '', 'line 1, column 1'],
  ['NaN', graph('"a":{"type":"a.b","version":1,"params":{"v":NaN}}'), 'document-syntax', '', 'line 1'],
  ['two values', '{} {}', 'document-syntax', '', 'line 1, column 4'],
  ['a lone quote', '"', 'document-syntax', '', 'line 1'],
  ['a list', '[]', 'document-schema', '', 'found a list'],
  ['null', 'null', 'document-schema', '', 'found null'],
  ['a number', '5', 'document-schema', '', 'found 5'],
  ['some other JSON', '{"name":"x"}', 'document-schema', '', 'found an object'],
  ['a newer version', '{"sluice":2,"nodes":{}}', 'document-version', 'sluice', 'Update Sluice'],
  ['a huge version', '{"sluice":1e300,"nodes":{}}', 'document-version', 'sluice', 'Update Sluice'],
  ['version 0', '{"sluice":0,"nodes":{}}', 'document-schema', 'sluice', 'found 0'],
  ['a version as text', '{"sluice":"1","nodes":{}}', 'document-schema', 'sluice', 'found "1"'],
  ['a broken version', '{"sluice":1.5,"nodes":{}}', 'document-schema', 'sluice', 'found 1.5'],
  ['no nodes', '{"sluice":1}', 'document-schema', 'nodes', 'found nothing'],
  ['nodes in a list', '{"sluice":1,"nodes":[]}', 'document-schema', 'nodes', 'found a list'],
  ['an unknown key', '{"sluice":1,"nodes":{},"extra":1}', 'document-schema', '', 'no key "extra"'],
  ['an unknown key of a node', graph(`"a":${node(',"colour":1')}`), 'document-schema', 'nodes.a', 'no key "colour"'],
  ['1e999', graph('"a":{"type":"a.b","version":1,"params":{"v":1e999}}'), 'document-schema', '', '1e999'],
  [
    '-1e999 as a position',
    graph('"a":{"type":"a.b","version":1,"params":{},"at":[0,-1e999]}'),
    'document-schema',
    '',
    '1e999',
  ],
  [
    '__proto__ as a key',
    `{"sluice":1,"nodes":{},"__proto__":{"polluted":1}}`,
    'document-schema',
    '__proto__',
    'not allowed',
  ],
  ['__proto__ as an id', graph(`"__proto__":{"polluted":true}`), 'document-schema', 'nodes.__proto__', 'not allowed'],
  [
    '__proto__ in disguise',
    graph('"a":{"type":"a.b","version":1,"params":{"v":{"\\u005f_proto__":{"polluted":1}}}}'),
    'document-schema',
    'nodes.a.params.v.__proto__',
    'not allowed',
  ],
  [
    'constructor as an id',
    graph(`"constructor":${node()}`),
    'document-schema',
    'nodes.constructor',
    'found "constructor"',
  ],
  ['prototype as an id', graph(`"prototype":${node()}`), 'document-schema', 'nodes.prototype', 'found "prototype"'],
  ['toString as an id', graph(`"toString":${node()}`), 'document-schema', 'nodes.toString', 'found "toString"'],
  [
    'constructor as a parameter',
    graph('"a":{"type":"a.b","version":1,"params":{"constructor":1}}'),
    'document-schema',
    'nodes.a.params.constructor',
    'Expected a name',
  ],
  [
    '__proto__ in a link',
    graph(`"a":${node()}`, ',"links":[{"from":"a.__proto__","to":"a.image"}]'),
    'document-schema',
    'links[0].from',
    'Expected node.port',
  ],
  [
    'constructor in a link',
    graph(`"a":${node()}`, ',"links":[{"from":"constructor.x","to":"a.image"}]'),
    'document-schema',
    'links[0].from',
    'Expected node.port',
  ],
  ['an id with a dot', graph(`"a.b":${node()}`), 'document-schema', 'nodes.a.b', 'Expected a name'],
  ['an id with a digit first', graph(`"1a":${node()}`), 'document-schema', 'nodes.1a', 'Expected a name'],
  ['an empty id', graph(`"":${node()}`), 'document-schema', 'nodes.', 'Expected a name'],
  [
    'an id without end',
    graph(`"${'a'.repeat(200)}":${node()}`),
    'document-schema',
    `nodes.${'a'.repeat(200)}`,
    'Expected a name',
  ],
  ['an id twice', graph(`"a":${node()},"a":${node()}`), 'document-schema', 'nodes.a', 'given twice'],
  ['an id twice in disguise', graph(`"a":${node()},"\\u0061":${node()}`), 'document-schema', 'nodes.a', 'given twice'],
  [
    'a key twice deep inside',
    graph('"a":{"type":"a.b","version":1,"params":{"rows":[1,{"to":1,"to":2}]}}'),
    'document-schema',
    'nodes.a.params.rows[1].to',
    'given twice',
  ],
  [
    'a type that is none',
    graph('"a":{"type":"read","version":1}'),
    'document-schema',
    'nodes.a.type',
    'color.exposure',
  ],
  [
    'a type of a number',
    graph('"a":{"type":5,"version":1}'),
    'document-schema',
    'nodes.a.type',
    'Expected string, found 5',
  ],
  [
    'a version of a node as text',
    graph('"a":{"type":"a.b","version":"1"}'),
    'document-schema',
    'nodes.a.version',
    'found "1"',
  ],
  [
    'a position of three',
    graph('"a":{"type":"a.b","version":1,"at":[0,0,0]}'),
    'document-schema',
    'nodes.a.at',
    'found a list',
  ],
  ['disabled: false', graph(`"a":${node(',"disabled":false')}`), 'document-schema', 'nodes.a.disabled', 'found false'],
  [
    'params in a list',
    graph('"a":{"type":"a.b","version":1,"params":[]}'),
    'document-schema',
    'nodes.a.params',
    'found a list',
  ],
  [
    'a link of three names too many',
    graph(`"a":${node()}`, ',"links":[{"from":"a.b.c","to":"a.b"}]'),
    'document-schema',
    'links[0].from',
    'Expected node.port',
  ],
  [
    'a link without an end',
    graph(`"a":${node()}`, ',"links":[{"from":"a.b"}]'),
    'document-schema',
    'links[0].to',
    'found nothing',
  ],
  [
    'a mismatch that is none',
    graph('', ',"frames":{"mismatch":"guess"}'),
    'document-schema',
    'frames.mismatch',
    'found "guess"',
  ],
  [
    'a default of another type',
    graph('', ',"variables":{"v":{"type":"number","default":"1"}}'),
    'document-schema',
    'variables.v.default',
    'Expected number, found "1"',
  ],
  [
    'a variable called frame',
    graph('', ',"variables":{"frame":{"type":"number","default":1}}'),
    'document-schema',
    'variables.frame',
    'stands for the frame number',
  ],
  [
    'a promotion to nothing',
    graph('', ',"promoted":[{"name":"p","title":"P","to":[]}]'),
    'document-schema',
    'promoted[0].to',
    'found a list',
  ],
  ['nesting one too deep', nest(LIMITS.depth - 3), 'document-too-large', '', 'at most 64 deep'],
  ['nesting without end', '['.repeat(5_000_000), 'document-too-large', '', 'at most 64 deep'],
  ['nesting of objects without end', '{"a":'.repeat(2_000_000), 'document-too-large', '', 'at most 64 deep'],
  ['a text too long', ' '.repeat(LIMITS.text + 1), 'document-too-large', '', 'bytes'],
  ['bytes too many', new Uint8Array(LIMITS.text + 1), 'document-too-large', '', 'bytes'],
  [
    'nodes too many',
    graph(Array.from({ length: LIMITS.nodes + 1 }, (_, i) => `"n${i}":0`).join()),
    'document-too-large',
    'nodes',
    '20000',
  ],
  ['links too many', graph('', `,"links":[${'0,'.repeat(LIMITS.links)}0]`), 'document-too-large', 'links', '100000'],
];

test.each(refused)('%s', (_name, text, code, path, words) => {
  const start = performance.now();
  const { document, problems } = loadDocument(text);
  expect(performance.now() - start).toBeLessThan(5000);
  expect(document).toBeUndefined();
  expect(problems[0]).toMatchObject({ severity: 'error', code, path });
  expect(problems[0]!.message).toContain(words);
  for (const p of problems) expect(p.message.length).toBeLessThan(400);
});

test('the list of what is refused is whole', () => {
  expect(refused).toHaveLength(60);
});

test('a number of millions of digits and a text of millions of backslashes', () => {
  const digits = loadDocument(graph(`"a":{"type":"a.b","version":1,"params":{"v":${'1'.repeat(5_000_000)}}}`));
  expect(digits.problems[0]!.message).toContain('1e999');
  const slashes = loadDocument(graph(`"a":{"type":"a.b","version":1,"params":{"v":"${'\\\\'.repeat(2_500_000)}"}}`));
  expect(slashes.document!.nodes['a']!.params['v']).toHaveLength(2_500_000);
});

test('many problems are cut off', () => {
  const { problems } = loadDocument(graph(Array.from({ length: 500 }, (_, i) => `"n${i}":5`).join()));
  expect(problems).toHaveLength(101);
  expect(problems.at(-1)!.message).toContain('400 more');
});

test('mutated documents give a document or problems, and what loads saves to a fixed point', () => {
  const rng = random(50);
  const bytes = new TextEncoder().encode(base);
  const scraps = [
    '"',
    '{',
    '}',
    '[',
    ']',
    ',',
    ':',
    '\\',
    '\\u0000',
    '__proto__',
    '1e999',
    '-',
    'null',
    '"a":1,',
    '${',
  ];
  let loaded = 0;
  let refusals = 0;
  for (let i = 0; i < 3000; i++) {
    let input: string | Uint8Array;
    if (rng.chance(0.5)) {
      const copy = bytes.slice();
      for (let k = rng.int(1, 3); k > 0; k--) copy[rng.int(0, copy.length - 1)] = rng.int(0, 255);
      input = copy;
    } else {
      const at = rng.int(0, base.length);
      input = base.slice(0, at) + rng.pick(scraps) + base.slice(at + rng.int(0, 12));
    }
    const { document, problems } = loadDocument(input);
    if (typeof input === 'string') {
      let isJson = true;
      try {
        JSON.parse(input);
      } catch {
        isJson = false;
      }
      expect(problems.some((p) => p.code === 'document-syntax')).toBe(!isJson);
    }
    if (document) {
      const text = saveDocument(document);
      expect(saveDocument(loadDocument(text).document!)).toBe(text);
      loaded += 1;
    } else {
      expect(problems.length).toBeGreaterThan(0);
      refusals += 1;
    }
  }
  expect(loaded + refusals).toBe(3000);
  expect(loaded).toBeGreaterThan(200);
  expect(refusals).toBeGreaterThan(1000);
});
