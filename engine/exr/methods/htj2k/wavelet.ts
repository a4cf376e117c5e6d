// From subbands to samples and back: the reversible 5/3 wavelet and the reversible colour transform of JPEG 2000.
import type { Coefficients } from './quad.ts';

/** Coefficients of a rectangle, row by row. */
export interface Grid {
  readonly columns: number;
  readonly rows: number;
  readonly values: Coefficients;
}

/** The three subbands that double a resolution: fine from left to right, from top to bottom, and both. */
export interface Detail {
  readonly across: Grid;
  readonly down: Grid;
  readonly both: Grid;
}

/** A grid of zeros, of 32 bits for samples of up to 16 and of 53 for longer ones. */
export function createGrid(columns: number, rows: number, narrow: boolean): Grid {
  const count = columns * rows;
  return { columns, rows, values: narrow ? new Int32Array(count) : new Float64Array(count) };
}

/**
 * One step of the transform on `count` values `step` apart: each gains or loses (`sign`) what its neighbours in `a` and
 * `b` say.
 */
type Step = (values: Coefficients, sign: number, to: number, a: number, b: number, step: number, count: number) => void;

interface Steps {
  readonly low: Step;
  readonly high: Step;
}

const NARROW: Steps = {
  low: (values, sign, to, a, b, step, count) => {
    for (let i = 0, o = 0; i < count; i++, o += step) {
      values[to + o]! += sign * ((values[a + o]! + values[b + o]! + 2) >> 2);
    }
  },
  high: (values, sign, to, a, b, step, count) => {
    for (let i = 0, o = 0; i < count; i++, o += step) {
      values[to + o]! += sign * ((values[a + o]! + values[b + o]!) >> 1);
    }
  },
};

const WIDE: Steps = {
  low: (values, sign, to, a, b, step, count) => {
    for (let i = 0, o = 0; i < count; i++, o += step) {
      values[to + o]! += sign * Math.floor((values[a + o]! + values[b + o]! + 2) / 4);
    }
  },
  high: (values, sign, to, a, b, step, count) => {
    for (let i = 0, o = 0; i < count; i++, o += step) {
      values[to + o]! += sign * Math.floor((values[a + o]! + values[b + o]!) / 2);
    }
  },
};

const stepsOf = (values: Coefficients): Steps => (values instanceof Int32Array ? NARROW : WIDE);

/** A step at every other place of a row, from `first` on: at the ends the one neighbour stands for both. */
function along(run: Step, sign: number, { values, columns }: Grid, row: number, first: number): void {
  const start = row * columns;
  const last = start + columns - 1;
  let to = start + first;
  if (first === 0) {
    run(values, sign, to, to + 1, to + 1, 0, 1);
    to += 2;
  }
  const inner = Math.max(0, (last - to + 1) >> 1);
  run(values, sign, to, to - 1, to + 1, 2, inner);
  to += inner * 2;
  if (to === last) run(values, sign, to, to - 1, to - 1, 0, 1);
}

/** A step on every other row, from `first` on. */
function between(run: Step, sign: number, { values, columns, rows }: Grid, first: number): void {
  for (let y = first; y < rows; y += 2) {
    const to = y * columns;
    const above = y === 0 ? to + columns : to - columns;
    const below = y + 1 === rows ? to - columns : to + columns;
    run(values, sign, to, above, below, 1, columns);
  }
}

/** A resolution of so many columns and rows from the one before and its three subbands (T.800, Annex F.3). */
export function doubled(small: Grid, { across, down, both }: Detail, columns: number, rows: number): Grid {
  const grid = createGrid(columns, rows, small.values instanceof Int32Array);
  const { low, high } = stepsOf(grid.values);
  for (let y = 0; y < rows; y++) {
    const start = y * columns;
    const [even, odd] = y & 1 ? [down, both] : [small, across];
    spread(even, y >> 1, grid.values, start);
    spread(odd, y >> 1, grid.values, start + 1);
    if (columns === 1) continue;
    along(low, -1, grid, y, 0);
    along(high, 1, grid, y, 1);
  }
  if (rows > 1) {
    between(low, -1, grid, 0);
    between(high, 1, grid, 1);
  }
  return grid;
}

/** Puts the values of a row at every other place of another. */
function spread({ columns, values }: Grid, row: number, to: Coefficients, start: number): void {
  const at = row * columns;
  for (let x = 0; x < columns; x++) to[start + x * 2] = values[at + x]!;
}

/** The opposite of `doubled` (T.800, Annex F.4). The grid is worked in. */
export function halved(grid: Grid): { readonly small: Grid; readonly detail: Detail } {
  const { columns, rows, values } = grid;
  const { low, high } = stepsOf(values);
  if (rows > 1) {
    between(high, -1, grid, 1);
    between(low, 1, grid, 0);
  }
  const narrow = values instanceof Int32Array;
  const [lowColumns, lowRows] = [(columns + 1) >> 1, (rows + 1) >> 1];
  const small = createGrid(lowColumns, lowRows, narrow);
  const across = createGrid(columns - lowColumns, lowRows, narrow);
  const down = createGrid(lowColumns, rows - lowRows, narrow);
  const both = createGrid(columns - lowColumns, rows - lowRows, narrow);
  for (let y = 0; y < rows; y++) {
    if (columns > 1) {
      along(high, -1, grid, y, 1);
      along(low, 1, grid, y, 0);
    }
    const [even, odd] = y & 1 ? [down, both] : [small, across];
    gather(even, y >> 1, values, y * columns);
    gather(odd, y >> 1, values, y * columns + 1);
  }
  return { small, detail: { across, down, both } };
}

/** Takes every other value of a row. */
function gather({ columns, values }: Grid, row: number, from: Coefficients, start: number): void {
  const at = row * columns;
  for (let x = 0; x < columns; x++) values[at + x] = from[start + x * 2]!;
}

/** A quarter, towards minus infinity, of numbers of either size. */
const quarter = (narrow: boolean, value: number): number => (narrow ? value >> 2 : Math.floor(value / 4));

/** Luminance and two differences become red, green and blue, in place (T.800, Annex G.2). */
export function unmixed([first, second, third]: readonly [Grid, Grid, Grid]): void {
  const [red, green, blue] = [first.values, second.values, third.values];
  const narrow = red instanceof Int32Array;
  for (let i = 0; i < red.length; i++) {
    const blueLess = green[i]!;
    const redLess = blue[i]!;
    const middle = red[i]! - quarter(narrow, blueLess + redLess);
    red[i] = redLess + middle;
    green[i] = middle;
    blue[i] = blueLess + middle;
  }
}

/** The opposite of `unmixed`. */
export function mixed([first, second, third]: readonly [Grid, Grid, Grid]): void {
  const [red, green, blue] = [first.values, second.values, third.values];
  const narrow = red instanceof Int32Array;
  for (let i = 0; i < red.length; i++) {
    const r = red[i]!;
    const g = green[i]!;
    const b = blue[i]!;
    red[i] = quarter(narrow, r + 2 * g + b);
    green[i] = b - g;
    blue[i] = r - g;
  }
}
