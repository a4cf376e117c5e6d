// Deflate's search for repeats: buckets of the four latest places, and what pays, by the cost of what it replaces.
import { distanceSymbol, entropy, lengthSymbol } from './deflate-cost';
import {
  BUCKET_BITS,
  COSTS,
  COUNTS,
  DISTANCE_COSTS,
  LENGTH_COSTS,
  LITERALS,
  TABLE,
} from './deflate-work';

// @ts-ignore: decorator
@inline
const WINDOW: i32 = 32768;
// @ts-ignore: decorator
@inline
const LONGEST: i32 = 258;
/** The bits of a table entry that are a place; distances are reckoned in them, so they hold more than the window. */
// @ts-ignore: decorator
@inline
const PLACE: u32 = 0x1ffff;
/** After 2^8 bytes without a repeat one more byte is passed over each time, twelve at most. */
// @ts-ignore: decorator
@inline
const SKIP_SHIFT: i32 = 8;
// @ts-ignore: decorator
@inline
const MOST_SKIPPED: i32 = 12;
/** Of a repeat, so many places at its start and its end go into the table: those between rarely help, and cost time. */
// @ts-ignore: decorator
@inline
const KEPT: i32 = 5;
/**
 * Where a byte takes more than so many sixteenths of a bit there is little to gain: a repeat of so many bytes is taken
 * without a look at the next byte.
 */
// @ts-ignore: decorator
@inline
const DENSE: i32 = 64;
// @ts-ignore: decorator
@inline
const ENOUGH_DENSE: i32 = 6;
/** A repeat of so many bytes is taken without a look at older places, which only cost more. */
// @ts-ignore: decorator
@inline
const NICE: i32 = 32;
/** Bytes whose places are entered anew when the number of hashed bytes changes. */
// @ts-ignore: decorator
@inline
const REHASHED: i32 = 16384;
/** Fewer literals than these say nothing of what a literal costs. */
// @ts-ignore: decorator
@inline
const FEW_LITERALS: u32 = 512;

/** The next byte that has no token. */
export let reached: i32 = 0;
/** Bytes without a repeat since the last one. */
let misses: i32 = 0;
/** Bytes that a place is hashed by, which is the shortest repeat that is found, and the bits above them in a word. */
let hashed: i32 = 4;
let shift: u64 = 32;
/** Sixteenths of a bit that a byte took in the last segment. */
let average: i32 = 64;
/** The best repeat that `find` found. */
let bestLength: i32 = 0;
let bestDistance: i32 = 0;
let bestCost: i32 = 0;

export function beginMatches(work: usize): void {
  memory.fill(work + TABLE, 0xff, 16 << BUCKET_BITS);
  reached = 0;
  misses = 0;
  hashed = 4;
  shift = 32;
  average = 64;
}

// @ts-ignore: decorator
@inline
function hash(here: usize, shift: u64): u64 {
  return (load<u64>(here) << shift) * 0x9e3779b185ebca87;
}

// @ts-ignore: decorator
@inline
function bucketOf(table: usize, hash: u64): usize {
  return table + (<usize>(hash >> (64 - BUCKET_BITS)) << 4);
}

// @ts-ignore: decorator
@inline
function tagOf(hash: u64): i32 {
  return <i32>(<u32>(hash >> (32 - BUCKET_BITS)) & ~PLACE);
}

/** Puts an entry before the others of its bucket; within a run it takes the place of the one before it. */
// @ts-ignore: decorator
@inline
function enter(bucket: usize, entries: v128, entry: i32): void {
  if (entry - i32x4.extract_lane(entries, 0) == 1) {
    store<i32>(bucket, entry);
    return;
  }
  const moved = i8x16.shuffle(entries, entries, 0, 1, 2, 3, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11);
  v128.store(bucket, i32x4.replace_lane(moved, 0, entry));
}

function enterAll(source: usize, from: i32, end: i32, table: usize): void {
  const by = shift;
  for (let at = from; at < end; at++) {
    const h = hash(source + at, by);
    const bucket = bucketOf(table, h);
    enter(bucket, v128.load(bucket), tagOf(h) | (at & <i32>PLACE));
  }
}

