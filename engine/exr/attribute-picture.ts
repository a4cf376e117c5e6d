// Attribute types that describe pictures: channel lists, enumerations, tiles, chromaticities, previews, id manifests.
import type { ByteReader } from '../base/bytes.ts';
import type { Json } from '../base/canonical.ts';
import { EngineError } from '../base/error.ts';
import { encodeText, fromBase64, toBase64 } from '../base/text.ts';
import type { AttributeForm } from './attribute-form.ts';
import { isRecord, isUint32, PLAIN_FORMS } from './attribute-plain.ts';
import { LONGEST_NAME, readChannelList, SAMPLE_TYPES, writeChannelList } from './channel-list.ts';
import { COMPRESSIONS } from './compression.ts';
import { type ExrChannel, LEVEL_MODES, LEVEL_ROUNDINGS, LINE_ORDERS } from './shape.ts';

const malformed = (message: string): EngineError => new EngineError('invalid', 'exr-attribute', message);

/** One byte that stands for one of a list of names. */
const enumeration = (names: readonly string[], what: string): AttributeForm => ({
  doc: `${what}: one of ${names.join(', ')}.`,
  example: names[0]!,
  decode: (reader) => {
    const number = reader.u8();
    const name = names[number];
    if (name === undefined) throw malformed(`Expected a number from 0 to ${names.length - 1}, found ${number}.`);
    return name;
  },
  encode: (writer, value) => {
    const number = names.indexOf(value as string);
    return number >= 0 && Boolean(writer.u8(number));
  },
});

const chlist: AttributeForm = {
  doc: 'A list of channels with name, type, sampling and the pLinear byte.',
  example: [{ name: 'R', type: 'half', sampling: [1, 1], pLinear: 0 }],
  decode: (reader) =>
    readChannelList(reader).map(({ name, type, sampling, pLinear, reserved }) => ({
      name,
      type,
      sampling: [sampling.x, sampling.y],
      pLinear,
      ...(reserved === undefined ? {} : { reserved }),
    })),
  encode: (writer, value) => {
    if (!Array.isArray(value)) return false;
    const channels = value.map(channelEntry);
    if (!channels.every((channel) => channel !== undefined)) return false;
    writeChannelList(writer, channels);
    return true;
  },
};

function channelEntry(value: unknown): ExrChannel | undefined {
  if (!isRecord(value, ['name', 'type', 'sampling', 'pLinear'], ['reserved'])) return undefined;
  const { name, type, sampling, pLinear } = value;
  const reserved = (value as { reserved?: unknown }).reserved ?? 0;
  const known = SAMPLE_TYPES.find((one) => one === type);
  if (typeof name !== 'string' || !known || !Array.isArray(sampling) || sampling.length !== 2) return undefined;
  const bytes = encodeText(name);
  if (bytes.length === 0 || bytes.length > LONGEST_NAME || bytes.includes(0)) return undefined;
  const [x, y] = sampling as unknown[];
  if (!Number.isInteger(x) || x !== (x as number) >> 0 || !Number.isInteger(y) || y !== (y as number) >> 0)
    return undefined;
  if (!isUint32(pLinear) || pLinear > 0xff || !isUint32(reserved) || reserved > 0xffffff) return undefined;
  return { name, type: known, sampling: { x: x as number, y: y as number }, pLinear, reserved };
}

const CHROMATICITIES = ['red', 'green', 'blue', 'white'] as const;
const pair = PLAIN_FORMS['v2f']!;

const chromaticities: AttributeForm = {
  doc: 'CIE x and y of red, green, blue and white.',
  example: { red: [0.64, 0.33], green: [0.3, 0.6], blue: [0.15, 0.06], white: [0.3127, 0.329] },
  decode: (reader) => {
    const value: Record<string, Json> = {};
    for (const name of CHROMATICITIES) value[name] = pair.decode(reader);
    return value;
  },
  encode: (writer, value) =>
    isRecord(value, CHROMATICITIES) && CHROMATICITIES.every((name) => pair.encode(writer, value[name])),
};

