// Creating nodes: alone, after what is selected, in a wire, or at the end of a wire that was dragged into nothing.
import {
  type CatalogueEntry,
  type Document,
  type DocumentNode,
  type Edit,
  type Link,
  parseLinkEnd,
} from '../../../engine/browser.ts';
import { batch, type Change, hasNode, relinked, withLink } from './change.ts';
import { nameFor, roomFor, type SocketPlace, socketOf } from './connect.ts';
import { DOT } from './dot.ts';
import { type Point, snap } from './geometry.ts';
import { freeName, stemOf } from './names.ts';
import { joins, type Socket, socketsOf } from './ports.ts';
import { besideSource, roomMade, sizeOf } from './room.ts';
import { reach, type Scene, type SceneNode, type SceneWire } from './scene.ts';

/** A new node with the parameters that its type has by itself. */
function fresh(document: Document, entry: CatalogueEntry, at: Point): { id: string; node: DocumentNode } {
  const id = freeName(stemOf(entry.type), (name) => hasNode(document, name));
  return { id, node: { type: entry.type, version: entry.version, params: {}, at: [snap(at.x), snap(at.y)] } };
}

const made = (entry: CatalogueEntry, id: string, edits: readonly Edit[]): Change => ({
  edit: batch(edits),
  intent: `Add ${entry.title}`,
  select: [id],
});

export function createAlone(scene: Scene, entry: CatalogueEntry, at: Point): Change {
  const { id, node } = fresh(scene.document, entry, at);
  return made(entry, id, [{ op: 'addNode', id, node }]);
}

export interface After {
  /** The nodes whose outputs go into the new one. */
  readonly nodes: readonly string[];
  /** True to leave what comes after them as it is; otherwise the new node goes in between. */
  readonly branch: boolean;
}

/** A new node fed by others, the topmost first. Where nothing fits it stands alone. */
export function createAfter(scene: Scene, entry: CatalogueEntry, at: Point, { nodes, branch }: After): Change {
  const { document } = scene;
  const { id, node } = fresh(document, entry, at);
  const sockets = socketsOf(entry, [], []);
  const sources = nodes.flatMap((name) => scene.nodes.get(name) ?? []).sort((a, b) => a.y - b.y || a.x - b.x);
  const feeding: Link[] = [];
  for (const source of sources) {
    const link = feed(feeding, source, id, sockets.inputs);
    if (link) feeding.push(link);
  }
  const after = [...document.links, ...feeding];
  const [only] = sources;
  if (!branch && only && sources.length === 1 && feeding.length === 1) {
    const from = feeding[0]!.from;
    const output = only.outputs.find(({ key }) => `${only.id}.${key}` === from);
    const way = sockets.outputs.find((socket) => output && joins(output.kind, socket.kind));
    if (way) {
      const links = document.links.map((link) =>
        link.from === from ? { from: `${id}.${way.key}`, to: link.to } : link,
      );
      const below = document.links.filter((link) => link.from === from).map(({ to }) => parseLinkEnd(to).node);
      const edits = relinked(document.links, [...links, ...feeding]);
      return made(entry, id, [
        { op: 'addNode', id, node },
        ...edits,
        ...roomMade(scene, sizeOf(entry), node.at, below),
      ]);
    }
  }
  return made(entry, id, [{ op: 'addNode', id, node }, ...relinked(document.links, after)]);
}

/** A link from the first output of a node that finds room at the new one. */
function feed(links: readonly Link[], source: SceneNode, id: string, inputs: readonly Socket[]): Link | undefined {
  for (const output of source.outputs) {
    const room = roomFor(inputs, output.kind, (key) => links.some(({ to }) => to === `${id}.${key}`));
    if (!room) continue;
    const key = room.free ? `${room.port}.${nameFor(links, id, room.port, source.id)}` : room.key;
    return { from: `${source.id}.${output.key}`, to: `${id}.${key}` };
  }
  return undefined;
}

/** The input and output by which a node of this kind could stand in a wire. */
function passage(
  wire: SceneWire,
  inputs: readonly Socket[],
  outputs: readonly Socket[],
  taken: (key: string) => boolean,
): { readonly input: Socket; readonly output: Socket } | undefined {
  const input = roomFor(inputs, wire.kind, taken);
  const output = outputs.find(({ kind }) => joins(wire.kind, kind));
  return input && output && { input, output };
}

