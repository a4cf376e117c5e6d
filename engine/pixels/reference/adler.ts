// The checksum of zlib streams.

/** The Adler-32 checksum of RFC 1950, section 8.2. */
export function adler32(bytes: Iterable<number>): number {
  let one = 1;
  let two = 0;
  for (const byte of bytes) {
    one = (one + byte) % 65521;
    two = (two + one) % 65521;
  }
  return two * 65536 + one;
}