// @ts-ignore: decorator
@inline
function sameBytes(a: usize, b: usize, most: i32): i32 {
  let length = 0;
  while (length + 16 <= most) {
    const same = i8x16.bitmask(i8x16.eq(v128.load(a + length), v128.load(b + length)));
    if (same != 0xffff) return length + ctz<i32>(~same);
    length += 16;
  }
  while (length < most && load<u8>(a + length) == load<u8>(b + length)) length++;
  return length;
}

// @ts-ignore: decorator
@inline
function literalCost(work: usize, bytes: u64): i32 {
  return <i32>load<u16>(work + COSTS + (<usize>(bytes & 255) << 1));
}

/** What eight literals cost. */
// @ts-ignore: decorator
@inline
function eightLiterals(work: usize, bytes: u64): i32 {
  return (
    literalCost(work, bytes) +
    literalCost(work, bytes >> 8) +
    literalCost(work, bytes >> 16) +
    literalCost(work, bytes >> 24) +
    literalCost(work, bytes >> 32) +
    literalCost(work, bytes >> 40) +
    literalCost(work, bytes >> 48) +
    literalCost(work, bytes >> 56)
  );
}

/** Of the entries of a bucket those that may be repeats at a place, a bit each. */
// @ts-ignore: decorator
@inline
function candidates(entries: v128, tag: i32, at: i32): i32 {
  const near = v128.and(i32x4.sub(i32x4.splat(at - 1), entries), i32x4.splat(PLACE));
  const tagged = i32x4.eq(v128.and(entries, i32x4.splat(~PLACE)), i32x4.splat(tag));
  return i32x4.bitmask(v128.and(tagged, i32x4.lt_u(near, i32x4.splat(WINDOW))));
}

/**
 * The repeat at a place that saves most against literals, of the candidates in `lanes`, in the module's variables. What a
 * longer repeat replaces is reckoned by its first eight bytes. Returns what is saved, 0 where nothing is.
 */
function choose(source: usize, at: i32, length: i32, work: usize, bucket: usize, lanes: i32): i32 {
  const here = source + at;
  const limit = length - at < LONGEST ? length - at : LONGEST;
  const nice = limit < NICE ? limit : NICE;
  const literals = eightLiterals(work, load<u64>(here));
  let longest = hashed - 1;
  let saved = 0;
  let chosen = 0;
  let chosenDistance = 0;
  let chosenCost = 0;
  do {
    const lane = <usize>ctz<i32>(lanes);
    lanes &= lanes - 1;
    const distance = (at - load<i32>(bucket + (lane << 2))) & <i32>PLACE;
    // An entry of old may name a place before the start.
    if (distance > at) continue;
    const found = sameBytes(here, here - distance, limit);
    const cost =
      <i32>load<u16>(work + LENGTH_COSTS + (<usize>found << 1)) +
      <i32>load<u16>(work + DISTANCE_COSTS + (<usize>distanceSymbol(distance - 1) << 1));
    const less = ((literals * found) >> 3) - cost;
    // Chosen without branches, of which as many would be foretold wrongly as not.
    const better = <i32>(less > saved) & <i32>(found > longest);
    longest = found > longest ? found : longest;
    saved = select<i32>(less, saved, better);
    chosen = select<i32>(found, chosen, better);
    chosenDistance = select<i32>(distance, chosenDistance, better);
    chosenCost = select<i32>(cost, chosenCost, better);
    if (found >= nice) break;
  } while (lanes);
  bestLength = chosen;
  bestDistance = chosenDistance;
  bestCost = chosenCost;
  return saved;
}

/** Looks for a repeat at a place and enters the place. Returns what `choose` does. */
// @ts-ignore: decorator
@inline
function find(source: usize, at: i32, length: i32, work: usize, by: u64): i32 {
  const h = hash(source + at, by);
  const bucket = bucketOf(work + TABLE, h);
  const entries = v128.load(bucket);
  const tag = tagOf(h);
  const lanes = candidates(entries, tag, at);
  const saved = lanes == 0 ? 0 : choose(source, at, length, work, bucket, lanes);
  enter(bucket, entries, tag | (at & <i32>PLACE));
  return saved;
}

