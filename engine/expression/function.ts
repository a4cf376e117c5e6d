// The functions and operators of expressions: what each takes, and what it gives for single numbers.
import * as elementary from './elementary.ts';
import { noise } from './noise.ts';
import type { BinaryOperator } from './syntax.ts';

/** A function of an expression. */
interface Definition {
  /** How many numbers it takes, at least and at most. */
  readonly takes: readonly [least: number, most: number];
  /** For people. */
  readonly doc: string;
  readonly apply: (...given: number[]) => number;
}

const MOST = 16;

const one = (apply: (x: number) => number, doc: string): Definition => ({ takes: [1, 1], doc, apply });
const two = (apply: (x: number, y: number) => number, doc: string): Definition => ({ takes: [2, 2], doc, apply });
const three = (apply: (x: number, y: number, z: number) => number, doc: string): Definition => ({
  takes: [3, 3],
  doc,
  apply,
});

const clamp = (x: number, low = 0, high = 1): number => Math.min(Math.max(x, low), high);
/** Exact at both ends. */
const lerp = (a: number, b: number, t: number): number => a * (1 - t) + b * t;

function round(x: number): number {
  const cut = Math.trunc(x);
  return Math.abs(x - cut) >= 0.5 ? cut + Math.sign(x) : cut;
}

function mod(a: number, b: number): number {
  const rest = a % b;
  return rest !== 0 && rest < 0 !== b < 0 ? rest + b : rest;
}

function smoothstep(low: number, high: number, x: number): number {
  if (low === high) return x < low ? 0 : 1;
  const t = clamp((x - low) / (high - low));
  return t * t * (3 - 2 * t);
}

const BLEND = 'From a at t = 0 to b at t = 1, and on in both directions: (a, b, t).';

/** By name, in the order in which they are listed. */
export const FUNCTIONS = {
  min: { takes: [1, MOST], doc: 'The smallest of some numbers.', apply: Math.min },
  max: { takes: [1, MOST], doc: 'The greatest of some numbers.', apply: Math.max },
  abs: one(Math.abs, 'Without its sign.'),
  floor: one(Math.floor, 'The next whole number below.'),
  ceil: one(Math.ceil, 'The next whole number above.'),
  round: one(round, 'The nearest whole number; halves away from 0.'),
  trunc: one(Math.trunc, 'What stands before the point.'),
  frac: one((x) => x - Math.floor(x), 'The distance from the next whole number below.'),
  sqrt: one(Math.sqrt, 'The square root.'),
  pow: two(elementary.pow, 'x to the power of y, as x ^ y: (x, y).'),
  exp: one(elementary.exp, 'e to the power of x.'),
  log: one(elementary.log, 'The natural logarithm.'),
  log2: one(elementary.log2, 'The logarithm to the base 2.'),
  log10: one(elementary.log10, 'The logarithm to the base 10.'),
  sin: one(elementary.sin, 'The sine of an angle in radians.'),
  cos: one(elementary.cos, 'The cosine of an angle in radians.'),
  tan: one(elementary.tan, 'The tangent of an angle in radians.'),
  asin: one(elementary.asin, 'The angle in radians whose sine it is.'),
  acos: one(elementary.acos, 'The angle in radians whose cosine it is.'),
  atan: one(elementary.atan, 'The angle in radians whose tangent it is.'),
  atan2: two(elementary.atan2, 'The angle of the point x, y, from -pi to pi: (y, x).'),
  clamp: { takes: [1, 3], doc: 'Not below low, 0, and not above high, 1: (x, low, high).', apply: clamp },
  lerp: three(lerp, BLEND),
  mix: three(lerp, BLEND),
  smoothstep: three(smoothstep, '0 up to low, 1 from high on, eased between: (low, high, x).'),
  step: two((edge, x) => (x < edge ? 0 : 1), '0 below the edge, 1 from it on: (edge, x).'),
  sign: one(Math.sign, '-1, 0 or 1.'),
  mod: two(mod, 'The remainder with the sign of the divisor: (x, divisor).'),
  hypot: { takes: [1, MOST], doc: 'The length of a vector.', apply: elementary.hypot },
  noise: { takes: [1, 3], doc: 'Smooth noise from -1 to 1, the same in every run: (x, y, z).', apply: noise },
} as const satisfies Readonly<Record<string, Definition>>;

export type FunctionName = keyof typeof FUNCTIONS;

export const isFunction = (name: string): name is FunctionName => Object.hasOwn(FUNCTIONS, name);

/** What a function gives for any count of numbers that it takes. */
export const applyOf = (name: FunctionName): ((...given: number[]) => number) => FUNCTIONS[name].apply;

/** True is every number but 0, NaN included. */
export const isTrue = (x: number): boolean => x !== 0;

/** What an operator gives for two numbers. Comparisons and logic give 1 or 0; NaN equals nothing. */
export const OPERATORS: Readonly<Record<BinaryOperator, (a: number, b: number) => number>> = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => a / b,
  '%': (a, b) => a % b,
  '^': elementary.pow,
  '<': (a, b) => (a < b ? 1 : 0),
  '<=': (a, b) => (a <= b ? 1 : 0),
  '>': (a, b) => (a > b ? 1 : 0),
  '>=': (a, b) => (a >= b ? 1 : 0),
  '==': (a, b) => (a === b ? 1 : 0),
  '!=': (a, b) => (a !== b ? 1 : 0),
  '&&': (a, b) => (isTrue(a) && isTrue(b) ? 1 : 0),
  '||': (a, b) => (isTrue(a) || isTrue(b) ? 1 : 0),
};
