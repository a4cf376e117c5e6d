// Edits of parameters: setting, resetting, promoting, for one node and for several at once.
import type { CatalogueEntry, Document, Edit, Json, Promoted } from '../../../../engine/browser.ts';
import { type FieldSpec, parametersOf, sameJson } from './schema.ts';

const batch = (edits: readonly Edit[]): Edit => (edits.length === 1 ? edits[0]! : { op: 'batch', edits });

/** `exposure1`, or `3 nodes`. */
export const namesOf = (ids: readonly string[]): string => (ids.length === 1 ? ids[0]! : `${ids.length} nodes`);

/** Sets a parameter of some nodes to one value; undefined takes it out, so that the default holds. */
export const setParam = (ids: readonly string[], name: string, value: Json | undefined): Edit =>
  batch(ids.map((node) => ({ op: 'setParam', node, name, ...(value === undefined ? {} : { value }) })));

/** The value of a parameter as the document has it, or its default. */
export const paramOf = (document: Document, id: string, field: FieldSpec): Json | undefined => {
  const params = document.nodes[id]?.params ?? {};
  return Object.hasOwn(params, field.name) ? params[field.name] : field.fallback;
};

/** True where the document says something else than the default. */
export const isChanged = (value: Json | undefined, field: FieldSpec): boolean =>
  value !== undefined && !sameJson(value, field.fallback);

/** What all nodes of a selection have in common: parameters of one name and form. */
export function commonFields(entries: readonly CatalogueEntry[]): FieldSpec[] {
  const [first, ...others] = entries;
  if (!first) return [];
  const rest = others.map((entry) => new Map(parametersOf(entry).map((field) => [field.name, field])));
  return parametersOf(first).filter((field) =>
    rest.every((fields) => {
      const other = fields.get(field.name);
      return other !== undefined && sameJson(other.schema as Json, field.schema as Json);
    }),
  );
}

/** The promoted parameter that reaches this one; undefined where none does. */
export const promotedAs = (document: Document, target: string): Promoted | undefined =>
  document.promoted.find(({ to }) => to.includes(target));

const FORM = /^[A-Za-z][A-Za-z0-9_-]*$/;

/** A name for a promoted parameter that is still free: that of the parameter, with the node's where it is taken. */
export function promotedName(document: Document, node: string, param: string): string {
  const last = param.slice(param.lastIndexOf('.') + 1);
  const taken = (name: string): boolean => document.promoted.some((one) => one.name === name);
  const candidates = [last, `${node}_${last}`].filter((name) => FORM.test(name));
  const free = candidates.find((name) => !taken(name));
  if (free !== undefined) return free;
  const stem = candidates.at(-1) ?? node;
  for (let i = 2; ; i++) if (!taken(`${stem}${i}`)) return `${stem}${i}`;
}

/** Offers a parameter to whoever uses the graph. `param` may reach into an object: `attributes.fill`. */
export function promote(document: Document, node: string, param: string, field: FieldSpec): Edit {
  const name = promotedName(document, node, param);
  const { title, description } = field;
  return {
    op: 'promote',
    promoted: { name, title, ...(description === undefined ? {} : { doc: description }), to: [`${node}.${param}`] },
  };
}

/** Takes a parameter back; what the promoted one reaches besides stays. */
export function demote(document: Document, target: string): Edit {
  const promoted = document.promoted.flatMap((one): Promoted[] => {
    if (!one.to.includes(target)) return [one];
    const to = one.to.filter((end) => end !== target);
    return to.length === 0 ? [] : [{ ...one, to }];
  });
  return { op: 'setPromoted', promoted };
}

/** A piece of a parameter can be promoted where every step to it is a name. */
export const canPromote = (path: readonly string[]): boolean =>
  path.length > 0 && path.every((name) => FORM.test(name));
