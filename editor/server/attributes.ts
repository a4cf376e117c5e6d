// Attributes of an image as rows of a table: typed values, a short text, and who owns those that describe the file itself.
import {
  type Attribute,
  boxText,
  decodeAttribute,
  type ImageSpec,
  type PartSpec,
  STRUCTURAL_ATTRIBUTES,
} from '../../engine/index.ts';
import type { AttributeRow } from '../protocol.ts';

/** Characters of a row's text; the value has all of it. */
const MOST_TEXT = 200;

export const attributeRows = (image: ImageSpec): AttributeRow[] =>
  image.parts.flatMap((part, index) => {
    const stated = statedRows(part, index);
    const names = new Set(stated.map((row) => row.name));
    const own = part.attributes.filter((attribute) => !names.has(attribute.name));
    return [...stated, ...own.map((attribute) => rowOf(attribute, index))];
  });

function rowOf(attribute: Attribute & { readonly source?: string }, part: number): AttributeRow {
  const { name, type, source } = attribute;
  const owner = Object.hasOwn(STRUCTURAL_ATTRIBUTES, name) ? STRUCTURAL_ATTRIBUTES[name] : undefined;
  const base = {
    part,
    name,
    type,
    ...(source === undefined ? {} : { source }),
    ...(owner === undefined ? {} : { owner }),
  };
  try {
    const value = decodeAttribute(attribute);
    if (value !== undefined)
      return { ...base, value, text: short(typeof value === 'string' ? value : JSON.stringify(value)) };
  } catch {
    // Bytes that do not hold what the type says are kept as they are, and shown as bytes.
  }
  return { ...base, text: `${attribute.bytes.length} bytes: ${hexOf(attribute.bytes)}` };
}

/** What the description states itself, in the order in which OpenEXR's tools list it. */
function statedRows(part: PartSpec, index: number): AttributeRow[] {
  const { name, view, kind, dataWindow, displayWindow, channels, stored } = part;
  const row = (attribute: string, type: string, value: unknown, text: string): AttributeRow => {
    const owner = STRUCTURAL_ATTRIBUTES[attribute];
    return { part: index, name: attribute, type, value, text: short(text), ...(owner === undefined ? {} : { owner }) };
  };
  const names = channels.map((channel) => channel.name);
  const rows = [
    row('channels', 'chlist', names, names.join(', ')),
    row('dataWindow', 'box2i', dataWindow, boxText(dataWindow)),
    row('displayWindow', 'box2i', displayWindow, boxText(displayWindow)),
  ];
  if (name !== undefined) rows.push(row('name', 'string', name, name));
  if (view !== undefined) rows.push(row('view', 'string', view, view));
  if (!stored) return rows;
  const { compression, lineOrder, tiles } = stored;
  const form = kind === 'deep' ? (tiles ? 'deeptile' : 'deepscanline') : tiles ? 'tiledimage' : 'scanlineimage';
  rows.push(
    row('compression', 'compression', compression, compression),
    row('lineOrder', 'lineOrder', lineOrder, lineOrder),
    row('type', 'string', form, form),
  );
  if (tiles) rows.push(row('tiles', 'tiledesc', tiles, JSON.stringify(tiles)));
  return rows;
}

const short = (text: string): string => (text.length > MOST_TEXT ? `${text.slice(0, MOST_TEXT - 1)}…` : text);

const hexOf = (bytes: Uint8Array): string => {
  const shown = Buffer.from(bytes.subarray(0, 16)).toString('hex').replace(/../g, '$& ').trim();
  return bytes.length > 16 ? `${shown} …` : shown;
};
