// Expanding: graphs inside nodes take their place; what is wrong with them is told where a person can mend it.
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: placeholders of Sluice
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { type AnyNode, defineNode, images } from '../../engine/authoring.ts';
import type { Json } from '../../engine/base/canonical.ts';
import { applyEdit } from '../../engine/document/apply.ts';
import { type Document, emptyDocument, LIMITS } from '../../engine/document/schema.ts';
import { createRegistry } from '../../engine/node/registry.ts';
import { MOST_NESTED } from '../../engine/plan/expand.ts';
import { makePlan, type Overrides, type Plan } from '../../engine/plan/plan.ts';
import { nodes as builtIn } from '../../nodes/index.ts';
import { bench, graph, type NodeSketch, pattern, registry } from '../run/graph.ts';

const plan = (document: Document, overrides: Overrides = {}): Plan => makePlan(document, registry, overrides);

/** A template as JSON. */
const held = (nodes: Record<string, NodeSketch>, links: readonly string[], more: Partial<Document> = {}): Json =>
  graph(nodes, links, more) as unknown as Json;

const INPUT = { type: 'template.input' } as const;
const OUTPUT = { type: 'template.output' } as const;

/** in → light → out, the stops promoted as gain; the channel is a variable. */
const brighten = (more: Partial<Document> = {}, params: Record<string, Json> = { channels: ['${name}'] }): Json =>
  held(
    { in: INPUT, light: { type: 'color.exposure', params }, out: OUTPUT },
    ['in.image > light.image', 'light.image > out.image'],
    {
      promoted: [{ name: 'gain', title: 'Gain', to: ['light.stops'] }],
      variables: { name: { type: 'string', default: 'R' }, width: { type: 'number', default: 4 } },
      ...more,
    },
  );

/** A pattern, an instance called `grade` linked at `image`, and a dot behind it. */
const around = (
  params: Record<string, Json>,
  links = ['p.image > grade.inputs.image', 'grade.image > d.image'],
): Document =>
  graph(
    { p: { type: 'test.pattern' }, grade: { type: 'template.instance', params }, d: { type: 'graph.dot' } },
    links,
    { variables: { shot: { type: 'string', default: 'sh010' } } },
  );

const told = (document: Document, overrides: Overrides = {}) =>
  plan(document, overrides).problems.map(({ code, severity, where, message, fixes }) => ({
    code,
    severity,
    ...where,
    message,
    ...(fixes ? { fixes } : {}),
  }));

const errors = (document: Document) => told(document).filter(({ severity }) => severity === 'error');

