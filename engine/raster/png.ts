// PNG (Portable Network Graphics, third edition): its chunks up to the pixels and behind them, and setting others.

import { crc32, deflateSync, inflateSync } from 'node:zlib';
import type { Chromaticity, Primaries } from '../colour/primaries.ts';
import {
  type ColourStatement,
  codesOf,
  codesStatement,
  colourText,
  LIGHTS,
  lightsText,
  type PictureColour,
  sameColour,
  type Transfer,
} from './colour.ts';
import { exifFacts } from './exif.ts';
import { badHeader, type FoundHeader, type PictureText, unsupported } from './header.ts';
import { makeProfile, readProfile } from './icc.ts';
import { latinText, type PictureBytes, viewOf } from './source.ts';

const SIGNATURE = 8;
/** A chunk that is read as a whole has at most this many bytes; profiles are the largest. */
const MOST_CHUNK = 16 * 2 ** 20;
const MOST_CHUNKS = 100_000;
/** Deflate packs 258 bytes into two bits at best. */
const MOST_PACKED = 1040;
const MOST_TEXT = 1 << 20;

interface Chunk {
  readonly name: string;
  readonly from: number;
  readonly length: number;
}

export function readPng(bytes: PictureBytes): FoundHeader {
  const { chunks, complete } = chunksOf(bytes);
  const [first] = chunks;
  if (first?.name !== 'IHDR' || first.length !== 13) throw badHeader('Expected the chunk IHDR of 13 bytes first.', 8);
  const head = viewOf(contentOf(bytes, first));
  const width = head.getUint32(0);
  const height = head.getUint32(4);
  const bits = head.getUint8(8);
  const kind = KINDS[head.getUint8(9)];
  if (!kind?.bits.includes(bits))
    throw badHeader(`Expected a kind of colour and depth of PNG, found ${head.getUint8(9)} and ${bits}.`, 24);
  const find = (name: string): Chunk | undefined => chunks.find((c) => c.name === name);
  const data = chunks.filter((c) => c.name === 'IDAT').reduce((sum, c) => sum + c.length, 0);
  const row = Math.ceil((width * bits * kind.samples) / 8) + 1;
  if (complete && row * height > data * MOST_PACKED + 4096)
    throw badHeader(`${data} bytes of packed pixels cannot hold ${width} x ${height} pixels.`);
  if (find('acTL')) throw unsupported('An animated PNG is not read. Write its frames as single pictures.');
  const alpha = kind.channels.includes('A') || find('tRNS') !== undefined;
  const names = kind.channels.filter((name) => name !== 'A');
  const exif = find('eXIf');
  const { orientation } = exif ? exifFacts(contentOf(bytes, exif)) : {};
  const physical = find('pHYs');
  return {
    width,
    height,
    depth: bits === 16 ? 'uint16' : 'uint8',
    channels: alpha ? [...names, 'A'] : names,
    stored: `${kind.words} of ${bits} bits${head.getUint8(12) === 1 ? ', interlaced' : ''}`,
    ...(alpha ? { alpha: 'straight' as const } : {}),
    ...(orientation === undefined ? {} : { orientation }),
    ...(physical && physical.length === 9 ? densityOf(viewOf(contentOf(bytes, physical))) : {}),
    colour: statements(bytes, find),
    texts: textsOf(bytes, chunks),
    unread: unreadOf(chunks),
    complete,
  };
}

const KINDS: Readonly<
  Record<number, { words: string; channels: readonly string[]; samples: number; bits: readonly number[] }>
> = {
  0: { words: 'grey', channels: ['Y'], samples: 1, bits: [1, 2, 4, 8, 16] },
  2: { words: 'RGB', channels: ['R', 'G', 'B'], samples: 3, bits: [8, 16] },
  3: { words: 'palette', channels: ['R', 'G', 'B'], samples: 1, bits: [1, 2, 4, 8] },
  4: { words: 'grey and alpha', channels: ['Y', 'A'], samples: 2, bits: [8, 16] },
  6: { words: 'RGBA', channels: ['R', 'G', 'B', 'A'], samples: 4, bits: [8, 16] },
};

function chunksOf(bytes: PictureBytes): { chunks: Chunk[]; complete: boolean } {
  const chunks: Chunk[] = [];
  for (let at = SIGNATURE; at + 12 <= bytes.size; ) {
    const head = bytes.read(at, 8);
    const length = viewOf(head).getUint32(0);
    const name = latinText(head.subarray(4));
    if (!/^[A-Za-z]{4}$/.test(name)) throw badHeader(`Expected the name of a chunk at offset ${at + 4}.`, at + 4);
    if (chunks.length === MOST_CHUNKS) throw badHeader(`Expected at most ${MOST_CHUNKS} chunks.`, at);
    chunks.push({ name, from: at + 8, length });
    at += 12 + length;
    if (name === 'IEND') return { chunks, complete: at <= bytes.size };
  }
  return { chunks, complete: false };
}

