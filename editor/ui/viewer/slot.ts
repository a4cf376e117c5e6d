// One slot of the viewer: what it wants to show, what the host was asked for, what has come, and what went wrong.
import { type Box, boxHeight, boxIntersection, boxWidth } from '../../../engine/browser.ts';
import type { PictureHeader } from '../../picture.ts';
import type { View } from '../../protocol.ts';
import type { Picture } from '../store/link.ts';
import type { Store, ViewEvent } from '../store/store.ts';
import type { PictureCache } from './cache.ts';

export interface Failure {
  readonly code: string;
  readonly message: string;
  /** The node that is to blame, which need not be the one that is looked at. */
  readonly node?: string;
}

/** A request that the host got. */
interface Told {
  readonly key: string;
  readonly serial: number;
  readonly view: View;
  /** The edit count when it was sent: what comes after a later edit may show either state. */
  readonly epoch: number;
  readonly since: number;
  answered: boolean;
}

/** Requests whose pictures may still be on their way. */
const MOST_PAST = 8;

/** Milliseconds without another wish after which the host learns what is shown from the cache. */
const REST = 200;

/** The host tells of its progress ten times a second; silence this long means that it has stopped. */
const SILENCE = 600;

/** A last picture that covers this much of what is wanted stays, though a coarser one covers more. */
const ENOUGH = 0.5;

const shareOf = (whole: Box, part: Box): number => {
  const seen = boxIntersection(whole, part);
  return (boxWidth(seen) * boxHeight(seen)) / Math.max(1, boxWidth(whole) * boxHeight(whole));
};

let nextSerial = 1;

export interface SlotOptions {
  /** 0 is A, 1 is B. */
  readonly slot: number;
  readonly store: Pick<Store, 'send'>;
  readonly cache: PictureCache;
  /** Called after anything that is shown has changed. */
  readonly changed: () => void;
  /** Milliseconds, rising. */
  readonly clock?: () => number;
}

export class ViewSlot {
  readonly #options: SlotOptions;
  readonly #clock: () => number;
  readonly #past = new Map<number, Told>();
  #told: Told | undefined;
  #wanted: { readonly key: string; readonly view: View } | undefined;
  #picture: Picture | undefined;
  #failure: Failure | undefined;
  #fromCache = false;
  #epoch = 0;
  #shownSerial = 0;
  #progress: { readonly value: number; readonly at: number } | undefined;
  #resting: ReturnType<typeof setTimeout> | undefined;

  constructor(options: SlotOptions) {
    this.#options = options;
    this.#clock = options.clock ?? (() => performance.now());
  }

  /** What to show: the picture that is wanted, or the last one until it comes. */
  get picture(): Picture | undefined {
    return this.#picture;
  }

  get failure(): Failure | undefined {
    return this.#failure;
  }

  get view(): View | undefined {
    return this.#wanted?.view;
  }

