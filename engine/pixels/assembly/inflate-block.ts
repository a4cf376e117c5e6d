// Inflate's block of codes: literals and repeats, many bits at a time where there is room, else one by one.
import {
  ALONE,
  DISTANCE_BITS,
  END,
  FAR,
  FURTHER,
  LITERAL,
  LITERAL_BITS,
  mostlyBytes,
  pairLiterals,
  SINGLES,
  SPECIAL,
} from './inflate-table';

/** Where the next byte is read, where reading ends, and the bits that wait. */
export let next: usize = 0;
let last: usize = 0;
let bits: u64 = 0;
/** Of those that wait, how many count; higher ones are those that come again from `next` on. */
let waiting: u64 = 0;
/** Zeros that were read for bytes behind the end. */
let beyond: i32 = 0;

/** What becomes of a stream. */
// @ts-ignore: decorator
@inline
export const FINE: i32 = 0;
// @ts-ignore: decorator
@inline
export const ENDS_EARLY: i32 = 1;
// @ts-ignore: decorator
@inline
export const TOO_LONG: i32 = 2;
// @ts-ignore: decorator
@inline
export const BAD_LENGTH: i32 = 3;
// @ts-ignore: decorator
@inline
export const BAD_DISTANCE: i32 = 4;
// @ts-ignore: decorator
@inline
export const TOO_FAR: i32 = 5;

/** The entry of one literal of eight bits, but for the literal; and where that is. */
// @ts-ignore: decorator
@inline
const EVEN: u32 = LITERAL | (1 << 24) | 8;
// @ts-ignore: decorator
@inline
const BYTE: u32 = 0xff00;
/** Bytes of the stream and of the result that the fast way wants to have left. */
// @ts-ignore: decorator
@inline
const MUCH_IN: usize = 24;
// @ts-ignore: decorator
@inline
const MUCH_OUT: usize = 300;
/** Bytes of a block after which it is worth while to look at its literals by twos. */
// @ts-ignore: decorator
@inline
const LONG: usize = 1024;

export function beginInput(source: usize, length: i32): void {
  next = source;
  last = source + length;
  bits = 0;
  waiting = 0;
  beyond = 0;
}

/** Sees to it that at least 56 bits wait; behind the end there are zeros. */
export function fill(): void {
  if (next + 8 <= last) {
    bits |= load<u64>(next) << waiting;
    next += <usize>((63 - waiting) >> 3);
    waiting |= 56;
    return;
  }
  for (; waiting < 56; waiting += 8) {
    if (next < last) bits |= <u64>load<u8>(next++) << waiting;
    else {
      // Bits that came along with the last whole load are not those of the file.
      bits &= (<u64>1 << waiting) - 1;
      beyond++;
    }
  }
}

/** The lowest bits, of at most 32, which are used up. */
export function take(width: i32): u32 {
  const taken = <u32>(bits & ((<u64>1 << width) - 1));
  bits >>= width;
  waiting -= width;
  return taken;
}

// @ts-ignore: decorator
@inline
export function peek(width: i32): u32 {
  return <u32>(bits & ((<u64>1 << width) - 1));
}

/** Whether more was used up than there is. */
export function ended(): bool {
  return <u64>beyond > waiting >> 3;
}

/** Gives back the whole bytes that wait, so that `next` is the byte after the last one begun. False where there is none. */
export function toByte(): bool {
  if (ended()) return false;
  next -= <usize>(waiting >> 3) - beyond;
  bits = 0;
  waiting = 0;
  beyond = 0;
  return true;
}

export function skip(bytes: i32): void {
  next += bytes;
}

export function left(): usize {
  return last - next;
}

/** Where the result ends so far. */
export let out: usize = 0;

export function beginOutput(target: usize): void {
  out = target;
}

export function putStored(length: i32): void {
  memory.copy(out, next, length);
  out += length;
  next += length;
}

/** The entry of the symbol that begins behind the lowest two of these bits, since an entry has four bytes. */
// @ts-ignore: decorator
@inline
function look(shifted: u64): u32 {
  return load<u32>(<usize>shifted & ((4 << LITERAL_BITS) - 4), SINGLES);
}

/** How many bytes are still to be put to so many bits, that 56 or more wait. */
// @ts-ignore: decorator
@inline
function wanted(many: u64): usize {
  return 7 - <usize>((many >> 3) & 7);
}

