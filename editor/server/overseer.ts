// What all clients are told of the graph: problems, node views and the timeline, whenever they change.
import { watch } from 'node:fs';
import { dirname } from 'node:path';
import {
  auditTime,
  BehaviorSubject,
  combineLatest,
  retry,
  Subject,
  type Subscription,
  skip,
  startWith,
  switchMap,
  tap,
  throttleTime,
} from 'rxjs';
import { asEngineError, type EngineError, type Overview, type Problem, type Registry } from '../../engine/index.ts';
import type { Event, TimelineView } from '../protocol.ts';
import type { Desk } from './desk.ts';
import { NodeViews } from './node-views.ts';
import { timelineOf } from './timeline.ts';
import { imageNode } from './viewing/motif.ts';
import type { Studio } from './viewing/studio.ts';

export interface OverseerOptions {
  readonly registry: Registry;
  readonly desk: Desk;
  readonly studio: Studio;
  readonly tell: (event: Event) => void;
  /** Gets what goes wrong where nobody asked. */
  readonly onTrouble: (error: EngineError) => void;
}

/** Milliseconds in which several changes are told as one. */
const GATHER = 30;
/** Milliseconds between two looks at files after folders changed. */
const SETTLE = 1000;
/** Folders that are watched for new and changed frames. */
const MOST_FOLDERS = 64;

export class Overseer {
  /** The node in the main slot of whoever looked last. */
  readonly viewed$ = new BehaviorSubject<string | undefined>(undefined);
  readonly #options: OverseerOptions;
  readonly #views: NodeViews;
  readonly #overview$ = new Subject<Overview>();
  readonly #touched$ = new Subject<void>();
  readonly #watched = new Map<string, () => void>();
  readonly #subscriptions: Subscription[];
  #problems: readonly Problem[] = [];
  #problemsText = '[]';
  #timeline: TimelineView | null = null;

  constructor(options: OverseerOptions) {
    this.#options = options;
    const { desk, studio } = options;
    this.#views = new NodeViews(options.registry);
    this.#subscriptions = [
      desk.session$
        .pipe(
          switchMap((session) =>
            session.overview$.pipe(
              tap({ error: (thrown) => options.onTrouble(asEngineError(thrown)) }),
              // A node that fails where none may costs its overview, never the host: the next change is looked at again.
              retry({ delay: () => session.changes$.pipe(skip(1)) }),
            ),
          ),
        )
        .subscribe(this.#overview$),
      this.#overview$.subscribe((overview) => this.#watch(overview)),
      combineLatest([this.#overview$, studio.notices.changed$.pipe(startWith(undefined))]).subscribe(([overview]) =>
        this.#tellProblems([...overview.problems, ...studio.notices.problems(overview)]),
      ),
      combineLatest([this.#overview$, studio.activity$])
        .pipe(auditTime(GATHER))
        .subscribe(([overview, activity]) => {
          const nodes = this.#views.update(overview, activity);
          if (nodes) options.tell({ kind: 'nodes', nodes });
        }),
      combineLatest([this.#overview$, studio.activity$, this.viewed$])
        .pipe(
          auditTime(GATHER),
          switchMap(async ([{ work, frame }, , viewed]) => {
            const node = viewed === undefined ? undefined : imageNode(work, viewed, frame);
            return timelineOf(work, node, studio.cachedFrames);
          }),
        )
        .subscribe((timeline) => this.#tellTimeline(timeline)),
      this.#touched$
        .pipe(throttleTime(SETTLE, undefined, { leading: false, trailing: true }))
        .subscribe(() => studio.refresh()),
    ];
  }

  /** Everything as it was told last, for a client that comes later. */
  get all(): Event[] {
    return [
      { kind: 'problems', problems: this.#problems },
      { kind: 'nodes', nodes: this.#views.all },
      { kind: 'timeline', timeline: this.#timeline },
    ];
  }

  close(): void {
    for (const subscription of this.#subscriptions) subscription.unsubscribe();
    for (const stop of this.#watched.values()) stop();
  }

  #tellProblems(problems: readonly Problem[]): void {
    const text = JSON.stringify(problems);
    if (text === this.#problemsText) return;
    this.#problems = problems;
    this.#problemsText = text;
    this.#options.tell({ kind: 'problems', problems });
  }

  #tellTimeline(timeline: TimelineView | null): void {
    if (JSON.stringify(timeline) === JSON.stringify(this.#timeline)) return;
    this.#timeline = timeline;
    this.#options.tell({ kind: 'timeline', timeline });
  }

  /** Watches the folders of the files that images come from, and of those that are missed. */
  #watch({ described, problems }: Overview): void {
    const files = [
      ...[...described.values()].flatMap(
        (d) => d.spec?.parts.map((part) => part.stored?.chunks?.file ?? part.picture?.file) ?? [],
      ),
      ...problems.map((problem) => problem.where.file),
    ];
    const folders = new Set(files.filter((file) => file !== undefined).map((file) => dirname(file)));
    for (const [folder, stop] of this.#watched) {
      if (folders.has(folder)) continue;
      stop();
      this.#watched.delete(folder);
    }
    for (const folder of folders) {
      if (this.#watched.has(folder) || this.#watched.size >= MOST_FOLDERS) continue;
      this.#watched.set(
        folder,
        watchFolder(folder, () => this.#touched$.next()),
      );
    }
  }
}

/** Calls when something visible in a folder changes. A folder that cannot be watched is not. */
function watchFolder(folder: string, touched: () => void): () => void {
  try {
    const watcher = watch(folder, { persistent: false }, (_, name) => {
      if (name === null || !name.startsWith('.')) touched();
    });
    watcher.on('error', () => watcher.close());
    return () => watcher.close();
  } catch {
    return () => {};
  }
}
