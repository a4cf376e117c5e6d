// PIZ's Huffman coding and its word tables. The faults are the places of HUFFMAN_FAULTS beside the plain twin.
import { COUNT, called, FIRST, LENGTHS, LIMIT, PLACE, QUICK, QUICK_BITS, SYMBOLS } from './memory';

// @ts-ignore: decorator
@inline
const LONGEST: i32 = 58;
// @ts-ignore: decorator
@inline
const SYMBOL_LIMIT: u32 = 65537;
// @ts-ignore: decorator
@inline
const HEADER: usize = 20;

/** How often each word occurs: adds to 65536 counts of 32 bits. */
export function countWords(words: usize, count: i32, counts: usize): void {
  called();
  for (let i: usize = 0; i < <usize>count; i++) {
    const at = counts + (<usize>load<u16>(words + i * 2) << 2);
    store<u32>(at, load<u32>(at) + 1);
  }
}

/** Replaces each word by its entry in a table of 65536; source and target may be the same. */
export function mapWords(source: usize, target: usize, count: i32, table: usize): void {
  called();
  for (let i: usize = 0; i < <usize>count; i++) {
    store<u16>(target + i * 2, load<u16>(table + (<usize>load<u16>(source + i * 2) << 1)));
  }
}

/**
 * Writes the codes of words (a number times 64 plus a length of at most 49 each) and runs, the highest bit first.
 * `target` holds 8 bytes more than all codes need. Returns the number of bits.
 */
export function huffmanPut(words: usize, count: i32, codes: usize, runCode: u32, target: usize): f64 {
  called();
  const runWidth = runCode & 63;
  let buffer: u64 = 0;
  let filled: u32 = 0;
  let to = target;
  let i = 0;
  while (i < count) {
    const word = load<u16>(words + (<usize>i << 1));
    const code = load<u32>(codes + (<usize>word << 2));
    const width = code & 63;
    const most = count - i - 1 < 255 ? count - i - 1 : 255;
    let more = 0;
    while (more < most && load<u16>(words + (<usize>(i + more + 1) << 1)) == word) more++;
    i += more + 1;
    const short = width * <u32>more > runWidth + 8;
    for (let turns = short ? 1 : more + 1; turns > 0; turns--) {
      // At most 7 bits wait, so the code fits. What stands above them in the buffer is shifted out.
      buffer = (buffer << width) | (code >> 6);
      filled += width;
      store<u64>(to, bswap<u64>(buffer << (64 - filled)));
      to += filled >> 3;
      filled &= 7;
    }
    if (short) {
      buffer = (((buffer << runWidth) | (runCode >> 6)) << 8) | <u64>more;
      filled += runWidth + 8;
      store<u64>(to, bswap<u64>(buffer << (64 - filled)));
      to += filled >> 3;
      filled &= 7;
    }
  }
  return <f64>(to - target) * 8 + <f64>filled;
}

/** Unpacks the code lengths of `least` to `run`. Returns the bits read, or 0 where they are cut short or too many. */
function readLengths(table: usize, bits: i64, least: u32, run: u32): i64 {
  memory.fill(LENGTHS, 0, SYMBOL_LIMIT);
  let at: i64 = 0;
  for (let symbol = least; symbol <= run; ) {
    // Two bytes hold any six bits; the bytes after the stream may be read but do not count.
    const length = (<u32>bswap<u16>(load<u16>(table + <usize>(at >> 3))) >> (10 - <u32>(at & 7))) & 63;
    at += 6;
    let zeros: u32 = 0;
    if (length == 63) {
      zeros = ((<u32>bswap<u16>(load<u16>(table + <usize>(at >> 3))) >> (8 - <u32>(at & 7))) & 255) + 6;
      at += 8;
    } else if (length >= 59) {
      zeros = length - 57;
    }
    if (at > bits || symbol + zeros > run + 1) return 0;
    if (zeros == 0) store<u8>(LENGTHS + symbol++, length);
    symbol += zeros;
  }
  return at;
}

/** Sorts symbols by length, finds the first code of each length and fills the look-up table. False for bad lengths. */
function buildTables(least: u32, run: u32): bool {
  memory.fill(COUNT, 0, 256);
  memory.fill(QUICK, 0, 4 << QUICK_BITS);
  for (let symbol = least; symbol <= run; symbol++) {
    const at = COUNT + (<usize>load<u8>(LENGTHS + symbol) << 2);
    store<u32>(at, load<u32>(at) + 1);
  }
  store<u32>(COUNT, 0);
  let code: u32 = 0;
  let place: u32 = 0;
  for (let length = LONGEST; length > 0; length--) {
    const count = load<u32>(COUNT + (<usize>length << 2));
    store<u32>(FIRST + (<usize>length << 2), code);
    store<u32>(PLACE + (<usize>length << 2), place);
    if (<u64>code + count > <u64>1 << length) return false;
    // The least window of 64 bits whose first ones can be a code of this length.
    store<u64>(LIMIT + (<usize>length << 3), count == 0 ? u64.MAX_VALUE : <u64>code << (64 - <u64>length));
    code = (code + count) >> 1;
    place += count;
  }
  for (let symbol = least; symbol <= run; symbol++) {
    const length = <usize>load<u8>(LENGTHS + symbol);
    if (length == 0) continue;
    const at = PLACE + (length << 2);
    store<u32>(SYMBOLS + (<usize>load<u32>(at) << 2), symbol);
    store<u32>(at, load<u32>(at) + 1);
  }
  // PLACE now holds the end of each length's symbols; the decoder wants their beginning.
  for (let length: usize = 1; length <= <usize>LONGEST; length++) {
    const at = PLACE + (length << 2);
    store<u32>(at, load<u32>(at) - load<u32>(COUNT + (length << 2)));
  }
  // From long to short: where an incomplete table lets codes overlap, the shorter one counts, as bit by bit.
  for (let length = QUICK_BITS; length > 0; length--) {
    const count = load<u32>(COUNT + (<usize>length << 2));
    const first = load<u32>(FIRST + (<usize>length << 2));
    const symbols = SYMBOLS + (<usize>load<u32>(PLACE + (<usize>length << 2)) << 2);
    const span: u32 = 1 << (QUICK_BITS - length);
    for (let i: u32 = 0; i < count; i++) {
      const entry = (load<u32>(symbols + (<usize>i << 2)) << 6) | length;
      const from = QUICK + (<usize>((first + i) * span) << 2);
      for (let j: u32 = 0; j < span; j++) store<u32>(from + (<usize>j << 2), entry);
    }
  }
  return true;
}

