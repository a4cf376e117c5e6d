// What lies under a point of the canvas, from the top down.
import { rectOf } from './arrange.ts';
import { BACKDROP, type Edges, edgesAt } from './backdrop.ts';
import { curveBounds, distanceTo } from './curve.ts';
import { contains, grown, overlaps, type Point, type Rect } from './geometry.ts';
import type { SceneNode, SceneWire } from './scene.ts';
import type { Stage } from './stage.ts';

export type Hit =
  | { readonly kind: 'node'; readonly node: SceneNode }
  | { readonly kind: 'wire'; readonly wire: SceneWire }
  | { readonly kind: 'notes' | 'backdrops'; readonly id: string; readonly edges?: Edges }
  | { readonly kind: 'nothing' };

/** Pixels of the screen within which a wire or an edge counts as meant. */
const REACH = 5;

export function hitAt(stage: Stage, point: Point): Hit {
  const reach = REACH / stage.camera.k;
  const node = nodeAt(stage, point);
  if (node) return { kind: 'node', node };
  const canvas = stage.scene.document.canvas;
  for (const [id, note] of Object.entries(canvas?.notes ?? {}).reverse()) {
    const rect = rectOf(note);
    const edges = edgesAt(rect, point, reach);
    if (edges && (edges.right || edges.bottom)) return { kind: 'notes', id, edges };
    if (contains(rect, point)) return { kind: 'notes', id };
  }
  const wire = wireAt(stage, point, reach);
  if (wire) return { kind: 'wire', wire };
  for (const [id, backdrop] of Object.entries(canvas?.backdrops ?? {}).reverse()) {
    const rect = rectOf(backdrop);
    const edges = edgesAt(rect, point, reach);
    if (edges) return { kind: 'backdrops', id, edges };
    if (contains({ ...rect, height: BACKDROP.title }, point)) return { kind: 'backdrops', id };
  }
  return { kind: 'nothing' };
}

/** What is selected, as if it were under the pointer, and the point below it; a menu that keys open speaks of that. */
export function selectedHit(stage: Stage): { readonly hit: Hit; readonly below?: Point } {
  const { scene, selection, wire: id } = stage;
  const under = ({ x, y, height }: Rect): Point => ({ x, y: y + height });
  const node = scene.nodes.get([...selection].at(-1) ?? '');
  if (node) return { hit: { kind: 'node', node }, below: under(node) };
  const wire = scene.wires.find((one) => one.id === id);
  if (wire) return { hit: { kind: 'wire', wire }, below: wire.end };
  for (const kind of ['backdrops', 'notes'] as const) {
    for (const one of stage[kind]) {
      const thing = scene.document.canvas?.[kind][one];
      if (thing) return { hit: { kind, id: one }, below: under(rectOf(thing)) };
    }
  }
  return { hit: { kind: 'nothing' } };
}

/** The topmost node; selected ones lie above others. Dots are easier to hit than they look. */
export function nodeAt({ scene, selection, camera }: Stage, point: Point): SceneNode | undefined {
  let found: SceneNode | undefined;
  for (const node of scene.nodes.values()) {
    const rect = node.dot ? grown(node, 3 / camera.k) : node;
    if (contains(rect, point) && (!found || !selection.has(found.id) || selection.has(node.id))) found = node;
  }
  return found;
}

export function wireAt({ scene }: Stage, point: Point, reach: number): SceneWire | undefined {
  let found: SceneWire | undefined;
  let least = reach;
  for (const wire of scene.wires) {
    if (!contains(grown(curveBounds(wire.start, wire.end), reach), point)) continue;
    const distance = distanceTo(wire.start, wire.end, point);
    if (distance > least) continue;
    least = distance;
    found = wire;
  }
  return found;
}

/** What a box of selection holds: nodes and notes that it touches, backdrops that lie wholly in it. */
export function inBox({ scene }: Stage, box: Rect): { nodes: string[]; backdrops: string[]; notes: string[] } {
  const canvas = scene.document.canvas;
  const inside = (rect: Rect): boolean =>
    contains(box, rect) && contains(box, { x: rect.x + rect.width, y: rect.y + rect.height });
  return {
    nodes: [...scene.nodes.values()].filter((node) => overlaps(box, node)).map(({ id }) => id),
    backdrops: Object.entries(canvas?.backdrops ?? {}).flatMap(([id, one]) => (inside(rectOf(one)) ? [id] : [])),
    notes: Object.entries(canvas?.notes ?? {}).flatMap(([id, one]) => (overlaps(box, rectOf(one)) ? [id] : [])),
  };
}
