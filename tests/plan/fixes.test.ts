// Fixes: every one that a problem offers is an edit that applies, and the problem is gone once it is made.
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: placeholders as people type them are what is tested
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { AnyNode } from '../../engine/authoring.ts';
import { box } from '../../engine/base/box.ts';
import type { Json } from '../../engine/base/canonical.ts';
import { applyEdit } from '../../engine/document/apply.ts';
import { parseEdit } from '../../engine/document/edits.ts';
import { templateFrom } from '../../engine/document/gather.ts';
import { loadDocument } from '../../engine/document/load.ts';
import { saveDocument } from '../../engine/document/save.ts';
import type { Document } from '../../engine/document/schema.ts';
import type { Problem } from '../../engine/plan/problem.ts';
import { checkGraph } from '../../engine/run/run.ts';
import { nodes as builtIn } from '../../nodes/index.ts';
import { temporary, text, writeExr, writeSequence } from '../run/files.ts';
import { graph, type NodeSketch, pattern } from '../run/graph.ts';

const folder = temporary();
beforeAll(async () => {
  await writeExr(join(folder, 'a.exr'), [
    { channels: ['R', 'G'], attributes: [text('owner', 'a'), text('shot', 'x')] },
  ]);
  await writeExr(join(folder, 'b.exr'), [
    { channels: ['Z:float'], attributes: [text('owner', 'b')], window: box(0, 0, 9, 9) },
  ]);
  await writeSequence(folder, 'seq.%04d.exr', [1, 2], { channels: ['R'] });
  writeFileSync(join(folder, 'there.exr'), '');
});

const read = (path: string): NodeSketch => ({ type: 'io.read', params: { path } });
const write = (params: Readonly<Record<string, Json>>): NodeSketch => ({ type: 'io.write', params });
const OUT = { path: 'out/o.%04d.exr' };

const check = (document: Document) => checkGraph({ document, folder, nodes: [...builtIn, pattern as AnyNode] });
const same = (a: Problem, b: Problem): boolean => a.code === b.code && a.message === b.message;

const one = (node: NodeSketch, port: string, params: Readonly<Record<string, Json>> = OUT): Document =>
  graph({ a: read('a.exr'), n: node, w: write(params) }, [`a.image > n.${port}`, 'n.image > w.image']);
const two = (node: NodeSketch, port: string): Document =>
  graph({ a: read('a.exr'), b: read('b.exr'), n: node, w: write(OUT) }, [
    `a.image > n.${port}.a`,
    `b.image > n.${port}.b`,
    'n.image > w.image',
  ]);
const alone = (params: Readonly<Record<string, Json>>, path = 'a.exr', more: Partial<Document> = {}): Document =>
  graph({ a: read(path), w: write(params) }, ['a.image > w.image'], more);

/** What is wrong, and how many fixes there are at least. */
const cases: readonly [what: string, document: () => Document, code: string, least: number][] = [
  [
    'sources disagree on an attribute',
    () => two({ type: 'channel.shuffle', params: { windows: 'union' } }, 'sources'),
    'attribute-conflict',
    3,
  ],
  [
    'sources have other windows',
    () => two({ type: 'channel.shuffle', params: { attributes: { resolveAll: 'a' } } }, 'sources'),
    'window-mismatch',
    2,
  ],
  [
    'a channel is spelt wrong',
    () => one({ type: 'channel.shuffle', params: { rows: [{ to: 'x', from: 'a:r' }] } }, 'sources.a'),
    'channel-unknown',
    1,
  ],
  [
    'a source is spelt wrong',
    () => one({ type: 'channel.shuffle', params: { rows: [{ to: 'x', from: 'aa:R' }] } }, 'sources.a'),
    'source-unknown',
    1,
  ],
  [
    'no channel is left',
    () => one({ type: 'channel.shuffle', params: { rows: [], others: 'drop' } }, 'sources.a'),
    'channel-none',
    1,
  ],
  ['parts of other display windows', () => two({ type: 'part.assemble' }, 'parts'), 'window-mismatch', 1],
  [
    'an input that is not there is put in order',
    () => two({ type: 'part.assemble', params: { order: ['c'], shared: { displayWindow: 'a' } } }, 'parts'),
    'source-unknown',
    1,
  ],
  [
    'a part that is not there',
    () => one({ type: 'part.select', params: { parts: ['#7', '*'] } }, 'image'),
    'part-unknown',
    1,
  ],
  ['no part is left', () => one({ type: 'part.select', params: { parts: [] } }, 'image'), 'part-unknown', 1],
  ['no frame token', () => alone({ path: 'out/o.exr' }, 'seq.%04d.exr'), 'pattern-no-frame', 1],
  [
    'no frame token, with a variable in the path',
    () => alone({ path: 'out/${v}.exr' }, 'seq.%04d.exr', { variables: { v: { type: 'string', default: 'q' } } }),
    'pattern-no-frame',
    1,
  ],
  ['no folder', () => alone({ path: 'unmade/o.exr', createFolders: false }), 'file-not-found', 1],
  ['a file that is there', () => alone({ path: 'there.exr' }), 'file-exists', 1],
  [
    'a link to nowhere',
    () => graph({ a: read('a.exr'), w: write(OUT) }, ['a.image > w.image', 'a.image > w.other']),
    'link-unknown-port',
    1,
  ],
  [
    'a bypassed source',
    () => graph({ a: { ...read('a.exr'), disabled: true }, w: write(OUT) }, ['a.image > w.image']),
    'node-disabled-source',
    1,
  ],
  [
    'a structural attribute is set',
    () =>
      one(
        {
          type: 'metadata.set',
          params: { edits: [{ op: 'set', name: 'compression', type: 'compression', value: 'zip' }] },
        },
        'image',
      ),
    'attribute-structural',
    0,
  ],
  [
    'an attribute that is not there is renamed',
    () => one({ type: 'metadata.set', params: { edits: [{ op: 'rename', name: 'ownr', to: 'x' }] } }, 'image'),
    'attribute-unknown',
    1,
  ],
];

