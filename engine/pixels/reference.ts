// The plain TypeScript twins of all kernels: what they do is right by definition, and the kernels must do the same.
export {
  differenceDecode,
  differenceEncode,
  joinBytes,
  runBound,
  runDecode,
  runEncode,
  splitBytes,
} from './reference/bytes.ts';
export {
  HUFFMAN_FAULTS,
  HUFFMAN_RATIO,
  HUFFMAN_SYMBOLS,
  huffmanDecode,
  huffmanEncode,
  huffmanLengths,
} from './reference/huffman.ts';
export { floatToHalf, floatToUint, halfToFloat, halfToUint, uintToFloat, uintToHalf } from './reference/sample.ts';
export { SMALL_WORDS, type WordGrid, waveletDecode, waveletEncode } from './reference/wavelet.ts';
