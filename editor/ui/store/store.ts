// The one store of the editor: the document and all that the host tells about it, as observables; edits and requests.
import { BehaviorSubject, type Observable, Subject } from 'rxjs';
import { type CatalogueEntry, type Document, type Edit, emptyDocument, type Problem } from '../../../engine/browser.ts';
import {
  type Event,
  type FileState,
  type HistoryState,
  type LogLine,
  type NodeView,
  PROTOCOL_VERSION,
  type Request,
  type RunState,
  type TimelineView,
} from '../../protocol.ts';
import type { Link, LinkState, Picture } from './link.ts';
import { Mirror, renamesOf } from './mirror.ts';
import { Questions } from './questions.ts';
import { Refusal, wordsOf } from './refusal.ts';
import { checkSize } from './size.ts';

type DistributiveOmit<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never;

/** Requests that the host answers; edits, undo and redo have methods of their own. */
export type Question = DistributiveOmit<Exclude<Extract<Request, { id: number }>, { kind: 'edit' }>, 'id'>;
/** Requests that have no answer of their own. The last of each is sent again when the connection comes back. */
export type Wish = Extract<Request, { kind: 'seek' | 'view' | 'lead' | 'thumbnails' }>;
export type Welcome = Extract<Event, { kind: 'welcome' }>;
export type ViewEvent = Extract<Event, { kind: 'viewing' | 'viewFailed' }>;

/** A quiet line for the user, shown until it is dismissed. */
export interface Notice {
  readonly id: number;
  readonly level: 'info' | 'warning' | 'error';
  readonly text: string;
  /** What folds out below the first line. */
  readonly detail?: string;
  readonly actions?: readonly { readonly title: string; run(): void }[];
  /** A notice with the same key takes the place of the older one. */
  readonly key?: string;
}

export interface Store {
  readonly document$: BehaviorSubject<Document>;
  readonly catalogue$: BehaviorSubject<readonly CatalogueEntry[]>;
  readonly nodes$: BehaviorSubject<Readonly<Record<string, NodeView>>>;
  readonly problems$: BehaviorSubject<readonly Problem[]>;
  readonly history$: BehaviorSubject<HistoryState>;
  readonly file$: BehaviorSubject<FileState>;
  /** Graphs that were opened or saved last and can be opened here, newest first. */
  readonly recent$: BehaviorSubject<readonly string[]>;
  readonly run$: BehaviorSubject<RunState | null>;
  /** The newest lines, at most `MOST_LINES`. */
  readonly log$: BehaviorSubject<readonly LogLine[]>;
  readonly timeline$: BehaviorSubject<TimelineView | null>;
  readonly frame$: BehaviorSubject<number>;
  /** Ids of nodes; those that leave the document leave the selection. */
  readonly selection$: BehaviorSubject<ReadonlySet<string>>;
  /** The end (`node.port`) of the link that is selected; it is selected alone. */
  readonly wire$: BehaviorSubject<string | undefined>;
  /** The nodes in the viewer's slots. */
  readonly viewed$: BehaviorSubject<{ readonly a?: string; readonly b?: string }>;
  /** A slot into which somebody has just put a node to look at it, though it may have been there. */
  readonly looked$: Observable<'a' | 'b'>;
  readonly connection$: BehaviorSubject<LinkState>;
  /** Thumbnails too. */
  readonly pictures$: Observable<Picture>;
  readonly viewEvents$: Observable<ViewEvent>;
  readonly welcome$: BehaviorSubject<Welcome | null>;
  /** Fires after another document took the place of the one before: forget what belonged to that. */
  readonly reset$: Observable<void>;
  readonly notices$: BehaviorSubject<readonly Notice[]>;
  /** Made at once here, then sent. What does not fit is not made, and a notice says so; so does one that the host refuses. */
  edit(edit: Edit, intent: string, group?: string): void;
  undo(): void;
  redo(): void;
  seek(frame: number): void;
  select(ids: Iterable<string>): void;
  /** Selects the link that ends there, and nothing else; undefined lets go of it. */
  selectWire(to: string | undefined): void;
  view(slot: 'a' | 'b', node: string | undefined): void;
  /** Rejects with a `Refusal`. Asked while there is no connection, it waits for one. */
  request<T>(question: Question): Promise<T>;
  send(wish: Wish): void;
  notify(notice: Omit<Notice, 'id'>): void;
  /** Takes away the notice with this id, or the one with this key. */
  dismiss(which: number | string): void;
  /** True where the host has confirmed every edit. */
  isSettled(): boolean;
  close(): void;
}

