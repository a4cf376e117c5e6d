// The desktop program: one window on a session host of its own, and what the system asks of them.
import { statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { app, dialog, ipcMain, Menu } from 'electron';
import { graphIn } from './argument.ts';
import { CHANNELS } from './channels.ts';
import { choose, questionSchema } from './dialog.ts';
import { forkHost, type HostProcess } from './fork.ts';
import { guard } from './guard.ts';
import { menuTemplate } from './menu.ts';
import { Recent } from './recent.ts';
import { openWindow, type Pane } from './window.ts';

export class Program {
  readonly #recent: Recent;
  #host: HostProcess | undefined;
  #pane: Pane | undefined;
  /** A graph that the system wanted opened before there was a window. */
  #wanted: string | undefined;
  #ending = false;

  constructor(wanted: string | undefined) {
    this.#wanted = wanted;
    this.#recent = new Recent(join(app.getPath('userData'), 'recent.json'), () => this.#showMenu());
  }

  /** Starts host and window. */
  async begin(): Promise<void> {
    guard(() => this.#host?.url ?? '');
    this.#listen();
    this.#showMenu();
    const graph = this.#wanted;
    this.#wanted = undefined;
    const host = await this.#start(graph);
    if (!host) return app.quit();
    this.#pane = openWindow(host.url, ({ path }) => {
      if (path !== undefined) this.#recent.add(path);
    });
    const { window } = this.#pane;
    window.on('closed', () => {
      this.#pane = undefined;
      void this.#end();
    });
    if (this.#wanted !== undefined) this.open(this.#wanted);
  }

  /** Shows a graph in the window that there is, which asks where it has something unsaved. */
  open(path: string): void {
    const pane = this.#pane;
    if (!pane) {
      this.#wanted = path;
      return;
    }
    if (pane.window.isMinimized()) pane.window.restore();
    pane.window.focus();
    void this.#allow(dirname(path)).then(() => pane.send(CHANNELS.open, path));
  }

  /** Somebody started the program again. */
  again(args: readonly string[], folder: string): void {
    const graph = graphIn(args, folder);
    if (graph !== undefined) this.open(graph);
    else if (this.#pane) {
      if (this.#pane.window.isMinimized()) this.#pane.window.restore();
      this.#pane.window.focus();
    }
  }

  #listen(): void {
    ipcMain.handle(CHANNELS.choose, async (event, asked: unknown) => {
      const pane = this.#pane;
      const question = questionSchema.safeParse(asked);
      if (!pane?.sent(event) || !question.success) throw new Error('The question is none.');
      const chosen = await choose(pane.window, question.data);
      if (!chosen) return undefined;
      await this.#allow(chosen.folder);
      return chosen.file;
    });
    ipcMain.on(CHANNELS.dropped, (event, path: unknown) => {
      if (!this.#pane?.sent(event) || typeof path !== 'string') {
        event.returnValue = '';
        return;
      }
      void this.#allow(folderBehind(path)).then(() => {
        event.returnValue = path;
      });
    });
  }

  async #allow(folder: string): Promise<void> {
    await this.#host?.allow(folder);
  }

  /** A host for a graph; for none where that cannot be opened. Undefined where no host starts at all. */
  async #start(graph: string | undefined): Promise<HostProcess | undefined> {
    const folder = app.getPath(isFolder(app.getPath('documents')) ? 'documents' : 'home');
    try {
      const onLost = (): void => void this.#lost();
      this.#host = await forkHost({ ...(graph === undefined ? {} : { graph }), folder, onLost });
      return this.#host;
    } catch (thrown) {
      const words = thrown instanceof Error ? thrown.message : String(thrown);
      dialog.showErrorBox(graph === undefined ? 'Sluice cannot start' : 'The graph cannot be opened', words);
      return graph === undefined ? undefined : this.#start(undefined);
    }
  }

  /** The host ended by itself. What was not saved it had kept; the next one offers it. */
  async #lost(): Promise<void> {
    const pane = this.#pane;
    this.#host = undefined;
    if (!pane || this.#ending) return;
    const { response } = await dialog.showMessageBox(pane.window, {
      type: 'error',
      message: 'The session host ended unexpectedly.',
      detail: 'Started again, it offers the changes that were not saved, but for the last few seconds.',
      buttons: ['Start it again', 'Quit'],
      defaultId: 0,
      cancelId: 1,
    });
    const host = response === 0 ? await this.#start(pane.document.path) : undefined;
    if (host) await pane.window.loadURL(host.url);
    else pane.window.destroy();
  }

  async #end(): Promise<void> {
    if (this.#ending) return;
    this.#ending = true;
    await this.#host?.close();
    app.quit();
  }

  #showMenu(): void {
    const template = menuTemplate({
      platform: process.platform,
      recent: this.#recent.paths,
      onAction: (id) => this.#pane?.send(CHANNELS.action, id),
      onOpen: (path) => this.open(path),
      onClear: () => this.#recent.clear(),
    });
    Menu.setApplicationMenu(Menu.buildFromTemplate(template));
  }
}

const isFolder = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;

/** The folder itself, or the one that a file lies in. */
const folderBehind = (path: string): string => (isFolder(path) ? path : dirname(path));
