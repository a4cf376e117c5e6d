// Makes a node that reads a path: which node that is, the catalogue tells by its parameters.
import {
  type CatalogueEntry,
  type Document,
  type Edit,
  freeId,
  type Json,
  matchFrame,
  type Position,
  parsePattern,
} from '../../../engine/browser.ts';
import { baseName, folderOf, relativeTo } from './path.ts';

interface Reader {
  readonly entry: CatalogueEntry;
  /** The parameter that takes the path. */
  readonly param: string;
}

/** The node without inputs that has a parameter for a sequence; undefined where no installed node has. */
export function readerOf(catalogue: readonly CatalogueEntry[]): Reader | undefined {
  for (const entry of catalogue) {
    if (entry.sink || entry.inputs.length > 0) continue;
    const properties = (entry.params['properties'] ?? {}) as Readonly<Record<string, { readonly widget?: string }>>;
    const param = Object.keys(properties).find((name) => properties[name]?.widget === 'sequence');
    if (param !== undefined) return { entry, param };
  }
  return undefined;
}

/** Letters without their marks: `Größe` gives `Grosse`. */
const plain = (text: string): string =>
  text
    .normalize('NFKD')
    .replaceAll(/\p{M}+/gu, '')
    .replaceAll(/[ßæøœ]/gi, (letter) => ({ ß: 'ss', æ: 'ae', ø: 'o', œ: 'oe' })[letter.toLowerCase()]!);

/** An id that the document does not have yet, from any text: `sh010_beauty.%04d.exr` gives `sh010_beauty`. */
export function freshId(document: Document, text: string): string {
  const stem = baseName(text).replace(/[._-]*(?:%\d*d|#+|@+|\d+)?\.[A-Za-z0-9]+$/, '');
  const clean = plain(stem)
    .replaceAll(/[^A-Za-z0-9_-]+/g, '_')
    .replace(/^[^A-Za-z]+/, '')
    .slice(0, 60);
  return freeId(document, clean === '' ? 'read' : clean);
}

/** A place on the canvas that no node of the document covers: below the first column. */
export function freePlace(document: Document): Position {
  const places = Object.values(document.nodes).map(({ at }) => at);
  if (places.length === 0) return [0, 0];
  const left = Math.min(...places.map(([x]) => x));
  const below = places.filter(([x]) => x < left + 200).map(([, y]) => y);
  return [left, Math.max(...below) + 160];
}

export interface ReaderRequest {
  /** A pattern or a file, absolute or as the document writes it. */
  readonly path: string;
  readonly at?: Position;
  /** The document's file: paths below its folder are written relative. */
  readonly file?: string;
}

/** The edit that adds a node reading a path, and its id; undefined where no node can read. */
export function readerEdit(
  catalogue: readonly CatalogueEntry[],
  document: Document,
  { path, at, file }: ReaderRequest,
): { readonly id: string; readonly edit: Edit } | undefined {
  const reader = readerOf(catalogue);
  if (!reader) return undefined;
  const id = freshId(document, path);
  const written = file === undefined ? path : relativeTo(folderOf(file), path);
  // A dollar sign begins a variable in the texts of a document.
  const params: Record<string, Json> = { [reader.param]: written.replaceAll('$', '$$$$') };
  const { type, version } = reader.entry;
  return { id, edit: { op: 'addNode', id, node: { type, version, params, at: at ?? freePlace(document) } } };
}

/** Whether a file name is one of a pattern's, or the pattern's own. */
export function belongsTo(pattern: string, name: string): boolean {
  const base = baseName(pattern);
  if (base === name) return true;
  try {
    return matchFrame(parsePattern(base), name) !== undefined;
  } catch {
    // A name with the token of another program is a plain name.
    return false;
  }
}
