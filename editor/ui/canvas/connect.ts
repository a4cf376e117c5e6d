// Connecting: which sockets may be joined, and the edits that join, part and re-route wires.
import { isName, type Link, parseLinkEnd } from '../../../engine/browser.ts';
import { batch, type Change, counted, type Refused, refused, relinked, withLink } from './change.ts';
import { freeName } from './names.ts';
import { joins, type Side, type Socket } from './ports.ts';
import { findSocket, reach, type Scene } from './scene.ts';

/** A socket of a node of the scene. */
export interface SocketPlace {
  readonly node: string;
  readonly side: Side;
  readonly key: string;
}

/** Why two sockets cannot be joined, in a word or a few; undefined where they can. */
export function misfit(scene: Scene, a: SocketPlace, b: SocketPlace): string | undefined {
  const [from, to] = a.side === 'output' ? [a, b] : [b, a];
  if (from.side !== 'output' || to.side !== 'input') {
    return a.side === 'output' ? 'An output goes to an input.' : 'An input takes an output.';
  }
  const source = socketOf(scene, from);
  const target = socketOf(scene, to);
  if (!source || !target) return 'This port is gone.';
  if (!joins(source.kind, target.kind)) return `This input takes ${article(target.kind)}, not ${article(source.kind)}.`;
  if (from.node === to.node || reach(scene.document, [to.node], 'downstream').has(from.node)) {
    return 'This would close a cycle.';
  }
  return undefined;
}

const article = (kind: string): string => (/^[aeiou]/.test(kind) ? `an ${kind}` : `a ${kind}`);

export function socketOf(scene: Scene, { node, side, key }: SocketPlace): Socket | undefined {
  const found = scene.nodes.get(node);
  return found && findSocket(found, side, key);
}

/** A name for one more input of a port that takes many: the source's id, or that with a number. */
export function nameFor(links: readonly Link[], node: string, port: string, source: string): string {
  return freeName(source, (name) => links.some(({ to }) => to === `${node}.${port}.${name}`));
}

/** Why a text cannot be the name of one more input; undefined where it can. */
export function nameTrouble(links: readonly Link[], node: string, port: string, name: string): string | undefined {
  if (name === '') return 'Type a name.';
  if (!isName(name)) return 'A letter, then letters, digits, _ or -.';
  return links.some(({ to }) => to === `${node}.${port}.${name}`) ? `There is an input ${name} already.` : undefined;
}

export interface Connection {
  readonly from: SocketPlace;
  readonly to: SocketPlace;
  /** For the free place of a port that takes many; the source's id unless told. */
  readonly name?: string;
  /** A link that the gesture picked up and moves. */
  readonly instead?: Link;
}

/** Joins two sockets. What was linked to the input before gives way. */
export function connect(scene: Scene, { from, to, name, instead }: Connection): Change | Refused {
  const trouble = misfit(scene, from, to);
  if (trouble !== undefined) return refused(trouble);
  const { links } = scene.document;
  const target = socketOf(scene, to)!;
  const others = instead ? links.filter((link) => link.to !== instead.to) : links;
  const own = instead && parseLinkEnd(instead.to);
  const wanted = name ?? (own?.node === to.node && own.port === target.port ? own.name : undefined);
  const key = target.free ? `${target.port}.${wanted ?? nameFor(others, to.node, target.port, from.node)}` : to.key;
  const link = { from: `${from.node}.${from.key}`, to: `${to.node}.${key}` };
  const same = instead && instead.to === link.to;
  const edits = relinked(links, withLink(same ? links : others, link));
  if (edits.length === 0) return refused('These are connected already.');
  return { edit: batch(edits), intent: `Connect ${from.node} to ${to.node}` };
}

/** Takes a wire away. */
export const disconnect = ({ from, to }: Link): Change => ({
  edit: { op: 'removeLink', from, to },
  intent: `Disconnect ${parseLinkEnd(from).node} from ${parseLinkEnd(to).node}`,
});

/**
 * Joins nodes with one another: the last of them that can be fed is, by the first outputs of the others. A wire that stands
 * at its only fitting input gives way where just two nodes are joined.
 */
export function connectNodes(scene: Scene, ids: readonly string[]): Change | Refused {
  const { links } = scene.document;
  for (const target of ids.toReversed()) {
    const sources = ids.filter((id) => id !== target);
    const joined = sources.reduce(
      (found, source) => joinedLinks(scene, found, source, target, ids.length === 2),
      links,
    );
    const edits = relinked(links, joined);
    if (edits.length > 0) {
      return {
        edit: batch(edits),
        intent: `Connect ${sources.length === 1 ? sources[0] : `${sources.length} nodes`} to ${target}`,
      };
    }
  }
  return refused(ids.length < 2 ? 'Select the nodes to connect.' : 'These cannot be connected.');
}

function joinedLinks(
  scene: Scene,
  links: readonly Link[],
  source: string,
  target: string,
  replaces: boolean,
): readonly Link[] {
  const [from, to] = [scene.nodes.get(source), scene.nodes.get(target)];
  if (!from || !to || reach(scene.document, [target], 'downstream').has(source)) return links;
  if (links.some((link) => parseLinkEnd(link.from).node === source && parseLinkEnd(link.to).node === target))
    return links;
  const taken = (key: string): boolean => links.some((link) => link.to === `${target}.${key}`);
  for (const output of from.outputs) {
    const room =
      roomFor(to.inputs, output.kind, taken) ?? (replaces ? roomFor(to.inputs, output.kind, () => false) : undefined);
    if (!room) continue;
    const key = room.free ? `${room.port}.${nameFor(links, target, room.port, source)}` : room.key;
    return withLink(links, { from: `${source}.${output.key}`, to: `${target}.${key}` });
  }
  return links;
}

/** Takes away all wires that end at some nodes. */
export function disconnectInputs(scene: Scene, ids: readonly string[]): Change | Refused {
  const { links } = scene.document;
  const left = links.filter(({ to }) => !ids.includes(parseLinkEnd(to).node));
  if (left.length === links.length) return refused('Nothing is connected to these.');
  return { edit: batch(relinked(links, left)), intent: counted('Disconnect', ids) };
}

/** The first socket that an output of this kind could go into: a single input that is free, or one more of many. */
export function roomFor(
  sockets: readonly Socket[],
  kind: Socket['kind'],
  taken: (key: string) => boolean,
): Socket | undefined {
  const fitting = sockets.filter((socket) => socket.side === 'input' && joins(kind, socket.kind));
  return fitting.find(({ key, free }) => free || !taken(key));
}
