// saveDocument: the one text of a document, made to be read and compared line by line.
import type { Json } from '../base/canonical.ts';
import type { Document, DocumentNode } from './schema.ts';

/**
 * Keys in a fixed order; one line a variable, a promoted parameter, a node, a link, a backdrop and a note; positions last in
 * a node. The order of nodes, links and parameters is the document's own. What is empty is left out, but for nodes and links.
 * Loading and saving such a text gives it back unchanged.
 */
export function saveDocument(document: Document): string {
  const { frames } = document;
  const range = frames.range === undefined ? {} : { range: frames.range };
  const members = [
    `"sluice": ${document.sluice}`,
    `"name": ${write(document.name)}`,
    ...(document.doc === undefined ? [] : [`"doc": ${write(document.doc)}`]),
    `"frames": ${write({ ...range, mismatch: frames.mismatch, align: frames.align })}`,
  ];
  const variables = Object.entries(document.variables).map(
    ([name, { type, default: value }]) => `${write(name)}: ${write({ type, default: value })}`,
  );
  if (variables.length > 0) members.push(`"variables": ${block('{', variables, '}')}`);
  const promoted = document.promoted.map(({ name, title, doc, to }) => write({ name, title, doc, to }));
  if (promoted.length > 0) members.push(`"promoted": ${block('[', promoted, ']')}`);
  const nodes = Object.entries(document.nodes).map(([id, node]) => `${write(id)}: ${write(ordered(node))}`);
  const links = document.links.map(({ from, to }) => write({ from, to }));
  members.push(`"nodes": ${block('{', nodes, '}')}`, `"links": ${block('[', links, ']')}`);
  const canvas = canvasOf(document);
  if (canvas.length > 0) members.push(`"canvas": {\n    ${canvas.join(',\n    ')}\n  }`);
  return `{\n  ${members.join(',\n  ')}\n}\n`;
}

function canvasOf({ canvas }: Document): string[] {
  const backdrops = Object.entries(canvas?.backdrops ?? {}).map(
    ([id, { title, colour, at, size }]) => `${write(id)}: ${write({ title, colour, at, size })}`,
  );
  const notes = Object.entries(canvas?.notes ?? {}).map(
    ([id, { text, at, size }]) => `${write(id)}: ${write({ text, at, size })}`,
  );
  const member = (name: string, lines: readonly string[]): string[] =>
    lines.length === 0 ? [] : [`"${name}": {\n      ${lines.join(',\n      ')}\n    }`];
  return [...member('backdrops', backdrops), ...member('notes', notes)];
}

const ordered = ({ type, version, title, disabled, params, animation, at }: DocumentNode) => ({
  type,
  version,
  title,
  disabled,
  params,
  // Keys of a curve have no form of their own in JSON.
  animation: animation as Json | undefined,
  at,
});

const block = (open: string, lines: readonly string[], close: string): string =>
  lines.length === 0 ? open + close : `${open}\n    ${lines.join(',\n    ')}\n  ${close}`;

/** JSON on one line with a space after commas and colons; `-0` keeps its sign. */
function write(value: Json | undefined): string {
  if (Object.is(value, -0)) return '-0';
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map((v: Json) => write(v)).join(', ')}]`;
  const members = Object.entries(value)
    .filter(([, inner]) => inner !== undefined)
    .map(([key, inner]) => `${JSON.stringify(key)}: ${write(inner)}`);
  return members.length === 0 ? '{}' : `{ ${members.join(', ')} }`;
}
