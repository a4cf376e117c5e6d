// Who is let in: tokens, hosts, origins and messages that the host refuses, over real sockets.
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { connect } from 'node:net';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { LARGEST_MESSAGE, SOCKET_PATH, SUBPROTOCOL } from '../../../editor/protocol.ts';
import { type Hosted, hosted, temporary } from './hosted.ts';

let main: Hosted;
let port = 0;
let token = '';

beforeAll(async () => {
  const folder = temporary();
  const pages = join(folder, 'pages');
  mkdirSync(join(pages, 'assets'), { recursive: true });
  writeFileSync(join(pages, 'index.html'), '<!doctype html><title>Sluice</title>');
  writeFileSync(join(pages, 'assets', 'main-1.js'), 'export {};');
  writeFileSync(join(pages, 'secret.key'), 'not a page');
  writeFileSync(join(folder, 'outside.txt'), 'outside');
  symlinkSync(join(folder, 'outside.txt'), join(pages, 'link.txt'));
  main = await hosted({ graph: join(folder, 'new.sluice.json'), pages });
  ({ port, token } = main.host);
});

interface Knock {
  readonly host?: string;
  readonly origin?: string | null;
  readonly protocols?: readonly string[];
  readonly path?: string;
}

/** Tries to open a socket: the status of the refusal, or `open`. */
function knock({ host, origin, protocols, path = SOCKET_PATH }: Knock): Promise<string> {
  return new Promise((resolve) => {
    const offered = [...(protocols ?? [SUBPROTOCOL, `token.${token}`])];
    const socket = new WebSocket(`ws://127.0.0.1:${port}${path}`, offered, {
      ...(origin === null ? {} : { origin: origin ?? `http://127.0.0.1:${port}` }),
      headers: host === undefined ? {} : { Host: host },
    });
    socket.on('open', () => {
      resolve('open');
      socket.terminate();
    });
    socket.on('unexpected-response', (_, response) => resolve(String(response.statusCode)));
    socket.on('error', (error) => resolve(error.message));
  });
}

describe('the socket', () => {
  test('opens for the pages of this host with the token', async () => {
    expect(await knock({})).toBe('open');
    expect(await knock({ host: `localhost:${port}`, origin: `http://localhost:${port}` })).toBe('open');
  });

  const wrong: readonly (readonly [string, () => Knock])[] = [
    ['a wrong token', () => ({ protocols: [SUBPROTOCOL, `token.${token.slice(0, -1)}x`] })],
    ['a token cut short', () => ({ protocols: [SUBPROTOCOL, `token.${token.slice(0, -1)}`] })],
    ['no token', () => ({ protocols: [SUBPROTOCOL] })],
    ['an empty list of protocols', () => ({ protocols: [] })],
    ['the token without the protocol', () => ({ protocols: [`token.${token}`] })],
    ['another origin', () => ({ origin: 'http://evil.example' })],
    ['an origin on another port', () => ({ origin: `http://127.0.0.1:${port + 1}` })],
    ['another scheme', () => ({ origin: `https://127.0.0.1:${port}` })],
    ['the origin null of a file or a sandbox', () => ({ origin: 'null' })],
    ['no origin', () => ({ origin: null })],
    ['a name that DNS led here', () => ({ host: `evil.example:${port}` })],
    ['a host without the port', () => ({ host: '127.0.0.1' })],
    ['another path', () => ({ path: '/' })],
  ];
  test.each(wrong)('is refused to %s', async (_, knocking) => {
    expect(await knock(knocking())).toBe('403');
  });

  test('an upgrade that breaks off leaves the host as it was', async () => {
    const raw = connect(port, '127.0.0.1');
    raw.write(
      `GET ${SOCKET_PATH} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n`,
    );
    raw.destroy();
    expect(await knock({})).toBe('open');
  });
});