  /** True where nothing more is awaited: the picture is there, or failed. */
  get settled(): boolean {
    if (!this.#wanted || this.#fromCache) return true;
    return this.#told?.key === this.#wanted.key && (this.#told.answered || this.#failure !== undefined);
  }

  /** Since when something is awaited, and how far it is where the host has told. Undefined where nothing is. */
  get waiting(): { readonly since: number; readonly progress?: number } | undefined {
    const told = this.#told;
    if (!told || this.#fromCache) return undefined;
    const heard = this.#progress && this.#clock() - this.#progress.at < SILENCE ? this.#progress : undefined;
    if (this.settled && !heard) return undefined;
    return { since: told.since, ...(heard && heard.value > 0 ? { progress: heard.value } : {}) };
  }

  /** Shows a view: from the cache where it is there, otherwise the host is asked, unless it makes just this one. */
  want(view: View): void {
    const key = JSON.stringify(view);
    const before = this.#wanted?.key;
    this.#wanted = { key, view };
    if (key !== before) clearTimeout(this.#resting);
    const found = this.#options.cache.find(view);
    this.#fromCache = found !== undefined;
    if (found) {
      this.#picture = found;
      this.#failure = undefined;
      if (key !== before && this.#told?.key !== key) this.#resting = setTimeout(() => this.#tell(), REST);
      return;
    }
    if (key !== before) this.#bridge(view);
    if (this.#told?.key !== key) this.#tell();
  }

  /** Until the picture comes: the last one, unless an older one shows more of what is wanted. */
  #bridge(view: View): void {
    const nearest = this.#options.cache.nearest(view);
    if (!nearest) return;
    const shown = this.#picture?.header;
    const isSame = shown && shown.node === view.node && shown.frame === view.frame && shown.part === view.part;
    const share = isSame && String(shown.channels) === String(view.channels) ? shareOf(view.box, shown.box) : 0;
    if (share < ENOUGH && shareOf(view.box, nearest.header.box) > share) this.#picture = nearest;
  }

  /** Nothing to show; `quiet` leaves the host with what it was asked last. */
  clear({ quiet }: { readonly quiet: boolean }): void {
    clearTimeout(this.#resting);
    this.#wanted = undefined;
    this.#picture = undefined;
    this.#failure = undefined;
    this.#fromCache = false;
    this.#progress = undefined;
    if (quiet || !this.#told) return;
    this.#told = undefined;
    this.#past.clear();
    this.#options.store.send({ kind: 'view', slot: this.#options.slot, serial: nextSerial++, view: null });
  }

  /** What was made so far may be old. The host makes again what it was asked for, without being told. */
  invalidate(): void {
    this.#epoch += 1;
    this.#fromCache = false;
    clearTimeout(this.#resting);
  }

  /** Asks for the same view again, as a new request. */
  reload(): void {
    this.invalidate();
    if (this.#wanted) this.#tell();
  }

  take(picture: { readonly header: PictureHeader; readonly samples: Uint16Array }): void {
    const told = this.#past.get(picture.header.serial);
    if (!told) return;
    const { cache } = this.#options;
    if (told.epoch === this.#epoch) {
      // A second answer without an edit: files have changed, and other frames may have changed with them.
      if (told.answered) cache.clear(told.view.node);
      cache.put(told.view, picture);
    }
    told.answered = true;
    const isWanted = told.key === this.#wanted?.key;
    // On the way to the newest one, older ones are better than nothing.
    if (!this.#wanted || (!isWanted && (this.settled || told.serial < this.#shownSerial))) return;
    this.#shownSerial = told.serial;
    this.#picture = picture;
    if (isWanted) {
      this.#failure = undefined;
      this.#progress = undefined;
    }
    this.#options.changed();
  }

  hear(event: ViewEvent): void {
    const told = this.#told;
    if (!told || event.serial !== told.serial) return;
    if (event.kind === 'viewing') {
      this.#progress = event.progress < 1 ? { value: event.progress, at: this.#clock() } : undefined;
    } else if (told.key === this.#wanted?.key) {
      const { code, message, node } = event;
      this.#failure = node === undefined ? { code, message } : { code, message, node };
      this.#progress = undefined;
      this.#fromCache = false;
    }
    this.#options.changed();
  }

  close(): void {
    this.clear({ quiet: false });
  }

  #tell(): void {
    if (!this.#wanted) return;
    clearTimeout(this.#resting);
    const { key, view } = this.#wanted;
    const serial = nextSerial++;
    this.#told = { key, serial, view, epoch: this.#epoch, since: this.#clock(), answered: false };
    this.#past.set(serial, this.#told);
    for (const old of this.#past.keys()) {
      if (this.#past.size <= MOST_PAST) break;
      this.#past.delete(old);
    }
    this.#progress = undefined;
    if (!this.#fromCache) this.#failure = undefined;
    this.#options.store.send({ kind: 'view', slot: this.#options.slot, serial, view });
  }
}
