// Whether a value is one of an attribute's type.
import { encodeAttribute, type Json } from '../../../../engine/browser.ts';
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
