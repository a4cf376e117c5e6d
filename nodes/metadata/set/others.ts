// Other inputs: finds the part and the attribute of another image that belong to a part, and fills them into texts.
import {
  type Attribute,
  type AttributeSet,
  attributeText,
  EngineError,
  findAttribute,
  findPart,
  type ImageSpec,
  type Json,
  listNames,
  nearNames,
  type PartSpec,
  partLabels,
  sameAttribute,
} from '../../../engine/authoring.ts';

/** The images on the port `others` by name. */
export type Others = Readonly<Record<string, ImageSpec>>;

/** Throws `source-unknown`. */
export function otherImage(others: Others, name: string): ImageSpec {
  if (Object.hasOwn(others, name)) return others[name]!;
  const near = nearNames(name, Object.keys(others));
  const hint = near.length > 0 ? ` Did you mean ${near.join(' or ')}?` : '';
  throw new EngineError(
    'invalid',
    'source-unknown',
    `There is no input ${name} on the port others.${hint} Connected: ${listNames(Object.keys(others))}.`,
  );
}

/** The part of another image that belongs to a part: as told, of the same name, or the only one. Throws `part-unknown`. */
export function otherPart(image: ImageSpec, to: PartSpec, told: string | number | undefined): PartSpec {
  const index =
    told !== undefined
      ? findPart(image.parts, told)
      : ((to.name === undefined ? undefined : findPart(image.parts, to.name)) ??
        (image.parts.length === 1 ? 0 : undefined));
  const found = index === undefined ? undefined : image.parts[index];
  if (found) return found;
  const what = told === undefined ? 'Say with fromPart which part is meant' : `There is no part ${told}`;
  throw new EngineError('invalid', 'part-unknown', `${what}. Parts: ${listNames(partLabels(image.parts))}.`);
}

/**
 * The attribute of another image that belongs to a part. Where several parts could be meant it must be the same in all
 * that have it. Throws `attribute-unknown` and `part-unknown`.
 */
export function otherAttribute(
  image: ImageSpec,
  to: PartSpec,
  name: string,
  told: string | number | undefined,
): Attribute {
  if (told === undefined && image.parts.length > 1) {
    const held = image.parts.flatMap((p) => findAttribute(p.attributes, name) ?? []);
    const [first] = held;
    if (first && held.every((a) => sameAttribute(a, first))) return first;
  }
  return ownAttribute(otherPart(image, to, told).attributes, name);
}

/** Throws `attribute-unknown`. */
export function ownAttribute(set: AttributeSet, name: string): Attribute {
  const found = findAttribute(set, name);
  if (found) return found;
  throw new EngineError('invalid', 'attribute-unknown', unknownText(set, name), { attribute: name });
}

export function unknownText(set: AttributeSet, name: string): string {
  const near = nearNames(
    name,
    set.map((a) => a.name),
  );
  return `There is no attribute ${name}.${near.length > 0 ? ` Did you mean ${near.join(' or ')}?` : ''}`;
}

const REFERENCE = /\$\{[A-Za-z][\w-]*\.[^{}]+\}/;
const TOKEN = /\$\$|\$\{([A-Za-z][\w-]*)\.([^{}]+)\}/g;

/**
 * A text with `${attribute.NAME}` and `${others.INPUT.NAME}` replaced by values as they are in the inputs. A text that
 * holds such a name has come here with its `$$` as typed, which now become `$`; in any other text they are done with.
 * Throws `attribute-unknown`, `source-unknown`, `part-unknown`, `param-variable` for another word before the dot, and
 * `attribute-opaque` for a value without a text.
 */
export function fillText(text: string, part: PartSpec, others: Others): string {
  if (!REFERENCE.test(text)) return text;
  return text.replace(TOKEN, (token, head: string | undefined, rest: string | undefined) => {
    if (head === undefined || rest === undefined) return '$';
    const attribute = referred(token, head, rest, part, others);
    const filled = attributeText(attribute);
    if (filled !== undefined) return filled;
    const message = `The value of ${attribute.name} (${attribute.type}) cannot stand in a text.`;
    throw new EngineError('invalid', 'attribute-opaque', message, { attribute: attribute.name });
  });
}

function referred(token: string, head: string, rest: string, part: PartSpec, others: Others): Attribute {
  if (head === 'attribute') return ownAttribute(part.attributes, rest);
  const dot = rest.indexOf('.');
  if (head === 'others' && dot > 0) {
    return otherAttribute(otherImage(others, rest.slice(0, dot)), part, rest.slice(dot + 1), undefined);
  }
  // biome-ignore lint/suspicious/noTemplateCurlyInString: these are the placeholders that people type
  const expected = '${attribute.NAME}, or ${others.INPUT.NAME} for an attribute of another input';
  throw new EngineError(
    'invalid',
    'param-variable',
    `Expected ${expected}; found ${token}. Write $$ for a dollar sign.`,
  );
}

/** Fills a text or a list of texts; other values stay as they are. */
export function fillTexts(value: Json, part: PartSpec, others: Others): Json {
  if (typeof value === 'string') return fillText(value, part, others);
  return Array.isArray(value)
    ? value.map((item) => (typeof item === 'string' ? fillText(item, part, others) : item))
    : value;
}
