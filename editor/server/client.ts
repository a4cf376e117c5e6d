// One client at its socket: checks what it sends, and keeps what it is sent within bounds.
import type { RawData, WebSocket } from 'ws';
import { asEngineError, type ErrorCode } from '../../engine/index.ts';
import { type Event, type Request, requestSchema } from '../protocol.ts';

export type Wanted = Exclude<Request, { kind: 'taken' }>;

export interface ClientOptions {
  readonly id: number;
  readonly socket: WebSocket;
  /** Gets all but what concerns the line itself. */
  readonly onRequest: (client: Client, request: Wanted) => void;
  readonly onClose: (client: Client) => void;
}

/** Bytes that may wait for a client; one that lets more pile up is dropped. */
const MOST_WAITING = 96 * 1024 * 1024;
/** Pictures wait, and the newer takes the older's place, while more than this is under way. */
const BUSY = 2 * 1024 * 1024;
/** Pictures on their way to a client that tells when one has come: what lies in the system's buffers counts. */
const MOST_UNDER_WAY = 2;
/** Milliseconds between two signs of life. */
const PULSE = 15_000;

/** Codes of closing: those of RFC 6455. */
const UNREADABLE = 1007;
const POLICY = 1008;

export class Client {
  readonly id: number;
  readonly #socket: WebSocket;
  readonly #pulse: NodeJS.Timeout;
  /** Pictures that wait, by what they show. */
  readonly #pictures = new Map<string, Uint8Array>();
  #alive = true;
  /** Sent, and not told to have come. */
  #underWay = 0;
  #tells = false;

  constructor({ id, socket, onRequest, onClose }: ClientOptions) {
    this.id = id;
    this.#socket = socket;
    this.#pulse = setInterval(() => this.#beat(), PULSE);
    socket.on('pong', () => {
      this.#alive = true;
    });
    socket.on('message', (data, binary) => {
      this.#alive = true;
      const request = this.#read(data, { binary });
      if (request?.kind === 'taken') this.#taken();
      else if (request) onRequest(this, request);
    });
    // A message that is too large, and whatever else breaks the protocol: the socket closes itself and says why.
    socket.on('error', () => {});
    socket.on('close', () => {
      clearInterval(this.#pulse);
      this.#pictures.clear();
      onClose(this);
    });
  }

  send(event: Event): void {
    if (this.#socket.readyState !== this.#socket.OPEN) return;
    this.#socket.send(JSON.stringify(event));
    if (this.#socket.bufferedAmount > MOST_WAITING) this.#socket.terminate();
  }

  refuse(id: number, thrown: unknown): void {
    const { code, message } = asEngineError(thrown);
    this.send({ kind: 'refused', id, code, message });
  }

  /** Sends a picture as soon as the client has read most of what came before; a newer one for the same place replaces it. */
  sendPicture(place: string, bytes: Uint8Array): void {
    this.#pictures.delete(place);
    this.#pictures.set(place, bytes);
    this.#pump();
  }

  /** Forgets a picture that waits, because something else is wanted in its place. */
  forgetPicture(place: string): void {
    this.#pictures.delete(place);
  }

  close(code: number, reason: string): void {
    this.#socket.close(code, reason.slice(0, 120));
  }

  #pump(): void {
    if (this.#socket.readyState !== this.#socket.OPEN || this.#socket.bufferedAmount > BUSY) return;
    if (this.#tells && this.#underWay >= MOST_UNDER_WAY) return;
    const [next] = this.#pictures;
    if (!next) return;
    this.#pictures.delete(next[0]);
    this.#underWay += 1;
    this.#socket.send(next[1], () => this.#pump());
    this.#pump();
  }

  #taken(): void {
    this.#tells = true;
    this.#underWay = Math.max(0, this.#underWay - 1);
    this.#pump();
  }

  #beat(): void {
    if (this.#alive) this.#socket.ping();
    else this.#socket.terminate();
    this.#alive = false;
  }

  /** What cannot be answered closes the socket with the reason. */
  #read(data: RawData, { binary }: { readonly binary: boolean }): Request | undefined {
    if (binary) {
      this.close(POLICY, 'Expected text, found a binary message.');
      return undefined;
    }
    let value: unknown;
    try {
      value = JSON.parse(String(data));
    } catch {
      this.close(UNREADABLE, 'Expected JSON.');
      return undefined;
    }
    const found = checked(value);
    if (typeof found !== 'string') return found;
    const id = idOf(value);
    const code: ErrorCode = 'usage';
    if (id === undefined) this.close(POLICY, found);
    else this.send({ kind: 'refused', id, code, message: found });
    return undefined;
  }
}

/** The request, or what is wrong with it. */
function checked(value: unknown): Request | string {
  try {
    const parsed = requestSchema.safeParse(value);
    if (parsed.success) return parsed.data;
    const [issue] = parsed.error.issues;
    const place = issue?.path.join('.');
    return `The message is wrong${place ? ` at ${place.slice(0, 60)}` : ''}: ${issue?.message}.`;
  } catch {
    return 'The message is nested too deeply.';
  }
}

function idOf(value: unknown): number | undefined {
  const id = typeof value === 'object' && value !== null && 'id' in value ? value.id : undefined;
  return typeof id === 'number' && Number.isInteger(id) && id >= 0 ? id : undefined;
}
