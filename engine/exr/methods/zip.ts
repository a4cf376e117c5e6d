// The methods "zips" and "zip": bytes split in two halves, coded as differences and deflated.
import { deflateSync, inflateSync } from 'node:zlib';
import { differenceDecode, differenceEncode, joinBytes, splitBytes } from '../../pixels/reference/bytes.ts';
import type { Compression } from '../compression.ts';
import { type Block, damaged, type Pack, type Unpack } from './block.ts';

/** Deflate makes at most 1032 bytes of one (258 of two bits). */
const GREATEST_RATIO = 1032;

export const packZip: Pack = (raw, _block, { zipLevel }) => {
  const split = new Uint8Array(raw.length);
  const coded = new Uint8Array(raw.length);
  splitBytes(raw, split);
  differenceEncode(split, coded);
  return deflateSync(coded, { level: zipLevel });
};

const unpackAs =
  (method: Compression): Unpack =>
  (packed, block, wanted = [{ start: 0, end: block.rawBytes }]) => {
    const coded = inflate(method, packed, block);
    const raw = new Uint8Array(block.rawBytes);
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
    // A single output chunk of the right size spares zlib's loop a second turn and a joining copy.
    bytes = inflateSync(packed, { chunkSize: rawBytes + 64, maxOutputLength: Math.max(rawBytes, 1) });
  } catch (error) {
    throw damaged(method, error instanceof Error ? error.message : String(error), error);
  }
  if (bytes.length !== rawBytes) throw damaged(method, `expected ${rawBytes} bytes, found ${bytes.length}`);
  return bytes;
}
