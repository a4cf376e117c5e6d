// Painting: which island each pixel of a tile belongs to, and which face of it.
import { setImmediate as breathe } from 'node:timers/promises';

/** Where a tile lies in the picture. */
export interface Canvas {
  readonly columns: number;
  readonly rows: number;
  /** Pixels of a whole tile, across and down. */
  readonly width: number;
  readonly height: number;
  /** Where the tile's upper left corner is, in pixels from the canvas's own. */
  readonly left: number;
  readonly top: number;
  /** Column and row of the tile among the tiles. */
  readonly tile: readonly [number, number];
}

/** A triangle that reaches less far into a pixel, in pixels, does not touch it. */
export const TOUCH = 1 / 256;

/** Marks pixels that a triangle touches, while none covers their centre. */
const TOUCHED = 0x80000000;
/** Milliseconds of painting before others get their turn. */
const SLICE = 40;

/**
 * Faces by pixel, row by row from the top, counted from 1; 0 for none. A pixel belongs to the island that covers its
 * centre, or else to one that touches it; of several to the one with the least id, and to its first such face. `uv` has
 * three corners for each face, `charts` the id of its island.
 */
export async function paintFaces(
  uv: Float32Array,
  charts: Uint32Array,
  canvas: Canvas,
  signal: AbortSignal,
): Promise<Uint32Array> {
  const { columns, rows } = canvas;
  const owners = new Uint32Array(columns * rows);
  const faces = facesOn(uv, charts, canvas);
  const t = new Float64Array(6);
  let since = performance.now();
  for (const paint of [paintCentres, paintTouched]) {
    for (let i = 0; i < faces.length; i++) {
      const face = faces[i]!;
      place(uv, face, canvas, t);
      paint(owners, face, charts, t, columns, rows);
      if ((i & 63) !== 63 || performance.now() - since < SLICE) continue;
      await breathe();
      signal.throwIfAborted();
      since = performance.now();
    }
  }
  for (let i = 0; i < owners.length; i++) owners[i]! &= ~TOUCHED;
  return owners;
}

/** The islands of faces as `paintFaces` gives them, written to `to`, which may be the same list. */
export function idsOf(owners: Uint32Array, charts: Uint32Array, to: Uint32Array): Uint32Array {
  for (let i = 0; i < owners.length; i++) {
    const owner = owners[i]!;
    to[i] = owner === 0 ? 0 : charts[owner - 1]!;
  }
  return to;
}

/** Faces of islands whose bounds reach into the canvas. */
function facesOn(uv: Float32Array, charts: Uint32Array, canvas: Canvas): number[] {
  const faces: number[] = [];
  const t = new Float64Array(6);
  for (let face = 0; face < charts.length; face++) {
    if (charts[face] === 0) continue;
    place(uv, face, canvas, t);
    const [x0, x1] = [Math.min(t[0]!, t[2]!, t[4]!), Math.max(t[0]!, t[2]!, t[4]!)];
    const [y0, y1] = [Math.min(t[1]!, t[3]!, t[5]!), Math.max(t[1]!, t[3]!, t[5]!)];
    if (x1 > 0 && y1 > 0 && x0 < canvas.columns && y0 < canvas.rows) faces.push(face);
  }
  return faces;
}

function place(uv: Float32Array, face: number, canvas: Canvas, to: Float64Array): void {
  const { width, height, left, top, tile } = canvas;
  for (let i = 0; i < 6; i += 2) {
    to[i] = (uv[face * 6 + i]! - tile[0]) * width + left;
    to[i + 1] = (1 - (uv[face * 6 + i + 1]! - tile[1])) * height + top;
  }
}

function paintCentres(
  owners: Uint32Array,
  face: number,
  charts: Uint32Array,
  t: Float64Array,
  columns: number,
  rows: number,
): void {
  const id = charts[face]!;
  const y0 = Math.min(t[1]!, t[3]!, t[5]!);
  const y1 = Math.max(t[1]!, t[3]!, t[5]!);
  const last = Math.min(rows, Math.ceil(y1 - 0.5));
  for (let y = Math.max(0, Math.ceil(y0 - 0.5)); y < last; y++) {
    const at = y + 0.5;
    let [from, to] = [Infinity, -Infinity];
    for (let i = 0; i < 6; i += 2) {
      const j = (i + 2) % 6;
      const [ay, by] = [t[i + 1]!, t[j + 1]!];
      // A side that ends on the row of centres counts above it alone, so that no centre lies on a border of two.
      if (ay <= at === by <= at) continue;
      const x = t[i]! + ((at - ay) / (by - ay)) * (t[j]! - t[i]!);
      from = Math.min(from, x);
      to = Math.max(to, x);
    }
    const end = y * columns + Math.min(columns, Math.ceil(to - 0.5));
    for (let k = y * columns + Math.max(0, Math.ceil(from - 0.5)); k < end; k++) {
      const known = owners[k]!;
      if (known === 0 || id < charts[known - 1]!) owners[k] = face + 1;
    }
  }
}

function paintTouched(
  owners: Uint32Array,
  face: number,
  charts: Uint32Array,
  t: Float64Array,
  columns: number,
  rows: number,
): void {
  const id = charts[face]!;
  const y0 = Math.min(t[1]!, t[3]!, t[5]!);
  const y1 = Math.max(t[1]!, t[3]!, t[5]!);
  const last = Math.min(rows, Math.ceil(y1 - TOUCH));
  for (let y = Math.max(0, Math.floor(y0 + TOUCH)); y < last; y++) {
    // What of the triangle lies in the row is convex, so that it touches all pixels from its left end to its right one.
    let [from, to] = [Infinity, -Infinity];
    for (let i = 0; i < 6; i += 2) {
      const j = (i + 2) % 6;
      const [ax, ay, bx, by] = [t[i]!, t[i + 1]!, t[j]!, t[j + 1]!];
      if (ay >= y && ay <= y + 1) {
        from = Math.min(from, ax);
        to = Math.max(to, ax);
      }
      for (let edge = y; edge <= y + 1; edge++) {
        if (ay < edge === by < edge) continue;
        const x = ax + ((edge - ay) / (by - ay)) * (bx - ax);
        from = Math.min(from, x);
        to = Math.max(to, x);
      }
    }
    const end = y * columns + Math.min(columns, Math.ceil(to - TOUCH));
    for (let k = y * columns + Math.max(0, Math.floor(from + TOUCH)); k < end; k++) {
      const known = owners[k]!;
      if (known === 0 || (known >= TOUCHED && id < charts[known - TOUCHED - 1]!)) owners[k] = TOUCHED + face + 1;
    }
  }
}
