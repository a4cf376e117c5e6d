// Animated parameters in a plan: resolved at each frame, checked after that, in order, inside templates and under overrides.
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { type AnyNode, defineNode } from '../../engine/authoring.ts';
import type { Json } from '../../engine/base/canonical.ts';
import type { Animation, Animations } from '../../engine/document/animation.ts';
import type { Document } from '../../engine/document/schema.ts';
import type { Key } from '../../engine/expression/curve.ts';
import { animatedKindAt } from '../../engine/node/animatable.ts';
import { catalogueEntry } from '../../engine/node/catalogue.ts';
import { createRegistry } from '../../engine/node/registry.ts';
import { makePlan, type Overrides, type Plan } from '../../engine/plan/plan.ts';
import { paramsAt } from '../../engine/plan/resolve.ts';
import { nodes as builtIn } from '../../nodes/index.ts';
import { bench, graph, type NodeSketch } from '../run/graph.ts';

const probe = defineNode({
  type: 'test.probe',
  version: 1,
  title: 'Probe',
  doc: 'Has a parameter of each kind.',
  params: z.strictObject({
    n: z.number().min(-100).max(100).default(1),
    whole: z.int().default(0),
    on: z.boolean().default(false),
    way: z.enum(['over', 'under']).default('over'),
    size: z.tuple([z.number(), z.number()]).default([5, 6]),
    either: z.union([z.string(), z.number()]).default('auto'),
    inner: z.strictObject({ gain: z.number().default(1), name: z.string().default('') }).prefault({}),
    rows: z.array(z.strictObject({ value: z.number(), name: z.string() })).default([]),
    values: z.record(z.string(), z.number()).default({}),
    name: z.string().default(''),
  }),
  inputs: {},
  spec: () => ({ parts: [] }),
});
const registry = createRegistry([...builtIn, probe as AnyNode]);

const PROBE = 'test.probe';
const planOf = (nodes: Record<string, NodeSketch>, more: Partial<Document> = {}, overrides: Overrides = {}): Plan =>
  makePlan(graph(nodes, [], more), registry, overrides);
/** A plan of one probe, `p`. */
const animated = (animation: Animations, params: Record<string, Json> = {}): Plan =>
  planOf({ p: { type: PROBE, params, animation } });
const valuesAt = (plan: Plan, frame: number, id = 'p') => {
  const { values, problems } = paramsAt(plan.nodes.get(id)!, plan, frame);
  expect(problems).toEqual([]);
  return values!;
};
const told = ({ problems }: Plan) =>
  problems.map(({ code, severity, where, message }) => ({ code, severity, ...where, message }));
const keys = (...list: Key[]): Animation => ({ keys: list });
const ramp = keys([1, 0, 'linear'], [11, 10, 'linear']);

