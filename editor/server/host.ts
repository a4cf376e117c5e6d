// The host: one document, whoever edits it, and what each request of a client leads to.
import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { distinctUntilChanged, map, type Subscription, switchMap } from 'rxjs';
import type { WebSocket } from 'ws';
import { type CatalogueEntry, catalogue, type Registry } from '../../engine/index.ts';
import { type Event, PROTOCOL_VERSION, type Replies, type Request } from '../protocol.ts';
import { attributeRows } from './attributes.ts';
import { Client, type Wanted } from './client.ts';
import type { Desk } from './desk.ts';
import { browse, inspect } from './folders.ts';
import { readGraph, writeGraph } from './graphs.ts';
import type { Log } from './log.ts';
import { lookUp } from './lookup.ts';
import { Overseer } from './overseer.ts';
import type { Paper } from './paper.ts';
import type { Recent } from './recent.ts';
import type { Rendering } from './rendering.ts';
import type { Roots } from './roots.ts';
import { cubeView } from './viewing/cube.ts';
import { imageNode } from './viewing/motif.ts';
import { probe } from './viewing/probing.ts';
import { Slot } from './viewing/slot.ts';
import type { Studio } from './viewing/studio.ts';
import { Thumbnails } from './viewing/thumbnails.ts';

export interface HostParts {
  readonly version: string;
  readonly registry: Registry;
  readonly roots: Roots;
  readonly desk: Desk;
  readonly paper: Paper;
  readonly studio: Studio;
  readonly rendering: Rendering;
  readonly recent: Recent;
  readonly log: Log;
}

/** What a client looks at. */
interface Seat {
  readonly client: Client;
  readonly slots: Map<number, Slot>;
  readonly thumbnails: Thumbnails;
  /** It says which node its viewer is about. */
  leads: boolean;
}

/** Clients at once; more are turned away. */
const MOST_CLIENTS = 16;
/** "Try again later" of RFC 6455. */
const BUSY = 1013;

type Answered = Extract<Request, { id: number }>;
type Handlers = {
  readonly [K in Answered['kind']]: (
    request: Extract<Answered, { kind: K }>,
    client: Client,
  ) => Replies[K] | Promise<Replies[K]>;
};

export class Host {
  readonly #parts: HostParts;
  readonly #catalogue: readonly CatalogueEntry[];
  readonly #overseer: Overseer;
  readonly #seats = new Map<Client, Seat>();
  readonly #subscriptions: Subscription[];
  #nextClient = 1;

