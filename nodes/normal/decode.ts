// Normal decode: slopes of a surface from a tangent-space normal map.
import { setImmediate as breathe } from 'node:timers/promises';
import { z } from 'zod';
import { defineNode, image, optionalImage, type Plane, slopesOf } from '../../engine/authoring.ts';
import { conventionNotices, leaningOf } from './decode/convention.ts';
import { describeSlopes, formOf, readingOf, SLOPE_U, SLOPE_V } from './decode/describe.ts';
import { mirroredBy, turnSlopes } from './decode/mirror.ts';
import { flatNotices, rangeNotices, rangeOf } from './decode/range.ts';

const island = z.array(z.int().min(1)).default([]);

const params = z.strictObject({
  channels: z.array(z.string().min(1)).min(2).max(3).default(['R', 'G', 'B']).meta({
    title: 'Channels',
    widget: 'channels',
    description: 'Those of x, y and z. Two will do, since z follows from them: R and G, or A and G.',
  }),
  range: z.enum(['unsigned', 'byte', 'signed']).default('unsigned').meta({
    title: 'Range',
    description:
      'unsigned: 0 to 1, where 0.5 is 0. byte: the same, where 128 of 255 is 0, so that an even map of 8 bits is flat. signed: -1 to 1 as they are.',
  }),
  normalization: z.enum(['auto', 'xyz', 'xy', 'none']).default('auto').meta({
    title: 'Normalisation',
    description:
      'xyz makes normals of length 1; xy makes z anew from x and y; none takes them as they are. auto is xyz where there are three channels and xy where there are two.',
  }),
  y: z.enum(['up', 'down']).default('up').meta({
    title: 'Green',
    description: 'Whether y grows upwards (+Y, OpenGL) or downwards (-Y, DirectX).',
  }),
  maxSlope: z.number().min(0.01).max(10_000).default(10).meta({
    title: 'Greatest slope',
    advanced: true,
    description: 'Normals nearer to the horizon, or below it, are taken as if they were of this slope.',
  }),
  mirrored: z.enum(['turn', 'keep']).default('turn').meta({
    title: 'Mirrored islands',
    description:
      'Whether their x or y is turned. keep is for maps baked in a tangent space that follows the texture on mirrored islands too, as MikkTSpace does.',
  }),
  mirrorU: island.meta({
    title: 'Mirrored across',
    description: 'Numbers of islands whose x is turned: those of which the texture runs from right to left.',
  }),
  mirrorV: island.meta({
    title: 'Mirrored down',
    description: 'Numbers of islands whose y is turned.',
  }),
  idChannel: z.string().min(1).default('id').meta({
    title: 'Island channel',
    advanced: true,
    description: 'The channel of charts that holds the numbers of islands.',
  }),
  mirrorChannel: z.string().min(1).default('mirror').meta({
    title: 'Mirror channel',
    advanced: true,
    description: 'A channel of charts that tells what is mirrored, where it has one: 1 is x, 2 is y, 3 both.',
  }),
});

export const decode = defineNode({
  type: 'normal.decode',
  version: 1,
  title: 'Normal decode',
  doc: `Makes slopes of a tangent-space normal map: how far the surface rises for each texel to the right (slope.u) and upwards (slope.v), as floats in place of the map's channels. Other channels pass. Numbers are taken as they are, whatever curve a picture's tag names; Integrate normals makes heights of slopes.

In this order: components from -1 to 1; mirrored islands turned; z made anew where it is missing; length 1; z at least 1/sqrt(1 + s²) for the greatest slope s; -x/z and -y/z. A pixel that is black in all its channels, as bakers leave what no island covers, or that holds no number, is flat, and the ledger counts it; so an all-black map is a flat one.

Where the numbers of a frame are of another range than they are read as, or its slopes close as those of a surface only with green turned, or with mirrored islands left as they are, a warning offers that; nothing is changed unasked. There is no such node in Nuke or Gaffer.`,
  keywords: ['normal', 'map', 'bump', 'slope', 'gradient', 'displacement', 'tangent', 'directx', 'opengl', 'bc5'],
  params,
  inputs: {
    image: image('The normal map.'),
    charts: optionalImage('Which island each pixel belongs to, where some are mirrored.'),
  },
  access: 'pixel',
  summary: ({ channels, y, normalization }) =>
    `${channels.join(' ')}, ${y === 'up' ? '+Y' : '-Y'}${normalization === 'auto' ? '' : `, ${normalization}`}`,

  spec: (ctx) => describeSlopes(ctx),

  async pull({ params, inputs, sources, signal, note, measure }, want) {
    const names = readingOf(params, inputs.image.parts[want.part]!)!;
    const planes = await sources.image.planes({ part: want.part, channels: names, box: want.box }, 'float');
    const turn = async (): Promise<void> => {
      await breathe();
      signal.throwIfAborted();
    };
    await turn();
    const [x, y, z] = names.map((name) => planes.get(name)!);
    const form = formOf(params, names.length);
    const columns = x!.columns;
    const { u, v, without } = slopesOf(
      [x!.samples as Float32Array, y!.samples as Float32Array, z?.samples as Float32Array | undefined],
      columns,
      form,
    );
    const mirrored = await mirroredBy(params, inputs.charts, sources.charts, want.box);
    if (mirrored && params.mirrored === 'turn') turnSlopes(u, v, mirrored);
    await turn();
    const window = inputs.image.parts[want.part]!.dataWindow;
    const region = { box: want.box, window, part: want.part };
    for (const one of rangeOf(x!.samples, y!.samples, region)) measure(one);
    for (const one of leaningOf({ u, v }, { ...region, mirrored })) measure(one);
    const counts = [...without.entries()].filter(([, count]) => count > 0);
    if (counts.length > 0) {
      const { minX, maxX, minY } = want.box;
      note({
        kind: 'counted',
        part: want.part,
        name: names.join(', '),
        reason: 'black or no number, taken as flat',
        rows: { from: minX, to: maxX, counts: counts.map(([row, count]) => [minY + row, count]) },
      });
    }
    const plane = (samples: Float32Array): Plane => ({ ...x!, type: 'float', samples });
    return new Map([
      [SLOPE_U, plane(u)],
      [SLOPE_V, plane(v)],
    ]);
  },

  judge: ({ params }, measured) => {
    const range = rangeNotices(params, measured);
    // Of numbers that are read wrong nothing else can be told.
    if (range.length > 0) return range;
    return [...flatNotices(params, measured), ...conventionNotices(params, measured)];
  },
});
