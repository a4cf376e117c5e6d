// The log: lines about runs and troubles, kept for clients that come later and sent in bundles.
import { auditTime, buffer, type Observable, Subject } from 'rxjs';
import type { LogLine } from '../protocol.ts';

const MOST_LINES = 5000;
/** Milliseconds for which lines are gathered. */
const GATHER = 100;

export class Log {
  readonly #lines$ = new Subject<LogLine>();
  #kept: LogLine[] = [];
  /** New lines, several at a time. */
  readonly news$: Observable<readonly LogLine[]> = this.#lines$.pipe(buffer(this.#lines$.pipe(auditTime(GATHER))));

  get kept(): readonly LogLine[] {
    return this.#kept;
  }

  add(level: LogLine['level'], text: string, place: Pick<LogLine, 'node' | 'frame'> = {}): void {
    const line: LogLine = { at: new Date().toISOString(), level, text, ...place };
    this.#kept.push(line);
    if (this.#kept.length > MOST_LINES) this.#kept = this.#kept.slice(-MOST_LINES / 2);
    this.#lines$.next(line);
  }

  close(): void {
    this.#lines$.complete();
  }
}