  constructor(parts: HostParts) {
    this.#parts = parts;
    const { registry, desk, paper, studio, rendering, log } = parts;
    this.#catalogue = catalogue(registry);
    const tell = (event: Event): void => this.#tell(event);
    this.#overseer = new Overseer({
      registry,
      desk,
      studio,
      tell,
      onTrouble: ({ code, message }) => log.add('error', `${code}: ${message}`),
    });
    this.#subscriptions = [
      desk.edited$.subscribe(({ edit, revision, by }) => {
        for (const { client } of this.#seats.values()) {
          const origin = client.id === by.client ? { origin: by.request } : {};
          client.send({ kind: 'edited', revision, edit, ...origin });
        }
      }),
      desk.history$.subscribe((history) => tell({ kind: 'history', history })),
      paper.file$.subscribe((file) => tell({ kind: 'file', file })),
      paper.file$
        .pipe(
          map(({ path }) => path),
          distinctUntilChanged(),
        )
        .subscribe((path) => this.#remember(path)),
      rendering.run$.subscribe((run) => tell({ kind: 'run', run })),
      log.news$.subscribe((lines) => tell({ kind: 'log', lines })),
      desk.replaced$.subscribe(() => tell(this.#document({ reset: true }))),
      desk.session$.pipe(switchMap((session) => session.changes$)).subscribe(() => this.#changed()),
    ];
  }

  /** Seats a client and tells it everything. */
  admit(socket: WebSocket): void {
    if (this.#seats.size >= MOST_CLIENTS) {
      socket.close(BUSY, 'Too many windows are open.');
      return;
    }
    const client = new Client({
      id: this.#nextClient++,
      socket,
      onRequest: (from, request) => void this.#take(from, request),
      onClose: (gone) => this.#leave(gone),
    });
    const { version, roots, desk, paper, rendering, log, studio } = this.#parts;
    const thumbnails = new Thumbnails({
      studio,
      frame: () => desk.session.frame,
      sendPicture: (node, bytes) => client.sendPicture(`thumbnail ${node}`, bytes),
    });
    this.#seats.set(client, { client, slots: new Map(), thumbnails, leads: false });
    const processors = availableParallelism();
    client.send({
      kind: 'welcome',
      protocol: PROTOCOL_VERSION,
      version,
      catalogue: this.#catalogue,
      roots: roots.list,
      processors,
    });
    client.send(this.#document({ reset: true }));
    client.send({ kind: 'history', history: desk.history$.value });
    client.send({ kind: 'file', file: paper.file$.value });
    client.send(this.#recent());
    for (const event of this.#overseer.all) client.send(event);
    client.send({ kind: 'run', run: rendering.run$.value });
    if (log.kept.length > 0) client.send({ kind: 'log', lines: log.kept });
  }

  close(): void {
    for (const subscription of this.#subscriptions) subscription.unsubscribe();
    this.#overseer.close();
    for (const client of this.#seats.keys()) this.#leave(client);
  }

  #tell(event: Event): void {
    for (const { client } of this.#seats.values()) client.send(event);
  }

  #remember(path: string | undefined): void {
    if (path !== undefined && existsSync(path)) this.#parts.recent.add(path);
    this.#tell(this.#recent());
  }

  #recent(): Event {
    return { kind: 'recent', paths: this.#parts.recent.within(this.#parts.roots) };
  }

  #document({ reset }: { readonly reset: boolean }): Event {
    const { desk } = this.#parts;
    return {
      kind: 'document',
      revision: desk.revision,
      document: desk.document,
      reset,
      frame: desk.session.frame,
    };
  }

  #leave(client: Client): void {
    const seat = this.#seats.get(client);
    for (const slot of seat?.slots.values() ?? []) slot.close();
    seat?.thumbnails.close();
    this.#seats.delete(client);
  }

  #changed(): void {
    for (const { slots, thumbnails } of this.#seats.values()) {
      for (const slot of slots.values()) slot.changed();
      thumbnails.changed();
    }
  }

  async #take(client: Client, request: Wanted): Promise<void> {
    if (!('id' in request)) {
      this.#look(client, request);
      return;
    }
    try {
      const handle = this.#handlers[request.kind] as Handlers['probe'];
      client.send({ kind: 'reply', id: request.id, value: await handle(request as never, client) });
    } catch (thrown) {
      client.refuse(request.id, thrown);
      // An edit that does not fit was made on a copy that went astray.
      if (request.kind === 'edit') client.send(this.#document({ reset: false }));
    }
  }

  /** Requests that nobody waits for. */
  #look(client: Client, request: Exclude<Wanted, Answered>): void {
    const seat = this.#seats.get(client);
    if (!seat) return;
    if (request.kind === 'seek') {
      this.#parts.desk.session.seek(request.frame);
      for (const { thumbnails } of this.#seats.values()) thumbnails.changed();
    } else if (request.kind === 'thumbnails') seat.thumbnails.want(request.nodes);
    else if (request.kind === 'lead') {
      seat.leads = true;
      this.#lead(request.node ?? undefined);
    } else {
      const { slot: number, serial, view } = request;
      client.forgetPicture(`slot ${number}`);
      this.#slot(seat, number).show(serial, view);
      if (number === 0 && !seat.leads) this.#lead(view?.node);
    }
  }

  #lead(node: string | undefined): void {
    this.#parts.studio.lead = node;
    this.#overseer.viewed$.next(node);
  }

  #slot({ client, slots }: Seat, number: number): Slot {
    const known = slots.get(number);
    if (known) return known;
    const slot = new Slot({
      slot: number,
      studio: this.#parts.studio,
      send: (event) => client.send(event),
      sendPicture: (at, bytes) => client.sendPicture(`slot ${at}`, bytes),
    });
    slots.set(number, slot);
    return slot;
  }

  readonly #handlers: Handlers = {
    edit: ({ id, edit, intent, group, revision }, client) => {
      this.#parts.desk.edit({ edit, intent, group, revision }, { client: client.id, request: id });
      return { revision: this.#parts.desk.revision };
    },
    undo: ({ id }, client) => {
      this.#parts.desk.undo({ client: client.id, request: id });
      return { revision: this.#parts.desk.revision };
    },
    redo: ({ id }, client) => {
      this.#parts.desk.redo({ client: client.id, request: id });
      return { revision: this.#parts.desk.revision };
    },
    probe: async (question) => (await probe(this.#parts.studio, question)).rows,
    samples: async (question) => (await probe(this.#parts.studio, question)).texts,
    cube: ({ transform }) => cubeView(transform),
    attributes: async ({ node: id, frame }) => {
      const { work } = await this.#parts.studio.work();
      const node = imageNode(work, id, frame);
      const image = node === undefined ? undefined : (await work.descriptions.describe(node, frame)).spec;
      return image ? attributeRows(image) : [];
    },
    browse: ({ folder, extensions }) => browse(this.#parts.roots, folder, this.#parts.desk.folder, extensions),
    lookUp: ({ names }) => lookUp(this.#parts.roots, names),
    inspect: ({ path, frame }) => inspect(this.#parts.roots, path, this.#parts.desk.folder, frame),
    readGraph: ({ path }) => readGraph(this.#parts.roots, path, this.#parts.desk.folder),
    writeGraph: ({ path, text, overwrite, makeFolder }) => {
      const { roots, desk, paper } = this.#parts;
      const written = writeGraph(roots, path, desk.folder, { text, overwrite, makeFolder });
      paper.wrote(written.path);
      return written;
    },
    new: async () => {
      await this.#parts.paper.begin();
      return null;
    },
    open: async ({ path }) => {
      const hints = await this.#parts.paper.open(path);
      return { path: this.#parts.paper.path ?? path, ...(hints.length > 0 ? { hints } : {}) };
    },
    openText: async ({ text, name }) => {
      await this.#parts.paper.openText(text, name);
      return null;
    },
    save: ({ id, path, overwrite, makeFolder }, client) => {
      const saved = this.#parts.paper.save(path, { overwrite, makeFolder, by: { client: client.id, request: id } });
      this.#remember(saved.path);
      return saved;
    },
    recover: async ({ accept }) => {
      await this.#parts.paper.recover({ accept });
      return null;
    },
    run: ({ options }) => {
      const { desk, roots, rendering, studio } = this.#parts;
      const { document, folder } = desk;
      rendering.start(options, { document, folder, roots: [...roots.list] }, () => studio.refresh());
      return null;
    },
    cancel: () => {
      this.#parts.rendering.cancel();
      return null;
    },
  };
}
