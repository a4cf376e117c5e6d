// Mutations for the fuzzer: of bytes, with an eye for where numbers stand, and of JSON texts.
import type { Random } from '../base/random.ts';

/** Whole numbers that break arithmetic. */
const EDGES = [
  0, -1, 1, 2, 0x7f, 0x80, 0xff, 0x7fff, 0x8000, 0xffff, 0x10000, 0x7fffffff, -0x80000000, 0x3fffffff, -0x7fffffff,
];

/** A damaged copy: one to six changes, half of them in the first `header` bytes, sometimes cut, doubled or spliced. */
export function mutateBytes(bytes: Uint8Array, header: number, { int, pick, chance }: Random): Uint8Array {
  let mutant = Buffer.from(bytes);
  for (let i = int(1, 6); i > 0; i--) {
    const end = Math.max(13, chance(0.5) ? Math.min(mutant.length, header) : mutant.length);
    const at = int(chance(0.98) ? 4 : 0, end - 9);
    switch (int(0, 6)) {
      case 0:
        mutant[at] = mutant[at]! ^ (1 << int(0, 7));
        break;
      case 1:
        mutant[at] = int(0, 255);
        break;
      case 2:
        mutant.writeInt32LE(pick(EDGES), at);
        break;
      case 3:
        mutant.writeInt32LE((mutant.readInt32LE(at) + int(-4, 4)) | 0, at);
        break;
      case 4:
        mutant.writeBigInt64LE(BigInt(pick(EDGES)) * (chance(0.5) ? 1n : 0x10001n), at);
        break;
      case 5: {
        const length = int(1, 64);
        mutant.copyWithin(at, int(0, mutant.length - 1), Math.min(mutant.length, at + length));
        break;
      }
      default:
        mutant.fill(int(0, 255), at, Math.min(mutant.length, at + int(1, 32)));
    }
  }
  if (chance(0.1)) mutant = mutant.subarray(0, int(0, mutant.length));
  if (chance(0.03)) {
    const at = int(0, mutant.length);
    mutant = Buffer.concat([mutant.subarray(0, at), mutant.subarray(int(0, at))]);
  }
  return mutant;
}

const WORDS = [
  '{',
  '}',
  '[',
  ']',
  ',',
  ':',
  '"',
  'null',
  'true',
  '1e999',
  '-0',
  '"__proto__"',
  '"constructor"',
  '9007199254740993',
  '\u0024{frame}',
  '\u0024{',
  '$$',
  '"*"',
  '\\u0000',
  '../../',
  '\ud800',
];

/** A damaged text: pieces removed, doubled, swapped for one another or for words that JSON readers dislike. */
export function mutateText(text: string, { int, pick, chance }: Random): string {
  let mutant = text;
  for (let i = int(1, 4); i > 0; i--) {
    const at = int(0, mutant.length);
    const end = Math.min(mutant.length, at + int(0, chance(0.8) ? 12 : 400));
    const piece = mutant.slice(at, end);
    const from = int(0, mutant.length);
    const other = mutant.slice(from, from + int(0, 30));
    mutant =
      mutant.slice(0, at) + pick(['', piece + piece, other, pick(WORDS), String(pick(EDGES))]) + mutant.slice(end);
  }
  return mutant;
}
