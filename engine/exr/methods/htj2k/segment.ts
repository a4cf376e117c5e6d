// The three bit streams of a block of HTJ2K, freed of the bits that only keep markers from appearing in them.

/*
 * Rec. ITU-T T.814, clause 7.1. A block's bytes hold one stream from the front (signs and magnitudes) and in their last
 * `suffix` bytes two that grow towards each other: run lengths from the front, code words from the back. Where a byte
 * could make the next two look like a marker, one bit of it stands for nothing. Here that bit is dropped, so that
 * streams can be read at any bit.
 */

/** Most bytes of the two streams at the end of a block. */
export const GREATEST_SUFFIX = 4079;

/** What may be read beyond the end of a stream: more than a whole block of 4096 coefficients of 38 bits takes. */
const MOST_READ = 20_480;

/** The streams, freed; behind their ends goes on what T.814 says, zeros or ones. */
export interface BlockStreams {
  /** Signs and magnitudes, the first bit lowest in the first byte. */
  readonly magnitudes: Uint8Array;
  /** Run lengths, the first bit highest in the first byte. */
  readonly runs: Uint8Array;
  /** Code words, the first bit lowest in the first byte. */
  readonly words: Uint8Array;
}

/** Work space of a thread. */
export const createStreams = (): BlockStreams => ({
  magnitudes: new Uint8Array(MOST_READ + 8),
  runs: new Uint8Array(GREATEST_SUFFIX + 2048),
  words: new Uint8Array(GREATEST_SUFFIX + 4096),
});

/** How many of the last bytes of a block are run lengths and code words, or 0 where what it says cannot be. */
export function suffixOf(bytes: Uint8Array): number {
  const suffix = (bytes[bytes.length - 1]! << 4) | (bytes[bytes.length - 2]! & 15);
  return suffix < 2 || suffix > bytes.length || suffix > GREATEST_SUFFIX ? 0 : suffix;
}

/** Takes the streams of a block apart. `suffix` is `suffixOf(bytes)`. */
export function takeApart(bytes: Uint8Array, suffix: number, streams: BlockStreams): void {
  const start = bytes.length - suffix;
  freeMagnitudes(bytes, start, streams.magnitudes);
  freeRuns(bytes, start, streams.runs);
  freeWords(bytes, start, streams.words);
}

function freeMagnitudes(bytes: Uint8Array, end: number, target: Uint8Array): void {
  let held = 0;
  let filled = 0;
  let to = 0;
  let last = 0;
  for (let i = 0; i < end && to < MOST_READ; i++) {
    const byte = bytes[i]!;
    held |= (last === 255 ? byte & 127 : byte) << filled;
    filled += last === 255 ? 7 : 8;
    last = byte;
    while (filled >= 8) {
      target[to++] = held;
      held >>>= 8;
      filled -= 8;
    }
  }
  target[to++] = held | (255 << filled);
  target.fill(255, to);
}

function freeRuns(bytes: Uint8Array, start: number, target: Uint8Array): void {
  let held = 0;
  let filled = 0;
  let to = 0;
  let last = 0;
  for (let i = start; i < bytes.length - 1; i++) {
    // The lower half of the last byte but one belongs to the length of the suffix.
    const byte = i === bytes.length - 2 ? bytes[i]! | 15 : bytes[i]!;
    const width = last === 255 ? 7 : 8;
    held = (held << width) | (byte & ((1 << width) - 1));
    filled += width;
    last = byte;
    if (filled < 8) continue;
    filled -= 8;
    target[to++] = held >> filled;
    held &= (1 << filled) - 1;
  }
  target[to++] = (held << (8 - filled)) | (255 >> filled);
  target.fill(255, to);
}

function freeWords(bytes: Uint8Array, start: number, target: Uint8Array): void {
  let last = bytes[bytes.length - 2]!;
  let held = last >> 4;
  let filled = (held & 7) === 7 ? 3 : 4;
  let to = 0;
  last |= 15;
  for (let i = bytes.length - 3; i >= start; i--) {
    const byte = bytes[i]!;
    held |= byte << filled;
    filled += last > 0x8f && (byte & 127) === 127 ? 7 : 8;
    last = byte;
    while (filled >= 8) {
      target[to++] = held;
      held >>>= 8;
      filled -= 8;
    }
  }
  target[to++] = held;
  target.fill(0, to);
}
