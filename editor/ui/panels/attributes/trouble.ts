// Whether a value is one of an attribute's type, and a name one for a new attribute.
import { encodeAttribute, type Json, STRUCTURAL_ATTRIBUTES } from '../../../../engine/browser.ts';
import type { AttributeRow } from '../../../protocol.ts';
import { wordsOf } from '../../store/refusal.ts';

/** What is wrong with a value of a type; undefined where nothing is, and for texts whose placeholders are filled in later. */
export function valueTrouble(name: string, type: string, value: Json): string | undefined {
  if (hasPlaceholder(value)) return undefined;
  try {
    encodeAttribute(name, type, value);
    return undefined;
  } catch (thrown) {
    return wordsOf(thrown);
  }
}

/** Texts are filled in before they become a value of their type. */
export const hasPlaceholder = (value: Json | undefined): value is string =>
  typeof value === 'string' && value.includes('${');

/** Bytes of a name in an OpenEXR file. */
const LONGEST = 255;

/** Why there can be no new attribute of this name; undefined where there can. */
export function newNameTrouble(name: string, present: readonly AttributeRow[]): string | undefined {
  if (name === '') return 'Type a name.';
  if (new TextEncoder().encode(name).length > LONGEST) return `A name has at most ${LONGEST} bytes.`;
  if (Object.hasOwn(STRUCTURAL_ATTRIBUTES, name))
    return `${name} describes the file itself: see ${STRUCTURAL_ATTRIBUTES[name]}.`;
  return present.some((row) => row.name === name) ? `There is ${name} already: set it in the table.` : undefined;
}
