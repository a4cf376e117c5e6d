// Gathering: a selection of nodes becomes a template, and one node that works as the selection did takes its place.
import type { Json } from '../base/canonical.ts';
import { mentions, referencesOf, referredNode } from './animation.ts';
import type { Edit } from './edits.ts';
import { misfit } from './refusal.ts';
import {
  type Document,
  type DocumentNode,
  emptyDocument,
  type Link,
  nodeOf,
  type Params,
  type Position,
  type Promoted,
  parseLinkEnd,
  type Variable,
} from './schema.ts';
import { freeName, instanceOf, type NewNode, TEMPLATE_PORT, TEMPLATE_TYPES } from './template.ts';
import { namesIn } from './variables.ts';

export interface GatherOptions {
  /** What the template is called. */
  readonly name: string;
  /** The output, as `node.port`, that the template gives where no link leads out of the selection. */
  readonly output?: string;
}

export interface Gathered {
  readonly template: Document;
  readonly instance: NewNode;
  /** Puts the instance in the place of the selection, wired alike. */
  readonly edit: Edit;
}

/** How far the template's own inputs and outputs stand from its nodes. */
const APART = 240;

/**
 * Makes a template of a selection. Links that come in from outside become inputs, named as the user named them or after
 * the node they come from; the link that goes out becomes the output. Parameters that are promoted stay promoted,
 * through the template; variables that the selection uses become variables of the template that follow those outside.
 *
 * Throws `edit-invalid` where nothing is selected, where images of several outputs go out, where the selection already
 * has a template's input or output, where an image would go out and come back in, and where an expression on one side
 * speaks of a parameter on the other.
 */
export function templateFrom(document: Document, nodeIds: Iterable<string>, options: GatherOptions): Gathered {
  const chosen = selected(document, nodeIds);
  const inside = (end: string): boolean => Object.hasOwn(chosen, nodeOf(end));
  refuseDetour(document, chosen);
  refuseReferences(document, chosen);
  const output = outputOf(document, inside, options.output);
  const inputs = inputsOf(document, inside);
  const promoted = innerPromoted(document, inside);
  const variables = usedVariables(document, chosen);
  const template = templateDocument(document, chosen, { name: options.name, inputs, output, promoted, variables });

  const values = Object.fromEntries(Object.keys(variables).map((name) => [name, `\${${name}}`]));
  const instance = instanceOf(document, template, middle(Object.values(chosen)), values);
  const edit: Edit = {
    op: 'batch',
    edits: [
      ...Object.keys(chosen).map((id): Edit => ({ op: 'removeNode', id })),
      { op: 'addNode', ...instance, index: Object.keys(document.nodes).findIndex((id) => Object.hasOwn(chosen, id)) },
      { op: 'setLinks', links: outerLinks(document, inside, instance.id, inputs) },
      ...(promoted.size > 0
        ? [{ op: 'setPromoted' as const, promoted: outerPromoted(document, inside, instance.id, promoted) }]
        : []),
    ],
  };
  return { template, instance, edit };
}

type Nodes = Readonly<Record<string, DocumentNode>>;
type Inside = (end: string) => boolean;

function selected(document: Document, nodeIds: Iterable<string>): Nodes {
  const wanted = new Set(nodeIds);
  for (const id of wanted) if (!Object.hasOwn(document.nodes, id)) throw misfit(`There is no node ${id}.`, id);
  if (wanted.size === 0) throw misfit('Nothing is selected. Select the nodes that make up the template.');
  const chosen = Object.entries(document.nodes).filter(([id]) => wanted.has(id));
  const edge = chosen.find(([, { type }]) => type === TEMPLATE_TYPES.input || type === TEMPLATE_TYPES.output);
  if (edge)
    throw misfit(`${edge[0]} is an input or output of a template itself. Leave it out of the selection.`, edge[0]);
  return Object.fromEntries(chosen);
}

/** An outside node that is fed by the selection and feeds it would stand in a cycle with the new node. */
function refuseDetour(document: Document, chosen: Nodes): void {
  const after = beyond(document.links, chosen, 'from', 'to');
  const before = beyond(document.links, chosen, 'to', 'from');
  const between = [...after].find((id) => before.has(id));
  if (between !== undefined) {
    throw misfit(`${between} lies between selected nodes. Select it too, or leave out what comes after it.`, between);
  }
}

/** A template knows nothing of the parameters outside, nor these of those in it. */
function refuseReferences(document: Document, chosen: Nodes): void {
  const ids = new Set(Object.keys(chosen));
  for (const [id, { animation }] of Object.entries(document.nodes)) {
    const across = ids.has(id)
      ? referencesOf(animation).find((name) => name.includes('.') && !ids.has(referredNode(name)!))
      : mentions(animation, ids) && referencesOf(animation).find((name) => ids.has(referredNode(name) ?? ''));
    if (across) {
      const message = `An expression of ${id} speaks of ${across}, which would lie on the other side of the template. Select both nodes, or put a variable in its place.`;
      throw misfit(message, id);
    }
  }
}

/** The outside nodes that are reached from the chosen ones along links in one direction. */
function beyond(links: readonly Link[], chosen: Nodes, near: 'from' | 'to', far: 'from' | 'to'): Set<string> {
  const next = new Map<string, string[]>();
  for (const link of links) {
    const known = next.get(nodeOf(link[near]));
    if (known) known.push(nodeOf(link[far]));
    else next.set(nodeOf(link[near]), [nodeOf(link[far])]);
  }
  const found = new Set<string>();
  const open = Object.keys(chosen);
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    for (const other of next.get(id) ?? []) {
      if (Object.hasOwn(chosen, other) || found.has(other)) continue;
      found.add(other);
      open.push(other);
    }
  }
  return found;
}

