// The minimap: the whole graph in a corner, drawn once a change and shifted never; a press or drag there moves the view.

import { rectOf } from './arrange.ts';
import { type Camera, type Size, seen } from './camera.ts';
import { boundsOf, encloses, grown, type Point, type Rect } from './geometry.ts';
import { categoryColour, type Palette } from './palette.ts';
import { placeOf, type Stage } from './stage.ts';

export const MINIMAP: Size = { width: 160, height: 100 };

interface Scale {
  readonly x: number;
  readonly y: number;
  readonly k: number;
}

export class Minimap {
  readonly #canvas: HTMLCanvasElement;
  readonly #graph = document.createElement('canvas');
  readonly #palette: Palette;
  #scale: Scale = { x: 0, y: 0, k: 1 };
  #bounds: Rect | undefined;

  constructor(canvas: HTMLCanvasElement, palette: Palette) {
    this.#canvas = canvas;
    this.#palette = palette;
    const ratio = Math.max(1, window.devicePixelRatio);
    for (const one of [canvas, this.#graph]) {
      one.width = MINIMAP.width * ratio;
      one.height = MINIMAP.height * ratio;
    }
  }

  /** Draws the graph anew; call it when nodes changed. */
  redraw(stage: Stage): void {
    const context = this.#graph.getContext('2d');
    if (!context) return;
    const fields = Object.values(stage.scene.document.canvas?.backdrops ?? {});
    const bounds = boundsOf([...stage.scene.nodes.values(), ...fields.map(rectOf)]);
    this.#bounds = bounds;
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, this.#graph.width, this.#graph.height);
    if (!bounds) return;
    const room = grown(bounds, 100);
    const k = Math.min(MINIMAP.width / room.width, MINIMAP.height / room.height);
    this.#scale = {
      k,
      x: MINIMAP.width / 2 - (room.x + room.width / 2) * k,
      y: MINIMAP.height / 2 - (room.y + room.height / 2) * k,
    };
    this.#aim(context);
    for (const field of fields) {
      context.fillStyle = field.colour;
      context.fillRect(field.at[0], field.at[1], field.size[0], field.size[1]);
    }
    const least = 2 / k;
    for (const node of stage.scene.nodes.values()) {
      const { x, y, width, height } = placeOf(stage, node);
      context.fillStyle = stage.selection.has(node.id) ? this.#palette.accent : categoryColour(node.node.type);
      context.fillRect(x, y, Math.max(least, width), Math.max(least, height));
    }
  }

  /** Shows the graph and the part of it that is on the screen. Hidden where all of it is. */
  show({ camera, size }: Stage): void {
    const bounds = this.#bounds;
    const view = seen(camera, size);
    const all = !bounds || encloses(view, bounds);
    this.#canvas.hidden = all || size.width < 420 || size.height < 200;
    if (this.#canvas.hidden) return;
    const context = this.#canvas.getContext('2d');
    if (!context) return;
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, this.#canvas.width, this.#canvas.height);
    context.drawImage(this.#graph, 0, 0);
    this.#aim(context);
    context.strokeStyle = this.#palette.text;
    context.lineWidth = 1 / this.#scale.k;
    context.strokeRect(view.x, view.y, view.width, view.height);
  }

  /** The camera that has the pressed point of the map in its middle. */
  cameraAt({ x, y }: Point, camera: Camera, size: Size): Camera {
    const point = { x: (x - this.#scale.x) / this.#scale.k, y: (y - this.#scale.y) / this.#scale.k };
    return { x: size.width / 2 - point.x * camera.k, y: size.height / 2 - point.y * camera.k, k: camera.k };
  }

  #aim(context: CanvasRenderingContext2D): void {
    const ratio = this.#canvas.width / MINIMAP.width;
    const { x, y, k } = this.#scale;
    context.setTransform(k * ratio, 0, 0, k * ratio, x * ratio, y * ratio);
  }
}
