// Attributes of a part: name, type name, raw bytes and where they came from; ordered sets of them, edited by copying.

import type { Attribute as FileAttribute } from '../exr/attribute.ts';

/** A header attribute on its way through the graph. */
export interface Attribute extends FileAttribute {
  /** The node that last set it, or the input that it came from; for people, not part of the file. */
  readonly source?: string;
}

/** Attributes in the order of the file. Names are unique. */
export type AttributeSet = readonly Attribute[];

/** The attribute, a string, in which a file of Sluice carries the graph that made it, where it was asked to. */
export const RECIPE_ATTRIBUTE = 'sluiceRecipe';

export const findAttribute = (set: AttributeSet, name: string): Attribute | undefined =>
  set.find((a) => a.name === name);

/** Replaces the attribute of that name where it stands, or appends it. */
export function withAttribute(set: AttributeSet, attribute: Attribute): AttributeSet {
  const at = set.findIndex((a) => a.name === attribute.name);
  return at < 0 ? [...set, attribute] : set.with(at, attribute);
}

export const withoutAttribute = (set: AttributeSet, name: string): AttributeSet => set.filter((a) => a.name !== name);

/** Same type and same bytes. */
export function sameAttribute(a: Attribute, b: Attribute): boolean {
  return a.type === b.type && a.bytes.length === b.bytes.length && a.bytes.every((byte, i) => byte === b.bytes[i]);
}
