// The preload script and the host's process, each on its side: the page gets the bridge alone, the host does as it is told.
import { EventEmitter } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Bridge } from '../../../editor/bridge.ts';
import { CHANNELS } from '../../../editor/desktop/channels.ts';
import type { FromHost, ToHost } from '../../../editor/desktop/message.ts';
import { emptyDocument, saveDocument } from '../../../engine/index.ts';
import { FakeElectron, FakeWindow } from './fake-electron.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-bridge-'));
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true });
});

async function preload(): Promise<{ electron: FakeElectron; window: FakeWindow; bridge: Bridge; names: string[] }> {
  const electron = new FakeElectron(folder);
  const window = new FakeWindow({});
  const world: Record<string, unknown> = {};
  vi.resetModules();
  vi.doMock('electron', () => electron.preloadModule(window, world));
  await import('../../../editor/desktop/preload.ts');
  return { electron, window, bridge: world['sluice'] as Bridge, names: Object.keys(world) };
}

test('the page gets the functions of the bridge and nothing of Electron', async () => {
  const { bridge, names } = await preload();
  expect(names).toEqual(['sluice']);
  expect(Object.keys(bridge).sort()).toEqual(
    ['choose', 'onAction', 'onClosing', 'onOpen', 'pathOf', 'platform', 'showDocument'].sort(),
  );
  expect(bridge.platform).toBe(process.platform);
});

test('actions and documents that come before the page listens are kept for it', async () => {
  const { bridge, window } = await preload();
  window.webContents.send(CHANNELS.open, '/a/early.sluice.json');
  const opened: string[] = [];
  const end = bridge.onOpen((path) => opened.push(path));
  window.webContents.send(CHANNELS.open, '/a/late.sluice.json');
  end();
  window.webContents.send(CHANNELS.open, '/a/next.sluice.json');
  bridge.onOpen((path) => opened.push(`again ${path}`));
  expect(opened).toEqual(['/a/early.sluice.json', '/a/late.sluice.json', 'again /a/next.sluice.json']);

  const actions: string[] = [];
  bridge.onAction((id) => actions.push(id));
  window.webContents.send(CHANNELS.action, 'file.save');
  expect(actions).toEqual(['file.save']);
});

test('closing is asked of the page; one that fails to answer is not left', async () => {
  const { bridge, window, electron } = await preload();
  const answers: unknown[] = [];
  electron.ipcMain.on(CHANNELS.leave, (_, may) => answers.push(may));
  const ask = async (): Promise<void> => {
    window.webContents.send(CHANNELS.closing);
    await new Promise((done) => setTimeout(done, 1));
  };
  await ask();
  const end = bridge.onClosing(async () => false);
  await ask();
  bridge.onClosing(() => Promise.reject(new Error('no')));
  end();
  await ask();
  bridge.onClosing(async () => true);
  await ask();
  expect(answers).toEqual([true, false, false, true]);
});

test('a file has a path only where the system knows one', async () => {
  const { bridge, electron } = await preload();
  const asked: unknown[] = [];
  electron.ipcMain.on(CHANNELS.dropped, (event, path) => {
    asked.push(path);
    event.returnValue = path;
  });
  expect(bridge.pathOf(new File([], 'made-up.exr'))).toBe('');
  expect(bridge.pathOf(Object.assign(new File([], 'a.exr'), { path: '/plates/a.exr' }))).toBe('/plates/a.exr');
  expect(asked).toEqual(['/plates/a.exr']);
});

test('the host process opens a graph, allows folders, says why it cannot start, and ends when told', async () => {
  const graph = join(folder, 'a.sluice.json');
  writeFileSync(graph, saveDocument(emptyDocument('a')));
  // What it keeps of the user's stays in the folder of the test.
  vi.stubEnv('XDG_STATE_HOME', join(folder, 'state'));
  const port = Object.assign(new EventEmitter(), {
    said: [] as FromHost[],
    postMessage(message: FromHost) {
      this.said.push(message);
    },
  });
  const before = Object.getOwnPropertyDescriptor(process, 'parentPort');
  Object.defineProperty(process, 'parentPort', { value: port, configurable: true });
  const exits: unknown[] = [];
  vi.spyOn(process, 'exit').mockImplementation(((code: unknown) => {
    exits.push(code);
  }) as never);
  const tell = (data: ToHost): void => void port.emit('message', { data });
  const said = (count: number): Promise<void> => vi.waitFor(() => expect(port.said).toHaveLength(count), 20_000);
  try {
    vi.resetModules();
    await import('../../../editor/desktop/host.ts');
    tell({ kind: 'start', graph });
    await said(1);
    const [ready] = port.said;
    expect(ready).toMatchObject({
      kind: 'ready',
      url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/\?token=.{40,}$/),
    });
    expect((await fetch((ready as { url: string }).url)).status).toBeLessThan(500);
    tell({ kind: 'allow', id: 7, folder: tmpdir() });
    tell({ kind: 'allow', id: 8, folder: join(folder, 'gone') });
    await said(3);
    expect(port.said.slice(1)).toEqual([
      { kind: 'allowed', id: 7 },
      { kind: 'allowed', id: 8 },
    ]);
    tell({ kind: 'close' });
    await vi.waitFor(() => expect(exits).toEqual([0]), 20_000);
    await expect(fetch((ready as { url: string }).url)).rejects.toThrow();

    port.removeAllListeners();
    writeFileSync(graph, 'no graph');
    vi.resetModules();
    await import('../../../editor/desktop/host.ts');
    tell({ kind: 'start', graph });
    await said(4);
    expect(port.said[3]).toMatchObject({ kind: 'failed', message: expect.stringContaining('a.sluice.json') });
  } finally {
    if (before) Object.defineProperty(process, 'parentPort', before);
    else Reflect.deleteProperty(process, 'parentPort');
  }
});

test('what is packed is what is installed and built', () => {
  const root = new URL('../../../', import.meta.url);
  const text = readFileSync(new URL('editor/desktop/builder.yml', root), 'utf8');
  const { devDependencies } = JSON.parse(readFileSync(new URL('package.json', root), 'utf8')) as {
    devDependencies: Record<string, string>;
  };
  expect(text).toContain(`electronVersion: ${devDependencies['electron']}\n`);
  expect(text.match(/ext: sluice\.json/g)).toHaveLength(2);
  for (const system of ['linux:', 'mac:', 'win:']) expect(text).toContain(`\n${system}`);
  expect(text).toContain('main: editor/desktop/main.js');
});
