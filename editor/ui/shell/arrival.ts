// What is dropped on the window or pasted into it: who takes it, and what happens where nobody does.
import { loadDocument, type Position, saveDocument } from '../../../engine/browser.ts';
import type { FolderView, Replies } from '../../protocol.ts';
import { gesture } from '../look/gesture.ts';
import { wordsOf } from '../store/refusal.ts';
import type { Store } from '../store/store.ts';
import { bridge } from './bridge.ts';
import { open, openText } from './files.ts';
import { locate } from './locate.ts';
import { listed, tellOfLost } from './lost.ts';
import { baseName, folderOf, joinPath, pathIn } from './path.ts';
import { belongsTo, readerEdit } from './reader.ts';
import { offerRecipe } from './recipe.ts';

export interface ArrivedFile {
  readonly name: string;
  /** Where it lies on the host's machine, where that is known. */
  readonly path?: string;
  /** Whether it is a folder, where that is known. */
  readonly folder?: boolean;
  readonly file: File;
}

export interface Arrival {
  readonly by: 'drop' | 'paste';
  /** The text, without what stands for files. */
  readonly text: string;
  readonly files: readonly ArrivedFile[];
  /** Where it was dropped, in the window's pixels. */
  readonly at?: { readonly x: number; readonly y: number };
}

/** Returns true where it takes the arrival. */
export type ArrivalHandler = (arrival: Arrival) => boolean;

/** What came as text is called by how it came. */
const CAME: Readonly<Record<Arrival['by'], string>> = { drop: 'What was dropped', paste: 'What was pasted' };

/** Texts that somebody may have kept a graph or paths in, and how large one is looked into. */
const TEXT = /\.(?:txt|text|md|log|csv)$/i;
const LARGEST_TEXT = 4 * 1024 * 1024;
/** A name with an ending that is neither an image that can be read here nor a folder's. */
const OTHER_FILE = /\.(?!exr$)[A-Za-z][A-Za-z0-9]{1,4}$/i;

/** Sequences of a folder that are read at once. */
const MOST_AT_ONCE = 24;

const handlers: ArrivalHandler[] = [];
let place: ((at?: { readonly x: number; readonly y: number }) => Position) | undefined;

/** Adds a taker; the newest is asked first. Returns what takes it away again. */
export function registerArrival(handler: ArrivalHandler): () => void {
  handlers.unshift(handler);
  return () => {
    handlers.splice(handlers.indexOf(handler), 1);
  };
}

/** The canvas says where on it something goes that was dropped at a point of the window, or nowhere. */
export function registerPlacer(placer: (at?: { readonly x: number; readonly y: number }) => Position): () => void {
  place = placer;
  return () => {
    if (place === placer) place = undefined;
  };
}

/** The place that the canvas gives to something new; undefined while there is no canvas. */
export const placeFor = (at?: { readonly x: number; readonly y: number }): Position | undefined => place?.(at);

/** Gives an arrival to the first that takes it. */
export function arrive(store: Store, arrival: Arrival): void {
  store.dismiss('arrival');
  if (handlers.some((handler) => handler(arrival))) return;
  receive(store, arrival).catch((thrown) => store.notify({ level: 'error', key: 'arrival', text: wordsOf(thrown) }));
}

/** Documents are opened, paths and EXR files become nodes that read them. */
async function receive(store: Store, { by, text, files, at }: Arrival): Promise<void> {
  const [only, ...others] = files;
  if (only && others.length === 0 && TEXT.test(only.name) && only.file.size <= LARGEST_TEXT) {
    return receiveText(store, { text: await only.file.text(), name: only.name }, at);
  }
  return files.length > 0 ? receiveFiles(store, files, at) : receiveText(store, { text, name: CAME[by] }, at);
}

async function receiveText(
  store: Store,
  { text, name }: { readonly text: string; readonly name: string },
  at: Arrival['at'],
): Promise<void> {
  if (text.trim().startsWith('{')) {
    await receiveGraph(store, text, name);
    return;
  }
  const paths = text
    .split('\n')
    .map(pathIn)
    .filter((path) => path !== undefined);
  if (paths.length > 0) return receivePaths(store, paths, at);
  if (text.trim() === '') return;
  const advice = 'Take a graph, nodes that were copied, or the path of a sequence.';
  store.notify({ level: 'info', key: 'arrival', text: `${name} is neither a graph nor a path. ${advice}` });
}

