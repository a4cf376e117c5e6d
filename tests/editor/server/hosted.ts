// Hosts and clients for tests: a host on a folder of its own with a small rendering of the fixture shot, and real sockets.
import { copyFileSync, cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll } from 'vitest';
import { WebSocket } from 'ws';
import { decodePicture, type PictureHeader } from '../../../editor/picture.ts';
import { type Event, type Replies, type Request, SOCKET_PATH, SUBPROTOCOL } from '../../../editor/protocol.ts';
import { type HostOptions, type RunningHost, startHost } from '../../../editor/server/index.ts';
import type { Document, Edit } from '../../../engine/browser.ts';
import { applyEdit } from '../../../engine/browser.ts';
import { renderShot } from '../../../fixtures/render.ts';

export const WIDTH = 96;
export const HEIGHT = 54;

const RECOMBINE = fileURLToPath(new URL('../../../graphs/recombine.sluice.json', import.meta.url));
const cleanups: (() => void | Promise<void>)[] = [];

afterAll(async () => {
  for (const clean of cleanups.splice(0).reverse()) await clean();
});

/** A folder that goes when the tests of the file are over. */
export function temporary(): string {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-host-'));
  cleanups.push(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Rendered once for the tests of a file. */
let rendered: Promise<string> | undefined;

/** A folder with the shot in `in/` and the graph that recombines it; gives the path of the graph. */
export async function shotFolder(): Promise<{ folder: string; graph: string }> {
  rendered ??= (async () => {
    const folder = temporary();
    await renderShot({ folder, width: WIDTH, height: HEIGHT, grid: 1 });
    return folder;
  })();
  const folder = temporary();
  const graph = join(folder, 'recombine.sluice.json');
  cpSync(await rendered, join(folder, 'in'), { recursive: true });
  copyFileSync(RECOMBINE, graph);
  return { folder, graph };
}

export interface Hosted {
  readonly host: RunningHost;
  connect(): Promise<TestClient>;
}

/** A host with quick autosave, two threads, and a state folder of its own. */
export async function hosted(options: HostOptions): Promise<Hosted> {
  const state = join(temporary(), 'state');
  mkdirSync(state);
  const host = await startHost({ autosave: 150, threads: 2, state, ...options });
  cleanups.push(() => host.close());
  return { host, connect: () => TestClient.open(host) };
}

export interface Picture {
  readonly header: PictureHeader;
  readonly samples: Uint16Array;
}

type Kinded<K extends Event['kind']> = Extract<Event, { kind: K }>;
type Asked = Extract<Request, { id: number }>;
type Bare<K extends Asked['kind']> = Omit<Extract<Asked, { kind: K }>, 'id' | 'kind'>;

const LONGEST = 40_000;

/** A client that keeps all it is sent, and a copy of the document that it edits as it is told. */
export class TestClient {
  readonly events: Event[] = [];
  readonly pictures: Picture[] = [];
  document: Document | undefined;
  revision = 0;
  closed: { readonly code: number; readonly reason: string } | undefined;
  readonly socket: WebSocket;
  readonly #waiting = new Set<() => void>();
  #next = 1;

  private constructor(socket: WebSocket) {
    this.socket = socket;
    socket.on('message', (data: Buffer, binary: boolean) => {
      if (binary) this.pictures.push(decodePicture(new Uint8Array(data).buffer)!);
      else this.#take(JSON.parse(String(data)) as Event);
      for (const look of this.#waiting) look();
    });
    socket.on('close', (code, reason) => {
      this.closed = { code, reason: String(reason) };
      for (const look of this.#waiting) look();
    });
    socket.on('error', () => {});
  }

  static async open({ port, token }: Pick<RunningHost, 'port' | 'token'>): Promise<TestClient> {
    const origin = `http://127.0.0.1:${port}`;
    const address = `ws://127.0.0.1:${port}${SOCKET_PATH}`;
    const client = new TestClient(new WebSocket(address, [SUBPROTOCOL, `token.${token}`], { origin }));
    await client.until(() => client.document !== undefined);
    return client;
  }

  #take(event: Event): void {
    this.events.push(event);
    if (event.kind === 'document') {
      this.document = event.document;
      this.revision = event.revision;
    }
    if (event.kind === 'edited') {
      this.document = applyEdit(this.document!, event.edit as Edit).document;
      this.revision = event.revision;
    }
  }

  /** Waits until a condition holds; it is looked at after each message. */
  until(holds: () => boolean): Promise<void> {
    return new Promise((resolve, reject) => {
      const look = (): void => {
        if (!holds()) return;
        clearTimeout(timer);
        this.#waiting.delete(look);
        resolve();
      };
      const last = () => JSON.stringify(this.events.slice(-5)).slice(0, 2000);
      const timer = setTimeout(() => {
        this.#waiting.delete(look);
        reject(new Error(`Waited in vain for ${holds}. Last events: ${last()}`));
      }, LONGEST);
      this.#waiting.add(look);
      look();
    });
  }

  /** The newest event of a kind that fits. */
  async event<K extends Event['kind']>(kind: K, fits: (event: Kinded<K>) => boolean = () => true): Promise<Kinded<K>> {
    const find = () => this.events.findLast((e): e is Kinded<K> => e.kind === kind && fits(e as Kinded<K>));
    await this.until(() => find() !== undefined);
    return find()!;
  }

  async picture(fits: (header: PictureHeader) => boolean): Promise<Picture> {
    const find = () => this.pictures.findLast(({ header }) => fits(header));
    await this.until(() => find() !== undefined);
    return find()!;
  }

  send(request: Request): void {
    this.socket.send(JSON.stringify(request));
  }

  /** Sends a request and gives the value of its reply; rejects with the code of a refusal. */
  async ask<K extends Asked['kind']>(kind: K, rest: Bare<K>): Promise<Replies[K]> {
    const id = this.#next++;
    this.socket.send(JSON.stringify({ kind, id, ...rest }));
    const find = () => this.events.find((e) => (e.kind === 'reply' || e.kind === 'refused') && e.id === id);
    await this.until(() => find() !== undefined || this.closed !== undefined);
    const answer = find();
    if (answer?.kind === 'reply') return answer.value as Replies[K];
    if (answer?.kind !== 'refused') throw new Error(`closed: ${this.closed?.code} ${this.closed?.reason}`);
    throw Object.assign(new Error(`${answer.code}: ${answer.message}`), { code: answer.code });
  }

  /** Edits the document as the client knows it. */
  edit(edit: Edit, intent = 'Edit', group?: string): Promise<Replies['edit']> {
    return this.ask('edit', { edit, intent, revision: this.revision, ...(group === undefined ? {} : { group }) });
  }
}

/** The code with which a request is refused; `done` where it is not. */
export const codeOf = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'done',
    (error: { code?: string; message: string }) => error.code ?? error.message,
  );

export const wait = (milliseconds: number): Promise<void> => new Promise((done) => setTimeout(done, milliseconds));