describe('every fix', () => {
  let made = 0;
  it.each(cases)('where %s', async (_, build, code, least) => {
    const document = build();
    const { problems } = await check(document);
    const problem = problems.find((p) => p.code === code);
    expect(problem, JSON.stringify(problems)).toBeDefined();
    const fixes = problem!.fixes ?? [];
    expect(fixes.length).toBeGreaterThanOrEqual(least);
    expect(new Set(fixes.map((f) => f.title)).size).toBe(fixes.length);
    for (const fix of fixes) {
      // As it travels to an editor and back.
      const edits = fix.edits.map((edit) => parseEdit(JSON.parse(JSON.stringify(edit))));
      const next = edits.reduce((d, edit) => applyEdit(d, edit).document, document);
      expect(loadDocument(saveDocument(next)).document!.nodes).toEqual(next.nodes);
      const left = (await check(next)).problems;
      expect([fix.title, left.filter((p) => same(p, problem!))]).toEqual([fix.title, []]);
      made += 1;
    }
  });

  it('counts them', () => {
    expect(cases).toHaveLength(17);
    expect(made).toBeGreaterThanOrEqual(25);
  });

  it('keeps the variables of what it does not change', async () => {
    const document = alone({ path: 'out/${v}.exr' }, 'seq.%04d.exr', {
      variables: { v: { type: 'string', default: 'q' } },
    });
    const [problem] = (await check(document)).problems;
    expect(problem!.fixes![0]!.edits).toEqual([
      { op: 'setParam', node: 'w', name: 'path', value: 'out/${v}.%04d.exr' },
    ]);
  });

  const SHARED = { shared: { displayWindow: 'b' } };

  it('puts a node on the wire under a free id, where there is room or else below', async () => {
    const document = (distance: number, id: string): Document => {
      const sound = graph(
        {
          a: read('a.exr'),
          b: read('b.exr'),
          crop: { type: 'part.assemble', params: SHARED },
          [id]: { type: 'graph.dot' },
          w: write({ ...OUT, path: 'out/o.exr', compression: 'piz' }),
        },
        ['a.image > crop.parts.a', 'b.image > crop.parts.b', 'crop.image > w.image', `crop.image > ${id}.image`],
      );
      const at = (x: number, y: number) => ({ at: [x, y] as const });
      return {
        ...sound,
        nodes: {
          ...sound.nodes,
          crop: { ...sound.nodes['crop']!, ...at(100, 40) },
          w: { ...sound.nodes['w']!, ...at(100 + distance, 60) },
        },
      };
    };
    const inserted = async (distance: number, id: string) => {
      const found = (await check(document(distance, id))).problems.find(({ code }) => code === 'windows-differ');
      return found!.fixes!.map(({ edits }) => edits);
    };
    const params = { area: 'box', box: [-3, 0, 40, 54], outside: 'black' };
    const node = { type: 'transform.crop', version: 1, params };
    expect(await inserted(600, 'other')).toEqual([
      [
        { op: 'addNode', id: 'crop_2', node: { ...node, at: [400, 50] } },
        { op: 'removeLink', from: 'crop.image', to: 'w.image' },
        { op: 'addLink', from: 'crop.image', to: 'crop_2.image' },
        { op: 'addLink', from: 'crop_2.image', to: 'w.image' },
      ],
    ]);
    const [[first]] = (await inserted(200, 'crop_2')) as [[object]];
    expect(first).toEqual({ op: 'addNode', id: 'crop_3', node: { ...node, at: [200, 210] } });
  });

  it('puts none where the wire is not in the document: in a template', async () => {
    const inner = graph(
      {
        a: read('a.exr'),
        b: read('b.exr'),
        j: { type: 'part.assemble', params: SHARED },
        w: write({ path: 'out/o.exr', compression: 'piz' }),
      },
      ['a.image > j.parts.a', 'b.image > j.parts.b', 'j.image > w.image'],
    );
    const document = applyEdit(inner, templateFrom(inner, Object.keys(inner.nodes), { name: 'all' }).edit).document;
    expect(Object.values(document.nodes).map(({ type }) => type)).toEqual(['template.instance']);
    const found = (await check(document)).problems.find(({ code }) => code === 'windows-differ');
    expect(found).toBeDefined();
    expect(found!.fixes).toBeUndefined();
  });
});
