// Boxes: inclusive integer windows as OpenEXR has them, and their arithmetic.

/** An inclusive window of pixels: one pixel has min equal to max; max < min on either axis is empty. */
export interface Box {
  readonly minX: number;
  readonly minY: number;
  readonly maxX: number;
  readonly maxY: number;
}

export const EMPTY_BOX: Box = { minX: 0, minY: 0, maxX: -1, maxY: -1 };

export const box = (minX: number, minY: number, maxX: number, maxY: number): Box => ({ minX, minY, maxX, maxY });
export const boxWidth = (b: Box): number => Math.max(0, b.maxX - b.minX + 1);
export const boxHeight = (b: Box): number => Math.max(0, b.maxY - b.minY + 1);
export const boxIsEmpty = (b: Box): boolean => b.maxX < b.minX || b.maxY < b.minY;

export const boxEquals = (a: Box, b: Box): boolean =>
  (boxIsEmpty(a) && boxIsEmpty(b)) ||
  (a.minX === b.minX && a.minY === b.minY && a.maxX === b.maxX && a.maxY === b.maxY);

/** The pixels in both; empty where they do not meet. */
export function boxIntersection(a: Box, b: Box): Box {
  const r = box(Math.max(a.minX, b.minX), Math.max(a.minY, b.minY), Math.min(a.maxX, b.maxX), Math.min(a.maxY, b.maxY));
  return boxIsEmpty(r) ? EMPTY_BOX : r;
}

/** The smallest box that holds both. An empty box adds nothing. */
export function boxUnion(a: Box, b: Box): Box {
  if (boxIsEmpty(a)) return b;
  if (boxIsEmpty(b)) return a;
  return box(Math.min(a.minX, b.minX), Math.min(a.minY, b.minY), Math.max(a.maxX, b.maxX), Math.max(a.maxY, b.maxY));
}

export const boxContains = (outer: Box, inner: Box): boolean =>
  boxIsEmpty(inner) ||
  (inner.minX >= outer.minX && inner.maxX <= outer.maxX && inner.minY >= outer.minY && inner.maxY <= outer.maxY);

/** As OpenEXR's tools print it: `(0, 0) - (639, 479)`. */
export const boxText = (b: Box): string => `(${b.minX}, ${b.minY}) - (${b.maxX}, ${b.maxY})`;
