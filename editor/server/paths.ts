// Paths in a document that goes to another folder: rewritten so that they go on naming the same files.
import { posix } from 'node:path';
import {
  type CatalogueEntry,
  type Document,
  type Edit,
  interpolate,
  type Json,
  type Lookup,
  TEMPLATE_TYPES,
} from '../../engine/index.ts';

export interface Journey {
  /** The folder that relative paths were relative to. */
  readonly from: string;
  /** The folder that they will be relative to. */
  readonly to: string;
  /** Whether absolute paths below the new folder become relative. */
  readonly shorten: boolean;
  /** Whether a relative path leads to this folder, absolute; one that does not stays as it is. All do where it is left out. */
  readonly leadsTo?: (folder: string) => boolean;
}

export interface Rewritten {
  readonly edit: Edit;
  /** How many paths it changes. */
  readonly paths: number;
}

type Schema = Readonly<Record<string, unknown>>;
type Schemas = ReadonlyMap<string, Schema>;

/** What a text of the form of a path is edited with. */
const PATH_WIDGETS: ReadonlySet<unknown> = new Set(['sequence', 'save-sequence', 'folder', 'file']);

/** The edit that keeps the paths of a document right; undefined where there is nothing to change. */
export function rewritePaths(
  document: Document,
  catalogue: readonly CatalogueEntry[],
  journey: Journey,
): Rewritten | undefined {
  const schemas: Schemas = new Map(catalogue.map(({ type, params }) => [type, params]));
  let paths = 0;
  const rename = (lookup: Lookup) => (text: string) => {
    const moved = movedPath(text, journey, lookup);
    if (moved !== text) paths += 1;
    return moved;
  };
  const edits: Edit[] = [];
  for (const [id, { type, params }] of Object.entries(document.nodes)) {
    const moved = nodeParams({ type, params }, schemas, rename, variablesOf(document.variables));
    for (const [name, value] of Object.entries(moved)) {
      if (value !== params[name]) edits.push({ op: 'setParam', node: id, name, value });
    }
  }
  return edits.length === 0 ? undefined : { edit: { op: 'batch', edits }, paths };
}

/**
 * A path as it has to be written in the new folder. What is relative only by the value of a variable is told by its
 * default. Unchanged where it is right already.
 */
export function movedPath(text: string, { from, to, shorten, leadsTo }: Journey, lookup: Lookup): string {
  if (text === '') return text;
  const slashed = toSlashes(text);
  const meant = expanded(slashed, lookup);
  if (isAbsolute(meant)) {
    const base = closed(escaped(toSlashes(to)));
    return shorten && slashed.startsWith(base) && slashed.length > base.length ? slashed.slice(base.length) : text;
  }
  if (from === to || leadsTo?.(posix.dirname(posix.join(toSlashes(from), meant))) === false) return text;
  const start = toSlashes(from).split('/').filter(isName);
  const end = toSlashes(to).split('/').filter(isName);
  const rest = slashed.split('/');
  const folders = [...start.map(escaped)];
  while (rest.length > 1 && (rest[0] === '.' || rest[0] === '..')) if (rest.shift() === '..') folders.pop();
  const goal = [...folders, ...rest];
  const most = Math.min(end.length, goal.length - 1);
  let common = 0;
  while (common < most && goal[common] === escaped(end[common]!)) common += 1;
  if (common === 0) return rootOf(from) + goal.join('/');
  return [...end.slice(common).map(() => '..'), ...goal.slice(common)].join('/');
}

interface Held {
  readonly type: string;
  readonly params: Readonly<Record<string, Json>>;
}

type Renamer = (lookup: Lookup) => (path: string) => string;

/** The parameters of a node with its paths rewritten, and those of the graph inside it. */
function nodeParams(node: Held, schemas: Schemas, rename: Renamer, lookup: Lookup): Readonly<Record<string, Json>> {
  const { type, params } = node;
  if (type === TEMPLATE_TYPES.instance) return instanceParams(params, schemas, rename, lookup);
  const schema = schemas.get(type);
  if (!schema) return params;
  return rewritten(params as Json, schema, schema, rename(lookup)) as Readonly<Record<string, Json>>;
}

/** Values of promoted parameters are paths where what they are promoted from is one. */
function instanceParams(
  params: Readonly<Record<string, Json>>,
  schemas: Schemas,
  rename: Renamer,
  outer: Lookup,
): Readonly<Record<string, Json>> {
  const { template } = params;
  if (!isRecord(template) || !isRecord(template['nodes'])) return params;
  const values = isRecord(params['values']) ? params['values'] : {};
  const own = variablesOf(template['variables']);
  const given: Lookup = (name) => {
    const value = values[name];
    return typeof value === 'string' ? expanded(value, outer) : typeof value === 'number' ? value : own(name);
  };
  const nodes: Record<string, Json> = {};
  for (const [id, node] of Object.entries(template['nodes'])) {
    if (!isRecord(node) || typeof node['type'] !== 'string' || !isRecord(node['params'])) nodes[id] = node;
    else {
      const moved = nodeParams({ type: node['type'], params: node['params'] }, schemas, rename, given);
      nodes[id] = moved === node['params'] ? node : { ...node, params: moved };
    }
  }
  const promoted = Array.isArray(template['promoted']) ? template['promoted'] : [];
  const movedValues: Record<string, Json> = { ...values };
  for (const entry of promoted) {
    if (!isRecord(entry) || typeof entry['name'] !== 'string' || !Array.isArray(entry['to'])) continue;
    const value = values[entry['name']];
    const schema = value === undefined ? undefined : targetSchema(entry['to'][0], template['nodes'], schemas);
    if (schema) movedValues[entry['name']] = rewritten(value!, schema.part, schema.whole, rename(outer));
  }
  const sameNodes = Object.keys(nodes).every((id) => nodes[id] === (template['nodes'] as Record<string, Json>)[id]);
  const sameValues = Object.keys(values).every((name) => movedValues[name] === values[name]);
  return {
    ...params,
    ...(sameNodes ? {} : { template: { ...template, nodes } }),
    ...(sameValues ? {} : { values: movedValues }),
  };
}

