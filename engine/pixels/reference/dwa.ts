// The plain definition of what DWA makes of its lossy channels: squares of 8 x 8 samples as few short words.
import { dctFlat, dctForward, dctInverseColumn, dctInverseRow, dctSquare } from './dct.ts';
import { floatToHalf, halfToFloat } from './sample.ts';

const f = Math.fround;

/** The place in a square, row by row, of each frequency in zigzag order. */
const ZIGZAG = [
  0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5, 12, 19, 26, 33, 40, 48, 41, 34, 27, 20, 13, 6, 7, 14, 21, 28,
  35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51, 58, 59, 52, 45, 38, 31, 39, 46, 53, 60, 61, 54, 47,
  55, 62, 63,
];
/** Words from here on stand for as many zeros as their lower byte says, or for all to the end of the square. */
const ZEROS = 0xff00;

/** Y'CbCr of R'G'B' and back, by the primaries of Rec. 709 (OpenEXR's internal_dwa_simd.h). */
const LUMA = [0.2126, 0.7152, 0.0722].map(f);
const BLUENESS = [-0.1146, -0.3854, 0.5].map(f);
const REDNESS = [0.5, -0.4542, -0.0458].map(f);

/** Planes of `columns` x `rows` halves, one behind the other: one alone, or the three of a colour. */
export interface DwaGrid {
  readonly columns: number;
  readonly rows: number;
  readonly planes: 1 | 3;
}

/** Squares in one plane. */
export const dwaSquares = ({ columns, rows }: DwaGrid): number => Math.ceil(columns / 8) * Math.ceil(rows / 8);

/** Goes over so many squares. Returns the words that they take, or -1 where there are too few. */
export function dwaSkip(ac: Uint16Array, squares: number): number {
  let at = 0;
  for (let square = 0; square < squares; square++) {
    for (let place = 1; place < 64; ) {
      if (at >= ac.length) return -1;
      const word = ac[at++]!;
      place += word < ZEROS ? 1 : word & 255 || 64;
    }
  }
  return at;
}

/** The nearest halves of floats; all NaN become 0x7e00. */
function narrowed(floats: Float32Array): Uint16Array {
  const halves = new Uint16Array(floats.length);
  floatToHalf(floats, halves);
  return halves.map((half) => ((half & 0x7fff) > 0x7c00 ? 0x7e00 : half));
}

/**
 * Unpacks planes: three are Y', Cb, Cr and become R', G', B'. `dc` holds the first frequency of each square, plane after
 * plane, `ac` the others, square by square. Halves are put through `table` (65536 halves) where there is one. Returns the
 * words of `ac` that were used, or -1 where there are too few; `target` may then hold anything.
 */
export function dwaDecode(
  ac: Uint16Array,
  dc: Uint16Array,
  grid: DwaGrid,
  target: Uint16Array,
  table?: Uint16Array,
): number {
  const { columns, rows, planes } = grid;
  const across = Math.ceil(columns / 8);
  const squares = dwaSquares(grid);
  let at = 0;
  for (let number = 0; number < squares; number++) {
    const made: Float32Array[] = [];
    for (let plane = 0; plane < planes; plane++) {
      const words = new Uint16Array(64);
      words[0] = dc[plane * squares + number]!;
      let last = 0;
      for (let place = 1; place < 64; ) {
        if (at >= ac.length) return -1;
        const word = ac[at++]!;
        if (word < ZEROS) {
          last = place;
          words[ZIGZAG[place++]!] = word;
        } else {
          place += word & 255 || 64;
        }
      }
      const square = new Float32Array(64);
      halfToFloat(words, square);
      if (last === 0) square.fill(dctFlat(square[0]!));
      else dctSquare(square, ['rows', dctInverseRow], ['columns', dctInverseColumn]);
      made.push(square);
    }
    if (planes === 3) colour(made as [Float32Array, Float32Array, Float32Array]);
    for (const [plane, square] of made.entries()) {
      for (const [i, half] of narrowed(square).entries()) {
        const x = (number % across) * 8 + (i & 7);
        const y = Math.floor(number / across) * 8 + (i >> 3);
        if (x < columns && y < rows) target[(plane * rows + y) * columns + x] = table ? table[half]! : half;
      }
    }
  }
  return at;
}

function colour([first, second, third]: [Float32Array, Float32Array, Float32Array]): void {
  for (let i = 0; i < 64; i++) {
    const [luma, blueness, redness] = [first[i]!, second[i]!, third[i]!];
    first[i] = f(luma + f(redness * f(1.5747)));
    second[i] = f(f(f(blueness * f(-0.1873)) + luma) + f(redness * f(-0.4682)));
    third[i] = f(f(blueness * f(1.8556)) + luma);
  }
}

