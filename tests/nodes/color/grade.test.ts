// Grade, CDL, Color matrix, Saturation and Clamp: expected samples by formula or by hand, and what they leave alone.
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { type AnyNode, createPlane, defineNode, type ImageSpec, type Plane } from '../../../engine/authoring.ts';
import { box } from '../../../engine/base/box.ts';
import type { Json } from '../../../engine/base/canonical.ts';
import { cdl } from '../../../nodes/color/cdl.ts';
import { clamp } from '../../../nodes/color/clamp.ts';
import { grade } from '../../../nodes/color/grade.ts';
import { matrix } from '../../../nodes/color/matrix.ts';
import { saturation } from '../../../nodes/color/saturation.ts';
import { bench, graph, never } from '../../run/graph.ts';
import { describeNode, part, picture, problemLines, provenFixes } from '../spec-builder.ts';

/** One float pixel of each colour. */
const swatches = defineNode({
  type: 'test.swatches',
  version: 1,
  title: 'Swatches',
  doc: 'Gives pixels.',
  params: z.strictObject({ colours: z.array(z.array(z.number())) }),
  inputs: {},
  spec: ({ params }): ImageSpec => {
    const { stored: _, ...made } = part({
      data: box(0, 0, params.colours.length - 1, 0),
      channels: ['R:float', 'G:float', 'B:float', 'A:float'],
    });
    return { parts: [made] };
  },
  pull: async ({ params }, want) =>
    new Map(
      want.channels.map((name): [string, Plane] => {
        const plane = createPlane('float', want.box);
        const at = 'RGBA'.indexOf(name);
        plane.samples.set(params.colours.slice(want.box.minX, want.box.maxX + 1).map((c) => c[at] ?? 1));
        return [name, plane];
      }),
    ),
});

async function changed(
  type: string,
  params: Record<string, Json>,
  colours: number[][],
  letters = 'RGB',
): Promise<number[][]> {
  const document = graph({ swatches: { type: 'test.swatches', params: { colours } }, node: { type, params } }, [
    'swatches.image > node.image',
  ]);
  const { evaluator } = bench(document, { more: [swatches as AnyNode] });
  const want = { part: 0, channels: [...letters], box: box(0, 0, colours.length - 1, 0) };
  const planes = await evaluator.planes('node', 1, want, never);
  return colours.map((_, i) => want.channels.map((name) => planes.get(name)!.samples[i]!));
}

function expectColours(actual: number[][], expected: number[][]): void {
  expect(actual.length).toBe(expected.length);
  for (const [i, colour] of expected.entries()) {
    for (const [c, value] of colour.entries()) {
      const off = Math.abs(actual[i]![c]! - value);
      expect(off, `colour ${i}: ${actual[i]}`).toBeLessThan(4e-7 * Math.max(1, Math.abs(value)));
    }
  }
}

describe('Grade', () => {
  it('moves black and white point to lift and gain', async () => {
    const params = { blackPoint: [0.1, 0, 0], whitePoint: [0.9, 1, 1], lift: [0, 0.25, 0], gain: [1, 0.75, 1] };
    expectColours(
      await changed('color.grade', params, [
        [0.1, 0, 0.5],
        [0.9, 1, 2],
        [0.5, 0.5, -1],
      ]),
      [
        [0, 0.25, 0.5],
        [1, 0.75, 2],
        [0.5, 0.5, -1],
      ],
    );
  });

  it('multiplies and offsets', async () => {
    const params = { multiply: [2, 2, 2], offset: [0.5, 0, -0.5] };
    expectColours(
      await changed('color.grade', params, [
        [1, 1, 1],
        [-1, 0, 0.25],
      ]),
      [
        [2.5, 2, 1.5],
        [-1.5, 0, 0],
      ],
    );
  });

  it('gamma leaves negative values, and is straight above 1', async () => {
    const made = await changed('color.grade', { gamma: [2, 0.5, 1] }, [
      [0.25, 0.25, 0.25],
      [-0.5, -0.5, -0.5],
      [3, 3, 3],
    ]);
    expectColours(made, [
      [0.5, 0.0625, 0.25],
      [-0.5, -0.5, -0.5],
      [2, 5, 3],
    ]);
  });

  it('clamps what comes out, and divides by alpha around all of it', async () => {
    const bright = { gain: [4, 4, 4] };
    expectColours(await changed('color.grade', { ...bright, clamp: 'white' }, [[0.5, -1, 0.1]]), [[1, -4, 0.4]]);
    expectColours(await changed('color.grade', { ...bright, clamp: 'black' }, [[0.5, -1, 0.1]]), [[2, 0, 0.4]]);
    const offset = { offset: [0.5, 0.5, 0.5], unpremultiply: true };
    expectColours(
      await changed('color.grade', offset, [
        [0.25, 0.25, 0.25, 0.5],
        [0.25, 0, 0, 0],
      ]),
      [
        [0.5, 0.5, 0.5],
        [0, 0, 0],
      ],
    );
  });

  it('refuses points between which there is nothing', async () => {
    const same = { blackPoint: [0, 0.5, 0], whitePoint: [1, 0.5, 1] };
    expect(problemLines(await describeNode(grade as AnyNode, same, { image: picture({}) }))).toEqual([
      'error param-invalid whitePoint',
    ]);
  });
});

