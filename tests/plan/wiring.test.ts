// Wiring: every wrong link is one problem with a place and a fix; bypassed nodes are stepped over; order follows the links.
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { type AnyNode, defineNode, image, images, optionalImage } from '../../engine/authoring.ts';
import { applyEdit } from '../../engine/document/apply.ts';
import type { Document } from '../../engine/document/schema.ts';
import { createRegistry } from '../../engine/node/registry.ts';
import { makePlan, upstreamOf } from '../../engine/plan/plan.ts';
import { hasErrors, type Problem } from '../../engine/plan/problem.ts';
import { nodes as builtIn } from '../../nodes/index.ts';
import { random } from '../base/random.ts';
import { graph, pattern } from '../run/graph.ts';

const measure = defineNode({
  type: 'test.measure',
  version: 1,
  title: 'Measure',
  doc: 'Gives a number and an image.',
  params: z.strictObject({}),
  inputs: { image: image('Any.'), mask: optionalImage('Any.') },
  outputs: { image: { kind: 'image', doc: 'Same.' }, mean: { kind: 'number', doc: 'A number.' } },
  spec: ({ inputs }) => inputs.image,
});
const many = defineNode({
  type: 'test.many',
  version: 1,
  title: 'Many',
  doc: 'Takes many.',
  params: z.strictObject({}),
  inputs: { all: images('Any.'), one: optionalImage('Any.') },
  spec: () => ({ parts: [] }),
});
const registry = createRegistry([...builtIn, pattern as AnyNode, measure as AnyNode, many as AnyNode]);
const planOf = (document: Document) => makePlan(document, registry);

const P = { type: 'test.pattern' } as const;
const W = { type: 'io.write', params: { path: 'out.exr' } } as const;
const S = { type: 'channel.shuffle' } as const;
const M = { type: 'test.measure' } as const;

/** Applies the first fix of a problem and gives the problems that are left. */
function mended(document: Document, problem: Problem): readonly Problem[] {
  const [fix] = problem.fixes!;
  const next = fix!.edits.reduce((d, edit) => applyEdit(d, edit).document, document);
  return planOf(next).problems;
}

describe('wrong links', () => {
  const cases: readonly [what: string, link: string, code: string, node: string][] = [
    ['an unknown source', 'nobody.image > w2.image', 'link-unknown-node', 'nobody'],
    ['an unknown target', 'p.image > nobody.image', 'link-unknown-node', 'nobody'],
    ['an unknown output', 'p.picture > w2.image', 'link-unknown-port', 'w2'],
    ['an output of a sink', 'w.image > w2.image', 'link-unknown-port', 'w2'],
    ['an unknown input', 'p.image > w2.picture', 'link-unknown-port', 'w2'],
    ['a name at a port that takes one', 'p.image > w2.image.left', 'link-unknown-port', 'w2'],
    ['no name at a port that takes many', 'p.image > s.sources', 'link-unknown-port', 's'],
    ['another kind', 'm.mean > w2.image', 'link-kind', 'w2'],
    ['an input that is taken', 'q.image > w.image', 'link-duplicate', 'w'],
    ['a named input that is taken', 'q.image > s.sources.a', 'link-duplicate', 's'],
  ];
  const sound = [
    'p.image > w.image',
    'p.image > s.sources.a',
    's.image > m.image',
    'm.image > x.image',
    'q.image > x2.image',
  ];
  const nodes = { p: P, q: P, s: S, m: M, w: W, w2: W, x: W, x2: W };

  it.each(cases)('%s', (_, link, code, node) => {
    const links = link.endsWith('> w2.image') || link.includes('w2') ? sound : [...sound, 'q.image > w2.image'];
    const document = graph(nodes, [...links, link]);
    const found = planOf(document).problems.filter((p) => p.code === code);
    expect(found).toHaveLength(1);
    expect(found[0]!.where.node).toBe(node);
    expect(found[0]!.severity).toBe('error');
    expect(found[0]!.message).toContain(link.replace(' > ', ' → '));
    const left = mended(document, found[0]!);
    expect(left.filter((p) => p.code === code)).toEqual([]);
  });

  it('counts them', () => expect(cases).toHaveLength(10));

  it('are all reported at once, not the first alone', () => {
    const document = graph(nodes, [...sound, ...cases.map(([, link]) => link)]);
    const { problems } = planOf(document);
    expect(problems.map((p) => p.code).sort()).toEqual(cases.map(([, , code]) => code).sort());
  });

  it('removing a doubled link leaves the one that was in force', () => {
    const document = graph({ p: P, q: P, w: W }, ['p.image > w.image', 'q.image > w.image']);
    const [problem] = planOf(document).problems;
    const next = problem!.fixes![0]!.edits.reduce((d, edit) => applyEdit(d, edit).document, document);
    expect(next.links).toEqual([{ from: 'p.image', to: 'w.image' }]);
  });
});

describe('cycles', () => {
  it('are named at every node on them and not at those below', () => {
    const document = graph({ a: M, b: M, c: M, below: W, p: P, sound: W }, [
      'a.image > b.image',
      'b.image > c.image',
      'c.image > a.image',
      'c.image > below.image',
      'p.image > sound.image',
    ]);
    const plan = planOf(document);
    expect(plan.problems.map((p) => [p.code, p.where.node])).toEqual([
      ['link-cycle', 'a'],
      ['link-cycle', 'b'],
      ['link-cycle', 'c'],
    ]);
    expect([...plan.nodes.keys()].sort()).toEqual(['p', 'sound']);
  });

  it('of one node', () => {
    const plan = planOf(graph({ a: M }, ['a.image > a.image']));
    expect(plan.problems.map((p) => p.code)).toEqual(['link-cycle']);
  });

  it('keep a sink below them from being taken for one that is not there', () => {
    const document = graph({ a: M, w: W }, ['a.image > a.mask', 'a.image > w.image']);
    expect(planOf(document).sinks).toEqual(['w']);
  });
});

