// The method "piz": the 16-bit words of each channel numbered without gaps, transformed by a wavelet and Huffman coded.
import {
  countWords,
  huffmanDecode,
  huffmanEncode,
  huffmanWork,
  mapWords,
  scratch,
  waveletDecode,
  waveletEncode,
} from '../../pixels/kernels.ts';
import { sampleBytes } from '../../pixels/plane.ts';
import { HUFFMAN_FAULTS, HUFFMAN_RATIO, type WordGrid } from '../../pixels/reference.ts';
import { type Block, blockRows, damaged, type Pack, type Unpack, wantedRows } from './block.ts';

/** Bytes of the map of the words that occur: one bit for each of 65536. */
const MAP_BYTES = 8192;
const TABLE_BYTES = 65536 * 2;
const COUNT_BYTES = 65536 * 4;
/** Larger blocks are stored as they are: the bits of their Huffman data might not fit the 31 bits of their count. */
const GREATEST_BLOCK = 2 ** 27;

/** Where the words of a channel lie among those of the block: channel after channel, each row by row. */
interface ChannelWords extends WordGrid {
  /** In words. */
  readonly start: number;
  readonly end: number;
}

function channelWords({ channels }: Block): ChannelWords[] {
  let start = 0;
  return channels.map(({ type, columns, rows }) => {
    const planes = sampleBytes(type) === 2 ? 1 : 2;
    const end = start + columns * rows * planes;
    const laid: ChannelWords = { columns, rows, planes, start, end };
    start = end;
    return laid;
  });
}

const wordsOf = (bytes: Uint8Array): Uint16Array =>
  new Uint16Array(bytes.buffer, bytes.byteOffset, bytes.byteLength >> 1);

/**
 * Numbers the words that occur from 0 on in their own order. Word 0 always occurs and has no bit in the map. `first` is
 * the map's first byte. Returns the greatest number.
 */
function numberWords(map: Uint8Array, first: number, assign: (word: number, number: number) => void): number {
  assign(0, 0);
  let number = 0;
  for (let i = 0; i < map.length; i++) {
    const byte = map[i]!;
    for (let bit = 0; byte >> bit !== 0; bit++) {
      const word = (first + i) * 8 + bit;
      if ((byte >> bit) & 1 && word > 0) assign(word, ++number);
    }
  }
  return number;
}

export const packPiz: Pack = (raw, block) => {
  if (raw.length === 0 || raw.length > GREATEST_BLOCK) return raw.slice();
  const [bytes, tableBytes, countBytes, work] = scratch(
    raw.length,
    TABLE_BYTES,
    COUNT_BYTES,
    huffmanWork(raw.length >> 1),
  );
  const grids = channelWords(block);
  for (const { channel, row, start, end } of blockRows(block)) {
    bytes.set(raw.subarray(start, end), grids[channel]!.start * 2 + row * (end - start));
  }
  const words = wordsOf(bytes);
  const table = wordsOf(tableBytes);
  const counts = new Uint32Array(countBytes.buffer, countBytes.byteOffset, 65536);
  countWords(words, counts);
  const map = new Uint8Array(MAP_BYTES);
  for (let word = 1; word < 65536; word++) if (counts[word] !== 0) map[word >> 3]! |= 1 << (word & 7);
  const greatest = numberWords(map, 0, (word, number) => {
    table[word] = number;
  });
  mapWords(words, words, table);
  for (const grid of grids) waveletEncode(words.subarray(grid.start, grid.end), grid, greatest);
  const stream = huffmanEncode(words, work);

  // A map without bits is written as the least byte after the greatest, as OpenEXR does.
  const first = greatest === 0 ? MAP_BYTES - 1 : map.findIndex((byte) => byte !== 0);
  const last = greatest === 0 ? 0 : map.findLastIndex((byte) => byte !== 0);
  const kept = map.subarray(first, last + 1);
  const packed = new Uint8Array(4 + kept.length + 4 + stream.length);
  const view = new DataView(packed.buffer);
  view.setUint16(0, first, true);
  view.setUint16(2, last, true);
  packed.set(kept, 4);
  view.setUint32(4 + kept.length, stream.length, true);
  packed.set(stream, 8 + kept.length);
  return packed;
};

export const unpackPiz: Unpack = (packed, block, wanted) => {
  const { rawBytes } = block;
  const grids = channelWords(block);
  const expected = grids.at(-1)?.end ?? 0;
  if (expected * 2 !== rawBytes) throw damaged('piz', `its channels make ${expected * 2} bytes, not ${rawBytes}`);
  if (rawBytes === 0) return new Uint8Array(0);
  const { map, first, stream } = readHeader(packed);
  if (expected > stream.length * 8 * HUFFMAN_RATIO) {
    throw damaged('piz', `${packed.length} bytes cannot hold ${rawBytes}`);
  }
  const [streamBytes, bytes, raw, tableBytes] = scratch(stream.length, rawBytes, rawBytes, TABLE_BYTES);
  streamBytes.set(stream);
  const words = wordsOf(bytes);
  const fault = huffmanDecode(streamBytes, words);
  if (fault !== 0) throw damaged('piz', HUFFMAN_FAULTS[fault]!);

  const table = wordsOf(tableBytes).fill(0);
  const greatest = numberWords(map, first, (word, number) => {
    table[number] = word;
  });
  const rows = wantedRows(block, wanted);
  for (const channel of new Set(rows.map((row) => row.channel))) {
    const grid = grids[channel]!;
    waveletDecode(words.subarray(grid.start, grid.end), grid, greatest);
  }
  const target = wordsOf(raw);
  for (const { channel, row, start, end } of rows) {
    const from = grids[channel]!.start + (row * (end - start)) / 2;
    mapWords(words.subarray(from, from + (end - start) / 2), target.subarray(start / 2, end / 2), table);
  }
  return raw;
};

interface PizHeader {
  /** The bytes of the map from byte `first` on; those that are not there are zero. */
  readonly map: Uint8Array;
  readonly first: number;
  readonly stream: Uint8Array;
}

/** The map's first and last byte, those bytes, and the length of the Huffman stream before the stream. */
function readHeader(packed: Uint8Array): PizHeader {
  const view = new DataView(packed.buffer, packed.byteOffset, packed.byteLength);
  if (packed.length < 8) throw damaged('piz', `expected a header of at least 8 bytes, found ${packed.length}`);
  const first = view.getUint16(0, true);
  const last = view.getUint16(2, true);
  if (last >= MAP_BYTES) throw damaged('piz', `its map of words ends at byte ${last} of ${MAP_BYTES}`);
  const mapEnd = first > last ? 4 : 4 + last - first + 1;
  if (packed.length < mapEnd + 4) throw damaged('piz', 'its map of words is cut short');
  const length = view.getInt32(mapEnd, true);
  const start = mapEnd + 4;
  if (length < 0 || length > packed.length - start) {
    throw damaged('piz', `it states ${length} bytes of Huffman data and has ${packed.length - start}`);
  }
  return { map: packed.subarray(4, mapEnd), first, stream: packed.subarray(start, start + length) };
}
