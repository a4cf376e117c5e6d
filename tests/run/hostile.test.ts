// Graphs that mean harm: endless chains, ladders that double, inputs that multiply. Each is an answer, soon.
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { type AnyNode, createPlane, defineNode, ExrFile, image } from '../../engine/authoring.ts';
import type { Document } from '../../engine/document/schema.ts';
import { FileServices } from '../../engine/run/services.ts';
import { nodes as builtIn } from '../../nodes/index.ts';
import { filesBelow, run, sums, temporary, writeExr } from './files.ts';
import { bench, graph, type NodeSketch, pattern } from './graph.ts';

const folder = temporary();
beforeAll(() => writeExr(join(folder, 'in.exr'), [{ channels: ['R', 'G'] }]));

const READ: NodeSketch = { type: 'io.read', params: { path: 'in.exr' } };
const write = (path: string): NodeSketch => ({ type: 'io.write', params: { path } });

async function timed<T>(work: Promise<T>, limit: number): Promise<T> {
  const start = performance.now();
  const result = await work;
  expect(performance.now() - start).toBeLessThan(limit);
  return result;
}

/** `rungs` nodes, each fed twice by the one before it. */
function ladder(rungs: number, node: NodeSketch, ports: readonly [string, string], out: string): Document {
  const nodes: Record<string, NodeSketch> = { n0: READ, w: write(out) };
  const links: string[] = [`n${rungs}.image > w.image`];
  for (let i = 1; i <= rungs; i++) {
    nodes[`n${i}`] = node;
    for (const port of ports) links.push(`n${i - 1}.image > n${i}.${port}`);
  }
  return graph(nodes, links);
}

describe('graphs', () => {
  it('of a thousand nodes in a row render', async () => {
    const nodes: Record<string, NodeSketch> = { n0: READ, w: write('chain.exr') };
    const links = ['n1000.image > w.image'];
    for (let i = 1; i <= 1000; i++) {
      nodes[`n${i}`] = {
        type: 'metadata.set',
        params: { edits: i % 100 === 0 ? [{ op: 'set', name: `a${i}`, type: 'int', value: i }] : [] },
      };
      links.push(`n${i - 1}.image > n${i}.image`);
    }
    const done = await timed(run(graph(nodes, links), folder), 20_000);
    expect([done.exitCode, done.problems, done.result!.ledger.length]).toEqual([0, [], 10]);
    expect(sums(join(folder, 'chain.exr'))).toEqual(sums(join(folder, 'in.exr')));
  }, 30_000);

  it('of twenty thousand nodes in a row are described without filling the stack', async () => {
    const nodes: Record<string, NodeSketch> = { n0: { type: 'test.pattern' } };
    const links: string[] = [];
    for (let i = 1; i < 20_000; i++) {
      nodes[`n${i}`] = { type: 'part.select' };
      links.push(`n${i - 1}.image > n${i}.image`);
    }
    const { descriptions } = bench(graph(nodes, links));
    const described = await timed(descriptions.describe('n19999', 1), 20_000);
    expect([described.problems, described.spec?.parts.length]).toEqual([[], 1]);
    expect(descriptions.above('n19999', 1)).toHaveLength(20_000);
  }, 30_000);

  it('whose ways double at every node are walked once: 2^60 ways', async () => {
    const shuffle: NodeSketch = {
      type: 'channel.shuffle',
      params: { rows: [{ to: '*', from: 'a:*' }], others: 'drop', attributes: { resolveAll: 'a' } },
    };
    const done = await timed(run(ladder(60, shuffle, ['sources.a', 'sources.b'], 'ladder.exr'), folder), 5000);
    expect([done.exitCode, done.problems]).toEqual([0, []]);
    expect(sums(join(folder, 'ladder.exr'))).toEqual(sums(join(folder, 'in.exr')));
  });

  it('whose parts double at every node are refused before the memory is full', async () => {
    const document = ladder(40, { type: 'part.assemble' }, ['parts.a', 'parts.b'], 'parts.exr');
    const done = await timed(run(document, folder), 10_000);
    expect(done.exitCode).toBe(3);
    const codes = new Set(done.problems.filter((p) => p.severity === 'error').map((p) => p.code));
    expect([...codes].every((c) => ['image-too-large', 'part-duplicate'].includes(c))).toBe(true);
  }, 20_000);

  it('whose channels double at every node are refused too', async () => {
    const nodes: Record<string, NodeSketch> = { n0: READ, w: write('channels.exr') };
    const links = ['n40.image > w.image'];
    for (let i = 1; i <= 40; i++) {
      nodes[`n${i}`] = {
        type: 'channel.shuffle',
        params: {
          rows: [
            { to: 'a.*', from: 's:*' },
            { to: 'b.*', from: 's:*' },
          ],
          others: 'drop',
        },
      };
      links.push(`n${i - 1}.image > n${i}.sources.s`);
    }
    const done = await timed(run(graph(nodes, links), folder), 20_000);
    expect(done.exitCode).toBe(3);
    expect(done.problems.filter((p) => p.severity === 'error').map((p) => p.code)).toContain('image-too-large');
  }, 30_000);

  it('leave nothing behind but what was rendered', () => {
    expect(
      filesBelow(folder)
        .filter((f) => f.endsWith('.exr'))
        .sort(),
    ).toEqual(['chain.exr', 'in.exr', 'ladder.exr']);
  });
});

