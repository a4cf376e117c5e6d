// Loading and saving: every fixture of every version loads, saved text is a fixed point, and hand-written graphs get defaults.
import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { loadDocument } from '../../engine/document/load.ts';
import { MIGRATIONS, migrate } from '../../engine/document/migrations.ts';
import { saveDocument } from '../../engine/document/save.ts';
import { DOCUMENT_VERSION, type Document, emptyDocument, LIMITS } from '../../engine/document/schema.ts';

const graphs = new URL('../../fixtures/graphs/', import.meta.url);

function load(text: string | Uint8Array): Document {
  const { document, problems } = loadDocument(text);
  expect(problems).toEqual([]);
  return document!;
}

test('every fixture of every version loads, and those of the current version are what saving writes', () => {
  const versions = readdirSync(graphs).sort();
  expect(versions).toEqual(Array.from({ length: DOCUMENT_VERSION }, (_, i) => `v${i + 1}`));
  let count = 0;
  for (const version of versions) {
    for (const name of readdirSync(new URL(`${version}/`, graphs))) {
      const text = readFileSync(new URL(`${version}/${name}`, graphs), 'utf8');
      const document = load(text);
      const saved = saveDocument(document);
      if (version === `v${DOCUMENT_VERSION}`) expect(saved, name).toBe(text);
      expect(saveDocument(load(saved))).toBe(saved);
      count += 1;
    }
  }
  expect(count).toBe(6);
});

test('there is a migration from every older version and none beyond', () => {
  expect(Object.keys(MIGRATIONS).map(Number)).toEqual(Array.from({ length: DOCUMENT_VERSION - 1 }, (_, i) => i + 1));
});

test('migrations run in order, each from its own version', () => {
  const steps = {
    1: (d: object) => ({ ...d, trail: '1' }),
    2: (d: object) => ({ ...d, trail: `${(d as { trail: string }).trail}2` }),
  };
  expect(migrate({ sluice: 1 }, 1, steps, 3)).toEqual({ sluice: 3, trail: '12' });
  expect(migrate({ sluice: 2, trail: '' }, 2, steps, 3)).toEqual({ sluice: 3, trail: '2' });
  expect(() => migrate({}, 1, {}, 2)).toThrow(RangeError);
});

test('a canvas with nothing on it is none, and one that is too full is refused', () => {
  for (const canvas of ['{}', '{"notes":{}}', '{"backdrops":{},"notes":{}}']) {
    expect(load(`{"sluice":1,"nodes":{},"canvas":${canvas}}`)).toEqual(emptyDocument());
  }
  const note = '{"text":"","at":[0,0],"size":[1,1]}';
  const crowd = Array.from({ length: LIMITS.canvas + 1 }, (_, i) => `"n${i}":${note}`).join();
  const { problems } = loadDocument(`{"sluice":1,"nodes":{},"canvas":{"notes":{${crowd}}}}`);
  expect(problems.map((p) => [p.code, p.path])).toEqual([['document-too-large', 'canvas.notes']]);
  const wrong = loadDocument(
    '{"sluice":1,"nodes":{},"canvas":{"backdrops":{"b":{"title":"","colour":"red","at":[0,0],"size":[-1,0]}}}}',
  );
  expect(wrong.problems.map((p) => p.path)).toEqual(['canvas.backdrops.b.colour', 'canvas.backdrops.b.size[0]']);
});

test('what a person may leave out has a default', () => {
  const text = '{"sluice": 1, "nodes": {"a": {"type": "io.read", "version": 1}}}';
  expect(load(text)).toEqual({
    ...emptyDocument(),
    nodes: { a: { type: 'io.read', version: 1, params: {}, at: [0, 0] } },
  });
  expect(load('{"sluice":1,"frames":{"range":"1-5"},"nodes":{}}').frames).toEqual({
    range: '1-5',
    mismatch: 'stop-at-shortest',
    align: 'number',
  });
});

test('bytes, a byte order mark and other line ends are no matter', () => {
  const text = readFileSync(new URL('v1/recombine.sluice.json', graphs), 'utf8');
  const document = load(text);
  const bytes = new TextEncoder().encode(`\uFEFF${text}`);
  for (const input of [bytes, `\uFEFF${text}`, text.replaceAll('\n', '\r\n'), JSON.stringify(JSON.parse(text))]) {
    expect(load(input)).toEqual(document);
    expect(saveDocument(load(input))).toBe(text);
  }
});

test('the order of nodes, links and parameters is kept; positions come last in a line', () => {
  const document = load(readFileSync(new URL('v1/recombine.sluice.json', graphs), 'utf8'));
  expect(Object.keys(document.nodes)).toEqual(['readBeauty', 'readUtility', 'shuffle', 'tag', 'write']);
  const lines = saveDocument(document).split('\n');
  for (const id of Object.keys(document.nodes)) {
    const [line, ...more] = lines.filter((l) => l.startsWith(`    "${id}": `));
    expect(more).toEqual([]);
    expect(line).toMatch(/"at": \[[-\d.]+, [-\d.]+\] \},?$/);
  }
  expect(lines.filter((l) => l.includes('"from": ') && l.startsWith('    {'))).toHaveLength(document.links.length);
});

test('moving one node changes one line', () => {
  const document = load(readFileSync(new URL('v1/recombine.sluice.json', graphs), 'utf8'));
  const moved = {
    ...document,
    nodes: { ...document.nodes, shuffle: { ...document.nodes['shuffle']!, at: [1, 2] as const } },
  };
  const before = saveDocument(document).split('\n');
  const after = saveDocument(moved).split('\n');
  expect(after.filter((line, i) => line !== before[i])).toHaveLength(1);
});

test('numbers and texts that JSON can hold survive', () => {
  const params = {
    a: -0,
    b: 1e308,
    c: 5e-324,
    d: '\ud800 \u2028 \u0000 "\\',
    e: '😀',
    f: { __proto__: null, x: 1 },
    g: [[], {}],
  };
  const document: Document = { ...emptyDocument(), nodes: { a: { type: 'x.y', version: 1, params, at: [0, 0] } } };
  const text = saveDocument(document);
  const back = load(text);
  expect(Object.is(back.nodes['a']!.params['a'], -0)).toBe(true);
  expect(JSON.stringify(back)).toBe(JSON.stringify(document));
  expect(saveDocument(back)).toBe(text);
});

test('20,000 nodes and 100,000 links load and save in good time', () => {
  const document = {
    ...emptyDocument('large'),
    nodes: Object.fromEntries(
      Array.from({ length: 20_000 }, (_, i) => [
        `n${i}`,
        { type: 'x.y', version: 1, params: { i }, at: [i, 0] as const },
      ]),
    ),
    links: Array.from({ length: 100_000 }, (_, i) => ({
      from: `n${i % 9_999}.image`,
      to: `n${10_000 + (i % 10_000)}.sources.s${i}`,
    })),
  };
  const start = performance.now();
  const text = saveDocument(document);
  expect(load(text)).toEqual(document);
  expect(performance.now() - start).toBeLessThan(10_000);
});
