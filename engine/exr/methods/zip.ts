// The methods "zips" and "zip": bytes split in two halves, coded as differences and deflated.
import { differenceDecode, differenceEncode, joinBytes, scratch, splitBytes } from '../../pixels/kernels.ts';
import type { Compression } from '../compression.ts';
import type { Pack, Unpack } from './block.ts';
import { deflated, deflateRoom, inflateInto, inflateRoom } from './deflated.ts';

export const packZip: Pack = (raw, _block, { zipLevel }) => {
  const [source, split, work, target] = scratch(raw.length, raw.length, ...deflateRoom(raw.length, zipLevel));
  source.set(raw);
  splitBytes(source, split);
  differenceEncode(split, source);
  return deflated(source, zipLevel, work, target);
};

const unpackAs =
  (method: Compression): Unpack =>
  (packed, block, wanted = [{ start: 0, end: block.rawBytes }]) => {
    const [coded, raw, room] = scratch(block.rawBytes, block.rawBytes, inflateRoom(method, packed, block.rawBytes));
    inflateInto(coded, method, packed, room);
    differenceDecode(coded);
    for (const { start, end } of wanted) joinBytes(coded, raw, start, end);
    return raw;
  };

export const unpackZips: Unpack = unpackAs('zips');
export const unpackZip: Unpack = unpackAs('zip');
