// Picture files: PNG, TIFF, JPEG and WebP, described by their heads alone and unpacked by sharp, sample for sample.
import type { Metadata, Sharp, SharpOptions } from 'sharp';
import type { Box } from '../base/box.ts';
import { asEngineError, EngineError } from '../base/error.ts';
import { createPlane, type Plane } from '../pixels/plane.ts';
import {
  formatOfBytes,
  formatOfName,
  MOST_PIXELS,
  type PictureDepth,
  type PictureFormat,
  type PictureHeader,
  requireSize,
} from './header.ts';
import { readJpeg } from './jpeg.ts';
import { readPng } from './png.ts';
import { type PictureIdentity, PictureSource } from './source.ts';
import { readTiff, withStraightAlpha } from './tiff.ts';
import { readWebp } from './webp.ts';

export interface PictureFile {
  readonly path: string;
  readonly identity: PictureIdentity;
  readonly header: PictureHeader;
}

const READERS = { png: readPng, tiff: readTiff, jpeg: readJpeg, webp: readWebp } as const;

/** The format of a file by its first bytes; undefined where it is none of these. Throws where it cannot be opened. */
function pictureFormat(path: string): PictureFormat | undefined {
  const source = new PictureSource(path);
  try {
    return formatOfBytes(source.read(0, Math.min(12, source.size)));
  } finally {
    source.close();
  }
}

/** Whether a file is taken for a picture: by its first bytes, and by its name where these say nothing. */
export function isPicture(path: string): boolean {
  if (/\.exr$/i.test(path)) return false;
  return pictureFormat(path) !== undefined || formatOfName(path) !== undefined;
}

/**
 * Reads what a picture says of itself. Errors: those of opening a file, `picture-format`, `picture-header`,
 * `picture-truncated`, `picture-too-large`, `picture-unsupported`.
 */
export function openPicture(path: string): PictureFile {
  const source = new PictureSource(path);
  try {
    const format = formatOfBytes(source.read(0, Math.min(12, source.size)));
    if (!format) {
      throw new EngineError(
        'invalid',
        'picture-format',
        `${path} is no PNG, TIFF, JPEG or WebP file. Name another file.`,
      );
    }
    const header = { format, ...READERS[format](source) };
    requireSize(header.width, header.height, header.channels.length, header.depth);
    return { path, identity: source.identity, header };
  } catch (thrown) {
    throw asEngineError(thrown, { file: path });
  } finally {
    source.close();
  }
}

/** All samples of a picture, as the file has them. */
export interface PicturePixels {
  readonly width: number;
  readonly depth: PictureDepth;
  /** Samples of one pixel after another. */
  readonly samples: Uint8Array | Uint16Array | Float32Array;
  /** How many samples a pixel has, and which of them a channel is. */
  readonly stride: number;
  readonly places: ReadonlyMap<string, number>;
}

/**
 * Unpacks a whole picture, without a change of colour, alpha or orientation. Throws `picture-data` where that cannot be
 * done, `picture-truncated` for a file that is cut short, `file-changed` for one that is not the one that was described.
 */
export async function decodePicture({ path, identity, header }: PictureFile): Promise<PicturePixels> {
  try {
    const file = contentOf(path, identity);
    if (!header.complete)
      throw new EngineError(
        'invalid',
        'picture-truncated',
        `${path} is cut short: its end is missing. Write it again.`,
      );
    return await unpack(header.alpha === 'premultiplied' ? withStraightAlpha(file) : file, header);
  } catch (thrown) {
    throw asEngineError(thrown, { file: path });
  }
}

function contentOf(path: string, identity: PictureIdentity): Uint8Array {
  const source = new PictureSource(path);
  try {
    const { size, mtimeNs } = source.identity;
    if (size === identity.size && mtimeNs === identity.mtimeNs) return source.read(0, size);
    throw new EngineError('io', 'file-changed', `${path} changed after it was described. Read it again.`);
  } finally {
    source.close();
  }
}

const OPTIONS: SharpOptions = { ignoreIcc: true, failOn: 'warning', limitInputPixels: MOST_PIXELS };

async function unpack(file: Uint8Array, header: PictureHeader): Promise<PicturePixels> {
  const { default: sharp } = await import('sharp');
  const { width, channels, depth } = header;
  const open = (): Sharp => sharp(file, OPTIONS);
  try {
    refuseOther(header, await open().metadata());
    const form = formOf(header);
    if (form === 'single') {
      const planes = await Promise.all(channels.map((_, i) => raw(open().extractChannel(i as 0), header, 'grey')));
      return { width, depth, stride: channels.length, places: inOrder(channels), samples: interleaved(planes, depth) };
    }
    const { samples, stride } = await raw(open(), header, form);
    // Grey with alpha comes as three equal colours and alpha.
    const places =
      form === 'spread'
        ? new Map([
            ['Y', 0],
            ['A', 3],
          ])
        : inOrder(channels);
    return { width, depth, stride, places, samples };
  } catch (thrown) {
    if (thrown instanceof EngineError) throw thrown;
    const [reason = ''] = (thrown instanceof Error ? thrown.message : String(thrown)).split('\n');
    throw new EngineError(
      'invalid',
      'picture-data',
      `The pixels cannot be unpacked: ${reason}. The file is damaged.`,
      {},
      thrown,
    );
  }
}

const inOrder = (channels: readonly string[]): ReadonlyMap<string, number> =>
  new Map(channels.map((name, i) => [name, i]));

/** How sharp is to give the samples: beside grey it hands on alpha of 16 bits alone; of 8 it spreads, floats come singly. */
type Form = 'colour' | 'grey' | 'spread' | 'single';

