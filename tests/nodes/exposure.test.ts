// Exposure: expected samples in every type, judged by JavaScript's own half floats; what is not asked for passes.
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { type AnyNode, createPlane, defineNode, type PartSpec, type SampleType } from '../../engine/authoring.ts';
import { box } from '../../engine/base/box.ts';
import type { Json } from '../../engine/base/canonical.ts';
import type { Document } from '../../engine/document/schema.ts';
import { PlaneCache } from '../../engine/evaluate/cache.ts';
import { bench, graph, never } from '../run/graph.ts';

/** A row of samples, given as bits for half, the same in every channel. */
const row = defineNode({
  type: 'test.row',
  version: 1,
  title: 'Row',
  doc: 'Gives samples.',
  params: z.strictObject({
    type: z.enum(['half', 'float', 'uint']),
    samples: z.array(z.union([z.number(), z.string()])),
    channels: z.array(z.string()).default(['R']),
    part: z.record(z.string(), z.unknown()).default({}),
  }),
  inputs: {},
  spec: ({ params }) => ({
    parts: [
      {
        kind: 'flat',
        dataWindow: box(0, 0, params.samples.length - 1, 0),
        displayWindow: box(0, 0, 9, 9),
        attributes: [],
        channels: params.channels.map((name) => ({
          name,
          type: params.type,
          sampling: { x: 1, y: 1 },
          pLinear: 0,
          origin: { from: 'computed' },
        })),
        ...params.part,
      } as PartSpec,
    ],
  }),
  pull: async ({ params }, want) =>
    new Map(
      want.channels.map((name) => {
        const plane = createPlane(params.type, want.box);
        for (let i = 0; i < plane.columns; i++) plane.samples[i] = Number(params.samples[want.box.minX + i]);
        return [name, plane];
      }),
    ),
});

const exposed = (params: Record<string, Json>, source: Record<string, Json>): Document =>
  graph({ row: { type: 'test.row', params: source }, node: { type: 'color.exposure', params } }, [
    'row.image > node.image',
  ]);

const open = (document: Document) => bench(document, { more: [row as AnyNode] });

async function samples(stops: number, type: SampleType, values: readonly number[]): Promise<number[]> {
  // JSON has no infinity and no NaN.
  const document = exposed({ stops }, { type, samples: values.map(String) });
  const want = { part: 0, channels: ['R'], box: box(0, 0, values.length - 1, 0) };
  const plane = (await open(document).evaluator.planes('node', 1, want, never)).get('R')!;
  expect(plane.type).toBe(type);
  return [...plane.samples];
}

const half = new DataView(new ArrayBuffer(2));
const toBits = (value: number): number => {
  half.setFloat16(0, value);
  return half.getUint16(0);
};
const ofBits = (bits: number): number => {
  half.setUint16(0, bits);
  return half.getFloat16(0);
};

describe('samples', () => {
  it.each<[type: SampleType, stops: number, input: number[], output: number[]]>([
    // 1, 0.5, -2, 0, -0, infinity, the smallest denormal; twice as much.
    [
      'half',
      1,
      [0x3c00, 0x3800, 0xc000, 0, 0x8000, 0x7c00, 0x0001],
      [0x4000, 0x3c00, 0xc400, 0, 0x8000, 0x7c00, 0x0002],
    ],
    // 65504 and 40000 go beyond what half holds; -65504 too.
    ['half', 1, [0x7bff, 0x78e2, 0xfbff], [0x7c00, 0x7c00, 0xfc00]],
    // Halves of denormals: ties go to the even one. 1 → 0, 3 → 2, 5 → 2, 7 → 4.
    ['half', -1, [1, 3, 5, 7], [0, 2, 2, 4]],
    // The square root of two is 1.4142 as a half.
    ['half', 0.5, [0x3c00, 0x4000], [0x3da8, 0x41a8]],
    ['float', 3, [1, -0.1, Number.MIN_VALUE, Infinity, NaN], [8, Math.fround(-0.1) * 8, 0, Infinity, NaN]],
    ['float', -2, [1, 3.5e38, 1e-45], [0.25, Infinity, 0]],
    ['uint', 1, [0, 3, 16_777_217, 4_294_967_295], [0, 6, 33_554_434, 4_294_967_295]],
    ['uint', -1, [1, 2, 4_294_967_295], [1, 1, 2_147_483_648]],
  ])('%s, %d stops', async (type, stops, input, output) => {
    expect(await samples(stops, type, input)).toEqual(output);
  });

  it('are the nearest half for every finite half there is', async () => {
    let compared = 0;
    const finite = Array.from({ length: 0x10000 }, (_, bits) => bits).filter((bits) => (bits & 0x7c00) !== 0x7c00);
    // As many as there are, and so many that their products are looked up.
    for (const every of [finite, [...finite, ...finite.slice(-3000)]]) {
      for (const stops of [-3, 0.25, 1.7, 4]) {
        const gain = 2 ** stops;
        const made = await samples(stops, 'half', every);
        const expected = every.map((bits) => toBits(Math.fround(ofBits(bits) * gain)));
        expect(made).toEqual(expected);
        compared += made.length;
      }
    }
    expect(compared).toBe(4 * (63_488 + 66_488));
  });
});

