// File patterns: where the number of the frame, or of the tile, stands in the name of a sequence's files, and how it is written.
import { EngineError } from '../base/error.ts';
import { MAX_FRAME } from './frames.ts';

/** How the frame number is written. */
export interface FrameToken {
  /** The token as typed, such as `%04d`, `####` or `<UDIM>`. */
  readonly text: string;
  /**
   * `printf`: the width counts a minus sign; `digits` (`#` and `@`): it does not. `udim`: the number of a tile, which has
   * four digits; `uv`: its column and row.
   */
  readonly style: 'printf' | 'digits' | 'udim' | 'uv';
  /** The least number of characters, filled up with zeros. */
  readonly width: number;
  /** True for a plain `%d`, which accepts files with leading zeros as well. */
  readonly loose: boolean;
  /** Of `uv`: what stands between both numbers, and the number of the first column and row. */
  readonly between?: string;
  readonly first?: 0 | 1;
}

/** Tiles are numbered 1001 + column + 10 row, with ten columns (Mari's UDIM). */
export const FIRST_TILE = 1001;
export const LAST_TILE = 9999;
const TILE_COLUMNS = 10;

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
const TILE = /<UDIM>|<udim>|<u>([^<>\d][^<>]*)<v>|<U>([^<>\d][^<>]*)<V>/g;

/** Spellings that other programs know and that must not pass as plain text. */
const FOREIGN: readonly (readonly [RegExp, string])[] = [
  [/\$F\d*(?![A-Za-z_{])|\$\{F\d*\}|<F\d*>/, "Houdini's frame token"],
  [/<UDIM>|%\(UDIM\)d|<UVTILE>|<U>|<V>/i, 'a tile token'],
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
 * - `<UDIM>`: a tile of a texture, which is a frame from 1001 to 9999. `<u>` and `<v>` after it, such as `u<u>_v<v>`: its column
 *   and row from 0; `<U>` and `<V>`: from 1.
 * - Only the file name is looked at: folders are taken to the letter. Where the name has a printf or tile token, a single `#`
 *   or `@` is plain text; `%%` is a percent sign beside a printf token. Without a token the pattern is a single file.
 *
 * Throws `pattern-syntax` for more than one token in the name, and for tokens of other programs (`$F4`, `%(UDIM)d`, `%V`).
 */
export function parsePattern(text: string): FramePattern {
  const cut = folderEnd(text);
  const folder = text.slice(0, cut);
  const name = text.slice(cut);
  if (name === '') throw syntax(text, 'a file name after the folder, found none', cut);
  const tiles = [...name.matchAll(TILE)];
  const masked = name.replace(TILE, (tile) => '\0'.repeat(tile.length)).replaceAll('%%', '\0\0');
  for (const [shape, what] of FOREIGN) {
    const found = shape.exec(masked);
    if (found) {
      const advice = 'Write the frame number as %04d or ####';
      throw syntax(text, `a frame token that Sluice knows, found ${what} "${found[0]}". ${advice}`, cut + found.index);
    }
  }
  const all = [...masked.matchAll(TOKEN)];
  const printf = all.some(([token]) => token.startsWith('%'));
  const numbers = all.filter(([token]) => !(printf || tiles.length > 0) || token.length > 1);
  const [match, second] = [...tiles, ...numbers].sort((a, b) => a.index - b.index);
  if (!match) return singleFile(text);
  if (second) {
    throw syntax(text, `one frame token, found "${match[0]}" and "${second[0]}". Keep one of them`, cut + second.index);
  }
  const token = tiles.length > 0 ? tileToken(match) : tokenOf(match[0], match[1]);
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

function tileToken([text, lower, upper]: RegExpExecArray): FrameToken {
  const between = lower ?? upper;
  if (between === undefined) return { text, style: 'udim', width: 4, loose: false };
  return { text, style: 'uv', width: 1, loose: false, between, first: lower === undefined ? 1 : 0 };
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

/**
 * The path of a frame; the same path for every frame where the pattern has no token. Throws `tile-outside` for a frame that
 * is no tile where the pattern is one of tiles.
 */
export function formatFrame(pattern: FramePattern, frame: number): string {
  return pattern.folder + frameName(pattern, frame);
}

/** The file name of a frame, without the folder. */
export function frameName({ head, tail, token }: FramePattern, frame: number): string {
  if (!token) return head;
  if (token.style === 'udim' || token.style === 'uv') return head + tileText(token, frame) + tail;
  const sign = frame < 0 ? '-' : '';
  const width = token.style === 'printf' ? token.width - sign.length : token.width;
  return head + sign + String(Math.abs(frame)).padStart(width, '0') + tail;
}

function tileText({ text, style, between = '', first = 0 }: FrameToken, tile: number): string {
  if (tile < FIRST_TILE || tile > LAST_TILE) {
    const message = `Expected a tile from ${FIRST_TILE} to ${LAST_TILE} for ${text}, found frame ${tile}. Render tiles, or write the frame number as %04d.`;
    throw new EngineError('invalid', 'tile-outside', message, { frame: tile });
  }
  if (style === 'udim') return String(tile);
  const place = tile - FIRST_TILE;
  return `${(place % TILE_COLUMNS) + first}${between}${Math.floor(place / TILE_COLUMNS) + first}`;
}

/** The tile that a text written by `tileText` stands for. */
function tileOf(token: FrameToken, text: string): number | undefined {
  const { style, between = '', first = 0 } = token;
  let tile = Number(text);
  if (style === 'uv') {
    const at = text.indexOf(between, 1);
    const [u, v] = [text.slice(0, at), text.slice(at + between.length)];
    tile = FIRST_TILE + (Number(u) - first) + TILE_COLUMNS * (Number(v) - first);
  }
  return tile >= FIRST_TILE && tile <= LAST_TILE && tileText(token, tile) === text ? tile : undefined;
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
  const text = fileName.slice(head.length, fileName.length - tail.length);
  if (token.style === 'udim' || token.style === 'uv') return tileOf(token, text);
  const match = /^(-?)(\d{1,32})$/.exec(text);
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
