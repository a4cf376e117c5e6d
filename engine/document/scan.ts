// A walk over the tokens of a JSON text: finds the first error, nesting that is too deep, and keys that are given twice.
import { type DocumentProblem, problem } from './problem.ts';

export interface Scan {
  /** Offset of a bracket that nests deeper than is allowed. */
  readonly tooDeep?: number;
  /** The first place where the text is not JSON, and what could stand there. Texts inside quotes are not looked into. */
  readonly error?: { readonly offset: number; readonly expected: string };
  /** Keys that are repeated (`JSON.parse` would keep the last value and say nothing) and `__proto__`. */
  readonly problems: readonly DocumentProblem[];
}

type State = 'value' | 'first value' | 'key' | 'first key' | 'colon' | 'comma' | 'end';

const EXPECTED: Readonly<Record<State, string>> = {
  value: 'a value',
  'first value': 'a value or ]',
  key: 'a key in quotes',
  'first key': 'a key in quotes or }',
  colon: 'a colon',
  comma: 'a comma or a closing bracket',
  end: 'the end of the text',
};

interface Level {
  /** Keys met so far; absent for a list. */
  readonly keys?: Set<string>;
  /** The key or index whose value is being read. */
  at: string | number;
}

const MAX_REPORTED = 20;
const SPACE = /[ \t\n\r]*/y;
const SCALAR = /(?:-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)(?![\w.+-])/y;

/** Works without recursion and stops at the first error. `depth` is how deep brackets may nest. */
export function scanText(text: string, depth: number): Scan {
  const stack: Level[] = [];
  const problems: DocumentProblem[] = [];
  let state: State = 'value';
  let at = endOf(SPACE, text, 0);
  while (at < text.length) {
    const char = text[at]!;
    const takesValue = state === 'value' || state === 'first value';
    const top = stack.at(-1);
    let next = at + 1;
    if (takesValue && (char === '{' || char === '[')) {
      if (stack.length === depth) return { tooDeep: at, problems };
      stack.push(char === '{' ? { keys: new Set(), at: '' } : { at: 0 });
      state = char === '{' ? 'first key' : 'first value';
    } else if (top && char === (top.keys ? '}' : ']') && (state === 'comma' || state.startsWith('first'))) {
      stack.pop();
      state = stack.length === 0 ? 'end' : 'comma';
    } else if (char === ',' && state === 'comma') {
      if (typeof top?.at === 'number') top.at += 1;
      state = top?.keys ? 'key' : 'value';
    } else if (char === ':' && state === 'colon') {
      state = 'value';
    } else if (char === '"' && top?.keys && (state === 'key' || state === 'first key')) {
      next = stringEnd(text, at);
      noteKey(text.slice(at, next), top, top.keys, stack, problems);
      state = 'colon';
    } else if (takesValue) {
      next = char === '"' ? stringEnd(text, at) : endOf(SCALAR, text, at);
      if (next === at) break;
      state = stack.length === 0 ? 'end' : 'comma';
    } else break;
    at = endOf(SPACE, text, next);
  }
  if (state === 'end' && at === text.length) return { problems };
  return { problems, error: { offset: at, expected: EXPECTED[state] } };
}

/** The offset after what the sticky shape matches at `at`; `at` itself where it does not. */
function endOf(shape: RegExp, text: string, at: number): number {
  shape.lastIndex = at;
  return shape.test(text) ? shape.lastIndex : at;
}

/** The offset after the closing quote, or the end of the text. */
function stringEnd(text: string, start: number): number {
  let end = start;
  for (;;) {
    end = text.indexOf('"', end + 1);
    if (end < 0) return text.length;
    let slashes = 0;
    while (text.charCodeAt(end - 1 - slashes) === 0x5c) slashes++;
    if (slashes % 2 === 0) return end + 1;
  }
}

function noteKey(
  quoted: string,
  level: Level,
  keys: Set<string>,
  stack: readonly Level[],
  problems: DocumentProblem[],
): void {
  const key = unquote(quoted);
  level.at = key;
  if (problems.length < MAX_REPORTED) {
    const path = stack.map((l) => l.at);
    if (keys.has(key)) {
      problems.push(problem('document-schema', `The key "${key.slice(0, 60)}" is given twice. Keep one.`, path));
    } else if (key === '__proto__') {
      problems.push(problem('document-schema', 'The key "__proto__" is not allowed.', path));
    }
  }
  keys.add(key);
}

function unquote(quoted: string): string {
  if (!quoted.includes('\\')) return quoted.slice(1, -1);
  try {
    return String(JSON.parse(quoted));
  } catch {
    return quoted; // JSON.parse of the whole text refuses it with its place
  }
}
