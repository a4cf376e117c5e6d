// Animations: what makes the value of a parameter at each frame in place of the saved one, as documents hold it.
import type { Json } from '../base/canonical.ts';
import { type Key, keysTrouble } from '../expression/curve.ts';
import { namesOf, nameText, rewriteNames } from '../expression/rewrite.ts';
import { LONGEST_EXPRESSION } from '../expression/token.ts';

/**
 * Keys of a curve, or an expression over `frame`, variables and `node.param`. A form of neither kind, such as one of a newer
 * version, is kept as it is and told as a problem where the graph is to run.
 */
export type Animation =
  | { readonly keys: readonly Key[] }
  | { readonly expression: string }
  | Readonly<Record<string, Json>>;

/** By parameter, or with dots a piece of one: `stops`, `size.0`. */
export type Animations = Readonly<Record<string, Animation>>;

/** An animation told by its form. */
export type AnimationForm =
  | { readonly kind: 'curve'; readonly keys: readonly Key[] }
  | { readonly kind: 'expression'; readonly text: string }
  | { readonly kind: 'unknown' };

export function formOf(animation: Animation): AnimationForm {
  const names = Object.keys(animation);
  if (names.length !== 1) return { kind: 'unknown' };
  if ('keys' in animation) return { kind: 'curve', keys: animation['keys'] as readonly Key[] };
  return 'expression' in animation
    ? { kind: 'expression', text: animation['expression'] as string }
    : { kind: 'unknown' };
}

/** What is wrong with an animation of a known form; undefined for sound and for unknown ones. */
export function animationTrouble(animation: Readonly<Record<string, Json>>): string | undefined {
  const form = formOf(animation);
  if (form.kind === 'curve') return keysTrouble(form.keys);
  if (form.kind === 'unknown') return undefined;
  // Whether the text can be read is the plan's affair: a document may be saved while it is being typed.
  const sound = typeof form.text === 'string' && form.text.length <= LONGEST_EXPRESSION;
  return sound ? undefined : `Expected an expression, a text of at most ${LONGEST_EXPRESSION} characters`;
}

/** The id of the node whose parameter a name in an expression means; undefined for a variable. */
export function referredNode(name: string): string | undefined {
  const dot = name.indexOf('.');
  return dot < 0 ? undefined : name.slice(0, dot);
}

/** True where an expression among them speaks of a parameter of one of the nodes. */
export const mentions = (animations: Animations | undefined, ids: ReadonlySet<string>): boolean =>
  referencesOf(animations).some((name) => ids.has(referredNode(name) ?? ''));

/** Every name in the expressions: `frame`, variables and `node.param`. */
export function referencesOf(animations: Animations | undefined): string[] {
  return Object.values(animations ?? {}).flatMap((animation) => {
    const form = formOf(animation);
    return form.kind === 'expression' ? namesOf(form.text).map(({ name }) => name) : [];
  });
}

/** The animations with nodes under other names in their expressions; the very same object where no name changes. */
export function renamedNodes(animations: Animations, rename: (id: string) => string | undefined): Animations {
  let changed = false;
  const renamed = Object.entries(animations).map(([path, animation]): [string, Animation] => {
    const form = formOf(animation);
    if (form.kind !== 'expression') return [path, animation];
    const expression = rewriteNames(form.text, ({ name }) => {
      const id = referredNode(name);
      const other = id === undefined ? undefined : rename(id);
      return other === undefined || other === id ? undefined : nameText(other + name.slice(id!.length));
    });
    if (expression === form.text) return [path, animation];
    changed = true;
    return [path, { expression }];
  });
  return changed ? Object.fromEntries(renamed) : animations;
}
