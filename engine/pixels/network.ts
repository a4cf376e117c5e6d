// Sorting networks: which samples to put in order, one pair after the other, until the one in the middle is the median.

/** A pair of places; afterwards the first holds the lesser of the two. */
export type Exchange = readonly [low: number, high: number];

/**
 * Exchanges after which the middle one of `count` places, an odd number, holds the median: those of Batcher's merge
 * exchange (Knuth, The Art of Computer Programming 3, 5.2.2, algorithm M) that the middle place depends on.
 */
export function medianNetwork(count: number): readonly Exchange[] {
  const needed = new Set([count >> 1]);
  return mergeExchange(count)
    .reverse()
    .filter(([low, high]) => {
      if (!needed.has(low) && !needed.has(high)) return false;
      needed.add(low).add(high);
      return true;
    })
    .reverse();
}

/** All exchanges that sort `count` places. */
function mergeExchange(count: number): Exchange[] {
  const exchanges: Exchange[] = [];
  const top = 2 ** (Math.ceil(Math.log2(count)) - 1);
  for (let p = top; p > 0; p >>= 1) {
    let q = top;
    let r = 0;
    let d = p;
    for (;;) {
      for (let i = 0; i < count - d; i++) if ((i & p) === r) exchanges.push([i, i + d]);
      if (q === p) break;
      d = q - p;
      q >>= 1;
      r = p;
    }
  }
  return exchanges;
}
