// Slopes of surfaces from stored normals: rows of them through the kernels.
import { addressOf, kernels, scratch, TILE_SAMPLES } from './arena.ts';

/** How normals are stored, and what is made of them. */
export interface NormalForm {
  /** A component is what is stored times `scale` plus `offset`. */
  readonly scale: number;
  readonly offset: number;
  /** Green grows downwards. */
  readonly yDown: boolean;
  /** z is sqrt(1 - x² - y²), whatever is stored. */
  readonly rebuild: boolean;
  /** Normals are made of length 1. */
  readonly normalise: boolean;
  /** A pixel of zeros has no normal. */
  readonly blackIsNone: boolean;
  /** z is at least that of a normal of this slope. */
  readonly maxSlope: number;
}

/** Slopes to the right and up, and in how many pixels of each row there was no normal: there they are 0. */
export interface SlopeRows {
  readonly u: Float32Array<ArrayBuffer>;
  readonly v: Float32Array<ArrayBuffer>;
  readonly without: Uint32Array;
}

/** The slopes -x/z and -y/z that normals tell, row by row. Without `z` it must be rebuilt. */
export function slopesOf(
  [x, y, z]: readonly [Float32Array, Float32Array, Float32Array | undefined],
  columns: number,
  form: NormalForm,
): SlopeRows {
  const [u, v] = [new Float32Array(x.length), new Float32Array(x.length)];
  const rows = columns === 0 ? 0 : x.length / columns;
  const without = new Uint32Array(rows);
  const tile = Math.min(TILE_SAMPLES, Math.ceil(columns / 4) * 4);
  const [a, b, c] = scratch(tile * 4, tile * 4, tile * 4);
  const floats = (bytes: Uint8Array<ArrayBuffer>) => new Float32Array(bytes.buffer, bytes.byteOffset, tile);
  const [p, q, r] = [floats(a), floats(b), floats(c)];
  const { run } = kernels();
  const least = 1 / Math.sqrt(1 + form.maxSlope ** 2);
  const way = (form.rebuild ? 1 : 0) | (form.normalise ? 2 : 0) | (form.blackIsNone ? 4 : 0);
  const turn = form.yDown ? -1 : 1;
  for (let row = 0; row < rows; row++) {
    for (let first = 0; first < columns; first += tile) {
      const start = row * columns + first;
      const count = Math.min(tile, columns - first);
      p.set(x.subarray(start, start + count));
      q.set(y.subarray(start, start + count));
      if (z) r.set(z.subarray(start, start + count));
      else r.fill(0);
      // What fills the last vector has a normal, so that it is not counted.
      for (const plane of [p, q, r]) plane.fill(1, count);
      without[row]! += run.slopesOfNormals(
        addressOf(a),
        addressOf(b),
        addressOf(c),
        Math.ceil(count / 4) * 4,
        form.scale,
        form.offset,
        turn,
        least,
        way,
      );
      u.set(p.subarray(0, count), start);
      v.set(q.subarray(0, count), start);
    }
  }
  return { u, v, without };
}
