// What can be animated: numbers, switches and choices among the parameters of a node, pieces of vectors included.

/** What an animated parameter takes at a frame. A `whole` number is rounded, halves away from 0. */
export type AnimatedKind = 'number' | 'whole' | 'switch' | 'choice';

/** The part of JSON Schema that is looked at; the catalogue has it of every node. */
interface Schema {
  readonly type?: unknown;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: Schema | boolean;
  readonly prefixItems?: readonly Schema[];
  readonly items?: Schema | boolean;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
}

/** What stands at a path such as `stops` or `size.0`; undefined where there is nothing, or nothing that can be animated. */
export function animatedKindAt(params: object, path: string): AnimatedKind | undefined {
  let found: readonly Schema[] = [params as Schema];
  for (const piece of path.split('.')) found = found.flatMap(alternatives).flatMap((schema) => inside(schema, piece));
  const kinds = found.flatMap(alternatives).map(kindOf);
  return kinds.find((kind) => kind !== undefined);
}

/** Every path that can be animated, in the order of the parameters; items of a list of any length as `rows.N.value`. */
export const animatedPaths = (params: object): string[] => [...new Set(pathsIn(params as Schema, []))];

function* pathsIn(schema: Schema, path: readonly string[]): Generator<string> {
  if (path.length > 8) return;
  for (const one of alternatives(schema)) {
    if (path.length > 0 && kindOf(one) !== undefined) yield path.join('.');
    for (const [name, field] of Object.entries(one.properties ?? {})) yield* pathsIn(field, [...path, name]);
    for (const [i, item] of (one.prefixItems ?? []).entries()) yield* pathsIn(item, [...path, String(i)]);
    if (typeof one.items === 'object') yield* pathsIn(one.items, [...path, 'N']);
    if (typeof one.additionalProperties === 'object') yield* pathsIn(one.additionalProperties, [...path, 'NAME']);
  }
}

const alternatives = (schema: Schema): readonly Schema[] =>
  [...(schema.anyOf ?? []), ...(schema.oneOf ?? [])].flatMap(alternatives).concat(schema);

function inside(schema: Schema, piece: string): readonly Schema[] {
  const field = schema.properties && Object.hasOwn(schema.properties, piece) ? schema.properties[piece] : undefined;
  const item = /^\d+$/.test(piece) ? (schema.prefixItems?.[Number(piece)] ?? schema.items) : undefined;
  const other = field ? undefined : schema.additionalProperties;
  return [field, item, other].filter((one) => typeof one === 'object');
}

function kindOf(schema: Schema): AnimatedKind | undefined {
  if (schema.const !== undefined) return undefined;
  if (schema.enum) return schema.enum.every((value) => typeof value === 'string') ? 'choice' : undefined;
  const types = Array.isArray(schema.type) ? schema.type : [schema.type];
  if (types.includes('number')) return 'number';
  if (types.includes('integer')) return 'whole';
  return types.includes('boolean') ? 'switch' : undefined;
}