/** Bit `at` of the data and the 63 after it. */
// @ts-ignore: decorator
@inline
function window(data: usize, at: i64): u64 {
  const from = data + <usize>(at >> 3);
  const shift = <u64>(at & 7);
  return (bswap<u64>(load<u64>(from)) << shift) | ((<u64>load<u8>(from, 8) << shift) >> 8);
}

/**
 * Finds the code at the head of a window, from `length` bits on. Returns the symbol times 64 plus the length; the symbol
 * is 65537 where no code fits.
 */
function search(head: u64, from: i32): u32 {
  for (let length = from; length <= LONGEST; length++) {
    if (head < load<u64>(LIMIT + (<usize>length << 3))) continue;
    const count = <u64>load<u32>(COUNT + (<usize>length << 2));
    if (count == 0) continue;
    const place = (head >> (64 - <u64>length)) - <u64>load<u32>(FIRST + (<usize>length << 2));
    if (place >= count) return (SYMBOL_LIMIT << 6) | length;
    return (load<u32>(SYMBOLS + (<usize>(load<u32>(PLACE + (<usize>length << 2)) + <u32>place) << 2)) << 6) | length;
  }
  return (SYMBOL_LIMIT << 6) | LONGEST;
}

/**
 * Unpacks a stream into exactly `count` words. Returns 0 or a fault. Reads at most 16 bytes behind the stream, which the
 * caller keeps readable, and writes nothing outside the words and the work space.
 */
export function huffmanDecode(stream: usize, size: i32, words: usize, count: i32): i32 {
  called();
  if (<usize>size < HEADER) return size == 0 && count == 0 ? 0 : 1;
  const least = load<u32>(stream);
  const run = load<u32>(stream, 4);
  const bits = <i64>load<u32>(stream, 12);
  if (least >= SYMBOL_LIMIT || run >= SYMBOL_LIMIT || least > run) return 2;
  const room = (<i64>size - <i64>HEADER) * 8;
  const used = readLengths(stream + HEADER, room, least, run);
  if (used == 0) return 3;
  if (!buildTables(least, run)) return 4;
  const tableBytes = (used + 7) >> 3;
  if (bits > room - tableBytes * 8) return 5;
  if (<i64>count > bits * 29) return 7;

  const data = stream + HEADER + <usize>tableBytes;
  // Below the first quick code only codes longer than the look-up table are left.
  const firstQuick = <u64>load<u32>(FIRST + (<usize>QUICK_BITS << 2));
  const end = words + (<usize>count << 1);
  let to = words;
  let left = bits;
  let buffer: u64 = 0;
  let filled: i64 = 0;
  let from = data;
  while (to < end) {
    if (filled < 32) {
      buffer |= <u64>bswap<u32>(load<u32>(from)) << (32 - <u64>filled);
      from += 4;
      filled += 32;
    }
    const head = buffer >> (64 - QUICK_BITS);
    let entry = load<u32>(QUICK + (<usize>head << 2));
    if (entry == 0) {
      const least = head < firstQuick ? QUICK_BITS + 1 : 1;
      entry = search(buffer, least);
      if (<i64>(entry & 63) > filled) {
        // More bits than the buffer holds: look again with all, and let the buffer begin anew behind the code.
        entry = search(window(data, bits - left), least);
        const at = bits - left + <i64>(entry & 63);
        from = data + <usize>(at >> 3);
        buffer = <u64>bswap<u32>(load<u32>(from)) << (32 + <u64>(at & 7));
        filled = 32 - (at & 7);
        from += 4;
      } else {
        buffer <<= <u64>(entry & 63);
        filled -= <i64>(entry & 63);
      }
      if (entry >> 6 == SYMBOL_LIMIT) return left < <i64>(entry & 63) ? 7 : 6;
    } else {
      buffer <<= <u64>(entry & 63);
      filled -= <i64>(entry & 63);
    }
    left -= <i64>(entry & 63);
    if (left < 0) return 7;
    const symbol = entry >> 6;
    if (symbol != run) {
      store<u16>(to, symbol);
      to += 2;
      continue;
    }
    if (filled < 32) {
      buffer |= <u64>bswap<u32>(load<u32>(from)) << (32 - <u64>filled);
      from += 4;
      filled += 32;
    }
    left -= 8;
    if (left < 0) return 7;
    const more = <usize>(buffer >> 56);
    buffer <<= 8;
    filled -= 8;
    if (to == words || to + more * 2 > end) return 8;
    const word = load<u16>(to - 2);
    for (let i: usize = 0; i < more; i++, to += 2) store<u16>(to, word);
  }
  return left == 0 ? 0 : 9;
}
