// The module's exports: every kernel, and the memory that the kernels keep for themselves.
import { reserved } from './memory';

/** The first byte of memory that the kernels leave to their caller. */
export function firstFree(): usize {
  return reserved();
}

export * from './b44';
export * from './bytes';
export * from './conjugate';
export { deflate } from './deflate';
export { deflateWork } from './deflate-work';
export { dwaDecode, dwaSkip } from './dwa-decode';
export { dwaEncode, limitHalves } from './dwa-encode';
export * from './gather';
export * from './huffman';
export { calls } from './memory';
export { inflate } from './inflate';
export * from './lookup';
export * from './merge';
export * from './multigrid';
export * from './normal';
export * from './pointwise';
export * from './pxr24';
export * from './sample';
export * from './wavelet';
export * from './weigh';
export * from './window';
