// The system's menus, from one table of the editor's actions and the system's own roles.
import { basename } from 'node:path';
import type { MenuItemConstructorOptions } from 'electron';

type Role = NonNullable<MenuItemConstructorOptions['role']>;

type Entry =
  | 'line'
  /** The graphs that were opened last. */
  | 'recent'
  | { readonly role: Role }
  /** `keys` as the page has them, in Electron's spelling: the page itself hears them. */
  | { readonly action: string; readonly title: string; readonly keys?: string };

interface Column {
  readonly title: string;
  readonly entries: readonly Entry[];
}

/** On a Mac the program's own menu stands before these. */
export const MENUS: readonly Column[] = [
  {
    title: 'File',
    entries: [
      { action: 'file.new', title: 'New', keys: 'CmdOrCtrl+Alt+N' },
      { action: 'file.open', title: 'Open…', keys: 'CmdOrCtrl+O' },
      'recent',
      'line',
      { action: 'file.save', title: 'Save', keys: 'CmdOrCtrl+S' },
      { action: 'file.saveAs', title: 'Save as…', keys: 'CmdOrCtrl+Shift+S' },
      'line',
      { role: 'quit' },
    ],
  },
  {
    title: 'Edit',
    entries: [
      { action: 'edit.undo', title: 'Undo' },
      { action: 'edit.redo', title: 'Redo' },
      'line',
      { role: 'cut' },
      { role: 'copy' },
      { role: 'paste' },
      { role: 'selectAll' },
      'line',
      { action: 'graph.saveTemplate', title: 'Save the selection as a template…' },
      { action: 'graph.foldTemplate', title: 'Fold the selection into a template' },
    ],
  },
  {
    title: 'View',
    entries: [
      { action: 'view.left', title: 'Sequences and library', keys: 'CmdOrCtrl+B' },
      { action: 'view.right', title: 'Parameters and attributes', keys: 'CmdOrCtrl+Alt+B' },
      { action: 'view.drawer', title: 'Run, ledger and log', keys: 'CmdOrCtrl+J' },
      { action: 'view.full', title: 'Viewer or graph alone', keys: 'Ctrl+Space' },
      { action: 'view.reset', title: 'Panes as at first' },
      'line',
      { role: 'togglefullscreen' },
      { role: 'resetZoom' },
      { role: 'zoomIn' },
      { role: 'zoomOut' },
    ],
  },
  {
    title: 'Run',
    entries: [
      { action: 'run.start', title: 'Start the run', keys: 'CmdOrCtrl+Return' },
      { action: 'run.cancel', title: 'Cancel the run' },
      'line',
      { action: 'run.ledger', title: 'Show the ledger' },
      { action: 'run.log', title: 'Show the log' },
      { action: 'run.copyCommand', title: 'Copy the command line of the run' },
    ],
  },
  {
    title: 'Help',
    entries: [
      { action: 'help.palette', title: 'Command palette', keys: 'CmdOrCtrl+K' },
      { action: 'help.shortcuts', title: 'Shortcuts' },
      'line',
      { role: 'toggleDevTools' },
    ],
  },
];

/** The ids of all actions that the menus name. */
export const MENU_ACTIONS: readonly string[] = MENUS.flatMap(({ entries }) =>
  entries.flatMap((entry) => (typeof entry === 'object' && 'action' in entry ? [entry.action] : [])),
);

export interface MenuParts {
  readonly platform: NodeJS.Platform;
  readonly recent: readonly string[];
  readonly onAction: (id: string) => void;
  readonly onOpen: (path: string) => void;
  readonly onClear: () => void;
}

export function menuTemplate(parts: MenuParts): MenuItemConstructorOptions[] {
  const columns = MENUS.map(({ title, entries }) => ({
    label: title,
    submenu: entries.map((entry) => itemOf(entry, parts)),
  }));
  return parts.platform === 'darwin' ? [{ role: 'appMenu' }, ...columns, { role: 'windowMenu' }] : columns;
}

function itemOf(entry: Entry, parts: MenuParts): MenuItemConstructorOptions {
  if (entry === 'line') return { type: 'separator' };
  if (entry === 'recent') return recentItem(parts);
  if ('role' in entry) return { role: entry.role };
  const { action, title, keys } = entry;
  return {
    id: action,
    label: title,
    click: () => parts.onAction(action),
    // The page knows where a key means something else, such as in a field: it takes the keys, and the menu shows them.
    ...(keys === undefined ? {} : { accelerator: keys, registerAccelerator: false }),
  };
}

function recentItem({ recent, onOpen, onClear }: MenuParts): MenuItemConstructorOptions {
  return {
    label: 'Open recent',
    enabled: recent.length > 0,
    submenu: [
      ...recent.map((path) => ({ label: labelOf(path), toolTip: path, click: () => onOpen(path) })),
      { type: 'separator' },
      { label: 'Clear the list', click: onClear },
    ],
  };
}

/** An ampersand marks a key in menus, unless it is doubled. */
const labelOf = (path: string): string => basename(path).replaceAll('&', '&&');
