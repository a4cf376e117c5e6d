// The line to the host: a WebSocket that comes back by itself, each time after a longer wait.
import { BehaviorSubject, Subject } from 'rxjs';
import { decodePicture, type PictureHeader } from '../../picture.ts';
import { type Event, type Request, SOCKET_PATH, SUBPROTOCOL } from '../../protocol.ts';

export interface Picture {
  readonly header: PictureHeader;
  /** Half samples as bits, interleaved by pixel, top row first. */
  readonly samples: Uint16Array;
}

/** `lost`: it is tried again; `ended`: the host said that it ends, and another one has another address. */
export type LinkState = 'connecting' | 'open' | 'lost' | 'ended';

/** What the store needs of a connection; tests put a made-up host behind it. */
export interface Link {
  readonly state$: BehaviorSubject<LinkState>;
  readonly events$: Subject<Event>;
  readonly pictures$: Subject<Picture>;
  /** Only while open; what is sent at another time is dropped. */
  send(request: Request): void;
  /** Drops the connection and makes a new one: the host then tells everything again. */
  renew(): void;
  close(): void;
}

/** RFC 6455: how the host says that it ends. */
const GOING_AWAY = 1001;
const FIRST_WAIT = 250;
const LONGEST_WAIT = 8_000;

/** Milliseconds before the nth attempt to connect again, from 0. */
export const waitBefore = (attempt: number): number => Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** Math.min(attempt, 10));

/** The address of the socket and the token, from the page's own address. */
export function addressOf(page: { readonly href: string }): { url: string; token: string } {
  const at = new URL(page.href);
  const url = new URL(SOCKET_PATH, at);
  url.protocol = at.protocol === 'https:' ? 'wss:' : 'ws:';
  return { url: url.href, token: at.searchParams.get('token') ?? '' };
}

/** Opens a line to the host and keeps it open until `close`. */
export function openLink({ url, token }: { readonly url: string; readonly token: string }): Link {
  const state$ = new BehaviorSubject<LinkState>('connecting');
  const events$ = new Subject<Event>();
  const pictures$ = new Subject<Picture>();
  let socket: WebSocket | undefined;
  let attempt = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let closed = false;

  const connect = (): void => {
    const mine = new WebSocket(url, token === '' ? [SUBPROTOCOL] : [SUBPROTOCOL, `token.${token}`]);
    mine.binaryType = 'arraybuffer';
    mine.onopen = () => {
      attempt = 0;
      state$.next('open');
    };
    mine.onmessage = ({ data }: MessageEvent<string | ArrayBuffer>) => {
      if (typeof data !== 'string') {
        mine.send(JSON.stringify({ kind: 'taken' } satisfies Request));
        const picture = decodePicture(data);
        if (picture) pictures$.next(picture);
        return;
      }
      const event = parseEvent(data);
      if (event) events$.next(event);
    };
    mine.onclose = ({ code }) => {
      if (socket !== mine || closed) return;
      if (code === GOING_AWAY) {
        state$.next('ended');
        return;
      }
      state$.next('lost');
      timer = setTimeout(connect, waitBefore(attempt));
      attempt += 1;
    };
    socket = mine;
  };
  connect();

  return {
    state$,
    events$,
    pictures$,
    send: (request) => {
      if (socket?.readyState === WebSocket.OPEN) socket.send(JSON.stringify(request));
    },
    renew: () => {
      if (closed) return;
      clearTimeout(timer);
      const old = socket;
      socket = undefined;
      old?.close();
      state$.next('lost');
      connect();
    },
    close: () => {
      closed = true;
      clearTimeout(timer);
      socket?.close();
    },
  };
}

/** A message as an event; undefined where it is none. */
export function parseEvent(text: string): Event | undefined {
  try {
    const value: unknown = JSON.parse(text);
    const isEvent =
      typeof value === 'object' && value !== null && typeof (value as { kind?: unknown }).kind === 'string';
    return isEvent ? (value as Event) : undefined;
  } catch {
    return undefined;
  }
}
