// Binding: what an embedding node gives to the graph inside it: promoted parameters, and variables put into its texts.
import type { Json } from '../base/canonical.ts';
import { asEngineError } from '../base/error.ts';
import type { Document } from '../document/schema.ts';
import { type Binding, rebind } from '../document/variables.ts';
import { didYouMean } from '../image/names.ts';
import type { AnyNode, Expansion } from '../node/define.ts';
import type { Problem } from './problem.ts';

/** A new value for a piece of a node's parameters. */
export interface Change {
  /** After the node's id: a parameter, or with dots a piece of one. */
  readonly path: string;
  readonly value: Json;
  /** Where the value stands in the document, if not in an override. */
  readonly from?: { readonly node: string; readonly param: string };
}

export interface Bindings {
  /** Values for parameters of inner nodes, by the node's id in the graph. */
  readonly changes: readonly { readonly node: string; readonly change: Change }[];
  readonly variables: ReadonlyMap<string, Binding>;
  readonly problems: readonly Problem[];
}

const WHOLE = /^\$\{([A-Za-z][\w-]*)\}$/;

/** Sorts the values that a node gives to its graph, and reports those that the graph does not take. */
export function bindValues(node: string, graph: Document, { values, params }: Expansion): Bindings {
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
  return { changes, variables, problems };
}

function bindVariable(type: 'string' | 'number', value: Json): Binding | undefined {
  if (typeof value === 'number' && type === 'number') return { value };
  if (typeof value !== 'string') return undefined;
  const name = WHOLE.exec(value)?.[1];
  if (name !== undefined) return { name };
  return type === 'string' ? { text: value } : undefined;
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
