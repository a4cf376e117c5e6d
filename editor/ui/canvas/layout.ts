// Automatic layout: nodes in layers from left to right, computed by the Eclipse Layout Kernel, kept where they were.
import type { Edit, Position } from '../../../engine/browser.ts';
import { rectOf } from './arrange.ts';
import { BACKDROP } from './backdrop.ts';
import { batch, type Change } from './change.ts';
import { boundsOf, encloses, type Rect, snap, socketOffset } from './geometry.ts';
import type { Scene, SceneNode } from './scene.ts';

/** The graph as the kernel takes it. */
export interface LayoutGraph {
  readonly id: string;
  readonly layoutOptions: Readonly<Record<string, string>>;
  readonly children: readonly LayoutNode[];
  readonly edges: readonly { readonly id: string; readonly sources: string[]; readonly targets: string[] }[];
}

interface LayoutNode {
  readonly id: string;
  readonly width: number;
  readonly height: number;
  readonly layoutOptions: Readonly<Record<string, string>>;
  readonly ports: readonly {
    readonly id: string;
    readonly x: number;
    readonly y: number;
    readonly width: number;
    readonly height: number;
    readonly layoutOptions: Readonly<Record<string, string>>;
  }[];
}

/** What the kernel gives back, as far as it is used. */
export interface LayoutResult {
  readonly children?: readonly { readonly id: string; readonly x?: number; readonly y?: number }[];
}

const OPTIONS = {
  'elk.algorithm': 'layered',
  'elk.direction': 'RIGHT',
  'elk.layered.spacing.nodeNodeBetweenLayers': '80',
  'elk.spacing.nodeNode': '24',
  'elk.spacing.componentComponent': '64',
  'elk.layered.considerModelOrder.strategy': 'NODES_AND_EDGES',
  'elk.layered.nodePlacement.strategy': 'NETWORK_SIMPLEX',
};

/** The nodes with the wires among them, their sockets where they are drawn. */
export function layoutGraph(scene: Scene, ids: ReadonlySet<string>): LayoutGraph {
  const port = (node: SceneNode, side: 'input' | 'output', key: string, index: number) => ({
    id: `${side}:${node.id}.${key}`,
    ...socketOffset(node, side, index),
    width: 0,
    height: 0,
    layoutOptions: { 'elk.port.side': side === 'input' ? 'WEST' : 'EAST' },
  });
  const nodes = [...ids].flatMap((id) => scene.nodes.get(id) ?? []).toSorted((a, b) => a.y - b.y || a.x - b.x);
  return {
    id: 'graph',
    layoutOptions: OPTIONS,
    children: nodes.map((node) => ({
      id: node.id,
      width: node.width,
      height: node.height,
      layoutOptions: { 'elk.portConstraints': 'FIXED_POS' },
      ports: [
        ...node.inputs.map(({ key }, i) => port(node, 'input', key, i)),
        ...node.outputs.map(({ key }, i) => port(node, 'output', key, i)),
      ],
    })),
    edges: scene.wires
      .filter(({ source, target }) => ids.has(source) && ids.has(target))
      .map(({ link }) => ({ id: link.to, sources: [`output:${link.from}`], targets: [`input:${link.to}`] })),
  };
}

/**
 * Moves nodes to where the kernel put them; the corner of their bounds stays. Backdrops keep what they held: they fit
 * themselves around it. Undefined where nothing moves.
 */
export function arranged(scene: Scene, ids: ReadonlySet<string>, result: LayoutResult): Change | undefined {
  const places = (result.children ?? []).flatMap(({ id, x, y }) => {
    const node = scene.nodes.get(id);
    return node && ids.has(id) && x !== undefined && y !== undefined ? [{ node, x, y }] : [];
  });
  const before = boundsOf(places.map(({ node }) => node));
  const after = boundsOf(places.map(({ node, x, y }) => ({ ...node, x, y })));
  if (!before || !after) return undefined;
  const positions: Record<string, Position> = {};
  for (const { node, x, y } of places) {
    positions[node.id] = [snap(x - after.x + before.x), snap(y - after.y + before.y)];
  }
  const moved = places.some(({ node }) => positions[node.id]![0] !== node.x || positions[node.id]![1] !== node.y);
  if (!moved) return undefined;
  return { edit: batch([{ op: 'moveNodes', positions }, ...refitted(scene, positions)]), intent: 'Arrange nodes' };
}

function refitted(scene: Scene, positions: Readonly<Record<string, Position>>): Edit[] {
  return Object.entries(scene.document.canvas?.backdrops ?? {}).flatMap(([id, backdrop]): Edit[] => {
    const field = rectOf(backdrop);
    const held = [...scene.nodes.values()].filter((node) => encloses(field, node));
    if (!held.some((node) => Object.hasOwn(positions, node.id))) return [];
    const now = held.map((node): Rect => {
      const [x, y] = positions[node.id] ?? node.node.at;
      return { x, y, width: node.width, height: node.height };
    });
    const { x, y, width, height } = boundsOf(now)!;
    const { margin, title } = BACKDROP;
    const at = [x - margin, y - margin - title] as const;
    const size = [width + 2 * margin, height + 2 * margin + title] as const;
    return [{ op: 'setBackdrop', id, backdrop: { ...backdrop, at, size } }];
  });
}
