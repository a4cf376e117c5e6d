// Display: code values against the plain rendering, tags that are true, alpha, and what is refused.
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import {
  type AnyNode,
  createPlane,
  decodeAttribute,
  defineNode,
  evaluateCurve,
  type ImageSpec,
  type PartSpec,
  type Plane,
} from '../../../engine/authoring.ts';
import { box } from '../../../engine/base/box.ts';
import type { Json } from '../../../engine/base/canonical.ts';
import { applyMatrix, convertPrimaries, type Vector } from '../../../engine/colour/matrix.ts';
import { PRIMARIES } from '../../../engine/colour/primaries.ts';
import { SPACES, type SpaceName } from '../../../engine/colour/space.ts';
import { display } from '../../../nodes/color/display.ts';
import { DISPLAY_NAMES, DISPLAYS, type DisplayName, renderingOf } from '../../../nodes/color/output/named.ts';
import { render } from '../../../nodes/color/output/render.ts';
import { random } from '../../base/random.ts';
import { bench, graph, never } from '../../run/graph.ts';
import { describeNode, lossLines, part, picture, problemLines, provenFixes, text } from '../spec-builder.ts';

type Samples = Record<string, number[]>;

/** Rows of samples by channel. */
const row = defineNode({
  type: 'test.row',
  version: 1,
  title: 'Row',
  doc: 'Gives samples.',
  params: z.strictObject({
    samples: z.record(z.string(), z.array(z.number())),
    type: z.enum(['half', 'float']),
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
        const plane = createPlane('float', want.box);
        plane.samples.set(params.samples[name]!.slice(want.box.minX, want.box.maxX + 1));
        if (params.type === 'float') return [name, plane];
        const halves = new Float16Array(plane.samples);
        return [name, { ...plane, type: 'half', samples: new Uint16Array(halves.buffer) }];
      }),
    ),
});

async function shown(
  params: Record<string, Json>,
  samples: Samples,
  type: 'half' | 'float' = 'float',
  node = 'color.display',
): Promise<Samples> {
  const document = graph({ row: { type: 'test.row', params: { samples, type } }, node: { type: node, params } }, [
    'row.image > node.image',
  ]);
  const { evaluator } = bench(document, { more: [row as AnyNode] });
  const channels = Object.keys(samples);
  const want = { part: 0, channels, box: box(0, 0, samples[channels[0]!]!.length - 1, 0) };
  const planes = await evaluator.planes('node', 1, want, never);
  return Object.fromEntries(
    channels.map((name) => {
      const { samples: made, type: is } = planes.get(name)!;
      expect(is).toBe(type);
      return [name, type === 'half' ? [...new Float16Array(new Uint16Array(made).buffer)] : [...made]];
    }),
  );
}

/** Codes of linear light of a space, by the definitions in double precision. */
function plainly(name: DisplayName, from: SpaceName, light: Vector): number[] {
  const { target, to } = DISPLAYS[name];
  const { primaries, encoding } = SPACES[to];
  const matrix = (a: typeof primaries, b: typeof primaries, rgb: Vector): Vector =>
    applyMatrix(convertPrimaries(a, b, 'bradford')!, rgb);
  const linear = target
    ? matrix(target.limit, primaries, render(renderingOf(target), matrix(SPACES[from].primaries, PRIMARIES.ap1, light)))
    : matrix(SPACES[from].primaries, primaries, light);
  return linear.map((x) => evaluateCurve(encoding!.fromLinear, target ? Math.max(0, x) : x));
}

const renderings = DISPLAY_NAMES.filter((name) => DISPLAYS[name].target);

