// The evaluator: origins followed, requests merged, windows and types changed on the way, planes kept and dropped.
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { type AnyNode, defineNode, image, type Note } from '../../engine/authoring.ts';
import { box } from '../../engine/base/box.ts';
import { EngineError } from '../../engine/base/error.ts';
import { PlaneCache } from '../../engine/evaluate/cache.ts';
import { createPlane, type Plane } from '../../engine/pixels/plane.ts';
import { bench, graph, halfBits, never, patternSample, pulls } from '../run/graph.ts';

const REGION = box(0, 0, 15, 7);
const P = { type: 'test.pattern' } as const;
const shuffle = (rows: readonly Record<string, string | number>[], more = {}) => ({
  type: 'channel.shuffle',
  params: { rows, others: 'drop' as const, ...more },
});

/** Passes everything through but makes R itself, from the input's R in float; counts how often it is asked. */
const gain = defineNode({
  type: 'test.gain',
  version: 1,
  title: 'Gain',
  doc: 'Doubles R.',
  params: z.strictObject({ access: z.enum(['pixel', 'frame']).default('pixel') }),
  inputs: { image: image('Any.') },
  spec: ({ inputs }) => ({
    parts: inputs.image.parts.map((part, index) => ({
      ...part,
      channels: part.channels.map((c) => ({
        ...c,
        origin:
          c.name === 'R'
            ? { from: 'computed' as const }
            : { from: 'input' as const, port: 'image', part: index, channel: c.name },
      })),
    })),
  }),
  pull: async ({ sources, node, note }, want) => {
    pulls.push({ node, channels: want.channels, rows: want.box.maxY - want.box.minY + 1 });
    note({ kind: 'counted', part: want.part, name: 'R', reason: 'doubled' });
    const plane = (await sources.image.planes({ ...want, channels: ['R'] }, 'float')).get('R')!;
    const samples = new Uint16Array(plane.samples.length);
    for (const [i, sample] of plane.samples.entries()) samples[i] = halfBits(2 * sample);
    return new Map([['R', { ...plane, type: 'half', samples } as Plane]]);
  },
});
const whole = { ...gain, type: 'test.whole', access: 'frame' } as AnyNode;
const more = [gain as AnyNode, whole];

const at = (plane: Plane, x: number, y: number): number =>
  plane.samples[(y - plane.box.minY) * plane.columns + x - plane.box.minX]!;

describe('following origins', () => {
  it('asks a source once for all channels, whatever the number of ways that lead to it', async () => {
    const document = graph(
      {
        p: P,
        left: shuffle([{ to: 'l', from: 'p:R' }]),
        right: shuffle([{ to: 'r', from: 'p:G' }]),
        both: shuffle(
          [
            { to: 'a', from: 'left:l' },
            { to: 'b', from: 'right:r' },
            { to: 'c', from: 'direct:Z' },
          ],
          { attributes: { resolveAll: 'left' } },
        ),
      },
      [
        'p.image > left.sources.p',
        'p.image > right.sources.p',
        'left.image > both.sources.left',
        'right.image > both.sources.right',
        'p.image > both.sources.direct',
      ],
    );
    pulls.length = 0;
    const planes = await bench(document).evaluator.planes(
      'both',
      1,
      { part: 0, channels: ['a', 'b', 'c'], box: REGION },
      never,
    );
    expect(pulls).toEqual([{ node: 'p', channels: ['R', 'G', 'Z'], rows: 8 }]);
    expect(at(planes.get('a')!, 3, 2)).toBe(halfBits(patternSample('R', 3, 2, 0)));
    expect(at(planes.get('c')!, 3, 2)).toBe(patternSample('Z', 3, 2, 0));
  });

  it('asks a source once for what a node computes from and what passes it by', async () => {
    const document = graph({ p: P, g: { type: 'test.gain' } }, ['p.image > g.image']);
    pulls.length = 0;
    const { evaluator } = bench(document, { more });
    const planes = await evaluator.planes('g', 1, { part: 0, channels: ['R', 'G', 'Z'], box: REGION }, never);
    expect(pulls).toEqual([
      { node: 'g', channels: ['R'], rows: 8 },
      { node: 'p', channels: expect.arrayContaining(['R', 'G', 'Z']), rows: 8 },
    ]);
    expect(pulls[1]!.channels).toHaveLength(3);
    expect(at(planes.get('R')!, 3, 2)).toBe(halfBits(2 * patternSample('R', 3, 2, 0)));
    expect(at(planes.get('G')!, 3, 2)).toBe(halfBits(patternSample('G', 3, 2, 0)));
    expect(at(planes.get('Z')!, 3, 2)).toBe(patternSample('Z', 3, 2, 0));
  });

  it('does not mix what several askers want of a source, each of which may give up', async () => {
    const document = graph({ p: P, g: { type: 'test.gain' } }, ['p.image > g.image']);
    pulls.length = 0;
    const { evaluator } = bench(document, { more });
    const giving = new AbortController();
    const want = { part: 0, box: REGION };
    const given = evaluator.planes('p', 1, { ...want, channels: ['R'] }, giving.signal);
    const wanted = evaluator.planes('p', 1, { ...want, channels: ['G'] }, never);
    giving.abort();
    await expect(given).rejects.toThrow();
    expect(at((await wanted).get('G')!, 3, 2)).toBe(halfBits(patternSample('G', 3, 2, 0)));
    expect(pulls).toEqual([{ node: 'p', channels: ['G'], rows: 8 }]);
  });

  it('does not ask for channels that nobody wants', async () => {
    const document = graph({ p: P, s: shuffle([{ to: '*', from: 'p:*' }]) }, ['p.image > s.sources.p']);
    pulls.length = 0;
    await bench(document).evaluator.planes('s', 1, { part: 0, channels: ['G'], box: REGION }, never);
    expect(pulls).toEqual([{ node: 'p', channels: ['G'], rows: 8 }]);
  });

  it('gives constants in every type, and whole numbers and bits as they are', async () => {
    const rows = [
      { to: 'h', value: -2.5, type: 'half' },
      { to: 'f', value: 0.1, type: 'float' },
      { to: 'u', value: 4294967295, type: 'uint' },
    ];
    const document = graph({ p: P, s: shuffle(rows) }, ['p.image > s.sources.p']);
    const planes = await bench(document).evaluator.planes(
      's',
      1,
      { part: 0, channels: ['h', 'f', 'u'], box: REGION },
      never,
    );
    expect(at(planes.get('h')!, 1, 1)).toBe(0xc100);
    expect(at(planes.get('f')!, 1, 1)).toBe(Math.fround(0.1));
    expect(at(planes.get('u')!, 1, 1)).toBe(4294967295);
  });

  it('steps over bypassed nodes', async () => {
    const nodes = { p: P, g: { type: 'test.gain', disabled: true as const }, s: shuffle([{ to: 'R', from: 'g:R' }]) };
    const document = graph(nodes, ['p.image > g.image', 'g.image > s.sources.g']);
    const planes = await bench(document, { more }).evaluator.planes(
      's',
      1,
      { part: 0, channels: ['R'], box: REGION },
      never,
    );
    expect(at(planes.get('R')!, 4, 4)).toBe(halfBits(patternSample('R', 4, 4, 0)));
  });
});

