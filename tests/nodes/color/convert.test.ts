// Color convert: expected samples, types, layers, alpha, what is refused, and tags that are true before and after.
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import {
  type AnyNode,
  type Attribute,
  createPlane,
  decodeAttribute,
  defineNode,
  type ImageSpec,
  type PartSpec,
  type Plane,
  readTags,
} from '../../../engine/authoring.ts';
import { box } from '../../../engine/base/box.ts';
import type { Json } from '../../../engine/base/canonical.ts';
import { convert } from '../../../nodes/color/convert.ts';
import { bench, graph, never } from '../../run/graph.ts';
import {
  attribute,
  blob,
  describeNode,
  lossLines,
  part,
  picture,
  problemLines,
  provenFixes,
  text,
} from '../spec-builder.ts';

const AP1 = { red: [0.713, 0.293], green: [0.165, 0.83], blue: [0.128, 0.044], white: [0.32168, 0.33767] };
const REC709 = { red: [0.64, 0.33], green: [0.3, 0.6], blue: [0.15, 0.06], white: [0.3127, 0.329] };
const AP0 = { red: [0.7347, 0.2653], green: [0, 1], blue: [0.0001, -0.077], white: [0.32168, 0.33767] };
const lights = (value: Json): Attribute => attribute('chromaticities', 'chromaticities', value);
const flag = attribute('acesImageContainerFlag', 'int', 1);

/** Rows of float samples by channel, in a part with the given attributes. */
const row = defineNode({
  type: 'test.row',
  version: 1,
  title: 'Row',
  doc: 'Gives samples.',
  params: z.strictObject({
    samples: z.record(z.string(), z.array(z.number())),
    type: z.enum(['half', 'float']).default('float'),
  }),
  inputs: {},
  spec: ({ params }): ImageSpec => ({
    parts: [
      part({
        data: box(0, 0, Object.values(params.samples)[0]!.length - 1, 0),
        channels: Object.keys(params.samples).map((name) => `${name}:${params.type}`),
      }),
    ].map(({ stored: _, ...rest }): PartSpec => rest),
  }),
  pull: async ({ params }, want) =>
    new Map(
      want.channels.map((name): [string, Plane] => {
        const plane = createPlane(params.type, want.box);
        plane.samples.set(params.samples[name]!.slice(want.box.minX, want.box.maxX + 1));
        return [name, plane];
      }),
    ),
});

async function pixels(
  params: Record<string, Json>,
  samples: Record<string, number[]>,
  type: 'half' | 'float' = 'float',
): Promise<Record<string, number[]>> {
  const document = graph(
    { row: { type: 'test.row', params: { samples, type } }, node: { type: 'color.convert', params } },
    ['row.image > node.image'],
  );
  const { evaluator } = bench(document, { more: [row as AnyNode] });
  const channels = Object.keys(samples);
  const want = { part: 0, channels, box: box(0, 0, samples[channels[0]!]!.length - 1, 0) };
  const planes = await evaluator.planes('node', 1, want, never);
  return Object.fromEntries(
    channels.map((name) => {
      expect(planes.get(name)!.type).toBe(type);
      return [name, [...planes.get(name)!.samples]];
    }),
  );
}

function expectNear(actual: readonly number[], expected: readonly number[]): void {
  for (const [i, value] of expected.entries()) {
    expect(Math.abs(actual[i]! - value), `${i}: ${actual[i]}`).toBeLessThan(3e-7 * Math.max(1, Math.abs(value)));
  }
}