/** Unpacks a block by the tables until it ends. The result begins at `target` and has room up to `end`. */
export function unpackBlock(target: usize, end: usize): i32 {
  const even = mostlyBytes();
  let paired = false;
  let from = next;
  let to = out;
  let held = bits;
  let many = waiting;
  const fromEnd = last >= next + MUCH_IN ? last - MUCH_IN : 0;
  const toEnd = end >= out + MUCH_OUT ? end - MUCH_OUT : 0;
  let stop = even || toEnd < out + LONG ? toEnd : out + LONG;
  let entry: u32 = 0;
  while (from <= fromEnd && to <= toEnd) {
    // For a while by single literals; then, where that pays, by twos.
    if (to > stop) {
      stop = toEnd;
      paired = pairLiterals();
    }
    held |= load<u64>(from) << many;
    from += wanted(many);
    many |= 56;
    entry = look(held << 2);
    while (from <= fromEnd && to <= stop) {
      // At least 56 bits wait; a look at literals takes at most 11. Those of the usual width come first: the next look begins
      // before this one has told the width.
      if (even) {
        const second = look(held >> 6);
        const third = look(held >> 14);
        const fourth = look(held >> 22);
        if ((((entry ^ EVEN) | (second ^ EVEN) | (third ^ EVEN) | (fourth ^ EVEN)) & ~BYTE) == 0) {
          store<u32>(to, ((entry >> 8) & 0xff) | (second & 0xff00) | ((third & 0xff00) << 8) | ((fourth & 0xff00) << 16));
          to += 4;
          held >>= 32;
          many -= 32;
          entry = look(held << 2);
          held |= load<u64>(from) << many;
          from += wanted(many);
          many |= 56;
          continue;
        }
      }
      if (<i32>entry < 0) {
        store<u16>(to, <u16>(entry >> 8));
        held >>= <u64>entry;
        many -= <u64>entry;
        to += <usize>(entry >> 24) & 3;
        entry = look(held << 2);
        if (<i32>entry < 0) {
          store<u16>(to, <u16>(entry >> 8));
          held >>= <u64>entry;
          many -= <u64>entry;
          to += <usize>(entry >> 24) & 3;
          entry = look(held << 2);
          if (<i32>entry < 0) {
            store<u16>(to, <u16>(entry >> 8));
            held >>= <u64>entry;
            many -= <u64>entry;
            to += <usize>(entry >> 24) & 3;
            entry = look(held << 2);
            if (<i32>entry < 0) {
              store<u16>(to, <u16>(entry >> 8));
              held >>= <u64>entry;
              many -= <u64>entry;
              to += <usize>(entry >> 24) & 3;
              entry = look(held << 2);
              held |= load<u64>(from) << many;
              from += wanted(many);
              many |= 56;
              continue;
            }
          }
        }
      }
      // At least 23 bits wait; a length takes at most 20.
      if ((entry & SPECIAL) != 0) {
        if ((entry & END) == END) return endBlock(from, to, held, many, entry);
        if ((entry & FURTHER) != FURTHER) return BAD_LENGTH;
        held >>= <u64>LITERAL_BITS;
        many -= <u64>LITERAL_BITS;
        entry = further(SINGLES, entry, held);
        if (<i32>entry < 0) {
          store<u8>(to++, <u8>(entry >> 8));
          held >>= <u64>entry;
          many -= <u64>entry;
          held |= load<u64>(from) << many;
          from += wanted(many);
          many |= 56;
          entry = look(held << 2);
          continue;
        }
        if ((entry & SPECIAL) != 0) {
          return (entry & END) == END ? endBlock(from, to, held, many, entry) : BAD_LENGTH;
        }
      }
      const length = valueOf(entry, held);
      held >>= <u64>entry;
      many -= <u64>entry;
      held |= load<u64>(from) << many;
      from += wanted(many);
      many |= 56;
      // At least 56 bits wait; a distance takes at most 28.
      entry = load<u32>(<usize>(held << 2) & ((4 << DISTANCE_BITS) - 4), FAR);
      if ((entry & SPECIAL) != 0) {
        if ((entry & FURTHER) != FURTHER) return BAD_DISTANCE;
        held >>= <u64>DISTANCE_BITS;
        many -= <u64>DISTANCE_BITS;
        entry = further(FAR, entry, held);
        if ((entry & SPECIAL) != 0) return BAD_DISTANCE;
      }
      const distance = valueOf(entry, held);
      held >>= <u64>entry;
      many -= <u64>entry;
      if (distance > to - target) return TOO_FAR;
      // What is looked up next does not wait for the copy.
      held |= load<u64>(from) << many;
      from += wanted(many);
      many |= 56;
      entry = look(held << 2);
      copy(to, distance, length);
      to += length;
    }
  }
  next = from;
  out = to;
  bits = held;
  waiting = many & 63;
  return unpackSlowly(target, end, paired ? ALONE : SINGLES);
}

