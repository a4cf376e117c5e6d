// The head of a DWA chunk: eleven numbers of 64 bits that say how large its pieces are, packed and unpacked.
import type { Compression } from '../../compression.ts';
import { damaged } from '../block.ts';

/** In the order of the file (OpenEXR's internal_dwa_helpers.h, DataSizesSingle). */
const FIELDS = [
  'version',
  'plainBytes',
  'plainPacked',
  'acPacked',
  'dcPacked',
  'runsPacked',
  'runsBytes',
  'runsUnpacked',
  'acWords',
  'dcWords',
  'acMethod',
] as const;

/**
 * Bytes of what is neither lossy nor run lengths, of frequencies but the first, of first ones, and of run lengths, each
 * packed and unpacked; run lengths in three steps. `acMethod` is 0 for Huffman's code, 1 for deflate.
 */
export type DwaSizes = Readonly<Record<(typeof FIELDS)[number], number>>;

export const SIZES_BYTES = FIELDS.length * 8;

/** Reads the head. Every number is from 0 to 2^31, the version and the method for frequencies are known ones. */
export function readSizes(method: Compression, bytes: Uint8Array): DwaSizes {
  if (bytes.length < SIZES_BYTES) {
    throw damaged(method, `expected a header of ${SIZES_BYTES} bytes, found ${bytes.length}`);
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const numbers = FIELDS.map((field, i) => {
    const number = view.getBigUint64(i * 8, true);
    if (number > 0x7fffffffn) throw damaged(method, `it states ${number} for ${field}`);
    return [field, Number(number)] as const;
  });
  const sizes = Object.fromEntries(numbers) as DwaSizes;
  if (sizes.version > 2) throw damaged(method, `expected a version up to 2, found ${sizes.version}`);
  if (sizes.acMethod > 1) throw damaged(method, `expected 0 or 1 for acMethod, found ${sizes.acMethod}`);
  return sizes;
}

export function encodeSizes(sizes: DwaSizes): Uint8Array {
  const bytes = new Uint8Array(SIZES_BYTES);
  const view = new DataView(bytes.buffer);
  for (const [i, field] of FIELDS.entries()) view.setBigUint64(i * 8, BigInt(sizes[field]), true);
  return bytes;
}
