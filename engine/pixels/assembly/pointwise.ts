// Arithmetic on samples that needs no neighbours: matrices, scales, limits, alpha and curves, on floats in place.
// `count` is a multiple of 8; nothing is aligned. Each lane does what the plain twin does, in the same order.
import { called } from './memory';

const MAGNITUDE = memory.data<u32>([0x7fffffff, 0x7fffffff, 0x7fffffff, 0x7fffffff], 16);
const INFINITE = memory.data<u32>([0x7f800000, 0x7f800000, 0x7f800000, 0x7f800000], 16);
const QUIET_NAN = memory.data<u32>([0x7fc00000, 0x7fc00000, 0x7fc00000, 0x7fc00000], 16);

/** Nine factors row by row, then what is added to each row. */
export function mixColours(r: usize, g: usize, b: usize, count: i32, matrix: usize): void {
  called();
  const m0 = v128.load32_splat(matrix);
  const m1 = v128.load32_splat(matrix, 4);
  const m2 = v128.load32_splat(matrix, 8);
  const m3 = v128.load32_splat(matrix, 12);
  const m4 = v128.load32_splat(matrix, 16);
  const m5 = v128.load32_splat(matrix, 20);
  const m6 = v128.load32_splat(matrix, 24);
  const m7 = v128.load32_splat(matrix, 28);
  const m8 = v128.load32_splat(matrix, 32);
  const s0 = v128.load32_splat(matrix, 36);
  const s1 = v128.load32_splat(matrix, 40);
  const s2 = v128.load32_splat(matrix, 44);
  const end = <usize>count << 2;
  for (let i: usize = 0; i < end; i += 16) {
    const x = v128.load(r + i);
    const y = v128.load(g + i);
    const z = v128.load(b + i);
    v128.store(r + i, f32x4.add(f32x4.add(f32x4.add(f32x4.mul(m0, x), f32x4.mul(m1, y)), f32x4.mul(m2, z)), s0));
    v128.store(g + i, f32x4.add(f32x4.add(f32x4.add(f32x4.mul(m3, x), f32x4.mul(m4, y)), f32x4.mul(m5, z)), s1));
    v128.store(b + i, f32x4.add(f32x4.add(f32x4.add(f32x4.mul(m6, x), f32x4.mul(m7, y)), f32x4.mul(m8, z)), s2));
  }
}

export function scaleSamples(samples: usize, count: i32, by: f32, plus: f32): void {
  called();
  const factor = f32x4.splat(by);
  const shift = f32x4.splat(plus);
  const end = samples + (<usize>count << 2);
  for (let at = samples; at < end; at += 16) {
    v128.store(at, f32x4.add(f32x4.mul(v128.load(at), factor), shift));
  }
}

/** Multiplied in double precision and rounded once. */
export function gainSamples(samples: usize, count: i32, by: f64): void {
  called();
  const factor = f64x2.splat(by);
  const end = samples + (<usize>count << 2);
  for (let at = samples; at < end; at += 16) {
    const x = v128.load(at);
    const low = f32x4.demote_f64x2_zero(f64x2.mul(f64x2.promote_low_f32x4(x), factor));
    const upper = f64x2.promote_low_f32x4(v128.shuffle<i64>(x, x, 1, 0));
    v128.store(at, v128.shuffle<i64>(low, f32x4.demote_f64x2_zero(f64x2.mul(upper, factor)), 0, 2));
  }
}

/** A NaN stays one. */
export function limitSamples(samples: usize, count: i32, least: f32, greatest: f32): void {
  called();
  const low = f32x4.splat(least);
  const high = f32x4.splat(greatest);
  const end = samples + (<usize>count << 2);
  for (let at = samples; at < end; at += 16) {
    let x = v128.load(at);
    x = v128.bitselect(low, x, f32x4.lt(x, low));
    v128.store(at, v128.bitselect(high, x, f32x4.gt(x, high)));
  }
}

/** Where alpha is 0 the sample stays. */
export function divideSamples(samples: usize, alpha: usize, count: i32): void {
  called();
  const zero = f32x4.splat(0);
  const end = <usize>count << 2;
  for (let i: usize = 0; i < end; i += 16) {
    const x = v128.load(samples + i);
    const a = v128.load(alpha + i);
    v128.store(samples + i, v128.bitselect(x, f32x4.div(x, a), f32x4.eq(a, zero)));
  }
}

/** Where alpha is 0 the sample stays. */
export function multiplySamples(samples: usize, alpha: usize, count: i32): void {
  called();
  const zero = f32x4.splat(0);
  const end = <usize>count << 2;
  for (let i: usize = 0; i < end; i += 16) {
    const x = v128.load(samples + i);
    const a = v128.load(alpha + i);
    v128.store(samples + i, v128.bitselect(x, f32x4.mul(x, a), f32x4.eq(a, zero)));
  }
}

/** Where alpha is 0 it becomes 0. */
export function coverSamples(samples: usize, alpha: usize, count: i32): void {
  called();
  const zero = f32x4.splat(0);
  const end = <usize>count << 2;
  for (let i: usize = 0; i < end; i += 16) {
    const x = v128.load(samples + i);
    const a = v128.load(alpha + i);
    v128.store(samples + i, v128.andnot(f32x4.mul(x, a), f32x4.eq(a, zero)));
  }
}

