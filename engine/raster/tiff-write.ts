// Writes TIFF 6.0 files strip by strip: 8 and 16 bits and 32-bit float, with alpha, colour and density told as they are.
// sharp reads raw floats as bytes, cannot tell premultiplied alpha, and converts colours where it sets a profile.
import { deflateSync } from 'node:zlib';
import { EngineError } from '../base/error.ts';
import type { PictureTags } from './encode.ts';
import { depthBytes, type PictureDepth } from './header.ts';
import { makeProfile } from './icc.ts';
import { viewOf } from './source.ts';

export interface TiffShape {
  readonly width: number;
  readonly height: number;
  /** Grey, grey and alpha, RGB or RGBA. */
  readonly channels: 1 | 2 | 3 | 4;
  readonly depth: PictureDepth;
  readonly compression: 'none' | 'deflate';
  /** Of alpha, where there is one; left out where it is not known. */
  readonly alpha?: 'straight' | 'premultiplied';
  readonly tags: PictureTags;
}

/** Of deflate: as Write EXR has it. */
const LEVEL = 4;

/** The bytes of one strip: little-endian, in whole numbers each less the one to its left where they are packed. */
export function packStrip(
  samples: Uint8Array | Uint16Array | Float32Array,
  { width, channels, compression, depth }: TiffShape,
): Uint8Array {
  const stored =
    compression === 'none' || depth === 'float' ? samples : differences(samples, width * channels, channels);
  const bytes = new Uint8Array(stored.buffer, stored.byteOffset, stored.byteLength);
  return compression === 'none' ? bytes : deflateSync(bytes, { level: LEVEL });
}

/** Horizontal differencing, TIFF 6.0 section 14. */
function differences(
  samples: Uint8Array | Uint16Array | Float32Array,
  row: number,
  channels: number,
): Uint8Array | Uint16Array {
  const made = samples.slice() as Uint8Array | Uint16Array;
  for (let from = 0; from < made.length; from += row)
    for (let i = from + row - 1; i >= from + channels; i--) made[i] = made[i]! - made[i - channels]!;
  return made;
}

/** What stands before the strips: the first strip begins behind it. */
export const TIFF_HEAD_BYTES = 8;

/**
 * What stands before and behind the strips. `strips` are the sizes of the strips, which follow one another, each of
 * `rows` rows but the last. Throws `picture-too-large` for a file of more than 4 GiB.
 */
export function tiffEnds(
  shape: TiffShape,
  rows: number,
  strips: readonly number[],
): { readonly head: Uint8Array; readonly tail: Uint8Array } {
  const { width, height, channels, depth, compression, alpha, tags } = shape;
  const grey = channels < 3;
  const bits = depthBytes(depth) * 8;
  const directory = new DirectoryWriter();
  directory.longs(256, width).longs(257, height);
  directory.shorts(258, ...Array<number>(channels).fill(bits));
  directory.shorts(259, compression === 'none' ? 1 : 8).shorts(262, grey ? 1 : 2);
  let offset = TIFF_HEAD_BYTES;
  directory.longs(
    273,
    ...strips.map((size) => {
      const at = offset;
      offset += size;
      return at;
    }),
  );
  directory
    .shorts(277, channels)
    .longs(278, rows)
    .longs(279, ...strips);
  const density = tags.density ?? (tags.pixelAspect === undefined ? undefined : [1, tags.pixelAspect]);
  if (density) directory.rationals(282, density[0]!).rationals(283, density[1]!);
  directory.shorts(284, 1);
  if (density) directory.shorts(296, tags.density ? 2 : 1);
  if (compression !== 'none' && depth !== 'float') directory.shorts(317, 2);
  if (channels === 2 || channels === 4)
    directory.shorts(338, { straight: 2, premultiplied: 1, unknown: 0 }[alpha ?? 'unknown']);
  directory.shorts(339, ...Array<number>(channels).fill(depth === 'float' ? 3 : 1));
  const profile = tags.colour && makeProfile(tags.colour, grey ? 'grey' : 'rgb');
  if (profile) directory.bytes(34675, profile);
  // A directory begins on an even byte.
  const padding = offset % 2;
  const tail = Buffer.concat([Buffer.alloc(padding), directory.make(offset + padding)]);
  if (offset + tail.length > 0xffffffff)
    throw new EngineError(
      'unsupported',
      'picture-too-large',
      `TIFF files end at 4 GiB; this one has ${offset} bytes. Choose deflate or fewer bits.`,
    );
  const head = Buffer.from('II*\0\0\0\0\0', 'latin1');
  head.writeUInt32LE(offset + padding, 4);
  return { head, tail };
}

/** Entries are given in rising order of their tags. */
class DirectoryWriter {
  readonly #entries: { tag: number; type: number; count: number; value: Buffer }[] = [];

  shorts(tag: number, ...values: readonly number[]): this {
    return this.#add(tag, 3, values, 2, (value, i, view) => view.setUint16(2 * i, value, true));
  }

  longs(tag: number, ...values: readonly number[]): this {
    return this.#add(tag, 4, values, 4, (value, i, view) => view.setUint32(4 * i, value, true));
  }

  rationals(tag: number, ...values: readonly number[]): this {
    return this.#add(tag, 5, values, 8, (value, i, view) => {
      view.setUint32(8 * i, Math.round(value * 10_000), true);
      view.setUint32(8 * i + 4, 10_000, true);
    });
  }

  bytes(tag: number, content: Uint8Array): this {
    this.#entries.push({ tag, type: 7, count: content.length, value: Buffer.from(content) });
    return this;
  }

  #add(
    tag: number,
    type: number,
    values: readonly number[],
    width: number,
    put: (value: number, index: number, view: DataView) => void,
  ): this {
    const value = Buffer.alloc(width * values.length);
    for (const [i, v] of values.entries()) put(v, i, viewOf(value));
    this.#entries.push({ tag, type, count: values.length, value });
    return this;
  }

  /** The directory and the values that do not fit into it, for this place in the file. */
  make(at: number): Buffer {
    const table = Buffer.alloc(2 + 12 * this.#entries.length + 4);
    table.writeUInt16LE(this.#entries.length);
    const outside: Buffer[] = [];
    let end = at + table.length;
    for (const [i, { tag, type, count, value }] of this.#entries.entries()) {
      const entry = 2 + 12 * i;
      table.writeUInt16LE(tag, entry);
      table.writeUInt16LE(type, entry + 2);
      table.writeUInt32LE(count, entry + 4);
      if (value.length <= 4) {
        table.set(value, entry + 8);
        continue;
      }
      table.writeUInt32LE(end, entry + 8);
      const padded = Buffer.alloc(value.length + (value.length % 2));
      padded.set(value);
      outside.push(padded);
      end += padded.length;
    }
    return Buffer.concat([table, ...outside]);
  }
}
