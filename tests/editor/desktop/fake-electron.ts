// Electron's API as far as the desktop program uses it, in memory: what the program asks for is recorded, events are made by tests.
import { EventEmitter } from 'node:events';
import type * as Electron from 'electron';

type Ipc = (event: unknown, ...args: unknown[]) => unknown;

/** What crosses between processes is a copy. */
const copied = <T>(value: T): T => structuredClone(value);

/** A preventable event of Electron. */
export class FakeEvent {
  defaultPrevented = false;
  returnValue: unknown;
  readonly url: string;

  constructor(url = '') {
    this.url = url;
  }

  preventDefault(): void {
    this.defaultPrevented = true;
  }
}

export class FakeContents extends EventEmitter {
  readonly mainFrame = { url: '' };
  readonly sent: { readonly channel: string; readonly args: readonly unknown[] }[] = [];
  crashed = false;
  openHandler: ((details: { url: string }) => { action: 'allow' | 'deny' }) | undefined;
  /** The preload script's side, where a test has loaded one. */
  renderer: FakeRenderer | undefined;

  send(channel: string, ...args: unknown[]): void {
    this.sent.push({ channel, args });
    this.renderer?.emit(channel, {}, ...copied(args));
  }

  isCrashed(): boolean {
    return this.crashed;
  }

  setWindowOpenHandler(handler: FakeContents['openHandler']): void {
    this.openHandler = handler;
  }
}

/** `ipcRenderer`: its messages reach `ipcMain` as from the page of a window. */
export class FakeRenderer extends EventEmitter {
  readonly #main: FakeIpcMain;
  readonly #contents: FakeContents;

  constructor(main: FakeIpcMain, contents: FakeContents) {
    super();
    this.#main = main;
    this.#contents = contents;
  }

