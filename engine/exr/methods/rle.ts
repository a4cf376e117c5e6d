// The method "rle": bytes split in two halves, coded as differences and packed as run lengths.
import {
  differenceDecode,
  differenceEncode,
  joinBytes,
  runBound,
  runDecode,
  runEncode,
  splitBytes,
} from '../../pixels/reference/bytes.ts';
import { damaged, type Pack, type Unpack } from './block.ts';

/** Two bytes stand for at most 128. */
const GREATEST_RATIO = 64;

export const packRle: Pack = (raw) => {
  const split = new Uint8Array(raw.length);
  const coded = new Uint8Array(raw.length);
  const packed = new Uint8Array(runBound(raw.length));
  splitBytes(raw, split);
  differenceEncode(split, coded);
  return packed.slice(0, runEncode(coded, packed));
};

export const unpackRle: Unpack = (packed, block, wanted = [{ start: 0, end: block.rawBytes }]) => {
  const { rawBytes } = block;
  if (rawBytes > packed.length * GREATEST_RATIO) {
    throw damaged('rle', `${packed.length} bytes cannot hold ${rawBytes}`);
  }
  const coded = new Uint8Array(rawBytes);
  if (!runDecode(packed, coded)) throw damaged('rle', `its runs do not make ${rawBytes} bytes`);
  const raw = new Uint8Array(rawBytes);
  differenceDecode(coded);
  for (const { start, end } of wanted) joinBytes(coded, raw, start, end);
  return raw;
};