describe('nodes that misbehave', () => {
  const broken = (type: string, more: Partial<AnyNode>): AnyNode =>
    ({
      ...defineNode({
        type,
        version: 1,
        title: 'Broken',
        doc: 'Misbehaves.',
        params: z.strictObject({}),
        inputs: { image: image('Any.') },
        spec: ({ inputs }) => inputs.image,
      }),
      ...more,
    }) as AnyNode;
  const computed = ({ inputs }: { inputs: { image: { parts: { channels: object[] }[] } } }) => ({
    parts: inputs.image.parts.map((p) => ({
      ...p,
      channels: p.channels.map((c) => ({ ...c, origin: { from: 'computed' } })),
    })),
  });
  const cases: readonly AnyNode[] = [
    broken('test.throws', {
      spec: () => {
        throw new TypeError('no');
      },
    }),
    broken('test.rejects', { spec: () => Promise.reject(new Error('no')) }),
    broken('test.identity', {
      identity: () => {
        throw new RangeError('no');
      },
    }),
    broken('test.pull', {
      spec: computed as never,
      pull: () => {
        throw new Error('no');
      },
    }),
    broken('test.forgets', { spec: computed as never, pull: async () => new Map() }),
    broken('test.idle', { spec: computed as never }),
    broken('test.dangling', {
      spec: (({ inputs }: { inputs: { image: { parts: { channels: object[] }[] } } }) => ({
        parts: inputs.image.parts.map((p) => ({
          ...p,
          channels: p.channels.map((c) => ({
            ...c,
            origin: { from: 'input', port: 'nowhere', part: 0, channel: 'R' },
          })),
        })),
      })) as never,
    }),
  ];

  it.each(cases.map((node) => [node.type, node] as const))(
    '%s: one error at the node, and no file',
    async (type, node) => {
      const document = graph({ r: READ, n: { type }, w: write(`${type}.exr`) }, [
        'r.image > n.image',
        'n.image > w.image',
      ]);
      const done = await run(document, folder, { nodes: [...builtIn, pattern as AnyNode, node] });
      expect([1, 3]).toContain(done.exitCode);
      const [first] = [
        ...done.problems.filter((p) => p.severity === 'error'),
        ...(done.result?.outcomes ?? []).flatMap((o) => (o.error ? [o.error] : [])),
      ];
      expect(first).toBeDefined();
      expect(['n', 'w']).toContain(first!.where.node);
      expect(filesBelow(folder).some((f) => f.includes(type))).toBe(false);
    },
  );

  it('counts them', () => expect(cases).toHaveLength(7));

  it('but one that computes every channel and hands on how the part was stored is rendered, not copied around', async () => {
    const zero = broken('test.zero', {
      spec: computed as never,
      pull: async ({ spec }, want) =>
        new Map(
          want.channels.map((name: string) => [
            name,
            createPlane(spec.parts[want.part]!.channels.find((c: { name: string }) => c.name === name)!.type, want.box),
          ]),
        ),
    });
    const document = graph({ r: READ, n: { type: 'test.zero' }, w: write('zero.out.exr') }, [
      'r.image > n.image',
      'n.image > w.image',
    ]);
    const done = await run(document, folder, { nodes: [...builtIn, zero] });
    expect(done.exitCode).toBe(0);
    const file = ExrFile.open(join(folder, 'zero.out.exr'));
    expect([...file.readPart(0).values()].every((plane) => plane.samples.every((s) => s === 0))).toBe(true);
    expect(file.header.parts[0]!.compression).toBe('zip');
    file.close();
  });
});

describe('shared files', () => {
  it('are closed when many others were used, and while they are copied they are not', async () => {
    const count = 60;
    const nodes: Record<string, NodeSketch> = { p: { type: 'part.assemble' }, w: write('many/o.%04d.exr') };
    const links = ['p.image > w.image'];
    for (let i = 0; i < count; i++) {
      await writeExr(join(folder, 'many', `${i}.exr`), [
        { channels: ['R'], seed: i, window: { minX: 0, minY: 0, maxX: 63, maxY: 63 } },
      ]);
      nodes[`r${i}`] = { type: 'io.read', params: { path: `many/${i}.exr` } };
      links.push(`r${i}.image > p.parts.i${i}`);
    }
    const done = await run(graph(nodes, links), folder, { range: '1-6' });
    expect([done.exitCode, done.result!.outcomes.map((o) => o.error?.message)]).toEqual([
      0,
      Array.from({ length: 6 }, () => undefined),
    ]);
    const made = sums(join(folder, 'many', 'o.0006.exr'));
    for (let i = 0; i < count; i++) expect(made[`i${i}/R`]).toBe(sums(join(folder, 'many', `${i}.exr`))['0/R']);
  });

  it('do not grow in number beyond what is allowed', () => {
    const services = new FileServices({ folder, keepOpen: 3 });
    const closed: number[] = [];
    for (let i = 0; i < 10; i++) services.share(`thing ${i}`, () => ({ close: () => closed.push(i) }));
    expect(closed).toEqual([0, 1, 2, 3, 4, 5, 6]);
    services.close();
    expect(closed).toHaveLength(10);
  });
});
