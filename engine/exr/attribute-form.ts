// The form of an attribute type: how its values are read, written and explained.
import type { ByteReader, ByteWriter } from '../base/bytes.ts';
import type { Json } from '../base/canonical.ts';

/** The value of an attribute: plain JSON, in the form that `ATTRIBUTE_TYPES` shows for its type. */
export type AttributeValue = Json;

/** How the value of one attribute type is read, written and explained. */
export interface AttributeForm {
  /** One sentence for people who type values. */
  readonly doc: string;
  /** A value that `encode` takes. */
  readonly example: Json;
  /** Reads the whole value; bytes left over are an error of the caller. Throws `exr-attribute`. */
  decode(reader: ByteReader): AttributeValue;
  /** Writes a value; false where it does not have this form. */
  encode(writer: ByteWriter, value: unknown): boolean;
}
