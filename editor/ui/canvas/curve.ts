// The curve of a wire: how it bends, how far a point is from it, and whether it runs through a rectangle.
import { contains, type Point, type Rect } from './geometry.ts';

/** Control points of a cubic curve; the ends are the sockets. */
export interface Bend {
  readonly x1: number;
  readonly y1: number;
  readonly x2: number;
  readonly y2: number;
}

/** Leaves to the right and arrives from the left; a wire that runs backwards swings out a little further. */
export function bendOf(start: Point, end: Point): Bend {
  const across = end.x - start.x;
  const down = Math.abs(end.y - start.y);
  const reach =
    across >= 0 ? Math.min(across / 2, 24 + down / 4 + across / 6) : Math.min(120, 24 - across / 4 + down / 8);
  return { x1: start.x + reach, y1: start.y, x2: end.x - reach, y2: end.y };
}

/** A rectangle that the whole curve lies in. */
export function curveBounds(start: Point, end: Point): Rect {
  const { x1, x2 } = bendOf(start, end);
  const left = Math.min(start.x, end.x, x1, x2);
  const right = Math.max(start.x, end.x, x1, x2);
  const top = Math.min(start.y, end.y);
  return { x: left, y: top, width: right - left, height: Math.abs(end.y - start.y) };
}

const STEPS = 24;

function pointAt(start: Point, end: Point, { x1, y1, x2, y2 }: Bend, t: number): Point {
  const s = 1 - t;
  const a = s * s * s;
  const b = 3 * s * s * t;
  const c = 3 * s * t * t;
  const d = t * t * t;
  return { x: a * start.x + b * x1 + c * x2 + d * end.x, y: a * start.y + b * y1 + c * y2 + d * end.y };
}

/** Distance from a point to the curve, in pixels of the canvas, within a small fraction of its length. */
export function distanceTo(start: Point, end: Point, point: Point): number {
  const bend = bendOf(start, end);
  let nearest = Number.POSITIVE_INFINITY;
  let before = start;
  for (let i = 1; i <= STEPS; i++) {
    const next = pointAt(start, end, bend, i / STEPS);
    nearest = Math.min(nearest, distanceToSegment(before, next, point));
    before = next;
  }
  return nearest;
}

function distanceToSegment(a: Point, b: Point, { x, y }: Point): number {
  const dx = b.x - a.x;
  const dy = b.y - a.y;
  const length = dx * dx + dy * dy;
  const t = length === 0 ? 0 : Math.min(1, Math.max(0, ((x - a.x) * dx + (y - a.y) * dy) / length));
  return Math.hypot(x - (a.x + t * dx), y - (a.y + t * dy));
}

/** True where some of the curve lies in the rectangle. */
export function runsThrough(start: Point, end: Point, rect: Rect): boolean {
  const bend = bendOf(start, end);
  for (let i = 0; i <= STEPS; i++) if (contains(rect, pointAt(start, end, bend, i / STEPS))) return true;
  return false;
}
