// Random expressions: whatever the text, there is a tree or one error with its place; arrays give what single numbers give.
import { expect, test } from 'vitest';
import { EngineError } from '../../engine/base/error.ts';
import { compileExpression, TILE } from '../../engine/expression/compile.ts';
import { evaluateExpression } from '../../engine/expression/evaluate.ts';
import { FUNCTIONS, type FunctionName } from '../../engine/expression/function.ts';
import { parseExpression } from '../../engine/expression/parse.ts';
import { rewriteNames } from '../../engine/expression/rewrite.ts';
import { BINARY } from '../../engine/expression/syntax.ts';
import { type Random, random } from '../base/random.ts';

const PIECES = [
  ...BINARY,
  '(',
  ')',
  '((',
  '?',
  ':',
  ',',
  '!',
  '.',
  '..',
  "'",
  "''",
  "'a b'",
  '1',
  '.5',
  '1e9',
  '1e',
  '0',
  'x',
  'a.b.0',
  'pi',
  'e',
  'frame',
  'sin(',
  'min(',
  'noise(',
  '__proto__',
  'constructor',
  ' ',
  '\n',
  '$',
  '$' + '{x}',
  '\\',
  '"',
  '`',
  '=>',
  '\u0000',
  '\ud800',
  '😀',
  'ä',
  '/*',
  '//',
  '[0]',
  '{}',
  ';',
  '=',
];

test('a random text is read, or refused with a place inside it', () => {
  const counts = { read: 0, refused: 0 };
  const began = performance.now();
  for (let seed = 1; seed <= 20_000; seed++) {
    const rng = random(seed);
    let text = seed % 3 === 0 ? randomExpression(rng, 4) : '';
    if (text === '') for (let i = rng.int(0, 30); i > 0; i--) text += rng.pick(PIECES);
    else if (seed % 2 === 0) {
      const at = rng.int(0, text.length);
      text = text.slice(0, at) + rng.pick(PIECES) + text.slice(at + rng.int(0, 3));
    }
    try {
      const read = parseExpression(text);
      counts.read += 1;
      expect(typeof evaluateExpression(read, () => rng.int(-3, 3))).toBe('number');
      for (const { start, end } of read.names) expect(text.slice(start, end)).not.toMatch(/^\s|\s$/);
      expect(rewriteNames(text, () => undefined)).toBe(text);
    } catch (thrown) {
      if (!(thrown instanceof EngineError)) throw thrown;
      expect(thrown.code).toBe('expression-syntax');
      expect(thrown.where.offset).toBeGreaterThanOrEqual(0);
      expect(thrown.where.offset).toBeLessThanOrEqual(text.length);
      expect(thrown.message.length).toBeLessThan(400);
      counts.refused += 1;
    }
  }
  expect(counts.read + counts.refused).toBe(20_000);
  expect(counts.read).toBeGreaterThan(3000);
  expect(counts.refused).toBeGreaterThan(8000);
  expect(performance.now() - began).toBeLessThan(30_000);
});

const HOSTILE = [
  '('.repeat(4000),
  '-'.repeat(4000),
  '!'.repeat(4000),
  '1^'.repeat(2000),
  '1?'.repeat(2000),
  '1?1:'.repeat(1000),
  'sin('.repeat(1000),
  "'".repeat(3999),
  'a.'.repeat(2000),
  '1,'.repeat(2000),
  `min(${'1,'.repeat(1900)}1)`,
  '1'.repeat(4000),
  `${'a'.repeat(4000)}(`,
  '9'.repeat(400).concat('e9'),
];

test('a text made to overrun something is refused at once', () => {
  const began = performance.now();
  for (const text of HOSTILE) expect(() => parseExpression(text), text.slice(0, 20)).toThrow(EngineError);
  expect(HOSTILE).toHaveLength(14);
  for (const text of [`${'1+'.repeat(2047)}1`, `${'(1)*'.repeat(1000)}1`, `${'a&&'.repeat(1000)}a`]) {
    expect(typeof evaluateExpression(parseExpression(text), () => 1)).toBe('number');
    expect(compileExpression(parseExpression(text), () => ({ array: 'a' })).run(3)).toBeDefined();
  }
  expect(performance.now() - began).toBeLessThan(2000);
});

test('over arrays every expression gives the very bits of single numbers', () => {
  let compared = 0;
  const operations = new Set<string>();
  for (let seed = 1; seed <= 2000; seed++) {
    const rng = random(seed);
    const text = randomExpression(rng, rng.int(1, 6));
    for (const [name] of text.matchAll(/[a-z]\w*(?=\()|[-+*/%^<>=!&|?]+/g)) operations.add(name);
    const read = parseExpression(text);
    const program = compileExpression(read, ({ name }) => (name === 'k' ? { value: 2.5 } : { array: name }));
    const count = rng.pick([1, 7, TILE]);
    const samples = new Map<string, Float64Array>();
    for (const [name, buffer] of program.inputs) {
      for (let i = 0; i < count; i++) buffer[i] = sample(rng);
      samples.set(name, buffer.slice());
    }
    const given = program.run(count).slice(0, count);
    for (let i = 0; i < count; i += count === TILE ? 97 : 1) {
      const expected = evaluateExpression(read, ({ name }) => (name === 'k' ? 2.5 : samples.get(name)![i]!));
      if (!Object.is(given[i], expected)) expect(given[i], text).toBe(expected);
      compared += 1;
    }
  }
  expect(compared).toBeGreaterThan(8000);
  for (const name of Object.keys(FUNCTIONS)) expect(operations).toContain(name);
});

const sample = (rng: Random): number =>
  rng.chance(0.1) ? rng.pick([0, -0, 1, Number.NaN, Number.POSITIVE_INFINITY, -1e30]) : rng.int(-4000, 4000) / 1000;

function randomExpression(rng: Random, depth: number): string {
  const inner = (): string => randomExpression(rng, depth - 1);
  if (depth === 0) return rng.pick(['a', 'b.c', "'d e'", 'k', '0', '1', '2.5', '.125', '1e3', 'pi', 'e']);
  switch (rng.int(0, 6)) {
    case 0:
    case 1:
    case 2:
      return `(${inner()}) ${rng.pick(BINARY)} (${inner()})`;
    case 3:
      return `${rng.pick(['-', '!', '+'])}(${inner()})`;
    case 4:
      return `(${inner()} ? ${inner()} : ${inner()})`;
    default: {
      const name = rng.pick(Object.keys(FUNCTIONS) as FunctionName[]);
      const [least, most] = FUNCTIONS[name].takes;
      return `${name}(${Array.from({ length: rng.int(least, Math.min(most, 4)) }, inner).join(', ')})`;
    }
  }
}
