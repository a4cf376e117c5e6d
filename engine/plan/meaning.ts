// Meanings: what the names in an expression stand for: the frame, a variable, or a parameter of a node.
import type { Json } from '../base/canonical.ts';
import { clip } from '../base/clip.ts';
import type { Animations } from '../document/animation.ts';
import { didYouMean } from '../image/names.ts';
import { animatedKindAt } from '../node/animatable.ts';
import { paramsSchema } from '../node/catalogue.ts';
import type { AnyNode } from '../node/define.ts';

/** A node as far as its parameters go. */
export interface DrivenNode {
  readonly definition: AnyNode;
  /** As in the document, overrides put in. */
  readonly params: Readonly<Record<string, Json>>;
  readonly animations: Animations;
}

export interface DriveOptions {
  readonly nodes: ReadonlyMap<string, DrivenNode>;
  readonly variables: Readonly<Record<string, string | number>>;
  /** Other names of parameters: `grade.values.gain`, which a template promotes, is `grade/exposure.stops`. */
  readonly aliases: ReadonlyMap<string, string>;
}

/** What a name in an expression stands for; `driver` is the `node.path` of a parameter that is animated itself. */
export type Meaning = 'frame' | { readonly value: number } | { readonly driver: string };

/** What a name stands for; where it stands for nothing, or for no number, why, and what may have been meant. */
export function meaningOf(
  name: string,
  options: DriveOptions,
): Meaning | { readonly trouble: string; readonly hint?: string } {
  const { nodes, variables, aliases } = options;
  if (name === 'frame') return 'frame';
  if (!name.includes('.')) {
    const value = Object.hasOwn(variables, name) ? variables[name] : undefined;
    if (typeof value === 'number') return { value };
    if (value !== undefined) return { trouble: `the variable ${name} is a text, and a number is needed` };
    const hint = nodes.has(name)
      ? ` Write ${name}.PARAMETER for one of the node's parameters.`
      : didYouMean(name, ['frame', ...Object.keys(variables)]);
    return { trouble: `there is no variable ${clip(name, 60)}`, hint };
  }
  let full = name;
  for (let i = 0; aliases.has(full) && i <= aliases.size; i++) full = aliases.get(full)!;
  const dot = full.indexOf('.');
  const [id, path] = [full.slice(0, dot), full.slice(dot + 1)];
  const node = nodes.get(id);
  if (!node) return { trouble: `there is no node ${clip(id, 60)}`, hint: didYouMean(id, nodes.keys()) };
  const { definition, params, animations } = node;
  const head = path.split('.', 1)[0]!;
  const shape = definition.params.shape as Readonly<Record<string, { safeParse(value: unknown): { data?: unknown } }>>;
  if (!Object.hasOwn(shape, head)) {
    return {
      trouble: `${id} (${definition.title}) has no parameter ${clip(head, 60)}`,
      hint: didYouMean(head, Object.keys(shape)),
    };
  }
  if (Object.hasOwn(animations, path)) {
    const isChoice = animatedKindAt(paramsSchema(definition), path) === 'choice';
    return isChoice ? { trouble: `${clip(full, 80)} is no number` } : { driver: full };
  }
  let value: unknown = Object.hasOwn(params, head) ? params[head] : shape[head]!.safeParse(undefined).data;
  for (const piece of path.split('.').slice(1)) value = pieceOf(value as Json, piece);
  if (typeof value === 'number' || typeof value === 'boolean') return { value: Number(value) };
  return { trouble: `${clip(full, 80)} is ${value === undefined ? 'not set' : 'no number'}` };
}

/** A piece of a value by its name or index; undefined where there is none. */
export function pieceOf(value: Json | undefined, piece: string): Json | undefined {
  if (value === null || typeof value !== 'object' || !Object.hasOwn(value, piece)) return undefined;
  if (Array.isArray(value) && piece === 'length') return undefined;
  return (value as Readonly<Record<string, Json>>)[piece];
}