describe('samples', () => {
  it('ACEScg to sRGB: primaries, Bradford and the curve, above 1 and below 0 too', async () => {
    const made = await pixels(
      { from: 'lin_ap1_scene', to: 'srgb_rec709_scene' },
      { R: [1, 0.18, 0, 4, 1], G: [1, 0.18, 0, 4, 0], B: [1, 0.18, 0, 4, 0] },
    );
    // The third: red of AP1 alone, 1.70505099, -0.13025642 and -0.02400336 in linear Rec.709.
    const code = (x: number): number => Math.sign(x) * (1.055 * Math.abs(x) ** (1 / 2.4) - 0.055);
    expectNear(made['R']!, [1, 0.46135613, 0, code(4), code(1.70505099)]);
    expectNear(made['G']!, [1, 0.46135613, 0, code(4), code(-0.13025642)]);
    expectNear(made['B']!, [1, 0.46135613, 0, code(4), code(-0.02400336)]);
  });

  it.each([
    ['arrilogc3_awg3_scene', 0.391007],
    ['arrilogc4_awg4_scene', 0.278395837],
    ['slog3_sgamut3cine_scene', 420 / 1023],
    ['vlog_vgamut_scene', 0.423311449],
    ['redlog3g10_rwg_scene', 0.333332912],
    ['canonlog2_cgamutd55_scene', 0.398254693],
    ['canonlog3_cgamutd55_scene', 0.34338937],
    ['applelog_rec2020_scene', 0.488272459],
    ['acescct_ap1_scene', 0.413588402],
    ['acescc_ap1_scene', 0.413588402],
    ['cineon_rec709_scene', 0.457319613],
  ])('18 per cent grey of %s is 0.18 in ACEScg, and back', async (space, code) => {
    const grey = { R: [code], G: [code], B: [code] };
    const linear = await pixels({ from: space, to: 'lin_ap1_scene' }, grey);
    for (const name of ['R', 'G', 'B']) expect(Math.abs(linear[name]![0]! - 0.18)).toBeLessThan(1e-6);
    const back = await pixels({ from: 'lin_ap1_scene', to: space }, linear);
    for (const name of ['R', 'G', 'B']) expect(Math.abs(back[name]![0]! - code)).toBeLessThan(5e-7);
  });

  it('LogC3 takes the exposure index', async () => {
    const grey = { R: [0.391007], G: [0.391007], B: [0.391007] };
    for (const exposureIndex of [160, 800, 1600]) {
      const made = await pixels({ from: 'arrilogc3_awg3_scene', exposureIndex }, grey);
      expect(Math.abs(made['G']![0]! - 0.18)).toBeLessThan(5e-6);
    }
  });

  it('half stays half, and the same codes make the same bits however they are asked for', async () => {
    const bits = {
      R: [0x3c00, 0x3000, 0x8000, 0x7bff],
      G: [0x3c00, 0x3000, 0, 0x7bff],
      B: [0x3c00, 0x3000, 0, 0x7bff],
    };
    const made = await pixels({ from: 'lin_rec709_scene', to: 'srgb_rec709_scene' }, bits, 'half');
    // 1; 0.125 becomes 0.38857; 65504 becomes 1.055 * 65504^(1/2.4) - 0.055 = 107.15.
    expect(made['R']).toEqual([0x3c00, 0x3638, 0x8000, 0x56b2]);
  });

  it('unpremultiplies by the alpha of the layer, or else of the part, and leaves colour without alpha', async () => {
    const code = (x: number): number => 1.055 * x ** (1 / 2.4) - 0.055;
    const made = await pixels(
      { from: 'lin_rec709_scene', to: 'srgb_rec709_scene', unpremultiply: true },
      {
        ...{ R: [0.25, 0.25, 1], G: [0.25, 0.25, 0], B: [0.25, 0.25, 0], A: [0.5, 0, 1] },
        ...{ 'key.R': [0.2, 0.2, 0.2], 'key.G': [0.2, 0.2, 0.2], 'key.B': [0.2, 0.2, 0.2], 'key.A': [0.25, 1, 0] },
      },
    );
    expectNear(made['R']!, [0.5 * code(0.5), code(0.25), 1]);
    expectNear(made['key.G']!, [0.25 * code(0.8), code(0.2), code(0.2)]);
    expect(made['A']).toEqual([0.5, 0, 1]);
  });

  it('adaptation: Bradford, CAT02 as colour-science has it, and none, which keeps X, Y and Z', async () => {
    const red = { R: [1], G: [0], B: [0] };
    const to = { from: 'lin_ap1_scene', to: 'lin_rec709_scene' };
    expectNear((await pixels({ ...to, adaptation: 'bradford' }, red))['R']!, [1.70505099]);
    expectNear((await pixels({ ...to, adaptation: 'cat02' }, red))['R']!, [1.70507967]);
    expectNear((await pixels({ ...to, adaptation: 'none' }, red))['R']!, [1.73125382]);
  });
});

const spec = (params: Record<string, unknown>, image: ImageSpec) => describeNode(convert as AnyNode, params, { image });
const tags = (image: ImageSpec, index = 0): Record<string, unknown> =>
  Object.fromEntries(
    image.parts[index]!.attributes.filter((a) => /chromaticities|colorInteropID|aces/.test(a.name)).map((a) => [
      a.name,
      decodeAttribute(a),
    ]),
  );
