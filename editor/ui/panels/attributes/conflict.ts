// Conflicts: what problems say of attributes on which sources disagree, as choices for one and for all.
import type { CatalogueEntry, Document, Edit, Json, Problem } from '../../../../engine/browser.ts';
import { parametersOf, type Rooted, sameJson, shapeOf } from '../parameters/schema.ts';
import { isRecord, piecesOf, troubleOf, withKey } from '../parameters/value.ts';

export interface Choice {
  /** A source, or undefined for leaving the attribute out. */
  readonly source?: string;
  readonly title: string;
  readonly edits: readonly Edit[];
}

export interface Conflict {
  readonly node: string;
  readonly attribute: string;
  readonly message: string;
  /** For this attribute. */
  readonly choices: readonly Choice[];
  /** For every attribute on which sources disagree. */
  readonly forAll: readonly Choice[];
  /** The place of a value of one's own, where the node takes one. */
  readonly custom?: { readonly param: string; readonly path: readonly string[] };
}

/** The conflicts of a node, in the order of its problems. */
export function conflictsOf(
  problems: readonly Problem[],
  document: Document,
  catalogue: readonly CatalogueEntry[],
  node: string,
): Conflict[] {
  const entry = catalogue.find(({ type }) => type === document.nodes[node]?.type);
  return problems.flatMap((problem): Conflict[] => {
    const { attribute, param } = problem.where;
    if (problem.code !== 'attribute-conflict' || problem.where.node !== node) return [];
    if (typeof attribute !== 'string' || param === undefined || (problem.fixes ?? []).length === 0) return [];
    const choices: Choice[] = [];
    const forAll: Choice[] = [];
    for (const { title, edits } of problem.fixes ?? []) {
      const change = changeOf(document, node, edits);
      const choice = { title, edits, ...(typeof change?.value === 'string' ? { source: change.value } : {}) };
      if (change === undefined || change.path.includes(attribute)) choices.push(choice);
      else forAll.push(choice);
    }
    const path = placeOf(param, attribute);
    const custom = entry && takesValue(entry, path) ? { param: path[0]!, path: path.slice(1) } : undefined;
    return [{ node, attribute, message: problem.message, choices, forAll, ...(custom ? { custom } : {}) }];
  });
}

/** The pieces of a place that ends in the name of an attribute, which may hold dots itself. */
function placeOf(param: string, attribute: string): string[] {
  return param.endsWith(`.${attribute}`)
    ? [...piecesOf(param.slice(0, -attribute.length - 1)), attribute]
    : piecesOf(param);
}

/** The one place in the node's parameters that a fix changes, and what it puts there; undefined where it does more. */
function changeOf(
  document: Document,
  node: string,
  edits: readonly Edit[],
): { readonly path: readonly string[]; readonly value: Json } | undefined {
  const [edit] = edits.filter((one) => one.op === 'setParam' && one.node === node);
  if (edit?.op !== 'setParam' || edit.value === undefined) return undefined;
  const found = difference(document.nodes[node]?.params[edit.name], edit.value);
  return found && { path: [edit.name, ...found.path], value: found.value };
}

/** What is new in a value: down to where one key has another value and all others are the same or are only now written out. */
function difference(
  before: Json | undefined,
  after: Json,
): { readonly path: readonly string[]; readonly value: Json } | undefined {
  if (!isRecord(after)) return { path: [], value: after };
  const known = isRecord(before) ? before : {};
  const told = Object.entries(after).filter(
    ([key, value]) => value !== undefined && !sameJson(known[key], value) && !isBlank(value),
  );
  const [only] = told;
  if (!only || told.length > 1) return { path: [], value: after };
  // A value such as { leaveOut: true } is a choice, not a place.
  if (!isRecord(only[1]) || Object.values(only[1]).every((value) => typeof value === 'boolean')) {
    return { path: [only[0]], value: only[1] as Json };
  }
  const deeper = difference(known[only[0]], only[1] as Json);
  return deeper && { path: [only[0], ...deeper.path], value: deeper.value };
}

/** A default that is only written out. */
const isBlank = (value: Json): boolean =>
  (isRecord(value) && Object.keys(value).length === 0) || (Array.isArray(value) && value.length === 0);

/** True where a value with its type may stand at a place in the parameters. */
function takesValue(entry: CatalogueEntry, path: readonly string[]): boolean {
  const [name, ...rest] = path;
  let at: Rooted | undefined = parametersOf(entry).find((field) => field.name === name);
  for (const piece of rest) {
    if (!at) return false;
    const shape = shapeOf(at);
    if (shape.kind === 'object') at = shape.fields.find((field) => field.name === piece);
    else if (shape.kind === 'record') at = shape.item;
    else return false;
  }
  return at !== undefined && troubleOf(at, { value: 'text', type: 'string' }) === undefined;
}

/** The edit that gives a value of one's own. */
export function customEdit(
  document: Document,
  { node, custom }: Conflict,
  value: Json,
  type: string,
): Edit | undefined {
  if (!custom) return undefined;
  const put = (whole: Json | undefined, [head, ...rest]: readonly string[]): Json =>
    head === undefined
      ? { value, type }
      : (withKey(whole, head, put(isRecord(whole) ? whole[head] : undefined, rest)) as Json);
  return {
    op: 'setParam',
    node,
    name: custom.param,
    value: put(document.nodes[node]?.params[custom.param], custom.path),
  };
}
