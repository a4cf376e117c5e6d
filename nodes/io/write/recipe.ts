// The recipe in a file: which part carries it, and as what.
import { encodeAttribute, RECIPE_ATTRIBUTE, withAttribute } from '../../../engine/authoring.ts';
import type { Planned } from './storage.ts';

/** The same parts, the first with the recipe as an attribute that `source` set. Chunks do not depend on it. */
export function withRecipe<P extends Planned>(parts: readonly P[], source: string, recipe: string): readonly P[] {
  const [first, ...others] = parts;
  if (!first) return parts;
  const attribute = { ...encodeAttribute(RECIPE_ATTRIBUTE, 'string', recipe), source };
  const attributes = withAttribute(first.spec.attributes, attribute);
  return [{ ...first, spec: { ...first.spec, attributes }, write: { ...first.write, attributes } }, ...others];
}
