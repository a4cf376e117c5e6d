// The session: the reactive face of the engine. An edit makes a new plan, a plan makes descriptions, a viewer gets pixels.
import { setImmediate as breathe } from 'node:timers/promises';
import {
  BehaviorSubject,
  catchError,
  combineLatest,
  distinctUntilChanged,
  map,
  Observable,
  of,
  shareReplay,
  switchMap,
} from 'rxjs';
import { type Box, boxHeight } from '../base/box.ts';
import { asEngineError, type PlainError } from '../base/error.ts';
import { applyEdit } from '../document/apply.ts';
import type { Edit } from '../document/edits.ts';
import type { Document } from '../document/schema.ts';
import { PlaneCache } from '../evaluate/cache.ts';
import { paste } from '../evaluate/compose.ts';
import { Evaluator } from '../evaluate/evaluator.ts';
import type { ImageSpec } from '../image/spec.ts';
import type { Planes } from '../image/want.ts';
import type { AnyNode, Timeline } from '../node/define.ts';
import { createRegistry, type Registry } from '../node/registry.ts';
import { createPlane, type Plane } from '../pixels/plane.ts';
import { Descriptions } from '../plan/describe.ts';
import { makePlan, type Overrides, type Plan } from '../plan/plan.ts';
import type { Problem } from '../plan/problem.ts';
import { FileServices } from './services.ts';

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

/** What a viewer wants to see. */
export interface PictureRequest {
  readonly node: string;
  readonly frame: number;
  readonly part: number;
  readonly channels: readonly string[];
  readonly box: Box;
}

export type Picture =
  | { readonly request: PictureRequest; readonly planes: Planes }
  | { readonly request: PictureRequest; readonly error: PlainError };

/** A plan at work: what is described and evaluated for one state of the document. */
interface Work {
  readonly plan: Plan;
  readonly descriptions: Descriptions;
  readonly evaluator: Evaluator;
}

/** Rows that are evaluated before newer events get their turn. */
const TURN = 64;

export class Session {
  readonly #registry: Registry;
  readonly #services: FileServices;
  readonly #cache: PlaneCache;
  readonly #document: BehaviorSubject<Document>;
  readonly #frame: BehaviorSubject<number>;
  readonly #work: Observable<Work>;

  constructor(options: SessionOptions) {
    this.#registry = createRegistry(options.nodes);
    this.#services = new FileServices({ folder: options.folder, ...(options.roots ? { roots: options.roots } : {}) });
    this.#cache = new PlaneCache(options.cacheBytes ?? 512 * 1024 * 1024);
    this.#document = new BehaviorSubject(options.document);
    this.#frame = new BehaviorSubject(options.frame ?? 1);
    this.#work = this.#document.pipe(
      map((document): Work => {
        const plan = makePlan(document, this.#registry, options.overrides);
        const timeline: Timeline = {
          align: document.frames.align,
          mismatch: document.frames.mismatch,
          start: 1,
          count: 1,
        };
        const signal = new AbortController().signal;
        const descriptions = new Descriptions(plan, { services: this.#services, timeline, signal });
        return { plan, descriptions, evaluator: new Evaluator(descriptions, { cache: this.#cache }) };
      }),
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
    return this.#work.pipe(map((work) => work.plan));
  }

  get frame$(): Observable<number> {
    return this.#frame.pipe(distinctUntilChanged());
  }

  /** Everything wrong with the newest document at the present frame, sinks left to a run's own validation. */
  get problems$(): Observable<readonly Problem[]> {
    return combineLatest([this.#work, this.frame$]).pipe(
      switchMap(async ([{ plan, descriptions }, frame]) => {
        const described = await Promise.all([...plan.nodes.keys()].map((id) => descriptions.describe(id, frame)));
        return [...plan.problems, ...described.flatMap((d) => d.problems)];
      }),
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

  /** The image of a node at the present frame, again after every edit; undefined where it is in error. */
  describe$(node: string): Observable<ImageSpec | undefined> {
    return combineLatest([this.#work, this.frame$]).pipe(
      switchMap(async ([{ descriptions }, frame]) => (await descriptions.describe(node, frame)).spec),
    );
  }

  /**
   * A picture for each request, again after every edit. A newer request or edit cancels what the older one started,
   * within one turn of rows; nothing is delivered for it.
   */
  picture$(requests: Observable<PictureRequest>): Observable<Picture> {
    return combineLatest([this.#work, requests]).pipe(
      switchMap(([{ evaluator }, request]) => {
        const planes$ = new Observable<Planes>((subscriber) => {
          const controller = new AbortController();
          pictureOf(evaluator, request, controller.signal).then(
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
    this.#services.close();
  }
}

/** Evaluates in turns of rows, so that cancelling and newer events are met in between. */
async function pictureOf(evaluator: Evaluator, request: PictureRequest, signal: AbortSignal): Promise<Planes> {
  const { node, frame, part, channels, box } = request;
  if (boxHeight(box) <= TURN) return evaluator.planes(node, frame, { part, channels, box }, signal);
  const whole = new Map<string, Plane>();
  for (let minY = box.minY; minY <= box.maxY; minY += TURN) {
    const turn = { ...box, minY, maxY: Math.min(box.maxY, minY + TURN - 1) };
    for (const [name, plane] of await evaluator.planes(node, frame, { part, channels, box: turn }, signal)) {
      const target = whole.get(name) ?? createPlane(plane.type, box, plane.sampling);
      whole.set(name, target);
      paste(target, plane);
    }
    await breathe();
    signal.throwIfAborted();
  }
  return whole;
}
