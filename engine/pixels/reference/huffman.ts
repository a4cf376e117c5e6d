// The plain definition of PIZ's Huffman coding of 16-bit words: code tables, encoding and decoding.

/** One more than the 65536 words, for the symbol that stands for a run. */
export const HUFFMAN_SYMBOLS = 65537;
/** Least and greatest symbol, bytes of the table, bits of data, and a word that is not used: five uint32. */
export const HUFFMAN_HEADER = 20;

const LONGEST_CODE = 58;
/** A length field of 59 to 62 stands for 2 to 5 unused symbols; 63 and 8 more bits for 6 to 261. */
const SHORT_ZEROS = 59;
const LONG_ZEROS = 63;
const SHORTEST_LONG_ZEROS = 6;
const MOST_ZEROS = 261;
const LONGEST_RUN = 255;
/** The most words that one bit of data can make: nine bits, a code of one bit and a count, make at most 255. */
export const HUFFMAN_RATIO = 29;

/** What can be wrong with a stream; `huffmanDecode` returns the place in this list. Sentences without their full stop. */
export const HUFFMAN_FAULTS = [
  'nothing',
  'its Huffman header is cut short',
  'its Huffman symbols are out of range',
  'its Huffman code table is cut short or runs past its last symbol',
  'its Huffman code lengths contradict each other',
  'its Huffman data is shorter than stated',
  'its Huffman data holds a code that is not in its table',
  'its Huffman data ends before all samples are made',
  'its Huffman data begins with a run or makes more samples than there are',
  'its Huffman data goes on after the last sample',
] as const;

/** Lengths of the codes of all symbols, 0 for those that are not used. */
export type CodeLengths = Uint8Array;

/**
 * The first code of each length in OpenEXR's canonical order: the longest codes are the least numbers, and codes of one
 * length grow with their symbols. Undefined where there are more codes of a length than can be.
 */
function firstCodes(lengths: CodeLengths): { first: Uint32Array; count: Uint32Array } | undefined {
  const count = new Uint32Array(LONGEST_CODE + 1);
  for (let symbol = 0; symbol < lengths.length; symbol++) count[lengths[symbol]!]!++;
  count[0] = 0;
  const first = new Uint32Array(LONGEST_CODE + 1);
  let code = 0;
  for (let length = LONGEST_CODE; length > 0; length--) {
    first[length] = code;
    if (code + count[length]! > 2 ** length) return undefined;
    code = (code + count[length]!) >>> 1;
  }
  return { first, count };
}

/** A code's number times 64 plus its length, for each symbol. The number never needs more than 18 bits. */
export function huffmanCodes(lengths: CodeLengths): Uint32Array {
  const next = firstCodes(lengths)!.first;
  const codes = new Uint32Array(lengths.length);
  for (let symbol = 0; symbol < lengths.length; symbol++) {
    const length = lengths[symbol]!;
    if (length > 0) codes[symbol] = next[length]!++ * 64 + length;
  }
  return codes;
}

/**
 * Code lengths by Huffman's method, for symbols of which at least two have a count above 0. Ties go to the lower symbol
 * and to single symbols before groups, so that equal counts give equal lengths on every machine. Counts of up to 2^32
 * words in all cannot make a code longer than 47 bits.
 */
export function huffmanLengths(counts: Uint32Array): CodeLengths {
  const scale = 2 ** 17;
  const keys = new Float64Array(counts.length);
  let leaves = 0;
  for (let symbol = 0; symbol < counts.length; symbol++) {
    if (counts[symbol]! > 0) keys[leaves++] = counts[symbol]! * scale + symbol;
  }
  const sorted = keys.subarray(0, leaves).sort();
  const nodes = leaves * 2 - 1;
  const weight = new Float64Array(nodes);
  const parent = new Uint32Array(nodes);
  for (let i = 0; i < leaves; i++) weight[i] = Math.floor(sorted[i]! / scale);
  let leaf = 0;
  let group = leaves;
  for (let made = leaves; made < nodes; made++) {
    for (let child = 0; child < 2; child++) {
      const least = leaf < leaves && (group === made || weight[leaf]! <= weight[group]!) ? leaf++ : group++;
      weight[made]! += weight[least]!;
      parent[least] = made;
    }
  }
  const depth = new Uint8Array(nodes);
  const lengths = new Uint8Array(counts.length);
  for (let node = nodes - 2; node >= 0; node--) {
    depth[node] = depth[parent[node]!]! + 1;
    if (node < leaves) lengths[sorted[node]! % scale] = depth[node]!;
  }
  return lengths;
}

