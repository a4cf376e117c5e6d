// The cosine transform of squares of 8 x 8 floats and its inverse, as DWA has them. Squares are 16 vectors of four.

// Half the cosines of 1/16 to 7/16 of pi, as OpenEXR rounds them for the inverse.
const A = memory.data<f32>([3.535536e-1, 3.535536e-1, 3.535536e-1, 3.535536e-1], 16);
const B = memory.data<f32>([4.903927e-1, 4.903927e-1, 4.903927e-1, 4.903927e-1], 16);
const C = memory.data<f32>([4.619398e-1, 4.619398e-1, 4.619398e-1, 4.619398e-1], 16);
const D = memory.data<f32>([4.157349e-1, 4.157349e-1, 4.157349e-1, 4.157349e-1], 16);
const E = memory.data<f32>([2.777855e-1, 2.777855e-1, 2.777855e-1, 2.777855e-1], 16);
const F = memory.data<f32>([1.913422e-1, 1.913422e-1, 1.913422e-1, 1.913422e-1], 16);
const G = memory.data<f32>([9.754573e-2, 9.754573e-2, 9.754573e-2, 9.754573e-2], 16);
const ROOT = memory.data<f32>([0.70710678, 0.70710678, 0.70710678, 0.70710678], 16);
const HALF = memory.data<f32>([0.5, 0.5, 0.5, 0.5], 16);

/** Four lines of eight frequencies, in lanes, to samples: the first step, adding up in the order of OpenEXR's AVX code. */
export function inverseFirst(from: usize, to: usize): void {
  const a = v128.load(A);
  const b = v128.load(B);
  const c = v128.load(C);
  const d = v128.load(D);
  const e = v128.load(E);
  const f = v128.load(F);
  const g = v128.load(G);
  const y1 = v128.load(from, 32);
  const y2 = v128.load(from, 64);
  const y3 = v128.load(from, 96);
  const y5 = v128.load(from, 160);
  const y6 = v128.load(from, 192);
  const y7 = v128.load(from, 224);
  const p = f32x4.mul(a, v128.load(from));
  const q = f32x4.mul(a, v128.load(from, 128));
  const c2 = f32x4.mul(c, y2);
  const f2 = f32x4.mul(f, y2);
  const c6 = f32x4.mul(c, y6);
  const f6 = f32x4.mul(f, y6);
  const even0 = f32x4.add(f32x4.add(p, c2), f32x4.add(q, f6));
  const even1 = f32x4.sub(f32x4.add(p, f2), f32x4.add(q, c6));
  const even2 = f32x4.sub(f32x4.sub(p, f2), f32x4.sub(q, c6));
  const even3 = f32x4.add(f32x4.sub(p, c2), f32x4.sub(q, f6));
  const odd0 = f32x4.add(
    f32x4.add(f32x4.mul(b, y1), f32x4.mul(d, y3)),
    f32x4.add(f32x4.mul(e, y5), f32x4.mul(g, y7)),
  );
  const odd1 = f32x4.sub(
    f32x4.sub(f32x4.mul(d, y1), f32x4.mul(g, y3)),
    f32x4.add(f32x4.mul(b, y5), f32x4.mul(e, y7)),
  );
  const odd2 = f32x4.add(
    f32x4.sub(f32x4.mul(e, y1), f32x4.mul(b, y3)),
    f32x4.add(f32x4.mul(g, y5), f32x4.mul(d, y7)),
  );
  const odd3 = f32x4.add(
    f32x4.sub(f32x4.mul(g, y1), f32x4.mul(e, y3)),
    f32x4.sub(f32x4.mul(d, y5), f32x4.mul(b, y7)),
  );
  putInverse(to, even0, even1, even2, even3, odd0, odd1, odd2, odd3);
}

/** The second step, across the lines of the first. */
export function inverseSecond(from: usize, to: usize): void {
  const a = v128.load(A);
  const b = v128.load(B);
  const c = v128.load(C);
  const d = v128.load(D);
  const e = v128.load(E);
  const f = v128.load(F);
  const g = v128.load(G);
  const y1 = v128.load(from, 32);
  const y2 = v128.load(from, 64);
  const y3 = v128.load(from, 96);
  const y5 = v128.load(from, 160);
  const y6 = v128.load(from, 192);
  const y7 = v128.load(from, 224);
  const p = f32x4.mul(a, v128.load(from));
  const q = f32x4.mul(a, v128.load(from, 128));
  const s = f32x4.add(p, q);
  const t = f32x4.sub(p, q);
  const u = f32x4.add(f32x4.mul(c, y2), f32x4.mul(f, y6));
  const v = f32x4.sub(f32x4.mul(f, y2), f32x4.mul(c, y6));
  const odd0 = f32x4.add(
    f32x4.add(f32x4.mul(b, y1), f32x4.mul(d, y3)),
    f32x4.add(f32x4.mul(e, y5), f32x4.mul(g, y7)),
  );
  const odd1 = f32x4.sub(
    f32x4.sub(f32x4.mul(d, y1), f32x4.add(f32x4.mul(g, y3), f32x4.mul(b, y5))),
    f32x4.mul(e, y7),
  );
  const odd2 = f32x4.add(
    f32x4.add(f32x4.sub(f32x4.mul(e, y1), f32x4.mul(b, y3)), f32x4.mul(g, y5)),
    f32x4.mul(d, y7),
  );
  const odd3 = f32x4.sub(
    f32x4.add(f32x4.mul(g, y1), f32x4.mul(d, y5)),
    f32x4.add(f32x4.mul(e, y3), f32x4.mul(b, y7)),
  );
  putInverse(to, f32x4.add(s, u), f32x4.add(t, v), f32x4.sub(t, v), f32x4.sub(s, u), odd0, odd1, odd2, odd3);
}

