// Runs a point-wise program on layers of colour, and makes whole nodes of programs that change all chosen layers alike.
import {
  type ImageSource,
  type ImageSpec,
  type NodeProblem,
  type Plane,
  type Planes,
  type PointwiseProgram,
  passPart,
  recomputePart,
  runPointwise,
  type Want,
} from '../../../engine/authoring.ts';
import { checkReadable, reportChoice } from './check.ts';
import { type Choice, chooseLayers, type Layer, layersOf } from './layer.ts';

const usesAlpha = (program: PointwiseProgram): boolean => program.some((step) => step.do === 'divide');

/**
 * The planes of those layers that a want asks for, all three channels of each, in the channels' own types. A layer
 * without alpha is not divided and multiplied by it.
 */
export async function runLayers(
  source: ImageSource,
  layers: readonly Layer[],
  program: PointwiseProgram,
  want: Want,
): Promise<Planes> {
  const wanted = layers.filter((layer) => layer.channels.some((c) => want.channels.includes(c.name)));
  const covered = usesAlpha(program);
  const bare = program.filter((step) => step.do !== 'divide' && step.do !== 'multiply');
  const made = new Map<string, Plane>();
  const channels = wanted.flatMap((layer) => layer.channels.map((c) => c.name));
  const planes = await source.planes({ ...want, channels });
  for (const layer of wanted) {
    const alpha = covered ? layer.alpha : undefined;
    const coverage = alpha && (await source.planes({ ...want, part: alpha.part, channels: [alpha.channel.name] }));
    const changed = runPointwise(alpha ? program : bare, {
      channels: layer.channels.map((c) => planes.get(c.name)!),
      types: layer.channels.map((c) => c.type),
      ...(alpha && coverage ? { alpha: coverage.get(alpha.channel.name)! } : {}),
    });
    for (const [i, { name }] of layer.channels.entries()) made.set(name, changed[i]!);
  }
  return made;
}

interface Context {
  readonly params: { readonly channels: readonly string[]; readonly notColour: 'leave' | 'convert' };
  readonly inputs: { readonly image: ImageSpec };
}

const choose = ({ params, inputs }: Context, index: number): Choice =>
  chooseLayers(
    layersOf(inputs.image, index),
    inputs.image.parts[index]!,
    params.channels,
    params.notColour === 'convert' ? 'certain' : 'doubt',
  );

/** The image of a node that runs a program on every chosen layer; an empty program hands everything on. */
export function describeLayers(
  ctx: Context & { report(problem: NodeProblem): void },
  program: PointwiseProgram,
): ImageSpec {
  const { image } = ctx.inputs;
  const choices = image.parts.map((_, index) => choose(ctx, index));
  reportChoice(ctx, choices, 'changed');
  const parts = image.parts.map((part, index) => {
    const { layers } = choices[index]!;
    if (program.length === 0 || layers.length === 0) return passPart(part, 'image', index);
    if (!checkReadable(ctx, index, layers, program)) return passPart(part, 'image', index);
    const names = new Set(layers.flatMap((layer) => layer.channels.map((c) => c.name)));
    return recomputePart(part, 'image', index, names);
  });
  return { ...image, parts };
}

/** The samples of such a node. */
export const pullLayers = (
  ctx: Context & { readonly sources: { readonly image: ImageSource } },
  program: PointwiseProgram,
  want: Want,
): Promise<Planes> => runLayers(ctx.sources.image, choose(ctx, want.part).layers, program, want);
