// The methods "htj2k32" and "htj2k256": a JPEG 2000 codestream with high-throughput blocks, without losses.
import { unpackHtj2kAs } from './htj2k/unpack.ts';

export { packHtj2k } from './htj2k/pack.ts';

export const unpackHtj2k32 = unpackHtj2kAs('htj2k32');
export const unpackHtj2k256 = unpackHtj2kAs('htj2k256');