  #event(): FakeEvent & { sender: FakeContents; senderFrame: unknown } {
    const event = new FakeEvent();
    return Object.assign(event, { sender: this.#contents, senderFrame: this.#contents.mainFrame });
  }

  readonly send = (channel: string, ...args: unknown[]): void => {
    this.#main.emit(channel, this.#event(), ...copied(args));
  };

  readonly invoke = async (channel: string, ...args: unknown[]): Promise<unknown> =>
    copied(await this.#main.handlers.get(channel)!(this.#event(), ...copied(args)));

  /** Electron blocks until there is a value; here the test waits for it. */
  readonly sendSync = (channel: string, ...args: unknown[]): unknown => {
    const event = this.#event();
    this.#main.emit(channel, event, ...copied(args));
    this.lastSync = event;
    return event.returnValue;
  };
  lastSync: FakeEvent | undefined;
}

export class FakeIpcMain extends EventEmitter {
  readonly handlers = new Map<string, Ipc>();

  handle(channel: string, handler: Ipc): void {
    this.handlers.set(channel, handler);
  }
}

export class FakeWindow extends EventEmitter {
  readonly webContents = new FakeContents();
  readonly options: Electron.BrowserWindowConstructorOptions;
  readonly loaded: string[] = [];
  edited = false;
  represented = '';
  visible = false;
  minimized = false;
  focused = 0;
  destroyed = false;

  constructor(options: Electron.BrowserWindowConstructorOptions) {
    super();
    this.options = options;
  }

  async loadURL(url: string): Promise<void> {
    this.loaded.push(url);
    this.webContents.mainFrame.url = url;
  }

  show(): void {
    this.visible = true;
  }

  focus(): void {
    this.focused += 1;
  }

  isMinimized(): boolean {
    return this.minimized;
  }

  restore(): void {
    this.minimized = false;
  }

  isDestroyed(): boolean {
    return this.destroyed;
  }

  setDocumentEdited(edited: boolean): void {
    this.edited = edited;
  }

  setRepresentedFilename(path: string): void {
    this.represented = path;
  }

  /** As a click on the window's cross. */
  close(): void {
    const event = new FakeEvent();
    this.emit('close', event);
    if (!event.defaultPrevented) this.destroy();
  }

  destroy(): void {
    if (this.destroyed) return;
    this.destroyed = true;
    this.emit('closed');
  }
}

/** The process of the session host. Answers by itself what the real one would, unless told otherwise. */
export class FakeChild extends EventEmitter {
  readonly entry: string;
  readonly options: Electron.ForkOptions;
  readonly heard: Record<string, unknown>[] = [];
  readonly url: string;
  killed = false;
  /** What `start` is answered with instead of an address. */
  readonly failure: string | undefined;

  constructor(entry: string, options: Electron.ForkOptions, url: string, failure: string | undefined) {
    super();
    this.entry = entry;
    this.options = options;
    this.url = url;
    this.failure = failure;
  }

  postMessage(message: Record<string, unknown>): void {
    const said = copied(message);
    this.heard.push(said);
    queueMicrotask(() => this.#answer(said));
  }

  kill(): boolean {
    this.killed = true;
    this.end(1);
    return true;
  }

  end(code: number): void {
    this.emit('exit', code);
  }

  #answer({ kind, id }: Record<string, unknown>): void {
    if (kind === 'start' && this.failure !== undefined) this.emit('message', { kind: 'failed', message: this.failure });
    else if (kind === 'start') this.emit('message', { kind: 'ready', url: this.url });
    else if (kind === 'allow') this.emit('message', { kind: 'allowed', id });
    else if (kind === 'close') this.end(0);
  }
}

class FakeApp extends EventEmitter {
  readonly isPackaged = false;
  name = '';
  lock = true;
  quits = 0;
  readonly recent: string[] = [];
  readonly #folder: string;
  readonly #ready = Promise.withResolvers<void>();

  constructor(folder: string) {
    super();
    this.#folder = folder;
  }

  setName(name: string): void {
    this.name = name;
  }

  setAppUserModelId(_id: string): void {}

  requestSingleInstanceLock(): boolean {
    return this.lock;
  }

  whenReady(): Promise<void> {
    return this.#ready.promise;
  }

  ready(): void {
    this.#ready.resolve();
  }

  getPath(name: string): string {
    return name === 'documents' || name === 'home' ? this.#folder : `${this.#folder}/${name}`;
  }

  addRecentDocument(path: string): void {
    this.recent.unshift(path);
  }

  clearRecentDocuments(): void {
    this.recent.length = 0;
  }

  quit(): void {
    this.quits += 1;
  }
}

type PermissionRequest = (
  contents: unknown,
  permission: string,
  answer: (granted: boolean) => void,
  details: { requestingUrl: string },
) => void;
type PermissionCheck = (contents: unknown, permission: string, origin: string) => boolean;

/** One machine with the program on it. */
export class FakeElectron {
  readonly app: FakeApp;
  readonly ipcMain = new FakeIpcMain();
  readonly windows: FakeWindow[] = [];
  readonly children: FakeChild[] = [];
  readonly menus: Electron.MenuItemConstructorOptions[][] = [];
  readonly errors: { readonly title: string; readonly text: string }[] = [];
  readonly questions: Electron.MessageBoxOptions[] = [];
  readonly fileQuestions: (Electron.OpenDialogOptions | Electron.SaveDialogOptions)[] = [];
  /** Failures of the hosts that start, one after another; undefined for one that starts well. */
  failures: (string | undefined)[] = [];
  /** What is chosen in file dialogs; undefined gives up. */
  choice: string | undefined;
  /** Index of the button pressed in message boxes. */
  button = 0;
  permissionRequest: PermissionRequest | undefined;
  permissionCheck: PermissionCheck | undefined;

  constructor(folder: string) {
    this.app = new FakeApp(folder);
  }

  /** The module, as `import … from 'electron'` gives it to the main process. */
  module(): Record<string, unknown> {
    const self = this;
    return {
      app: this.app,
      ipcMain: this.ipcMain,
      BrowserWindow: class extends FakeWindow {
        constructor(options: Electron.BrowserWindowConstructorOptions) {
          super(options);
          self.windows.push(this);
          self.app.emit('web-contents-created', new FakeEvent(), this.webContents);
        }
      },
      utilityProcess: {
        fork: (entry: string, _args: readonly string[], options: Electron.ForkOptions) => {
          const url = `http://127.0.0.1:${4000 + self.children.length}/?token=t${self.children.length}`;
          const child = new FakeChild(entry, options, url, self.failures.shift());
          self.children.push(child);
          return child;
        },
      },
      Menu: {
        buildFromTemplate: (template: Electron.MenuItemConstructorOptions[]) => template,
        setApplicationMenu: (menu: Electron.MenuItemConstructorOptions[]) => self.menus.push(menu),
      },
      dialog: {
        showErrorBox: (title: string, text: string) => self.errors.push({ title, text }),
        showMessageBox: async (_: unknown, options: Electron.MessageBoxOptions) => {
          self.questions.push(options);
          return { response: self.button, checkboxChecked: false };
        },
        showOpenDialog: async (_: unknown, options: Electron.OpenDialogOptions) => {
          self.fileQuestions.push(options);
          return { canceled: self.choice === undefined, filePaths: self.choice === undefined ? [] : [self.choice] };
        },
        showSaveDialog: async (_: unknown, options: Electron.SaveDialogOptions) => {
          self.fileQuestions.push(options);
          return { canceled: self.choice === undefined, filePath: self.choice ?? '' };
        },
      } satisfies Partial<Record<keyof Electron.Dialog, unknown>>,
      session: {
        defaultSession: {
          setPermissionRequestHandler: (handler: PermissionRequest) => {
            self.permissionRequest = handler;
          },
          setPermissionCheckHandler: (handler: PermissionCheck) => {
            self.permissionCheck = handler;
          },
        },
      },
    };
  }

  /** The module as the preload script of a window gets it; what it exposes to the page lands in `world`. */
  preloadModule(window: FakeWindow, world: Record<string, unknown>): Record<string, unknown> {
    const renderer = new FakeRenderer(this.ipcMain, window.webContents);
    window.webContents.renderer = renderer;
    return {
      contextBridge: {
        exposeInMainWorld: (name: string, api: unknown) => {
          world[name] = api;
        },
      } satisfies Partial<Electron.ContextBridge>,
      ipcRenderer: renderer,
      webUtils: {
        getPathForFile: (file: File) => (file as File & { readonly path?: string }).path ?? '',
      } satisfies Partial<Electron.WebUtils>,
    };
  }
}
