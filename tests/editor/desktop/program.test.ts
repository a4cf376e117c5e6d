// The desktop program against a made-up Electron: one hardened window on one host, and nothing that is not saved is lost.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { CHANNELS } from '../../../editor/desktop/channels.ts';
import { FakeElectron, FakeEvent, FakeRenderer, type FakeWindow } from './fake-electron.ts';

let electron: FakeElectron;
let folder: string;

const settle = (): Promise<void> => new Promise((done) => setTimeout(done, 5));

/** The next import of the program is another process, on the Electron of the moment. */
function fresh(): void {
  vi.resetModules();
  vi.doMock('electron', () => electron.module());
}

/** Starts the program anew, as if by a command line. */
async function launch(...args: readonly string[]): Promise<void> {
  fresh();
  process.argv.splice(2, Number.POSITIVE_INFINITY, ...args);
  await import('../../../editor/desktop/main.ts');
  electron.app.ready();
  await settle();
}

const window = (): FakeWindow => electron.windows.at(-1)!;
const page = (): FakeRenderer => new FakeRenderer(electron.ipcMain, window().webContents);
const show = (document: object): void => page().send(CHANNELS.shown, { name: 'shot', saved: true, ...document });
const sent = (channel: string): unknown[] =>
  window()
    .webContents.sent.filter((message) => message.channel === channel)
    .map(({ args }) => args[0]);

let argv: string[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-desktop-'));
  electron = new FakeElectron(folder);
  argv = [...process.argv];
});
afterEach(() => {
  process.argv.splice(0, Number.POSITIVE_INFINITY, ...argv);
  rmSync(folder, { recursive: true, force: true });
});

describe('starting', () => {
  test('one host, and one window on its address, shut off from the machine', async () => {
    await launch();
    expect(electron.children).toHaveLength(1);
    expect(electron.children[0]!.heard).toEqual([{ kind: 'start' }]);
    expect(electron.children[0]!.options.cwd).toBe(folder);
    expect(electron.children[0]!.entry).toMatch(/host\.ts$/);
    expect(electron.windows).toHaveLength(1);
    expect(window().loaded).toEqual(['http://127.0.0.1:4000/?token=t0']);
    expect(window().options.webPreferences).toMatchObject({
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      webviewTag: false,
    });
    expect(window().options.webPreferences!.preload).toMatch(/preload\.cjs$/);
    expect(window().visible).toBe(false);
    window().emit('ready-to-show');
    expect(window().visible).toBe(true);
  });

  test('with a graph from the command line, or from the system before it is ready', async () => {
    await launch('--flag', 'a.sluice.json');
    expect(electron.children[0]!.heard).toEqual([{ kind: 'start', graph: join(process.cwd(), 'a.sluice.json') }]);

    electron = new FakeElectron(folder);
    fresh();
    await import('../../../editor/desktop/main.ts');
    const event = new FakeEvent();
    electron.app.emit('open-file', event, '/shots/b.sluice.json');
    electron.app.ready();
    await settle();
    expect(event.defaultPrevented).toBe(true);
    expect(electron.children[0]!.heard).toEqual([{ kind: 'start', graph: '/shots/b.sluice.json' }]);
  });

  test('a graph that cannot be opened is told, and the program starts without it', async () => {
    electron.failures = ['It is no graph.'];
    await launch('/shots/bad.json');
    expect(electron.errors).toEqual([{ title: 'The graph cannot be opened', text: 'It is no graph.' }]);
    expect(electron.children.map(({ heard }) => heard[0])).toEqual([
      { kind: 'start', graph: '/shots/bad.json' },
      { kind: 'start' },
    ]);
    expect(electron.windows).toHaveLength(1);
  });

  test('where no host starts, it says so and quits', async () => {
    electron.failures = ['No port is free.'];
    await launch();
    expect(electron.errors).toEqual([{ title: 'Sluice cannot start', text: 'No port is free.' }]);
    expect(electron.windows).toHaveLength(0);
    expect(electron.app.quits).toBe(1);
  });

  test('a second start hands its graph to the first and ends', async () => {
    await launch();
    window().minimized = true;
    electron.app.emit('second-instance', {}, ['sluice', 'sub/c.sluice.json'], '/shots');
    await settle();
    expect(window().minimized).toBe(false);
    expect(electron.children[0]!.heard.at(-1)).toEqual({ kind: 'allow', id: 1, folder: '/shots/sub' });
    expect(sent(CHANNELS.open)).toEqual(['/shots/sub/c.sluice.json']);

    const second = new FakeElectron(folder);
    second.app.lock = false;
    electron = second;
    await launch();
    expect(second.app.quits).toBe(1);
    expect(second.children).toHaveLength(0);
  });
});

