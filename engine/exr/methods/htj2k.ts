// The methods "htj2k32" and "htj2k256": a JPEG 2000 codestream with high-throughput blocks, without losses.
import { unpackHtj2kAs } from './htj2k/unpack.ts';

/**
 * What is black takes a few bytes a channel and chunk, however wide: 8192 x 256 pixels of four floats some 220. Beyond this
 * ratio the widest chunks that are made would be refused where all is black, below it small files take large memory.
 */
export const HTJ2K_RATIO = 2 ** 18;

export { packHtj2k } from './htj2k/pack.ts';

export const unpackHtj2k32 = unpackHtj2kAs('htj2k32');
export const unpackHtj2k256 = unpackHtj2kAs('htj2k256');
