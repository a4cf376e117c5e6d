// The graphs that were opened last as actions, in the File menu and in the palette.
import { combineLatest } from 'rxjs';
import type { Store } from '../store/store.ts';
import { type Action, registerActions } from './actions.ts';
import { bridge } from './bridge.ts';
import { open } from './files.ts';
import { baseName, folderOf } from './path.ts';

const MOST = 8;

/** Paths as titles; those of the same name are told apart by their folders. */
export function recentTitles(paths: readonly string[]): readonly string[] {
  const names = paths.map(baseName);
  return paths.map((path, index) => {
    const name = names[index]!;
    const alone = names.indexOf(name) === names.lastIndexOf(name);
    return `Open ${name}${alone ? '' : ` in ${baseName(folderOf(path)) || folderOf(path)}`}`;
  });
}

/** Keeps an action for each of them but the one that is open; on the desktop the system's menu has them. Returns what ends it. */
export function registerRecent(store: Store): () => void {
  if (bridge()) return () => {};
  let end = (): void => {};
  const subscription = combineLatest([store.recent$, store.file$]).subscribe(([paths, file]) => {
    const others = paths.filter((path) => path !== file.path).slice(0, MOST);
    const titles = recentTitles(others);
    end();
    end = registerActions(
      others.map(
        (path, index): Action => ({
          id: `file.recent${index + 1}`,
          title: titles[index]!,
          ...(index === 0 ? { line: true } : {}),
          run: () => void open(store, path),
        }),
      ),
    );
  });
  return () => {
    subscription.unsubscribe();
    end();
  };
}
