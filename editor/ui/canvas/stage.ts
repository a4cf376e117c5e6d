// What is on the stage: everything the canvas draws, as one plain object that painter, minimap and hit tests read.
import type { Things } from './arrange.ts';
import type { Camera, Size } from './camera.ts';
import type { SocketPlace } from './connect.ts';
import type { Point, Rect } from './geometry.ts';
import { EMPTY_SCENE, type Scene, type SceneNode } from './scene.ts';
import type { Status } from './status.ts';

/** A wire in hand. */
export interface HeldWire {
  /** The end that is fixed. */
  readonly from: SocketPlace;
  readonly start: Point;
  readonly end: Point;
  /** The wire that was picked up, which is not drawn meanwhile. */
  readonly lifted?: string;
}

export interface Stage {
  scene: Scene;
  camera: Camera;
  size: Size;
  readonly statuses: Map<string, Status>;
  selection: ReadonlySet<string>;
  /** Backdrops and notes that are selected; ids of the two kinds. */
  backdrops: ReadonlySet<string>;
  notes: ReadonlySet<string>;
  /** The wire that is selected, by its id. */
  wire: string | undefined;
  /** Viewed nodes and all upstream of them. */
  path: ReadonlySet<string>;
  /** What is being moved, and by how much; the document learns of it at the end. */
  drag: { readonly things: Things; readonly nodes: ReadonlySet<string>; readonly by: Point } | undefined;
  /** The backdrop or note whose size is being changed. */
  resize: { readonly kind: 'backdrops' | 'notes'; readonly id: string; readonly rect: Rect } | undefined;
  /** The wire under the pointer, or under the node that would be dropped into it. */
  hot: string | undefined;
  box: Rect | undefined;
  held: HeldWire | undefined;
  /** The backdrop or note whose text is being typed, which is not drawn meanwhile. */
  typing: string | undefined;
}

export const emptyStage = (): Stage => ({
  scene: EMPTY_SCENE,
  camera: { x: 0, y: 0, k: 1 },
  size: { width: 1, height: 1 },
  statuses: new Map(),
  selection: new Set(),
  backdrops: new Set(),
  notes: new Set(),
  wire: undefined,
  path: new Set(),
  drag: undefined,
  resize: undefined,
  hot: undefined,
  box: undefined,
  held: undefined,
  typing: undefined,
});

/** Where a node is drawn now: its place in the document, and what a drag adds. */
export function placeOf({ drag }: Pick<Stage, 'drag'>, node: SceneNode): Rect {
  if (!drag?.nodes.has(node.id)) return node;
  return { x: node.x + drag.by.x, y: node.y + drag.by.y, width: node.width, height: node.height };
}

/** Where a backdrop or a note is drawn now. */
export function fieldOf(
  stage: Pick<Stage, 'drag' | 'resize'>,
  kind: 'backdrops' | 'notes',
  id: string,
  rect: Rect,
): Rect {
  const { drag, resize } = stage;
  if (resize?.kind === kind && resize.id === id) return resize.rect;
  if (!drag?.things[kind].includes(id)) return rect;
  return { ...rect, x: rect.x + drag.by.x, y: rect.y + drag.by.y };
}
