// Rows of attributes: which can be edited, which a filter leaves, and those that the node itself takes away.
import {
  ATTRIBUTE_TYPES,
  type CatalogueEntry,
  type Document,
  STRUCTURAL_ATTRIBUTES,
} from '../../../../engine/browser.ts';
import type { AttributeRow } from '../../../protocol.ts';
import { reach } from '../../canvas/scene.ts';
import { type AttributeEditor, editsOf } from './target.ts';

/** A row of the table. */
export interface ShownRow extends AttributeRow {
  /** False where the node takes it away: shown so that it can be brought back. */
  readonly enabled: boolean;
}

/** Why an attribute cannot be changed as one; undefined where it can. */
export function readOnlyReason(row: AttributeRow): string | undefined {
  if (row.owner !== undefined || Object.hasOwn(STRUCTURAL_ATTRIBUTES, row.name)) {
    return `It describes the file itself: see ${row.owner ?? STRUCTURAL_ATTRIBUTES[row.name]}.`;
  }
  if (isOpaque(row)) return `The type ${row.type} is not known here: it is kept byte for byte, and can be removed.`;
  return undefined;
}

/** True for a type that nobody here can read; its bytes are kept. */
export const isOpaque = (row: AttributeRow): boolean =>
  row.value === undefined && !Object.hasOwn(ATTRIBUTE_TYPES, row.type);

/** Those that hold all words of the filter in their name, type, value or source. */
export function filterRows<Row extends AttributeRow>(rows: readonly Row[], filter: string): Row[] {
  const words = filter.toLowerCase().split(/\s+/).filter(Boolean);
  return rows.filter((row) => {
    const text = `${row.name} ${row.type} ${row.text} ${row.source ?? ''}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
}

/**
 * The rows of the image, off where the node itself deletes them by name: those that can be set first, then what is gone
 * from the image already, then what describes the file itself.
 * `names` are those of the parts, by number.
 */
export function withRemoved(
  rows: readonly AttributeRow[],
  editor: AttributeEditor | undefined,
  names: readonly (string | undefined)[] = [],
): ShownRow[] {
  const wishes = editor?.own ? editsOf(editor) : [];
  const isOff = (name: string, part: number): boolean =>
    wishes.findLast(
      (edit) =>
        (edit['op'] === 'delete' || edit['op'] === 'set') &&
        edit['name'] === name &&
        (edit['part'] === undefined || edit['part'] === part || edit['part'] === names[part]),
    )?.['op'] === 'delete';
  const there = rows.map((row): ShownRow => ({ ...row, enabled: !isOff(row.name, row.part) }));
  const known = new Set(rows.map(({ part, name }) => `${part} ${name}`));
  const deleted = new Set(
    wishes.flatMap(({ op, name }) => (op === 'delete' && typeof name === 'string' ? [name] : [])),
  );
  const parts = names.length > 0 ? [...names.keys()] : [0];
  const source = editor?.node ?? '';
  const gone = parts.flatMap((part) =>
    [...deleted]
      .filter((name) => !name.includes('*') && !known.has(`${part} ${name}`) && isOff(name, part))
      .map((name): ShownRow => ({ part, name, type: '', text: 'removed here', source, enabled: false })),
  );
  const isOwned = ({ owner }: ShownRow): boolean => owner !== undefined;
  return [...there.filter((row) => !isOwned(row)), ...gone, ...there.filter(isOwned)];
}

/** The rows by part, both in order. */
export function byPart<Row extends AttributeRow>(rows: readonly Row[]): Map<number, Row[]> {
  const parts = new Map<number, Row[]>();
  for (const row of rows) {
    const list = parts.get(row.part);
    if (list) list.push(row);
    else parts.set(row.part, [row]);
  }
  return new Map([...parts].sort(([a], [b]) => a - b));
}

/**
 * The node that decides about an attribute that describes the file itself. `owner` is a node's id, or the title of its
 * type, with a parameter in brackets perhaps; then it is the nearest such thing in the node's stream, below it first.
 */
export function ownerNode(
  document: Document,
  catalogue: readonly CatalogueEntry[],
  node: string,
  owner: string,
): string | undefined {
  if (Object.hasOwn(document.nodes, owner)) return owner;
  const title = owner.replace(/\s*\(.*\)$/, '');
  const types = new Set(catalogue.filter((entry) => entry.title === title).map(({ type }) => type));
  const fits = (id: string): boolean => types.has(document.nodes[id]!.type);
  const below = reach(document, [node], 'downstream');
  const above = reach(document, [node], 'upstream');
  return [...below].find(fits) ?? [...above].find(fits);
}
