// Templates on disk: finds those below the roots, and makes new ones of what is selected.
import { BehaviorSubject, Subject } from 'rxjs';
import {
  type CatalogueEntry,
  type Document,
  type GatherOptions,
  parseLinkEnd,
  saveDocument,
  templateFrom,
} from '../../../../engine/browser.ts';
import type { FolderView, Replies } from '../../../protocol.ts';
import { registerActions } from '../../shell/actions.ts';
import { chooseTarget } from '../../shell/browse.tsx';
import { withConsent } from '../../shell/consent.ts';
import { startFolder } from '../../shell/files.ts';
import { baseName, folderOf, joinPath } from '../../shell/path.ts';
import { wordsOf } from '../../store/refusal.ts';
import type { Store } from '../../store/store.ts';
import { type TemplateEntry, templateEntry } from './sections.ts';

/** At most so many folders and graphs are looked into. */
const MOST_FOLDERS = 48;
const MOST_GRAPHS = 100;

/** Fires after a template was written. */
export const changed$ = new Subject<void>();

/** The templates as they were found last, and whether they are looked for just now. */
export const templates$ = new BehaviorSubject<{ readonly found: readonly TemplateEntry[]; readonly busy: boolean }>({
  found: [],
  busy: false,
});

let turn = 0;

/** Looks for the templates again: `templates$` has them then. */
export async function lookForTemplates(store: Pick<Store, 'request' | 'welcome$'>): Promise<void> {
  turn += 1;
  const mine = turn;
  templates$.next({ ...templates$.value, busy: true });
  const found = await findTemplates(store);
  if (mine === turn) templates$.next({ found, busy: false });
}

/** The templates below the roots, breadth first, by name. What cannot be read is none. */
export async function findTemplates(store: Pick<Store, 'request' | 'welcome$'>): Promise<TemplateEntry[]> {
  const queue = [...(store.welcome$.value?.roots ?? [])];
  const seen = new Set(queue);
  const graphs: string[] = [];
  for (let looked = 0; looked < MOST_FOLDERS && graphs.length < MOST_GRAPHS; looked++) {
    const folder = queue.shift();
    if (folder === undefined) break;
    const view = await store.request<FolderView>({ kind: 'browse', folder }).catch(() => undefined);
    if (!view) continue;
    for (const { pattern, document } of view.sequences) if (document) graphs.push(joinPath(view.folder, pattern));
    for (const name of view.folders) {
      const path = joinPath(view.folder, name);
      if (!seen.has(path)) queue.push(path);
      seen.add(path);
    }
  }
  const found = await Promise.all(graphs.slice(0, MOST_GRAPHS).map((path) => read(store, path)));
  return found.filter((entry) => entry !== undefined).sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
}

async function read(store: Pick<Store, 'request'>, path: string): Promise<TemplateEntry | undefined> {
  const found = await store.request<Replies['readGraph']>({ kind: 'readGraph', path }).catch(() => undefined);
  return found && templateEntry(found.path, found.document);
}

/** The one output in a selection that nothing uses; a template gives it. Undefined where there are none or several. */
export function looseOutput(
  document: Document,
  chosen: ReadonlySet<string>,
  catalogue: readonly CatalogueEntry[],
): string | undefined {
  const used = new Set(document.links.map(({ from }) => parseLinkEnd(from).node));
  const loose = [...chosen].flatMap((id) => {
    const type = document.nodes[id]?.type;
    const output = catalogue.find((entry) => entry.type === type)?.outputs.find(({ kind }) => kind === 'image');
    return output && !used.has(id) ? [`${id}.${output.name}`] : [];
  });
  return loose.length === 1 ? loose[0] : undefined;
}

function gathered(store: Store, name: string): ReturnType<typeof templateFrom> {
  const document = store.document$.value;
  const chosen = store.selection$.value;
  const output = looseOutput(document, chosen, store.catalogue$.value);
  const options: GatherOptions = { name, ...(output === undefined ? {} : { output }) };
  return templateFrom(document, chosen, options);
}

/** The actions on templates. Returns what takes them away again. */
export function registerTemplateActions(store: Store): () => void {
  const enabled = (): boolean => store.selection$.value.size > 0;
  return registerActions([
    {
      id: 'graph.saveTemplate',
      title: 'Save the selection as a template…',
      enabled,
      run: () => void saveSelection(store),
    },
    {
      id: 'graph.foldTemplate',
      title: 'Fold the selection into a template',
      keys: ['Mod+G'],
      enabled,
      run: () => foldSelection(store),
    },
  ]);
}

/** The selection becomes one node in place. */
export function foldSelection(store: Store): void {
  try {
    const { edit, instance } = gathered(store, 'template');
    store.edit(edit, 'Fold into a template');
    store.select([instance.id]);
  } catch (thrown) {
    store.notify({ level: 'warning', key: 'template', text: wordsOf(thrown) });
  }
}

/** Writes the selection to a file as a template; the graph stays as it is. True once it is there. */
export async function saveSelection(store: Store): Promise<boolean> {
  try {
    store.dismiss('template');
    // What cannot become a template should say so before a file is asked for.
    gathered(store, 'template');
    const target = await chooseTarget({
      title: 'Save the selection as a template',
      name: 'template.sluice.json',
      ...startFolder(store),
    });
    if (target === undefined) return false;
    const { path, mayReplace } = target;
    const name = baseName(path).replace(/(?:\.sluice)?\.json$/i, '');
    const text = saveDocument(gathered(store, name).template);
    const written = await withConsent(path, { overwrite: mayReplace }, (consent) =>
      store.request<Replies['writeGraph']>({ kind: 'writeGraph', path, text, ...consent }),
    );
    if (!written) return false;
    changed$.next();
    const told = `${baseName(written.path)} is a template now, in ${folderOf(written.path)}.`;
    store.notify({ level: 'info', key: 'template', text: told });
    return true;
  } catch (thrown) {
    store.notify({ level: 'warning', key: 'template', text: wordsOf(thrown) });
    return false;
  }
}
