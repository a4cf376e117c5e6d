// Encodes the header of a file: version field and attributes of every part, those unedited byte for byte.
import { type Box, boxEquals, boxText } from '../base/box.ts';
import { ByteWriter } from '../base/bytes.ts';
import { EngineError, type Place } from '../base/error.ts';
import { encodeText } from '../base/text.ts';
import { type Attribute, encodeAttribute } from './attribute.ts';
import { encodeChannelList, LONGEST_NAME, LONGEST_SHORT_NAME } from './channel-list.ts';
import type { WritePart } from './header.ts';
import { FLAGS, FORMAT_VERSION, MAGIC } from './header-parse.ts';
import { layoutOf } from './layout.ts';
import { isDeep, isTiled } from './shape.ts';
import { checkShape, checkWindow, compareBytes, sortedPart } from './shape-check.ts';

export interface HeaderOptions {
  /** Write the form for several parts even where there is one. Two parts or more always get it. */
  readonly multipart?: boolean;
  /** Set the flag for long names even where no name needs it. */
  readonly longNames?: boolean;
}

const refuse = (message: string, where: Place = {}): EngineError =>
  new EngineError('invalid', 'exr-cannot-write', message, where);

/** Whether these parts are written in the form for several parts. */
export const writesMultipart = (parts: readonly WritePart[], options: HeaderOptions): boolean =>
  parts.length > 1 || options.multipart === true;

/**
 * The bytes of a header, up to the first offset table. Attributes stand in the order of each part's `headerOrder`,
 * those that a part's fields state are made from the fields, and nothing is added that neither the format demands nor
 * the order names. Throws `exr-cannot-write` where the parts cannot make a sound file.
 */
export function encodeHeader(parts: readonly WritePart[], options: HeaderOptions = {}): Uint8Array {
  if (parts.length === 0) throw refuse('Expected at least one part, found none.');
  const multipart = writesMultipart(parts, options);
  const headers = parts.map((part, index) => {
    try {
      return attributesOf(sortedPart(part), multipart);
    } catch (thrown) {
      if (!(thrown instanceof EngineError)) throw thrown;
      throw refuse(thrown.message, { part: part.name ?? index, ...thrown.where });
    }
  });
  if (multipart) checkTogether(parts);

  const names = headers.flat().flatMap(({ name, type }) => [name, type]);
  const channels = parts.flatMap((part) => part.channels.map(({ name }) => name));
  const long = [...names, ...channels].some((name) => encodeText(name).length > LONGEST_SHORT_NAME);
  const writer = new ByteWriter();
  writer.u32(MAGIC);
  writer.u32(
    FORMAT_VERSION |
      (!multipart && parts[0]!.type === 'tiledimage' ? FLAGS.tiled : 0) |
      (long || options.longNames ? FLAGS.longNames : 0) |
      (parts.some(isDeep) ? FLAGS.deep : 0) |
      (multipart ? FLAGS.multipart : 0),
  );
  for (const header of headers) {
    for (const { name, type, bytes } of header) {
      writer.put(encodeText(name)).u8(0).put(encodeText(type)).u8(0).i32(bytes.length).put(bytes);
    }
    writer.u8(0);
  }
  if (multipart) writer.u8(0);
  return writer.finish();
}

/** An attribute made from the fields of a part. */
interface FieldAttribute {
  readonly attribute: Attribute;
  /** False where it is written only if the order names it. */
  readonly demanded: boolean;
}

/** Attributes of one part in the order in which they are written. */
function attributesOf(part: WritePart, multipart: boolean): Attribute[] {
  checkPart(part, multipart);
  const fields = fieldAttributes(part, multipart);
  const others = otherAttributes(part);
  if (!part.headerOrder) {
    const all = [...fields.values()].filter(({ demanded }) => demanded).map(({ attribute }) => attribute);
    for (const attribute of others.values()) all.push(attribute);
    for (const attribute of STANDARD) if (!others.has(attribute.name)) all.push(attribute);
    return all
      .map((attribute) => ({ attribute, key: encodeText(attribute.name) }))
      .sort((a, b) => compareBytes(a.key, b.key))
      .map(({ attribute }) => attribute);
  }
  const ordered = new Map<string, Attribute>();
  for (const name of part.headerOrder) {
    const attribute = fields.get(name)?.attribute ?? others.get(name);
    if (attribute) ordered.set(name, attribute);
  }
  for (const [name, { attribute, demanded }] of fields) {
    if (demanded && !ordered.has(name)) ordered.set(name, attribute);
  }
  for (const [name, attribute] of others) if (!ordered.has(name)) ordered.set(name, attribute);
  return [...ordered.values()];
}

/** What the format requires besides the fields of a part, with the values that the reference library gives it. */
const STANDARD: readonly Attribute[] = [
  encodeAttribute('pixelAspectRatio', 'float', 1),
  encodeAttribute('screenWindowCenter', 'v2f', [0, 0]),
  encodeAttribute('screenWindowWidth', 'float', 1),
];

const windowValue = ({ minX, minY, maxX, maxY }: Box) => ({ min: [minX, minY], max: [maxX, maxY] });

