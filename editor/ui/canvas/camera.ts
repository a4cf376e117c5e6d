// The camera: which part of the canvas is on the screen, and how large.
import type { Point, Rect } from './geometry.ts';

/** A point of the canvas times `k` plus `x`, `y` is a point of the screen, from the corner of the view. */
export interface Camera {
  readonly x: number;
  readonly y: number;
  readonly k: number;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

export const ZOOM = { least: 0.05, most: 2 } as const;

export const toScreen = ({ x, y, k }: Camera, point: Point): Point => ({ x: point.x * k + x, y: point.y * k + y });

export const toCanvas = ({ x, y, k }: Camera, point: Point): Point => ({ x: (point.x - x) / k, y: (point.y - y) / k });

/** What can be seen, in pixels of the canvas. */
export const seen = (camera: Camera, { width, height }: Size): Rect => ({
  ...toCanvas(camera, { x: 0, y: 0 }),
  width: width / camera.k,
  height: height / camera.k,
});

/** Zoomed by a factor; what is under the given point of the screen stays there. */
export function zoomedAt(camera: Camera, point: Point, factor: number): Camera {
  const k = Math.min(ZOOM.most, Math.max(ZOOM.least, camera.k * factor));
  const ratio = k / camera.k;
  return { x: point.x - (point.x - camera.x) * ratio, y: point.y - (point.y - camera.y) * ratio, k };
}

/** The camera that shows a rectangle whole and in the middle, never larger than life. */
export function framing(rect: Rect, view: Size, margin = 32): Camera {
  const room = { width: Math.max(1, view.width - 2 * margin), height: Math.max(1, view.height - 2 * margin) };
  const fit = Math.min(room.width / Math.max(1, rect.width), room.height / Math.max(1, rect.height));
  const k = Math.min(1, Math.max(ZOOM.least, fit));
  return {
    x: view.width / 2 - (rect.x + rect.width / 2) * k,
    y: view.height / 2 - (rect.y + rect.height / 2) * k,
    k,
  };
}

/** Moved as little as needed so that a rectangle is on the screen. */
export function revealing(camera: Camera, rect: Rect, view: Size, margin = 24): Camera {
  const start = toScreen(camera, rect);
  const shift = (low: number, length: number, room: number): number => {
    if (length + 2 * margin > room) return room / 2 - (low + length / 2);
    if (low < margin) return margin - low;
    const over = low + length - (room - margin);
    return over > 0 ? -over : 0;
  };
  return {
    ...camera,
    x: camera.x + shift(start.x, rect.width * camera.k, view.width),
    y: camera.y + shift(start.y, rect.height * camera.k, view.height),
  };
}

/** How much of a node is drawn: all of it, a box with its title, or a box. */
export type Level = 'near' | 'middle' | 'far';

export const levelAt = (k: number): Level => (k >= 0.5 ? 'near' : k >= 0.22 ? 'middle' : 'far');
