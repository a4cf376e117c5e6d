// Expressions: what each gives, by hand; and what cannot be read, with its column.
import { describe, expect, it } from 'vitest';
import { EngineError } from '../../engine/base/error.ts';
import { evaluateExpression } from '../../engine/expression/evaluate.ts';
import { FUNCTIONS } from '../../engine/expression/function.ts';
import { DEEPEST_EXPRESSION, parseExpression } from '../../engine/expression/parse.ts';
import { namesOf, nameText, rewriteNames } from '../../engine/expression/rewrite.ts';
import { LONGEST_EXPRESSION } from '../../engine/expression/token.ts';

const VALUES: Readonly<Record<string, number>> = {
  frame: 1001,
  x: 3,
  'grade.stops': 1.5,
  'size.0': 7,
  'left-eye.R': 0.25,
  "o'clock": 9,
  e: 100,
  'node-1.params.2.value': 4,
};
const give = (text: string): number => evaluateExpression(parseExpression(text), ({ name }) => VALUES[name]!);

const GIVEN: readonly (readonly [text: string, value: number])[] = [
  ['1', 1],
  ['.5', 0.5],
  ['2.', 2],
  ['1e3', 1000],
  ['2.5e-2', 0.025],
  ['1 + 2 * 3', 7],
  ['(1 + 2) * 3', 9],
  ['10 - 4 - 3', 3],
  ['24 / 4 / 3', 2],
  ['7 % 3', 1],
  ['-7 % 3', -1],
  ['7 % -3', 1],
  ['5.5 % 2', 1.5],
  ['2 ^ 10', 1024],
  ['2 ^ 3 ^ 2', 512],
  ['-2 ^ 2', -4],
  ['(-2) ^ 2', 4],
  ['2 ^ -1', 0.5],
  ['2 * -3', -6],
  ['--3', 3],
  ['+3', 3],
  ['-+-3', 3],
  ['!0', 1],
  ['!5', 0],
  ['!!5', 1],
  ['-!0', -1],
  ['3 < 4', 1],
  ['4 <= 3', 0],
  ['4 >= 4', 1],
  ['4 > 4', 0],
  ['1 == 1', 1],
  ['1 != 1', 0],
  ['1 + 1 == 2', 1],
  ['1 < 2 == 1', 1],
  ['2 && 3', 1],
  ['2 && 0', 0],
  ['0 || 0.5', 1],
  ['0 || 0', 0],
  ['1 || 0 && 0', 1],
  ['0/0 == 0/0', 0],
  ['0/0 && 1', 1],
  ['1 ? 2 : 3', 2],
  ['0 ? 2 : 3', 3],
  ['0 ? 1 : 0 ? 2 : 3', 3],
  ['1 ? 0 ? 1 : 2 : 3', 2],
  ['x > 2 ? x * 10 : 0', 30],
  ['frame', 1001],
  ['(frame - 1001) / 24', 0],
  ['grade.stops', 1.5],
  ['grade.stops * 2 + size.0', 10],
  ["'left-eye.R'", 0.25],
  ["'left-eye'.R", 0.25],
  ["'node-1'.params.2.value", 4],
  ["'o''clock'", 9],
  ["'e'", 100],
  ['e', Math.E],
  ['pi', Math.PI],
  ['min(3, 1, 2)', 1],
  ['max(3, 1, 2)', 3],
  ['min(4)', 4],
  ['abs(-3)', 3],
  ['floor(-1.5)', -2],
  ['ceil(-1.5)', -1],
  ['round(2.5)', 3],
  ['round(-2.5)', -3],
  ['round(0.49999999999999994)', 0],
  ['trunc(-1.7)', -1],
  ['frac(-1.25)', 0.75],
  ['sqrt(2)', Math.SQRT2],
  ['pow(2, 0.5)', Math.SQRT2],
  ['exp(0)', 1],
  ['log(1)', 0],
  ['log2(8)', 3],
  ['log10(1000)', 3],
  ['sin(0)', 0],
  ['cos(0)', 1],
  ['tan(0)', 0],
  ['asin(1)', Math.PI / 2],
  ['acos(1)', 0],
  ['atan(1)', Math.PI / 4],
  ['atan2(1, -1)', (Math.PI * 3) / 4],
  ['clamp(2)', 1],
  ['clamp(-2)', 0],
  ['clamp(5, 1, 3)', 3],
  ['lerp(2, 4, 0.25)', 2.5],
  ['mix(2, 4, 2)', 6],
  ['smoothstep(0, 1, 0.5)', 0.5],
  ['smoothstep(0, 2, 0.5)', 0.15625],
  ['smoothstep(1, 1, 1)', 1],
  ['step(1, 1)', 1],
  ['step(1, 0.9)', 0],
  ['sign(-4)', -1],
  ['mod(-7, 3)', 2],
  ['mod(7, -3)', -2],
  ['hypot(3, 4)', 5],
  ['hypot(2, 3, 6)', 7],
];

