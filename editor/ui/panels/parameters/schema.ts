// Reading JSON Schema as forms need it: hints, defaults, references, and which kind of control a value gets.
import { type CatalogueEntry, canonicalJson, type Json } from '../../../../engine/browser.ts';

/** A JSON Schema as the catalogue gives it (draft 2020-12); hints of the node's author stand beside the keywords. */
export type Schema = Readonly<Record<string, unknown>>;

/** A schema with the one around it, which holds what `$ref` points at. */
export interface Rooted {
  readonly schema: Schema;
  readonly root: Schema;
}

/** A named value of an object: a parameter, or a piece of one. */
export interface FieldSpec extends Rooted {
  readonly name: string;
  readonly title: string;
  readonly description?: string;
  /** What holds where the value is left out; undefined where nothing does. */
  readonly fallback?: Json;
  /** Must be given. */
  readonly required: boolean;
  /** Folded away at first. */
  readonly advanced: boolean;
}

/** One of several forms that a value may have. */
export interface Variant extends Rooted {
  readonly title: string;
}

/** Which control a value gets. */
export type Shape =
  | {
      readonly kind: 'number';
      readonly integer: boolean;
      readonly min?: number;
      readonly max?: number;
      readonly step?: number;
      readonly unit?: string;
      /** The ends of a slider, where one is asked for; typed numbers may go beyond them. */
      readonly slider?: { readonly min: number; readonly max: number };
    }
  | {
      readonly kind: 'text';
      readonly widget?: string;
      readonly lines: boolean;
      /** Endings of the files that it takes, without dots. */
      readonly extensions?: readonly string[];
    }
  | {
      readonly kind: 'choice';
      readonly values: readonly Json[];
      /** What people call the values; others are shown as they are. */
      readonly titles?: Readonly<Record<string, string>>;
    }
  | { readonly kind: 'check' }
  | { readonly kind: 'constant'; readonly value: Json }
  | { readonly kind: 'colour'; readonly form: 'hex' | 'numbers'; readonly count: number }
  | { readonly kind: 'tuple'; readonly items: readonly Rooted[]; readonly unit?: string }
  | { readonly kind: 'list'; readonly item: Rooted; readonly widget?: string; readonly most?: number }
  | { readonly kind: 'table'; readonly variants: readonly Variant[]; readonly widget?: string; readonly most?: number }
  | { readonly kind: 'record'; readonly item: Rooted; readonly widget?: string }
  | { readonly kind: 'object'; readonly fields: readonly FieldSpec[]; readonly widget?: string }
  | { readonly kind: 'union'; readonly variants: readonly Variant[] }
  | { readonly kind: 'json'; readonly widget?: string };

const DEEPEST = 16;

const isSchema = (value: unknown): value is Schema =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
const number = (value: unknown): number | undefined =>
  typeof value === 'number' && Number.isFinite(value) ? value : undefined;

/** Follows `$ref` into the root's `$defs`; hints beside a reference win. Undefined for what is not there or recursive. */
export function follow({ schema, root }: Rooted): Schema | undefined {
  let current = schema;
  for (let i = 0; i < DEEPEST; i++) {
    const { $ref: ref, ...own } = current;
    if (ref === undefined) return current;
    const name = /^#\/\$defs\/([^/]+)$/.exec(String(ref))?.[1];
    const defs = root['$defs'];
    const found = name !== undefined && isSchema(defs) && Object.hasOwn(defs, name) ? defs[name] : undefined;
    if (!isSchema(found) || JSON.stringify(found).includes(JSON.stringify(ref))) return undefined;
    current = { ...found, ...own };
  }
  return undefined;
}

/** The hint that says which control the author wants. */
export const widgetOf = (schema: Schema): string | undefined => text(schema['widget']);

/** `waitSeconds` as `Wait seconds`. */
export const wordsOfName = (name: string): string => {
  const words = name
    .replace(/[_-]+/g, ' ')
    .replace(/([a-z\d])([A-Z])/g, (_, a: string, b: string) => `${a} ${b.toLowerCase()}`);
  return words.charAt(0).toUpperCase() + words.slice(1);
};