export const MOST_LINES = 5000;
const MOST_NOTICES = 4;
/** Letters of an intent: see the protocol. */
const MOST_WORDS = 200;
/** A store on an open line to a host. */
export function createStore(link: Link): Store {
  const document$ = new BehaviorSubject<Document>(emptyDocument());
  const catalogue$ = new BehaviorSubject<readonly CatalogueEntry[]>([]);
  const nodes$ = new BehaviorSubject<Readonly<Record<string, NodeView>>>({});
  const problems$ = new BehaviorSubject<readonly Problem[]>([]);
  const history$ = new BehaviorSubject<HistoryState>({ depth: 0 });
  const file$ = new BehaviorSubject<FileState>({ saved: true, changedOnDisk: false });
  const recent$ = new BehaviorSubject<readonly string[]>([]);
  const run$ = new BehaviorSubject<RunState | null>(null);
  const log$ = new BehaviorSubject<readonly LogLine[]>([]);
  const timeline$ = new BehaviorSubject<TimelineView | null>(null);
  const frame$ = new BehaviorSubject(1);
  const selection$ = new BehaviorSubject<ReadonlySet<string>>(new Set());
  const wire$ = new BehaviorSubject<string | undefined>(undefined);
  const viewed$ = new BehaviorSubject<{ readonly a?: string; readonly b?: string }>({});
  const welcome$ = new BehaviorSubject<Welcome | null>(null);
  const notices$ = new BehaviorSubject<readonly Notice[]>([]);
  const viewEvents$ = new Subject<ViewEvent>();
  const reset$ = new Subject<void>();
  const looked$ = new Subject<'a' | 'b'>();

  const mirror = new Mirror();
  const questions = new Questions();
  const wishes = new Map<string, Wish>();
  let nextId = 1;
  let nextNotice = 1;
  /** The next document is the first one of this connection. */
  let fresh = true;
  let met = false;
  /** The frame that was asked for last; the present one may be the nearest to it that there is. */
  let wanted = frame$.value;

  const notify = (notice: Omit<Notice, 'id'>): void => {
    const others = notices$.value.filter((n) => notice.key === undefined || n.key !== notice.key);
    notices$.next([...others, { ...notice, id: nextNotice++ }].slice(-MOST_NOTICES));
  };

  const show = (): void => {
    const { document } = mirror;
    const before = document$.value;
    if (document === before) return;
    document$.next(document);
    if (wire$.value !== undefined && !document.links.some(({ to }) => to === wire$.value)) wire$.next(undefined);
    if (document.nodes === before.nodes) return;
    const there = (id: string | undefined): id is string => id !== undefined && Object.hasOwn(document.nodes, id);
    if (![...selection$.value].every(there)) selection$.next(new Set([...selection$.value].filter(there)));
    const { a, b } = viewed$.value;
    if ((a !== undefined && !there(a)) || (b !== undefined && !there(b))) {
      viewed$.next({ ...(there(a) ? { a } : {}), ...(there(b) ? { b } : {}) });
    }
  };

  /** What points at nodes by their ids follows when they are renamed. */
  const follow = (edit: Edit): void => {
    for (const [from, to] of renamesOf(edit)) {
      if (selection$.value.has(from)) {
        selection$.next(new Set([...selection$.value].map((id) => (id === from ? to : id))));
      }
      const { a, b } = viewed$.value;
      if (a === from || b === from) {
        viewed$.next({
          ...(a === undefined ? {} : { a: a === from ? to : a }),
          ...(b === undefined ? {} : { b: b === from ? to : b }),
        });
      }
    }
  };

  /** Renames go first, so that nothing takes the nodes for gone. */
  const showAfter = (edit: Edit): void => {
    if (renamesOf(edit).length > 0) follow(edit);
    show();
  };

  const sendEdits = (): void => {
    if (link.state$.value !== 'open' || fresh) return;
    for (const edit of mirror.takeUnsent()) link.send({ kind: 'edit', revision: mirror.revision, ...edit });
  };

  const takeDocument = (event: Extract<Event, { kind: 'document' }>): void => {
    const other = !met || (event.reset && !fresh);
    if (fresh && met) {
      const { lost } = mirror.resumed(event.revision, event.document);
      if (lost > 0) {
        const what = lost === 1 ? 'One edit' : `${lost} edits`;
        const text = `${what} made while the connection was lost could not be kept: the host now has another document.`;
        notify({ level: 'warning', text });
      }
    } else {
      mirror.replaced(event.revision, event.document, event);
    }
    fresh = false;
    met = true;
    const { nodes } = event.document;
    nodes$.next(Object.fromEntries(Object.entries(nodes$.value).filter(([id]) => Object.hasOwn(nodes, id))));
    show();
    if (other) {
      wishes.delete('seek');
      wanted = event.frame;
      frame$.next(event.frame);
      reset$.next();
    }
    sendEdits();
  };

  const takeNodes = (changed: Readonly<Record<string, NodeView | null>>): void => {
    const nodes: Record<string, NodeView> = { ...nodes$.value };
    for (const [id, view] of Object.entries(changed)) {
      if (view === null) delete nodes[id];
      else nodes[id] = view;
    }
    nodes$.next(nodes);
  };

  /** Where the frames of the inputs move away from under the present one, it goes with them; stated frames hold it. */
  const takeTimeline = (timeline: TimelineView | null): void => {
    const before = timeline$.value;
    timeline$.next(timeline);
    if (!timeline || document$.value.frames.range !== undefined) return;
    const { first, last } = timeline;
    const held = !before || (frame$.value >= before.first && frame$.value <= before.last);
    const moved = before?.first !== first || before.last !== last;
    if (held && moved) goTo(Math.max(first, Math.min(last, wanted)));
  };

  const takeWelcome = (event: Welcome): void => {
    welcome$.next(event);
    catalogue$.next(event.catalogue);
    if (event.protocol !== PROTOCOL_VERSION) {
      notify({
        level: 'error',
        key: 'protocol',
        text: 'The host is of another version than this page. Reload the page.',
        detail: `Expected protocol ${PROTOCOL_VERSION}, found ${event.protocol}.`,
      });
    }
  };

  const takeEdited = ({ revision, edit, origin }: Extract<Event, { kind: 'edited' }>): void => {
    try {
      mirror.edited(revision, edit, origin);
    } catch {
      // The copy has gone astray: a new connection brings the whole document.
      link.renew();
      return;
    }
    showAfter(edit as Edit);
  };

  const takeRefused = ({ id, code, message }: Extract<Event, { kind: 'refused' }>): void => {
    if (mirror.holds(id)) {
      mirror.refused(id);
      show();
      notify({ level: 'error', key: 'edit', text: message });
    }
    questions.refused(id, new Refusal(code, message));
  };

  const takers: { readonly [Kind in Event['kind']]: (event: Extract<Event, { kind: Kind }>) => void } = {
    welcome: takeWelcome,
    document: takeDocument,
    edited: takeEdited,
    history: ({ history }) => history$.next(history),
    file: ({ file }) => file$.next(file),
    recent: ({ paths }) => recent$.next(paths),
    problems: ({ problems }) => problems$.next(problems),
    nodes: ({ nodes }) => takeNodes(nodes),
    timeline: ({ timeline }) => takeTimeline(timeline),
    viewing: (event) => viewEvents$.next(event),
    viewFailed: (event) => viewEvents$.next(event),
    run: ({ run }) => run$.next(run),
    log: ({ lines }) => log$.next([...log$.value, ...lines].slice(-MOST_LINES)),
    reply: ({ id, value }) => questions.answered(id, value),
    refused: takeRefused,
  };

  const take = (event: Event): void => {
    // A newer host may say what this page does not know.
    if (Object.hasOwn(takers, event.kind)) (takers[event.kind] as (event: Event) => void)(event);
  };

  const sendQuestions = (): void => {
    for (const request of questions.takeUnsent()) link.send(request);
  };

  const takeState = (state: LinkState): void => {
    if (state === 'open') {
      fresh = true;
      log$.next([]);
      for (const wish of wishes.values()) link.send(wish);
      sendQuestions();
    } else questions.lost();
  };

  const request = <T>(question: Question): Promise<T> => {
    const answer = questions.ask({ ...question, id: nextId++ } as Extract<Request, { id: number }>);
    if (link.state$.value === 'open') sendQuestions();
    return answer as Promise<T>;
  };

  const send = (wish: Wish): void => {
    wishes.set(wish.kind === 'view' ? `view ${wish.slot}` : wish.kind, wish);
    link.send(wish);
  };

  const goTo = (frame: number): void => {
    if (frame === frame$.value) return;
    frame$.next(frame);
    send({ kind: 'seek', frame });
  };

  const step = (kind: 'undo' | 'redo'): void => {
    request({ kind }).catch((thrown) => {
      // One who holds the keys down comes to the end before the page knows of it.
      if (thrown instanceof Refusal && thrown.code === 'usage') return;
      notify({ level: 'warning', key: 'edit', text: wordsOf(thrown) });
    });
  };

  const pick = (ids: ReadonlySet<string>): void => {
    const { value } = selection$;
    if (ids.size !== value.size || [...ids].some((id) => !value.has(id))) selection$.next(ids);
  };

  const subscriptions = [link.events$.subscribe(take), link.state$.subscribe(takeState)];

  return {
    document$,
    catalogue$,
    nodes$,
    problems$,
    history$,
    file$,
    recent$,
    run$,
    log$,
    timeline$,
    frame$,
    selection$,
    wire$,
    viewed$,
    looked$,
    connection$: link.state$,
    pictures$: link.pictures$,
    viewEvents$,
    welcome$,
    reset$,
    notices$,
    edit: (edit, intent, group) => {
      try {
        checkSize(edit);
        const words = { intent: intent.slice(0, MOST_WORDS), ...(group === undefined ? {} : { group }) };
        mirror.make({ id: nextId++, edit, ...words });
      } catch (thrown) {
        notify({ level: 'error', key: 'edit', text: wordsOf(thrown) });
        return;
      }
      showAfter(edit);
      sendEdits();
    },
    undo: () => step('undo'),
    redo: () => step('redo'),
    seek: (frame) => {
      wanted = frame;
      goTo(frame);
    },
    select: (ids) => {
      if (wire$.value !== undefined) wire$.next(undefined);
      pick(new Set(ids));
    },
    selectWire: (to) => {
      if (to !== undefined) pick(new Set());
      if (to !== wire$.value) wire$.next(to);
    },
    view: (slot, node) => {
      const { [slot]: before, ...others } = viewed$.value;
      if (before !== node) viewed$.next(node === undefined ? others : { ...others, [slot]: node });
      if (node !== undefined) looked$.next(slot);
    },
    request,
    send,
    notify,
    dismiss: (which) => {
      const left = notices$.value.filter(({ id, key }) => id !== which && key !== which);
      if (left.length < notices$.value.length) notices$.next(left);
    },
    isSettled: () => mirror.depth === 0,
    close: () => {
      for (const subscription of subscriptions) subscription.unsubscribe();
      link.close();
    },
  };
}
