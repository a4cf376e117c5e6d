// Tags of colours after a node that knows, or does not know, what space comes out of it.
import {
  type ImageSpec,
  type Loss,
  layersOf,
  type NodeProblem,
  type PartSpec,
  readTags,
  retagMixed,
  retagPart,
  SPACES,
  type SpaceName,
} from '../../../engine/authoring.ts';

interface Context {
  readonly node: string;
  readonly inputs: { readonly image: ImageSpec };
  report(problem: NodeProblem): void;
  lose(loss: Loss): void;
}

/**
 * The image with tags of the space that came out in the parts whose colours were computed, or without tags where it is
 * not known. Parts without colours follow, since all parts of a file share their chromaticities.
 */
export function retagImage(ctx: Context, made: ImageSpec, space: SpaceName | 'unknown'): ImageSpec {
  const changed = made.parts.map((part) => part.channels.some((c) => c.origin.from === 'computed'));
  if (!changed.includes(true)) return made;
  const parts = made.parts.map((part, index) => {
    const layers = layersOf(ctx.inputs.image, index);
    const tagged = readTags(part.attributes, made.parts[0]!.attributes);
    if (!changed[index] && (layers.some((layer) => layer.doubt === undefined) || tagged.says === 'data')) return part;
    const to = space === 'unknown' ? space : SPACES[space];
    if (!changed[index]) return retagPart(ctx, part, index, to);
    return retagMixed(ctx, part, {
      part,
      index,
      tagged,
      layers,
      changed: layers.filter(({ channels }) => isComputed(part, channels[0].name)),
      space: to,
    });
  });
  return { ...made, parts };
}

const isComputed = (part: PartSpec, name: string): boolean =>
  part.channels.some((c) => c.name === name && c.origin.from === 'computed');
