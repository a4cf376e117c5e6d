// Tags of colours after a node that knows, or does not know, what space comes out of it.
import {
  type ImageSpec,
  type Loss,
  layerLabel,
  layersOf,
  listNames,
  type NodeProblem,
  type PartSpec,
  partLabel,
  placeOf,
  readTags,
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
    const colours = layersOf(ctx.inputs.image, index).filter((layer) => layer.doubt === undefined);
    const tagged = readTags(part.attributes, made.parts[0]!.attributes);
    if (!changed[index] && (colours.length > 0 || tagged.says === 'data')) return part;
    const left = colours.filter(({ channels }) => !isComputed(part, channels[0].name));
    if (changed[index] && left.length > 0 && space !== 'unknown') {
      ctx.report({
        severity: 'warning',
        code: 'color-mixed',
        message: `${partLabel(part, index)} has layers that are not changed (${listNames(left.map(layerLabel))}), but its tags can name one space for all. Change them too, or put them into a part of their own.`,
        where: placeOf(part, index, 'channels'),
      });
    }
    return retagPart(ctx, part, index, space === 'unknown' ? space : SPACES[space]);
  });
  return { ...made, parts };
}

const isComputed = (part: PartSpec, name: string): boolean =>
  part.channels.some((c) => c.name === name && c.origin.from === 'computed');
