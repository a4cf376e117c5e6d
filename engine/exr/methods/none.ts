// The method "none": the bytes of a block as they are.
import { damaged, type Pack, type Unpack } from './block.ts';

export const packNone: Pack = (raw) => raw.slice();

export const unpackNone: Unpack = (packed, block) => {
  if (packed.length !== block.rawBytes) {
    throw damaged('none', `expected ${block.rawBytes} bytes, found ${packed.length}`);
  }
  return packed;
};
