// Stepping and playing: the range of frames, in and out, speed and repeat, and the clock that moves the frame on.
import { BehaviorSubject } from 'rxjs';
import { parseFrames } from '../../../engine/browser.ts';
import type { AttributeRow } from '../../protocol.ts';
import type { Store } from '../store/store.ts';
import { type Direction, nextFrame, Pace, type Repeat, rateOf, type Stretch } from './play.ts';

export interface Playing {
  readonly direction: Direction;
  readonly repeat: Repeat;
  readonly fps: number;
  /** Set by hand: the image's own rate changes it no more. */
  readonly fpsChosen: boolean;
  readonly in?: number;
  readonly out?: number;
  /** Frames per second as they were shown, while playing. */
  readonly achieved?: number;
}

export class Transport {
  readonly playing$ = new BehaviorSubject<Playing>({ direction: 0, repeat: 'loop', fps: 24, fpsChosen: false });
  readonly #store: Store;
  readonly #isCurrent: () => boolean;
  readonly #pace = new Pace();
  #loop = 0;

  /** `isCurrent` tells whether the present frame is on the screen: playing waits for it. */
  constructor(store: Store, isCurrent: () => boolean) {
    this.#store = store;
    this.#isCurrent = isCurrent;
  }

  /** The frames of the graph: those it states, otherwise those of what is viewed. */
  get range(): Stretch {
    const { document$, timeline$, frame$ } = this.#store;
    const timeline = timeline$.value;
    const own = timeline ?? { first: frame$.value, last: frame$.value };
    return framesOf(document$.value.frames.range) ?? { first: own.first, last: own.last };
  }

  /** The part of the range between in and out. */
  get stretch(): Stretch {
    const { first, last } = this.range;
    const { in: from, out: to } = this.playing$.value;
    const start = Math.max(first, Math.min(last, from ?? first));
    return { first: start, last: Math.max(start, Math.min(last, to ?? last)) };
  }

  set(change: Partial<Playing>): void {
    this.playing$.next({ ...this.playing$.value, ...change });
  }

  play(direction: Direction): void {
    const { achieved: _, ...before } = this.playing$.value;
    if (direction === before.direction) return;
    this.#pace.reset();
    cancelAnimationFrame(this.#loop);
    this.playing$.next({ ...before, direction });
    if (direction !== 0) this.#loop = requestAnimationFrame((now) => this.#tick(now));
  }

  /** Goes to a frame within the range, and stops. */
  go(frame: number): void {
    this.play(0);
    const { first, last } = this.range;
    this.#store.seek(Math.max(first, Math.min(last, Math.round(frame))));
  }

  step(by: number): void {
    this.go(this.#store.frame$.value + by);
  }

  /** Marks where playing begins or ends; marking the same frame again takes the mark away. */
  mark(end: 'in' | 'out'): void {
    const frame = this.#store.frame$.value;
    const { [end]: before, ...others } = this.playing$.value;
    this.playing$.next(before === frame ? others : { ...others, [end]: frame });
  }

  /** Takes over the speed of an image, unless one was set by hand. */
  async learnRate(node: string | undefined): Promise<void> {
    if (node === undefined || this.playing$.value.fpsChosen) return;
    const frame = this.#store.frame$.value;
    try {
      const rows = await this.#store.request<readonly AttributeRow[]>({ kind: 'attributes', node, frame });
      const rate = rateOf(rows.find(({ name }) => name === 'framesPerSecond')?.value);
      if (rate !== undefined && !this.playing$.value.fpsChosen) this.set({ fps: rate });
    } catch {
      // Without an image there is no rate: the one before goes on.
    }
  }

  #tick(now: number): void {
    const { direction, repeat, fps } = this.playing$.value;
    if (direction === 0) return;
    this.#loop = requestAnimationFrame((next) => this.#tick(next));
    if (!this.#isCurrent() || !this.#pace.isDue(now, fps)) return;
    const next = nextFrame(this.#store.frame$.value, direction, repeat, this.stretch);
    if (next.direction === 0) {
      this.play(0);
      return;
    }
    const { achieved } = this.#pace;
    this.set({ direction: next.direction, ...(achieved === undefined ? {} : { achieved }) });
    this.#store.seek(next.frame);
  }
}

/** The first and last frame of a typed range; undefined where there is none, or it hangs on variables or is wrong. */
export function framesOf(range: string | undefined): Stretch | undefined {
  if (range === undefined || range.includes('${')) return undefined;
  try {
    const frames = parseFrames(range);
    const first = frames.reduce((a, b) => Math.min(a, b));
    return { first, last: frames.reduce((a, b) => Math.max(a, b)) };
  } catch {
    return undefined;
  }
}
