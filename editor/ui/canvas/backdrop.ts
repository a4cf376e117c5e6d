// Backdrops and notes: making them, and resizing them by an edge.
import type { Backdrop, Document, Note } from '../../../engine/browser.ts';
import type { Change } from './change.ts';
import { boundsOf, type Point, type Rect, snap } from './geometry.ts';
import { freeName } from './names.ts';

/** Quiet colours to choose from; the first is what a new backdrop has. */
export const BACKDROP_COLOURS: readonly { readonly title: string; readonly colour: string }[] = [
  { title: 'Grey', colour: '#4a4a4a' },
  { title: 'Blue', colour: '#3f5470' },
  { title: 'Teal', colour: '#3a5f5f' },
  { title: 'Green', colour: '#465c41' },
  { title: 'Olive', colour: '#625c3a' },
  { title: 'Brown', colour: '#6a4f3c' },
  { title: 'Red', colour: '#6b4343' },
  { title: 'Purple', colour: '#574a6e' },
];

/** Pixels of the canvas. */
export const BACKDROP = { title: 24, margin: 20, least: 60, grip: 8 } as const;
export const NOTE = { width: 180, height: 64, least: 40, padding: 8, line: 16 } as const;

/** A backdrop around nodes, with room for its title. */
export function backdropAround(document: Document, rects: readonly Rect[]): Change & { readonly id: string } {
  const id = freeName('backdrop', (name) => Object.hasOwn(document.canvas?.backdrops ?? {}, name));
  const { x, y, width, height } = boundsOf(rects) ?? { x: 0, y: 0, width: 0, height: 0 };
  const { margin, title } = BACKDROP;
  const left = snap(x - margin);
  const top = snap(y - margin - title);
  const backdrop: Backdrop = {
    title: 'Backdrop',
    colour: BACKDROP_COLOURS[0]!.colour,
    at: [left, top],
    size: [snap(x + width + margin - left), snap(y + height + margin - top)],
  };
  return { id, edit: { op: 'setBackdrop', id, backdrop }, intent: 'Add backdrop' };
}

export function noteAt(document: Document, { x, y }: Point): Change & { readonly id: string } {
  const id = freeName('note', (name) => Object.hasOwn(document.canvas?.notes ?? {}, name));
  const note: Note = { text: '', at: [snap(x), snap(y)], size: [NOTE.width, NOTE.height] };
  return { id, edit: { op: 'setNote', id, note }, intent: 'Add note' };
}

/** Which edges of a rectangle a gesture holds. */
export interface Edges {
  readonly left?: true;
  readonly right?: true;
  readonly top?: true;
  readonly bottom?: true;
}

/** The edges within reach of a point; undefined where it is at none. */
export function edgesAt(rect: Rect, { x, y }: Point, grip: number): Edges | undefined {
  const { x: left, y: top } = rect;
  const right = left + rect.width;
  const bottom = top + rect.height;
  if (x < left - grip || x > right + grip || y < top - grip || y > bottom + grip) return undefined;
  const edges: Edges = {
    ...(Math.abs(x - left) <= grip ? { left: true } : {}),
    ...(Math.abs(x - right) <= grip ? { right: true } : {}),
    ...(Math.abs(y - top) <= grip ? { top: true } : {}),
    ...(Math.abs(y - bottom) <= grip ? { bottom: true } : {}),
  };
  return Object.keys(edges).length === 0 ? undefined : edges;
}

/** The rectangle with those edges moved, never smaller than `least`. */
export function resized(rect: Rect, edges: Edges, by: Point, least: number): Rect {
  const right = rect.x + rect.width;
  const bottom = rect.y + rect.height;
  const x = edges.left ? Math.min(snap(rect.x + by.x), right - least) : rect.x;
  const y = edges.top ? Math.min(snap(rect.y + by.y), bottom - least) : rect.y;
  const far = edges.right ? Math.max(snap(right + by.x), x + least) : right;
  const low = edges.bottom ? Math.max(snap(bottom + by.y), y + least) : bottom;
  return { x, y, width: far - x, height: low - y };
}

/** The pointer over those edges. */
export function cursorOf({ left, right, top, bottom }: Edges): string {
  if ((left && top) || (right && bottom)) return 'nwse-resize';
  if ((right && top) || (left && bottom)) return 'nesw-resize';
  return left || right ? 'ew-resize' : 'ns-resize';
}
