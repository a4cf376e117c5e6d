// Tokens: the text of an expression cut into numbers, names and signs, each with its place.
import { clip } from '../base/clip.ts';
import { EngineError } from '../base/error.ts';

/** The longest text that is read. */
export const LONGEST_EXPRESSION = 4096;

export type Token = {
  /** Where it begins and ends, in UTF-16 units. */
  readonly start: number;
  readonly end: number;
} & (
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'name'; readonly name: string; readonly quoted: boolean }
  | { readonly kind: 'sign'; readonly sign: string }
  | { readonly kind: 'end' }
);

const SPACE = /[ \t\r\n]*/y;
const NUMBER = /(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?/y;
const SIGN = /&&|\|\||[<>=!]=|[-+*/%^<>!?:(),]/y;
const FIRST = /[A-Za-z_]\w*/y;
const FURTHER = /\w+/y;
const QUOTED = /'(?:[^'\p{Cc}]|'')+'/uy;

/** What people write from habit, and what stands for it here. */
const HABITS: Readonly<Record<string, string>> = {
  '=': 'Write == to compare.',
  '&': 'Write && for and.',
  '|': 'Write || for or.',
  $: 'Write names without a dollar sign.',
  '"': "Write names in single quotes, such as 'left-eye.R'.",
  '[': 'Write node.param, and an item of a list as node.param.0.',
};

/** Throws `expression-syntax` at what is no token, and for a text that is too long. The last token is the end. */
export function tokensOf(text: string): Token[] {
  if (text.length > LONGEST_EXPRESSION) {
    const message = `Expected an expression of at most ${LONGEST_EXPRESSION} characters, found ${text.length}.`;
    throw new EngineError('invalid', 'expression-syntax', message);
  }
  const tokens: Token[] = [];
  let start = after(SPACE, text, 0);
  while (start < text.length) {
    const token = numberAt(text, start) ?? nameAt(text, start) ?? signAt(text, start);
    if (!token) throw stray(text, start);
    tokens.push(token);
    start = after(SPACE, text, token.end);
  }
  tokens.push({ kind: 'end', start: text.length, end: text.length });
  return tokens;
}

/** An error at a place of the text; columns count from 1. */
export function misread(message: string, offset: number): EngineError {
  return new EngineError('invalid', 'expression-syntax', message, { offset });
}

/** The offset after what the sticky shape matches at `at`; `at` itself where it does not. */
function after(shape: RegExp, text: string, at: number): number {
  shape.lastIndex = at;
  return shape.test(text) ? shape.lastIndex : at;
}

function numberAt(text: string, start: number): Token | undefined {
  const end = after(NUMBER, text, start);
  if (end === start) return undefined;
  const written = text.slice(start, end);
  if (/[\w.]/.test(text[end] ?? '')) {
    const found = clip(text.slice(start, end + 12), 24);
    throw misread(
      `Expected a number such as 1.5 or 2e-3 at column ${start + 1}, found ${found}. Write * between a number and a name.`,
      start,
    );
  }
  const value = Number(written);
  if (Number.isFinite(value)) return { kind: 'number', value, start, end };
  throw misread(`The number ${clip(written, 24)} at column ${start + 1} is too large.`, start);
}

/** Pieces joined by dots without spaces; each piece but the first may begin with a digit, and any may be quoted. */
function nameAt(text: string, start: number): Token | undefined {
  const pieces: string[] = [];
  let quoted = false;
  let at = start;
  for (let first = true; ; first = false) {
    let end = after(first ? FIRST : FURTHER, text, at);
    if (end > at) pieces.push(text.slice(at, end));
    else {
      end = after(QUOTED, text, at);
      if (end === at) {
        if (first && text[at] !== "'") return undefined;
        throw misread(
          text[at] === "'"
            ? `The quote at column ${at + 1} is not closed, or holds no name.`
            : `Expected a name after the dot at column ${at}, found ${foundAt(text, at)}.`,
          at,
        );
      }
      quoted = true;
      pieces.push(text.slice(at + 1, end - 1).replaceAll("''", "'"));
    }
    at = end;
    if (text[at] !== '.') return { kind: 'name', name: pieces.join('.'), quoted, start, end: at };
    at += 1;
  }
}

function signAt(text: string, start: number): Token | undefined {
  const end = after(SIGN, text, start);
  return end === start ? undefined : { kind: 'sign', sign: text.slice(start, end), start, end };
}

function stray(text: string, at: number): EngineError {
  const habit = HABITS[text[at]!];
  return misread(
    `Expected a number, a name or an operator at column ${at + 1}, found ${foundAt(text, at)}.${habit ? ` ${habit}` : ''}`,
    at,
  );
}

/** The character at a place, as people can read it. */
function foundAt(text: string, at: number): string {
  const point = text.codePointAt(at);
  if (point === undefined) return 'the end';
  const hidden = point < 0x20 || (point >= 0x7f && point <= 0xa0) || (point >= 0xd800 && point <= 0xdfff);
  return hidden ? `U+${point.toString(16).toUpperCase().padStart(4, '0')}` : String.fromCodePoint(point);
}