describe('channels', () => {
  const names = ['A', 'B', 'G', 'R', 'diffuse.R', 'diffuse.Z'];
  const source = { type: 'half', samples: [15360], channels: names };
  const changed = async (params: Record<string, Json>): Promise<string[]> => {
    const { spec, problems } = await open(exposed(params, source)).descriptions.describe('node', 1);
    expect(problems).toEqual([]);
    const channels = spec!.parts[0]!.channels;
    expect(channels.map((c) => c.name)).toEqual(names);
    return channels.filter((c) => c.origin.from === 'computed').map((c) => c.name);
  };

  it('are R, G and B unless others are named; the rest passes', async () => {
    expect(await changed({ stops: 1 })).toEqual(['B', 'G', 'R']);
    expect(await changed({ stops: 1, channels: ['diffuse.*', 'A', 'none'] })).toEqual(['A', 'diffuse.R', 'diffuse.Z']);
    expect(await changed({ stops: 1, channels: ['*R'] })).toEqual(['R', 'diffuse.R']);
    expect(await changed({ stops: 0, channels: ['*'] })).toEqual([]);
    expect(await changed({ channels: ['*'] })).toEqual([]);
  });

  it('that no channel fits are told', async () => {
    const { problems } = await open(exposed({ stops: 1, channels: ['Y'] }, source)).descriptions.describe('node', 1);
    expect(problems).toMatchObject([{ severity: 'warning', code: 'channel-unknown', where: { param: 'channels' } }]);
    expect(problems[0]!.message).toContain('Channels: A, B, G, R');
  });
});

describe('beside other nodes', () => {
  const fade = { type: 'color.exposure', params: { stops: -0.7, channels: ['R', 'G', 'B', 'A', 'id', 'Z'] } };
  const document = graph(
    {
      a: { type: 'test.pattern', params: { seed: 3 } },
      one: fade,
      grade: { type: 'color.grade', params: { gamma: [1.1, 0.8, 1] } },
      two: fade,
    },
    ['a.image > one.image', 'one.image > grade.image', 'grade.image > two.image'],
  );
  const want = { part: 0, channels: ['A', 'B', 'G', 'R', 'Z', 'id'], box: box(-3, -2, 40, 37) };

  it('runs with them as one program, of the same bits as one after the other; whole numbers by themselves', async () => {
    const cache = new PlaneCache(2 ** 24);
    const together = await bench(document, { cache }).evaluator.planes('two', 1, want, never);
    const { descriptions } = bench(document);
    const grade = (await descriptions.describe('grade', 1)).key;
    expect([...cache.keys()].filter((key) => key.startsWith(grade))).toEqual([]);
    const stepwise = bench(document, { cacheBytes: 2 ** 24 }).evaluator;
    for (const node of ['one', 'grade']) await stepwise.planes(node, 1, want, never);
    const apart = await stepwise.planes('two', 1, want, never);
    for (const name of want.channels) expect(together.get(name), name).toEqual(apart.get(name));
    expect(together.get('id')!.type).toBe('uint');
  });
});

describe('storage', () => {
  const stored = {
    compression: 'zip',
    lineOrder: 'increasing',
    headerOrder: ['channels'],
    chunks: { file: '/x.exr', part: 0 },
    tiles: { width: 8, height: 8, levels: 'mipmap', rounding: 'down' },
  };
  const described = async (params: Record<string, Json>, part: Record<string, Json>) =>
    open(exposed(params, { type: 'half', samples: [1], channels: ['R', 'Z'], part })).descriptions.describe('node', 1);

  it('keeps method and tiles, but not chunks or levels that no longer hold the samples', async () => {
    const { spec } = await described({ stops: 1 }, { stored });
    const { chunks: _, ...kept } = stored;
    expect(spec!.parts[0]!.stored).toEqual({ ...kept, tiles: { ...stored.tiles, levels: 'one' } });
    for (const params of [{ stops: 0 }, { stops: 1, channels: ['X'] }]) {
      expect((await described(params, { stored })).spec!.parts[0]!.stored).toEqual(stored);
    }
  });

  it('that cannot be unpacked, and deep parts, are refused where they would change', async () => {
    const copyOnly = { stored: { ...stored, compression: 'dwaa', copyOnly: true } };
    expect((await described({ stops: 1 }, copyOnly)).problems).toMatchObject([
      { severity: 'error', code: 'exr-compression-unsupported', where: { param: 'channels' } },
    ]);
    expect((await described({ stops: 1 }, { kind: 'deep' })).problems).toMatchObject([
      { severity: 'error', code: 'deep-unsupported' },
    ]);
    expect((await described({ stops: 0 }, { kind: 'deep' })).problems).toEqual([]);
  });
});
