// WebP (RFC 9649): the chunks of the container, and setting its colour profile.
import type { PictureColour } from './colour.ts';
import { exifFacts } from './exif.ts';
import { badHeader, type FoundHeader, unsupported } from './header.ts';
import { makeProfile, readProfile } from './icc.ts';
import { latinText, type PictureBytes, viewOf } from './source.ts';

interface Chunk {
  readonly name: string;
  readonly from: number;
  readonly length: number;
}

const MOST_CHUNKS = 10_000;
const MOST_CHUNK = 16 * 2 ** 20;
const ALPHA = 0x10;
const PROFILE = 0x20;
const ANIMATED = 0x02;

export function readWebp(bytes: PictureBytes): FoundHeader {
  const { chunks, complete } = chunksOf(bytes);
  const find = (name: string): Chunk | undefined => chunks.find((c) => c.name === name);
  const content = (chunk: Chunk): Uint8Array => {
    if (chunk.length > MOST_CHUNK)
      throw badHeader(`The chunk ${chunk.name} has more than ${MOST_CHUNK} bytes.`, chunk.from);
    return bytes.read(chunk.from, chunk.length);
  };
  const { width, height, alpha, lossless } = sizeOf(bytes, find);
  const profile = find('ICCP');
  const exif = find('EXIF');
  const facts = exif ? exifFacts(content(exif)) : {};
  const colour = [...(profile ? [readProfile(content(profile))] : []), ...(facts.colour ? [facts.colour] : [])];
  return {
    width,
    height,
    depth: 'uint8',
    channels: alpha ? ['R', 'G', 'B', 'A'] : ['R', 'G', 'B'],
    stored: `${alpha ? 'RGBA' : 'RGB'} of 8 bits, ${lossless ? 'lossless' : 'lossy'}`,
    ...(alpha ? { alpha: 'straight' as const } : {}),
    ...(facts.orientation === undefined ? {} : { orientation: facts.orientation }),
    colour,
    texts: [],
    unread: [...(exif ? ['EXIF'] : []), ...(find('XMP ') ? ['XMP'] : [])],
    complete,
  };
}

function chunksOf(bytes: PictureBytes): { chunks: Chunk[]; complete: boolean } {
  const size = viewOf(bytes.read(4, 4)).getUint32(0, true) + 8;
  const end = Math.min(size, bytes.size);
  const chunks: Chunk[] = [];
  for (let at = 12; at + 8 <= end; ) {
    const head = bytes.read(at, 8);
    const length = viewOf(head).getUint32(4, true);
    if (chunks.length === MOST_CHUNKS) throw badHeader(`Expected at most ${MOST_CHUNKS} chunks.`, at);
    chunks.push({ name: latinText(head.subarray(0, 4)), from: at + 8, length });
    at += 8 + length + (length & 1);
  }
  return { chunks, complete: size <= bytes.size };
}

function sizeOf(
  bytes: PictureBytes,
  find: (name: string) => Chunk | undefined,
): { width: number; height: number; alpha: boolean; lossless: boolean } {
  const [extended, lossless, lossy] = [find('VP8X'), find('VP8L'), find('VP8 ')];
  if (extended) {
    const view = viewOf(bytes.read(extended.from, 10));
    if (view.getUint8(0) & ANIMATED)
      throw unsupported('An animated WebP is not read. Write its frames as single pictures.');
    const edge = (at: number): number => (view.getUint16(at, true) | (view.getUint8(at + 2) << 16)) + 1;
    return {
      width: edge(4),
      height: edge(7),
      alpha: (view.getUint8(0) & ALPHA) !== 0,
      lossless: lossless !== undefined,
    };
  }
  if (lossless) {
    const view = viewOf(bytes.read(lossless.from, 5));
    const fields = view.getUint32(1, true);
    if (view.getUint8(0) !== 0x2f) throw badHeader('Expected the signature of a lossless picture.', lossless.from);
    return {
      width: (fields & 0x3fff) + 1,
      height: ((fields >>> 14) & 0x3fff) + 1,
      alpha: ((fields >>> 28) & 1) === 1,
      lossless: true,
    };
  }
  if (lossy) {
    const view = viewOf(bytes.read(lossy.from, 10));
    return {
      width: view.getUint16(6, true) & 0x3fff,
      height: view.getUint16(8, true) & 0x3fff,
      alpha: false,
      lossless: false,
    };
  }
  throw badHeader('Expected a chunk VP8X, VP8L or VP8, found none.', 12);
}

/** The same picture with the profile of this colour; as it is where there is none to set. */
export function tagWebp(webp: Uint8Array, colour: PictureColour | undefined): Uint8Array {
  const profile = colour && makeProfile(colour, 'rgb');
  if (!profile) return webp;
  const bytes: PictureBytes = { size: webp.length, read: (at, length) => webp.subarray(at, at + length) };
  const { chunks } = chunksOf(bytes);
  const { width, height, alpha } = sizeOf(bytes, (name) => chunks.find((c) => c.name === name));
  const head = Buffer.alloc(10);
  head.writeUInt8(PROFILE | (alpha ? ALPHA : 0));
  head.writeUIntLE(width - 1, 4, 3);
  head.writeUIntLE(height - 1, 7, 3);
  const pixels = chunks.filter(({ name }) => ['ALPH', 'VP8 ', 'VP8L'].includes(name));
  const body = Buffer.concat([
    Buffer.from('WEBP', 'latin1'),
    chunkOf('VP8X', head),
    chunkOf('ICCP', profile),
    ...pixels.map(({ name, from, length }) => chunkOf(name, webp.subarray(from, from + length))),
  ]);
  return chunkOf('RIFF', body);
}

function chunkOf(name: string, content: Uint8Array): Uint8Array {
  const bytes = Buffer.alloc(8 + content.length + (content.length & 1));
  bytes.write(name, 'latin1');
  bytes.writeUInt32LE(content.length, 4);
  bytes.set(content, 8);
  return bytes;
}