// @ts-ignore: decorator
@inline
function count(counts: usize, symbol: i32): void {
  const at = counts + (<usize>symbol << 2);
  store<u32>(at, load<u32>(at) + 1);
}

// @ts-ignore: decorator
@inline
function putLiteral(source: usize, at: i32, token: usize, counts: usize): void {
  const literal = load<u8>(source + at);
  store<u32>(token, literal);
  count(counts, literal);
}

/**
 * Turns bytes from `reached` on into at most `most` tokens at `tokens` and counts their symbols. A repeat gives way to a
 * literal and the repeat at the next byte where those cost less, bytes beyond the shorter one taken at the average.
 * Returns the number of tokens.
 */
export function makeTokens(source: usize, length: i32, work: usize, tokens: usize, most: i32): i32 {
  const table = work + TABLE;
  const counts = work + COUNTS;
  const by = shift;
  const enough = average > DENSE ? ENOUGH_DENSE : LONGEST;
  // Eight bytes are hashed at once.
  const lastHashed = length - 8;
  const end = tokens + (<usize>most << 2);
  let token = tokens;
  let at = reached;
  while (token < end && at < length) {
    if (at > lastHashed || find(source, at, length, work, by) == 0) {
      putLiteral(source, at++, token, counts);
      token += 4;
      misses++;
      let skip = misses >> SKIP_SHIFT;
      if (skip > MOST_SKIPPED) skip = MOST_SKIPPED;
      for (; skip > 0 && token < end && at < length; skip--, token += 4) putLiteral(source, at++, token, counts);
      continue;
    }
    let longest = bestLength;
    let distance = bestDistance;
    let cost = bestCost;
    let next = at + 1;
    while (longest < enough && next <= lastHashed && token + 4 < end) {
      if (find(source, next++, length, work, by) == 0) break;
      const literal = <i32>load<u16>(work + COSTS + (<usize>load<u8>(source + at) << 1));
      if (literal + bestCost >= cost + average * (bestLength + 1 - longest)) break;
      putLiteral(source, at++, token, counts);
      token += 4;
      longest = bestLength;
      distance = bestDistance;
      cost = bestCost;
    }
    store<u32>(token, (<u32>longest << 16) | <u32>(distance - 1));
    token += 4;
    count(counts, 257 + lengthSymbol(longest));
    count(counts, LITERALS + distanceSymbol(distance - 1));
    at += longest;
    const stop = at <= lastHashed ? at : lastHashed + 1;
    if (stop - next > 2 * KEPT) {
      enterAll(source, next, next + KEPT, table);
      next = stop - KEPT;
    }
    enterAll(source, next, stop, table);
    misses = 0;
  }
  reached = at;
  return <i32>((token - tokens) >> 2);
}

/**
 * Learns from a segment: what a byte took, and by how many bytes to hash. Where a literal costs little, short repeats
 * never pay, and not to find them saves most of the time.
 */
export function learn(source: usize, length: i32, work: usize, bytes: i32, sixteenths: i64): void {
  average = <i32>(sixteenths / bytes);
  if (average < 1) average = 1;
  const counts = work + COUNTS;
  let literals: u32 = 0;
  for (let i: usize = 0; i < 256; i++) literals += load<u32>(counts + (i << 2));
  if (literals < FEW_LITERALS) return;
  const each = <i32>(entropy(counts, 256) / literals);
  const wanted = each > 104 ? 4 : each > 86 ? 5 : each > 70 ? 6 : 8;
  if (wanted == hashed) return;
  hashed = wanted;
  shift = <u64>(64 - 8 * wanted);
  const end = reached < length - 8 ? reached : length - 8;
  enterAll(source, end > REHASHED ? end - REHASHED : 0, end, work + TABLE);
}