const REFUSED: readonly (readonly [text: string, column: number, words: string])[] = [
  ['', 1, 'Expected a number, a name or ( at column 1, found the end'],
  ['1 +', 4, 'found the end'],
  ['1 + + ', 7, 'found the end'],
  ['* 2', 1, 'found *'],
  ['2 ** 3', 4, 'A power is written ^'],
  ['1 2', 3, 'an operator or the end'],
  ['(1', 3, 'an operator or )'],
  ['1)', 2, 'It closes nothing'],
  ['()', 2, 'found )'],
  ['1 = 1', 3, 'Write == to compare'],
  ['1 & 1', 3, 'Write && for and'],
  ['1 | 1', 3, 'Write || for or'],
  ['$x', 1, 'without a dollar sign'],
  ['"R"', 1, 'single quotes'],
  ['size[0]', 5, 'node.param.0'],
  ['1 < 2 < 3', 7, 'parentheses'],
  ['1 == 2 == 3', 8, 'parentheses'],
  ['1 ? 2', 6, 'or : and what holds otherwise'],
  ['sin 1', 5, 'an operator or the end'],
  ['sine(1)', 1, 'There is no function sine'],
  ["'sin'(1)", 1, 'There is no function'],
  ['sin()', 1, 'sin takes 1 number, found 0'],
  ['sin(1, 2)', 1, 'found 2'],
  ['clamp(1,2,3,4)', 1, '1 to 3 numbers, found 4'],
  ['min(1,)', 7, 'found )'],
  ['min(1', 6, 'a comma or )'],
  ['2x', 1, 'Write * between'],
  ['1.2.3', 1, 'found 1.2.3'],
  ['0x10', 1, 'found 0x10'],
  ['1e999', 1, 'too large'],
  ['a.', 3, 'found the end'],
  ['a. b', 3, 'found  '],
  ["'left", 1, 'not closed'],
  ["''", 1, 'holds no name'],
  ["'a\nb'", 1, 'not closed'],
  ['a\u0000', 2, 'U+0000'],
  ['a \ud83d\ude00', 3, '😀'],
  ['constructor()', 1, 'There is no function constructor'],
  ['__proto__(1)', 1, 'There is no function __proto__'],
  ['a;b', 2, 'found ;'],
  ['this => 1', 6, 'found ='],
  ['`x`', 1, 'found `'],
];

describe('values', () => {
  it.each(GIVEN)('%s is %d', (text, value) => expect(give(text)).toBe(value));
  it('counts them', () => {
    expect(GIVEN).toHaveLength(96);
    const called = new Set(GIVEN.flatMap(([text]) => [...text.matchAll(/(\w+)\(/g)].map((m) => m[1])));
    expect(Object.keys(FUNCTIONS).filter((name) => !called.has(name))).toEqual(['noise']);
  });

  it('noise is the same in every run, smooth and within its range', () => {
    expect(['noise(0)', 'noise(0.5)', 'noise(12.25, 3.5)', 'noise(1, 2, 3)', 'noise(-0.75, 1e6, 7)'].map(give)).toEqual(
      NOISE,
    );
    expect(give('noise(1.5)')).toBe(give('noise(1.5, 0, 0)'));
    for (let i = 0; i < 2000; i++) {
      const here = give(`noise(${i / 7}, ${i / 11}, ${i / 13})`);
      expect(Math.abs(here)).toBeLessThanOrEqual(1);
      expect(Math.abs(give(`noise(${i / 7 + 1e-6}, ${i / 11}, ${i / 13})`) - here)).toBeLessThan(1e-5);
    }
  });
});

const NOISE: readonly number[] = [
  0.09385003128411484, 0.035110273406633696, 0.24928556162314372, -0.07321975917397527, 0.6098093030715164,
];

describe('what cannot be read', () => {
  it.each(REFUSED)('%j', (text, column, words) => {
    const thrown = caught(text);
    expect(thrown.message).toContain(words);
    expect(thrown.where.offset).toBe(column - 1);
  });
  it('counts them', () => expect(REFUSED).toHaveLength(42));

  it('is bounded in length and depth', () => {
    expect(give(`${'1+'.repeat(LONGEST_EXPRESSION / 2 - 1)}1`)).toBe(LONGEST_EXPRESSION / 2);
    expect(caught('1+'.repeat(LONGEST_EXPRESSION)).message).toContain(`at most ${LONGEST_EXPRESSION}`);
    for (const [open, close] of [
      ['(', ')'],
      ['-', ''],
      ['!', ''],
      ['2^', ''],
      ['1?2:', ''],
      ['abs(', ')'],
    ]) {
      const nested = (depth: number): string => `${open!.repeat(depth)}1${close!.repeat(depth)}`;
      expect(Number.isNaN(give(nested(DEEPEST_EXPRESSION)))).toBe(false);
      expect(caught(nested(DEEPEST_EXPRESSION + 1)).message).toContain('nested');
    }
  });
});

describe('names', () => {
  it('are found with their places, and rewritten where they stand', () => {
    const text = "grade.stops * 'my-node'.gain + grade.stops - pi";
    expect(namesOf(text).map(({ name, start, end }) => [name, start, end])).toEqual([
      ['grade.stops', 0, 11],
      ['my-node.gain', 14, 28],
      ['grade.stops', 31, 42],
    ]);
    expect(rewriteNames(text, ({ name }) => (name === 'grade.stops' ? '(-1)' : undefined))).toBe(
      "(-1) * 'my-node'.gain + (-1) - pi",
    );
    expect(rewriteNames('grade.stops +', () => 'x')).toBe('grade.stops +');
  });

  it.each([
    ['grade.stops', 'grade.stops'],
    ['my-node.stops', "'my-node'.stops"],
    ['outer/inner.size.0', "'outer/inner'.size.0"],
    ['e', "'e'"],
    ["a'b", "'a''b'"],
    ['a..b', "'a..b'"],
    ['0.x', "'0'.x"],
    ['.x', "'.x'"],
  ])('%s is written %s', (name, text) => {
    expect(nameText(name)).toBe(text);
    expect(namesOf(text).map((found) => found.name)).toEqual([name]);
  });
});

function caught(text: string): EngineError {
  try {
    parseExpression(text);
  } catch (thrown) {
    if (thrown instanceof EngineError && thrown.code === 'expression-syntax') return thrown;
    throw thrown;
  }
  throw new Error(`${text} was read`);
}
