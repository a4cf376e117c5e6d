// The method "pxr24": floats rounded to 24 bits, samples coded as differences with their bytes apart, and deflated.
import { scratch } from '../../pixels/kernels.ts';
import { pxrJoin, pxrSplit } from '../../pixels/lossy.ts';
import { type SampleType, sampleBytes, samplesOn } from '../../pixels/plane.ts';
import { type Block, blockRows, damaged, type Pack, type Unpack } from './block.ts';
import { deflated, deflateRoom, inflateInto, inflateRoom } from './deflated.ts';

/** Bytes of a sample in the chunk before it is deflated. */
const STORED_BYTES: Readonly<Record<SampleType, number>> = { half: 2, float: 3, uint: 4 };

/** Bytes of all samples before they are deflated, and of the longest row as it is in memory. */
function measure({ channels, rawBytes }: Block): { readonly stored: number; readonly row: number } {
  let stored = 0;
  let raw = 0;
  let row = 0;
  for (const { type, columns, rows } of channels) {
    stored += columns * rows * STORED_BYTES[type];
    raw += columns * rows * sampleBytes(type);
    row = Math.max(row, columns * sampleBytes(type));
  }
  if (raw !== rawBytes) throw damaged('pxr24', `its channels make ${raw} bytes, not ${rawBytes}`);
  return { stored, row };
}

export const packPxr24: Pack = (raw, block, { zipLevel }) => {
  const { stored, row } = measure(block);
  const [line, coded, work, target] = scratch(row, stored, ...deflateRoom(stored, zipLevel));
  let to = 0;
  for (const { channel, start, end } of blockRows(block)) {
    const { type, columns } = block.channels[channel]!;
    line.set(raw.subarray(start, end));
    pxrSplit(samplesOn(line, type, columns), coded.subarray(to));
    to += columns * STORED_BYTES[type];
  }
  return deflated(coded, zipLevel, work, target);
};

export const unpackPxr24: Unpack = (packed, block, wanted) => {
  const { stored, row } = measure(block);
  const [line, coded, raw, room] = scratch(row, stored, block.rawBytes, inflateRoom('pxr24', packed, stored));
  inflateInto(coded, 'pxr24', packed, room);
  let from = 0;
  let next = 0;
  const ranges = wanted ?? [{ start: 0, end: block.rawBytes }];
  for (const { channel, start, end } of blockRows(block)) {
    const { type, columns } = block.channels[channel]!;
    while (next < ranges.length && ranges[next]!.end <= start) next++;
    if (next < ranges.length && ranges[next]!.start < end) {
      pxrJoin(coded.subarray(from), samplesOn(line, type, columns));
      raw.set(line.subarray(0, end - start), start);
    }
    from += columns * STORED_BYTES[type];
  }
  return raw;
};
