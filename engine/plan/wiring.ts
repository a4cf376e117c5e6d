// Wiring: the links of a document resolved against the ports of its nodes; bypassed nodes stepped over; nodes in order.
import type { Document, Link } from '../document/schema.ts';
import { didYouMean, listNames } from '../image/names.ts';
import { outputsOf } from '../node/catalogue.ts';
import type { AnyNode } from '../node/define.ts';
import { canLink, type InputPort } from '../node/port.ts';
import type { Problem } from './problem.ts';

/** The far end of a link: an output of a node. */
export interface Source {
  readonly node: string;
  readonly port: string;
}

/** What is connected to an input port: one source, or named ones in the order of their links. */
export type Connection = Source | ReadonlyMap<string, Source>;

export const isMany = (connection: Connection): connection is ReadonlyMap<string, Source> => connection instanceof Map;

export interface Wiring {
  /** Node → input port → what is connected. */
  readonly inputs: ReadonlyMap<string, ReadonlyMap<string, Connection>>;
  /** Known nodes, each after all that feed it. Nodes on a cycle and below one are left out. */
  readonly order: readonly string[];
  readonly problems: readonly Problem[];
}

export function wire(document: Document, definitions: ReadonlyMap<string, AnyNode>): Wiring {
  const problems: Problem[] = [];
  const inputs = new Map<string, Map<string, Connection>>();
  for (const id of definitions.keys()) inputs.set(id, new Map());

  const connect = (link: Link): Problem | undefined => {
    const fail = (code: Problem['code'], message: string, node: string): Problem => {
      const fixes = [{ title: 'Remove the link', edits: [{ op: 'removeLink' as const, ...link }] }];
      return { severity: 'error', code, message: `Link ${link.from} → ${link.to}: ${message}`, where: { node }, fixes };
    };
    const from = splitEnd(link.from);
    const to = splitEnd(link.to);
    for (const end of [from, to]) {
      if (!Object.hasOwn(document.nodes, end.node))
        return fail(
          'link-unknown-node',
          `there is no node ${end.node}.${didYouMean(end.node, Object.keys(document.nodes))}`,
          end.node,
        );
    }
    const source = definitions.get(from.node);
    const target = definitions.get(to.node);
    if (!source || !target) return undefined; // an unknown type is reported once, at its node
    const outputs = outputsOf(source);
    const output = Object.hasOwn(outputs, from.port) ? outputs[from.port] : undefined;
    // At the node that goes without: what is wrong at a node that nothing else uses would not keep a run from starting.
    if (!output || from.name !== undefined)
      return fail(
        'link-unknown-port',
        `${from.node} has no output ${from.port}; it has: ${listNames(Object.keys(outputs))}.`,
        to.node,
      );
    const input: InputPort | undefined = Object.hasOwn(target.inputs, to.port) ? target.inputs[to.port] : undefined;
    if (!input)
      return fail(
        'link-unknown-port',
        `${to.node} has no input ${to.port}; it has: ${listNames(Object.keys(target.inputs))}.`,
        to.node,
      );
    if (input.many !== (to.name !== undefined)) {
      const form = input.many ? `${to.node}.${to.port}.NAME, under a name that you give` : `${to.node}.${to.port}`;
      return fail('link-unknown-port', `expected a link to ${form}.`, to.node);
    }
    if (!canLink(output.kind, input.kind)) {
      return fail('link-kind', `${from.port} gives ${output.kind}, but ${to.port} takes ${input.kind}.`, to.node);
    }
    const ports = inputs.get(to.node)!;
    const end: Source = { node: from.node, port: from.port };
    if (to.name === undefined) {
      if (ports.has(to.port))
        return fail('link-duplicate', `${link.to} is connected already; remove one of its links.`, to.node);
      ports.set(to.port, end);
    } else {
      const named = (ports.get(to.port) ?? new Map()) as Map<string, Source>;
      if (named.has(to.name))
        return fail('link-duplicate', `${link.to} is connected already; remove one of its links.`, to.node);
      ports.set(to.port, named.set(to.name, end));
    }
    return undefined;
  };
  for (const link of document.links) {
    const problem = connect(link);
    if (problem) problems.push(problem);
  }

  const order = sortByDependence(inputs);
  const placed = new Set(order);
  for (const id of inputs.keys()) {
    if (!placed.has(id) && reaches(inputs, id, id)) {
      problems.push({
        severity: 'error',
        code: 'link-cycle',
        message: `${id} feeds itself. Remove one of the links of the cycle.`,
        where: { node: id },
      });
    }
  }
  const connected = stepOverDisabled(document, inputs, definitions, order);
  return { inputs: connected.inputs, order, problems: [...problems, ...connected.problems] };
}

