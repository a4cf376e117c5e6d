// Adding to the graph from the left column: nodes of the catalogue, sequences, templates; each as one edit that undoes.
import {
  type Document,
  type Edit,
  insertTemplate,
  type Position,
  templateVersion,
} from '../../../../engine/browser.ts';
import type { Replies } from '../../../protocol.ts';
import { createAfter, createAlone } from '../../canvas/create.ts';
import { makeScene } from '../../canvas/scene.ts';
import { placeFor } from '../../shell/arrival.ts';
import { baseName, folderOf, relativeTo } from '../../shell/path.ts';
import { freePlace, readerEdit } from '../../shell/reader.ts';
import { wordsOf } from '../../store/refusal.ts';
import type { Store } from '../../store/store.ts';
import { besides, type Carried } from './carried.ts';

/** Where something was dropped, in the window's pixels. */
export interface Drop {
  readonly x: number;
  readonly y: number;
}

/** A place for something new: where it was dropped, in the middle of what is seen, or beside what is there. */
function placeOf(store: Store, at: Drop | undefined): Position {
  return placeFor(at) ?? freePlace(store.document$.value);
}

function made(store: Store, edit: Edit, id: string, intent: string): void {
  store.edit(edit, intent);
  store.select([id]);
}

/** Adds a node. Not dropped anywhere, it goes after the one node that is selected, where that fits. */
export function addNode(store: Store, type: string, at?: Drop): void {
  const entry = store.catalogue$.value.find((one) => one.type === type);
  if (!entry) {
    store.notify({ level: 'error', key: 'library', text: `No installed node is called ${type}.` });
    return;
  }
  const document = store.document$.value;
  const catalogue = new Map(store.catalogue$.value.map((one) => [one.type, one]));
  const scene = makeScene(document, { catalogue, pictures: new Set() });
  const [selected, another] = store.selection$.value;
  const source = at === undefined && another === undefined ? document.nodes[selected ?? ''] : undefined;
  const [x, y] = source ? besides(source.at) : placeOf(store, at);
  const { edit, intent, select } = source
    ? createAfter(scene, entry, { x, y }, { nodes: [selected!], branch: false })
    : createAlone(scene, entry, { x, y });
  store.edit(edit, intent);
  store.select(select ?? []);
}

/** Adds a node that reads a sequence. */
export function addReader(store: Store, path: string, at?: Drop): void {
  const { path: file } = store.file$.value;
  const place = placeFor(at);
  const added = readerEdit(store.catalogue$.value, store.document$.value, {
    path,
    ...(file === undefined ? {} : { file }),
    ...(place === undefined ? {} : { at: place }),
  });
  if (!added) {
    store.notify({ level: 'error', key: 'library', text: 'No installed node reads sequences.' });
    return;
  }
  made(store, added.edit, added.id, `Read ${baseName(path)}`);
}

/** Inserts the graph in a file as a template. */
export async function addTemplate(store: Store, path: string, at?: Drop): Promise<void> {
  try {
    const found = await store.request<Replies['readGraph']>({ kind: 'readGraph', path });
    const { edit, id } = templateEdit(store.document$.value, found, {
      at: placeOf(store, at),
      file: store.file$.value.path,
    });
    made(store, edit, id, `Insert ${found.document.name}`);
  } catch (thrown) {
    store.notify({ level: 'error', key: 'library', text: `Not inserted: ${wordsOf(thrown)}` });
  }
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

/** What a drag carried, where it was dropped. */
export function addCarried(store: Store, carried: Carried, at: Drop): void {
  if (carried.kind === 'node') addNode(store, carried.type, at);
  else if (carried.kind === 'sequence') addReader(store, carried.path, at);
  else void addTemplate(store, carried.path, at);
}
