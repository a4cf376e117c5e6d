// The plain TypeScript twins of all kernels: what they do is right by definition, and the kernels must do the same.
export { b44Pack, b44Unpack, type HalfGrid, type SquareOptions, squareBound } from './reference/b44.ts';
export {
  differenceDecode,
  differenceEncode,
  joinBytes,
  runBound,
  runDecode,
  runEncode,
  splitBytes,
} from './reference/bytes.ts';
export { deflate, deflateBound } from './reference/deflate.ts';
export {
  type DwaGrid,
  dwaDecode,
  dwaEncode,
  dwaQuantised,
  dwaSkip,
  dwaSquares,
  limitHalves,
} from './reference/dwa.ts';
export { plainGather } from './reference/gather.ts';
export {
  countWords,
  HUFFMAN_FAULTS,
  HUFFMAN_RATIO,
  huffmanDecode,
  huffmanEncode,
  huffmanLengths,
  mapWords,
} from './reference/huffman.ts';
export { INFLATE_FAULTS, inflate } from './reference/inflate.ts';
export { mergeSamples, mixSamples, weighSamples } from './reference/merge.ts';
export { plainLattice } from './reference/multigrid.ts';
export { plainSlopes } from './reference/normal.ts';
export { plainPointwise } from './reference/pointwise.ts';
export { pxrJoin, pxrSplit } from './reference/pxr24.ts';
export { floatToHalf, floatToUint, halfToFloat, halfToUint, uintToFloat, uintToHalf } from './reference/sample.ts';
export { SMALL_WORDS, type WordGrid, waveletDecode, waveletEncode } from './reference/wavelet.ts';
export { plainResample } from './reference/weigh.ts';
export { plainExtreme, plainMedian, plainSharpen, type Region, type Sampled } from './reference/window.ts';
