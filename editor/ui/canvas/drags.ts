// Drags: panning, boxes of selection, moving things and resizing fields; each shows itself and ends in one change.
import type { Edit } from '../../../engine/browser.ts';
import { move, rectOf, withContents } from './arrange.ts';
import { BACKDROP, type Edges, NOTE, resized } from './backdrop.ts';
import { type Camera, toCanvas } from './camera.ts';
import { batch, type Change, type Refused, relinked } from './change.ts';
import { insertedLinks } from './create.ts';
import { curveBounds, runsThrough } from './curve.ts';
import { between, overlaps, type Point, snap } from './geometry.ts';
import { inBox } from './hit.ts';
import { besideSource, roomMade } from './room.ts';
import type { SceneWire } from './scene.ts';
import { placeOf } from './stage.ts';
import type { Surface } from './surface.ts';

/** Something under way; points are of the view. */
export interface Gesture {
  move(at: Point, event: PointerEvent): void;
  /** What it does to the document, where it does anything. */
  end(at: Point): Change | Refused | undefined;
  cancel(): void;
}

export function panGesture(surface: Surface, start: Point): Gesture {
  const first: Camera = surface.stage.camera;
  return {
    move: (at) => surface.setCamera({ ...first, x: first.x + at.x - start.x, y: first.y + at.y - start.y }),
    end: () => undefined,
    cancel: () => surface.setCamera(first),
  };
}

/** Moves the view by the minimap. */
export function mapGesture(surface: Surface, map: HTMLElement): Gesture {
  const first = surface.stage.camera;
  return {
    move: (_at, { clientX, clientY }) => {
      const box = map.getBoundingClientRect();
      const point = { x: clientX - box.left, y: clientY - box.top };
      surface.setCamera(surface.minimap.cameraAt(point, surface.stage.camera, surface.stage.size));
    },
    end: () => undefined,
    cancel: () => surface.setCamera(first),
  };
}

export function boxGesture(surface: Surface, start: Point, { adds }: { readonly adds: boolean }): Gesture {
  const { stage } = surface;
  const corner = toCanvas(stage.camera, start);
  const before = surface.selected;
  const close = (): void => {
    stage.box = undefined;
    surface.refresh();
  };
  return {
    move: (at) => {
      stage.box = between(corner, toCanvas(stage.camera, at));
      const found = inBox(stage, stage.box);
      const joined = (old: readonly string[], now: readonly string[]): string[] => [
        ...new Set([...(adds ? old : []), ...now]),
      ];
      surface.select({
        nodes: joined(before.nodes, found.nodes),
        backdrops: joined(before.backdrops, found.backdrops),
        notes: joined(before.notes, found.notes),
      });
    },
    end: () => {
      close();
      return undefined;
    },
    cancel: () => {
      surface.select(before);
      close();
    },
  };
}

/** Moves what is selected; a single node that is let go on a wire goes into it. */
export function dragGesture(surface: Surface, start: Point): Gesture {
  const { stage } = surface;
  const things = withContents(stage.scene, surface.selected);
  const nodes = new Set(things.nodes);
  const count = things.nodes.length + things.backdrops.length + things.notes.length;
  const only = count === 1 && things.nodes.length === 1 ? things.nodes[0] : undefined;
  const from = toCanvas(stage.camera, start);
  const close = (): void => {
    stage.drag = undefined;
    stage.hot = undefined;
    surface.refresh();
  };
  return {
    move: (at) => {
      const now = toCanvas(stage.camera, at);
      stage.drag = { things, nodes, by: { x: snap(now.x - from.x), y: snap(now.y - from.y) } };
      stage.hot = only === undefined ? undefined : wireUnder(surface, only)?.id;
      surface.refresh();
    },
    end: () => {
      const by = stage.drag?.by ?? { x: 0, y: 0 };
      const wire = only === undefined ? undefined : wireUnder(surface, only);
      close();
      const moved = by.x !== 0 || by.y !== 0;
      if (!moved) return undefined;
      const change = move(stage.scene.document, things, by);
      const node = only === undefined ? undefined : stage.scene.nodes.get(only);
      const links = wire && node && insertedLinks(stage.scene, node, wire);
      if (!links) return change;
      const at = besideSource(stage.scene, node, { x: node.x + by.x, y: node.y + by.y }, wire.source);
      const edits = [
        ...relinked(stage.scene.document.links, links),
        ...roomMade(stage.scene, node, [at.x, at.y], [wire.target]),
      ];
      const put = move(stage.scene.document, things, { x: at.x - node.x, y: at.y - node.y });
      return { edit: batch([put.edit, ...edits]), intent: `Insert ${only}` };
    },
    cancel: close,
  };
}

/** The wire that the dragged node lies on and could go into. */
function wireUnder({ stage }: Surface, id: string): SceneWire | undefined {
  const node = stage.scene.nodes.get(id);
  if (!node) return undefined;
  const place = placeOf(stage, node);
  return stage.scene.wires.find(
    (wire) =>
      overlaps(place, {
        ...curveBounds(wire.start, wire.end),
        height: Math.max(1, Math.abs(wire.end.y - wire.start.y)),
      }) &&
      runsThrough(wire.start, wire.end, place) &&
      insertedLinks(stage.scene, node, wire) !== undefined,
  );
}

export function resizeGesture(
  surface: Surface,
  start: Point,
  kind: 'backdrops' | 'notes',
  id: string,
  edges: Edges,
): Gesture | undefined {
  const { stage } = surface;
  const thing = stage.scene.document.canvas?.[kind][id];
  if (!thing) return undefined;
  const from = toCanvas(stage.camera, start);
  const least = kind === 'notes' ? NOTE.least : BACKDROP.least;
  const close = (): void => {
    stage.resize = undefined;
    surface.refresh();
  };
  return {
    move: (at) => {
      const now = toCanvas(stage.camera, at);
      const by = { x: now.x - from.x, y: now.y - from.y };
      stage.resize = { kind, id, rect: resized(rectOf(thing), edges, by, least) };
      surface.refresh();
    },
    end: () => {
      const rect = stage.resize?.rect;
      close();
      if (!rect) return undefined;
      const edit = resizeEdit(surface, kind, id, [rect.x, rect.y], [rect.width, rect.height]);
      return edit && { edit, intent: `Resize ${id}` };
    },
    cancel: close,
  };
}

function resizeEdit(
  { stage }: Surface,
  kind: 'backdrops' | 'notes',
  id: string,
  at: readonly [number, number],
  size: readonly [number, number],
): Edit | undefined {
  const { canvas } = stage.scene.document;
  if (kind === 'notes') {
    const note = canvas?.notes[id];
    return note && { op: 'setNote', id, note: { ...note, at, size } };
  }
  const backdrop = canvas?.backdrops[id];
  return backdrop && { op: 'setBackdrop', id, backdrop: { ...backdrop, at, size } };
}