function fieldAttributes(part: WritePart, multipart: boolean): Map<string, FieldAttribute> {
  const deep = isDeep(part);
  const fields = new Map<string, FieldAttribute>();
  const add = (demanded: boolean, attribute: Attribute): void => {
    fields.set(attribute.name, { attribute, demanded });
  };
  add(true, { name: 'channels', type: 'chlist', bytes: encodeChannelList(part.channels) });
  add(true, encodeAttribute('compression', 'compression', part.compression));
  add(true, encodeAttribute('dataWindow', 'box2i', windowValue(part.dataWindow)));
  add(true, encodeAttribute('displayWindow', 'box2i', windowValue(part.displayWindow)));
  add(true, encodeAttribute('lineOrder', 'lineOrder', part.lineOrder));
  if (isTiled(part)) add(true, encodeAttribute('tiles', 'tiledesc', part.tiles));
  if (part.name !== undefined) add(true, encodeAttribute('name', 'string', part.name));
  if (part.view !== undefined) add(true, encodeAttribute('view', 'string', part.view));
  add(multipart || deep, encodeAttribute('type', 'string', part.type));
  add(multipart || deep, encodeAttribute('chunkCount', 'int', layoutOf(part).chunkCount));
  if (deep) {
    add(true, encodeAttribute('version', 'int', 1));
    const most = part.maxSamplesPerPixel;
    if (most !== undefined) add(true, encodeAttribute('maxSamplesPerPixel', 'int', most));
  }
  return fields;
}

/** The attributes that no field states, checked, by name. */
function otherAttributes(part: WritePart): Map<string, Attribute> {
  const others = new Map<string, Attribute>();
  for (const attribute of part.attributes) {
    if (isStated(part, attribute)) continue;
    const { name, type, bytes } = attribute;
    checkName('attribute', name);
    checkName('type', type);
    if (others.has(name)) throw refuse(`Two attributes have the name "${name}".`, { attribute: name });
    if (bytes.length > 0x7fffffff) throw refuse(`The attribute "${name}" is larger than 2 GiB.`, { attribute: name });
    others.set(name, attribute);
  }
  return others;
}

const ALWAYS_STATED = new Set([
  'channels',
  'compression',
  'dataWindow',
  'displayWindow',
  'lineOrder',
  'type',
  'chunkCount',
]);
const STATED_OF_DEEP = new Set(['version', 'maxSamplesPerPixel']);

/** Whether a field of the part speaks for the attribute, so that the attribute itself is not written. */
function isStated(part: WritePart, { name, type }: Attribute): boolean {
  if (ALWAYS_STATED.has(name)) return true;
  if (name === 'tiles') return isTiled(part);
  if (name === 'name' || name === 'view') return part[name] !== undefined || type === 'string';
  return STATED_OF_DEEP.has(name) && isDeep(part);
}

function checkName(what: string, name: string): void {
  const bytes = encodeText(name);
  if (bytes.length === 0 || bytes.length > LONGEST_NAME || bytes.includes(0)) {
    throw refuse(
      `Expected a name of ${what} of 1 to ${LONGEST_NAME} bytes without zero bytes, found ${bytes.length} bytes: ${JSON.stringify(name.slice(0, 40))}.`,
    );
  }
}

function checkPart(part: WritePart, multipart: boolean): void {
  checkShape(part);
  checkWindow('displayWindow', part.displayWindow);
  for (const { name, pLinear, reserved = 0 } of part.channels) {
    checkName('channel', name);
    if (!Number.isInteger(pLinear) || pLinear < 0 || pLinear > 0xff) {
      throw refuse(`Expected pLinear from 0 to 255, found ${pLinear}.`, { channel: name });
    }
    if (!Number.isInteger(reserved) || reserved < 0 || reserved > 0xffffff) {
      throw refuse(`Expected three reserved bytes as a number up to ${0xffffff}, found ${reserved}.`, {
        channel: name,
      });
    }
  }
  if (multipart && !part.name) throw refuse('Each part of a file of several parts needs a name.');
}

/** The reference library refuses files that break these rules (ImfMultiPartOutputFile.cpp). */
function checkTogether(parts: readonly WritePart[]): void {
  const first = parts[0]!;
  const names = new Set<string>();
  for (const part of parts) {
    const name = part.name ?? '';
    if (names.has(name)) throw refuse(`Two parts have the name "${name}". Rename one.`, { part: name });
    names.add(name);
    if (!boxEquals(part.displayWindow, first.displayWindow)) {
      throw refuse(
        `All parts of a file share the displayWindow: expected ${boxText(first.displayWindow)}, found ${boxText(part.displayWindow)} of "${name}".`,
        { part: name, attribute: 'displayWindow' },
      );
    }
    checkShared(part, first, 'pixelAspectRatio', STANDARD[0]);
    checkShared(part, first, 'timeCode');
    checkShared(part, first, 'chromaticities');
  }
}

function checkShared(part: WritePart, first: WritePart, name: string, standard?: Attribute): void {
  const find = (attributes: readonly Attribute[]) => attributes.find((one) => one.name === name) ?? standard;
  const own = find(part.attributes);
  const shared = find(first.attributes);
  if (own && (!shared || own.type !== shared.type || compareBytes(own.bytes, shared.bytes) !== 0)) {
    throw refuse(
      `All parts of a file share the attribute "${name}": that of "${part.name}" differs from that of "${first.name}". Give both the same value.`,
      { part: part.name ?? '', attribute: name },
    );
  }
}
