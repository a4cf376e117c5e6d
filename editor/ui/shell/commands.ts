// The shell's own actions: files, history, panes and help.
import type { Store } from '../store/store.ts';
import { type Action, area$, registerActions } from './actions.ts';
import { download, newDocument, open, save, saveAs } from './files.ts';
import { arrange, FIRST_LAYOUT, layout$, type Pane, toggled } from './layout.ts';
import { overlay$ } from './overlay.ts';
import { goToPane } from './panes.ts';

const pane = (id: Pane, title: string, keys: string): Action => ({
  id: `view.${id}`,
  title,
  keys: [keys],
  run: () => arrange((layout) => toggled({ ...layout, full: id === 'drawer' ? layout.full : null }, id)),
});

/** Registers them for a store. Returns what takes them away again. */
export function registerCommands(store: Store): () => void {
  const open$ = store.history$;
  return registerActions([
    { id: 'file.new', title: 'New', keys: ['Mod+Alt+N'], run: () => void newDocument(store) },
    { id: 'file.open', title: 'Open…', keys: ['Mod+O'], run: () => void open(store) },
    { id: 'file.save', title: 'Save', keys: ['Mod+S'], run: () => void save(store) },
    { id: 'file.saveAs', title: 'Save as…', keys: ['Mod+Shift+S'], run: () => void saveAs(store) },
    { id: 'file.copy', title: 'Download a copy', run: () => download(store) },
    {
      id: 'edit.undo',
      title: 'Undo',
      keys: ['Mod+Z'],
      // An edit that is still under way is there to be undone, though the host has not told so.
      enabled: () => open$.value.undo !== undefined || !store.isSettled(),
      run: () => store.undo(),
    },
    {
      id: 'edit.redo',
      title: 'Redo',
      keys: ['Mod+Shift+Z', 'Mod+Y'],
      enabled: () => open$.value.redo !== undefined,
      run: () => store.redo(),
    },
    pane('left', 'Sequences and library', 'Mod+B'),
    pane('right', 'Parameters and attributes', 'Mod+Alt+B'),
    pane('drawer', 'Run, ledger and log', 'Mod+J'),
    {
      id: 'view.full',
      title: 'Viewer or graph alone',
      keys: ['Ctrl+Space', 'Shift+Space'],
      run: () =>
        arrange((layout) => ({
          ...layout,
          full: layout.full === null ? (area$.value === 'viewer' ? 'viewer' : 'graph') : null,
        })),
    },
    { id: 'view.nextPane', title: 'Go to the next pane', keys: ['F6'], run: () => goToPane(1) },
    { id: 'view.previousPane', title: 'Go to the pane before', keys: ['Shift+F6'], run: () => goToPane(-1) },
    { id: 'view.reset', title: 'Panes as at first', run: () => layout$.next(FIRST_LAYOUT) },
    { id: 'help.palette', title: 'Command palette', keys: ['Mod+K'], run: () => overlay$.next('palette') },
    { id: 'help.shortcuts', title: 'Shortcuts', keys: ['?'], run: () => overlay$.next('shortcuts') },
  ]);
}