describe('the nodes of a graph', () => {
  it('stand in the place of its node, wired to what feeds it', () => {
    const { nodes, problems, document } = plan(around({ template: brighten() }));
    expect(problems).toEqual([]);
    expect([...nodes.keys()]).toEqual(['p', 'grade/light', 'grade', 'd']);
    expect(nodes.get('grade')).toMatchObject({ embedded: true, definition: { type: 'template.output' } });
    expect(nodes.get('grade/light')).toMatchObject({ embedded: true, params: { channels: ['R'] } });
    expect(nodes.get('d')).toMatchObject({ embedded: false });
    expect(document.links.toSorted((a, b) => (a.to < b.to ? 1 : -1))).toEqual([
      { from: 'p.image', to: 'grade/light.image' },
      { from: 'grade/light.image', to: 'grade.image' },
      { from: 'grade.image', to: 'd.image' },
    ]);
  });

  it('leave a document without templates as it is', () => {
    const document = graph({ d: { type: 'graph.dot' } }, []);
    expect(plan(document).document).toBe(document);
    const off = { ...around({ template: brighten() }) };
    const disabled = applyEdit(off, { op: 'setDisabled', node: 'grade', disabled: true }).document;
    expect(plan(disabled).document).toBe(disabled);
    expect(plan(disabled).nodes.get('d')!.inputs.get('image')).toEqual({ node: 'p', port: 'image' });
  });

  it('take values, overrides and variables, and leave what belongs to others', () => {
    const texts = ['${name}', '${width:6}', '${frame:4}', '$$${name}', '${attribute.owner}', 'plain'];
    const template = brighten({}, { channels: texts });
    const params = (values: Record<string, Json>, overrides?: Overrides) =>
      plan(around({ template, values }), overrides).nodes.get('grade/light')!.params;
    expect(params({})).toEqual({ channels: ['R', '000004', '${frame:4}', '$$R', '${attribute.owner}', 'plain'] });
    expect(params({ gain: 3, name: '${shot}_$$', width: -12 })).toEqual({
      stops: 3,
      channels: ['${shot}_$$', '-000012', '${frame:4}', '$$${shot}_$$', '${attribute.owner}', 'plain'],
    });
    expect(params({ name: '${shot}', width: '${frame}' })['channels']).toEqual([
      '${shot}',
      '${frame:6}',
      '${frame:4}',
      '$$${shot}',
      '${attribute.owner}',
      'plain',
    ]);
    expect(params({ gain: 3 }, { params: { 'grade.values.gain': 5 } })['stops']).toBe(5);
    // A dollar sign in a variable's own value is no placeholder.
    const dollar = brighten({ variables: { name: { type: 'string', default: '${frame}$' } } });
    expect(plan(around({ template: dollar })).nodes.get('grade/light')!.params['channels']).toEqual(['$${frame}$$']);
  });

  it('take overrides that go to every node that has the parameter', () => {
    const read = { type: 'io.read', params: { path: 'x.exr' } } as const;
    const template = held({ read, out: OUTPUT }, ['read.image > out.image']);
    const document = graph({ a: read, b: { type: 'template.instance', params: { template } } }, []);
    const { nodes } = plan(document, {
      everywhere: { missingChunks: 'black' },
      params: { 'a.missingChunks': 'error' },
    });
    expect(nodes.get('a')!.params['missingChunks']).toBe('error');
    expect(nodes.get('b/read')!.params['missingChunks']).toBe('black');
    expect(nodes.get('b')!.params).toEqual({});
  });

  it('have fingerprints that tell values apart and know nothing of names', async () => {
    const key = async (document: Document) => (await bench(document).descriptions.describe('grade', 1)).key;
    const first = await key(around({ template: brighten() }));
    expect(first).toMatch(/^[0-9a-f]{32}$/);
    expect(await key(around({ template: brighten(), values: { gain: 0 } }))).toBe(first);
    expect(await key(around({ template: brighten({ name: 'x', doc: 'y' }) }))).toBe(first);
    expect(await key(around({ template: brighten(), values: { gain: 1 } }))).not.toBe(first);
  });

  it('nest, and values reach through', () => {
    let template = brighten();
    for (let depth = 1; depth < MOST_NESTED; depth++) {
      template = held(
        { in: INPUT, inner: { type: 'template.instance', params: { template } }, out: OUTPUT },
        ['in.image > inner.inputs.image', 'inner.image > out.image'],
        { promoted: [{ name: 'gain', title: 'Gain', to: ['inner.values.gain'] }] },
      );
    }
    const good = plan(around({ template, values: { gain: 2 } }));
    expect(good.problems).toEqual([]);
    const deepest = `grade/${'inner/'.repeat(MOST_NESTED - 1)}light`;
    expect(good.nodes.get(deepest)!.params['stops']).toBe(2);
    expect([...good.nodes.get(deepest)!.inputs.values()]).toEqual([{ node: 'p', port: 'image' }]);

    const wrong = told(around({ template, values: { gain: 'much' } }));
    expect(wrong).toHaveLength(1);
    expect(wrong[0]).toMatchObject({ code: 'param-invalid', node: 'grade', param: 'values.gain' });
    expect(wrong[0]!.message).toMatch(/^grade\.values\.gain: .*"much"/);

    const tooDeep = held({ inner: { type: 'template.instance', params: { template } } }, []);
    expect(errors(around({ template: tooDeep }, []))).toMatchObject([
      { code: 'document-too-large', node: `grade/${'inner/'.repeat(MOST_NESTED - 1)}inner`, param: 'template' },
    ]);
  });
});

