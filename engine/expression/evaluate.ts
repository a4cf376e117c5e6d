// evaluateExpression: the number that an expression gives for numbers by name.
import { applyOf, isTrue, OPERATORS } from './function.ts';
import type { Expression, NameSyntax, Syntax } from './syntax.ts';

/** Always gives a number; NaN and infinities are numbers. `lookup` gives what each name stands for. */
export const evaluateExpression = ({ tree }: Expression, lookup: (name: NameSyntax) => number): number =>
  evaluateSyntax(tree, lookup);

/** As `evaluateExpression`, for a piece of a tree. */
export function evaluateSyntax(tree: Syntax, lookup: (name: NameSyntax) => number): number {
  const value = (of: Syntax): number => evaluateSyntax(of, lookup);
  switch (tree.kind) {
    case 'number':
      return tree.value;
    case 'name':
      return lookup(tree);
    case 'unary':
      return tree.operator === '-' ? -value(tree.of) : isTrue(value(tree.of)) ? 0 : 1;
    case 'binary':
      return OPERATORS[tree.operator](value(tree.left), value(tree.right));
    case 'choice':
      return isTrue(value(tree.test)) ? value(tree.then) : value(tree.otherwise);
    case 'call':
      return applyOf(tree.name)(...tree.given.map(value));
  }
}
