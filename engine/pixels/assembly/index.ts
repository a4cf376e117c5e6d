// The module's exports: every kernel, and the memory that the kernels keep for themselves.
import { reserved } from './memory';

/** The first byte of memory that the kernels leave to their caller. */
export function firstFree(): usize {
  return reserved();
}

export * from './bytes';
export { deflate } from './deflate';
export { deflateWork } from './deflate-work';
export * from './gather';
export * from './huffman';
export { calls } from './memory';
export * from './lookup';
export * from './merge';
export * from './pointwise';
export * from './sample';
export * from './wavelet';
export * from './weigh';
export * from './window';
