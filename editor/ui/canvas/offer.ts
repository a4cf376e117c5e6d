// What the search offers: the nodes that fit and the templates on disk, and when what only works inside templates shows.
import { type CatalogueEntry, type Document, TEMPLATE_TYPES } from '../../../engine/browser.ts';
import type { TemplateEntry } from '../panels/library/sections.ts';
import { search } from '../shell/fuzzy.ts';

/** A node, or a template. */
export type Offer = CatalogueEntry | TemplateEntry;

export const isOnDisk = (offer: Offer): offer is TemplateEntry => 'path' in offer;

const isPort = (type: string): boolean => type === TEMPLATE_TYPES.input || type === TEMPLATE_TYPES.output;

/** True for a graph that is made to be used in others: it has places where images go in or out. */
export const isTemplate = ({ nodes }: Document): boolean => Object.values(nodes).some(({ type }) => isPort(type));

/** A node that holds a graph is no use without one: the library inserts those with their graphs. */
export const isMadeByHand = ({ type }: CatalogueEntry): boolean => type !== TEMPLATE_TYPES.instance;

const textsOf = (offer: Offer): readonly string[] =>
  isOnDisk(offer) ? [offer.name, 'template', ...offer.promoted] : [offer.title, offer.type, ...offer.keywords];

/** What the query finds as a whole, then what each of its words finds. */
function answers<T extends Offer>(query: string, entries: readonly T[]): T[] {
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
export function offered<T extends Offer>(entries: readonly T[], query: string, document: Document): T[] {
  const found = answers(query, entries);
  if (isTemplate(document)) return found;
  const isInside = (offer: T): boolean => !isOnDisk(offer) && isPort(offer.type);
  const ports = query.trim() === '' ? [] : found.filter(isInside);
  return [...found.filter((offer) => !isInside(offer)), ...ports];
}