const computed = (image: ImageSpec, index = 0): string[] =>
  image.parts[index]!.channels.filter((c) => c.origin.from === 'computed').map((c) => c.name);

describe('the input space', () => {
  it.each<[string, Attribute[], string]>([
    ['the container flag before all else', [flag, text('colorInteropID', 'srgb_rec709_scene')], 'ACES2065-1'],
    ['the ID', [text('colorInteropID', 'srgb_rec709_scene')], 'sRGB texture'],
    ['an ID in a namespace', [text('colorInteropID', 'ocio:arrilogc4_awg4_scene')], 'ARRI LogC4'],
    ['chromaticities within 0.001', [lights({ ...AP1, red: [0.7135, 0.2925] })], 'ACEScg'],
    ['the ID before chromaticities', [text('colorInteropID', 'lin_rec709_scene'), lights(REC709)], 'Linear Rec.709'],
    ['chromaticities where the ID is unknown', [text('colorInteropID', 'unknown'), lights(AP0)], 'ACES2065-1'],
  ])('is read from %s', async (_, attributes, title) => {
    const { problems } = await spec({ from: 'vlog_vgamut_scene' }, picture({ attributes }));
    expect(problems.find((p) => p.code === 'color-tags-disagree')?.message).toContain(`it is ${title} (`);
  });

  it.each<[string, Attribute[]]>([
    ['no tags', []],
    ['an ID that nobody knows', [text('colorInteropID', 'studio:lin_mine_scene')]],
    ['the ID unknown', [text('colorInteropID', 'unknown')]],
    ['chromaticities on a line', [lights({ ...AP1, green: [0.713, 0.293] })]],
    ['chromaticities of the wrong type', [text('chromaticities', 'AP1')]],
    ['broken chromaticities', [{ ...lights(AP1), bytes: new Uint8Array(5) }]],
    ['a container flag of 0', [attribute('acesImageContainerFlag', 'int', 0)]],
  ])('is asked for with %s', async (_, attributes) => {
    const image = picture({ attributes });
    const { spec: made, problems } = await spec({}, image);
    expect(problemLines({ problems } as never)).toEqual(['error color-space-unknown from']);
    expect(computed(made)).toEqual([]);
    const fixes = await provenFixes(convert as AnyNode, {}, { image }, 'color-space-unknown');
    expect(fixes.length).toBe(4);
  });

  it('is offered as what is encoded where samples are of few bits', async () => {
    const quality = { tier: 'deliverable', reason: '8 bits', by: 'read' } as const;
    const { problems } = await spec({}, { parts: [{ ...part({}), quality }] });
    expect(problems[0]!.fixes!.map(({ title }) => title)).toEqual(
      ['sRGB texture', 'sRGB display', 'Rec.709 display (BT.1886)', 'Linear Rec.709'].map((title) => `It is ${title}`),
    );
  });

  it('may have primaries of its own, and warns where tags contradict each other', async () => {
    const own = { red: [0.6, 0.3], green: [0.2, 0.7], blue: [0.1, 0.1], white: [0.3, 0.3] };
    const { spec: made, problems } = await spec({}, picture({ attributes: [lights(own)] }));
    expect(problems).toEqual([]);
    expect(computed(made)).toEqual(['B', 'G', 'R']);
    const image = picture({ attributes: [lights(AP1), text('colorInteropID', 'lin_rec709_scene')] });
    expect(problemLines(await spec({}, image))).toEqual(['warning color-tags-disagree from']);
    expect(await provenFixes(convert as AnyNode, {}, { image }, 'color-tags-disagree')).toEqual([
      'It is Linear Rec.709',
      'It is ACEScg',
    ]);
    const encoded = picture({ attributes: [lights(AP1), text('colorInteropID', 'srgb_rec709_scene')] });
    expect(await provenFixes(convert as AnyNode, {}, { image: encoded }, 'color-tags-disagree')).toEqual([
      'It is sRGB texture',
    ]);
  });

  it('of later parts is that of the first where they say nothing', async () => {
    const image = picture(
      { name: 'a', attributes: [text('colorInteropID', 'lin_rec709_scene')] },
      { name: 'b', channels: ['gi.R', 'gi.G', 'gi.B'] },
    );
    const { spec: made, problems } = await spec({}, image);
    expect(problems).toEqual([]);
    expect([computed(made, 0), computed(made, 1)]).toEqual([
      ['B', 'G', 'R'],
      ['gi.B', 'gi.G', 'gi.R'],
    ]);
  });
});