describe('the page is held to its place', () => {
  test('it goes nowhere else, opens nothing, embeds nothing', async () => {
    await launch();
    const { webContents } = window();
    const goes = (name: string, url: string): boolean => {
      const event = new FakeEvent(url);
      webContents.emit(name, event);
      return !event.defaultPrevented;
    };
    expect(goes('will-navigate', 'https://example.com/')).toBe(false);
    expect(goes('will-navigate', 'file:///etc/passwd')).toBe(false);
    expect(goes('will-navigate', 'http://127.0.0.1:4001/')).toBe(false);
    expect(goes('will-frame-navigate', 'https://example.com/')).toBe(false);
    expect(goes('will-redirect', 'http://127.0.0.1:4000/')).toBe(false);
    expect(goes('will-attach-webview', '')).toBe(false);
    expect(goes('will-navigate', 'http://127.0.0.1:4000/?token=t0')).toBe(true);
    expect(webContents.openHandler!({ url: 'https://example.com/' })).toEqual({ action: 'deny' });
  });

  test('it may copy texts and nothing more', async () => {
    await launch();
    const home = 'http://127.0.0.1:4000/';
    const asked = ['media', 'geolocation', 'notifications', 'clipboard-read', 'openExternal', 'hid', 'fileSystem'];
    for (const permission of [...asked, 'clipboard-sanitized-write']) {
      const expected = permission === 'clipboard-sanitized-write';
      const answers: boolean[] = [];
      electron.permissionRequest!({}, permission, (granted) => answers.push(granted), { requestingUrl: home });
      expect([permission, ...answers]).toEqual([permission, expected]);
      expect(electron.permissionCheck!({}, permission, home)).toBe(expected);
      expect(electron.permissionCheck!({}, permission, 'https://example.com')).toBe(false);
    }
  });

  test('messages that are not from it, or are no messages, change nothing', async () => {
    await launch();
    const other = { sender: {}, senderFrame: {} };
    electron.ipcMain.emit(CHANNELS.shown, other, { name: 'x', saved: false });
    page().send(CHANNELS.shown, { name: 7, saved: 'no' });
    page().send(CHANNELS.shown, { name: 'x', saved: false, path: 'a'.repeat(5000) });
    expect(window().edited).toBe(false);
    const event = Object.assign(new FakeEvent(), other);
    electron.ipcMain.emit(CHANNELS.dropped, event, '/etc/passwd');
    expect(event.returnValue).toBe('');
    await expect(electron.ipcMain.handlers.get(CHANNELS.choose)!(other, {})).rejects.toThrow('none');
    await expect(page().invoke(CHANNELS.choose, { title: 'x', want: 'everything' })).rejects.toThrow('none');
    await settle();
    expect(electron.children[0]!.heard).toEqual([{ kind: 'start' }]);
  });
});

describe('files', () => {
  test('what is chosen is open to the host before the page hears of it', async () => {
    await launch();
    const cases = [
      { want: 'document', choice: '/a/x.sluice.json', path: '/a/x.sluice.json', mayReplace: false, allowed: '/a' },
      { want: 'sequence', choice: '/b/y.1001.exr', path: '/b/y.1001.exr', mayReplace: false, allowed: '/b' },
      { want: 'folder', choice: '/c/z', path: '/c/z', mayReplace: false, allowed: '/c/z' },
      // The system asked about another name than the one that it becomes.
      { want: 'save', choice: '/d/new.json', path: '/d/new.sluice.json', mayReplace: false, allowed: '/d' },
      { want: 'save', choice: '/e/a.sluice.json', path: '/e/a.sluice.json', mayReplace: true, allowed: '/e' },
    ];
    for (const { want, choice, path, mayReplace, allowed } of cases) {
      electron.choice = choice;
      expect(await page().invoke(CHANNELS.choose, { title: 'T', want, folder: '/start' })).toEqual({
        path,
        mayReplace,
      });
      expect(electron.children[0]!.heard.at(-1)).toMatchObject({ kind: 'allow', folder: allowed });
    }
    expect(electron.fileQuestions.map(({ defaultPath }) => defaultPath)).toEqual([
      '/start',
      '/start',
      '/start',
      join('/start', 'untitled.sluice.json'),
      join('/start', 'untitled.sluice.json'),
    ]);
    electron.choice = '/f/look.cube';
    const question = { title: 'T', want: 'file', extensions: ['cube', 'spi1d'] };
    expect(await page().invoke(CHANNELS.choose, question)).toEqual({ path: '/f/look.cube', mayReplace: false });
    expect(electron.fileQuestions.at(-1)).toMatchObject({
      filters: [{ name: '.cube, .spi1d', extensions: ['cube', 'spi1d'] }],
    });
    electron.choice = undefined;
    expect(await page().invoke(CHANNELS.choose, { title: 'T', want: 'save' })).toBeUndefined();
  });

  test('a dropped file opens its folder, a dropped folder itself', async () => {
    await launch();
    mkdirSync(join(folder, 'plates'));
    writeFileSync(join(folder, 'plates', 'a.exr'), '');
    const renderer = page();
    for (const [name, allowed] of [['plates', 'plates'] as const, [join('plates', 'a.exr'), 'plates'] as const]) {
      renderer.sendSync(CHANNELS.dropped, join(folder, name));
      await settle();
      expect(renderer.lastSync!.returnValue).toBe(join(folder, name));
      expect(electron.children[0]!.heard.at(-1)).toMatchObject({ kind: 'allow', folder: join(folder, allowed) });
    }
  });

  test('graphs that were shown are recent, newest first, kept for the next start', async () => {
    await launch();
    show({ path: '/a/one.sluice.json' });
    show({ path: '/a/two & three.sluice.json' });
    show({ path: '/a/two & three.sluice.json' });
    expect(electron.app.recent).toEqual(['/a/two & three.sluice.json', '/a/one.sluice.json']);
    const file = join(electron.app.getPath('userData'), 'recent.json');
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(['/a/two & three.sluice.json', '/a/one.sluice.json']);

    electron = new FakeElectron(folder);
    await launch();
    const items = electron.menus.at(-1)!.flatMap(({ submenu }) => submenu as Electron.MenuItemConstructorOptions[]);
    const recent = items.find(({ label }) => label === 'Open recent')!;
    const [first, second, , clear] = recent.submenu as Electron.MenuItemConstructorOptions[];
    expect(first!.label).toBe('two && three.sluice.json');
    second!.click!({} as never, undefined, {} as never);
    await settle();
    expect(sent(CHANNELS.open)).toEqual(['/a/one.sluice.json']);
    clear!.click!({} as never, undefined, {} as never);
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual([]);

    writeFileSync(file, '{ damaged');
    electron = new FakeElectron(folder);
    await launch();
    expect(electron.windows).toHaveLength(1);
  });
});

