// Parameters of a plan: variables, frame, overrides and promoted names filled in; what is wrong is named with its path and value.
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: placeholders as people type them are what is tested
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { type AnyNode, defineNode, image } from '../../engine/authoring.ts';
import type { Json } from '../../engine/base/canonical.ts';
import { EngineError } from '../../engine/base/error.ts';
import { applyEdit } from '../../engine/document/apply.ts';
import type { Document } from '../../engine/document/schema.ts';
import { createRegistry } from '../../engine/node/registry.ts';
import { makePlan, type Overrides } from '../../engine/plan/plan.ts';
import { nodes as builtIn } from '../../nodes/index.ts';
import { bench, graph, pattern } from '../run/graph.ts';

const registry = createRegistry([...builtIn, pattern as AnyNode]);
const planOf = (document: Document, overrides?: Overrides) => makePlan(document, registry, overrides);
const P = { type: 'test.pattern' } as const;

const withParams = (type: string, params: Readonly<Record<string, Json>>, more: Partial<Document> = {}): Document =>
  graph({ p: P, n: { type, params } }, [], more);

/** Problems of node `n`, open inputs aside. */
const found = (document: Document, overrides?: Overrides) =>
  planOf(document, overrides).problems.filter((p) => p.where.node === 'n' && p.code !== 'input-missing');

describe('wrong parameters', () => {
  const cases: readonly [
    type: string,
    params: Readonly<Record<string, Json>>,
    code: string,
    param: string,
    found: string,
  ][] = [
    ['io.write', { path: 'o.exr', zipLevel: 12 }, 'param-invalid', 'zipLevel', '12'],
    ['io.write', { path: 'o.exr', zipLevel: '4' }, 'param-invalid', 'zipLevel', '"4"'],
    ['io.write', { path: '' }, 'param-invalid', 'path', '""'],
    ['io.write', {}, 'param-invalid', 'path', 'nothing'],
    ['io.write', { path: 'o.exr', compresion: 'zip' }, 'param-unknown', 'compresion', ''],
    ['io.write', { path: 'o.exr', compression: 'zop' }, 'param-invalid', 'compression', '"zop"'],
    ['io.write', { path: 'o.exr', tileSize: [64, 0] }, 'param-invalid', 'tileSize[1]', '0'],
    ['io.write', { path: 'o.exr', types: [{ channels: 'Z', type: 'int' }] }, 'param-invalid', 'types[0].type', '"int"'],
    ['io.write', { path: 'o.exr', types: [{ channels: 'Z', type: 'half', x: 1 }] }, 'param-unknown', 'types[0].x', ''],
    ['io.write', { path: null }, 'param-invalid', 'path', 'null'],
    ['io.read', { path: 'a.exr', offset: 1.5 }, 'param-invalid', 'offset', '1.5'],
    ['channel.shuffle', { attributes: { fro: ['a'] } }, 'param-unknown', 'attributes.fro', ''],
    ['part.select', { parts: 'all' }, 'param-invalid', 'parts', '"all"'],
  ];

  it.each(cases)('%s %j', (type, params, code, param, value) => {
    const [problem, ...others] = found(withParams(type, params));
    expect(others).toEqual([]);
    expect(problem).toMatchObject({ severity: 'error', code, where: { node: 'n', param } });
    expect(problem!.message).toContain(param);
    if (value !== '') expect(problem!.message).toContain(`Found: ${value}.`);
  });

  it('counts them', () => expect(cases).toHaveLength(13));

  it('are all told at once, and a long value is cut', () => {
    const problems = found(withParams('io.write', { path: 5, zipLevel: 'x'.repeat(5000), nothing: 1 }));
    expect(problems.map((p) => p.where.param).sort()).toEqual(['nothing', 'path', 'zipLevel']);
    for (const { message } of problems) expect(message.length).toBeLessThan(300);
  });

  it('keep the node and what is below it from being described, and nothing else', async () => {
    const document = graph(
      {
        p: P,
        bad: { type: 'metadata.set', params: { edits: 'none' } },
        below: { type: 'metadata.set' },
        beside: { type: 'metadata.set' },
      },
      ['p.image > bad.image', 'bad.image > below.image', 'p.image > beside.image'],
    );
    const { descriptions } = bench(document);
    expect((await descriptions.describe('bad', 1)).spec).toBeUndefined();
    expect((await descriptions.describe('below', 1)).spec).toBeUndefined();
    expect((await descriptions.describe('beside', 1)).spec?.parts).toHaveLength(1);
  });
});