const single = new Float32Array(1);
const bits = new Uint32Array(single.buffer);
const halfOf = new Uint16Array(1);

function floatOf(half: number): number {
  halfOf[0] = half;
  halfToFloat(halfOf, single);
  return single[0]!;
}

/** The bits of the greatest half not above a float of 0 or more. */
function cut(float: number): number {
  single[0] = float;
  if (bits[0]! < 0x38800000) return Math.trunc(float * 2 ** 24);
  return (bits[0]! - 0x38000000) >>> 13;
}

/**
 * The half with the fewest bits set of those that are nearer to a frequency than the tolerance; of several the nearest by
 * their number. Without such a half, the nearest to the frequency itself. Never infinite; zero is never negative.
 */
export function dwaQuantised(frequency: number, tolerance: number): number {
  single[0] = frequency;
  floatToHalf(single, halfOf);
  const sign = halfOf[0]! & 0x8000;
  const magnitude = Math.min(halfOf[0]! & 0x7fff, 0x7bff);
  const value = floatOf(magnitude);
  const below = f(value - tolerance);
  const least = Math.min(magnitude, below < 0 ? 0 : cut(below) + 1);
  single[0] = value + tolerance;
  bits[0] = Math.max(0, bits[0]! - 1);
  const most = Math.max(magnitude, Math.min(0x7bff, cut(single[0]!)));

  // What all of them share stands; below it, nothing where that is one of them, else the nearest single bit.
  const mask = 2 ** (32 - Math.clz32(least ^ most)) - 1;
  const shared = most & ~mask;
  const rest = least & mask;
  let found = shared;
  if (rest > 0) {
    const own = magnitude & mask;
    const under = 2 ** (31 - Math.clz32(own));
    const over = under * 2;
    const further = over - own < own - under || under < rest;
    found = shared | (further && over <= mask ? over : under);
  }
  return found === 0 ? 0 : sign | found;
}

/**
 * Packs planes: three are R', G', B' and become Y', Cb, Cr. Halves are put through `table`, whose 65536 halves are all
 * finite. `tolerances` holds 64 floats, row by row, for the first plane and 64 for others. `dc` and `ac` are filled as
 * `dwaDecode` reads them; `ac` has room for 63 words for each square. Returns the words of `ac`.
 */
export function dwaEncode(
  halves: Uint16Array,
  grid: DwaGrid,
  table: Uint16Array,
  tolerances: Float32Array,
  ac: Uint16Array,
  dc: Uint16Array,
): number {
  const { columns, rows, planes } = grid;
  const across = Math.ceil(columns / 8);
  const squares = dwaSquares(grid);
  let at = 0;
  for (let number = 0; number < squares; number++) {
    const made = Array.from({ length: planes }, (_, plane) => {
      const square = new Float32Array(64);
      const read = new Uint16Array(64).map((_, i) => {
        const x = mirrored((number % across) * 8 + (i & 7), columns);
        const y = mirrored(Math.floor(number / across) * 8 + (i >> 3), rows);
        return table[halves[(plane * rows + y) * columns + x]!]!;
      });
      halfToFloat(read, square);
      return square;
    });
    const [r, g, b] = made.map((square) => square.slice());
    if (r && g && b) {
      for (const [plane, weights] of [LUMA, BLUENESS, REDNESS].entries()) {
        const [w0, w1, w2] = weights as [number, number, number];
        made[plane]!.forEach((_, i, square) => {
          square[i] = f(f(f(r[i]! * w0) + f(g[i]! * w1)) + f(b[i]! * w2));
        });
      }
    }
    for (const [plane, square] of made.entries()) {
      dctSquare(square, ['columns', dctForward], ['rows', dctForward]);
      const allowed = tolerances.subarray(plane === 0 ? 0 : 64);
      const words = ZIGZAG.map((place) => dwaQuantised(square[place]!, allowed[place]!));
      dc[plane * squares + number] = words[0]!;
      for (let place = 1; place < 64; ) {
        let zeros = 0;
        while (place + zeros < 64 && words[place + zeros] === 0) zeros++;
        if (zeros < 2) ac[at++] = words[place]!;
        else ac[at++] = place + zeros === 64 ? ZEROS : ZEROS | zeros;
        place += Math.max(1, zeros);
      }
    }
  }
  return at;
}

/** A place beyond the end of a line of samples, seen in a mirror at its edge; the first where that is beyond the start. */
const mirrored = (place: number, size: number): number => (place < size ? place : Math.max(0, 2 * size - 1 - place));

/** Puts the greatest finite half of the same sign in the place of infinities, in place. */
export function limitHalves(halves: Uint16Array): void {
  for (const [i, half] of halves.entries()) if ((half & 0x7fff) === 0x7c00) halves[i] = half - 1;
}