describe('CDL', () => {
  const params = { slope: [1.2, 1, 0.8], offset: [0.1, 0, -0.1], power: [1.5, 1, 0.5] };

  it('is slope, offset and power', async () => {
    expectColours(
      await changed('color.cdl', params, [
        [0.5, 0.5, 0.5],
        [2, 2, 2],
        [-1, -1, -1],
      ]),
      [
        [0.7 ** 1.5, 0.5, 0.3 ** 0.5],
        [2.5 ** 1.5, 2, 1.5 ** 0.5],
        [-1.1, -1, -0.9],
      ],
    );
    expectColours(
      await changed('color.cdl', { ...params, style: 'clamp' }, [
        [2, 2, 2],
        [-1, -1, -1],
      ]),
      [
        [1, 1, 1],
        [0, 0, 0],
      ],
    );
  });

  it('divides by alpha around all of it, and nothing stays nothing', async () => {
    const lifted = { offset: [0.5, 0, 0], saturation: 0, unpremultiply: true };
    const light = 0.2126 * 1;
    expectColours(
      await changed('color.cdl', lifted, [
        [0.25, 0, 0, 0.5],
        [0, 0, 0, 0],
      ]),
      [
        [light * 0.5, light * 0.5, light * 0.5],
        [0, 0, 0],
      ],
    );
  });

  it('saturation keeps the luminance of Rec.709', async () => {
    const luma = 0.2126 * 0.8 + 0.7152 * 0.2 + 0.0722 * 0.4;
    const at = (amount: number): number[] => [0.8, 0.2, 0.4].map((x) => luma + amount * (x - luma));
    for (const amount of [0, 0.5, 2]) {
      expectColours(await changed('color.cdl', { saturation: amount }, [[0.8, 0.2, 0.4]]), [at(amount)]);
    }
    const clamped = await changed('color.cdl', { saturation: 4, style: 'clamp' }, [[0.8, 0.2, 0.4]]);
    expectColours(clamped, [at(4).map((x) => Math.min(1, Math.max(0, x)))]);
  });
});

describe('the line on the node', () => {
  it('says the numbers that do something', () => {
    const graded = (params: Record<string, Json>) => grade.summary!(grade.params.parse(params));
    expect(graded({})).toBe('nothing');
    expect(graded({ multiply: [0.5, 0.75, 1.25] })).toBe('multiply 0.5 0.75 1.25');
    expect(graded({ lift: [0.1, 0.1, 0.1], gamma: [1.04, 1.04, 1.04] })).toBe('lift 0.1 · gamma 1.04');
    const listed = (params: Record<string, Json>) => cdl.summary!(cdl.params.parse(params));
    expect(listed({})).toBe('nothing');
    expect(listed({ offset: [0, 0.25, 0], saturation: 0.9 })).toBe('offset 0 0.25 0 · saturation 0.9');
  });
});