describe('variables', () => {
  const variables = { shot: { type: 'string', default: 'sh010' }, take: { type: 'number', default: 3 } } as const;
  const document = withParams('io.write', { path: '${shot}_${take:2}.%04d.exr' }, { variables });
  const pathAt = (d: Document, overrides: Overrides = {}, frame = 7): unknown => {
    const plan = planOf(d, overrides);
    const { descriptions } = bench(d);
    expect(plan.problems.filter((p) => p.code !== 'input-missing')).toEqual([]);
    return descriptions.paramsAt({ ...plan.nodes.get('n')! }, frame).values?.['path'];
  };

  it('are filled in from defaults', () => expect(pathAt(document)).toBe('sh010_03.%04d.exr'));

  it('can be given, numbers as texts that hold a number', () => {
    const plan = planOf(document, { variables: { shot: 'sh020', take: '12' } });
    expect(plan.variables).toEqual({ shot: 'sh020', take: 12 });
  });

  it.each([
    [{ take: 'twelve' }, 'usage'],
    [{ take: '' }, 'usage'],
    [{ take: ' ' }, 'usage'],
    [{ take: 'Infinity' }, 'usage'],
    [{ cut: 'x' }, 'param-variable'],
    [{ __proto__x: 'x' }, 'param-variable'],
  ])('refuses %j', (given, code) => {
    try {
      planOf(document, { variables: given as Record<string, string> });
      expect.unreachable();
    } catch (thrown) {
      expect(thrown).toBeInstanceOf(EngineError);
      expect(thrown).toMatchObject({ kind: 'usage', code });
    }
  });

  it('that do not exist are a problem with the place, in nested texts too', () => {
    const problems = found(
      withParams('metadata.set', { edits: [{ op: 'set', name: 'x', type: 'string', value: 'a ${nope}' }] }),
    );
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatchObject({ code: 'param-variable', where: { param: 'edits[0].value' } });
    expect(problems[0]!.message).toContain('nope');
  });

  it('are not looked up along the prototype', () => {
    expect(found(withParams('io.write', { path: '${constructor}.exr' })).map((p) => p.code)).toEqual([
      'param-variable',
    ]);
  });

  it('leave texts with a dollar sign alone where it is doubled', () => {
    expect(pathAt(withParams('io.write', { path: 'a$$b.exr' }))).toBe('a$b.exr');
  });

  it('the frame is filled in anew at each frame, padded where asked', () => {
    const framed = withParams('io.write', { path: 'o.${frame:4}.exr' });
    expect([1, 12, -3].map((frame) => pathAt(framed, {}, frame))).toEqual(['o.0001.exr', 'o.0012.exr', 'o.-0003.exr']);
  });
});

describe('overrides', () => {
  const document = withParams('channel.shuffle', {
    rows: [
      { to: 'R', from: 'a:R' },
      { to: 'Z', from: 'a:Z' },
    ],
    attributes: { from: ['a'], resolve: { owner: 'a' } },
  });
  const paramsWith = (params: Readonly<Record<string, Json>>): Json =>
    planOf(document, { params }).nodes.get('n')!.params as Json;

  it('replace a parameter, a piece of one, an item of a list', () => {
    expect(paramsWith({ 'n.others': 'drop' })).toMatchObject({ others: 'drop', attributes: { from: ['a'] } });
    expect(paramsWith({ 'n.attributes.resolveAll': 'a' })).toMatchObject({
      attributes: { from: ['a'], resolve: { owner: 'a' }, resolveAll: 'a' },
    });
    expect(paramsWith({ 'n.attributes.resolve.owner': { leaveOut: true } })).toMatchObject({
      attributes: { from: ['a'], resolve: { owner: { leaveOut: true } } },
    });
    expect(paramsWith({ 'n.rows.1.type': 'half' })).toMatchObject({
      rows: [
        { to: 'R', from: 'a:R' },
        { to: 'Z', from: 'a:Z', type: 'half' },
      ],
    });
  });

  it('come together in one object', () => {
    expect(paramsWith({ 'n.attributes.resolveAll': 'a', 'n.attributes.from': ['a', 'b'] })).toMatchObject({
      attributes: { from: ['a', 'b'], resolve: { owner: 'a' }, resolveAll: 'a' },
    });
  });

  it('leave the document as it was', () => {
    const before = JSON.stringify(document);
    paramsWith({ 'n.rows.0.to': 'X', 'n.attributes.from': [] });
    expect(JSON.stringify(document)).toBe(before);
  });

  it('are checked like what stands in the document', () => {
    expect(found(document, { params: { 'n.others': 'maybe' } })).toMatchObject([
      { code: 'param-invalid', where: { param: 'others' } },
    ]);
    expect(found(document, { params: { 'n.other': 'keep' } })).toMatchObject([
      { code: 'param-unknown', where: { param: 'other' } },
    ]);
    expect(found(document, { params: { 'n.rows.7.to': 'x' } })).toMatchObject([
      { code: 'param-invalid', where: { param: 'rows' } },
    ]);
  });

  it.each(['n', 'nobody.others', '.others', 'toString.x', '__proto__.x', ''])('refuses the target "%s"', (target) => {
    expect(() => planOf(document, { params: { [target]: 1 } })).toThrowError(
      expect.objectContaining({ kind: 'usage', code: 'param-unknown' }),
    );
  });

  it('never reach a prototype', () => {
    const plan = planOf(document, {
      params: JSON.parse('{"n.__proto__.polluted": 1, "n.attributes.__proto__.polluted": 1}'),
    });
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
    expect(plan.nodes.get('n')!.params['polluted']).toBeUndefined();
  });

  it('by a promoted name go to all its targets', () => {
    const promoted = [{ name: 'beauty', title: 'Beauty', to: ['a.path', 'b.path'] }];
    const two = graph(
      { a: { type: 'io.read', params: { path: 'a.exr' } }, b: { type: 'io.read', params: { path: 'b.exr' } } },
      [],
      { promoted },
    );
    const plan = planOf(two, { params: { beauty: 'c.exr' } });
    expect(['a', 'b'].map((id) => plan.nodes.get(id)!.params['path'])).toEqual(['c.exr', 'c.exr']);
    expect(() =>
      planOf({ ...two, promoted: [{ ...promoted[0]!, to: ['gone.path'] }] }, { params: { beauty: 'x' } }),
    ).toThrow(/gone.path/);
  });
});

