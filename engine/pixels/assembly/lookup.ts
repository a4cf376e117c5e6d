// Samples through tables: rows of equal steps, cubes of colours, and splines; on floats in place.
// `count` is a multiple of 4; nothing is aligned. Each lane does what the plain twin does, in the same order. The tables
// are described in engine/pixels/lookup.ts.
import { called } from './memory';

const MAGNITUDE = memory.data<u32>([0x7fffffff, 0x7fffffff, 0x7fffffff, 0x7fffffff], 16);
const INFINITE = memory.data<u32>([0x7f800000, 0x7f800000, 0x7f800000, 0x7f800000], 16);
const ONE = memory.data<f32>([1, 1, 1, 1], 16);

// @ts-ignore: decorator
@inline
const CUBE_ENTRIES: usize = 64;
// @ts-ignore: decorator
@inline
const ROW_ENTRIES: usize = 16;
// @ts-ignore: decorator
@inline
const SPLINE_KNOTS: usize = 16;

/** The place of samples in a table, from 0 to `last`; a NaN stays one. */
// @ts-ignore: decorator
@inline
function placeOf(x: v128, least: v128, factor: v128, last: v128): v128 {
  const zero = f32x4.splat(0);
  let p = f32x4.mul(f32x4.sub(x, least), factor);
  p = v128.bitselect(zero, p, f32x4.lt(p, zero));
  return v128.bitselect(last, p, f32x4.gt(p, last));
}

// @ts-ignore: decorator
@inline
function between(a: v128, b: v128, f: v128): v128 {
  return f32x4.add(f32x4.mul(a, f32x4.sub(v128.load(ONE), f)), f32x4.mul(b, f));
}

export function lookSamples(samples: usize, count: i32, table: usize): void {
  called();
  const least = v128.load32_splat(table);
  const factor = v128.load32_splat(table, 4);
  const last = v128.load32_splat(table, 8);
  const greatest = v128.load32_splat(table, 12);
  const entries = table + ROW_ENTRIES;
  const end = samples + (<usize>count << 2);
  for (let at = samples; at < end; at += 16) {
    const p = placeOf(v128.load(at), least, factor, last);
    const k = i32x4.min_s(i32x4.trunc_sat_f32x4_s(p), greatest);
    const f = f32x4.sub(p, f32x4.convert_i32x4_s(k));
    const o = i32x4.shl(k, 2);
    const p0 = v128.load64_zero(entries + i32x4.extract_lane(o, 0));
    const p1 = v128.load64_zero(entries + i32x4.extract_lane(o, 1));
    const p2 = v128.load64_zero(entries + i32x4.extract_lane(o, 2));
    const p3 = v128.load64_zero(entries + i32x4.extract_lane(o, 3));
    const p01 = v128.shuffle<i32>(p0, p1, 0, 4, 1, 5);
    const p23 = v128.shuffle<i32>(p2, p3, 0, 4, 1, 5);
    v128.store(at, between(v128.shuffle<i64>(p01, p23, 0, 2), v128.shuffle<i64>(p01, p23, 1, 3), f));
  }
}

/** For four pixels: addresses of the first corner, two steps from it, and up to four weights each. */
const WORK = memory.data(112, 16);

/** How far four pixels lie from the first corner, along each axis. */
let fx: v128 = i32x4.splat(0);
let fy: v128 = i32x4.splat(0);
let fz: v128 = i32x4.splat(0);

// @ts-ignore: decorator
@inline
function axis(x: v128, table: usize): v128 {
  return placeOf(x, v128.load32_splat(table), v128.load32_splat(table, 12), v128.load32_splat(table, 24));
}

// @ts-ignore: decorator
@inline
function cell(p: v128, table: usize): v128 {
  return i32x4.min_s(i32x4.trunc_sat_f32x4_s(p), v128.load32_splat(table, 36));
}

/** Finds where four pixels lie in a cube; leaves the addresses of the first corners in WORK. */
// @ts-ignore: decorator
@inline
function enter(x: v128, y: v128, z: v128, table: usize): void {
  const px = axis(x, table);
  const py = axis(y, table + 4);
  const pz = axis(z, table + 8);
  const kx = cell(px, table);
  const ky = cell(py, table + 4);
  const kz = cell(pz, table + 8);
  fx = f32x4.sub(px, f32x4.convert_i32x4_s(kx));
  fy = f32x4.sub(py, f32x4.convert_i32x4_s(ky));
  fz = f32x4.sub(pz, f32x4.convert_i32x4_s(kz));
  let first = i32x4.mul(kx, v128.load32_splat(table, 48));
  first = i32x4.add(first, i32x4.mul(ky, v128.load32_splat(table, 52)));
  first = i32x4.add(first, i32x4.mul(kz, v128.load32_splat(table, 56)));
  v128.store(WORK, i32x4.add(first, i32x4.splat(<i32>(table + CUBE_ENTRIES))));
}

