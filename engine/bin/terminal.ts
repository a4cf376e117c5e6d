// Writing to the terminal: text on stdout and stderr, columns, colour where a person looks, quiet ends of pipes.
import { writeSync } from 'node:fs';

/** One of the two streams, as the commands need it. */
export interface Stream {
  /** True where a person looks at it. */
  readonly isTerminal: boolean;
  /** Columns of the terminal; 80 where there is none. */
  readonly columns: number;
  write(text: string): void;
  line(text?: string): void;
  /** The text in a style, where the stream shows styles. */
  style(style: Style, text: string): string;
}

export type Style = 'bold' | 'dim' | 'red' | 'yellow';

const CODES: Readonly<Record<Style, readonly [number, number]>> = {
  bold: [1, 22],
  dim: [2, 22],
  red: [31, 39],
  yellow: [33, 39],
};

/** The exit code of a command that stops because nobody reads on: what a shell makes of an end by SIGPIPE. */
export const UNREAD = 141;

/** What to do once nobody reads stdout any more (`| head`): stop, or go on without words. */
let whenUnread: 'stop' | 'go on' = 'stop';

/** A command whose work matters more than its words says so here. */
export const goOnUnread = (): void => {
  whenUnread = 'go on';
};

/** Node's stream is opened when it is first used: that takes longer than to write to it, and a quiet run says nothing. */
function openStream(name: 'stdout' | 'stderr'): Stream {
  let opened: NodeJS.WriteStream | undefined;
  let unread = false;
  const open = (): NodeJS.WriteStream => {
    const stream = process[name];
    stream.on('error', (error: NodeJS.ErrnoException) => {
      // Of a terminal that was closed; then SIGHUP comes too.
      const closed = error.code === 'EIO';
      if (error.code !== 'EPIPE' && !closed) throw error;
      unread = true;
      // What a command has come to by now is true, read or not; of one that has not, success would be claimed.
      if (whenUnread === 'stop' && !closed) setImmediate(() => process.exit(process.exitCode ?? UNREAD));
    });
    return stream;
  };
  const stream = (): NodeJS.WriteStream => (opened ??= open());
  const isTerminal = (): boolean => stream().isTTY === true;
  const write = (text: string): void => {
    if (!unread) stream().write(text);
  };
  return {
    get isTerminal() {
      return isTerminal();
    },
    get columns() {
      // A terminal that does not know its size says 0.
      return stream().columns || 80;
    },
    write,
    line: (text = '') => write(`${text}\n`),
    style: (style, text) => {
      const styled = !process.env['NO_COLOR'] && process.env['TERM'] !== 'dumb' && isTerminal();
      return styled ? `\u001b[${CODES[style][0]}m${text}\u001b[${CODES[style][1]}m` : text;
    },
  };
}

export const out: Stream = openStream('stdout');
export const err: Stream = openStream('stderr');

/** For the very end of a process, when streams are no longer sent. */
export function lastWords(text: string): void {
  try {
    writeSync(2, `${text}\n`);
  } catch {
    // nobody reads them
  }
}

/** Rows as lines whose columns stand below each other, two spaces apart; the last column runs on. */
export function columns(rows: readonly (readonly string[])[], indent = 0): string[] {
  const widths: number[] = [];
  for (const row of rows) for (const [i, cell] of row.entries()) widths[i] = Math.max(widths[i] ?? 0, width(cell));
  return rows.map((row) =>
    (' '.repeat(indent) + row.map((cell, i) => cell + ' '.repeat(widths[i]! - width(cell))).join('  ')).trimEnd(),
  );
}

/** Characters as a person counts them, so that a letter of two code points takes one place. */
const width = (text: string): number => {
  // Made when it is wanted, since that takes as long as loading all of a command.
  graphemes ??= new Intl.Segmenter('en', { granularity: 'grapheme' });
  return [...graphemes.segment(text)].length;
};
let graphemes: Intl.Segmenter | undefined;

/**
 * Text from a file or a document made safe to print: control characters, which could steer a terminal, become escapes.
 */
export function printable(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g, (c) =>
    c === '\n' ? '\\n' : c === '\t' ? '\\t' : `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