describe('a parameter', () => {
  it('takes what its keys give at the frame: numbers, whole ones rounded, switches, choices, pieces', () => {
    const plan = animated(
      {
        n: ramp,
        whole: keys([1, 0, 'linear'], [5, 2, 'linear']),
        on: keys([1, false, 'constant'], [3, true, 'constant']),
        way: keys([1, 'over', 'constant'], [4, 'under', 'constant']),
        'size.1': ramp,
        either: ramp,
        'inner.gain': ramp,
        'rows.0.value': ramp,
        'values.k': ramp,
      },
      { rows: [{ value: 7, name: 'a' }] },
    );
    expect(plan.problems).toEqual([]);
    expect(valuesAt(plan, 2)).toEqual({
      n: 1,
      whole: 1,
      on: false,
      way: 'over',
      size: [5, 1],
      either: 1,
      inner: { gain: 1, name: '' },
      rows: [{ value: 1, name: 'a' }],
      values: { k: 1 },
      name: '',
    });
    expect(valuesAt(plan, 4)).toMatchObject({ n: 3, whole: 2, on: true, way: 'under', size: [5, 3], values: { k: 3 } });
    expect(valuesAt(plan, -50)).toMatchObject({ n: 0 });
  });

  it('takes what an expression gives: of the frame, variables and parameters of any node, whatever the order', () => {
    const variables = { gain: { type: 'number', default: 3 }, shot: { type: 'string', default: 'sh010' } } as const;
    const plan = planOf(
      {
        p: {
          type: PROBE,
          animation: {
            n: { expression: "(frame - 1000) * gain + q.n + 'o-1'.size.1 + q.on" },
            on: { expression: 'q.n > 2.5' },
            whole: { expression: '2.5' },
          },
        },
        q: { type: PROBE, animation: { n: { expression: "r.n / 2 + 'o-1'.n" }, on: keys([1, true, 'constant']) } },
        r: { type: PROBE, animation: { n: keys([1001, 2, 'linear'], [1003, 6, 'linear']) } },
        'o-1': { type: PROBE },
      },
      { variables },
    );
    expect(plan.problems).toEqual([]);
    // At 1001: 1 · 3 + (2 / 2 + 1) + 6 + 1. At 1002: 2 · 3 + (4 / 2 + 1) + 6 + 1.
    expect([1001, 1002].map((frame) => valuesAt(plan, frame)['n'])).toEqual([12, 16]);
    expect([1001, 1002].map((frame) => valuesAt(plan, frame)['on'])).toEqual([false, true]);
    expect(valuesAt(plan, 1001)['whole']).toBe(3);
    expect(plan.drivers.moving('p')).toEqual(['n', 'on']);
    const given = makePlan(plan.given, registry, { variables: { gain: '10' } });
    expect(valuesAt(given, 1001)['n']).toBe(19);
  });

  it('is checked at the frame: ranges hold for what an animation gives', async () => {
    const plan = animated({ n: keys([1, 0, 'linear'], [11, 1000, 'linear']) });
    expect(plan.problems).toEqual([]);
    expect(paramsAt(plan.nodes.get('p')!, plan, 2).problems).toEqual([]);
    const { values, problems } = paramsAt(plan.nodes.get('p')!, plan, 3);
    expect(values).toBeUndefined();
    expect(problems).toMatchObject([
      { severity: 'error', code: 'param-invalid', where: { node: 'p', param: 'n', frame: 3 } },
    ]);
    expect(problems[0]!.message).toContain('Found: 200.');
    const none = animated({ n: { expression: '1 / (frame - 5)' } });
    expect(none.problems).toEqual([]);
    expect(valuesAt(none, 6)['n']).toBe(1);
    expect(paramsAt(none.nodes.get('p')!, none, 5).problems).toMatchObject([
      { code: 'param-invalid', where: { frame: 5 } },
    ]);
    const still = animated({ n: { expression: '1000' } });
    expect(told(still)).toMatchObject([{ code: 'param-invalid', node: 'p', param: 'n' }]);
    expect(still.nodes.get('p')!.sound).toBe(false);
  });

  it('that is wrong beneath its animation is none the worse for it', () => {
    expect(animated({ n: ramp }, { n: 5000 }).problems).toEqual([]);
    expect(told(animated({ n: ramp }, { whole: 0.5 }))).toMatchObject([{ param: 'whole' }]);
  });

  it('can be animated where it is a number, a switch or a choice, as the catalogue tells', () => {
    const { animatable, params } = catalogueEntry(probe);
    expect(animatable).toEqual([
      'n',
      'whole',
      'on',
      'way',
      'size.0',
      'size.1',
      'either',
      'inner.gain',
      'rows.N.value',
      'values.NAME',
    ]);
    expect(
      ['n', 'whole', 'on', 'way', 'size.1', 'rows.3.value', 'values.anything'].map((path) =>
        animatedKindAt(params, path),
      ),
    ).toEqual(['number', 'whole', 'switch', 'choice', 'number', 'number', 'number']);
    expect(
      ['name', 'size', 'size.2', 'rows', 'rows.x.value', 'inner', 'inner.name', 'nope', '__proto__', 'n.0'].map(
        (path) => animatedKindAt(params, path),
      ),
    ).toEqual(Array(10).fill(undefined));
    const all = builtIn.map((node) => catalogueEntry(node));
    expect(all.find(({ type }) => type === 'color.exposure')!.animatable).toEqual(['stops']);
  });
});

