// Deflated bytes inside chunks: packing by our own kernel or by zlib, and unpacking into memory of the right size.
import { deflateSync } from 'node:zlib';
import { release } from '../../base/release.ts';
import { deflate, deflateWork, inflate } from '../../pixels/kernels.ts';
import { deflateBound, INFLATE_FAULTS } from '../../pixels/reference.ts';
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
 * Bytes of scratch space that `inflateInto` needs for a stream of `length` bytes. Throws `exr-compressed-data` before
 * memory is taken where so few bytes cannot hold so many.
 */
export function inflateRoom(method: Compression, packed: Uint8Array, length: number): number {
  if (length > packed.length * INFLATE_RATIO) {
    throw damaged(method, `${packed.length} bytes cannot hold ${length}`);
  }
  return packed.length;
}

/** Unpacks a zlib stream that fills `target` exactly; it and `room` are scratch space. Throws `exr-compressed-data`. */
export function inflateInto(target: Uint8Array, method: Compression, packed: Uint8Array, room: Uint8Array): void {
  room.set(packed);
  const made = inflate(room.subarray(0, packed.length), target);
  if (made < 0) throw damaged(method, INFLATE_FAULTS[-made]!);
  if (made !== target.length) throw damaged(method, `expected ${target.length} bytes, found ${made}`);
}
