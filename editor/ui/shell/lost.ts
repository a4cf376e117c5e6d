// What is said of dropped files that were not found, or in several places: why, and how to go on.

import { wordsOf } from '../store/refusal.ts';
import type { Store } from '../store/store.ts';
import { chooseFile } from './browse.tsx';
import { startFolder } from './files.ts';
import type { Located } from './locate.ts';
import { baseName, folderOf } from './path.ts';

/** Places that are offered as buttons. */
const MOST_OFFERED = 3;

/** A few names, and how many there are more. */
export const listed = (names: readonly string[]): string =>
  names.slice(0, 3).join(', ') + (names.length > 3 ? `, +${names.length - 3} more` : '');

/** Offers the places that it may have, or the host's folders, beginning where it likely lies; `take` gets what is chosen. */
export function tellOfLost(
  store: Store,
  { lost, unsure, near }: Pick<Located, 'lost' | 'unsure' | 'near'>,
  take: (path: string) => Promise<void>,
): void {
  const go = (path: string): void => {
    take(path).catch((thrown) => store.notify({ level: 'error', key: 'arrival', text: wordsOf(thrown) }));
  };
  const names = [...unsure.map(({ name }) => name), ...lost];
  const [first] = unsure;
  const places = names.length === 1 && first ? first.places.slice(0, MOST_OFFERED) : [];
  const start = near ?? (first && folderOf(first.places[0]!.path));
  const look = async (): Promise<void> => {
    const folder = start === undefined ? startFolder(store) : { folder: start };
    const chosen = await chooseFile({ title: `Where does ${names[0]} lie?`, want: 'sequence', ...folder });
    if (chosen !== undefined) go(chosen);
  };
  const lies = names.length === 1 ? 'lies' : 'lie';
  const why =
    lost.length === 0
      ? 'and the folders of this host have several of that name.'
      : 'and the folders of this host have none of that name and size.';
  const title = (path: string): string => {
    const name = baseName(folderOf(path));
    const isAlone = places.filter((other) => baseName(folderOf(other.path)) === name).length === 1;
    return `In ${isAlone && name !== '' ? name : folderOf(path)}`;
  };
  store.notify({
    level: 'warning',
    key: 'arrival',
    text: `A browser does not tell where ${listed(names)} ${lies}, ${why}`,
    detail: `These folders were looked through:\n${(store.welcome$.value?.roots ?? []).join('\n')}`,
    actions: [
      ...places.map(({ path }) => ({ title: title(path), run: () => go(path) })),
      { title: 'Look for it…', run: () => void look() },
    ],
  });
}
