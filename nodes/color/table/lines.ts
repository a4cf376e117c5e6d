// The lines of a text that holds numbers, one after the other, and the error that says which of them is wrong.
import { EngineError } from '../../../engine/authoring.ts';

/** No line of a table is longer; it bounds what is taken apart at once. */
const LONGEST_LINE = 4 << 20;

const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;
const WHOLE = /^\d{1,9}$/;
const GREATEST = 3.4028234663852886e38;

export class Lines {
  /** The number of the line that was taken last, from 1. */
  number = 0;
  readonly #text: string;
  readonly #file: string;
  readonly #end: string;
  #at = 0;

  /** `file` is what errors name. */
  constructor(text: string, file: string) {
    this.#text = text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
    this.#file = file;
    this.#end = this.#text.includes('\n') ? '\n' : '\r';
  }

  /** Characters that are not taken yet. */
  get left(): number {
    return this.#text.length - this.#at;
  }

  /** The next line without blanks at its ends, or undefined after the last one. */
  take(): string | undefined {
    if (this.#at >= this.#text.length) return undefined;
    const found = this.#text.indexOf(this.#end, this.#at);
    const end = found < 0 ? this.#text.length : found;
    this.number += 1;
    if (end - this.#at > LONGEST_LINE) this.fail('is longer than any line of a table. Choose the file of a table.');
    const line = this.#text.slice(this.#at, end).trim();
    this.#at = end + 1;
    return line;
  }

  /** The next line that is neither empty nor, where comments are known, a comment. */
  filled(comment?: string): string | undefined {
    for (;;) {
      const line = this.take();
      if (line === undefined || (line !== '' && (comment === undefined || !line.startsWith(comment)))) return line;
    }
  }

  /** The next filled line. `what` is told where there is none. */
  demand(what: string, comment?: string): string {
    return this.filled(comment) ?? this.fail(`ends where ${what} should stand. It was probably cut off.`);
  }

  /** So many numbers, neither more nor less. `what` they are, in the plural. */
  numbers(line: string, count: number, what: string): number[] {
    const words = line.split(/\s+/);
    if (words.length !== count) {
      this.fail(
        `should hold ${count} ${what}, and holds ${words.length === 1 ? 'one word' : `${words.length} words`}.`,
      );
    }
    return words.map((word) => this.float(word));
  }

  float(word: string): number {
    const value = NUMBER.test(word) ? Number(word) : Number.NaN;
    if (Math.abs(value) <= GREATEST) return value;
    return this.fail(`holds ${JSON.stringify(word.slice(0, 40))} where a finite number should stand.`);
  }

  /** A whole number within bounds. */
  whole(word: string, least: number, most: number, what: string): number {
    const value = WHOLE.test(word) ? Number(word) : Number.NaN;
    if (value >= least && value <= most) return value;
    return this.fail(`gives ${what} as ${JSON.stringify(word.slice(0, 40))}. Expected ${least} to ${most}.`);
  }

  /** Refuses to believe in so many lines of numbers where the rest of the file cannot hold them. */
  expect(lines: number, perLine: number): void {
    // A digit and a blank for each.
    if (lines * perLine * 2 <= this.left + 1) return;
    this.fail(
      `announces ${lines} lines of ${perLine} numbers, more than the rest of the file can hold. It was probably cut off.`,
    );
  }

  /** Throws `lut-invalid`. `trouble` goes on after `line 12`. */
  fail(trouble: string): never {
    throw this.trouble('invalid', 'lut-invalid', trouble);
  }

  /** Throws `lut-unsupported`: the file may be sound. */
  refuse(trouble: string): never {
    throw this.trouble('unsupported', 'lut-unsupported', trouble);
  }

  trouble(kind: 'invalid' | 'unsupported', code: 'lut-invalid' | 'lut-unsupported', trouble: string): EngineError {
    const where = { param: 'path', file: this.#file };
    return new EngineError(kind, code, `${this.#file}, line ${this.number}: it ${trouble}`, where);
  }
}
