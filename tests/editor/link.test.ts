// The line to the host over real sockets: the token, pictures, and coming back after a break.
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { filter, firstValueFrom, take, toArray } from 'rxjs';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { type WebSocket, WebSocketServer } from 'ws';
import { encodePicture, type PictureHeader } from '../../editor/picture.ts';
import { SUBPROTOCOL } from '../../editor/protocol.ts';
import { addressOf, type Link, openLink, parseEvent, waitBefore } from '../../editor/ui/store/link.ts';

let server: WebSocketServer;
let link: Link | undefined;
const offered: string[][] = [];

beforeEach(async () => {
  offered.length = 0;
  server = new WebSocketServer({
    port: 0,
    host: '127.0.0.1',
    handleProtocols: (protocols) => {
      offered.push([...protocols]);
      return SUBPROTOCOL;
    },
  });
  await once(server, 'listening');
});

afterEach(() => {
  link?.close();
  for (const client of server.clients) client.terminate();
  server.close();
});

const url = (): string => `ws://127.0.0.1:${(server.address() as AddressInfo).port}/socket`;
const connection = async (): Promise<WebSocket> => ((await once(server, 'connection')) as [WebSocket])[0];
const state = (wanted: string) => firstValueFrom(link!.state$.pipe(filter((now) => now === wanted)));

test('the address of the page says where the socket is and which token opens it', () => {
  expect(addressOf({ href: 'http://127.0.0.1:4100/?token=abc' })).toEqual({
    url: 'ws://127.0.0.1:4100/socket',
    token: 'abc',
  });
  expect(addressOf({ href: 'https://x.test/a/' })).toEqual({ url: 'wss://x.test/socket', token: '' });
});

test('offers the token beside the protocol, hears events and pictures, passes over what is neither', async () => {
  const first = connection();
  link = openLink({ url: url(), token: 'secret' });
  const events = firstValueFrom(link.events$.pipe(take(1), toArray()));
  const picture = firstValueFrom(link.pictures$);
  const socket = await first;
  const heard: unknown[] = [];
  socket.on('message', (data) => heard.push(JSON.parse(String(data))));
  expect(offered).toEqual([[SUBPROTOCOL, 'token.secret']]);
  await state('open');
  const header = { slot: 0, serial: 3, node: 'a', width: 1, height: 1 } as PictureHeader;
  socket.send('not JSON');
  socket.send('[]');
  socket.send(new Uint8Array([1, 2, 3]));
  socket.send(JSON.stringify({ kind: 'history', history: { depth: 0 } }));
  socket.send(encodePicture(header, new Uint16Array([0x3c00, 1, 2, 3])));
  expect(await events).toEqual([{ kind: 'history', history: { depth: 0 } }]);
  expect(await picture).toEqual({ header, samples: new Uint16Array([0x3c00, 1, 2, 3]) });
  link.send({ kind: 'seek', frame: 7 });
  await vi.waitFor(() => expect(heard).toHaveLength(3));
  // Both binary messages have come, whatever was in them.
  expect(heard).toEqual([{ kind: 'taken' }, { kind: 'taken' }, { kind: 'seek', frame: 7 }]);
});

test('comes back by itself, and at once when asked to', async () => {
  const first = connection();
  link = openLink({ url: url(), token: '' });
  const socket = await first;
  await state('open');
  const second = connection();
  socket.terminate();
  await state('lost');
  link.send({ kind: 'seek', frame: 1 });
  await second;
  await state('open');
  const third = connection();
  link.renew();
  expect(link.state$.value).toBe('lost');
  await third;
  await state('open');
  expect(offered.length).toBe(3);
});

test('does not come back to a host that said that it ends: the next one has another address', async () => {
  const first = connection();
  link = openLink({ url: url(), token: '' });
  const socket = await first;
  await state('open');
  socket.close(1001, 'The host ends.');
  await state('ended');
  const before = offered.length;
  await new Promise((done) => setTimeout(done, waitBefore(0) * 2));
  expect(offered.length).toBe(before);
});

test('waits longer after each attempt, up to eight seconds', () => {
  expect([0, 1, 2, 5, 6, 1000].map(waitBefore)).toEqual([250, 500, 1000, 8000, 8000, 8000]);
});

test('an event is an object with a kind', () => {
  expect(parseEvent('{"kind":"run","run":null}')).toEqual({ kind: 'run', run: null });
  for (const text of ['', 'null', '3', '{}', '{"kind":3}']) expect(parseEvent(text)).toBeUndefined();
});