/** The bytes of a chunk whose checksum holds. */
function contentOf(bytes: PictureBytes, { name, from, length }: Chunk): Uint8Array {
  if (length > MOST_CHUNK) throw badHeader(`The chunk ${name} has ${length} bytes, more than ${MOST_CHUNK}.`, from);
  const content = bytes.read(from - 4, length + 8);
  if (crc32(content.subarray(0, length + 4)) !== viewOf(content).getUint32(length + 4))
    throw badHeader(`The checksum of the chunk ${name} does not hold.`, from);
  return content.subarray(4, length + 4);
}

/** Metres or an unknown unit: of that only the shape of pixels follows. */
function densityOf(view: DataView): Pick<FoundHeader, 'density' | 'pixelAspect'> {
  const [x, y] = [view.getUint32(0), view.getUint32(4)];
  if (x === 0 || y === 0) return {};
  const inch = view.getUint8(8) === 1 ? { density: [x * 0.0254, y * 0.0254] as const } : {};
  return { pixelAspect: y / x, ...inch };
}

/** In the order of the standard, section 11.3.2.1: cICP, iCCP, sRGB, then gAMA and cHRM. */
function statements(bytes: PictureBytes, find: (name: string) => Chunk | undefined): ColourStatement[] {
  const found: ColourStatement[] = [];
  const read = (name: string, use: (content: Uint8Array) => ColourStatement): void => {
    const chunk = find(name);
    const content = chunk && contentOf(bytes, chunk);
    if (content) found.push(use(content));
  };
  read('cICP', ([primaries = 0, transfer = 0, matrix = 0, fullRange = 0]) =>
    codesStatement('cICP', { primaries, transfer, matrix, fullRange }),
  );
  read('iCCP', (content) => readProfile(unpacked(content.subarray(content.indexOf(0) + 2), MOST_CHUNK) ?? content));
  read('sRGB', () => {
    const colour: PictureColour = { lights: LIGHTS.rec709, transfer: 'srgb' };
    return { by: 'sRGB', says: colourText(colour), colour };
  });
  const numbers = (name: string, length: number): DataView | undefined => {
    const at = find(name);
    const content = at && contentOf(bytes, at);
    return content?.length === length ? viewOf(content) : undefined;
  };
  const [corners, exponent] = [numbers('cHRM', 32), numbers('gAMA', 4)?.getUint32(0)];
  const lights = corners && lightsIn(corners);
  const transfer = exponent ? { gamma: 100_000 / exponent } : undefined;
  if (lights && transfer) {
    found.push({ by: 'gAMA and cHRM', says: colourText({ lights, transfer }), colour: { lights, transfer } });
  } else if (transfer) {
    found.push({ by: 'gAMA', says: `gamma ${transfer.gamma.toFixed(3)} without primaries`, some: { transfer } });
  } else if (lights) {
    found.push({ by: 'cHRM', says: `${lightsText(lights)} without a curve`, some: { lights } });
  }
  return found;
}

function lightsIn(view: DataView): Primaries {
  const at = (i: number): Chromaticity => [view.getUint32(8 * i) / 100_000, view.getUint32(8 * i + 4) / 100_000];
  return { white: at(0), red: at(1), green: at(2), blue: at(3) };
}

function unpacked(packed: Uint8Array, most: number): Uint8Array | undefined {
  try {
    return inflateSync(packed, { maxOutputLength: most });
  } catch {
    return undefined; // a text or profile that cannot be unpacked says nothing
  }
}

function textsOf(bytes: PictureBytes, chunks: readonly Chunk[]): PictureText[] {
  const texts: PictureText[] = [];
  let budget = MOST_TEXT;
  for (const chunk of chunks) {
    if (!TEXTS.has(chunk.name) || chunk.length > budget) continue;
    budget -= chunk.length;
    const text = textOf(chunk.name, contentOf(bytes, chunk));
    if (text) texts.push(text);
  }
  return texts;
}

const TEXTS = new Set(['tEXt', 'zTXt', 'iTXt']);

function textOf(kind: string, content: Uint8Array): PictureText | undefined {
  const zero = content.indexOf(0);
  if (zero < 1) return undefined;
  const name = latinText(content);
  if (kind === 'tEXt') return { name, text: latinText(content.subarray(zero + 1)) };
  if (kind === 'zTXt') {
    const text = unpacked(content.subarray(zero + 2), MOST_TEXT);
    return text && { name, text: latinText(text) };
  }
  const packed = content[zero + 1] === 1;
  const language = content.indexOf(0, zero + 3);
  const translated = language < 0 ? -1 : content.indexOf(0, language + 1);
  if (translated < 0) return undefined;
  const rest = content.subarray(translated + 1);
  const text = packed ? unpacked(rest, MOST_TEXT) : rest;
  // Adobe's metadata come as a text of this name.
  return text && name !== XMP ? { name, text: new TextDecoder().decode(text) } : undefined;
}