describe('problems', () => {
  it('of values and parameters are at the instance', () => {
    expect(told(around({}))).toMatchObject([{ code: 'param-invalid', node: 'grade', param: 'template' }]);
    expect(told(around({ template: brighten(), values: { gian: 1 } }))).toEqual([
      {
        code: 'param-unknown',
        severity: 'error',
        node: 'grade',
        param: 'values.gian',
        message: 'grade.values.gian: the template has no parameter gian; it has: gain, name, width. Did you mean gain?',
      },
    ]);
    const wrong = told(around({ template: brighten(), values: { gain: 100, width: 'four', name: 4 } }));
    expect(wrong.map(({ code, node, param }) => [code, node, param])).toEqual([
      ['param-invalid', 'grade', 'values.width'],
      ['param-invalid', 'grade', 'values.name'],
      ['param-invalid', 'grade', 'values.gain'],
    ]);
    expect(
      told(around({ template: brighten(), values: { gain: 1 } }), { params: { 'grade.values.gain': null } }),
    ).toMatchObject([{ node: 'grade', param: 'values.gain' }]);
  });

  it('of an inner node keep its place, and offer no edit that would miss it', () => {
    const inner = told(around({ template: brighten({}, { stops: 'x', unheard: 1 }) }));
    expect(inner.map(({ code, node, param, fixes }) => [code, node, param, fixes])).toEqual([
      ['param-invalid', 'grade/light', 'stops', undefined],
      ['param-unknown', 'grade/light', 'unheard', undefined],
    ]);
    expect(inner[0]!.message).toMatch(/^grade\/light\.stops: /);
    const unknown = told(around({ template: brighten({}, { channels: ['${shot}'] }) }));
    // A variable of the outer graph is not one of the template.
    expect(unknown).toMatchObject([{ code: 'param-variable', node: 'grade/light', param: 'channels[0]' }]);
    const missing = held({ x: { type: 'acme.unknown' }, out: OUTPUT }, ['x.image > out.image']);
    expect(errors(around({ template: missing }, []))).toMatchObject([{ code: 'node-unknown', node: 'grade/x' }]);
  });

  it('of a node inside, found while describing, offer no fixes either', async () => {
    const select = (params: Record<string, Json>): Record<string, NodeSketch> => ({
      in: INPUT,
      parts: { type: 'part.select', params },
      out: OUTPUT,
    });
    const template = held(select({ parts: ['nothing'] }), ['in.image > parts.image', 'parts.image > out.image']);
    const { descriptions } = bench(around({ template }));
    const problems = await descriptions.problems('d', 1);
    expect(problems[0]).toMatchObject({ code: 'part-unknown', where: { node: 'grade/parts' } });
    expect(problems.some((p) => p.fixes)).toBe(false);
  });

  it('of links that lead nowhere come with their removal', () => {
    const links = ['p.image > grade.inputs.image', 'p.image > grade.inputs.mask', 'grade.image > d.image'];
    const document = around({ template: brighten() }, links);
    const [problem, ...others] = plan(document).problems;
    expect(others).toEqual([]);
    expect(problem).toMatchObject({ code: 'link-unknown-port', severity: 'error', where: { node: 'grade' } });
    expect(problem!.message).toBe(
      'Link p.image → grade.inputs.mask: the template of grade has no input mask; it has: image.',
    );
    const mended = problem!.fixes![0]!.edits.reduce((now, edit) => applyEdit(now, edit).document, document);
    expect(plan(mended).problems).toEqual([]);
    expect(errors(around({ template: brighten() }, ['p.image > grade.inputs', 'p.image > grade.x.y']))).toMatchObject([
      { code: 'link-unknown-port', node: 'grade' },
      { code: 'link-unknown-port', node: 'grade' },
    ]);
  });

  it('of an open input are told once, at the outermost instance', () => {
    const [first, ...rest] = told(around({ template: brighten() }, ['grade.image > d.image']));
    expect(rest).toEqual([]);
    expect(first).toMatchObject({ code: 'input-missing', severity: 'error', node: 'grade' });
    expect(first!.message).toBe('grade: its input image is not connected. The image, scene-linear.');
    // Nobody's concern where nobody uses it, as with any node; but of a template that writes it is.
    expect(told(around({ template: brighten() }, []))).toMatchObject([
      { code: 'input-missing', severity: 'info', node: 'grade' },
      { code: 'input-missing', severity: 'info', node: 'd' },
    ]);
    const writing = held({ in: INPUT, w: { type: 'io.write', params: { path: 'x.exr' } } }, ['in.image > w.image']);
    expect(errors(around({ template: writing }, []))).toMatchObject([{ code: 'input-missing', node: 'grade' }]);
    const outer = held(
      {
        beauty: { type: 'template.input', params: { name: 'beauty' } },
        inner: { type: 'template.instance', params: { template: brighten() } },
        out: OUTPUT,
      },
      ['beauty.image > inner.inputs.image', 'inner.image > out.image'],
    );
    expect(told(around({ template: outer }, ['grade.image > d.image']))).toMatchObject([
      {
        code: 'input-missing',
        node: 'grade',
        message: 'grade: its input beauty is not connected. The image, scene-linear.',
      },
    ]);
  });

  it('of graphs that cannot take the place of a node', () => {
    const reason = (template: Json): string => {
      const problems = told(around({ template }));
      expect(problems.map(({ node, param }) => [node, param])).toEqual([['grade', 'template']]);
      return `${problems[0]!.code}: ${problems[0]!.message}`;
    };
    expect(reason({})).toContain('template-invalid: grade: the template is not sound: Expected a Sluice graph');
    expect(reason({ sluice: 99, nodes: {} })).toContain('version 99');
    expect(reason({ sluice: 1, nodes: { 'a/b': { type: 'x.y', version: 1 } } })).toContain('(nodes.a/b)');
    expect(reason(held({ a: OUTPUT, b: OUTPUT }, []))).toContain('2 outputs (a, b)');
    expect(reason(held({ a: INPUT, b: INPUT }, []))).toContain('a and b, are called image');
    expect(reason(held({ a: { type: 'template.input', params: { name: '3' } } }, []))).toContain('a cannot be read');
    const dots: Record<string, NodeSketch> = { a: { type: 'graph.dot' }, b: { type: 'graph.dot' } };
    expect(reason(held(dots, ['a.image > b.image', 'b.image > a.image']))).toContain('form a cycle');
    // What hangs below it is not described, and nothing throws.
    expect(plan(around({ template: {} })).nodes.get('grade')!.sound).toBe(false);
  });

  it('of templates that give no image, and of template inputs outside of a template', async () => {
    const silent = held({ in: INPUT, d: { type: 'graph.dot' } }, ['in.image > d.image']);
    const document = around({ template: silent });
    const { problems, nodes } = plan(document);
    expect([...nodes.keys()].sort()).toEqual(['d', 'grade/d', 'p']);
    expect(problems.map(({ code, where }) => [code, where.node])).toContainEqual(['link-unknown-port', 'd']);
    expect(problems[0]!.fixes![0]!.edits).toEqual([{ op: 'removeLink', from: 'grade.image', to: 'd.image' }]);

    const alone = bench(graph({ in: INPUT, d: { type: 'graph.dot' } }, ['in.image > d.image']));
    const [problem] = await alone.descriptions.problems('d', 1);
    expect(problem).toMatchObject({ severity: 'error', code: 'template-outside', where: { node: 'in' } });
  });

  it('of too many nodes are found before they are made', () => {
    const many = Object.fromEntries(
      Array.from({ length: LIMITS.nodes / 4 }, (_, i) => [`n${i}`, { type: 'graph.dot' }]),
    );
    const template = held(many, []);
    const instances = Object.fromEntries(
      Array.from({ length: 6 }, (_, i) => [`i${i}`, { type: 'template.instance', params: { template } }]),
    );
    const { problems, nodes } = plan(graph(instances, []));
    expect(problems.filter((p) => p.code === 'document-too-large').map((p) => p.where.node)).toEqual([
      'i3',
      'i4',
      'i5',
    ]);
    expect(nodes.size).toBeLessThanOrEqual(LIMITS.nodes);
  });
});

