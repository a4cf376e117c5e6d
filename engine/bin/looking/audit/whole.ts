// Whether a file is all there, told from its offset tables and its last chunk, without reading what lies between.
import { statSync } from 'node:fs';
import { EngineError, type ExrFile, layoutOf } from '../../../files.ts';

/** What is wrong with a file as a whole. */
export interface Unfinished {
  readonly kind: 'truncated' | 'unfinished';
  readonly message: string;
}

/** The offset tables of all parts, one after the other, as the file has them. */
export interface Tables {
  readonly offsets: BigUint64Array;
  /** The first byte after them. */
  readonly end: number;
}

/** Reads the tables in one piece. Throws `exr-truncated`, `file-io`. */
export function readTables(file: ExrFile): Tables {
  file.requireTables();
  const { byteLength, parts } = file.header;
  const count = parts.reduce((sum, part) => sum + layoutOf(part).chunkCount, 0);
  const bytes = file.source.read(byteLength, count * 8);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const offsets = BigUint64Array.from({ length: count }, (_, i) => view.getBigUint64(i * 8, true));
  return { offsets, end: byteLength + count * 8 };
}

/** Whether there is nothing in a file, as in one that a writer has only just made; false where that cannot be told. */
export function isEmpty(path: string): boolean {
  try {
    const found = statSync(path);
    return found.isFile() && found.size === 0;
  } catch {
    return false;
  }
}

/**
 * Undefined for a file whose tables name every chunk and that holds the last one whole. Where a table has holes or the file
 * ends too early, its chunks are looked at one by one: what can be found all the same is not missing. Throws `file-io`.
 */
export function unfinishedOf(file: ExrFile, { offsets }: Tables): Unfinished | undefined {
  const holes = offsets.some((offset) => offset === 0n);
  if (!holes && hasLast(file, offsets)) return undefined;
  const places = file.header.parts.flatMap((shape, part) =>
    Array.from({ length: layoutOf(shape).chunkCount }, (_, index) => ({ part, index })),
  );
  const missing = places.filter(({ part, index }) => !isThere(() => file.table.locate(part, index))).length;
  if (missing === 0) return undefined;
  const count = `${missing} of ${places.length} chunks ${missing === 1 ? 'is' : 'are'} missing`;
  // Writers fill in the tables when they are done.
  return holes
    ? { kind: 'unfinished', message: `still being written, or its writer was stopped: ${count}` }
    : { kind: 'truncated', message: `cut off: ${count}` };
}

/** Whether the chunk that begins last lies in the file, whole. */
function hasLast(file: ExrFile, offsets: BigUint64Array): boolean {
  let last = 0;
  for (let i = 1; i < offsets.length; i++) if (offsets[i]! > offsets[last]!) last = i;
  let part = 0;
  let index = last;
  for (const shape of file.header.parts) {
    const { chunkCount } = layoutOf(shape);
    if (index < chunkCount) break;
    index -= chunkCount;
    part += 1;
  }
  const offset = offsets[last] ?? 0n;
  if (offset >= BigInt(file.source.size)) return false;
  return isThere(() => file.table.extentAt(part, index, Number(offset)));
}

function isThere(find: () => unknown): boolean {
  try {
    return find() !== undefined;
  } catch (thrown) {
    if (thrown instanceof EngineError && thrown.kind === 'invalid') return false;
    throw thrown;
  }
}
