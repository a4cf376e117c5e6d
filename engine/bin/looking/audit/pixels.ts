// The samples of one file in a few words: what is no finite number, what is black, and a sum that equal frames share.
import { createHash } from 'node:crypto';
import { checksumDeep, type ExrFile, type ExrPart, isDeep, planeBytes } from '../../../files.ts';
import { channelStatistics, deepStatistics, type Statistics } from '../statistics.ts';

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

/** Unpacks every flat part once and deep ones twice, in bounded memory. Errors as for `readPart` and `readDeep`. */
export function lookAtPixels(file: ExrFile): Pixels {
  const unsound: Pixels['unsound'][number][] = [];
  const black: number[] = [];
  const sums: string[] = [];
  for (const [part, spec] of file.header.parts.entries()) {
    const { type, name, dataWindow } = spec;
    sums.push(JSON.stringify([type, name, dataWindow]));
    const { statistics, sums: own } = isDeep(spec) ? deepSums(file, part) : flatSums(file, part);
    for (const [channel, { nan, infinite }] of statistics) {
      if (nan + infinite > 0) unsound.push({ part, channel, nan, infinite });
    }
    const isBlack = lightOf(spec).every((name) => {
      const { min, max, nan, infinite } = statistics.get(name)!;
      return min === 0 && max === 0 && nan + infinite === 0;
    });
    if (isBlack) black.push(part);
    sums.push(...own);
  }
  return { unsound, black, sum: createHash('sha256').update(sums.join('\n')).digest('base64') };
}

interface Sums {
  readonly statistics: ReadonlyMap<string, Statistics>;
  /** A text for each channel, equal where its samples are. */
  readonly sums: readonly string[];
}

function flatSums(file: ExrFile, part: number): Sums {
  const hashes = new Map(file.part(part).channels.map(({ name }) => [name, createHash('sha256')]));
  const statistics = channelStatistics(file, part, (name, plane) => hashes.get(name)!.update(planeBytes(plane)));
  return { statistics, sums: [...hashes].map(([name, hash]) => `${name} ${hash.digest('base64')}`) };
}

function deepSums(file: ExrFile, part: number): Sums {
  const { counts, channels } = checksumDeep(file, part);
  const sums = [counts, ...[...channels].map(([name, sum]) => `${name} ${sum}`)];
  return { statistics: deepStatistics(file, part).channels, sums };
}

/** Channels that make a picture; all where there is none. */
function lightOf({ channels }: ExrPart): string[] {
  const names = channels.map(({ name }) => name);
  const light = names.filter((name) => ['R', 'G', 'B', 'Y'].includes(name.slice(name.lastIndexOf('.') + 1)));
  return light.length > 0 ? light : names;
}
