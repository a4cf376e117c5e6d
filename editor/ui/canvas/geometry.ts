// Sizes and places of nodes and their sockets, computed and never measured: what the canvas draws and what it hits agree.

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Rect {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Pixels of the canvas at zoom 1; the style sheet of nodes has the same figures. */
export const NODE = {
  width: 160,
  title: 24,
  summary: 16,
  row: 16,
  foot: 6,
  picture: 90,
  /** A dot is a circle with an input at its left and an output at its right. */
  dot: 12,
} as const;

/** What the height of a node depends on. */
export interface NodeShape {
  readonly dot: boolean;
  readonly inputs: number;
  readonly outputs: number;
  readonly picture: boolean;
}

export function nodeSize(shape: NodeShape): { readonly width: number; readonly height: number } {
  if (shape.dot) return { width: NODE.dot, height: NODE.dot };
  const rows = Math.max(shape.inputs, shape.outputs);
  const picture = shape.picture ? NODE.picture : 0;
  return { width: NODE.width, height: NODE.title + NODE.summary + rows * NODE.row + NODE.foot + picture };
}

/** The centre of the nth socket of a side, from the corner of its node. */
export function socketOffset(shape: { readonly dot: boolean }, side: 'input' | 'output', index: number): Point {
  if (shape.dot) return { x: side === 'input' ? 0 : NODE.dot, y: NODE.dot / 2 };
  return {
    x: side === 'input' ? 0 : NODE.width,
    y: NODE.title + NODE.summary + index * NODE.row + NODE.row / 2,
  };
}

export const contains = (rect: Rect, { x, y }: Point): boolean =>
  x >= rect.x && y >= rect.y && x < rect.x + rect.width && y < rect.y + rect.height;

export const overlaps = (a: Rect, b: Rect): boolean =>
  a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;

/** True where the second lies wholly in the first. */
export const encloses = (outer: Rect, inner: Rect): boolean =>
  inner.x >= outer.x &&
  inner.y >= outer.y &&
  inner.x + inner.width <= outer.x + outer.width &&
  inner.y + inner.height <= outer.y + outer.height;

/** The smallest rectangle around all; undefined where there is none. */
export function boundsOf(rects: Iterable<Rect>): Rect | undefined {
  let left = Number.POSITIVE_INFINITY;
  let top = Number.POSITIVE_INFINITY;
  let right = Number.NEGATIVE_INFINITY;
  let bottom = Number.NEGATIVE_INFINITY;
  for (const { x, y, width, height } of rects) {
    left = Math.min(left, x);
    top = Math.min(top, y);
    right = Math.max(right, x + width);
    bottom = Math.max(bottom, y + height);
  }
  return left > right ? undefined : { x: left, y: top, width: right - left, height: bottom - top };
}

export const grown = ({ x, y, width, height }: Rect, by: number): Rect => ({
  x: x - by,
  y: y - by,
  width: width + 2 * by,
  height: height + 2 * by,
});

/** The rectangle between two corners, in whichever order. */
export const between = (a: Point, b: Point): Rect => ({
  x: Math.min(a.x, b.x),
  y: Math.min(a.y, b.y),
  width: Math.abs(a.x - b.x),
  height: Math.abs(a.y - b.y),
});

/** Positions are kept on a grid of four pixels, so that what looks aligned is. */
export const snap = (value: number): number => Math.round(value / 4) * 4 + 0;
