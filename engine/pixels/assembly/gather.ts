// Samples at places anywhere in a picture: each the weighted sum of a rectangle of neighbours, its weights from two tables.
// Nothing is aligned. Each lane does what the plain twin does, in the same order.
import { called } from './memory';

/**
 * A row of `count` samples. `places` holds 20 bytes for each: three whole numbers, the byte in the source where its
 * neighbours begin (less than 0: the sample is 0) and the bytes in the tables where its weights begin, then two floats,
 * how far across and down it is on its way to the table's next row. A row of a table has as many weights as there are
 * taps; `across` is a multiple of 4. `work` has room for `across` floats.
 */
export function gatherRow(
  source: usize,
  rowBytes: i32,
  target: usize,
  count: i32,
  places: usize,
  columns: usize,
  across: i32,
  rows: usize,
  down: i32,
  work: usize,
): void {
  called();
  const step = <usize>rowBytes;
  const wide = <usize>across << 2;
  const tall = <usize>down << 2;
  for (let o = 0; o < count; o++, places += 20, target += 4) {
    const first = load<i32>(places);
    if (first < 0) {
      store<f32>(target, 0);
      continue;
    }
    const x = columns + <usize>load<i32>(places, 4);
    const y = rows + <usize>load<i32>(places, 8);
    const alongX = v128.load32_splat(places, 12);
    const alongY = load<f32>(places, 16);
    for (let i: usize = 0; i < wide; i += 16) {
      const a = v128.load(x + i);
      v128.store(work + i, f32x4.add(a, f32x4.mul(f32x4.sub(v128.load(x + wide + i), a), alongX)));
    }
    let at = source + <usize>first;
    let sum = f32x4.splat(0);
    for (let j: usize = 0; j < tall; j += 4) {
      const a = load<f32>(y + j);
      const weight = a + (load<f32>(y + tall + j) - a) * alongY;
      let row = f32x4.splat(0);
      for (let i: usize = 0; i < wide; i += 16) {
        row = f32x4.add(row, f32x4.mul(v128.load(work + i), v128.load(at + i)));
      }
      sum = f32x4.add(sum, f32x4.mul(f32x4.splat(weight), row));
      at += step;
    }
    const left = f32x4.extract_lane(sum, 0) + f32x4.extract_lane(sum, 1);
    store<f32>(target, left + (f32x4.extract_lane(sum, 2) + f32x4.extract_lane(sum, 3)));
  }
}
