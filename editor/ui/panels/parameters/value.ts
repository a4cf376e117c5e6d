// Values of forms: checked against their schema, begun where there is none, and changed in one piece by copying.
import { z } from 'zod';
import type { Json } from '../../../../engine/browser.ts';
import { follow, type Rooted, type Schema, sameJson, shapeOf, type Variant } from './schema.ts';

type Check = (value: Json) => string | undefined;

const checks = new WeakMap<Schema, Check>();

/** What is wrong with a value, with the place in it; undefined where nothing is, or where the schema cannot be read. */
export function troubleOf(rooted: Rooted, value: Json): string | undefined {
  const { schema } = rooted;
  let check = checks.get(schema);
  if (!check) {
    check = makeCheck(rooted);
    checks.set(schema, check);
  }
  return check(value);
}

function makeCheck({ schema, root }: Rooted): Check {
  const defs = root['$defs'];
  let parser: z.ZodType;
  try {
    parser = z.fromJSONSchema({
      ...schema,
      ...(defs === undefined ? {} : { $defs: defs }),
    } as z.core.JSONSchema.JSONSchema);
  } catch {
    return () => undefined; // the host checks every value with the node's own schema
  }
  return (value) => {
    const issue = parser.safeParse(value).error?.issues[0];
    if (!issue) return undefined;
    const { path, message } = deepest(issue);
    const place = path.map((key) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`)).join('');
    return `${place === '' ? '' : `${place.replace(/^\./, '')}: `}${message}`;
  };
}

interface Told {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

/** Of a union the form that a value came nearest to says more than that none fits. */
function deepest(issue: z.core.$ZodIssue): Told {
  if (issue.code !== 'invalid_union' || issue.errors.length === 0) return issue;
  const nearest = issue.errors
    .filter(([first]) => first !== undefined)
    .sort((a, b) => a.length - b.length || b[0]!.path.length - a[0]!.path.length)[0];
  if (!nearest || nearest[0]!.path.length === 0) return issue;
  const inner = deepest(nearest[0]!);
  return { path: [...issue.path, ...inner.path], message: inner.message };
}

/** A value to begin with, as small as the schema allows. */
export function startValue(rooted: Rooted): Json {
  const schema = follow(rooted) ?? rooted.schema;
  const { root } = rooted;
  if (schema['default'] !== undefined) return schema['default'] as Json;
  const shape = shapeOf({ schema, root });
  switch (shape.kind) {
    case 'number':
      return Math.min(shape.max ?? Infinity, Math.max(shape.min ?? -Infinity, 0));
    case 'text':
      return '';
    case 'choice':
      return shape.values[0] ?? null;
    case 'check':
      return false;
    case 'constant':
      return shape.value;
    case 'colour':
      return shape.form === 'hex' ? '#808080' : Array.from({ length: shape.count }, (_, i) => (i === 3 ? 1 : 0.18));
    case 'tuple':
      return shape.items.map(startValue);
    case 'list':
    case 'table': {
      const least = typeof schema['minItems'] === 'number' ? schema['minItems'] : 0;
      const item = shape.kind === 'list' ? shape.item : shape.variants[0]!;
      return Array.from({ length: Math.min(least, 64) }, () => startValue(item));
    }
    case 'record':
      return {};
    case 'object':
      return Object.fromEntries(shape.fields.filter((f) => f.required).map((f) => [f.name, startValue(f)]));
    case 'union':
      return startValue(shape.variants[0]!);
    case 'json':
      return null;
  }
}

/** Which form a value has: the first that it fits, else the first object with most of its keys, else none (-1). */
export function variantOf(variants: readonly Variant[], value: Json): number {
  const exact = variants.findIndex((variant) => troubleOf(variant, value) === undefined);
  if (exact >= 0 || typeof value !== 'object' || value === null || Array.isArray(value)) return exact;
  let best = -1;
  let most = 0;
  for (const [index, { schema }] of variants.entries()) {
    const properties = (schema['properties'] ?? {}) as Schema;
    const constants = Object.entries(properties).filter(([, one]) => (one as Schema)['const'] !== undefined);
    const record = value as Readonly<Record<string, Json>>;
    if (constants.some(([key, one]) => !sameJson((one as Schema)['const'] as Json, record[key]))) continue;
    const known = constants.length * 8 + Object.keys(record).filter((key) => Object.hasOwn(properties, key)).length;
    if (known > most) {
      most = known;
      best = index;
    }
  }
  return best;
}

type JsonRecord = Readonly<Record<string, Json | undefined>>;

/** True for an object that is no list. */
export const isRecord = (value: Json | undefined): value is JsonRecord =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The object with a piece set, or taken out where `value` is undefined; keys keep their order. */
export function withKey(record: Json | undefined, key: string, value: Json | undefined): JsonRecord {
  const whole = isRecord(record) ? record : {};
  if (value !== undefined) return { ...whole, [key]: value };
  const { [key]: _, ...rest } = whole;
  return rest;
}

/** The object with a key under another name, at its place. */
export const withKeyRenamed = (record: JsonRecord, from: string, to: string): JsonRecord =>
  Object.fromEntries(Object.entries(record).map(([key, value]) => [key === from ? to : key, value]));

/** The list with one item moved to stand before the item that is at `to` now. */
export function moved<T>(list: readonly T[], from: number, to: number): T[] {
  const item = list[from];
  if (item === undefined) return [...list];
  const rest = list.toSpliced(from, 1);
  return rest.toSpliced(to > from ? to - 1 : to, 0, item);
}

/** The pieces of a parameter's place as problems write it: `rows[3].to` or `attributes.resolve.owner`. */
export const piecesOf = (path: string): string[] => path.split(/[.[]/).map((piece) => piece.replace(/\]$/, ''));

/** A value in a line, for lists and tooltips. */
export function briefly(value: Json | undefined, most = 60): string {
  if (value === undefined) return '';
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length > most ? `${text.slice(0, most - 1)}…` : text;
}

const LONGEST_JSON = 1024 * 1024;

/** The value of a text of JSON, or what is wrong with it. */
export function readJson(
  text: string,
  check: (value: Json) => string | undefined,
): { value: Json } | { trouble: string } {
  if (text.length > LONGEST_JSON) return { trouble: `Expected at most ${LONGEST_JSON} characters.` };
  let value: Json;
  try {
    value = JSON.parse(text) as Json;
  } catch (thrown) {
    return { trouble: `This is not JSON: ${thrown instanceof Error ? thrown.message : String(thrown)}` };
  }
  const trouble = check(value);
  return trouble === undefined ? { value } : { trouble };
}
