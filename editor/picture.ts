// Pictures as the session host sends them: binary messages with a header, beside the protocol's messages of text.
import type { Box } from '../engine/browser.ts';

/** What the samples of a picture are, for display transforms that have to know. */
export interface LightView {
  readonly title: string;
  /** False where the image does not say. */
  readonly stated: boolean;
  /** The matrix to linear ACEScg, nine numbers row by row; none where the samples are codes or data. */
  readonly toAcescg: readonly number[];
}

/** What a picture of the charts of a mesh shows. */
export interface ChartsView {
  /** The tile that is shown, and all on which there are charts, rising; none of them where there are no charts. */
  readonly tile: number;
  readonly tiles: readonly number[];
  readonly uvSet: string;
  /** Charts on all tiles, and how many of them are mirrored. */
  readonly count: number;
  readonly mirrored: number;
  /** Pairs of charts that lie on one another; the one with the lesser number is seen. */
  readonly overlaps: number;
}

/**
 * A picture as a binary message: a header of JSON, its length as uint32 little-endian before it, padded with spaces to
 * a multiple of four bytes; then half samples, little-endian, interleaved by pixel, top row first. Where the header says
 * so they are floats; or whole numbers, which are never mixed: one that stands for several pixels is that of the middle.
 */
export interface PictureHeader {
  readonly slot: number;
  /** The serial of the request that it answers; thumbnails have -1 and name their node. */
  readonly serial: number;
  readonly node: string;
  readonly frame: number;
  readonly part: number;
  readonly channels: readonly (string | null)[];
  /** The region of image pixels that the samples cover. */
  readonly box: Box;
  readonly width: number;
  readonly height: number;
  readonly dataWindow: Box;
  readonly displayWindow: Box;
  readonly pixelAspect: number;
  readonly type?: 'float' | 'uint';
  readonly light?: LightView;
  readonly charts?: ChartsView;
}

/** `samples` are halfs, or the words of larger samples in their order, the low one first. */
export function encodePicture(header: PictureHeader, samples: Uint16Array): Uint8Array<ArrayBuffer> {
  const text = new TextEncoder().encode(JSON.stringify(header));
  const length = Math.ceil(text.length / 4) * 4;
  const bytes = new Uint8Array(4 + length + samples.byteLength);
  new DataView(bytes.buffer).setUint32(0, length, true);
  bytes.fill(0x20, 4, 4 + length);
  bytes.set(text, 4);
  bytes.set(new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength), 4 + length);
  return bytes;
}

/** The reverse of `encodePicture`; undefined where the bytes are not a picture. */
export function decodePicture(buffer: ArrayBuffer): { header: PictureHeader; samples: Uint16Array } | undefined {
  if (buffer.byteLength < 4) return undefined;
  const length = new DataView(buffer).getUint32(0, true);
  if (length % 4 !== 0 || 4 + length > buffer.byteLength || (buffer.byteLength - length) % 2 !== 0) return undefined;
  try {
    const header = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, 4, length))) as PictureHeader;
    return { header, samples: new Uint16Array(buffer, 4 + length) };
  } catch {
    return undefined;
  }
}
