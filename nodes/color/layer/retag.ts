// Tags of colours after a node that knows, or does not know, what space comes out of it.
import {
  type AttributeSet,
  type ImageSpec,
  type Loss,
  listNames,
  type NodeProblem,
  type PartSpec,
  partLabel,
  sameAttribute,
  withHeaderNames,
  withoutAttribute,
} from '../../../engine/authoring.ts';
import { SPACES, type SpaceName } from '../space/space.ts';
import { readTags, TAGS, writeTags } from '../space/tags.ts';
import { placeOf } from './check.ts';
import { layerLabel, layersOf } from './layer.ts';

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
    return retagPart(ctx, part, index, space);
  });
  return { ...made, parts };
}

const isComputed = (part: PartSpec, name: string): boolean =>
  part.channels.some((c) => c.name === name && c.origin.from === 'computed');

function retagPart(ctx: Context, part: PartSpec, index: number, space: SpaceName | 'unknown'): PartSpec {
  const attributes =
    space === 'unknown'
      ? TAGS.reduce((set: AttributeSet, name) => withoutAttribute(set, name), part.attributes)
      : writeTags(part.attributes, SPACES[space], ctx.node);
  const now = space === 'unknown' ? 'in a space that nobody has told' : SPACES[space].title;
  for (const before of part.attributes) {
    const after = attributes.find((a) => a.name === before.name);
    if (after && sameAttribute(after, before)) continue;
    const reason = `${after ? '' : 'no longer true: '}the colours are now ${now}`;
    ctx.lose({ kind: 'attribute', port: 'image', part: index, name: before.name, reason, replaced: true });
  }
  if (!part.stored) return { ...part, attributes };
  const names = attributes.map((a) => a.name);
  return { ...part, attributes, stored: withHeaderNames(part.stored, names) };
}
