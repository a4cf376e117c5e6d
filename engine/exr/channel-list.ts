// The channel list of a header: its bytes to channels and back.
import { ByteReader, ByteWriter } from '../base/bytes.ts';
import { EngineError } from '../base/error.ts';
import { decodeText, encodeText } from '../base/text.ts';
import type { SampleType } from '../pixels/plane.ts';
import type { ExrChannel } from './shape.ts';

/** Sample types in the order of their numbers in the file. */
export const SAMPLE_TYPES: readonly SampleType[] = ['uint', 'half', 'float'];

/** The greatest length of a name of a channel or an attribute, in bytes, without its final zero. */
export const LONGEST_NAME = 255;
/** Names beyond this many bytes need the long-names flag. */
export const LONGEST_SHORT_NAME = 31;

/** A name ended by a zero byte. */
export function readName(reader: ByteReader): string {
  const start = reader.position;
  const end = reader.bytes.subarray(start, start + LONGEST_NAME + 1).indexOf(0);
  if (end < 0) {
    throw new EngineError(
      'invalid',
      'exr-header',
      `Expected a name of at most ${LONGEST_NAME} bytes ended by a zero byte, found none.`,
    );
  }
  const name = decodeText(reader.take(end));
  reader.take(1);
  return name;
}

/** "OpenEXR File Layout", type `chlist`: name, int pixel type, byte pLinear, three reserved bytes, int x and y sampling. */
export function readChannelList(reader: ByteReader): ExrChannel[] {
  const channels: ExrChannel[] = [];
  for (let name = readName(reader); name !== ''; name = readName(reader)) {
    const number = reader.i32();
    const type = SAMPLE_TYPES[number];
    if (!type) {
      throw new EngineError(
        'invalid',
        'exr-channels',
        `Expected sample type 0, 1 or 2 of channel "${name}", found ${number}.`,
        { channel: name },
      );
    }
    const word = reader.u32();
    channels.push({
      name,
      type,
      pLinear: word & 0xff,
      sampling: { x: reader.i32(), y: reader.i32() },
      ...(word >>> 8 === 0 ? {} : { reserved: word >>> 8 }),
    });
  }
  return channels;
}

/** Writes the list with its final zero byte, in the order given. */
export function writeChannelList(writer: ByteWriter, channels: readonly ExrChannel[]): void {
  for (const channel of channels) {
    writer.put(encodeText(channel.name)).u8(0);
    writer.i32(SAMPLE_TYPES.indexOf(channel.type));
    writer.u32(((channel.reserved ?? 0) * 256 + channel.pLinear) >>> 0);
    writer.i32(channel.sampling.x).i32(channel.sampling.y);
  }
  writer.u8(0);
}

/** The bytes of a `chlist` attribute. */
export function encodeChannelList(channels: readonly ExrChannel[]): Uint8Array {
  const writer = new ByteWriter();
  writeChannelList(writer, channels);
  return writer.finish();
}

export const decodeChannelList = (bytes: Uint8Array): ExrChannel[] =>
  readChannelList(new ByteReader(bytes, 'exr-channels'));