describe('a node of another pack', () => {
  /** Stands for a graph that holds itself. */
  const endless = defineNode({
    type: 'test.endless',
    version: 1,
    title: 'Endless',
    doc: 'Never ends.',
    params: z.strictObject({ fail: z.boolean().default(false) }),
    inputs: { inputs: images('Anything.') },
    expand({ params }) {
      if (params.fail) throw new Error('no graph today');
      return {
        graph: { ...emptyDocument(), nodes: { again: { type: 'test.endless', version: 1 } } } as unknown as Json,
        values: {},
        inputs: { type: 'template.input', port: 'inputs', param: 'name' },
        output: { type: 'template.output' },
        params: { graph: 'fail', values: 'fail' },
      };
    },
  });
  const known = createRegistry([...builtIn, pattern as AnyNode, endless as AnyNode]);

  it('may stand for a graph too, and ends where it holds itself', () => {
    const { problems } = makePlan(graph({ e: { type: 'test.endless' } }, []), known);
    expect(problems).toMatchObject([
      { code: 'document-too-large', where: { node: `e${'/again'.repeat(MOST_NESTED)}` } },
    ]);
    const failing = makePlan(graph({ e: { type: 'test.endless', params: { fail: true } } }, []), known);
    expect(failing.problems).toMatchObject([{ code: 'internal', where: { node: 'e' } }]);
  });
});