describe('codes', () => {
  it.each(renderings)('of %s are those of the definition within 1e-6', async (transform) => {
    const { int } = random(transform.length);
    const one = (): number => (int(0, 9) === 0 ? -0.01 : 1) * 2 ** (int(-1000, 700) / 100);
    const light = ['R', 'G', 'B'].map(() => Array.from({ length: 500 }, () => Math.fround(one())));
    let compared = 0;
    for (const from of ['lin_ap1_scene', 'lin_rec709_scene', 'lin_ap0_scene'] as const) {
      const made = await shown({ transform, from }, { R: light[0]!, G: light[1]!, B: light[2]! });
      for (let i = 0; i < 500; i++) {
        const wanted = plainly(transform, from, [light[0]![i]!, light[1]![i]!, light[2]![i]!]);
        for (const [k, channel] of ['R', 'G', 'B'].entries()) {
          const difference = Math.abs(made[channel]![i]! - wanted[k]!);
          if (!(difference <= 1e-6 * Math.max(1, Math.abs(wanted[k]!)))) {
            expect([transform, from, i, channel, made[channel]![i]]).toEqual([transform, from, i, channel, wanted[k]]);
          }
          compared += 1;
        }
      }
    }
    expect(compared).toBe(4500);
  });

  // 18 % grey: 9.99993 and 14.51156 cd/m², by the inverse of each curve.
  it.each([
    ['aces2-srgb', 1.055 * 0.0999993 ** (1 / 2.4) - 0.055],
    ['aces2-rec709', 0.0999993 ** (1 / 2.4)],
    ['aces2-p3d65', 1.055 * 0.0999993 ** (1 / 2.4) - 0.055],
    ['aces2-pq-1000-p3d65', 0.3298371],
    ['aces2-pq-1000-rec2020', 0.3298371],
  ] as const)('%s shows 18 %% grey at %d', async (transform, code) => {
    const made = await shown({ transform, from: 'lin_ap1_scene' }, { R: [0.18], G: [0.18], B: [0.18] });
    expect(made['G']![0]).toBeCloseTo(code, 4);
    expect([made['R'], made['B']]).toEqual([made['G'], made['G']]);
  });

  it.each(renderings)('of %s lie from 0 to 1, whatever the scene', async (transform) => {
    const list = [-1e30, -1, 0, 1e-8, 0.18, 1, 16, 65504, 1e30];
    const all = list.flatMap((r) => list.flatMap((g) => list.map((b) => [r, g, b])));
    const samples = Object.fromEntries(['R', 'G', 'B'].map((name, i) => [name, all.map((rgb) => rgb[i]!)]));
    const made = await shown({ transform, from: 'lin_rec709_scene' }, samples);
    const codes = Object.values(made).flat();
    expect(codes).toHaveLength(9 ** 3 * 3);
    expect(codes.every((x) => x >= 0 && x <= 1)).toBe(true);
  });

  it.each(['srgb', 'rec709', 'p3d65'] as const)('of %s are those of Color convert, bit by bit', async (transform) => {
    const samples = { R: [-1, 0.18, 0.5, 40], G: [0, 0.18, 0.1, 2], B: [0.5, 0.18, 0.9, -3] };
    const from = 'lin_ap1_scene';
    const converted = await shown({ from, to: DISPLAYS[transform].to }, samples, 'float', 'color.convert');
    expect(await shown({ transform, from }, samples)).toEqual(converted);
    expect(Math.max(...converted['R']!)).toBeGreaterThan(1);
  });

  it('take encoded scenes, and half stays half', async () => {
    // ACEScct of 18 % grey.
    const log = await shown({ from: 'acescct_ap1_scene' }, { R: [0.4135884], G: [0.4135884], B: [0.4135884] });
    expect(log['R']![0]).toBeCloseTo(1.055 * 0.0999993 ** (1 / 2.4) - 0.055, 5);
    const half = await shown({ from: 'lin_ap1_scene' }, { R: [0.5], G: [0.25], B: [1] }, 'half');
    const wanted = plainly('aces2-srgb', 'lin_ap1_scene', [0.5, 0.25, 1]);
    expect([half['R'], half['G'], half['B']].flat()).toEqual([...new Float16Array(wanted)]);
  });

  it('unpremultiply where told to, and leave colour without alpha as it stands', async () => {
    const samples = { R: [0.25, 0.5], G: [0.25, 0.1], B: [0.25, 0.1], A: [0.5, 0] };
    const over = await shown({ from: 'lin_ap1_scene', unpremultiply: true }, samples);
    const code = (light: Vector) => plainly('aces2-srgb', 'lin_ap1_scene', light)[0]!;
    expect(over['R']![0]).toBeCloseTo(code([0.5, 0.5, 0.5]) / 2, 6);
    expect(over['R']![1]).toBeCloseTo(code([0.5, 0.1, 0.1]), 6);
    expect(over['A']).toEqual([0.5, 0]);
    const plain = await shown({ from: 'lin_ap1_scene' }, samples);
    expect(plain['R']![0]).toBeCloseTo(code([0.25, 0.25, 0.25]), 6);
  });
});

const spec = (params: Record<string, unknown>, image: ImageSpec) => describeNode(display as AnyNode, params, { image });
const tagged = (space: string) => picture({ attributes: [text('colorInteropID', space)] });

describe('tags', () => {
  it.each(DISPLAY_NAMES)('of %s name the display', async (transform) => {
    const made = await spec({ transform }, tagged('lin_ap1_scene'));
    const id = made.spec.parts[0]!.attributes.find((a) => a.name === 'colorInteropID')!;
    expect(decodeAttribute(id)).toBe(DISPLAYS[transform].to);
    expect(problemLines(made)).toEqual([]);
    expect(lossLines(made)).toEqual([
      `~attribute image #0 colorInteropID: the colours are now ${SPACES[DISPLAYS[transform].to].title}`,
    ]);
  });

  it('are needed: a space is never guessed', async () => {
    expect(problemLines(await spec({}, picture({})))).toEqual(['error color-space-unknown from']);
  });
});

describe('what is shown already', () => {
  it('is not rendered again, and the ways out are offered', async () => {
    const image = tagged('srgb_rec709_display');
    expect(problemLines(await spec({ transform: 'aces2-srgb' }, image))).toEqual(['error color-displayed from']);
    expect(await provenFixes(display as AnyNode, { transform: 'aces2-srgb' }, { image }, 'color-displayed')).toEqual([
      'Use sRGB, no tone mapping',
      'Take it as sRGB texture',
    ]);
  });

  it('may be encoded for another display', async () => {
    expect(problemLines(await spec({ transform: 'rec709' }, tagged('srgb_rec709_display')))).toEqual([]);
  });
});
