// The methods "b44" and "b44a": halves in squares of 4 x 4 that take 14 bytes (or 3, in b44a), other samples as they are.
import { scratch } from '../../pixels/kernels.ts';
import { b44Pack, b44Unpack } from '../../pixels/lossy.ts';
import { sampleBytes, samplesOn } from '../../pixels/plane.ts';
import { squareBound } from '../../pixels/reference.ts';
import { type Block, type BlockChannel, blockRows, damaged, type Pack, type Unpack, wantedRows } from './block.ts';
import { exponential, logarithmic } from './curve.ts';

const TABLE_BYTES = 65536 * 2;
/** Squares of one value may take 3 bytes in either method, as readers have it. */
const LEAST_SQUARE = 3;

const bytesOf = ({ type, columns, rows }: BlockChannel): number => columns * rows * sampleBytes(type);

/** Where each channel's plane begins, one behind the other; as a last one, where all end. */
function planeStarts({ channels }: Block): number[] {
  const starts = [0];
  // Whole samples of four bytes, so that every plane is aligned.
  for (const channel of channels) starts.push(starts.at(-1)! + Math.ceil(bytesOf(channel) / 4) * 4);
  return starts;
}

const packAs =
  (flat: boolean): Pack =>
  (raw, block) => {
    const { channels } = block;
    const starts = planeStarts(block);
    const isHalf = (channel: BlockChannel): boolean => channel.type === 'half';
    const bound = channels.reduce((sum, c) => sum + (isHalf(c) ? squareBound(c) : bytesOf(c)), 0);
    const linear = channels.some((c) => isHalf(c) && c.linear);
    const [planes, target, tableBytes] = scratch(starts.at(-1)!, bound, linear ? TABLE_BYTES : 0);
    for (const { channel, row, start, end } of blockRows(block)) {
      planes.set(raw.subarray(start, end), starts[channel]! + row * (end - start));
    }
    const table = samplesOn(tableBytes, 'half', linear ? 65536 : 0) as Uint16Array;
    table.set(linear ? exponential() : []);
    let to = 0;
    for (const [i, channel] of channels.entries()) {
      const plane = planes.subarray(starts[i]!, starts[i]! + bytesOf(channel));
      if (plane.length === 0) continue;
      if (isHalf(channel)) {
        const halves = samplesOn(plane, 'half', plane.length / 2) as Uint16Array;
        const options = { flat, ...(channel.linear ? { table } : {}) };
        to += b44Pack(halves, channel, target.subarray(to), options);
      } else {
        target.set(plane, to);
        to += plane.length;
      }
    }
    return target.slice(0, to);
  };

export const packB44: Pack = packAs(false);
export const packB44a: Pack = packAs(true);

const unpackAs =
  (method: 'b44' | 'b44a'): Unpack =>
  (packed, block, wanted) => {
    const { channels, rawBytes } = block;
    const made = channels.reduce((sum, channel) => sum + bytesOf(channel), 0);
    if (made !== rawBytes) throw damaged(method, `its channels make ${made} bytes, not ${rawBytes}`);
    const least = channels.reduce(
      (sum, c) => sum + (c.type === 'half' ? (squareBound(c) / 14) * LEAST_SQUARE : bytesOf(c)),
      0,
    );
    if (packed.length < least) throw damaged(method, `expected at least ${least} bytes, found ${packed.length}`);
    const starts = planeStarts(block);
    const linear = channels.some((c) => c.type === 'half' && c.linear);
    const [source, planes, raw, tableBytes] = scratch(
      packed.length,
      starts.at(-1)!,
      rawBytes,
      linear ? TABLE_BYTES : 0,
    );
    source.set(packed);
    const table = samplesOn(tableBytes, 'half', linear ? 65536 : 0) as Uint16Array;
    table.set(linear ? logarithmic() : []);
    let from = 0;
    for (const [i, channel] of channels.entries()) {
      const plane = planes.subarray(starts[i]!, starts[i]! + bytesOf(channel));
      const left = source.subarray(from);
      if (plane.length === 0) continue;
      let read = plane.length;
      if (channel.type === 'half') {
        const halves = samplesOn(plane, 'half', plane.length / 2) as Uint16Array;
        read = b44Unpack(left, channel, halves, channel.linear ? table : undefined);
      } else if (read <= left.length) {
        plane.set(left.subarray(0, read));
      }
      if (read < 0 || read > left.length) throw damaged(method, 'it ends before all of its samples');
      from += read;
    }
    for (const { channel, row, start, end } of wantedRows(block, wanted)) {
      const at = starts[channel]! + row * (end - start);
      raw.set(planes.subarray(at, at + end - start), start);
    }
    return raw;
  };

export const unpackB44: Unpack = unpackAs('b44');
export const unpackB44a: Unpack = unpackAs('b44a');
