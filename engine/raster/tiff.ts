// TIFF: what the first directory says of the picture, and the one tag that is changed before the pixels are unpacked.
import { type Directory, DirectoryReader, type Entry } from './directory.ts';
import { orientationOf } from './exif.ts';
import { badHeader, type FoundHeader, type PictureDepth, unsupported } from './header.ts';
import { readProfile } from './icc.ts';
import { bytesOf, type PictureBytes } from './source.ts';

/** Tags of TIFF 6.0 and its supplements. */
const TAG = {
  subfile: 254,
  width: 256,
  height: 257,
  bits: 258,
  compression: 259,
  photometric: 262,
  stripOffsets: 273,
  orientation: 274,
  samples: 277,
  stripCounts: 279,
  xResolution: 282,
  yResolution: 283,
  planar: 284,
  unit: 296,
  tileOffsets: 324,
  tileCounts: 325,
  extra: 338,
  format: 339,
  profile: 34675,
} as const;

/** Texts and what they are called here, as OpenImageIO calls them. */
const TEXTS: Readonly<Record<number, string>> = {
  269: 'DocumentName',
  270: 'ImageDescription',
  271: 'Make',
  272: 'Model',
  285: 'PageName',
  305: 'Software',
  306: 'DateTime',
  315: 'Artist',
  316: 'HostComputer',
  33432: 'Copyright',
};

const UNREAD: Readonly<Record<number, string>> = {
  700: 'XMP',
  33723: 'IPTC',
  34377: 'Photoshop data',
  34665: 'EXIF',
  330: 'sub-images',
};

const MOST_PAGES = 10_000;
/** LZW packs at best about 2,700 bytes into one, deflate 1,030. */
const MOST_PACKED = 3000;

export function readTiff(bytes: PictureBytes): FoundHeader {
  const reader = new DirectoryReader(bytes);
  const directory = reader.at(reader.first);
  const { entries } = directory;
  const value = (tag: number, otherwise: number): number => reader.number(entries.get(tag), otherwise);
  const width = value(TAG.width, 0);
  const height = value(TAG.height, 0);
  const samples = value(TAG.samples, 1);
  if (samples < 1 || samples > 64) throw badHeader(`Expected 1 to 64 samples a pixel, found ${samples}.`);
  const { depth, bits } = depthOf(reader, entries);
  const shape = shapeOf(value(TAG.photometric, samples >= 3 ? 2 : 1), value(TAG.compression, 1), depth, bits);
  const { channels, alpha } = channelsOf(shape.channels, samples, reader.numbers(entries.get(TAG.extra)));
  const orientation = orientationOf(value(TAG.orientation, 1));
  const profile = entries.get(TAG.profile);
  return {
    width,
    height,
    depth,
    channels,
    stored: `${shape.words} of ${bits} bits${depth === 'float' ? ', float' : ''}`,
    ...(alpha === undefined ? {} : { alpha }),
    ...(orientation === undefined ? {} : { orientation }),
    ...densityOf(value(TAG.xResolution, 0), value(TAG.yResolution, 0), value(TAG.unit, 2)),
    colour: profile ? [readProfile(reader.bytes(profile))] : [],
    texts: Object.entries(TEXTS).flatMap(([tag, name]) => {
      const text = reader.text(entries.get(Number(tag)));
      return text ? [{ name, text }] : [];
    }),
    unread: unreadOf(reader, directory),
    complete: isComplete(reader, entries, bytes.size, (width * height * samples * bits) / 8, value(TAG.compression, 1)),
  };
}

function depthOf(reader: DirectoryReader, entries: Directory['entries']): { depth: PictureDepth; bits: number } {
  const all = reader.numbers(entries.get(TAG.bits));
  const bits = all[0] ?? 1;
  const format = reader.number(entries.get(TAG.format), 1);
  const uniform = all.every((b) => b === bits) && reader.numbers(entries.get(TAG.format)).every((f) => f === format);
  if (!uniform) throw unsupported('Expected all samples of one depth, found several. Convert the file.');
  if (format === 3 && bits === 32) return { depth: 'float', bits };
  if (format === 1 && bits === 16) return { depth: 'uint16', bits };
  if (format === 1 && [1, 2, 4, 8].includes(bits)) return { depth: 'uint8', bits };
  const kind = ['', 'unsigned', 'signed', 'float'][format] ?? 'unknown';
  throw unsupported(`Expected 8 or 16 bits or 32-bit float, found ${kind} samples of ${bits} bits. Convert the file.`);
}

