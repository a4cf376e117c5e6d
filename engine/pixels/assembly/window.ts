// What windows of neighbours hold: their least or greatest sample, their median; and the difference from a blurred plane.
// Nothing is aligned. Each lane does what the plain twin does.
import { called } from './memory';

// @ts-ignore: decorator
@inline
function least(a: v128, b: v128): v128 {
  return f32x4.min(a, b);
}

// @ts-ignore: decorator
@inline
function greatest(a: v128, b: v128): v128 {
  return f32x4.max(a, b);
}

/** The greater or the lesser of each lane; which one is settled when the kernel is compiled. */
// @ts-ignore: decorator
@inline
function pick(most: bool, a: v128, b: v128): v128 {
  return most ? greatest(a, b) : least(a, b);
}

// @ts-ignore: decorator
@inline
function pickRows(source: usize, target: usize, width: i32, outputs: i32, size: i32, work: usize, most: bool): void {
  const step = <usize>width << 2;
  for (let s = 0; s < outputs; s += size) {
    const from = source + <usize>s * step;
    const to = target + <usize>s * step;
    const count = min(size, outputs - s);
    for (let x: usize = 0; x < step; x += 64) {
      let at = from + <usize>(size - 1) * step + x;
      let kept = work + (<usize>(size - 1) << 6);
      let a = v128.load(at);
      let b = v128.load(at, 16);
      let c = v128.load(at, 32);
      let d = v128.load(at, 48);
      for (let i = size - 1; ; ) {
        v128.store(kept, a);
        v128.store(kept, b, 16);
        v128.store(kept, c, 32);
        v128.store(kept, d, 48);
        if (--i < 0) break;
        at -= step;
        kept -= 64;
        a = pick(most, a, v128.load(at));
        b = pick(most, b, v128.load(at, 16));
        c = pick(most, c, v128.load(at, 32));
        d = pick(most, d, v128.load(at, 48));
      }
      let out = to + x;
      v128.store(out, a);
      v128.store(out, b, 16);
      v128.store(out, c, 32);
      v128.store(out, d, 48);
      if (count < 2) continue;
      at = from + <usize>size * step + x;
      a = v128.load(at);
      b = v128.load(at, 16);
      c = v128.load(at, 32);
      d = v128.load(at, 48);
      for (let i = 1; ; ) {
        kept += 64;
        out += step;
        v128.store(out, pick(most, a, v128.load(kept)));
        v128.store(out, pick(most, b, v128.load(kept, 16)), 16);
        v128.store(out, pick(most, c, v128.load(kept, 32)), 32);
        v128.store(out, pick(most, d, v128.load(kept, 48)), 48);
        if (++i >= count) break;
        at += step;
        a = pick(most, a, v128.load(at));
        b = pick(most, b, v128.load(at, 16));
        c = pick(most, c, v128.load(at, 32));
        d = pick(most, d, v128.load(at, 48));
      }
    }
  }
}

/**
 * For each output row the least of `size` source rows from that one on. The source has `outputs + size - 1` rows of
 * `width` floats, a multiple of 16; `work` has room for `size` vectors of 16. Each sample takes three comparisons,
 * whatever the size: least samples from a place to the end of its block, and from the beginning of the next block on
 * (van Herk 1992; Gil and Werman 1993).
 */
export function leastRows(source: usize, target: usize, width: i32, outputs: i32, size: i32, work: usize): void {
  called();
  pickRows(source, target, width, outputs, size, work, false);
}

/** The greatest, in the same way. */
export function greatestRows(source: usize, target: usize, width: i32, outputs: i32, size: i32, work: usize): void {
  called();
  pickRows(source, target, width, outputs, size, work, true);
}

/**
 * One row of medians of `size` by `size` samples. The source has `size` rows, `rowBytes` apart, of `size - 1` floats
 * more than `columns`, which is a multiple of 4. `pairs` holds two whole numbers for each of `count` exchanges: which
 * of the samples, counted row by row, are put in order. After all of them the one in the middle is the median. `work`
 * has room for a vector for each sample.
 */
export function medianRow(
  source: usize,
  rowBytes: i32,
  target: usize,
  columns: i32,
  size: i32,
  pairs: usize,
  count: i32,
  work: usize,
): void {
  called();
  const end = pairs + (<usize>count << 3);
  const middle = work + (<usize>((size * size) >> 1) << 4);
  for (let x: usize = 0; x < <usize>columns << 2; x += 16) {
    let place = work;
    for (let j = 0; j < size; j++) {
      const row = source + <usize>(j * rowBytes) + x;
      for (let i = 0; i < size; i++) {
        v128.store(place, v128.load(row + (<usize>i << 2)));
        place += 16;
      }
    }
    for (let pair = pairs; pair < end; pair += 8) {
      const low = work + (<usize>load<i32>(pair) << 4);
      const high = work + (<usize>load<i32>(pair, 4) << 4);
      const a = v128.load(low);
      const b = v128.load(high);
      v128.store(low, f32x4.min(a, b));
      v128.store(high, f32x4.max(a, b));
    }
    v128.store(target + x, v128.load(middle));
  }
}

/** Adds to each sample its difference from the blurred one, times the amount, where that is more than the threshold. */
export function sharpenSamples(samples: usize, blurred: usize, count: i32, amount: f32, threshold: f32): void {
  called();
  const times = f32x4.splat(amount);
  const least = f32x4.splat(threshold);
  const zero = f32x4.splat(0);
  for (let i: usize = 0; i < <usize>count << 2; i += 16) {
    const x = v128.load(samples + i);
    const d = f32x4.sub(x, v128.load(blurred + i));
    const kept = v128.bitselect(zero, d, f32x4.le(f32x4.abs(d), least));
    v128.store(samples + i, f32x4.add(x, f32x4.mul(times, kept)));
  }
}