/** What is no graph is told before anything is asked about the present one. True where it is open now. */
async function receiveGraph(store: Store, text: string, name: string): Promise<boolean> {
  const { document, problems } = loadDocument(text);
  if (document) return openText(store, text, name);
  const [first = 'It does not have the form of a graph.', ...others] = problems.map(({ code, message, path }) =>
    path === '' || code === 'document-version' ? message : `${path}: ${message}`,
  );
  store.notify({
    level: 'error',
    key: 'arrival',
    text: `${name} cannot be opened. ${first}`,
    ...(others.length > 0 ? { detail: others.join('\n') } : {}),
  });
  return false;
}

async function receiveFiles(store: Store, files: readonly ArrivedFile[], at: Arrival['at']): Promise<void> {
  const graph = files.find(({ name }) => name.endsWith('.json'));
  if (graph) return receiveGraphFile(store, graph);
  const located = await locate(store, files);
  const paths: string[] = [];
  const strange = located.lost.filter((name) => OTHER_FILE.test(name));
  const told = new Set(files.flatMap(({ path }) => path ?? []));
  const lists = new Map<string, Promise<FolderView | undefined>>();
  for (const { path, folder } of located.found) {
    if (folder) paths.push(...(await sequencesIn(store, path)));
    else if (told.has(path) || (await sequenceOf(store, path, lists))) paths.push(path);
    else strange.push(baseName(path));
  }
  const [path, ...others] = paths;
  // What is one file among the frames of a sequence may have a graph of its own inside.
  const only = path !== undefined && others.length === 0 && files.length === 1 ? path : undefined;
  if (paths.length > 0) await receivePaths(store, paths, at, only);
  const lost = located.lost.filter((name) => !strange.includes(name));
  if (lost.length > 0 || located.unsure.length > 0)
    tellOfLost(store, { ...located, lost }, (chosen) => addReaders(store, [chosen], at));
  else if (strange.length > 0) {
    const is = strange.length === 1 ? 'is neither a graph nor an EXR file' : 'are neither graphs nor EXR files';
    store.notify({ level: 'warning', key: 'arrival', text: `${listed(strange)} ${is}.` });
  }
}

/** A graph is opened where it lies, as far as that can be told: it can be saved then, and its relative paths are right. */
async function receiveGraphFile(store: Store, { name, path, file }: ArrivedFile): Promise<void> {
  if (path !== undefined) return open(store, path);
  const text = await file.text();
  const { document } = loadDocument(text);
  if (document) {
    const { found } = await locate(store, [{ name, file }]);
    for (const place of found) {
      const other = await store
        .request<Replies['readGraph']>({ kind: 'readGraph', path: place.path })
        .catch(() => undefined);
      if (other && saveDocument(other.document) === saveDocument(document)) return open(store, place.path);
    }
  }
  if (!(await receiveGraph(store, text, name))) return;
  const advice = 'Save it to give it a place; relative paths in it may lead nowhere until then.';
  store.notify({ level: 'info', key: 'arrival', text: `A browser does not tell where ${name} lies. ${advice}` });
}

/** `only` is the one file that is meant, where there are no others. */
async function receivePaths(
  store: Store,
  paths: readonly string[],
  at: Arrival['at'],
  only = paths.length === 1 ? paths[0] : undefined,
): Promise<void> {
  const graph = paths.find((path) => path.endsWith('.json'));
  if (graph !== undefined) return open(store, graph);
  const read = (): Promise<void> => addReaders(store, paths, at);
  if (only === undefined || !(await offerRecipe(store, only, read))) await read();
}

async function addReaders(store: Store, paths: readonly string[], at: Arrival['at']): Promise<void> {
  const patterns = new Set<string>();
  const lists = new Map<string, Promise<FolderView | undefined>>();
  for (const path of paths) patterns.add((await sequenceOf(store, path, lists)) ?? path);
  const ids: string[] = [];
  const group = gesture();
  for (const [index, path] of [...patterns].entries()) {
    const [x, y] = place?.(at) ?? [];
    const made = readerEdit(store.catalogue$.value, store.document$.value, {
      path,
      ...(store.file$.value.path === undefined ? {} : { file: store.file$.value.path }),
      ...(x === undefined || y === undefined ? {} : { at: [x, y + index * 160] as const }),
    });
    if (!made) throw new Error('No installed node reads sequences.');
    store.edit(made.edit, `Read ${baseName(path)}`, group);
    ids.push(made.id);
  }
  if (ids.length > 0) store.select(ids);
}

