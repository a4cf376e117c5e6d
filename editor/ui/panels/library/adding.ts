// Adding to the graph from the left column: nodes of the catalogue, sequences, templates; each as one edit.
import {
  applyEdit,
  type Document,
  type Edit,
  insertTemplate,
  type Position,
  templateVersion,
} from '../../../../engine/browser.ts';
import type { Replies } from '../../../protocol.ts';
import { isRefused } from '../../canvas/change.ts';
import { connectNodes } from '../../canvas/connect.ts';
import { createAfter, createAlone } from '../../canvas/create.ts';
import { makeScene } from '../../canvas/scene.ts';
import { placeFor } from '../../shell/arrival.ts';
import { baseName, folderOf, relativeTo } from '../../shell/path.ts';
import { freePlace, readerEdit } from '../../shell/reader.ts';
import { wordsOf } from '../../store/refusal.ts';
import type { Store } from '../../store/store.ts';

/** How far to the right of the selected node a new one stands. */
const APART = 240;
/** The room that a node takes, with some around it. */
const WIDTH = 180;
const HEIGHT = 100;

/** Where something was dropped, in the window's pixels. */
export interface Drop {
  readonly x: number;
  readonly y: number;
}

/** A place for something new: where it was dropped, or in the middle of what is seen, beside what stands there. */
function placeOf(store: Store, at?: Drop): Position {
  const document = store.document$.value;
  const place = placeFor(at) ?? freePlace(document);
  return at ? place : clearPlace(document, place);
}

/** The place itself, or the first below it that no node covers. */
export function clearPlace(document: Document, [x, y]: Position): Position {
  const near = Object.values(document.nodes)
    .filter(({ at }) => Math.abs(at[0] - x) < WIDTH)
    .map(({ at }) => at[1])
    .sort((a, b) => a - b);
  return [x, near.reduce((top, other) => (Math.abs(other - top) < HEIGHT ? other + HEIGHT : top), y)];
}

function made(store: Store, edit: Edit, id: string, intent: string): void {
  store.edit(edit, intent);
  store.select([id]);
}

/** Adds a node: after the one that is selected, where that fits, or in the middle of what is seen. */
export function addNode(store: Store, type: string): void {
  const entry = store.catalogue$.value.find((one) => one.type === type);
  if (!entry) {
    store.notify({ level: 'error', key: 'library', text: `No installed node is called ${type}.` });
    return;
  }
  const document = store.document$.value;
  const catalogue = new Map(store.catalogue$.value.map((one) => [one.type, one]));
  const scene = makeScene(document, { catalogue, pictures: new Set() });
  const [selected, another] = store.selection$.value;
  const source = another === undefined ? document.nodes[selected ?? ''] : undefined;
  const [x, y] = source ? clearPlace(document, [source.at[0] + APART, source.at[1]]) : placeOf(store);
  const { edit, intent, select } = source
    ? createAfter(scene, entry, { x, y }, { nodes: [selected!], branch: false })
    : createAlone(scene, entry, { x, y });
  store.edit(edit, intent);
  store.select(select ?? []);
}

/** Adds a node that reads a sequence, below the others at the left. */
export function addReader(store: Store, path: string): void {
  const { path: file } = store.file$.value;
  const added = readerEdit(store.catalogue$.value, store.document$.value, {
    path,
    ...(file === undefined ? {} : { file }),
  });
  if (!added) {
    store.notify({ level: 'error', key: 'library', text: 'No installed node reads sequences.' });
    return;
  }
  made(store, added.edit, added.id, `Read ${baseName(path)}`);
}

/** Where a template goes and what feeds it. */
export interface Inserted {
  /** In the window, where it was dropped. */
  readonly at?: Drop;
  /** On the canvas. */
  readonly place?: Position;
  /** Nodes whose outputs go into it, as far as they fit. */
  readonly after?: readonly string[];
}

/** Inserts the graph in a file as a template. */
export async function addTemplate(store: Store, path: string, { at, place, after = [] }: Inserted = {}): Promise<void> {
  try {
    const found = await store.request<Replies['readGraph']>({ kind: 'readGraph', path });
    const { edit, id } = templateEdit(store.document$.value, found, {
      at: place ? clearPlace(store.document$.value, place) : placeOf(store, at),
      file: store.file$.value.path,
    });
    made(store, fed(store, edit, id, after), id, `Insert ${found.document.name}`);
  } catch (thrown) {
    store.notify({ level: 'error', key: 'library', text: `Not inserted: ${wordsOf(thrown)}` });
  }
}

/** The edit, and with it the wires that feed its node; without them where nothing fits. */
function fed(store: Store, edit: Edit, id: string, after: readonly string[]): Edit {
  if (after.length === 0) return edit;
  const catalogue = new Map(store.catalogue$.value.map((one) => [one.type, one]));
  const { document } = applyEdit(store.document$.value, edit);
  const wires = connectNodes(makeScene(document, { catalogue, pictures: new Set() }), [...after, id]);
  return isRefused(wires) ? edit : { op: 'batch', edits: [edit, wires.edit] };
}

/** The edit that inserts a template, told where it came from. */
export function templateEdit(
  document: Document,
  found: Replies['readGraph'],
  { at, file }: { readonly at: Position; readonly file: string | undefined },
): { readonly id: string; readonly edit: Edit } {
  const { document: template } = found;
  const path = file === undefined ? found.path : relativeTo(folderOf(file), found.path);
  return insertTemplate(document, template, at, { path, name: template.name, version: templateVersion(template) });
}
