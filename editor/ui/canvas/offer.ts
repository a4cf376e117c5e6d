// What the search offers: the nodes that fit, and when those that only work inside templates show among them.
import { type CatalogueEntry, type Document, TEMPLATE_TYPES } from '../../../engine/browser.ts';
import { search } from '../shell/fuzzy.ts';

const isPort = (type: string): boolean => type === TEMPLATE_TYPES.input || type === TEMPLATE_TYPES.output;

/** True for a graph that is made to be used in others: it has places where images go in or out. */
export const isTemplate = ({ nodes }: Document): boolean => Object.values(nodes).some(({ type }) => isPort(type));

/** A node that holds a graph is no use without one: the library inserts those with their graphs. */
export const isMadeByHand = ({ type }: CatalogueEntry): boolean => type !== TEMPLATE_TYPES.instance;

const textsOf = ({ title, type, keywords }: CatalogueEntry): readonly string[] => [title, type, ...keywords];

/** What the query finds as a whole, then what each of its words finds. */
function answers(query: string, entries: readonly CatalogueEntry[]): CatalogueEntry[] {
  const whole = search(query, entries, textsOf);
  const words = query.split(/\s+/).filter(Boolean);
  const byWord = words.map((word) => new Set(search(word, entries, textsOf)));
  const rest = words.length > 1 ? entries.filter((entry) => byWord.every((found) => found.has(entry))) : [];
  return [...new Set([...whole, ...rest])];
}

/**
 * The entries that answer a query, best first. The places of images in templates come last in a graph that is none, and
 * only for who asks for them.
 */
export function offered(entries: readonly CatalogueEntry[], query: string, document: Document): CatalogueEntry[] {
  const found = answers(query, entries);
  if (isTemplate(document)) return found;
  const ports = query.trim() === '' ? [] : found.filter(({ type }) => isPort(type));
  return [...found.filter(({ type }) => !isPort(type)), ...ports];
}