describe('windows', () => {
  it('holds 0 outside the data window, and a node’s fill where its window is larger than the source’s', async () => {
    const document = graph(
      {
        p: { type: 'test.pattern', params: { window: [0, 0, 3, 3] } },
        q: { type: 'test.pattern', params: { window: [0, 0, 7, 5], channels: [{ name: 'Y', type: 'half' }] } },
        s: shuffle(
          [
            { to: 'R', from: 'p:R' },
            { to: 'Y', from: 'q:Y' },
          ],
          { windows: 'union', fill: 1 },
        ),
      },
      ['p.image > s.sources.p', 'q.image > s.sources.q'],
    );
    const planes = await bench(document).evaluator.planes(
      's',
      1,
      { part: 0, channels: ['R', 'Y'], box: box(-1, -1, 8, 8) },
      never,
    );
    const r = planes.get('R')!;
    expect(at(r, 2, 2)).toBe(halfBits(patternSample('R', 2, 2, 0)));
    expect(at(r, 5, 2)).toBe(0x3c00);
    expect(at(r, 8, 2)).toBe(0);
    expect(at(r, -1, 0)).toBe(0);
    expect(at(planes.get('Y')!, 7, 5)).toBe(halfBits(patternSample('Y', 7, 5, 0)));
  });
});

describe('types', () => {
  it('changes types only where a node states it, and tells the observer', async () => {
    const told: unknown[] = [];
    const observer = { converted: (event: unknown) => told.push(event), noted: () => {}, found: () => {} };
    const document = graph(
      {
        p: P,
        s: shuffle([
          { to: 'Z', from: 'p:Z', type: 'half' },
          { to: 'R', from: 'p:R' },
        ]),
      },
      ['p.image > s.sources.p'],
    );
    const planes = await bench(document, { observer }).evaluator.planes(
      's',
      1,
      { part: 0, channels: ['Z', 'R'], box: REGION },
      never,
    );
    expect(at(planes.get('Z')!, 3, 3)).toBe(halfBits(patternSample('Z', 3, 3, 0)));
    expect(told).toEqual([{ node: 's', channel: 'Z', from: 'float', to: 'half', samples: 128, changed: 0 }]);
  });
});