/** Four colours, each in a vector of its own, into their three channels. */
// @ts-ignore: decorator
@inline
function spread(r: usize, g: usize, b: usize, c0: v128, c1: v128, c2: v128, c3: v128): void {
  const a01 = v128.shuffle<i32>(c0, c1, 0, 4, 1, 5);
  const a23 = v128.shuffle<i32>(c2, c3, 0, 4, 1, 5);
  v128.store(r, v128.shuffle<i64>(a01, a23, 0, 2));
  v128.store(g, v128.shuffle<i64>(a01, a23, 1, 3));
  v128.store(b, v128.shuffle<i64>(v128.shuffle<i32>(c0, c1, 2, 6, 3, 7), v128.shuffle<i32>(c2, c3, 2, 6, 3, 7), 0, 2));
}

/** The colour of one pixel from the four corners of its tetrahedron. */
// @ts-ignore: decorator
@inline
function tetrahedron(lane: usize, across: i32): v128 {
  const first = load<i32>(lane);
  let y = f32x4.mul(v128.load(first), v128.load32_splat(lane, 48));
  y = f32x4.add(y, f32x4.mul(v128.load(first + load<i32>(lane, 16)), v128.load32_splat(lane, 64)));
  y = f32x4.add(y, f32x4.mul(v128.load(first + load<i32>(lane, 32)), v128.load32_splat(lane, 80)));
  return f32x4.add(y, f32x4.mul(v128.load(first + across), v128.load32_splat(lane, 96)));
}

export function cubeTetrahedral(r: usize, g: usize, b: usize, count: i32, table: usize): void {
  called();
  const sx = v128.load32_splat(table, 48);
  const sy = v128.load32_splat(table, 52);
  const sz = v128.load32_splat(table, 56);
  const all = i32x4.add(i32x4.add(sx, sy), sz);
  const across = i32x4.extract_lane(all, 0);
  const end = <usize>count << 2;
  for (let i: usize = 0; i < end; i += 16) {
    enter(v128.load(r + i), v128.load(g + i), v128.load(b + i), table);
    const xy = f32x4.ge(fx, fy);
    const yz = f32x4.ge(fy, fz);
    const xz = f32x4.ge(fx, fz);
    const least = v128.bitselect(sz, v128.bitselect(sy, sx, xy), v128.and(xz, yz));
    v128.store(WORK, v128.bitselect(sx, v128.bitselect(sy, sz, yz), v128.and(xy, xz)), 16);
    v128.store(WORK, i32x4.sub(all, least), 32);
    const most = f32x4.max(fx, f32x4.max(fy, fz));
    const middle = f32x4.max(f32x4.min(fx, fy), f32x4.min(f32x4.max(fx, fy), fz));
    const few = f32x4.min(fx, f32x4.min(fy, fz));
    v128.store(WORK, f32x4.sub(v128.load(ONE), most), 48);
    v128.store(WORK, f32x4.sub(most, middle), 64);
    v128.store(WORK, f32x4.sub(middle, few), 80);
    v128.store(WORK, few, 96);
    const c0 = tetrahedron(WORK, across);
    const c1 = tetrahedron(WORK + 4, across);
    const c2 = tetrahedron(WORK + 8, across);
    const c3 = tetrahedron(WORK + 12, across);
    spread(r + i, g + i, b + i, c0, c1, c2, c3);
  }
}

/** The colour of one pixel from the eight corners of its box: along red first, then green, then blue. */
// @ts-ignore: decorator
@inline
function box(lane: usize, sx: i32, sy: i32, sz: i32): v128 {
  const first = load<i32>(lane);
  const x = v128.load32_splat(lane, 16);
  const y = v128.load32_splat(lane, 32);
  const near = between(
    between(v128.load(first), v128.load(first + sx), x),
    between(v128.load(first + sy), v128.load(first + sy + sx), x),
    y,
  );
  const far = between(
    between(v128.load(first + sz), v128.load(first + sz + sx), x),
    between(v128.load(first + sz + sy), v128.load(first + sz + sy + sx), x),
    y,
  );
  return between(near, far, v128.load32_splat(lane, 48));
}