function formOf({ channels, depth }: PictureHeader): Form {
  if (channels[0] !== 'Y') return 'colour';
  if (channels.length === 1 || depth === 'uint16') return 'grey';
  return depth === 'uint8' ? 'spread' : 'single';
}

const SPACES = {
  uint8: { colour: 'srgb', grey: 'b-w', raw: 'uchar' },
  uint16: { colour: 'rgb16', grey: 'grey16', raw: 'ushort' },
  float: { colour: 'scrgb', grey: 'b-w', raw: 'float' },
} as const;

async function raw(
  picture: Sharp,
  { width, height, depth, channels }: PictureHeader,
  form: Form,
): Promise<{ samples: PicturePixels['samples']; stride: number }> {
  const space = SPACES[depth];
  const { data, info } = await picture
    .toColourspace(form === 'grey' ? space.grey : space.colour)
    .raw({ depth: space.raw })
    .toBuffer({ resolveWithObject: true });
  const stride = form === 'colour' ? channels.length : form === 'spread' ? 4 : info.channels;
  const bytes = width * height * stride * (depth === 'uint8' ? 1 : depth === 'uint16' ? 2 : 4);
  if (info.channels !== stride || info.width !== width || info.height !== height || data.byteLength !== bytes) {
    const found = `${info.width} x ${info.height} pixels of ${info.channels} channels`;
    throw new EngineError(
      'invalid',
      'picture-data',
      `Expected ${width} x ${height} pixels of ${stride} channels as the head of the file says, found ${found}.`,
    );
  }
  const { buffer, byteOffset } = data;
  if (depth === 'uint8') return { stride, samples: data };
  const aligned = byteOffset % 4 === 0 ? { buffer, byteOffset } : { buffer: data.slice().buffer, byteOffset: 0 };
  const count = width * height * stride;
  return {
    stride,
    samples:
      depth === 'uint16'
        ? new Uint16Array(aligned.buffer, aligned.byteOffset, count)
        : new Float32Array(aligned.buffer, aligned.byteOffset, count),
  };
}

function interleaved(
  planes: readonly { readonly samples: PicturePixels['samples']; readonly stride: number }[],
  depth: PictureDepth,
): PicturePixels['samples'] {
  const count = planes[0]!.samples.length / planes[0]!.stride;
  const made = new { uint8: Uint8Array, uint16: Uint16Array, float: Float32Array }[depth](count * planes.length);
  for (const [place, { samples, stride }] of planes.entries())
    for (let i = 0; i < count; i++) made[i * planes.length + place] = samples[i * stride]!;
  return made;
}

/** What sharp finds must be what was described, or samples would be taken for others. */
function refuseOther({ format, width, height }: PictureHeader, found: Metadata): void {
  if (found.format === format && found.width === width && found.height === height) return;
  throw new EngineError(
    'invalid',
    'picture-header',
    `Expected ${format} of ${width} x ${height} pixels as the head of the file says, found ${found.format} of ${found.width} x ${found.height}.`,
  );
}

/** The float of each whole number of 8 or 16 bits: itself divided by the greatest, rounded once to a float. */
const tables = new Map<PictureDepth, Float32Array>();

function tableOf(depth: 'uint8' | 'uint16'): Float32Array {
  const most = depth === 'uint8' ? 255 : 65535;
  const table = tables.get(depth) ?? Float32Array.from({ length: most + 1 }, (_, i) => i / most);
  tables.set(depth, table);
  return table;
}

/**
 * A region of a channel as floats. Whole numbers are divided by 255 or 65535, and that is all: the encoding of the
 * picture stays. Outside the picture there is 0.
 */
export function picturePlane(pixels: PicturePixels, channel: string, box: Box): Plane {
  const plane = createPlane('float', box);
  const place = pixels.places.get(channel);
  if (place === undefined)
    throw new EngineError('invalid', 'channel-unknown', `The picture has no channel ${channel}.`, { channel });
  const { samples, stride, width } = pixels;
  const height = samples.length / stride / width;
  const [from, to] = [Math.max(0, box.minX), Math.min(width - 1, box.maxX)];
  const target = plane.samples as Float32Array;
  for (let y = Math.max(0, box.minY); y <= Math.min(height - 1, box.maxY); y++) {
    const row = { at: (y - box.minY) * plane.columns + from - box.minX, count: to - from + 1 };
    const source = (y * width + from) * stride + place;
    // One loop for each type: a loop that meets several is several times slower.
    if (samples instanceof Uint8Array) spread8(samples, source, stride, target, row);
    else if (samples instanceof Uint16Array) spread16(samples, source, stride, target, row);
    else spreadFloats(samples, source, stride, target, row);
  }
  return plane;
}

interface Row {
  readonly at: number;
  readonly count: number;
}

function spread8(samples: Uint8Array, from: number, stride: number, target: Float32Array, { at, count }: Row): void {
  const table = tableOf('uint8');
  for (let i = 0, source = from; i < count; i++, source += stride) target[at + i] = table[samples[source]!]!;
}

function spread16(samples: Uint16Array, from: number, stride: number, target: Float32Array, { at, count }: Row): void {
  const table = tableOf('uint16');
  for (let i = 0, source = from; i < count; i++, source += stride) target[at + i] = table[samples[source]!]!;
}

function spreadFloats(
  samples: Float32Array,
  from: number,
  stride: number,
  target: Float32Array,
  { at, count }: Row,
): void {
  for (let i = 0, source = from; i < count; i++, source += stride) target[at + i] = samples[source]!;
}
