// The plain definition of slopes from stored normals.
import type { NormalForm, SlopeRows } from '../normal.ts';

const round = Math.fround;

/** The slopes that normals tell, and in how many pixels of each row there is no normal. */
export function plainSlopes(
  [x, y, z]: readonly [Float32Array, Float32Array, Float32Array | undefined],
  columns: number,
  form: NormalForm,
): SlopeRows {
  const [u, v] = [new Float32Array(x.length), new Float32Array(x.length)];
  const without = new Uint32Array(columns === 0 ? 0 : x.length / columns);
  const [scale, offset] = [round(form.scale), round(form.offset)];
  const decoded = (stored: number): number => round(round(stored * scale) + offset);
  const least = round(1 / Math.sqrt(1 + form.maxSlope ** 2));
  for (let i = 0; i < x.length; i++) {
    const stored = [x[i]!, y[i]!, z ? z[i]! : 0] as const;
    const black = form.blackIsNone && stored.every((value) => value === 0);
    if (black || !stored.every(Number.isFinite)) {
      without[Math.floor(i / columns)]! += 1;
      continue;
    }
    const a = decoded(stored[0]);
    const b = round(decoded(stored[1]) * (form.yDown ? -1 : 1));
    const squares = round(round(a * a) + round(b * b));
    const c = form.rebuild ? round(Math.sqrt(Math.max(0, round(1 - squares)))) : decoded(stored[2]);
    const length = form.normalise ? round(Math.sqrt(round(squares + round(c * c)))) : 1;
    if (length === 0) continue;
    const height = Math.max(round(c / length), least);
    u[i] = 0 - round(round(a / length) / height);
    v[i] = 0 - round(round(b / length) / height);
  }
  return { u, v, without };
}
