// The session: the reactive face of the engine. An edit makes a new plan, a plan makes descriptions, a viewer gets pixels.
import { setImmediate as breathe } from 'node:timers/promises';
import {
  BehaviorSubject,
  catchError,
  combineLatest,
  concat,
  debounceTime,
  distinctUntilChanged,
  EMPTY,
  filter,
  map,
  Observable,
  of,
  shareReplay,
  switchMap,
} from 'rxjs';
import { asEngineError } from '../base/error.ts';
import { applyEdit } from '../document/apply.ts';
import type { Edit } from '../document/edits.ts';
import type { Document } from '../document/schema.ts';
import { PlaneCache } from '../evaluate/cache.ts';
import type { ImageSpec } from '../image/spec.ts';
import type { Planes } from '../image/want.ts';
import type { AnyNode } from '../node/define.ts';
import { createRegistry, type Registry } from '../node/registry.ts';
import type { Described } from '../plan/describe.ts';
import { makePlan, type Overrides, type Plan } from '../plan/plan.ts';
import { hasErrors, type Problem, problemOf } from '../plan/problem.ts';
import { FrameDelivery } from './deliver.ts';
import { type Picture, type PictureRequest, pictureOf } from './picture.ts';
import { FileServices } from './services.ts';
import { makeWork, type Work } from './work.ts';

export interface SessionOptions {
  readonly document: Document;
  /** The folder that the document's relative paths are relative to. */
  readonly folder: string;
  readonly nodes: readonly AnyNode[];
  readonly roots?: readonly string[];
  readonly overrides?: Overrides;
  readonly frame?: number;
  /** Bytes of planes kept between pictures; 512 MiB by default. */
  readonly cacheBytes?: number;
}

/** What is known of a whole graph at a frame without a pixel. */
export interface Overview {
  readonly work: Work;
  readonly frame: number;
  /** By node, in the order of the plan. */
  readonly described: ReadonlyMap<string, Described>;
  /** Each once: those of the plan, of the frames, of all nodes at the frame, and what the sinks report. */
  readonly problems: readonly Problem[];
}

/** Milliseconds of describing before newer events get their turn. */
const SLICE = 12;

interface Begun {
  readonly document: Document;
  readonly plan: Plan;
  /** Made when it is first wanted. */
  work?: Promise<Work>;
}

export class Session {
  readonly registry: Registry;
  readonly #options: SessionOptions;
  readonly #services: FileServices;
  readonly #cache: PlaneCache;
  readonly #document: BehaviorSubject<Document>;
  readonly #frame: BehaviorSubject<number>;
  /** Counts the times that files were looked at anew. */
  readonly #look = new BehaviorSubject(0);
  readonly #work$: Observable<Work | undefined>;
  readonly #closing = new AbortController();
  #begun: Begun | undefined;

