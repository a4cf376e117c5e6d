// Draws backdrops, notes, wires and, when they are small, nodes on one canvas of the screen's resolution.
import { rectOf } from './arrange.ts';
import { BACKDROP, NOTE } from './backdrop.ts';
import { levelAt, seen } from './camera.ts';
import { bendOf, curveBounds } from './curve.ts';
import { grown, overlaps, type Point, type Rect } from './geometry.ts';
import { paintBoxes } from './paint-boxes.ts';
import type { Palette } from './palette.ts';
import type { SceneWire } from './scene.ts';
import { fieldOf, type Stage } from './stage.ts';
import { Words } from './words.ts';

export class Painter {
  readonly #canvas: HTMLCanvasElement;
  readonly #context: CanvasRenderingContext2D;
  readonly #palette: Palette;
  readonly #words: Words;
  #ratio = 1;

  constructor(canvas: HTMLCanvasElement, palette: Palette) {
    const context = canvas.getContext('2d');
    if (!context) throw new Error('This browser gives no canvas to draw on.');
    this.#canvas = canvas;
    this.#context = context;
    this.#palette = palette;
    this.#words = new Words(context);
  }

  resize({ width, height }: { readonly width: number; readonly height: number }, ratio: number): void {
    this.#ratio = ratio;
    this.#canvas.width = Math.max(1, Math.round(width * ratio));
    this.#canvas.height = Math.max(1, Math.round(height * ratio));
  }

  paint(stage: Stage): void {
    const context = this.#context;
    const { camera } = stage;
    const ratio = this.#ratio;
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, this.#canvas.width, this.#canvas.height);
    context.setTransform(camera.k * ratio, 0, 0, camera.k * ratio, camera.x * ratio, camera.y * ratio);
    const view = seen(camera, stage.size);
    this.#paintBackdrops(stage, view);
    this.#paintNotes(stage, view);
    this.#paintWires(stage, view);
    const level = levelAt(camera.k);
    if (level !== 'near') paintBoxes(context, stage, view, this.#palette, this.#words, level);
    if (stage.held) this.#paintHeld(stage);
    if (stage.box) this.#paintBox(stage.box, camera.k);
  }

  #paintBackdrops(stage: Stage, view: Rect): void {
    const context = this.#context;
    const { k } = stage.camera;
    for (const [id, backdrop] of Object.entries(stage.scene.document.canvas?.backdrops ?? {})) {
      const rect = fieldOf(stage, 'backdrops', id, rectOf(backdrop));
      if (!overlaps(view, rect)) continue;
      const { x, y, width, height } = rect;
      context.fillStyle = backdrop.colour;
      context.globalAlpha = 0.26;
      context.fillRect(x, y, width, height);
      context.globalAlpha = 0.5;
      context.fillRect(x, y, width, BACKDROP.title);
      context.globalAlpha = 1;
      if (stage.backdrops.has(id)) {
        context.strokeStyle = this.#palette.accent;
        context.lineWidth = Math.max(1, 1 / k);
        context.strokeRect(x, y, width, height);
      }
      if (k * 13 < 5 && width * k < 60) continue;
      // Titles stay readable from far away: they are signposts.
      const size = Math.min(Math.max(13, 10 / k), Math.max(13, height / 3));
      if (stage.typing === `backdrop ${id}`) continue;
      context.fillStyle = this.#palette.text;
      context.font = `500 ${size}px ${this.#palette.sans}`;
      context.textBaseline = 'top';
      const title = this.#words.fit(backdrop.title, width - 16, context.font);
      context.fillText(title, x + 8, y + (size > 13 ? 4 : 5));
    }
  }

