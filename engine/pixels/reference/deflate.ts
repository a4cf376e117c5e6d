// The plain definition of deflate for the predicted bytes of images: which blocks there are, and the stream around them.
import { adler32 } from './adler.ts';
import { BitWriter, putBlock } from './deflate-block.ts';
import { blockEntropy, costsOf, extraBits, firstCounts, SYMBOLS } from './deflate-cost.ts';
import { Matcher } from './deflate-match.ts';

/** Tokens that are weighed together, of sources of so many bytes and more, and of others. */
const LONG = 524288;
const LONG_SEGMENT = 8192;
const SEGMENT = 4096;
/** The most that one block is let grow to before the next segment. */
const LARGEST_BLOCK = 57344;
/** What a block's header is taken to cost, in sixteenths of a bit. */
const HEADER_COST = 12000;

/**
 * Bytes that are written at most: every block stands for 4096 bytes or more but the last, and is no longer than those
 * stored; the kernel touches eight more.
 */
export const deflateBound = (length: number): number => length + ((length >>> 12) + (length >>> 15) + 3) * 6 + 32;

/** Packs bytes as a zlib stream (RFC 1950). The same bytes give the same stream. */
export function deflate(source: Uint8Array): Uint8Array {
  const to = new BitWriter();
  // Deflate with a window of 32 KiB, fast algorithm (RFC 1950, section 2.2).
  to.put(0x5e78, 16);
  const matcher = new Matcher(source);
  const fading = firstCounts(source);
  let costs = costsOf(fading);
  let open = new Uint32Array(SYMBOLS);
  let held: number[] = [];
  let heldFrom = 0;
  let heldCost = 0;
  while (matcher.reached < source.length) {
    const start = matcher.reached;
    const counts = new Uint32Array(SYMBOLS);
    const made = matcher.tokens(source.length >= LONG ? LONG_SEGMENT : SEGMENT, counts, costs);
    const own = blockEntropy(counts);
    for (const [symbol, n] of counts.entries()) fading[symbol] = (fading[symbol]! >>> 1) + n * 16;
    costs = costsOf(fading);
    matcher.learn(counts, matcher.reached - start, own + 16 * extraBits(counts));
    const joint = open.map((n, symbol) => n + counts[symbol]!);
    const together = blockEntropy(joint);
    if (held.length > 0 && (held.length >= LARGEST_BLOCK || heldCost + own + HEADER_COST < together)) {
      putBlock(to, open, held, source.subarray(heldFrom, start), 0);
      open = counts;
      held = made;
      heldFrom = start;
      heldCost = own;
    } else {
      open = joint;
      held.push(...made);
      heldCost = together;
    }
  }
  putBlock(to, open, held, source.subarray(heldFrom), 1);
  to.byteEnd();
  for (const shift of [24, 16, 8, 0]) to.put((adler32(source) >>> shift) & 255, 8);
  return Uint8Array.from(to.bytes);
}