describe('tags', () => {
  const near = (value: unknown): unknown =>
    JSON.parse(JSON.stringify(value), (_, v) => (typeof v === 'number' ? Math.round(v * 1e5) / 1e5 : v));

  it('name the new space, the container flag goes, the rest stays', async () => {
    const image = picture({ attributes: [flag, lights(AP0), blob('odd', 1, 2), text('owner', 'x')] });
    const made = await spec({ to: 'srgb_rec709_scene' }, image);
    expect(near(tags(made.spec))).toEqual({ chromaticities: REC709, colorInteropID: 'srgb_rec709_scene' });
    expect(made.spec.parts[0]!.attributes.map((a) => a.name)).toEqual(
      'chromaticities odd owner pixelAspectRatio screenWindowCenter screenWindowWidth colorInteropID'.split(' '),
    );
    expect(lossLines(made)).toEqual([
      '^attribute image #0 acesImageContainerFlag: no longer true: the colours are now sRGB texture',
      '~attribute image #0 chromaticities: the colours are now sRGB texture',
    ]);
    expect(made.spec.parts[0]!.stored!.headerOrder).toContain('colorInteropID');
  });

  it('keep the container flag where it is true, and the bytes of what is true already', async () => {
    const almost = lights({ ...AP0, blue: [0.0001, -0.0771] });
    const image = picture({ attributes: [flag, almost] });
    const { spec: made } = await spec({ to: 'lin_ap0_scene' }, image);
    expect(made.parts[0]!.attributes.slice(0, 2)).toEqual([flag, almost]);
    expect(tags(made)['colorInteropID']).toBe('lin_ap0_scene');
    expect(computed(made)).toEqual([]);
    expect(made.parts[0]!.stored!.chunks).toBeDefined();
  });

  it('go where there is no ID, and follow in parts without colours', async () => {
    const image = picture(
      { name: 'rgb', attributes: [text('colorInteropID', 'lin_rec709_scene'), lights(REC709)] },
      { name: 'depth', channels: ['Z:float'], attributes: [lights(REC709)] },
      { name: 'data', channels: ['N.R', 'N.G', 'N.B'], attributes: [text('colorInteropID', 'data')] },
    );
    const { spec: made } = await spec({ to: 'arrilogc3_awg3_scene', exposureIndex: 400 }, image);
    expect(Object.keys(tags(made))).toEqual(['chromaticities']);
    expect(tags(made, 1)['chromaticities']).toEqual(tags(made)['chromaticities']);
    expect(tags(made, 2)).toEqual({ colorInteropID: 'data' });
  });
});

