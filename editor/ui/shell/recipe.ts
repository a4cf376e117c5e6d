// An EXR that carries the graph that made it: the user says whether to open that graph or to read the file.
import { parsePattern, RECIPE_ATTRIBUTE } from '../../../engine/browser.ts';
import type { SequenceView } from '../../protocol.ts';
import { wordsOf } from '../store/refusal.ts';
import type { Store } from '../store/store.ts';
import { open } from './files.ts';
import { baseName } from './path.ts';

/** True where the file has a recipe: the user is asked then, and `read` is called where that is the answer. */
export async function offerRecipe(store: Store, file: string, read: () => Promise<void>): Promise<boolean> {
  if (!(await hasRecipe(store, file))) return false;
  store.notify({
    level: 'info',
    key: 'recipe',
    text: `${baseName(file)} carries the graph that made it.`,
    actions: [
      {
        title: 'Add as Read',
        run: () => {
          read().catch((thrown) => store.notify({ level: 'error', key: 'arrival', text: wordsOf(thrown) }));
        },
      },
      { title: 'Open its graph', run: () => void open(store, file) },
    ],
  });
  return true;
}

async function hasRecipe(store: Store, file: string): Promise<boolean> {
  if (!/\.exr$/i.test(file)) return false;
  try {
    if (parsePattern(file).token) return false;
    const view = await store.request<SequenceView>({ kind: 'inspect', path: file });
    return view.attributes.some(({ part, name }) => part === 0 && name === RECIPE_ATTRIBUTE);
  } catch {
    // A file that cannot be looked into is read as any other: the node itself will say what is wrong with it.
    return false;
  }
}
