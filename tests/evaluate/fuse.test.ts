// Point-wise nodes in a row: one program, the bits of one node after the other, and ends where something is in the way.
import { expect, test } from 'vitest';
import { box } from '../../engine/base/box.ts';
import { PlaneCache } from '../../engine/evaluate/cache.ts';
import type { Planes } from '../../engine/image/want.ts';
import { planeBytes, type SampleType } from '../../engine/pixels/plane.ts';
import { type Random, random } from '../base/random.ts';
import { bench, graph, type NodeSketch, never, pulls } from '../run/graph.ts';

const REGION = box(1, 2, 30, 20);
const WANT = { part: 0, channels: ['R', 'G', 'B'], box: REGION };
const BYTES = 2 ** 26;

const source = (type: SampleType): NodeSketch => ({
  type: 'test.pattern',
  params: { channels: ['A', 'B', 'G', 'R'].map((name) => ({ name, type })) },
});
const GRADE: NodeSketch = { type: 'color.grade', params: { gamma: [1.2, 0.9, 1], gain: [0.3, 0.4, 0.5] } };
const MATRIX: NodeSketch = { type: 'color.matrix', params: { red: [0.9, 0.1, 0], blue: [0, 0.3, 0.7] } };
const COVERED: NodeSketch = { ...GRADE, params: { ...GRADE.params, unpremultiply: true } };

/** A chain from `p` through the given nodes, named `n0`, `n1` and so on. */
const chain = (from: NodeSketch, nodes: readonly NodeSketch[]) =>
  graph(
    { p: from, ...Object.fromEntries(nodes.map((node, i) => [`n${i}`, node])) },
    nodes.map((node, i) => {
      const port = node.type === 'channel.shuffle' ? 'sources.in' : 'image';
      return `${i === 0 ? 'p' : `n${i - 1}`}.image > n${i}.${port}`;
    }),
  );

const bytesOf = (planes: Planes): [string, string][] =>
  [...planes]
    .map(([name, plane]): [string, string] => [name, Buffer.from(planeBytes(plane)).toString('base64')])
    .sort();

/** The planes of the last node, made at once; and which of the nodes' samples came to be on the way. */
async function atOnce(document: ReturnType<typeof chain>, last: string): Promise<{ planes: Planes; made: string[] }> {
  const cache = new PlaneCache(BYTES);
  const { evaluator, descriptions } = bench(document, { cache });
  const planes = await evaluator.planes(last, 1, WANT, never);
  const again = new Map<string, string>();
  for (const id of descriptions.plan.nodes.keys()) again.set((await descriptions.describe(id, 1)).key, id);
  const made = new Set([...cache.keys()].map((key) => again.get(key.split('/')[0]!)!));
  return { planes, made: [...made].sort() };
}

/** The planes of the last node after every node's own were asked for, from the first on. */
async function oneByOne(document: ReturnType<typeof chain>, last: string): Promise<Planes> {
  const { evaluator, descriptions } = bench(document, { cacheBytes: BYTES });
  for (const id of descriptions.plan.nodes.keys()) await evaluator.planes(id, 1, WANT, never);
  return evaluator.planes(last, 1, WANT, never);
}

test.each(['half', 'float'] as const)('a chain of %s channels is one program with the same bits', async (type) => {
  const document = chain(source(type), [GRADE, MATRIX, { type: 'graph.dot' }, COVERED, GRADE, COVERED, MATRIX]);
  pulls.length = 0;
  const { planes, made } = await atOnce(document, 'n6');
  expect(made).toEqual(['n6', 'p']);
  expect(pulls.map(({ node }) => node)).toEqual(['p']);
  expect(bytesOf(planes)).toEqual(bytesOf(await oneByOne(document, 'n6')));
});

