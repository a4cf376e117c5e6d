// The plain definition of deflate's search for repeats: the four latest places of each hash, and what pays.
import { type Costs, distanceSymbol, entropy, LITERALS, lengthSymbol } from './deflate-cost.ts';

const WINDOW = 32768;
const LONGEST = 258;
const BUCKET_BITS = 12n;
/** An entry is a tag of 15 bits above the low 17 bits of a place. */
const PLACE = 0x1ffff;
const MULTIPLIER = 0x9e3779b185ebca87n;
const SKIP_SHIFT = 8;
const MOST_SKIPPED = 12;
const KEPT = 5;
const DENSE = 64;
const ENOUGH_DENSE = 6;
const NICE = 32;
const REHASHED = 16384;
const FEW_LITERALS = 512;

const EMPTY: readonly number[] = [-1, -1, -1, -1];

interface Repeat {
  readonly length: number;
  readonly distance: number;
  readonly cost: number;
}

/** Turns bytes into tokens, a literal being its byte and a repeat its length times 65536 plus its distance less one. */
export class Matcher {
  readonly #source: Uint8Array;
  readonly #view: DataView;
  readonly #buckets = new Map<number, readonly number[]>();
  /** The last place that has eight bytes to hash. */
  readonly #lastHashed: number;
  #misses = 0;
  #hashed = 4;
  #average = 64;
  /** The next byte that has no token. */
  reached = 0;

  constructor(source: Uint8Array) {
    this.#source = source;
    this.#view = new DataView(source.buffer, source.byteOffset, source.length);
    this.#lastHashed = source.length - 8;
  }

  /** Makes at most `most` tokens and counts their symbols. */
  tokens(most: number, counts: Uint32Array, costs: Costs): number[] {
    const source = this.#source;
    const tokens: number[] = [];
    const enough = this.#average > DENSE ? ENOUGH_DENSE : LONGEST;
    const literal = (): void => {
      const byte = source[this.reached++]!;
      tokens.push(byte);
      counts[byte]!++;
    };
    while (tokens.length < most && this.reached < source.length) {
      let repeat = this.#find(this.reached, costs);
      if (repeat === undefined) {
        literal();
        this.#misses++;
        let skip = Math.min(MOST_SKIPPED, this.#misses >> SKIP_SHIFT);
        for (; skip > 0 && tokens.length < most && this.reached < source.length; skip--) literal();
        continue;
      }
      let next = this.reached + 1;
      while (repeat.length < enough && next <= this.#lastHashed && tokens.length + 1 < most) {
        const later = this.#find(next++, costs);
        if (later === undefined) break;
        const beyond = this.#average * (later.length + 1 - repeat.length);
        if (costs.literal[source[this.reached]!]! + later.cost >= repeat.cost + beyond) break;
        literal();
        repeat = later;
      }
      tokens.push(repeat.length * 65536 + repeat.distance - 1);
      counts[257 + lengthSymbol(repeat.length)]!++;
      counts[LITERALS + distanceSymbol(repeat.distance - 1)]!++;
      this.reached += repeat.length;
      const stop = Math.min(this.reached, this.#lastHashed + 1);
      if (stop - next > 2 * KEPT) {
        this.#enterAll(next, next + KEPT);
        next = stop - KEPT;
      }
      this.#enterAll(next, stop);
      this.#misses = 0;
    }
    return tokens;
  }

  /** Learns from a segment what a byte took, and by how many bytes to hash. */
  learn(counts: Uint32Array, bytes: number, sixteenths: number): void {
    this.#average = Math.max(1, Math.floor(sixteenths / bytes));
    const ofLiterals = counts.subarray(0, 256);
    const literals = ofLiterals.reduce((a, b) => a + b, 0);
    if (literals < FEW_LITERALS) return;
    const each = Math.floor(entropy(ofLiterals) / literals);
    const wanted = each > 104 ? 4 : each > 86 ? 5 : each > 70 ? 6 : 8;
    if (wanted === this.#hashed) return;
    this.#hashed = wanted;
    const end = Math.min(this.reached, this.#lastHashed);
    this.#enterAll(Math.max(0, end - REHASHED), end);
  }

  #hash(at: number): { bucket: number; tag: number } {
    const word = this.#view.getBigUint64(at, true) << BigInt(64 - 8 * this.#hashed);
    const hash = BigInt.asUintN(64, BigInt.asUintN(64, word) * MULTIPLIER);
    return {
      bucket: Number(hash >> (64n - BUCKET_BITS)),
      tag: Number(BigInt.asUintN(32, hash >> (32n - BUCKET_BITS))) & ~PLACE,
    };
  }

  #enter(bucket: number, tag: number, at: number): void {
    const entries = this.#buckets.get(bucket) ?? EMPTY;
    const entry = tag | (at & PLACE);
    this.#buckets.set(
      bucket,
      entry - entries[0]! === 1 ? [entry, ...entries.slice(1)] : [entry, ...entries.slice(0, 3)],
    );
  }

  #enterAll(from: number, end: number): void {
    for (let at = from; at < end; at++) {
      const { bucket, tag } = this.#hash(at);
      this.#enter(bucket, tag, at);
    }
  }

  /** The repeat at a place that saves most against literals, reckoned by the first eight bytes; enters the place. */
  #find(at: number, costs: Costs): Repeat | undefined {
    if (at > this.#lastHashed) return undefined;
    const source = this.#source;
    const { bucket, tag } = this.#hash(at);
    const limit = Math.min(LONGEST, source.length - at);
    let eight = 0;
    for (let i = 0; i < 8; i++) eight += costs.literal[source[at + i]!]!;
    let longest = this.#hashed - 1;
    let saved = 0;
    let best: Repeat | undefined;
    for (const entry of this.#buckets.get(bucket) ?? EMPTY) {
      const distance = (at - entry) & PLACE;
      if ((entry & ~PLACE) !== tag || ((distance - 1) & PLACE) >= WINDOW || distance > at) continue;
      let length = 0;
      while (length < limit && source[at + length] === source[at + length - distance]) length++;
      if (length <= longest) continue;
      longest = length;
      const cost = costs.length[length]! + costs.distance[distanceSymbol(distance - 1)]!;
      const less = ((eight * length) >> 3) - cost;
      if (less > saved) {
        saved = less;
        best = { length, distance, cost };
      }
      if (length >= Math.min(limit, NICE)) break;
    }
    this.#enter(bucket, tag, at);
    return best;
  }
}
