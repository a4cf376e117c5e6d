// The samples of a picture as numbers, whatever their type, and as halfs for what draws light.
import type { Picture } from '../store/link.ts';
import { HALF_VALUES, halfBits } from './half.ts';

/** Floats or whole numbers; those of a picture of halfs are made of them anew at each call. */
export function numbersOf({ header, samples }: Picture): Float32Array | Uint32Array {
  const { buffer, byteOffset, length } = samples;
  if (header.type === 'float') return new Float32Array(buffer, byteOffset, length >> 1);
  if (header.type === 'uint') return new Uint32Array(buffer, byteOffset, length >> 1);
  return Float32Array.from(samples, (bits) => HALF_VALUES[bits]!);
}

/** The number at a place among the samples. */
export function numberAt({ header, samples }: Picture, at: number): number {
  if (header.type === undefined) return HALF_VALUES[samples[at]!]!;
  words[0] = samples[2 * at]!;
  words[1] = samples[2 * at + 1]!;
  return header.type === 'float' ? float[0]! : uint[0]!;
}

const words = new Uint16Array(2);
const float = new Float32Array(words.buffer);
const uint = new Uint32Array(words.buffer);

const halves = new WeakMap<Uint16Array, Uint16Array>();

/** Bits of halfs; what is no half is rounded to one. */
export function halvesOf(picture: Picture): Uint16Array {
  if (picture.header.type === undefined) return picture.samples;
  const known = halves.get(picture.samples);
  if (known) return known;
  const made = Uint16Array.from(numbersOf(picture), (value) =>
    Number.isFinite(value) ? halfBits(value) : Number.isNaN(value) ? 0x7e00 : value > 0 ? 0x7c00 : 0xfc00,
  );
  halves.set(picture.samples, made);
  return made;
}
