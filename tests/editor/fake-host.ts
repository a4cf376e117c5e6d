// A session host in memory for tests of the store: the protocol's rules for edits and nothing of the engine.
import { BehaviorSubject, Subject } from 'rxjs';
import { type Event, PROTOCOL_VERSION, type Request } from '../../editor/protocol.ts';
import type { Link, LinkState, Picture } from '../../editor/ui/store/link.ts';
import { applyEdit, type CatalogueEntry, type Document, type Edit, emptyDocument } from '../../engine/browser.ts';

type EditRequest = Extract<Request, { kind: 'edit' }>;

/** What answers a request that is no edit: a value, or a thrown `{ code, message }`. */
export type Answer = (request: Request) => unknown;

/** One line to the host; `deliver` hands over what the client sent, `lose` and `find` break and mend it. */
export interface FakeLine extends Link {
  /** How often the client gave the connection up for a new one. */
  readonly renewed: number;
  /** All that came from the client so far. */
  readonly received: Request[];
  /** Hands over the messages of the client that wait, all of them unless told how many. */
  deliver(count?: number): void;
  /** From now on nothing reaches the client, until the connection is found again. */
  deafen(): void;
  /** The connection breaks: what waits on either side is gone. */
  lose(): void;
  /** It is back. */
  find(): void;
}

/** The frame at which this host describes every document. */
const FIRST = 1001;

export class FakeHost {
  document: Document;
  revision = 0;
  catalogue: readonly CatalogueEntry[] = [];
  answer: Answer = () => null;
  /** Ids of requests that are refused whatever they ask. */
  readonly refuse = new Set<number>();
  readonly #lines: Line[] = [];
  readonly #past: { readonly inverse: Edit; readonly intent: string }[] = [];

  constructor(document: Document = emptyDocument()) {
    this.document = document;
  }

  line(): FakeLine {
    const line = new Line(this);
    this.#lines.push(line);
    line.find();
    return line;
  }

  greet(line: Line): void {
    const { catalogue } = this;
    line.tell({
      kind: 'welcome',
      protocol: PROTOCOL_VERSION,
      version: '0.0.0',
      catalogue,
      roots: ['/shots'],
      processors: 2,
    });
    line.tell({ kind: 'document', revision: this.revision, document: this.document, reset: true, frame: FIRST });
  }

  /** Another document for all clients. */
  replace(document: Document): void {
    this.document = document;
    this.revision += 1;
    this.#past.length = 0;
    for (const line of this.#lines)
      line.tell({ kind: 'document', revision: this.revision, document, reset: true, frame: FIRST });
  }

  take(request: Request, line: Line): void {
    if (!('id' in request)) return;
    const { id } = request;
    try {
      if (this.refuse.has(id)) throw { code: 'edit-invalid', message: 'Refused by the test.' };
      const value = this.#work(request, line);
      line.tell({ kind: 'reply', id, value });
    } catch (thrown) {
      const { code = 'internal', message } = thrown as { code?: string; message: string };
      line.tell({ kind: 'refused', id, code, message });
      if (request.kind === 'edit') {
        line.tell({ kind: 'document', revision: this.revision, document: this.document, reset: false, frame: FIRST });
      }
    }
  }

  #work(request: Extract<Request, { id: number }>, line: Line): unknown {
    if (request.kind === 'edit') return this.#edit(request, line);
    if (request.kind !== 'undo') return this.answer(request);
    const step = this.#past.pop();
    if (!step) throw { code: 'usage', message: 'There is nothing to undo.' };
    this.#make(step.inverse, request.id, line);
    return null;
  }

  #edit({ edit, intent, id }: EditRequest, line: Line): null {
    this.#past.push({ inverse: applyEdit(this.document, edit).inverse, intent });
    this.#make(edit, id, line);
    return null;
  }

  #make(edit: Edit, origin: number, by: Line): void {
    this.document = applyEdit(this.document, edit).document;
    this.revision += 1;
    const { revision } = this;
    const last = this.#past.at(-1);
    for (const line of this.#lines) {
      line.tell({ kind: 'edited', revision, edit, ...(line === by ? { origin } : {}) });
      line.tell({ kind: 'history', history: { depth: this.#past.length, ...(last ? { undo: last.intent } : {}) } });
    }
  }
}

class Line implements FakeLine {
  readonly state$ = new BehaviorSubject<LinkState>('connecting');
  readonly events$ = new Subject<Event>();
  readonly pictures$ = new Subject<Picture>();
  readonly received: Request[] = [];
  renewed = 0;
  readonly #host: FakeHost;
  #waiting: Request[] = [];
  #deaf = false;

  constructor(host: FakeHost) {
    this.#host = host;
  }

  send(request: Request): void {
    if (this.state$.value !== 'open') return;
    // As a socket does it: what arrives is a copy.
    this.#waiting.push(JSON.parse(JSON.stringify(request)) as Request);
  }

  tell(event: Event): void {
    if (this.state$.value === 'open' && !this.#deaf) this.events$.next(JSON.parse(JSON.stringify(event)) as Event);
  }

  deliver(count = this.#waiting.length): void {
    for (const request of this.#waiting.splice(0, count)) {
      this.received.push(request);
      this.#host.take(request, this);
    }
  }

  deafen(): void {
    this.#deaf = true;
  }

  lose(): void {
    this.#waiting = [];
    this.state$.next('lost');
  }

  find(): void {
    queueMicrotask(() => {
      this.#deaf = false;
      this.state$.next('open');
      this.#host.greet(this);
    });
  }

  renew(): void {
    this.renewed += 1;
    this.lose();
    this.find();
  }

  close(): void {
    this.lose();
  }
}
