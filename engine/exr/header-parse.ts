// Parses the header of a file: magic number, version field and the attributes of every part.
import { type Box, box, boxIsEmpty } from '../base/box.ts';
import { ByteReader } from '../base/bytes.ts';
import type { ErrorCode } from '../base/codes.ts';
import { EngineError } from '../base/error.ts';
import { decodeText } from '../base/text.ts';
import { type Attribute, decodeAttribute } from './attribute.ts';
import { decodeChannelList, LONGEST_NAME } from './channel-list.ts';
import { COMPRESSIONS, type Compression } from './compression.ts';
import type { ExrHeader, ExrPart } from './header.ts';
import { type ExrChannel, isDeep, isTiled, PART_TYPES, type PartShape, type PartType } from './shape.ts';
import { checkShape } from './shape-check.ts';

/** Bytes that can be read at any place; `read` gives exactly `length` bytes or throws. */
export interface ByteSource {
  readonly size: number;
  read(offset: number, length: number): Uint8Array;
}

export const bytesSource = (bytes: Uint8Array): ByteSource => ({
  size: bytes.length,
  read: (offset, length) => new ByteReader(bytes.subarray(offset)).take(length),
});

/** The first four bytes of every file: 20000630 ("OpenEXR File Layout", "Magic Number"). */
export const MAGIC = 20000630;
/** The version of the format; the rest of the version field are flags. */
export const FORMAT_VERSION = 2;
/** Flags of the version field ("OpenEXR File Layout", "Version Field"). */
export const FLAGS = { tiled: 0x200, longNames: 0x400, deep: 0x800, multipart: 0x1000 } as const;

/** No header that is known comes near these; a file beyond them is refused before anything is kept of it. */
const LARGEST_HEADER = 64 * 2 ** 20;
const MOST_ATTRIBUTES = 100_000;
const MOST_CHANNELS = 100_000;
const FIRST_READ = 64 * 1024;

const refuse = (code: ErrorCode, message: string, where: { offset?: number; attribute?: string } = {}): EngineError =>
  new EngineError('invalid', code, message, where);

/** Walks over the header, reading the file piece by piece. */
class Cursor {
  readonly #source: ByteSource;
  #bytes: Uint8Array;
  position = 0;

  constructor(source: ByteSource) {
    this.#source = source;
    this.#bytes = source.read(0, Math.min(source.size, FIRST_READ));
  }

