// Attributes as text: the value alone, to stand in another text, and type with value for a message.
import { clip } from '../base/clip.ts';
import { type Attribute, type AttributeValue, decodeAttribute } from './attribute.ts';

/**
 * The value as text: a text as it is, a time code as its time, everything else as JSON. Undefined where the type is
 * unknown or the bytes do not hold it.
 */
export function attributeText(attribute: Attribute): string | undefined {
  const value = decoded(attribute);
  if (value === undefined || typeof value === 'string') return value;
  if (value !== null && typeof value === 'object' && 'time' in value) return String(value.time);
  return JSON.stringify(value);
}

/** Type and value on one line of about `most` characters, such as `string "Vera"` or `blob of 4 bytes`. */
export function attributeSummary(attribute: Attribute, most = 60): string {
  const value = decoded(attribute);
  if (value === undefined) return `${attribute.type} of ${attribute.bytes.length} bytes`;
  return `${attribute.type} ${clip(JSON.stringify(value), most)}`;
}

function decoded(attribute: Attribute): AttributeValue | undefined {
  try {
    return decodeAttribute(attribute);
  } catch {
    return undefined; // a broken value is still kept and told apart by its bytes
  }
}