  constructor(options: SessionOptions) {
    this.#options = options;
    this.registry = createRegistry(options.nodes);
    this.#services = new FileServices({
      folder: options.folder,
      keepOpen: KEEP_OPEN,
      ...(options.roots ? { roots: options.roots } : {}),
    });
    this.#cache = new PlaneCache(options.cacheBytes ?? 512 * 1024 * 1024);
    this.#document = new BehaviorSubject(options.document);
    this.#frame = new BehaviorSubject(options.frame ?? 1);
    this.#work$ = combineLatest([this.#document, this.#look]).pipe(
      // Nothing first, so that what goes on for the older state ends at once.
      switchMap(() => concat(of(undefined), this.work())),
      shareReplay({ bufferSize: 1, refCount: true }),
    );
  }

  /** The document, at once and after each edit. */
  get document$(): Observable<Document> {
    return this.#document.asObservable();
  }

  get document(): Document {
    return this.#document.value;
  }

  /** The plan of the newest document. */
  get plan$(): Observable<Plan> {
    return this.#document.pipe(map(() => this.#begin().plan));
  }

  get frame$(): Observable<number> {
    return this.#frame.pipe(distinctUntilChanged());
  }

  get frame(): number {
    return this.#frame.value;
  }

  /** The work on the newest document; the same one until the document changes or files are looked at anew. */
  work(): Promise<Work> {
    const begun = this.#begin();
    begun.work ??= makeWork(begun.document, begun.plan, {
      services: this.#services,
      cache: this.#cache,
      signal: this.#closing.signal,
    });
    return begun.work;
  }

  /** The document, at once, after each edit and whenever files are looked at anew: what `work` gives may be another one. */
  get changes$(): Observable<Document> {
    return combineLatest([this.#document, this.#look]).pipe(map(([document]) => document));
  }

  /** Everything wrong with the newest document at the present frame, sinks left to a run's own validation. */
  get problems$(): Observable<readonly Problem[]> {
    return combineLatest([this.#work$.pipe(filter(isReady)), this.frame$]).pipe(
      switchMap(async ([{ plan, descriptions }, frame]) => {
        const active = [...plan.nodes.keys()].filter((id) => isActive(plan, id));
        const described = await Promise.all(active.map((id) => descriptions.describe(id, frame)));
        return [...plan.problems, ...described.flatMap((d) => d.problems)];
      }),
    );
  }

  /**
   * The whole graph at the present frame, after each edit and seek. Edits that come within one turn of events give one
   * overview; a newer one takes the place of one that is under way, which gives way every few milliseconds.
   */
  get overview$(): Observable<Overview> {
    return combineLatest([this.#document, this.frame$, this.#look]).pipe(
      debounceTime(0),
      switchMap(
        ([, frame]) =>
          new Observable<Overview>((subscriber) => {
            const controller = new AbortController();
            this.#overview(frame, controller.signal).then(
              (overview) => subscriber.next(overview),
              (thrown: unknown) => {
                if (asEngineError(thrown).kind !== 'cancelled') subscriber.error(thrown);
              },
            );
            return () => controller.abort();
          }),
      ),
    );
  }

  /** Applies an edit and gives its inverse. Throws `edit-invalid` and leaves all as it was. */
  edit(edit: Edit): Edit {
    const { document, inverse } = applyEdit(this.#document.value, edit);
    this.#document.next(document);
    return inverse;
  }

  seek(frame: number): void {
    this.#frame.next(frame);
  }

  /** Lets go of open files and listings and describes everything anew: for when something changed on disk. */
  refresh(): void {
    this.#services.close();
    this.#begun = undefined;
    this.#look.next(this.#look.value + 1);
  }

  /** The image of a node at the present frame, again after every edit; undefined where it is in error. */
  describe$(node: string): Observable<ImageSpec | undefined> {
    return combineLatest([this.#work$.pipe(filter(isReady)), this.frame$]).pipe(
      switchMap(async ([{ descriptions }, frame]) => (await descriptions.describe(node, frame)).spec),
    );
  }

  /**
   * A picture for each request, again after every edit. A newer request or edit cancels what the older one started,
   * within one turn of rows; nothing is delivered for it.
   */
  picture$(requests: Observable<PictureRequest>): Observable<Picture> {
    return combineLatest([this.#work$, requests]).pipe(
      switchMap(([work, request]) => {
        if (!work) return EMPTY;
        const planes$ = new Observable<Planes>((subscriber) => {
          const controller = new AbortController();
          pictureOf(work.evaluator, request, controller.signal).then(
            (planes) => {
              subscriber.next(planes);
              subscriber.complete();
            },
            (thrown: unknown) => subscriber.error(thrown),
          );
          return () => controller.abort();
        });
        return planes$.pipe(
          map((planes): Picture => ({ request, planes })),
          catchError((thrown: unknown) =>
            of<Picture>({
              request,
              error: asEngineError(thrown, { node: request.node, frame: request.frame }).toJSON(),
            }),
          ),
        );
      }),
    );
  }

  close(): void {
    this.#document.complete();
    this.#frame.complete();
    this.#look.complete();
    this.#closing.abort();
    this.#services.close();
  }

  #begin(): Begun {
    const document = this.#document.value;
    if (this.#begun?.document === document) return this.#begun;
    this.#begun = { document, plan: planOf(document, this.registry, this.#options.overrides) };
    return this.#begun;
  }

  async #overview(frame: number, signal: AbortSignal): Promise<Overview> {
    const work = await this.work();
    const { plan, descriptions } = work;
    const turn = turns(signal);
    const described = new Map<string, Described>();
    const problems = [...plan.problems, ...work.problems];
    for (const id of plan.nodes.keys()) {
      const found = await descriptions.describe(id, frame);
      described.set(id, found);
      if (isActive(plan, id)) problems.push(...found.problems);
      await turn();
    }
    // A run looks at its first frame before it starts; the frame that is looked at counts where it is one of the run's.
    const at = work.frames.includes(frame) ? frame : (work.frames[0] ?? frame);
    for (const sink of plan.sinks) {
      // What is wrong above a sink is told where it is, and so is a sink to which nothing leads.
      const above = await Promise.all(descriptions.feeds(sink, at).map((f) => descriptions.describe(f.node, f.frame)));
      const found = await descriptions.problems(sink, at);
      if (above.length === 0 || above.some((d) => !d.spec && !d.value) || hasErrors(found)) continue;
      problems.push(...(await new FrameDelivery(descriptions, sink, at).problems({ existing: false })));
      await turn();
    }
    const distinct = new Map(problems.map((p) => [`${p.code}\0${p.where.node ?? ''}\0${p.message}`, p]));
    return { work, frame, described, problems: [...distinct.values()] };
  }
}

/** The plan of a document. Overrides that an edit has made to fit nothing are left out and told as a problem. */
function planOf(document: Document, registry: Registry, overrides: Overrides | undefined): Plan {
  try {
    return makePlan(document, registry, overrides);
  } catch (thrown) {
    const plan = makePlan(document, registry);
    return { ...plan, problems: [...plan.problems, problemOf(asEngineError(thrown))] };
  }
}

/** Bypassed nodes are not at work, so that nothing is wrong with them. */
const isActive = (plan: Plan, id: string): boolean => plan.document.nodes[id]?.disabled !== true;

const isReady = (work: Work | undefined): work is Work => work !== undefined;

/** As many open files and listings as a large graph has inputs; well below what systems allow a process. */
const KEEP_OPEN = 256;

/** Gives way to newer events once a slice of time is over, and stops where the signal says so. */
function turns(signal: AbortSignal): () => Promise<void> {
  let since = performance.now();
  return async () => {
    if (performance.now() - since < SLICE) return;
    await breathe();
    signal.throwIfAborted();
    since = performance.now();
  };
}
