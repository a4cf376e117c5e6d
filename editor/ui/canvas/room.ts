// Room for a new node: where it covers nothing, and how far what comes after it moves on.
import type { CatalogueEntry, Edit, Position } from '../../../engine/browser.ts';
import type { Size } from './camera.ts';
import { DOT } from './dot.ts';
import { grown, NODE, nodeSize, overlaps, type Point, snap, socketOffset } from './geometry.ts';
import { type Side, socketsOf } from './ports.ts';
import { reach, type Scene, type SceneNode } from './scene.ts';

/** Pixels between a node and one that is put beside it. */
const GAP = { across: 64, down: 24 } as const;

/** How large a new node is. */
export function sizeOf(entry: CatalogueEntry): Size {
  const { inputs, outputs } = socketsOf(entry, [], []);
  return nodeSize({ dot: entry.type === DOT, inputs: inputs.length, outputs: outputs.length, picture: false });
}

/** Where a new node's corner stands so that the point is its middle. */
export function cornerFor(entry: CatalogueEntry, point: Point): Point {
  const { width, height } = sizeOf(entry);
  return { x: point.x - width / 2, y: point.y - height / 2 };
}

/** Where a new node's corner stands so that its first socket is at the point. */
export function cornerAtEnd(entry: CatalogueEntry, point: Point, side: Side): Point {
  const { x, y } = socketOffset({ dot: entry.type === DOT }, side, 0);
  return { x: point.x - x, y: point.y - y };
}

/** The node that a new one would cover. */
function coveredBy(scene: Scene, entry: CatalogueEntry, at: Point): SceneNode | undefined {
  const rect = { ...at, ...sizeOf(entry) };
  return [...scene.nodes.values()].find((node) => overlaps(grown(node, 8), rect));
}

/** The corner itself where a new node covers nothing there, otherwise the nearest free place beside what it would cover. */
export function clearOf(scene: Scene, entry: CatalogueEntry, corner: Point): Point {
  const first = coveredBy(scene, entry, corner);
  if (!first) return corner;
  let at = { x: first.x + first.width + GAP.across, y: first.y };
  for (let next = coveredBy(scene, entry, at); next; next = coveredBy(scene, entry, at)) {
    at = { x: at.x, y: next.y + next.height + GAP.down };
  }
  return at;
}

/** As `clearOf`, for a node that goes in after another one: beside that, as what follows makes room. */
export function clearAfter(scene: Scene, entry: CatalogueEntry, corner: Point, source: SceneNode): Point {
  if (!coveredBy(scene, entry, corner)) return corner;
  const own = socketOffset({ dot: entry.type === DOT }, 'input', 0).y;
  const other = socketOffset(source, 'output', 0).y;
  return { x: source.x + source.width + GAP.across, y: source.y + other - own };
}

/** Moved to the right as far as needed so that a node in a wire does not cover what the wire comes from. */
export function besideSource(scene: Scene, { width, height }: Size, { x, y }: Point, source: string): Point {
  const before = scene.nodes.get(source);
  return before && overlaps(grown(before, 8), { x, y, width, height })
    ? { x: snap(before.x + before.width + GAP.across / 2), y }
    : { x, y };
}

/** A node is pushed along at most so far; one that is further behind was put there on purpose. */
const FURTHEST = 2 * NODE.width + GAP.across;

/** Moves what a new node feeds, and all that follows, to the right until its wires run forwards again. */
export function roomMade(scene: Scene, size: Size, [x]: Position, fed: readonly string[]): Edit[] {
  const nodes = fed.flatMap((id) => scene.nodes.get(id) ?? []);
  const shift = snap(x + size.width + GAP.across / 2 - Math.min(...nodes.map((node) => node.x)));
  if (nodes.length === 0 || shift <= 0 || shift > FURTHEST || size.width <= NODE.dot) return [];
  const moved = [...reach(scene.document, fed, 'downstream')].flatMap((id) => scene.nodes.get(id) ?? []);
  const positions = Object.fromEntries(moved.map((node) => [node.id, [node.x + shift, node.y] as const]));
  return [{ op: 'moveNodes', positions }];
}
