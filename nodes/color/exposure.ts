// Exposure: multiplies colour channels by a power of two, in each channel's own type.
import { z } from 'zod';
import {
  cryptomatteProblem,
  defineNode,
  type ImageSpec,
  image,
  layersOf,
  listChannels,
  listNames,
  matchesName,
  type NodeProblem,
  type PartSpec,
  type Plane,
  partLabel,
  passPart,
  recomputePart,
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
  doc: 'Multiplies scene-linear R, G and B by 2 to the power of stops. Other channels pass through, alpha too; windows and sample types stay as they are. Premultiplied or not makes no difference.',
  keywords: ['gain', 'brightness', 'stops', 'multiply', 'grade', 'light'],
  params,
  inputs: { image: image('The image, scene-linear.') },
  summary: ({ stops }) => `${stops > 0 ? '+' : ''}${stops} stops`,

  spec(ctx) {
    const { parts } = ctx.inputs.image;
    const chosen = parts.map((part) => new Set(part.channels.map((c) => c.name).filter((name) => fits(ctx, name))));
    if (chosen.every((names) => names.size === 0)) reportNothing(ctx);
    const spoilt = ctx.params.stops === 0 ? undefined : cryptomatteProblem(ctx.inputs.image, chosen, 'Exposure');
    if (spoilt) ctx.report(spoilt);
    const made = parts.map((part, index): PartSpec => {
      const names = chosen[index]!;
      if (ctx.params.stops === 0 || names.size === 0) return passPart(part, 'image', index);
      refuseUnreadable(ctx, part, index);
      return recomputePart(part, 'image', index, names);
    });
    return { ...ctx.inputs.image, parts: made };
  },

  pointwise(ctx, part) {
    const program = [{ do: 'gain', by: 2 ** ctx.params.stops }] as const;
    return groupsOf(ctx, part).map((channels) => ({ channels, program }));
  },

  // Whole numbers alone: single precision does not hold all of them.
  async pull({ params, sources }, want) {
    const planes = await sources.image.planes(want);
    return new Map(
      want.channels.map((name): [string, Plane] => [name, multiply(planes.get(name)!, 2 ** params.stops)]),
    );
  },
});

const fits = ({ params }: Pick<Context, 'params'>, name: string): boolean =>
  params.channels.some((p) => matchesName(p, name));

/** The chosen halves and floats: R, G and B of a layer together, as the nodes around have them, the others alone. */
function groupsOf(ctx: Pick<Context, 'params' | 'inputs'>, part: number): string[][] {
  const chosen = ctx.inputs.image.parts[part]!.channels.filter((c) => c.type !== 'uint' && fits(ctx, c.name));
  const left = new Set(chosen.map((c) => c.name));
  const groups: string[][] = [];
  for (const { channels } of layersOf(ctx.inputs.image, part)) {
    const [{ sampling }] = channels;
    const even = channels.every((c) => c.sampling.x === sampling.x && c.sampling.y === sampling.y);
    const names = channels.map((c) => c.name);
    if (!even || !names.every((name) => left.has(name))) continue;
    groups.push(names);
    for (const name of names) left.delete(name);
  }
  return [...groups, ...[...left].map((name) => [name])];
}

/** A new plane of whole numbers, rounded and kept within their range. */
const multiply = (plane: Plane, gain: number): Plane => ({
  ...plane,
  samples: Uint32Array.from(plane.samples, (sample) => Math.min(0xffffffff, Math.round(sample * gain))),
});

function reportNothing(ctx: Context): void {
  const names = ctx.inputs.image.parts.flatMap((part) => part.channels.map((c) => c.name));
  ctx.report({
    severity: 'warning',
    code: 'channel-unknown',
    message: `No channel fits ${listNames(ctx.params.channels)}, so nothing is changed.${listChannels(names)}`,
    where: { param: 'channels' },
  });
}

function refuseUnreadable(ctx: Context, part: PartSpec, index: number): void {
  const where = { param: 'channels', part: part.name ?? index };
  const label = partLabel(part, index);
  if (part.kind === 'deep') {
    const message = `${label} is deep, and Exposure works on flat parts. Put Flatten deep before, or choose channels of other parts.`;
    ctx.report({ severity: 'error', code: 'deep-unsupported', message, where });
  } else if (part.stored?.copyOnly) {
    const message = `${label} is compressed with ${part.stored.compression}, which cannot be unpacked here. Choose channels of other parts.`;
    ctx.report({ severity: 'error', code: 'exr-compression-unsupported', message, where });
  }
}
