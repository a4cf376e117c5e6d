// The text of a document turned into plain JSON: size, encoding, syntax, nesting, repeated keys and numbers are checked.
import { type DocumentProblem, problem } from './problem.ts';
import { scanText } from './scan.ts';
import { isPlainJson, LIMITS } from './schema.ts';

/** Either the value or what is wrong with the text. */
export type ParsedText =
  | { readonly value: unknown; readonly problems: readonly [] }
  | { readonly value?: undefined; readonly problems: readonly DocumentProblem[] };

/** Strict JSON within `LIMITS`, nested at most `depth` deep. Bytes must be UTF-8; a byte order mark is allowed. Never throws. */
export function parseText(
  input: string | Uint8Array,
  { depth = LIMITS.depth }: { readonly depth?: number } = {},
): ParsedText {
  if (input.length > LIMITS.text) {
    return refuse('document-too-large', `Expected at most ${LIMITS.text} bytes of document, found ${input.length}.`);
  }
  const text = decode(input);
  if (text === undefined) {
    return refuse('document-syntax', 'Expected a text in UTF-8, found other bytes. Save the document as UTF-8.');
  }
  const { tooDeep, error, problems } = scanText(text, depth);
  if (tooDeep !== undefined) {
    const place = placeOf(text, tooDeep);
    return refuse(
      'document-too-large',
      `Expected objects and lists nested at most ${depth} deep, found more at ${place}.`,
    );
  }
  if (error) return refuse('document-syntax', syntaxMessage(text, error.offset, error.expected));
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (thrown) {
    // Only what stands inside quotes is left to be wrong; the engine's message tells where.
    const position = /position (\d+)/.exec(thrown instanceof Error ? thrown.message : '')?.[1];
    const offset = position === undefined ? text.length : Number(position);
    return refuse('document-syntax', syntaxMessage(text, offset, 'a closed text with valid escapes'));
  }
  if (problems.length > 0) return { problems };
  // JSON has no infinity, but 1e999 reads as one.
  if (!isPlainJson(value, depth)) {
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

function syntaxMessage(text: string, offset: number, expected: string): string {
  if (text.trim() === '') return 'Expected a Sluice graph in JSON, found an empty text.';
  const found = offset >= text.length ? 'the end of the text' : JSON.stringify(text.slice(offset, offset + 20));
  return `Expected ${expected} at ${placeOf(text, offset)}, found ${found}. Correct the JSON there.`;
}

function placeOf(text: string, offset: number): string {
  const before = text.slice(0, offset);
  const line = before.split('\n').length;
  return `line ${line}, column ${offset - before.lastIndexOf('\n')}`;
}
