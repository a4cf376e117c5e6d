// The door: an HTTP server on this machine that hands out the editor's pages and lets in whoever has the token.
import { timingSafeEqual } from 'node:crypto';
import { readFileSync, realpathSync, statSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, sep } from 'node:path';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import { EngineError } from '../../engine/index.ts';
import { LARGEST_MESSAGE, SOCKET_PATH, SUBPROTOCOL } from '../protocol.ts';

export interface DoorOptions {
  /** 0 for any that is free. */
  readonly port: number;
  readonly token: string;
  /** The folder of the built pages. */
  readonly pages: string;
  readonly onSocket: (socket: WebSocket) => void;
}

export interface Door {
  readonly port: number;
  close(): Promise<void>;
}

const ADDRESS = '127.0.0.1';
/** "Going away" of RFC 6455, and how many milliseconds clients have to answer it. */
const GOING = 1001;
const FAREWELL = 300;

/** What pages are made of; nothing else is handed out. */
const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.woff': 'font/woff',
  '.txt': 'text/plain; charset=utf-8',
};

/** Opens the door. Rejects with `usage` where the port is taken. */
export async function openDoor(options: DoorOptions): Promise<Door> {
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: LARGEST_MESSAGE,
    perMessageDeflate: false,
    handleProtocols: () => SUBPROTOCOL,
  });
  const server = createServer((request, response) => answer(options, portOf(server), request, response));
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on('error', () => socket.destroy());
    const refusal = refusalOf(request, portOf(server), options.token);
    if (refusal !== undefined) return refuse(socket, refusal);
    sockets.handleUpgrade(request, socket, head, options.onSocket);
  });
  await listening(server, options.port);
  const port = portOf(server);
  return {
    port,
    close: async () => {
      const closed = new Promise<void>((done) => server.close(() => done()));
      for (const socket of sockets.clients) socket.close(GOING, 'The host ends.');
      const last = setTimeout(() => {
        for (const socket of sockets.clients) socket.terminate();
        server.closeAllConnections();
      }, FAREWELL);
      server.closeIdleConnections();
      sockets.close();
      await closed;
      clearTimeout(last);
    },
  };
}

const portOf = (server: Server): number => (server.address() as AddressInfo).port;

function listening(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const message =
        error.code === 'EADDRINUSE'
          ? `Port ${port} is taken. Choose another one with --port, or leave it out.`
          : `Port ${port} cannot be opened: ${error.message}.`;
      reject(new EngineError('usage', 'usage', message, {}, error));
    });
    server.listen(port, ADDRESS, () => resolve());
  });
}

/** The hosts that this server is known by. Any other name in a request is a page that was led here by DNS. */
const hosts = (port: number): string[] => [`${ADDRESS}:${port}`, `localhost:${port}`];

/** Why a socket is not opened; undefined where it may be. */
function refusalOf(request: IncomingMessage, port: number, token: string): string | undefined {
  if (!hosts(port).includes(request.headers.host ?? '')) return 'This host answers only to its own address.';
  const origins = hosts(port).map((host) => `http://${host}`);
  if (!origins.includes(request.headers.origin ?? '')) return 'Only the pages of this host may open its socket.';
  if (new URL(request.url ?? '/', `http://${ADDRESS}`).pathname !== SOCKET_PATH) return 'There is no socket here.';
  const offered = (request.headers['sec-websocket-protocol'] ?? '').split(',').map((text) => text.trim());
  const shown = offered.find((text) => text.startsWith('token.'))?.slice('token.'.length);
  if (!offered.includes(SUBPROTOCOL) || shown === undefined || !sameToken(shown, token)) {
    return 'The token is wrong. Use the address that was printed when the editor was started.';
  }
  return undefined;
}

/** Takes the same time wherever the difference is. */
function sameToken(shown: string, token: string): boolean {
  const a = Buffer.from(shown);
  const b = Buffer.from(token);
  return a.length === b.length && timingSafeEqual(a, b);
}

function refuse(socket: Duplex, reason: string): void {
  const head = ['HTTP/1.1 403 Forbidden', 'Connection: close', 'Content-Type: text/plain; charset=utf-8'];
  socket.end(`${head.join('\r\n')}\r\nContent-Length: ${Buffer.byteLength(reason)}\r\n\r\n${reason}`);
}

interface Page {
  readonly status: 200 | 403 | 404;
  readonly type: string;
  readonly body: Buffer;
  /** True for files whose name changes with what is in them. */
  readonly lasting: boolean;
}

function answer(options: DoorOptions, port: number, request: IncomingMessage, response: ServerResponse): void {
  const { status, type, body, lasting } = pageFor(options, port, request);
  response
    .writeHead(status, {
      ...headers(port),
      'Content-Type': type,
      'Content-Length': body.length,
      'Cache-Control': lasting ? 'public, max-age=31536000, immutable' : 'no-store',
    })
    .end(request.method === 'HEAD' ? undefined : body);
}

function pageFor({ token, pages }: DoorOptions, port: number, request: IncomingMessage): Page {
  const deny = (reason: string, status: 403 | 404 = 403): Page => ({
    status,
    type: TYPES['.txt']!,
    body: Buffer.from(reason),
    lasting: false,
  });
  if (!hosts(port).includes(request.headers.host ?? '')) return deny('This host answers only to its own address.');
  if (request.method !== 'GET' && request.method !== 'HEAD') return deny('Only pages can be fetched here.');
  let url: URL;
  let path: string;
  try {
    url = new URL(request.url ?? '/', `http://${ADDRESS}`);
    path = decodeURIComponent(url.pathname);
  } catch {
    return deny('The address cannot be read.');
  }
  const shown = url.searchParams.get('token');
  if (shown !== null && !sameToken(shown, token)) {
    return deny('The token is wrong. Use the address that was printed when the editor was started.');
  }
  const file = pageFile(pages, path === '/' ? '/index.html' : path);
  const type = file === undefined ? undefined : TYPES[extname(file)];
  if (file !== undefined && type !== undefined)
    return { status: 200, type, body: readFileSync(file), lasting: path.startsWith('/assets/') };
  return path === '/'
    ? deny("The editor's pages are not built. Run: npm run build:ui", 404)
    : deny('There is no such page.');
}

/** A file below the folder of pages; undefined where there is none, or where a link leads out of it. */
function pageFile(pages: string, path: string): string | undefined {
  if (path.includes('\0') || path.includes('\\') || path.split('/').includes('..')) return undefined;
  try {
    const root = realpathSync(pages);
    const file = realpathSync(join(root, path));
    return file.startsWith(root + sep) && statSync(file).isFile() ? file : undefined;
  } catch {
    return undefined;
  }
}

/** Nothing is loaded from elsewhere, nothing is evaluated, nobody may frame the page or learn its address, which holds the token. */
function headers(port: number): Record<string, string> {
  const sockets = hosts(port).map((host) => `ws://${host}`);
  const policy = [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "font-src 'self'",
    `connect-src 'self' ${sockets.join(' ')}`,
    "worker-src 'self'",
    "manifest-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ];
  return {
    'Content-Security-Policy': policy.join('; '),
    'X-Content-Type-Options': 'nosniff',
    'Referrer-Policy': 'no-referrer',
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Cross-Origin-Resource-Policy': 'same-origin',
    'X-Frame-Options': 'DENY',
  };
}
