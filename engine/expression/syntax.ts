// The syntax tree of an expression: what the parser makes and every use of an expression walks.
import type { FunctionName } from './function.ts';

export const BINARY = ['+', '-', '*', '/', '%', '^', '<', '<=', '>', '>=', '==', '!=', '&&', '||'] as const;
export type BinaryOperator = (typeof BINARY)[number];
export type UnaryOperator = '-' | '!';

/** A name in the text. */
export interface NameSyntax {
  readonly kind: 'name';
  /** Pieces joined by dots, without the quotes that they were written in. */
  readonly name: string;
  /** True where any piece stands in quotes: such a name is never one of the built-in ones. */
  readonly quoted: boolean;
  /** Where it begins and ends in the text, in UTF-16 units. */
  readonly start: number;
  readonly end: number;
}

export type Syntax =
  | { readonly kind: 'number'; readonly value: number }
  | NameSyntax
  | { readonly kind: 'unary'; readonly operator: UnaryOperator; readonly of: Syntax }
  | { readonly kind: 'binary'; readonly operator: BinaryOperator; readonly left: Syntax; readonly right: Syntax }
  | { readonly kind: 'choice'; readonly test: Syntax; readonly then: Syntax; readonly otherwise: Syntax }
  | { readonly kind: 'call'; readonly name: FunctionName; readonly given: readonly Syntax[] };

/** An expression that was read. */
export interface Expression {
  readonly text: string;
  readonly tree: Syntax;
  /** Every name in the order of the text, each as often as it stands there. Constants are none. */
  readonly names: readonly NameSyntax[];
}

/** What no name stands for, unless it is quoted. */
export const CONSTANTS: Readonly<Record<string, number>> = { pi: Math.PI, e: Math.E };
