// Expression: samples by hand, names and their quotes, types, problems; and how fast it goes.
import { describe, expect, it } from 'vitest';
import type { Json } from '../../engine/base/canonical.ts';
import { compileExpression, TILE } from '../../engine/expression/compile.ts';
import { parseExpression } from '../../engine/expression/parse.ts';
import { type Bench, never } from '../run/graph.ts';
import { rowOf, solidBench } from './solid.ts';

/** R is 1, 2, 3, 4 from left to right, G is 0.5. */
const SOURCE = {
  channels: { R: [1, 1], G: 0.5, 'left-eye.R': 8, x: 100, 'Z:float': [10, 5], 'id:uint': [7, 1] },
  window: [0, 0, 3, 3],
  display: [0, 0, 7, 3],
} as const;

const open = (params: Readonly<Record<string, Json>>, source: Readonly<Record<string, Json>> = SOURCE): Bench =>
  solidBench({ type: 'channel.expression', params }, { a: source }, ['a.image > node.image']);

const rows = (...list: readonly (readonly [to: string, expression: string, type?: string])[]): Json =>
  list.map(([to, expression, type]) => ({ to, expression, ...(type ? { type } : {}) }));

/** The samples of one expression at pixels 0 to 3 of a row. */
const samples = async (expression: string, y = 0, more: Readonly<Record<string, Json>> = {}): Promise<number[]> =>
  (await rowOf(open({ rows: rows(['out', expression, 'float']), ...more }), [0, 3, y]))['out:float']!;

const GIVEN: readonly (readonly [expression: string, expected: readonly number[], y?: number])[] = [
  ['R', [1, 2, 3, 4]],
  ['R * 2 + G', [2.5, 4.5, 6.5, 8.5]],
  ['(R - 2) ^ 2', [1, 0, 1, 4]],
  ["'left-eye.R' / R", [8, 4, Math.fround(8 / 3), 2]],
  ["'left-eye'.R", [8, 8, 8, 8]],
  ['x', [0, 1, 2, 3]],
  ["'x'", [100, 100, 100, 100]],
  ['y', [2, 2, 2, 2], 2],
  ['x + y * width', [16, 17, 18, 19], 2],
  ['height', [4, 4, 4, 4]],
  ['frame', [1, 1, 1, 1]],
  ['R > 2 ? Z : -Z', [-10, -15, 20, 25]],
  ['clamp(R, 2, 3)', [2, 2, 3, 3]],
  ['min(R, G * 5, 3)', [1, 2, 2.5, 2.5]],
  ['R % 2 == 0 && x < 3', [0, 1, 0, 0]],
  ['k * R + off', [0.75, 1, 1.25, 1.5]],
  ['sqrt(R)', [1, Math.fround(Math.SQRT2), Math.fround(Math.sqrt(3)), 2]],
  ['id + 0.5', [7.5, 8.5, 9.5, 10.5]],
  ['1 / 3', [1, 1, 1, 1].map((v) => Math.fround(v / 3))],
  ['e', [1, 1, 1, 1].map(() => Math.fround(Math.E))],
];

describe('samples', () => {
  it.each(GIVEN.map(([text, expected, y = 0]) => [text, expected, y] as const))('%s', async (text, expected, y) => {
    expect(await samples(text, y, { values: { k: 0.25, off: 0.5 } })).toEqual(expected);
  });
  it('are counted', () => expect(GIVEN).toHaveLength(20));

  it('change with the frame where the expression says so, and only there', async () => {
    const keys = async (expression: string): Promise<string[]> => {
      const { descriptions } = open({ rows: rows(['R', expression]) });
      return Promise.all([1, 2].map(async (frame) => (await descriptions.describe('node', frame)).key));
    };
    expect(new Set(await keys('R + frame')).size).toBe(2);
    expect(new Set(await keys('R + x')).size).toBe(1);
    const { evaluator } = open({ rows: rows(['R', 'R + frame']) });
    const want = { part: 0, channels: ['R'], box: { minX: 0, minY: 0, maxX: 0, maxY: 0 } };
    expect((await evaluator.planes('node', 9, want, never)).get('R')!.samples[0]).toBe(0x4900); // 10 as half
  });
});