describe('bypassed nodes', () => {
  const off = { ...M, disabled: true as const };

  it('hand on what their first connected image input brings, however many stand in a row', () => {
    const document = graph({ p: P, a: off, b: off, c: off, w: W }, [
      'p.image > a.image',
      'a.image > b.image',
      'b.image > c.image',
      'c.image > w.image',
    ]);
    const plan = planOf(document);
    expect(plan.problems).toEqual([]);
    expect(plan.nodes.get('w')!.inputs.get('image')).toEqual({ node: 'p', port: 'image' });
    expect(upstreamOf(plan, ['w'])).toEqual(['p', 'w']);
  });

  it('with many named inputs hand on the first of them', () => {
    const document = graph({ p: P, q: P, s: { ...S, disabled: true }, w: W }, [
      'q.image > s.sources.zebra',
      'p.image > s.sources.ant',
      's.image > w.image',
    ]);
    expect(planOf(document).nodes.get('w')!.inputs.get('image')).toEqual({ node: 'q', port: 'image' });
  });

  it('without an image input are a problem where something needs them', () => {
    const document = graph({ p: { ...P, disabled: true }, w: W }, ['p.image > w.image']);
    const { problems } = planOf(document);
    expect(problems.filter((p) => p.severity === 'error').map((p) => [p.code, p.where.node])).toEqual([
      ['node-disabled-source', 'p'],
    ]);
    expect(mended(document, problems[0]!)).toEqual([]);
  });

  it('are not checked: wrong parameters and open inputs of theirs stop nothing', () => {
    const nodes = { p: P, s: { type: 'channel.shuffle', params: { rows: 'none' }, disabled: true as const }, w: W };
    expect(planOf(graph(nodes, ['p.image > w.image'])).problems).toEqual([]);
  });

  it('that write are no sinks', () => {
    const document = graph({ p: P, w: { ...W, disabled: true }, x: W }, ['p.image > w.image', 'p.image > x.image']);
    expect(planOf(document).sinks).toEqual(['x']);
  });
});

describe('open inputs', () => {
  it('are errors where the node is used, hints where nothing uses it', () => {
    const used = planOf(graph({ m: M, w: W }, ['m.image > w.image'])).problems;
    expect(used.map((p) => [p.severity, p.code, p.where.node])).toEqual([['error', 'input-missing', 'm']]);
    const idle = planOf(graph({ m: M, p: P, w: W }, ['p.image > w.image'])).problems;
    expect(idle.map((p) => [p.severity, p.code, p.where.node])).toEqual([['info', 'input-missing', 'm']]);
  });

  it('a sink that nothing feeds is an error', () => {
    expect(hasErrors(planOf(graph({ w: W }, [])).problems)).toBe(true);
  });

  it('below a node of an unknown type are not reported a second time', () => {
    const document = graph({ x: { type: 'studio.magic' }, w: W }, ['x.image > w.image']);
    expect(planOf(document).problems.map((p) => [p.code, p.where.node])).toEqual([['node-unknown', 'x']]);
  });
});

describe('order', () => {
  it('has each node after all that feed it, whatever the order in the document: 60 random graphs', () => {
    let links = 0;
    for (let seed = 0; seed < 60; seed++) {
      const { int, chance, pick } = random(seed);
      const count = int(2, 25);
      const ids = Array.from({ length: count }, (_, i) => `n${i}`);
      const wanted: string[] = [];
      for (let i = 1; i < count; i++)
        for (let k = 0; k < int(0, 4); k++) wanted.push(`n${int(0, i - 1)}.image > n${i}.all.k${k}`);
      const shuffled = ids.map((id) => [id, int(0, 1e6)] as const).sort((a, b) => a[1] - b[1]);
      const document = graph(
        Object.fromEntries(
          shuffled.map(([id]) => [id, { type: 'test.many', ...(chance(0.1) ? { disabled: true as const } : {}) }]),
        ),
        chance(0.5) ? wanted : wanted.toReversed(),
      );
      const plan = planOf(document);
      expect(plan.problems.filter((p) => p.severity === 'error')).toEqual([]);
      const place = new Map([...plan.nodes.keys()].map((id, i) => [id, i]));
      expect(place.size).toBe(count);
      for (const link of document.links) {
        links += 1;
        expect(place.get(link.from.split('.')[0]!)!).toBeLessThan(place.get(link.to.split('.')[0]!)!);
      }
      const end = pick(ids);
      expect(upstreamOf(plan, [end])).toContain(end);
    }
    expect(links).toBeGreaterThan(800);
  });

  it('of 20 000 nodes in a row takes no more than seconds', () => {
    const nodes = Object.fromEntries(Array.from({ length: 20_000 }, (_, i) => [`n${i}`, i === 0 ? P : M]));
    const links = Array.from({ length: 19_999 }, (_, i) => `n${i}.image > n${i + 1}.image`);
    const start = performance.now();
    expect(planOf(graph(nodes, links)).nodes.size).toBe(20_000);
    expect(performance.now() - start).toBeLessThan(3000);
  });
});