describe('Color matrix, Saturation and Clamp', () => {
  it('mix, add and cut as told', async () => {
    const mix = { red: [0, 1, 0], green: [0.5, 0.25, 0.25], blue: [-1, 0, 2], offset: [0, 1, 0] };
    expectColours(
      await changed('color.matrix', mix, [
        [1, 2, 4],
        [0, 0, -1],
      ]),
      [
        [2, 3, 7],
        [0, 0.75, -2],
      ],
    );
    expect(await changed('color.clamp', {}, [[-1, 0.5, 2]])).toEqual([[0, 0.5, 1]]);
    expect(await changed('color.clamp', { bounds: 'below' }, [[-1, 0.5, 2]])).toEqual([[0, 0.5, 2]]);
    expect(await changed('color.clamp', { bounds: 'above' }, [[-1, 0.5, 2]])).toEqual([[-1, 0.5, 1]]);
  });

  it('Clamp takes other channels too where they are named, but no whole numbers', async () => {
    const image = picture({ channels: ['R', 'G', 'B', 'A', 'Z:float', 'id:uint'] });
    const made = (params: Record<string, Json>) => describeNode(clamp as AnyNode, params, { image });
    const chosen = (spec: ImageSpec): string =>
      spec.parts[0]!.channels.flatMap((c) => (c.origin.from === 'computed' ? [c.name] : [])).join(' ');
    const alpha = await made({ channels: ['A'] });
    expect([problemLines(alpha), chosen(alpha.spec)]).toEqual([[], 'A']);
    expect(chosen((await made({ channels: ['R', 'G', 'B', 'Z'] })).spec)).toBe('B G R Z');
    expect(problemLines(await made({ channels: ['id'] }))).toEqual(['error color-not-colour channels']);
    const params = { channels: ['A'], least: 0.25, greatest: 0.75 };
    expect(
      await changed(
        'color.clamp',
        params,
        [
          [2, 0.5, -1, 1],
          [1, 1, 1, 0],
        ],
        'RGBA',
      ),
    ).toEqual([
      [2, 0.5, -1, 0.75],
      [1, 1, 1, 0.25],
    ]);
  });

  it('saturation goes about the luminance of the space that is named', async () => {
    const colour = [[1, 0, 0.5]];
    // The rows of Y: Academy S-2014-004, ITU-R BT.709 and BT.2020.
    const weights = {
      ap1: [0.2722287168, 0.6740817658, 0.0536895174],
      rec709: [0.2126390059, 0.7151686788, 0.0721923154],
      rec2020: [0.262700212, 0.6779980715, 0.0593017165],
      average: [1 / 3, 1 / 3, 1 / 3],
    };
    for (const [name, [r = 0, , b = 0]] of Object.entries(weights)) {
      const grey = r + 0.5 * b;
      expectColours(await changed('color.saturation', { saturation: 0, weights: name }, colour), [[grey, grey, grey]]);
    }
    expectColours(await changed('color.saturation', { saturation: 2, weights: 'average' }, colour), [[1.5, -0.5, 0.5]]);
  });

  it('clamp refuses bounds the wrong way round', async () => {
    const image = picture({});
    const params = { least: 2, greatest: 1 };
    expect(problemLines(await describeNode(clamp as AnyNode, params, { image }))).toEqual([
      'error param-invalid least',
    ]);
    expect(await provenFixes(clamp as AnyNode, params, { image }, 'param-invalid')).toEqual(['Swap them']);
  });
});

it.each([
  ['grade', grade],
  ['cdl', cdl],
  ['matrix', matrix],
  ['saturation', saturation],
] as const)('%s hands everything on where nothing is to be done, chunks included', async (_, node) => {
  const { spec, problems } = await describeNode(
    node as AnyNode,
    {},
    { image: picture({ channels: ['R', 'G', 'B', 'A', 'Z'] }) },
  );
  expect(problems).toEqual([]);
  expect(spec.parts[0]!.channels.every((c) => c.origin.from === 'input')).toBe(true);
  expect(spec.parts[0]!.stored!.chunks).toBeDefined();
});
