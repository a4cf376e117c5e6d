// The plain definition of DWA's cosine transform of 8 x 8 floats: one line of eight, forwards and backwards.

const f = Math.fround;

/** Half the cosines of 1/16 to 7/16 of pi, as OpenEXR rounds them (internal_dwa_simd.h). */
const B = f(4.903927e-1);
const C = f(4.619398e-1);
const D = f(4.157349e-1);
const A = f(3.535536e-1);
const E = f(2.777855e-1);
const F = f(1.913422e-1);
const G = f(9.754573e-2);
const ROOT = f(Math.SQRT1_2);

/** What a square of one frequency alone, the first, is in all places. */
export const dctFlat = (frequency: number): number => f(f(frequency * A) * A);

type Line = readonly [number, number, number, number, number, number, number, number];

const inverse = (even: readonly number[], odd: readonly number[]): number[] => [
  ...even.map((value, i) => f(value + odd[i]!)),
  ...even.map((_, i) => f(even[3 - i]! - odd[3 - i]!)),
];

/**
 * Eight frequencies of a row to eight samples, each operation rounded to a float, in the order of OpenEXR's AVX code, so
 * that the same halves come of it.
 */
export function dctInverseRow(row: readonly number[]): number[] {
  const [y0, y1, y2, y3, y4, y5, y6, y7] = row as unknown as Line;
  const [p, q] = [f(A * y0), f(A * y4)];
  const [c2, f2, c6, f6] = [f(C * y2), f(F * y2), f(C * y6), f(F * y6)];
  const even = [f(f(p + c2) + f(q + f6)), f(f(p + f2) - f(q + c6)), f(f(p - f2) - f(q - c6)), f(f(p - c2) + f(q - f6))];
  const odd = [
    f(f(f(B * y1) + f(D * y3)) + f(f(E * y5) + f(G * y7))),
    f(f(f(D * y1) - f(G * y3)) - f(f(B * y5) + f(E * y7))),
    f(f(f(E * y1) - f(B * y3)) + f(f(G * y5) + f(D * y7))),
    f(f(f(G * y1) - f(E * y3)) + f(f(D * y5) - f(B * y7))),
  ];
  return inverse(even, odd);
}

/** The same for a column, which OpenEXR adds up in another order. */
export function dctInverseColumn(column: readonly number[]): number[] {
  const [y0, y1, y2, y3, y4, y5, y6, y7] = column as unknown as Line;
  const [p, q] = [f(A * y0), f(A * y4)];
  const [s, t] = [f(p + q), f(p - q)];
  const [u, v] = [f(f(C * y2) + f(F * y6)), f(f(F * y2) - f(C * y6))];
  const odd = [
    f(f(f(B * y1) + f(D * y3)) + f(f(E * y5) + f(G * y7))),
    f(f(f(D * y1) - f(f(G * y3) + f(B * y5))) - f(E * y7)),
    f(f(f(f(E * y1) - f(B * y3)) + f(G * y5)) + f(D * y7)),
    f(f(f(G * y1) + f(D * y5)) - f(f(E * y3) + f(B * y7))),
  ];
  return inverse([f(s + u), f(t + v), f(t - v), f(s - u)], odd);
}

/** Eight samples to eight frequencies, each operation rounded to a float. */
export function dctForward(x: readonly number[]): number[] {
  const [x0, x1, x2, x3, x4, x5, x6, x7] = x as unknown as Line;
  const [a0, a1, a3, a5] = [f(x0 + x7), f(x1 + x2), f(x3 + x4), f(x5 + x6)];
  const [a7, a2, a4, a6] = [f(x0 - x7), f(x1 - x2), f(x3 - x4), f(x5 - x6)];
  const outer = f(ROOT * f(a0 + a3));
  const inner = f(ROOT * f(a1 + a5));
  const p = f(a2 - a6);
  const q = f(a0 - a3);
  const k0 = f(ROOT * f(a1 - a5));
  const k1 = -f(ROOT * f(a2 + a6));
  const r = f(a7 - k0);
  const s = f(a4 + k1);
  const u = f(a7 + k0);
  const v = f(k1 - a4);
  return [
    f(0.5 * f(outer + inner)),
    f(f(B * u) - f(G * v)),
    f(f(F * p) + f(C * q)),
    f(f(D * r) - f(E * s)),
    f(0.5 * f(outer - inner)),
    f(f(E * r) + f(D * s)),
    f(f(F * q) - f(C * p)),
    f(f(G * u) + f(B * v)),
  ];
}

/** Applies transforms of lines to all rows of a square and to all columns, one after the other. */
export function dctSquare(
  square: Float32Array,
  ...steps: readonly (readonly ['rows' | 'columns', (line: readonly number[]) => number[]])[]
): void {
  for (const [lines, transform] of steps) {
    const [step, across] = lines === 'rows' ? [1, 8] : [8, 1];
    for (let line = 0; line < 8; line++) {
      const made = transform(Array.from({ length: 8 }, (_, i) => square[line * across + i * step]!));
      for (const [i, value] of made.entries()) square[line * across + i * step] = value;
    }
  }
}
