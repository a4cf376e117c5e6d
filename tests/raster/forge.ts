// Picture files made by hand for tests, byte by byte: PNG and TIFF of every kind, right or wrong.
import { crc32, deflateSync } from 'node:zlib';
import type { PictureColour } from '../../engine/raster/colour.ts';
import { makeProfile } from '../../engine/raster/icc.ts';

export interface PngSketch {
  readonly width: number;
  readonly height: number;
  readonly bits: 1 | 2 | 4 | 8 | 16;
  /** 0 grey, 2 RGB, 3 palette, 4 grey and alpha, 6 RGBA. */
  readonly kind: 0 | 2 | 3 | 4 | 6;
  /** All samples in order. */
  readonly samples: readonly number[];
  /** Chunks between IHDR and IDAT. */
  readonly before?: readonly Uint8Array[];
  readonly after?: readonly Uint8Array[];
}

export function png({ width, height, bits, kind, samples, before = [], after = [] }: PngSketch): Buffer {
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([bits, kind, 0, 0, 0], 8);
  const count = samples.length / height;
  const rows = Array.from({ length: height }, (_, y) => {
    const row = samples.slice(y * count, (y + 1) * count);
    const text = row.map((value) => value.toString(2).padStart(bits, '0')).join('');
    const bytes = text.match(/.{1,8}/g)!.map((byte) => Number.parseInt(byte.padEnd(8, '0'), 2));
    return Buffer.from([0, ...bytes]);
  });
  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    chunk('IHDR', head),
    ...before,
    chunk('IDAT', deflateSync(Buffer.concat(rows))),
    ...after,
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

export function chunk(name: string, content: Uint8Array): Buffer {
  const bytes = Buffer.alloc(12 + content.length);
  bytes.writeUInt32BE(content.length);
  bytes.write(name, 4, 'latin1');
  bytes.set(content, 8);
  bytes.writeUInt32BE(crc32(bytes.subarray(4, 8 + content.length)), 8 + content.length);
  return bytes;
}

/** Whole numbers of four bytes, as gAMA and cHRM have them. */
export function longs(...values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(4 * values.length);
  for (const [i, value] of values.entries()) bytes.writeUInt32BE(value, 4 * i);
  return bytes;
}

export const iccp = (colour: PictureColour): Buffer =>
  chunk('iCCP', Buffer.concat([Buffer.from('x\0\0', 'latin1'), deflateSync(makeProfile(colour, 'rgb')!)]));

export interface TiffSketch {
  readonly width: number;
  readonly height: number;
  readonly bits: 8 | 16 | 32;
  readonly photometric: number;
  /** Samples a pixel. */
  readonly channels: number;
  readonly samples: readonly number[];
  readonly float?: true;
  readonly extra?: number;
  readonly big?: true;
  /** More entries: tag, type (2, 3, 4 or 7), value. */
  readonly more?: readonly (readonly [tag: number, type: 2 | 3 | 7, value: number | string | Uint8Array])[];
}

export function tiff(sketch: TiffSketch): Buffer {
  const { width, height, bits, photometric, channels, samples, float, extra, big, more = [] } = sketch;
  const little = !big;
  const put = (value: number, width: 1 | 2 | 4, real = false): Buffer => {
    const view = new DataView(new ArrayBuffer(width));
    if (real) view.setFloat32(0, value, little);
    else if (width === 1) view.setUint8(0, value);
    else if (width === 2) view.setUint16(0, value, little);
    else view.setUint32(0, value, little);
    return Buffer.from(view.buffer);
  };
  const pixels = Buffer.concat(samples.map((value) => put(value, (bits / 8) as 1 | 2 | 4, float)));
  const shorts = (...values: number[]): Buffer => Buffer.concat(values.map((value) => put(value, 2)));
  const entries: [tag: number, type: number, count: number, value: Buffer][] = [
    [256, 4, 1, put(width, 4)],
    [257, 4, 1, put(height, 4)],
    [258, 3, channels, shorts(...Array<number>(channels).fill(bits))],
    [259, 3, 1, shorts(1)],
    [262, 3, 1, shorts(photometric)],
    [273, 4, 1, put(8, 4)],
    [277, 3, 1, shorts(channels)],
    [278, 4, 1, put(height, 4)],
    [279, 4, 1, put(pixels.length, 4)],
    ...(extra === undefined ? [] : [[338, 3, 1, shorts(extra)] as [number, number, number, Buffer]]),
    [339, 3, channels, shorts(...Array<number>(channels).fill(float ? 3 : 1))],
    ...more.map(([tag, type, value]): [number, number, number, Buffer] => {
      if (typeof value === 'number') return [tag, type, 1, shorts(value)];
      const bytes = typeof value === 'string' ? Buffer.from(`${value}\0`, 'latin1') : Buffer.from(value);
      // A colour map is made of shorts.
      return [tag, type, type === 3 ? bytes.length / 2 : bytes.length, bytes];
    }),
  ].sort((a, b) => (a[0] as number) - (b[0] as number)) as [number, number, number, Buffer][];
  const at = 8 + pixels.length;
  let end = at + 2 + 12 * entries.length + 4;
  const outside: Buffer[] = [];
  const table = entries.map(([tag, type, count, value]) => {
    const head = Buffer.concat([put(tag, 2), put(type, 2), put(count, 4)]);
    if (value.length <= 4) return Buffer.concat([head, value, Buffer.alloc(4 - value.length)]);
    outside.push(value);
    end += value.length;
    return Buffer.concat([head, put(end - value.length, 4)]);
  });
  return Buffer.concat([
    Buffer.from(little ? 'II' : 'MM'),
    put(42, 2),
    put(at, 4),
    pixels,
    put(entries.length, 2),
    ...table,
    put(0, 4),
    ...outside,
  ]);
}