const WRONG: readonly (readonly [path: string, animation: Animation, code: string, words: string])[] = [
  ['gain', ramp, 'param-unknown', 'has no parameter gain'],
  ['nn', ramp, 'param-unknown', 'Did you mean n or on?'],
  ['name', ramp, 'animation-unfit', 'only numbers, switches and choices'],
  ['size', ramp, 'animation-unfit', 'size.0'],
  ['size.2', ramp, 'animation-unfit', 'only numbers'],
  ['rows.0.value', ramp, 'animation-unfit', 'no such item'],
  ['n', keys([1, true, 'constant']), 'animation-unfit', 'type number, found boolean'],
  ['on', ramp, 'animation-unfit', 'type boolean, found number'],
  ['way', ramp, 'animation-unfit', 'type string, found number'],
  ['way', { expression: '1' }, 'animation-unfit', 'Animate it with keys'],
  ['way', keys([1, 'sideways', 'constant']), 'param-invalid', 'Found: "sideways"'],
  ['n', { wiggle: 1 }, 'animation-unknown', 'another form (wiggle)'],
  ['n', { keys: [[1, 0, 'linear']], after: 'loop' }, 'animation-unknown', 'keys, after'],
  ['n', { expression: '1 +' }, 'expression-syntax', 'column 4'],
  ['n', { expression: 'fram + 1' }, 'expression-name', 'no variable fram (column 1 of fram + 1). Did you mean frame?'],
  ['n', { expression: 'shot' }, 'expression-name', 'the variable shot is a text'],
  ['n', { expression: 'constructor' }, 'expression-name', 'no variable constructor'],
  ['n', { expression: 'q' }, 'expression-name', 'Write q.PARAMETER'],
  ['n', { expression: 'nope.n' }, 'expression-name', 'no node nope'],
  ['n', { expression: 'toString.n' }, 'expression-name', 'no node toString'],
  [
    'n',
    { expression: '1 + q.nn' },
    'expression-name',
    'q (Probe) has no parameter nn (column 5 of 1 + q.nn). Did you mean n or on?',
  ],
  ['n', { expression: 'q.name' }, 'expression-name', 'q.name is no number'],
  ['n', { expression: 'q.way' }, 'expression-name', 'q.way is no number'],
  ['n', { expression: 'q.size' }, 'expression-name', 'no number'],
  ['n', { expression: 'q.size.7' }, 'expression-name', 'not set'],
  ['n', { expression: 'q.size.length' }, 'expression-name', 'not set'],
  ['n', { expression: 'p.n' }, 'param-cycle', 'p.n ← p.n'],
  ['n', { expression: '0/0' }, 'param-invalid', 'no finite number'],
];

describe('what is wrong with an animation', () => {
  const variables = { shot: { type: 'string', default: '5' } } as const;
  it.each(WRONG)('%s %j', (path, animation, code, words) => {
    const q = { type: PROBE, animation: { way: keys([1, 'over', 'constant']) } };
    const plan = planOf({ p: { type: PROBE, animation: { [path]: animation } }, q }, { variables });
    const [problem, ...others] = told(plan);
    expect(others).toEqual([]);
    expect(problem).toMatchObject({ severity: 'error', code, node: 'p', param: path });
    expect(problem!.message).toContain(words);
    expect(plan.nodes.get('p')!.sound).toBe(false);
  });
  it('is counted', () => expect(WRONG).toHaveLength(28));

  it('is told with an edit that mends it', () => {
    expect(animated({ n: { expression: 'nope' } }).problems[0]!.fixes).toEqual([
      { title: 'Remove the animation', edits: [{ op: 'setAnimation', node: 'p', name: 'n' }] },
    ]);
  });

  it('is a circle, named, and what hangs on it', () => {
    const at = (expression: string): NodeSketch => ({ type: PROBE, animation: { n: { expression } } });
    const plan = planOf({ a: at('b.n'), b: at('c.n + frame'), c: at('a.n * 2'), d: at('a.n'), e: at('1') });
    const cycle = told(plan).filter(({ code }) => code === 'param-cycle');
    expect(cycle.map(({ node }) => node).sort()).toEqual(['a', 'b', 'c']);
    expect(cycle[0]!.message).toContain('a.n ← b.n ← c.n ← a.n');
    expect(told(plan).filter(({ code }) => code !== 'param-cycle')).toMatchObject([
      { node: 'd', code: 'expression-name', message: expect.stringContaining('follows a.n') },
    ]);
    expect(valuesAt(plan, 1, 'e')['n']).toBe(1);
  });

  it('is no matter of depth or number: ten thousand parameters in a row', () => {
    const count = 10_000;
    const sketch = (i: number): NodeSketch => ({
      type: PROBE,
      animation: { n: { expression: i === 0 ? 'frame' : `n${i - 1}.n` } },
    });
    const row = Object.fromEntries(Array.from({ length: count }, (_, i) => [`n${i}`, sketch(i)]));
    const began = performance.now();
    const plan = planOf(row);
    expect(valuesAt(plan, 7, `n${count - 1}`)['n']).toBe(7);
    const ring = planOf({ ...row, n0: { type: PROBE, animation: { n: { expression: `n${count - 1}.n` } } } });
    expect(ring.problems).toHaveLength(count);
    expect(ring.problems[0]!.message.length).toBeLessThan(300);
    expect(performance.now() - began).toBeLessThan(20_000);
  });
});