export function cubeTrilinear(r: usize, g: usize, b: usize, count: i32, table: usize): void {
  called();
  const sx = load<i32>(table, 48);
  const sy = load<i32>(table, 52);
  const sz = load<i32>(table, 56);
  const end = <usize>count << 2;
  for (let i: usize = 0; i < end; i += 16) {
    enter(v128.load(r + i), v128.load(g + i), v128.load(b + i), table);
    v128.store(WORK, fx, 16);
    v128.store(WORK, fy, 32);
    v128.store(WORK, fz, 48);
    const c0 = box(WORK, sx, sy, sz);
    const c1 = box(WORK + 4, sx, sy, sz);
    const c2 = box(WORK + 8, sx, sy, sz);
    const c3 = box(WORK + 12, sx, sy, sz);
    spread(r + i, g + i, b + i, c0, c1, c2, c3);
  }
}

export function splineSamples(samples: usize, count: i32, table: usize): void {
  called();
  const half = load<i32>(table);
  const knots = table + SPLINE_KNOTS;
  const rows = knots + (<usize>half << 3);
  const end = samples + (<usize>count << 2);
  for (let at = samples; at < end; at += 16) {
    const x = v128.load(at);
    let place = i32x4.splat(0);
    for (let step = half; step > 0; step >>= 1) {
      const next = i32x4.add(place, i32x4.splat(step));
      const o = i32x4.shl(next, 2);
      let knot = v128.load32_zero(knots + i32x4.extract_lane(o, 0));
      knot = v128.load_lane<i32>(knots + i32x4.extract_lane(o, 1), knot, 1);
      knot = v128.load_lane<i32>(knots + i32x4.extract_lane(o, 2), knot, 2);
      knot = v128.load_lane<i32>(knots + i32x4.extract_lane(o, 3), knot, 3);
      place = v128.bitselect(next, place, f32x4.ge(x, knot));
    }
    const o = i32x4.shl(place, 5);
    const r0 = rows + i32x4.extract_lane(o, 0);
    const r1 = rows + i32x4.extract_lane(o, 1);
    const r2 = rows + i32x4.extract_lane(o, 2);
    const r3 = rows + i32x4.extract_lane(o, 3);
    const s01 = v128.shuffle<i32>(v128.load64_zero(r0, 16), v128.load64_zero(r1, 16), 0, 4, 1, 5);
    const s23 = v128.shuffle<i32>(v128.load64_zero(r2, 16), v128.load64_zero(r3, 16), 0, 4, 1, 5);
    const t = f32x4.mul(
      f32x4.sub(x, v128.shuffle<i64>(s01, s23, 0, 2)),
      v128.shuffle<i64>(s01, s23, 1, 3),
    );
    const p0 = v128.load(r0);
    const p1 = v128.load(r1);
    const p2 = v128.load(r2);
    const p3 = v128.load(r3);
    const a01 = v128.shuffle<i32>(p0, p1, 0, 4, 1, 5);
    const a23 = v128.shuffle<i32>(p2, p3, 0, 4, 1, 5);
    const b01 = v128.shuffle<i32>(p0, p1, 2, 6, 3, 7);
    const b23 = v128.shuffle<i32>(p2, p3, 2, 6, 3, 7);
    let y = f32x4.mul(v128.shuffle<i64>(b01, b23, 1, 3), t);
    y = f32x4.mul(f32x4.add(y, v128.shuffle<i64>(b01, b23, 0, 2)), t);
    y = f32x4.mul(f32x4.add(y, v128.shuffle<i64>(a01, a23, 1, 3)), t);
    y = f32x4.add(y, v128.shuffle<i64>(a01, a23, 0, 2));
    const special = i32x4.eq(v128.and(x, v128.load(MAGNITUDE)), v128.load(INFINITE));
    if (v128.any_true(special)) {
      const limit = v128.bitselect(
        v128.load32_splat(table, 8),
        v128.load32_splat(table, 4),
        i32x4.lt_s(x, i32x4.splat(0)),
      );
      y = v128.bitselect(limit, y, special);
    }
    v128.store(at, y);
  }
}
