// Planes that are given back: when they may be, what becomes of their memory, and that nobody else's is touched.
import { describe, expect, test } from 'vitest';
import type { AnyNode } from '../../engine/authoring.ts';
import { box } from '../../engine/base/box.ts';
import { comesFresh } from '../../engine/evaluate/fresh.ts';
import { allocateSamples, createPlane, recyclePlane } from '../../engine/pixels/plane.ts';
import { bench, graph, halfBits, never, pattern, patternSample, pulls } from '../run/graph.ts';

const fresh = { ...pattern, type: 'test.fresh', fresh: true } as AnyNode;
const more = [fresh];
const REGION = box(0, 0, 31, 31);
const WIDE = { window: [0, 0, 511, 511] };
const write = { type: 'io.write', params: { path: '/nowhere/x.exr' } };
const take = { type: 'channel.shuffle', params: { rows: [{ to: 'R', from: 'a:R' }], others: 'drop' as const } };

describe('memory of planes', () => {
  test('is given to the next plane of its size, with zeros in it, and the plane that was given back is empty', () => {
    for (const type of ['half', 'float', 'uint'] as const) {
      const plane = createPlane(type, box(0, 0, 255, 255));
      plane.samples.fill(7);
      recyclePlane(plane);
      expect(plane.samples).toHaveLength(0);
      const next = allocateSamples(type, 65536);
      expect(next).toHaveLength(65536);
      expect(next.every((sample) => sample === 0)).toBe(true);
      expect(next.constructor).toBe(plane.samples.constructor);
      // A plane twice in a list is given back once.
      recyclePlane(plane);
    }
  });

  test('is left alone where it is small, or where the plane is a part of it', () => {
    const small = createPlane('half', box(0, 0, 15, 15));
    recyclePlane(small);
    expect(small.samples).toHaveLength(256);
    const whole = createPlane('float', box(0, 0, 255, 255));
    const part = { ...whole, samples: whole.samples.subarray(0, 32768) };
    recyclePlane(part);
    expect([part.samples.length, whole.samples.length]).toEqual([32768, 65536]);
  });
});

describe('a sink', () => {
  test.each([
    ['a source that makes its planes afresh', { p: { type: 'test.fresh' }, w: write }, ['p.image > w.image'], true],
    ['a source that may keep them', { p: { type: 'test.pattern' }, w: write }, ['p.image > w.image'], false],
    [
      'channels chosen of it',
      { p: { type: 'test.fresh' }, t: take, w: write },
      ['p.image > t.sources.a', 't.image > w.image'],
      true,
    ],
    [
      'something that computes on the way',
      { p: { type: 'test.fresh' }, e: { type: 'color.exposure', params: { stops: 1 } }, w: write },
      ['p.image > e.image', 'e.image > w.image'],
      false,
    ],
  ] as const)('gets %s', async (_, nodes, links, expected) => {
    const { descriptions } = bench(graph(nodes, links), { more });
    expect(await comesFresh(descriptions, 'w', 1)).toBe(expected);
  });

  test('that lends gets new planes each time, and what it gives back is empty; else planes are kept and stay', async () => {
    const document = graph({ p: { type: 'test.fresh', params: WIDE }, w: write }, ['p.image > w.image']);
    const { evaluator } = bench(document, { more, cacheBytes: 2 ** 20 });
    const want = { part: 0, channels: ['R'], box: box(0, 0, 255, 255) };
    const ask = async () => (await evaluator.source('w', 'image', 1, never).planes(want)).get('R')!;
    pulls.length = 0;
    evaluator.lend(true);
    const first = await ask();
    evaluator.giveBack(new Map([['R', first]]));
    expect(first.samples).toHaveLength(0);
    const second = await ask();
    expect(second.samples[256 * 2 + 3]).toBe(halfBits(patternSample('R', 3, 2, 0)));
    expect(pulls).toHaveLength(2);
    evaluator.lend(false);
    const kept = await ask();
    evaluator.giveBack(new Map([['R', kept]]));
    expect(await ask()).toBe(kept);
    expect(kept.samples).toHaveLength(65536);
    expect(pulls).toHaveLength(3);
  });

  test('asks a source once for all that it wants in a turn, lent or not', async () => {
    const document = graph({ p: { type: 'test.fresh' }, w: write }, ['p.image > w.image']);
    const { evaluator } = bench(document, { more });
    evaluator.lend(true);
    pulls.length = 0;
    const source = evaluator.source('w', 'image', 1, never);
    await Promise.all(['R', 'G'].map((name) => source.planes({ part: 0, channels: [name], box: REGION })));
    expect(pulls).toEqual([{ node: 'p', channels: ['R', 'G'], rows: 32 }]);
  });
});
