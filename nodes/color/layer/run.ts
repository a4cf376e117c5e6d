// Whole nodes out of point-wise programs that change all chosen layers of colour alike.
import {
  type ImageSpec,
  type NodeProblem,
  type PointwiseGroup,
  type PointwiseProgram,
  passPart,
  recomputePart,
} from '../../../engine/authoring.ts';
import { checkReadable, reportChoice } from './check.ts';
import { type Choice, chooseLayers, type Layer, layersOf } from './layer.ts';

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

/** What such a node does to the layers of a part, each with its alpha where it has one. */
export const groupsOf = (ctx: Context, program: PointwiseProgram, part: number): PointwiseGroup[] =>
  groupLayers(choose(ctx, part).layers, program);

/** Layers as groups of a program. A layer without alpha is not divided and multiplied by it. */
export function groupLayers(layers: readonly Layer[], program: PointwiseProgram): PointwiseGroup[] {
  const covered = program.some((step) => step.do === 'divide');
  const bare = program.filter((step) => step.do !== 'divide' && step.do !== 'multiply');
  return layers.map(({ channels, alpha }) => ({
    channels: channels.map((c) => c.name),
    ...(covered && alpha ? { alpha: { part: alpha.part, channel: alpha.channel.name }, program } : { program: bare }),
  }));
}
