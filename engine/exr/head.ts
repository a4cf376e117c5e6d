// The head of a file: what stands before its chunks, which tells it from another file without its samples.
import { createHash } from 'node:crypto';
import type { ExrFile } from './file.ts';
import { layoutOf } from './layout.ts';

/** Bytes that are read at once. */
const PIECE_BYTES = 2 ** 20;

/**
 * 32 hexadecimal digits of the SHA-256 of the header and the tables of chunk offsets, as they are in the file: another one
 * where metadata, or the packed size of any chunk but the last, is another. Errors: `file-changed`, `file-io`.
 */
export function headFingerprint({ source, header }: ExrFile): string {
  const chunks = header.parts.reduce((sum, part) => sum + layoutOf(part).chunkCount, 0);
  const end = Math.min(source.size, header.byteLength + chunks * 8);
  const hash = createHash('sha256');
  for (let at = 0; at < end; at += PIECE_BYTES) hash.update(source.read(at, Math.min(PIECE_BYTES, end - at)));
  return hash.digest('hex').slice(0, 32);
}
