// The choice of channels that filters share: parameters, and the image with those channels made anew.
import { z } from 'zod';
import {
  type Box,
  boxIntersection,
  cryptomatteProblem,
  type ImageSpec,
  listChannels,
  listNames,
  matchesName,
  type NodeProblem,
  type PartSpec,
  passPart,
  recomputePart,
  workProblems,
} from '../../../engine/authoring.ts';

export const channelsParam = z.array(z.string().min(1)).default(['R', 'G', 'B', 'A']).meta({
  title: 'Channels',
  description: 'Names of the channels to change, * for any text: diffuse.* or *.R.',
  widget: 'channels',
});

/** `preferred` is what holds where nothing is given. */
export const edgesParam = (preferred: 'black' | 'repeat') =>
  z.enum(['black', 'repeat']).default(preferred).meta({
    title: 'Edges',
    description: 'What lies outside the data window: black, or its outermost samples again and again.',
  });

interface Context {
  readonly params: { readonly channels: readonly string[] };
  readonly inputs: { readonly image: ImageSpec };
  report(problem: NodeProblem): void;
}

export interface Change {
  readonly title: string;
  /** False where the parameters leave every sample as it is. */
  readonly active: boolean;
  /** How many columns and rows the data window grows on each side. */
  readonly grow: readonly [number, number];
}

/** The image with the chosen channels made anew, the others handed on. Halves and floats can be chosen. */
export function changedImage(ctx: Context, { title, active, grow }: Change): ImageSpec {
  const { parts } = ctx.inputs.image;
  const chosen = parts.map(
    (part) => new Set(part.channels.map((c) => c.name).filter((name) => fits(ctx.params.channels, name))),
  );
  if (chosen.every((names) => names.size === 0)) reportNothing(ctx);
  const spoilt = active ? cryptomatteProblem(ctx.inputs.image, chosen, title) : undefined;
  if (spoilt) ctx.report(spoilt);
  const made = parts.map((part, index): PartSpec => {
    const names = chosen[index]!;
    if (!active || names.size === 0) return passPart(part, 'image', index);
    const problems = workProblems({ part, index, title, channels: names, types: ['half', 'float'], param: 'channels' });
    for (const problem of problems) ctx.report(problem);
    return { ...recomputePart(part, 'image', index, names), dataWindow: grown(part.dataWindow, grow) };
  });
  return { ...ctx.inputs.image, parts: made };
}

const fits = (patterns: readonly string[], name: string): boolean => patterns.some((p) => matchesName(p, name));

/** A window with so many columns and rows more on each side. */
export const grown = ({ minX, minY, maxX, maxY }: Box, [x, y]: readonly [number, number]): Box => ({
  minX: minX - x,
  minY: minY - y,
  maxX: maxX + x,
  maxY: maxY + y,
});

/** What lies within reach of a region, of the samples that there are. */
export const within = (region: Box, [x, y]: readonly [number, number], bounds: Box): Box =>
  boxIntersection(grown(region, [x, y]), bounds);

function reportNothing(ctx: Context): void {
  const names = ctx.inputs.image.parts.flatMap((part) => part.channels.map((c) => c.name));
  ctx.report({
    severity: 'warning',
    code: 'channel-unknown',
    message: `No channel fits ${listNames(ctx.params.channels)}, so nothing is changed.${listChannels(names)}`,
    where: { param: 'channels' },
  });
}
