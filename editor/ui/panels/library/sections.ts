// What the library lists: the nodes of the catalogue by category and the templates on disk, all of it or what a search finds.
import { type CatalogueEntry, type Document, TEMPLATE_TYPES } from '../../../../engine/browser.ts';
import { search } from '../../shell/fuzzy.ts';
import { baseName } from '../../shell/path.ts';

/** A graph on disk that can be inserted. */
export interface TemplateEntry {
  readonly path: string;
  readonly name: string;
  readonly doc: string;
  /** Titles of the parameters that it promotes. */
  readonly promoted: readonly string[];
  /** Names of the images that it takes. */
  readonly inputs: readonly string[];
}

export type LibraryItem =
  | { readonly kind: 'node'; readonly id: string; readonly title: string; readonly entry: CatalogueEntry }
  | { readonly kind: 'template'; readonly id: string; readonly title: string; readonly template: TemplateEntry };

export interface Section {
  readonly title: string;
  readonly items: readonly LibraryItem[];
}

/** Titles of the categories that need more than a capital letter. */
const TITLES: Readonly<Record<string, string>> = {
  io: 'Read and write',
  color: 'Colour',
  part: 'Parts',
  channel: 'Channels',
  graph: 'Graph',
  template: 'Inside templates',
};

/** Categories in the order of the work; others follow by name, these last ones at the end. */
const FIRST = ['io', 'channel', 'part', 'metadata', 'color'];
const LAST = ['graph', 'template'];

export const TEMPLATES = 'Templates';

export const categoryTitle = (category: string): string =>
  Object.hasOwn(TITLES, category) ? TITLES[category]! : category.charAt(0).toUpperCase() + category.slice(1);

const rank = (category: string): number => {
  const first = FIRST.indexOf(category);
  const last = LAST.indexOf(category);
  return first >= 0 ? first : last >= 0 ? 1000 + last : 500;
};

/** All that can be inserted. A node that holds a graph is no use without one: the templates stand for it. */
export function sectionsOf(catalogue: readonly CatalogueEntry[], templates: readonly TemplateEntry[]): Section[] {
  const groups = new Map<string, LibraryItem[]>();
  for (const entry of catalogue) {
    if (entry.type === TEMPLATE_TYPES.instance) continue;
    const item: LibraryItem = { kind: 'node', id: entry.type, title: entry.title, entry };
    groups.set(entry.category, [...(groups.get(entry.category) ?? []), item]);
  }
  const sections = [...groups]
    .sort(([a], [b]) => rank(a) - rank(b) || (a < b ? -1 : 1))
    .map(([category, items]) => ({ title: categoryTitle(category), items }));
  if (templates.length === 0) return sections;
  const names = templates.map(({ name }) => name);
  const items = templates.map((template): LibraryItem => {
    const { path, name } = template;
    // Those of one name are told apart by their files.
    const title = names.indexOf(name) === names.lastIndexOf(name) ? name : `${name}, ${baseName(path)}`;
    return { kind: 'template', id: path, title, template };
  });
  return [...sections, { title: TEMPLATES, items }];
}

const textsOf = (item: LibraryItem): readonly string[] =>
  item.kind === 'node'
    ? [item.title, item.entry.type, ...item.entry.keywords]
    : [item.title, 'template', ...item.template.promoted];

/** What answers a query, best first, as one section without a title; all sections for no query. */
export function found(sections: readonly Section[], query: string): readonly Section[] {
  if (query.trim() === '') return sections;
  const items = search(
    query,
    sections.flatMap((section) => section.items),
    textsOf,
  );
  return items.length > 0 ? [{ title: '', items }] : [];
}

/** What the library says of an item. */
export const docOf = (item: LibraryItem): string =>
  item.kind === 'node' ? item.entry.doc : docOfTemplate(item.template);

export function docOfTemplate({ doc, promoted, inputs }: TemplateEntry): string {
  const takes = inputs.length > 0 ? `Takes ${inputs.join(', ')}.` : '';
  const offers = promoted.length > 0 ? `Offers ${promoted.join(', ')}.` : '';
  return [doc, takes, offers].filter((text) => text !== '').join(' ') || 'A graph that works as one node.';
}

/** The document as a template to list; undefined where it promotes nothing and has no place where images go in or out. */
export function templateEntry(path: string, document: Document): TemplateEntry | undefined {
  const nodes = Object.values(document.nodes);
  const ports = nodes.filter(({ type }) => type === TEMPLATE_TYPES.input || type === TEMPLATE_TYPES.output);
  if (document.promoted.length === 0 && ports.length === 0) return undefined;
  const inputs = ports.filter(({ type }) => type === TEMPLATE_TYPES.input).map(({ params: { name } }) => name);
  return {
    path,
    name: document.name,
    doc: document.doc ?? '',
    promoted: document.promoted.map(({ title, name }) => title || name),
    inputs: inputs.map((name) => (typeof name === 'string' ? name : 'image')),
  };
}
