// The plain definition of PXR24's rows: samples as differences, their bytes apart, floats shortened to 24 bits.

/**
 * The upper 24 bits of a float given as its bits: the mantissa rounded to 15 bits, half away from zero, but cut where
 * that would make it infinite. Infinity stays, and a NaN stays a NaN (OpenEXR's internal_pxr24.c).
 */
function shortened(float: number): number {
  const sign = (float >>> 8) & 0x800000;
  const magnitude = float & 0x7fffffff;
  const rounded = (magnitude + (magnitude & 0x80)) >>> 8;
  if (rounded < 0x7f8000) return sign | rounded;
  const short = magnitude >>> 8;
  return sign | short | (magnitude > 0x7f800000 && short === 0x7f8000 ? 1 : 0);
}

/**
 * The bytes of a row of samples that stand in a PXR24 chunk: each sample less the one before, all uppermost bytes first.
 * Floats (`Float32Array`) give three bytes each, halves two, whole numbers four. `target` holds them all.
 */
export function pxrSplit(row: Uint16Array | Uint32Array | Float32Array, target: Uint8Array): void {
  const count = row.length;
  const size = row instanceof Float32Array ? 3 : row.BYTES_PER_ELEMENT;
  const bits = row instanceof Float32Array ? new Uint32Array(row.buffer, row.byteOffset, count) : row;
  let previous = 0;
  for (let i = 0; i < count; i++) {
    const sample = size === 3 ? shortened(bits[i]!) : bits[i]!;
    const difference = sample - previous;
    previous = sample;
    for (let byte = 0; byte < size; byte++) target[byte * count + i] = difference >> ((size - 1 - byte) * 8);
  }
}

/** Undoes `pxrSplit`. */
export function pxrJoin(source: Uint8Array, row: Uint16Array | Uint32Array | Float32Array): void {
  const count = row.length;
  const size = row instanceof Float32Array ? 3 : row.BYTES_PER_ELEMENT;
  const bits = row instanceof Float32Array ? new Uint32Array(row.buffer, row.byteOffset, count) : row;
  let sum = 0;
  for (let i = 0; i < count; i++) {
    let difference = 0;
    for (let byte = 0; byte < size; byte++) difference = (difference << 8) | source[byte * count + i]!;
    sum = (sum + difference) | 0;
    bits[i] = size === 3 ? sum << 8 : sum;
  }
}
