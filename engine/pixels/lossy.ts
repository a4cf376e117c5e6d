// The fast twins of the lossy methods' plain functions in reference.ts. Every array lies in scratch space.
import { EngineError } from '../base/error.ts';
import { addressOf, kernels } from './arena.ts';
import type { Samples } from './plane.ts';
import { type HalfGrid, type SquareOptions, squareBound } from './reference/b44.ts';
import { type DwaGrid, dwaSquares } from './reference/dwa.ts';

function demand(holds: boolean, what: string): void {
  if (!holds) throw new EngineError('invalid', 'internal', `A kernel was called wrongly: ${what}.`);
}

/** Bytes of a row in a PXR24 chunk: floats take three. */
const rowBytes = (row: Samples): number => row.length * (row instanceof Float32Array ? 3 : row.BYTES_PER_ELEMENT);

/**
 * The bytes of a row of samples that stand in a PXR24 chunk: each sample less the one before, all uppermost bytes first.
 * Floats are rounded to 24 bits and give three bytes each.
 */
export function pxrSplit(row: Samples, target: Uint8Array): void {
  demand(rowBytes(row) <= target.length, 'the target is shorter than the row');
  const { run } = kernels();
  const [from, to] = [addressOf(row), addressOf(target)];
  if (row instanceof Float32Array) run.pxrSplit24(from, row.length, to);
  else if (row instanceof Uint16Array) run.pxrSplit16(from, row.length, to);
  else run.pxrSplit32(from, row.length, to);
}

/** Undoes `pxrSplit`. */
export function pxrJoin(source: Uint8Array, row: Samples): void {
  demand(rowBytes(row) <= source.length, 'the source is shorter than the row');
  const { run } = kernels();
  const [from, to] = [addressOf(source), addressOf(row)];
  if (row instanceof Float32Array) run.pxrJoin24(from, row.length, to);
  else if (row instanceof Uint16Array) run.pxrJoin16(from, row.length, to);
  else run.pxrJoin32(from, row.length, to);
}

const tableAddress = (table: Uint16Array | undefined): number => {
  demand(!table || table.length >= 65536, 'the table is too short');
  return table ? addressOf(table) : 0;
};

/** Packs a plane of halves into squares. `target` holds `squareBound(grid)` bytes. Returns the bytes written. */
export function b44Pack(halves: Uint16Array, grid: HalfGrid, target: Uint8Array, options: SquareOptions): number {
  const { columns, rows } = grid;
  const { flat, table } = options;
  demand(columns * rows <= halves.length && squareBound(grid) <= target.length, 'the plane does not fit the arrays');
  return kernels().run.b44Pack(
    addressOf(halves),
    columns,
    rows,
    tableAddress(table),
    addressOf(target),
    flat ? 1 : 0,
    table ? 0 : 1,
  );
}

/** Undoes `b44Pack`, with the table that undoes its table. Returns the bytes read, or -1 where there are too few. */
export function b44Unpack(source: Uint8Array, grid: HalfGrid, halves: Uint16Array, table?: Uint16Array): number {
  const { columns, rows } = grid;
  demand(columns * rows <= halves.length, 'the plane does not fit the halves');
  const at = tableAddress(table);
  return kernels().run.b44Unpack(addressOf(source), source.length, columns, rows, at, addressOf(halves));
}

/** Goes over so many squares. Returns the words that they take, or -1 where there are too few. */
export const dwaSkip = (ac: Uint16Array, squares: number): number =>
  kernels().run.dwaSkip(addressOf(ac), ac.length, squares);

/**
 * Unpacks planes: three are Y', Cb, Cr and become R', G', B'. Halves are put through `table` where there is one. Returns
 * the words of `ac` that were used, or -1 where there are too few.
 */
export function dwaDecode(
  ac: Uint16Array,
  dc: Uint16Array,
  grid: DwaGrid,
  target: Uint16Array,
  table?: Uint16Array,
): number {
  const { columns, rows, planes } = grid;
  demand(dwaSquares(grid) * planes <= dc.length, 'there are too few first frequencies');
  demand(columns * rows * planes <= target.length, 'the planes do not fit the target');
  const at = tableAddress(table);
  const { run } = kernels();
  return run.dwaDecode(addressOf(ac), ac.length, addressOf(dc), planes, columns, rows, at, addressOf(target));
}

/** Rows and columns exchanged, as the kernel wants them. */
const turned = (square: Float32Array): Float32Array => square.map((_, i) => square[(i & 7) * 8 + (i >> 3)]!);

/** Bytes of working memory that `dwaEncode` needs. */
export const DWA_WORK = 512;

/**
 * Packs planes: three are R', G', B' and become Y', Cb, Cr. Halves are put through `table`, whose halves are all finite.
 * `tolerances` holds 64 floats, row by row, for the first plane and 64 for others; it may lie anywhere. `ac` has room
 * for 63 words for each square, `work` for `DWA_WORK` bytes. Returns the words of `ac`.
 */
export function dwaEncode(
  halves: Uint16Array,
  grid: DwaGrid,
  table: Uint16Array,
  tolerances: Float32Array,
  ac: Uint16Array,
  dc: Uint16Array,
  work: Uint8Array,
): number {
  const { columns, rows, planes } = grid;
  const squares = dwaSquares(grid) * planes;
  demand(columns * rows * planes <= halves.length, 'the planes do not fit the halves');
  demand(squares <= dc.length && squares * 63 <= ac.length, 'there is too little room for frequencies');
  demand(tolerances.length >= 128 && work.length >= DWA_WORK, 'the tolerances are too few');
  const allowed = new Float32Array(work.buffer, work.byteOffset, 128);
  allowed.set(turned(tolerances.subarray(0, 64)));
  allowed.set(turned(tolerances.subarray(64, 128)), 64);
  return kernels().run.dwaEncode(
    addressOf(halves),
    planes,
    columns,
    rows,
    tableAddress(table),
    addressOf(work),
    addressOf(ac),
    addressOf(dc),
  );
}

/** Puts the greatest finite half of the same sign in the place of infinities, in place. */
export const limitHalves = (halves: Uint16Array): void => kernels().run.limitHalves(addressOf(halves), halves.length);
