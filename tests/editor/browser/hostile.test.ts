// A page that means harm, in the browser beside the editor, and requests that ask for too much: refused, and the host lives.
import { existsSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { LARGEST_MESSAGE, SOCKET_PATH, SUBPROTOCOL } from '../../../editor/protocol.ts';
import { emptyDocument, saveDocument } from '../../../engine/browser.ts';
import { codeOf } from '../server/hosted.ts';
import { browser, Editor, NO_HOST, skipped, until } from './editor.ts';
import { type Host, shotFolder, startHost, temporary } from './host.ts';

const MARK = 'marked-by-the-host-of-this-test';

describe.skipIf(skipped)('a page that means harm', () => {
  let host: Host;
  let editor: Editor;
  let foreign: Server;
  let page: Page;
  let folder: string;
  let outside: string;

  beforeAll(async () => {
    folder = shotFolder();
    outside = temporary();
    mkdirSync(join(outside, 'secret'));
    writeFileSync(join(outside, 'secret', 'other.sluice.json'), saveDocument(emptyDocument('other')));
    symlinkSync(outside, join(folder, 'way-out'));
    const graph = join(folder, 'mine.sluice.json');
    writeFileSync(graph, saveDocument({ ...emptyDocument(), doc: MARK }));
    host = await startHost({ folder, graph });
    editor = await Editor.open(host);
    foreign = createServer((_, response) => {
      response.writeHead(200, { 'Content-Type': 'text/html' }).end('<!doctype html><title>Free textures</title>');
    });
    await new Promise<void>((done) => foreign.listen(0, '127.0.0.1', done));
    page = await (await browser()).newPage();
    await page.goto(`http://127.0.0.1:${(foreign.address() as AddressInfo).port}/`);
  });
  afterAll(async () => {
    await page?.close();
    foreign?.close();
    // The browser tells of the sockets that were refused.
    await editor?.close({ expected: NO_HOST });
  });

  /** Opens a socket from a page; `open`, or how it closed. */
  const knock = (from: Page, name: string, token: string): Promise<string> =>
    from.evaluate(
      ([address, protocols]) =>
        new Promise<string>((told) => {
          const socket = new WebSocket(address, protocols);
          socket.onopen = () => {
            told('open');
            socket.close();
          };
          socket.onclose = ({ code }) => told(`closed ${code}`);
        }),
      [`ws://${name}:${host.port}${SOCKET_PATH}`, [SUBPROTOCOL, `token.${token}`]] as const satisfies [
        string,
        string[],
      ],
    );

  /** The host answers those who may ask. */
  async function lives(): Promise<void> {
    const client = await host.connect();
    expect(client.document!.doc).toBe(MARK);
    client.socket.terminate();
    expect(host.isAlive()).toBe(true);
    expect(host.complaints()).toBe('');
  }

  test('of another origin gets no socket, even with the token', async () => {
    for (const name of ['127.0.0.1', 'localhost']) {
      expect(await knock(page, name, host.token), name).toBe('closed 1006');
    }
    // The editor's own page may open one more: what was refused is the origin.
    expect(await knock(editor.page, '127.0.0.1', host.token)).toBe('open');
    await lives();
  });

  test('of no origin at all gets none either', async () => {
    const answer = await page.evaluate(
      ([address, ...protocols]) =>
        new Promise<string>((told) => {
          addEventListener('message', ({ data }) => told(String(data)), { once: true });
          const frame = document.createElement('iframe');
          frame.setAttribute('sandbox', 'allow-scripts');
          frame.srcdoc = `<script>
            const socket = new WebSocket(${JSON.stringify(address)}, ${JSON.stringify(protocols)});
            socket.onopen = () => parent.postMessage('open', '*');
            socket.onclose = ({ code }) => parent.postMessage('closed ' + code, '*');
          </script>`;
          document.body.append(frame);
        }),
      [`ws://127.0.0.1:${host.port}${SOCKET_PATH}`, SUBPROTOCOL, `token.${host.token}`] as const,
    );
    expect(answer).toBe('closed 1006');
    await lives();
  });

  test('can neither read the pages of the host, nor frame them, nor send anything', async () => {
    const read = await page.evaluate(async (url) => {
      const tries = [{}, { mode: 'no-cors' }, { method: 'POST', body: 'x' }] as const satisfies RequestInit[];
      return Promise.all(
        tries.map((how) =>
          fetch(url, how).then(
            async (response) => `${response.type} ${(await response.text()).length}`,
            () => 'refused',
          ),
        ),
      );
    }, host.url);
    expect(read).toEqual(['refused', 'refused', 'refused']);
    await page.evaluate((url) => {
      const frame = document.createElement('iframe');
      frame.src = url;
      document.body.append(frame);
    }, host.url);
    await until('the frame is there', () => page.frames().length >= 2);
    await page.waitForLoadState('networkidle');
    for (const frame of page.frames()) expect(await frame.locator('.canvas').count()).toBe(0);
    await lives();
  });

  test('with a wrong token gets no socket, also on the right address', async () => {
    const wrong = `${host.token.slice(0, -1)}${host.token.endsWith('x') ? 'y' : 'x'}`;
    expect(await knock(editor.page, '127.0.0.1', wrong)).toBe('closed 1006');
    expect(await knock(editor.page, '127.0.0.1', '')).toBe('closed 1006');
    const other = await (await browser()).newPage();
    const answer = await other.goto(host.url.replace(host.token, wrong));
    expect(answer!.status()).toBe(403);
    expect(await other.textContent('body')).toContain('The token is wrong.');
    await other.goto(host.url.replace(/\?.*/, ''));
    await other.getByText(/No session host answers here/).waitFor();
    await other.close();
    await lives();
  });

  test('that is huge closes its own connection alone', async () => {
    const closed = await editor.page.evaluate(
      ([address, protocols, size]) =>
        new Promise<number>((told) => {
          const socket = new WebSocket(address, protocols);
          socket.onopen = () => socket.send('x'.repeat(size));
          socket.onclose = ({ code }) => told(code);
        }),
      [
        `ws://127.0.0.1:${host.port}${SOCKET_PATH}`,
        [SUBPROTOCOL, `token.${host.token}`],
        LARGEST_MESSAGE + 1,
      ] as const satisfies [string, string[], number],
    );
    expect(closed).toBe(1009);
    await lives();
    await editor.selectNothing();
    await editor.add('exposure', 0.5, 0.5);
  });

  test('paths outside the roots are refused, whichever way they are asked for', async () => {
    const { client } = editor;
    const before = readdirSync(join(outside, 'secret'));
    const ways = ['/etc', outside, join(outside, 'secret', 'other.sluice.json'), 'way-out/secret', '../..'];
    let refused = 0;
    for (const path of ways) {
      const text = saveDocument(emptyDocument());
      const codes = [
        await codeOf(client.ask('browse', { folder: path })),
        await codeOf(client.ask('inspect', { path })),
        await codeOf(client.ask('open', { path })),
        await codeOf(client.ask('readGraph', { path })),
        await codeOf(client.ask('save', { path: join(path, 'new.sluice.json'), overwrite: true })),
        await codeOf(client.ask('writeGraph', { path: join(path, 'new.sluice.json'), text, overwrite: true })),
      ];
      expect(codes, path).toEqual(Array(codes.length).fill('outside-roots'));
      refused += codes.length;
    }
    expect(refused).toBe(30);
    expect(readdirSync(join(outside, 'secret'))).toEqual(before);
    expect(existsSync(join(outside, 'new.sluice.json'))).toBe(false);
    await lives();
  });

  test('the window says so, beside what was asked', async () => {
    const { page: window } = editor;
    await editor.canvas.focus();
    await window.keyboard.press('Control+o');
    const dialog = window.getByRole('dialog').last();
    const field = dialog.getByRole('textbox', { name: 'Folder' });
    // What is not saved is asked about first.
    await editor.button('Do not save').click();
    await field.fill(outside);
    await field.press('Enter');
    await dialog
      .getByText(/outside|not below|roots/i)
      .first()
      .waitFor();
    await editor.button('Cancel', dialog).click();
    await window.keyboard.press('Control+Shift+s');
    const name = window.getByRole('dialog').getByLabel('File name');
    await name.fill(join(outside, 'new.sluice.json'));
    await name.press('Enter');
    await window.getByText(/Not saved:/).waitFor();
    expect(existsSync(join(outside, 'new.sluice.json'))).toBe(false);
    await lives();
  });
});