describe('closing', () => {
  test('a saved document closes at once; the host is closed before the program quits', async () => {
    await launch();
    show({ saved: true });
    window().close();
    expect(window().destroyed).toBe(true);
    await settle();
    expect(electron.children[0]!.heard.at(-1)).toEqual({ kind: 'close' });
    expect(electron.app.quits).toBe(1);
    expect(electron.questions).toEqual([]);
  });

  test('an unsaved one asks the page once, and stays or goes as that says', async () => {
    await launch();
    show({ saved: false, path: '/a/b.sluice.json' });
    expect([window().edited, window().represented]).toEqual([true, '/a/b.sluice.json']);
    window().close();
    window().close();
    expect(window().destroyed).toBe(false);
    expect(sent(CHANNELS.closing)).toHaveLength(1);
    page().send(CHANNELS.leave, false);
    expect(window().destroyed).toBe(false);
    page().send(CHANNELS.leave, true);
    expect(window().destroyed).toBe(false);

    window().close();
    expect(sent(CHANNELS.closing)).toHaveLength(2);
    page().send(CHANNELS.leave, true);
    expect(window().destroyed).toBe(true);
    await settle();
    expect(electron.app.quits).toBe(1);
  });

  test('a page that cannot ask does not keep the window, and does not lose it without a question', async () => {
    for (const break_ of [
      () => window().emit('unresponsive'),
      () => {
        window().webContents.crashed = true;
      },
    ]) {
      electron = new FakeElectron(folder);
      await launch();
      show({ saved: false });
      break_();
      electron.button = 1;
      window().close();
      await settle();
      expect([electron.questions.length, window().destroyed]).toEqual([1, false]);
      electron.button = 0;
      window().close();
      await settle();
      expect([electron.questions.length, window().destroyed]).toEqual([2, true]);
    }
  });
});

describe('a host that ends by itself', () => {
  test('is started again on the same graph, and the page follows', async () => {
    await launch();
    show({ path: '/a/b.sluice.json', saved: false });
    electron.children[0]!.end(9);
    await settle();
    expect(electron.questions).toHaveLength(1);
    expect(electron.children[1]!.heard).toEqual([{ kind: 'start', graph: '/a/b.sluice.json' }]);
    expect(window().loaded.at(-1)).toBe('http://127.0.0.1:4001/?token=t1');
    const event = new FakeEvent('http://127.0.0.1:4000/?token=t0');
    window().webContents.emit('will-navigate', event);
    expect(event.defaultPrevented).toBe(true);
  });

  test('or the program quits', async () => {
    await launch();
    electron.button = 1;
    electron.children[0]!.end(9);
    await settle();
    expect(electron.children).toHaveLength(1);
    expect(window().destroyed).toBe(true);
    expect(electron.app.quits).toBe(1);
  });

  test('one that does not end when it is asked is ended', async () => {
    await launch();
    const child = electron.children[0]!;
    child.postMessage = (message) => void child.heard.push(message);
    vi.useFakeTimers();
    try {
      window().close();
      expect(child.killed).toBe(false);
      await vi.advanceTimersByTimeAsync(5000);
      expect(child.killed).toBe(true);
      expect(electron.app.quits).toBe(1);
    } finally {
      vi.useRealTimers();
    }
  });
});