describe('channels', () => {
  const linear = [text('colorInteropID', 'lin_rec709_scene')];
  const layer = (name: string, type = 'half'): string[] => ['R', 'G', 'B', 'A'].map((c) => `${name}.${c}:${type}`);
  const crypto = text('cryptomatte/1234567/name', 'Asset');
  const channels = [
    ...['R', 'G', 'B', 'A', 'Z:float'],
    ...['diffuse', 'N', 'Pworld', 'CryptoObject00', 'Asset01', 'light.normal', 'shot.key'].flatMap((n) => layer(n)),
    ...layer('number', 'uint'),
  ];

  it('of data are left alone, and the choice is told', async () => {
    const { spec: made, problems } = await spec({}, picture({ channels, attributes: [...linear, crypto] }));
    expect(computed(made)).toEqual('B G R diffuse.B diffuse.G diffuse.R shot.key.B shot.key.G shot.key.R'.split(' '));
    expect(problems.map((p) => p.severity)).toEqual(['info']);
    expect(problems[0]!.message).toBe(
      'Left as they are, since they are no colour: layer Asset01 is a Cryptomatte, layer CryptoObject00 is named as data, layer N is named as data, layer Pworld is named as data, layer light.normal is named as data, layer number holds whole numbers.',
    );
  });

  it('of data are refused where they are named, unless told to', async () => {
    const named = { channels: ['N.R', 'N.G', 'N.B'] };
    const image = picture({ channels, attributes: linear });
    expect(problemLines(await spec({ channels: ['N.*'] }, image))).toEqual(['error color-not-colour channels']);
    const refused = await spec(named, image);
    expect(problemLines(refused)).toEqual(['error color-not-colour channels']);
    expect(computed(refused.spec)).toEqual([]);
    expect(await provenFixes(convert as AnyNode, named, { image }, 'color-not-colour')).toHaveLength(1);
    expect(computed((await spec({ ...named, notColour: 'convert' }, image)).spec)).toEqual(['N.B', 'N.G', 'N.R']);
  });

  it('alone, torn from their layer or not there are told', async () => {
    const image = picture({ channels, attributes: linear });
    expect(problemLines(await spec({ channels: ['diffuse.*', 'Z'] }, image))).toContain(
      'error color-not-colour channels',
    );
    expect(problemLines(await spec({ channels: ['R', 'G'] }, image))).toEqual(['error color-not-colour channels']);
    expect(problemLines(await spec({ channels: ['x.*'] }, image))).toEqual(['warning channel-unknown channels']);
  });

  it('warn where a part keeps colours of two spaces, and its tags are true of the main layer or gone', async () => {
    const layers = [...layer('diffuse'), ...layer('spec')];
    const tags = (made: ImageSpec) => readTags(made.parts[0]!.attributes, made.parts[0]!.attributes);
    const two = await spec({ channels: ['diffuse.*'] }, picture({ channels: layers, attributes: linear }));
    expect(problemLines(two)).toEqual(['warning color-mixed channels']);
    expect(two.problems[0]!.message).toContain(
      '(layer spec), and tags can name one space for all: they are taken away.',
    );
    expect(tags(two.spec)).toMatchObject({ says: 'nothing' });
    const image = picture({ channels: ['R', 'G', 'B', ...layers], attributes: linear });
    const main = await spec({ channels: ['R', 'G', 'B'] }, image);
    expect(problemLines(main)).toEqual(['warning color-mixed channels']);
    expect(main.problems[0]!.message).toContain('they name that of the main layer.');
    expect(tags(main.spec)).toMatchObject({ says: 'space', space: { name: 'lin_ap1_scene' } });
    const rest = await spec({ channels: ['*.R', '*.G', '*.B'] }, image);
    expect(problemLines(rest)).toEqual(['warning color-mixed channels']);
    expect(tags(rest.spec)).toMatchObject({ says: 'space', space: { name: 'lin_rec709_scene' } });
    expect(rest.losses).toEqual([]);
  });

  it('keep tags that stay true: those of the space that a layer is brought to, and of colours beside data', async () => {
    const image = picture({
      channels: ['R', 'G', 'B', ...layer('albedo'), ...layer('N')],
      attributes: [...linear, lights(REC709)],
    });
    const albedo = { channels: ['albedo.*'], from: 'srgb_rec709_scene', to: 'lin_rec709_scene' };
    const joined = await spec(albedo, image);
    expect(problemLines(joined)).toEqual(['warning color-tags-disagree from']);
    const data = await spec({ channels: ['N.*'], notColour: 'convert' }, image);
    expect(problemLines(data)).toEqual([]);
    expect(computed(data.spec)).toEqual(['N.B', 'N.G', 'N.R']);
    for (const { losses, spec: made } of [joined, data]) {
      expect(losses).toEqual([]);
      expect(made.parts[0]!.attributes).toEqual(image.parts[0]!.attributes);
    }
  });

  it('cannot be read from deep parts, by methods that are not known, or of uneven sampling', async () => {
    const deep = picture({ kind: 'deep', attributes: linear });
    expect(problemLines(await spec({}, deep))).toEqual(['error deep-unsupported channels']);
    const closed = picture({ attributes: linear, stored: { copyOnly: true, compression: 'dwaa' } });
    expect(problemLines(await spec({}, closed))).toEqual(['error exr-compression-unsupported channels']);
    const base = part({ attributes: linear });
    const uneven = {
      ...base,
      channels: base.channels.map((c) => (c.name === 'B' ? { ...c, sampling: { x: 2, y: 2 } } : c)),
    };
    expect(problemLines(await spec({}, { parts: [uneven] }))).toEqual(['error sampling-mismatch channels']);
  });
});
