// Templates: a graph as one node. What the node holds, and the edit that puts a template into a document.
import { canonicalJson, type Json } from '../base/canonical.ts';
import { sha256 } from '../base/sha256.ts';
import type { Edit } from './edits.ts';
import { parseEmbedded } from './load.ts';
import { type Document, type DocumentNode, isName, type Params, type Position } from './schema.ts';

/** The nodes that make templates, as documents name them. */
export const TEMPLATE_TYPES = {
  instance: 'template.instance',
  input: 'template.input',
  output: 'template.output',
} as const;

/** The port of an instance under which its inputs are named: a link ends at `instance.inputs.NAME`. */
export const TEMPLATE_PORT = 'inputs';

/** Where an instance's template came from: its file, its name, and the fingerprint that it had. */
export interface TemplateSource {
  readonly path: string;
  readonly name: string;
  readonly version: string;
}

/** A node that is about to be added. */
export interface NewNode {
  readonly id: string;
  readonly node: DocumentNode;
}

/** The graph inside a node, with what it shows outside. */
export interface HeldTemplate {
  readonly template: Document;
  /** Names of its inputs, in its own order. */
  readonly inputs: readonly string[];
  /** False where the template writes files and gives no image. */
  readonly gives: boolean;
}

/** The template of an instance; undefined for any other node, and where what it holds is no sound graph. */
export function templateOf(node: DocumentNode): HeldTemplate | undefined {
  if (node.type !== TEMPLATE_TYPES.instance) return undefined;
  const { document: template, problems } = parseEmbedded(node.params['template']);
  if (!template || problems.length > 0) return undefined;
  const nodes = Object.values(template.nodes);
  return {
    template,
    inputs: nodes.filter(({ type }) => type === TEMPLATE_TYPES.input).map(inputName),
    gives: nodes.some(({ type }) => type === TEMPLATE_TYPES.output),
  };
}

const inputName = ({ params: { name } }: DocumentNode): string => (typeof name === 'string' ? name : 'image');

/** The fingerprint of a template: 32 hexadecimal digits, the same on every machine. */
export const templateVersion = (template: Document): string =>
  sha256(canonicalJson(template as unknown as Json)).slice(0, 32);

/** A node that holds a template, under an id that is free in the document. */
export function instanceOf(
  document: Document,
  template: Document,
  at: Position,
  values: Params = {},
  source?: TemplateSource,
): NewNode {
  const params: Params = {
    template: template as unknown as Json,
    ...(Object.keys(values).length > 0 ? { values } : {}),
    ...(source ? { source: { ...source } } : {}),
  };
  const node: DocumentNode = { type: TEMPLATE_TYPES.instance, version: 1, title: template.name, params, at };
  return { id: freeName(template.name, (id) => Object.hasOwn(document.nodes, id)), node };
}

/** The edit that puts a whole template into a document, as one node with its own copy of it. */
export function insertTemplate(
  document: Document,
  template: Document,
  at: Position,
  source?: TemplateSource,
): NewNode & { readonly edit: Edit } {
  const added = instanceOf(document, template, at, {}, source);
  return { ...added, edit: { op: 'addNode', ...added } };
}

/** The text itself where it is a name, else a name made of its words; with a number behind it where it is taken. */
export function freeName(text: string, taken: (name: string) => boolean): string {
  const words = text.normalize('NFKD').match(/[A-Za-z0-9]+/g) ?? [];
  const joined = words.map((word, i) => (i === 0 ? word[0]!.toLowerCase() : word[0]!.toUpperCase()) + word.slice(1));
  const candidates = [text, joined.join('').replace(/^[0-9]+/, ''), 'template'].map((name) => name.slice(0, 100));
  const base = candidates.find(isName)!;
  if (!taken(base)) return base;
  let number = 2;
  while (taken(`${base}${number}`)) number += 1;
  return `${base}${number}`;
}
