// Whole nodes out of point-wise programs that change all chosen layers of colour alike.
import {
  type Choice,
  checkReadable,
  chooseIn,
  groupLayers,
  type ImageSpec,
  type LayerParams,
  layersOf,
  type NodeProblem,
  type PointwiseGroup,
  type PointwiseProgram,
  passPart,
  recomputePart,
  reportChoice,
} from '../../../engine/authoring.ts';

interface Context {
  readonly params: LayerParams;
  readonly inputs: { readonly image: ImageSpec };
}

const choose = ({ params, inputs }: Context, index: number): Choice =>
  chooseIn(inputs.image.parts[index]!, layersOf(inputs.image, index), params);

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
