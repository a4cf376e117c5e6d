// Files and folders dropped on the panel of sequences: it goes where they lie, instead of reading them in the graph.
import type { FolderView } from '../../../protocol.ts';
import { type Arrival, registerArrival } from '../../shell/arrival.ts';
import { locate } from '../../shell/locate.ts';
import { tellOfLost } from '../../shell/lost.ts';
import { baseName, folderOf, joinPath } from '../../shell/path.ts';
import { belongsTo } from '../../shell/reader.ts';
import { wordsOf } from '../../store/refusal.ts';
import type { Store } from '../../store/store.ts';
import { go, type Place } from './place.ts';

type Asking = Pick<Store, 'request' | 'welcome$'>;

/** Takes what is dropped inside an element, but graphs, which are opened wherever they are dropped. Returns what ends it. */
export function takeDrops(store: Store, element: () => Element | null): () => void {
  return registerArrival((arrival) => {
    const { at, by, files } = arrival;
    const box = element()?.getBoundingClientRect();
    if (by !== 'drop' || !at || !box || files.length === 0 || files.some(({ name }) => name.endsWith('.json'))) {
      return false;
    }
    if (at.x < box.left || at.x >= box.right || at.y < box.top || at.y >= box.bottom) return false;
    show(store, arrival).catch((thrown) =>
      store.notify({ level: 'error', key: 'arrival', text: `Not shown: ${wordsOf(thrown)}` }),
    );
    return true;
  });
}

async function show(store: Store, { files }: Arrival): Promise<void> {
  const located = await locate(store, files);
  const [first] = located.found;
  const lead = async (path: string): Promise<void> => {
    const { folder, chosen } = await placeOf(store, path);
    go(folder, chosen);
  };
  if (first) await lead(first.path);
  else tellOfLost(store, located, lead);
}

/** The folder at a path, or the sequence that a file belongs to, in its folder. Rejects where the host may show neither. */
export async function placeOf(store: Asking, path: string): Promise<Place> {
  const inside = await browse(store, path).catch(() => undefined);
  if (inside) return { folder: inside.folder };
  const view = await browse(store, folderOf(path));
  const sequence = view.sequences.find(({ pattern, document }) => !document && belongsTo(pattern, baseName(path)));
  return { folder: view.folder, ...(sequence ? { chosen: joinPath(view.folder, baseName(sequence.pattern)) } : {}) };
}

const browse = (store: Asking, folder: string): Promise<FolderView> =>
  store.request<FolderView>({ kind: 'browse', folder });
