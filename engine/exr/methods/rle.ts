// The method "rle": bytes split in two halves, coded as differences and packed as run lengths.
import {
  differenceDecode,
  differenceEncode,
  joinBytes,
  runDecode,
  runEncode,
  scratch,
  splitBytes,
} from '../../pixels/kernels.ts';
import { runBound } from '../../pixels/reference.ts';
import { damaged, type Pack, type Unpack } from './block.ts';

/** Two bytes stand for at most 128. */
const GREATEST_RATIO = 64;

export const packRle: Pack = (raw) => {
  const [source, split, packed] = scratch(raw.length, raw.length, runBound(raw.length));
  source.set(raw);
  splitBytes(source, split);
  differenceEncode(split, source);
  return packed.slice(0, runEncode(source, packed));
};

export const unpackRle: Unpack = (packed, block, wanted = [{ start: 0, end: block.rawBytes }]) => {
  const { rawBytes } = block;
  if (rawBytes > packed.length * GREATEST_RATIO) {
    throw damaged('rle', `${packed.length} bytes cannot hold ${rawBytes}`);
  }
  const [stream, coded, raw] = scratch(packed.length, rawBytes, rawBytes);
  stream.set(packed);
  if (!runDecode(stream, coded)) throw damaged('rle', `its runs do not make ${rawBytes} bytes`);
  differenceDecode(coded);
  for (const { start, end } of wanted) joinBytes(coded, raw, start, end);
  return raw;
};