test('what feeds several nodes is made for all of them', async () => {
  const document = graph({ p: source('half'), a: GRADE, b: MATRIX, c: MATRIX, d: GRADE }, [
    'p.image > a.image',
    'a.image > b.image',
    'a.image > c.image',
    'b.image > d.image',
  ]);
  const { planes, made } = await atOnce(document, 'd');
  expect(made).toEqual(['a', 'd', 'p']);
  expect(bytesOf(planes)).toEqual(bytesOf(await oneByOne(document, 'd')));
});

test('a new window, a new type, other alphas and other channels each end a program', async () => {
  const shuffle = (rows: readonly Record<string, string | number>[]): NodeSketch => ({
    type: 'channel.shuffle',
    params: { rows, others: 'keep' },
  });
  const ends: [string, NodeSketch[]][] = [
    ['window', [GRADE, { type: 'transform.crop', params: { box: [4, 4, 12, 12] } }, GRADE]],
    ['type', [GRADE, shuffle([{ to: 'R', from: 'in:R', type: 'float' }]), GRADE]],
    ['alpha', [COVERED, shuffle([{ to: 'A', value: 0.5, type: 'half' }]), COVERED]],
    [
      'order',
      [
        GRADE,
        shuffle([
          { to: 'R', from: 'in:G' },
          { to: 'G', from: 'in:R' },
        ]),
        GRADE,
      ],
    ],
  ];
  for (const [what, nodes] of ends) {
    const document = chain(source('half'), nodes);
    const { planes, made } = await atOnce(document, 'n2');
    expect(made, what).toContain('n0');
    expect(bytesOf(planes), what).toEqual(bytesOf(await oneByOne(document, 'n2')));
  }
});

/** A point-wise node, or one that hands channels on. */
function someNode(from: Random): NodeSketch {
  const number = (low: number, high: number): number => from.int(low * 100, high * 100) / 100;
  const triple = (low: number, high: number) => [number(low, high), number(low, high), number(low, high)];
  const unpremultiply = from.chance(0.3);
  return from.pick<NodeSketch>([
    { type: 'color.grade', params: { gamma: triple(0.5, 2), offset: triple(-0.2, 0.2), unpremultiply } },
    { type: 'color.matrix', params: { red: triple(-0.5, 1), green: triple(-0.5, 1), offset: triple(-1, 1) } },
    { type: 'color.saturation', params: { saturation: number(0, 2) } },
    { type: 'color.cdl', params: { slope: triple(0.5, 1.5), power: triple(0.5, 1.5), saturation: number(0, 2) } },
    { type: 'color.clamp', params: { greatest: number(1, 500) } },
    { type: 'graph.dot' },
    { type: 'metadata.set', params: { edits: [{ op: 'set', name: 'note', type: 'string', value: 'x' }] } },
  ]);
}

test('120 random chains give the bits of their nodes one by one', async () => {
  const from = random(41);
  let fused = 0;
  for (let i = 0; i < 120; i++) {
    const nodes = Array.from({ length: from.int(2, 8) }, () => someNode(from));
    const document = chain(source(from.pick(['half', 'float'])), nodes);
    const last = `n${nodes.length - 1}`;
    const { planes, made } = await atOnce(document, last);
    expect(bytesOf(planes), `chain ${i}`).toEqual(bytesOf(await oneByOne(document, last)));
    if (made.length <= 2) fused++;
  }
  expect(fused).toBe(120);
});

test('several layers are read of a source together', async () => {
  const names = ['A', 'B', 'G', 'R', 'diffuse.B', 'diffuse.G', 'diffuse.R'];
  const source: NodeSketch = {
    type: 'test.pattern',
    params: { channels: names.map((name) => ({ name, type: 'half' })) },
  };
  const both: NodeSketch = { ...GRADE, params: { ...GRADE.params, channels: ['R', 'G', 'B', 'diffuse.*'] } };
  const { evaluator } = bench(chain(source, [both]));
  pulls.length = 0;
  await evaluator.planes('n0', 1, { ...WANT, channels: names }, never);
  expect(pulls).toHaveLength(1);
  expect([...pulls[0]!.channels].sort()).toEqual(names);
});