/** The fields of an object schema in the order in which they are declared. */
export function fieldsOf({ schema, root }: Rooted): FieldSpec[] {
  const properties = schema['properties'];
  const required = Array.isArray(schema['required']) ? schema['required'] : [];
  if (!isSchema(properties)) return [];
  return Object.entries(properties).flatMap(([name, own]) => {
    if (!isSchema(own)) return [];
    const seen = follow({ schema: own, root }) ?? own;
    const description = text(seen['description']);
    return [
      {
        name,
        schema: own,
        root,
        title: text(seen['title']) ?? wordsOfName(name),
        ...(description === undefined ? {} : { description }),
        ...(seen['default'] === undefined ? {} : { fallback: seen['default'] as Json }),
        required: required.includes(name) && seen['default'] === undefined,
        advanced: seen['advanced'] === true,
      },
    ];
  });
}

/** The parameters of a node. */
export const parametersOf = (entry: CatalogueEntry): FieldSpec[] =>
  fieldsOf({ schema: entry.params, root: entry.params });

/** The forms that a value may have, those inside each other laid flat; undefined where there is only one. */
function variantsOf({ schema, root }: Rooted): Variant[] | undefined {
  const forms = schema['anyOf'] ?? schema['oneOf'];
  if (!Array.isArray(forms)) return undefined;
  return forms.filter(isSchema).flatMap((one): Variant[] => {
    const seen = follow({ schema: one, root });
    if (!seen) return [{ schema: one, root, title: 'JSON' }];
    const inner = variantsOf({ schema: seen, root });
    return inner ?? [{ schema: seen, root, title: titleOfVariant({ schema: seen, root }) }];
  });
}

function titleOfVariant({ schema, root }: Rooted): string {
  const title = text(schema['title']);
  if (title !== undefined) return title;
  if (schema['const'] !== undefined) return String(schema['const']);
  if (schema['type'] === 'object') {
    const names = fieldsOf({ schema, root }).map((field) => field.title);
    return names.length > 0 ? names.slice(0, 3).join(', ') : 'Object';
  }
  if (schema['type'] === 'integer') return 'Whole number';
  const type = text(schema['type']);
  return type === undefined ? 'JSON' : wordsOfName(type === 'string' ? 'text' : type);
}

const isObject = ({ schema }: Rooted): boolean => schema['type'] === 'object' && isSchema(schema['properties']);

/** Which control a value of this schema gets; whatever is not understood is edited as JSON. */
export function shapeOf(rooted: Rooted): Shape {
  const schema = follow(rooted);
  const { root } = rooted;
  const widget = widgetOf(schema ?? rooted.schema);
  const hint = widget === undefined ? {} : { widget };
  if (!schema || widget === 'json') return { kind: 'json', ...hint };
  if (schema['const'] !== undefined) return { kind: 'constant', value: schema['const'] as Json };
  if (Array.isArray(schema['enum'])) {
    return { kind: 'choice', values: schema['enum'] as Json[], ...titlesOf(schema['titles']) };
  }
  const variants = variantsOf({ schema, root });
  if (variants) return unionOf(variants, hint);
  switch (schema['type']) {
    case 'boolean':
      return { kind: 'check' };
    case 'number':
    case 'integer':
      return numberShape(schema);
    case 'string':
      if (isColour(widget)) return { kind: 'colour', form: 'hex', count: 3 };
      return {
        kind: 'text',
        ...hint,
        lines: ['lines', 'multiline', 'textarea'].includes(widget ?? ''),
        ...extensionsOf(schema['extensions']),
      };
    case 'array':
      return arrayShape({ schema, root }, hint);
    case 'object':
      return objectShape({ schema, root }, hint);
    default:
      return { kind: 'json', ...hint };
  }
}

/** Several forms, of which those that differ in nothing to choose between are one. */
function unionOf(variants: readonly Variant[], hint: { readonly widget?: string }): Shape {
  const [only] = variants;
  if (only && variants.length === 1) return shapeOf(only);
  return variants.length === 0 ? { kind: 'json', ...hint } : { kind: 'union', variants };
}

/** An author may write them with dots. */
function extensionsOf(value: unknown): { readonly extensions?: readonly string[] } {
  if (!Array.isArray(value)) return {};
  const extensions = value.flatMap((one) => (typeof one === 'string' ? one.replace(/^\./, '') : []));
  return extensions.length > 0 ? { extensions } : {};
}