/** Writes numbers of up to 32 bits, the highest bit first. */
class BitWriter {
  #bytes = new Uint8Array(1024);
  bits = 0;

  put(value: number, width: number): void {
    if (this.bits + width > this.#bytes.length * 8) {
      const grown = new Uint8Array(this.#bytes.length * 2);
      grown.set(this.#bytes);
      this.#bytes = grown;
    }
    for (let bit = width - 1; bit >= 0; bit--) {
      if ((value >>> bit) & 1) this.#bytes[this.bits >> 3]! |= 0x80 >> (this.bits & 7);
      this.bits++;
    }
  }

  finish(): Uint8Array {
    return this.#bytes.slice(0, Math.ceil(this.bits / 8));
  }
}

/** The lengths of the codes of `least` to `greatest`, packed: six bits each, with short forms for unused symbols. */
export function packCodeLengths(lengths: CodeLengths, least: number, greatest: number): Uint8Array {
  const writer = new BitWriter();
  for (let symbol = least; symbol <= greatest; ) {
    let zeros = 0;
    while (symbol + zeros <= greatest && lengths[symbol + zeros] === 0 && zeros < MOST_ZEROS) zeros++;
    if (zeros >= SHORTEST_LONG_ZEROS) {
      writer.put(LONG_ZEROS, 6);
      writer.put(zeros - SHORTEST_LONG_ZEROS, 8);
    } else if (zeros >= 2) {
      writer.put(SHORT_ZEROS + zeros - 2, 6);
    } else {
      writer.put(lengths[symbol]!, 6);
      zeros = 1;
    }
    symbol += zeros;
  }
  return writer.finish();
}

/** How often each word occurs. `counts` has at least 65536 places and is cleared first. */
export function countWords(words: Uint16Array, counts: Uint32Array): void {
  counts.fill(0);
  for (let i = 0; i < words.length; i++) counts[words[i]!]!++;
}

/** Replaces each word by its entry in a table of 65536. Source and target may be the same. */
export function mapWords(source: Uint16Array, target: Uint16Array, table: Uint16Array): void {
  for (let i = 0; i < source.length; i++) target[i] = table[source[i]!]!;
}

/** The first and the last symbol of a code table. */
export interface SymbolRange {
  readonly least: number;
  /** The symbol for a run: one above the greatest word. */
  readonly run: number;
}

/** Adds the run symbol, with a count of 1, to the counts of words, of which at least one is not 0. */
export function addRunSymbol(counts: Uint32Array): SymbolRange {
  let least = 0;
  while (counts[least] === 0) least++;
  let run = HUFFMAN_SYMBOLS - 1;
  while (counts[run - 1] === 0) run--;
  counts[run] = 1;
  return { least, run };
}

/** Joins the header, the packed table and the data (`bits` bits long) to one stream. */
export function huffmanStream(
  least: number,
  run: number,
  table: Uint8Array,
  data: Uint8Array,
  bits: number,
): Uint8Array {
  const stream = new Uint8Array(HUFFMAN_HEADER + table.length + data.length);
  const view = new DataView(stream.buffer);
  for (const [i, value] of [least, run, table.length, bits, 0].entries()) view.setUint32(i * 4, value, true);
  stream.set(table, HUFFMAN_HEADER);
  stream.set(data, HUFFMAN_HEADER + table.length);
  return stream;
}

/**
 * Packs words. A word that stands up to 256 times in a row is written once, then the run symbol and a count of 8 bits,
 * where that is shorter than the word again and again. No words give an empty stream.
 */
export function huffmanEncode(words: Uint16Array): Uint8Array {
  if (words.length === 0) return new Uint8Array(0);
  const counts = new Uint32Array(HUFFMAN_SYMBOLS);
  countWords(words, counts);
  const { least, run } = addRunSymbol(counts);
  const lengths = huffmanLengths(counts);
  const codes = huffmanCodes(lengths);
  const writer = new BitWriter();
  const put = (code: number): void => {
    const width = code & 63;
    if (width > 32) writer.put(0, width - 32);
    writer.put(code >>> 6, Math.min(width, 32));
  };
  const runCode = codes[run]!;
  for (let i = 0; i < words.length; ) {
    const code = codes[words[i]!]!;
    let more = 0;
    while (more < LONGEST_RUN && i + more + 1 < words.length && words[i + more + 1] === words[i]) more++;
    put(code);
    if ((code & 63) * more > (runCode & 63) + 8) {
      put(runCode);
      writer.put(more, 8);
    } else {
      for (let j = 0; j < more; j++) put(code);
    }
    i += more + 1;
  }
  return huffmanStream(least, run, packCodeLengths(lengths, least, run), writer.finish(), writer.bits);
}

/** Reads bits, the highest first. `left` goes below zero where more are taken than there are, which give zeros. */
class BitReader {
  readonly bytes: Uint8Array;
  position: number;
  left: number;

  constructor(bytes: Uint8Array, start: number, bits: number) {
    this.bytes = bytes;
    this.position = start * 8;
    this.left = bits;
  }

  take(width: number): number {
    let value = 0;
    for (let i = 0; i < width; i++, this.position++) {
      value = value * 2 + (((this.bytes[this.position >>> 3] ?? 0) >> (7 - (this.position & 7))) & 1);
    }
    this.left -= width;
    return value;
  }
}

/**
 * Unpacks a stream into `words`, which must become full just where the stream ends. Returns 0, or the place of the fault
 * in `HUFFMAN_FAULTS`; `words` may then hold anything. No allocation depends on what the stream says.
 */
export function huffmanDecode(stream: Uint8Array, words: Uint16Array): number {
  if (stream.length < HUFFMAN_HEADER) return stream.length === 0 && words.length === 0 ? 0 : 1;
  const view = new DataView(stream.buffer, stream.byteOffset, stream.length);
  const least = view.getUint32(0, true);
  const run = view.getUint32(4, true);
  const bits = view.getUint32(12, true);
  if (least >= HUFFMAN_SYMBOLS || run >= HUFFMAN_SYMBOLS || least > run) return 2;

  const lengths = new Uint8Array(HUFFMAN_SYMBOLS);
  const table = new BitReader(stream, HUFFMAN_HEADER, (stream.length - HUFFMAN_HEADER) * 8);
  for (let symbol = least; symbol <= run; ) {
    const length = table.take(6);
    let zeros = 0;
    if (length === LONG_ZEROS) zeros = table.take(8) + SHORTEST_LONG_ZEROS;
    else if (length >= SHORT_ZEROS) zeros = length - SHORT_ZEROS + 2;
    if (table.left < 0 || symbol + zeros > run + 1) return 3;
    if (zeros === 0) lengths[symbol++] = length;
    symbol += zeros;
  }
  const codes = firstCodes(lengths);
  if (!codes) return 4;
  const start = Math.ceil(table.position / 8);
  if (bits > (stream.length - start) * 8) return 5;
  if (words.length > bits * HUFFMAN_RATIO) return 7;

  const symbols: number[][] = Array.from({ length: LONGEST_CODE + 1 }, () => []);
  for (let symbol = least; symbol <= run; symbol++) symbols[lengths[symbol]!]!.push(symbol);
  const data = new BitReader(stream, start, bits);
  let made = 0;
  while (made < words.length) {
    let symbol: number | undefined;
    for (let length = 1, code = 0; length <= LONGEST_CODE; length++) {
      code = code * 2 + data.take(1);
      if (code < codes.first[length]! || codes.count[length] === 0) continue;
      symbol = symbols[length]![code - codes.first[length]!];
      break;
    }
    if (data.left < 0) return 7;
    if (symbol === undefined) return 6;
    if (symbol !== run) {
      words[made++] = symbol;
      continue;
    }
    const more = data.take(8);
    if (data.left < 0) return 7;
    if (made === 0 || made + more > words.length) return 8;
    words.fill(words[made - 1]!, made, made + more);
    made += more;
  }
  return data.left === 0 ? 0 : 9;
}
