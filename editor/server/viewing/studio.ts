// The studio: where pictures are made for all who look, and what is known of that: who computes, what is cached.
import { BehaviorSubject, Subject, type Subscription, throttleTime } from 'rxjs';
import type { NodeFindings, Work } from '../../../engine/index.ts';
import type { View } from '../../protocol.ts';
import type { Desk } from '../desk.ts';
import type { Activity } from '../node-views.ts';
import type { Roots } from '../roots.ts';
import type { Gallery } from './gallery.ts';
import { type Motif, Motifs, type Seen, type State } from './motif.ts';
import { Notices } from './notices.ts';
import type { Painters } from './painters.ts';
import type { Spent, WorkOrder } from './task.ts';

export interface StudioOptions {
  readonly desk: Desk;
  readonly roots: Roots;
  readonly painters: Painters;
  readonly gallery: Gallery;
}

/** A picture that was finished, for the marks of cached frames. */
interface Painted {
  readonly frame: number;
  /** The viewed node's own key: another one at the same frame means that the other frames are old as well. */
  readonly key: string;
  /** Keys of all that it was made of. */
  readonly made: readonly string[];
}

/** Milliseconds between two looks at what the caches hold. */
const PAUSE = 250;

export class Studio {
  readonly painters: Painters;
  readonly gallery: Gallery;
  readonly notices = new Notices();
  readonly motifs: Motifs;
  readonly activity$ = new BehaviorSubject<Activity>({ computing: new Set(), held: new Set(), spent: new Map() });
  readonly #desk: Desk;
  readonly #roots: Roots;
  readonly #orders = new WeakMap<Work, WorkOrder>();
  readonly #computing = new Map<string, number>();
  readonly #spent = new Map<string, number>();
  readonly #painted$ = new Subject<void>();
  readonly #subscription: Subscription;
  #held: ReadonlySet<string> = new Set();
  #look = 0;
  #subject = '';
  #painted = new Map<number, Painted>();
  /** The node that the timeline is about. */
  lead: string | undefined;

  constructor({ desk, roots, painters, gallery }: StudioOptions) {
    this.#desk = desk;
    this.#roots = roots;
    this.painters = painters;
    this.gallery = gallery;
    this.motifs = new Motifs(() => desk.session.registry);
    this.#subscription = this.#painted$
      .pipe(throttleTime(PAUSE, undefined, { leading: true, trailing: true }))
      .subscribe(() => void this.#lookAtCaches());
  }

  /** The newest state of the document. */
  async work(): Promise<State> {
    const work = await this.#desk.session.work();
    let order = this.#orders.get(work);
    if (!order) {
      const { document, timeline } = work;
      order = {
        document,
        folder: this.#desk.folder,
        roots: [...this.#roots.list],
        timeline,
        look: this.#look,
      };
      this.#orders.set(work, order);
    }
    return { work, order };
  }

  /** Files on disk may be other ones: all threads look at them anew. */
  refresh(): void {
    this.#look += 1;
    this.#desk.session.refresh();
  }

  /** Marks a node and all above it as computing until the function that it gives is called. */
  computing({ descriptions }: Seen, node: string, frame: number): () => void {
    const ids = new Set(descriptions.above(node, frame).map((at) => at.node));
    for (const id of ids) this.#computing.set(id, (this.#computing.get(id) ?? 0) + 1);
    this.#tell();
    return () => {
      for (const id of ids) {
        const left = this.#computing.get(id)! - 1;
        if (left > 0) this.#computing.set(id, left);
        else this.#computing.delete(id);
      }
      this.#tell();
    };
  }

  /** Takes what nodes find in the samples of a picture. */
  finding(work: Seen): (findings: readonly NodeFindings[]) => void {
    // What the pictures of a host that ends have found is wanted no more.
    return (findings) => void this.notices.add(work, findings).catch(() => {});
  }

  /** Takes note of a finished picture; those of the leading node make its frames cached. */
  async painted({ work, node }: Motif, view: View, spent: readonly Spent[]): Promise<void> {
    for (const { node, milliseconds } of spent) this.#spent.set(node, milliseconds);
    if (view.node === this.lead && node !== undefined) {
      const subject = JSON.stringify([node, view.part, view.channels]);
      const key = (await work.descriptions.describe(node, view.frame)).key;
      const known = this.#painted.get(view.frame);
      if (subject !== this.#subject || (known && known.key !== key)) this.#painted.clear();
      this.#subject = subject;
      const made = await Promise.all(
        work.descriptions
          .above(node, view.frame)
          .map(async (at) => (await work.descriptions.describe(at.node, at.frame)).key),
      );
      this.#painted.set(view.frame, { frame: view.frame, key, made: made.filter((k) => k !== '') });
    }
    this.#painted$.next();
  }

  /** Frames of which a picture was made from samples that are all still there, rising. */
  get cachedFrames(): number[] {
    return [...this.#painted.keys()].sort((a, b) => a - b);
  }

  async close(): Promise<void> {
    this.#subscription.unsubscribe();
    this.activity$.complete();
    this.notices.changed$.complete();
    await this.painters.close();
  }

  async #lookAtCaches(): Promise<void> {
    try {
      const held = await this.painters.held();
      for (const [frame, { frame: at, key, made }] of this.#painted) {
        // Nodes that only hand on what others made have no samples of their own: known by never having been held.
        const own = made.filter((k) => held.has(k) || this.#held.has(k));
        if (own.some((k) => !held.has(k))) this.#painted.delete(frame);
        else this.#painted.set(frame, { frame: at, key, made: own.length > 0 ? own : made });
      }
      this.#held = held;
      this.#tell();
    } catch {
      // A thread that was lost holds nothing; the next picture starts another and asks again.
    }
  }

  #tell(): void {
    this.activity$.next({
      computing: new Set(this.#computing.keys()),
      held: this.#held,
      spent: new Map(this.#spent),
    });
  }
}
