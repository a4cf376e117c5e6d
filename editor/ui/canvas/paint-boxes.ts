// Nodes from far away: plain boxes, with their titles while there is room for them.
import { NODE, overlaps, type Rect } from './geometry.ts';
import { categoryColour, type Palette } from './palette.ts';
import type { SceneNode } from './scene.ts';
import { placeOf, type Stage } from './stage.ts';
import type { Words } from './words.ts';

/** Paints all nodes that are in view. */
export function paintBoxes(
  context: CanvasRenderingContext2D,
  stage: Stage,
  view: Rect,
  palette: Palette,
  words: Words,
  level: 'middle' | 'far',
): void {
  const { k } = stage.camera;
  const size = Math.max(12, 9.5 / k);
  const font = `500 ${size}px ${palette.sans}`;
  context.textBaseline = 'middle';
  for (const node of stage.scene.nodes.values()) {
    const place = placeOf(stage, node);
    if (!overlaps(view, place)) continue;
    if (node.dot) {
      paintDot(context, stage, node, place, palette);
      continue;
    }
    const status = stage.statuses.get(node.id);
    const { x, y, width, height } = place;
    context.globalAlpha = status?.disabled ? 0.6 : 1;
    context.fillStyle = '#3a3a3a';
    context.fillRect(x, y, width, height);
    context.fillStyle = categoryColour(node.node.type);
    context.fillRect(x, y, Math.max(3, 2 / k), height);
    const problem = status?.badge?.kind === 'error' || status?.badge?.kind === 'warning';
    if (level === 'middle') {
      const room = width - 12 - (problem ? size : 0);
      context.fillStyle = palette.text;
      context.font = font;
      context.fillText(words.fit(node.title, room, font), x + 8, y + Math.min(height / 2, size + 4));
    }
    context.globalAlpha = 1;
    if (problem) {
      const mark = Math.max(8, 6 / k);
      context.fillStyle = status?.badge?.kind === 'error' ? palette.error : palette.warning;
      context.beginPath();
      context.moveTo(x + width, y);
      context.lineTo(x + width, y + mark * 1.4);
      context.lineTo(x + width - mark * 1.4, y);
      context.fill();
    }
    if (stage.selection.has(node.id) || status?.viewed) {
      context.strokeStyle = stage.selection.has(node.id) ? palette.accent : palette.quiet;
      context.lineWidth = Math.max(1.5, 1.25 / k);
      context.strokeRect(x, y, width, height);
    }
  }
}

function paintDot(
  context: CanvasRenderingContext2D,
  stage: Stage,
  node: SceneNode,
  place: Rect,
  palette: Palette,
): void {
  const radius = NODE.dot / 2;
  context.beginPath();
  context.arc(place.x + radius, place.y + radius, radius, 0, 2 * Math.PI);
  context.fillStyle = stage.selection.has(node.id) ? palette.accent : '#8a8a8a';
  context.fill();
}