function targetSchema(
  target: Json | undefined,
  nodes: Readonly<Record<string, Json>>,
  schemas: Schemas,
): { readonly part: Schema; readonly whole: Schema } | undefined {
  if (typeof target !== 'string') return undefined;
  const dot = target.indexOf('.');
  const node = nodes[target.slice(0, dot)];
  const whole = isRecord(node) && typeof node['type'] === 'string' ? schemas.get(node['type']) : undefined;
  const part = whole && childOf(whole, whole, target.slice(dot + 1));
  return whole && part && { part, whole };
}

/** A value with every path in it rewritten; the same one where nothing is. */
function rewritten(value: Json, schema: Schema, whole: Schema, rename: (path: string) => string): Json {
  if (typeof value === 'string') return isPath(schema, whole) ? rename(value) : value;
  if (Array.isArray(value)) {
    const items = alternatives(schema, whole).flatMap(({ items: one }) => (isRecord(one) ? [one] : []));
    const moved = value.map((item) => items.reduce<Json>((now, one) => rewritten(now, one, whole, rename), item));
    return moved.every((item, i) => item === value[i]) ? value : moved;
  }
  if (!isRecord(value)) return value;
  const moved = Object.entries(value).map(([name, item]) => {
    const child = childOf(schema, whole, name);
    return [name, child ? rewritten(item, child, whole, rename) : item] as const;
  });
  return moved.every(([name, item]) => item === value[name]) ? value : Object.fromEntries(moved);
}

function childOf(schema: Schema, whole: Schema, name: string): Schema | undefined {
  for (const { properties, additionalProperties } of alternatives(schema, whole)) {
    if (isRecord(properties) && Object.hasOwn(properties, name) && isRecord(properties[name])) return properties[name];
    if (isRecord(additionalProperties)) return additionalProperties;
  }
  return undefined;
}

const isPath = (schema: Schema, whole: Schema): boolean =>
  alternatives(schema, whole).some(({ widget }) => PATH_WIDGETS.has(widget));

/** The schema itself and whatever a value may be instead. */
function alternatives(schema: Schema, whole: Schema): Schema[] {
  const { $ref, anyOf, oneOf, allOf } = schema;
  const named = typeof $ref === 'string' ? referred($ref, whole) : undefined;
  const inside = [anyOf, oneOf, allOf].flatMap((list) => (Array.isArray(list) ? list : [])).filter(isRecord);
  return [schema, ...(named ? alternatives(named, whole) : []), ...inside.flatMap((one) => alternatives(one, whole))];
}

/** Schemas that name themselves are told once. */
function referred(ref: string, whole: Schema): Schema | undefined {
  const found = /^#\/\$defs\/([^/]+)$/.exec(ref)?.[1];
  const defs = whole['$defs'];
  const schema = found !== undefined && isRecord(defs) ? defs[found] : undefined;
  return isRecord(schema) && schema['$ref'] === undefined ? schema : undefined;
}

const isRecord = (value: unknown): value is Readonly<Record<string, Json>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const variablesOf =
  (variables: unknown): Lookup =>
  (name) => {
    const variable = isRecord(variables) ? variables[name] : undefined;
    const value = isRecord(variable) ? variable['default'] : undefined;
    return typeof value === 'string' || typeof value === 'number' ? value : undefined;
  };

/** With the variables that are known; as it stands where one is not. */
function expanded(text: string, lookup: Lookup): string {
  try {
    return interpolate(text, (name) => lookup(name) ?? (name === 'frame' ? 1 : undefined));
  } catch {
    return text;
  }
}

const isName = (segment: string): boolean => segment !== '';
const isAbsolute = (path: string): boolean => posix.isAbsolute(path) || /^[A-Za-z]:\//.test(path);
/** A backslash separates only in paths that are plainly of Windows. */
const toSlashes = (path: string): string => (/^(?:[A-Za-z]:|\\\\)/.test(path) ? path.replaceAll('\\', '/') : path);
const closed = (folder: string): string => (folder.endsWith('/') ? folder : `${folder}/`);
/** A dollar sign begins a variable in the texts of a document. */
const escaped = (name: string): string => name.replaceAll('$', '$$$$');
/** What stands before the first name of a folder. */
const rootOf = (folder: string): string => /^\/*/.exec(toSlashes(folder))![0];
