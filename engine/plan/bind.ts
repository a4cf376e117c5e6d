// Binding: what an embedding node gives to the graph inside it: promoted parameters, and variables put into its texts.
import type { Json } from '../base/canonical.ts';
import { asEngineError } from '../base/error.ts';
import { type Animation, type Animations, formOf, referredNode } from '../document/animation.ts';
import type { Document } from '../document/schema.ts';
import { type Binding, rebind } from '../document/variables.ts';
import { nameText, rewriteNames } from '../expression/rewrite.ts';
import { didYouMean } from '../image/names.ts';
import type { AnyNode, Expansion } from '../node/define.ts';
import { withParam } from './params.ts';
import type { Problem } from './problem.ts';

/** A new value for a piece of a node's parameters, or what is to make its values. */
export type Change = {
  /** After the node's id: a parameter, or with dots a piece of one. */
  readonly path: string;
  /** Where the value stands in the document, if not in an override. */
  readonly from?: { readonly node: string; readonly param: string };
} & ({ readonly value: Json } | { readonly animation: Animation });

/** Parameters and animations of a node as they are once changes are made. */
export interface Changed {
  readonly params: Readonly<Record<string, Json>>;
  readonly animations: Animations;
  /** Paths of animations whose place a value of an override takes. */
  readonly replaced: readonly string[];
}

/** A value takes the place of what was animated there, as does an animation. */
export function withChanges(
  params: Readonly<Record<string, Json>>,
  animations: Animations,
  changes: readonly Change[],
): Changed {
  let now = params;
  let kept = Object.entries(animations);
  const replaced: string[] = [];
  for (const change of changes) {
    const touched = kept.filter(([path]) => overlaps(path, change.path));
    if (touched.length > 0) kept = kept.filter(([path]) => !overlaps(path, change.path));
    if ('animation' in change) kept = [...kept, [change.path, change.animation]];
    else {
      now = withParam(now, change.path, change.value);
      if (!change.from) replaced.push(...touched.map(([path]) => path));
    }
  }
  return { params: now, animations: Object.fromEntries(kept), replaced };
}

/** Whether one of two paths is the other or lies inside it. */
const overlaps = (a: string, b: string): boolean => a === b || a.startsWith(`${b}.`) || b.startsWith(`${a}.`);

export interface Bindings {
  /** Values for parameters of inner nodes, by the node's id in the graph. */
  readonly changes: readonly { readonly node: string; readonly change: Change }[];
  readonly variables: ReadonlyMap<string, Binding>;
  readonly problems: readonly Problem[];
}

const WHOLE = /^\$\{([A-Za-z][\w-]*)\}$/;

/** Sorts what a node gives to its graph, values and animations of them, and reports what the graph does not take. */
export function bindValues(
  node: string,
  graph: Document,
  { values, params }: Expansion,
  animations: Animations,
): Bindings {
  const changes: Bindings['changes'][number][] = [];
  const problems: Problem[] = [];
  const variables = new Map(
    Object.entries(graph.variables).map(([name, variable]): [string, Binding] => [name, { value: variable.default }]),
  );
  for (const [name, value] of Object.entries(values)) {
    const from = { node, param: `${params.values}.${name}` };
    const promoted = graph.promoted.find((p) => p.name === name);
    const variable = Object.hasOwn(graph.variables, name) ? graph.variables[name] : undefined;
    if (promoted) {
      for (const target of promoted.to) {
        const dot = target.indexOf('.');
        changes.push({ node: target.slice(0, dot), change: { path: target.slice(dot + 1), value, from } });
      }
    } else if (variable) {
      const bound = bindVariable(variable.type, value);
      if (bound) variables.set(name, bound);
      else {
        const message = `${node}.${from.param}: expected a ${variable.type} or one variable such as \${shot}, found ${JSON.stringify(value).slice(0, 80)}.`;
        problems.push({ severity: 'error', code: 'param-invalid', message, where: from });
      }
    } else problems.push(unknownName(from, name, graph));
  }
  for (const [path, animation] of Object.entries(animations)) {
    const [head, name = '', ...rest] = path.split('.');
    const from = { node, param: path };
    const promoted = head === params.values ? graph.promoted.find((p) => p.name === name) : undefined;
    for (const target of promoted?.to ?? []) {
      const dot = target.indexOf('.');
      const inner = [target.slice(dot + 1), ...rest].join('.');
      changes.push({ node: target.slice(0, dot), change: { path: inner, animation, from } });
    }
    if (promoted) continue;
    if (head === params.values && !Object.hasOwn(graph.variables, name)) problems.push(unknownName(from, name, graph));
    else {
      const message = `${node}.${path}: only what the template promotes can be animated. Promote a parameter in it, or remove the animation.`;
      problems.push({ severity: 'error', code: 'animation-unfit', message, where: from });
    }
  }
  return { changes, variables, problems };
}

