// compileExpression: an expression over arrays of samples, tile by tile, with no code made from its text.
import { evaluateSyntax } from './evaluate.ts';
import { applyOf, isTrue, OPERATORS } from './function.ts';
import type { BinaryOperator, Expression, NameSyntax, Syntax } from './syntax.ts';

/** Samples that are worked on at once: few enough that every buffer stays near the processor. */
export const TILE = 1024;

/** What a name stands for: an array that changes from sample to sample, or one number for all. */
export type Meaning = { readonly array: string } | { readonly value: number };

/** An expression ready for samples. It owns its buffers, so that one serves one caller at a time. */
export interface Program {
  /** By the keys that `meaning` gave: to be filled with up to `TILE` samples before each run. */
  readonly inputs: ReadonlyMap<string, Float64Array>;
  /** The results for the first `count` samples; overwritten by the next run. */
  run(count: number): Float64Array;
}

type Step = (count: number) => void;

/** Gives, sample for sample, the very numbers that `evaluateExpression` gives. */
export function compileExpression({ tree }: Expression, meaning: (name: NameSyntax) => Meaning): Program {
  const compiler = new Compiler(meaning);
  const result = compiler.emit(tree);
  const { inputs, steps } = compiler;
  return {
    inputs,
    run(count) {
      for (const step of steps) step(count);
      return result;
    },
  };
}

/** Turns a tree into steps, those of operands first. A buffer is used again once what it held is used up. */
class Compiler {
  readonly inputs = new Map<string, Float64Array>();
  readonly steps: Step[] = [];
  readonly #meaning: (name: NameSyntax) => Meaning;
  readonly #constants = new Map<string, Float64Array>();
  readonly #free: Float64Array[] = [];
  readonly #scratch = new Set<Float64Array>();

  constructor(meaning: (name: NameSyntax) => Meaning) {
    this.#meaning = meaning;
  }

  /** The buffer that holds what the piece gives once the steps so far have run. */
  emit(tree: Syntax): Float64Array {
    const value = this.#constant(tree);
    if (value !== undefined) return this.#filled(value);
    switch (tree.kind) {
      case 'number':
        return this.#filled(tree.value);
      case 'name': {
        const meant = this.#meaning(tree);
        return 'value' in meant ? this.#filled(meant.value) : this.#input(meant.array);
      }
      case 'unary':
        return this.#step([tree.of], (out, [of]) =>
          tree.operator === '-' ? negation(of!, out) : mapped1((x) => (isTrue(x) ? 0 : 1), of!, out),
        );
      case 'binary':
        return this.#step([tree.left, tree.right], (out, [left, right]) => {
          const loop = LOOPS[tree.operator];
          return loop ? loop(left!, right!, out) : mapped2(OPERATORS[tree.operator], left!, right!, out);
        });
      case 'choice':
        return this.#step([tree.test, tree.then, tree.otherwise], (out, [test, then, otherwise]) =>
          selection(test!, then!, otherwise!, out),
        );
      case 'call':
        return this.#step(tree.given, (out, given) => mapped(applyOf(tree.name), given, out));
    }
  }

  /** The one number that a piece gives whatever the samples; undefined where it depends on them. */
  #constant(tree: Syntax): number | undefined {
    if (tree.kind === 'name' || !this.#isStill(tree)) return undefined;
    return evaluateSyntax(tree, (name) => (this.#meaning(name) as { readonly value: number }).value);
  }

  #isStill(tree: Syntax): boolean {
    switch (tree.kind) {
      case 'number':
        return true;
      case 'name':
        return 'value' in this.#meaning(tree);
      case 'unary':
        return this.#isStill(tree.of);
      case 'binary':
        return this.#isStill(tree.left) && this.#isStill(tree.right);
      case 'choice':
        return this.#isStill(tree.test) && this.#isStill(tree.then) && this.#isStill(tree.otherwise);
      case 'call':
        return tree.given.every((given) => this.#isStill(given));
    }
  }

  #step(operands: readonly Syntax[], make: (out: Float64Array, given: readonly Float64Array[]) => Step): Float64Array {
    const given = operands.map((operand) => this.emit(operand));
    // Every step reads a sample before it writes it, so that it may write where one of its operands stood.
    for (const buffer of new Set(given)) if (this.#scratch.has(buffer)) this.#free.push(buffer);
    const out = this.#free.pop() ?? new Float64Array(TILE);
    this.#scratch.add(out);
    this.steps.push(make(out, given));
    return out;
  }

  #filled(value: number): Float64Array {
    const key = Object.is(value, -0) ? '-0' : String(value);
    const known = this.#constants.get(key) ?? new Float64Array(TILE).fill(value);
    this.#constants.set(key, known);
    return known;
  }

  #input(key: string): Float64Array {
    const known = this.inputs.get(key) ?? new Float64Array(TILE);
    this.inputs.set(key, known);
    return known;
  }
}

type Loop = (a: Float64Array, b: Float64Array, out: Float64Array) => Step;

/** The commonest operators have loops of their own, which run without a call for each sample. */
const LOOPS: Readonly<Partial<Record<BinaryOperator, Loop>>> = {
  '+': (a, b, out) => (count) => {
    for (let i = 0; i < count; i++) out[i] = a[i]! + b[i]!;
  },
  '-': (a, b, out) => (count) => {
    for (let i = 0; i < count; i++) out[i] = a[i]! - b[i]!;
  },
  '*': (a, b, out) => (count) => {
    for (let i = 0; i < count; i++) out[i] = a[i]! * b[i]!;
  },
  '/': (a, b, out) => (count) => {
    for (let i = 0; i < count; i++) out[i] = a[i]! / b[i]!;
  },
  '<': (a, b, out) => (count) => {
    for (let i = 0; i < count; i++) out[i] = a[i]! < b[i]! ? 1 : 0;
  },
  '>': (a, b, out) => (count) => {
    for (let i = 0; i < count; i++) out[i] = a[i]! > b[i]! ? 1 : 0;
  },
};

const negation =
  (of: Float64Array, out: Float64Array): Step =>
  (count) => {
    for (let i = 0; i < count; i++) out[i] = -of[i]!;
  };

const selection =
  (test: Float64Array, then: Float64Array, otherwise: Float64Array, out: Float64Array): Step =>
  (count) => {
    for (let i = 0; i < count; i++) out[i] = test[i] !== 0 ? then[i]! : otherwise[i]!;
  };

const mapped1 =
  (apply: (x: number) => number, x: Float64Array, out: Float64Array): Step =>
  (count) => {
    for (let i = 0; i < count; i++) out[i] = apply(x[i]!);
  };

const mapped2 =
  (apply: (x: number, y: number) => number, x: Float64Array, y: Float64Array, out: Float64Array): Step =>
  (count) => {
    for (let i = 0; i < count; i++) out[i] = apply(x[i]!, y[i]!);
  };

function mapped(apply: (...given: number[]) => number, given: readonly Float64Array[], out: Float64Array): Step {
  const [x, y, z] = given;
  if (given.length === 1) return mapped1(apply, x!, out);
  if (given.length === 2) return mapped2(apply, x!, y!, out);
  if (given.length === 3) {
    return (count) => {
      for (let i = 0; i < count; i++) out[i] = apply(x![i]!, y![i]!, z![i]!);
    };
  }
  return (count) => {
    for (let i = 0; i < count; i++) out[i] = apply(...given.map((values) => values[i]!));
  };
}
