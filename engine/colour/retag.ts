// The tags of a part whose colours are of another space now, and what the ledger is told of those that they replace.
import { type AttributeSet, sameAttribute, withoutAttribute } from '../image/attribute.ts';
import { withHeaderNames } from '../image/parts.ts';
import { lowerQuality } from '../image/quality.ts';
import type { PartSpec } from '../image/spec.ts';
import type { Loss } from '../node/define.ts';
import { displayedQuality } from './quality.ts';
import type { Space } from './space.ts';
import { TAGS, writeTags } from './tags.ts';

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
