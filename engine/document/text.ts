// The text of a document turned into plain JSON: size, encoding, nesting, repeated keys and numbers are checked.
import { type DocumentProblem, problem } from './problem.ts';
import { isPlainJson, LIMITS } from './schema.ts';

/** Either the value or what is wrong with the text. */
export type ParsedText =
  | { readonly value: unknown; readonly problems: readonly [] }
  | { readonly value?: undefined; readonly problems: readonly DocumentProblem[] };

/** Strict JSON within `LIMITS`. Bytes must be UTF-8; a byte order mark is allowed. Never throws. */
export function parseText(input: string | Uint8Array): ParsedText {
  if (input.length > LIMITS.text) {
    return refuse('document-too-large', `Expected at most ${LIMITS.text} bytes of document, found ${input.length}.`);
  }
  const text = decode(input);
  if (text === undefined) {
    return refuse('document-syntax', 'Expected a text in UTF-8, found other bytes. Save the document as UTF-8.');
  }
  const scan = scanText(text);
  if (scan.tooDeep !== undefined) {
    const place = placeOf(text, scan.tooDeep);
    return refuse(
      'document-too-large',
      `Expected objects and lists nested at most ${LIMITS.depth} deep, found more at ${place}.`,
    );
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (thrown) {
    return refuse('document-syntax', syntaxMessage(text, thrown));
  }
  if (scan.problems.length > 0) return { problems: scan.problems };
  // JSON has no infinity, but 1e999 reads as one.
  if (!isPlainJson(value, LIMITS.depth)) {
    return refuse('document-schema', 'Expected finite numbers, found one that is too large to be kept, such as 1e999.');
  }
  return { value, problems: [] };
}

const refuse = (code: DocumentProblem['code'], message: string): ParsedText => ({ problems: [problem(code, message)] });

function decode(input: string | Uint8Array): string | undefined {
  if (typeof input === 'string') return input.startsWith('\uFEFF') ? input.slice(1) : input;
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(input);
  } catch {
    return undefined;
  }
}

function syntaxMessage(text: string, thrown: unknown): string {
  if (text.trim() === '') return 'Expected a Sluice graph in JSON, found an empty text.';
  const words = thrown instanceof Error ? thrown.message : String(thrown);
  const position = /position (\d+)/.exec(words)?.[1];
  const place = placeOf(text, position === undefined ? text.length : Number(position));
  return `Expected JSON, found an error at ${place}. Check for a missing comma, quote or bracket there.`;
}

function placeOf(text: string, offset: number): string {
  const before = text.slice(0, offset);
  const line = before.split('\n').length;
  return `line ${line}, column ${offset - before.lastIndexOf('\n')}`;
}

interface Scan {
  /** Offset of the bracket that nests too deeply. */
  tooDeep?: number;
  readonly problems: DocumentProblem[];
}

interface Level {
  /** Keys met so far; absent for a list. */
  readonly keys?: Set<string>;
  /** The key or index whose value is being read. */
  at: string | number;
}

const MAX_REPORTED = 20;

/**
 * Walks over the brackets and strings of a text that may not be JSON at all. Finds what `JSON.parse` lets pass: nesting
 * without end, keys that are given twice (it would keep the last one silently) and `__proto__`.
 */
function scanText(text: string): Scan {
  const scan: Scan = { problems: [] };
  const stack: Level[] = [];
  for (let i = 0; i < text.length; i++) {
    const top = stack.at(-1);
    switch (text.charCodeAt(i)) {
      case 0x7b: // {
      case 0x5b: // [
        if (stack.length === LIMITS.depth) return { ...scan, tooDeep: i };
        stack.push(text[i] === '{' ? { keys: new Set(), at: '' } : { at: 0 });
        break;
      case 0x7d: // }
      case 0x5d: // ]
        stack.pop();
        break;
      case 0x2c: // ,
        if (typeof top?.at === 'number') top.at += 1;
        break;
      case 0x22: {
        const end = stringEnd(text, i);
        if (top?.keys && followedByColon(text, end)) noteKey(text.slice(i, end), top, top.keys, stack, scan.problems);
        i = end - 1;
        break;
      }
    }
  }
  return scan;
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

function followedByColon(text: string, offset: number): boolean {
  let at = offset;
  while (text[at] === ' ' || text[at] === '\n' || text[at] === '\r' || text[at] === '\t') at++;
  return text[at] === ':';
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
    if (keys.has(key))
      problems.push(problem('document-schema', `The key "${key.slice(0, 60)}" is given twice. Keep one.`, path));
    else if (key === '__proto__')
      problems.push(problem('document-schema', 'The key "__proto__" is not allowed.', path));
  }
  keys.add(key);
}

function unquote(quoted: string): string {
  if (!quoted.includes('\\')) return quoted.slice(1, -1);
  try {
    return String(JSON.parse(quoted));
  } catch {
    return quoted; // not JSON: JSON.parse of the whole text says so
  }
}