const preview: AttributeForm = {
  doc: 'A small picture: width, height, and RGBA bytes row by row in base64.',
  example: { width: 1, height: 1, rgba: 'AAAA/w==' },
  decode: (reader) => {
    const width = reader.u32();
    const height = reader.u32();
    if (width * height * 4 !== reader.remaining) {
      throw malformed(`Expected ${width * height * 4} bytes of RGBA, found ${reader.remaining}.`);
    }
    return { width, height, rgba: toBase64(reader.take(reader.remaining)) };
  },
  encode: (writer, value) => {
    if (!isRecord(value, ['width', 'height', 'rgba']) || typeof value.rgba !== 'string') return false;
    const { width, height } = value;
    const rgba = fromBase64(value.rgba);
    if (!isUint32(width) || !isUint32(height) || rgba?.length !== width * height * 4) return false;
    writer.u32(width).u32(height).put(rgba);
    return true;
  },
};

const tiledesc: AttributeForm = {
  doc: `Tile size in pixels, levels (${LEVEL_MODES.join(', ')}) and rounding of level sizes (${LEVEL_ROUNDINGS.join(', ')}).`,
  example: { width: 64, height: 64, levels: 'one', rounding: 'down' },
  decode: (reader: ByteReader) => {
    const width = reader.u32();
    const height = reader.u32();
    // "OpenEXR File Layout": level mode in the low four bits, rounding mode in the high four.
    const mode = reader.u8();
    const levels = LEVEL_MODES[mode & 15];
    const rounding = LEVEL_ROUNDINGS[mode >> 4];
    if (!levels || !rounding) throw malformed(`Expected a known level mode, found the byte ${mode}.`);
    return { width, height, levels, rounding };
  },
  encode: (writer, value) => {
    if (!isRecord(value, ['width', 'height', 'levels', 'rounding'])) return false;
    const { width, height } = value;
    const levels = (LEVEL_MODES as readonly unknown[]).indexOf(value.levels);
    const rounding = (LEVEL_ROUNDINGS as readonly unknown[]).indexOf(value.rounding);
    if (!isUint32(width) || !isUint32(height) || levels < 0 || rounding < 0) return false;
    writer
      .u32(width)
      .u32(height)
      .u8(rounding * 16 + levels);
    return true;
  },
};

const idmanifest: AttributeForm = {
  doc: 'A compressed table of object ids: its size when unpacked (a decimal text) and its packed bytes in base64.',
  example: { unpackedBytes: '0', data: '' },
  // ImfIDManifestAttribute.cpp: eight bytes of unpacked size, then zlib data.
  decode: (reader) => ({
    unpackedBytes: reader.u64().toString(),
    data: toBase64(reader.take(reader.remaining)),
  }),
  encode: (writer, value) => {
    if (!isRecord(value, ['unpackedBytes', 'data'])) return false;
    const { unpackedBytes } = value;
    const data = typeof value.data === 'string' ? fromBase64(value.data) : undefined;
    if (!data || typeof unpackedBytes !== 'string' || !/^\d{1,20}$/.test(unpackedBytes)) return false;
    if (BigInt(unpackedBytes) > 0xffffffffffffffffn) return false;
    writer.u64(BigInt(unpackedBytes)).put(data);
    return true;
  },
};

/** Forms of the types that describe pictures, by OpenEXR's type name. */
export const PICTURE_FORMS: Readonly<Record<string, AttributeForm>> = {
  chlist,
  chromaticities,
  preview,
  tiledesc,
  idmanifest,
  compression: enumeration(COMPRESSIONS, 'A compression method'),
  lineOrder: enumeration(LINE_ORDERS, 'The order of scan lines in the file'),
  envmap: enumeration(['latlong', 'cube'], 'The layout of an environment map'),
  deepImageState: enumeration(['messy', 'sorted', 'non-overlapping', 'tidy'], 'How deep samples are ordered'),
};
