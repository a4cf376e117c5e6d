// The plain definition of B44's squares: 4 x 4 halves in 14 bytes, or in 3 where all are the same.

/** A plane of `columns` x `rows` halves, row by row. */
export interface HalfGrid {
  readonly columns: number;
  readonly rows: number;
}

export interface SquareOptions {
  /** Squares of one value take 3 bytes instead of 14 (B44A). */
  readonly flat: boolean;
  /** 65536 halves to put in the place of each half, or none. */
  readonly table?: Uint16Array;
}

/** A third byte from here on marks a square of one value: no shift is 13 or more. */
const FLAT = 13 << 2;
const BIAS = 32;

/** The places in the square that each of the 15 differences is taken between, in the order of the bytes. */
const PAIRS = [0, 4, 8, 0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14].map((from, i) => [from, i < 3 ? from + 4 : from + 1]);

/** The bytes that a plane takes at most. */
export const squareBound = ({ columns, rows }: HalfGrid): number => Math.ceil(columns / 4) * Math.ceil(rows / 4) * 14;

/** Halves as whole numbers that rise with the values; infinities and NaN become the number of 0. */
function ordered(half: number): number {
  if ((half & 0x7c00) === 0x7c00) return 0x8000;
  return half & 0x8000 ? ~half & 0xffff : half | 0x8000;
}

/** x divided by 2^shift, to the nearest whole number, ties to the even one. */
function rounded(x: number, shift: number): number {
  const whole = x >> shift;
  const rest = x - (whole << shift);
  const tie = 2 ** shift / 2;
  return rest > tie || (rest === tie && shift > 0 && (whole & 1) === 1) ? whole + 1 : whole;
}

/**
 * Packs a plane into squares (OpenEXR's internal_b44.c). Where a plane is not put through a table, the greatest value of
 * a square is kept as exactly as can be. Squares over the edge repeat the last row and column. Returns the bytes written.
 */
export function b44Pack(halves: Uint16Array, grid: HalfGrid, target: Uint8Array, options: SquareOptions): number {
  const { columns, rows } = grid;
  let to = 0;
  for (let y = 0; y < rows; y += 4) {
    for (let x = 0; x < columns; x += 4) {
      const numbers = Array.from({ length: 16 }, (_, i) => {
        const half = halves[Math.min(y + (i >> 2), rows - 1) * columns + Math.min(x + (i & 3), columns - 1)]!;
        return ordered(options.table ? options.table[half]! : half);
      });
      const greatest = Math.max(...numbers);
      let shift = -1;
      let distances: number[];
      let steps: number[];
      do {
        shift++;
        distances = numbers.map((number) => rounded(greatest - number, shift));
        steps = PAIRS.map(([from, next]) => distances[from!]! - distances[next!]! + BIAS);
      } while (steps.some((step) => step < 0 || step > 63));
      if (options.flat && steps.every((step) => step === BIAS)) {
        target.set([numbers[0]! >> 8, numbers[0]! & 255, 0xfc], to);
        to += 3;
        continue;
      }
      const first = options.table ? numbers[0]! : (greatest - (distances[0]! << shift)) & 0xffff;
      target[to++] = first >> 8;
      target[to++] = first & 255;
      const sixes = [shift, ...steps];
      for (let i = 0; i < 16; i += 4) {
        const bits = (sixes[i]! << 18) | (sixes[i + 1]! << 12) | (sixes[i + 2]! << 6) | sixes[i + 3]!;
        target[to++] = bits >> 16;
        target[to++] = (bits >> 8) & 255;
        target[to++] = bits & 255;
      }
    }
  }
  return to;
}

/** Undoes `b44Pack`, with the table that undoes its table. Returns the bytes read, or -1 where there are too few. */
export function b44Unpack(source: Uint8Array, grid: HalfGrid, halves: Uint16Array, table?: Uint16Array): number {
  const { columns, rows } = grid;
  let from = 0;
  for (let y = 0; y < rows; y += 4) {
    for (let x = 0; x < columns; x += 4) {
      if (from + 3 > source.length) return -1;
      const numbers = new Uint16Array(16).fill((source[from]! << 8) | source[from + 1]!);
      if (source[from + 2]! >= FLAT) {
        from += 3;
      } else {
        if (from + 14 > source.length) return -1;
        const six = (i: number): number => {
          const at = from + 2 + (i >> 2) * 3;
          return (((source[at]! << 16) | (source[at + 1]! << 8) | source[at + 2]!) >> (18 - (i & 3) * 6)) & 63;
        };
        const shift = six(0);
        for (const [i, [before, next]] of PAIRS.entries()) {
          numbers[next!] = numbers[before!]! + ((six(i + 1) - BIAS) << shift);
        }
        from += 14;
      }
      for (const [i, number] of numbers.entries()) {
        const column = x + (i & 3);
        const row = y + (i >> 2);
        if (column >= columns || row >= rows) continue;
        const half = number & 0x8000 ? number & 0x7fff : ~number & 0xffff;
        halves[row * columns + column] = table ? table[half]! : half;
      }
    }
  }
  return from;
}