describe('computing', () => {
  const document = graph({ p: P, g: { type: 'test.gain' } }, ['p.image > g.image']);

  it('mixes what a node makes with what it hands on', async () => {
    const notes: Note[] = [];
    const observer = { converted: () => {}, noted: (_: string, note: Note) => notes.push(note), found: () => {} };
    const planes = await bench(document, { more, observer }).evaluator.planes(
      'g',
      1,
      { part: 0, channels: ['R', 'G'], box: REGION },
      never,
    );
    expect(at(planes.get('R')!, 5, 5)).toBe(halfBits(2 * patternSample('R', 5, 5, 0)));
    expect(at(planes.get('G')!, 5, 5)).toBe(halfBits(patternSample('G', 5, 5, 0)));
    expect(notes).toHaveLength(1);
  });

  it('makes the same samples once, for wants at the same time and, within the budget, later ones', async () => {
    const { evaluator } = bench(document, { more, cacheBytes: 1 << 20 });
    const want = { part: 0, channels: ['R'], box: REGION };
    pulls.length = 0;
    await Promise.all([evaluator.planes('g', 1, want, never), evaluator.planes('g', 1, want, never)]);
    await evaluator.planes('g', 1, { ...want, box: box(2, 2, 5, 5) }, never);
    expect(pulls.filter((p) => p.node === 'g')).toHaveLength(1);
  });

  it('keeps a plane for all frames where nothing depends on the frame, and not where something does', async () => {
    const still = defineNode({
      ...(gain as AnyNode),
      type: 'test.still',
      inputs: {},
      timed: false,
      spec: () => ({
        parts: [
          {
            kind: 'flat' as const,
            dataWindow: REGION,
            displayWindow: REGION,
            attributes: [],
            channels: [
              {
                name: 'R',
                type: 'half' as const,
                sampling: { x: 1, y: 1 },
                pLinear: 0,
                origin: { from: 'computed' as const },
              },
            ],
          },
        ],
      }),
      pull: async (_, want) => {
        pulls.push({ node: 'still', channels: want.channels, rows: 0 });
        return new Map([['R', createPlane('half', want.box)]]);
      },
    });
    const { evaluator } = bench(graph({ still: { type: 'test.still' }, p: P }, []), {
      more: [still as AnyNode],
      cacheBytes: 1 << 20,
    });
    pulls.length = 0;
    for (const frame of [1, 2, 3])
      await evaluator.planes('still', frame, { part: 0, channels: ['R'], box: REGION }, never);
    for (const frame of [1, 2, 3]) await evaluator.planes('p', frame, { part: 0, channels: ['R'], box: REGION }, never);
    expect(pulls.filter((p) => p.node === 'still')).toHaveLength(1);
    expect(pulls.filter((p) => p.node === 'p')).toHaveLength(3);
  });

  it('runs a node that works on whole frames once, over its whole window', async () => {
    const frame = graph({ p: P, w: { type: 'test.whole' } }, ['p.image > w.image']);
    const { evaluator } = bench(frame, { more, cacheBytes: 1 << 20 });
    pulls.length = 0;
    for (const y of [0, 10, 20])
      await evaluator.planes('w', 1, { part: 0, channels: ['R'], box: box(0, y, 15, y + 9) }, never);
    expect(pulls.filter((p) => p.node === 'w')).toEqual([{ node: 'w', channels: ['R'], rows: 40 }]);
  });

  it('goes on with its own pull when the one it joined is cancelled', async () => {
    const { evaluator } = bench(document, { more });
    const first = new AbortController();
    const want = { part: 0, channels: ['R'], box: REGION };
    const cancelled = evaluator.planes('g', 1, want, first.signal);
    const kept = evaluator.planes('g', 1, want, never);
    first.abort();
    await Promise.allSettled([cancelled]);
    expect((await kept).get('R')!.samples.length).toBe(128);
  });

  it('reports the first problem above, and a channel that is not there', async () => {
    const broken = graph({ p: P, s: shuffle([{ to: 'x', from: 'p:nothing' }]) }, ['p.image > s.sources.p']);
    await expect(
      bench(broken).evaluator.planes('s', 1, { part: 0, channels: ['x'], box: REGION }, never),
    ).rejects.toMatchObject({ code: 'channel-unknown' });
    await expect(
      bench(document, { more }).evaluator.planes('p', 1, { part: 0, channels: ['Q'], box: REGION }, never),
    ).rejects.toBeInstanceOf(EngineError);
  });
});

describe('the cache', () => {
  const plane = (rows: number): Plane => createPlane('float', box(0, 0, 9, rows - 1));

  it('stays within its budget and drops what was used longest ago', () => {
    const cache = new PlaneCache(1000);
    cache.put('a', plane(10));
    cache.put('b', plane(10));
    expect(cache.get('a', box(0, 0, 1, 1))).toBeDefined();
    cache.put('c', plane(10));
    expect(cache.bytes).toBe(800);
    expect(cache.get('b', box(0, 0, 1, 1))).toBeUndefined();
    expect(cache.get('a', box(0, 0, 1, 1))).toBeDefined();
    cache.put('huge', plane(1000));
    expect(cache.bytes).toBe(800);
  });

  it('replaces planes that a larger one covers', () => {
    const cache = new PlaneCache(10_000);
    cache.put('a', plane(5));
    cache.put('a', plane(10));
    expect(cache.bytes).toBe(400);
    expect(cache.get('a', box(0, 9, 9, 9))).toBeDefined();
    expect(cache.get('a', box(0, 9, 9, 10))).toBeUndefined();
  });
});