describe('channels', () => {
  it('keep their type; new ones are half where all that they are made of is, else float', async () => {
    const made = await rowOf(
      open({
        rows: rows(
          ['R', 'R * 0.1'],
          ['id', 'id * 1.5'],
          ['a.new', 'R + G'],
          ['b', 'R + Z'],
          ['c', 'x / 2'],
          ['d', 'R', 'uint'],
          ['Z', 'Z', 'half'],
        ),
      }),
      [0, 3],
    );
    expect(Object.keys(made)).toEqual([
      'G',
      'R',
      'Z',
      'a.new',
      'b:float',
      'c:float',
      'd:uint',
      'id:uint',
      'left-eye.R',
      'x',
    ]);
    // 0.1 as half is 0x2e66, which is 0.0999755859375.
    expect(made['R']![0]).toBe(0.0999755859375);
    expect(made['id:uint']).toEqual([11, 12, 14, 15]);
    expect(made['d:uint']).toEqual([1, 2, 3, 4]);
    expect(made['c:float']).toEqual([0, 0.5, 1, 1.5]);
    expect(made['Z']).toEqual([10, 15, 20, 25]);
  });

  it('of whole numbers are rounded and stay within their range', async () => {
    const uint = async (text: string): Promise<number[]> =>
      (await rowOf(open({ rows: rows(['id', text]) }), [0, 1]))['id:uint']!;
    expect(await uint('x ? 1e12 : -5')).toEqual([0, 0xffffffff].map(Math.fround));
    expect(await uint('0 / 0')).toEqual([0, 0]);
    expect(await uint('x + 0.5')).toEqual([1, 2]);
    const { evaluator } = open({ rows: rows(['id', '4294967295 - x']) });
    const want = { part: 0, channels: ['id'], box: { minX: 0, minY: 0, maxX: 2, maxY: 0 } };
    expect([...(await evaluator.planes('node', 1, want, never)).get('id')!.samples]).toEqual([
      4294967295, 4294967294, 4294967293,
    ]);
  });

  it('of a pattern are made each from itself', async () => {
    const made = await rowOf(open({ rows: rows(['*R', 'this * 2']) }), [0, 3]);
    expect([made['R'], made['left-eye.R'], made['G']]).toEqual([
      [2, 4, 6, 8],
      [16, 16, 16, 16],
      [0.5, 0.5, 0.5, 0.5],
    ]);
  });

  it('are read as they come in, whatever other rows make', async () => {
    const made = await rowOf(open({ rows: rows(['R', 'G'], ['G', 'R']) }), [0, 3]);
    expect([made['R'], made['G']]).toEqual([
      [0.5, 0.5, 0.5, 0.5],
      [1, 2, 3, 4],
    ]);
  });

  it('take values that are animated or driven', async () => {
    const bench = solidBench(
      {
        type: 'channel.expression',
        params: { rows: rows(['R', 'R * k', 'float']), values: { k: 1 } },
        animation: { 'values.k': { expression: 'frame + 1' } },
      },
      { a: SOURCE },
      ['a.image > node.image'],
    );
    expect((await rowOf(bench, [0, 3]))['R:float']).toEqual([2, 4, 6, 8]);
  });
});

const WRONG: readonly (readonly [
  params: Readonly<Record<string, Json>>,
  code: string,
  param: string,
  words: string,
])[] = [
  [
    { rows: rows(['R', 'R +']) },
    'expression-syntax',
    'rows[0].expression',
    'Row 1: Expected a number, a name or ( at column 4',
  ],
  [
    { rows: rows(['G', 'G'], ['R', 'RR * 2']) },
    'channel-unknown',
    'rows[1].expression',
    'Row 2: there is no channel RR',
  ],
  [{ rows: rows(['R', 'left.R']) }, 'channel-unknown', 'rows[0].expression', 'there is no channel left.R'],
  [{ rows: rows(['R', 'constructor']) }, 'channel-unknown', 'rows[0].expression', 'no channel constructor'],
  [{ rows: rows(['new', 'this']) }, 'channel-unknown', 'rows[0].expression', 'no channel new yet'],
  [{ rows: rows(['R', 'G']), values: { G: 1 } }, 'channel-unknown', 'rows[0].expression', 'is a channel and a value'],
  [{ rows: rows(['R', 'G'], ['R', 'Z']) }, 'channel-duplicate', 'rows[1].to', 'Rows 1 and 2 both make R'],
  [{ rows: rows(['R', 'G'], ['*', 'this']) }, 'channel-duplicate', 'rows[1].to', 'both make R'],
  [{ rows: rows(['n'.repeat(256), 'G']) }, 'channel-name', 'rows[0].to', '256 bytes long'],
  [{ rows: rows(['R', 'G']), part: 'beauty' }, 'part-unknown', 'part', 'There is no part beauty. Parts: #0.'],
];

describe('what is wrong', () => {
  it.each(WRONG)('%j', async (params, code, param, words) => {
    const { problems } = await open(params).descriptions.describe('node', 1);
    expect(problems.length).toBeGreaterThan(0);
    expect(problems[0]).toMatchObject({ severity: 'error', code, where: { node: 'node', param } });
    expect(problems[0]!.message).toContain(words);
  });
  it('is counted', () => expect(WRONG).toHaveLength(10));

  it('is mended by the name that was meant, in quotes where it needs them', async () => {
    const { problems } = await open({ rows: rows(['R', 'left_eye.R * 2']) }).descriptions.describe('node', 1);
    expect(problems[0]!.fixes?.map(({ title, edits }) => [title, edits])).toContainEqual([
      'Use left-eye.R',
      [{ op: 'setParam', node: 'node', name: 'rows', value: rows(['R', "'left-eye'.R * 2"]) }],
    ]);
  });

  it('is no error where a pattern fits nothing, and no work without rows', async () => {
    const { problems, spec } = await open({ rows: rows(['beauty.*', 'this']) }).descriptions.describe('node', 1);
    expect(problems).toMatchObject([{ severity: 'warning', code: 'channel-unknown' }]);
    expect(spec!.parts[0]!.channels.every((c) => c.origin.from === 'input')).toBe(true);
    expect((await open({}).descriptions.describe('node', 1)).problems).toEqual([]);
  });

  it('is a program that takes too long: simple arithmetic goes faster than 20 million samples a second', () => {
    const program = compileExpression(parseExpression('R * 0.5 + G * 0.25 + 0.1'), ({ name }) => ({ array: name }));
    const began = performance.now();
    for (let i = 0; i < 4000; i++) program.run(TILE);
    expect((4000 * TILE) / (performance.now() - began) / 1000).toBeGreaterThan(20);
  });
});
