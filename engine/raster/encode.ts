// PNG, JPEG and WebP files from samples: packed by sharp, with the tags that are asked for and no others.
import { EngineError } from '../base/error.ts';
import type { PictureColour } from './colour.ts';
import { MOST_PIXELS } from './header.ts';
import { tagJpeg } from './jpeg.ts';
import { tagPng } from './png.ts';
import { tagWebp } from './webp.ts';

export interface PictureTags {
  readonly colour?: PictureColour;
  /** Pixels an inch. */
  readonly density?: readonly [x: number, y: number];
  /** Width of a pixel over its height. */
  readonly pixelAspect?: number;
}

export interface PackOptions {
  readonly format: 'png' | 'jpeg' | 'webp';
  readonly width: number;
  readonly height: number;
  /** Grey, grey and alpha, RGB or RGBA; JPEG takes 1 and 3. */
  readonly channels: 1 | 2 | 3 | 4;
  /** Of JPEG, and of WebP that is not lossless: 1 to 100. */
  readonly quality: number;
  readonly lossless: boolean;
  readonly subsampling: '4:4:4' | '4:2:0';
  /** Of PNG: 0 to 9. */
  readonly level: number;
  readonly tags: PictureTags;
}

/** The longest edge of a file of each format. */
export const MOST_EDGE = { png: 2 ** 24, jpeg: 65_535, webp: 16_383, tiff: 2 ** 24 } as const;

/** The same samples and options give the same bytes. 16 bits go into PNG alone. Throws `picture-cannot-write`. */
export async function packPicture(samples: Uint8Array | Uint16Array, options: PackOptions): Promise<Uint8Array> {
  const { format, width, height, channels, quality, tags } = options;
  const { default: sharp } = await import('sharp');
  const grey = channels < 3;
  const wide = samples instanceof Uint16Array;
  const space = wide ? (grey ? 'grey16' : 'rgb16') : grey ? 'b-w' : 'srgb';
  try {
    const picture = sharp(samples, { raw: { width, height, channels }, limitInputPixels: MOST_PIXELS }).toColourspace(
      space,
    );
    if (format === 'png')
      return tagPng(await picture.png({ compressionLevel: options.level, palette: false }).toBuffer(), {
        ...tags,
        grey,
      });
    if (format === 'jpeg') {
      const packed = picture.jpeg({ quality, chromaSubsampling: options.subsampling });
      return tagJpeg(await packed.toBuffer(), { ...tags, grey });
    }
    // What alpha hides is kept too: `exact`.
    const packed = picture.webp({ quality, lossless: options.lossless, exact: true });
    return tagWebp(await packed.toBuffer(), tags.colour);
  } catch (thrown) {
    if (thrown instanceof EngineError) throw thrown;
    const [reason = ''] = (thrown instanceof Error ? thrown.message : String(thrown)).split('\n');
    throw new EngineError(
      'invalid',
      'picture-cannot-write',
      `The picture cannot be packed as ${format}: ${reason}.`,
      {},
      thrown,
    );
  }
}