/** Which NaN comes out of arithmetic is left to the machine, so all become one. */
export function settleSamples(samples: usize, count: i32): void {
  called();
  const nan = v128.load(QUIET_NAN);
  const end = samples + (<usize>count << 2);
  for (let at = samples; at < end; at += 16) {
    const x = v128.load(at);
    v128.store(at, v128.bitselect(x, nan, f32x4.eq(x, x)));
  }
}

/** Floats as the nearest halves, still floats: what converting there and back gives, by the rules of `floatToHalf`. */
export function halveSamples(samples: usize, count: i32): void {
  called();
  const end = samples + (<usize>count << 2);
  const half = f32x4.splat(0.5);
  for (let at = samples; at < end; at += 16) {
    const x = v128.load(at);
    const magnitude = v128.and(x, v128.load(MAGNITUDE));
    const odd = v128.and(i32x4.shr_u(magnitude, 13), i32x4.splat(1));
    let rounded = v128.and(i32x4.add(i32x4.add(magnitude, i32x4.splat(0xfff)), odd), i32x4.splat(~0x1fff));
    // Below 2^-14 halves lie 2^-24 apart, as floats do from a half on.
    const small = f32x4.sub(f32x4.add(magnitude, half), half);
    rounded = v128.bitselect(small, rounded, i32x4.lt_u(magnitude, i32x4.splat(0x38800000)));
    rounded = v128.bitselect(v128.load(INFINITE), rounded, i32x4.ge_u(magnitude, i32x4.splat(0x477ff000)));
    const payload = v128.and(magnitude, i32x4.splat(~0x1fff));
    const none = i32x4.eq(payload, v128.load(INFINITE));
    const kept = v128.or(payload, v128.and(none, i32x4.splat(0x2000)));
    rounded = v128.bitselect(kept, rounded, i32x4.gt_u(magnitude, v128.load(INFINITE)));
    v128.store(at, v128.or(rounded, v128.andnot(x, v128.load(MAGNITUDE))));
  }
}

/** The table is described in engine/pixels/curve.ts. */
export function bendSamples(samples: usize, count: i32, table: usize): void {
  called();
  const before = v128.load32_splat(table);
  const after = v128.load32_splat(table, 4);
  const odd = v128.load32_splat(table, 8);
  const shift = load<i32>(table, 12);
  const low = v128.load32_splat(table, 16);
  const high = v128.load32_splat(table, 20);
  const cut0 = v128.load32_splat(table, 24);
  const cut1 = v128.load32_splat(table, 28);
  const cut2 = v128.load32_splat(table, 32);
  const mask = v128.load32_splat(table, 44);
  const unit = v128.load32_splat(table, 48);
  const magnitude = v128.load(MAGNITUDE);
  const infinite = v128.load(INFINITE);
  const rows = table + 64 - (<usize>load<i32>(table, 16) << 4);
  const end = samples + (<usize>count << 2);
  for (let at = samples; at < end; at += 16) {
    const u = f32x4.sub(v128.load(at), before);
    const sign = v128.and(u, odd);
    const m = v128.xor(u, sign);
    const k = i32x4.shr_s(m, shift);
    let row = i32x4.min_s(i32x4.max_s(k, low), high);
    row = i32x4.sub(row, f32x4.ge(m, cut0));
    row = i32x4.sub(row, f32x4.ge(m, cut1));
    row = i32x4.sub(row, f32x4.ge(m, cut2));
    row = i32x4.shl(row, 4);
    const inside = f32x4.mul(f32x4.convert_i32x4_s(v128.and(m, mask)), unit);
    const t = v128.bitselect(m, inside, v128.or(i32x4.le_s(k, low), i32x4.ge_s(k, high)));
    const p0 = v128.load(rows + i32x4.extract_lane(row, 0));
    const p1 = v128.load(rows + i32x4.extract_lane(row, 1));
    const p2 = v128.load(rows + i32x4.extract_lane(row, 2));
    const p3 = v128.load(rows + i32x4.extract_lane(row, 3));
    const a01 = v128.shuffle<i32>(p0, p1, 0, 4, 1, 5);
    const a23 = v128.shuffle<i32>(p2, p3, 0, 4, 1, 5);
    const b01 = v128.shuffle<i32>(p0, p1, 2, 6, 3, 7);
    const b23 = v128.shuffle<i32>(p2, p3, 2, 6, 3, 7);
    let y = v128.shuffle<i64>(b01, b23, 1, 3);
    y = f32x4.add(f32x4.mul(y, t), v128.shuffle<i64>(b01, b23, 0, 2));
    y = f32x4.add(f32x4.mul(y, t), v128.shuffle<i64>(a01, a23, 1, 3));
    y = f32x4.add(f32x4.mul(y, t), v128.shuffle<i64>(a01, a23, 0, 2));
    y = f32x4.add(v128.xor(y, sign), after);
    const special = i32x4.ge_s(v128.and(u, magnitude), infinite);
    if (v128.any_true(special)) {
      let limit = v128.bitselect(
        v128.load32_splat(table, 40),
        v128.load32_splat(table, 36),
        i32x4.lt_s(u, i32x4.splat(0)),
      );
      limit = v128.bitselect(limit, v128.load(QUIET_NAN), f32x4.eq(u, u));
      y = v128.bitselect(limit, y, special);
    }
    v128.store(at, y);
  }
}
