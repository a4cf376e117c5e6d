// Pictures on nodes: which nodes show one, remembered for each graph by its file; asked of the host, kept as they come.
import type { Subscription } from 'rxjs';
import type { Store } from '../store/store.ts';
import { drawable } from './thumbnail.ts';

/** The host takes so many names at once. */
const MOST = 200;
/** Graphs whose pictures are remembered. */
const MOST_GRAPHS = 100;
const KEY = 'sluice.pictures';

type Storage = Pick<globalThis.Storage, 'getItem' | 'setItem'>;
type Kept = readonly (readonly [path: string, nodes: readonly string[]])[];

/** What was kept, the newest graph last; whatever is not as it was written is none. */
function keptIn(storage: Storage): Kept {
  try {
    const value: unknown = JSON.parse(storage.getItem(KEY) ?? '[]');
    if (!Array.isArray(value)) return [];
    return value.filter(
      (one): one is Kept[number] =>
        Array.isArray(one) &&
        typeof one[0] === 'string' &&
        Array.isArray(one[1]) &&
        one[1].every((id: unknown) => typeof id === 'string'),
    );
  } catch {
    return [];
  }
}

export class Pictures {
  readonly #store: Store;
  readonly #images = new Map<string, HTMLCanvasElement>();
  readonly #storage: Storage;
  readonly #subscriptions: readonly Subscription[];
  #shown: ReadonlySet<string> = new Set();
  /** The file of the graph; empty where it has none. */
  #path = '';
  /** Another graph is there, and its file is not known yet. */
  #fresh = true;

  /** `drawn` is told when the picture of a node has come, `changed` when other nodes show one than before. */
  constructor(
    store: Store,
    drawn: (id: string) => void,
    changed: () => void = () => {},
    storage: Storage = localStorage,
  ) {
    this.#store = store;
    this.#storage = storage;
    const pictures = store.pictures$.subscribe((picture) => {
      const { node, serial } = picture.header;
      if (serial !== -1 || !this.#shown.has(node)) return;
      const image = drawable(picture);
      if (!image) return;
      this.#images.set(node, image);
      drawn(node);
    });
    const resets = store.reset$.subscribe(() => {
      this.#fresh = true;
    });
    // The host tells the document first and its file afterwards.
    const files = store.file$.subscribe(({ path = '' }) => {
      if (!this.#fresh && path !== this.#path) {
        this.#path = path;
        if (this.#shown.size > 0) this.#remember();
      } else if (this.#fresh) {
        this.#fresh = store.welcome$.value === null;
        this.#path = path;
        const { nodes } = store.document$.value;
        const kept = keptIn(storage).find(([file]) => file === path)?.[1] ?? [];
        const shown = kept.filter((id) => Object.hasOwn(nodes, id));
        if (shown.length === 0 && this.#shown.size === 0) return;
        this.#set(new Set(shown));
        changed();
      }
    });
    this.#subscriptions = [pictures, resets, files];
  }

  /** Nodes that show a picture. */
  get shown(): ReadonlySet<string> {
    return this.#shown;
  }

  imageOf(id: string): HTMLCanvasElement | undefined {
    return this.#images.get(id);
  }

  /** Shows pictures on nodes, or hides them where all of those show one. */
  toggle(ids: readonly string[]): void {
    const all = ids.every((id) => this.#shown.has(id));
    const shown = new Set(this.#shown);
    for (const id of ids) {
      if (all) shown.delete(id);
      else shown.add(id);
    }
    this.#set(shown);
    this.#remember();
  }

  /** Forgets nodes that are gone. */
  keep(there: (id: string) => boolean): void {
    if ([...this.#shown].every(there)) return;
    this.#set(new Set([...this.#shown].filter(there)));
  }

  destroy(): void {
    for (const subscription of this.#subscriptions) subscription.unsubscribe();
  }

  #remember(): void {
    const others = keptIn(this.#storage).filter(([path]) => path !== this.#path);
    const mine: Kept = this.#shown.size > 0 ? [[this.#path, [...this.#shown].slice(0, MOST)]] : [];
    this.#storage.setItem(KEY, JSON.stringify([...others, ...mine].slice(-MOST_GRAPHS)));
  }

  #set(shown: ReadonlySet<string>): void {
    this.#shown = shown;
    for (const id of this.#images.keys()) if (!shown.has(id)) this.#images.delete(id);
    this.#store.send({ kind: 'thumbnails', nodes: [...shown].slice(0, MOST) });
  }
}