// @ts-ignore: decorator
@inline
function putInverse(
  to: usize,
  even0: v128,
  even1: v128,
  even2: v128,
  even3: v128,
  odd0: v128,
  odd1: v128,
  odd2: v128,
  odd3: v128,
): void {
  v128.store(to, f32x4.add(even0, odd0));
  v128.store(to, f32x4.add(even1, odd1), 32);
  v128.store(to, f32x4.add(even2, odd2), 64);
  v128.store(to, f32x4.add(even3, odd3), 96);
  v128.store(to, f32x4.sub(even3, odd3), 128);
  v128.store(to, f32x4.sub(even2, odd2), 160);
  v128.store(to, f32x4.sub(even1, odd1), 192);
  v128.store(to, f32x4.sub(even0, odd0), 224);
}

/** Four columns of a square, each made of eight samples the eight frequencies. */
export function forwardColumns(from: usize, to: usize): void {
  const root = v128.load(ROOT);
  const half = v128.load(HALF);
  const x0 = v128.load(from);
  const x1 = v128.load(from, 32);
  const x2 = v128.load(from, 64);
  const x3 = v128.load(from, 96);
  const x4 = v128.load(from, 128);
  const x5 = v128.load(from, 160);
  const x6 = v128.load(from, 192);
  const x7 = v128.load(from, 224);
  const a0 = f32x4.add(x0, x7);
  const a1 = f32x4.add(x1, x2);
  const a3 = f32x4.add(x3, x4);
  const a5 = f32x4.add(x5, x6);
  const a7 = f32x4.sub(x0, x7);
  const a2 = f32x4.sub(x1, x2);
  const a4 = f32x4.sub(x3, x4);
  const a6 = f32x4.sub(x5, x6);
  const outer = f32x4.mul(root, f32x4.add(a0, a3));
  const inner = f32x4.mul(root, f32x4.add(a1, a5));
  v128.store(to, f32x4.mul(half, f32x4.add(outer, inner)));
  v128.store(to, f32x4.mul(half, f32x4.sub(outer, inner)), 128);
  const c = v128.load(C);
  const f = v128.load(F);
  const p = f32x4.sub(a2, a6);
  const q = f32x4.sub(a0, a3);
  v128.store(to, f32x4.add(f32x4.mul(f, p), f32x4.mul(c, q)), 64);
  v128.store(to, f32x4.sub(f32x4.mul(f, q), f32x4.mul(c, p)), 192);
  const k0 = f32x4.mul(root, f32x4.sub(a1, a5));
  const k1 = f32x4.neg(f32x4.mul(root, f32x4.add(a2, a6)));
  const d = v128.load(D);
  const e = v128.load(E);
  const r = f32x4.sub(a7, k0);
  const s = f32x4.add(a4, k1);
  v128.store(to, f32x4.sub(f32x4.mul(d, r), f32x4.mul(e, s)), 96);
  v128.store(to, f32x4.add(f32x4.mul(e, r), f32x4.mul(d, s)), 160);
  const b = v128.load(B);
  const g = v128.load(G);
  const u = f32x4.add(a7, k0);
  const v = f32x4.sub(k1, a4);
  v128.store(to, f32x4.sub(f32x4.mul(b, u), f32x4.mul(g, v)), 32);
  v128.store(to, f32x4.add(f32x4.mul(g, u), f32x4.mul(b, v)), 224);
}

/** A quarter of a square, 4 x 4, with rows and columns exchanged. */
// @ts-ignore: decorator
@inline
export function turn(from: usize, to: usize): void {
  const a = v128.load(from);
  const b = v128.load(from, 32);
  const c = v128.load(from, 64);
  const d = v128.load(from, 96);
  const ab = v128.shuffle<i32>(a, b, 0, 4, 1, 5);
  const cd = v128.shuffle<i32>(c, d, 0, 4, 1, 5);
  const ef = v128.shuffle<i32>(a, b, 2, 6, 3, 7);
  const gh = v128.shuffle<i32>(c, d, 2, 6, 3, 7);
  v128.store(to, v128.shuffle<i64>(ab, cd, 0, 2));
  v128.store(to, v128.shuffle<i64>(ab, cd, 1, 3), 32);
  v128.store(to, v128.shuffle<i64>(ef, gh, 0, 2), 64);
  v128.store(to, v128.shuffle<i64>(ef, gh, 1, 3), 96);
}

/** A square with rows and columns exchanged, to another place. */
export function turnSquare(from: usize, to: usize): void {
  turn(from, to);
  turn(from + 16, to + 128);
  turn(from + 128, to + 16);
  turn(from + 144, to + 144);
}