const isColour = (widget: string | undefined): boolean => widget === 'colour' || widget === 'color';

function titlesOf(hint: unknown): { readonly titles?: Readonly<Record<string, string>> } {
  if (!isSchema(hint)) return {};
  return { titles: Object.fromEntries(Object.entries(hint).filter(([, title]) => typeof title === 'string')) } as {
    readonly titles: Readonly<Record<string, string>>;
  };
}

function numberShape(schema: Schema): Shape {
  const integer = schema['type'] === 'integer';
  // Safe integers are what a schema says of any whole number: no limit to show.
  const limit = (value: unknown): number | undefined => {
    const found = number(value);
    return found !== undefined && Math.abs(found) < Number.MAX_SAFE_INTEGER ? found : undefined;
  };
  const min = limit(schema['minimum']) ?? limit(schema['exclusiveMinimum']);
  const max = limit(schema['maximum']) ?? limit(schema['exclusiveMaximum']);
  const low = number(schema['min']) ?? min;
  const high = number(schema['max']) ?? max;
  const step = number(schema['step']);
  const unit = text(schema['unit']);
  const slides = widgetOf(schema) === 'slider' && low !== undefined && high !== undefined && low < high;
  return {
    kind: 'number',
    integer,
    ...(min === undefined ? {} : { min }),
    ...(max === undefined ? {} : { max }),
    ...(step === undefined ? {} : { step }),
    ...(unit === undefined ? {} : { unit }),
    ...(slides ? { slider: { min: low, max: high } } : {}),
  };
}

function arrayShape({ schema, root }: Rooted, hint: { readonly widget?: string }): Shape {
  const unit = text(schema['unit']);
  const places = schema['prefixItems'];
  const items = schema['items'];
  const most = number(schema['maxItems']);
  if (Array.isArray(places) && places.length > 0 && !isSchema(items)) {
    const rooted = places.filter(isSchema).map((one) => ({ schema: one, root }));
    const numbers = rooted.every((one) => shapeOf(one).kind === 'number');
    if (isColour(hint.widget) && numbers && (rooted.length === 3 || rooted.length === 4)) {
      return { kind: 'colour', form: 'numbers', count: rooted.length };
    }
    return { kind: 'tuple', items: rooted, ...(unit === undefined ? {} : { unit }) };
  }
  if (!isSchema(items)) return { kind: 'json', ...hint };
  const item = { schema: items, root };
  const length = number(schema['minItems']);
  if (isColour(hint.widget) && length === most && (length === 3 || length === 4)) {
    return { kind: 'colour', form: 'numbers', count: length };
  }
  const seen = follow(item);
  if (!seen) return { kind: 'json', ...hint };
  const variants = variantsOf({ schema: seen, root }) ?? [
    { schema: seen, root, title: titleOfVariant({ schema: seen, root }) },
  ];
  const limit = most === undefined ? {} : { most };
  if (variants.every(isObject)) return { kind: 'table', variants, ...hint, ...limit };
  return { kind: 'list', item, ...hint, ...limit };
}

/** The schemas of the numbers of a colour, or of other values of a fixed count. */
export function itemsOf(at: Rooted, count: number): Rooted[] {
  const schema = follow(at);
  const places = schema?.['prefixItems'];
  const items = schema?.['items'];
  if (Array.isArray(places)) return places.filter(isSchema).map((one) => ({ schema: one, root: at.root }));
  return isSchema(items) ? Array.from({ length: count }, () => ({ schema: items, root: at.root })) : [];
}

function objectShape({ schema, root }: Rooted, hint: { readonly widget?: string }): Shape {
  const fields = fieldsOf({ schema, root });
  if (fields.length > 0) return { kind: 'object', fields, ...hint };
  const rest = schema['additionalProperties'];
  return isSchema(rest) ? { kind: 'record', item: { schema: rest, root }, ...hint } : { kind: 'json', ...hint };
}

/** Same JSON, whatever the order of keys. */
export const sameJson = (a: Json | undefined, b: Json | undefined): boolean =>
  a === b || (a !== undefined && b !== undefined && canonicalJson(a) === canonicalJson(b));
