// The scene: a document laid out for the canvas, with sizes, sockets and the ends of wires; what did not change is shared.
import {
  type CatalogueEntry,
  type Document,
  type DocumentNode,
  type Link,
  parseLinkEnd,
  templateOf,
} from '../../../engine/browser.ts';
import { DOT } from './dot.ts';
import { type NodeShape, nodeSize, type Point, type Rect, socketOffset } from './geometry.ts';
import { keyOf, type Side, type Socket, type SocketKind, socketsOf } from './ports.ts';

export interface SceneNode extends Rect {
  readonly id: string;
  readonly node: DocumentNode;
  /** Undefined where the type is not installed. */
  readonly entry: CatalogueEntry | undefined;
  readonly title: string;
  readonly dot: boolean;
  readonly picture: boolean;
  readonly inputs: readonly Socket[];
  readonly outputs: readonly Socket[];
  /** The ends of the links from and to it. */
  readonly links: string;
  /** Equal texts mean equal sockets. */
  readonly ends: string;
}

export interface SceneWire {
  /** The end: no two links of a sound document share one. */
  readonly id: string;
  readonly link: Link;
  readonly source: string;
  readonly target: string;
  readonly kind: SocketKind;
  readonly start: Point;
  readonly end: Point;
}

export interface Scene {
  readonly document: Document;
  readonly nodes: ReadonlyMap<string, SceneNode>;
  readonly wires: readonly SceneWire[];
}

export const EMPTY_SCENE: Scene = {
  document: {
    sluice: 1,
    name: '',
    frames: { mismatch: 'stop-at-shortest', align: 'number' },
    variables: {},
    promoted: [],
    nodes: {},
    links: [],
  },
  nodes: new Map(),
  wires: [],
};

/** What a scene is made from besides the document. */
export interface SceneContext {
  readonly catalogue: ReadonlyMap<string, CatalogueEntry>;
  /** Nodes that show a picture. */
  readonly pictures: ReadonlySet<string>;
}

/** Lays a document out. Nodes that are as in the scene before are the same objects. */
export function makeScene(document: Document, context: SceneContext, before: Scene = EMPTY_SCENE): Scene {
  const incoming = new Map<string, Link[]>();
  const outgoing = new Map<string, Link[]>();
  for (const link of document.links) {
    push(incoming, parseLinkEnd(link.to).node, link);
    push(outgoing, parseLinkEnd(link.from).node, link);
  }
  const nodes = new Map<string, SceneNode>();
  for (const [id, node] of Object.entries(document.nodes)) {
    const entry = context.catalogue.get(node.type);
    const into = incoming.get(id) ?? [];
    const out = outgoing.get(id) ?? [];
    const links = `${into.map(({ to }) => to).join()}>${out.map(({ from }) => from).join()}`;
    const picture = context.pictures.has(id);
    const old = before.nodes.get(id);
    const same = old && old.node === node && old.entry === entry && old.links === links && old.picture === picture;
    nodes.set(id, same ? old : makeNode(id, node, entry, into, out, links, picture));
  }
  const wires = document.links.flatMap((link) => makeWire(link, nodes));
  return { document, nodes, wires };
}

function makeNode(
  id: string,
  node: DocumentNode,
  entry: CatalogueEntry | undefined,
  incoming: readonly Link[],
  outgoing: readonly Link[],
  links: string,
  picture: boolean,
): SceneNode {
  const held = templateOf(node);
  const sockets = socketsOf(entry, incoming, outgoing, held);
  const dot = node.type === DOT;
  const ends = [...sockets.inputs, ...sockets.outputs].map(({ side, key }) => `${side} ${key}`).join();
  const shape: NodeShape = { dot, inputs: sockets.inputs.length, outputs: sockets.outputs.length, picture };
  const [x, y] = node.at;
  return { id, node, entry, title: node.title ?? id, dot, picture, links, ends, ...sockets, x, y, ...nodeSize(shape) };
}

function makeWire(link: Link, nodes: ReadonlyMap<string, SceneNode>): SceneWire[] {
  const source = nodes.get(parseLinkEnd(link.from).node);
  const target = nodes.get(parseLinkEnd(link.to).node);
  const start = source && socketAt(source, 'output', keyOf(link.from));
  const end = target && socketAt(target, 'input', keyOf(link.to));
  if (!start || !end) return [];
  const kind = findSocket(source, 'output', keyOf(link.from))!.kind;
  return [{ id: link.to, link, source: source.id, target: target.id, kind, start, end }];
}

/** The centre of a socket on the canvas. */
export function socketAt(node: SceneNode, side: Side, key: string): Point | undefined {
  const index = (side === 'input' ? node.inputs : node.outputs).findIndex((socket) => socket.key === key);
  if (index < 0) return undefined;
  const offset = socketOffset(node, side, index);
  return { x: node.x + offset.x, y: node.y + offset.y };
}

export const findSocket = (node: SceneNode, side: Side, key: string): Socket | undefined =>
  (side === 'input' ? node.inputs : node.outputs).find((socket) => socket.key === key);

/** The wires of a node: into it in the order of its inputs, then out of it, by outputs and from the top down. */
export function wiresOf({ nodes, wires }: Scene, id: string): SceneWire[] {
  const node = nodes.get(id);
  if (!node) return [];
  const place = (sockets: readonly Socket[], end: string): number => sockets.findIndex(({ key }) => key === keyOf(end));
  const into = wires
    .filter(({ target }) => target === id)
    .sort((a, b) => place(node.inputs, a.link.to) - place(node.inputs, b.link.to));
  const out = wires
    .filter(({ source }) => source === id)
    .sort((a, b) => place(node.outputs, a.link.from) - place(node.outputs, b.link.from) || a.end.y - b.end.y);
  return [...into, ...out];
}

function push<T>(map: Map<string, T[]>, key: string, value: T): void {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}

/** All that stands upstream of some nodes, or downstream, those themselves included. */
export function reach(document: Document, from: Iterable<string>, way: 'upstream' | 'downstream'): Set<string> {
  const next = new Map<string, string[]>();
  for (const link of document.links) {
    const source = parseLinkEnd(link.from).node;
    const target = parseLinkEnd(link.to).node;
    if (way === 'upstream') push(next, target, source);
    else push(next, source, target);
  }
  const found = new Set<string>();
  const open = [...from].filter((id) => Object.hasOwn(document.nodes, id));
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    if (found.has(id)) continue;
    found.add(id);
    open.push(...(next.get(id) ?? []));
  }
  return found;
}
