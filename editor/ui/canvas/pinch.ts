// Two fingers on the canvas: how far apart they are and where their middle is, turned into moves of the camera.
import { type Camera, zoomedAt } from './camera.ts';
import type { Point } from './geometry.ts';

export class Pinch {
  readonly #touches = new Map<number, Point>();

  /** A finger came down; true where it is the second one. */
  down(id: number, at: Point): boolean {
    this.#touches.set(id, at);
    return this.#touches.size === 2;
  }

  up(id: number): void {
    this.#touches.delete(id);
  }

  /** The camera after a finger moved; undefined while there are not two of them. */
  moved(id: number, now: Point, camera: Camera): Camera | undefined {
    const before = this.#touches.get(id);
    const other = [...this.#touches].find(([one]) => one !== id)?.[1];
    if (!before || !other || this.#touches.size !== 2) return undefined;
    this.#touches.set(id, now);
    const length = (a: Point): number => Math.max(10, Math.hypot(a.x - other.x, a.y - other.y));
    const moved = { ...camera, x: camera.x + (now.x - before.x) / 2, y: camera.y + (now.y - before.y) / 2 };
    const middle = { x: (now.x + other.x) / 2, y: (now.y + other.y) / 2 };
    return zoomedAt(moved, middle, length(now) / length(before));
  }
}
