// The window: how it is made, and that it does not close over what is not saved.
import { fileURLToPath } from 'node:url';
import { BrowserWindow, dialog, ipcMain } from 'electron';
import { z } from 'zod';
import type { ShownDocument } from '../bridge.ts';
import { CHANNELS } from './channels.ts';

const PRELOAD = fileURLToPath(new URL('./preload.cjs', import.meta.url));

const shownSchema: z.ZodType<ShownDocument> = z.strictObject({
  name: z.string().max(4096),
  path: z.string().max(4096).exactOptional(),
  saved: z.boolean(),
});

export interface Pane {
  readonly window: BrowserWindow;
  /** What the page said last of its document. */
  readonly document: ShownDocument;
  /** Sends something to the page. */
  send(channel: string, text?: string): void;
  /** True for a message from the page itself, and not from a frame in it or from another page. */
  sent(event: Electron.IpcMainEvent | Electron.IpcMainInvokeEvent): boolean;
}

/** Opens the window at an address. `onDocument` gets what the page says of its document. */
export function openWindow(url: string, onDocument: (document: ShownDocument) => void): Pane {
  const window = new BrowserWindow({
    width: 1440,
    height: 900,
    minWidth: 960,
    minHeight: 600,
    // The page has menus of its own; the system's come with Alt. A Mac has its at the top of the screen.
    autoHideMenuBar: true,
    backgroundColor: '#1b1b1b',
    title: 'Sluice',
    show: false,
    webPreferences: {
      preload: PRELOAD,
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      webviewTag: false,
      spellcheck: false,
    },
  });
  let document: ShownDocument = { name: 'untitled', saved: true };
  let asking = false;
  let hung = false;
  const sent: Pane['sent'] = ({ sender, senderFrame }) =>
    sender === window.webContents && senderFrame === window.webContents.mainFrame;

  const shown = (event: Electron.IpcMainEvent, said: unknown): void => {
    const parsed = shownSchema.safeParse(said);
    if (!sent(event) || !parsed.success) return;
    document = parsed.data;
    window.setDocumentEdited(!document.saved);
    window.setRepresentedFilename(document.path ?? '');
    onDocument(document);
  };
  const leave = (event: Electron.IpcMainEvent, may: unknown): void => {
    if (!sent(event) || !asking) return;
    asking = false;
    if (may === true) window.destroy();
  };
  ipcMain.on(CHANNELS.shown, shown);
  ipcMain.on(CHANNELS.leave, leave);

  window.on('close', (event) => {
    if (document.saved) return;
    event.preventDefault();
    if (hung || window.webContents.isCrashed()) return askOutside(window);
    if (asking) return;
    asking = true;
    window.webContents.send(CHANNELS.closing);
  });
  window.on('unresponsive', () => {
    hung = true;
  });
  window.on('responsive', () => {
    hung = false;
  });
  window.on('closed', () => {
    ipcMain.off(CHANNELS.shown, shown);
    ipcMain.off(CHANNELS.leave, leave);
  });
  window.once('ready-to-show', () => window.show());
  void window.loadURL(url);
  return {
    window,
    get document() {
      return document;
    },
    send: (channel, text) => {
      if (!window.isDestroyed()) window.webContents.send(channel, text);
    },
    sent,
  };
}

/** A page that does not answer cannot ask: the system does. */
function askOutside(window: BrowserWindow): void {
  const answer = dialog.showMessageBox(window, {
    type: 'warning',
    message: 'The window does not answer. Close it all the same?',
    detail: 'What was not saved is kept and offered when the graph is opened again.',
    buttons: ['Close', 'Cancel'],
    defaultId: 1,
    cancelId: 1,
  });
  void answer.then(({ response }) => {
    if (response === 0) window.destroy();
  });
}