function endBlock(from: usize, to: usize, held: u64, many: u64, entry: u32): i32 {
  next = from;
  out = to;
  bits = held >> <u64>entry;
  waiting = (many - <u64>entry) & 63;
  return FINE;
}

/** The entry in a further table. */
// @ts-ignore: decorator
@inline
function further(table: usize, entry: u32, held: u64): u32 {
  const first = (entry >> 16) & 0xfff;
  return load<u32>(table + (<usize>(first + (<u32>held & ((1 << ((entry >> 8) & 15)) - 1))) << 2));
}

/** A length or a distance: the first of its symbol, and what the extra bits behind the code say. */
// @ts-ignore: decorator
@inline
function valueOf(entry: u32, held: u64): usize {
  const whole = <u32>held & (((<u32>1) << (entry & 63)) - 1);
  return <usize>((entry >> 16) + (whole >> ((entry >> 8) & 15)));
}

/** A repeat. Bytes behind it may be written too. */
// @ts-ignore: decorator
@inline
function copy(to: usize, distance: usize, length: usize): void {
  const done = to + length;
  if (distance >= 16) {
    do {
      v128.store(to, v128.load(to - distance));
      to += 16;
    } while (to < done);
  } else if (distance == 1) {
    const byte = v128.splat<u8>(load<u8>(to - 1));
    do {
      v128.store(to, byte);
      to += 16;
    } while (to < done);
  } else if (distance >= 8) {
    do {
      store<u64>(to, load<u64>(to - distance));
      to += 8;
    } while (to < done);
  } else {
    // Each step copies what the one before has made whole.
    do {
      store<u64>(to, load<u64>(to - distance));
      to += distance;
    } while (to < done);
  }
}

/** The same where little is left: one symbol after the other, nothing read or written beyond the ends. */
function unpackSlowly(target: usize, end: usize, table: usize): i32 {
  while (true) {
    fill();
    let entry = takeCode(table, SINGLES, LITERAL_BITS);
    if (<i32>entry < 0) {
      if (ended()) return ENDS_EARLY;
      if (out >= end) return TOO_LONG;
      store<u8>(out++, <u8>(entry >> 8));
      continue;
    }
    if ((entry & SPECIAL) != 0) return ended() ? ENDS_EARLY : (entry & END) == END ? FINE : BAD_LENGTH;
    const length = <usize>(entry >> 16) + extra(entry);
    fill();
    entry = takeCode(FAR, FAR, DISTANCE_BITS);
    if ((entry & SPECIAL) != 0) return ended() ? ENDS_EARLY : BAD_DISTANCE;
    const distance = <usize>(entry >> 16) + extra(entry);
    if (ended()) return ENDS_EARLY;
    if (distance > out - target) return TOO_FAR;
    if (length > end - out) return TOO_LONG;
    const from = out - distance;
    for (let i: usize = 0; i < length; i++) store<u8>(out + i, load<u8>(from + i));
    out += length;
  }
}

/** The entry of the next symbol, whose code is used up but for the extra bits. */
function takeCode(table: usize, furtherTable: usize, width: i32): u32 {
  let entry = load<u32>(table + (<usize>peek(width) << 2));
  if ((entry & FURTHER) == FURTHER && <i32>entry >= 0) {
    take(width);
    entry = further(furtherTable, entry, bits);
  }
  take((entry & (SPECIAL | (1 << 31))) != 0 ? entry & 63 : (entry >> 8) & 15);
  return entry;
}

function extra(entry: u32): usize {
  return <usize>take((entry & 63) - ((entry >> 8) & 15));
}
