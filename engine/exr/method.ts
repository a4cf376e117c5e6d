// The table of compression methods, and the rules that hold for the chunks of all of them.
import { EngineError } from '../base/error.ts';
import { inScratch } from '../pixels/kernels.ts';
import { COMPRESSIONS, type Compression } from './compression.ts';
import { packB44, packB44a, unpackB44, unpackB44a } from './methods/b44.ts';
import {
  type Block,
  type BlockChannel,
  type ByteRange,
  damaged,
  type Method,
  type PackOptions,
} from './methods/block.ts';
import { dwaIsLossy, packDwa, unpackDwaa, unpackDwab } from './methods/dwa.ts';
import { HTJ2K_RATIO, packHtj2k, unpackHtj2k32, unpackHtj2k256 } from './methods/htj2k.ts';
import { packNone, unpackNone } from './methods/none.ts';
import { packPiz, unpackPiz } from './methods/piz.ts';
import { packPxr24, unpackPxr24 } from './methods/pxr24.ts';
import { packRle, unpackRle } from './methods/rle.ts';
import { packZip, unpackZip, unpackZips } from './methods/zip.ts';

export {
  type Block,
  type BlockChannel,
  type BlockRow,
  type BlockSource,
  type ByteRange,
  blockOf,
  blockRows,
  bytesBlock,
  type Method,
  type Pack,
  type PackOptions,
  type Unpack,
} from './methods/block.ts';

type Entry = Omit<Method, 'name' | 'number'>;

const ENTRIES: Readonly<Record<Compression, Entry>> = {
  none: { pack: packNone, unpack: unpackNone },
  rle: { pack: packRle, unpack: unpackRle },
  zips: { pack: packZip, unpack: unpackZips },
  zip: { pack: packZip, unpack: unpackZip },
  piz: { pack: packPiz, unpack: unpackPiz },
  pxr24: { loses: ({ type }) => type === 'float', pack: packPxr24, unpack: unpackPxr24 },
  b44: { loses: ({ type }) => type === 'half', pack: packB44, unpack: unpackB44 },
  b44a: { loses: ({ type }) => type === 'half', pack: packB44a, unpack: unpackB44a },
  dwaa: { loses: dwaIsLossy, halves: dwaIsLossy, pack: packDwa, unpack: unpackDwaa },
  dwab: { loses: dwaIsLossy, halves: dwaIsLossy, pack: packDwa, unpack: unpackDwab },
  htj2k256: { ratio: HTJ2K_RATIO, pack: packHtj2k, unpack: unpackHtj2k256 },
  htj2k32: { ratio: HTJ2K_RATIO, pack: packHtj2k, unpack: unpackHtj2k32 },
};

/** All methods of OpenEXR in the order of their numbers. */
export const METHODS: readonly Method[] = COMPRESSIONS.map((name, number) => ({ name, number, ...ENTRIES[name] }));

/** The method of a name. */
export const methodOf = (name: Compression): Method => METHODS[COMPRESSIONS.indexOf(name)]!;

/** No sound file holds more samples than this times its own bytes: deflate gives at most 1032 bytes for one. */
const DEFLATE_RATIO = 1100;

/** How many bytes one byte of a file stands for at most where its chunks are packed by a method. */
export const methodRatio = (name: Compression): number => methodOf(name).ratio ?? DEFLATE_RATIO;

/** Whether packing by a method may change samples of a channel of this name and type. */
export const methodLoses = (name: Compression, channel: Pick<BlockChannel, 'name' | 'type'>): boolean =>
  methodOf(name).loses?.(channel) ?? false;

/** Whether packing by a method makes the samples of a channel of this name and type half, so that large ones become infinite. */
export const methodHalves = (name: Compression, channel: Pick<BlockChannel, 'name' | 'type'>): boolean =>
  methodOf(name).halves?.(channel) ?? false;

/**
 * The content of a stored chunk: exactly `block.rawBytes` bytes, of which those outside `wanted` may hold anything.
 * As OpenEXR has it, a chunk as long as its content is that content, whatever the method. The result is a view, of
 * `stored` or of memory that the next call of `unpackChunk` or `packChunk` on this thread uses again.
 *
 * Errors: 'exr-compressed-data' where `stored` is not a whole block; 'exr-compression-unsupported' where HTJ2K has what
 * OpenEXR does not write. The caller has checked that `block.rawBytes` is a size that it accepts.
 */
export function unpackChunk(
  compression: Compression,
  stored: Uint8Array,
  block: Block,
  wanted?: readonly ByteRange[],
): Uint8Array {
  if (stored.length === block.rawBytes) return stored;
  if (stored.length > block.rawBytes) {
    throw damaged(compression, `it has ${stored.length} bytes, more than the ${block.rawBytes} it stands for`);
  }
  return methodOf(compression).unpack(settled(stored), block, wanted);
}

/**
 * A block as it is stored: packed, or as it is where packing does not make it smaller. The result is a fresh array.
 * `raw` must have exactly `block.rawBytes` bytes.
 */
export function packChunk(compression: Compression, raw: Uint8Array, block: Block, options: PackOptions): Uint8Array {
  if (raw.length !== block.rawBytes) {
    throw new EngineError('invalid', 'internal', `Expected a block of ${block.rawBytes} bytes, found ${raw.length}.`);
  }
  const source = settled(raw);
  const packed = methodOf(compression).pack(source, block, options);
  return packed.length < source.length ? packed : source.slice();
}

/** Methods work in scratch space: what an earlier call left there would be overwritten while it is read. */
const settled = (bytes: Uint8Array): Uint8Array => (inScratch(bytes) ? bytes.slice() : bytes);
