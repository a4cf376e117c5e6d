// The tags of a part whose colours are of another space now, which they can be, and what the ledger is told of those that they replace.
import { type AttributeSet, sameAttribute, withoutAttribute } from '../image/attribute.ts';
import { listNames } from '../image/names.ts';
import { partLabel, withHeaderNames } from '../image/parts.ts';
import { lowerQuality } from '../image/quality.ts';
import type { PartSpec } from '../image/spec.ts';
import type { Loss } from '../node/define.ts';
import type { NodeProblem } from '../node/problem.ts';
import { placeOf } from './check.ts';
import { type Layer, layerLabel } from './layer.ts';
import { displayedQuality } from './quality.ts';
import type { Space } from './space.ts';
import { TAGS, type Tagged, writeTags } from './tags.ts';

interface Context {
  readonly node: string;
  lose(loss: Loss): void;
}

/** The part with tags of that space, or with none where nobody knows it. What is made for a display is a deliverable. */
export function retagPart(ctx: Context, part: PartSpec, index: number, space: Space | 'unknown'): PartSpec {
  const unknown = space === 'unknown';
  const attributes = unknown
    ? TAGS.reduce((set: AttributeSet, name) => withoutAttribute(set, name), part.attributes)
    : writeTags(part.attributes, space, ctx.node);
  const now = unknown ? 'in a space that nobody has told' : space.title;
  for (const { name, ...before } of part.attributes) {
    const after = attributes.find((a) => a.name === name);
    if (after && sameAttribute(after, { name, ...before })) continue;
    const reason = `${after ? '' : 'no longer true: '}the colours are now ${now}`;
    const kept = after ? { replaced: true } : { cleared: true };
    ctx.lose({ kind: 'attribute', port: 'image', part: index, name, reason, ...kept });
  }
  const made = lowerQuality({ ...part, attributes }, unknown ? undefined : displayedQuality(space, ctx.node));
  if (!part.stored) return made;
  const names = attributes.map((a) => a.name);
  return { ...made, stored: withHeaderNames(part.stored, names) };
}

/** A part of which some layers have come out in a space. */
export interface Mixture {
  /** The part as it was, and its place in the image. */
  readonly part: PartSpec;
  readonly index: number;
  readonly tagged: Tagged;
  readonly layers: readonly Layer[];
  readonly changed: readonly Layer[];
  readonly space: Space | 'unknown';
}

/**
 * The part that came out with tags that are true. They can name one space for all layers, and speak of colours alone, so
 * where colours are left in another space they go on naming that of the main layer, or are gone where there is none; that
 * is a warning. `made` is the part with its new channels.
 */
export function retagMixed(
  ctx: Context & { report(problem: NodeProblem): void },
  made: PartSpec,
  { part, index, tagged, layers, changed, space }: Mixture,
): PartSpec {
  const colours = layers.filter((layer) => layer.doubt === undefined);
  const left = colours.filter((layer) => !changed.includes(layer));
  const alike = space !== 'unknown' && tagged.says === 'space' && tagged.space === space;
  if (left.length === 0 || alike) return retagPart(ctx, made, index, space);
  if (left.length === colours.length) return made;
  const main = colours.find((layer) => layer.name === '');
  const kept = main !== undefined && left.includes(main);
  const told = main ? space : 'unknown';
  if (kept || space !== 'unknown') {
    const tags = main ? 'name that of the main layer' : 'are taken away';
    ctx.report({
      severity: 'warning',
      code: 'color-mixed',
      message: `${partLabel(part, index)} has layers that are not changed (${listNames(left.map(layerLabel))}), and tags can name one space for all: they ${tags}. Change those layers too, or put them into a part of their own.`,
      where: placeOf(part, index, 'channels'),
    });
  }
  const retagged = kept ? made : retagPart(ctx, made, index, told);
  return space === 'unknown' ? retagged : lowerQuality(retagged, displayedQuality(space, ctx.node));
}
