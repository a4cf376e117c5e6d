// Floats as whole numbers of 8 or 16 bits: clamped to 0 … 1, rounded to the nearest, without dither, and counted.

export interface QuantizedRange {
  /** Samples below 0 or above 1, infinities among them. */
  readonly clamped: number;
  /** Samples that are no number and became 0. */
  readonly nan: number;
  /** Of the others: those that are no exact multiple of 1/255 or 1/65535, as floats have them. */
  readonly rounded: number;
}

/**
 * Puts `floats` into every `stride`-th sample of `target` from `place` on: the nearest of the whole numbers up to 255
 * or 65535, halves upwards.
 */
export function quantize(
  floats: Float32Array,
  target: Uint8Array | Uint16Array,
  { place, stride }: { readonly place: number; readonly stride: number },
): QuantizedRange {
  const most = target.BYTES_PER_ELEMENT === 1 ? 255 : 65535;
  let clamped = 0;
  let nan = 0;
  let rounded = 0;
  for (let i = 0, at = place; i < floats.length; i++, at += stride) {
    const value = floats[i]!;
    if (value >= 0 && value <= 1) {
      // Exact in a double up to the rounding: 24 bits times 16.
      const whole = Math.floor(value * most + 0.5);
      target[at] = whole;
      if (Math.fround(whole / most) !== value) rounded++;
    } else if (value < 0) {
      target[at] = 0;
      clamped++;
    } else if (value > 1) {
      target[at] = most;
      clamped++;
    } else {
      target[at] = 0;
      nan++;
    }
  }
  return { clamped, nan, rounded };
}
