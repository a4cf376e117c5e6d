// The sockets of a node: what the catalogue says of its ports, and the names that links give to ports that take many.
import {
  type CatalogueEntry,
  type HeldTemplate,
  type Link,
  parseLinkEnd,
  TEMPLATE_PORT,
} from '../../../engine/browser.ts';

export type PortKind = CatalogueEntry['inputs'][number]['kind'];
export type Side = 'input' | 'output';

/** What a socket whose node or port is not in the catalogue joins: anything, as nobody can tell. */
export type SocketKind = PortKind | 'unknown';

export interface Socket {
  /** What stands after the node in a link's end: `image`, `sources.beauty`; the free place of a port that takes many is `sources.+`. */
  readonly key: string;
  readonly port: string;
  readonly label: string;
  readonly kind: SocketKind;
  readonly side: Side;
  readonly doc: string;
  /** True for the place where a port that takes many takes one more. */
  readonly free: boolean;
  /** True for one of many. */
  readonly named: boolean;
  readonly optional: boolean;
}

export interface Sockets {
  readonly inputs: readonly Socket[];
  readonly outputs: readonly Socket[];
}

/** What follows the node in the end of a link: `port` or `port.name`. */
export const keyOf = (end: string): string => end.slice(end.indexOf('.') + 1);

/** Two sockets may be joined where their kinds are equal; the engine says more once it sees the link. */
export const joins = (a: SocketKind, b: SocketKind): boolean => a === b || a === 'unknown' || b === 'unknown';

/**
 * The sockets of a node. `entry` is undefined for a type that is not installed: then, and for links to ports that the
 * catalogue does not know, the links themselves tell what there is, so that no wire ends in the air. A node that holds a
 * template has the inputs of that, and an output only where it gives an image.
 */
export function socketsOf(
  entry: CatalogueEntry | undefined,
  incoming: readonly Link[],
  outgoing: readonly Link[],
  held?: Pick<HeldTemplate, 'inputs' | 'gives'>,
): Sockets {
  const inputs: Socket[] = [];
  for (const port of entry?.inputs ?? []) {
    const base = { port: port.name, kind: port.kind, side: 'input', doc: port.doc, optional: port.optional } as const;
    if (!port.many) {
      inputs.push({ ...base, key: port.name, label: port.name, free: false, named: false });
      continue;
    }
    const offered = port.name === TEMPLATE_PORT ? held?.inputs : undefined;
    for (const name of offered ?? []) {
      const doc = `The template's input ${name}.`;
      inputs.push({ ...base, key: `${port.name}.${name}`, label: name, free: false, named: true, doc });
    }
    for (const { to } of incoming) {
      const end = parseLinkEnd(to);
      if (end.port !== port.name || end.name === undefined || offered?.includes(end.name)) continue;
      const doc = offered ? 'The template has no input of this name.' : port.doc;
      inputs.push({ ...base, key: keyOf(to), label: end.name, free: false, named: true, doc });
    }
    if (!offered) inputs.push({ ...base, key: `${port.name}.+`, label: port.name, free: true, named: true });
  }
  const given = held?.gives === false ? [] : (entry?.outputs ?? []);
  const outputs: Socket[] = given.map((port) => ({
    key: port.name,
    port: port.name,
    label: port.name,
    kind: port.kind,
    side: 'output',
    doc: port.doc,
    free: false,
    named: false,
    optional: false,
  }));
  addUnknown(
    inputs,
    'input',
    incoming.map(({ to }) => to),
  );
  addUnknown(
    outputs,
    'output',
    outgoing.map(({ from }) => from),
  );
  return { inputs, outputs };
}

function addUnknown(sockets: Socket[], side: Side, ends: readonly string[]): void {
  for (const end of ends) {
    const key = keyOf(end);
    if (sockets.some((socket) => socket.key === key)) continue;
    const { port, name } = parseLinkEnd(end);
    sockets.push({
      key,
      port,
      label: name ?? port,
      kind: 'unknown',
      side,
      doc: 'No installed node has this port.',
      free: false,
      named: name !== undefined,
      optional: true,
    });
  }
}
