// What a picture file says of itself, found without unpacking a pixel, and the limits that it must keep.
import { EngineError } from '../base/error.ts';
import type { ColourStatement } from './colour.ts';

export type PictureFormat = 'png' | 'tiff' | 'jpeg' | 'webp';

/** How the samples are kept, and how they are given. */
export type PictureDepth = 'uint8' | 'uint16' | 'float';

export interface PictureHeader {
  readonly format: PictureFormat;
  readonly width: number;
  readonly height: number;
  readonly depth: PictureDepth;
  /** Names of the channels in the order of the file: R G B or Y, then A. */
  readonly channels: readonly string[];
  /** How it is stored, in words: `palette of 4 bits`. */
  readonly stored: string;
  /**
   * Whether colour is multiplied by alpha. `straight`: it is not; `premultiplied`: it is; left out where the file does not
   * say, or has no alpha.
   */
  readonly alpha?: 'straight' | 'premultiplied';
  /** EXIF's number, 2 to 8, where the file asks to be shown turned or mirrored. */
  readonly orientation?: number;
  /** Pixels an inch, where the file says so. */
  readonly density?: readonly [x: number, y: number];
  /** Width of a pixel over its height, where the file says something of it. */
  readonly pixelAspect?: number;
  /** What is said of the colours, the strongest first. */
  readonly colour: readonly ColourStatement[];
  /** Texts by name, in the order of the file. */
  readonly texts: readonly PictureText[];
  /** What is in the file and not read, in words: `EXIF`, `2 more pages`. */
  readonly unread: readonly string[];
  /** False where the end of the file is missing, as of one that is still being written. */
  readonly complete: boolean;
}

export interface PictureText {
  readonly name: string;
  readonly text: string;
}

/** What a format's own reader finds; the rest is checked here. */
export type FoundHeader = Omit<PictureHeader, 'format'>;

/** As sharp's own limit: the square of 16383. */
export const MOST_PIXELS = 0x3fff ** 2;
const MOST_EDGE = 2 ** 24;
/** Samples of a frame in memory. */
export const MOST_SAMPLE_BYTES = 2 ** 32;

/** The bytes of one sample. */
export const depthBytes = (depth: PictureDepth): 1 | 2 | 4 => ({ uint8: 1, uint16: 2, float: 4 })[depth] as 1 | 2 | 4;

/** Throws `picture-header` for a size that no picture has, `picture-too-large` for more pixels than are read. */
export function requireSize(width: number, height: number, channels: number, depth: PictureDepth): void {
  if (!(width >= 1 && height >= 1 && width <= MOST_EDGE && height <= MOST_EDGE)) {
    throw new EngineError(
      'invalid',
      'picture-header',
      `Expected a width and height from 1 to ${MOST_EDGE}, found ${width} x ${height}.`,
    );
  }
  const bytes = width * height * channels * depthBytes(depth);
  if (width * height <= MOST_PIXELS && bytes <= MOST_SAMPLE_BYTES) return;
  throw new EngineError(
    'unsupported',
    'picture-too-large',
    `Expected at most ${MOST_PIXELS} pixels and ${MOST_SAMPLE_BYTES} bytes of samples, found ${width} x ${height} (${bytes} bytes). Cut the picture into smaller ones.`,
  );
}

/** The error for a head that contradicts itself. */
export const badHeader = (message: string, offset?: number): EngineError =>
  new EngineError('invalid', 'picture-header', message, offset === undefined ? {} : { offset });

/** The error for what is sound and not read here. */
export const unsupported = (message: string): EngineError =>
  new EngineError('unsupported', 'picture-unsupported', message);

const ENDINGS: Readonly<Record<string, PictureFormat>> = {
  png: 'png',
  tif: 'tiff',
  tiff: 'tiff',
  jpg: 'jpeg',
  jpeg: 'jpeg',
  webp: 'webp',
};

/** Endings of file names without a dot. */
export const PICTURE_ENDINGS: readonly string[] = Object.keys(ENDINGS);

/** The format that the ending of a name stands for. */
export const formatOfName = (name: string): PictureFormat | undefined =>
  ENDINGS[/\.([^./\\]+)$/.exec(name)?.[1]?.toLowerCase() ?? ''];

/** The format that the first bytes of a file stand for; twelve are enough. */
export function formatOfBytes(head: Uint8Array): PictureFormat | undefined {
  const text = Buffer.from(head.buffer, head.byteOffset, head.byteLength).toString('latin1');
  if (text.startsWith('\x89PNG\r\n\x1a\n')) return 'png';
  if (/^(II[*+]\0|MM\0[*+])/.test(text)) return 'tiff';
  if (text.startsWith('\xff\xd8\xff')) return 'jpeg';
  if (text.startsWith('RIFF') && text.slice(8, 12) === 'WEBP') return 'webp';
  return undefined;
}