function shapeOf(
  photometric: number,
  compression: number,
  depth: PictureDepth,
  bits: number,
): { words: string; channels: readonly string[] } {
  const grey = { words: 'grey', channels: ['Y'] };
  if (photometric === 1) return grey;
  // Turned round by the reader of pixels, which it does not do for floats.
  if (photometric === 0 && depth !== 'float') return { ...grey, words: 'grey, 0 is white,' };
  if (photometric === 2 && bits >= 8) return { words: 'RGB', channels: ['R', 'G', 'B'] };
  if (photometric === 3 && bits <= 8) return { words: 'palette', channels: ['R', 'G', 'B'] };
  if (photometric === 6 && compression === 7) return { words: 'JPEG', channels: ['R', 'G', 'B'] };
  const kinds: Readonly<Record<number, string>> = {
    0: 'inverted float',
    4: 'a mask',
    5: 'CMYK',
    6: 'YCbCr',
    8: 'CIELAB',
  };
  throw unsupported(
    `Expected grey, RGB or a palette, found ${kinds[photometric] ?? `kind ${photometric}`}. Convert the file.`,
  );
}

/**
 * An extra sample: 1 is alpha that colour is multiplied by, 2 alpha that it is not, 0 is not said, which is alpha by
 * custom. More than one is more than sharp hands on.
 */
function channelsOf(
  named: readonly string[],
  samples: number,
  extra: readonly number[],
): { channels: string[]; alpha?: 'straight' | 'premultiplied' } {
  const palette = named.length === 3 && samples < 3;
  const more = samples - (palette ? 1 : named.length);
  if (more < 0) throw badHeader(`Expected ${named.length} samples a pixel, found ${samples}.`);
  if (more > 1)
    throw unsupported(`Expected at most ${named.join(', ')} and A, found ${more} more samples. Convert to EXR.`);
  if (more === 0) return { channels: [...named] };
  const alpha = ({ 1: 'premultiplied', 2: 'straight' } as const)[extra[0] ?? 0];
  return { channels: [...named, 'A'], ...(alpha === undefined ? {} : { alpha }) };
}

/** Unit 2 is the inch, 3 the centimetre, 1 none: of that only the shape of pixels follows. */
function densityOf(x: number, y: number, unit: number): Pick<FoundHeader, 'density' | 'pixelAspect'> {
  if (!(x > 0 && y > 0 && Number.isFinite(x) && Number.isFinite(y))) return {};
  const inches = unit === 3 ? 2.54 : 1;
  return { pixelAspect: y / x, ...(unit === 1 ? {} : { density: [x * inches, y * inches] }) };
}

function unreadOf(reader: DirectoryReader, first: Directory): string[] {
  let pages = 0;
  const seen = new Set<number>();
  for (let at = first.next; at !== 0 && !seen.has(at) && pages < MOST_PAGES; pages++) {
    seen.add(at);
    at = reader.at(at).next;
  }
  const found = Object.entries(UNREAD).filter(([tag]) => first.entries.has(Number(tag)));
  const more = pages === 0 ? [] : [pages === 1 ? '1 more page' : `${pages} more pages`];
  return [...found.map(([, words]) => words), ...more];
}

/** Whether all strips or tiles lie in the file. Throws where they cannot hold that many samples. */
function isComplete(
  reader: DirectoryReader,
  entries: Directory['entries'],
  size: number,
  wanted: number,
  compression: number,
): boolean {
  const list = (one: number, other: number): Entry | undefined => entries.get(one) ?? entries.get(other);
  const offsets = reader.numbers(list(TAG.stripOffsets, TAG.tileOffsets));
  const counts = reader.numbers(list(TAG.stripCounts, TAG.tileCounts));
  if (offsets.length === 0 || (counts.length !== offsets.length && compression !== 1))
    throw badHeader(`Expected as many sizes of strips as places, found ${counts.length} and ${offsets.length}.`);
  const data = counts.reduce((sum, count) => sum + count, 0);
  const most = compression === 1 ? 1 : compression === 7 ? Number.POSITIVE_INFINITY : MOST_PACKED;
  if (counts.length > 0 && Math.floor(wanted) > data * most)
    throw badHeader(`${data} bytes of packed samples cannot hold ${Math.ceil(wanted)}.`);
  return offsets.every((offset, i) => offset > 0 && offset + (counts[i] ?? 0) <= size);
}

/**
 * The same file, as a copy, with alpha said to be straight: a reader that divides colour by alpha would give other
 * samples than those of the file.
 */
export function withStraightAlpha(file: Uint8Array): Uint8Array {
  const copy = Uint8Array.from(file);
  const reader = new DirectoryReader(bytesOf(copy));
  const extra = reader.at(reader.first).entries.get(TAG.extra);
  for (const [i, kind] of reader.numbers(extra).entries())
    if (kind === 1) reader.putShort(copy, extra!.from + 2 * i, 2);
  return copy;
}