/** The pattern of the sequence that a file belongs to; undefined where its folder lists none. Folders are asked for once. */
async function sequenceOf(
  store: Store,
  path: string,
  lists: Map<string, Promise<FolderView | undefined>>,
): Promise<string | undefined> {
  const folder = folderOf(path);
  if (folder === '') return undefined;
  const name = baseName(path);
  // The node itself will say what is wrong with a path that cannot be looked at.
  const list =
    lists.get(folder) ?? store.request<FolderView>({ kind: 'browse', folder }).catch((): undefined => undefined);
  lists.set(folder, list);
  const sequence = (await list)?.sequences.find(({ pattern, document }) => !document && belongsTo(pattern, name));
  return sequence && `${path.slice(0, path.length - name.length)}${baseName(sequence.pattern)}`;
}

/** The sequences in a folder that was dropped. Throws where there are none, and where there are too many to be meant. */
async function sequencesIn(store: Store, folder: string): Promise<string[]> {
  const view = await store.request<FolderView>({ kind: 'browse', folder });
  const found = view.sequences.filter(({ document }) => !document).map(({ pattern }) => joinPath(folder, pattern));
  if (found.length > 0 && found.length <= MOST_AT_ONCE) return found;
  const has = found.length === 0 ? 'has no sequences in it' : `has ${found.length} sequences in it`;
  throw new Error(`The folder ${baseName(folder)} ${has}. Drop it on Sequences to choose there.`);
}

/** Listens for drops and pastes. `hovering` is told while something from outside is over the window. Returns what ends it. */
export function listenForArrivals(
  target: Window,
  store: Store,
  hovering: (over: 'files' | 'text' | null) => void,
): () => void {
  const listening = new AbortController();
  const options = { signal: listening.signal };
  let inside = false;
  const kindOf = (data: DataTransfer | null): 'files' | 'text' | null =>
    inside || !data
      ? null
      : data.types.includes('Files')
        ? 'files'
        : data.types.some((type) => type === 'text/plain' || type === 'text/uri-list')
          ? 'text'
          : null;

  // What is dragged from the page itself is its own business.
  target.addEventListener(
    'dragstart',
    () => {
      inside = true;
    },
    options,
  );
  target.addEventListener(
    'dragend',
    () => {
      inside = false;
    },
    options,
  );
  target.addEventListener(
    'dragover',
    (event) => {
      const kind = kindOf(event.dataTransfer);
      if (kind === null || event.defaultPrevented) return;
      event.preventDefault();
      if (event.dataTransfer) event.dataTransfer.dropEffect = 'copy';
      hovering(kind);
    },
    options,
  );
  target.addEventListener(
    'dragleave',
    ({ relatedTarget }) => {
      if (relatedTarget === null) hovering(null);
    },
    options,
  );
  target.addEventListener(
    'drop',
    (event) => {
      hovering(null);
      const data = event.dataTransfer;
      if (event.defaultPrevented || !data || kindOf(data) === null) return;
      event.preventDefault();
      const uris = data.getData('text/uri-list');
      const files = arrivals(data);
      const text = uris === '' ? data.getData('text/plain') : uris;
      const known = text
        .split(/\r?\n/)
        .map(pathIn)
        .filter((path) => path !== undefined);
      const named = files.map((one) => nameOf(one, known));
      arrive(store, {
        by: 'drop',
        text: text.replaceAll('\r', ''),
        files: named,
        at: { x: event.clientX, y: event.clientY },
      });
    },
    options,
  );
  target.addEventListener(
    'paste',
    (event) => {
      const field =
        event.target instanceof Element && event.target.matches('input, textarea, [contenteditable="true"]');
      if (event.defaultPrevented || field || !event.clipboardData || document.querySelector('dialog[open]')) return;
      const text = event.clipboardData.getData('text/plain');
      const files = arrivals(event.clipboardData);
      if (text === '' && files.length === 0) return;
      event.preventDefault();
      arrive(store, { by: 'paste', text: text.replaceAll('\r', ''), files });
    },
    options,
  );
  return () => listening.abort();
}

/** To be asked while the event is handled: what it brings is gone afterwards. */
function arrivals({ items }: DataTransfer): ArrivedFile[] {
  return [...items].flatMap((item) => {
    const file = item.getAsFile();
    if (!file) return [];
    const path = bridge()?.pathOf(file) ?? '';
    const entry = item.webkitGetAsEntry();
    return {
      name: file.name,
      file,
      ...(path === '' ? {} : { path }),
      ...(entry ? { folder: entry.isDirectory } : {}),
    };
  });
}

/** Some file managers tell the paths beside the files. */
function nameOf(one: ArrivedFile, known: readonly string[]): ArrivedFile {
  const path = one.path ?? known.find((text) => baseName(text) === one.name);
  return path === undefined ? one : { ...one, path };
}