describe('an override', () => {
  it('takes the place of an animation and says so', () => {
    const nodes = {
      p: { type: PROBE, animation: { n: ramp, 'size.0': ramp, 'size.1': ramp, on: keys([1, true, 'constant']) } },
    };
    const plan = planOf(nodes, {}, { params: { 'p.n': 42, 'p.size': [1, 2] }, everywhere: { on: false } });
    expect(valuesAt(plan, 5)).toMatchObject({ n: 42, size: [1, 2], on: false });
    expect(told(plan)).toEqual(
      ['on', 'n', 'size.0', 'size.1'].map((param) => ({
        code: 'animation-replaced',
        severity: 'info',
        node: 'p',
        param,
        message: `p.${param}: the value given takes the place of its animation in this run.`,
      })),
    );
    expect(plan.nodes.get('p')!.sound).toBe(true);
    const piece = planOf(nodes, {}, { params: { 'p.size.0': 9 } });
    expect(valuesAt(piece, 6)).toMatchObject({ n: 5, size: [9, 5] });
  });

  it('of a parameter is what others follow', () => {
    const nodes = {
      p: { type: PROBE, animation: { n: { expression: 'q.n + 1' } } },
      q: { type: PROBE, animation: { n: ramp } },
    };
    expect(valuesAt(planOf(nodes, {}, { params: { 'q.n': 30 } }), 5)['n']).toBe(31);
  });
});

describe('the key of a node', () => {
  it('is made of the values at the frame: a still parameter has one key, an animated one a key for each value', async () => {
    const source = (animation?: Animations): NodeSketch => ({
      type: 'generate.constant',
      params: { format: [4, 4] },
      ...(animation ? { animation } : {}),
    });
    const keysOf = async (nodes: Record<string, NodeSketch>, links: string[] = []): Promise<string[]> => {
      const { descriptions } = bench(graph(nodes, links));
      return Promise.all([1, 2, 3, 4].map(async (frame) => (await descriptions.describe('n', frame)).key));
    };
    const plain = await keysOf({ n: source() });
    expect(new Set(plain).size).toBe(1);
    expect(plain[0]).not.toBe('');
    const still = { n: source({ 'color.0': keys([1, 0.5, 'linear']), 'color.1': { expression: '0.25 * 2' } }) };
    const typed = { n: { ...source(), params: { format: [4, 4], color: [0.5, 0.5, 0, 1] } } };
    expect(await keysOf(still)).toEqual(await keysOf(typed));
    const moving = await keysOf({ n: source({ 'color.0': keys([2, 0, 'linear'], [4, 1, 'linear']) }) });
    expect([moving[0] === moving[1], new Set(moving).size]).toEqual([true, 3]);
    // What is above an animated node keeps its one key.
    const below = await keysOf({ s: source(), n: { type: 'color.exposure', animation: { stops: ramp } } }, [
      's.image > n.image',
    ]);
    expect(new Set(below).size).toBe(4);
  });
});

