// The value of what people type into a field of numbers: `1920/2`, `(3 + 4) * 2`, `+=5`; by parsing, never by evaluation.

const CONSTANTS: Readonly<Record<string, number>> = { pi: Math.PI, e: Math.E };
const FUNCTIONS: Readonly<Record<string, (x: number) => number>> = {
  sqrt: Math.sqrt,
  abs: Math.abs,
  sin: Math.sin,
  cos: Math.cos,
  tan: Math.tan,
  log2: Math.log2,
  log10: Math.log10,
  ln: Math.log,
  exp: Math.exp,
  round: Math.round,
  floor: Math.floor,
  ceil: Math.ceil,
};

const TOKEN = /\s*(?:(\d+\.?\d*(?:e[+-]?\d+)?|\.\d+(?:e[+-]?\d+)?)|([a-z][a-z0-9]*)|(\*\*|[-+*/%^()]))/iy;
const LONGEST = 200;

/**
 * The number that a text stands for; undefined where it stands for none. `+ - * / % ^ ( )`, `pi`, `e` and functions of one
 * number. A text that begins with `+=`, `-=`, `*=` or `/=` changes `current`. A unit or a percent sign is not understood.
 */
export function evaluate(text: string, current = 0): number | undefined {
  const trimmed = text.trim().replace(/^=/, '').replaceAll(',', '.');
  if (trimmed.length === 0 || trimmed.length > LONGEST) return undefined;
  const relative = /^([-+*/])=(.*)$/s.exec(trimmed);
  const tokens = tokensOf(
    relative ? `${current < 0 ? `(0${current})` : current}${relative[1]}(${relative[2]})` : trimmed,
  );
  if (!tokens) return undefined;
  const state: State = { tokens, at: 0 };
  const value = sum(state);
  return value !== undefined && state.at === tokens.length && Number.isFinite(value) ? value : undefined;
}

interface State {
  readonly tokens: readonly string[];
  at: number;
}

function tokensOf(text: string): string[] | undefined {
  const tokens: string[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.length) {
    const rest = TOKEN.lastIndex;
    const match = TOKEN.exec(text);
    if (!match) return text.slice(rest).trim() === '' ? tokens : undefined;
    tokens.push(match[0].trim().toLowerCase());
  }
  return tokens;
}

type Rule = (state: State) => number | undefined;

/** One rule after another of the same strength, from left to right. */
const chain =
  (inner: Rule, operators: Readonly<Record<string, (a: number, b: number) => number>>): Rule =>
  (state) => {
    let left = inner(state);
    for (;;) {
      const make = operators[state.tokens[state.at] ?? ''];
      if (left === undefined || !make) return left;
      state.at += 1;
      const right = inner(state);
      if (right === undefined) return undefined;
      left = make(left, right);
    }
  };

const sum: Rule = (state) => addition(state);
const product: Rule = chain((state) => signed(state), {
  '*': (a, b) => a * b,
  '/': (a, b) => a / b,
  '%': (a, b) => a % b,
});
const addition: Rule = chain(product, { '+': (a, b) => a + b, '-': (a, b) => a - b });

const signed: Rule = (state) => {
  const token = state.tokens[state.at];
  if (token !== '-' && token !== '+') return power(state);
  state.at += 1;
  const value = signed(state);
  return value === undefined ? undefined : token === '-' ? -value : value;
};

const power: Rule = (state) => {
  const base = atom(state);
  const token = state.tokens[state.at];
  if (base === undefined || (token !== '^' && token !== '**')) return base;
  state.at += 1;
  const exponent = signed(state);
  return exponent === undefined ? undefined : base ** exponent;
};

const atom: Rule = (state) => {
  const token = state.tokens[state.at];
  if (token === undefined) return undefined;
  state.at += 1;
  if (token === '(') return closing(state, sum(state));
  if (/^[\d.]/.test(token)) return Number(token);
  const constant = Object.hasOwn(CONSTANTS, token) ? CONSTANTS[token] : undefined;
  if (constant !== undefined) return constant;
  const apply = Object.hasOwn(FUNCTIONS, token) ? FUNCTIONS[token] : undefined;
  if (!apply || state.tokens[state.at] !== '(') return undefined;
  state.at += 1;
  const value = closing(state, sum(state));
  return value === undefined ? undefined : apply(value);
};

function closing(state: State, value: number | undefined): number | undefined {
  if (value === undefined || state.tokens[state.at] !== ')') return undefined;
  state.at += 1;
  return value;
}
