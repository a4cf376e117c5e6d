// The fast twins of the functions in reference.ts: the same results, made by WebAssembly SIMD.
import { EngineError } from '../base/error.ts';
import { addressOf, arenaBytes, kernels, TILE_SAMPLES } from './arena.ts';
import type { Samples } from './plane.ts';
import { runBound } from './reference/bytes.ts';
import { deflateBound } from './reference/deflate.ts';
import {
  addRunSymbol,
  HUFFMAN_SYMBOLS,
  huffmanCodes,
  huffmanLengths,
  huffmanStream,
  packCodeLengths,
} from './reference/huffman.ts';
import { SMALL_WORDS, type WordGrid } from './reference/wavelet.ts';

export { inScratch, kernelCalls, scratch } from './arena.ts';

const bytesOf = (samples: Samples): Uint8Array =>
  new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength);

function demand(holds: boolean, what: string): void {
  if (!holds) throw new EngineError('invalid', 'internal', `A kernel was called wrongly: ${what}.`);
}

/**
 * Runs a conversion tile by tile, so that the samples may lie anywhere. The tile is filled up to whole vectors with
 * zeros, which no conversion counts as changed.
 */
function convert(
  kernel: (source: number, target: number, count: number) => number,
  source: Samples,
  target: Samples,
): number {
  demand(source.length <= target.length, 'the target is shorter than the source');
  const { tileSource, tileTarget } = kernels();
  const arena = arenaBytes();
  const from = bytesOf(source);
  const to = bytesOf(target);
  const fromSize = source.BYTES_PER_ELEMENT;
  const toSize = target.BYTES_PER_ELEMENT;
  let changed = 0;
  for (let start = 0; start < source.length; start += TILE_SAMPLES) {
    const count = Math.min(TILE_SAMPLES, source.length - start);
    const whole = (count + 7) & ~7;
    arena.set(from.subarray(start * fromSize, (start + count) * fromSize), tileSource);
    arena.fill(0, tileSource + count * fromSize, tileSource + whole * fromSize);
    changed += kernel(tileSource, tileTarget, whole);
    to.set(arena.subarray(tileTarget, tileTarget + count * toSize), start * toSize);
  }
  return changed;
}

/** Halves as floats. Always exact, NaN payloads and the sign of zero included, so that 0 is returned. */
export const halfToFloat = (source: Uint16Array, target: Float32Array): number =>
  convert(kernels().run.halfToFloat, source, target);

/** Floats as the nearest halves. Returns how many numbers changed; a NaN that stays a NaN has not changed. */
export const floatToHalf = (source: Float32Array, target: Uint16Array): number =>
  convert(kernels().run.floatToHalf, source, target);

/** Halves as whole numbers, cut towards zero. Negative and NaN → 0, infinity → 4294967295. Returns how many changed. */
export const halfToUint = (source: Uint16Array, target: Uint32Array): number =>
  convert(kernels().run.halfToUint, source, target);

/** Floats as whole numbers, by the rules of `halfToUint`; from 2^32 on 4294967295. Returns how many changed. */
export const floatToUint = (source: Float32Array, target: Uint32Array): number =>
  convert(kernels().run.floatToUint, source, target);

/** Whole numbers as the nearest halves; beyond 65504 infinity. Returns how many changed. */
export const uintToHalf = (source: Uint32Array, target: Uint16Array): number =>
  convert(kernels().run.uintToHalf, source, target);

/** Whole numbers as the nearest floats. Returns how many changed. */
export const uintToFloat = (source: Uint32Array, target: Float32Array): number =>
  convert(kernels().run.uintToFloat, source, target);

// From here on every array lies in scratch space.

/** Replaces each byte but the first by its difference from the one before, plus 128. */
export function differenceEncode(source: Uint8Array, target: Uint8Array): void {
  demand(source.length <= target.length, 'the target is shorter than the source');
  kernels().run.differenceEncode(addressOf(source), addressOf(target), source.length);
}

/** Undoes `differenceEncode`, in place. */
export function differenceDecode(bytes: Uint8Array): void {
  kernels().run.differenceDecode(addressOf(bytes), bytes.length);
}

/** Puts the bytes at even places first and those at odd places after them. */
export function splitBytes(source: Uint8Array, target: Uint8Array): void {
  demand(source.length <= target.length, 'the target is shorter than the source');
  kernels().run.splitBytes(addressOf(source), addressOf(target), source.length);
}

/** Undoes `splitBytes` for the places `start` to `end` (exclusive) of the result; other places stay as they are. */
export function joinBytes(source: Uint8Array, target: Uint8Array, start: number, end: number): void {
  demand(start >= 0 && end <= source.length && end <= target.length, 'the range is outside the bytes');
  kernels().run.joinBytes(addressOf(source), addressOf(target), source.length, start, end);
}