describe('messages', () => {
  test('one that is too large closes the socket', async () => {
    const client = await main.connect();
    client.socket.send(JSON.stringify({ kind: 'openText', id: 1, text: 'x'.repeat(LARGEST_MESSAGE), name: 'x' }));
    await client.until(() => client.closed !== undefined);
    expect(client.closed!.code).toBe(1009);
  });

  const unreadable: readonly (readonly [string, string | Buffer, number])[] = [
    ['text that is no JSON', '{"kind":', 1007],
    ['JSON that is no message', '[1, 2]', 1008],
    ['a message without an id', '{"kind":"view","slot":-1}', 1008],
    ['bytes', Buffer.from([1, 2, 3]), 1008],
    ['the end of the stack', `${'['.repeat(200_000)}${']'.repeat(200_000)}`, 1008],
  ];
  test.each(unreadable)('%s closes the socket and says why', async (_, message, code) => {
    const client = await main.connect();
    client.socket.send(message);
    await client.until(() => client.closed !== undefined);
    expect(client.closed!.code).toBe(code);
    expect(client.closed!.reason).not.toBe('');
  });

  test('one with an id is refused and the socket stays', async () => {
    const client = await main.connect();
    const deep = `{"kind":"edit","id":7,"revision":0,"intent":"","edit":${'{"op":"batch","edits":['.repeat(5000)}${']}'.repeat(5000)}}`;
    const wrong = [
      '{"kind":"bogus","id":7}',
      '{"kind":"open","id":7,"path":"x","extra":1}',
      '{"kind":"probe","id":7,"node":"a","frame":1.5,"part":0,"box":{}}',
      '{"kind":"edit","id":7,"revision":0,"intent":"","edit":{"op":"eval","code":"1"}}',
      deep,
    ];
    for (const [i, text] of wrong.entries()) {
      client.socket.send(text);
      await client.until(() => client.events.filter((e) => e.kind === 'refused').length === i + 1);
    }
    expect(await client.ask('browse', { folder: '' })).toHaveProperty('folders');
    expect(client.closed).toBeUndefined();
  });

  test('a client that does not read is dropped and the others go on', async () => {
    const lazy = await main.connect();
    const other = await main.connect();
    (lazy.socket as unknown as { _socket: { pause(): void } })._socket.pause();
    // What it asks for piles up until the host has had enough.
    const text = JSON.stringify({ kind: 'bogus', id: 1 });
    const big = { op: 'setDoc', doc: 'x'.repeat(4_000_000) } as const;
    for (let i = 0; i < 40; i++) await other.edit(big, 'Write a long text', `text ${i}`);
    lazy.socket.send(text);
    (lazy.socket as unknown as { _socket: { resume(): void } })._socket.resume();
    await lazy.until(() => lazy.closed !== undefined);
    expect(lazy.closed!.code).toBe(1006);
    expect(await other.ask('browse', { folder: '' })).toHaveProperty('folders');
    await other.edit({ op: 'setDoc' });
  });
});

describe('pages', () => {
  const fetchRaw = (
    path: string,
    more: { method?: string; host?: string } = {},
  ): Promise<{ status: number; body: string; headers: Record<string, unknown> }> =>
    new Promise((resolve, reject) => {
      const { method = 'GET', host = `127.0.0.1:${port}` } = more;
      request({ host: '127.0.0.1', port, path, method, headers: { Host: host } }, (response) => {
        let body = '';
        response.setEncoding('utf8').on('data', (text: string) => {
          body += text;
        });
        response.on('end', () => resolve({ status: response.statusCode!, body, headers: response.headers }));
      })
        .on('error', reject)
        .end();
    });

  test('are served with a policy under which nothing is evaluated or loaded from elsewhere', async () => {
    const page = await fetchRaw(`/?token=${token}`);
    expect(page.status).toBe(200);
    expect(page.body).toContain('<title>Sluice');
    const policy = String(page.headers['content-security-policy']);
    expect(policy).toContain("script-src 'self';");
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain(`ws://127.0.0.1:${port}`);
    expect(policy).not.toContain('unsafe-eval');
    expect(page.headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'referrer-policy': 'no-referrer' });
    const script = await fetchRaw('/assets/main-1.js');
    expect(script).toMatchObject({ status: 200, headers: { 'content-type': 'text/javascript; charset=utf-8' } });
    expect(await fetchRaw('/assets/main-1.js', { method: 'HEAD' })).toMatchObject({ status: 200, body: '' });
  });

  const refused: [string, string, { method?: string; host?: string }?][] = [
    ['a wrong token', '/?token=abc'],
    ['another host', '/', { host: 'evil.example' }],
    ['another method', '/', { method: 'POST' }],
    ['a file beside the pages', '/../outside.txt'],
    ['an encoded way out', '/%2e%2e/outside.txt'],
    ['an encoded slash', '/..%2foutside.txt'],
    ['a link that leads out', '/link.txt'],
    ['a file that is no page', '/secret.key'],
    ['a folder', '/assets'],
    ['a zero byte', '/index.html%00.txt'],
    ['a broken escape', '/%'],
    ['what is not there', '/nothing.js'],
  ];
  test.each(refused)('%s is refused', async (_, path, more) => {
    expect((await fetchRaw(path, more)).status).toBe(403);
  });
});
