// Attribute types made of numbers and texts: scalars, vectors, boxes, matrices, strings and raw bytes.
import type { ByteReader, ByteWriter } from '../base/bytes.ts';
import type { Json } from '../base/canonical.ts';
import { decodeText, decodeTexts, encodeText, fromBase64, toBase64 } from '../base/text.ts';
import type { AttributeForm } from './attribute-form.ts';
import { decodeFloat32, decodeFloat64, encodeFloat32, encodeFloat64 } from './number.ts';

/** One number of a fixed size. */
interface Scalar {
  readonly bytes: number;
  decode(reader: ByteReader): Json;
  encode(writer: ByteWriter, value: unknown): boolean;
}

const int32: Scalar = {
  bytes: 4,
  decode: (reader) => reader.i32(),
  encode: (writer, value) => isInt32(value) && Boolean(writer.i32(value)),
};
const float32: Scalar = {
  bytes: 4,
  decode: (reader) => decodeFloat32(reader.u32()),
  encode: (writer, value) => {
    const bits = encodeFloat32(value);
    return bits !== undefined && Boolean(writer.u32(bits));
  },
};
const float64: Scalar = {
  bytes: 8,
  decode: (reader) => decodeFloat64(reader.u64()),
  encode: (writer, value) => {
    const bits = encodeFloat64(value);
    return bits !== undefined && Boolean(writer.u64(bits));
  },
};

export const isInt32 = (value: unknown): value is number => Number.isInteger(value) && value === (Number(value) | 0);
export const isUint32 = (value: unknown): value is number => Number.isInteger(value) && value === Number(value) >>> 0;

/** True for an object that has these keys and no others. */
export function isRecord<K extends string>(
  value: unknown,
  keys: readonly K[],
  optional: readonly string[] = [],
): value is Record<K, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const found = Object.keys(value).filter((key) => !optional.includes(key));
  return found.length === keys.length && keys.every((key) => found.includes(key));
}

const decodeTuple = (scalar: Scalar, count: number, reader: ByteReader): Json[] =>
  Array.from({ length: count }, () => scalar.decode(reader));

const encodeTuple = (scalar: Scalar, count: number, writer: ByteWriter, value: unknown): boolean =>
  Array.isArray(value) && value.length === count && value.every((item) => scalar.encode(writer, item));

const single = (scalar: Scalar, doc: string, example: Json): AttributeForm => ({
  doc,
  example,
  decode: (reader) => scalar.decode(reader),
  encode: (writer, value) => scalar.encode(writer, value),
});

const vector = (scalar: Scalar, count: 2 | 3, doc: string, example: Json): AttributeForm => ({
  doc,
  example,
  decode: (reader) => decodeTuple(scalar, count, reader),
  encode: (writer, value) => encodeTuple(scalar, count, writer, value),
});

const boxOf = (scalar: Scalar, doc: string, example: Json): AttributeForm => ({
  doc,
  example,
  decode: (reader) => ({ min: decodeTuple(scalar, 2, reader), max: decodeTuple(scalar, 2, reader) }),
  encode: (writer, value) =>
    isRecord(value, ['min', 'max']) &&
    encodeTuple(scalar, 2, writer, value.min) &&
    encodeTuple(scalar, 2, writer, value.max),
});

const matrix = (scalar: Scalar, side: 3 | 4): AttributeForm => ({
  doc: `${side} rows of ${side} numbers.`,
  example: Array.from({ length: side }, (_, y) => Array.from({ length: side }, (_, x) => (x === y ? 1 : 0))),
  decode: (reader) => Array.from({ length: side }, () => decodeTuple(scalar, side, reader)),
  encode: (writer, value) =>
    Array.isArray(value) && value.length === side && value.every((row) => encodeTuple(scalar, side, writer, row)),
});

const floats = 'Floats may also be "nan", "inf", "-inf", "-0" or a NaN\'s bits as "nan:0x7fc00001".';

/** Forms of the plain types, by OpenEXR's type name ("OpenEXR File Layout", predefined attribute types). */
export const PLAIN_FORMS: Readonly<Record<string, AttributeForm>> = {
  int: single(int32, 'A whole number from -2147483648 to 2147483647.', 24),
  float: single(float32, `A 32-bit float. ${floats}`, 2.4),
  double: single(float64, `A 64-bit float. ${floats}`, 0.1),
  v2i: vector(int32, 2, 'Two whole numbers.', [1920, 1080]),
  v2f: vector(float32, 2, 'Two 32-bit floats.', [0, 0.5]),
  v2d: vector(float64, 2, 'Two 64-bit floats.', [0, 0.5]),
  v3i: vector(int32, 3, 'Three whole numbers.', [1, 2, 3]),
  v3f: vector(float32, 3, 'Three 32-bit floats.', [0, 0.5, 1]),
  v3d: vector(float64, 3, 'Three 64-bit floats.', [0, 0.5, 1]),
  box2i: boxOf(int32, 'A window of whole numbers, both corners inside.', { min: [0, 0], max: [1919, 1079] }),
  box2f: boxOf(float32, 'A box of 32-bit floats.', { min: [0, 0], max: [1, 1] }),
  m33f: matrix(float32, 3),
  m33d: matrix(float64, 3),
  m44f: matrix(float32, 4),
  m44d: matrix(float64, 4),
  floatvector: {
    doc: 'A list of 32-bit floats.',
    example: [0.5, 1, 2],
    // A length that is no multiple of four makes the last read run out of bytes.
    decode: (reader) => decodeTuple(float32, Math.ceil(reader.remaining / 4), reader),
    encode: (writer, value) => Array.isArray(value) && encodeTuple(float32, value.length, writer, value),
  },
  string: {
    doc: 'A text. Bytes that are not UTF-8 stand as lone surrogates U+DC80 to U+DCFF.',
    example: 'ACES2065-1',
    decode: (reader) => decodeText(reader.take(reader.remaining)),
    encode: (writer, value) => typeof value === 'string' && Boolean(writer.put(encodeText(value))),
  },
  stringvector: {
    doc: 'A list of texts.',
    example: ['left', 'right'],
    decode: decodeTexts,
    encode: (writer, value) =>
      Array.isArray(value) &&
      value.every((text) => {
        if (typeof text !== 'string') return false;
        const bytes = encodeText(text);
        writer.i32(bytes.length).put(bytes);
        return true;
      }),
  },
  bytes: {
    doc: 'Raw bytes in base64 with a text that hints at what they are.',
    example: { hint: 'application/octet-stream', data: 'AAEC' },
    decode: (reader) => ({
      hint: decodeText(reader.take(reader.u32())),
      data: toBase64(reader.take(reader.remaining)),
    }),
    encode: (writer, value) => {
      if (!isRecord(value, ['hint', 'data']) || typeof value.hint !== 'string' || typeof value.data !== 'string') {
        return false;
      }
      const hint = encodeText(value.hint);
      const data = fromBase64(value.data);
      return data !== undefined && Boolean(writer.u32(hint.length).put(hint).put(data));
    },
  },
};
