// What stands before the codestream of a chunk of HTJ2K, and how its numbers are chosen.

/** Bytes before the list of channels: "HT", and the length of all that stands before the codestream but these bytes. */
export const HEAD_BYTES = 6;
export const MAGIC = 0x4854;

/** Coefficients of at most so many bits are counted in 32, with the room that the transform may take on the way. */
export const NARROW_DEPTH = 26;
