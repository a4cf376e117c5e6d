// Bytes: what the writer writes the reader reads, and no read leaves the buffer.
import { expect, test } from 'vitest';
import { ByteReader, ByteWriter } from '../../engine/base/bytes.ts';
import { EngineError } from '../../engine/base/error.ts';

const everything = (): Uint8Array =>
  new ByteWriter()
    .u8(200)
    .i32(-2)
    .u32(0xfffffffe)
    .u64(2n ** 63n + 1n)
    .f32(1.5)
    .f64(Math.PI)
    .cstring('Größe')
    .put(new Uint8Array([1, 2, 3]))
    .finish();

test('every kind of value comes back', () => {
  const reader = new ByteReader(everything());
  expect(reader.u8()).toBe(200);
  expect(reader.i32()).toBe(-2);
  expect(reader.u32()).toBe(0xfffffffe);
  expect(reader.u64()).toBe(2n ** 63n + 1n);
  expect(reader.f32()).toBe(1.5);
  expect(reader.f64()).toBe(Math.PI);
  expect(reader.cstring(31)).toBe('Größe');
  expect([...reader.take(3)]).toEqual([1, 2, 3]);
  expect(reader.remaining).toBe(0);
});

test('numbers are little-endian', () => {
  expect([...new ByteWriter().u32(0x01020304).finish()]).toEqual([4, 3, 2, 1]);
});

test('a writer grows over its first buffer without losing anything', () => {
  const writer = new ByteWriter();
  for (let i = 0; i < 5000; i++) writer.u32(i);
  const reader = new ByteReader(writer.finish());
  for (let i = 0; i < 5000; i++) if (reader.u32() !== i) expect.fail(`value ${i}`);
  expect(reader.remaining).toBe(0);
});

test('truncated at any length, a read past the end is one error that names the offset in the file', () => {
  const bytes = everything();
  let errors = 0;
  for (let length = 0; length < bytes.length; length++) {
    const reader = new ByteReader(bytes.subarray(0, length), 'exr-header', 100);
    try {
      reader.u8();
      reader.i32();
      reader.u32();
      reader.u64();
      reader.f32();
      reader.f64();
      reader.cstring(31);
      reader.take(3);
    } catch (thrown) {
      expect(thrown).toBeInstanceOf(EngineError);
      const error = thrown as EngineError;
      expect(error.code).toBe('exr-header');
      expect(error.where.offset).toBeGreaterThanOrEqual(100);
      expect(error.where.offset).toBeLessThanOrEqual(100 + length);
      errors += 1;
    }
  }
  expect(errors).toBe(bytes.length);
});

test('odd counts and names without an end are refused', () => {
  const reader = new ByteReader(new Uint8Array([65, 66, 67]));
  for (const count of [-1, 4, Number.NaN, Number.POSITIVE_INFINITY])
    expect(() => reader.take(count)).toThrow(EngineError);
  expect(() => reader.cstring(31)).toThrow(EngineError);
  expect(() => new ByteReader(new Uint8Array([65, 66, 0])).cstring(1)).toThrow(EngineError);
  expect(reader.position).toBe(0);
});