const XMP = 'XML:com.adobe.xmp';

/** Ancillary chunks that say something and are not looked at. */
function unreadOf(chunks: readonly Chunk[]): string[] {
  const known = new Set([
    ...'IHDR PLTE IDAT IEND tRNS cICP iCCP sRGB gAMA cHRM pHYs bKGD tIME hIST sBIT'.split(' '),
    ...TEXTS,
  ]);
  const names = chunks.map(({ name }) => name).filter((name) => !known.has(name));
  return [...new Set(names.map((name) => (name === 'eXIf' ? 'EXIF' : `chunk ${name}`)))];
}

/** What is set in a PNG besides its pixels. */
export interface PngTags {
  readonly colour?: PictureColour;
  /** Pixels an inch. */
  readonly density?: readonly [x: number, y: number];
  readonly pixelAspect?: number;
  readonly grey: boolean;
}

/** The same picture with these tags and no others. */
export function tagPng(png: Uint8Array, tags: PngTags): Uint8Array {
  const kept = chunksOf({ size: png.length, read: (at, length) => png.subarray(at, at + length) }).chunks;
  const whole = ({ from, length }: Chunk): Uint8Array => png.subarray(from - 8, from + length + 4);
  const [head, ...others] = kept.filter(({ name }) => ['IHDR', 'PLTE', 'tRNS', 'IDAT', 'IEND'].includes(name));
  return Buffer.concat([png.subarray(0, SIGNATURE), whole(head!), ...tagChunks(tags), ...others.map(whole)]);
}

/** Whether PNG has a way to say this. */
export const pngCanState = (colour: PictureColour, grey: boolean): boolean => colourChunks(colour, grey).length > 0;

function tagChunks({ colour, density, pixelAspect, grey }: PngTags): Uint8Array[] {
  const chunks = colour ? colourChunks(colour, grey) : [];
  if (density) chunks.push(chunkOf('pHYs', [...density.map((d) => Math.round(d / 0.0254)), 1], [4, 4, 1]));
  else if (pixelAspect !== undefined)
    chunks.push(chunkOf('pHYs', [100_000, Math.round(pixelAspect * 100_000), 0], [4, 4, 1]));
  return chunks;
}

function colourChunks(colour: PictureColour, grey: boolean): Uint8Array[] {
  const { lights, transfer } = colour;
  const chunks: Uint8Array[] = [];
  const codes = codesOf(colour);
  const srgb = sameColour(colour, { lights: LIGHTS.rec709, transfer: 'srgb' });
  if (srgb) chunks.push(chunkOf('sRGB', [0], [1]));
  else if (codes) {
    const { primaries, transfer, matrix, fullRange } = codes;
    chunks.push(chunkOf('cICP', [primaries, transfer, matrix, fullRange], [1, 1, 1, 1]));
  } else if (typeof transfer !== 'object') {
    const profile = makeProfile(colour, grey ? 'grey' : 'rgb');
    return profile ? [profileChunk(profile)] : [];
  }
  const coordinates = [lights.white, lights.red, lights.green, lights.blue].flat();
  const gamma = gammaOf(transfer);
  if (gamma === undefined) return chunks;
  // Negative coordinates, such as those of AP0, do not fit into cHRM.
  if (coordinates.some((c) => c < 0)) {
    const profile = makeProfile(colour, grey ? 'grey' : 'rgb');
    return profile ? [profileChunk(profile)] : [];
  }
  chunks.push(chunkOf('gAMA', [Math.round(100_000 / gamma)], [4]));
  chunks.push(
    chunkOf(
      'cHRM',
      coordinates.map((c) => Math.round(c * 100_000)),
      Array(8).fill(4),
    ),
  );
  return chunks;
}

/** What gAMA says beside the sRGB chunk is 1 / 2.2, as the standard asks. */
const gammaOf = (transfer: Transfer): number | undefined =>
  typeof transfer === 'object' ? transfer.gamma : transfer === 'srgb' ? 2.2 : undefined;

function profileChunk(profile: Uint8Array): Uint8Array {
  const packed = deflateSync(profile);
  return rawChunk('iCCP', Buffer.concat([Buffer.from('colour\0\0', 'latin1'), packed]));
}

function chunkOf(name: string, values: readonly number[], widths: readonly number[]): Uint8Array {
  const content = Buffer.alloc(widths.reduce((sum, width) => sum + width, 0));
  let at = 0;
  for (const [i, value] of values.entries()) at = content.writeUIntBE(value, at, widths[i]!);
  return rawChunk(name, content);
}

function rawChunk(name: string, content: Uint8Array): Uint8Array {
  const bytes = Buffer.alloc(12 + content.length);
  bytes.writeUInt32BE(content.length);
  bytes.write(name, 4, 'latin1');
  bytes.set(content, 8);
  bytes.writeUInt32BE(crc32(bytes.subarray(4, 8 + content.length)), 8 + content.length);
  return bytes;
}
