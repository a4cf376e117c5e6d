// Coverage: how much of each pixel a shape of straight edges covers, exactly, row by row.
import type { Outline } from './font.ts';

/** Edges in pixels, four numbers each: from x, y to x, y. Horizontal ones are left out. */
export type Edges = readonly number[];

/** Curves are followed by straight lines that stray from them by at most this, in pixels. */
const STRAY = 0.02;

/** The edges of an outline drawn `size` pixels an em with its origin at x, y. */
export function edgesOf({ commands }: Outline, size: number, x: number, y: number): number[] {
  const edges: number[] = [];
  let [startX, startY, atX, atY] = [0, 0, 0, 0];
  const line = (toX: number, toY: number): void => {
    if (toY !== atY) edges.push(atX, atY, toX, toY);
    [atX, atY] = [toX, toY];
  };
  for (const { to, points } of commands) {
    const [ax = 0, ay = 0, bx = 0, by = 0, cx = 0, cy = 0] = points.map(
      (value, i) => value * size + (i % 2 === 0 ? x : y),
    );
    if (to === 'move') {
      line(startX, startY);
      [startX, startY, atX, atY] = [ax, ay, ax, ay];
    } else if (to === 'line') line(ax, ay);
    else {
      const [fromX, fromY] = [atX, atY];
      // A quadratic is the cubic whose inner points lie two thirds of the way to its own.
      const cubic = to === 'cubic';
      const [px, py] = cubic ? [ax, ay] : [fromX + (2 / 3) * (ax - fromX), fromY + (2 / 3) * (ay - fromY)];
      const [qx, qy] = cubic ? [bx, by] : [bx + (2 / 3) * (ax - bx), by + (2 / 3) * (ay - by)];
      const [endX, endY] = cubic ? [cx, cy] : [bx, by];
      const bend = Math.max(
        Math.abs(fromX - 2 * px + qx) + Math.abs(fromY - 2 * py + qy),
        Math.abs(px - 2 * qx + endX) + Math.abs(py - 2 * qy + endY),
      );
      const steps = Math.max(1, Math.ceil(Math.sqrt((0.75 * bend) / STRAY)));
      for (let i = 1; i <= steps; i++) {
        const t = i / steps;
        const s = 1 - t;
        const [k0, k1, k2, k3] = [s * s * s, 3 * s * s * t, 3 * s * t * t, t * t * t];
        if (i === steps) line(endX, endY);
        else line(k0 * fromX + k1 * px + k2 * qx + k3 * endX, k0 * fromY + k1 * py + k2 * qy + k3 * endY);
      }
    }
  }
  line(startX, startY);
  return edges;
}

/**
 * Coverage from 0 to 1 of the pixels of rows `top` to `bottom`, `columns` of them from `left` on, all edges lying between
 * these columns. The share of each pixel inside the shape is exact for straight edges. Each row is made by itself, so
 * that it is the same whichever rows are asked for. Where outlines overlap the sum is limited to 1.
 */
export function coverageOf(
  edges: Edges,
  rows: { readonly top: number; readonly bottom: number; readonly left: number; readonly columns: number },
): Float32Array {
  const { top, bottom, left, columns } = rows;
  const count = bottom - top + 1;
  // What an edge adds to a row: the change of coverage from pixel to pixel, one more than there are.
  const width = columns + 2;
  const changes = new Float64Array(count * width);
  for (let e = 0; e < edges.length; e += 4) {
    const [x0, y0, x1, y1] = [edges[e]!, edges[e + 1]!, edges[e + 2]!, edges[e + 3]!];
    const [high, low] = y0 < y1 ? [y0, y1] : [y1, y0];
    const slope = (x1 - x0) / (y1 - y0);
    const turn = y0 < y1 ? 1 : -1;
    const first = Math.max(top, Math.floor(high));
    const last = Math.min(bottom, Math.ceil(low) - 1);
    for (let row = first; row <= last; row++) {
      const from = Math.max(high, row);
      const to = Math.min(low, row + 1);
      const xa = x0 + (from - y0) * slope - left;
      const xb = x0 + (to - y0) * slope - left;
      addSpan(changes, (row - top) * width, columns, Math.min(xa, xb), Math.max(xa, xb), (to - from) * turn);
    }
  }
  const coverage = new Float32Array(count * columns);
  for (let row = 0; row < count; row++) {
    let sum = 0;
    for (let i = 0; i < columns; i++) {
      sum += changes[row * width + i]!;
      const covered = Math.abs(sum);
      // What is left of a sum of changes that should be 0.
      coverage[row * columns + i] = covered < HAIR ? 0 : Math.min(1, covered);
    }
  }
  return coverage;
}

const HAIR = 1e-9;

/** An edge within one row, from x `a` to x `b`, that takes up `height` of it: what lies to its right is covered by that. */
function addSpan(changes: Float64Array, start: number, columns: number, a: number, b: number, height: number): void {
  const from = Math.min(Math.max(a, 0), columns);
  const to = Math.min(Math.max(b, 0), columns);
  const first = Math.floor(from);
  const last = Math.floor(to);
  let before = 0;
  let previous = 0;
  for (let i = first; i <= last; i++) {
    const begin = Math.max(from, i);
    const end = Math.min(to, i + 1);
    const part = first === last ? height : (height * (end - begin)) / (to - from);
    const covered = before + part * (1 - ((begin + end) / 2 - i));
    changes[start + i]! += covered - previous;
    previous = covered;
    before += part;
  }
  changes[start + last + 1]! += height - previous;
}
