// Weighted sums of rows, and rows laid side by side so that sums along a row are sums of rows too.
// Nothing is aligned. Each lane does what the plain twin does, in the same order.
import { called } from './memory';

/**
 * For each output a row: the sum of its source rows, each times its weight, added up in order from 0. `places` holds
 * three whole numbers for each output: its first source row, how many there are, and where its weights begin.
 * Rows are `width` floats, a multiple of 16, and lie `rowBytes` apart in the source and one after the other in the target.
 */
export function weighRows(
  source: usize,
  rowBytes: i32,
  target: usize,
  width: i32,
  places: usize,
  outputs: i32,
  weights: usize,
): void {
  called();
  const step = <usize>rowBytes;
  const bytes = <usize>width << 2;
  for (let o = 0; o < outputs; o++) {
    const place = places + <usize>o * 12;
    const first = source + <usize>load<i32>(place) * step;
    const count = <usize>load<i32>(place, 4) << 2;
    const from = weights + (<usize>load<i32>(place, 8) << 2);
    const end = from + count;
    const to = target + <usize>o * bytes;
    let x: usize = 0;
    for (; x + 128 <= bytes; x += 128) {
      let a = f32x4.splat(0);
      let b = a;
      let c = a;
      let d = a;
      let e = a;
      let f = a;
      let g = a;
      let h = a;
      let at = first + x;
      for (let w = from; w < end; w += 4) {
        const weight = v128.load32_splat(w);
        a = f32x4.add(a, f32x4.mul(weight, v128.load(at)));
        b = f32x4.add(b, f32x4.mul(weight, v128.load(at, 16)));
        c = f32x4.add(c, f32x4.mul(weight, v128.load(at, 32)));
        d = f32x4.add(d, f32x4.mul(weight, v128.load(at, 48)));
        e = f32x4.add(e, f32x4.mul(weight, v128.load(at, 64)));
        f = f32x4.add(f, f32x4.mul(weight, v128.load(at, 80)));
        g = f32x4.add(g, f32x4.mul(weight, v128.load(at, 96)));
        h = f32x4.add(h, f32x4.mul(weight, v128.load(at, 112)));
        at += step;
      }
      v128.store(to + x, a);
      v128.store(to + x, b, 16);
      v128.store(to + x, c, 32);
      v128.store(to + x, d, 48);
      v128.store(to + x, e, 64);
      v128.store(to + x, f, 80);
      v128.store(to + x, g, 96);
      v128.store(to + x, h, 112);
    }
    for (; x < bytes; x += 64) {
      let a = f32x4.splat(0);
      let b = a;
      let c = a;
      let d = a;
      let at = first + x;
      for (let w = from; w < end; w += 4) {
        const weight = v128.load32_splat(w);
        a = f32x4.add(a, f32x4.mul(weight, v128.load(at)));
        b = f32x4.add(b, f32x4.mul(weight, v128.load(at, 16)));
        c = f32x4.add(c, f32x4.mul(weight, v128.load(at, 32)));
        d = f32x4.add(d, f32x4.mul(weight, v128.load(at, 48)));
        at += step;
      }
      v128.store(to + x, a);
      v128.store(to + x, b, 16);
      v128.store(to + x, c, 32);
      v128.store(to + x, d, 48);
    }
  }
}

/** Four rows by four columns, turned: the columns become the rows. */
// @ts-ignore: decorator
@inline
function turn(from: usize, fromStep: usize, to: usize, toStep: usize): void {
  const a = v128.load(from);
  const b = v128.load(from + fromStep);
  const c = v128.load(from + fromStep * 2);
  const d = v128.load(from + fromStep * 3);
  const ab0 = v128.shuffle<i32>(a, b, 0, 4, 1, 5);
  const ab1 = v128.shuffle<i32>(a, b, 2, 6, 3, 7);
  const cd0 = v128.shuffle<i32>(c, d, 0, 4, 1, 5);
  const cd1 = v128.shuffle<i32>(c, d, 2, 6, 3, 7);
  v128.store(to, v128.shuffle<i64>(ab0, cd0, 0, 2));
  v128.store(to + toStep, v128.shuffle<i64>(ab0, cd0, 1, 3));
  v128.store(to + toStep * 2, v128.shuffle<i64>(ab1, cd1, 0, 2));
  v128.store(to + toStep * 3, v128.shuffle<i64>(ab1, cd1, 1, 3));
}

/** Sixteen rows, `rowBytes` apart, become rows of sixteen floats, one for each column. `columns` is a multiple of 4. */
export function standUp(source: usize, rowBytes: i32, target: usize, columns: i32): void {
  called();
  const step = <usize>rowBytes;
  for (let x: usize = 0; x < <usize>columns; x += 4) {
    for (let r: usize = 0; r < 16; r += 4) {
      turn(source + r * step + (x << 2), step, target + (x << 6) + (r << 2), 64);
    }
  }
}

/** Undoes `standUp`. */
export function layDown(source: usize, target: usize, rowBytes: i32, columns: i32): void {
  called();
  const step = <usize>rowBytes;
  for (let x: usize = 0; x < <usize>columns; x += 4) {
    for (let r: usize = 0; r < 16; r += 4) {
      turn(source + (x << 6) + (r << 2), 64, target + r * step + (x << 2), step);
    }
  }
}
