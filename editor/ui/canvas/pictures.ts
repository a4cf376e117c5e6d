// Pictures on nodes: which nodes show one, asked of the host, kept as they come.
import type { Subscription } from 'rxjs';
import type { Store } from '../store/store.ts';
import { drawable } from './thumbnail.ts';

/** The host takes so many names at once. */
const MOST = 200;

export class Pictures {
  readonly #store: Store;
  readonly #images = new Map<string, HTMLCanvasElement>();
  readonly #subscription: Subscription;
  #shown: ReadonlySet<string> = new Set();

  /** `drawn` is told when the picture of a node has come. */
  constructor(store: Store, drawn: (id: string) => void) {
    this.#store = store;
    this.#subscription = store.pictures$.subscribe((picture) => {
      const { node, serial } = picture.header;
      if (serial !== -1 || !this.#shown.has(node)) return;
      const image = drawable(picture);
      if (!image) return;
      this.#images.set(node, image);
      drawn(node);
    });
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
  }

  /** Forgets nodes that are gone. */
  keep(there: (id: string) => boolean): void {
    if ([...this.#shown].every(there)) return;
    this.#set(new Set([...this.#shown].filter(there)));
  }

  destroy(): void {
    this.#subscription.unsubscribe();
  }

  #set(shown: ReadonlySet<string>): void {
    this.#shown = shown;
    for (const id of this.#images.keys()) if (!shown.has(id)) this.#images.delete(id);
    this.#store.send({ kind: 'thumbnails', nodes: [...shown].slice(0, MOST) });
  }
}
