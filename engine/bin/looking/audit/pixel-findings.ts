// What the samples of a sequence are warned of: what is no finite number, black parts, and frames with the same picture.
import type { FrameList } from '../../../files.ts';
import type { Finding } from './audit.ts';
import { isFirst, type LevelNumbers, type Pixels } from './pixels.ts';

/** A frame whose samples were looked at, or were not. */
export interface Sampled {
  readonly frame: number;
  readonly pixels?: Pixels;
}

/** Frames with equal samples. */
export const duplicate = (frames: FrameList): Finding => ({
  severity: 'warning',
  kind: 'duplicate',
  frames,
  message: 'the same picture, sample for sample',
});

/** What is found in frames, taken together by kind, part and channel. */
interface Count {
  readonly finding: Omit<Finding, 'frames' | 'levels' | 'message'>;
  readonly frames: Set<number>;
  readonly levels: Map<string, { readonly level: LevelNumbers; samples: number }>;
}

/**
 * `labels` are the names of the parts where a file has several; `twins` frames that are known to have the same picture and
 * are not told again.
 */
export function pixelFindings(
  seen: readonly Sampled[],
  labels: ReadonlyMap<number, string | undefined>,
  twins: readonly FrameList[],
): Finding[] {
  const partOf = (part: number): { part?: string } => (labels.size > 0 ? { part: labels.get(part) ?? `#${part}` } : {});
  const counts = new Map<string, Count>();
  const countOf = (kind: string, part: number, name?: string, apart = ''): Count => {
    const key = [kind, part, name, apart].join('\0');
    const finding = { severity: 'warning' as const, kind, ...partOf(part), ...(name === undefined ? {} : { name }) };
    const count: Count = counts.get(key) ?? { finding, frames: new Set(), levels: new Map() };
    counts.set(key, count);
    return count;
  };
  const add = ({ frames, levels }: Count, frame: number, level: LevelNumbers, samples: number): void => {
    frames.add(frame);
    const known = levels.get(level.join()) ?? { level, samples: 0 };
    known.samples += samples;
    levels.set(level.join(), known);
  };
  for (const { frame, pixels } of seen) {
    for (const { part, channel, level, nan, infinite } of pixels?.unsound ?? []) {
      if (nan > 0) add(countOf('nan', part, channel), frame, level, nan);
      if (infinite > 0) add(countOf('infinite', part, channel), frame, level, infinite);
    }
    for (const { part, levels } of pixels?.black ?? []) {
      const count = countOf('black', part, undefined, levels.join(' '));
      for (const level of levels) add(count, frame, level, 0);
    }
  }
  const same = Map.groupBy(
    seen.filter(({ pixels }) => pixels),
    ({ pixels }) => pixels!.sum,
  );
  // Files that are alike as they are stored are in the list already, unless one that is stored otherwise joins them.
  const known = new Set(twins.map((group) => group.join()));
  return [
    ...[...counts.values()].map(findingOf),
    ...[...same.values()]
      .map((group) => group.map(({ frame }) => frame))
      .filter((frames) => frames.length > 1 && !known.has(frames.join()))
      .map(duplicate),
  ];
}

function findingOf({ finding, frames, levels }: Count): Finding {
  const found = [...levels.values()].sort((a, b) => a.level[1] - b.level[1] || a.level[0] - b.level[0]);
  const lower = found.some(({ level }) => !isFirst(level));
  return {
    ...finding,
    frames: [...frames],
    ...(lower ? { levels: found.map(({ level }) => level) } : {}),
    message: whatText(finding.kind, found) + (lower ? whereText(finding.kind, found) : ''),
  };
}

type Found = readonly { readonly level: LevelNumbers; readonly samples: number }[];

function whatText(kind: string, found: Found): string {
  if (kind === 'black') return 'black everywhere';
  const samples = found.reduce((sum, one) => sum + one.samples, 0);
  return `${samples} ${samples === 1 ? 'sample is' : 'samples are'} ${kind === 'nan' ? 'no number' : 'infinite'}`;
}

/** At most so many levels stand in a line. */
const SHOWN = 3;

/** Such as ` at level 1, 1`, or `: 2 at level 0, 0; 1 at level 1, 1; and 3 more levels`. */
function whereText(kind: string, found: Found): string {
  const counted = kind !== 'black' && found.length > 1;
  const shown = found.slice(0, SHOWN).map(({ level, samples }, i) => {
    const place = `level ${level.join(', ')}`;
    return counted ? `${samples} at ${place}` : i === 0 ? `at ${place}` : place;
  });
  const more = found.length - SHOWN;
  const rest = more > 0 ? [`and ${more} more ${more === 1 ? 'level' : 'levels'}`] : [];
  return `${counted ? ':' : ''} ${[...shown, ...rest].join('; ')}`;
}
