// The plain definition of PIZ's wavelet: a two-dimensional Haar transform of 16-bit words, in place and without loss.

/**
 * The words of one channel, row by row. A sample of two words (float and uint) makes two `planes`, each transformed by
 * itself: word `plane` of sample (x, y) stands at `(y * columns + x) * planes + plane`.
 */
export interface WordGrid {
  readonly columns: number;
  readonly rows: number;
  readonly planes: 1 | 2;
}

/** Replaces the words at two places by another two. */
type Pair = (words: Uint16Array, a: number, b: number) => void;

/** Below this greatest word the sum and difference of two fit in 16 bits with sign. */
export const SMALL_WORDS = 1 << 14;

const signed = (word: number): number => (word << 16) >> 16;

/** Mean and difference as signed numbers. */
const encodeSmall: Pair = (words, a, b) => {
  const x = signed(words[a]!);
  const y = signed(words[b]!);
  words[a] = (x + y) >> 1;
  words[b] = x - y;
};

const decodeSmall: Pair = (words, a, b) => {
  const mean = signed(words[a]!);
  const difference = signed(words[b]!);
  const x = mean + (difference & 1) + (difference >> 1);
  words[a] = x;
  words[b] = x - difference;
};

/** Mean and difference modulo 65536, the first word offset by 32768: a difference below zero moves the mean by half. */
const encodeLarge: Pair = (words, a, b) => {
  const x = words[a]! ^ 0x8000;
  const y = words[b]!;
  const mean = (x + y) >> 1;
  words[a] = x < y ? mean ^ 0x8000 : mean;
  words[b] = x - y;
};

const decodeLarge: Pair = (words, a, b) => {
  const difference = words[b]!;
  const y = (words[a]! - (difference >> 1)) & 0xffff;
  words[b] = y;
  words[a] = (difference + y) ^ 0x8000;
};

/** Transforms each plane level by level, each level on the means of the one before. `greatest` is that of all words. */
export function waveletEncode(words: Uint16Array, grid: WordGrid, greatest: number): void {
  const pair = greatest < SMALL_WORDS ? encodeSmall : encodeLarge;
  const shorter = Math.min(grid.columns, grid.rows);
  for (let step = 1; step * 2 <= shorter; step *= 2) {
    walk(grid, step, {
      square: (p00, p01, p10, p11) => {
        pair(words, p00, p01);
        pair(words, p10, p11);
        pair(words, p00, p10);
        pair(words, p01, p11);
      },
      edge: (a, b) => pair(words, a, b),
    });
  }
}

/** Undoes `waveletEncode` with the same `greatest`. Any words give some result. */
export function waveletDecode(words: Uint16Array, grid: WordGrid, greatest: number): void {
  const pair = greatest < SMALL_WORDS ? decodeSmall : decodeLarge;
  const shorter = Math.min(grid.columns, grid.rows);
  for (let step = 2 ** Math.floor(Math.log2(Math.max(shorter, 1))) / 2; step >= 1; step /= 2) {
    walk(grid, step, {
      square: (p00, p01, p10, p11) => {
        pair(words, p00, p10);
        pair(words, p01, p11);
        pair(words, p00, p01);
        pair(words, p10, p11);
      },
      edge: (a, b) => pair(words, a, b),
    });
  }
}

interface Visitor {
  square(p00: number, p01: number, p10: number, p11: number): void;
  edge(a: number, b: number): void;
}

/**
 * Visits the squares of four words of a plane that lie `step` apart, and where a column or row is left without a
 * partner, the pairs along that edge. A word in the corner of two such edges stays as it is. No two visits of one level
 * share a word, so their order does not matter.
 */
function walk({ columns, rows, planes }: WordGrid, step: number, { square, edge }: Visitor): void {
  const right = step * planes;
  const down = step * columns * planes;
  const endX = columns - (columns % (step * 2));
  const endY = rows - (rows % (step * 2));
  for (let plane = 0; plane < planes; plane++) {
    const at = (x: number, y: number): number => (y * columns + x) * planes + plane;
    for (let y = 0; y < endY; y += step * 2) {
      for (let x = 0; x < endX; x += step * 2) {
        const p = at(x, y);
        square(p, p + right, p + down, p + down + right);
      }
      if (columns & step) edge(at(endX, y), at(endX, y) + down);
    }
    if (rows & step) {
      for (let x = 0; x < endX; x += step * 2) edge(at(x, endY), at(x, endY) + right);
    }
  }
}
