// The samples of one file in a few words: what is no finite number, what is black, and a sum that equal frames share.
import { createHash } from 'node:crypto';
import {
  asEngineError,
  boxHeight,
  boxWidth,
  checksumDeep,
  EngineError,
  type ExrFile,
  type ExrPart,
  isDeep,
  type Level,
  layoutOf,
  type Plane,
  planeBytes,
} from '../../../files.ts';
import { channelStatistics, deepStatistics, type Statistics } from '../statistics.ts';

/** A level of a mipmap or ripmap, or of a part that has only this one. */
export type LevelNumbers = readonly [x: number, y: number];

export interface Pixels {
  /** Of each level of each channel that has such samples, how many. */
  readonly unsound: readonly {
    readonly part: number;
    readonly channel: string;
    readonly level: LevelNumbers;
    readonly nan: number;
    readonly infinite: number;
  }[];
  /**
   * Parts whose colour, or whose channels where they have no colour, are 0 everywhere on some levels. Where the first level
   * is so, it stands for those that were made of it.
   */
  readonly black: readonly { readonly part: number; readonly levels: readonly LevelNumbers[] }[];
  /** Equal for files whose parts have the same windows, channels, levels and samples. */
  readonly sum: string;
}

/**
 * Unpacks every level of every flat part once and deep ones twice, in bounded memory. Errors as for `readPart` and
 * `readDeep`; their messages name the level where it is not the first.
 */
export function lookAtPixels(file: ExrFile): Pixels {
  const unsound: Pixels['unsound'][number][] = [];
  const black: Pixels['black'][number][] = [];
  const sums: string[] = [];
  for (const [part, spec] of file.header.parts.entries()) {
    const { type, name, dataWindow } = spec;
    sums.push(JSON.stringify([type, name, dataWindow]));
    const blackLevels: LevelNumbers[] = [];
    for (const level of layoutOf(spec).levels) {
      const numbers = [level.x, level.y] as const;
      const { statistics, sums: own } = atLevel(numbers, () => levelSums(file, part, level));
      for (const [channel, { nan, infinite }] of statistics) {
        if (nan + infinite > 0) unsound.push({ part, channel, level: numbers, nan, infinite });
      }
      const isBlack = lightOf(spec).every((name) => {
        const { min, max, nan, infinite } = statistics.get(name)!;
        return min === 0 && max === 0 && nan + infinite === 0;
      });
      if (isBlack) blackLevels.push(numbers);
      sums.push(`${numbers.join()} ${boxWidth(level.box)} ${boxHeight(level.box)}`, ...own);
    }
    const [top] = blackLevels;
    if (top) black.push({ part, levels: isFirst(top) ? [top] : blackLevels });
  }
  return { unsound, black, sum: createHash('sha256').update(sums.join('\n')).digest('base64') };
}

/** Whether a level is the full resolution. */
export const isFirst = ([x, y]: LevelNumbers): boolean => x === 0 && y === 0;

function atLevel<T>(level: LevelNumbers, read: () => T): T {
  try {
    return read();
  } catch (thrown) {
    if (isFirst(level)) throw thrown;
    const { kind, code, message, where, cause } = asEngineError(thrown);
    throw new EngineError(kind, code, `At level ${level.join(', ')}: ${message}`, where, cause);
  }
}

interface Sums {
  readonly statistics: ReadonlyMap<string, Statistics>;
  /** A text for each channel, equal where its samples are. */
  readonly sums: readonly string[];
}

function levelSums(file: ExrFile, part: number, level: Level): Sums {
  if (isDeep(file.part(part))) {
    const { counts, channels } = checksumDeep(file, part, { level });
    const sums = [counts, ...[...channels].map(([name, sum]) => `${name} ${sum}`)];
    return { statistics: deepStatistics(file, part, level).channels, sums };
  }
  const hashes = new Map(file.part(part).channels.map(({ name }) => [name, createHash('sha256')]));
  const each = (name: string, plane: Plane): void => {
    hashes.get(name)!.update(planeBytes(plane));
  };
  const statistics = channelStatistics(file, part, { level, each });
  return { statistics, sums: [...hashes].map(([name, hash]) => `${name} ${hash.digest('base64')}`) };
}

/** Channels that make a picture; all where there is none. */
function lightOf({ channels }: ExrPart): string[] {
  const names = channels.map(({ name }) => name);
  const light = names.filter((name) => ['R', 'G', 'B', 'Y'].includes(name.slice(name.lastIndexOf('.') + 1)));
  return light.length > 0 ? light : names;
}