describe('older versions of a node', () => {
  const gain = defineNode({
    type: 'test.gain',
    version: 3,
    title: 'Gain',
    doc: 'Was times, then gain, now stops.',
    params: z.strictObject({ stops: z.number().max(10).default(0), label: z.string().default('') }),
    inputs: { image: image('Any.') },
    upgrade: {
      1: ({ times, ...rest }) => ({ ...rest, gain: times ?? 1 }),
      2: ({ gain: value, ...rest }) => {
        if (typeof value !== 'number') throw new TypeError('gain is not a number');
        return { ...rest, stops: Math.log2(value) };
      },
    },
    spec: (ctx) => {
      if (ctx.params.label === '')
        ctx.report({
          severity: 'error',
          code: 'param-invalid',
          message: 'A label is needed.',
          fixes: [{ title: 'Name it', set: { label: 'x' } }],
        });
      return ctx.inputs.image;
    },
  });
  const known = createRegistry([...builtIn, pattern as AnyNode, gain as AnyNode]);
  const saved = (version: number, params: Readonly<Record<string, Json>>): Document => {
    const document = graph({ p: P, g: { type: 'test.gain', params } }, ['p.image > g.image']);
    return { ...document, nodes: { ...document.nodes, g: { ...document.nodes['g']!, version } } };
  };

  it('are brought to the present one step by step', () => {
    expect(makePlan(saved(1, { times: 8 }), known).nodes.get('g')!.params).toEqual({ stops: 3 });
    expect(makePlan(saved(2, { gain: 4 }), known).nodes.get('g')!.params).toEqual({ stops: 2 });
    expect(makePlan(saved(3, { stops: 1 }), known).nodes.get('g')!.params).toEqual({ stops: 1 });
  });

  it('take overrides in the words of the present one', () => {
    const plan = makePlan(saved(1, { times: 8 }), known, { params: { 'g.stops': 5 } });
    expect(plan.nodes.get('g')!.params).toEqual({ stops: 5 });
    expect(plan.problems).toEqual([]);
  });

  it('that cannot be read are a problem, not a crash', () => {
    const plan = makePlan(saved(1, { times: 'much' }), known);
    expect(plan.problems).toMatchObject([{ severity: 'error', code: 'param-invalid', where: { node: 'g' } }]);
    expect(plan.nodes.get('g')!.sound).toBe(false);
  });

  it('that are newer than what is installed are a problem that names both', () => {
    const { problems } = makePlan(saved(9, {}), known);
    expect(problems).toMatchObject([{ code: 'node-version', where: { node: 'g' } }]);
    expect(problems[0]!.message).toMatch(/version 9 .*version 3/);
  });

  it('are saved anew by a fix, so that it mends', async () => {
    const document = saved(1, { times: 8 });
    const { descriptions } = bench(document, { more: [gain as AnyNode] });
    const [problem] = (await descriptions.describe('g', 1)).problems;
    const next = problem!.fixes![0]!.edits.reduce((d, edit) => applyEdit(d, edit).document, document);
    expect(next.nodes['g']).toMatchObject({ version: 3, params: { stops: 3, label: 'x' } });
    const after = bench(next, { more: [gain as AnyNode] }).descriptions;
    expect((await after.describe('g', 1)).problems).toEqual([]);
  });
});

describe('unknown types', () => {
  it('are one problem each and say how to get them', () => {
    const { problems } = planOf(graph({ a: { type: 'studio.magic' }, b: { type: 'toString.valueOf' }, p: P }, []));
    expect(problems.map((p) => [p.code, p.where.node])).toEqual([
      ['node-unknown', 'a'],
      ['node-unknown', 'b'],
    ]);
    expect(problems[0]!.message).toContain('--nodes');
  });
});
