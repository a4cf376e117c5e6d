// Finds dropped files whose paths a browser does not tell, by their names, in the folders that the host shows.
import type { FolderView } from '../../protocol.ts';
import type { Store } from '../store/store.ts';
import { baseName, joinPath } from './path.ts';
import { belongsTo } from './reader.ts';

/** At most so many folders are looked into. */
const MOST_FOLDERS = 64;

export interface Located {
  /** Paths or patterns, each once. */
  readonly paths: readonly string[];
  /** Names that were not found. */
  readonly lost: readonly string[];
}

/** Looks breadth-first below the roots; files whose path is known already are not looked for. A folder's name is found too. */
export async function locate(
  store: Pick<Store, 'request' | 'welcome$'>,
  files: readonly { readonly name: string; readonly path?: string }[],
): Promise<Located> {
  const paths = new Set<string>();
  const wanted = new Set<string>();
  for (const { name, path } of files) {
    if (path === undefined) wanted.add(name);
    else paths.add(path);
  }
  const queue = [...(store.welcome$.value?.roots ?? [])];
  const seen = new Set(queue);
  for (let looked = 0; looked < MOST_FOLDERS && wanted.size > 0; looked++) {
    const folder = queue.shift();
    if (folder === undefined) break;
    const view = await store.request<FolderView>({ kind: 'browse', folder }).catch(() => undefined);
    if (!view) continue;
    for (const name of wanted) {
      const sequence = view.sequences.find(({ pattern }) => belongsTo(pattern, name));
      const found = sequence?.pattern ?? view.folders.find((one) => baseName(one) === name);
      if (found === undefined) continue;
      paths.add(joinPath(view.folder, found));
      wanted.delete(name);
    }
    for (const name of view.folders) {
      const path = joinPath(view.folder, name);
      if (!seen.has(path)) queue.push(path);
      seen.add(path);
    }
  }
  return { paths: [...paths], lost: [...wanted] };
}