  #paintNotes(stage: Stage, view: Rect): void {
    const context = this.#context;
    const { k } = stage.camera;
    for (const [id, note] of Object.entries(stage.scene.document.canvas?.notes ?? {})) {
      const rect = fieldOf(stage, 'notes', id, rectOf(note));
      if (!overlaps(view, rect) || stage.typing === `note ${id}`) continue;
      const { x, y, width, height } = rect;
      context.fillStyle = this.#palette.panel;
      context.fillRect(x, y, width, height);
      context.strokeStyle = stage.notes.has(id) ? this.#palette.accent : this.#palette.line;
      context.lineWidth = Math.max(1, 1 / k);
      context.strokeRect(x, y, width, height);
      if (k * 12 < 4) continue;
      context.fillStyle = '#b8b8b8';
      context.font = `400 12px ${this.#palette.sans}`;
      context.textBaseline = 'top';
      const lines = this.#words.wrap(note.text, width - 2 * NOTE.padding, context.font);
      const room = Math.max(0, Math.floor((height - NOTE.padding) / NOTE.line));
      lines.slice(0, room).forEach((line, i) => {
        const more = i === room - 1 && lines.length > room ? '…' : '';
        context.fillText(line + more, x + NOTE.padding, y + 6 + i * NOTE.line);
      });
    }
  }

  #paintWires(stage: Stage, view: Rect): void {
    const context = this.#context;
    const { k } = stage.camera;
    const width = Math.max(1.5, 1 / k);
    const groups = new Map<string, SceneWire[]>();
    const above: SceneWire[] = [];
    for (const wire of stage.scene.wires) {
      if (wire.id === stage.held?.lifted) continue;
      const [start, end] = endsOf(stage, wire);
      if (!overlaps(view, grown(curveBounds(start, end), 2))) continue;
      if (wire.id === stage.hot || wire.id === stage.wire) {
        above.push(wire);
        continue;
      }
      const key = `${stage.path.has(wire.target) ? 1 : 0.7} ${wire.kind}`;
      const group = groups.get(key);
      if (group) group.push(wire);
      else groups.set(key, [wire]);
    }
    for (const [key, wires] of groups) {
      context.globalAlpha = Number.parseFloat(key);
      context.strokeStyle = this.#palette.port[wires[0]!.kind];
      context.lineWidth = width;
      this.#stroke(stage, wires);
    }
    context.globalAlpha = 1;
    context.strokeStyle = this.#palette.accent;
    context.lineWidth = width * 1.35;
    this.#stroke(stage, above);
  }

  #stroke(stage: Stage, wires: readonly SceneWire[]): void {
    const context = this.#context;
    // A path of a few curves at a time: one of hundreds is slow to fill.
    for (let i = 0; i < wires.length; i += BATCH) {
      context.beginPath();
      for (const wire of wires.slice(i, i + BATCH)) trace(context, ...endsOf(stage, wire));
      context.stroke();
    }
  }

  #paintHeld({ held, camera }: Stage): void {
    if (!held) return;
    const context = this.#context;
    const [start, end] = held.from.side === 'output' ? [held.start, held.end] : [held.end, held.start];
    context.strokeStyle = this.#palette.accent;
    context.lineWidth = Math.max(1.5, 1 / camera.k);
    context.beginPath();
    trace(context, start, end);
    context.stroke();
  }

  #paintBox({ x, y, width, height }: Rect, k: number): void {
    const context = this.#context;
    context.fillStyle = this.#palette.accent;
    context.globalAlpha = 0.08;
    context.fillRect(x, y, width, height);
    context.globalAlpha = 1;
    context.strokeStyle = this.#palette.accent;
    context.lineWidth = 1 / k;
    context.strokeRect(x, y, width, height);
  }
}

const BATCH = 16;

function trace(context: CanvasRenderingContext2D, start: Point, end: Point): void {
  const { x1, y1, x2, y2 } = bendOf(start, end);
  context.moveTo(start.x, start.y);
  context.bezierCurveTo(x1, y1, x2, y2, end.x, end.y);
}

/** The ends of a wire as drawn now: a drag carries them along. */
export function endsOf({ drag }: Pick<Stage, 'drag'>, wire: SceneWire): [Point, Point] {
  if (!drag) return [wire.start, wire.end];
  const { by, nodes } = drag;
  const moved = (point: Point, id: string): Point => (nodes.has(id) ? { x: point.x + by.x, y: point.y + by.y } : point);
  return [moved(wire.start, wire.source), moved(wire.end, wire.target)];
}