function bindVariable(type: 'string' | 'number', value: Json): Binding | undefined {
  if (typeof value === 'number' && type === 'number') return { value };
  if (typeof value !== 'string') return undefined;
  const name = WHOLE.exec(value)?.[1];
  if (name !== undefined) return { name };
  if (type === 'string') return { text: value };
  // A number of a graph further out has become the text of it here.
  const number = value.trim() === '' ? Number.NaN : Number(value);
  return Number.isFinite(number) ? { value: number } : undefined;
}

function unknownName(from: { readonly node: string; readonly param: string }, name: string, graph: Document): Problem {
  const known = [...graph.promoted.map((p) => p.name), ...Object.keys(graph.variables)];
  const message = `${from.node}.${from.param}: the template has no parameter ${name}; it has: ${known.join(', ') || 'none'}.${didYouMean(name, known)}`;
  return { severity: 'error', code: 'param-unknown', message, where: from };
}

/**
 * The parameters of an inner node with the graph's variables put into their texts, so that what is left to fill in are
 * names of the graph outside. `id` is the node's place in the plan. A name that the graph does not define is a problem.
 */
export function bindTexts(
  id: string,
  definition: AnyNode | undefined,
  params: Readonly<Record<string, Json>>,
  variables: Bindings['variables'],
): { readonly params: Readonly<Record<string, Json>>; readonly problems: readonly Problem[] } {
  const problems: Problem[] = [];
  const bind = (value: Json, path: string): Json => {
    if (typeof value === 'string') {
      try {
        return rebind(value, (name) => variables.get(name));
      } catch (thrown) {
        const { code, message } = asEngineError(thrown);
        problems.push({
          severity: 'error',
          code,
          message: `${id}.${path}: ${message}`,
          where: { node: id, param: path },
        });
        return value;
      }
    }
    if (Array.isArray(value)) return value.map((item: Json, i) => bind(item, `${path}[${i}]`));
    if (value === null || typeof value !== 'object') return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, piece]) => [key, bind(piece as Json, `${path}.${key}`)]),
    );
  };
  const own = new Set(definition?.verbatim ?? []);
  const bound = Object.fromEntries(
    Object.entries(params).map(([name, value]) => [name, own.has(name) ? value : bind(value, name)]),
  );
  return { params: bound, problems };
}

/**
 * The animations of an inner node with the names in their expressions as they are outside: nodes by their places in the
 * plan, variables as what they are bound to. A name that the graph does not define is a problem.
 */
export function bindAnimations(
  id: string,
  animations: Animations | undefined,
  rename: (node: string) => string | undefined,
  variables: Bindings['variables'],
): { readonly animations: Animations | undefined; readonly problems: readonly Problem[] } {
  const problems: Problem[] = [];
  const bound = Object.entries(animations ?? {}).map(([path, animation]): [string, Animation] => {
    const form = formOf(animation);
    if (form.kind !== 'expression') return [path, animation];
    const complain = (text: string): undefined => {
      const where = { node: id, param: path };
      problems.push({ severity: 'error', code: 'expression-name', message: `${id}.${path}: ${text}`, where });
    };
    const expression = rewriteNames(form.text, ({ name }) => {
      const node = referredNode(name);
      if (node !== undefined) {
        const other = rename(node);
        if (other === undefined) return complain(`there is no node ${node} in the template.`);
        return nameText(other + name.slice(node.length));
      }
      if (name === 'frame') return undefined;
      const meant = variables.get(name);
      if (!meant) return complain(`there is no variable ${name} in the template.${didYouMean(name, variables.keys())}`);
      if ('name' in meant) return nameText(meant.name);
      if ('value' in meant && typeof meant.value === 'number') return `(${meant.value})`;
      return complain(`the variable ${name} is a text, and a number is needed.`);
    });
    return [path, { expression }];
  });
  return { animations: animations && Object.fromEntries(bound), problems };
}