export const fitsInWire = (entry: CatalogueEntry, wire: SceneWire): boolean => {
  const { inputs, outputs } = socketsOf(entry, [], []);
  return passage(wire, inputs, outputs, () => false) !== undefined;
};

/** A new node in a wire; the wire's name at the far end stays. */
export function createInWire(scene: Scene, entry: CatalogueEntry, at: Point, wire: SceneWire): Change {
  const size = sizeOf(entry);
  const { id, node } = fresh(
    scene.document,
    entry,
    entry.type === DOT ? at : besideSource(scene, size, at, wire.source),
  );
  const { inputs, outputs } = socketsOf(entry, [], []);
  const through = passage(wire, inputs, outputs, () => false);
  const links = through ? spliced(scene.document.links, wire, id, through) : scene.document.links;
  const room = through ? roomMade(scene, size, node.at, [wire.target]) : [];
  return made(entry, id, [{ op: 'addNode', id, node }, ...relinked(scene.document.links, links), ...room]);
}

function spliced(
  links: readonly Link[],
  wire: SceneWire,
  id: string,
  { input, output }: { readonly input: Socket; readonly output: Socket },
): Link[] {
  const source = wire.source;
  const key = input.free ? `${input.port}.${nameFor(links, id, input.port, source)}` : input.key;
  const further = withLink(links, { from: `${id}.${output.key}`, to: wire.link.to });
  return [...further, { from: wire.link.from, to: `${id}.${key}` }];
}

/** The links once a node of the scene stands in a wire; undefined where it cannot. */
export function insertedLinks(scene: Scene, node: SceneNode, wire: SceneWire): readonly Link[] | undefined {
  const { links } = scene.document;
  if (wire.source === node.id || wire.target === node.id) return undefined;
  const taken = (key: string): boolean => links.some(({ to }) => to === `${node.id}.${key}`);
  const through = passage(wire, node.inputs, node.outputs, taken);
  if (!through) return undefined;
  // A node whose output is used stands in a stream already: dropping it on another must not tie the two together.
  if (links.some(({ from }) => from.startsWith(`${node.id}.`))) return undefined;
  if (reach(scene.document, [wire.source], 'upstream').has(node.id)) return undefined;
  if (reach(scene.document, [wire.target], 'downstream').has(node.id)) return undefined;
  return spliced(links, wire, node.id, through);
}

/** True where a node of this kind could be at the other end of a wire from this socket. */
export function fitsAt(scene: Scene, entry: CatalogueEntry, place: SocketPlace): boolean {
  const socket = socketOf(scene, place);
  if (!socket) return false;
  const { inputs, outputs } = socketsOf(entry, [], []);
  if (place.side === 'output') return roomFor(inputs, socket.kind, () => false) !== undefined;
  return outputs.some(({ kind }) => joins(kind, socket.kind));
}

/** A new node at the other end of a wire that was dragged into nothing. */
export function createAtEnd(scene: Scene, entry: CatalogueEntry, at: Point, place: SocketPlace): Change {
  const { links } = scene.document;
  const { id, node } = fresh(scene.document, entry, at);
  const add: Edit = { op: 'addNode', id, node };
  const socket = socketOf(scene, place);
  const { inputs, outputs } = socketsOf(entry, [], []);
  if (place.side === 'output' && socket) {
    const room = roomFor(inputs, socket.kind, () => false);
    if (!room) return made(entry, id, [add]);
    const key = room.free ? `${room.port}.${nameFor(links, id, room.port, place.node)}` : room.key;
    return made(entry, id, [add, { op: 'addLink', from: `${place.node}.${place.key}`, to: `${id}.${key}` }]);
  }
  const output = socket && outputs.find(({ kind }) => joins(kind, socket.kind));
  if (!output) return made(entry, id, [add]);
  const key = socket.free ? `${socket.port}.${nameFor(links, place.node, socket.port, id)}` : socket.key;
  const link = { from: `${id}.${output.key}`, to: `${place.node}.${key}` };
  return made(entry, id, [add, ...relinked(links, withLink(links, link))]);
}