  #need(count: number): void {
    const end = this.position + count;
    if (end > this.#source.size) {
      throw refuse(
        'exr-truncated',
        `Expected ${count} more bytes of header at offset ${this.position}, found ${this.#source.size - this.position}. Copy the file again from its source.`,
        { offset: this.position },
      );
    }
    if (end > LARGEST_HEADER) {
      throw refuse('exr-too-large', `Expected a header of at most ${LARGEST_HEADER} bytes, found more.`);
    }
    if (end > this.#bytes.length) {
      this.#bytes = this.#source.read(0, Math.min(this.#source.size, Math.max(end, this.#bytes.length * 2)));
    }
  }

  #reader(count: number): ByteReader {
    this.#need(count);
    const reader = new ByteReader(this.#bytes.subarray(this.position, this.position + count));
    this.position += count;
    return reader;
  }

  i32 = (): number => this.#reader(4).i32();
  u32 = (): number => this.#reader(4).u32();

  /** True where a zero byte stands next, which is then passed over. */
  atEnd(): boolean {
    this.#need(1);
    if (this.#bytes[this.position] !== 0) return false;
    this.position += 1;
    return true;
  }

  /** A name ended by a zero byte. */
  name(): string {
    const start = this.position;
    const longest = LONGEST_NAME + 1;
    this.#need(Math.min(longest, this.#source.size - start));
    const end = this.#bytes.subarray(start, start + longest).indexOf(0);
    if (end < 0) {
      throw refuse(
        this.#source.size - start < longest ? 'exr-truncated' : 'exr-header',
        `Expected a name of at most ${LONGEST_NAME} bytes ended by a zero byte at offset ${start}, found none.`,
        { offset: start },
      );
    }
    this.position = start + end + 1;
    return decodeText(this.#bytes.subarray(start, start + end));
  }

  /** A copy of the next bytes. */
  copy(count: number): Uint8Array {
    this.#need(count);
    this.position += count;
    return this.#bytes.slice(this.position - count, this.position);
  }
}

/**
 * The header of a file. Reads only what it needs of `source`. Errors: `exr-not-exr`, `exr-version`, `exr-truncated`,
 * `exr-too-large`, `exr-header`, `exr-attribute`, `exr-channels`, `exr-window`, `exr-tiles`, `exr-compression-unknown`.
 *
 * Where the type of a part contradicts the flags of a single-part file, the flags hold, as in the reference library.
 * Parts whose shared attributes differ are read; they cannot be written.
 */
export function parseHeader(source: ByteSource): ExrHeader {
  const cursor = new Cursor(source);
  if (source.size < 8 || cursor.u32() !== MAGIC) {
    const found = source.size === 0 ? 'an empty file' : 'something else';
    throw refuse('exr-not-exr', `Expected an OpenEXR file (first bytes 76 2f 31 01), found ${found}.`);
  }
  const version = cursor.u32();
  const flags = version & ~0xff;
  const known = FLAGS.tiled | FLAGS.longNames | FLAGS.deep | FLAGS.multipart;
  if ((version & 0xff) !== FORMAT_VERSION || (flags & ~known) !== 0) {
    throw refuse(
      'exr-version',
      `Expected format version ${FORMAT_VERSION} with flags that are known, found the version field 0x${version.toString(16)}.`,
    );
  }
  const multipart = (flags & FLAGS.multipart) !== 0;
  if (flags & FLAGS.tiled && flags & (FLAGS.deep | FLAGS.multipart)) {
    throw refuse('exr-version', 'The flag for one tiled part stands together with that for deep or several parts.');
  }
  const parts: ExrPart[] = [];
  const names = new Set<string>();
  let attributes = 0;
  // A header of several parts ends with an empty one; that of a single part has no such mark.
  do {
    const set = readAttributes(cursor, MOST_ATTRIBUTES - attributes);
    attributes += set.length;
    const part = partOf(set, flags, parts.length);
    if (multipart) {
      if (!part.name) throw refuse('exr-header', `Part ${parts.length} of a multi-part file has no name.`);
      if (names.has(part.name)) throw refuse('exr-header', `Two parts have the name "${part.name}".`);
      names.add(part.name);
    }
    parts.push(part);
  } while (multipart && !cursor.atEnd());
  return { multipart, longNames: (flags & FLAGS.longNames) !== 0, parts, byteLength: cursor.position };
}

function readAttributes(cursor: Cursor, most: number): Attribute[] {
  const attributes: Attribute[] = [];
  const names = new Set<string>();
  while (!cursor.atEnd()) {
    const offset = cursor.position;
    const name = cursor.name();
    const type = cursor.name();
    const size = cursor.i32();
    if (type === '' || size < 0) {
      throw refuse('exr-header', `The attribute "${name}" has no type or a negative size.`, {
        offset,
        attribute: name,
      });
    }
    if (names.has(name)) {
      throw refuse('exr-header', `Two attributes of a part have the name "${name}".`, { offset, attribute: name });
    }
    if (attributes.length >= most) {
      throw refuse('exr-too-large', `Expected at most ${MOST_ATTRIBUTES} attributes, found more.`);
    }
    names.add(name);
    attributes.push({ name, type, bytes: cursor.copy(size) });
  }
  return attributes;
}

/** Reads the attributes that say what a part is. */
class Fields {
  readonly #attributes: ReadonlyMap<string, Attribute>;

  constructor(attributes: readonly Attribute[]) {
    this.#attributes = new Map(attributes.map((attribute) => [attribute.name, attribute]));
  }

  required(name: string, type: string): Attribute {
    const attribute = this.#attributes.get(name);
    if (attribute?.type !== type) {
      const found = attribute ? `one of type ${attribute.type}` : 'none';
      throw refuse('exr-header', `Expected an attribute "${name}" of type ${type}, found ${found}.`, {
        attribute: name,
      });
    }
    return attribute;
  }

  /** The text of a string attribute; undefined where it is missing or not a string. */
  text(name: string): string | undefined {
    const attribute = this.#attributes.get(name);
    return attribute?.type === 'string' ? decodeText(attribute.bytes) : undefined;
  }

  whole(name: string): number | undefined {
    const attribute = this.#attributes.get(name);
    return attribute?.type === 'int' ? (decodeAttribute(attribute) as number) : undefined;
  }

  window(name: string): Box {
    const { min, max } = decodeAttribute(this.required(name, 'box2i')) as { min: number[]; max: number[] };
    const window = box(min[0]!, min[1]!, max[0]!, max[1]!);
    if (boxIsEmpty(window)) {
      throw refuse('exr-window', `Expected ${name} to hold a pixel, found (${min}) - (${max}).`, { attribute: name });
    }
    return window;
  }
}

function partOf(attributes: readonly Attribute[], flags: number, index: number): ExrPart {
  try {
    const fields = new Fields(attributes);
    const type = partType(fields, flags);
    const shape: PartShape = {
      type,
      channels: channelsOf(fields),
      dataWindow: fields.window('dataWindow'),
      compression: compressionOf(fields),
      lineOrder: decodeAttribute(fields.required('lineOrder', 'lineOrder')) as PartShape['lineOrder'],
      ...(isTiled({ type })
        ? { tiles: decodeAttribute(fields.required('tiles', 'tiledesc')) as unknown as NonNullable<PartShape['tiles']> }
        : {}),
    };
    checkShape(shape);
    const name = fields.text('name');
    const view = fields.text('view');
    const most = isDeep(shape) ? fields.whole('maxSamplesPerPixel') : undefined;
    return {
      ...shape,
      ...(name === undefined ? {} : { name }),
      ...(view === undefined ? {} : { view }),
      ...(most === undefined ? {} : { maxSamplesPerPixel: most }),
      displayWindow: fields.window('displayWindow'),
      attributes,
    };
  } catch (thrown) {
    throw thrown instanceof EngineError ? thrown.at({ part: index }) : thrown;
  }
}

function partType(fields: Fields, flags: number): PartType {
  const stated = fields.text('type');
  const type = PART_TYPES.find((one) => one === stated);
  if ((flags & (FLAGS.deep | FLAGS.multipart)) === 0) return flags & FLAGS.tiled ? 'tiledimage' : 'scanlineimage';
  if (!type) {
    throw refuse('exr-header', `Expected the type of the part (${PART_TYPES.join(', ')}), found "${stated ?? ''}".`, {
      attribute: 'type',
    });
  }
  if (isDeep({ type }) && !(flags & FLAGS.deep)) {
    throw refuse('exr-header', `The part has the type ${type}, but the file lacks the flag for deep parts.`);
  }
  if (!isDeep({ type }) && !(flags & FLAGS.multipart)) {
    throw refuse('exr-header', `The file has the flag for a deep part, but the part has the type ${type}.`);
  }
  return type;
}

function channelsOf(fields: Fields): ExrChannel[] {
  const entries = decodeChannelList(fields.required('channels', 'chlist').bytes);
  if (entries.length > MOST_CHANNELS) {
    throw refuse('exr-too-large', `Expected at most ${MOST_CHANNELS} channels, found ${entries.length}.`);
  }
  return entries;
}

function compressionOf(fields: Fields): Compression {
  const { bytes } = fields.required('compression', 'compression');
  const compression = bytes.length === 1 ? COMPRESSIONS[bytes[0]!] : undefined;
  if (!compression) {
    throw refuse(
      'exr-compression-unknown',
      `Expected a compression method from 0 to ${COMPRESSIONS.length - 1}, found ${bytes.length === 1 ? bytes[0] : `${bytes.length} bytes`}.`,
      { attribute: 'compression' },
    );
  }
  return compression;
}
