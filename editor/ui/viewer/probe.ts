// The probe: values under the pointer or in a region, at once from the picture and then exactly from the host.
import { BehaviorSubject } from 'rxjs';
import { type Box, boxHeight, boxWidth, type SampleType } from '../../../engine/browser.ts';
import type { ProbeRow } from '../../protocol.ts';
import type { ViewerDesk } from './desk.ts';
import { isReduced, shortText, spreadOver, valuesAt } from './sample.ts';

export interface ProbeLine {
  readonly channel: string;
  readonly type?: SampleType;
  /** Of a region, the mean. */
  readonly value: string;
  readonly min?: string;
  readonly max?: string;
  /** Not the file's own sample: taken from the picture on the screen. */
  readonly rough: boolean;
}

export interface Probed {
  /** The image pixel, or the region. */
  readonly box: Box;
  readonly area: boolean;
  readonly lines: readonly ProbeLine[];
}

/** Pixels that the host measures at most; larger regions are measured in the picture. */
export const MOST_PROBED = 4096;

/** Milliseconds from one request to the next. */
const INTERVAL = 40;

export class Probe {
  /** What is under the pointer; null where that is not over the image. */
  readonly point$ = new BehaviorSubject<Probed | null>(null);
  readonly area$ = new BehaviorSubject<Probed | null>(null);
  readonly #desk: ViewerDesk;
  #asking = false;
  /** What is to be asked next: a region goes before the pointer, and neither takes the other's place. */
  readonly #next: { area$?: Box | undefined; point$?: Box | undefined } = {};
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** What the values were measured in; other values are measured again. */
  #state: unknown;

  constructor(desk: ViewerDesk) {
    this.#desk = desk;
  }

  /** Measures again whenever another picture is shown. Returns what ends it. */
  follow(): () => void {
    const subscription = this.#desk.drawn$.subscribe(() => {
      const { picture } = this.#slot;
      if (picture === this.#state) return;
      this.#state = picture;
      if (this.point$.value) this.#measure('point$', this.point$.value.box);
      if (this.area$.value) this.#measure('area$', this.area$.value.box);
    });
    return () => {
      subscription.unsubscribe();
      clearTimeout(this.#timer);
      this.#asking = false;
    };
  }

  /** Measures an image pixel; nothing with `undefined`. */
  point(at: { readonly x: number; readonly y: number } | undefined): void {
    if (!at) {
      this.#stop('point$');
      return;
    }
    const { box } = this.point$.value ?? {};
    if (box?.minX !== at.x || box.minY !== at.y) {
      this.#measure('point$', { minX: at.x, minY: at.y, maxX: at.x, maxY: at.y });
    }
  }

  area(region: Box | undefined): void {
    if (region) this.#measure('area$', region);
    else this.#stop('area$');
    this.#desk.schedule();
  }

  get #slot() {
    return this.#desk.leadingSlot;
  }

  #stop(target: 'point$' | 'area$'): void {
    if (this[target].value) this[target].next(null);
    this.#next[target] = undefined;
  }

  #measure(target: 'point$' | 'area$', box: Box): void {
    const { picture } = this.#slot;
    const { leading } = this.#desk;
    const part = leading === undefined ? undefined : this.#desk.partOf(leading)?.part;
    const area = target === 'area$';
    const values = picture && (area ? undefined : valuesAt(picture, box.minX, box.minY));
    const spreads = picture && area ? spreadOver(picture, box) : undefined;
    const reduced = !picture || isReduced(picture);
    const shown = picture?.header.channels ?? [];
    // Channels that are not on the screen keep their place until the host tells their values.
    const lines = ((values ?? spreads) ? (part?.channels ?? []) : []).map(({ name, type }): ProbeLine => {
      const i = shown.indexOf(name);
      const value = values?.[i] ?? spreads?.[i]?.mean;
      if (value === undefined) return { channel: name, type, value: '', rough: false };
      const spread = spreads?.[i];
      return {
        channel: name,
        type,
        value: type === 'uint' && picture?.header.type === 'uint' && !area ? String(value) : shortText(value),
        ...(spread ? { min: shortText(spread.min), max: shortText(spread.max) } : {}),
        rough: reduced || (type !== 'half' && type !== picture?.header.type),
      };
    });
    this[target].next({ box, area, lines });
    if (lines.length === 0 || boxWidth(box) * boxHeight(box) > MOST_PROBED) return;
    this.#next[target] = box;
    this.#ask();
  }

  #ask(): void {
    const target = this.#next.area$ ? 'area$' : 'point$';
    const box = this.#next[target];
    const view = this.#slot.view;
    if (this.#asking || !box || !view) return;
    this.#next[target] = undefined;
    this.#asking = true;
    const { node, frame, part, charts } = view;
    const state = this.#state;
    const again = (): void => {
      this.#timer = setTimeout(() => {
        this.#asking = false;
        this.#ask();
      }, INTERVAL);
    };
    this.#desk.store
      .request<readonly ProbeRow[]>({ kind: 'probe', node, frame, part, box, ...(charts ? { charts } : {}) })
      .then((rows) => {
        const present = this[target].value;
        if (present?.box !== box || state !== this.#state) return;
        this[target].next({ ...present, lines: rows.map((row) => ({ ...row, rough: false })) });
      })
      // Without an exact answer the rough one stays.
      .catch(() => {})
      .then(again);
  }
}