function outputOf(document: Document, inside: Inside, wanted: string | undefined): string | undefined {
  const going = [
    ...new Set(document.links.filter(({ from, to }) => inside(from) && !inside(to)).map(({ from }) => from)),
  ];
  if (going.length > 1) {
    const ends = going.join(', ');
    throw misfit(
      `A template gives one image, but ${going.length} go out of the selection: ${ends}. Select fewer nodes.`,
    );
  }
  if (wanted !== undefined && !inside(wanted))
    throw misfit(`${wanted} does not belong to the selection.`, nodeOf(wanted));
  return going[0] ?? wanted;
}

/** The outputs outside that feed the selection → the name of the input for each, in the order of the links. */
function inputsOf(document: Document, inside: Inside): ReadonlyMap<string, string> {
  const inputs = new Map<string, string>();
  const taken = new Set<string>();
  for (const { from, to } of document.links) {
    if (inside(from) || !inside(to) || inputs.has(from)) continue;
    const name = freeName(parseLinkEnd(to).name ?? nodeOf(from), (other) => taken.has(other));
    taken.add(name);
    inputs.set(from, name);
  }
  return inputs;
}

/** What is promoted from inside: the name outside → the promoted parameter of the template. */
function innerPromoted(document: Document, inside: Inside): ReadonlyMap<string, Promoted> {
  const taken = new Set(Object.keys(document.variables));
  const found = new Map<string, Promoted>();
  for (const promoted of document.promoted) {
    const to = promoted.to.filter(inside);
    if (to.length === 0) continue;
    // A value goes to what is promoted before it goes to a variable, so that one name must not mean both.
    const name = taken.has(promoted.name) ? freeName(promoted.name, (other) => taken.has(other)) : promoted.name;
    taken.add(name);
    found.set(promoted.name, { ...promoted, name, to });
  }
  return found;
}

function usedVariables(document: Document, chosen: Nodes): Readonly<Record<string, Variable>> {
  const names = new Set(
    Object.values(chosen).flatMap((node) => [...[...textsOf(node)].flatMap(namesIn), ...referencesOf(node.animation)]),
  );
  return Object.fromEntries(Object.entries(document.variables).filter(([name]) => names.has(name)));
}

/** The texts in which variables of the document are filled in: not those of a template inside. */
function* textsOf({ type, params }: DocumentNode): Generator<string> {
  const open: Json[] = Object.entries(params)
    .filter(([name]) => type !== TEMPLATE_TYPES.instance || name !== 'template')
    .map(([, value]) => value);
  for (let value = open.pop(); value !== undefined; value = open.pop()) {
    if (typeof value === 'string') yield value;
    else if (value !== null && typeof value === 'object') open.push(...(Object.values(value) as Json[]));
  }
}

function templateDocument(
  document: Document,
  chosen: Nodes,
  made: {
    readonly name: string;
    readonly inputs: ReadonlyMap<string, string>;
    readonly output: string | undefined;
    readonly promoted: ReadonlyMap<string, Promoted>;
    readonly variables: Readonly<Record<string, Variable>>;
  },
): Document {
  const places = Object.values(chosen).map(({ at }) => at);
  const left = Math.min(...places.map(([x]) => x)) - APART;
  const right = Math.max(...places.map(([x]) => x)) + APART;
  const top = Math.min(...places.map(([, y]) => y));
  const nodes: Record<string, DocumentNode> = {};
  const ids = new Map<string, string>();
  const add = (text: string, type: string, params: Params, at: Position): string => {
    const id = freeName(text, (other) => Object.hasOwn(nodes, other) || Object.hasOwn(chosen, other));
    nodes[id] = { type, version: 1, params, at };
    return id;
  };
  for (const [from, name] of made.inputs) {
    ids.set(from, add(name, TEMPLATE_TYPES.input, { name }, [left, top + ids.size * 80]));
  }
  Object.assign(nodes, chosen);
  const links = document.links
    .filter(({ to }) => Object.hasOwn(chosen, nodeOf(to)))
    .map(({ from, to }) => ({ from: ids.has(from) ? `${ids.get(from)}.image` : from, to }));
  if (made.output !== undefined) {
    const id = add('output', TEMPLATE_TYPES.output, {}, [right, top]);
    links.push({ from: made.output, to: `${id}.image` });
  }
  const promoted = [...made.promoted.values()];
  return { ...emptyDocument(made.name), variables: made.variables, promoted, nodes, links };
}

/** The links outside, each where it was: the order of links to one node counts. */
function outerLinks(document: Document, inside: Inside, id: string, inputs: ReadonlyMap<string, string>): Link[] {
  const fed = new Set<string>();
  return document.links.flatMap(({ from, to }): Link[] => {
    if (!inside(to)) return [{ from: inside(from) ? `${id}.image` : from, to }];
    if (inside(from) || fed.has(from)) return [];
    fed.add(from);
    return [{ from, to: `${id}.${TEMPLATE_PORT}.${inputs.get(from)}` }];
  });
}

function outerPromoted(
  document: Document,
  inside: Inside,
  id: string,
  promoted: ReadonlyMap<string, Promoted>,
): Promoted[] {
  return document.promoted.map((outer) => {
    const inner = promoted.get(outer.name);
    if (!inner) return outer;
    return { ...outer, to: [`${id}.values.${inner.name}`, ...outer.to.filter((target) => !inside(target))] };
  });
}

function middle(nodes: readonly DocumentNode[]): Position {
  const mean = (axis: 0 | 1): number => Math.round(nodes.reduce((sum, { at }) => sum + at[axis], 0) / nodes.length);
  return [mean(0), mean(1)];
}
