// Deflated bytes inside chunks: packing by our own kernel or by zlib, and unpacking with a check of the size.
import { deflateSync, inflateSync } from 'node:zlib';
import { release } from '../../base/release.ts';
import { deflate, deflateWork } from '../../pixels/kernels.ts';
import { deflateBound } from '../../pixels/reference.ts';
import type { Compression } from '../compression.ts';
import { damaged } from './block.ts';

/** Deflate makes at most 258 bytes of two bits. */
export const INFLATE_RATIO = 1032;

/**
 * The level that our own deflate stands for: it is faster than zlib's level 4 and makes smaller files. Other levels are
 * zlib's own, for files that are written once and kept (9) or thrown away soon (1).
 */
const OWN_LEVEL = 4;

/**
 * zlib's greatest: longer blocks and a larger hash table. On the corpus and the fixture shot it packs 5 to 18 per cent
 * faster than the default of 8, for files that are up to 1 per cent larger, mostly less than a half.
 */
const MEMORY_LEVEL = 9;

/** Bytes of scratch space that `deflated` needs for `length` bytes at a level: to work in, and for the result. */
export const deflateRoom = (length: number, level: number): readonly [work: number, target: number] =>
  level === OWN_LEVEL ? [deflateWork(), deflateBound(length)] : [0, 0];

/** Packs bytes in scratch space at zlib's `level`, 0 to 9. The result is a fresh array. */
export function deflated(source: Uint8Array, level: number, work: Uint8Array, target: Uint8Array): Uint8Array {
  if (level === OWN_LEVEL) return target.slice(0, deflate(source, work, target));
  // One piece that surely holds the result; a copy of its own size is what goes on.
  const piece = deflateSync(source, {
    level,
    memLevel: MEMORY_LEVEL,
    chunkSize: Math.max(64, source.length + (source.length >> 8) + 64),
  });
  const packed = new Uint8Array(piece);
  release(piece);
  return packed;
}

/**
 * Unpacks a zlib stream of exactly `length` bytes. The result may be given to `release`. Throws `exr-compressed-data`,
 * before memory is taken where so few bytes cannot hold so many.
 */
export function inflated(method: Compression, packed: Uint8Array, length: number): Uint8Array {
  if (length > packed.length * INFLATE_RATIO) {
    throw damaged(method, `${packed.length} bytes cannot hold ${length}`);
  }
  let bytes: Uint8Array;
  try {
    // One output piece of the right size spares zlib's loop a second turn and a joining copy.
    bytes = inflateSync(packed, { chunkSize: length + 64, maxOutputLength: Math.max(length, 1) });
  } catch (error) {
    throw damaged(method, error instanceof Error ? error.message : String(error), error);
  }
  if (bytes.length !== length) throw damaged(method, `expected ${length} bytes, found ${bytes.length}`);
  return bytes;
}