describe('in a template', () => {
  const inner = (more: Partial<Document> = {}): Json =>
    graph(
      {
        a: { type: PROBE, animation: { n: { expression: 'b.n * k + frame' }, 'size.0': { expression: 'width' } } },
        b: { type: PROBE, animation: { n: ramp } },
        c: { type: PROBE },
      },
      [],
      {
        promoted: [
          { name: 'amount', title: 'Amount', to: ['b.n', 'c.n'] },
          { name: 'wide', title: 'Wide', to: ['c.size'] },
        ],
        variables: { k: { type: 'number', default: -2 }, width: { type: 'number', default: 4 } },
        ...more,
      },
    ) as unknown as Json;
  const instance = (params: Record<string, Json> = {}, animation: Animations = {}): NodeSketch => ({
    type: 'template.instance',
    params: { template: inner(), ...params },
    ...(Object.keys(animation).length > 0 ? { animation } : {}),
  });

  it('expressions speak of what is in the template and of its variables', () => {
    const plan = planOf({ t: instance() });
    expect(plan.problems).toEqual([]);
    expect(valuesAt(plan, 3, 't/a')).toMatchObject({ n: 2 * -2 + 3, size: [4, 6] });
    const bound = planOf(
      { t: instance({ values: { k: 10, width: '$' + '{outer}' } }) },
      { variables: { outer: { type: 'number', default: 9 }, k: { type: 'number', default: 99 } } },
    );
    expect(valuesAt(bound, 3, 't/a')).toMatchObject({ n: 23, size: [9, 6] });
  });

  it('a value given from outside takes the place of an animation inside, without a word', () => {
    const plan = planOf({ t: instance({ values: { amount: 7 } }) });
    expect(plan.problems).toEqual([]);
    expect([valuesAt(plan, 3, 't/b')['n'], valuesAt(plan, 3, 't/a')['n']]).toEqual([7, -11]);
  });

  it('what is promoted can be animated outside, pieces too, and be spoken of', () => {
    const plan = planOf({
      t: instance({}, { 'values.amount': { expression: 'frame * o.n' }, 'values.wide.1': ramp }),
      o: { type: PROBE, params: { n: 2 }, animation: { 'size.0': { expression: 't.values.amount + 0.5' } } },
    });
    expect(plan.problems).toEqual([]);
    expect(valuesAt(plan, 3, 't/b')['n']).toBe(6);
    expect(valuesAt(plan, 3, 't/c')).toMatchObject({ n: 6, size: [5, 2] });
    expect(valuesAt(plan, 3, 'o')['size']).toEqual([6.5, 6]);
    const set = planOf({ t: instance({}, { 'values.amount': ramp }) }, {}, { params: { 't.values.amount': 3 } });
    expect(valuesAt(set, 9, 't/b')['n']).toBe(3);
    expect(told(set)).toMatchObject([
      { code: 'animation-replaced', severity: 'info', node: 't', param: 'values.amount' },
    ]);
  });

  it('works in a template inside a template', () => {
    const outer = graph(
      {
        i: instance({ values: { k: '$' + '{kk}' } }, { 'values.amount': { expression: 'kk * 2' } }),
        s: { type: PROBE, animation: { n: { expression: 'i.values.amount' } } },
      },
      [],
      {
        variables: { kk: { type: 'number', default: 5 } },
        promoted: [{ name: 'all', title: 'All', to: ['i.values.amount'] }],
      },
    ) as unknown as Json;
    const plan = planOf({ o: { type: 'template.instance', params: { template: outer } } });
    expect(plan.problems).toEqual([]);
    expect([valuesAt(plan, 1, 'o/i/b')['n'], valuesAt(plan, 1, 'o/s')['n'], valuesAt(plan, 1, 'o/i/a')['n']]).toEqual([
      10, 10, 51,
    ]);
    const driven = planOf({
      o: { type: 'template.instance', params: { template: outer }, animation: { 'values.all': ramp } },
    });
    expect(driven.problems).toEqual([]);
    expect([valuesAt(driven, 4, 'o/i/c')['n'], valuesAt(driven, 4, 'o/s')['n']]).toEqual([3, 3]);
  });

  it.each([
    ['values.nope', ramp, 'param-unknown', 't', 'has no parameter nope'],
    ['values.k', ramp, 'animation-unfit', 't', 'only what the template promotes'],
    ['template.nodes', ramp, 'animation-unfit', 't', 'only what the template promotes'],
    ['values.amount', { expression: 'nope' }, 'expression-name', 't', 't.values.amount: there is no variable nope'],
    ['values.amount', keys([1, true, 'constant']), 'animation-unfit', 't', 'type number'],
    ['values.amount', { expression: '1000' }, 'param-invalid', 't', 'Found: 1000'],
  ] as const)('%s: what is wrong is told at the instance', (path, animation, code, node, words) => {
    const problems = told(planOf({ t: instance({}, { [path]: animation }) }));
    const [own, ...others] = problems.filter((p) => p.node === node);
    expect(own).toMatchObject({ severity: 'error', code, param: path });
    expect(own!.message).toContain(words);
    expect(others).toEqual([]);
    for (const other of problems) if (other !== own) expect(other.message).toContain('follows t/b.n');
  });

  it('names that the template does not define are problems, even where they are known outside', () => {
    const template = graph(
      { a: { type: PROBE, animation: { n: { expression: 'out + z.n' } } } },
      [],
    ) as unknown as Json;
    const plan = planOf(
      { t: { type: 'template.instance', params: { template } }, z: { type: PROBE } },
      { variables: { out: { type: 'number', default: 1 } } },
    );
    expect(told(plan).map(({ code, node, message }) => [code, node, message])).toEqual([
      ['expression-name', 't/a', 't/a.n: there is no variable out in the template.'],
      ['expression-name', 't/a', 't/a.n: there is no node z in the template.'],
    ]);
  });
});