/** `node.port` or `node.port.name`; a name may hold dots no more than an id may. */
function splitEnd(end: string): { node: string; port: string; name: string | undefined } {
  const [node = '', port = '', name] = end.split('.');
  return { node, port, name };
}

const sourcesOf = (ports: ReadonlyMap<string, Connection>): Source[] =>
  [...ports.values()].flatMap((c) => (isMany(c) ? [...c.values()] : [c]));

function sortByDependence(inputs: ReadonlyMap<string, ReadonlyMap<string, Connection>>): string[] {
  const waiting = new Map<string, number>();
  const users = new Map<string, string[]>();
  for (const [id, ports] of inputs) {
    const feeds = new Set(sourcesOf(ports).map((s) => s.node));
    waiting.set(id, feeds.size);
    for (const feed of feeds) users.set(feed, [...(users.get(feed) ?? []), id]);
  }
  const ready = [...waiting].filter(([, count]) => count === 0).map(([id]) => id);
  const order: string[] = [];
  for (let id = ready.shift(); id !== undefined; id = ready.shift()) {
    order.push(id);
    for (const user of users.get(id) ?? []) {
      const left = waiting.get(user)! - 1;
      waiting.set(user, left);
      if (left === 0) ready.push(user);
    }
  }
  return order;
}

function reaches(inputs: ReadonlyMap<string, ReadonlyMap<string, Connection>>, from: string, to: string): boolean {
  const seen = new Set<string>();
  const stack = sourcesOf(inputs.get(from) ?? new Map()).map((s) => s.node);
  for (let id = stack.pop(); id !== undefined; id = stack.pop()) {
    if (id === to) return true;
    if (seen.has(id)) continue;
    seen.add(id);
    stack.push(...sourcesOf(inputs.get(id) ?? new Map()).map((s) => s.node));
  }
  return false;
}

/** What a bypassed node hands on: what its first connected input of its output's kind brings, or nothing because of `dead`. */
type Passed = { readonly source: Source } | { readonly dead: string };

/** Replaces bypassed nodes by what they hand on. One that has nothing to hand on is a problem where somebody needs it. */
function stepOverDisabled(
  document: Document,
  inputs: ReadonlyMap<string, ReadonlyMap<string, Connection>>,
  definitions: ReadonlyMap<string, AnyNode>,
  order: readonly string[],
): { inputs: Map<string, Map<string, Connection>>; problems: Problem[] } {
  const passed = new Map<string, Passed>();
  const result = new Map<string, Map<string, Connection>>();
  const problems = new Map<string, Problem>();
  for (const id of order) {
    const declared = definitions.get(id)!.inputs as Readonly<Record<string, InputPort>>;
    const disabled = document.nodes[id]?.disabled === true;
    const ports = new Map<string, Connection>();
    let dead: string | undefined;
    const follow = (source: Source, port: string): Source | undefined => {
      const step = passed.get(source.node);
      if (!step || 'source' in step) return step?.source ?? source;
      dead ??= step.dead;
      const needed = !declared[port]!.many && !declared[port]!.optional;
      if (!disabled && (needed || !problems.has(step.dead)))
        problems.set(step.dead, nothingToHandOn(step.dead, `${id}.${port}`, needed ? 'error' : 'warning'));
      return undefined;
    };
    for (const [port, connection] of inputs.get(id)!) {
      if (isMany(connection)) {
        const named = new Map<string, Source>();
        for (const [name, source] of connection) {
          const end = follow(source, port);
          if (end) named.set(name, end);
        }
        if (named.size > 0) ports.set(port, named);
      } else {
        const end = follow(connection, port);
        if (end) ports.set(port, end);
      }
    }
    result.set(id, ports);
    if (!disabled) continue;
    const handed = Object.values(outputsOf(definitions.get(id)!))[0]?.kind ?? 'image';
    const first = Object.keys(declared).find((name) => declared[name]!.kind === handed && ports.has(name));
    const connection = first === undefined ? undefined : ports.get(first)!;
    const source = connection && (isMany(connection) ? [...connection.values()][0] : connection);
    passed.set(id, source ? { source } : { dead: dead ?? id });
  }
  return { inputs: result, problems: [...problems.values()] };
}

const nothingToHandOn = (id: string, at: string, severity: Problem['severity']): Problem => ({
  severity,
  code: 'node-disabled-source',
  message: `${id} is bypassed and has no image to hand on, but ${at} expects one. Enable ${id}, or link something else.`,
  where: { node: id },
  fixes: [{ title: `Enable ${id}`, edits: [{ op: 'setDisabled', node: id, disabled: false }] }],
});
