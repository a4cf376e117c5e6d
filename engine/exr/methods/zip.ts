// The methods "zips" and "zip": bytes split in two halves, coded as differences and deflated.
import { deflateSync, inflateSync } from 'node:zlib';
import { release } from '../../base/release.ts';
import {
  deflate,
  deflateWork,
  differenceDecode,
  differenceEncode,
  joinBytes,
  scratch,
  splitBytes,
} from '../../pixels/kernels.ts';
import { deflateBound } from '../../pixels/reference.ts';
import type { Compression } from '../compression.ts';
import { type Block, damaged, type Pack, type Unpack } from './block.ts';

/** Deflate makes at most 258 bytes of two bits. */
const GREATEST_RATIO = 1032;

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

export const packZip: Pack = (raw, _block, { zipLevel }) => {
  const own = zipLevel === OWN_LEVEL;
  const [source, split, work, target] = scratch(
    raw.length,
    raw.length,
    own ? deflateWork() : 0,
    own ? deflateBound(raw.length) : 0,
  );
  source.set(raw);
  splitBytes(source, split);
  differenceEncode(split, source);
  if (own) return target.slice(0, deflate(source, work, target));
  // One piece that surely holds the result; a copy of its own size is what goes on.
  const piece = deflateSync(source, {
    level: zipLevel,
    memLevel: MEMORY_LEVEL,
    chunkSize: Math.max(64, raw.length + (raw.length >> 8) + 64),
  });
  const packed = new Uint8Array(piece);
  release(piece);
  return packed;
};

const unpackAs =
  (method: Compression): Unpack =>
  (packed, block, wanted = [{ start: 0, end: block.rawBytes }]) => {
    const inflated = inflate(method, packed, block);
    const [coded, raw] = scratch(block.rawBytes, block.rawBytes);
    coded.set(inflated);
    release(inflated);
    differenceDecode(coded);
    for (const { start, end } of wanted) joinBytes(coded, raw, start, end);
    return raw;
  };

export const unpackZips: Unpack = unpackAs('zips');
export const unpackZip: Unpack = unpackAs('zip');

function inflate(method: Compression, packed: Uint8Array, { rawBytes }: Block): Uint8Array {
  if (rawBytes > packed.length * GREATEST_RATIO) {
    throw damaged(method, `${packed.length} bytes cannot hold ${rawBytes}`);
  }
  let bytes: Uint8Array;
  try {
    // One output piece of the right size spares zlib's loop a second turn and a joining copy.
    bytes = inflateSync(packed, { chunkSize: rawBytes + 64, maxOutputLength: Math.max(rawBytes, 1) });
  } catch (error) {
    throw damaged(method, error instanceof Error ? error.message : String(error), error);
  }
  if (bytes.length !== rawBytes) throw damaged(method, `expected ${rawBytes} bytes, found ${bytes.length}`);
  return bytes;
}
