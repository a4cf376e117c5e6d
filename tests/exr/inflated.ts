// Unpacks one zlib stream as the methods do.
import { inflateInto, inflateRoom } from '../../engine/exr/methods/deflated.ts';
import { scratch } from '../../engine/pixels/kernels.ts';

/** The `length` bytes of a stream; a copy. Throws 'exr-compressed-data'. */
export function inflated(packed: Uint8Array, length: number): Uint8Array {
  const [target, room] = scratch(length, inflateRoom('zip', packed, length));
  inflateInto(target, 'zip', packed, room);
  return target.slice();
}
