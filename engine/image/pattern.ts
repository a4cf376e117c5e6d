// File patterns: where the frame number stands in the name of a sequence's files, and how it is written.
import { EngineError } from '../base/error.ts';
import { MAX_FRAME } from './frames.ts';

/** How the frame number is written. */
export interface FrameToken {
  /** The token as typed, such as `%04d` or `####`. */
  readonly text: string;
  /** `printf`: the width counts a minus sign; `digits` (`#` and `@`): it does not. */
  readonly style: 'printf' | 'digits';
  /** The least number of characters, filled up with zeros. */
  readonly width: number;
  /** True for a plain `%d`, which accepts files with leading zeros as well. */
  readonly loose: boolean;
}

/** A path in which at most one piece stands for the frame number. */
export interface FramePattern {
  /** The whole pattern as typed. */
  readonly text: string;
  /** The folder with its closing separator; empty where the pattern is a bare name. Kept to the letter. */
  readonly folder: string;
  /** The file name before and after the frame number; the whole name is the head where there is no token. */
  readonly head: string;
  readonly tail: string;
  /** Absent for a single file. */
  readonly token?: FrameToken;
}

const MAX_WIDTH = 32;
const TOKEN = /%0*(\d*)d|#+|@+/g;

/** Spellings that other programs know and that must not pass as plain text. */
const FOREIGN: readonly (readonly [RegExp, string])[] = [
  [/\$F\d*(?![A-Za-z_{])|\$\{F\d*\}|<F\d*>/, "Houdini's frame token"],
  [/<UDIM>|%\(UDIM\)d|<U>|<V>/i, 'a tile token'],
  [/%[Vv](?![A-Za-z])/, 'a view token'],
  [/%(?:[-+#]\d*[di]|[1-9]\d*d|\d*[iuxXo])(?![A-Za-z])/, 'a number format'],
];

/**
 * Reads a pattern such as `beauty.%04d.exr`, `beauty.%d.exr`, `beauty.####.exr` or `beauty.@@.exr`.
 *
 * - `%04d`: at least four characters, zeros in front, a minus sign counted, as C's printf does.
 * - `%d`: as many digits as the number has.
 * - `#` and `@`: one digit each, a minus sign not counted; but a single `#` stands for four digits (Autodesk FCheck,
 *   "Frame numbering and padded numbers": `@` is one digit and `#` alone is short for `@@@@`). oiiotool differs: there
 *   every `#` is four digits, so `####` would be sixteen.
 * - Only the file name is looked at: folders are taken to the letter. Where the name has a printf token, a single `#` or
 *   `@` is plain text and `%%` is a percent sign. Without a token the pattern is a single file.
 *
 * Throws `pattern-syntax` for more than one token in the name, and for tokens of other programs (`$F4`, `<UDIM>`, `%V`).
 */
export function parsePattern(text: string): FramePattern {
  const cut = folderEnd(text);
  const folder = text.slice(0, cut);
  const name = text.slice(cut);
  if (name === '') throw syntax(text, 'a file name after the folder, found none', cut);
  const masked = name.replaceAll('%%', '\0\0');
  for (const [shape, what] of FOREIGN) {
    const found = shape.exec(masked);
    if (found) {
      const advice = 'Write the frame number as %04d or ####';
      throw syntax(text, `a frame token that Sluice knows, found ${what} "${found[0]}". ${advice}`, cut + found.index);
    }
  }
  const all = [...masked.matchAll(TOKEN)];
  const printf = all.some(([token]) => token.startsWith('%'));
  const [match, second] = all.filter(([token]) => !printf || token.length > 1);
  if (!match) return singleFile(text);
  if (second) {
    throw syntax(text, `one frame token, found "${match[0]}" and "${second[0]}". Keep one of them`, cut + second.index);
  }
  const token = tokenOf(match[0], match[1]);
  if (token.width > MAX_WIDTH) {
    throw syntax(text, `at most ${MAX_WIDTH} digits, found ${token.width}`, cut + match.index);
  }
  const plain = (piece: string) => (printf ? piece.replaceAll('%%', '%') : piece);
  const end = match.index + match[0].length;
  return { text, folder, head: plain(name.slice(0, match.index)), tail: plain(name.slice(end)), token };
}

/** The pattern of exactly this path, whatever stands in its name. */
export function singleFile(path: string): FramePattern {
  const cut = folderEnd(path);
  return { text: path, folder: path.slice(0, cut), head: path.slice(cut), tail: '' };
}

function tokenOf(text: string, digits: string | undefined): FrameToken {
  if (text.startsWith('%'))
    return { text, style: 'printf', width: Math.max(1, Number(digits || 1)), loose: text === '%d' };
  return { text, style: 'digits', width: text === '#' ? 4 : text.length, loose: false };
}

/** The index after the last separator. A backslash separates only in paths that are plainly of Windows. */
function folderEnd(text: string): number {
  const windows = /^(?:[A-Za-z]:|\\\\)/.test(text);
  return Math.max(text.lastIndexOf('/'), windows ? text.lastIndexOf('\\') : -1) + 1;
}

function syntax(text: string, expected: string, offset: number): EngineError {
  return new EngineError('invalid', 'pattern-syntax', `Expected ${expected}: the file pattern "${text}".`, {
    file: text,
    offset,
  });
}

/** The path of a frame; the same path for every frame where the pattern has no token. */
export function formatFrame(pattern: FramePattern, frame: number): string {
  return pattern.folder + frameName(pattern, frame);
}

/** The file name of a frame, without the folder. */
export function frameName({ head, tail, token }: FramePattern, frame: number): string {
  if (!token) return head;
  const sign = frame < 0 ? '-' : '';
  const width = token.style === 'printf' ? token.width - sign.length : token.width;
  return head + sign + String(Math.abs(frame)).padStart(width, '0') + tail;
}

/**
 * The frame number of a file name (without its folder); undefined where the name is not one of the pattern's, and for
 * a pattern without a token.
 *
 * Names are accepted as either writer makes them: a minus sign inside or outside the width. Numbers with more digits
 * than the width are accepted without leading zeros, so that no two names of one writer give the same frame. Only a
 * plain `%d` accepts leading zeros as well.
 */
export function matchFrame({ head, tail, token }: FramePattern, fileName: string): number | undefined {
  if (!token || fileName.length <= head.length + tail.length) return undefined;
  if (!fileName.startsWith(head) || !fileName.endsWith(tail)) return undefined;
  const match = /^(-?)(\d{1,32})$/.exec(fileName.slice(head.length, fileName.length - tail.length));
  if (!match) return undefined;
  const digits = match[2]!;
  const number = Number(digits);
  const negative = match[1] === '-';
  if (number > MAX_FRAME || (negative && number === 0)) return undefined;
  const bare = digits.length === 1 || digits[0] !== '0';
  const fits = (width: number) => digits.length === Math.max(1, width) || (digits.length > width && bare);
  if (!(token.loose || fits(token.width) || (negative && fits(token.width - 1)))) return undefined;
  return negative ? -number : number;
}
