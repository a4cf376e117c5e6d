// Copying as text: nodes as a small document of their own, which pastes into a chat and back.
import {
  DOCUMENT_VERSION,
  type Document,
  type DocumentNode,
  type Edit,
  loadDocument,
  namesIn,
  parseLinkEnd,
  referencesOf,
  renamedNodes,
  saveDocument,
  type Variable,
} from '../../../engine/browser.ts';
import { rectOf, type Things } from './arrange.ts';
import { batch, type Change, counted, hasNode } from './change.ts';
import { boundsOf, type Point, snap } from './geometry.ts';
import { freeName } from './names.ts';

/** The text of what is selected: a graph with those nodes, the links among them, and the variables that they speak of. */
export function copyText(document: Document, things: Things): string {
  const nodes = pick(document.nodes, things.nodes);
  const inside = (end: string): boolean => Object.hasOwn(nodes, parseLinkEnd(end).node);
  const used = new Set(
    Object.values(nodes).flatMap(({ params, animation }) => [
      ...namesIn(JSON.stringify(params)),
      ...referencesOf(animation),
    ]),
  );
  const backdrops = pick(document.canvas?.backdrops ?? {}, things.backdrops);
  const notes = pick(document.canvas?.notes ?? {}, things.notes);
  const bare = things.backdrops.length + things.notes.length === 0;
  return saveDocument({
    sluice: DOCUMENT_VERSION,
    name: 'copy',
    frames: { mismatch: 'stop-at-shortest', align: 'number' },
    variables: pick(document.variables, [...used]),
    promoted: [],
    nodes,
    links: document.links.filter(({ from, to }) => inside(from) && inside(to)),
    ...(bare ? {} : { canvas: { backdrops, notes } }),
  });
}

const pick = <T>(all: Readonly<Record<string, T>>, ids: readonly string[]): Record<string, T> => {
  const wanted = new Set(ids);
  return Object.fromEntries(Object.entries(all).filter(([id]) => wanted.has(id)));
};

/** The graph in a text, with or without the fence and the words that a chat puts around it; undefined where there is none. */
export function graphIn(text: string): Document | undefined {
  const start = text.indexOf('{');
  const end = text.lastIndexOf('}');
  if (start < 0 || end < start || !text.includes('"sluice"')) return undefined;
  const { document, problems } = loadDocument(text.slice(start, end + 1));
  return problems.length === 0 ? document : undefined;
}

export interface Paste extends Change {
  readonly things: Things;
}

/**
 * Puts a copied graph into the document with its middle at a point, or moved by an offset where one is given instead.
 * Ids that are taken get a number; variables that the document does not have come along.
 */
export function paste(document: Document, graph: Document, where: { at: Point } | { by: Point }): Paste {
  const taken = new Set(Object.keys(document.nodes));
  const ids = renaming(Object.keys(graph.nodes), (name) => taken.has(name) || hasNode(document, name));
  const canvas = graph.canvas ?? { backdrops: {}, notes: {} };
  const own = document.canvas ?? { backdrops: {}, notes: {} };
  const backdropIds = renaming(Object.keys(canvas.backdrops), (name) => Object.hasOwn(own.backdrops, name));
  const noteIds = renaming(Object.keys(canvas.notes), (name) => Object.hasOwn(own.notes, name));
  const by = 'by' in where ? where.by : centred(graph, where.at);
  const moved = ([x, y]: readonly [number, number]) => [snap(x + by.x), snap(y + by.y)] as const;
  const rename = (end: string): string => {
    const { node } = parseLinkEnd(end);
    return ids.get(node)! + end.slice(node.length);
  };
  const variables = Object.entries(graph.variables).filter(([name]) => !Object.hasOwn(document.variables, name));
  const edits: Edit[] = [
    ...variables.map(([name, variable]: [string, Variable]): Edit => ({ op: 'setVariable', name, variable })),
    ...Object.entries(graph.nodes).map(
      ([id, node]): Edit => ({
        op: 'addNode',
        id: ids.get(id)!,
        node: { ...node, ...renamedAnimation(node, ids), at: moved(node.at) },
      }),
    ),
    ...graph.links.map(({ from, to }): Edit => ({ op: 'addLink', from: rename(from), to: rename(to) })),
    ...Object.entries(canvas.backdrops).map(
      ([id, backdrop]): Edit => ({
        op: 'setBackdrop',
        id: backdropIds.get(id)!,
        backdrop: { ...backdrop, at: moved(backdrop.at) },
      }),
    ),
    ...Object.entries(canvas.notes).map(
      ([id, note]): Edit => ({ op: 'setNote', id: noteIds.get(id)!, note: { ...note, at: moved(note.at) } }),
    ),
  ];
  const things: Things = {
    nodes: [...ids.values()],
    backdrops: [...backdropIds.values()],
    notes: [...noteIds.values()],
  };
  const all = [...things.nodes, ...things.backdrops, ...things.notes];
  const intent = counted('Paste', all, things.nodes.length === all.length ? 'node' : 'thing');
  return { edit: batch(edits), intent, select: things.nodes, things };
}

/** The expressions of a pasted node speak of the nodes that are pasted with it, by their new names. */
const renamedAnimation = (
  { animation }: DocumentNode,
  ids: ReadonlyMap<string, string>,
): Pick<DocumentNode, 'animation'> => (animation ? { animation: renamedNodes(animation, (id) => ids.get(id)) } : {});

/** New names for old ones, in order; a name that is given away is taken from then on. */
function renaming(names: readonly string[], taken: (name: string) => boolean): Map<string, string> {
  const given = new Set<string>();
  const renamed = new Map<string, string>();
  for (const name of names) {
    const fresh = freeName(name, (candidate) => taken(candidate) || given.has(candidate));
    given.add(fresh);
    renamed.set(name, fresh);
  }
  return renamed;
}

/** How far the graph has to move so that its middle is at the point. */
function centred(graph: Document, at: Point): Point {
  const things = [...Object.values(graph.canvas?.backdrops ?? {}), ...Object.values(graph.canvas?.notes ?? {})];
  const bounds = boundsOf([
    ...Object.values(graph.nodes).map(({ at: [x, y] }) => ({ x, y, width: 160, height: 64 })),
    ...things.map(rectOf),
  ]);
  if (!bounds) return { x: 0, y: 0 };
  return { x: at.x - bounds.x - bounds.width / 2, y: at.y - bounds.y - bounds.height / 2 };
}
