// Deflate tuned to the predicted bytes of images: repeats are taken where they pay, blocks end where that saves.
import { adler32 } from './adler';
import { beginBits, putBlock, putByteEnd, written } from './deflate-block';
import { blockEntropy, extraBits, fillTables, setCosts, setFirstCosts } from './deflate-cost';
import { beginMatches, learn, makeTokens, reached } from './deflate-match';
import { COUNTS, FADING, LARGEST_BLOCK, LONG, LONG_SEGMENT, OPEN, SEGMENT, SYMBOLS, TOKENS, TOKENS_END } from './deflate-work';
import { called } from './memory';

/** What a block's header is taken to cost, in sixteenths of a bit. */
// @ts-ignore: decorator
@inline
const HEADER_COST: i64 = 12000;

/**
 * Packs bytes as a zlib stream (RFC 1950) and returns its length. `work` has `deflateWork()` bytes from a multiple of 16
 * on. No more than the bound of the plain twin is written at `target`. The twin makes the same bytes.
 */
export function deflate(source: usize, length: i32, work: usize, target: usize): i32 {
  called();
  const counts = work + COUNTS;
  const open = work + OPEN;
  const fading = work + FADING;
  let tokens = work + TOKENS;
  fillTables();
  memory.fill(open, 0, SYMBOLS << 2);
  setFirstCosts(work, source, length);
  beginMatches(work);
  // Deflate with a window of 32 KiB, fast algorithm (RFC 1950, section 2.2).
  store<u16>(target, 0x5e78);
  beginBits(target + 2);
  const segment = length >= LONG ? LONG_SEGMENT : SEGMENT;
  let held = 0;
  let heldFrom = 0;
  let heldCost: i64 = 0;
  while (reached < length) {
    const start = reached;
    memory.fill(counts, 0, SYMBOLS << 2);
    const made = makeTokens(source, length, work, tokens + (<usize>held << 2), segment);
    const own = blockEntropy(counts);
    for (let i: usize = 0; i < <usize>SYMBOLS << 2; i += 16) {
      const n = v128.load(counts + i);
      v128.store(fading + i, i32x4.add(i32x4.shr_u(v128.load(fading + i), 1), i32x4.shl(n, 4)));
      v128.store(open + i, i32x4.add(v128.load(open + i), n));
    }
    setCosts(work);
    learn(source, length, work, reached - start, own + (extraBits(counts) << 4));
    const together = blockEntropy(open);
    if (held > 0 && (held >= LARGEST_BLOCK || heldCost + own + HEADER_COST < together)) {
      for (let i: usize = 0; i < <usize>SYMBOLS << 2; i += 16) {
        v128.store(open + i, i32x4.sub(v128.load(open + i), v128.load(counts + i)));
      }
      putBlock(source, work, tokens, open, held, heldFrom, start, 0);
      tokens += <usize>held << 2;
      // Moved to the front only where the next block might not find room.
      if (tokens + ((LARGEST_BLOCK + LONG_SEGMENT) << 2) > work + TOKENS_END) {
        memory.copy(work + TOKENS, tokens, <usize>made << 2);
        tokens = work + TOKENS;
      }
      memory.copy(open, counts, SYMBOLS << 2);
      held = made;
      heldFrom = start;
      heldCost = own;
    } else {
      held += made;
      heldCost = together;
    }
  }
  putBlock(source, work, tokens, open, held, heldFrom, length, 1);
  putByteEnd();
  store<u32>(written, bswap<u32>(adler32(source, length)));
  return <i32>(written + 4 - target);
}
