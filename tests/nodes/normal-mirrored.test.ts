// Mirrored islands in a normal map: whether they are to be turned is told by their slopes, apart from which way green grows.
import { describe, expect, it } from 'vitest';
import type { AnyNode } from '../../engine/authoring.ts';
import type { Json } from '../../engine/base/canonical.ts';
import { problemsOfFindings } from '../../engine/run/findings.ts';
import { Tally } from '../../engine/run/tally.ts';
import { bench, graph, never } from '../run/graph.ts';
import { mapped } from './normal-map.ts';

const SIZE = 160;

type Axis = 'u' | 'v';

/**
 * A map of waves of which the columns from `from` on lie on mirrored islands: 1 turns x there, 2 turns y. `turned` says
 * whether the map has them turned; `green` is -1 where green grows downwards.
 */
interface Sketch {
  readonly axis?: Axis;
  readonly from?: number;
  readonly turned: boolean;
  readonly green?: 1 | -1;
}

/** What is offered, as what it would set. */
async function offered({ axis = 'u', from = SIZE / 2, turned, green = 1 }: Sketch, params: Record<string, Json> = {}) {
  const normal = (x: number, y: number): readonly number[] => {
    const u = 0.6 * Math.cos(0.11 * x) * Math.cos(0.08 * y);
    const v = 0.44 * Math.sin(0.11 * x) * Math.sin(0.08 * y);
    const length = Math.hypot(u, v, 1);
    const [a, b] = turned && x >= from ? (axis === 'u' ? [-1, 1] : [1, -1]) : [1, 1];
    return [(-u * a!) / length, (-v * b! * green) / length, 1 / length];
  };
  const tally = new Tally();
  const row = { to: 'mirror', expression: `x < ${from} ? 0 : ${axis === 'u' ? 1 : 2}`, type: 'float' };
  const { evaluator, descriptions } = bench(
    graph(
      {
        map: { type: 'test.map' },
        blank: { type: 'generate.constant', params: { format: [SIZE, SIZE], type: 'float', channels: 'rgb' } },
        charts: { type: 'channel.expression', params: { rows: [row] } },
        node: { type: 'normal.decode', params },
      },
      ['map.image > node.image', 'blank.image > charts.image', 'charts.image > node.charts'],
    ),
    { more: [mapped(SIZE, normal, 16) as AnyNode], observer: tally },
  );
  for (let minY = 0; minY < SIZE; minY += 40) {
    const box = { minX: 0, maxX: SIZE - 1, minY, maxY: minY + 39 };
    await evaluator.planes('node', 1, { part: 0, channels: ['slope.u', 'slope.v'], box }, never);
  }
  const problems = await problemsOfFindings(descriptions, tally.take().findings ?? []);
  return problems.map(({ code, where, fixes }) => {
    const set = fixes!.flatMap(({ edits }) => edits.map((edit) => (edit.op === 'setParam' ? edit.value : edit.op)));
    return [code, where.param, ...set];
  });
}

describe.each(['u', 'v'] as const)('islands mirrored in %s', (axis) => {
  it('are turned without a word where the map has them turned, and kept where it has not', async () => {
    expect(await offered({ axis, turned: true })).toEqual([]);
    expect(await offered({ axis, turned: false }, { mirrored: 'keep' })).toEqual([]);
    expect(await offered({ axis, turned: true, green: -1 }, { y: 'down' })).toEqual([]);
  });

  it('read the wrong way: the other one is offered, and nothing is said of green', async () => {
    expect(await offered({ axis, turned: false })).toEqual([['normal-convention', 'mirrored', 'keep']]);
    expect(await offered({ axis, turned: true }, { mirrored: 'keep' })).toEqual([
      ['normal-convention', 'mirrored', 'turn'],
    ]);
  });

  it('with green the wrong way too: green is told first', async () => {
    expect(await offered({ axis, turned: true, green: -1 })).toEqual([['normal-convention', 'y', 'down']]);
    expect(await offered({ axis, turned: false, green: -1 })).toEqual([['normal-convention', 'y', 'down']]);
    expect(await offered({ axis, turned: false, green: -1 }, { y: 'down' })).toEqual([
      ['normal-convention', 'mirrored', 'keep'],
    ]);
  });

  it('alone on a tile: it may be either, and both are offered', async () => {
    expect(await offered({ axis, turned: false, from: 0 })).toEqual([
      ['normal-convention', 'mirrored', 'keep', 'down'],
    ]);
    expect(await offered({ axis, turned: true, from: 0, green: -1 })).toEqual([
      ['normal-convention', 'mirrored', 'keep', 'down'],
    ]);
    expect(await offered({ axis, turned: true, from: 0 })).toEqual([]);
  });
});
