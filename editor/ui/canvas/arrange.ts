// Arranging: moving, aligning and spreading what is selected, and which node lies next in a direction.
import type { Document, Position } from '../../../engine/browser.ts';
import { type Change, counted } from './change.ts';
import { encloses, type Point, type Rect, snap } from './geometry.ts';
import type { Scene, SceneNode } from './scene.ts';

/** Ids of what is moved together. */
export interface Things {
  readonly nodes: readonly string[];
  readonly backdrops: readonly string[];
  readonly notes: readonly string[];
}

export const NOTHING: Things = { nodes: [], backdrops: [], notes: [] };

const count = ({ nodes, backdrops, notes }: Things): number => nodes.length + backdrops.length + notes.length;

/** One edit that moves all of it by so many pixels. */
export function move(document: Document, things: Things, by: Point): Change {
  const moved = (ids: readonly string[], all: Readonly<Record<string, { readonly at: Position }>>) =>
    Object.fromEntries(
      ids.flatMap((id) => {
        const at = all[id]?.at;
        return at ? [[id, [Math.round(at[0] + by.x), Math.round(at[1] + by.y)] as const] as const] : [];
      }),
    );
  const { canvas } = document;
  const all = [...things.nodes, ...things.backdrops, ...things.notes];
  return {
    edit: {
      op: 'moveNodes',
      positions: moved(things.nodes, document.nodes),
      ...(things.backdrops.length > 0 ? { backdrops: moved(things.backdrops, canvas?.backdrops ?? {}) } : {}),
      ...(things.notes.length > 0 ? { notes: moved(things.notes, canvas?.notes ?? {}) } : {}),
    },
    intent: counted('Move', all, things.nodes.length === count(things) ? 'node' : 'thing'),
  };
}

export const rectOf = ({ at, size }: { readonly at: Position; readonly size: Position }): Rect => ({
  x: at[0],
  y: at[1],
  width: size[0],
  height: size[1],
});

/** Things with what lies wholly in their backdrops: those carry their contents along. */
export function withContents(scene: Scene, things: Things): Things {
  const canvas = scene.document.canvas;
  const backdrops = new Set(things.backdrops);
  const notes = new Set(things.notes);
  const nodes = new Set(things.nodes);
  const fields = things.backdrops.flatMap((id) => canvas?.backdrops[id] ?? []).map(rectOf);
  const inside = (rect: Rect): boolean => fields.some((field) => encloses(field, rect));
  if (fields.length > 0) {
    for (const node of scene.nodes.values()) if (inside(node)) nodes.add(node.id);
    for (const [id, backdrop] of Object.entries(canvas?.backdrops ?? {}))
      if (inside(rectOf(backdrop))) backdrops.add(id);
    for (const [id, note] of Object.entries(canvas?.notes ?? {})) if (inside(rectOf(note))) notes.add(id);
  }
  return { nodes: [...nodes], backdrops: [...backdrops], notes: [...notes] };
}

export type Alignment = 'left' | 'right' | 'top' | 'bottom' | 'columns' | 'rows';

const WORDS: Readonly<Record<Alignment, string>> = {
  left: 'Align left',
  right: 'Align right',
  top: 'Align top',
  bottom: 'Align bottom',
  columns: 'Distribute across',
  rows: 'Distribute down',
};

/** Sets nodes in line, or spreads them so that the gaps between them are equal. Undefined where nothing would move. */
export function align(scene: Scene, ids: readonly string[], how: Alignment): Change | undefined {
  const nodes = ids.flatMap((id) => scene.nodes.get(id) ?? []);
  const places = how === 'columns' || how === 'rows' ? spread(nodes, how) : lined(nodes, how);
  const positions = Object.fromEntries(
    places.filter(({ node, x, y }) => node.x !== x || node.y !== y).map(({ node, x, y }) => [node.id, [x, y] as const]),
  );
  if (Object.keys(positions).length === 0) return undefined;
  return { edit: { op: 'moveNodes', positions }, intent: WORDS[how] };
}

type Place = { readonly node: SceneNode; readonly x: number; readonly y: number };

function lined(nodes: readonly SceneNode[], how: 'left' | 'right' | 'top' | 'bottom'): Place[] {
  const left = Math.min(...nodes.map(({ x }) => x));
  const top = Math.min(...nodes.map(({ y }) => y));
  const right = Math.max(...nodes.map(({ x, width }) => x + width));
  const bottom = Math.max(...nodes.map(({ y, height }) => y + height));
  const place = (node: SceneNode): Point => {
    const { x, y, width, height } = node;
    switch (how) {
      case 'left':
        return { x: left, y };
      case 'right':
        return { x: right - width, y };
      case 'top':
        return { x, y: top };
      case 'bottom':
        return { x, y: bottom - height };
    }
  };
  return nodes.map((node) => ({ node, ...place(node) }));
}

function spread(nodes: readonly SceneNode[], how: 'columns' | 'rows'): Place[] {
  const [start, length] = how === 'columns' ? (['x', 'width'] as const) : (['y', 'height'] as const);
  const sorted = nodes.toSorted((a, b) => a[start] - b[start]);
  const first = sorted[0];
  const last = sorted.at(-1);
  if (!first || !last || sorted.length < 3) return [];
  const room = last[start] + last[length] - first[start] - sorted.reduce((sum, node) => sum + node[length], 0);
  const gap = room / (sorted.length - 1);
  let at = first[start];
  return sorted.map((node) => {
    const place = node === first || node === last ? node[start] : snap(at);
    at += node[length] + gap;
    return { node, x: node.x, y: node.y, [start]: place };
  });
}

export type Direction = 'left' | 'right' | 'up' | 'down';

/** The nearest node in a direction, those straight ahead first; undefined where there is none. */
export function neighbour(scene: Scene, from: SceneNode, way: Direction): SceneNode | undefined {
  const centre = middle(from);
  let best: SceneNode | undefined;
  let least = Number.POSITIVE_INFINITY;
  for (const node of scene.nodes.values()) {
    if (node.id === from.id) continue;
    const { x, y } = middle(node);
    const dx = x - centre.x;
    const dy = y - centre.y;
    const ahead = way === 'left' ? -dx : way === 'right' ? dx : way === 'up' ? -dy : dy;
    const aside = Math.abs(way === 'left' || way === 'right' ? dy : dx);
    if (ahead <= 0 || aside > 2 * ahead + 40) continue;
    const cost = ahead + 2 * aside;
    if (cost < least) {
      least = cost;
      best = node;
    }
  }
  return best;
}

export const middle = ({ x, y, width, height }: Rect): Point => ({ x: x + width / 2, y: y + height / 2 });
