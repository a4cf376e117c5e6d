// Prefix codes of limited width for deflate: widths from counts, and codes from widths.
import { DIGITS, KEYS, NEXT_CODE, OF_WIDTH, TREE } from './deflate-work';

/** The widest code that deflate allows. */
// @ts-ignore: decorator
@inline
const WIDEST: i32 = 15;

/** Fewer keys than these are sorted without counting their digits. */
// @ts-ignore: decorator
@inline
const FEW: i32 = 40;

// @ts-ignore: decorator
@inline
function entry(array: usize, at: i32): usize {
  return array + (<usize>at << 2);
}

/**
 * Widths of a prefix code for `symbols` counted symbols, none over `limit`; 0 for those that do not occur, 1 for a lone
 * one. Counts are below 2^16. Widths over the limit are cut, and the code is made whole again by widening the rarest of
 * the narrower ones.
 */
export function codeWidths(counts: usize, symbols: i32, limit: i32, widths: usize, work: usize): void {
  const keys = work + KEYS;
  memory.fill(widths, 0, symbols);
  let used = 0;
  for (let i = 0; i < symbols; i++) {
    const n = load<u32>(entry(counts, i));
    if (n > 0) store<u32>(entry(keys, used++), (n << 9) | i);
  }
  if (used < 2) {
    store<u8>(widths + (used == 0 ? 0 : load<u32>(keys) & 511), 1);
    return;
  }
  sort(keys, used, work);
  const ofWidth = work + OF_WIDTH;
  countWidths(keys, used, limit, work + TREE, ofWidth);
  let next = 0;
  for (let width = limit; width > 0; width--) {
    for (let n = load<u32>(entry(ofWidth, width)); n > 0; n--) {
      store<u8>(widths + (load<u32>(entry(keys, next++)) & 511), <u8>width);
    }
  }
}

/** Keys are few: each goes down to its place. */
function insertionSort(keys: usize, n: i32): void {
  for (let i = 1; i < n; i++) {
    const key = load<u32>(entry(keys, i));
    let j = i - 1;
    for (; j >= 0; j--) {
      const other = load<u32>(entry(keys, j));
      if (other < key) break;
      store<u32>(entry(keys, j + 1), other);
    }
    store<u32>(entry(keys, j + 1), key);
  }
}

/** By the eight bits of the count from `shift` on; keys of the same digit stay in their order. */
function sortByDigit(from: usize, to: usize, n: i32, shift: u32, digits: usize): void {
  memory.fill(digits, 0, 256 * 4);
  for (let i = 0; i < n; i++) {
    const at = entry(digits, (load<u32>(entry(from, i)) >> shift) & 255);
    store<u32>(at, load<u32>(at) + 1);
  }
  let place: u32 = 0;
  for (let digit = 0; digit < 256; digit++) {
    const at = entry(digits, digit);
    const many = load<u32>(at);
    store<u32>(at, place);
    place += many;
  }
  for (let i = 0; i < n; i++) {
    const key = load<u32>(entry(from, i));
    const at = entry(digits, (key >> shift) & 255);
    const place = load<u32>(at);
    store<u32>(at, place + 1);
    store<u32>(entry(to, place), key);
  }
}

/** Sorts keys that come in the order of their symbols, by the two bytes of their counts. */
function sort(keys: usize, n: i32, work: usize): void {
  if (n < FEW) {
    insertionSort(keys, n);
    return;
  }
  sortByDigit(keys, work + TREE, n, 9, work + DIGITS);
  sortByDigit(work + TREE, keys, n, 17, work + DIGITS);
}

/**
 * How many codes of each width up to `limit` there are, by Huffman's tree over sorted counts: Moffat and Katajainen,
 * "In-place calculation of minimum-redundancy codes" (1995).
 */
function countWidths(keys: usize, used: i32, limit: i32, tree: usize, ofWidth: usize): void {
  for (let i = 0; i < used; i++) store<u32>(entry(tree, i), load<u32>(entry(keys, i)) >> 9);
  let leaf = 0;
  let root = 0;
  for (let next = 0; next < used - 1; next++) {
    let weight: u32 = 0;
    for (let taken = 0; taken < 2; taken++) {
      if (leaf >= used || (root < next && load<u32>(entry(tree, root)) < load<u32>(entry(tree, leaf)))) {
        weight += load<u32>(entry(tree, root));
        store<u32>(entry(tree, root++), next);
      } else weight += load<u32>(entry(tree, leaf++));
    }
    store<u32>(entry(tree, next), weight);
  }
  // The parents of inner nodes become their depths, from the top down.
  store<u32>(entry(tree, used - 2), 0);
  for (let i = used - 3; i >= 0; i--) {
    store<u32>(entry(tree, i), load<u32>(entry(tree, <i32>load<u32>(entry(tree, i)))) + 1);
  }
  memory.fill(ofWidth, 0, 64);
  let nodes = 1;
  let inner = used - 2;
  for (let depth = 0; nodes > 0; depth++) {
    let here = 0;
    for (; inner >= 0 && <i32>load<u32>(entry(tree, inner)) == depth; inner--) here++;
    const at = entry(ofWidth, depth < limit ? depth : limit);
    store<u32>(at, load<u32>(at) + (nodes - here));
    nodes = 2 * here;
  }
  let filled = 0;
  for (let width = 1; width <= limit; width++) filled += <i32>load<u32>(entry(ofWidth, width)) << (limit - width);
  for (; filled > 1 << limit; filled--) {
    let width = limit - 1;
    while (load<u32>(entry(ofWidth, width)) == 0) width--;
    add(ofWidth, width, -1);
    add(ofWidth, width + 1, 2);
    add(ofWidth, limit, -1);
  }
}

// @ts-ignore: decorator
@inline
function add(array: usize, at: i32, n: i32): void {
  store<i32>(entry(array, at), load<i32>(entry(array, at)) + n);
}

/** Canonical codes, their bits reversed as deflate writes them (RFC 1951, section 3.2.2), plus their widths times 2^24. */
export function canonicalCodes(widths: usize, symbols: i32, codes: usize, work: usize): void {
  const ofWidth = work + OF_WIDTH;
  const next = work + NEXT_CODE;
  memory.fill(ofWidth, 0, 64);
  for (let i = 0; i < symbols; i++) add(ofWidth, load<u8>(widths + i), 1);
  store<u32>(ofWidth, 0);
  let code: u32 = 0;
  for (let width = 1; width <= WIDEST; width++) {
    code = (code + load<u32>(entry(ofWidth, width - 1))) << 1;
    store<u32>(entry(next, width), code);
  }
  for (let i = 0; i < symbols; i++) {
    const width = <i32>load<u8>(widths + i);
    if (width == 0) {
      store<u32>(entry(codes, i), 0);
      continue;
    }
    const own = load<u32>(entry(next, width));
    store<u32>(entry(next, width), own + 1);
    store<u32>(entry(codes, i), (reversed(own) >> (16 - width)) | (<u32>width << 24));
  }
}

/** Sixteen bits in the other order. */
// @ts-ignore: decorator
@inline
function reversed(bits: u32): u32 {
  let b = ((bits >> 1) & 0x5555) | ((bits & 0x5555) << 1);
  b = ((b >> 2) & 0x3333) | ((b & 0x3333) << 2);
  b = ((b >> 4) & 0x0f0f) | ((b & 0x0f0f) << 4);
  return (b >> 8) | ((b & 0xff) << 8);
}