/** Run lengths as OpenEXR's RLE has them. `target` holds `runBound(source.length)` bytes. Returns the bytes written. */
export function runEncode(source: Uint8Array, target: Uint8Array): number {
  demand(runBound(source.length) <= target.length, 'the target is shorter than the bound');
  return kernels().run.runEncode(addressOf(source), addressOf(target), source.length);
}

/** Undoes `runEncode`. True where the runs fill `target` exactly and end with `source`. */
export const runDecode = (source: Uint8Array, target: Uint8Array): boolean =>
  kernels().run.runDecode(addressOf(source), source.length, addressOf(target), target.length) === 1;

/** Transforms each plane of a grid of words, in place. `greatest` is the greatest of all words. */
export function waveletEncode(words: Uint16Array, grid: WordGrid, greatest: number): void {
  const { columns, rows, planes } = grid;
  demand(columns * rows * planes === words.length, 'the grid does not fill the words');
  kernels().run.waveletEncode(addressOf(words), columns, rows, planes, greatest < SMALL_WORDS ? 1 : 0);
}

/** Undoes `waveletEncode` with the same `greatest`. Any words give some result. */
export function waveletDecode(words: Uint16Array, grid: WordGrid, greatest: number): void {
  const { columns, rows, planes } = grid;
  demand(columns * rows * planes === words.length, 'the grid does not fill the words');
  kernels().run.waveletDecode(addressOf(words), columns, rows, planes, greatest < SMALL_WORDS ? 1 : 0);
}

/** How often each word occurs. `counts` has at least 65536 places and is cleared first. */
export function countWords(words: Uint16Array, counts: Uint32Array): void {
  demand(counts.length >= 65536, 'there are too few counts');
  counts.fill(0);
  kernels().run.countWords(addressOf(words), words.length, addressOf(counts));
}

/** Replaces each word by its entry in a table of 65536. Source and target may be the same. */
export function mapWords(source: Uint16Array, target: Uint16Array, table: Uint16Array): void {
  demand(table.length >= 65536 && source.length <= target.length, 'the table or the target is too short');
  kernels().run.mapWords(addressOf(source), addressOf(target), source.length, addressOf(table));
}

const TABLE_BYTES = HUFFMAN_SYMBOLS * 4;

/** The bytes of working memory that `huffmanEncode` needs for so many words. No best code is longer than 17 bits a word. */
export const huffmanWork = (words: number): number => TABLE_BYTES + Math.ceil(((words + 1) * 17) / 8) + 16;

/** Packs words; `work` is scratch space of `huffmanWork(words.length)` bytes. The result is a fresh array. */
export function huffmanEncode(words: Uint16Array, work: Uint8Array): Uint8Array {
  demand(work.length >= huffmanWork(words.length), 'the working memory is too small');
  if (words.length === 0) return new Uint8Array(0);
  const table = new Uint32Array(work.buffer, work.byteOffset, HUFFMAN_SYMBOLS);
  const data = work.subarray(TABLE_BYTES);
  countWords(words, table);
  const { least, run } = addRunSymbol(table);
  const lengths = huffmanLengths(table);
  table.set(huffmanCodes(lengths));
  const bits = kernels().run.huffmanPut(addressOf(words), words.length, addressOf(table), table[run]!, addressOf(data));
  const stream = data.subarray(0, Math.ceil(bits / 8));
  return huffmanStream(least, run, packCodeLengths(lengths, least, run), stream, bits);
}

/** Unpacks a stream into `words`. Returns 0, or the place of the fault in `HUFFMAN_FAULTS`. */
export const huffmanDecode = (stream: Uint8Array, words: Uint16Array): number =>
  kernels().run.huffmanDecode(addressOf(stream), stream.length, addressOf(words), words.length);

/** The bytes of working memory that `deflate` needs. */
export const deflateWork = (): number => kernels().run.deflateWork();

/**
 * Packs bytes as a zlib stream (RFC 1950). `work` has `deflateWork()` bytes, `target` `deflateBound(source.length)`.
 * Returns the bytes written.
 */
export function deflate(source: Uint8Array, work: Uint8Array, target: Uint8Array): number {
  demand(work.length >= deflateWork(), 'the working memory is too small');
  demand(target.length >= deflateBound(source.length), 'the target is shorter than the bound');
  return kernels().run.deflate(addressOf(source), source.length, addressOf(work), addressOf(target));
}

/**
 * Unpacks a zlib stream (RFC 1950) into `target`; what stands behind the stream is left alone.
 * Returns the bytes written, or the place of the fault in `INFLATE_FAULTS` below zero.
 */
export const inflate = (source: Uint8Array, target: Uint8Array): number =>
  kernels().run.inflate(addressOf(source), source.length, addressOf(target), target.length);
