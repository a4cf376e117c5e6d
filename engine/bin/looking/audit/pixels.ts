// The samples of one file in a few words: what is no finite number, what is black, and a sum that equal frames share.
import { createHash } from 'node:crypto';
import { type ExrFile, type ExrPart, isDeep, planeBytes } from '../../../files.ts';
import { channelStatistics } from '../statistics.ts';

export interface Pixels {
  /** Of each channel that has such samples, how many. */
  readonly unsound: readonly {
    readonly part: number;
    readonly channel: string;
    readonly nan: number;
    readonly infinite: number;
  }[];
  /** Numbers of the parts whose colour, or whose channels where they have no colour, are 0 everywhere. */
  readonly black: readonly number[];
  /** Equal for files whose parts have the same windows, channels and samples. */
  readonly sum: string;
}

/** Unpacks every flat part once, in bounded memory; deep parts count by what their headers say. Errors as for `readPart`. */
export function lookAtPixels(file: ExrFile): Pixels {
  const unsound: Pixels['unsound'][number][] = [];
  const black: number[] = [];
  const sums: string[] = [];
  for (const [part, spec] of file.header.parts.entries()) {
    const { type, name, dataWindow } = spec;
    sums.push(JSON.stringify([type, name, dataWindow]));
    // Two deep parts are never taken for the same without a look at their samples.
    if (isDeep(spec)) {
      sums.push(file.path);
      continue;
    }
    const hashes = new Map(spec.channels.map(({ name }) => [name, createHash('sha256')]));
    const statistics = channelStatistics(file, part, (name, plane) => hashes.get(name)!.update(planeBytes(plane)));
    for (const [channel, { nan, infinite }] of statistics) {
      if (nan + infinite > 0) unsound.push({ part, channel, nan, infinite });
    }
    const isBlack = lightOf(spec).every((name) => {
      const { min, max, nan, infinite } = statistics.get(name)!;
      return min === 0 && max === 0 && nan + infinite === 0;
    });
    if (isBlack) black.push(part);
    for (const [name, hash] of hashes) sums.push(`${name} ${hash.digest('base64')}`);
  }
  return { unsound, black, sum: createHash('sha256').update(sums.join('\n')).digest('base64') };
}

/** Channels that make a picture; all where there is none. */
function lightOf({ channels }: ExrPart): string[] {
  const names = channels.map(({ name }) => name);
  const light = names.filter((name) => ['R', 'G', 'B', 'Y'].includes(name.slice(name.lastIndexOf('.') + 1)));
  return light.length > 0 ? light : names;
}
