// parseExpression: a text becomes a syntax tree, or an error that says where it cannot be read and what was expected.
import { clip } from '../base/clip.ts';
import type { EngineError } from '../base/error.ts';
import { FUNCTIONS, type FunctionName, isFunction } from './function.ts';
import { type BinaryOperator, CONSTANTS, type Expression, type NameSyntax, type Syntax } from './syntax.ts';
import { misread, type Token, tokensOf } from './token.ts';

/** Parentheses, signs, powers and choices may stand this deep inside each other. */
export const DEEPEST_EXPRESSION = 64;

/** From what binds least to what binds most; operators of one level are taken from left to right. */
const LEVELS: readonly (readonly BinaryOperator[])[] = [
  ['||'],
  ['&&'],
  ['==', '!='],
  ['<', '<=', '>', '>='],
  ['+', '-'],
  ['*', '/', '%'],
];
/** Levels whose operators do not stand beside each other: what `a < b < c` means is not what it looks like. */
const ALONE: ReadonlySet<number> = new Set([2, 3]);

/**
 * Reads an expression. Numbers; names; `+ - * /`; `%`, the remainder with the sign of the dividend; `^`, the power, which
 * binds more than a sign before it (`-2 ^ 2` is -4) and from the right (`2 ^ 3 ^ 2` is 512); comparisons, which give 1 or
 * 0; `&& || !`, for which every number but 0 is true, and which give 1 or 0; `test ? then : otherwise`; the functions of
 * `FUNCTIONS`; `pi` and `e`. Names are pieces joined by dots: letters, digits and _, or anything in single quotes, where
 * a quote is written twice.
 *
 * Throws `expression-syntax` with the offset, also beyond the longest text and the deepest nesting. Runs in time
 * proportional to the text.
 */
export function parseExpression(text: string): Expression {
  return new Parser(text).read();
}

class Parser {
  readonly #text: string;
  readonly #tokens: readonly Token[];
  readonly #names: NameSyntax[] = [];
  #at = 0;
  #depth = 0;

  constructor(text: string) {
    this.#text = text;
    this.#tokens = tokensOf(text);
  }

  read(): Expression {
    const tree = this.#choice();
    if (this.#now.kind !== 'end') {
      const sign = this.#now.kind === 'sign' ? this.#now.sign : '';
      const hint = sign === ')' ? ' It closes nothing.' : '';
      throw this.#expected('an operator or the end', hint);
    }
    return { text: this.#text, tree, names: this.#names };
  }

  get #now(): Token {
    return this.#tokens[this.#at]!;
  }

  #is(sign: string): boolean {
    const token = this.#now;
    return token.kind === 'sign' && token.sign === sign;
  }

  #take(sign: string): boolean {
    if (!this.#is(sign)) return false;
    this.#at += 1;
    return true;
  }

  #expected(what: string, hint = ''): EngineError {
    const { kind, start, end } = this.#now;
    const found = kind === 'end' ? 'the end' : clip(this.#text.slice(start, end), 24);
    return misread(`Expected ${what} at column ${start + 1}, found ${found}.${hint}`, start);
  }

  /** Runs what may call itself again, not too deep. */
  #deeper<T>(read: () => T): T {
    if (this.#depth === DEEPEST_EXPRESSION) {
      const { start } = this.#now;
      throw misread(
        `Expected parts nested at most ${DEEPEST_EXPRESSION} deep, found more at column ${start + 1}.`,
        start,
      );
    }
    this.#depth += 1;
    const made = read();
    this.#depth -= 1;
    return made;
  }

  #choice(): Syntax {
    const test = this.#level(0);
    if (!this.#take('?')) return test;
    return this.#deeper(() => {
      const then = this.#choice();
      if (!this.#take(':')) throw this.#expected('an operator or : and what holds otherwise');
      return { kind: 'choice', test, then, otherwise: this.#choice() };
    });
  }

  #level(level: number): Syntax {
    const operators = LEVELS[level];
    if (!operators) return this.#signed();
    let left = this.#level(level + 1);
    for (let count = 0; ; count++) {
      const operator = operators.find((sign) => this.#is(sign));
      if (!operator) return left;
      if (count > 0 && ALONE.has(level)) throw this.#expected('an end of the comparison', ' Put one in parentheses.');
      this.#at += 1;
      left = { kind: 'binary', operator, left, right: this.#level(level + 1) };
    }
  }

  #signed(): Syntax {
    if (this.#take('+')) return this.#deeper(() => this.#signed());
    for (const operator of ['-', '!'] as const) {
      if (this.#take(operator)) return { kind: 'unary', operator, of: this.#deeper(() => this.#signed()) };
    }
    const left = this.#single();
    if (!this.#take('^')) return left;
    return { kind: 'binary', operator: '^', left, right: this.#deeper(() => this.#signed()) };
  }

  #single(): Syntax {
    const token = this.#now;
    if (token.kind === 'number') {
      this.#at += 1;
      return { kind: 'number', value: token.value };
    }
    if (token.kind === 'name') {
      this.#at += 1;
      if (this.#is('(')) return this.#call(token);
      const { name, quoted, start, end } = token;
      if (!quoted && Object.hasOwn(CONSTANTS, name)) return { kind: 'number', value: CONSTANTS[name]! };
      const syntax: NameSyntax = { kind: 'name', name, quoted, start, end };
      this.#names.push(syntax);
      return syntax;
    }
    if (!this.#take('(')) throw this.#expected('a number, a name or (', this.#is('*') ? ' A power is written ^.' : '');
    const inner = this.#deeper(() => this.#choice());
    if (!this.#take(')')) throw this.#expected('an operator or )');
    return inner;
  }

  #call({ name, quoted, start }: Extract<Token, { kind: 'name' }>): Syntax {
    if (quoted || !isFunction(name)) {
      const known = Object.keys(FUNCTIONS).join(', ');
      throw misread(`There is no function ${clip(name, 40)} (column ${start + 1}). There are: ${known}.`, start);
    }
    this.#at += 1;
    const given: Syntax[] = [];
    if (!this.#is(')')) {
      do given.push(this.#deeper(() => this.#choice()));
      while (this.#take(','));
    }
    if (!this.#take(')')) throw this.#expected('an operator, a comma or )');
    const counts = FUNCTIONS[name].takes;
    if (!fits(counts, given.length)) {
      const message = `${name} takes ${countText(counts)}, found ${given.length} (column ${start + 1}).`;
      throw misread(message, start);
    }
    return { kind: 'call', name: name satisfies FunctionName, given };
  }
}

const fits = ([least, most]: readonly [number, number], count: number): boolean => count >= least && count <= most;

function countText([least, most]: readonly [number, number]): string {
  const words = (count: number): string => `${count} number${count === 1 ? '' : 's'}`;
  return least === most ? words(least) : `${least} to ${words(most)}`;
}
