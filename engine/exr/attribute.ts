// Attributes of a header: bytes under a name and a type, their values as plain JSON, and attributes made from values.
import { ByteReader, ByteWriter } from '../base/bytes.ts';
import { clip } from '../base/clip.ts';
import { EngineError } from '../base/error.ts';
import type { AttributeForm, AttributeValue } from './attribute-form.ts';
import { PICTURE_FORMS } from './attribute-picture.ts';
import { PLAIN_FORMS } from './attribute-plain.ts';
import { TIME_FORMS } from './attribute-time.ts';

export type { AttributeValue } from './attribute-form.ts';

/** One header attribute. The bytes are the truth; typed values are decoded from them when asked for. */
export interface Attribute {
  readonly name: string;
  /** OpenEXR's type name, such as `string` or `v2f`; unknown names are kept. */
  readonly type: string;
  readonly bytes: Uint8Array;
}

const FORMS: Readonly<Record<string, AttributeForm>> = { ...PLAIN_FORMS, ...PICTURE_FORMS, ...TIME_FORMS };

export type AttributeType = Pick<AttributeForm, 'doc' | 'example'>;

/** Every attribute type whose values can be read and edited, by OpenEXR's type name. */
export const ATTRIBUTE_TYPES: Readonly<Record<string, AttributeType>> = Object.fromEntries(
  Object.keys(FORMS)
    .sort()
    .map((type) => [type, { doc: FORMS[type]!.doc, example: FORMS[type]!.example }]),
);

const formOf = (type: string): AttributeForm | undefined => (Object.hasOwn(FORMS, type) ? FORMS[type] : undefined);

/**
 * The value of an attribute as plain JSON, or undefined for a type that is not known.
 * `encodeAttribute` of the result gives the same bytes again. Throws `exr-attribute` where the bytes do not hold what
 * the type says.
 */
export function decodeAttribute(attribute: Attribute): AttributeValue | undefined {
  const form = formOf(attribute.type);
  if (!form) return undefined;
  const reader = new ByteReader(attribute.bytes, 'exr-attribute');
  try {
    const value = form.decode(reader);
    if (reader.remaining > 0) {
      throw new EngineError(
        'invalid',
        'exr-attribute',
        `Expected ${reader.position} bytes, found ${attribute.bytes.length}.`,
      );
    }
    return value;
  } catch (thrown) {
    if (!(thrown instanceof EngineError)) throw thrown;
    throw new EngineError(
      thrown.kind,
      'exr-attribute',
      `The attribute "${attribute.name}" does not hold a ${attribute.type}: ${thrown.message} Replace or remove it.`,
      { ...thrown.where, attribute: attribute.name },
      thrown,
    );
  }
}

/**
 * An attribute made from a value in the form that `ATTRIBUTE_TYPES` shows. Throws `attribute-value` where the value
 * does not have that form, and `attribute-opaque` where the type is not known.
 */
export function encodeAttribute(name: string, type: string, value: unknown): Attribute {
  const form = formOf(type);
  if (!form) {
    throw new EngineError(
      'invalid',
      'attribute-opaque',
      `The attribute "${name}" has the unknown type "${type}". Use one of ${Object.keys(ATTRIBUTE_TYPES).join(', ')}.`,
      { attribute: name },
    );
  }
  const writer = new ByteWriter();
  let fits: boolean;
  try {
    fits = form.encode(writer, value);
  } catch (thrown) {
    throw thrown instanceof EngineError ? thrown.at({ attribute: name }) : thrown;
  }
  if (!fits) {
    const found = clip(JSON.stringify(value) ?? String(value), 80);
    throw new EngineError(
      'invalid',
      'attribute-value',
      `The attribute "${name}" has the type ${type}: ${form.doc} Expected for example ${JSON.stringify(form.example)}, found ${found}.`,
      { attribute: name },
    );
  }
  return { name, type, bytes: writer.finish() };
}
