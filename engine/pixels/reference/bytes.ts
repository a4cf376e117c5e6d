// The plain definition of the byte steps of ZIP and RLE: difference coding, the split in two halves, and run lengths.

/** Replaces each byte but the first by its difference from the one before, plus 128 (OpenEXR's predictor). */
export function differenceEncode(source: Uint8Array, target: Uint8Array): void {
  let previous = 128;
  for (let i = 0; i < source.length; i++) {
    const byte = source[i]!;
    target[i] = byte - previous + 128;
    previous = byte;
  }
}

/** Undoes `differenceEncode`, in place. */
export function differenceDecode(bytes: Uint8Array): void {
  let previous = 128;
  for (let i = 0; i < bytes.length; i++) {
    previous = (previous + bytes[i]! + 128) & 255;
    bytes[i] = previous;
  }
}

/** Puts the bytes at even places first and those at odd places after them. */
export function splitBytes(source: Uint8Array, target: Uint8Array): void {
  const half = (source.length + 1) >> 1;
  for (let i = 0; i < source.length; i++) target[(i >> 1) + (i & 1 ? half : 0)] = source[i]!;
}

/** Undoes `splitBytes` for the places `start` to `end` (exclusive) of the result; other places stay as they are. */
export function joinBytes(source: Uint8Array, target: Uint8Array, start: number, end: number): void {
  const half = (source.length + 1) >> 1;
  for (let i = start; i < end; i++) target[i] = source[(i >> 1) + (i & 1 ? half : 0)]!;
}

const SHORTEST_RUN = 3;
const LONGEST_RUN = 127;

/**
 * Run lengths as OpenEXR's RLE has them: a count n of 0 to 127 before a byte that stands n + 1 times, or -n before n
 * bytes as they are. `target` must hold `runBound(source.length)` bytes. Returns the number of bytes written.
 */
export function runEncode(source: Uint8Array, target: Uint8Array): number {
  const length = source.length;
  let start = 0;
  let at = 0;
  while (start < length) {
    let end = start + 1;
    while (end < length && source[end] === source[start] && end - start <= LONGEST_RUN) end++;
    if (end - start >= SHORTEST_RUN) {
      target[at++] = end - start - 1;
      target[at++] = source[start]!;
    } else {
      end = start + 1;
      while (end < length && end - start < LONGEST_RUN && !startsRun(source, end)) end++;
      target[at++] = start - end;
      for (let i = start; i < end; i++) target[at++] = source[i]!;
    }
    start = end;
  }
  return at;
}

const startsRun = (bytes: Uint8Array, at: number): boolean =>
  at + 2 < bytes.length && bytes[at] === bytes[at + 1] && bytes[at] === bytes[at + 2];

/** The most bytes that `runEncode` can make of `length` bytes: one count for each 127 of them. */
export const runBound = (length: number): number => length + Math.ceil(length / LONGEST_RUN) + 1;

/**
 * Undoes `runEncode`. Returns true where the runs fill `target` exactly and end with `source`; false for any other
 * stream. Nothing outside `target` is written.
 */
export function runDecode(source: Uint8Array, target: Uint8Array): boolean {
  let from = 0;
  let to = 0;
  while (from < source.length) {
    const count = (source[from++]! << 24) >> 24;
    const length = count < 0 ? -count : count + 1;
    const needed = count < 0 ? length : 1;
    if (from + needed > source.length || to + length > target.length) return false;
    if (count < 0) for (let i = 0; i < length; i++) target[to + i] = source[from + i]!;
    else target.fill(source[from]!, to, to + length);
    from += needed;
    to += length;
  }
  return to === target.length;
}
