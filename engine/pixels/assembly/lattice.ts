// Lattices of cells joined by edges: what the kernels of multigrid and of conjugate gradients know of them.
//
// A lattice has a row of cells before its first and one after its last, so cell (x, y) has the index (y + 1) * stride + x.
// Strides are multiples of 8. A byte of flags a cell: 1, 2, 4, 8 for edges to the right, down, to the left and up; 112 for
// how many edges it has (not 0 where there are any); 128 where the cell of half the index in the coarser lattice is its
// parent. The finest lattice has no weights: all are 1. Coarser ones have those of the edges to the right and down, and
// the sum at each cell.

/** The flags of four cells in 32-bit lanes. */
// @ts-ignore: decorator
@inline
export function flagsOf(flags: usize, i: usize): v128 {
  return i32x4.extend_low_i16x8_u(i16x8.extend_low_i8x16_u(v128.load32_zero(flags + i)));
}

/** All ones in lanes where the bit is set; `left` is 31 less the bit's number. */
// @ts-ignore: decorator
@inline
export function lanesWith(bits: v128, left: i32): v128 {
  return i32x4.shr_s(i32x4.shl(bits, left), 31);
}
