// Runs: chunks that lie close together in the file and are read at once.

/** Chunks that lie together are read together up to this many bytes. */
export const READ_BYTES = 4 * 2 ** 20;
/** Bytes between two wanted chunks that are read along rather than skipped. */
const GAP_BYTES = 32 * 1024;

/** Where a wanted chunk is expected in the file: from `start` up to at most `end`. */
export interface Expected {
  readonly index: number;
  readonly start: number;
  readonly end: number;
}

/**
 * Chunks in the order of the file, in runs of at most `most` bytes from the first start to the greatest end; a chunk
 * that is larger has a run of its own.
 */
export function* runsOf(
  chunks: readonly Expected[],
  most = READ_BYTES,
): Generator<readonly Expected[], void, undefined> {
  const sorted = chunks.toSorted((a, b) => a.start - b.start);
  for (let at = 0; at < sorted.length; ) {
    const { start } = sorted[at]!;
    let { end } = sorted[at]!;
    let next = at + 1;
    for (; next < sorted.length; next++) {
      const chunk = sorted[next]!;
      if (chunk.start > end + GAP_BYTES || chunk.end - start > most) break;
      end = Math.max(end, chunk.end);
    }
    yield sorted.slice(at, next);
    at = next;
  }
}
