// Types of parameters in a few words, from the JSON Schema of the catalogue.

/** The part of JSON Schema that parameters use. */
export interface Schema {
  readonly type?: string;
  readonly title?: string;
  readonly description?: string;
  readonly unit?: string;
  readonly default?: unknown;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly items?: Schema;
  readonly prefixItems?: readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: Schema | boolean;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
}

/** Such as `whole number 1 to 9`, `keep | zip | piz` or `list of { channels: text, type: half | float }`. */
export function schemaText(schema: Schema): string {
  if (schema.const !== undefined) return word(schema.const);
  if (schema.enum) return schema.enum.map(word).join(' | ');
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices) return [...new Set(choices.map(schemaText))].join(' | ');
  switch (schema.type) {
    case 'string':
      return 'text';
    case 'boolean':
      return 'true | false';
    case 'integer':
    case 'number':
      return `${schema.type === 'integer' ? 'whole number' : 'number'}${rangeText(schema)}${schema.unit ? ` ${schema.unit}` : ''}`;
    case 'array':
      return schema.prefixItems
        ? `[${schema.prefixItems.map(schemaText).join(', ')}]`
        : `list of ${schemaText(schema.items ?? {})}`;
    case 'object':
      return objectText(schema);
    default:
      return 'any value';
  }
}

function objectText({ properties, required = [], additionalProperties }: Schema): string {
  if (!properties)
    return `{ name: ${schemaText(typeof additionalProperties === 'object' ? additionalProperties : {})} }`;
  const fields = Object.entries(properties).map(
    ([name, field]) => `${name}${required.includes(name) ? '' : '?'}: ${schemaText(field)}`,
  );
  return `{ ${fields.join(', ')} }`;
}

/** Bounds that only say what the type can hold are left out. */
function rangeText({ minimum, maximum }: Schema): string {
  const least = minimum !== undefined && minimum > Number.MIN_SAFE_INTEGER ? minimum : undefined;
  const most = maximum !== undefined && maximum < Number.MAX_SAFE_INTEGER ? maximum : undefined;
  if (least !== undefined && most !== undefined) return ` ${least} to ${most}`;
  if (least !== undefined) return ` from ${least}`;
  return most === undefined ? '' : ` up to ${most}`;
}

const word = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));
