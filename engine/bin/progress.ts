// What is seen while a run goes on: a bar on a terminal, else one line for each frame.
import type { FrameOutcome, RunEvent } from '../index.ts';
import { err, out, printable } from './terminal.ts';
import { printPlainError, shortPath } from './trouble.ts';

export interface Shown {
  /** A bar on stderr. */
  readonly bar: boolean;
  /** Lines on stdout. */
  readonly lines: boolean;
  /** What a frame is here; of a tile the line says nothing but the file. */
  readonly unit?: 'frame' | 'tile';
}

/** Redrawn at most this often, in milliseconds. */
const REDRAW = 80;
const BAR_WIDTH = 30;
const CLEAR_LINE = '\r\u001b[2K';

/** Shows the events of one run. Failed frames are shown whatever else is. */
export class Progress {
  readonly #shown: Shown;
  #bar = '';
  #drawn = 0;

  constructor(shown: Shown) {
    this.#shown = shown;
  }

  show(event: RunEvent): void {
    this.tell(event);
    if (event.kind === 'progress') this.draw(event.done / event.total, `${event.done} of ${event.total}`);
  }

  /** Shows what became of a frame, and leaves the bar as it is. */
  tell(event: RunEvent): void {
    if (event.kind === 'frame') this.#frame(event);
  }

  /** Draws the bar, `done` from 0 to 1, with a text behind it. */
  draw(done: number, text: string): void {
    if (!this.#shown.bar) return;
    const now = performance.now();
    if (now - this.#drawn < REDRAW && done < 1 && this.#bar !== '') return;
    this.#drawn = now;
    const full = Math.round(done * BAR_WIDTH);
    this.#bar = `[${'#'.repeat(full)}${'-'.repeat(BAR_WIDTH - full)}]  ${printable(text)}`;
    err.write(CLEAR_LINE + this.#bar.slice(0, err.columns - 1));
  }

  /** Takes the bar away. */
  end(): void {
    if (this.#bar !== '') err.write(CLEAR_LINE);
    this.#bar = '';
  }

  #frame(outcome: FrameOutcome): void {
    if (outcome.state === 'failed') {
      this.end();
      if (outcome.error) printPlainError(outcome.error);
    }
    if (this.#shown.lines) out.line(lineOf(outcome, this.#shown.unit));
  }
}

/** Such as `frame 1003  write  out/x.1003.exr`, and what became of it where it was not simply written. */
function lineOf({ frame, sink, state, path, error, existing }: FrameOutcome, unit: Shown['unit'] = 'frame'): string {
  const pieces = [`${unit} ${frame}`, ...(unit === 'frame' ? [sink] : [])];
  if (path !== undefined) pieces.push(printable(shortPath(path)));
  if (state !== 'done') pieces.push(error ? `${state}: ${error.code}` : state);
  if (existing) pieces.push(`exists: would be ${existing}`);
  return pieces.join('  ');
}
