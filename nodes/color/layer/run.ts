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
  type Singles,
} from '../../../engine/authoring.ts';

interface Context {
  readonly params: LayerParams;
  readonly inputs: { readonly image: ImageSpec };
}

const choose = ({ params, inputs }: Context, index: number, ways: Singles | undefined): Choice =>
  chooseIn(inputs.image.parts[index]!, layersOf(inputs.image, index), params, ways);

/** The program of a grade, on colours divided by alpha where that is asked. What has no alpha stays nothing. */
export const gradeProgram = (steps: PointwiseProgram, way: { readonly unpremultiply: boolean }): PointwiseProgram =>
  steps.length === 0 || !way.unpremultiply ? steps : [{ do: 'divide' }, ...steps, { do: 'cover' }];

/** The image of a node that runs a program on every chosen layer; an empty program hands everything on. */
export function describeLayers(
  ctx: Context & { report(problem: NodeProblem): void },
  program: PointwiseProgram,
  ways?: Singles,
): ImageSpec {
  const { image } = ctx.inputs;
  const choices = image.parts.map((_, index) => choose(ctx, index, ways));
  reportChoice(ctx, choices, 'changed');
  const parts = image.parts.map((part, index) => {
    const { layers, singles } = choices[index]!;
    if (program.length === 0 || layers.length + singles.length === 0) return passPart(part, 'image', index);
    if (!checkReadable(ctx, index, layers, program)) return passPart(part, 'image', index);
    const names = layers.flatMap((layer) => layer.channels.map((c) => c.name));
    return recomputePart(part, 'image', index, new Set([...names, ...singles]));
  });
  return { ...image, parts };
}

/** What such a node does to the layers of a part, each with its alpha where it has one, and to channels by themselves. */
export function groupsOf(ctx: Context, program: PointwiseProgram, part: number, ways?: Singles): PointwiseGroup[] {
  const { layers, singles } = choose(ctx, part, ways);
  return [...groupLayers(layers, program), ...singles.map((name) => ({ channels: [name], program }))];
}
