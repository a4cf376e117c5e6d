// Playing: which frame comes next and when. Drops nothing: a frame that is not there yet is waited for.

export type Repeat = 'loop' | 'bounce' | 'once';
export type Direction = -1 | 0 | 1;

export interface Stretch {
  readonly first: number;
  readonly last: number;
}

/** The next frame of a stretch; direction 0 where playing ends. */
export function nextFrame(
  frame: number,
  direction: -1 | 1,
  repeat: Repeat,
  { first, last }: Stretch,
): { readonly frame: number; readonly direction: Direction } {
  const next = frame + direction;
  const start = direction > 0 ? first : last;
  if (frame < first || frame > last) return { frame: start, direction };
  if (next >= first && next <= last) return { frame: next, direction };
  if (repeat === 'once') return { frame, direction: 0 };
  if (repeat === 'loop' || first === last) return { frame: start, direction };
  return { frame: frame - direction, direction: direction > 0 ? -1 : 1 };
}

/** Advances from which the speed is measured. */
const MEASURED = 24;

/** Keeps time. Knows no clock of its own: times are given, in milliseconds. */
export class Pace {
  #due = Number.NEGATIVE_INFINITY;
  #advances: number[] = [];

  reset(): void {
    this.#due = Number.NEGATIVE_INFINITY;
    this.#advances = [];
  }

  /** True where the next frame is due; then the one after it is due a frame later. What was late is not caught up. */
  isDue(now: number, fps: number): boolean {
    const length = 1000 / fps;
    // Screens refresh a little early now and then.
    if (now < this.#due - 2) return false;
    this.#due = now - this.#due > length ? now + length : this.#due + length;
    this.#advances.push(now);
    if (this.#advances.length > MEASURED + 1) this.#advances.shift();
    return true;
  }

  /** Frames per second as they were shown; undefined before it can be told. */
  get achieved(): number | undefined {
    const first = this.#advances[0];
    const last = this.#advances.at(-1);
    if (first === undefined || last === undefined || last - first < 200) return undefined;
    return ((this.#advances.length - 1) * 1000) / (last - first);
  }
}

/** Reads `framesPerSecond` as OpenEXR keeps it, a fraction such as `24000/1001`. Undefined for what is no speed. */
export function rateOf(value: unknown): number | undefined {
  const [numerator, denominator = '1'] = typeof value === 'string' ? value.split('/') : [];
  const rate = Number(numerator) / Number(denominator);
  return Number.isFinite(rate) && rate > 0 && rate <= 1000 ? rate : undefined;
}
