// One slot of one viewer: the newest request wins, and what is shown is made again when the document changes.
import { asEngineError } from '../../../engine/index.ts';
import { encodePicture } from '../../picture.ts';
import type { Event, View } from '../../protocol.ts';
import type { Motif } from './motif.ts';
import { type FinishedPicture, makePicture } from './picture.ts';
import type { Studio } from './studio.ts';

export interface SlotOptions {
  readonly slot: number;
  readonly studio: Studio;
  readonly send: (event: Event) => void;
  readonly sendPicture: (slot: number, bytes: Uint8Array) => void;
}

/**
 * Milliseconds in which a picture that an edit makes old may still be finished, at least and at most; between them what
 * the last one took and half as much again. So a drag shows something on a slow machine too.
 */
const GRACE = [80, 400] as const;
/** What takes longer than this tells how far it is, and how often. */
const PATIENCE = 100;

interface Painting {
  readonly motif: Motif;
  readonly serial: number;
  readonly view: View;
  readonly signal: AbortSignal;
}

interface Showing {
  readonly controller: AbortController;
  readonly begun: number;
}

export class Slot {
  readonly #options: SlotOptions;
  #wanted: { readonly serial: number; readonly view: View } | undefined;
  #showing: Showing | undefined;
  #scheduled: NodeJS.Immediate | undefined;
  #ending: NodeJS.Timeout | undefined;
  /** Milliseconds that the last picture took which had to be made, or after which it was given up. */
  #took = 0;
  /** What was sent last: a change of the document that leaves it as it is sends nothing. */
  #sent = '';

  constructor(options: SlotOptions) {
    this.#options = options;
  }

  get view(): View | undefined {
    return this.#wanted?.view;
  }

  /** Shows something else, or nothing; what went on ends at once. */
  show(serial: number, view: View | null): void {
    this.#wanted = view ? { serial, view } : undefined;
    this.#sent = '';
    this.#showing?.controller.abort();
    this.#showing = undefined;
    clearTimeout(this.#ending);
    this.#ending = undefined;
    if (view) this.#schedule();
    else clearImmediate(this.#scheduled);
  }

  /** The document or its files are other ones than before. */
  changed(): void {
    if (!this.#wanted) return;
    const showing = this.#showing;
    if (!showing) this.#schedule();
    else if (!this.#ending) {
      const [least, most] = GRACE;
      const grace = Math.min(most, Math.max(least, this.#took * 1.5));
      const left = grace - (performance.now() - showing.begun);
      this.#ending = setTimeout(() => this.#end(showing), Math.max(0, left));
    }
  }

  close(): void {
    this.show(0, null);
  }

  #end(showing: Showing): void {
    this.#ending = undefined;
    if (this.#showing !== showing) return;
    showing.controller.abort();
    this.#showing = undefined;
    this.#schedule();
  }

  #schedule(): void {
    clearImmediate(this.#scheduled);
    // Edits and requests that come in one turn make one picture.
    this.#scheduled = setImmediate(() => void this.#start());
  }

  async #start(): Promise<void> {
    const wanted = this.#wanted;
    if (!wanted || this.#showing) return;
    const showing: Showing = { controller: new AbortController(), begun: performance.now() };
    this.#showing = showing;
    try {
      await this.#make(wanted.serial, wanted.view, showing.controller.signal);
    } catch (thrown) {
      const { kind, code, message, where } = asEngineError(thrown);
      if (kind !== 'cancelled' && this.#showing === showing) {
        // A node that is not in the document stands for what comes before the stroke.
        const node = where.node === undefined ? {} : { node: where.node.split('/', 1)[0]! };
        this.#sent = '';
        this.#options.send({
          kind: 'viewFailed',
          slot: this.#options.slot,
          serial: wanted.serial,
          code,
          message,
          ...node,
        });
      }
    }
    if (this.#showing !== showing) return;
    this.#showing = undefined;
    if (!this.#ending) return;
    // Something changed while this one was made.
    clearTimeout(this.#ending);
    this.#ending = undefined;
    this.#schedule();
  }

  async #make(serial: number, view: View, signal: AbortSignal): Promise<void> {
    const { slot, studio, sendPicture } = this.#options;
    const state = await studio.work();
    signal.throwIfAborted();
    const motif = await studio.motifs.of(state, view);
    const { work, node } = motif;
    const key = node === undefined ? '' : (await work.descriptions.describe(node, view.frame)).key;
    signal.throwIfAborted();
    const mark = `${serial}/${key}`;
    if (key !== '' && this.#sent === mark) return;
    const picture = studio.gallery.get(key, view) ?? (await this.#paint({ motif, serial, view, signal }));
    studio.gallery.put(key, view, picture);
    this.#sent = mark;
    sendPicture(slot, encodePicture({ ...picture.header, slot, serial }, picture.samples));
    void studio.painted(motif, view, picture.spent).catch(() => {});
  }

  async #paint({ motif, serial, view, signal }: Painting): Promise<FinishedPicture> {
    const { slot, studio, send } = this.#options;
    const { work, node = view.node } = motif;
    const begun = performance.now();
    const progress = this.#progress(serial, () => studio.computing(work, node, view.frame));
    try {
      const { painters } = studio;
      const onProgress = progress.advance;
      const onFindings = studio.finding(work);
      const options = { painters, motif, priority: 'view', signal, onProgress, onFindings } as const;
      const picture = await makePicture(view, options);
      signal.throwIfAborted();
      if (progress.told()) send({ kind: 'viewing', slot, serial, progress: 1 });
      return picture;
    } finally {
      this.#took = performance.now() - begun;
      progress.end();
    }
  }

  /** Tells how far a picture is where it takes long. */
  #progress(serial: number, mark: () => () => void): { advance(done: number): void; told(): boolean; end(): void } {
    const { slot, send } = this.#options;
    let progress = 0;
    let unmark: (() => void) | undefined;
    const timer = setInterval(() => {
      unmark ??= mark();
      send({ kind: 'viewing', slot, serial, progress });
    }, PATIENCE);
    return {
      advance: (done) => {
        progress = done;
      },
      told: () => unmark !== undefined,
      end: () => {
        clearInterval(timer);
        unmark?.();
      },
    };
  }
}
