// Exposure: multiplies colour channels by a power of two, in each channel's own type.
import { z } from 'zod';
import {
  box,
  convertPlane,
  createPlane,
  defineNode,
  type ImageSpec,
  image,
  listNames,
  matchesName,
  type NodeProblem,
  type PartSpec,
  type Plane,
  partLabel,
  passPart,
  recomputePart,
  type Samples,
} from '../../engine/authoring.ts';

const params = z.strictObject({
  stops: z.number().min(-64).max(64).default(0).meta({
    title: 'Stops',
    description: 'How many times the light is doubled; negative numbers halve it.',
    widget: 'slider',
    unit: 'stops',
    min: -10,
    max: 10,
    step: 0.1,
  }),
  channels: z.array(z.string().min(1)).default(['R', 'G', 'B']).meta({
    title: 'Channels',
    description: 'Names of the channels to change, * for any text: diffuse.* or *.R.',
    widget: 'channels',
    advanced: true,
  }),
});

interface Context {
  readonly params: z.output<typeof params>;
  readonly inputs: { readonly image: ImageSpec };
  report(problem: NodeProblem): void;
}

export const exposure = defineNode({
  type: 'color.exposure',
  version: 1,
  title: 'Exposure',
  doc: 'Multiplies scene-linear R, G and B by 2 to the power of stops. Other channels pass through; sample types stay as they are.',
  keywords: ['gain', 'brightness', 'stops', 'multiply', 'grade', 'light'],
  params,
  inputs: { image: image('The image, scene-linear.') },
  summary: ({ stops }) => `${stops > 0 ? '+' : ''}${stops} stops`,

  spec(ctx) {
    const { parts } = ctx.inputs.image;
    const chosen = parts.map((part) => new Set(part.channels.map((c) => c.name).filter((name) => fits(ctx, name))));
    if (chosen.every((names) => names.size === 0)) reportNothing(ctx);
    const made = parts.map((part, index): PartSpec => {
      const names = chosen[index]!;
      if (ctx.params.stops === 0 || names.size === 0) return passPart(part, 'image', index);
      refuseUnreadable(ctx, part, index);
      return recomputePart(part, 'image', index, names);
    });
    return { ...ctx.inputs.image, parts: made };
  },

  async pull({ params, sources, spec }, want) {
    const gain = 2 ** params.stops;
    const planes = await sources.image.planes(want);
    const { channels } = spec.parts[want.part]!;
    return new Map(
      channels
        .filter((c) => want.channels.includes(c.name))
        .map(({ name }): [string, Plane] => [name, multiply(planes.get(name)!, gain)]),
    );
  },
});

const fits = ({ params }: Context, name: string): boolean => params.channels.some((p) => matchesName(p, name));

/** A new plane. Half is multiplied as float and rounded to the nearest half; uint is rounded and kept within its range. */
function multiply(plane: Plane, gain: number): Plane {
  const { type, samples } = plane;
  if (type === 'uint') {
    return { ...plane, samples: Uint32Array.from(samples, (s) => Math.min(0xffffffff, Math.round(s * gain))) };
  }
  if (type === 'float' || samples.length < HALVES) return product(plane, gain);
  const products = productsOf(gain);
  const found = new Uint16Array(samples.length);
  for (let i = 0; i < found.length; i++) found[i] = products[samples[i]!]!;
  return { ...plane, samples: found };
}

function product(plane: Plane, gain: number): Plane {
  const { samples } = convertPlane(plane, 'float').plane;
  const result = new Float32Array(samples.length);
  for (let i = 0; i < result.length; i++) result[i] = samples[i]! * gain;
  return convertPlane({ ...plane, type: 'float', samples: result }, plane.type).plane;
}

/** How many halves there are: where a plane has more samples, their products are looked up. */
const HALVES = 0x10000;

/** Gains whose products are kept: a graph has few at a time. */
const MOST_GAINS = 8;
const kept = new Map<number, Samples>();

/** The product of each half, by its bits. */
function productsOf(gain: number): Samples {
  const known = kept.get(gain);
  if (known) return known;
  const all = createPlane('half', box(0, 0, HALVES - 1, 0));
  for (let bits = 0; bits < HALVES; bits++) all.samples[bits] = bits;
  const { samples } = product(all, gain);
  if (kept.size >= MOST_GAINS) kept.clear();
  kept.set(gain, samples);
  return samples;
}

function reportNothing(ctx: Context): void {
  const names = ctx.inputs.image.parts.flatMap((part) => part.channels.map((c) => c.name));
  ctx.report({
    severity: 'warning',
    code: 'channel-unknown',
    message: `No channel fits ${listNames(ctx.params.channels)}, so nothing is changed. Channels: ${listNames(names)}.`,
    where: { param: 'channels' },
  });
}

function refuseUnreadable(ctx: Context, part: PartSpec, index: number): void {
  const where = { param: 'channels', part: part.name ?? index };
  const label = partLabel(part, index);
  if (part.kind === 'deep') {
    const message = `${label} is deep, and Exposure works on flat parts. Choose channels of other parts.`;
    ctx.report({ severity: 'error', code: 'deep-unsupported', message, where });
  } else if (part.stored?.copyOnly) {
    const message = `${label} is compressed with ${part.stored.compression}, which cannot be unpacked here. Choose channels of other parts.`;
    ctx.report({ severity: 'error', code: 'exr-compression-unsupported', message, where });
  }
}
