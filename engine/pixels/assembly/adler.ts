// The checksum of zlib streams.

// @ts-ignore: decorator
@inline
const ADLER_MODULUS: u32 = 65521;
/** Bytes after which the sums must be reduced: whole vectors below zlib's 5552. */
// @ts-ignore: decorator
@inline
const ADLER_STRETCH: i32 = 5536;

const WEIGHTS = memory.data<u8>([16, 15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1], 16);

/** The Adler-32 checksum of RFC 1950. */
export function adler32(source: usize, length: i32): u32 {
  const weights = v128.load(WEIGHTS);
  let one: u32 = 1;
  let two: u32 = 0;
  let at = 0;
  while (length - at >= 16) {
    const end = at + ((length - at < ADLER_STRETCH ? length - at : ADLER_STRETCH) & ~15);
    two += one * <u32>(end - at);
    let sums = i32x4.splat(0);
    let before = i32x4.splat(0);
    let weighed = i32x4.splat(0);
    for (; at < end; at += 16) {
      const bytes = v128.load(source + at);
      before = i32x4.add(before, sums);
      sums = i32x4.add(sums, i32x4.extadd_pairwise_i16x8_u(i16x8.extadd_pairwise_i8x16_u(bytes)));
      weighed = i32x4.add(weighed, i32x4.extadd_pairwise_i16x8_u(i16x8.extmul_low_i8x16_u(bytes, weights)));
      weighed = i32x4.add(weighed, i32x4.extadd_pairwise_i16x8_u(i16x8.extmul_high_i8x16_u(bytes, weights)));
    }
    one += lanes(sums);
    two += lanes(weighed) + 16 * (lanes(before) % ADLER_MODULUS);
    one %= ADLER_MODULUS;
    two %= ADLER_MODULUS;
  }
  for (; at < length; at++) {
    one += load<u8>(source + at);
    two += one;
  }
  return ((two % ADLER_MODULUS) << 16) | (one % ADLER_MODULUS);
}

// @ts-ignore: decorator
@inline
function lanes(v: v128): u32 {
  return (
    i32x4.extract_lane(v, 0) + i32x4.extract_lane(v, 1) + i32x4.extract_lane(v, 2) + i32x4.extract_lane(v, 3)
  );
}
